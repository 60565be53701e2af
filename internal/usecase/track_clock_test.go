package usecase_test

import (
	"testing"

	"huiyin/internal/matter"
	"huiyin/internal/org"
)

// TestThePetitionerSeesTheirOwnClock: the day by which a unit reports to the one that assigned the matter (D10) is no day of the petitioner's,
// however early it is; they see the notice (D03) and then the 60 days (D05).
func TestThePetitionerSeesTheirOwnClock(t *testing.T) {
	o := newOffice(t)
	ref := o.register(t, unitBureau, "路灯不亮")
	bureau, hr := o.actor(t, org.RoleRegistrar, unitBureau), o.actor(t, org.RoleHandler, unitHR)
	petitioner := org.Actor{Kind: org.ActorPetitioner, Home: ref.Home, Submission: ref.N}
	want := func(rule string) {
		t.Helper()
		v, err := o.Track(t.Context(), petitioner)
		if err != nil || v.Clock == nil || string(v.Clock.Rule) != rule {
			t.Errorf("the petitioner sees %+v (%v), want %s", v.Clock, err, rule)
		}
	}
	want("D01")
	mustDo(t, o, bureau, ref, &matter.Screen{Kind: matter.KindAppeal, Level: matter.LevelImportant})
	mustDo(t, o, bureau, ref, &matter.Forward{Unit: unitHR, Mode: matter.ModeAssign, Why: "属其职责", ReportBy: o.Today().Add(3)})
	want("D03")
	mustDo(t, o, hr, ref, &matter.Sign{})
	mustDo(t, o, hr, ref, &matter.Accept{})
	want("D05")
}

func mustDo(t *testing.T, o *testOffice, who org.Actor, ref matter.Ref, c matter.Command) {
	t.Helper()
	if _, err := o.Do(t.Context(), who, ref, 0, c); err != nil {
		t.Fatalf("%s: %v", c.Act(), err)
	}
}
