package usecase_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
)

// taken is a step with its day and who takes it.
type taken struct {
	day     law.Day
	who     org.Actor
	command matter.Command
}

// replayedLife is a life as it may be taken at the desk.
func replayedLife(t *testing.T, o *testOffice, ref matter.Ref) []taken {
	t.Helper()
	clerk, handler, head := o.actor(t, org.RoleRegistrar, unitBureau), o.actor(t, org.RoleHandler, unitHousing), o.actor(t, org.RoleHead, unitHousing)
	served := law.NewDay(2026, 4, 21)
	return []taken{
		{law.NewDay(2026, 3, 3), clerk, &matter.Screen{Kind: matter.KindAppeal, Level: matter.LevelOrdinary}},
		{law.NewDay(2026, 3, 4), clerk, &matter.Forward{Unit: unitHousing, Mode: matter.ModeTransfer, Why: "住房"}},
		{law.NewDay(2026, 3, 9), handler, &matter.Sign{}},
		{law.NewDay(2026, 3, 12), handler, &matter.Accept{}},
		{law.NewDay(2026, 4, 15), handler, &matter.Drafting{
			Facts: "查明", Basis: "依据", Answers: []matter.Answer{{Demand: 1, Outcome: matter.OutcomeSupport, Facts: "查明", Basis: "依据"}},
		}},
		{law.NewDay(2026, 4, 20), head, &matter.Issue{}},
		{served, handler, &matter.Serve{Submission: ref, Method: matter.ServedOnline, On: served}},
		{served, handler, &matter.Ease{Solved: "已修"}},
		{law.NewDay(2026, 4, 22), handler, &matter.Complete{}},
		{law.NewDay(2026, 5, 6), org.Actor{Kind: org.ActorPetitioner, Home: ref.Home, Submission: ref.N}, &matter.Rate{
			Receiving: matter.GradeSatisfied, Handling: matter.GradeSatisfied,
		}},
	}
}

// What is replayed is what it would be had it been done at the desk day by day, to the last link of its chain; and all that is kept beside the events follows from them.
func TestReplayIsTheDesk(t *testing.T) {
	t.Parallel()
	filed, today := law.NewDay(2026, 3, 2), law.NewDay(2026, 6, 1)
	intake := matter.Intake{
		Channel: matter.ChannelVisit, Title: "屋顶漏水", Narrative: "屋顶漏水半年", Demands: []string{"修好屋顶"}, Place: 330112104202,
		Petitioners: []matter.Petitioner{{Name: "张三", Phone: "0571-00000001"}},
	}
	at := func(d law.Day) int64 { return d.StartUS() + 9*3600*1_000_000 }

	desk := newOffice(t)
	desk.moveTo(filed)
	given := intake
	given.ReceivedUS = at(filed)
	r, err := desk.Register(t.Context(), desk.actor(t, org.RoleRegistrar, unitBureau), given, "")
	check(t, err)
	for _, s := range replayedLife(t, desk, r.Ref) {
		desk.moveTo(s.day)
		_, err := desk.Do(t.Context(), s.who, r.Ref, 0, s.command)
		check(t, err)
	}

	o := newOffice(t)
	o.moveTo(today)
	life := usecase.Past{By: o.actor(t, org.RoleRegistrar, unitBureau), Intake: given, Steps: func(ref matter.Ref) []usecase.PastStep {
		var out []usecase.PastStep
		for _, s := range replayedLife(t, o, ref) {
			out = append(out, usecase.PastStep{AtUS: at(s.day), By: s.who, Command: s.command})
		}
		return out
	}}
	refs, err := o.Replay(t.Context(), org.System(), r.Ref.Home, []usecase.Past{life, life})
	check(t, err)
	if len(refs) != 2 || refs[0] != r.Ref {
		t.Fatalf("%v, want %s first", refs, r.Ref)
	}
	events := func(o *testOffice) (list []store.EventRow) {
		o.read(t, func(tx *store.Tx) (err error) {
			list, err = tx.Events(t.Context(), r.Ref)
			return err
		})
		return list
	}
	want, got := events(desk), events(o)
	if len(want) != 11 {
		t.Fatalf("%d events at the desk", len(want))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	o.catchUp(t)
	fold(t, o)
	agree(t, o)
	if found, _ := o.searched(t, o.actor(t, org.RoleRegistrar, unitBureau), "屋顶"); !slices.Contains(found, r.Ref) {
		t.Errorf("found %v", found)
	}
}

// One that cannot have been so keeps all of its batch out, and nobody but the operator may replay.
func TestReplayAllOrNothing(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	clerk := o.actor(t, org.RoleRegistrar, unitBureau)
	filed := law.NewDay(2026, 3, 2)
	o.moveTo(law.NewDay(2026, 6, 1))
	past := func(steps ...matter.Command) usecase.Past {
		in := matter.Intake{
			Channel: matter.ChannelVisit, Title: "路灯", Narrative: "路灯", Demands: []string{"修"}, Place: 330112104202, ReceivedUS: filed.StartUS(),
			Petitioners: []matter.Petitioner{{Name: "张三", Phone: "0571-00000001"}},
		}
		return usecase.Past{By: clerk, Intake: in, Steps: func(matter.Ref) (out []usecase.PastStep) {
			for i, c := range steps {
				out = append(out, usecase.PastStep{AtUS: filed.Add(i + 1).StartUS(), By: clerk, Command: c})
			}
			return out
		}}
	}
	home := usecase.HomeOf(330112)
	good, bad := past(&matter.Screen{Kind: matter.KindAppeal, Level: matter.LevelOrdinary}), past(&matter.Complete{})
	if _, err := o.Replay(t.Context(), org.System(), home, []usecase.Past{good, bad}); errs.KindOf(err) != errs.Refused {
		t.Errorf("%v", err)
	}
	if _, err := o.Replay(t.Context(), clerk, home, []usecase.Past{good}); errs.KindOf(err) != errs.Forbidden {
		t.Errorf("%v", err)
	}
	refs, err := o.Replay(t.Context(), org.System(), home, []usecase.Past{good})
	check(t, err)
	if want := matter.NewRef(home, 2026, 1); refs[0] != want {
		t.Errorf("%s, want %s: what was refused has left something", refs[0], want)
	}
}
