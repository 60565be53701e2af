package usecase

import (
	"context"
	"errors"
	"fmt"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
)

// MoveUnit puts a unit with its subtree under another. From then on those above the new place see its matters, and those above the old do not.
func (o *Office) MoveUnit(ctx context.Context, who org.Actor, id, parent org.UnitID) error {
	return o.reorganise(ctx, who, func(t *store.Tx, units []org.Unit, chart *org.Chart) error {
		u, err := o.governed(who, chart, id)
		if err != nil {
			return err
		}
		above, ok := chart.Unit(parent)
		switch {
		case !ok || !above.Alive(o.Today()):
			return errs.Fields([]errs.Field{errs.F("parent", "unit.gone")})
		case !governs(who, chart, parent):
			return errs.Fields([]errs.Field{errs.F("parent", "unit.outside")})
		case chart.Under(parent, id):
			return errs.Fields([]errs.Field{errs.F("parent", "unit.circle")})
		case o.taken(chart, identity{parent, u.Name, u.Place}, id):
			return errs.Fields([]errs.Field{errs.F("parent", "unit.name_taken")})
		}
		return o.moveUnits(ctx, t, who, units, []org.Unit{u}, parent)
	})
}

// moveUnits hangs units under a parent and makes the closure of their subtrees anew.
func (o *Office) moveUnits(ctx context.Context, t *store.Tx, who org.Actor, units, moved []org.Unit, parent org.UnitID) error {
	to := make(map[org.UnitID]bool, len(moved))
	for _, u := range moved {
		next := u
		next.Parent = parent
		if err := o.saveUnit(ctx, t, who, u, next); err != nil {
			return err
		}
		to[u.ID] = true
	}
	after := make([]org.Unit, len(units))
	for i, u := range units {
		if to[u.ID] {
			u.Parent = parent
		}
		after[i] = u
	}
	chart := org.NewChart(after)
	var touched []org.UnitID
	for _, u := range moved {
		touched = subtree(touched, chart, u.ID)
	}
	return t.ReplacePaths(ctx, chart, touched)
}

// subtree appends a unit and everything below it.
func subtree(list []org.UnitID, chart *org.Chart, id org.UnitID) []org.UnitID {
	list = append(list, id)
	for _, u := range chart.Children(id) {
		list = subtree(list, chart, u.ID)
	}
	return list
}

// EndUnit ends a unit from today on (T17, 信访工作条例 第二十四条): its successor carries on its powers, takes the units below it and, as the last step, its
// open matters; duties at it or over it end. It returns how many matters went over. If that step is broken off the unit is ended all the
// same, and SucceedMatters goes on with it.
func (o *Office) EndUnit(ctx context.Context, who org.Actor, id, successor org.UnitID) (int, error) {
	err := o.reorganise(ctx, who, func(t *store.Tx, units []org.Unit, chart *org.Chart) error {
		u, err := o.governed(who, chart, id)
		if err != nil {
			return err
		}
		below := living(chart, id, o.Today())
		if err := o.mayEnd(ctx, t, who, chart, u, successor, len(below)); err != nil {
			return err
		}
		next := u
		next.Until, next.Successor = o.Today(), successor
		if err := o.saveUnit(ctx, t, who, u, next); err != nil {
			return err
		}
		if len(below) > 0 {
			if err := o.moveUnits(ctx, t, who, units, below, successor); err != nil {
				return err
			}
		}
		return o.endDutiesOver(ctx, t, who, id)
	})
	if err != nil {
		return 0, err
	}
	return o.SucceedMatters(ctx)
}

// mayEnd refuses an end that would leave matters or units to nobody.
func (o *Office) mayEnd(ctx context.Context, t *store.Tx, who org.Actor, chart *org.Chart, u org.Unit, successor org.UnitID, below int) error {
	if successor == 0 {
		held, err := t.OpenMattersOf(ctx, int64(u.ID), matter.Ref{}, 1)
		switch {
		case err != nil:
			return err
		case len(held) > 0:
			return errs.Fields([]errs.Field{errs.F("successor", "unit.holds_matters")})
		case below > 0:
			return errs.Fields([]errs.Field{errs.F("successor", "unit.has_units")})
		}
		return nil
	}
	to, ok := chart.Unit(successor)
	switch {
	case !ok || !to.Alive(o.Today()):
		return errs.Fields([]errs.Field{errs.F("successor", "unit.gone")})
	case !governs(who, chart, successor):
		return errs.Fields([]errs.Field{errs.F("successor", "unit.outside")})
	case chart.Under(successor, u.ID):
		return errs.Fields([]errs.Field{errs.F("successor", "unit.circle")})
	case to.Kind == org.KindRoot && u.Kind != org.KindRoot:
		return errs.Fields([]errs.Field{errs.F("successor", "unit.root", "unit", to.Name)})
	}
	return nil
}

func (o *Office) endDutiesOver(ctx context.Context, t *store.Tx, who org.Actor, unit org.UnitID) error {
	today := o.Today()
	duties, err := t.DutiesOver(ctx, unit, today)
	if err != nil {
		return err
	}
	lost := func(a org.Duty) bool { return a.Unit == unit || a.Scope == unit }
	for _, d := range duties {
		if err := o.keepAdmin(ctx, t, d, lost, today); err != nil {
			return err
		}
		if err := o.endDuty(ctx, t, who, d, today); err != nil {
			return err
		}
	}
	return nil
}

// SucceedMatters hands every open matter that an ended unit still holds to the living unit that bears its powers, each in a transaction of its own,
// and reports how many went over. It may be broken off and run again, and is to be run at the start, after a change and from
// time to time: a matter that is opened again after its unit has ended goes over then. One that cannot go over does not keep the others.
func (o *Office) SucceedMatters(ctx context.Context) (int, error) {
	today, chart := o.Today(), o.Chart()
	moved := 0
	var failed []error
	for _, u := range ended(chart, today) {
		to, ok := chart.Bearer(u.ID, today)
		if !ok {
			continue
		}
		n, err := o.succeed(ctx, u.ID, to.ID)
		moved += n
		if err != nil {
			failed = append(failed, fmt.Errorf("unit %d: %w", u.ID, err))
		}
	}
	return moved, errors.Join(failed...)
}

// ended lists the ended units, by id.
func ended(chart *org.Chart, today law.Day) []org.Unit {
	var out []org.Unit
	for _, id := range subtree(nil, chart, 0)[1:] {
		if u, _ := chart.Unit(id); u.Until.Known() && u.Until <= today {
			out = append(out, u)
		}
	}
	return out
}

func (o *Office) succeed(ctx context.Context, from, to org.UnitID) (int, error) {
	moved := 0
	var after matter.Ref
	var failed []error
	for {
		var held []matter.Ref
		if err := o.Store.Read(ctx, func(t *store.Tx) error {
			var err error
			held, err = t.OpenMattersOf(ctx, int64(from), after, batch)
			return err
		}); err != nil {
			return moved, errors.Join(append(failed, err)...)
		}
		if len(held) == 0 {
			return moved, errors.Join(failed...)
		}
		for _, ref := range held {
			after = ref
			_, err := o.Do(ctx, org.System(), ref, 0, &matter.SucceedUnit{From: from, To: to})
			if errs.CodeOf(err) == "unit.no_successor" {
				continue // it only had to do with it before
			}
			if err != nil {
				failed = append(failed, fmt.Errorf("matter %s: %w", ref, err))
				continue
			}
			moved++
		}
	}
}
