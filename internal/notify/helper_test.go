package notify

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"huiyin/internal/gazetteer"
	"huiyin/internal/i18n"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/storetest"
	"huiyin/internal/usecase"
	"huiyin/internal/vault"
)

const (
	county org.UnitID = iota + 1
	bureau
	discipline

	phone = "13800000001"
	email = "zhang@example.org"
	name  = "张三丰"
)

// bed is an office with a bureau, a discipline organ and an administrator, whose clock the test moves.
type bed struct {
	*testing.T
	office  *usecase.Office
	store   *store.Store
	config  usecase.Config
	catalog *i18n.Catalog
	now     *atomic.Int64
	admin   org.Actor
}

// chance always falls the same way.
type chance struct {
	mu     sync.Mutex
	source *rand.ChaCha8
}

func (c *chance) Read(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.source.Read(p)
}

var places = sync.OnceValues(gazetteer.Open)

func newBed(t *testing.T) *bed {
	t.Helper()
	migrations, err := store.Migrations()
	b := &bed{T: t, now: &atomic.Int64{}}
	b.ok(err)
	b.store = storetest.Open(t, migrations)
	b.now.Store(storetest.Now + 9*int64(time.Hour/time.Microsecond)) // nine in the morning
	random := &chance{source: rand.NewChaCha8([32]byte{1})}
	text, err := vault.Generate(random)
	b.ok(err)
	keys, err := vault.Parse(text, random)
	b.ok(err)
	found, err := places()
	b.ok(err)
	files, err := usecase.NewFiles(t.TempDir(), keys)
	b.ok(err)
	b.catalog, err = i18n.Load()
	b.ok(err)
	units := []org.Unit{
		{ID: county, Name: "临安区", Kind: org.KindRoot, Place: 330112},
		{ID: bureau, Parent: county, Name: "临安区信访局", Kind: org.KindBureau, Place: 330112},
		{ID: discipline, Parent: county, Name: "临安区纪委监委", Kind: org.KindDiscipline, Place: 330112},
	}
	ctx := t.Context()
	b.ok(b.store.Update(ctx, 0, func(tx *store.Tx) error {
		for _, u := range units {
			if err := tx.SaveUnit(ctx, u); err != nil {
				return err
			}
		}
		if err := tx.ReplacePaths(ctx, org.NewChart(units), []org.UnitID{county, bureau, discipline}); err != nil {
			return err
		}
		if err := tx.SavePerson(ctx, store.PersonRow{ID: 1, SignIn: "admin", Name: "admin"}); err != nil {
			return err
		}
		return tx.SaveDuty(ctx, org.Duty{ID: 1, User: 1, Role: org.RoleAdmin, Unit: county, Scope: county})
	}))
	b.config = usecase.Config{
		Store: b.store, Vault: keys, Places: found, Book: law.DefaultBook(), Files: files, Now: b.now.Load, Random: random, Log: slog.New(slog.DiscardHandler),
	}
	b.office = b.another()
	b.admin, err = b.office.Actor(ctx, 1, 1)
	b.ok(err)
	return b
}

// another is a second office on the same store.
func (b *bed) another() *usecase.Office {
	b.Helper()
	o, err := usecase.New(b.Context(), b.config)
	b.ok(err)
	return o
}

func (b *bed) ok(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func (b *bed) pass(d time.Duration) { b.now.Add(d.Microseconds()) }

func (b *bed) sender(roots *x509.CertPool) *Sender { return b.senderOf(b.office, roots) }

func (b *bed) senderOf(o *usecase.Office, roots *x509.CertPool) *Sender {
	s := New(Config{
		Office: o, Catalog: b.catalog, Now: func() time.Time { return time.UnixMicro(b.now.Load()) }, Log: slog.New(slog.DiscardHandler), Roots: roots,
	})
	s.patience = 300 * time.Millisecond
	return s
}

// run sends what is due and returns how many attempts that made.
func (b *bed) run(s *Sender) int {
	b.Helper()
	n, err := s.Run(b.Context())
	b.ok(err)
	return n
}

// settings are those of an office with a gateway.
func settingsFor(url string) usecase.NoticeSettings {
	return usecase.NoticeSettings{
		SMS: usecase.SMSGateway{
			URL: url, Method: "POST", Format: "json", Body: `{"to": "{phone}", "say": "{text}", "id": "{id}"}`, Header: "X-Token", Secret: "s3cret", Success: `"ok"`,
		},
		Quiet: usecase.DefaultQuiet(),
	}
}

func (b *bed) save(s usecase.NoticeSettings) {
	b.Helper()
	b.ok(b.office.SaveNoticeSettings(b.Context(), b.admin, s))
}

// file registers a petition of one person.
func (b *bed) file(kind matter.Kind, wish *matter.Wish) usecase.Receipt {
	b.Helper()
	r, err := b.office.Register(b.Context(), org.Actor{}, matter.Intake{
		Channel: matter.ChannelWeb, Kind: kind, Title: "路灯不亮", Narrative: "路灯坏了三个月", Demands: []string{"修好"}, Place: 330112104202,
		Petitioners: []matter.Petitioner{{Name: name, Phone: phone, Email: email}}, Wish: wish,
	}, "")
	b.ok(err)
	return r
}

// notices are those of a submission, newest first.
func (b *bed) notices(r usecase.Receipt) []store.NoticeRow {
	b.Helper()
	var out []store.NoticeRow
	b.ok(b.store.Read(b.Context(), func(t *store.Tx) error {
		var err error
		out, err = t.NoticesOfSubmission(b.Context(), r.Ref, 100)
		return err
	}))
	return out
}

func (b *bed) tries(n store.NoticeRow) []store.TryRow {
	b.Helper()
	var out []store.TryRow
	b.ok(b.store.Read(b.Context(), func(t *store.Tx) error {
		var err error
		out, err = t.Tries(b.Context(), n.Matter.Home, []int64{n.ID})
		return err
	}))
	return out
}

// testGateway is a gateway for text messages that behaves as it is told and writes down what it was given.
type testGateway struct {
	*httptest.Server
	mu    sync.Mutex
	calls []call
	mode  atomic.Int32
}

type call struct{ To, Say, ID, Token string }

// How the gateway behaves.
const (
	works int32 = iota
	fails
	hangs // takes the message and never answers
	says  // answers 200, but not with success
)

func newTestGateway(t *testing.T) *testGateway {
	t.Helper()
	g := &testGateway{}
	g.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var c call
		body, _ := io.ReadAll(r.Body)
		if err := json.Unmarshal(body, &c); err != nil {
			t.Errorf("%s: %v", body, err)
		}
		c.Token = r.Header.Get("X-Token")
		g.mu.Lock()
		g.calls = append(g.calls, c)
		g.mu.Unlock()
		switch g.mode.Load() {
		case works:
			_, _ = io.WriteString(w, `{"state": "ok", "to": "`+c.To+`"}`)
		case fails:
			w.WriteHeader(http.StatusInternalServerError)
			_, _ = io.WriteString(w, "no credit for "+c.To)
		case hangs:
			<-r.Context().Done()
		case says:
			_, _ = io.WriteString(w, `{"state": "blocked"}`)
		}
	}))
	t.Cleanup(g.Close)
	return g
}

func (g *testGateway) got() []call {
	g.mu.Lock()
	defer g.mu.Unlock()
	return append([]call{}, g.calls...)
}

// mailServer takes e-mail over SMTP with STARTTLS, or from the first byte.
type mailServer struct {
	host  string
	port  int
	roots *x509.CertPool
	mu    sync.Mutex
	mails []string
	deny  atomic.Bool // refuses every recipient
	cut   atomic.Bool // takes the letter and hangs up without an answer
}

func newMailServer(t *testing.T, direct bool) *mailServer {
	t.Helper()
	certified := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(certified.Close)
	s := &mailServer{host: "127.0.0.1", roots: x509.NewCertPool()}
	s.roots.AddCert(certified.Certificate())
	secure := &tls.Config{Certificates: certified.TLS.Certificates}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address, _ := l.Addr().(*net.TCPAddr)
	s.port = address.Port
	var all sync.WaitGroup
	t.Cleanup(func() { _ = l.Close(); all.Wait() })
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			if direct {
				c = tls.Server(c, secure)
			}
			all.Go(func() { s.talk(c, secure, direct) })
		}
	})
	return s
}

func (s *mailServer) talk(c net.Conn, secure *tls.Config, encrypted bool) {
	defer func() { _ = c.Close() }()
	in := bufio.NewReader(c)
	say := func(text string) { _, _ = io.WriteString(c, text+"\r\n") }
	say("220 test")
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		word, _, _ := strings.Cut(strings.ToUpper(strings.TrimSpace(line)), " ")
		switch {
		case word == "EHLO" && !encrypted:
			say("250-test\r\n250 STARTTLS")
		case word == "EHLO":
			say("250-test\r\n250 AUTH PLAIN")
		case word == "STARTTLS":
			say("220 go")
			c = tls.Server(c, secure)
			in, encrypted = bufio.NewReader(c), true
		case !encrypted:
			say("530 encrypt first")
		case word == "AUTH":
			say("235 in")
		case word == "RCPT" && s.deny.Load():
			say("550 no such " + email)
		case word == "DATA":
			say("354 go")
			if !s.letter(in) {
				return
			}
			say("250 taken")
		case word == "QUIT":
			say("221 bye")
			return
		default:
			say("250 fine")
		}
	}
}

// letter reads a letter and reports whether the server is to answer.
func (s *mailServer) letter(in *bufio.Reader) bool {
	var text strings.Builder
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return false
		}
		if line == ".\r\n" {
			break
		}
		text.WriteString(line)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mails = append(s.mails, text.String())
	return !s.cut.Load()
}

func (s *mailServer) got() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string{}, s.mails...)
}
