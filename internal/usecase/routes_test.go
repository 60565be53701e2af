package usecase_test

import (
	"slices"
	"testing"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

// Every rule that comes with the program names what is there: categories, ways, periods; and the commonest claims have one.
func TestShippedRoutes(t *testing.T) {
	o := newOffice(t)
	rules, err := o.RouteRules(o.actor(t, org.RoleRegistrar, unitBureau))
	if err != nil || len(rules) == 0 {
		t.Fatalf("%d rules, %v", len(rules), err)
	}
	for _, r := range rules {
		if r.Version != 0 || r.Ended || r.ConditionEnglish == "" || r.OrganEnglish == "" || r.LawEnglish == "" || r.BringEnglish == "" {
			t.Errorf("%s is not whole: %+v", r.Key, r)
		}
		if _, err := o.SaveRouteRule(t.Context(), org.System(), r); err != nil {
			t.Errorf("%s could not be saved as it is: %v", r.Key, err)
		}
	}
	for category, want := range map[string]string{
		"N0502": "labour-inspection", "N0501": "labour-arbitration", "N0102": "land-contract-arbitration", "N0201": "reconsideration", "N1001": "retrial",
		"N1005": "criminal", "N16": "party-appeal", "N1401": "protective-duty",
	} {
		if !slices.ContainsFunc(o.RoutesFor(category), func(r usecase.RouteRule) bool { return r.Key == want }) {
			t.Errorf("%s has no rule %s", category, want)
		}
	}
	if found := o.RoutesFor("N0502"); found[0].Key != "labour-inspection" {
		t.Errorf("the narrowest is not the first: %s", found[0].Key)
	}
}

func TestRouteRules(t *testing.T) {
	o := newOffice(t)
	root := org.System()
	r, err := o.RouteRule(root, "labour-arbitration")
	if err != nil {
		t.Fatal(err)
	}
	for _, role := range []org.Role{org.RoleRegistrar, org.RoleHead, org.RoleLeader, org.RoleAuditor} {
		if _, err := o.SaveRouteRule(t.Context(), o.actor(t, role, unitBureau), r); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("%s changes a rule: %v", role, err)
		}
	}
	if _, err := o.SaveRouteRule(t.Context(), o.actor(t, org.RoleAdmin, unitTownA), r); errs.CodeOf(err) != "rules.root" {
		t.Errorf("a town's administrator changes a rule: %v", err)
	}
	if _, err := o.RouteRules(org.Actor{Kind: org.ActorPetitioner}); err == nil {
		t.Error("a petitioner reads the rules")
	}
	wrong := usecase.RouteRule{Categories: []string{"X"}, Route: "petition", Limits: []law.RuleID{"D99"}, Unit: 9999}
	if _, err := o.SaveRouteRule(t.Context(), root, wrong); errs.KindOf(err) != errs.Invalid {
		t.Errorf("saved %v", err)
	}
	r.Organ, r.Unit = "区劳动人事争议仲裁院", unitHR
	if _, err := o.SaveRouteRule(t.Context(), root, r); err != nil {
		t.Fatal(err)
	}
	own, err := o.SaveRouteRule(t.Context(), root, usecase.RouteRule{Condition: "物业费纠纷", Route: matter.RouteJudicial, Organ: "区人民法院", Law: "民事诉讼法", Categories: []string{"N0102"}})
	if err != nil || own != "own-1" {
		t.Fatalf("own rule %q, %v", own, err)
	}
	if found := o.RoutesFor("N0102"); !slices.ContainsFunc(found, func(r usecase.RouteRule) bool { return r.Key == own }) {
		t.Errorf("the own rule is not offered: %+v", found)
	}
	if got, err := o.RouteRule(root, r.Key); err != nil || got.Version != 1 || got.Organ != r.Organ {
		t.Errorf("%+v, %v", got, err)
	}
	if err := o.EndRouteRule(t.Context(), root, own); err != nil {
		t.Fatal(err)
	}
	if err := o.EndRouteRule(t.Context(), root, own); errs.KindOf(err) != errs.NotFound {
		t.Errorf("ended twice: %v", err)
	}
	if slices.ContainsFunc(o.RoutesFor("N0102"), func(r usecase.RouteRule) bool { return r.Key == own }) {
		t.Error("an ended rule is offered")
	}
	log, err := o.OrgLog(t.Context(), o.actor(t, org.RoleAdmin, unitCounty), usecase.LogFilter{Limit: 10})
	if err != nil || len(log.Changes) < 3 || log.Changes[0].Kind != "route" || log.Changes[0].Made || !log.Changes[1].Made {
		t.Errorf("the record of changes: %+v, %v", log.Changes, err)
	}
}

// What was told stays as it was told when the rule changes; a rule for another way than the one chosen is refused.
func TestDivertUnderARule(t *testing.T) {
	o := newOffice(t)
	ref := o.register(t, unitBureau, "工资")
	o.take(t, org.RoleRegistrar, unitBureau, ref, &matter.Screen{Kind: matter.KindAppeal, Level: matter.LevelOrdinary, Category: "N0502"})
	who := o.actor(t, org.RoleRegistrar, unitBureau)
	divert := func(route matter.Route, rule string) error {
		_, err := o.Do(t.Context(), who, ref, 0, &matter.Divert{Route: route, Organ: "仲裁委", How: "带上身份证", Rule: rule})
		return err
	}
	if err := divert(matter.RouteJudicial, "labour-arbitration"); errs.KindOf(err) != errs.Invalid {
		t.Errorf("another way: %v", err)
	}
	if err := divert(matter.RouteArbitration, "nonesuch"); errs.KindOf(err) != errs.Invalid {
		t.Errorf("no such rule: %v", err)
	}
	if err := divert(matter.RouteArbitration, "labour-arbitration"); err != nil {
		t.Fatal(err)
	}
	rule, err := o.RouteRule(who, "labour-arbitration")
	if err != nil {
		t.Fatal(err)
	}
	told := rule.Law
	rule.Law = "另一部法"
	if _, err := o.SaveRouteRule(t.Context(), org.System(), rule); err != nil {
		t.Fatal(err)
	}
	v, err := o.Matter(t.Context(), who, ref)
	if err != nil {
		t.Fatal(err)
	}
	g := v.Matter.Told.Guide
	if g == nil || g.Law != told || !slices.Contains(g.Limits, "D27") {
		t.Fatalf("told %+v", g)
	}
	var last []law.Day
	limits := o.Limits(g.Limits, v.Matter.Place(), "D27", law.NewDay(2025, 3, 3))
	for _, l := range limits {
		if l.Deadline != nil {
			last = append(last, l.Deadline.NominalEnd)
		}
	}
	if len(limits) != len(g.Limits) || len(last) != 1 || last[0] != law.NewDay(2026, 3, 3) { // one year
		t.Errorf("last days %v of %d periods", last, len(limits))
	}
	if n := len(v.Clocks); slices.ContainsFunc(v.Clocks, func(c usecase.ClockView) bool { return c.Rule == "D27" }) || n == 0 {
		t.Error("another law's period runs as a clock of the petition")
	}
}
