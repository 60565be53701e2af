package web_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"huiyin/internal/i18n"
	"huiyin/internal/matter"
	"huiyin/internal/notify"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
)

// smsGateway takes text messages, or refuses them.
type smsGateway struct {
	*httptest.Server
	mu   sync.Mutex
	got  []string
	fail bool
}

func newSMSGateway(t *testing.T) *smsGateway {
	t.Helper()
	g := &smsGateway{}
	g.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		g.mu.Lock()
		defer g.mu.Unlock()
		g.got = append(g.got, string(body))
		if g.fail {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	t.Cleanup(g.Close)
	return g
}

func (g *smsGateway) refuse(on bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.fail = on
}

// settings fills in the form of the settings, what is given in the place of what works.
func (g *smsGateway) settings(instead ...string) []string {
	return append(instead, []string{
		"sms_url", g.URL, "sms_method", "POST", "sms_format", "json", "sms_body", `{"to":"{phone}","say":"{text}","id":"{id}"}`, "sms_secret", "s3cret",
		"mail_host", "smtp.example.org", "mail_port", "587", "mail_direct", "no", "mail_from", "office@example.org", "quiet_from", "21:00", "quiet_until", "08:00",
	}...)
}

func (s *testSite) send() {
	s.t.Helper()
	catalogue, err := i18n.Load()
	check(s.t, err)
	_, err = notify.New(notify.Config{Office: s.office, Catalog: catalogue, Now: func() time.Time { return time.UnixMicro(s.now.Load()) }}).Run(s.t.Context())
	check(s.t, err)
}

// An administrator sets up a gateway, tries it, and decides about what could not be sent; the petitioner chooses how to be told and sees what was sent.
func TestNoticesFromEndToEnd(t *testing.T) {
	s, admin := adminSite(t)
	g := newSMSGateway(t)
	code, pin := s.browser().file()
	citizen := s.open(code, pin)
	citizen.get("/my").want(ok, "/my", "有进展时通知我")
	citizen.get("/my/notices").want(ok, "/my/notices", "还没有开通短信和电子邮件")

	admin.get("/desk/admin/notices").want(ok, "/desk/admin/notices", "没有开通", "21:00 到 08:00", "没有发不出去的")
	admin.post("/desk/admin/notices/test", "phone", "13800000001").want(conflict, "/desk/admin/notices/test", "还没有设置")
	bad := admin.post("/desk/admin/notices/settings", g.settings("sms_url", "ftp://x")...).want(invalid, "/desk/admin/notices/settings")
	_ = bad.fault("sms_url")
	admin.post("/desk/admin/notices/settings", g.settings("quiet_from", "25:00")...).want(invalid, "/desk/admin/notices/settings")
	admin.post("/desk/admin/notices/settings", g.settings()...).want(ok, "/desk/admin/notices", g.URL, "smtp.example.org")
	shown := admin.get("/desk/admin/notices/settings").want(ok, "/desk/admin/notices/settings", "已保存")
	shown.silent("s3cret")
	admin.get("/desk/admin/changes").want(ok, "/desk/admin/changes").silent("s3cret")
	admin.post("/desk/admin/notices/test", "phone", "12").want(invalid, "/desk/admin/notices/test")
	admin.post("/desk/admin/notices/test", "phone", "13800000001").want(ok, "/desk/admin/notices", "测试发出去了")

	p := citizen.get("/my/notices").want(ok, "/my/notices", "没有登记手机号")
	version := p.hidden("version")
	p = citizen.post("/my/notices", "version", version, "sms", "yes").want(invalid, "/my/notices", "没有登记手机号")
	_ = p.fault("sms")
	_ = citizen.post("/my/notices", "version", version, "mail", "yes", "email", "nowhere").want(invalid, "/my/notices").fault("email")
	citizen.post("/my/notices", "version", version, "mail", "yes", "email", "chen@example.org").want(ok, "/my/notices", "记下了", "c***@example.org")
	citizen.get("/my/notices").silent("chen@example.org")
	citizen.post("/my/notices", "version", version).want(conflict, "/my/notices", "还没有提交")

	g.refuse(true)
	r, err := s.office.Register(t.Context(), org.Actor{}, matter.Intake{
		Channel: matter.ChannelWeb, Title: "路灯不亮", Narrative: "坏了", Demands: []string{"修好"}, Place: 330112104, Wish: &matter.Wish{SMS: true},
		Petitioners: []matter.Petitioner{{Name: "张三", Phone: "13800000002"}},
	}, "")
	check(t, err)
	for range 6 {
		s.send()
		s.now.Add((24 * time.Hour).Microseconds())
		admin = s.again("admin")
	}
	failed := admin.get("/desk/admin/notices").want(ok, "/desk/admin/notices", "对方没有接受", "第 6 次", "已登记")
	failed.silent("13800000002", r.Ref.String())
	notice := fmt.Sprintf("/desk/admin/notices/330112/%d", s.lastNotice(r.Ref))
	g.refuse(false)
	admin.post(notice+"/retry").want(ok, "/desk/admin/notices", "排上了")
	admin.post(notice+"/drop").want(conflict, notice+"/drop")
	admin.get("/desk/admin/changes").want(ok, "/desk/admin/changes", "处理发不出去的通知", fmt.Sprintf("hy-330112-%d", s.lastNotice(r.Ref)), "没发出去", "等着发", "对方没有接受").silent(r.Ref.String(), "13800000002")
	s.send()
	other := s.open(r.Code, r.PIN)
	other.get("/my/notices").want(ok, "/my/notices", "已发出", "短信", "138****0002")
	desk := s.signIn("desk", usecase.NewDuty{Role: org.RoleRegistrar, Unit: unitBureau})
	desk.get("/desk/matters/"+r.Ref.String()).want(ok, "/desk/matters/"+r.Ref.String(), "发出的通知和提醒", "138****0002", "已登记").silent("13800000002")
	for _, path := range []string{"/desk/admin/notices", "/desk/admin/notices/settings", "/desk/admin/notices/test"} {
		desk.get(path).want(forbidden, path)
	}
	desk.post(notice+"/drop").want(forbidden, notice+"/drop")
	// how notices go out is the whole organisation's, not a town's
	town := s.signIn("town-admin", usecase.NewDuty{Role: org.RoleAdmin, Unit: unitTown})
	for _, path := range []string{"/desk/admin/notices", "/desk/admin/notices/settings", "/desk/admin/notices/test"} {
		town.get(path).want(forbidden, path, "由整个机构的管理员决定").silent(`href="/desk/admin/notices"`)
	}
	for path, form := range map[string][]string{
		"/desk/admin/notices/settings": g.settings(), "/desk/admin/notices/test": {"phone", "13800000001"}, notice + "/retry": nil, notice + "/drop": nil,
	} {
		town.post(path, form...).want(forbidden, path)
	}
	if link := `href="/desk/admin/notices"`; !strings.Contains(admin.get("/desk/admin/units").body, link) || strings.Contains(town.get("/desk/admin/units").body, link) {
		t.Error("the way to the notices is shown to the wrong administrator")
	}
	s.browser().get("/my/notices").want(ok, "/track")
}

// hidden is what a hidden field of any form of the page holds.
func (p page) hidden(name string) string {
	p.t.Helper()
	found := p.find("input[name=" + name + "]")
	if len(found) == 0 {
		p.t.Fatalf("%s has no field %s", p.path, name)
	}
	return attribute(found[0], "value")
}

// again signs somebody in once more, whose session has run out.
func (s *testSite) again(name string) *browser {
	s.t.Helper()
	b := s.browser()
	b.post("/desk/sign-in", "name", name, "password", password)
	return b
}

func (s *testSite) lastNotice(ref matter.Ref) int64 {
	s.t.Helper()
	var id int64
	check(s.t, s.store.Read(s.t.Context(), func(tx *store.Tx) error {
		rows, err := tx.NoticesOfMatter(s.t.Context(), ref, 1)
		if len(rows) > 0 {
			id = rows[0].ID
		}
		return err
	}))
	return id
}

// What a unit is told its people see, one of them reads it for all; what one person is told nobody else sees, nor what is of the compartment.
func TestInbox(t *testing.T) {
	s := newSite(t)
	s.countUnits()
	land := s.signIn("land-a", usecase.NewDuty{Role: org.RoleHandler, Unit: unitLand})
	colleague := s.signIn("land-b", usecase.NewDuty{Role: org.RoleHandler, Unit: unitLand})
	town := s.signIn("town-c", usecase.NewDuty{Role: org.RoleHandler, Unit: unitTown})
	s.petition(unitLand)
	ref := s.matters()[0].Ref
	tell := func(n store.NoticeRow) {
		t.Helper()
		n.Matter, n.Channel, n.Kind, n.State = ref, store.ChannelApp, "remind_soon", store.NoticeSent
		n.Args, n.MadeUS = `{"rule":"D01","legal":"2025-10-20"}`, s.now.Load()
		check(t, s.store.Update(t.Context(), ref.Home, func(tx *store.Tx) error {
			_, err := tx.InsertNotice(t.Context(), n)
			return err
		}))
	}
	name := s.person("land-a")
	var user int64
	if _, err := fmt.Sscan(name, &user); err != nil {
		t.Fatal(err)
	}
	tell(store.NoticeRow{Unit: unitLand, Cause: "all"})
	tell(store.NoticeRow{Unit: unitLand, User: org.UserID(user), Cause: "one"})
	tell(store.NoticeRow{Unit: unitLand, Cause: "sealed", Sealed: true})

	land.get("/desk").want(ok, "/desk", "提醒（2）")
	land.get("/desk/notices").want(ok, "/desk/notices", "2025", ref.String(), "没看过", "10 月 20 日")
	colleague.get("/desk").want(ok, "/desk", "提醒（1）")
	town.get("/desk/notices").want(ok, "/desk/notices", "现在没有提醒").silent(ref.String())

	ids := map[string]int64{}
	check(t, s.store.Read(t.Context(), func(tx *store.Tx) error {
		rows, err := tx.NoticesOfMatter(t.Context(), ref, 10)
		for _, r := range rows {
			ids[r.Cause] = r.ID
		}
		return err
	}))
	at := func(cause string) string { return fmt.Sprintf("/desk/notices/330112/%d", ids[cause]) }
	for _, other := range []string{at("one"), at("sealed"), "/desk/notices/330112/999"} {
		colleague.post(other).want(notFound, other)
	}
	town.post(at("all")).want(notFound, at("all"))
	colleague.post(at("all")).want(ok, "/desk/matters/"+ref.String())
	land.get("/desk").want(ok, "/desk", "提醒（1）")
	until := land.get("/desk/notices").hidden("until")
	land.post("/desk/notices/read", "until", until).want(ok, "/desk/notices", "都看过了")
	if p := land.get("/desk"); strings.Contains(words(p.root), "提醒（") {
		t.Error("something is still unread")
	}
	if !slices.Contains([]string{"提醒"}, words(land.get("/desk").find("a[href=/desk/notices]")[0])) {
		t.Error("no way to the notices")
	}
	land.post("/desk/notices/read", "until", "x").want(invalid, "/desk/notices/read")
}

// Whoever files can say at once how they want to be told; an address is wanted where the way needs one, and is kept with the identity alone.
func TestWishWhileFiling(t *testing.T) {
	s, admin := adminSite(t)
	g := newSMSGateway(t)
	b := s.browser()
	b.get("/file/who").silent("发短信", "电子邮件")
	admin.post("/desk/admin/notices/settings", g.settings()...).want(ok, "/desk/admin/notices")
	b.get("/file/who").want(ok, "/file/who", "有进展时发短信告诉我", "有进展时发电子邮件告诉我")
	_ = b.who("wish.sms", "yes").want(invalid, "/file/who").fault("wish-sms") // a fixed telephone
	_ = b.who("wish.mail", "yes").want(invalid, "/file/who").fault("petitioners-0-email")
	b.who("wish.mail", "yes", "petitioners.0.email", "chen@example.org").want(ok, "/file/what")
	b.post("/file/what", "title", "水渠被压塌", "place", village, "narrative", "挖机压塌了水渠", "elsewhere", "no").want(ok, "/file/demands")
	b.post("/file/demands", "demands.0", "修好水渠").want(ok, "/file/materials")
	b.post("/file/materials").want(ok, "/file/review", "chen@example.org")
	code, pin := receiptOf(b.post("/file/review").want(ok, "/receipt"))
	s.open(code, pin).get("/my/notices").want(ok, "/my/notices", "c***@example.org", "已登记", "等着发", "电子邮件")
}

// The pages of notices are whole in both languages.
func TestNoticePagesAreWhole(t *testing.T) {
	s, admin := adminSite(t)
	g := newSMSGateway(t)
	admin.post("/desk/admin/notices/settings", g.settings()...).want(ok, "/desk/admin/notices")
	code, pin := s.browser().file()
	citizen := s.open(code, pin)
	for _, lang := range []string{"zh", "en"} {
		for b, paths := range map[*browser][]string{
			admin:   {"/desk/notices", "/desk/admin/notices", "/desk/admin/notices/settings", "/desk/admin/notices/test"},
			citizen: {"/my/notices", "/my"},
		} {
			b.get("/language?lang="+lang+"&to=/").want(ok, "/")
			for _, path := range paths {
				p := b.get(path).want(ok, path)
				if strings.Contains(p.body, "⟦") || strings.Contains(p.body, " style=") || len(p.find("h1")) != 1 {
					t.Errorf("%s in %s is not whole", path, lang)
				}
			}
		}
	}
}
