package usecase

import (
	"context"

	"huiyin/internal/errs"
	"huiyin/internal/org"
	"huiyin/internal/store"
)

// changeJob is the kind of change under which it is recorded that an administrator had a job tried again or gave it up; the subject is its number.
const changeJob = "job"

// QueuedJob is work beside the desk as an administrator sees it: of what kind, how it stands and why. What it was asked is not theirs to know.
type QueuedJob struct {
	Home, ID int64
	Kind     JobKind
	State    store.JobState
	Attempts int
	MadeUS   int64
	DueUS    int64
	EndedUS  int64
	Done     int
	Total    int
	Error    string // code of why it failed last
	For      string // QueueForPerson, QueueForKey or QueueForOffice
}

// For whom a job is done.
const (
	QueueForPerson = "person"
	QueueForKey    = "key"
	QueueForOffice = "office"
)

// Failed reports whether it was given up and waits for an administrator.
func (j QueuedJob) Failed() bool { return j.State == store.JobFailed }

// Queue is the work beside the desk that is not over, and a page of what was given up.
type Queue struct {
	Vitals Vitals
	Open   []QueuedJob // at most queueOpen of each kind, the next first
	Failed []QueuedJob // the last first
	Next   *QueueCursor
}

// QueueCursor is a position among the jobs that failed; the zero value is the beginning.
type QueueCursor struct{ EndedUS, Home, ID int64 }

// MaxQueueCount is up to how many a backlog is counted.
const MaxQueueCount = store.MaxCount

const (
	queuePage = 30
	queueOpen = 50
)

// MayQueue reports why an actor may not see the work beside the desk, which is of the whole organisation.
func (o *Office) MayQueue(who org.Actor, roles ...org.Role) error {
	return o.whole(who, "queue.root", roles...)
}

// Queue shows administrators and auditors of the whole organisation what is under way beside the desk, and what failed with its reason.
func (o *Office) Queue(ctx context.Context, who org.Actor, after QueueCursor) (Queue, error) {
	var q Queue
	if err := o.MayQueue(who, org.RoleAdmin, org.RoleAuditor); err != nil {
		return q, err
	}
	if err := granted(who, "read", GrantManage); err != nil {
		return q, err
	}
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		if err := o.vitals(ctx, t, &q.Vitals); err != nil {
			return err
		}
		for _, kind := range o.JobKinds() {
			rows, err := t.OpenJobs(ctx, string(kind), 0, queueOpen)
			if err != nil {
				return err
			}
			for _, j := range rows {
				q.Open = append(q.Open, queuedOf(j))
			}
		}
		rows, err := t.FailedJobs(ctx, store.JobRow{EndedUS: after.EndedUS, Home: after.Home, ID: after.ID}, queuePage+1)
		if err != nil {
			return err
		}
		if len(rows) > queuePage {
			rows = rows[:queuePage]
			last := rows[queuePage-1]
			q.Next = &QueueCursor{last.EndedUS, last.Home, last.ID}
		}
		for _, j := range rows {
			q.Failed = append(q.Failed, queuedOf(j))
		}
		return nil
	})
	return q, err
}

func queuedOf(j store.JobRow) QueuedJob {
	q := QueuedJob{
		Home: j.Home, ID: j.ID, Kind: JobKind(j.Kind), State: j.State, Attempts: j.Attempts, MadeUS: j.MadeUS, DueUS: j.DueUS, EndedUS: j.EndedUS,
		Done: j.Done, Total: j.Total, Error: j.Error, For: QueueForOffice,
	}
	switch {
	case j.User != 0:
		q.For = QueueForPerson
	case j.Key != "":
		q.For = QueueForKey
	}
	return q
}

// jobRecord is a job in the record of changes.
type jobRecord struct {
	Home     int64          `json:"home"`
	Job      string         `json:"job"`
	State    store.JobState `json:"job_state"`
	Error    string         `json:"job_error,omitempty"`
	Attempts int            `json:"attempts,omitempty"`
}

func recordOfJob(j store.JobRow) jobRecord {
	return jobRecord{Home: j.Home, Job: j.Kind, State: j.State, Error: j.Error, Attempts: j.Attempts}
}

// RetryJob has a job that failed, or waits to be tried again, done at once, as if it had never been tried.
func (o *Office) RetryJob(ctx context.Context, who org.Actor, home, id int64) error {
	return o.settleJob(ctx, who, home, id, func(j *store.JobRow) error {
		if j.State != store.JobFailed && (j.State != store.JobWaiting || j.Attempts == 0) {
			return errs.E(errs.Conflict, "queue.not_failed")
		}
		j.State, j.Attempts, j.DueUS, j.EndedUS, j.Error, j.Done = store.JobWaiting, 0, o.Now(), 0, "", 0
		return nil
	})
}

// DropJob gives a job up that failed, waits or runs; whoever asked for it sees that it was stopped.
func (o *Office) DropJob(ctx context.Context, who org.Actor, home, id int64) error {
	return o.settleJob(ctx, who, home, id, func(j *store.JobRow) error {
		if j.State == store.JobDone || j.State == store.JobStopped {
			return errs.E(errs.Conflict, "queue.over")
		}
		j.State, j.EndedUS = store.JobStopped, o.Now()
		return nil
	})
}

func (o *Office) settleJob(ctx context.Context, who org.Actor, home, id int64, settle func(*store.JobRow) error) error {
	if err := o.MayQueue(who, org.RoleAdmin); err != nil {
		return err
	}
	if err := granted(who, GrantManage); err != nil {
		return err
	}
	return o.Store.Update(ctx, home, func(t *store.Tx) error {
		was, err := t.Job(ctx, home, id)
		if errs.KindOf(err) == errs.NotFound {
			return errs.E(errs.NotFound, "queue.not_found")
		}
		if err != nil {
			return err
		}
		next := was
		if err := settle(&next); err != nil {
			return err
		}
		moved, err := t.MoveJob(ctx, was, next)
		if err == nil && !moved {
			return errs.E(errs.Conflict, "matter.changed")
		}
		if err != nil {
			return err
		}
		return o.noteChange(ctx, t, who, changeJob, id, recordOfJob(was), recordOfJob(next), who.Duty.Unit)
	})
}
