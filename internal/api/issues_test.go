package api_test

import (
	"net/http"
	"slices"
	"strconv"
	"testing"
)

// A machine of the bureau reads what many say at once, with counts and words, decides on it with a reason and finds it under the number of the issue into which it was merged.
func TestIssuesOverHTTP(t *testing.T) {
	d := newDoor(t)
	for i := range 3 {
		for title, narrative := range map[string]string{
			"柳溪花园旁的采石场放炮": "柳溪花园旁边的采石场夜里放炮，窗户都震裂了，第" + strconv.Itoa(i) + "家。",
			"青禾驾校不退学费":    "青禾驾校关门，学费不退，教练也找不到，第" + strconv.Itoa(i) + "个学员。",
		} {
			in := letter()
			in["title"], in["narrative"] = title, narrative
			d.call(keyDesk, http.MethodPost, "/submissions", in).want(http.StatusCreated)
		}
	}
	if err := d.office.RefreshIssues(t.Context()); err != nil {
		t.Fatal(err)
	}
	list := func(path string) (ids []float64) {
		rows, _ := d.call(keyDesk, http.MethodGet, path, nil).want(http.StatusOK).body["issues"].([]any)
		for _, x := range rows {
			row, _ := x.(map[string]any)
			id, _ := row["id"].(float64)
			if ids = append(ids, id); row["count"] != 3.0 {
				t.Errorf("%s: %v", path, row)
			}
		}
		slices.Sort(ids)
		return ids
	}
	if ids := list("/issues?days=7"); !slices.Equal(ids, []float64{1, 2}) {
		t.Fatalf("issues %v", ids)
	}
	if ids := list("/issues?category=N9999"); len(ids) != 0 {
		t.Errorf("of no category: %v", ids)
	}
	one := d.call(keyDesk, http.MethodGet, "/issues/1", nil).want(http.StatusOK)
	words, _ := one.body["words"].([]any)
	if len(words) == 0 || one.body["decides"] != true || one.body["count"] != 3.0 || len(one.column("matters", "ref")) != 3 {
		t.Errorf("%s", one.raw)
	}
	d.call("", http.MethodGet, "/issues", nil).want(http.StatusUnauthorized)
	d.call(keyHandler, http.MethodGet, "/issues", nil).want(http.StatusForbidden)
	d.call(keyDesk, http.MethodGet, "/issues/99", nil).want(http.StatusNotFound)
	decide := func(id string, body map[string]any) answer {
		return d.call(keyDesk, http.MethodPost, "/issues/"+id, body)
	}
	decide("1", map[string]any{"act": "dismiss"}).want(http.StatusUnprocessableEntity)
	decide("1", map[string]any{"act": "dismiss", "reason": "Settled on the spot"}).want(http.StatusNoContent)
	decide("1", map[string]any{"act": "dismiss", "reason": "Again"}).want(http.StatusConflict)
	if open, gone := list("/issues"), list("/issues?dismissed=true"); !slices.Equal(open, []float64{2}) || !slices.Equal(gone, []float64{1}) {
		t.Errorf("dismissed: %v, %v", open, gone)
	}
	decide("1", map[string]any{"act": "restore", "reason": "It goes on"}).want(http.StatusNoContent)
	decide("2", map[string]any{"act": "merge", "other": 1, "reason": "The same firm"}).want(http.StatusNoContent)
	if got := d.call(keyDesk, http.MethodGet, "/issues/2", nil).want(http.StatusOK); got.body["id"] != 1.0 || got.body["count"] != 6.0 {
		t.Errorf("the merged one: %s", got.raw)
	}
}
