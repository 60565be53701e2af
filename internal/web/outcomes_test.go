package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

// flood files petitions in two towns on a day.
func (s *testSite) flood(n int, day law.Day) {
	s.t.Helper()
	s.now.Store(day.StartUS() + 9*3600*1_000_000)
	towns, err := s.office.Places.Children(330112)
	check(s.t, err)
	for i := range n {
		place := int64(330112104)
		if i%5 == 0 {
			place = towns[0].Code
		}
		_, err := s.office.Register(s.t.Context(), org.Actor{}, matter.Intake{
			Channel: matter.ChannelWeb, Title: fmt.Sprintf("第%d件", i), Demands: []string{"修好路灯"}, Place: place,
			Petitioners: []matter.Petitioner{{Name: "王小芳", Phone: fmt.Sprintf("0571-0000%04d", i)}},
		}, "")
		check(s.t, err)
	}
}

// Everybody reads what is published, in both languages, without a cookie; what is too small is not there, what was never published is not found.
func TestOutcomes(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.browser()
	b.get("/outcomes").want(ok, "/outcomes", "还没有公布过")
	b.get("/open-data").want(ok, "/open-data", "到现在没有更正过")
	s.flood(23, law.NewDay(2026, 1, 9))
	s.now.Store(law.NewDay(2026, 4, 30).StartUS())
	_, err := s.office.PublishDue(t.Context(), nil)
	check(t, err)
	b.get("/").want(ok, "/", "信访事项办理情况")
	b.get("/outcomes").want(ok, "/outcomes", "2026 年第 1 季度", "一共收到 23 件", "於潜镇", "怎样保护隐私")
	b.get("/outcomes?period=2026-01&by=subject").want(ok, "/outcomes?period=2026-01&by=subject", "没有分类", "比 10 小的数")
	for _, path := range []string{"/outcomes?period=2025-12", "/outcomes?period=2026", "/outcomes?period=%3Cb%3E", "/open-data/outcomes-2025-12-by-place.csv", "/open-data/outcomes-2026-01-by-person.csv", "/open-data/x"} {
		if p := b.get(path); p.status != http.StatusNotFound || strings.Contains(p.body, "<b>") {
			t.Errorf("%s: %d", path, p.status)
		}
	}
	page := b.get("/outcomes?period=2026-01")
	files := 0
	for _, link := range page.find("a") {
		path := attribute(link, "href")
		if !strings.HasPrefix(path, "/open-data/") {
			continue
		}
		files++
		r := s.plain(path, nil)
		if r.StatusCode != ok || r.Header.Get("Set-Cookie") != "" || r.Header.Get("Cache-Control") != "public, max-age=3600" || r.Header.Get("Etag") == "" || r.Header.Get("Last-Modified") == "" ||
			strings.Contains(r.Header.Get("Vary"), "Cookie") || r.Header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: %d %v", path, r.StatusCode, r.Header)
		}
		for name, value := range map[string]string{"If-None-Match": r.Header.Get("Etag"), "If-Modified-Since": r.Header.Get("Last-Modified")} {
			if again := s.plain(path, map[string]string{name: value}); again.StatusCode != http.StatusNotModified {
				t.Errorf("%s with %s: %d", path, name, again.StatusCode)
			}
		}
	}
	if files != 3 {
		t.Errorf("%d files", files)
	}
	if r := s.plain("/open-data/schema.json", nil); r.StatusCode != ok || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/schema+json") {
		t.Errorf("schema: %d %s", r.StatusCode, r.Header.Get("Content-Type"))
	}
}

// plain asks as somebody without any cookie.
func (s *testSite) plain(path string, headers map[string]string) *http.Response {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.server.URL+path, http.NoBody)
	check(s.t, err)
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	answer, err := http.DefaultClient.Do(r)
	check(s.t, err)
	check(s.t, answer.Body.Close())
	return answer
}

// An administrator of the whole decides from how many on a count is published, and puts right or withdraws with a reason that everybody reads.
func TestAdminOpen(t *testing.T) {
	t.Parallel()
	s, _ := adminSite(t)
	s.flood(23, law.NewDay(2026, 1, 9))
	s.now.Store(law.NewDay(2026, 2, 26).StartUS())
	_, err := s.office.PublishDue(t.Context(), nil)
	check(t, err)
	const at = "/desk/admin/open"
	town := s.signIn("town-admin", usecase.NewDuty{Role: org.RoleAdmin, Unit: unitTown})
	for _, path := range []string{at, at + "/least", at + "/2026-01/withdraw"} {
		town.get(path).want(forbidden, path)
		town.post(path, "reason", "错了")
	}
	b := s.signIn("chief", usecase.NewDuty{Role: org.RoleAdmin, Unit: unitCounty})
	b.get(at).want(ok, at, "2026 年 1 月", "不到 10 的不公布")
	b.post(at+"/least", "least", "3", "reason", "").want(invalid, at+"/least", "5 到 100")
	b.post(at+"/least", "least", "12", "reason", "镇小").want(ok, at, "不到 12 的不公布", "镇小")
	b.get(at+"/2026-01/burn").want(http.StatusNotFound, at+"/2026-01/burn")
	b.post(at+"/2026-01/withdraw", "reason", "").want(invalid, at+"/2026-01/withdraw")
	b.post(at+"/2026-01/correct", "reason", "错了").want(conflict, at+"/2026-01/correct", "没有可更正的")
	b.post(at+"/2026-01/withdraw", "reason", "登记错了地点").want(ok, at, "撤回")
	everybody := s.browser()
	everybody.get("/outcomes?period=2026-01").want(ok, "/outcomes?period=2026-01", "已经撤回", "登记错了地点")
	everybody.get("/open-data").want(ok, "/open-data", "撤回了2026 年 1 月", "登记错了地点")
	if p := everybody.get("/open-data/outcomes-2026-01-by-place.csv"); p.status != http.StatusNotFound {
		t.Errorf("a withdrawn file: %d", p.status)
	}
	b.get("/desk/admin/changes").want(ok, "/desk/admin/changes", "公布数据变动", "登记错了地点", "撤回")
}
