package httpx

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"

	"huiyin/internal/i18n"
)

const (
	cookieName   = "huiyin"
	hostPrefix   = "__Host-" // browsers keep such a cookie to this very host, over TLS only
	langCookie   = "lang"
	langLifetime = 365 * 24 * time.Hour

	// touchEvery is how coarse the time of last use is: reading pages must not write a row each time.
	touchEvery = time.Minute

	keyBorn    = "born" // microseconds UTC of the last change of rights
	keySeen    = "seen" // microseconds UTC of last use, to within touchEvery
	keyStaff   = "staff"
	keyCitizen = "citizen"
	keyFlash   = "flash"

	// maxFlashes bounds what collects when nobody looks at a page.
	maxFlashes = 8
)

// SessionConfig says how sessions behave.
type SessionConfig struct {
	Secure   bool          // the public address is https: the cookie is sent over TLS only
	Idle     time.Duration // a session unused for so long ends
	Absolute time.Duration // a session ends so long after signing in, used or not
}

// Staff is who is signed in: a user acting under one duty.
type Staff struct {
	UserID int64 `json:"user_id"`
	DutyID int64 `json:"duty_id"`
}

// Citizen is a submission that was opened by code and PIN, or by the link of a notice and PIN.
type Citizen struct {
	Home         int64  `json:"home"`
	SubmissionID int64  `json:"submission_id"`
	Link         string `json:"link,omitempty"` // the notice of a document by whose link
}

// Flash is a message to be shown once, on the next page.
type Flash struct {
	Kind string            `json:"kind"` // "ok", "info" or "error"
	Code string            `json:"code"` // key of the text in the message catalogue
	Args map[string]string `json:"args,omitempty"`
}

// Sessions are kept by the server; the browser holds a random token only, the store a hash of it. A session may hold a
// member of staff and an opened submission at the same time. Readers who do neither have no session.
type Sessions struct {
	scs     *scs.SessionManager
	config  SessionConfig
	now     func() time.Time
	onError OnError
}

// NewSessions makes sessions over the rows of a store.
func NewSessions(rows SessionRows, config SessionConfig, now func() time.Time, onError OnError) *Sessions {
	m := scs.New()
	m.Store = sessionStore{rows: rows}
	m.Codec = sessionCodec{}
	m.Lifetime = config.Absolute
	m.Cookie.Name = cookieName
	if config.Secure {
		m.Cookie.Name = hostPrefix + cookieName
		m.Cookie.Secure = true
	}
	m.Cookie.SameSite = http.SameSiteLaxMode
	m.Cookie.HttpOnly = true
	m.Cookie.Persist = false // closing the browser on a public terminal ends it
	return &Sessions{scs: m, config: config, now: now, onError: onError}
}

// Load is the middleware that loads the session before the handler runs and keeps its changes when the answer begins. When they
// cannot be kept, the reader gets that error instead of the answer.
func (s *Sessions) Load(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Cookie")
		var token string
		if cookie, err := r.Cookie(s.scs.Cookie.Name); err == nil {
			token = cookie.Value
		}
		ctx, err := s.scs.Load(r.Context(), token)
		if err == nil {
			err = s.use(ctx)
		}
		if err != nil {
			fail(w, r, fmt.Errorf("load the session: %w", err), s.onError)
			return
		}
		r = r.WithContext(ctx)
		sw := &sessionWriter{ResponseWriter: w, request: r, sessions: s}
		next.ServeHTTP(sw, r)
		sw.keep() //nolint:contextcheck // the writer holds the request and so its context
	})
}

// use ends a session that is too old, and notes that one is in use.
func (s *Sessions) use(ctx context.Context) error {
	if !s.scs.Exists(ctx, keySeen) {
		return nil
	}
	now := s.now()
	seen, born := s.instant(ctx, keySeen), s.instant(ctx, keyBorn)
	if now.Sub(seen) >= s.config.Idle || now.Sub(born) >= s.config.Absolute {
		return s.scs.Destroy(ctx)
	}
	if now.Sub(seen) >= touchEvery {
		s.mark(ctx, keySeen)
	}
	return nil
}

func (s *Sessions) mark(ctx context.Context, key string) {
	s.scs.Put(ctx, key, strconv.FormatInt(s.now().UnixMicro(), 10))
}

// instant reads a mark; one that cannot be read is so old that the session ends.
func (s *Sessions) instant(ctx context.Context, key string) time.Time {
	us, err := strconv.ParseInt(s.scs.GetString(ctx, key), 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMicro(us)
}

func (s *Sessions) put(ctx context.Context, key string, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("put %s into the session: %w", key, err)
	}
	s.scs.Put(ctx, key, string(text))
	s.mark(ctx, keySeen)
	if !s.scs.Exists(ctx, keyBorn) {
		s.mark(ctx, keyBorn)
	}
	return nil
}

func read[T any](ctx context.Context, s *Sessions, key string) (T, bool) {
	var v T
	if err := json.Unmarshal([]byte(s.scs.GetString(ctx, key)), &v); err != nil {
		return v, false // absent, or written by another version of the program
	}
	return v, true
}

// Renew gives the session a new token and a new lifetime. Call it whenever rights change, so that a token which somebody else
// planted or saw before is worth nothing; PutStaff and PutCitizen do.
func (s *Sessions) Renew(ctx context.Context) error {
	if err := s.scs.RenewToken(ctx); err != nil {
		return fmt.Errorf("renew the session: %w", err)
	}
	s.mark(ctx, keyBorn)
	s.mark(ctx, keySeen)
	return nil
}

// PutStaff signs a user in, or changes the duty under which he acts.
func (s *Sessions) PutStaff(ctx context.Context, staff Staff) error {
	if err := s.Renew(ctx); err != nil {
		return err
	}
	return s.put(ctx, keyStaff, staff)
}

// Staff is who is signed in, if anyone. Whether user and duty still hold is for the use case to ask.
func (s *Sessions) Staff(ctx context.Context) (Staff, bool) { return read[Staff](ctx, s, keyStaff) }

// PutCitizen opens a submission whose code and PIN were right.
func (s *Sessions) PutCitizen(ctx context.Context, citizen Citizen) error {
	if err := s.Renew(ctx); err != nil {
		return err
	}
	return s.put(ctx, keyCitizen, citizen)
}

// Citizen is the submission that is open, if any.
func (s *Sessions) Citizen(ctx context.Context) (Citizen, bool) {
	return read[Citizen](ctx, s, keyCitizen)
}

// CloseCitizen closes the submission that is open and leaves a member of staff signed in.
func (s *Sessions) CloseCitizen(ctx context.Context) { s.scs.Remove(ctx, keyCitizen) }

// End signs out and forgets everything in the session.
func (s *Sessions) End(ctx context.Context) error {
	if err := s.scs.Destroy(ctx); err != nil {
		return fmt.Errorf("end the session: %w", err)
	}
	return nil
}

// Flash keeps a message for the next page.
func (s *Sessions) Flash(ctx context.Context, flash Flash) error {
	all, _ := read[[]Flash](ctx, s, keyFlash)
	all = append(all, flash)
	return s.put(ctx, keyFlash, all[max(0, len(all)-maxFlashes):])
}

// Flashes takes the messages to show now, the oldest first.
func (s *Sessions) Flashes(ctx context.Context) []Flash {
	all, ok := read[[]Flash](ctx, s, keyFlash)
	if ok {
		s.scs.Remove(ctx, keyFlash)
	}
	return all
}

// Lang is the language of the answer: what the reader chose, else what the browser asks for.
func (s *Sessions) Lang(r *http.Request) i18n.Lang {
	if cookie, err := r.Cookie(langCookie); err == nil && slices.Contains(i18n.Langs(), i18n.Lang(cookie.Value)) {
		return i18n.Lang(cookie.Value)
	}
	return i18n.Match(strings.Join(r.Header.Values("Accept-Language"), ","))
}

// SetLang keeps the reader's choice of language for a year; a language that does not exist changes nothing.
func (s *Sessions) SetLang(w http.ResponseWriter, lang i18n.Lang) {
	if !slices.Contains(i18n.Langs(), lang) {
		return
	}
	http.SetCookie(w, &http.Cookie{ //nolint:gosec // Secure by configuration: plain http where a machine serves itself alone
		Name: langCookie, Value: string(lang), Path: "/", MaxAge: int(langLifetime / time.Second),
		Secure: s.config.Secure, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

// sessionWriter keeps the session's changes before the first byte of the answer.
type sessionWriter struct {
	http.ResponseWriter
	request  *http.Request
	sessions *Sessions
	kept     bool
	err      error // why the changes could not be kept; the reader was told
}

func (w *sessionWriter) keep() {
	if w.kept {
		return
	}
	w.kept = true
	ctx, m := w.request.Context(), w.sessions.scs
	switch m.Status(ctx) {
	case scs.Modified:
		token, expiry, err := m.Commit(ctx)
		if err != nil {
			w.err = fmt.Errorf("keep the session: %w", err)
			fail(w.ResponseWriter, w.request, w.err, w.sessions.onError)
			return
		}
		m.WriteSessionCookie(ctx, w.ResponseWriter, token, expiry)
	case scs.Destroyed:
		m.WriteSessionCookie(ctx, w.ResponseWriter, "", time.Time{})
	case scs.Unmodified:
	}
}

func (w *sessionWriter) WriteHeader(code int) {
	if code >= http.StatusOK {
		w.keep()
	}
	if w.err == nil {
		w.ResponseWriter.WriteHeader(code)
	}
}

func (w *sessionWriter) Write(b []byte) (int, error) {
	if w.keep(); w.err != nil {
		return 0, w.err
	}
	return w.ResponseWriter.Write(b)
}

// FlushError sends what is buffered.
func (w *sessionWriter) FlushError() error {
	if w.keep(); w.err != nil {
		return w.err
	}
	return http.NewResponseController(w.ResponseWriter).Flush()
}

func (w *sessionWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
