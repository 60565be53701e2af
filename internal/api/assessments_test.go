package api_test

import (
	"fmt"
	"net/http"
	"testing"

	"huiyin/internal/assess"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

// A unit's sheet is read, appealed against and answered by keys; another unit's never learns of it, and one that may not look at assessments is told so.
func TestAssessmentsOverHTTP(t *testing.T) {
	d := newDoor(t)
	boss := org.Actor{Kind: org.ActorStaff, User: 1, Duty: org.Duty{Role: org.RoleSupervisor, Unit: unitBureau, Scope: unitCounty}}
	d.keys["county"] = must(d.office.AddKey(t.Context(), org.System(), usecase.NewKey{Name: "county", Unit: unitCounty, Role: org.RoleSupervisor, Grants: []string{"read", "act"}}))(t)
	half := assess.Ratio{Num: 1, Den: 2}
	id, err := d.office.DraftAssessment(t.Context(), boss, 0, assess.Scheme{
		Year: 2025, Name: "部门考核", Kinds: []org.UnitKind{org.KindDepartment}, AppealDays: 7,
		Lines: []assess.Line{{Indicator: "on_time_b", Weight: assess.Whole, Full: assess.Ratio{Num: 1, Den: 1}, Zero: half, Least: 1}},
	})
	if err != nil {
		t.Fatal(err)
	}
	d.call(keyHandler, http.MethodGet, "/assessments/1", nil).want(http.StatusNotFound)
	for _, act := range []usecase.AssessmentAct{{Kind: assess.Published}, {Kind: assess.Counted, AsOf: d.office.Today()}, {Kind: assess.Released}} {
		if err := d.office.ActAssessment(t.Context(), boss, id, act); err != nil {
			t.Fatal(err)
		}
	}
	sheets := func(key string) int {
		rows, _ := d.call(key, http.MethodGet, "/assessments/1", nil).want(http.StatusOK).body["sheets"].([]any)
		return len(rows)
	}
	if own, all := sheets(keyHandler), sheets("county"); own != 1 || all != 2 {
		t.Errorf("the unit sees %d sheets, who assesses %d", own, all)
	}
	d.call(keyReader, http.MethodGet, "/assessments", nil).want(http.StatusForbidden)
	d.call("", http.MethodGet, "/assessments", nil).want(http.StatusUnauthorized)
	hr, housing := fmt.Sprint("/assessments/1/sheets/", unitHR), fmt.Sprint("/assessments/1/sheets/", unitHousing)
	if got := d.call(keyHandler, http.MethodGet, hr, nil).want(http.StatusOK); got.text("total") != "n/a" || got.text("state") != "open" || got.text("to") != "2025-09-26" {
		t.Errorf("%s", got.raw)
	}
	d.call(keyHandler, http.MethodGet, housing, nil).want(http.StatusNotFound)
	appeal := map[string]any{"line": "on_time_b", "reason": "四件都按期"}
	d.call(keySibling, http.MethodGet, hr, nil).want(http.StatusNotFound)
	d.call(keyHandler, http.MethodPost, housing+"/appeals", appeal).want(http.StatusNotFound)
	d.call("county", http.MethodPost, hr+"/appeals", appeal).want(http.StatusForbidden)
	d.call(keyHandler, http.MethodPost, hr+"/appeals", map[string]any{"line": "repeat", "reason": "没有这一项"}).want(http.StatusUnprocessableEntity)
	d.call(keyHandler, http.MethodPost, hr+"/appeals", appeal).want(http.StatusNoContent)
	answer := map[string]any{"line": "on_time_b", "upheld": true, "numerator": 3, "denominator": 4, "reason": "三件属实"}
	d.call(keyHandler, http.MethodPost, hr+"/answers", answer).want(http.StatusForbidden)
	d.call("county", http.MethodPost, hr+"/answers", answer).want(http.StatusNoContent)
	if got := d.call("county", http.MethodGet, hr, nil).want(http.StatusOK); got.text("total") != "50.00" || got.text("first") != "n/a" {
		t.Errorf("%s", got.raw)
	}
	if rows, _ := d.call("county", http.MethodGet, "/assessments", nil).want(http.StatusOK).body["assessments"].([]any); len(rows) != 1 {
		t.Errorf("%d assessments", len(rows))
	}
}
