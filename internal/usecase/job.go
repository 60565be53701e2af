package usecase

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"

	"huiyin/internal/errs"
	"huiyin/internal/org"
	"huiyin/internal/store"
)

// JobKind is a kind of work that is done beside the desk.
type JobKind string

// The kinds of work.
const (
	JobExport  JobKind = "export"  // a table of what a list or a search shows
	JobLearn   JobKind = "learn"   // a new model by which categories are proposed
	JobPublish JobKind = "publish" // figures that everybody may read
	JobImport  JobKind = "import"  // records that a machine handed over at once
)

// work is how a kind of work is done. It may be begun more than once, also after it was done, and must be harmless then. An error of kind Internal or
// Unavailable is tried again after a while; any other ends it.
type work func(ctx context.Context, j *running) error

// works is what there is to do.
func (o *Office) works() map[JobKind]work {
	return map[JobKind]work{
		JobExport:  o.workExport,
		JobLearn:   o.workLearn,
		JobPublish: o.workPublish,
		JobReport:  o.workReport,
		JobImport:  o.workImport,
	}
}

// JobKinds are the kinds of work, each of which has a runner of its own, so that a long one holds up no other.
func (o *Office) JobKinds() []JobKind {
	var kinds []JobKind
	for kind := range o.works() {
		kinds = append(kinds, kind)
	}
	slices.Sort(kinds)
	return kinds
}

// How a job stands, as the store has it.
const (
	JobWaiting = store.JobWaiting
	JobRunning = store.JobRunning
	JobDone    = store.JobDone
	JobFailed  = store.JobFailed
	JobStopped = store.JobStopped
)

const (
	jobLease    = 2 * minuteUS     // within which work says how far it is, or is begun again
	jobSays     = int64(1_000_000) // how often it is written how far it is
	jobsKept    = 30 * dayUS       // after their end
	jobsShown   = 50               // of one person
	jobsAtOnce  = 5                // of one person and kind that are not over
	jobFileKept = 7 * dayUS        // after it was made; the upload itself goes with others that nothing claims
)

// running is a job while it is done.
type running struct {
	*Office
	row  store.JobRow
	who  org.Actor // with today's rights; the system for the office's own
	said int64     // when it was last written how far it is
}

// args reads what the job was asked.
func (j *running) args(to any) error {
	if err := json.Unmarshal([]byte(j.row.Args), to); err != nil {
		return errs.E(errs.Invalid, "job.args").Because(err)
	}
	return nil
}

// errJobGone ends work that is no longer the runner's: it was stopped, or taken for dead.
func errJobGone() error { return errs.E(errs.Refused, "job.gone") }

// progress says how far the work is, of a total that may be zero for unknown. It is written once a second at most, and is how work learns that it was stopped:
// by the error, with which it has to end.
func (j *running) progress(ctx context.Context, done, total int) error {
	now := j.Now()
	if err := ctx.Err(); err != nil || now < j.said+jobSays {
		return err
	}
	next := j.row
	next.Done, next.Total, next.DueUS = done, total, now+jobLease
	if err := j.move(ctx, next); err != nil {
		return err
	}
	j.said = now
	return nil
}

// move writes a job that is still the runner's.
func (j *running) move(ctx context.Context, next store.JobRow) error {
	moved := false
	if err := j.Store.Update(ctx, j.row.Home, func(t *store.Tx) error {
		var err error
		moved, err = t.MoveJob(ctx, j.row, next)
		return err
	}); err != nil {
		return err
	}
	if !moved {
		return errJobGone()
	}
	j.row = next
	return nil
}

// keep keeps a file as what came of the job.
func (j *running) keep(ctx context.Context, s *Staged, name, mime string) error {
	row, err := j.Keep(ctx, j.who, j.row.Home, s, name, mime)
	if err == nil {
		j.row.File = row.ID
	}
	return err
}

// startJob has work done, in the transaction of what it follows from, and returns its number.
func (o *Office) startJob(ctx context.Context, t *store.Tx, who org.Actor, home int64, kind JobKind, args any) (int64, error) {
	text, err := json.Marshal(args)
	if err != nil {
		return 0, fmt.Errorf("start %s: %w", kind, err)
	}
	now := o.Now()
	return t.InsertJob(ctx, store.JobRow{
		Home: home, Kind: string(kind), Args: string(text), User: who.User, Duty: who.Duty.ID, Key: who.Key, MadeUS: now, DueUS: now,
	})
}

// RunJob does the next job of a kind that is due, if there is one, and reports whether there was. The error is one of the store; what is wrong with the
// work is written with the job.
func (o *Office) RunJob(ctx context.Context, kind JobKind) (bool, error) {
	j := &running{Office: o}
	taken := false
	now := o.Now()
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		due, err := t.OpenJobs(ctx, string(kind), now, 1)
		if err == nil && len(due) > 0 {
			j.row, taken = due[0], true
		}
		return err
	})
	if err != nil || !taken {
		return false, err
	}
	if _, again := retryAfter(j.row.Attempts); j.row.State == store.JobRunning && !again { // it took its runner down each time
		return true, o.endJob(ctx, j, errs.E(errs.Refused, "job.broken"))
	}
	next := j.row
	next.State, next.Attempts, next.DueUS = store.JobRunning, next.Attempts+1, now+jobLease
	if err := j.move(ctx, next); err != nil {
		return false, ignoreGone(err)
	}
	return true, o.endJob(ctx, j, o.doJob(ctx, j, kind))
}

// doJob does the work as who asked for it, with the rights they have now.
func (o *Office) doJob(ctx context.Context, j *running, kind JobKind) (err error) {
	ctx, end := o.step(ctx, "job."+string(kind))
	defer func() {
		if p := recover(); p != nil { // of what it says only the type is told: the rest may hold anything
			o.Log.LogAttrs(ctx, slog.LevelError, "panic in a job", slog.String("kind", string(kind)), slog.String("type", fmt.Sprintf("%T", p)), slog.String("stack", string(debug.Stack())))
			err = errs.E(errs.Internal, "job.panic")
		}
		end(err)
	}()
	do, ok := o.works()[kind]
	if !ok {
		return errs.E(errs.Invalid, "job.kind")
	}
	switch {
	case j.row.User != 0:
		j.who, err = o.Actor(ctx, j.row.User, j.row.Duty)
	case j.row.Key != "":
		j.who, err = o.keyActor(ctx, j.row.Key)
	default:
		j.who = org.System()
	}
	if err != nil {
		return err
	}
	return do(ctx, j)
}

// endJob writes what became of a job: done, to be tried again, or failed.
func (o *Office) endJob(ctx context.Context, j *running, err error) error {
	if errs.CodeOf(err) == "job.gone" {
		return nil
	}
	now := o.Now()
	next := j.row
	if ctx.Err() != nil { // the program ends: it gives the job back, and whoever runs next begins it again at once
		next.State, next.Attempts, next.DueUS = store.JobWaiting, next.Attempts-1, now
		return errors.Join(ctx.Err(), ignoreGone(j.move(context.WithoutCancel(ctx), next)))
	}
	next.State, next.EndedUS, next.Error, next.DueUS = store.JobDone, now, "", now
	if err != nil {
		next.State, next.Error = store.JobFailed, cmp.Or(errs.CodeOf(err), "internal")
		if k := errs.KindOf(err); k == errs.Internal || k == errs.Unavailable {
			o.Log.LogAttrs(ctx, slog.LevelError, "job failed", slog.String("kind", j.row.Kind), slog.Int64("home", j.row.Home), slog.Int64("job", j.row.ID), slog.Any("err", err))
			if after, again := retryAfter(next.Attempts); again {
				next.State, next.EndedUS, next.DueUS = store.JobWaiting, 0, now+after
			}
		}
	}
	return ignoreGone(j.move(ctx, next))
}

func ignoreGone(err error) error {
	if errs.CodeOf(err) == "job.gone" {
		return nil
	}
	return err
}

// RunJobs does all jobs that are due.
func (o *Office) RunJobs(ctx context.Context) error {
	var failed []error
	for _, kind := range o.JobKinds() {
		for {
			ran, err := o.RunJob(ctx, kind)
			if err != nil {
				failed = append(failed, err)
			}
			if !ran || err != nil {
				break
			}
		}
	}
	return errors.Join(failed...)
}

// JobView is a job as who asked for it sees it.
type JobView struct {
	Home, ID int64
	Kind     JobKind
	State    store.JobState
	Done     int
	Total    int // zero where nobody knows
	MadeUS   int64
	EndedUS  int64
	DueUS    int64   // of one that waits to be tried again
	Error    string  // code of why it failed, last time
	File     bool    // there is something to take away
	Export   *Export // what was asked, of a table
}

// Open reports whether the job is not over.
func (j JobView) Open() bool { return j.State == store.JobWaiting || j.State == store.JobRunning }

func (o *Office) jobView(j store.JobRow) JobView {
	v := JobView{
		Home: j.Home, ID: j.ID, Kind: JobKind(j.Kind), State: j.State, Done: j.Done, Total: j.Total, MadeUS: j.MadeUS, EndedUS: j.EndedUS, DueUS: j.DueUS,
		Error: j.Error, File: j.State == store.JobDone && j.File != "" && o.Now() < j.EndedUS+jobFileKept,
	}
	var e Export
	if v.Kind == JobExport && (&running{row: j}).args(&e) == nil {
		v.Export = &e
	}
	return v
}

// Jobs are the actor's own jobs, the newest first.
func (o *Office) Jobs(ctx context.Context, who org.Actor) ([]JobView, error) {
	if err := ownsJobs(who); err != nil {
		return nil, err
	}
	out := []JobView{}
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		rows, err := t.JobsOf(ctx, who.User, who.Key, jobsShown)
		for _, j := range rows {
			out = append(out, o.jobView(j))
		}
		return err
	})
	return out, err
}

// ownsJobs refuses whoever cannot have asked for any.
func ownsJobs(who org.Actor) error {
	if who.User == 0 && who.Key == "" {
		return errs.E(errs.Unauthenticated, "auth.sign_in")
	}
	return granted(who, "read")
}

// Job is one of the actor's own jobs; that of anybody else is not there.
func (o *Office) Job(ctx context.Context, who org.Actor, home, id int64) (JobView, error) {
	j, err := o.ownJob(ctx, who, home, id)
	return o.jobView(j), err
}

func (o *Office) ownJob(ctx context.Context, who org.Actor, home, id int64) (j store.JobRow, err error) {
	if err := ownsJobs(who); err != nil {
		return j, err
	}
	err = o.Store.Read(ctx, func(t *store.Tx) error {
		j, err = t.Job(ctx, home, id)
		return err
	})
	if errs.KindOf(err) == errs.NotFound || err == nil && (j.User != who.User || j.Key != who.Key) {
		return store.JobRow{}, errs.E(errs.NotFound, "job.not_found")
	}
	return j, err
}

// JobFile is what came of one of the actor's own jobs, as long as it is kept. It was asked for under a duty and is given under no other.
// Whoever asked for it closes it.
func (o *Office) JobFile(ctx context.Context, who org.Actor, home, id int64) (store.AttachmentRow, *Content, error) {
	j, err := o.ownJob(ctx, who, home, id)
	if err != nil {
		return store.AttachmentRow{}, nil, err
	}
	if !o.jobView(j).File || j.Duty != who.Duty.ID {
		return store.AttachmentRow{}, nil, errs.E(errs.NotFound, "job.no_file")
	}
	var row store.AttachmentRow
	if err := o.Store.Read(ctx, func(t *store.Tx) error {
		row, err = t.Attachment(ctx, j.Home, j.File)
		return err
	}); err != nil {
		return store.AttachmentRow{}, nil, err
	}
	c, err := o.Files.card(row)
	if err != nil {
		return store.AttachmentRow{}, nil, err
	}
	content, err := o.Files.open(row)
	return c.named(row), content, err
}

// StopJob ends one of the actor's own jobs that is not over: work that runs learns of it when it next says how far it is.
func (o *Office) StopJob(ctx context.Context, who org.Actor, home, id int64) error {
	for range 3 { // it may go on between the look and the word
		j, err := o.ownJob(ctx, who, home, id)
		if err != nil {
			return err
		}
		if !o.jobView(j).Open() {
			return nil
		}
		next := j
		next.State, next.EndedUS = store.JobStopped, o.Now()
		if err := (&running{Office: o, row: j}).move(ctx, next); errs.CodeOf(err) != "job.gone" {
			return err
		}
	}
	return errs.E(errs.Conflict, "matter.changed")
}

// mayStart refuses who has too much under way already.
func (o *Office) mayStart(ctx context.Context, t *store.Tx, who org.Actor, kind JobKind) error {
	rows, err := t.JobsOf(ctx, who.User, who.Key, jobsShown)
	if err != nil {
		return err
	}
	open := 0
	for _, j := range rows {
		if j.Kind == string(kind) && o.jobView(j).Open() {
			open++
		}
	}
	if open >= jobsAtOnce {
		return errs.E(errs.TooMany, "job.many", "max", jobsAtOnce)
	}
	return nil
}
