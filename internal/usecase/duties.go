package usecase

import (
	"context"
	"slices"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/org"
	"huiyin/internal/store"
)

// DutyView is a duty with the units it names.
type DutyView struct {
	org.Duty
	At     org.Unit
	Over   org.Unit // whose subtree it reaches
	Active bool     // it holds today
}

func (o *Office) dutyView(d org.Duty) DutyView {
	v := DutyView{Duty: d, Active: o.holds(d)}
	v.At, _ = o.Chart().Unit(d.Unit)
	v.Over, _ = o.Chart().Unit(d.Scope)
	return v
}

// NewDuty is a role at a unit for a time.
type NewDuty struct {
	Role  org.Role
	Unit  org.UnitID
	Scope org.UnitID // zero: the unit itself
	From  law.Day    // NoDay: today
	Until law.Day    // NoDay: until it is ended; the day itself no longer counts
}

func (n NewDuty) clean(today law.Day) NewDuty {
	if n.Scope == 0 {
		n.Scope = n.Unit
	}
	if !n.From.Known() {
		n.From = today
	}
	return n
}

// of makes the duty a person's.
func (n NewDuty) of(user org.UserID) org.Duty {
	return org.Duty{User: user, Role: n.Role, Unit: n.Unit, Scope: n.Scope, From: n.From, Until: n.Until}
}

// givable reports whether a duty lies within what an administrator may give and take: its unit and its reach.
func (o *Office) givable(who org.Actor, d org.Duty) bool {
	return governs(who, o.Chart(), d.Unit) && governs(who, o.Chart(), d.Scope)
}

// checkDuty returns what is wrong with a cleaned duty.
func (o *Office) checkDuty(who org.Actor, prefix string, n NewDuty) []errs.Field {
	var out []errs.Field
	today, chart := o.Today(), o.Chart()
	if !slices.Contains(org.Roles(), n.Role) {
		out = append(out, errs.F(prefix+"role", "field.choice"))
	}
	unit, ok := chart.Unit(n.Unit)
	switch {
	case !ok || !unit.Alive(today):
		out = append(out, errs.F(prefix+"unit", "unit.gone"))
	case !governs(who, chart, n.Unit):
		out = append(out, errs.F(prefix+"unit", "unit.outside"))
	case n.Role == org.RoleDiscipline && unit.Kind != org.KindDiscipline:
		out = append(out, errs.F(prefix+"unit", "duty.discipline"))
	}
	scope, ok := chart.Unit(n.Scope)
	switch {
	case !ok || !scope.Alive(today):
		out = append(out, errs.F(prefix+"scope", "unit.gone"))
	case !governs(who, chart, n.Scope):
		out = append(out, errs.F(prefix+"scope", "unit.outside"))
	case !chart.Under(n.Unit, n.Scope) && !chart.Under(n.Scope, n.Unit):
		out = append(out, errs.F(prefix+"scope", "duty.scope"))
	}
	if n.Until.Known() && n.Until <= max(n.From, today) {
		out = append(out, errs.F(prefix+"until", "duty.until", "from", max(n.From, today)))
	}
	return out
}

// GiveDuty gives a person a role at a unit. That it was given, and by whom, stays on record for auditors, the giver's own not excepted.
func (o *Office) GiveDuty(ctx context.Context, who org.Actor, user org.UserID, n NewDuty) (org.DutyID, error) {
	if err := need(who, org.RoleAdmin); err != nil {
		return 0, err
	}
	n = n.clean(o.Today())
	if err := errs.Fields(o.checkDuty(who, "", n)); err != nil {
		return 0, err
	}
	var id org.DutyID
	err := o.Store.Update(ctx, 0, func(t *store.Tx) error {
		// A person on duty elsewhere may be given one here besides: only who sets passwords must look after all of them.
		if _, err := t.Person(ctx, user); errs.KindOf(err) == errs.NotFound {
			return errs.E(errs.NotFound, "person.not_found")
		} else if err != nil {
			return err
		}
		var err error
		id, err = o.addDuty(ctx, t, who, user, n)
		return err
	})
	return id, err
}

// addDuty writes a checked duty.
func (o *Office) addDuty(ctx context.Context, t *store.Tx, who org.Actor, user org.UserID, n NewDuty) (org.DutyID, error) {
	have, err := t.Duties(ctx, user)
	if err != nil {
		return 0, err
	}
	for _, d := range have {
		if d.Role == n.Role && d.Unit == n.Unit && d.Scope == n.Scope && (!d.Until.Known() || d.Until > n.From) && (!n.Until.Known() || n.Until > d.From) {
			return 0, errs.E(errs.Conflict, "duty.twice")
		}
	}
	id, err := t.NextLocal(ctx, "duty")
	if err != nil {
		return 0, err
	}
	d := n.of(user)
	d.ID = org.DutyID(id)
	if err := t.SaveDuty(ctx, d); err != nil {
		return 0, err
	}
	return d.ID, o.noteChange(ctx, t, who, changeDuty, int64(user), nil, recordOfDuty(d))
}

// EndDuty ends a duty on a day, which itself no longer counts; NoDay ends it now. What was done under it stays as it was done.
func (o *Office) EndDuty(ctx context.Context, who org.Actor, id org.DutyID, until law.Day) error {
	if err := need(who, org.RoleAdmin); err != nil {
		return err
	}
	today := o.Today()
	if !until.Known() {
		until = today
	}
	if until < today {
		return errs.Fields([]errs.Field{errs.F("until", "day.past", "today", today)})
	}
	return o.Store.Update(ctx, 0, func(t *store.Tx) error {
		d, err := t.Duty(ctx, id)
		if err != nil && errs.KindOf(err) != errs.NotFound {
			return err
		}
		if err != nil || !o.givable(who, d) {
			return errs.E(errs.NotFound, "duty.not_found")
		}
		if d.Until.Known() && d.Until <= today {
			return errs.E(errs.Refused, "duty.ended", "day", d.Until)
		}
		if err := o.keepAdmin(ctx, t, d, func(a org.Duty) bool { return a.ID == id }, until); err != nil {
			return err
		}
		return o.endDuty(ctx, t, who, d, until)
	})
}

func (o *Office) endDuty(ctx context.Context, t *store.Tx, who org.Actor, d org.Duty, until law.Day) error {
	next := d
	next.Until = until
	if err := t.SaveDuty(ctx, next); err != nil {
		return err
	}
	return o.noteChange(ctx, t, who, changeDuty, int64(d.User), recordOfDuty(d), recordOfDuty(next))
}
