package web_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

// said is what the newest text message with some words said; empty for none.
func (g *smsGateway) said(words string) string {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, sent := range slices.Backward(g.got) {
		var m struct{ Say string }
		if err := json.Unmarshal([]byte(sent), &m); err == nil && strings.Contains(m.Say, words) {
			return m.Say
		}
	}
	return ""
}

// linkIn is the path of the link with which a message ends.
func (s *testSite) linkIn(message string) string {
	s.t.Helper()
	i := strings.Index(message, s.server.URL+"/go/")
	if i < 0 {
		s.t.Fatalf("no link in %q", message)
	}
	return message[i+len(s.server.URL):]
}

// linked is a site whose messages end with a link.
func linked(t *testing.T) (*testSite, *smsGateway) {
	t.Helper()
	s, admin := adminSite(t)
	g := newSMSGateway(t)
	admin.post("/desk/admin/notices/settings", g.settings("site_address", s.server.URL)...).want(ok, "/desk/admin/notices")
	return s, g
}

// matterOf is a matter as it is now.
func (s *testSite) matterOf(ref matter.Ref) *matter.Matter {
	s.t.Helper()
	view, err := s.office.Matter(s.t.Context(), org.System(), ref)
	check(s.t, err)
	return view.Matter
}

// filedBy registers the petition of one person who chose how to be told, and sends what that gives.
func (s *testSite) filedBy(name, phone string, wish *matter.Wish) usecase.Receipt {
	s.t.Helper()
	r, err := s.office.Register(s.t.Context(), org.Actor{}, matter.Intake{
		Channel: matter.ChannelWeb, Title: "路灯不亮", Narrative: "坏了", Demands: []string{"修好", "赔偿"}, Place: 330112104, Wish: wish,
		Petitioners: []matter.Petitioner{{Name: name, Phone: phone}},
	}, "")
	check(s.t, err)
	s.send()
	return r
}

func TestAddressIsSetByTheAdministrator(t *testing.T) {
	s, admin := adminSite(t)
	g := newSMSGateway(t)
	path := "/desk/admin/notices/settings"
	for _, bad := range []string{"xf.example.cn", "ftp://xf.example.cn", "https://xf.example.cn/path", "https://u@xf.example.cn", "https://xf.example.cn?q=1"} {
		p := admin.post(path, g.settings("site_address", bad)...).want(invalid, path)
		if _ = p.fault("site_address"); p.value("site_address") != bad {
			t.Errorf("%q is gone from the form", bad)
		}
	}
	admin.post(path, g.settings("site_address", "https://xf.example.cn/")...).want(ok, "/desk/admin/notices")
	if p := admin.get(path); p.value("site_address") != "https://xf.example.cn" {
		t.Errorf("it is kept as %q", p.value("site_address"))
	}
	admin.get("/desk/admin/changes").want(ok, "/desk/admin/changes", "本网站的对外地址", "https://xf.example.cn")
	town := s.signIn("town-admin", usecase.NewDuty{Role: org.RoleAdmin, Unit: unitTown})
	town.post(path, g.settings("site_address", "https://elsewhere.example.cn")...).want(forbidden, path)
}

// The link of a message points and opens nothing: it asks for the PIN, names nobody, changes nothing when it is looked at, and a wrong one of any sort is
// answered as any other. With the PIN it opens that one submission and leads to the document the message is about.
func TestLinkOfAMessage(t *testing.T) {
	s, g := linked(t)
	r := s.filedBy("张三丰", "13800000002", &matter.Wish{SMS: true})
	message := g.said("已登记")
	path := s.linkIn(message)
	other := s.filedBy("李四光", "13800000003", &matter.Wish{SMS: true})
	for _, bad := range []string{"张", "1380000", r.Code, usecase.FormatCode(r.Code), r.PIN} {
		if strings.Contains(strings.ToUpper(message), bad) {
			t.Errorf("%q is in %q", bad, message)
		}
	}
	if strings.Contains(path, r.Ref.String()) || len(path) > 30 {
		t.Errorf("the link is %s", path)
	}

	b := s.browser()
	before, mails := s.matterOf(r.Ref).Version, len(g.got)
	for range 3 {
		p := b.get(path).want(ok, path, "您反映的事有新消息", "临安区信访局", "六位密码", "打开看看不算送达")
		p.silent(r.Ref.String(), "路灯", "张三", r.Code, usecase.FormatCode(r.Code), "已登记")
		if c := p.header.Values("Set-Cookie"); len(c) != 0 {
			t.Errorf("looking sets %v", c)
		}
	}
	s.send()
	if s.matterOf(r.Ref).Version != before || len(g.got) != mails {
		t.Error("looking left something behind")
	}
	b.get("/my").want(ok, "/track")

	gone := b.get("/go/none").want(notFound, "/go/none", "这个链接打不开了", "查询码")
	for i := len("/go/"); i < len(path); i++ {
		letter := "7"
		if path[i] == '7' {
			letter = "8"
		}
		changed := path[:i] + letter + path[i+1:]
		p := b.get(changed).want(notFound, changed)
		if p.text("main") != gone.text("main") {
			t.Errorf("%s is answered differently", changed)
		}
		b.post(changed, "pin", r.PIN).want(notFound, changed, "这个链接打不开了")
	}
	b.get("/my").want(ok, "/track")

	p := b.post(path).want(invalid, path, "这一项要填")
	_ = p.fault("pin")
	p = b.post(path, "pin", other.PIN).want(invalid, path, "密码对不上")
	_ = p.fault("pin")
	p.silent(other.PIN, r.Code, "路灯")
	first := b.post(path, "pin", r.PIN)
	first.want(ok, first.path, r.Ref.String(), "张三丰")
	if !strings.HasPrefix(first.path, "/my/papers/"+r.Ref.String()+"/") {
		t.Errorf("it leads to %s", first.path)
	}
	b.get("/my").want(ok, "/my", "路灯不亮")
	for _, foreign := range []string{strings.ReplaceAll(first.path, r.Ref.String(), other.Ref.String()), "/my/papers/" + other.Ref.String() + "/1/pdf"} {
		b.get(foreign).want(notFound, foreign)
	}

	s.now.Add((usecase.LinkDays * 24 * time.Hour).Microseconds() - 1)
	late := s.browser()
	late.get(path).want(ok, path)
	s.now.Add(1)
	p = late.get(path).want(notFound, path, "这个链接打不开了")
	if p.text("main") != gone.text("main") {
		t.Error("a link that is too old is told from a wrong one")
	}
	late.post(path, "pin", r.PIN).want(notFound, path)
	late.get("/my").want(ok, "/track")
}

// Guesses through the link and guesses with the code are the same guesses.
func TestGuessesThroughALink(t *testing.T) {
	s, g := linked(t)
	r := s.filedBy("张三丰", "13800000002", &matter.Wish{SMS: true})
	path := s.linkIn(g.said("已登记"))
	b := s.browser()
	for range 2 {
		b.post(path, "pin", "wrong").want(invalid, path)
		b.post("/track", "code", r.Code, "pin", "wrong").want(invalid, "/track")
	}
	b.post(path, "pin", "wrong").want(invalid, path)
	b.post(path, "pin", r.PIN).want(http.StatusTooManyRequests, path)
	b.post("/track", "code", r.Code, "pin", r.PIN).want(http.StatusTooManyRequests, "/track")
	b.get("/my").want(ok, "/track")
	s.now.Add(time.Hour.Microseconds())
	if p := b.post(path, "pin", r.PIN); p.status != ok || !strings.HasPrefix(p.path, "/my/papers/") {
		t.Errorf("after the wait: %d at %s", p.status, p.path)
	}
}

// A handler sends the opinion by the link; the petitioner who comes in by it and confirms receipt is served by the link, on that day, and only then. It is on
// record in the file, on the proof of service and on the petitioner's page, and starts the time for review.
func TestServiceByTheLink(t *testing.T) {
	s, g := linked(t)
	r := s.filedBy("张三丰", "13800000002", &matter.Wish{SMS: true})
	silent := s.filedBy("李四光", "13800000003", &matter.Wish{})
	for _, ref := range []matter.Ref{r.Ref, silent.Ref} {
		s.answered(ref)
	}
	desk := s.team("handler")["handler"]
	serve := func(ref matter.Ref) string { return "/desk/matters/" + ref.String() + "/serve" }
	p := desk.get(serve(r.Ref)).want(ok, serve(r.Ref), "通知链接（短信、邮件）", "打开并确认收到那天才算送达")
	send := []string{"version", p.version(), "submission", r.Ref.String(), "method", "link"}
	desk.post(serve(r.Ref), send...).want(ok, "/desk/matters/"+r.Ref.String(), "链接排上了", "还不是送达")
	p = desk.get(serve(silent.Ref))
	p = desk.post(serve(silent.Ref), "version", p.version(), "submission", silent.Ref.String(), "method", "link").want(invalid, serve(silent.Ref), "没有同意收短信或邮件")
	_ = p.fault("method")

	s.now.Add((3 * 24 * time.Hour).Microseconds())
	s.send()
	path := s.linkIn(g.said("有一份文书等您确认收到"))
	citizen := s.browser()
	citizen.get(path).want(ok, path)
	p = citizen.post(path, "pin", r.PIN).want(ok, "/my/act/receive", "看过不等于送达")
	if m := s.matterOf(r.Ref); m.State != matter.StateIssued {
		t.Fatalf("looking made it %s", m.State)
	}
	citizen.post("/my/act/receive", "version", p.version()).want(invalid, "/my/act/receive")
	citizen.post("/my/act/receive", "version", p.version(), "consent", "yes").want(ok, "/my", "通知链接（短信、邮件）")
	m := s.matterOf(r.Ref)
	served, found := m.Service(r.Ref)
	if today := s.office.Today(); !found || served.Method != matter.ServedByLink || served.On != today || m.State != matter.StateServed {
		t.Fatalf("%+v %t %s", served, found, m.State)
	}
	view, err := s.office.Track(t.Context(), org.Actor{Kind: org.ActorPetitioner, Home: r.Ref.Home, Submission: r.Ref.N})
	check(t, err)
	if view.Review == nil || view.Review.From != served.On || view.Review.Legal == law.NoDay {
		t.Errorf("the time for review: %+v", view.Review)
	}
	desk = s.again("handler")
	desk.get("/desk/matters/"+r.Ref.String()).want(ok, "/desk/matters/"+r.Ref.String(), "通知链接（短信、邮件）", "hy-330112-")
	proof := m.Papers[len(m.Papers)-1]
	if proof.Kind != matter.PaperService {
		t.Fatalf("the last document is %s", proof.Kind)
	}
	printed, err := s.office.Paper(t.Context(), staff(org.RoleHandler, unitLand), r.Ref, usecase.PaperAsk{N: proof.N})
	check(t, err)
	text, err := json.Marshal(printed.Doc)
	check(t, err)
	for _, want := range []string{"通知链接送达", "从通知里的链接凭密码打开后本人确认收到", "hy-330112-"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the proof of service does not say %q: %s", want, text)
		}
	}
	s.browser().post(path, "pin", r.PIN).want(ok, "/my") // once received, the same link leads to the matter
}

// Who came in by the link of another message, or with the code, confirms on line: no message told them of the document.
func TestServiceByAnotherLink(t *testing.T) {
	s, g := linked(t)
	for i, in := range []func(usecase.Receipt) *browser{
		func(r usecase.Receipt) *browser { return s.open(r.Code, r.PIN) },
		func(r usecase.Receipt) *browser {
			b := s.browser()
			b.post(s.linkIn(g.said("已登记")), "pin", r.PIN)
			return b
		},
	} {
		r := s.filedBy("张三丰", "13800000002", &matter.Wish{SMS: true})
		s.answered(r.Ref)
		in(r).act("receive", "consent", "yes").want(ok, "/my", "网上送达")
		if served, found := s.matterOf(r.Ref).Service(r.Ref); !found || served.Method != matter.ServedOnline {
			t.Errorf("%d: %+v", i, served)
		}
	}
}

// Without an address there is no link: none in messages, none to choose when serving.
func TestWithoutAnAddress(t *testing.T) {
	s, admin := adminSite(t)
	g := newSMSGateway(t)
	admin.post("/desk/admin/notices/settings", g.settings()...).want(ok, "/desk/admin/notices")
	r := s.filedBy("张三丰", "13800000002", &matter.Wish{SMS: true})
	if strings.Contains(g.said("已登记"), "://") {
		t.Errorf("it says %q", g.said("已登记"))
	}
	s.answered(r.Ref)
	path := "/desk/matters/" + r.Ref.String() + "/serve"
	desk := s.team("handler")["handler"]
	p := desk.get(path).want(ok, path)
	p.silent("通知链接（短信、邮件）")
	desk.post(path, "version", p.version(), "submission", r.Ref.String(), "method", "link").want(invalid, path, "还没有填本网站的对外地址")
}
