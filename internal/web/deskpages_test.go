package web_test

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"huiyin/internal/matter"
)

// values are those of the fields that a selector names, in the order of the page.
func (p page) values(selector string) []string {
	var out []string
	for _, n := range p.find(selector) {
		out = append(out, attribute(n, "value"))
	}
	return out
}

// place is where the first element that a selector names stands in the order of the document.
func (p page) place(selector string) int {
	p.t.Helper()
	found := p.find(selector)
	if len(found) == 0 {
		p.t.Fatalf("%s has no %s", p.path, selector)
	}
	i := 0
	for n := range p.root.Descendants() {
		if n == found[0] {
			break
		}
		i++
	}
	return i
}

// What screening would refuse is not offered: the wall of the sealed compartment is passed at registration alone.
func TestScreeningOffersWhatItTakes(t *testing.T) {
	s := newSite(t)
	team := s.team("dispatch", "inspect")
	open := entered(team["dispatch"])
	kinds := team["dispatch"].get("/desk/matters/" + open + "/screen").values("input[name=kind]")
	if want := []string{"appeal", "suggestion", "enquiry"}; !slices.Equal(kinds, want) {
		t.Errorf("in the open the kinds are %q, want %q", kinds, want)
	}
	sealed := entered(team["inspect"], "kind", "accusation", "accused", strconv.Itoa(int(unitLand)), "title", "局长收了红包", "category", "")
	form := team["inspect"].get("/desk/matters/" + sealed + "/screen")
	if kinds := form.values("input[name=kind]"); !slices.Equal(kinds, []string{"accusation"}) {
		t.Errorf("in the compartment the kinds are %q", kinds)
	}
	step(team["inspect"], sealed, matter.ActScreen, "level", "ordinary")
}

// A unit that is shown among those found or suggested is not a second time a choice in the tree.
func TestUnitIsChosenInOnePlace(t *testing.T) {
	s := newSite(t)
	b := s.team("dispatch")["dispatch"]
	n := entered(b)
	step(b, n, matter.ActScreen, "kind", "appeal", "level", "ordinary", "category", "N0201")
	path := "/desk/matters/" + n + "/forward"
	form := b.get(path)
	land := strconv.Itoa(int(unitLand))
	for _, p := range []page{
		b.post(path, form.fields(path, "unit", land, "do", "find-unit")...),
		b.post(path, form.fields(path, "unit_q", "自然资源", "do", "find-unit")...),
		b.post(path, form.fields(path, "unit", land)...), // the reason is missing
	} {
		if got := p.values("input[name=unit]"); strings.Count(" "+strings.Join(got, " ")+" ", " "+land+" ") != 1 {
			t.Errorf("the unit is a choice at %q", got)
		}
		if !strings.Contains(p.text(".tree"), "列在上面") {
			t.Errorf("the tree does not say where it is chosen: %s", p.text(".tree"))
		}
	}
}

// on moves the clock to nine in the morning of a day and signs the dispatcher in again: nobody stays signed in for so long.
func (s *testSite) on(day string, b *browser) {
	s.t.Helper()
	at, err := time.Parse(time.DateOnly, day)
	check(s.t, err)
	s.now.Store(at.Add(time.Hour).UnixMicro())
	b.post("/desk/sign-in", "name", "dispatch", "password", password).want(http.StatusOK, "/desk")
}

// The light is turned by the safe end, so the words count to it and the day beside them is it; the legal end stands by. Past it both count to the
// legal end. The list and the matter's page say the same. Received on 24 October 2025, the fifteenth day is Saturday 8 November: the safe
// end is Friday the 7th, the legal end Monday the 10th.
func TestLightAndWordsCountToTheSameDay(t *testing.T) {
	s := newSite(t)
	b := s.team("dispatch")["dispatch"]
	s.on("2025-10-24", b)
	n := entered(b)
	for _, c := range []struct{ day, light, row, card string }{
		{"2025-10-31", "go", "剩 7 天11-07 法定 11-10", "11-10 周一 稳妥日 11-07 周五 还有 7 天"},
		{"2025-11-03", "soon", "剩 4 天11-07 法定 11-10", "11-10 周一 稳妥日 11-07 周五 还有 4 天"},
		{"2025-11-08", "soon", "剩 2 天11-10 稳妥日已过", "11-10 周一 还有 2 天 稳妥日 11-07 周五 已过"},
		{"2025-11-11", "late", "超期 1 天11-10", "11-10 周一 超期 1 天 稳妥日 11-07 周五 已过"},
	} {
		s.on(c.day, b)
		list, m := b.get("/desk?list=all"), b.get("/desk/matters/"+n)
		if got := list.text(".worklist tbody tr"); !strings.HasPrefix(got, c.row) {
			t.Errorf("on %s the list says %q, want %q first", c.day, got, c.row)
		}
		if got := m.text(".clock"); !strings.Contains(got, c.card) {
			t.Errorf("on %s the clock says %q, want %q", c.day, got, c.card)
		}
		for _, p := range []struct {
			page
			selector string
		}{{list, ".clock-chip"}, {m, ".clock"}, {m, ".badge"}} {
			if got := attribute(p.find(p.selector)[0], "data-light"); got != c.light {
				t.Errorf("on %s %s is %q, want %q", c.day, p.selector, got, c.light)
			}
		}
	}
}

// Told and not yet accepted, a matter has no clock: list and page say whose turn it is and for how long, and it is not shown as done.
func TestMatterWithoutClockIsNotForgotten(t *testing.T) {
	s := newSite(t)
	b := s.team("dispatch")["dispatch"]
	s.on("2025-10-24", b)
	n := entered(b)
	step(b, n, matter.ActScreen, "kind", "appeal", "level", "ordinary", "category", "N0201")
	step(b, n, matter.ActTake)
	told := step(b, n, matter.ActNotify, "text", "收到了，走信访程序")
	if !strings.Contains(told.text(".note"), "等单位受理") {
		t.Errorf("told today, the page says %q", told.text(".note"))
	}
	s.on("2025-10-30", b)
	row := b.get("/desk?list=all").text(".worklist tbody tr")
	for _, want := range []string{"上一步 6 天前", "没有期限", "已告知", "等单位受理"} {
		if !strings.Contains(row, want) {
			t.Errorf("the list says %q without %q", row, want)
		}
	}
	if got := attribute(b.get("/desk?list=all").find(".clock-chip")[0], "data-light"); got != "rest" {
		t.Errorf("its light is %q", got)
	}
	step(b, n, matter.ActUrge, "text", "请尽快") // does not begin the waiting anew
	m := b.get("/desk/matters/" + n)
	for _, want := range []string{"等单位受理 · 临安区信访局", "从 2025 年 10 月 24 日", "已经 6 天"} {
		if !strings.Contains(m.body, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	step(b, n, matter.ActAccept)
	if m := b.get("/desk/matters/" + n); strings.Contains(m.body, "没有法定期限在走") {
		t.Error("accepted, it still says that nothing runs")
	}
}

// What can be done stands before the course, for the eye on a phone and for the keyboard everywhere.
func TestWhatCanBeDoneComesFirst(t *testing.T) {
	s := newSite(t)
	b := s.team("dispatch")["dispatch"]
	m := b.get("/desk/matters/" + entered(b))
	at := []int{m.place("#clocks"), m.place("#can"), m.place("#demands"), m.place("#course"), m.place("#people")}
	if !slices.IsSorted(at) {
		t.Errorf("clocks, steps, demands, course and people stand at %v", at)
	}
}

// A form opens in the field with which one goes on.
func TestFormsOpenWhereOneGoesOn(t *testing.T) {
	s := newSite(t)
	b := s.team("dispatch")["dispatch"]
	const path = "/desk/register"
	opens := func(p page) string {
		t.Helper()
		found := p.find("[autofocus]")
		if len(found) != 1 {
			t.Fatalf("%s opens in %d fields", p.path, len(found))
		}
		return attribute(found[0], "name")
	}
	form := b.get(path)
	if got := opens(form); got != "petitioners.0.name" {
		t.Errorf("registering opens in %q", got)
	}
	for do, want := range map[string]string{"add-demand": "demands.1", "add-person": "petitioners.1.name"} {
		if got := opens(b.post(path, form.fields(path, "do", do)...)); got != want {
			t.Errorf("%s goes on in %q, want %q", do, got, want)
		}
	}
	for words, want := range map[string]string{"昌化镇昌化社区居民委员会没有": "place_q", "社区": "place"} {
		if got := opens(b.post(path, form.fields(path, "place_q", words, "do", "find-place")...)); got != want {
			t.Errorf("having looked for %s it goes on in %q, want %q", words, got, want)
		}
	}
	wrong := b.post(path, form.fields(path)...)
	if n := len(wrong.find("[autofocus]")); n != 0 {
		t.Errorf("with errors it opens in %d fields, not at their summary", n)
	}
	n := entered(b)
	if got := opens(b.get("/desk/matters/" + n + "/screen")); got != "kind" {
		t.Errorf("screening opens in %q", got)
	}
	step(b, n, matter.ActScreen, "kind", "appeal", "level", "ordinary")
	if got := b.get("/desk/matters/" + n + "/take").find("[autofocus]"); len(got) != 1 || got[0].Data != "button" {
		t.Error("a step that asks for nothing does not open on its button")
	}
}

// A place that was typed and names one alone is taken without a search.
func TestRegisterTakesTheOnlyPlace(t *testing.T) {
	s := newSite(t)
	b := s.team("dispatch")["dispatch"]
	const path = "/desk/register"
	send := []string{"title", "路灯坏了", "demands.0", "修好路灯", "petitioners.0.name", "陈玉兰", "petitioners.0.phone", "13000000000"}
	several := b.post(path, b.get(path).fields(path, append(send, "place_q", "社区")...)...)
	if several.status != http.StatusUnprocessableEntity || len(several.find("input[name=place]")) < 2 {
		t.Error("several places fit, and they are not shown to choose from")
	}
	p := b.post(path, several.fields(path, "place_q", "昔口村")...)
	if p.status != http.StatusOK || !strings.HasPrefix(p.path, "/desk/receipt/") {
		t.Fatalf("%d at %s: %s", p.status, p.path, words(p.root))
	}
}
