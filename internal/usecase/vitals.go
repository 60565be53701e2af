package usecase

import (
	"context"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/org"
	"huiyin/internal/store"
)

// StuckAfter is how long work beside the desk may wait, in microseconds, before an operator is told.
const StuckAfter = 15 * minuteUS

// Vitals are what an operator watches of an office: numbers, of nobody and of no matter.
type Vitals struct {
	Jobs       []store.JobCount
	Stuck      int64 // jobs that nobody has taken up for StuckAfter
	Notices    store.NoticeCounts
	NoticeUS   int64 // from when the oldest notice that waits could be sent; zero where none waits
	Backlog    store.Backlog
	Due        store.DueCounts
	Schema     int64
	Latest     int64 // the schema that this program knows
	RecordedUS int64 // the latest instant on record
}

// OldestJobUS is from when the oldest job that waits could be taken up; zero where none waits.
func (v Vitals) OldestJobUS() int64 {
	oldest := int64(0)
	for _, j := range v.Jobs {
		if j.State == store.JobWaiting && (oldest == 0 || j.DueUS < oldest) {
			oldest = j.DueUS
		}
	}
	return oldest
}

// JobsIn counts the jobs in a state.
func (v Vitals) JobsIn(state store.JobState) int64 {
	n := int64(0)
	for _, j := range v.Jobs {
		if j.State == state {
			n += j.N
		}
	}
	return n
}

// Vitals counts for the operator. Each count goes by an index and is bounded or of few rows.
func (o *Office) Vitals(ctx context.Context, who org.Actor) (Vitals, error) {
	var v Vitals
	if who.Kind != org.ActorSystem {
		return v, errs.E(errs.Forbidden, "auth.duty")
	}
	err := o.Store.Read(ctx, func(t *store.Tx) error { return o.vitals(ctx, t, &v) })
	return v, err
}

func (o *Office) vitals(ctx context.Context, t *store.Tx, v *Vitals) (err error) {
	now, today := o.Now(), law.DayOf(o.Now())
	if v.Jobs, err = t.CountJobs(ctx); err != nil {
		return err
	}
	if v.Stuck, err = t.StuckJobs(ctx, now-StuckAfter); err != nil {
		return err
	}
	if v.Notices, err = t.CountNotices(ctx, now-dayUS); err != nil {
		return err
	}
	if v.NoticeUS, err = t.OldestNotice(ctx); err != nil {
		return err
	}
	if v.Backlog, err = t.CountBacklog(ctx); err != nil {
		return err
	}
	const week = 7
	if v.Due, err = t.CountDue(ctx, today.String(), today.Add(1).String(), today.Add(week).String()); err != nil {
		return err
	}
	if v.Schema, err = t.SchemaVersion(ctx); err != nil {
		return err
	}
	v.Latest = o.Store.Latest()
	v.RecordedUS, err = t.NewestUS(ctx)
	return err
}

// KeysFit reports that the keys are not those of the data: the first identities on record do not open.
func (o *Office) KeysFit(ctx context.Context, who org.Actor) error {
	if who.Kind != org.ActorSystem {
		return errs.E(errs.Forbidden, "auth.duty")
	}
	const some = 20
	return o.Store.Read(ctx, func(t *store.Tx) error {
		rows, err := t.PartiesAfter(ctx, store.PartyRow{}, some)
		if err != nil {
			return err
		}
		for _, r := range rows {
			s, err := t.Submission(ctx, r.Submission)
			if err != nil {
				return err
			}
			if _, err := o.openParty(r, s.Sealed); err != nil {
				return err
			}
		}
		return nil
	})
}

// Ready reports why the office cannot serve: its store does not answer, or another program has taken its schema further than this one knows.
func (o *Office) Ready(ctx context.Context) error {
	return o.Store.Read(ctx, func(t *store.Tx) error {
		version, err := t.SchemaVersion(ctx)
		if latest := o.Store.Latest(); err == nil && version != latest {
			return errs.E(errs.Unavailable, "store.migration.newer", "database", version, "program", latest)
		}
		return err
	})
}
