package matter

import (
	"slices"

	"huiyin/internal/org"
)

// Powers returns by what titles an actor may take steps on the matter. The caller has made sure that the actor may see it.
func Powers(m *Matter, a org.Actor, chart *org.Chart) []Power {
	switch a.Kind {
	case org.ActorSystem:
		return []Power{PowerReceiver, PowerHolder, PowerHead, PowerSender, PowerOffice, PowerSuperior, PowerAdvised, PowerReported, PowerPart, PowerReviewer, PowerReviewHead, PowerPetitioner, PowerSystem}
	case org.ActorPetitioner:
		if _, linked := m.Submission(Ref{Home: a.Home, N: a.Submission}); linked {
			return []Power{PowerPetitioner}
		}
		return nil
	case org.ActorStaff, org.ActorMachine:
	case org.ActorNobody:
		return nil
	}
	if m.Sealed && !a.Has(org.RoleDiscipline) {
		return nil
	}
	// A petition department acts for its own windows.
	at := func(unit org.UnitID) bool {
		if unit == 0 || unit == a.Duty.Unit {
			return unit != 0
		}
		u, ok := chart.Unit(a.Duty.Unit)
		return ok && u.Kind == org.KindBureau && chart.Under(unit, a.Duty.Unit)
	}
	var out []Power
	add := func(p Power, roles []org.Role, when bool) {
		if when && a.Has(roles...) {
			out = append(out, p)
		}
	}
	var sender org.UnitID
	if l, ok := m.CurrentLeg(); ok {
		sender = l.From
	}
	receiver := slices.ContainsFunc(m.Submissions, func(s Submission) bool { return at(s.Unit) })
	inScope := slices.ContainsFunc(m.Units(), func(u org.UnitID) bool { return chart.Under(u, a.Duty.Scope) })
	add(PowerReceiver, []org.Role{org.RoleRegistrar, org.RoleDiscipline}, receiver)
	add(PowerHolder, []org.Role{org.RoleRegistrar, org.RoleHandler, org.RoleDiscipline}, at(m.Holder()))
	add(PowerHead, []org.Role{org.RoleHead, org.RoleDiscipline}, at(m.Holder()))
	add(PowerSender, []org.Role{org.RoleRegistrar, org.RoleSupervisor, org.RoleHead, org.RoleDiscipline}, at(sender))
	office, superior := []org.Role{org.RoleSupervisor}, []org.Role{org.RoleSupervisor, org.RoleLeader}
	if m.Sealed { // nobody else may know of it, so discipline inspection is its own office
		office, superior = []org.Role{org.RoleDiscipline}, []org.Role{org.RoleDiscipline}
	}
	add(PowerOffice, office, inScope)
	add(PowerSuperior, superior, inScope && (m.Superior == 0 || chart.Under(m.Superior, a.Duty.Scope)))
	add(PowerAdvised, []org.Role{org.RoleRegistrar, org.RoleHandler, org.RoleHead, org.RoleDiscipline},
		slices.ContainsFunc(m.Advices, func(v Advice) bool { return v.open() && v.Unit == a.Duty.Unit }))
	add(PowerReported, []org.Role{org.RoleRegistrar, org.RoleHandler, org.RoleHead, org.RoleSupervisor, org.RoleLeader, org.RoleDiscipline},
		slices.ContainsFunc(m.Reports, func(r Report) bool { return r.Unit != 0 && r.Unit == a.Duty.Unit }))
	add(PowerPart, []org.Role{org.RoleRegistrar, org.RoleHandler, org.RoleDiscipline},
		slices.ContainsFunc(m.Parts, func(p Part) bool { return p.open() && p.Unit == a.Duty.Unit }))
	for i := range m.Reviews {
		r := &m.Reviews[i]
		if !r.Open() || !r.worksFor(a) {
			continue
		}
		own := a.Duty.Unit == r.Organ // leaders decide at the organ itself
		add(PowerReviewer, []org.Role{org.RoleRegistrar, org.RoleHandler}, !slices.Contains(out, PowerReviewer))
		add(PowerReviewer, []org.Role{org.RoleLeader}, own && !slices.Contains(out, PowerReviewer))
		add(PowerReviewHead, []org.Role{org.RoleHead}, !slices.Contains(out, PowerReviewHead))
		add(PowerReviewHead, []org.Role{org.RoleLeader}, own && !slices.Contains(out, PowerReviewHead))
	}
	return out
}
