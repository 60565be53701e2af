package web_test

import (
	"net/http"
	"strings"
	"testing"

	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

func TestAdminReminders(t *testing.T) {
	t.Parallel()
	s, b := adminSite(t)
	const path, handling = "/desk/admin/reminders", "/desk/admin/reminders/D05"
	b.get("/desk/admin/settings").want(ok, "/desk/admin/settings", "提醒和升级")
	b.get(path).want(ok, path, "办理期限", "稳妥日前 5 天", "逾期每 3 个工作日升一级").silent("稳妥日前 10 天")
	p := b.get(handling).want(ok, handling, "修改“办理期限”的提醒")
	if p.value("soon") != "5" || p.value("up") != "3" {
		t.Errorf("the form begins with %q and %q", p.value("soon"), p.value("up"))
	}
	for _, typed := range []string{"61", "-1", "三天" + attack} {
		p = b.post(handling, "soon", typed, "last", "yes").want(invalid, handling)
		p.fault("soon")
		if p.value("soon") != typed || strings.Contains(p.body, attack) {
			t.Errorf("%s: what was typed is lost, or is markup", typed)
		}
	}
	b.post(handling, "soon", "10", "last", "yes", "up", "").want(ok, path, "已保存", "稳妥日前 10 天")
	b.get("/desk/admin/changes").want(ok, "/desk/admin/changes", "提醒和升级", "办理期限：稳妥日前 10 天、最后一天")
	b.get(handling).want(ok, handling, "恢复原设置")
	b.post(handling, "do", "reset").want(ok, path, "已保存").silent("稳妥日前 10 天")
	if p := b.get("/desk/admin/reminders/D03").want(ok, "/desk/admin/reminders/D03"); p.value("unsigned") != "2" {
		t.Error("what is sent and not signed for cannot be set")
	}
	if p := b.get("/desk/admin/reminders/D07").want(ok, "/desk/admin/reminders/D07"); len(p.find("[name=up]"))+len(p.find("[name=unsigned]")) != 0 {
		t.Error("a right that lapses can be escalated")
	}
	if p := b.get("/desk/admin/reminders/D38"); p.status != http.StatusNotFound {
		t.Errorf("a period of another law: %d", p.status)
	}
	town := s.signIn("town-admin", usecase.NewDuty{Role: org.RoleAdmin, Unit: unitTown})
	town.get(handling).want(forbidden, handling)
	town.get(path).want(ok, path).silent(handling)
	desk := s.signIn("desk", usecase.NewDuty{Role: org.RoleHandler, Unit: unitTown})
	desk.get(path).want(forbidden, path)
}
