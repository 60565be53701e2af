package api_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"testing"

	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

// Everybody reads by the API the numbers that the files of open data have, small ones as little as there; what was withdrawn or never published is not there, and who asks
// without end has to wait.
func TestOutcomesOverHTTP(t *testing.T) {
	d := newDoor(t)
	ctx := t.Context()
	towns := must(d.office.Places.Children(330112))(t)
	d.now.Store(law.NewDay(2026, 1, 9).StartUS())
	for i := range 29 {
		_, err := d.office.Register(ctx, org.Actor{}, matter.Intake{
			Channel: matter.ChannelWeb, Title: fmt.Sprintf("第%d件", i), Demands: []string{"修好路灯"}, Place: towns[min(i/12, 2)].Code,
			Petitioners: []matter.Petitioner{{Name: "王小芳", Phone: fmt.Sprintf("0571-0000%04d", i)}},
		}, "")
		if err != nil {
			t.Fatal(err)
		}
	}
	d.now.Store(law.NewDay(2026, 5, 1).StartUS())
	must(d.office.PublishDue(ctx, nil))(t)

	get := func(path string) answer { return d.call("", http.MethodGet, path, nil) }
	periods, _ := get("/outcomes").want(http.StatusOK).body["periods"].([]any)
	if len(periods) != 4 {
		t.Errorf("%d periods", len(periods))
	}
	if one, _ := periods[0].(map[string]any); one["period"] == "" || one["as_of"] == "" || one["withdrawn"] != false {
		t.Errorf("%v", one)
	}
	hidden := 0
	for _, period := range []string{"2026-01", "2026-03", "2026-Q1"} {
		for name, by := range map[string]usecase.StatBy{usecase.OpenPlace: usecase.ByPlace, usecase.OpenSubject: usecase.ByCategory} {
			files := usecase.OpenFiles(period, by)
			var file struct {
				Least   int              `json:"least"`
				Columns []map[string]any `json:"columns"`
				Rows    []map[string]any `json:"rows"`
			}
			if err := json.Unmarshal(must(d.office.OpenFile(ctx, files[2]))(t).Content, &file); err != nil {
				t.Fatal(err)
			}
			got := get("/outcomes/" + period + "?by=" + name).want(http.StatusOK)
			rows, _ := got.body["rows"].([]any)
			if len(rows) != len(file.Rows) || got.body["least"] != float64(file.Least) || got.body["by"] != name || len(file.Columns) == 0 {
				t.Fatalf("%s by %s: %s", period, name, got.raw)
			}
			for i, r := range rows {
				row, _ := r.(map[string]any)
				values, _ := row["values"].(map[string]any)
				for _, c := range file.Columns {
					id, _ := c["id"].(string)
					if values[id] != file.Rows[i][id] {
						t.Errorf("%s by %s, row %v: %s is %v, in the file %v", period, name, row["name"], id, values[id], file.Rows[i][id])
					}
				}
				if len(values) != len(file.Columns) || row["name"] != file.Rows[i]["name"] || row["kind"] != file.Rows[i]["kind"] {
					t.Errorf("%v, in the file %v", row, file.Rows[i])
				}
				list, _ := row["hidden"].([]any)
				hidden += len(list)
			}
		}
	}
	if hidden == 0 {
		t.Error("nothing small was there to be hidden")
	}
	for path, status := range map[string]int{"/outcomes/2025-12": http.StatusNotFound, "/outcomes/2026-Q7": http.StatusNotFound, "/outcomes/x": http.StatusNotFound, "/outcomes/2026-01?by=person": http.StatusUnprocessableEntity} {
		get(path).want(status)
	}
	statuses := map[int]bool{}
	for range 200 {
		statuses[get("/outcomes").status] = true
	}
	if got := slices.Sorted(maps.Keys(statuses)); !slices.Equal(got, []int{http.StatusOK, http.StatusTooManyRequests}) {
		t.Errorf("asked two hundred times: %v", got)
	}
}
