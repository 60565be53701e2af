package store

import "context"

// JobCount says how many jobs of a kind are in a state that is not over or not well.
type JobCount struct {
	Kind  string
	State JobState
	N     int64
	DueUS int64 // the earliest instant from which one of them could be taken up
}

// CountJobs counts the jobs that wait, run or failed, by kind and state. It goes by indexes that hold no others.
func (t *Tx) CountJobs(ctx context.Context) ([]JobCount, error) {
	scan := func(r *Row) (JobCount, error) {
		var c JobCount
		err := r.Scan(&c.Kind, &c.State, &c.N, &c.DueUS)
		return c, err
	}
	const open = `select kind, state, count(*), min(due_us) from job where state in ('waiting', 'running') group by kind, state order by kind, state`
	out, err := Collect(ctx, t, Named("job.count_open", open), scan)
	if err != nil {
		return nil, err
	}
	const failed = `select kind, state, count(*), min(due_us) from job where state = 'failed' group by kind, state order by kind`
	more, err := Collect(ctx, t, Named("job.count_failed", failed), scan)
	return append(out, more...), err
}

// StuckJobs counts the jobs that nobody has taken up, or gone on with, since an instant.
func (t *Tx) StuckJobs(ctx context.Context, sinceUS int64) (int64, error) {
	const q = `select count(*) from job where state in ('waiting', 'running') and due_us < $1`
	return One(ctx, t, Named("job.count_stuck", q), Int64, sinceUS)
}

// Backlog is what is done beside the desk and not done yet.
type Backlog struct {
	Unindexed int64 // matters whose words are to be indexed anew
	Uncounted int64 // matters whose facts are to be counted in the figures
	Unread    int64 // uploads whose words are to be taken out
	Unlooked  int64 // matters among which issues are to be looked for
}

// CountBacklog counts it, each up to MaxCount+1.
func (t *Tx) CountBacklog(ctx context.Context) (Backlog, error) {
	const unindexed = `select count(*) from (select 1 from unindexed limit $1) x`
	const unread = `select count(*) from (select 1 from attachment_text where state = 'waiting' limit $1) x`
	var b Backlog
	var err error
	if b.Unindexed, err = One(ctx, t, Named("unindexed.count", unindexed), Int64, MaxCount+1); err != nil {
		return b, err
	}
	if b.Uncounted, err = t.FactsUncounted(ctx, MaxCount+1); err != nil {
		return b, err
	}
	if b.Unread, err = One(ctx, t, Named("attachment_text.count", unread), Int64, MaxCount+1); err != nil {
		return b, err
	}
	homes, err := t.Homes(ctx)
	for _, home := range homes {
		if b.Unlooked > MaxCount {
			break
		}
		after, err := t.IssueCursor(ctx, home)
		if err != nil {
			return b, err
		}
		const unlooked = `select count(*) from (select 1 from matter where home = $1 and matter_id > $2 limit $3) x`
		n, err := One(ctx, t, Named("matter.count_unlooked", unlooked), Int64, home, after, MaxCount+1-b.Unlooked)
		if err != nil {
			return b, err
		}
		b.Unlooked += n
	}
	return b, err
}

// DueCounts says how many open matters have a last day to keep, by when it is.
type DueCounts struct{ Overdue, Today, Week int64 }

// CountDue counts them: before a day, on it, and from it until before another.
func (t *Tx) CountDue(ctx context.Context, today, tomorrow, week string) (DueCounts, error) {
	const q = `select count(*) from matter where is_open = $1 and due_day >= $2 and due_day < $3`
	st := Named("matter.count_due", q)
	var d DueCounts
	var err error
	if d.Overdue, err = One(ctx, t, st, Int64, true, "", today); err != nil {
		return d, err
	}
	if d.Today, err = One(ctx, t, st, Int64, true, today, tomorrow); err != nil {
		return d, err
	}
	d.Week, err = One(ctx, t, st, Int64, true, today, week)
	return d, err
}

// NewestUS is the latest instant that stands on record of the office itself: of a change, of a look at an identity, of an attempt to send, of a step of the
// schema. A clock that is before it went back.
func (t *Tx) NewestUS(ctx context.Context) (int64, error) {
	var newest int64
	for _, st := range []Stmt{
		Named("org_event.newest_us", `select at_us from org_event order by event_id desc limit 1`),
		Named("look.newest", `select at_us from look order by at_us desc, home desc, look_id desc limit 1`),
		Named("notice_try.newest", `select at_us from notice_try order by at_us desc, home desc, notice_id desc, n desc limit 1`),
		Named("migration.newest", `select coalesce(max(applied_us), 0) from migration`),
	} {
		at, err := Collect(ctx, t, st, Int64)
		if err != nil {
			return 0, err
		}
		for _, us := range at {
			newest = max(newest, us)
		}
	}
	return newest, nil
}

// OldestNotice is the earliest instant from which a notice that waits could be sent; zero where none waits.
func (t *Tx) OldestNotice(ctx context.Context) (int64, error) {
	const q = `select coalesce(min(due_us), 0) from notice where state in ('waiting', 'sending')`
	return One(ctx, t, Named("notice.oldest", q), Int64)
}

// SchemaVersion is the last step of the schema that was taken.
func (t *Tx) SchemaVersion(ctx context.Context) (int64, error) {
	return One(ctx, t, Named("migration.version", `select coalesce(max(version), 0) from migration`), Int64)
}

// FailedJobs returns a page of the jobs that failed for good, the last first: those that ended before the one named, zero for the beginning.
func (t *Tx) FailedJobs(ctx context.Context, after JobRow, limit int) ([]JobRow, error) {
	q := failedJobs(after, limit)
	return Collect(ctx, t, q.stmt("job.failed"), scanJob, q.args...)
}

func failedJobs(after JobRow, limit int) *query {
	q := newQuery(`select ` + jobColumns + ` from job where state = 'failed'`)
	if after.EndedUS != 0 {
		q.text(` and (ended_us, home, job_id) < (`).arg(after.EndedUS).text(`, `).arg(after.Home).text(`, `).arg(after.ID).text(`)`)
	}
	return q.text(` order by ended_us desc, home desc, job_id desc limit `).arg(limit)
}
