package web_test

import (
	"net/http"
	"testing"

	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

// Whoever meets an error stays in the frame they work in: the way on, and who they are, are still there.
func TestAnErrorKeepsTheFrame(t *testing.T) {
	t.Parallel()
	s, admin := adminSite(t)
	desk := s.signIn("窗口", usecase.NewDuty{Role: org.RoleRegistrar, Unit: unitBureau})
	for _, row := range []struct {
		name   string
		b      *browser
		path   string
		status int
		link   string
		silent string // what only a frame of others has
	}{
		{"a page of administrators", desk, "/desk/admin/units", http.StatusForbidden, "a[href=/desk/register]", "a[href=/desk/admin/units]"},
		{"no page of staff", desk, "/desk/nowhere", http.StatusNotFound, "a[href=/desk/register]", "a[href=/file]"},
		{"no matter", admin, "/desk/matters/330112-2026-0000009", http.StatusNotFound, "a[href=/desk/admin/people]", "a[href=/file]"},
		{"no page", s.browser(), "/nowhere", http.StatusNotFound, "a[href=/file]", "a[href=/desk/register]"},
		{"no page, signed in at the desk", desk, "/nowhere", http.StatusNotFound, "a[href=/file]", "a[href=/desk/register]"},
	} {
		p := row.b.get(row.path).want(row.status, row.path)
		if len(p.find("nav "+row.link)) == 0 || len(p.find(row.silent)) != 0 {
			t.Errorf("%s: the frame is another's: %s", row.name, words(p.root))
		}
	}
	admin.get("/desk/admin").want(ok, "/desk/admin/units")
}
