package store

import (
	"context"

	"huiyin/internal/org"
)

// JobState is where a piece of work beside the desk stands.
type JobState string

// The states of a job.
const (
	JobWaiting JobState = "waiting" // to be taken up once it is due
	JobRunning JobState = "running" // a runner has it, until it is due again
	JobDone    JobState = "done"
	JobFailed  JobState = "failed"  // not done, and not tried again
	JobStopped JobState = "stopped" // by whom it is for
)

// JobRow is work that is done beside the desk.
type JobRow struct {
	Home, ID int64
	Kind     string
	Args     string // JSON; never who somebody is
	User     org.UserID
	Duty     org.DutyID
	Key      string // of a machine; with User zero and Key empty it is the office's own
	State    JobState
	Attempts int
	MadeUS   int64
	DueUS    int64 // not before; while it is running, until when a runner has it
	EndedUS  int64
	Done     int
	Total    int    // zero where nobody knows beforehand
	Error    string // code of why it failed last
	File     string // upload that came of it
}

const jobColumns = `home, job_id, kind, args, user_id, duty_id, key_id, state, attempts, made_us, due_us, ended_us, done, total, error, file`

func scanJob(r *Row) (JobRow, error) {
	var j JobRow
	err := r.Scan(&j.Home, &j.ID, &j.Kind, &j.Args, &j.User, &j.Duty, &j.Key, &j.State, &j.Attempts, &j.MadeUS, &j.DueUS, &j.EndedUS, &j.Done, &j.Total, &j.Error, &j.File)
	return j, err
}

// InsertJob adds a job that waits, and returns the number it got in its home.
func (t *Tx) InsertJob(ctx context.Context, j JobRow) (int64, error) {
	id, err := t.NextSerial(ctx, j.Home, "job")
	if err != nil {
		return 0, err
	}
	const q = `insert into job (` + jobColumns + `) values ($1, $2, $3, $4, $5, $6, $7, 'waiting', 0, $8, $9, 0, 0, $10, '', '')`
	_, err = t.Exec(ctx, Named("job.insert", q), j.Home, id, j.Kind, j.Args, int64(j.User), int64(j.Duty), j.Key, j.MadeUS, j.DueUS, j.Total)
	return id, err
}

// Job finds a job by its number.
func (t *Tx) Job(ctx context.Context, home, id int64) (JobRow, error) {
	const q = `select ` + jobColumns + ` from job where home = $1 and job_id = $2`
	return One(ctx, t, Named("job.get", q), scanJob, home, id)
}

// OpenJobs returns jobs of a kind that are not over, in the order in which they are due, at most limit; dueUS narrows to those due by then, zero does not.
func (t *Tx) OpenJobs(ctx context.Context, kind string, dueUS int64, limit int) ([]JobRow, error) {
	q := openJobs(kind, dueUS, limit)
	return Collect(ctx, t, q.stmt("job.open"), scanJob, q.args...)
}

func openJobs(kind string, dueUS int64, limit int) *query {
	q := newQuery(`select ` + jobColumns + ` from job where state in ('waiting', 'running') and kind = `).arg(kind)
	if dueUS != 0 {
		q.text(` and due_us <= `).arg(dueUS)
	}
	return q.text(` order by due_us, home, job_id limit `).arg(limit)
}

// JobsOf returns the jobs that a person or key asked for, the newest first.
func (t *Tx) JobsOf(ctx context.Context, user org.UserID, key string, limit int) ([]JobRow, error) {
	q := jobsOf(user, key, limit)
	return Collect(ctx, t, q.stmt("job.of"), scanJob, q.args...)
}

func jobsOf(user org.UserID, key string, limit int) *query {
	q := newQuery(`select ` + jobColumns + ` from job where user_id = `).arg(int64(user)).text(` and key_id = `).arg(key)
	return q.text(` order by made_us desc, home desc, job_id desc limit `).arg(limit)
}

// MoveJob writes how a job goes on: its state, when it is due, how far it is, what came of it, if it is still as it was read (the same state, attempt and
// instant). It reports whether it was.
func (t *Tx) MoveJob(ctx context.Context, was, next JobRow) (bool, error) {
	const q = `update job set state = $3, attempts = $4, due_us = $5, ended_us = $6, done = $7, total = $8, error = $9, file = $10
		where home = $1 and job_id = $2 and state = $11 and attempts = $12 and due_us = $13`
	moved, err := t.Exec(ctx, Named("job.move", q), was.Home, was.ID, string(next.State), next.Attempts, next.DueUS, next.EndedUS, next.Done, next.Total, next.Error, next.File,
		string(was.State), was.Attempts, was.DueUS)
	return moved > 0, err
}

// DropJobs removes jobs that ended before an instant, at most limit.
func (t *Tx) DropJobs(ctx context.Context, beforeUS int64, limit int) error {
	const q = `delete from job where (home, job_id) in (select home, job_id from job where ended_us <> 0 and ended_us < $1 order by ended_us, home, job_id limit $2)`
	_, err := t.Exec(ctx, Named("job.drop", q), beforeUS, limit)
	return err
}
