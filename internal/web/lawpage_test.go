package web_test

import (
	"strings"
	"testing"

	"huiyin/internal/law"
	"huiyin/internal/org"
)

func TestLawPage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.browser()
	b.get("/how").want(ok, "/how", "自己算一算")
	if p := b.get("/law").want(ok, "/law", "查期限", "办理期限 D05", "劳动保障监察调查期限 D34"); len(p.find("#answer")) != 0 {
		t.Error("an answer without a question")
	}
	ask := func(query string) string { return "/law?" + query }
	for query, says := range map[string][]string{
		"rule=D05&from=2025-08-05&place=330112": {"法定最后一天2025 年 10 月 9 日", "适用信访工作条例第三十四条", "未采用", "浙江省杭州市临安区", "最多延长 30 日"},
		"rule=D05&from=2025-08-05":              {"全国", "当天不算，从第二天起算"},
		"rule=D34&from=2026-03-02":              {"劳动保障监察条例"},
		"rule=D11&from=2026-03-02":              {"没有最后一天"},
		"rule=D15&from=2026-03-02":              {"通常说法，未经条文证实"},
		"rule=D05&from=2026-11-02":              {"公布后可能变化"},
	} {
		p := b.get(ask(query)).want(ok, ask(query), says...)
		if len(p.find("div.derivation li")) == 0 {
			t.Errorf("%s has no derivation", query)
		}
	}
	for query, field := range map[string]string{
		"rule=&from=2025-08-05":                     "rule",
		"rule=D05&from=":                            "from",
		"rule=D05&from=2025-02-30" + "%3Cb%3E":      "from",
		"rule=D05&from=2025-08-05&place=99":         "place",
		"rule=D99&from=2025-08-05":                  "rule",
		"rule=D05&from=1999-01-01":                  "rule",
		"rule=D25&from=2026-03-02&place=330112":     "rule",
		"rule=D25&from=2026-03-02&place=440303":     "rule",
		"rule=D04&from=2020-03-02&place=330112&do=": "rule",
	} {
		p := b.get(ask(query))
		if p.status != invalid || len(p.find("#answer")) != 0 || len(p.find("div.error-summary a[href=#f-"+field+"]")) != 1 {
			t.Errorf("%s: %d, no error of %s: %s", query, p.status, field, words(p.root))
		}
		if strings.Contains(p.body, "<b>30") {
			t.Error("what was typed is markup")
		}
	}
	p := b.get(ask("rule=D05&from=2025-08-05&place=330112&place_q=桐庐&do=find-place"))
	if p.status != ok || !strings.Contains(p.body, "桐庐县") || !strings.Contains(p.body, `value="2025-08-05"`) || len(p.find("#answer")) != 0 {
		t.Errorf("looking up a place: %d", p.status)
	}
	check(t, s.office.Adopt(t.Context(), org.System(), []law.Adoption{{Set: "zhejiang-2016", Since: law.NewDay(2020, 1, 1)}}))
	query := ask("rule=D05&from=2025-08-05&place=330112")
	b.get(query).want(ok, query, "浙江省信访条例（2016）第二十三条", "让位信访工作条例第三十四条", "本地自 2020 年 1 月 1 日")
}
