package web_test

import (
	"bufio"
	"net/http"
	"strings"
	"testing"

	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
)

// Who oversees begins with the unit's page, a clerk with the worklist; each number of it leads on, and who may see no matters gets nowhere.
func TestUnitHome(t *testing.T) {
	s := newSite(t)
	s.registered(matter.Intake{Title: "路灯坏了"}, matter.Intake{Title: "水管漏了"})
	team := s.team("dispatch", "supervise", "audit", "handler")
	p := team["supervise"].get("/desk/home").want(http.StatusOK, "/desk/home", "临安区：今天", "路灯坏了", "本月存量怎么来的", "及时受理率", "停在哪一步")
	if n := len(p.find(".counts a")); n != 7 {
		t.Errorf("%d counts", n)
	}
	if p := team["dispatch"].get("/desk/sign-in"); p.path != "/desk" {
		t.Errorf("a clerk begins at %s", p.path)
	}
	if p := s.browser().post("/desk/sign-in", "name", "supervise", "password", password); p.path != "/desk/home" {
		t.Errorf("who oversees begins at %s", p.path)
	}
	if p := s.browser().post("/desk/sign-in", "name", "supervise", "password", password, "to", "/desk/find"); p.path != "/desk/find" {
		t.Errorf("who was going somewhere is led to %s", p.path)
	}
	team["supervise"].get("/desk?list=all&view=today").want(http.StatusOK, "/desk?list=all&view=today", "今天到期", "没有今天到期的事项")
	team["supervise"].get("/desk?list=all&view=three").want(http.StatusOK, "/desk?list=all&view=three", "三天内到期")
	if p := team["handler"].get("/desk/home").want(http.StatusOK, "/desk/home", "没有未办结的事项", "还没有"); strings.Contains(p.body, "路灯") {
		t.Error("another unit's matter")
	}
	for _, path := range []string{"/desk/home", "/desk/figures/backlog", "/desk/figures/flow", "/desk/screen", "/desk/screen/live"} {
		if p := team["audit"].get(path); p.status != http.StatusForbidden {
			t.Errorf("audit at %s: %d", path, p.status)
		}
		if p := s.browser().get(path); !strings.HasPrefix(p.path, "/desk/sign-in") {
			t.Errorf("nobody at %s: %s", path, p.path)
		}
	}
}

// The backlog leads from a unit to its matters and down to the unit alone; a unit that is not the reader's does not exist.
func TestBacklogAndFlowPages(t *testing.T) {
	s := newSite(t)
	s.handed("路灯", "路灯坏了")
	s.registered(matter.Intake{Title: "水管漏了"})
	team := s.team("supervise", "handler")
	b := team["supervise"]
	p := b.get("/desk/figures/backlog").want(http.StatusOK, "/desk/figures/backlog", "还有 2 件没有办结", "临安区信访局", "於潜镇人民政府", "老案下去了多少")
	if n := len(p.find("#units")); n != 1 {
		t.Errorf("%d", n)
	}
	lists := 0
	for _, a := range p.find("a") {
		if strings.HasPrefix(attribute(a, "href"), "/desk/figures/list?") {
			lists++
		}
	}
	if lists < 40 {
		t.Errorf("%d numbers lead to their matters", lists)
	}
	const town = "/desk/figures/backlog?unit=5&from=nonsense"
	b.get(town).want(http.StatusOK, town, "於潜镇人民政府还有 1 件没有办结", "回到临安区")
	p = b.get("/desk/figures/flow").want(http.StatusOK, "/desk/figures/flow", "收到初件", "共转办 1 件次", "临安区信访局 → 於潜镇人民政府：1 件")
	if n := len(p.find("svg.sankey a")); n != 1 {
		t.Errorf("%d bands", n)
	}
	if p := team["handler"].get("/desk/figures/flow?unit=5"); p.status != http.StatusNotFound {
		t.Errorf("another unit: %d", p.status)
	}
	team["handler"].get("/desk/figures/flow").want(http.StatusOK, "/desk/figures/flow", "期内没有从一个单位转到另一个单位的事项")
}

// While sums are made anew the pages of figures say how far that is, and afterwards nothing of it.
func TestFiguresSayThatSumsAreMade(t *testing.T) {
	s := newSite(t)
	s.registered(matter.Intake{Title: "路灯坏了"})
	b := s.team("supervise")["supervise"]
	if _, err := s.office.Fold(t.Context()); err != nil {
		t.Fatal(err)
	}
	const home = 330112
	const said = "正在重算合计，已算到 2025-03-01"
	paths := []string{"/desk/home", "/desk/figures", "/desk/figures/places", "/desk/figures/backlog", "/desk/figures/flow"}
	for _, path := range paths {
		if p := b.get(path); strings.Contains(p.body, "重算") {
			t.Errorf("%s says so before", path)
		}
	}
	if err := s.office.Store.Update(t.Context(), home, func(tx *store.Tx) error {
		if err := tx.ForgetSums(t.Context(), home); err != nil {
			return err
		}
		return tx.SetFoldState(t.Context(), home, store.FoldState{Making: s.office.Today(), Made: law.NewDay(2025, 3, 1)})
	}); err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		b.get(path).want(http.StatusOK, path, said)
	}
	told := 0
	if _, err := s.office.FoldAll(t.Context(), func(f usecase.Folding) {
		if told++; f.Home != home && f.Home != 0 || f.Made > f.To {
			t.Errorf("%+v", f)
		}
	}); err != nil || told == 0 {
		t.Errorf("told %d times: %v", told, err)
	}
	for _, path := range paths {
		if p := b.get(path); strings.Contains(p.body, "重算") {
			t.Errorf("%s says so afterwards", path)
		}
	}
}

// The screen says numbers and no title, and its stream sends the content when it begins.
func TestScreenPage(t *testing.T) {
	s := newSite(t)
	s.registered(matter.Intake{Title: "路灯坏了"})
	b := s.team("supervise")["supervise"]
	p := b.get("/desk/screen").want(http.StatusOK, "/desk/screen", "临安区", "今天收到", "来访 1", "未办结", "近七天没有热点")
	if strings.Contains(p.body, "路灯") || !strings.Contains(p.body, `http-equiv="refresh"`) {
		t.Error("a title, or nothing that asks again without a script")
	}
	// counted once for all, until something is written
	s.petition(unitTown)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, b.base+"/desk/screen/live", http.NoBody)
	check(t, err)
	answer, err := b.client.Do(r)
	check(t, err)
	defer answer.Body.Close()
	if kind := answer.Header.Get("Content-Type"); kind != "text/event-stream" {
		t.Fatal(kind)
	}
	var said strings.Builder
	for lines := bufio.NewScanner(answer.Body); lines.Scan() && (lines.Text() != "" || !strings.Contains(said.String(), "data:")); {
		said.WriteString(lines.Text() + "\n")
	}
	if got := said.String(); !strings.Contains(got, "event: screen\n") || !strings.Contains(got, "screen-today") || strings.Contains(got, "水渠") {
		t.Errorf("%s", got)
	}
	if p := s.browser().get("/desk/screen"); p.path == "/desk/screen" {
		t.Error("open to nobody")
	}
}
