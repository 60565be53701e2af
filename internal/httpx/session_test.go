package httpx_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"huiyin/internal/httpx"
	"huiyin/internal/i18n"
)

// browser sends requests to a handler and keeps cookies as a browser does.
type browser struct {
	t    *testing.T
	h    http.Handler
	jar  http.CookieJar
	site *url.URL
}

func newBrowser(t *testing.T, h http.Handler) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t: t, h: h, jar: jar, site: &url.URL{Scheme: "https", Host: "example.com", Path: "/"}}
}

func (b *browser) get(path string) *http.Response {
	b.t.Helper()
	r := httptest.NewRequestWithContext(b.t.Context(), http.MethodGet, path, nil)
	for _, c := range b.jar.Cookies(b.site) {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	b.h.ServeHTTP(w, r)
	b.jar.SetCookies(b.site, w.Result().Cookies())
	return w.Result()
}

func (b *browser) body(path string) string {
	b.t.Helper()
	return text(b.t, b.get(path))
}

func (b *browser) token() string {
	for _, c := range b.jar.Cookies(b.site) {
		if strings.HasSuffix(c.Name, "huiyin") {
			return c.Value
		}
	}
	return ""
}

// site is a small application over sessions.
func site(rows *rows, c *clock, config httpx.SessionConfig) http.Handler {
	s := httpx.NewSessions(rows, config, c.now, plain)
	mux := http.NewServeMux()
	handle := func(path string, h httpx.Handler) { mux.Handle(path, httpx.Adapt(h, plain)) }
	handle("/who", func(w http.ResponseWriter, r *http.Request) error {
		staff, isStaff := s.Staff(r.Context())
		citizen, isCitizen := s.Citizen(r.Context())
		_, err := fmt.Fprint(w, staff, isStaff, citizen, isCitizen)
		return err
	})
	handle("/in", func(_ http.ResponseWriter, r *http.Request) error {
		return s.PutStaff(r.Context(), httpx.Staff{UserID: 1 << 60, DutyID: 2})
	})
	handle("/duty", func(_ http.ResponseWriter, r *http.Request) error {
		return s.PutStaff(r.Context(), httpx.Staff{UserID: 1 << 60, DutyID: 3})
	})
	handle("/open", func(_ http.ResponseWriter, r *http.Request) error {
		return s.PutCitizen(r.Context(), httpx.Citizen{Home: 350102, SubmissionID: 7})
	})
	handle("/close", func(_ http.ResponseWriter, r *http.Request) error {
		s.CloseCitizen(r.Context())
		return nil
	})
	handle("/out", func(_ http.ResponseWriter, r *http.Request) error { return s.End(r.Context()) })
	handle("/say", func(_ http.ResponseWriter, r *http.Request) error {
		return s.Flash(r.Context(), httpx.Flash{Kind: "ok", Code: "matter.filed", Args: map[string]string{"n": r.URL.RawQuery}})
	})
	handle("/hear", func(w http.ResponseWriter, r *http.Request) error {
		_, err := fmt.Fprint(w, s.Flashes(r.Context()))
		return err
	})
	handle("/stream", func(w http.ResponseWriter, r *http.Request) error {
		if err := s.PutCitizen(r.Context(), httpx.Citizen{Home: 1, SubmissionID: 1}); err != nil {
			return err
		}
		return http.NewResponseController(w).Flush()
	})
	return s.Load(mux)
}

const (
	nobody    = "{0 0} false {0 0 } false"
	staffOnly = "{1152921504606846976 2} true {0 0 } false"
)

func config() httpx.SessionConfig {
	return httpx.SessionConfig{Secure: true, Idle: 30 * time.Minute, Absolute: 12 * time.Hour}
}

func TestSessionLife(t *testing.T) {
	store, c := newRows(), newClock()
	b := newBrowser(t, site(store, c, config()))
	if got := b.body("/who"); got != nobody || store.finds != 0 || len(store.data) != 0 || b.token() != "" {
		t.Fatalf("a mere reader: %q, %d finds, %d rows", got, store.finds, len(store.data))
	}
	in := b.get("/in")
	cookie := in.Cookies()[0]
	if cookie.Name != "__Host-huiyin" || !cookie.Secure || !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode ||
		cookie.Path != "/" || cookie.Domain != "" || cookie.MaxAge != 0 || !cookie.Expires.IsZero() {
		t.Errorf("cookie %v", cookie)
	}
	if got := b.body("/who"); got != staffOnly {
		t.Errorf("signed in: %q", got)
	}
	sum := sha256.Sum256([]byte(b.token()))
	if _, ok := store.data[string(sum[:])]; !ok || len(store.data) != 1 {
		t.Error("the row is not under the hash of the token")
	}
	for key, data := range store.data {
		if strings.Contains(key+string(data), b.token()) {
			t.Error("the store holds the token")
		}
	}
	first := b.token()
	b.get("/open")
	if got := b.body("/who"); got != "{1152921504606846976 2} true {350102 7 } true" {
		t.Errorf("both: %q", got)
	}
	b.get("/close")
	b.get("/duty")
	if got := b.body("/who"); got != "{1152921504606846976 3} true {0 0 } false" {
		t.Errorf("another duty: %q", got)
	}
	if b.token() == first || len(store.data) != 1 {
		t.Errorf("the token stayed when rights changed, or an old row did: %d rows", len(store.data))
	}
	last := b.token()
	b.get("/out")
	if got := b.body("/who"); got != nobody || b.token() != "" || len(store.data) != 0 {
		t.Errorf("signed out: %q, cookie %q, %d rows", got, b.token(), len(store.data))
	}
	b.jar.SetCookies(b.site, []*http.Cookie{{Name: "__Host-huiyin", Value: last, Path: "/", Secure: true}})
	if got := b.body("/who"); got != nobody {
		t.Errorf("a token from before signing out: %q", got)
	}
}

// A token that somebody planted in the browser before signing in is worth nothing afterwards.
func TestSessionFixation(t *testing.T) {
	store, c := newRows(), newClock()
	h := site(store, c, config())
	thief := newBrowser(t, h)
	thief.get("/say")
	planted := thief.token()
	victim := newBrowser(t, h)
	victim.jar.SetCookies(victim.site, []*http.Cookie{{Name: "__Host-huiyin", Value: planted, Path: "/", Secure: true}})
	victim.get("/in")
	if got := thief.body("/who"); planted == "" || got != nobody {
		t.Errorf("the thief is %q", got)
	}
	if got := victim.body("/who"); got != staffOnly {
		t.Errorf("the victim is %q", got)
	}
}

func TestSessionEnds(t *testing.T) {
	for _, c := range []struct {
		name  string
		pause time.Duration
		times int
		want  string
	}{
		{"in use", 29 * time.Minute, 20, staffOnly},
		{"idle", 31 * time.Minute, 1, nobody},
		{"too old", 29 * time.Minute, 25, nobody},
		{"steps shorter than a touch", 50 * time.Second, 60, staffOnly},
	} {
		store, clk := newRows(), newClock()
		b := newBrowser(t, site(store, clk, config()))
		b.get("/in")
		var got string
		for range c.times {
			clk.move(c.pause)
			got = b.body("/who")
		}
		if got != c.want || (got == nobody) != (len(store.data) == 0) {
			t.Errorf("%s: %q, %d rows", c.name, got, len(store.data))
		}
	}
}

// Reading pages writes at most one row a minute.
func TestSessionWritesSeldom(t *testing.T) {
	store, c := newRows(), newClock()
	b := newBrowser(t, site(store, c, config()))
	b.get("/in")
	before := store.commits
	for range 60 {
		c.move(3 * time.Second)
		if got := b.get("/who"); got.Header.Get("Set-Cookie") != "" && store.commits == before {
			t.Error("a cookie without a change")
		}
	}
	if n := store.commits - before; n != 3 {
		t.Errorf("%d writes in three minutes", n)
	}
}

func TestSessionRows(t *testing.T) {
	store, c := newRows(), newClock()
	b := newBrowser(t, site(store, c, config()))
	b.get("/in")
	for key := range store.data {
		store.data[key] = []byte("\x0e\xff\x81 written otherwise")
	}
	if r := b.get("/who"); r.StatusCode != 200 || text(t, r) != nobody {
		t.Errorf("a row that cannot be read: %d", r.StatusCode)
	}
	finds := store.finds
	for _, odd := range []string{"x", strings.Repeat("a", 44), strings.Repeat("%", 43)} {
		b.jar.SetCookies(b.site, []*http.Cookie{{Name: "__Host-huiyin", Value: odd, Path: "/", Secure: true}})
		if got := b.body("/who"); got != nobody {
			t.Errorf("%q is %q", odd, got)
		}
	}
	if store.finds != finds {
		t.Error("the store was asked for what cannot be a token")
	}
}

// When a session cannot be kept, the reader gets the error and nothing of the page.
func TestSessionNotKept(t *testing.T) {
	store, c := newRows(), newClock()
	store.fail = errors.New("disk full")
	s := httpx.NewSessions(store, config(), c.now, plain)
	h := s.Load(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := s.PutStaff(r.Context(), httpx.Staff{UserID: 1, DutyID: 1}); err != nil {
			t.Error(err)
		}
		w.WriteHeader(http.StatusOK)
		if _, err := io.WriteString(w, "welcome"); err == nil {
			t.Error("the handler was told that its page went out")
		}
	}))
	if r := get(t, h, "/"); r.StatusCode != 500 || text(t, r) != "internal\n" || r.Header.Get("Set-Cookie") != "" {
		t.Errorf("status %d, %v", r.StatusCode, r.Header)
	}
}

func TestSessionBeforeStream(t *testing.T) {
	b := newBrowser(t, site(newRows(), newClock(), config()))
	if b.get("/stream"); b.token() == "" {
		t.Error("flushing came before the cookie")
	}
}

func TestFlash(t *testing.T) {
	b := newBrowser(t, site(newRows(), newClock(), config()))
	b.get("/say?1")
	b.get("/say?2")
	if got := b.body("/hear"); got != "[{ok matter.filed map[n:1]} {ok matter.filed map[n:2]}]" {
		t.Errorf("got %s", got)
	}
	if got := b.body("/hear"); got != "[]" {
		t.Errorf("heard twice: %s", got)
	}
	for i := range 20 {
		b.get(fmt.Sprintf("/say?%d", i))
	}
	if got := strings.Count(b.body("/hear"), "ok"); got != 8 {
		t.Errorf("%d messages were kept", got)
	}
}

func TestPlainHTTP(t *testing.T) {
	h := site(newRows(), newClock(), httpx.SessionConfig{Idle: time.Hour, Absolute: time.Hour})
	if c := get(t, h, "/in").Cookies()[0]; c.Name != "huiyin" || c.Secure {
		t.Errorf("cookie %v", c)
	}
}

func TestLang(t *testing.T) {
	s := httpx.NewSessions(newRows(), config(), newClock().now, plain)
	for _, c := range []struct {
		cookie, accept string
		want           i18n.Lang
	}{
		{"", "", i18n.Zh},
		{"", "en-GB,en;q=0.9", i18n.En},
		{"", "zh-CN,zh;q=0.9,en;q=0.8", i18n.Zh},
		{"", "fr", i18n.Zh},
		{"en", "zh-CN", i18n.En},
		{"zh", "en", i18n.Zh},
		{"xx", "en", i18n.En},
	} {
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
		r.Header.Set("Accept-Language", c.accept)
		if c.cookie != "" {
			r.AddCookie(&http.Cookie{Name: "lang", Value: c.cookie})
		}
		if got := s.Lang(r); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
	w := httptest.NewRecorder()
	s.SetLang(w, i18n.En)
	s.SetLang(w, "xx")
	var got []string
	for _, c := range w.Result().Cookies() {
		got = append(got, c.Name+"="+c.Value)
		if !c.Secure || !c.HttpOnly || c.MaxAge < 86400 {
			t.Errorf("cookie %v", c)
		}
	}
	if diff := cmp.Diff([]string{"lang=en"}, got); diff != "" {
		t.Error(diff)
	}
}
