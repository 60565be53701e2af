package web_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"huiyin/internal/matter"
)

// Three who say the same are listed and explained; a decision without a reason comes back with what was typed; who handles single matters sees no issues.
func TestIssues(t *testing.T) {
	s := newSite(t)
	s.registered(
		matter.Intake{Title: "柳溪花园旁的采石场放炮", Narrative: "柳溪花园旁边的采石场夜里放炮，窗户都震裂了。"},
		matter.Intake{Title: "投诉柳溪花园采石场", Narrative: "采石场每天夜里放炮，柳溪花园的墙上有裂缝。"},
		matter.Intake{Title: "柳溪花园的采石场太吵", Narrative: "住在柳溪花园，采石场白天黑夜放炮，灰尘也大。"},
		matter.Intake{Title: "路灯不亮", Narrative: "小学门口的路灯不亮。"},
	)
	team := s.team("dispatch", "audit")
	b := team["dispatch"]
	b.get("/desk/issues").want(http.StatusOK, "/desk/issues", "没有热点")
	check(t, s.office.RefreshIssues(t.Context()))
	list := b.get("/desk/issues?days=7").want(http.StatusOK, "/desk/issues?days=7", "采石场", "3 件", "以前没有")
	rows := list.find(".matter-title")
	if len(rows) != 1 {
		t.Fatalf("%d issues", len(rows))
	}
	if said := list.find("svg.bar"); len(said) != 1 {
		t.Error("the days are not drawn")
	}
	one := b.get("/desk/issues/1").want(http.StatusOK, "/desk/issues/1", "为什么归在一起", "柳溪花园", "近 30 天您看得到 3 件")
	if len(one.find("mark")) < 3 || len(one.find("tbody .matter-title")) != 3 {
		t.Errorf("%d marks, %d matters", len(one.find("mark")), len(one.find("tbody .matter-title")))
	}
	wrong := b.post("/desk/issues/1", "do", "dismiss", "name", "写了一半")
	wrong.want(http.StatusUnprocessableEntity, "/desk/issues/1", "这一项要填")
	if !strings.Contains(wrong.body, "写了一半") {
		t.Error("what was typed is lost")
	}
	b.post("/desk/issues/1", "do", "dismiss", "reason", "已经整治").want(http.StatusOK, "/desk/issues/1", "已排除", "已经整治")
	b.get("/desk/issues").want(http.StatusOK, "/desk/issues", "没有热点")
	team["audit"].get("/desk/issues").want(http.StatusForbidden, "/desk/issues")
	b.get("/desk/issues/99").want(http.StatusNotFound, "/desk/issues/99")
}

// A matter is taken out from its row: the decision is filled in but for the reason. The address of an issue that was merged leads to where it is shown now.
func TestIssueRowsAndOldAddresses(t *testing.T) {
	s := newSite(t)
	for i := range 3 {
		s.registered(
			matter.Intake{Title: "柳溪花园旁的采石场放炮", Narrative: "柳溪花园旁边的采石场夜里放炮，窗户都震裂了，第" + strconv.Itoa(i) + "家。"},
			matter.Intake{Title: "青禾驾校不退学费", Narrative: "青禾驾校关门，学费不退，教练也找不到，第" + strconv.Itoa(i) + "个学员。"},
		)
	}
	b := s.team("dispatch")["dispatch"]
	check(t, s.office.RefreshIssues(t.Context()))
	one := b.get("/desk/issues/1")
	links := one.find("tbody th small a")
	if len(links) != 3 {
		t.Fatalf("%d matters can be taken out", len(links))
	}
	form := b.get(strings.TrimSuffix(attribute(links[0], "href"), "#decide"))
	checked := form.find("#decide [checked]")
	if len(form.find("details[open]")) != 1 || len(checked) != 1 || attribute(checked[0], "value") != "out" || attribute(form.find("#decide [name=matter]")[0], "value") == "" {
		t.Error("the decision is not filled in")
	}
	b.post("/desk/issues/2", "do", "merge", "other", "1", "reason", "一回事").want(http.StatusOK, "/desk/issues/1", "近 30 天您看得到 6 件")
	b.get("/desk/issues/2?days=7").want(http.StatusOK, "/desk/issues/1", "热点 2 已经并入这一个")
}
