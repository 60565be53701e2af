package httpx_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"huiyin/internal/httpx"
)

func TestTraceLog(t *testing.T) {
	var log bytes.Buffer
	c := newClock()
	mux := http.NewServeMux()
	mux.HandleFunc("POST /track/{code}", func(w http.ResponseWriter, r *http.Request) {
		c.move(25 * time.Millisecond)
		w.WriteHeader(http.StatusAccepted)
		_, _ = io.WriteString(w, "received by "+httpx.RequestID(r.Context()))
	})
	h := httpx.Trace(logInto(&log), rand.Reader, c.now, plain, nil)(withCopy(httpx.Routes(mux)))
	r := do(t, h, "POST", "/track/SECRETCODE?name=zhangsan", strings.NewReader("pin=123456"), "Referer", "http://x/?idnumber")
	id := r.Header.Get("X-Request-Id")
	if body := text(t, r); len(id) != 24 || body != "received by "+id {
		t.Errorf("id %q, body %q", id, body)
	}
	got := log.String()
	for _, want := range []string{"method=POST", `route="POST /track/{code}"`, "status=202", "bytes=36", "ms=25", "request_id=" + id} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is missing in %s", want, got)
		}
	}
	for _, secret := range []string{"SECRETCODE", "zhangsan", "123456", "idnumber"} {
		if strings.Contains(got, secret) {
			t.Errorf("%s is in the log: %s", secret, got)
		}
	}
}

// withCopy stands for a middleware that passes on a copy of the request, as sessions do.
func withCopy(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(w, r.Clone(r.Context())) })
}

func TestRequestID(t *testing.T) {
	h := httpx.Trace(logInto(new(bytes.Buffer)), rand.Reader, newClock().now, plain, nil)(write("ok"))
	for inbound, keep := range map[string]bool{
		"0123456789abcdef": true, "8e03978e-40d5-43dd-bc93-6894a57f9324": true, "": false, "short": false,
		"a b c d e f g h": false, "id\nlevel=ERROR": false, "编号编号编号": false, strings.Repeat("a", 65): false,
	} {
		got := get(t, h, "/", "X-Request-Id", inbound).Header.Get("X-Request-Id")
		if (got == inbound) != keep || got == "" {
			t.Errorf("%q became %q", inbound, got)
		}
	}
	twice := get(t, h, "/", "X-Request-Id", "aaaaaaaaaa", "X-Request-Id", "bbbbbbbbbb").Header.Get("X-Request-Id")
	if twice == "aaaaaaaaaa" || twice == "bbbbbbbbbb" {
		t.Errorf("one of two ids was taken: %s", twice)
	}
	if got := httpx.RequestID(t.Context()); got != "" {
		t.Errorf("outside of a request: %q", got)
	}
}

type noRandom struct{}

func (noRandom) Read([]byte) (int, error) { return 0, errors.New("no randomness") }

func TestNoRandomness(t *testing.T) {
	h := httpx.Trace(logInto(new(bytes.Buffer)), noRandom{}, newClock().now, plain, nil)(write("ok"))
	if r := get(t, h, "/"); r.StatusCode != 500 || text(t, r) != "internal\n" {
		t.Errorf("status %d", r.StatusCode)
	}
}

func TestOddMethod(t *testing.T) {
	var log bytes.Buffer
	do(t, httpx.Trace(logInto(&log), rand.Reader, newClock().now, plain, nil)(write("ok")), "ZHANGSAN", "/", nil)
	if got := log.String(); !strings.Contains(got, "method=OTHER") || strings.Contains(got, "ZHANGSAN") {
		t.Error(got)
	}
}

func TestPanic(t *testing.T) {
	var log bytes.Buffer
	h := httpx.Trace(logInto(&log), rand.Reader, newClock().now, plain, nil)(httpx.Gzip(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "5000")
		w.Header().Set("Cache-Control", "public")
		_, _ = io.WriteString(w, "a page that was begun")
		panic("李四 350102")
	})))
	r := get(t, h, "/", "Accept-Encoding", "gzip")
	if body := text(t, r); r.StatusCode != 500 || body != "internal\n" || r.Header.Get("X-Request-Id") == "" || r.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%d %q %v", r.StatusCode, body, r.Header)
	}
	got := log.String()
	if !strings.Contains(got, "status=500") || !strings.Contains(got, "trace_test.go") || strings.Contains(got, "李四") {
		t.Errorf("log: %s", got)
	}
}

// When a part of the answer is already out, the connection is cut.
func TestPanicAfterTheStart(t *testing.T) {
	for name, cause := range map[string]any{"panic": "x", "abort": http.ErrAbortHandler} {
		srv := httptest.NewServer(httpx.Trace(logInto(new(bytes.Buffer)), rand.Reader, newClock().now, plain, nil)(
			http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				_, _ = io.WriteString(w, "half")
				if err := http.NewResponseController(w).Flush(); err != nil {
					t.Error(err)
				}
				panic(cause)
			})))
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		r, err := srv.Client().Do(req)
		if err == nil {
			_, err = io.ReadAll(r.Body)
			r.Body.Close()
		}
		if err == nil {
			t.Errorf("%s: the reader took half an answer for a whole one", name)
		}
		srv.Close()
	}
}
