package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// A machine has a report made of its unit, reads it with where each sentence leads, and takes it away; another unit's machine never learns of it.
func TestReportsOverHTTP(t *testing.T) {
	d := newDoor(t)
	d.register()
	day := d.office.Today().String()
	none := d.call(keyDesk, http.MethodGet, "/reports", nil).want(http.StatusOK)
	if rows, _ := none.body["reports"].([]any); len(rows) != 0 {
		t.Fatalf("before any: %s", none.raw)
	}
	job := d.call(keyDesk, http.MethodPost, "/reports", map[string]any{"kind": "month", "day": day}).want(http.StatusAccepted)
	if job.text("kind") != "report" || job.text("state") != "waiting" {
		t.Errorf("%s", job.raw)
	}
	d.runJobs()
	rows, _ := d.call(keyDesk, http.MethodGet, "/reports", nil).want(http.StatusOK).body["reports"].([]any)
	if len(rows) != 1 {
		t.Fatalf("%d reports", len(rows))
	}
	brief, _ := rows[0].(map[string]any)
	at := fmt.Sprint("/reports/", brief["id"])
	report := d.call(keyDesk, http.MethodGet, at, nil).want(http.StatusOK)
	for _, want := range []string{`"zh":"收到信访 1 件（批）次`, `"en":"1 submission came`, `"indicator":"timely_acceptance"`, `"section":"stock"`} {
		if !strings.Contains(string(report.raw), want) {
			t.Errorf("no %s in %s", want, report.raw)
		}
	}
	for format, begins := range map[string]string{"pdf": "%PDF-", "docx": "PK"} {
		if file := d.call(keyDesk, http.MethodGet, at+"/file?english=true&format="+format, nil).want(http.StatusOK); !strings.HasPrefix(string(file.raw), begins) {
			t.Errorf("%s begins with %q", format, file.raw[:8])
		}
	}
	d.call(keyDesk, http.MethodPost, "/reports", map[string]any{"kind": "month", "day": "2999-01-01"}).want(http.StatusUnprocessableEntity)
	d.call(keyDesk, http.MethodPost, "/reports", map[string]any{"kind": "decade", "day": day}).want(http.StatusUnprocessableEntity)
	d.call(keyDesk, http.MethodPost, "/reports", map[string]any{"kind": "month", "day": "soon"}).want(http.StatusUnprocessableEntity)
	d.call(keyDesk, http.MethodGet, "/reports/330112-99", nil).want(http.StatusNotFound)
	d.call(keyDesk, http.MethodGet, "/reports/x", nil).want(http.StatusNotFound)
	for _, path := range []string{"/reports", at, at + "/file"} { // handlers at other units read none
		d.call(keyHandler, http.MethodGet, path, nil).want(http.StatusForbidden)
		d.call("", http.MethodGet, path, nil).want(http.StatusUnauthorized)
	}
}
