package web_test

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"huiyin/internal/law"
	"huiyin/internal/matter"
)

// levels are how deep the rows of the tree lie, and what they say.
func (p page) levels() (depth []string, text string) {
	for _, row := range p.find("[data-tree] tbody tr") {
		depth = append(depth, attribute(row, "data-level"))
		text += words(row) + "\n"
	}
	return depth, text
}

// The tree begins at the reader's place; a place opens and closes without a script, each figure leads to its matters; many places come by pages; another unit's figures are not in it.
func TestTreeOfPlaces(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.registered(
		matter.Intake{Title: "拖欠工资", Narrative: "三个月没发工资。", Place: 330112104202},
		matter.Intake{Title: "路灯不亮", Narrative: "小学门口的路灯不亮。", Place: 330112104},
		matter.Intake{Title: "水渠堵了", Narrative: "修路的土方堆进了水渠。"},
	)
	team := s.team("dispatch", "handler", "audit")
	b := team["dispatch"]
	p := b.get("/desk/figures/places").want(http.StatusOK, "/desk/figures/places", "地方一览", "於潜镇", "点 + 往下看", "改条件")
	depth, text := p.levels()
	if fmt.Sprint(depth) != "[1 2 2]" || !strings.Contains(text, "没有写到更细") || !strings.Contains(text, "临安区") {
		t.Fatalf("%v\n%s", depth, text)
	}
	if list := b.follow(p, "#p330112104 [data-tree-main]"); list.status != http.StatusOK || len(list.find("tbody .matter-title")) != 2 {
		t.Errorf("%s: %d matters", list.path, len(list.find("tbody .matter-title")))
	}
	open := b.follow(p, "#p330112104 [data-tree-toggle]")
	depth, text = open.levels()
	if fmt.Sprint(depth) != "[1 2 3 3 2]" || attribute(open.find("#p330112104")[0], "data-open") != "true" || !strings.Contains(open.path, "open=330112104") {
		t.Fatalf("%s: %v\n%s", open.path, depth, text)
	}
	behind := 0
	for _, row := range open.find("[data-tree] [data-level=3] [data-tree-main]") {
		behind++
		list := b.get(attribute(row, "href"))
		if list.status != http.StatusOK || len(list.find("tbody .matter-title")) != 1 {
			t.Errorf("%s: %d matters", list.path, len(list.find("tbody .matter-title")))
		}
	}
	if behind != 2 {
		t.Errorf("%d figures in the town", behind)
	}
	if values := open.find(".figures-ask input[name=open]"); len(values) != 1 || attribute(values[0], "value") != "330112104" {
		t.Error("the form closes what stands open")
	}
	if closed := b.follow(open, "#p330112104 [data-tree-toggle]"); strings.Contains(closed.path, "open=") {
		t.Errorf("closed: %s", closed.path)
	}
	share := b.get("/desk/figures/places?indicator=timely_acceptance&open=330112104")
	if _, text := share.levels(); share.status != http.StatusOK || !strings.Contains(text, "0 / 0") || !strings.Contains(text, "n/a") {
		t.Errorf("%d: %s", share.status, text)
	}
	b.get("/desk/figures/places?from=x").want(http.StatusUnprocessableEntity, "/desk/figures/places?from=x", "请写成 2026-01-31 这样的日期")
	b.get("/desk/figures/places?open=x&open=7&open=330112104.99&open=0.3").want(http.StatusOK, "/desk/figures/places?open=x&open=7&open=330112104.99&open=0.3")

	own, text := team["handler"].get("/desk/figures/places?open=330112104").want(http.StatusOK, "/desk/figures/places?open=330112104").levels()
	if len(own) != 1 {
		t.Errorf("another unit's places: %s", text)
	}
	team["handler"].get("/desk/figures/places?unit=2").want(http.StatusUnprocessableEntity, "/desk/figures/places?unit=2")
	team["audit"].get("/desk/figures/places").want(http.StatusForbidden, "/desk/figures/places")
}

// A place with many under it shows them by pages, and every one of them once.
func TestTreeOfPlacesComesByPages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	villages, err := s.office.Places.Children(330112104)
	check(t, err)
	for _, v := range villages {
		s.registered(matter.Intake{Title: "路灯不亮", Narrative: "路灯不亮。", Place: v.Code})
	}
	b := s.team("dispatch")["dispatch"]
	seen, pages := map[string]bool{}, 0
	for p := b.get("/desk/figures/places?open=330112104"); ; pages++ {
		rows := slices.DeleteFunc(p.find("[data-tree] [data-level=3]"), func(n *html.Node) bool { return attribute(n, "data-at") == "" })
		for _, row := range rows {
			if id := attribute(row, "id"); seen[id] {
				t.Errorf("%s twice", id)
			} else {
				seen[id] = true
			}
			if attribute(row, "data-of") != strconv.Itoa(len(villages)) {
				t.Errorf("of %s", attribute(row, "data-of"))
			}
		}
		if len(rows) > 20 {
			t.Fatalf("%d places on a page", len(rows))
		}
		links := p.find("[data-more] a")
		if len(links) == 0 || words(links[len(links)-1]) != "后面的" {
			break
		}
		p = b.get(strings.Split(attribute(links[len(links)-1], "href"), "#")[0])
	}
	if len(seen) != len(villages) || pages != (len(villages)-1)/20 || len(villages) <= 20 {
		t.Errorf("%d of %d places on %d further pages, on %s", len(seen), len(villages), pages, law.DayOf(s.now.Load()))
	}
}
