package usecase

import (
	"context"
	"maps"
	"time"

	"huiyin/internal/law"
	"huiyin/internal/store"
)

// loaded is by what an office knows that another process changed what it has loaded.
type loaded struct {
	calendar     int64 // the newest arrangement
	organisation int64 // the newest entry in its record
	settings     map[string]string
}

// Refresh takes up what another process has loaded into the same store: a calendar, of which the running clocks are then counted again, local law,
// settings, units, the model by which categories are proposed, and that matters have changed. It reads some numbers and a handful of rows, and does nothing where nothing is new.
func (o *Office) Refresh(ctx context.Context) error {
	o.readModel()
	was := *o.loaded.Load()
	newest, commits, same := int64(0), int64(0), false
	if err := o.Store.Read(ctx, func(t *store.Tx) error {
		var err error
		if newest, err = t.NewestCalendar(ctx); err != nil {
			return err
		}
		if commits, err = t.Commits(ctx); err != nil {
			return err
		}
		organisation, err := t.NewestOrgEvent(ctx)
		if err != nil {
			return err
		}
		settings, err := t.Settings(ctx)
		same = organisation == was.organisation && maps.Equal(settings, was.settings)
		return err
	}); err != nil {
		return err
	}
	if o.commits.Swap(commits) != commits {
		o.changes.Add(1)
	}
	if newest == was.calendar && same {
		return nil
	}
	if newest == was.calendar {
		return o.Reload(ctx)
	}
	// Who loaded it counts all clocks again; what this office wrote meanwhile by the old arrangement is put right here. That it has to be is written down
	// before the arrangement is taken up: what is broken off, the next tidying goes on with.
	var next *law.Calendar
	if err := o.Store.Read(ctx, func(t *store.Tx) error {
		var err error
		next, _, err = readCalendar(ctx, t)
		return err
	}); err != nil {
		return err
	}
	_, from := moves(o.Calendar(), next)
	if err := o.Store.Update(ctx, 0, func(t *store.Tx) error { return o.askRecount(ctx, t, from) }); err != nil {
		return err
	}
	if err := o.Reload(ctx); err != nil {
		return err
	}
	_, err := o.RecountClocks(ctx)
	return err
}

// Lead makes this process the one that does what only one may do, or keeps it so, for as long as said; false where another is.
func (o *Office) Lead(ctx context.Context, holder string, span time.Duration) (leads bool, err error) {
	now := o.Now()
	err = o.Store.Update(ctx, 0, func(t *store.Tx) error {
		leads, err = t.TakeLease(ctx, leaseBeside, holder, now, now+span.Microseconds())
		return err
	})
	return leads && err == nil, err
}

// StopLeading lets another process lead at once.
func (o *Office) StopLeading(ctx context.Context, holder string) error {
	return o.Store.Update(ctx, 0, func(t *store.Tx) error { return t.EndLease(ctx, leaseBeside, holder) })
}

// leaseBeside is the lease of the work beside the desk that goes by the clock or follows what was written. Jobs are each taken by whoever is free.
const leaseBeside = "beside"
