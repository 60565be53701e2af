package usecase_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"huiyin/internal/assess"
	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

// assessed is a scheme of two rates for towns, villages and the bureau.
func assessed(name string) assess.Scheme {
	share := func(n int) assess.Ratio { return assess.Ratio{Num: n, Den: 100} }
	return assess.Scheme{
		Year: 2025, Name: name, Kinds: []org.UnitKind{org.KindTown, org.KindVillage, org.KindBureau}, AppealDays: 7, Lines: []assess.Line{
			{Indicator: "timely_acceptance_unit", Weight: 6000, Full: share(100), Zero: share(0), Least: 1},
			{Indicator: "on_time_b", Weight: 4000, Full: share(100), Zero: share(50), Least: 1},
		},
	}
}

// released gives an assessment out after one matter was refused lawfully and in time by a village, and one was left lying by its town.
func (o *testOffice) released(t testing.TB) (id int64) {
	t.Helper()
	settled := o.sent(t, unitVillageA1, "路灯不亮", lamp)
	o.sent(t, unitTownA, "石墙塌了", lamp)
	o.settle(t, unitVillageA1, settled, matter.OutcomeRefuse)
	o.moveTo(o.Today() + 70)
	boss := o.actor(t, org.RoleSupervisor, unitBureau)
	id, err := o.DraftAssessment(t.Context(), boss, 0, assessed("初稿"))
	check(t, err)
	_, err = o.DraftAssessment(t.Context(), boss, id, assessed(" 镇街  考核 "))
	check(t, err)
	for _, act := range []usecase.AssessmentAct{{Kind: assess.Published}, {Kind: assess.Counted, AsOf: o.Today()}, {Kind: assess.Released}} {
		check(t, o.ActAssessment(t.Context(), boss, id, act))
	}
	return id
}

func (o *testOffice) sheet(t testing.TB, who org.Actor, id int64, unit org.UnitID) usecase.SheetView {
	t.Helper()
	v, err := o.AssessmentSheet(t.Context(), who, id, unit)
	check(t, err)
	return v
}

// From the draft to the settled sheet: a town answers for its villages, every figure opens to its matters, a correction stands beside what it corrects, a lawful no has cost nothing.
func TestAssessment(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	id := o.released(t)
	boss, head := o.actor(t, org.RoleSupervisor, unitBureau), o.actor(t, org.RoleHead, unitTownA)
	v, err := o.Assessment(t.Context(), boss, id)
	check(t, err)
	var order []org.UnitID
	totals := map[org.UnitID]string{}
	for _, s := range v.Sheets {
		order, totals[s.Unit.ID] = append(order, s.Unit.ID), assess.Points(s.Now.Total)
	}
	if want := []org.UnitID{unitBureau, unitTownA, unitVillageA1, unitVillageA2, unitTownB, unitVillageB1, unitVillageB2}; !slices.Equal(order, want) {
		t.Errorf("in the order %v", order)
	}
	if totals[unitVillageA1] != "100.00" || totals[unitTownA] != "70.00" || totals[unitTownB] != "n/a" || v.Name != "镇街 考核" || v.Stage != assess.StageReleased {
		t.Errorf("%v", totals) // the town: 60 × 1/2 + 40, its village's answer included
	}

	s := o.sheet(t, head, id, unitTownA)
	if l := s.Lines[0]; l.Now.Count != (assess.Count{Sum: 1, Of: 2}) || !slices.Equal(s.May, []assess.Kind{assess.Appealed, assess.Accepted}) {
		t.Fatalf("%+v, may %v", l.Now, s.May)
	}
	list := func(part usecase.FigurePart) int {
		found, err := o.FigureMatters(t.Context(), head, usecase.FigureListAsk{FigureAsk: s.Lines[0].Behind, Part: part, Limit: 20})
		check(t, err)
		return len(found.Rows)
	}
	if sum, of := list(usecase.PartSum), list(usecase.PartOf); sum != 1 || of != 2 {
		t.Errorf("%d of %d matters behind the figure", sum, of)
	}
	appeal := usecase.SheetAct{Kind: assess.Appealed, Line: "timely_acceptance_unit", Reason: "文件在途"}
	check(t, o.ActSheet(t.Context(), head, id, unitTownA, appeal))
	if err := o.ActAssessment(t.Context(), boss, id, usecase.AssessmentAct{Kind: assess.Settled}); errs.CodeOf(err) != "assess.none_settled" {
		t.Errorf("settled at once: %v", err)
	}
	answer := usecase.SheetAct{Kind: assess.Answered, Line: "timely_acceptance_unit", Upheld: true, Count: assess.Count{Sum: 2, Of: 2}, Reason: "签收单属实"}
	check(t, o.ActSheet(t.Context(), boss, id, unitTownA, answer))
	check(t, o.ActSheet(t.Context(), head, id, unitTownA, usecase.SheetAct{Kind: assess.Accepted}))
	check(t, o.ActSheet(t.Context(), boss, id, unitTownA, usecase.SheetAct{Kind: assess.Settled}))
	s = o.sheet(t, head, id, unitTownA)
	if s.Sheet.State != usecase.SheetSettled || assess.Points(s.Sheet.First.Total) != "70.00" || assess.Points(s.Sheet.Now.Total) != "100.00" || len(s.Steps) != 4 || s.Steps[0].Person == "" || len(s.May) != 0 {
		t.Errorf("%+v", s.Sheet)
	}
	if a := s.Lines[0].Appeal; a == nil || a.Reason != "文件在途" || a.Answer == nil || a.Answer.Body.Reason != "签收单属实" {
		t.Errorf("%+v", a)
	}
	if err := o.ActSheet(t.Context(), head, id, unitTownA, appeal); errs.CodeOf(err) != "assess.settled" {
		t.Errorf("appealed after it was settled: %v", err)
	}

	// what happens to the matters afterwards changes no sheet
	o.sent(t, unitVillageA1, "又一件", lamp)
	o.moveTo(o.Today() + 30)
	if again := o.sheet(t, boss, id, unitTownA); assess.Points(again.Sheet.Now.Total) != "100.00" {
		t.Errorf("%+v", again.Sheet)
	}
	check(t, o.ActAssessment(t.Context(), boss, id, usecase.AssessmentAct{Kind: assess.Settled}))
	if v, err = o.Assessment(t.Context(), boss, id); err != nil || v.Stage != assess.StageSettled {
		t.Errorf("%s, %v", v.Stage, err)
	}
	table, err := o.AssessmentTable(t.Context(), boss, id, usecase.TableCSV, false)
	check(t, err)
	if rows := strings.Split(strings.TrimSpace(string(table)), "\n"); len(rows) != 1+2*7 || !strings.HasPrefix(rows[3], "7,WARD_3,100.00,70.00,") || !strings.Contains(rows[9], "n/a") || !strings.Contains(rows[3], "镇街 考核") {
		t.Errorf("%s", table)
	}
	if book, err := o.AssessmentTable(t.Context(), boss, id, usecase.TableXLSX, true); err != nil || !bytes.HasPrefix(book, []byte("PK")) {
		t.Errorf("%v", err)
	}
}

// Who sees what: who assesses all of it, always; who heads a unit or handles its matters the own sheet and the definition; who supervises or leads a unit what lies under it; everybody else nothing.
func TestAssessmentIsSeenByWhomItConcerns(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	id := o.released(t)
	every := []org.UnitID{unitBureau, unitTownA, unitVillageA1, unitVillageA2, unitTownB, unitVillageB1, unitVillageB2}
	sees := map[org.Role]map[org.UnitID][]org.UnitID{
		org.RoleHead: {
			unitTownA: {unitTownA}, unitTownB: {unitTownB}, unitVillageA1: {unitVillageA1}, unitVillageA2: {unitVillageA2}, unitVillageB1: {unitVillageB1}, unitVillageB2: {unitVillageB2},
			unitBureau: {unitBureau}, unitHR: nil, unitHousing: nil, unitCentre: nil, unitDiscipline: nil, unitCounty: nil,
		},
	}
	sees[org.RoleHandler] = sees[org.RoleHead]
	for _, role := range []org.Role{org.RoleSupervisor, org.RoleLeader} {
		sees[role] = map[org.UnitID][]org.UnitID{
			unitCounty: every, unitBureau: every, unitTownA: {unitTownA, unitVillageA1, unitVillageA2}, unitTownB: {unitTownB, unitVillageB1, unitVillageB2},
			unitVillageA1: {unitVillageA1}, unitVillageA2: {unitVillageA2}, unitVillageB1: {unitVillageB1}, unitVillageB2: {unitVillageB2}, unitHR: nil, unitHousing: nil, unitCentre: nil, unitDiscipline: nil,
		}
	}
	draft, err := o.DraftAssessment(t.Context(), o.actor(t, org.RoleLeader, unitCounty), 0, assessed("还没有公布"))
	check(t, err)
	for _, u := range testUnits() {
		for _, role := range org.Roles() {
			who := o.actor(t, role, u.ID)
			v, err := o.Assessment(t.Context(), who, id)
			table, never := sees[role]
			if !never {
				if errs.KindOf(err) != errs.Forbidden {
					t.Errorf("%s at %d: %v", role, u.ID, err)
				}
				continue
			}
			check(t, err)
			var got []org.UnitID
			for _, s := range v.Sheets {
				got = append(got, s.Unit.ID)
			}
			manages := role != org.RoleHead && role != org.RoleHandler && (u.ID == unitCounty || u.ID == unitBureau)
			if want := table[u.ID]; !slices.Equal(got, want) || v.Manages != manages || len(v.Lines) != 2 || (v.Own != nil) != slices.Contains(want, u.ID) {
				t.Errorf("%s at %d sees %v, manages %v", role, u.ID, got, v.Manages)
			}
			for _, unit := range every {
				s, err := o.AssessmentSheet(t.Context(), who, id, unit)
				if seen := slices.Contains(table[u.ID], unit); seen != (err == nil) || !seen && errs.CodeOf(err) != "assess.not_found" {
					t.Errorf("%s at %d opens the sheet of %d: %v", role, u.ID, unit, err)
				}
				if slices.Contains(s.May, assess.Appealed) != (err == nil && role == org.RoleHead) {
					t.Errorf("%s at %d may %v on %d", role, u.ID, s.May, unit)
				}
			}
			list, err := o.Assessments(t.Context(), who)
			check(t, err)
			if _, err := o.Assessment(t.Context(), who, draft); (err == nil) != manages || len(list) != 1+map[bool]int{true: 1}[manages] {
				t.Errorf("%s at %d: %d assessments, the draft: %v", role, u.ID, len(list), err)
			}
		}
	}
	if _, err := o.Assessments(t.Context(), org.Actor{}); errs.KindOf(err) != errs.Unauthenticated {
		t.Errorf("nobody: %v", err)
	}
}

// Before the sheets are given out only who assesses sees them; nobody acts for another; nobody answers for the own unit; what is given up is gone.
func TestAssessmentIsDoneByWhomItIsGivenTo(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	boss, leader, head := o.actor(t, org.RoleSupervisor, unitBureau), o.actor(t, org.RoleLeader, unitCounty), o.actor(t, org.RoleHead, unitTownA)
	_, err := o.DraftAssessment(t.Context(), head, 0, assessed("自己来"))
	if errs.KindOf(err) != errs.Forbidden {
		t.Errorf("a head assesses: %v", err)
	}
	bad := assessed("不行")
	bad.Lines[0].Indicator = "submissions"
	if _, err := o.DraftAssessment(t.Context(), boss, 0, bad); errs.KindOf(err) != errs.Invalid {
		t.Errorf("how many come: %v", err)
	}
	id, err := o.DraftAssessment(t.Context(), boss, 0, assessed("考核"))
	check(t, err)
	check(t, o.ActAssessment(t.Context(), boss, id, usecase.AssessmentAct{Kind: assess.Published}))
	if err := o.ActAssessment(t.Context(), o.actor(t, org.RoleSupervisor, unitTownA), id, usecase.AssessmentAct{Kind: assess.Counted, AsOf: o.Today()}); errs.CodeOf(err) != "assess.not_yours" {
		t.Errorf("a town counts for the county: %v", err)
	}
	for _, day := range []int{-400, 1} {
		if err := o.ActAssessment(t.Context(), boss, id, usecase.AssessmentAct{Kind: assess.Counted, AsOf: o.Today().Add(day)}); errs.KindOf(err) != errs.Invalid {
			t.Errorf("as of %d days: %v", day, err)
		}
	}
	check(t, o.ActAssessment(t.Context(), boss, id, usecase.AssessmentAct{Kind: assess.Counted, AsOf: o.Today()}))
	if v, err := o.Assessment(t.Context(), head, id); err != nil || len(v.Sheets) != 0 || v.AsOf.Known() || v.Own != nil {
		t.Errorf("a provisional sheet: %+v, %v", v.Sheets, err)
	}
	given, err := o.DraftAssessment(t.Context(), leader, 0, assessed("不办了"))
	check(t, err)
	check(t, o.ActAssessment(t.Context(), leader, given, usecase.AssessmentAct{Kind: assess.Published}))
	check(t, o.ActAssessment(t.Context(), leader, given, usecase.AssessmentAct{Kind: assess.Withdrawn, Reason: "改用上级方案"}))
	if _, err := o.Assessment(t.Context(), head, given); errs.CodeOf(err) != "assess.not_found" {
		t.Errorf("what was given up: %v", err)
	}
	check(t, o.ActAssessment(t.Context(), boss, id, usecase.AssessmentAct{Kind: assess.Released}))

	appeal := usecase.SheetAct{Kind: assess.Appealed, Line: "on_time_b", Reason: "有误"}
	for _, c := range []struct {
		who  org.Actor
		unit org.UnitID
		code string
	}{
		{o.actor(t, org.RoleHead, unitTownB), unitTownA, "assess.not_found"},
		{o.actor(t, org.RoleSupervisor, unitTownA), unitTownA, "assess.not_head"},
		{boss, unitTownA, "assess.not_head"},
		{o.actor(t, org.RoleHandler, unitTownA), unitTownA, "assess.not_head"},
		{o.actor(t, org.RoleRegistrar, unitTownA), unitTownA, "auth.duty"},
		{o.actor(t, org.RoleAuditor, unitBureau), unitTownA, "auth.duty"},
	} {
		if err := o.ActSheet(t.Context(), c.who, id, c.unit, appeal); errs.CodeOf(err) != c.code {
			t.Errorf("%s at %d appeals: %v", c.who.Duty.Role, c.who.Duty.Unit, err)
		}
	}
	check(t, o.ActSheet(t.Context(), o.actor(t, org.RoleHead, unitBureau), id, unitBureau, appeal))
	answer := usecase.SheetAct{Kind: assess.Answered, Line: "on_time_b", Reason: "查无此事"}
	if err := o.ActSheet(t.Context(), o.actor(t, org.RoleHead, unitBureau), id, unitBureau, answer); errs.CodeOf(err) != "assess.not_yours" {
		t.Errorf("who appeals answers: %v", err)
	}
	if err := o.ActSheet(t.Context(), boss, id, unitBureau, answer); errs.CodeOf(err) != "assess.own_unit" {
		t.Errorf("the bureau answers the bureau: %v", err)
	}
	check(t, o.ActSheet(t.Context(), leader, id, unitBureau, answer))
	if err := o.ActSheet(t.Context(), leader, id, unitBureau, usecase.SheetAct{Kind: assess.Published}); errs.KindOf(err) != errs.Invalid {
		t.Errorf("a step of the whole on a sheet: %v", err)
	}
	if err := o.ActAssessment(t.Context(), leader, id, usecase.AssessmentAct{Kind: assess.Appealed}); errs.KindOf(err) != errs.Invalid {
		t.Errorf("a step of a sheet on the whole: %v", err)
	}
}
