package matter

import (
	"slices"

	"huiyin/internal/errs"
	"huiyin/internal/org"
)

// Join links the submissions of another matter to this one (并案, T11): the other rests, each petitioner keeps an own
// receipt, notice, reply and rights. It returns the events of both matters.
func (m *Matter) Join(other *Matter, reason string, e Env) (here, there []Event, err error) {
	if err := m.May(ActJoin, e); err != nil {
		return nil, nil, err
	}
	switch {
	case m.Ref == other.Ref:
		return nil, nil, errs.Fields([]errs.Field{errs.F("other", "join.same")})
	case m.Ref.Home != other.Ref.Home:
		return nil, nil, errs.Fields([]errs.Field{errs.F("other", "join.home")})
	case m.Sealed != other.Sealed:
		return nil, nil, errs.Fields([]errs.Field{errs.F("other", "join.sealed")})
	case m.Sealed && !sameUnits(m.Accused, other.Accused):
		return nil, nil, errs.Fields([]errs.Field{errs.F("other", "join.accused")})
	case !other.Merged.IsZero():
		return nil, nil, errs.Fields([]errs.Field{errs.F("other", "join.merged", "number", other.Merged.String())})
	case len(other.Submissions) != 1:
		return nil, nil, errs.Fields([]errs.Field{errs.F("other", "join.several")})
	case other.State != StateRegistered && other.State != StateScreened && other.State != StateAwaiting:
		return nil, nil, errs.Fields([]errs.Field{errs.F("other", "join.begun")})
	case reason == "":
		return nil, nil, errs.Fields([]errs.Field{errs.F("reason", "field.required")})
	}
	here = m.events([]Body{Joined{Submission: other.Submissions[0], From: other.Ref, Demands: slices.Clone(other.Demands), Reason: reason}}, e)
	there = other.events([]Body{Merged{Into: m.Ref, Reason: reason}}, e)
	return here, there, nil
}

// Separate takes a joined submission out again; the matter that rested wakes as if it had never rested, on its own clock.
func (m *Matter) Separate(other *Matter, reason string, e Env) (here, there []Event, err error) {
	if err := m.May(ActSeparate, e); err != nil {
		return nil, nil, err
	}
	switch {
	case other.Merged != m.Ref:
		return nil, nil, errs.Fields([]errs.Field{errs.F("other", "separate.not_here")})
	case !slices.ContainsFunc(m.Submissions, func(s Submission) bool { return s.Ref == other.First }):
		return nil, nil, errs.Fields([]errs.Field{errs.F("other", "separate.not_here")})
	case reason == "":
		return nil, nil, errs.Fields([]errs.Field{errs.F("reason", "field.required")})
	}
	if _, served := m.Service(other.First); served {
		return nil, nil, errs.E(errs.Refused, "separate.served")
	}
	here = m.events([]Body{Left{Submission: other.First, Reason: reason}}, e)
	there = other.events([]Body{Separated{From: m.Ref, Reason: reason}}, e)
	return here, there, nil
}

// sameUnits reports whether two lists name the same units, in whatever order.
func sameUnits(a, b []org.UnitID) bool {
	return slices.Equal(slices.Compact(slices.Sorted(slices.Values(a))), slices.Compact(slices.Sorted(slices.Values(b))))
}
