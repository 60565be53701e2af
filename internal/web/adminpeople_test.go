package web_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
)

func openOnes() matter.Filter {
	return matter.Filter{List: matter.ListAll, View: matter.ViewOpen, Limit: 10}
}

func TestAdminPeople(t *testing.T) {
	t.Parallel()
	s, b := adminSite(t)
	const path = "/desk/admin/people"
	p := b.post(path+"/new", "name", "李四").want(invalid, path+"/new").silent("f-scope-e0")
	if got := p.fault("unit"); got != "这一项要填" {
		t.Errorf("of the unit that nobody chose: %s", got)
	}
	p = b.post(path+"/new", "name", "李四", "sign_in", "x", "role", "", "unit", "3").want(invalid, path+"/new")
	p.fault("sign_in")
	p.fault("role")
	if p.value("name") != "李四" || p.value("unit") != "3" {
		t.Errorf("what was typed is lost: %v", p.fields(""))
	}
	p = b.post(path+"/new", "name", "李四", "sign_in", "li4", "role", "handler", "unit", "3").want(ok, path+"/new", "只显示这一次", "李四", "li4")
	first, who := secretOf(t, p), path+"/"+s.person("li4")
	b.get(who).want(ok, who, "等本人改密码", "承办人", "临安区规划和自然资源局", "新增人员", "给予职责", "人员admin").silent(first)
	b.get(path).want(ok, path, "李四").silent(first)
	for _, words := range []string{"LI4", "ls", "lisi", "李"} {
		if links := b.get(path + "?q=" + words).find("tbody a"); len(links) != 1 || words == "" || attribute(links[0], "href") != who {
			t.Errorf("%q finds %d people", words, len(links))
		}
	}
	b.get(path+"?q=nobody").want(ok, path+"?q=nobody", "没有找到“nobody”")
	p = b.get(path+"?q=yqz").want(ok, path+"?q=yqz", "没有找到“yqz”", "看这些单位的人")
	if links := p.find("main a[href]"); !slices.ContainsFunc(links, func(n *html.Node) bool { return attribute(n, "href") == path+"?unit=5" }) {
		t.Error("the people of a unit are not offered")
	}
	if p := b.get(path + "?q=li&page=x"); p.status != invalid {
		t.Errorf("a position that is none: %d", p.status)
	}
	if got := b.post(path+"/new", "name", "李四", "sign_in", "Li4", "role", "handler", "unit", "3"); got.status != conflict || got.value("name") != "李四" {
		t.Errorf("a name taken twice: %d", got.status)
	}

	li := s.browser()
	li.post("/desk/sign-in", "name", "li4", "password", first).want(ok, "/desk/password")
	li.post("/desk/password", "old", first, "password", password, "again", password).want(ok, "/desk")
	b.get(who).want(ok, who, "可以登录", "由本人更改")
	b.get(who+"/reset").want(ok, who+"/reset", "原来的密码马上不能用")
	li.get("/desk").want(ok, "/desk")
	second := secretOf(t, b.post(who+"/reset").want(ok, who+"/reset", "只显示这一次"))
	if second == first {
		t.Error("the same password twice")
	}
	b.get(who).silent(second, first)
	li.get("/desk").want(ok, "/desk/password")
	if p := s.browser().post("/desk/sign-in", "name", "li4", "password", password); p.path != "/desk/sign-in" {
		t.Errorf("the old password still opens %s", p.path)
	}

	b.post(who+"/rename", "name", strings.Repeat("长", 41)).want(invalid, who+"/rename", "最多 40 字")
	b.post(who+"/rename", "name", "李思").want(ok, who, "李思", "姓名：由“李四”改为“李思”")
	b.get(who+"/disable").want(ok, who+"/disable", "马上不能登录")
	b.post(who+"/disable").want(ok, who, "已停用", "停用：由“无”改为“是”").silent(who + "/disable")
	if p := s.browser().post("/desk/sign-in", "name", "li4", "password", second); p.path != "/desk/sign-in" {
		t.Error("who is disabled comes in")
	}
	b.post(who+"/enable").want(ok, who, "已恢复")
	s.browser().post("/desk/sign-in", "name", "li4", "password", second).want(ok, "/desk/password")
}

func TestAdminDuties(t *testing.T) {
	t.Parallel()
	s, b := adminSite(t)
	s.signIn("li4", usecase.NewDuty{Role: org.RoleHandler, Unit: unitLand})
	who := "/desk/admin/people/" + s.person("li4")
	p := b.post(who+"/duty", "role", "discipline", "unit", "3", "from", "2025-10-01", "until", "2025-09-30").want(invalid, who+"/duty")
	p.fault("unit")
	p.fault("until")
	if p.value("from") != "2025-10-01" || p.value("role") != "discipline" {
		t.Errorf("what was typed is lost: %v", p.fields(""))
	}
	b.post(who+"/duty", "role", "head", "unit", "3", "from", "30/9/2025").want(invalid, who+"/duty").fault("from")
	b.post(who+"/duty", "role", "registrar", "unit", "2", "scope", "1", "until", "2026-01-01").want(ok, who, "职责已给予", "登记员", "管到“临安区”", "2026 年 1 月 1 日")
	if p := b.post(who+"/duty", "role", "handler", "unit", "3"); p.status != conflict || !strings.Contains(p.text("main"), "已经有同样的职责") {
		t.Errorf("the same duty twice: %d %s", p.status, p.text("main"))
	}
	person, err := s.office.PersonBySignIn(t.Context(), org.System(), "li4")
	check(t, err)
	if len(person.Duties) != 2 {
		t.Fatalf("%+v", person.Duties)
	}
	p = b.get(who)
	end := ""
	for _, a := range p.find("table a.button-danger") {
		if end == "" {
			end = attribute(a, "href")
		}
	}
	b.get(end).want(ok, end, "承办人", "临安区规划和自然资源局", "结束后不能恢复")
	b.post(end, "until", "2020-01-01").want(invalid, end).fault("until")
	p = b.post(end, "until", "2025-09-26").want(ok, who, "职责已结束", "以前和以后的职责")
	if n := len(p.find("table a.button-danger")); n != 1 {
		t.Errorf("%d duties can be ended, want the other one", n)
	}
	if p := b.post(end, "until", "2025-09-26"); p.status != conflict {
		t.Errorf("ended twice: %d", p.status)
	}
	// The last administrator of a county stays.
	self := "/desk/admin/people/" + s.person("admin")
	last := ""
	for _, a := range b.get(self).find("table a.button-danger") {
		last = attribute(a, "href")
	}
	b.post(last, "until", "2025-09-26").want(conflict, last, "没有人管理这个范围")
	b.post(self+"/disable").want(conflict, self+"/disable", "没有人管理这个范围")
	b.get(who+"/duties/999").want(notFound, who+"/duties/999")
}

func TestAdminPeopleInPages(t *testing.T) {
	t.Parallel()
	s, b := adminSite(t)
	const path = "/desk/admin/people"
	s.signIn("town", usecase.NewDuty{Role: org.RoleHandler, Unit: unitTown})
	const more = 40 // people without a duty, whom every administrator looks after
	check(t, s.store.Update(t.Context(), 0, func(tx *store.Tx) error {
		for i := range more {
			if err := tx.SavePerson(t.Context(), store.PersonRow{ID: org.UserID(100 + i), SignIn: "p" + strconv.Itoa(i), Name: "多人"}); err != nil {
				return err
			}
		}
		return nil
	}))
	all, err := s.office.People(t.Context(), org.System(), usecase.PeopleFilter{Limit: 100})
	check(t, err)
	p := b.get(path)
	first := len(p.find("tbody tr"))
	next := p.find("a[rel=next]")
	if len(next) != 1 || len(p.find("a[rel=prev]")) != 0 {
		t.Fatalf("%d ways on", len(next))
	}
	p = b.get(attribute(next[0], "href"))
	rest := len(p.find("tbody tr"))
	if first != 30 || first+rest != len(all.People) || len(p.find("a[rel=next]")) != 0 || attribute(p.find("a[rel=prev]")[0], "href") != path {
		t.Errorf("%d and %d people of %d", first, rest, len(all.People))
	}
	p = b.get(path+"?unit=5").want(ok, path+"?unit=5", "只看“於潜镇人民政府”")
	if links := p.find("tbody a"); len(links) != 1 || words(links[0]) != "人员town" {
		t.Errorf("at the town: %s", p.text("main"))
	}
	b.get(path+"?unit=4").want(ok, path+"?unit=4", "这里还没有人")
}
