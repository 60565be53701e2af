package web_test

import (
	"net/http"
	"strings"
	"testing"
)

// TestExportIsTheList: the same matters as the list shows, no identity, and nothing beyond the reader's scope.
func TestExportIsTheList(t *testing.T) {
	s := newSite(t)
	team := s.team("dispatch", "town", "audit")
	form := team["dispatch"].get("/desk/register")
	team["dispatch"].post("/desk/register", form.fields("/desk/register", "title", "=路灯坏了", "demands.0", "修好", "place", "330112104",
		"petitioners.0.name", "陈玉兰", "petitioners.0.phone", "13000000000", "looked", "yes")...)
	p := team["dispatch"].get("/desk/export?list=all&view=open").want(http.StatusOK, "/desk/export?list=all&view=open", "路灯坏了")
	if strings.Contains(p.body, "陈玉兰") || strings.Contains(p.body, "13000000000") {
		t.Error("the table names the petitioner")
	}
	if strings.Contains(p.body, ",=") {
		t.Error("a cell begins with a formula")
	}
	if p := team["town"].get("/desk/export?list=all&view=open"); strings.Contains(p.body, "路灯坏了") {
		t.Error("a town exports what it may not see")
	}
	team["audit"].get("/desk/export?list=all&view=open").want(http.StatusForbidden, "/desk/export?list=all&view=open")
}
