package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

// follow goes where the first link of a selector leads.
func (b *browser) follow(p page, selector string) page {
	b.t.Helper()
	found := p.find(selector)
	if len(found) == 0 {
		b.t.Fatalf("%s has no %s", p.path, selector)
	}
	at, err := url.Parse(attribute(found[0], "href"))
	check(b.t, err)
	at.Fragment = ""
	return b.get(at.String())
}

// A key figure opens to its matters, a place leads down, a head sorts; who has another unit counts their own, and who sees no matters sees no figures.
func TestFigures(t *testing.T) {
	s := newSite(t)
	s.registered(
		matter.Intake{Title: "拖欠工资", Narrative: "三个月没发工资。", Place: 330112104},
		matter.Intake{Title: "路灯不亮", Narrative: "小学门口的路灯不亮。", Place: 330112104},
		matter.Intake{Title: "水渠堵了", Narrative: "修路的土方堆进了水渠。"},
	)
	team := s.team("dispatch", "handler", "inspect", "audit")
	b := team["dispatch"]
	p := b.get("/desk/figures").want(http.StatusOK, "/desk/figures", "主要指标", "信访总量", "近 12 个月", "按地方", "於潜镇", "两边相等", "控告、举报不计入", "期初 + 新增", "怎么算的", "《信访工作条例》第三十四条")
	if got := p.text(".figure-card .big-figure"); got != "3" {
		t.Errorf("%s submissions", got)
	}
	list := b.follow(p, ".figure-card .big-figure a")
	if list.status != http.StatusOK || len(list.find("tbody .matter-title")) != 3 {
		t.Errorf("%d, %d matters", list.status, len(list.find("tbody .matter-title")))
	}
	then := b.get("/desk/figures?recorded=2020-01-01").want(http.StatusOK, "/desk/figures?recorded=2020-01-01", "按当时的记录", "2020-01-01")
	if got := then.text(".figure-card .big-figure"); got != "0" || !strings.Contains(then.body, "recorded=2020-01-01") {
		t.Errorf("%s submissions were on record before any was entered", got)
	}
	matterPage := b.follow(list, "tbody .matter-title")
	matterPage.want(http.StatusOK, matterPage.path, "水渠堵了")

	town := b.follow(p, "table th.figure-group a")
	if !strings.Contains(town.path, "place=330112104") || town.text(".figure-card .big-figure") != "2" || len(town.find("nav.figures-way li")) != 2 {
		t.Errorf("%s: %s", town.path, words(town.root))
	}
	open := b.get("/desk/figures/list?indicator=timely_acceptance&part=rest")
	open.want(http.StatusOK, open.path, "分母里没计入的", "这个数字后面没有事项", "未到期的不算")
	if open.text(".big-figure") != "n/a" {
		t.Error("a share of nothing is known")
	}

	if english := b.get("/language?lang=en&to=" + url.QueryEscape(open.path)); english.path != open.path || !strings.Contains(english.body, "lang=zh&amp;to="+url.QueryEscape(open.path)) {
		t.Errorf("the other language leads to %s", english.path)
	}
	b.get("/language?lang=zh&to=/desk")
	b.get("/desk/figures?unit=1&by=unit&indicator=stock&order=rising").want(http.StatusOK, "/desk/figures?unit=1&by=unit&indicator=stock&order=rising", "临安区信访局")
	if sorted := b.get("/desk/figures?indicator=stock&order=rising").find("th[aria-sort=ascending]"); len(sorted) != 1 || words(sorted[0]) != "存量 ↑" {
		t.Errorf("%d heads are sorted", len(sorted))
	}
	wrong := b.get("/desk/figures?from=x&unit=没有这个&to=2026-01-01")
	wrong.want(http.StatusUnprocessableEntity, wrong.path, "请写成 2026-01-31 这样的日期", "没有这个单位")
	if attribute(wrong.find("#f-unit")[0], "value") != "没有这个" {
		t.Error("what was typed is lost")
	}
	for path, status := range map[string]int{
		"/desk/figures/list":                                 http.StatusNotFound,
		"/desk/figures/list?indicator=nothing":               http.StatusNotFound,
		"/desk/figures/list?indicator=stock&part=x":          http.StatusUnprocessableEntity,
		"/desk/figures/list?indicator=stock&from=x":          http.StatusUnprocessableEntity,
		"/desk/figures/table/pdf":                            http.StatusNotFound,
		"/desk/figures/table/csv?by=x":                       http.StatusUnprocessableEntity,
		"/desk/figures?indicator=nothing":                    http.StatusUnprocessableEntity,
		"/desk/figures?place=7":                              http.StatusUnprocessableEntity,
		"/desk/figures?category=7":                           http.StatusUnprocessableEntity,
		"/desk/figures?from=2025-09-02&to=2025-09-01":        http.StatusUnprocessableEntity,
		"/desk/figures/list?indicator=stock&by=unit&group=3": http.StatusOK,
	} {
		b.get(path).want(status, b.get(path).path)
	}

	table := b.get("/desk/figures/table/csv?by=place")
	if !strings.HasPrefix(table.header.Get("Content-Type"), "text/csv") || !strings.Contains(table.body, "於潜镇,submissions,信访总量,2,2,0") {
		t.Errorf("%s", table.body)
	}
	if !strings.Contains(table.body, "临安区及其下属单位,不限,不限,按地方,不含控告、举报") {
		t.Errorf("over what it was counted is not said: %.400s", table.body)
	}
	b.get("/desk/figures/table/xlsx?by=unit").want(http.StatusOK, "/desk/figures/table/xlsx?by=unit")
	b.get("/desk/figures/indicators").want(http.StatusOK, "/desk/figures/indicators", "按期办结率（乙）", "乙：未到期的不算", "答复：按期 + 答复：超期才做 + 答复：超期未做", "受理日")

	own := team["handler"].get("/desk/figures").want(http.StatusOK, "/desk/figures", "只数临安区规划和自然资源局")
	if own.text(".figure-card .big-figure") != "0" {
		t.Error("another unit's are counted")
	}
	none := team["handler"].get("/desk/figures/list?indicator=submissions")
	none.want(http.StatusOK, none.path, "这个数字后面没有事项")
	for _, path := range []string{"/desk/figures?unit=2", "/desk/figures/list?indicator=stock&unit=2"} { // another's
		team["handler"].get(path).want(http.StatusUnprocessableEntity, path)
	}
	team["inspect"].get("/desk/figures").want(http.StatusOK, "/desk/figures", "含您有权看的控告、举报")
	for _, path := range []string{"/desk/figures", "/desk/figures/list?indicator=stock", "/desk/figures/indicators", "/desk/figures/table/csv"} {
		team["audit"].get(path).want(http.StatusForbidden, path)
	}
}

// Each role with matters has figures, and no other.
func TestWhoHasFigures(t *testing.T) {
	s := newSite(t)
	for _, role := range org.Roles() {
		at := unitBureau
		if role == org.RoleDiscipline {
			at = unitDiscipline
		}
		who := staff(role, at)
		_, err := s.office.Figures(t.Context(), who, usecase.FigureAsk{Indicators: []string{"stock"}, Period: s.office.StatPeriod()})
		_, behind := s.office.FigureMatters(t.Context(), who, usecase.FigureListAsk{FigureAsk: usecase.FigureAsk{Indicators: []string{"stock"}, Period: s.office.StatPeriod()}})
		if refused := role == org.RoleAdmin || role == org.RoleAuditor; (err != nil) != refused || (behind != nil) != refused {
			t.Errorf("%s: %v, %v", role, err, behind)
		}
	}
}
