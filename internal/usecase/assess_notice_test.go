package usecase_test

import (
	"testing"

	"huiyin/internal/assess"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
)

// sheetNotices are the notices of a kind in somebody's inbox.
func (o *testOffice) sheetNotices(t *testing.T, role org.Role, unit org.UnitID, kind string) []usecase.NoticeView {
	t.Helper()
	page, err := o.Inbox(t.Context(), o.actor(t, role, unit), store.NoticeCursor{})
	check(t, err)
	var out []usecase.NoticeView
	for _, n := range page.Notices {
		if n.Kind == kind {
			out = append(out, n)
		}
	}
	return out
}

// The head of each unit is told that its sheet is there and what became of an appeal, who assesses that there is one, and nobody else of anything.
func TestAssessmentIsTold(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	id := o.released(t)
	boss, head := o.actor(t, org.RoleSupervisor, unitBureau), o.actor(t, org.RoleHead, unitTownA)
	for _, unit := range []org.UnitID{unitTownA, unitTownB, unitVillageA1} {
		got := o.sheetNotices(t, org.RoleHead, unit, usecase.AssessReleased)
		if len(got) != 1 {
			t.Fatalf("the head at %d is told %d times", unit, len(got))
		}
		if assessment, of := got[0].NoticeSheet(); assessment != id || of != unit || got[0].Matter.N != 0 || got[0].Said["year"] == "" {
			t.Errorf("%+v", got[0])
		}
	}
	upheld := usecase.SheetAct{Kind: assess.Answered, Line: "timely_acceptance_unit", Upheld: true, Count: assess.Count{Sum: 2, Of: 2}, Reason: "签收单属实"}
	for _, line := range []string{"timely_acceptance_unit", "on_time_b"} {
		check(t, o.ActSheet(t.Context(), head, id, unitTownA, usecase.SheetAct{Kind: assess.Appealed, Line: line, Reason: "文件在途"}))
	}
	check(t, o.ActSheet(t.Context(), boss, id, unitTownA, upheld))
	check(t, o.ActSheet(t.Context(), boss, id, unitTownA, usecase.SheetAct{Kind: assess.Answered, Line: "on_time_b", Reason: "查无此事"}))
	appealed := o.sheetNotices(t, org.RoleLeader, unitCounty, usecase.AssessAppealed)
	if len(appealed) != 2 || appealed[1].Said["indicator"] == "" {
		t.Fatalf("who assesses is told of %d appeals", len(appealed))
	}
	if _, unit := appealed[0].NoticeSheet(); unit != unitTownA {
		t.Errorf("of unit %d", unit)
	}
	if c, a := o.sheetNotices(t, org.RoleHead, unitTownA, usecase.AssessCorrected), o.sheetNotices(t, org.RoleHead, unitTownA, usecase.AssessAnswered); len(c) != 1 || len(a) != 1 || c[0].Said["indicator"] != "timely_acceptance_unit" {
		t.Errorf("%d corrections, %d answers", len(c), len(a))
	}
	for _, x := range []struct {
		role  org.Role
		unit  org.UnitID
		kinds []string
	}{
		{org.RoleHead, unitTownB, []string{usecase.AssessAppealed, usecase.AssessCorrected, usecase.AssessAnswered}},
		{org.RoleHead, unitHR, []string{usecase.AssessReleased, usecase.AssessAppealed}},
		{org.RoleRegistrar, unitTownA, []string{usecase.AssessReleased, usecase.AssessCorrected}},
		{org.RoleHandler, unitTownA, []string{usecase.AssessReleased}}, // the unit has a head
		{org.RoleSupervisor, unitTownA, []string{usecase.AssessAppealed}},
		{org.RoleAuditor, unitBureau, []string{usecase.AssessReleased, usecase.AssessAppealed}},
	} {
		for _, kind := range x.kinds {
			if got := o.sheetNotices(t, x.role, x.unit, kind); len(got) != 0 {
				t.Errorf("%s at %d is told %s", x.role, x.unit, kind)
			}
		}
	}
}
