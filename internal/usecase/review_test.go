package usecase_test

import (
	"testing"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/org"
)

// take lets the first person of a role at a unit take steps that must be lawful.
func (o *testOffice) take(t testing.TB, role org.Role, unit org.UnitID, ref matter.Ref, steps ...matter.Command) {
	t.Helper()
	if _, err := o.DoAll(t.Context(), o.actor(t, role, unit), ref, 0, steps, ""); err != nil {
		t.Fatal(err)
	}
}

// A village's opinion goes to the town for review and to the county for re-review; each organ sees it when its turn comes and numbers its own
// opinions. When the procedure has ended, a second submission of the same person is declined by naming the ended matter.
func TestReviewThroughTheOffice(t *testing.T) {
	o := newOffice(t)
	petition := matter.Intake{
		Channel: matter.ChannelVisit, Title: "水渠", Demands: []string{"修好水渠"}, Place: 330112104202,
		Petitioners: []matter.Petitioner{{Name: "张三", Phone: "0571-00000001", IDNumber: "11010519491231002X"}},
	}
	desk := o.actor(t, org.RoleRegistrar, unitBureau)
	receipt, err := o.Register(t.Context(), desk, petition, "")
	if err != nil {
		t.Fatal(err)
	}
	ref := receipt.Ref
	own := org.Actor{Kind: org.ActorPetitioner, Home: ref.Home, Submission: ref.N}
	o.take(t, org.RoleRegistrar, unitBureau, ref, &matter.Screen{Kind: matter.KindAppeal, Level: matter.LevelOrdinary},
		&matter.Forward{Unit: unitVillageA1, Mode: matter.ModeTransfer, Why: "归村里"})
	answers := []matter.Answer{{Demand: 1, Outcome: matter.OutcomeRefuse, Facts: "查明", Basis: "依据"}}
	o.take(t, org.RoleHandler, unitVillageA1, ref, &matter.Sign{}, &matter.Accept{}, &matter.Drafting{Facts: "查明", Basis: "依据", Answers: answers})
	o.take(t, org.RoleHead, unitVillageA1, ref, &matter.Issue{})
	o.take(t, org.RoleHandler, unitVillageA1, ref, &matter.Serve{Submission: ref, Method: matter.ServedOnline, On: o.Today()})

	view, err := o.Track(t.Context(), own)
	if err != nil {
		t.Fatal(err)
	}
	if len(view.Remedies) != 1 || view.Remedies[0].Act != matter.ActRequestReview || len(view.Organs[matter.ActRequestReview]) != 1 ||
		view.Organs[matter.ActRequestReview][0].ID != unitTownA {
		t.Fatalf("remedies %+v, organs %v", view.Remedies, view.Organs)
	}
	uphold := &matter.DraftReview{Result: matter.ReviewUphold, Facts: "查明", Basis: "依据"}
	serve := &matter.ServeReview{Submission: ref, Method: matter.ServedOnline, On: o.Today()}
	for _, tier := range []struct {
		ask           matter.Command
		organ, worker org.UnitID
	}{{&matter.RequestReview{Reason: "不服"}, unitTownA, unitTownA}, {&matter.RequestReReview{Reason: "不服"}, unitCounty, unitBureau}} {
		if _, err := o.Do(t.Context(), own, ref, 0, tier.ask); err != nil {
			t.Fatal(err)
		}
		o.take(t, org.RoleHandler, tier.worker, ref, &matter.TakeReview{}, uphold)
		if _, err := o.Do(t.Context(), o.actor(t, org.RoleHead, unitVillageA1), ref, 0, &matter.IssueReview{}); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("the unit that gave the opinion signs: %v", err)
		}
		o.take(t, org.RoleHead, tier.worker, ref, &matter.IssueReview{})
		o.take(t, org.RoleHandler, tier.worker, ref, serve)
	}
	seen, err := o.Matter(t.Context(), desk, ref)
	if err != nil {
		t.Fatal(err)
	}
	if seen.Matter.State != matter.StateTerminated || seen.Row.Open {
		t.Errorf("state %s, open %v", seen.Matter.State, seen.Row.Open)
	}
	for i, r := range seen.Matter.Reviews {
		if want := []string{"WARD_3〔2025〕1号", "临安区〔2025〕1号"}[i]; r.Document != want {
			t.Errorf("opinion %d has the number %q, want the first of its organ", i, r.Document)
		}
	}

	second, err := o.Register(t.Context(), desk, petition, "")
	if err != nil {
		t.Fatal(err)
	}
	o.take(t, org.RoleRegistrar, unitBureau, second.Ref, &matter.Screen{Kind: matter.KindAppeal, Level: matter.LevelOrdinary})
	refused := func(c matter.Command, want string) {
		t.Helper()
		_, err := o.Do(t.Context(), desk, second.Ref, 0, c)
		if e, ok := errorOf(err); !ok || len(e.Fields) != 1 || e.Fields[0].Code != want {
			t.Errorf("%s: %v, want %s", c.Act(), err, want)
		}
	}
	refused(&matter.DeclineFinal{Concluded: "2025-1", Reason: "同一事实"}, "decline_final.name_it")
	refused(&matter.DeclineFinal{Concluded: "2025-1", Reason: "同一事实", Matter: second.Ref}, "decline_final.not_ended")
	refused(&matter.DeclineFinal{Concluded: "2025-1", Reason: "同一事实", Matter: matter.NewRef(ref.Home, 2026, 99)}, "decline_final.not_found")
	refused(&matter.Screen{Kind: matter.KindAppeal, Level: matter.LevelOrdinary, Earlier: matter.NewRef(ref.Home, 2026, 99), NewFacts: "新证据"}, "decline_final.not_found")
	if _, err := o.Do(t.Context(), desk, second.Ref, 0, &matter.DeclineFinal{Concluded: "2025-1", Reason: "同一事实", Matter: ref}); err != nil {
		t.Error(err)
	}
}
