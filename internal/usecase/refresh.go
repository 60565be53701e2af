package usecase

import (
	"context"
	"maps"

	"huiyin/internal/law"
	"huiyin/internal/store"
)

// loaded is by what an office knows that another process changed what it has loaded.
type loaded struct {
	calendar int64 // the newest arrangement
	settings map[string]string
}

// Refresh takes up what another process has loaded into the same store: a calendar, of which the running clocks are then counted again, local law,
// settings, the model by which categories are proposed. It reads a number and a handful of rows, and does nothing where nothing is new.
func (o *Office) Refresh(ctx context.Context) error {
	o.readModel()
	was := *o.loaded.Load()
	newest, same := int64(0), false
	if err := o.Store.Read(ctx, func(t *store.Tx) error {
		var err error
		if newest, err = t.NewestCalendar(ctx); err != nil {
			return err
		}
		settings, err := t.Settings(ctx)
		same = maps.Equal(settings, was.settings)
		return err
	}); err != nil || newest == was.calendar && same {
		return err
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
