package web_test

import (
	"strings"
	"testing"

	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

func TestAdminChanges(t *testing.T) {
	t.Parallel()
	s, county := adminSite(t)
	const path = "/desk/admin/changes"
	town := s.signIn("town-admin", usecase.NewDuty{Role: org.RoleAdmin, Unit: unitTown})
	auditor := s.signIn("auditor", usecase.NewDuty{Role: org.RoleAuditor, Unit: unitCounty})
	s.signIn("handler", usecase.NewDuty{Role: org.RoleHandler, Unit: unitLand})
	handler, admin := s.person("handler"), s.person("admin")
	county.post("/desk/admin/people/"+handler+"/rename", "name", "李思").want(ok, "/desk/admin/people/"+handler)
	county.post("/desk/admin/units/5/rename", "name", "於潜镇人民政府", "english", "Yuqian", "phone", "0571-11111111").want(ok, "/desk/admin/units/5")
	county.post("/desk/admin/catalogue/new", "category", "", "place", "330112", "unit", "3", "why", "清单第 7 项").want(ok, "/desk/admin/catalogue")
	county.post("/desk/admin/keys/new", "name", "区热线平台", "unit", "5", "role", "auditor", "grants", "read").want(ok, "/desk/admin/keys/new")
	county.post("/desk/admin/settings", "title", "临安信访", "place", "330112", "lang", "zh").want(ok, "/desk/admin/settings")

	county.get(path).want(ok, path, "人员变动", "李思", "姓名：由“人员handler”改为“李思”", "责任目录新增一条", "临安区", "依据：清单第 7 项", "新建密钥", "区热线平台",
		"允许做什么：查看", "设置变动", "网站名称：由“临安区网上信访”改为“临安信访”", "系统维护人员")
	// A town reads what touched the town, and what is everybody's.
	town.get(path).want(ok, path, "於潜镇人民政府", "电话：由“000-00000005”改为“0571-11111111”", "区热线平台", "设置变动").silent("李思", "人员handler", "清单第 7 项")
	town.get(path+"?person="+handler).want(ok, path+"?person="+handler, "这里没有变动").silent("李思")
	if p := town.get(path + "?unit=3"); p.status != notFound {
		t.Errorf("another's unit: %d", p.status)
	}
	// It can be narrowed, and leads back to what it is about.
	p := county.get(path+"?person="+handler).want(ok, path+"?person="+handler, "只看对李思的变动", "新增人员", "给予职责", "打开这个人的页面").silent("设置变动")
	if n := len(p.find("tbody tr")); n != 3 {
		t.Errorf("%d changes about one person", n)
	}
	county.get(path+"?by="+admin).want(ok, path+"?by="+admin, "只看由人员admin改的", "设置变动").silent("新增人员")
	county.get(path+"?unit=5").want(ok, path+"?unit=5", "只看“於潜镇人民政府”", "打开这个单位的页面", "0571-11111111").silent("设置变动")
	county.get(path+"?q=lisi").want(ok, path+"?person="+handler, "只看对李思的变动")
	county.get(path+"?q=yqzrmzf").want(ok, path+"?unit=5", "只看“於潜镇人民政府”")
	county.get(path+"?q=laq").want(ok, path+"?q=laq", "看哪一个", "临安区信访局", "与它有关的变动")
	county.get(path+"?q=zzz").want(ok, path+"?q=zzz", "没有叫“zzz”的单位或人员", "人员变动")
	for _, from := range []string{"/desk/admin/people/" + handler, "/desk/admin/units/5"} {
		if !strings.Contains(county.get(from).body, path+"?") {
			t.Errorf("%s does not lead to the record", from)
		}
	}
	// Auditors read it all and have no page of a person or unit to go to; others have no way in.
	auditor.get(path).want(ok, path, "李思", "设置变动")
	auditor.get(path+"?person="+handler).want(ok, path+"?person="+handler, "只看对李思的变动").silent("打开这个人的页面")
	other := s.browser()
	other.post("/desk/sign-in", "name", "handler", "password", password).want(ok, "/desk")
	other.get(path).want(forbidden, path)
	// In pages, and in English.
	for range 20 {
		for _, name := range []string{"李斯", "李四"} {
			county.post("/desk/admin/people/"+handler+"/rename", "name", name).want(ok, "/desk/admin/people/"+handler)
		}
	}
	p = county.get(path + "?person=" + handler)
	next := p.find("a[rel=next]")
	if len(p.find("tbody tr")) != 30 || len(next) != 1 {
		t.Fatalf("%d changes on a page, %d ways on", len(p.find("tbody tr")), len(next))
	}
	p = county.get(attribute(next[0], "href"))
	if n := len(p.find("tbody tr")); n != 13 || len(p.find("a[rel=next]")) != 0 {
		t.Errorf("%d changes on the second page", n)
	}
	county.get("/language?lang=en&to=" + path)
	county.get(path+"?unit=5").want(ok, path+"?unit=5", "Only “Yuqian” and the units below it", "Unit changed", "Telephone: from “000-00000005” to “0571-11111111”")
}
