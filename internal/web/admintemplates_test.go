package web_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

func TestAdminTemplates(t *testing.T) {
	t.Parallel()
	s, b := adminSite(t)
	const list, path = "/desk/admin/templates", "/desk/admin/templates/acceptance"
	b.get(list).want(ok, list, "受理告知书", "处理意见书", "随程序提供的第 1 版")
	p := b.get(path).want(ok, path, "可以用的栏目", "{信访人}", "承办人联系方式", "信访事项受理告知书", "〔信访人〕")
	body, was := p.value("body"), p.value("was")
	if !strings.Contains(body, "标题：信访事项受理告知书") || was != "shipped-1" {
		t.Fatalf("the shipped text: %s %s", was, body)
	}
	text := "标题：受理告知书（新样）\n主送：{信访人}\n\n您反映的“{信访标题}”已经受理。" + attack
	// looked at, not saved
	b.post(path, "body", text, "was", was, "do", "preview").want(ok, path, "受理告知书（新样）", "随程序提供的第 1 版")
	if look := b.post(path+"/look", "body", text); look.status != ok || !strings.Contains(look.body, "新样") || strings.Contains(look.body, "<html") || strings.Contains(look.body, attack) {
		t.Errorf("the preview alone: %d %s", look.status, look.body)
	}
	wrong := b.post(path, "body", "标题：新样\n\n{信访入}", "why", "", "was", was).want(invalid, path, "3", "信访人")
	wrong.fault("why")
	wrong.fault("body")
	if got := wrong.value("body"); !strings.Contains(got, "{信访入}") {
		t.Error("what was typed is lost")
	}
	if look := b.post(path+"/look", "body", "没有标题的"); look.status != ok || len(look.find("#preview ul")) != 1 {
		t.Errorf("what is wrong: %d", look.status)
	}
	_, before := s.filed()
	s.answered(before)
	b.post(path, "body", text, "why", "更短", "was", was).want(ok, path, "新版本已经生效", "更短", "现行")
	_, after := s.filed()
	s.answered(after)
	for ref, want := range map[matter.Ref]bool{before: false, after: true} {
		m, err := s.office.Matter(t.Context(), staff(org.RoleHandler, unitLand), ref)
		check(t, err)
		for _, paper := range m.Matter.Papers {
			if paper.Kind != matter.PaperAcceptance {
				continue
			}
			print, err := s.office.Paper(t.Context(), staff(org.RoleHandler, unitLand), ref, usecase.PaperAsk{N: paper.N})
			check(t, err)
			if strings.Contains(print.Doc.Text(), "新样") != want {
				t.Errorf("printed by the new template %v:\n%s", !want, print.Doc.Text())
			}
		}
	}
	// somebody who began earlier does not save over it unseen
	if p := b.post(path, "body", text, "why", "再改", "was", was); p.status != http.StatusConflict || !strings.Contains(p.value("body"), "新样") {
		t.Errorf("over a newer version: %d", p.status)
	}
	version := path + "/1"
	p = b.get(version).want(ok, version, "受理告知书（新样）")
	if len(p.find(".difference ins")) == 0 || len(p.find(".difference del")) == 0 {
		t.Error("the difference shows nothing")
	}
	back := b.get(path+"?from=shipped-1").want(ok, path+"?from=shipped-1", "现行")
	if back.value("body") != body || !strings.Contains(back.value("why"), "恢复为") {
		t.Error("going back does not begin with the older text")
	}
	b.post(path, "body", back.value("body"), "why", back.value("why"), "was", back.value("was"))
	b.get("/desk/admin/changes").want(ok, "/desk/admin/changes", "文书模板新版本", "受理告知书", "恢复为")
	for _, gone := range []string{"/desk/admin/templates/none", path + "/99", path + "/shipped-2"} {
		if p := b.get(gone); p.status != http.StatusNotFound {
			t.Errorf("%s: %d", gone, p.status)
		}
	}
	town := s.signIn("town-admin", usecase.NewDuty{Role: org.RoleAdmin, Unit: unitTown})
	town.get(path).want(ok, path, "最上一级的管理员")
	if p := town.post(path, "body", text, "why", "乡镇改", "was", "2"); p.status != http.StatusForbidden {
		t.Errorf("an administrator of a town: %d", p.status)
	}
	for _, who := range []usecase.NewDuty{{Role: org.RoleHandler, Unit: unitLand}, {Role: org.RoleAuditor, Unit: unitCounty}} {
		other := s.signIn("x"+string(who.Role), who)
		for _, at := range []string{list, path, version} {
			if p := other.get(at); p.status != http.StatusForbidden {
				t.Errorf("%s at %s: %d", who.Role, at, p.status)
			}
		}
	}
}

// The mark of a unit stands in the numbers of its documents from then on.
func TestUnitMark(t *testing.T) {
	t.Parallel()
	s, b := adminSite(t)
	u, _ := s.office.Chart().Unit(unitLand)
	at := "/desk/admin/units/" + strconv.Itoa(int(unitLand))
	b.post(at+"/rename", "name", u.Name, "mark", strings.Repeat("字", 21)).want(invalid, at+"/rename").fault("mark")
	b.post(at+"/rename", "name", u.Name, "mark", "临水").want(ok, at, "已保存")
	_, ref := s.filed()
	s.answered(ref)
	m, err := s.office.Matter(t.Context(), staff(org.RoleHandler, unitLand), ref)
	check(t, err)
	if got := m.Matter.Draft.Document; got != "临水〔2025〕2号" {
		t.Errorf("the number is %s", got)
	}
}
