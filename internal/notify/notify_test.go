package notify

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/mail"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"huiyin/internal/errs"
	"huiyin/internal/i18n"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
)

// A petitioner who asked for it gets one text message for what happened, with the number and without anything of theirs.
func TestTextMessage(t *testing.T) {
	b, g := newBed(t), newTestGateway(t)
	b.save(settingsFor(g.URL))
	r := b.file(matter.KindAppeal, &matter.Wish{SMS: true})
	silent := b.file(matter.KindAppeal, nil)
	s := b.sender(nil)
	if n := b.run(s); n != 1 {
		t.Fatalf("%d attempts", n)
	}
	got := g.got()
	if len(got) != 1 || got[0].To != phone || got[0].Token != "s3cret" || !strings.Contains(got[0].Say, r.Ref.String()) || !strings.Contains(got[0].Say, "已登记") {
		t.Fatalf("%+v", got)
	}
	n := b.notices(r)[0]
	if n.State != store.NoticeSent || n.SentUS != b.now.Load() || n.Attempts != 1 {
		t.Errorf("%+v", n)
	}
	tries := b.tries(n)
	if len(tries) != 1 || tries[0].Result != store.TrySent || strings.Contains(tries[0].Answer, phone) || !strings.Contains(tries[0].Answer, "ok") {
		t.Errorf("%+v", tries)
	}
	if got := b.notices(silent); len(got) != 0 {
		t.Errorf("told who did not ask: %+v", got)
	}
	if b.run(s) != 0 || len(g.got()) != 1 {
		t.Error("sent again")
	}
}

// Where the office sends text messages to all, who said nothing gets them, but never who accuses; who asked for it with an accusation is told that there
// is something to read and no more.
func TestOfficesWayAndAccusations(t *testing.T) {
	b, g := newBed(t), newTestGateway(t)
	all := settingsFor(g.URL)
	all.ToAll = true
	b.save(all)
	b.file(matter.KindAppeal, nil)
	b.file(matter.KindAppeal, &matter.Wish{})
	b.file(matter.KindAccusation, nil)
	asked := b.file(matter.KindAccusation, &matter.Wish{SMS: true, Lang: "en"})
	b.run(b.sender(nil))
	got := g.got()
	if len(got) != 2 {
		t.Fatalf("%+v", got)
	}
	quiet := got[1].Say
	if !strings.Contains(got[0].Say, "330112") {
		quiet = got[0].Say
	}
	if quiet != b.catalog.For(i18n.En).T("notice.sealed") || strings.Contains(quiet, asked.Ref.String()) {
		t.Errorf("of an accusation it says %q", quiet)
	}
}

// Where the office has set the address of its site, a text message ends with a link: the same at each attempt, short, with nothing of the petitioner's, and
// another for each. Of an accusation none is sent, since the address would tell from whom it is.
func TestLinkAtTheEnd(t *testing.T) {
	b, g := newBed(t), newTestGateway(t)
	settings := settingsFor(g.URL)
	settings.Address = "https://xf.example.cn"
	b.save(settings)
	g.mode.Store(fails)
	r := b.file(matter.KindAppeal, &matter.Wish{SMS: true})
	s := b.sender(nil)
	b.run(s)
	g.mode.Store(works)
	b.pass(time.Minute)
	other := b.file(matter.KindAppeal, &matter.Wish{SMS: true, Lang: "en"})
	b.run(s)
	b.file(matter.KindAccusation, &matter.Wish{SMS: true})
	b.run(s)
	got := g.got()
	if len(got) != 4 {
		t.Fatalf("%+v", got)
	}
	form := regexp.MustCompile(`^[^{}⟦]{20,120}[：:] https://xf\.example\.cn/go/([0-9a-z]{14,24})$`)
	links := map[string]bool{}
	for _, c := range got[:3] {
		m := form.FindStringSubmatch(c.Say)
		if m == nil {
			t.Fatalf("it says %q", c.Say)
		}
		links[m[1]] = true
		for _, receipt := range []usecase.Receipt{r, other} {
			for _, bad := range []string{receipt.Code, usecase.FormatCode(receipt.Code), receipt.PIN, name, phone, email} {
				if strings.Contains(strings.ToUpper(c.Say), strings.ToUpper(bad)) {
					t.Errorf("%q is in %q", bad, c.Say)
				}
			}
		}
	}
	if len(links) != 2 || strings.Contains(got[3].Say, "://") {
		t.Errorf("links %v, of the accusation %q", links, got[3].Say)
	}
	for token := range links {
		if l, err := b.office.FollowLink(t.Context(), token); err != nil || l.Code != r.Code && l.Code != other.Code {
			t.Errorf("%s leads to %+v, %v", token, l, err)
		}
	}
}

// What failed is tried again later and later, then left to an administrator, who can have it sent once more or give it up.
func TestRetriesAndFailure(t *testing.T) {
	b, g := newBed(t), newTestGateway(t)
	settings := settingsFor(g.URL)
	settings.Quiet = usecase.Quiet{} // the test waits for hours
	b.save(settings)
	g.mode.Store(fails)
	r := b.file(matter.KindAppeal, &matter.Wish{SMS: true})
	s := b.sender(nil)
	waits := []time.Duration{0, time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 6 * time.Hour}
	for i, wait := range waits {
		if wait > 0 {
			b.pass(wait - time.Second)
			if b.run(s) != 0 {
				t.Fatalf("attempt %d came early", i+1)
			}
			b.pass(time.Second)
		}
		if i == 2 {
			g.mode.Store(says) // an answer that does not say that it went well
		}
		if b.run(s) != 1 {
			t.Fatalf("attempt %d was not made", i+1)
		}
	}
	n := b.notices(r)[0]
	if n.State != store.NoticeFailed || n.Attempts != len(waits) || n.Error != "notice.refused" {
		t.Fatalf("%+v", n)
	}
	for _, try := range b.tries(n) {
		if try.Result != store.TryFailed || try.Answer == "" || strings.Contains(try.Answer, phone) {
			t.Errorf("%+v", try)
		}
	}
	b.pass(24 * time.Hour)
	if b.run(s) != 0 {
		t.Error("tried for ever")
	}
	page, counts, err := b.office.NoticeFailures(t.Context(), b.admin, store.NoticeCursor{})
	b.ok(err)
	if len(page.Notices) != 1 || counts.Failed != 1 || len(page.Notices[0].Tries) != len(waits) {
		t.Errorf("%+v %+v", page, counts)
	}
	g.mode.Store(works)
	b.ok(b.office.RetryNotice(t.Context(), b.admin, n.Matter.Home, n.ID))
	if errs.KindOf(b.office.RetryNotice(t.Context(), b.admin, n.Matter.Home, n.ID)) != errs.Conflict {
		t.Error("retried twice")
	}
	if b.run(s) != 1 || b.notices(r)[0].State != store.NoticeSent {
		t.Error("not sent at the administrator's word")
	}
	g.mode.Store(fails)
	other := b.file(matter.KindAppeal, &matter.Wish{SMS: true})
	for range waits {
		b.run(s)
		b.pass(6 * time.Hour)
	}
	n = b.notices(other)[0]
	b.ok(b.office.DropNotice(t.Context(), b.admin, n.Matter.Home, n.ID))
	if got := b.notices(other)[0].State; got != store.NoticeDropped {
		t.Errorf("it is %s", got)
	}
}

// A program that was killed between sending and writing that down leaves what it took. It comes back after the lease under the same id, or, where the
// gateway knows no ids, to the administrator.
func TestKilledWhileSending(t *testing.T) {
	b, g := newBed(t), newTestGateway(t)
	b.save(settingsFor(g.URL))
	r := b.file(matter.KindAppeal, &matter.Wish{SMS: true})
	claim := func() usecase.Outgoing {
		t.Helper()
		claimed, err := b.office.ClaimNotices(t.Context(), 5)
		b.ok(err)
		if len(claimed) != 1 {
			t.Fatalf("%+v", claimed)
		}
		return claimed[0]
	}
	lost := claim()
	s := b.sender(nil)
	if b.run(s) != 0 {
		t.Fatal("taken from who has it")
	}
	b.pass(3 * time.Minute)
	if b.run(s) != 1 || len(g.got()) != 1 || g.got()[0].ID != lost.Key {
		t.Fatalf("%+v, want id %s", g.got(), lost.Key)
	}
	// the one believed dead reports after all: what came after it stays
	b.ok(b.office.NoticeTried(t.Context(), lost, usecase.NoticeResult{Answer: "late"}))
	if n := b.notices(r)[0]; n.State != store.NoticeSent || n.Attempts != 2 {
		t.Errorf("%+v", n)
	}

	blind := settingsFor(g.URL)
	blind.SMS.Body = `{"to": "{phone}", "say": "{text}"}`
	b.save(blind)
	other := b.file(matter.KindAppeal, &matter.Wish{SMS: true})
	claim()
	b.pass(3 * time.Minute)
	if b.run(s) != 0 || len(g.got()) != 1 {
		t.Error("sent though it may have been sent before")
	}
	n := b.notices(other)[0]
	if tries := b.tries(n); n.State != store.NoticeFailed || n.Error != "notice.unclear" || len(tries) != 1 || tries[0].Result != store.TryStarted {
		t.Errorf("%+v %+v", n, tries)
	}
}

// What cannot be read, or not even taken, ends by itself: the others of its round go out all the same, and the error is told.
func TestOneBadNotice(t *testing.T) {
	b, g := newBed(t), newTestGateway(t)
	b.save(settingsFor(g.URL))
	s := b.sender(nil)
	damaged := b.file(matter.KindAppeal, &matter.Wish{SMS: true})
	garbled := b.file(matter.KindAppeal, &matter.Wish{SMS: true})
	good := b.file(matter.KindAppeal, &matter.Wish{SMS: true})
	ctx := t.Context()
	b.ok(b.store.Update(ctx, good.Ref.Home, func(tx *store.Tx) error {
		rows, err := tx.Parties(ctx, damaged.Ref.Home, []int64{damaged.Ref.N})
		if err != nil {
			return err
		}
		rows[0].Body, rows[0].IDHash = []byte("not what was sealed"), append([]byte{}, rows[0].IDHash...)
		if err := tx.UpdateParty(ctx, rows[0]); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, store.Named("test.args", `update notice set args = 'no json' where home = $1 and submission_id = $2`), garbled.Ref.Home, garbled.Ref.N)
		return err
	}))
	if n, err := s.Run(ctx); n != 1 || err == nil || len(g.got()) != 1 {
		t.Fatalf("%d attempts, %d messages, %v", n, len(g.got()), err)
	}
	for _, r := range []usecase.Receipt{damaged, garbled} {
		n := b.notices(r)[0]
		if tries := b.tries(n); n.State != store.NoticeFailed || n.Error != "notice.unreadable" || len(tries) != 1 || tries[0].Result != store.TryFailed {
			t.Errorf("%+v %+v", n, tries)
		}
	}
	if b.run(s) != 0 {
		t.Error("tried again")
	}

	// another home's cannot be taken: an attempt of that number is there
	good = b.file(matter.KindAppeal, &matter.Wish{SMS: true})
	far := matter.NewRef(good.Ref.Home+1, 2025, 1)
	b.ok(b.store.Update(ctx, far.Home, func(tx *store.Tx) error {
		if _, err := tx.InsertNotice(ctx, store.NoticeRow{
			Matter: far, Submission: far.N, Channel: store.ChannelSMS, Kind: "registered", Args: "{}", Cause: "event/1", State: store.NoticeWaiting, DueUS: b.now.Load(),
		}); err != nil {
			return err
		}
		const try = `insert into notice_try (home, notice_id, n, at_us, took_us, result, answer) values ($1, 1, 1, 0, 0, 'started', '')`
		_, err := tx.Exec(ctx, store.Named("test.try", try), far.Home)
		return err
	}))
	if n, err := s.Run(ctx); n != 1 || err == nil || b.notices(good)[0].State != store.NoticeSent {
		t.Errorf("%d attempts, %v, %+v", n, err, b.notices(good)[0])
	}
}

// A stop between taking a notice and sending it does not lose it: what was claimed goes out first.
func TestStopWhileClaiming(t *testing.T) {
	b, g := newBed(t), newTestGateway(t)
	b.save(settingsFor(g.URL))
	r := b.file(matter.KindAppeal, &matter.Wish{SMS: true})
	ctx, cancel := context.WithCancel(t.Context())
	looks := 0
	b.config.Now = func() int64 {
		if looks++; looks == 2 { // the first is for what is due, the second for taking it
			cancel()
		}
		return b.now.Load()
	}
	s := b.senderOf(b.another(), nil)
	looks = 0
	n, err := s.Run(ctx)
	if !errors.Is(err, context.Canceled) || n != 1 || len(g.got()) != 1 || b.notices(r)[0].State != store.NoticeSent {
		t.Errorf("%d attempts, %v, %+v", n, err, b.notices(r)[0])
	}
}

// A gateway that knows its ids is not asked for ever either, when the program dies at every attempt.
func TestKilledAgainAndAgain(t *testing.T) {
	b, g := newBed(t), newTestGateway(t)
	settings := settingsFor(g.URL)
	settings.Quiet = usecase.Quiet{}
	b.save(settings)
	r := b.file(matter.KindAppeal, &matter.Wish{SMS: true})
	claims := 0
	for range 20 {
		claimed, err := b.office.ClaimNotices(t.Context(), 5)
		b.ok(err)
		claims += len(claimed)
		b.pass(3 * time.Minute)
	}
	if n := b.notices(r)[0]; claims != 6 || n.State != store.NoticeFailed || n.Error != "notice.unclear" {
		t.Errorf("%d attempts: %+v", claims, n)
	}
}

// Two programs on one store send everything once.
func TestTwoRunners(t *testing.T) {
	b, g := newBed(t), newTestGateway(t)
	b.save(settingsFor(g.URL))
	const filed = 30
	for range filed {
		b.file(matter.KindAppeal, &matter.Wish{SMS: true})
	}
	other := b.another()
	var all sync.WaitGroup
	for _, s := range []*Sender{b.sender(nil), b.senderOf(other, nil), b.senderOf(other, nil)} {
		s.patience = patience
		all.Go(func() { b.run(s) })
	}
	all.Wait()
	ids := map[string]int{}
	for _, c := range g.got() {
		ids[c.ID]++
	}
	for id, n := range ids {
		if n != 1 {
			t.Errorf("%s was sent %d times", id, n)
		}
	}
	if len(ids) != filed {
		t.Errorf("%d of %d were sent", len(ids), filed)
	}
}

// At night what is not urgent waits for the morning; what is urgent goes at once. Hours that change hold for what waits already.
func TestNight(t *testing.T) {
	b, g := newBed(t), newTestGateway(t)
	b.save(settingsFor(g.URL))
	b.pass(13 * time.Hour) // ten in the evening
	r := b.file(matter.KindAppeal, &matter.Wish{SMS: true})
	s := b.sender(nil)
	if b.run(s) != 0 {
		t.Fatal("sent at night")
	}
	b.pass(10*time.Hour - time.Second)
	if b.run(s) != 0 {
		t.Fatal("sent before eight")
	}
	late := settingsFor(g.URL)
	late.Quiet.Until = 9 * 60
	b.save(late)
	b.pass(30 * time.Minute)
	if b.run(s) != 0 {
		t.Error("sent in the hours that are quiet by now")
	}
	b.ok(b.store.Update(t.Context(), r.Ref.Home, func(tx *store.Tx) error {
		_, err := tx.InsertNotice(t.Context(), store.NoticeRow{
			Matter: r.Ref, Submission: r.Ref.N, Channel: store.ChannelSMS, Kind: "hearing_cancelled", Args: "{}", Cause: "event/9", Urgent: true, State: store.NoticeWaiting,
		})
		return err
	}))
	if b.run(s) != 1 {
		t.Error("the urgent one waits")
	}
	b.pass(time.Hour)
	if b.run(s) != 1 || len(g.got()) != 2 {
		t.Error("not sent in the morning")
	}
}

// E-mail goes encrypted, in plain UTF-8, under the same Message-ID each time; a server that hangs up instead of answering may have taken it.
func TestMail(t *testing.T) {
	for _, direct := range []bool{false, true} {
		t.Run(fmt.Sprintf("direct %t", direct), func(t *testing.T) {
			b, server := newBed(t), newMailServer(t, direct)
			settings := usecase.NoticeSettings{Quiet: usecase.DefaultQuiet(), Mail: usecase.MailServer{
				Host: server.host, Port: server.port, Direct: direct, User: "huiyin", From: "office@example.org", Secret: "s3cret",
			}}
			b.save(settings)
			s := b.sender(server.roots)
			r := b.file(matter.KindAppeal, &matter.Wish{Mail: true, Lang: "en"})
			if b.run(s) != 1 || len(server.got()) != 1 {
				t.Fatalf("%+v %+v", server.got(), b.tries(b.notices(r)[0]))
			}
			letter, err := mail.ReadMessage(strings.NewReader(server.got()[0]))
			b.ok(err)
			subject, err := new(mime.WordDecoder).DecodeHeader(letter.Header.Get("Subject"))
			b.ok(err)
			body, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, letter.Body))
			b.ok(err)
			if !strings.Contains(subject, r.Ref.String()) || !strings.Contains(string(body), "registered") || letter.Header.Get("To") != "<"+email+">" ||
				letter.Header.Get("Message-Id") == "" {
				t.Errorf("%s\n%s\n%s", letter.Header, subject, body)
			}

			server.deny.Store(true)
			refused := b.file(matter.KindAppeal, &matter.Wish{Mail: true})
			b.run(s)
			n := b.notices(refused)[0]
			if tries := b.tries(n); n.State != store.NoticeWaiting || strings.Contains(tries[0].Answer, email) || !strings.Contains(tries[0].Answer, "550") {
				t.Errorf("%+v %+v", n, tries)
			}
			server.deny.Store(false)
			server.cut.Store(true)
			cut := b.file(matter.KindAppeal, &matter.Wish{Mail: true})
			b.run(s)
			if n := b.notices(cut)[0]; n.State != store.NoticeFailed || n.Error != "notice.unclear" {
				t.Errorf("%+v", n)
			}
			// a server that is not who it says gets nothing
			before := len(server.got())
			b.file(matter.KindAppeal, &matter.Wish{Mail: true})
			b.run(b.sender(nil))
			if len(server.got()) != before {
				t.Error("a stranger got a letter")
			}
		})
	}
}

// No text of a notice holds anything of who it is for, and every kind that a petitioner is told of has one.
func TestTextsHoldNoIdentity(t *testing.T) {
	b := newBed(t)
	s := b.sender(nil)
	data, err := os.ReadFile("../i18n/catalog/matter.zh.json")
	b.ok(err)
	texts := map[string]string{}
	b.ok(json.Unmarshal(data, &texts))
	to := map[string]bool{
		"hearing_called": true, "hearing_moved": true, "hearing_concluded": true, "hearing_cancelled": true, "review_taken": true, "review_issued": true, "clocks_moved": true,
	}
	for key := range texts {
		kind, of := strings.CutPrefix(key, "told.")
		if !of || strings.Contains(kind, ".") {
			continue
		}
		body, _, err := matter.Decode(kind, []byte("{}"))
		b.ok(err)
		if e := (matter.Event{Body: body, By: matter.By{Kind: org.ActorStaff}}); matter.Notifies(e, matter.Ref{}) {
			to[kind] = true
		}
	}
	if len(to) < 40 {
		t.Fatalf("only %d kinds", len(to))
	}
	for kind := range to {
		for _, lang := range matter.Langs() {
			for _, sealed := range []bool{false, true} {
				n := usecase.Outgoing{Home: 330112, ID: 7, Key: "hy-330112-7", Phone: phone, Lang: lang, Kind: kind, Sealed: sealed}
				if !sealed {
					n.Number, n.Title = "330112-2025-0000001", "Huiyin"
				}
				m := s.message(n)
				for _, text := range []string{m.subject, m.text} {
					if text == "" || strings.ContainsAny(text, "{}⟦⟧") || strings.Contains(text, phone) || sealed && strings.ContainsAny(text, "0123456789") {
						t.Errorf("%s in %s, sealed %t: %q", kind, lang, sealed, text)
					}
				}
			}
		}
	}
}

// What a gateway says is kept short and without what could be a person's.
func TestAnswersAreCleared(t *testing.T) {
	m := message{to: "+8613800000001", text: "a text", link: "https://xf.example.cn/go/abc"}
	got := cleared("to 13800000001 and 138-0000-0001, "+m.to+" "+m.text+" "+m.link+" "+email+" s3cret\n"+strings.Repeat("x", 500), nil, m, "s3cret")
	for _, bad := range []string{"138", "0001", "a text", "example", "s3cret", "\n"} {
		if strings.Contains(got, bad) {
			t.Errorf("%q is in %q", bad, got)
		}
	}
	if len([]rune(got)) > maxAnswer+1 {
		t.Errorf("%d characters", len([]rune(got)))
	}
}

// A body is written as its kind wants it, whatever stands in the text.
func TestBodies(t *testing.T) {
	m := message{key: "k", to: "+86 1", text: "a \"b\"\n&c={id}"}
	for _, c := range []struct{ method, format, body, url, want string }{
		{http.MethodPost, "json", `{"p":"{phone}","t":"{text}","i":"{id}"}`, "", `{"p":"+86 1","t":"a \"b\"\n\u0026c={id}","i":"k"}`},
		{http.MethodPost, "form", `p={phone}&t={text}`, "", `p=%2B86+1&t=a+%22b%22%0A%26c%3D%7Bid%7D`},
		{http.MethodGet, "form", `p={phone}&k={secret}`, "http://gw/send?x=1&p=%2B86+1&k=s%26", ""},
	} {
		r, err := request(t.Context(), usecase.SMSGateway{URL: "http://gw/send?x=1", Method: c.method, Format: c.format, Body: c.body, Secret: "s&"}, m)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		if string(body) != c.want || c.url != "" && r.URL.String() != c.url {
			t.Errorf("%s %s: %s %s", c.method, c.format, r.URL, body)
		}
	}
}

// Only an administrator tries the gateway, and is told what it said; who has been given no address is told so.
func TestTestMessage(t *testing.T) {
	b, g := newBed(t), newTestGateway(t)
	s := b.sender(nil)
	if _, err := s.Test(t.Context(), b.admin, phone, ""); errs.CodeOf(err) != "notice.no_gateway" {
		t.Errorf("without a gateway: %v", err)
	}
	b.save(settingsFor(g.URL))
	if _, err := s.Test(t.Context(), org.Actor{}, phone, ""); errs.KindOf(err) != errs.Unauthenticated {
		t.Errorf("nobody: %v", err)
	}
	for _, bad := range [][2]string{{"12", ""}, {"", "x"}, {"", ""}} {
		if _, err := s.Test(t.Context(), b.admin, bad[0], bad[1]); errs.KindOf(err) != errs.Invalid {
			t.Errorf("%v: %v", bad, err)
		}
	}
	if answer, err := s.Test(t.Context(), b.admin, phone, ""); err != nil || !strings.Contains(answer, "ok") || len(g.got()) != 1 {
		t.Errorf("%q, %v", answer, err)
	}
	g.mode.Store(fails)
	if _, err := s.Test(t.Context(), b.admin, phone, ""); errs.CodeOf(err) != "notice.test.failed" {
		t.Errorf("a gateway that fails: %v", err)
	}
}

// Without a gateway nothing is put down to be sent; what waits for one that is taken away is left to the administrator.
func TestNoGateway(t *testing.T) {
	b, g := newBed(t), newTestGateway(t)
	if got := b.notices(b.file(matter.KindAppeal, &matter.Wish{SMS: true, Mail: true})); len(got) != 0 {
		t.Errorf("%+v", got)
	}
	b.save(settingsFor(g.URL))
	r := b.file(matter.KindAppeal, &matter.Wish{SMS: true})
	b.save(usecase.NoticeSettings{Quiet: usecase.DefaultQuiet()})
	if n := b.run(b.sender(nil)); n != 0 {
		t.Errorf("%d attempts", n)
	}
	if n := b.notices(r)[0]; n.State != store.NoticeFailed || n.Error != "notice.no_gateway" || n.Attempts != 0 {
		t.Errorf("%+v", n)
	}
}
