package usecase_test

import (
	"fmt"
	"strings"
	"testing"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
)

// Two units give a matter back, the county decides, and the decision waits as a line of the catalogue for an administrator.
func TestARulingBecomesAProposal(t *testing.T) {
	o := newOffice(t)
	admin := o.actor(t, org.RoleAdmin, unitCounty)
	sent := func(title string) matter.Ref {
		ref := o.register(t, unitBureau, title)
		o.take(t, org.RoleRegistrar, unitBureau, ref, &matter.Screen{Kind: matter.KindAppeal, Level: matter.LevelOrdinary, Category: "N0307"})
		for _, u := range []org.UnitID{unitHR, unitHousing} {
			o.take(t, org.RoleRegistrar, unitBureau, ref, &matter.Forward{Unit: u, Mode: matter.ModeTransfer, Why: "归它管"})
			o.take(t, org.RoleHandler, u, ref, &matter.Sign{}, &matter.Object{Reason: "不归"})
			o.take(t, org.RoleRegistrar, unitBureau, ref, &matter.UpholdObjection{Reason: "属实"})
		}
		o.take(t, org.RoleLeader, unitCounty, ref, &matter.DecideDispute{Unit: unitTownA, Reason: "事发在镇里"})
		return ref
	}
	open := func() []int64 {
		t.Helper()
		list, err := o.Proposals(t.Context(), admin, 0, 10)
		if err != nil {
			t.Fatal(err)
		}
		var ids []int64
		for _, p := range list.Proposals {
			ids = append(ids, p.ID)
		}
		return ids
	}
	words := func(of any) bool { return strings.Contains(fmt.Sprintf("%+v", of), "事发在镇里") } // those of the decision
	ref := sent("第一件")
	list, err := o.Proposals(t.Context(), admin, 0, 10)
	if err != nil || len(list.Proposals) != 1 {
		t.Fatalf("%d proposals, %v", len(list.Proposals), err)
	}
	if p := list.Proposals[0]; p.Category != "N0307" || p.Place != 330112104202 || p.At.ID != unitTownA || words(p) || !p.Matter.IsZero() {
		t.Errorf("proposed %+v", p)
	}
	both := org.System()
	if _, err := o.Proposals(t.Context(), o.actor(t, org.RoleRegistrar, unitBureau), 0, 10); errs.KindOf(err) != errs.Forbidden {
		t.Errorf("a registrar lists proposals: %v", err)
	}
	if _, err := o.ConfirmProposal(t.Context(), o.actor(t, org.RoleAdmin, unitTownB), list.Proposals[0].ID, "", ""); errs.KindOf(err) != errs.NotFound {
		t.Errorf("another town's administrator confirms: %v", err)
	}
	if found, err := o.Proposals(t.Context(), both, 0, 10); err != nil || len(found.Proposals) != 1 || found.Proposals[0].Matter != ref {
		t.Errorf("who may see the matter is not told which: %+v, %v", found, err)
	}
	if _, err := o.ConfirmProposal(t.Context(), admin, list.Proposals[0].ID, " ", "It happened in the town"); errs.KindOf(err) != errs.Invalid {
		t.Errorf("confirmed without a reason: %v", err)
	}
	o.read(t, func(tx *store.Tx) error {
		kept, err := tx.Proposal(t.Context(), list.Proposals[0].ID)
		if words(kept) {
			t.Errorf("the words of the decision are kept: %+v", kept)
		}
		return err
	})
	line, err := o.ConfirmProposal(t.Context(), admin, list.Proposals[0].ID, "权责清单", "It happened in the town")
	if err != nil || len(open()) != 0 {
		t.Fatalf("confirmed: %v, open %v", err, open())
	}
	found, err := o.Suggest(t.Context(), o.actor(t, org.RoleRegistrar, unitBureau), "N0307", 330112104202)
	if err != nil || len(found) == 0 || found[0].Line != line || found[0].Unit.ID != unitTownA {
		t.Errorf("the catalogue suggests %+v, %v", found, err)
	}
	if _, err := o.ConfirmProposal(t.Context(), admin, list.Proposals[0].ID, "", ""); errs.KindOf(err) != errs.NotFound {
		t.Errorf("confirmed twice: %v", err)
	}
	if sent("第二件"); len(open()) != 0 {
		t.Error("what the catalogue says already is proposed again")
	}
}

func TestAProposalSetAside(t *testing.T) {
	o := newOffice(t)
	admin := o.actor(t, org.RoleAdmin, unitCounty)
	ref := o.register(t, unitBureau, "一件")
	o.take(t, org.RoleRegistrar, unitBureau, ref, &matter.Screen{Kind: matter.KindAppeal, Level: matter.LevelOrdinary, Category: "N0307"},
		&matter.Forward{Unit: unitHR, Mode: matter.ModeTransfer, Why: "归它管"})
	o.take(t, org.RoleHandler, unitHR, ref, &matter.Sign{}, &matter.Dispute{Reason: "不归"})
	o.take(t, org.RoleLeader, unitCounty, ref, &matter.DecideDispute{Unit: unitHousing, Reason: "归住建"})
	list, err := o.Proposals(t.Context(), admin, 0, 10)
	if err != nil || len(list.Proposals) != 1 {
		t.Fatalf("%d proposals, %v", len(list.Proposals), err)
	}
	if err := o.DropProposal(t.Context(), admin, list.Proposals[0].ID); err != nil {
		t.Fatal(err)
	}
	if left, err := o.Proposals(t.Context(), admin, 0, 10); err != nil || len(left.Proposals) != 0 {
		t.Errorf("%d left, %v", len(left.Proposals), err)
	}
	log, err := o.OrgLog(t.Context(), admin, usecase.LogFilter{Limit: 10})
	if err != nil || len(log.Changes) == 0 || log.Changes[0].Kind != "proposal" || log.Changes[0].Made {
		t.Errorf("the record of changes says %+v, %v", log.Changes, err)
	}
	town := o.actor(t, org.RoleAdmin, unitTownB)
	if theirs, err := o.Proposals(t.Context(), town, 0, 10); err != nil || len(theirs.Proposals) != 0 {
		t.Errorf("another town's administrator sees %d, %v", len(theirs.Proposals), err)
	}
	if _, err := o.Proposal(t.Context(), town, list.Proposals[0].ID); errs.KindOf(err) != errs.NotFound {
		t.Errorf("and one: %v", err)
	}
}
