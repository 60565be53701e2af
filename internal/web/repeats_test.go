package web_test

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	roofs       = "四月起顶楼七户一下雨就漏，天花板掉皮，电线泡在水里。物业说找开发商，开发商说过了保修期，房管说先申请维修资金，来回跑了四个月没有人上过一次房顶。"
	roofsEdited = "邻居们让我再来说一次：四月起顶楼七户一下雨就漏，天花板掉皮，电线泡在水里。物业说找开发商，开发商说过了保修期，房管说先申请维修资金，跑了快五个月。"
)

// An edited copy of an earlier matter is set beside it with the reasons in words and with what both say marked; a copy that ended is shown, too, but nothing
// can be joined to it.
func TestRegisterSetsTextsSideBySide(t *testing.T) {
	s := newSite(t)
	b := s.team("dispatch")["dispatch"]
	first := entered(b, "title", "顶楼漏雨", "demands", "1", "demands.0", "修好房顶", "narrative", roofs)
	entered(b, "title", "路灯不亮", "demands", "1", "demands.0", "修好路灯", "narrative", "小学门口的路灯从九月起就不亮了，孩子放学天已经黑了。")
	const path = "/desk/register"
	send := []string{
		"title", "七户人家等着修房顶", "demands.0", "派人来看", "narrative", roofsEdited, "place", "330112104", "petitioners.0.name", "陈玉兰", "petitioners.0.phone", "13000000000",
	}
	same := b.post(path, b.get(path).fields(path, send...)...).want(http.StatusOK, path, "可能是同一件事：1 件", first, "为什么像", "% 相同", "同在", "同一天收到")
	pair := same.find(".pair p.said")
	if len(pair) != 2 {
		t.Fatalf("%d texts are set side by side", len(pair))
	}
	if here, there := text(pair[0]), text(pair[1]); !strings.Contains(here, roofsEdited) || !strings.Contains(there, roofs) {
		t.Errorf("here %q, there %q", here, there)
	}
	marks := same.find(".pair mark")
	all := make([]string, 0, len(marks))
	for _, m := range marks {
		all = append(all, text(m))
	}
	const both = "物业说找开发商，开发商说过了保修期，房管说先申请维修资金"
	if n := len(slices.DeleteFunc(all, func(s string) bool { return !strings.Contains(s, both) })); n != 2 {
		t.Errorf("what both say is marked %d times, want in both", n)
	}
	if n := len(same.find("[name=same." + first + "]")); n != 2 {
		t.Errorf("%d choices for the person to decide", n)
	}
	done := b.post(path, same.fields(path, "same."+first, "no")...)
	if !strings.HasPrefix(done.path, "/desk/receipt/") || strings.Contains(words(done.root), "已并入") {
		t.Errorf("not the same: %d at %s", done.status, done.path)
	}
	b.get("/language?lang=en&to=" + path)
	b.post(path, b.get(path).fields(path, send...)...).want(http.StatusOK, path, "Why it may be", "The same text; ", "% of the text is the same; ", "Received on the same day")
}

// What a clerk may not see is not offered, though it be the same word for word; nor is an accusation, to anybody.
func TestRegisterOffersNothingOutOfSight(t *testing.T) {
	s := newSite(t)
	team := s.team("dispatch", "town", "inspect")
	sealed := entered(team["inspect"], "kind", "accusation", "accused", strconv.Itoa(int(unitLand)), "title", "顶楼漏雨没人修", "category", "", "narrative", roofs)
	above := entered(team["dispatch"], "title", "顶楼漏雨", "narrative", roofs)
	const path = "/desk/register"
	send := []string{"do", "check", "title", "顶楼漏雨没人修", "demands.0", "派人来看", "narrative", roofs, "place", "330112104", "petitioners.0.name", "陈玉兰"}
	for name, want := range map[string][]string{"dispatch": {above}, "town": nil} {
		p := team[name].post(path, team[name].get(path).fields(path, send...)...)
		if p.status != http.StatusOK {
			t.Fatalf("%s: %d at %s", name, p.status, p.path)
		}
		var got []string
		for _, a := range p.find(".side-by-side h3 a") {
			got = append(got, text(a))
		}
		if !slices.Equal(got, want) || strings.Contains(words(p.root), sealed) {
			t.Errorf("%s is offered %v, want %v", name, got, want)
		}
	}
}
