package api_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

// A machine reads the definitions, several figures at once with their groups, as JSON and as CSV, and the matters behind one; it counts what its duty spans and no more.
func TestFiguresOverHTTP(t *testing.T) {
	d := newDoor(t)
	d.keys["auditor"] = must(d.office.AddKey(t.Context(), org.System(), usecase.NewKey{Name: "auditor", Unit: unitBureau, Role: org.RoleAuditor, Grants: []string{"read"}}))(t)
	first := d.register().text("ref")
	get := func(key, path string, options ...option) answer {
		return d.call(key, http.MethodGet, path, nil, options...)
	}

	definitions, _ := get(keySupervisor, "/indicators").want(http.StatusOK).body["indicators"].([]any)
	if one, _ := definitions[0].(map[string]any); len(definitions) < 30 || one["id"] != "submissions" || one["kind"] != "count" || one["source"] == "" {
		t.Errorf("%d definitions, the first %v", len(definitions), definitions[0])
	}

	const two = "/figures?indicator=submissions&indicator=on_time_b&by=unit"
	got := get(keySupervisor, two).want(http.StatusOK)
	sum, value := sums(t, got)
	if sum != 1 || value != "n/a" || got.text("as_of") == "" || got.body["sealed"] != false {
		t.Errorf("%s", got.raw)
	}
	if groups, _ := got.body["groups"].([]any); len(groups) != 1 || !strings.Contains(string(got.raw), "临安区信访局") {
		t.Errorf("%s", got.raw)
	}
	for key, want := range map[string]float64{keyDesk: 1, keyReader: 1, keyHandler: 0, keySibling: 0} {
		if sum, _ := sums(t, get(key, two).want(http.StatusOK)); sum != want {
			t.Errorf("%s counts %v", key, sum)
		}
	}

	table := get(keySupervisor, two+"&format=csv").want(http.StatusOK)
	accepted := get(keySupervisor, two+"&english=true", header("Accept", "text/csv")).want(http.StatusOK)
	if !strings.Contains(string(table.raw), "临安区信访局,submissions,信访总量,1,1,0") || !strings.HasPrefix(accepted.header.Get("Content-Type"), "text/csv") || !strings.Contains(string(accepted.raw), "Submissions") {
		t.Errorf("%s\n%s", table.raw, accepted.raw)
	}

	// what was entered on a later day was not on record
	for _, path := range []string{"/figures?indicator=submissions", "/figures/matters?indicator=submissions"} {
		before, on := get(keySupervisor, path+"&recorded=2020-01-01").want(http.StatusOK), get(keySupervisor, path+"&recorded="+got.text("as_of")).want(http.StatusOK)
		if !strings.Contains(string(before.raw), `"sum":0`) || !strings.Contains(string(on.raw), `"sum":1`) {
			t.Errorf("%s: %s, then %s", path, before.raw, on.raw)
		}
	}

	behind := get(keySupervisor, "/figures/matters?indicator=submissions").want(http.StatusOK)
	if rows, _ := behind.body["rows"].([]any); len(rows) != 1 || !strings.Contains(string(behind.raw), first) {
		t.Errorf("%s", behind.raw)
	}
	if rows, _ := get(keySibling, "/figures/matters?indicator=submissions").want(http.StatusOK).body["rows"].([]any); len(rows) != 0 {
		t.Errorf("a sibling sees %v", rows)
	}

	for path, status := range map[string]int{
		"/figures?indicator=nothing":                                    http.StatusNotFound,
		"/figures?indicator=stock&unit=3":                               http.StatusNotFound, // another's unit
		"/figures?indicator=stock&from=2026-09-02&to=2026-09-01":        http.StatusUnprocessableEntity,
		"/figures?indicator=stock&by=petitioner":                        http.StatusUnprocessableEntity,
		"/figures":                                                      http.StatusUnprocessableEntity,
		"/figures/matters?indicator=stock&part=" + url.QueryEscape("x"): http.StatusUnprocessableEntity,
	} {
		get(keySupervisor, path).want(status)
	}
	for _, path := range []string{"/figures?indicator=stock", "/figures/matters?indicator=stock"} {
		get("auditor", path).want(http.StatusForbidden)
		get("", path).want(http.StatusUnauthorized)
	}
}

// sums are the number of the first figure and the second one as written.
func sums(t *testing.T, a answer) (float64, any) {
	t.Helper()
	all, _ := a.body["all"].([]any)
	if len(all) != 2 {
		t.Fatalf("%s", a.raw)
	}
	first, _ := all[0].(map[string]any)
	second, _ := all[1].(map[string]any)
	n, _ := first["sum"].(float64)
	return n, second["value"]
}
