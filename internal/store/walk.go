package store

import (
	"context"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/org"
)

// What verification and rebuilding read: rows as they lie there, to be compared with what the events say.

// EventLink returns the link of one event; false when the event is not there.
func (t *Tx) EventLink(ctx context.Context, ref matter.Ref, seq int) ([]byte, bool, error) {
	const q = `select link from event where home = $1 and matter_id = $2 and seq = $3`
	link, err := One(ctx, t, Named("event.link", q), func(r *Row) ([]byte, error) {
		var b []byte
		err := r.Scan(&b)
		return b, err
	}, ref.Home, ref.N, seq)
	if errs.KindOf(err) == errs.NotFound {
		return nil, false, nil
	}
	return link, err == nil, err
}

// LeavesOf returns the waiting links of one home, at most limit. Their places follow the order of their subjects, not of the clock: all that wait get one.
func (t *Tx) LeavesOf(ctx context.Context, home int64, limit int) ([]Leaf, error) {
	const q = `select ` + leafColumns + ` from leaf where home = $1 order by kind, subject, seq limit $2`
	return Collect(ctx, t, Named("leaf.home", q), scanLeaf, home, limit)
}

// UnitsOf returns the units noted for a matter, in the order of their ids, and for how many of them it is noted to be open.
func (t *Tx) UnitsOf(ctx context.Context, ref matter.Ref) (units []org.UnitID, open int, err error) {
	const q = `select unit_id, is_open from matter_unit where home = $1 and matter_id = $2 order by unit_id`
	err = t.query(ctx, Named("matter_unit.list", q), []any{ref.Home, ref.N}, func(r *Row) error {
		var unit org.UnitID
		var is bool
		err := r.Scan(&unit, &is)
		if units = append(units, unit); is {
			open++
		}
		return err
	})
	return units, open, err
}

// Clocks returns the clocks of a matter as they were last written.
func (t *Tx) Clocks(ctx context.Context, ref matter.Ref) ([]matter.Clock, error) {
	const q = `select clock_key, rule, unit_id, is_right, from_day, nominal_day, legal_day, safe_day, provisional, stopped_day, remind_day
		from clock where home = $1 and matter_id = $2 order by clock_key`
	return Collect(ctx, t, Named("clock.list", q), func(r *Row) (matter.Clock, error) {
		var c matter.Clock
		var from, nominal, legal, safe, stopped, remind string
		err := r.Scan(&c.Key, &c.Rule, &c.Unit, &c.Right, &from, &nominal, &legal, &safe, &c.Provision, &stopped, &remind)
		if err == nil {
			err = days(text{&c.From, from}, text{&c.Nominal, nominal}, text{&c.Legal, legal}, text{&c.Safe, safe}, text{&c.Stopped, stopped}, text{&c.Remind, remind})
		}
		return c, err
	}, ref.Home, ref.N)
}
