package usecase

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"huiyin/internal/assess"
	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/org"
	"huiyin/internal/stat"
	"huiyin/internal/store"
)

// DraftAssessment writes the scheme of an assessment of the units that the actor's duty reaches, without an id a new one, and returns its id.
func (o *Office) DraftAssessment(ctx context.Context, who org.Actor, id int64, s assess.Scheme) (int64, error) {
	if err := o.mayAssess(who); err != nil {
		return 0, err
	}
	s.Name = strings.Join(strings.Fields(s.Name), " ")
	drafted := assess.Event{Kind: assess.Drafted, Body: assess.Body{Scheme: &s}}
	if id != 0 {
		return id, o.stepAssessment(ctx, who, id, nil, drafted)
	}
	owner, _ := o.Chart().Unit(who.Duty.Scope)
	home := HomeOf(owner.Place)
	if err := o.Store.Update(ctx, home, func(t *store.Tx) error {
		var err error
		if id, err = t.NextLocal(ctx, "assessment"); err != nil {
			return err
		}
		return o.keepSteps(ctx, t, who, store.Assessment{Home: home, ID: id, Owner: owner.ID}, assess.Fold(nil), drafted)
	}); err != nil {
		return 0, err
	}
	return id, nil
}

func (o *Office) mayAssess(who org.Actor) error {
	if err := need(who, org.RoleSupervisor, org.RoleLeader); err != nil {
		return err
	}
	return granted(who, "act")
}

// AssessmentAct is a step on a whole assessment: it is published, counted, given out, given up, or every sheet that can be is settled.
type AssessmentAct struct {
	Kind   assess.Kind
	AsOf   law.Day // of the figures; counted
	Reason string  // withdrawn
}

// ActAssessment takes a step on an assessment. It takes who assesses.
func (o *Office) ActAssessment(ctx context.Context, who org.Actor, id int64, act AssessmentAct) error {
	if err := o.mayAssess(who); err != nil {
		return err
	}
	e := assess.Event{Kind: act.Kind}
	switch act.Kind {
	case assess.Counted:
		v, err := o.Assessment(ctx, who, id)
		if err != nil {
			return err
		}
		if !v.Manages {
			return errs.E(errs.Forbidden, "assess.not_yours")
		}
		e.Body.AsOf = act.AsOf
		if slices.Contains(v.May, assess.Counted) && act.AsOf <= o.Today() {
			if e.Body.Sheets, err = o.countSheets(ctx, who, v, act.AsOf); err != nil {
				return err
			}
		}
		return o.stepAssessment(ctx, who, id, nil, e)
	case assess.Withdrawn:
		e.Body.Reason = act.Reason
		return o.stepAssessment(ctx, who, id, nil, e)
	case assess.Published, assess.Released:
		return o.stepAssessment(ctx, who, id, nil, e)
	case assess.Settled:
		return o.stepAssessment(ctx, who, id, settleAll)
	case assess.Drafted, assess.Appealed, assess.Answered, assess.Accepted:
	}
	return errs.Fields([]errs.Field{errs.F("do", "field.choice")})
}

// settleAll are the steps that settle every sheet that can be settled.
func settleAll(a *assess.Assessment, now int64) ([]assess.Event, error) {
	if a.Stage != assess.StageReleased {
		return nil, errs.E(errs.Refused, "assess.not_now")
	}
	var out []assess.Event
	for _, s := range a.Sheets {
		if !s.Settled.Known() && s.Open() == 0 && (s.Accepted.Known() || law.DayOf(now) > a.Until()) {
			out = append(out, assess.Event{Kind: assess.Settled, Unit: s.Unit})
		}
	}
	if len(out) == 0 {
		return nil, errs.E(errs.Refused, "assess.none_settled")
	}
	return out, nil
}

// countSheets takes the figures of every unit that is assessed, each with what lies below it, in the order of the chart.
func (o *Office) countSheets(ctx context.Context, who org.Actor, v AssessmentView, asOf law.Day) ([]assess.UnitCounts, error) {
	a := assess.Assessment{Scheme: v.Scheme}
	ask := FigureAsk{Period: a.Period(asOf), By: ByUnit, Unit: v.Owner.ID}
	if ask.Period.To < ask.Period.From {
		return nil, nil // before the year began: Decide says so
	}
	for _, l := range v.Scheme.Lines {
		ask.Indicators = append(ask.Indicators, l.Indicator)
	}
	found, err := o.Figures(ctx, who, ask)
	if err != nil {
		return nil, err
	}
	chart := o.Chart()
	counts := map[org.UnitID][]assess.Count{} // of a unit and what lies below it
	for _, r := range found.Rows {
		n, err := strconv.ParseInt(r.Group, 10, 64)
		if err != nil {
			continue
		}
		for _, above := range chart.Ancestors(org.UnitID(n)) {
			if counts[above] == nil {
				counts[above] = make([]assess.Count, len(ask.Indicators))
			}
			for i, f := range r.Figures {
				counts[above][i] = assess.Count{Sum: counts[above][i].Sum + f.Sum, Of: counts[above][i].Of + f.Of}
			}
		}
	}
	var out []assess.UnitCounts
	for _, u := range below(chart, v.Owner.ID) {
		if !u.Alive(ask.Period.To) || !slices.Contains(v.Scheme.Kinds, u.Kind) {
			continue
		}
		c := counts[u.ID]
		if c == nil {
			c = make([]assess.Count, len(ask.Indicators))
		}
		out = append(out, assess.UnitCounts{Unit: u.ID, Counts: c})
	}
	return out, nil
}

// below are the units under one, in the order of the chart.
func below(chart *org.Chart, root org.UnitID) []org.Unit {
	var out []org.Unit
	for _, u := range chart.Children(root) {
		out = append(append(out, u), below(chart, u.ID)...)
	}
	return out
}

// SheetAct is a step on the sheet of a unit.
type SheetAct struct {
	Kind   assess.Kind  // appealed and accepted by the unit; answered and settled by who assesses
	Line   string       // appealed, answered: the indicator
	Upheld bool         // answered
	Count  assess.Count // answered, when upheld
	Reason string
}

// ActSheet takes a step on the sheet of a unit: its head appeals against a line or has nothing to object to; who assesses answers, though nobody of the
// same unit, and settles.
func (o *Office) ActSheet(ctx context.Context, who org.Actor, id int64, unit org.UnitID, act SheetAct) error {
	v, err := o.AssessmentSheet(ctx, who, id, unit)
	if err != nil {
		return err
	}
	if err := granted(who, "act"); err != nil {
		return err
	}
	e := assess.Event{Kind: act.Kind, Unit: unit}
	switch act.Kind {
	case assess.Appealed, assess.Accepted:
		if !headsUnit(who, unit) && (act.Kind == assess.Accepted || !filesFor(who, unit)) {
			return errs.E(errs.Forbidden, "assess.not_head")
		}
		if act.Kind == assess.Appealed {
			e.Body = assess.Body{Line: act.Line, Reason: act.Reason}
		}
	case assess.Answered, assess.Settled:
		if !v.Manages {
			return errs.E(errs.Forbidden, "assess.not_yours")
		}
		if act.Kind == assess.Answered {
			if who.Duty.Unit == unit {
				return errs.E(errs.Forbidden, "assess.own_unit")
			}
			e.Body = assess.Body{Line: act.Line, Upheld: act.Upheld, Reason: act.Reason}
			if act.Upheld {
				e.Body.Count = act.Count
			}
		}
	case assess.Drafted, assess.Published, assess.Counted, assess.Released, assess.Withdrawn:
		return errs.Fields([]errs.Field{errs.F("do", "field.choice")})
	default:
		return errs.Fields([]errs.Field{errs.F("do", "field.choice")})
	}
	return o.stepAssessment(ctx, who, id, nil, e)
}

// stepAssessment takes steps on an assessment that is there: those given, or those that follow from how it stands. Steps about all units take who assesses; the caller has
// checked those about one.
func (o *Office) stepAssessment(ctx context.Context, who org.Actor, id int64, more func(a *assess.Assessment, now int64) ([]assess.Event, error), steps ...assess.Event) error {
	var home int64
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		row, _, err := o.openAssessment(ctx, t, who, id)
		home = row.Home
		return err
	})
	if err != nil {
		return err
	}
	return o.Store.Update(ctx, home, func(t *store.Tx) error {
		row, a, err := o.openAssessment(ctx, t, who, id)
		if err != nil {
			return err
		}
		take := steps
		if more != nil {
			if take, err = more(a, o.Now()); err != nil {
				return err
			}
		}
		whole := more != nil || slices.ContainsFunc(take, func(e assess.Event) bool { return e.Unit == 0 })
		if whole && !assesses(who, row.Owner) {
			return errs.E(errs.Forbidden, "assess.not_yours")
		}
		return o.keepSteps(ctx, t, who, row, a, take...)
	})
}

// keepSteps decides on steps and writes them.
func (o *Office) keepSteps(ctx context.Context, t *store.Tx, who org.Actor, row store.Assessment, a *assess.Assessment, steps ...assess.Event) error {
	decided := make([]assess.Event, len(steps))
	for i, e := range steps {
		e.AtUS, e.User, e.At = o.Now(), who.User, who.Duty.Unit
		var err error
		if decided[i], err = a.Decide(e); err != nil {
			return err
		}
	}
	row.Year, row.Name, row.Stage = a.Scheme.Year, a.Scheme.Name, a.Stage
	if err := t.SaveAssessment(ctx, row); err != nil {
		return err
	}
	for _, e := range decided {
		if err := t.AddAssessmentEvent(ctx, row, e); err != nil {
			return err
		}
	}
	return o.tellAssessment(ctx, t, row, a, decided)
}

// AssessableIndicators are the definitions that a scheme may weigh, and those it may not, each with the reason.
func (o *Office) AssessableIndicators() (may, not []AssessRule, err error) {
	all, err := stat.Indicators()
	for _, d := range all {
		r := AssessRule{assess.RuleOf(d.ID), d}
		if r.Allowed {
			may = append(may, r)
		} else {
			not = append(not, r)
		}
	}
	return may, not, err
}

// AssessRule is an indicator with whether it may be weighed, and why.
type AssessRule struct {
	assess.Rule
	Definition stat.Indicator
}
