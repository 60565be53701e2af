package httpx_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"huiyin/internal/errs"
	"huiyin/internal/httpx"
)

// clock is a clock that a test moves.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2026, 9, 28, 1, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// plain answers an error with its status and code.
func plain(w http.ResponseWriter, _ *http.Request, err error) {
	http.Error(w, errs.CodeOf(err), httpx.Status(errs.KindOf(err)))
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	if err == nil || errs.CodeOf(err) != code {
		t.Errorf("got %v, want %s", err, code)
	}
}

func get(t *testing.T, h http.Handler, target string, header ...string) *http.Response {
	t.Helper()
	return do(t, h, http.MethodGet, target, nil, header...)
}

func do(t *testing.T, h http.Handler, method, target string, body io.Reader, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, target, body)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func text(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func logInto(b *bytes.Buffer) *slog.Logger {
	return slog.New(slog.NewTextHandler(b, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

func write(s string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, s) }
}

// rows keeps sessions in memory, as the store's table does.
type rows struct {
	mu      sync.Mutex
	data    map[string][]byte
	commits int
	finds   int
	fail    error
}

func newRows() *rows { return &rows{data: map[string][]byte{}} }

func (r *rows) Find(_ context.Context, hash []byte) ([]byte, bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.finds++
	b, ok := r.data[string(hash)]
	return b, ok, nil
}

func (r *rows) Commit(_ context.Context, hash, data []byte, _ time.Time) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.fail != nil {
		return r.fail
	}
	r.commits++
	r.data[string(hash)] = bytes.Clone(data)
	return nil
}

func (r *rows) Delete(_ context.Context, hash []byte) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.data, string(hash))
	return nil
}
