package web_test

import (
	"net/http"
	"regexp"
	"testing"
)

// TestALostReceiptGetsANewPIN: at the window, on record, and the old PIN opens nothing any more.
func TestALostReceiptGetsANewPIN(t *testing.T) {
	s := newSite(t)
	team := s.team("dispatch", "supervise")
	form := team["dispatch"].get("/desk/register")
	p := team["dispatch"].post("/desk/register", form.fields("/desk/register", "title", "路灯坏了", "demands.0", "修好", "place", "330112104",
		"petitioners.0.name", "陈玉兰", "petitioners.0.phone", "13000000000", "looked", "yes")...)
	number := regexp.MustCompile(`330112-\d{4}-\d{7}`).FindString(words(p.root))
	code, old := p.text(".query-code"), p.text("#pin")
	path := "/desk/matters/" + number + "/identity"
	team["dispatch"].post(path, "submission", number, "n", "0", "do", "renew", "words.0", "").want(http.StatusUnprocessableEntity, path)
	if p := team["supervise"].post(path, "submission", number, "n", "0", "do", "renew", "words.0", "看过身份证"); p.status != http.StatusForbidden {
		t.Errorf("a supervisor gives a new PIN: %d", p.status)
	}
	renewed := team["dispatch"].post(path, "submission", number, "n", "0", "do", "renew", "words.0", "看过身份证")
	fresh := renewed.text("#pin")
	if fresh == "" || fresh == old || renewed.text(".query-code") != code {
		t.Fatalf("PIN %q after %q, code %q", fresh, old, renewed.text(".query-code"))
	}
	if p := s.browser().post("/track", "code", code, "pin", old); p.path == "/my" {
		t.Error("the old PIN still opens the matter")
	}
	citizen := s.browser()
	if p := citizen.post("/track", "code", code, "pin", fresh); p.path != "/my" {
		t.Errorf("the new PIN does not open it: %s", words(p.root))
	}
	citizen.get("/my/looks").want(http.StatusOK, "/my/looks", "看过身份证")
}
