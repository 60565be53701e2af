package web_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
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

const (
	forbidden = http.StatusForbidden
	conflict  = http.StatusConflict
)

// signIn takes somebody in with one duty and signs them in.
func (s *testSite) signIn(name string, duty usecase.NewDuty) *browser {
	s.t.Helper()
	_, _, err := s.office.AddPerson(s.t.Context(), org.System(), usecase.NewPerson{SignIn: name, Name: "人员" + name, Password: password, Duties: []usecase.NewDuty{duty}})
	check(s.t, err)
	b := s.browser()
	if p := b.post("/desk/sign-in", "name", name, "password", password); p.status != ok || strings.HasPrefix(p.path, "/desk/sign-in") {
		s.t.Fatalf("%s cannot sign in: %d at %s: %s", name, p.status, p.path, words(p.root))
	}
	return b
}

// adminSite is a site whose numbers of units go on after those of the chart, with an administrator of the county.
func adminSite(t *testing.T) (*testSite, *browser) {
	t.Helper()
	s := newSite(t)
	s.countUnits()
	return s, s.signIn("admin", usecase.NewDuty{Role: org.RoleAdmin, Unit: unitCounty})
}

// countUnits lets the numbers of units go on after those of the chart.
func (s *testSite) countUnits() {
	s.t.Helper()
	check(s.t, s.store.Update(s.t.Context(), 0, func(tx *store.Tx) error {
		for range testUnits() {
			if _, err := tx.NextLocal(s.t.Context(), "unit"); err != nil {
				return err
			}
		}
		return nil
	}))
}

// person is the id of who signs in under a name.
func (s *testSite) person(name string) string {
	s.t.Helper()
	p, err := s.office.PersonBySignIn(s.t.Context(), org.System(), name)
	check(s.t, err)
	return strconv.FormatInt(int64(p.ID), 10)
}

// petition registers one at a unit.
func (s *testSite) petition(unit org.UnitID) {
	s.t.Helper()
	_, err := s.office.Register(s.t.Context(), staff(org.RoleRegistrar, unit), matter.Intake{
		Channel: matter.ChannelVisit, Title: "水渠被压塌", Narrative: "水渠被压塌", Demands: []string{"请修好"}, Place: 330112104,
		Petitioners: []matter.Petitioner{{Name: "张三", Phone: "0571-00000001"}},
	}, "")
	check(s.t, err)
}

// value is what a field of the page holds.
func (p page) value(name string) string {
	p.t.Helper()
	pairs := p.fields("")
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i] == name {
			return pairs[i+1]
		}
	}
	return ""
}

// silent fails if the page holds the words, even in its markup.
func (p page) silent(says ...string) page {
	p.t.Helper()
	for _, s := range says {
		if strings.Contains(p.body, s) {
			p.t.Errorf("%s says %q", p.path, s)
		}
	}
	return p
}

// fault is the error beside a field.
func (p page) fault(name string) string {
	p.t.Helper()
	for _, n := range p.find("span.error") {
		if strings.HasPrefix(attribute(n, "id"), "f-"+name+"-e") {
			return words(n)
		}
	}
	p.t.Errorf("%s: no error beside %s: %s", p.path, name, words(p.root))
	return ""
}

func adminReads() []string {
	return []string{
		"/desk/admin/units", "/desk/admin/units/5", "/desk/admin/people", "/desk/admin/people/1", "/desk/admin/catalogue", "/desk/admin/catalogue/try", "/desk/admin/calendar",
		"/desk/admin/keys", "/desk/admin/proposals", "/desk/admin/routes",
	}
}

func adminForms() []string {
	return []string{
		"/desk/admin/units/1/new", "/desk/admin/units/5/rename", "/desk/admin/units/5/move", "/desk/admin/units/5/end", "/desk/admin/people/new", "/desk/admin/people/1/rename",
		"/desk/admin/people/1/reset", "/desk/admin/people/1/disable", "/desk/admin/people/1/duty", "/desk/admin/people/1/duties/1", "/desk/admin/catalogue/new",
		"/desk/admin/calendar/load", "/desk/admin/keys/new", "/desk/admin/settings", "/desk/admin/law",
	}
}

func TestAdminPagesAreForAdministrators(t *testing.T) {
	t.Parallel()
	s, admin := adminSite(t)
	reads := append(adminReads(), adminForms()...)
	writes := append(adminForms(), "/desk/admin/units/5/succeed", "/desk/admin/people/1/enable", "/desk/admin/catalogue/1", "/desk/admin/catalogue/1/end", "/desk/admin/keys/x")
	for _, role := range org.Roles() {
		if role == org.RoleAdmin {
			continue
		}
		unit := unitCounty
		if role == org.RoleDiscipline {
			unit = unitDiscipline
		}
		b := s.signIn(string(role), usecase.NewDuty{Role: role, Unit: unit})
		for _, path := range reads {
			b.get(path).want(forbidden, path, "这一页您现在的职责看不到")
		}
		for _, path := range writes {
			b.post(path, "name", "x", "title", "x", "sure", "yes").want(forbidden, path)
		}
	}
	for _, path := range reads {
		if p := s.browser().get(path); !strings.HasPrefix(p.path, "/desk/sign-in?to=") {
			t.Errorf("%s is open to nobody in particular: %s", path, p.path)
		}
	}
	for _, path := range reads {
		p := admin.get(path).want(ok, path)
		if len(p.find("h1")) != 1 {
			t.Errorf("%s has %d headings of the first level", path, len(p.find("h1")))
		}
		if strings.Contains(p.body, "style=") || len(p.find("main script")) > 0 {
			t.Errorf("%s holds styles or scripts", path)
		}
	}
	admin.get("/language?lang=en&to=/desk/admin/units").want(ok, "/desk/admin/units", "Units", "Settings")
	for _, path := range reads {
		p := admin.get(path)
		if lang := attribute(p.find("html")[0], "lang"); p.status != ok || lang != "en" {
			t.Errorf("%s: %d in %q", path, p.status, lang)
		}
	}
}

// An administrator of a town finds neither the county's units nor its people, keys and lines, and can write to none of them.
func TestAdminStaysInScope(t *testing.T) {
	t.Parallel()
	s, county := adminSite(t)
	town := s.signIn("town-admin", usecase.NewDuty{Role: org.RoleAdmin, Unit: unitTown})
	s.signIn("handler", usecase.NewDuty{Role: org.RoleHandler, Unit: unitLand})
	s.signIn("both", usecase.NewDuty{Role: org.RoleHandler, Unit: unitTown})
	_, err := s.office.GiveDuty(t.Context(), org.System(), id(t, s.person("both")), usecase.NewDuty{Role: org.RoleHandler, Unit: unitLand})
	check(t, err)
	line, err := s.office.AddLine(t.Context(), org.System(), usecase.Line{Place: 330112, Unit: unitLand, Why: "清单第 7 项"})
	check(t, err)
	county.post("/desk/admin/keys/new", "name", "county", "unit", "3", "role", "registrar", "grants", "read").want(ok, "/desk/admin/keys/new")
	keys, err := s.office.Keys(t.Context(), org.System())
	check(t, err)

	p := town.get("/desk/admin/units").want(ok, "/desk/admin/units", "於潜镇人民政府")
	p.silent("规划和自然资源局", "信访局</a>")
	town.get("/desk/admin/units?q=规划").want(ok, "/desk/admin/units?q=规划", "没有找到")
	handler := "/desk/admin/people/" + s.person("handler")
	for _, path := range []string{
		"/desk/admin/units/1", "/desk/admin/units/3", handler, "/desk/admin/people/999", "/desk/admin/people/x", "/desk/admin/units/x", "/desk/admin/people?unit=3",
		"/desk/admin/catalogue/" + strconv.FormatInt(line, 10), "/desk/admin/keys/" + keys[0].ID,
	} {
		town.get(path).want(notFound, path)
	}
	for _, path := range []string{
		"/desk/admin/units/1/new", "/desk/admin/units/3/rename", "/desk/admin/units/3/move", "/desk/admin/units/3/end", "/desk/admin/units/3/succeed", handler + "/rename",
		handler + "/reset", handler + "/disable", handler + "/enable", handler + "/duty", handler + "/duties/1", "/desk/admin/catalogue/" + strconv.FormatInt(line, 10),
		"/desk/admin/catalogue/" + strconv.FormatInt(line, 10) + "/end", "/desk/admin/keys/" + keys[0].ID,
	} {
		town.post(path, "name", "改了", "parent", "5", "successor", "5", "sure", "yes", "role", "handler", "unit", "5").want(notFound, path)
	}
	town.get("/desk/admin/people").want(ok, "/desk/admin/people", "人员both").silent("人员handler")
	town.get("/desk/admin/keys").want(ok, "/desk/admin/keys", "还没有密钥").silent("county")
	town.get("/desk/admin/catalogue").want(ok, "/desk/admin/catalogue", "清单第 7 项").silent("/desk/admin/catalogue/" + strconv.FormatInt(line, 10))

	// To a unit outside nothing is given, moved or let in.
	both := "/desk/admin/people/" + s.person("both")
	if got := town.post(both+"/duty", "role", "handler", "unit", "3").want(invalid, both+"/duty").fault("unit"); !strings.Contains(got, "不在您的管理范围") {
		t.Error(got)
	}
	town.post("/desk/admin/keys/new", "name", "x", "unit", "3", "role", "registrar", "grants", "read").want(invalid, "/desk/admin/keys/new").fault("unit")
	town.post("/desk/admin/catalogue/new", "place", "330112", "unit", "3", "why", "x").want(invalid, "/desk/admin/catalogue/new").fault("unit")
	// Somebody with a duty elsewhere, too, gets no password from here.
	town.get(both).want(ok, both, "在您管理范围以外还有职责").silent(both + "/reset")
	town.post(both+"/reset").want(forbidden, both+"/reset")
	town.post(both+"/disable").want(forbidden, both+"/disable")
	if u, _ := s.office.Chart().Unit(unitLand); u.Name != "临安区规划和自然资源局" || u.Parent != unitCounty {
		t.Errorf("the county's unit changed: %+v", u)
	}
}

func id(t *testing.T, text string) org.UserID {
	t.Helper()
	n, err := strconv.ParseInt(text, 10, 64)
	check(t, err)
	return org.UserID(n)
}

func TestAdminSettings(t *testing.T) {
	t.Parallel()
	s, b := adminSite(t)
	const path = "/desk/admin/settings"
	p := b.get(path).want(ok, path, "网站名称", "临安区")
	if p.value("title") != "临安区网上信访" {
		t.Errorf("the title is %q", p.value("title"))
	}
	p = b.post(path, "title", " ", "host", "主办"+attack, "place", "330112", "lang", "xx").want(invalid, path)
	p.fault("title")
	p.fault("lang")
	if p.value("host") != "主办"+attack || strings.Contains(p.body, attack) {
		t.Error("what was typed is lost, or is markup")
	}
	p = b.post(path, "title", "新名称", "place", "330112", "place_q", "桐庐", "lang", "zh", "do", "find-place").want(ok, path, "桐庐县")
	if p.value("title") != "新名称" || s.office.Settings().Title == "新名称" {
		t.Error("looking up a place lost what was typed, or saved it")
	}
	b.post(path, "title", "新名称", "title_english", "A new name", "host", "主办", "place", "330112", "place", "330122", "lang", "en").want(ok, path, "已保存")
	if got := s.office.Settings(); got.Title != "新名称" || got.Place != 330122 || got.Lang != "en" || got.TitleEnglish != "A new name" {
		t.Errorf("%+v", got)
	}
	if got := b.get("/").find("span.brand-place"); len(got) == 0 || words(got[0]) != "新名称" {
		t.Errorf("the head of the pages does not bear the name")
	}
}

func TestAdminKeys(t *testing.T) {
	t.Parallel()
	s, b := adminSite(t)
	const path = "/desk/admin/keys"
	b.get(path).want(ok, path, "还没有密钥")
	p := b.post(path+"/new", "name", "市平台 甲", "role", "head", "expires", "不是日期").want(invalid, path+"/new")
	p.fault("expires")
	if p.value("name") != "市平台 甲" {
		t.Error("what was typed is lost")
	}
	p = b.post(path+"/new", "name", "市平台 甲", "role", "head", "unit", "99").want(invalid, path+"/new")
	p.fault("role")
	p.fault("unit")
	p.fault("grants")
	p = b.post(path+"/new", "name", "市平台 甲", "role", "registrar", "unit", "2", "grants", "register", "grants", "read", "expires", "2026-01-01").want(ok, path+"/new", "只显示这一次", "临安区信访局")
	key := secretOf(t, p)
	if got := p.header.Get("Cache-Control"); strings.Contains(got, "public") {
		t.Errorf("the key may be kept by others: %q", got)
	}
	who, err := s.office.MachineActor(t.Context(), key)
	if err != nil || who.Duty.Unit != unitBureau || !slices.Equal(who.Grants, []string{"register", "read"}) {
		t.Fatalf("the key does not let in: %+v, %v", who, err)
	}
	p = b.get(path).want(ok, path, "市平台 甲", "登记", "查看", "有效", who.Key).silent(key, strings.Split(key, "_")[2])
	revoke := path + "/" + who.Key
	if len(p.find("a[href="+revoke+"]")) != 1 {
		t.Fatalf("no way to revoke: %s", p.body)
	}
	b.get(revoke).want(ok, revoke, "马上失效").silent(key)
	if _, err := s.office.MachineActor(t.Context(), key); err != nil {
		t.Fatal("looking at the question revoked the key")
	}
	b.post(revoke).want(ok, path, "密钥已吊销", "吊销").silent(`href="` + revoke)
	if _, err := s.office.MachineActor(t.Context(), key); err == nil {
		t.Error("the revoked key still lets in")
	}
	b.post(path+"/nonesuch").want(notFound, path+"/nonesuch")
}

// secretOf is the password or key an answer shows.
func secretOf(t *testing.T, p page) string {
	t.Helper()
	found := p.find("[data-secret] code")
	i := slices.IndexFunc(found, func(n *html.Node) bool { return words(n) != "" })
	if i < 0 {
		t.Fatalf("%s shows no secret: %s", p.path, words(p.root))
	}
	return words(found[i])
}

// uploadAs sends one file under a field's name.
func (b *browser) uploadAs(field, path, name string, content []byte) page {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile(field, name)
	check(b.t, err)
	_, err = part.Write(content)
	check(b.t, err)
	check(b.t, w.Close())
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, b.base+path, &body)
	check(b.t, err)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return b.send(r)
}
