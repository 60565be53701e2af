package web_test

import (
	"net/http"
	"strings"
	"testing"
)

// TestExportIsTheList: the table of a list or a search is made beside the desk, shows on the page of tasks, holds the same matters without identity, and nothing
// beyond its reader's scope; nobody else gets it.
func TestExportIsTheList(t *testing.T) {
	s := newSite(t)
	team := s.team("dispatch", "town", "audit")
	form := team["dispatch"].get("/desk/register")
	team["dispatch"].post("/desk/register", form.fields("/desk/register", "title", "=路灯坏了", "demands.0", "修好", "place", "330112104",
		"petitioners.0.name", "陈玉兰", "petitioners.0.phone", "13000000000", "looked", "yes")...)
	take := func(who, of string) (body, path string) {
		b := team[who]
		begun := b.post("/desk/export", "of", of, "format", "csv").want(http.StatusOK, "/desk/jobs", "排着队")
		if len(begun.find("div[hx-get=/desk/jobs]")) == 0 || len(begun.find("progress")) == 0 {
			t.Errorf("%s: nothing says that it goes on: %s", who, begun.body)
		}
		check(t, s.office.RunJobs(t.Context()))
		done := b.get("/desk/jobs").want(http.StatusOK, "/desk/jobs", "做好了")
		if len(done.find("div[hx-get]")) > 0 {
			t.Error("asks for itself though all is done")
		}
		path = attribute(done.find("#jobs li a")[0], "href")
		return b.get(path).body, path
	}
	for _, of := range []string{"/desk?list=all&view=open", "/desk/find?q=路灯"} {
		table, path := take("dispatch", of)
		if !strings.Contains(table, "路灯坏了") || strings.Contains(table, "陈玉兰") || strings.Contains(table, "13000000000") || strings.Contains(table, ",=") {
			t.Errorf("%s: %s", of, table)
		}
		if table, _ := take("town", of); strings.Contains(table, "路灯坏了") {
			t.Error("a town exports what it may not see")
		}
		team["town"].get(path).want(http.StatusNotFound, path)
	}
	team["audit"].post("/desk/export", "of", "/desk?list=all&view=open", "format", "csv").want(http.StatusForbidden, "/desk/export")
	team["dispatch"].post("/desk/export", "of", "/desk/find?q=-路灯", "format", "csv").want(http.StatusUnprocessableEntity, "/desk/export")
	team["dispatch"].post("/desk/export", "of", "/desk", "format", "exe").want(http.StatusUnprocessableEntity, "/desk/export")
}
