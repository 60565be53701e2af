package usecase_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

// What people said of one thing, each in own words, and of something else.
const (
	smoke      = "云栖花园12栋一楼的老灶烧烤店每晚营业到凌晨两点，没有装油烟净化器，油烟直冲楼上，住户窗户都不敢开。"
	smokeAgain = "家住云栖花园，楼下新开的老灶烧烤半夜还在烤肉，油烟味呛得孩子整夜咳嗽，找过社区没有用。"
)

// smoked registers a matter about the smoke, with a unit that handles it.
func (o *testOffice) smoked(t testing.TB, unit org.UnitID, again bool) matter.Ref {
	t.Helper()
	title, text := "云栖花园楼下老灶烧烤油烟扰民", smoke
	if again {
		title, text = "老灶烧烤熏得云栖花园住户睡不着", smokeAgain
	}
	return o.sent(t, unit, title, text)
}

func (o *testOffice) sent(t testing.TB, unit org.UnitID, title, text string) matter.Ref {
	t.Helper()
	ref := o.narrated(t, unitBureau, title, text)
	o.take(t, org.RoleRegistrar, unitBureau, ref, &matter.Screen{Kind: matter.KindAppeal, Level: matter.LevelOrdinary},
		&matter.Forward{Unit: unit, Mode: matter.ModeTransfer, Why: "属地"})
	return ref
}

// settle answers the one demand of a matter and ends it.
func (o *testOffice) settle(t testing.TB, unit org.UnitID, ref matter.Ref, outcome matter.Outcome) {
	t.Helper()
	o.take(t, org.RoleHandler, unit, ref, &matter.Sign{}, &matter.Accept{Contact: "0571-2"},
		&matter.Drafting{Facts: "查明", Basis: "大气污染防治法第八十一条", Answers: []matter.Answer{{Demand: 1, Outcome: outcome, Facts: "属实", Basis: "大气污染防治法第八十一条"}}})
	o.take(t, org.RoleHead, unit, ref, &matter.Issue{})
	o.take(t, org.RoleHandler, unit, ref, &matter.Serve{Submission: ref, Method: matter.ServedInPerson, On: o.Today(), Proof: "签收"},
		&matter.Ease{Solved: "装了净化器"}, &matter.Complete{Report: "已办结"})
}

// An open matter gets the settled one told in other words as a precedent, with what became of its demand and by which law; once that is settled, the open one
// is listed as of its kind. What is open is no precedent, what is about something else is neither.
func TestPrecedents(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	settled := o.smoked(t, unitVillageA1, false)
	other := o.sent(t, unitVillageA1, "路灯不亮", lamp)
	open := o.smoked(t, unitVillageA1, true)
	who := o.actor(t, org.RoleRegistrar, unitBureau)
	found, err := o.Precedents(t.Context(), who, open)
	check(t, err)
	if kin, err := o.Kin(t.Context(), who, settled); len(found)+len(kin) != 0 || err != nil {
		t.Fatalf("before anything is settled: %+v, %+v, %v", found, kin, err)
	}
	o.moveTo(o.Today() + 20)
	o.settle(t, unitVillageA1, settled, matter.OutcomeSupport)
	o.settle(t, unitVillageA1, other, matter.OutcomeSupport)
	found, err = o.Precedents(t.Context(), who, open)
	check(t, err)
	if len(found) != 1 || found[0].Ref != settled {
		t.Fatalf("%+v", found)
	}
	p := found[0]
	if d := cmp.Diff([]usecase.PrecedentAnswer{{Demand: "请予解决", Outcome: matter.OutcomeSupport}}, p.Answers); d != "" {
		t.Error(d)
	}
	if !slices.Equal(p.Bases, []string{"大气污染防治法第八十一条"}) || p.Days != 20 || !p.Current || p.Satisfied || p.Likeness < usecase.KindLikeness {
		t.Errorf("%+v", p)
	}
	kin, err := o.Kin(t.Context(), who, settled)
	check(t, err)
	if len(kin) != 1 || kin[0].Ref != open {
		t.Errorf("%+v", kin)
	}
	if kin, err := o.Kin(t.Context(), who, open); len(kin) != 0 || err != nil {
		t.Errorf("of an open matter: %+v, %v", kin, err)
	}
	if found, err := o.Precedents(t.Context(), who, settled); len(found) != 0 || err != nil {
		t.Errorf("of a settled matter: %+v, %v", found, err)
	}
}

// A refusal is a precedent and settles nothing for others; a rating counts for those who may see it.
func TestPrecedentThatRefuses(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	settled, open := o.smoked(t, unitVillageA1, false), o.smoked(t, unitTownA, true)
	o.settle(t, unitVillageA1, settled, matter.OutcomeRefuse)
	who := o.actor(t, org.RoleRegistrar, unitBureau)
	found, err := o.Precedents(t.Context(), who, open)
	check(t, err)
	if len(found) != 1 || found[0].Answers[0].Outcome != matter.OutcomeRefuse || found[0].Satisfied {
		t.Errorf("%+v", found)
	}
	if kin, err := o.Kin(t.Context(), who, settled); len(kin) != 0 || err != nil {
		t.Errorf("%+v, %v", kin, err)
	}
	own := org.Actor{Kind: org.ActorPetitioner, Home: settled.Home, Submission: settled.N}
	_, err = o.Do(t.Context(), own, settled, 0, &matter.Rate{Receiving: matter.GradeSatisfied, Handling: matter.GradeSatisfied})
	check(t, err)
	for name, c := range map[string]struct {
		who  org.Actor
		want bool
	}{
		"the bureau": {who, true}, "the handlers who were rated": {org.Actor{Kind: org.ActorStaff, Duty: org.Duty{Role: org.RoleHandler, Unit: unitVillageA1, Scope: unitCounty}}, false},
	} {
		if found, err := o.Precedents(t.Context(), c.who, open); err != nil || len(found) != 1 || found[0].Satisfied != c.want {
			t.Errorf("%s: %+v, %v", name, found, err)
		}
	}
}

func TestPrecedentsAreForStaff(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	settled, open := o.smoked(t, unitVillageA1, false), o.smoked(t, unitTownA, true)
	o.settle(t, unitVillageA1, settled, matter.OutcomeSupport)
	sealed := o.narrated(t, unitDiscipline, "云栖花园楼下老灶烧烤油烟扰民", smoke, func(in *matter.Intake) {
		in.Kind, in.Accused = matter.KindAccusation, []org.UnitID{unitHousing}
	})
	inspector := o.actor(t, org.RoleDiscipline, unitDiscipline)
	for name, c := range map[string]struct {
		who  org.Actor
		ref  matter.Ref
		kind errs.Kind
	}{
		"nobody":                      {org.Actor{}, open, errs.Unauthenticated},
		"the petitioner":              {org.Actor{Kind: org.ActorPetitioner, Home: open.Home, Submission: open.N}, open, errs.Unauthenticated},
		"another town":                {o.actor(t, org.RoleHandler, unitTownB), open, errs.NotFound},
		"a machine that may not read": {org.Actor{Kind: org.ActorMachine, Grants: []string{"register"}, Duty: org.Duty{Role: org.RoleRegistrar, Unit: unitBureau, Scope: unitCounty}}, open, errs.Forbidden},
	} {
		found, err := o.Precedents(t.Context(), c.who, c.ref)
		kin, kinErr := o.Kin(t.Context(), c.who, c.ref)
		if errs.KindOf(err) != c.kind || errs.KindOf(kinErr) != c.kind || len(found)+len(kin) != 0 {
			t.Errorf("%s: %v, %v, %+v, %+v", name, err, kinErr, found, kin)
		}
	}
	if found, err := o.Precedents(t.Context(), inspector, sealed); err != nil || len(found) != 0 {
		t.Errorf("of a sealed matter: %+v, %v", found, err)
	}
	if kin, err := o.Kin(t.Context(), o.actor(t, org.RoleRegistrar, unitBureau), settled); err != nil || len(kin) != 1 || kin[0].Ref != open {
		t.Errorf("a sealed one is of no kind: %+v, %v", kin, err)
	}
}

// Whatever units have the matters: nobody is given a precedent, or one of a kind, that they may not see.
func TestPrecedentsKeepWithinTheScope(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	units := []org.UnitID{unitTownA, unitTownB, unitVillageA1, unitHousing}
	rapid.Check(t, func(rt *rapid.T) {
		word := fmt.Sprint("云栖", rapid.IntRange(1, 1_000_000).Draw(rt, "word"))
		var open, settled []matter.Ref
		for i := range rapid.IntRange(1, 3).Draw(rt, "matters") {
			at := rapid.SampledFrom(units).Draw(rt, "unit")
			ref := o.sent(t, at, word+"楼下老灶烧烤油烟扰民", word+smoke)
			if i%2 == 0 {
				o.settle(t, at, ref, matter.OutcomeSupport)
				settled = append(settled, ref)
			}
			open = append(open, o.sent(t, rapid.SampledFrom(units).Draw(rt, "open at"), word+"老灶烧烤熏得住户睡不着", word+smokeAgain))
		}
		who := o.actor(t, org.RoleHandler, rapid.SampledFrom(units).Draw(rt, "reader"))
		sees := func(ref matter.Ref) bool {
			_, err := o.Matter(t.Context(), who, ref)
			return err == nil
		}
		for _, ref := range open {
			found, err := o.Precedents(t.Context(), who, ref)
			if sees(ref) != (err == nil) {
				rt.Fatalf("%s: %v", ref, err)
			}
			for _, p := range found {
				if !sees(p.Ref) || p.Open {
					rt.Errorf("%s is given %s", ref, p.Ref)
				}
			}
		}
		for _, ref := range settled {
			kin, err := o.Kin(t.Context(), who, ref)
			if sees(ref) != (err == nil) {
				rt.Fatalf("%s: %v", ref, err)
			}
			for _, k := range kin {
				if !sees(k.Ref) || !k.Open {
					rt.Errorf("%s is given %s", ref, k.Ref)
				}
			}
		}
	})
}

// Of two matters of which somebody said that they are not of one kind neither is given for the other, to nobody, until that is taken back; both stand in the record of changes.
func TestNotKin(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	settled, open := o.smoked(t, unitVillageA1, false), o.smoked(t, unitTownA, true)
	again := o.sent(t, unitTownA, "云栖花园老灶烧烤油烟熏人", smokeAgain)
	o.settle(t, unitVillageA1, settled, matter.OutcomeSupport)
	bureau, town := o.actor(t, org.RoleRegistrar, unitBureau), o.actor(t, org.RoleHandler, unitTownA)
	look := func(who org.Actor) (precedents, kin []matter.Ref) {
		t.Helper()
		found, err := o.Precedents(t.Context(), who, open)
		check(t, err)
		for _, p := range found {
			precedents = append(precedents, p.Ref)
		}
		list, err := o.Kin(t.Context(), who, settled)
		check(t, err)
		for _, k := range list {
			kin = append(kin, k.Ref)
		}
		return precedents, kin
	}
	if p, k := look(bureau); !slices.Equal(p, []matter.Ref{settled}) || len(k) != 2 {
		t.Fatalf("%v, %v", p, k)
	}
	const why = "这一件是居民楼，那一件是临街的店"
	check(t, o.SayNotKin(t.Context(), town, open, settled, "  "+why+" "))
	for name, who := range map[string]org.Actor{"who said it": town, "the bureau": bureau} {
		if p, k := look(who); len(p) != 0 || !slices.Equal(k, []matter.Ref{again}) {
			t.Errorf("%s: %v, %v", name, p, k)
		}
		for a, b := range map[matter.Ref]matter.Ref{open: settled, settled: open} {
			said, err := o.NotKin(t.Context(), who, a)
			if err != nil || len(said) != 1 || said[0].Ref != b || said[0].Reason != why || said[0].At.ID != unitTownA {
				t.Errorf("%s of %s: %+v, %v", name, a, said, err)
			}
		}
	}
	if err := o.SayNotKin(t.Context(), bureau, settled, open, "也这么看"); errs.KindOf(err) != errs.Conflict {
		t.Errorf("said twice: %v", err)
	}
	check(t, o.TakeBackNotKin(t.Context(), bureau, settled, open))
	if p, k := look(town); !slices.Equal(p, []matter.Ref{settled}) || len(k) != 2 {
		t.Errorf("taken back: %v, %v", p, k)
	}
	if err := o.TakeBackNotKin(t.Context(), bureau, open, settled); errs.KindOf(err) != errs.Conflict {
		t.Errorf("taken back twice: %v", err)
	}
	page, err := o.OrgLog(t.Context(), org.System(), usecase.LogFilter{Limit: 100})
	check(t, err)
	kinds := 0
	for _, c := range page.Changes {
		if c.Kind == "kin" {
			kinds++
		}
	}
	if kinds != 2 {
		t.Errorf("%d changes on record", kinds)
	}
}

// Only who works on both may say that they are not of one kind.
func TestWhoMaySayNotKin(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	settled, open := o.smoked(t, unitVillageA1, false), o.smoked(t, unitTownB, true)
	sealed := o.narrated(t, unitDiscipline, "云栖花园楼下老灶烧烤油烟扰民", smoke, func(in *matter.Intake) {
		in.Kind, in.Accused = matter.KindAccusation, []org.UnitID{unitHousing}
	})
	bureau := o.actor(t, org.RoleRegistrar, unitBureau)
	machine := org.Actor{Kind: org.ActorMachine, Grants: []string{"read"}, Duty: org.Duty{Role: org.RoleRegistrar, Unit: unitBureau, Scope: unitCounty}}
	for name, c := range map[string]struct {
		who    org.Actor
		other  matter.Ref
		reason string
		kind   errs.Kind
	}{
		"nobody":                       {org.Actor{}, settled, "不同", errs.Unauthenticated},
		"the petitioner":               {org.Actor{Kind: org.ActorPetitioner, Home: open.Home, Submission: open.N}, settled, "不同", errs.Forbidden},
		"a leader":                     {o.actor(t, org.RoleLeader, unitBureau), settled, "不同", errs.Forbidden},
		"a machine that may only read": {machine, settled, "不同", errs.Forbidden},
		"who sees one of the two":      {o.actor(t, org.RoleHandler, unitTownB), settled, "不同", errs.NotFound},
		"with a sealed one":            {bureau, sealed, "不同", errs.NotFound},
		"with itself":                  {bureau, open, "不同", errs.Conflict},
		"with one of another home":     {bureau, matter.Ref{Home: open.Home + 1, N: settled.N}, "不同", errs.NotFound},
		"without a reason":             {bureau, settled, " ", errs.Invalid},
		"for too long a reason":        {bureau, settled, strings.Repeat("不", usecase.MaxKinReason+1), errs.Invalid},
	} {
		if err := o.SayNotKin(t.Context(), c.who, open, c.other, c.reason); errs.KindOf(err) != c.kind {
			t.Errorf("%s: %v", name, err)
		}
	}
	check(t, o.SayNotKin(t.Context(), bureau, open, settled, "不同"))
	town := o.actor(t, org.RoleHandler, unitTownB)
	if said, err := o.NotKin(t.Context(), town, open); err != nil || len(said) != 0 {
		t.Errorf("the town is told of a matter that it does not see: %+v, %v", said, err)
	}
	if err := o.TakeBackNotKin(t.Context(), town, open, settled); errs.KindOf(err) != errs.NotFound {
		t.Errorf("it takes back what it does not see: %v", err)
	}
}
