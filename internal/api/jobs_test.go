package api_test

import (
	"net/http"
	"strings"
	"testing"
)

// An export is a job: asked for with the conditions of a list, done beside the desk, taken by the key that asked and by no other.
func TestExportOverHTTP(t *testing.T) {
	d := newDoor(t)
	body := letter()
	body["title"] = "夜间施工有噪音"
	ref := d.call(keyDesk, http.MethodPost, "/submissions", body).want(http.StatusCreated).text("ref")
	for _, q := range []string{"?list=all", "?q=%E5%99%AA%E9%9F%B3", "?q=%E5%99%AA%E9%9F%B3&format=csv&english=true"} {
		job := d.call(keyDesk, http.MethodPost, "/exports"+q, nil).want(http.StatusAccepted)
		if job.text("state") != "waiting" || job.text("file") != "" {
			t.Errorf("%s begins as %s", q, job.raw)
		}
		at := "/jobs/" + job.text("id")
		d.runJobs()
		done := d.call(keyDesk, http.MethodGet, at, nil).want(http.StatusOK)
		file := done.text("file")
		got := d.call(keyDesk, http.MethodGet, strings.TrimPrefix(file, "/api/v1"), nil).want(http.StatusOK)
		if csv := strings.Contains(q, "csv"); csv != strings.Contains(string(got.raw), ref) || csv == strings.HasPrefix(string(got.raw), "PK") || csv && !strings.Contains(string(got.raw), "Number") {
			t.Errorf("%s: %.200s", q, got.raw)
		}
		for _, path := range []string{at, at + "/file"} {
			d.call(keyReader, http.MethodGet, path, nil).want(http.StatusNotFound)
		}
		d.call(keyReader, http.MethodPost, at+"/stop", nil).want(http.StatusNotFound)
	}
	waiting := d.call(keyDesk, http.MethodPost, "/exports", nil).want(http.StatusAccepted)
	d.call(keyDesk, http.MethodPost, "/jobs/"+waiting.text("id")+"/stop", nil).want(http.StatusOK)
	d.runJobs()
	if all := string(d.call(keyDesk, http.MethodGet, "/jobs", nil).want(http.StatusOK).raw); strings.Count(all, `"done"`) < 3 || strings.Count(all, `"stopped"`) != 1 {
		t.Errorf("the list: %s", all)
	}
	if none := string(d.call(keyReader, http.MethodGet, "/jobs", nil).want(http.StatusOK).raw); strings.Contains(none, `"id"`) {
		t.Errorf("another's list: %s", none)
	}
	d.call(keyDesk, http.MethodPost, "/exports?q=-x", nil).want(http.StatusUnprocessableEntity)
	d.call(keyDesk, http.MethodPost, "/exports?format=exe", nil).want(http.StatusUnprocessableEntity)
	d.call(keyDesk, http.MethodGet, "/jobs/330112-99", nil).want(http.StatusNotFound)
}

// runJobs does what waits to be done beside the desk.
func (d *door) runJobs() {
	d.t.Helper()
	if err := d.office.RunJobs(d.t.Context()); err != nil {
		d.t.Fatal(err)
	}
}
