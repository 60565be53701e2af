package web_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"huiyin/internal/matter"
)

// A search is kept under a name, found again on the search's page and above the worklist, shared, changed and deleted.
func TestSearchIsKept(t *testing.T) {
	s := newSite(t)
	team := s.team("handler", "head", "town")
	b := team["handler"]
	b.get("/desk/find").want(http.StatusOK, "/desk/find")
	p := b.get(asked("q", "路灯", "state", "open"))
	if strings.Contains(p.body, "saved-searches") {
		t.Error("nothing is kept yet")
	}
	const form = "/desk/find/saved"
	fresh := "/desk/find/saved/new?" + url.Values{"q": {"路灯"}, "state": {"open"}}.Encode()
	p = b.get(fresh).want(http.StatusOK, fresh, "路灯、未办结", "给临安区规划和自然资源局的同事共用")
	b.post(form, p.fields(form)...).want(http.StatusUnprocessableEntity, form, "这一项要填")
	b.post(form, p.fields(form, "name", "坏了的路灯", "shared", "yes")...).want(http.StatusOK, asked("q", "路灯", "state", "open"), "“坏了的路灯”存好了", "本单位共用")
	for name, may := range map[string]bool{"handler": true, "head": true} {
		p := team[name].get("/desk").want(http.StatusOK, "/desk", "存下来的查找", "坏了的路灯")
		if n := len(p.find("nav a.small")); (n == 1) != may {
			t.Errorf("%s: %d links to change it", name, n)
		}
	}
	if p := team["town"].get("/desk"); strings.Contains(p.body, "坏了的路灯") {
		t.Error("another unit sees it")
	}
	team["town"].get(form+"/1").want(http.StatusNotFound, form+"/1")
	p = team["head"].get(form+"/1").want(http.StatusOK, form+"/1", "改存下来的查找")
	team["head"].post(form+"/1", p.fields(form+"/1", "name", "路灯")...).want(http.StatusOK, asked("q", "路灯", "state", "open"), "“路灯”存好了")
	b.post(form+"/1", append(p.fields(form+"/1"), "do", "drop")...).want(http.StatusOK, "/desk/find", "“路灯”删掉了")
	b.get(form+"/1").want(http.StatusNotFound, form+"/1")
}

// A word that means a unit, by name, short name, initials or pinyin, offers to narrow to it; the search stays what it says.
func TestUnitWordOffersAChip(t *testing.T) {
	s := newSite(t)
	b := s.team("dispatch")["dispatch"]
	s.registered(matter.Intake{Title: "信访局门口的路灯"})
	chips := func(words string, more ...string) (out []string) {
		for _, a := range b.get(asked(append([]string{"q", words}, more...)...)).find("form ul a.button-small") {
			out = append(out, attribute(a, "href"))
		}
		return out
	}
	for _, word := range []string{"信访局", "临安区信访局", "laqxfj", "LAQXFJ", "xfj", "xinfangju"} {
		got := chips(word + " 路灯")
		if len(got) != 1 || !strings.Contains(got[0], "unit=2") || !strings.Contains(got[0], "q="+url.QueryEscape("路灯")) || strings.Contains(got[0], url.QueryEscape(word)) {
			t.Errorf("%s: %q", word, got)
		}
	}
	if p := b.get(asked("q", "信访局 路灯")); len(found(p)) != 1 {
		t.Errorf("the search itself finds %q", found(p))
	}
	for _, word := range []string{"信访", "x", "局", "-信访局", "“信访局”", "路灯"} {
		if got := chips(word + " 路灯"); len(got) != 0 {
			t.Errorf("%s: %q", word, got)
		}
	}
	if got := chips("信访局", "unit", "laqxfj"); len(got) != 0 {
		t.Errorf("narrowed already: %q", got)
	}
}

// Suggestions come by kind, few, within what the reader may ask for; to the public of places alone.
func TestSuggestions(t *testing.T) {
	s := newSite(t)
	ask := func(b *browser, path string, pairs ...string) (say string, list []map[string]string) {
		t.Helper()
		q := url.Values{}
		for i := 0; i+1 < len(pairs); i += 2 {
			q.Set(pairs[i], pairs[i+1])
		}
		p := b.get(path + "?" + q.Encode())
		var answer struct {
			Say  string
			List []map[string]string
		}
		if err := json.Unmarshal([]byte(p.body), &answer); err != nil || p.status != http.StatusOK {
			t.Fatalf("%s: %d %v %s", path, p.status, err, p.body)
		}
		return answer.Say, answer.List
	}
	b := s.team("dispatch")["dispatch"]
	if say, list := ask(b, "/desk/suggest/unit", "q", "laqx"); len(list) != 1 || list[0]["value"] != "2" || list[0]["text"] != "临安区信访局" || say != "1 条提示，用上下键选" {
		t.Errorf("%s %v", say, list)
	}
	if _, list := ask(b, "/desk/suggest/category", "q", "工资"); len(list) == 0 || len(list) > 8 {
		t.Errorf("%v", list)
	}
	for _, words := range []string{"", "x", strings.Repeat("长", 41), "没有这样的"} {
		if say, list := ask(b, "/desk/suggest/unit", "q", words); list == nil || len(list) != 0 || say != "没有提示" {
			t.Errorf("%q: %v", words, list)
		}
	}
	_, list := ask(b, "/desk/suggest/find", "q", "路灯 於潜", "state", "open")
	if len(list) != 2 {
		t.Fatalf("%v", list)
	}
	if h := list[1]["href"]; !strings.Contains(h, "place=330112104") || !strings.Contains(h, "state=open") || !strings.Contains(h, "q="+url.QueryEscape("路灯")+"&") {
		t.Errorf("%v", list)
	}
	b.get("/desk/suggest/people?q=xx").want(http.StatusNotFound, "/desk/suggest/people?q=xx")
	public := s.browser()
	if _, list := ask(public, "/suggest/place", "q", "於潜"); len(list) == 0 || len(list) > 8 || list[0]["value"] == "" {
		t.Errorf("%v", list)
	}
	if p := public.get("/desk/suggest/unit?q=laqx"); !strings.HasPrefix(p.path, "/desk/sign-in") {
		t.Errorf("units to the public: %s", p.path)
	}
}
