package web_test

import (
	"strings"
	"testing"

	"huiyin/internal/law"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

func TestAdminLaw(t *testing.T) {
	t.Parallel()
	s, b := adminSite(t)
	const path, set = "/desk/admin/law", "zhejiang-2016"
	b.get("/desk/admin/settings").want(ok, "/desk/admin/settings", "地方规则")
	p := b.get(path).want(ok, path, "浙江省信访条例（2016）", "正在办的信访事项仍按登记时的规则算", "60 日（自然日）", "30 日（自然日）", "让位：信访工作条例第三十四条").silent("河南")
	if p.value("since."+set) != "" {
		t.Error("a day stands where nothing is adopted")
	}
	for _, since := range []string{"", "2016-07-31", "不是日期" + attack} {
		p = b.post(path, "adopt."+set, "yes", "since."+set, since).want(invalid, path)
		p.fault("since-" + set)
		if p.value("since."+set) != since || strings.Contains(p.body, attack) {
			t.Error("what was typed is lost, or is markup")
		}
	}
	if p := b.post(path, "adopt.henan-2012", "yes", "since.henan-2012", "2020-01-01"); p.status != invalid || len(s.office.Adopted()) != 0 {
		t.Errorf("the text of another province: %d", p.status)
	}
	b.post(path, "adopt."+set, "yes", "since."+set, "2016-08-01").want(ok, path, "已保存")
	if got := s.office.Adopted(); len(got) != 1 || got[0] != (law.Adoption{Set: set, Since: law.NewDay(2016, 8, 1)}) {
		t.Errorf("%+v", got)
	}
	if p := b.get(path); p.value("since."+set) != "2016-08-01" {
		t.Error("the day of adoption is not shown")
	}
	b.get("/desk/admin/changes").want(ok, "/desk/admin/changes", "采用的地方规则", "浙江省信访条例（2016）（自 2016 年 8 月 1 日")
	b.get("/how").want(ok, "/how", "浙江省信访条例（2016）第")
	b.post(path, "since."+set, "2016-08-01").want(ok, path, "已保存")
	if len(s.office.Adopted()) != 0 {
		t.Error("what is not ticked is still applied")
	}
	town := s.signIn("town-admin", usecase.NewDuty{Role: org.RoleAdmin, Unit: unitTown})
	town.get(path).want(forbidden, path)
	town.get("/desk/admin/settings").want(ok, "/desk/admin/settings").silent("地方规则")
}
