package web_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/html"

	"huiyin/internal/extract"
	"huiyin/internal/gazetteer"
	"huiyin/internal/httpx"
	"huiyin/internal/i18n"
	"huiyin/internal/law"
	"huiyin/internal/notify"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/storetest"
	"huiyin/internal/usecase"
	"huiyin/internal/vault"
	"huiyin/internal/web"
)

// The units of a test's chart.
const (
	unitCounty org.UnitID = iota + 1
	unitBureau
	unitLand
	unitDiscipline
	unitTown
	unitVillage // added by the tests that want one below the town
)

func testUnits() []org.Unit {
	u := func(id, parent org.UnitID, name string, kind org.UnitKind, place int64) org.Unit {
		return org.Unit{
			ID: id, Parent: parent, Name: name, English: gazetteer.Pinyin(name), Initials: gazetteer.Initials(name), Kind: kind, Place: place,
			Phone: "000-0000000" + string(rune('0'+id)),
		}
	}
	return []org.Unit{
		u(unitCounty, 0, "临安区", org.KindRoot, 330112),
		u(unitBureau, unitCounty, "临安区信访局", org.KindBureau, 330112),
		u(unitLand, unitCounty, "临安区规划和自然资源局", org.KindDepartment, 330112),
		u(unitDiscipline, unitCounty, "临安区纪委监委", org.KindDiscipline, 330112),
		u(unitTown, unitCounty, "於潜镇人民政府", org.KindTown, 330112104),
	}
}

// testSite is the whole of the pages over an office of its own, with a clock that the test moves.
type testSite struct {
	t      *testing.T
	office *usecase.Office
	store  *store.Store
	now    *atomic.Int64 // microseconds UTC
	server *httptest.Server
	advice string // folder of the model
	files  string // folder of the uploads
}

func newSite(t *testing.T, change ...func(*store.Options)) *testSite {
	t.Helper()
	migrations, err := store.Migrations()
	check(t, err)
	s := &testSite{t: t, now: &atomic.Int64{}, advice: t.TempDir(), files: t.TempDir(), store: storetest.Open(t, migrations, change...)}
	s.now.Store(storetest.Now + (9 * time.Hour).Microseconds())
	chance := &steady{source: rand.NewChaCha8([32]byte{1})}
	text, err := vault.Generate(chance)
	check(t, err)
	keys, err := vault.Parse(text, chance)
	check(t, err)
	places, err := gazetteer.Open()
	check(t, err)
	files, err := usecase.NewFiles(s.files, keys)
	check(t, err)
	units := testUnits()
	check(t, s.store.Update(t.Context(), 0, func(tx *store.Tx) error {
		ids := make([]org.UnitID, len(units))
		for i, u := range units {
			ids[i] = u.ID
			if err := tx.SaveUnit(t.Context(), u); err != nil {
				return err
			}
		}
		for name, value := range map[string]string{"place": "330112", "title": "临安区网上信访", "host": "临安区信访局"} {
			if err := tx.SetSetting(t.Context(), name, value); err != nil {
				return err
			}
		}
		if err := tx.SavePerson(t.Context(), store.PersonRow{ID: org.UserID(unitLand), SignIn: "land", Name: "何志远"}); err != nil {
			return err
		}
		return tx.ReplacePaths(t.Context(), org.NewChart(units), ids)
	}))
	catalogue, err := i18n.Load()
	check(t, err)
	s.office, err = usecase.New(t.Context(), usecase.Config{
		Store: s.store, Vault: keys, Places: places, Book: law.DefaultBook(), Files: files, Now: s.now.Load, Random: chance, Log: slog.New(slog.DiscardHandler), Advice: s.advice,
		Extract: func(_ context.Context, kind extract.Kind, content []byte) (string, error) {
			return extract.Text(kind, content)
		},
		Say: catalogue.Say,
	})
	check(t, err)
	now := func() time.Time { return time.UnixMicro(s.now.Load()) }
	var site *web.Site
	sessions := httpx.NewSessions(s.store.Sessions(), httpx.SessionConfig{Idle: time.Hour, Absolute: 12 * time.Hour}, now,
		func(w http.ResponseWriter, r *http.Request, err error) { site.Fail(w, r, err) })
	site = web.New(web.Config{
		Office: s.office, Sessions: sessions, Attempts: httpx.NewAttempts(now), Catalog: catalogue, Log: slog.New(slog.DiscardHandler),
		Sender: notify.New(notify.Config{Office: s.office, Catalog: catalogue, Now: now, Log: slog.New(slog.DiscardHandler)}),
	})
	mux := http.NewServeMux()
	site.Routes(mux)
	h := sessions.Load(httpx.Routes(mux))
	s.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(timeless{w}, r)
	}))
	t.Cleanup(s.server.Close)
	return s
}

// timeless is an answer without deadlines, which would be those of the test's clock.
type timeless struct{ http.ResponseWriter }

func (w timeless) FlushError() error { return http.NewResponseController(w.ResponseWriter).Flush() }

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// steady is chance that always falls the same way, for many goroutines.
type steady struct {
	mu     sync.Mutex
	source *rand.ChaCha8
}

func (s *steady) Read(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.source.Read(p)
}

// staff is an actor in a role at a unit.
func staff(role org.Role, unit org.UnitID) org.Actor {
	return org.Actor{Kind: org.ActorStaff, User: org.UserID(unit), Name: "经办人", Duty: org.Duty{ID: org.DutyID(unit), User: org.UserID(unit), Role: role, Unit: unit, Scope: unit}}
}

// browser keeps cookies and follows where it is led, as a person's browser does.
type browser struct {
	t      *testing.T
	base   string
	client *http.Client
}

func (s *testSite) browser() *browser {
	s.t.Helper()
	jar, err := cookiejar.New(nil)
	check(s.t, err)
	return &browser{t: s.t, base: s.server.URL, client: &http.Client{Jar: jar}}
}

// page is what a browser sees.
type page struct {
	t      *testing.T
	status int
	path   string
	header http.Header
	body   string
	root   *html.Node
}

func (b *browser) get(path string) page {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodGet, b.base+path, http.NoBody)
	check(b.t, err)
	return b.send(r)
}

// post sends a form of name, value pairs.
func (b *browser) post(path string, pairs ...string) page {
	b.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, b.base+path, strings.NewReader(form.Encode()))
	check(b.t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.send(r)
}

// upload sends a form with one file.
func (b *browser) upload(path, name string, content []byte, pairs ...string) page {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for i := 0; i+1 < len(pairs); i += 2 {
		check(b.t, w.WriteField(pairs[i], pairs[i+1]))
	}
	part, err := w.CreateFormFile("files", name)
	check(b.t, err)
	_, err = part.Write(content)
	check(b.t, err)
	check(b.t, w.Close())
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, b.base+path, &body)
	check(b.t, err)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return b.send(r)
}

func (b *browser) send(r *http.Request) page {
	b.t.Helper()
	r.Header.Set("Accept-Language", "zh-CN")
	answer, err := b.client.Do(r)
	check(b.t, err)
	body, err := io.ReadAll(answer.Body)
	check(b.t, err)
	check(b.t, answer.Body.Close())
	root, err := html.Parse(bytes.NewReader(body))
	check(b.t, err)
	p := page{t: b.t, status: answer.StatusCode, path: answer.Request.URL.RequestURI(), header: answer.Header, body: string(body), root: root}
	if strings.Contains(p.body, "⟦") {
		b.t.Errorf("%s: a text is missing: %s", p.path, p.body[strings.Index(p.body, "⟦"):][:40])
	}
	return p
}

// find returns the elements that a selector names: words of tag, #id, .class, [attribute] and [attribute=value], each inside the one before.
func (p page) find(selector string) []*html.Node {
	found := []*html.Node{p.root}
	for word := range strings.FieldsSeq(selector) {
		var next []*html.Node
		for _, n := range found {
			for d := range n.Descendants() {
				if d.Type == html.ElementNode && matches(d, word) {
					next = append(next, d)
				}
			}
		}
		found = next
	}
	return found
}

// matches reports whether an element fits one word of a selector.
func matches(n *html.Node, word string) bool {
	end := strings.IndexAny(word, "#.[")
	if end < 0 {
		return n.Data == word
	}
	if end > 0 && n.Data != word[:end] {
		return false
	}
	rest := word[end+1:]
	switch word[end] {
	case '#':
		return attribute(n, "id") == rest
	case '.':
		return strings.Contains(" "+attribute(n, "class")+" ", " "+rest+" ")
	}
	name, value, valued := strings.Cut(strings.TrimSuffix(rest, "]"), "=")
	if !valued {
		return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
	}
	return attribute(n, name) == value
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// text is what a reader sees of the first element that a selector names.
func (p page) text(selector string) string {
	p.t.Helper()
	found := p.find(selector)
	if len(found) == 0 {
		p.t.Fatalf("%s has no %s:\n%s", p.path, selector, p.body)
	}
	return words(found[0])
}

func words(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// want fails unless the page has the status, is at the path and says the words.
func (p page) want(status int, path string, says ...string) page {
	p.t.Helper()
	if p.status != status || p.path != path {
		p.t.Fatalf("%d at %s, want %d at %s: %s", p.status, p.path, status, path, words(p.root))
	}
	all := words(p.root)
	for _, s := range says {
		if !strings.Contains(all, s) {
			p.t.Errorf("%s does not say %q: %s", p.path, s, all)
		}
	}
	return p
}
