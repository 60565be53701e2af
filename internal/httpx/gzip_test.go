package httpx_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"huiyin/internal/httpx"
)

func TestGzip(t *testing.T) {
	large := strings.Repeat("信访事项", 1000)
	answer := func(kind string, header ...string) http.Handler {
		return httpx.Gzip(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if kind != "" {
				w.Header().Set("Content-Type", kind)
			}
			for i := 0; i+1 < len(header); i += 2 {
				w.Header().Set(header[i], header[i+1])
			}
			_, _ = io.WriteString(w, large)
		}))
	}
	for _, c := range []struct {
		name   string
		h      http.Handler
		accept string
		zipped bool
	}{
		{"page", answer("text/html; charset=utf-8"), "gzip, deflate, br", true},
		{"page without a type", answer(""), "gzip", true},
		{"JSON", answer("application/json"), "gzip", true},
		{"problem", answer("application/problem+json"), "gzip", true},
		{"SVG", answer("image/svg+xml"), "gzip", true},
		{"anything accepted", answer("text/plain"), "*", true},
		{"weighted", answer("text/plain"), "br;q=1, gzip;q=0.5", true},
		{"not accepted", answer("text/html"), "", false},
		{"refused", answer("text/html"), "gzip;q=0, *;q=1", false},
		{"refused otherwise", answer("text/html"), "gzip; q=0.000", false},
		{"another only", answer("text/html"), "br", false},
		{"picture", answer("image/png"), "gzip", false},
		{"events", answer("text/event-stream"), "gzip", false},
		{"encoded already", answer("text/css", "Content-Encoding", "br"), "gzip", false},
		{"small", httpx.Gzip(write("ok")), "gzip", false},
		{"small, said so", answer("text/plain", "Content-Length", "12"), "gzip", false},
		{"no transform", answer("text/plain", "Cache-Control", "public, no-transform"), "gzip", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := get(t, c.h, "/", "Accept-Encoding", c.accept)
			if zipped := r.Header.Get("Content-Encoding") == "gzip"; zipped != c.zipped {
				t.Fatalf("compressed: %v", zipped)
			}
			if r.Header.Get("Vary") != "Accept-Encoding" || r.Header.Get("Content-Type") == "" {
				t.Errorf("headers %v", r.Header)
			}
			got := text(t, r)
			if c.zipped {
				got = unzip(t, got)
			}
			if got != large && got != "ok" {
				t.Errorf("%d bytes arrived", len(got))
			}
		})
	}
}

func unzip(t interface{ Fatal(args ...any) }, s string) string {
	z, err := gzip.NewReader(strings.NewReader(s))
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestGzipStatus(t *testing.T) {
	for _, code := range []int{204, 304, 404} {
		h := httpx.Gzip(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }))
		if r := get(t, h, "/", "Accept-Encoding", "gzip"); r.StatusCode != code || r.Header.Get("Content-Encoding") != "" {
			t.Errorf("%d became %d %v", code, r.StatusCode, r.Header)
		}
	}
	h := httpx.Gzip(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Etag", `"abc"`)
		w.Header().Set("Content-Length", "5000")
		w.WriteHeader(http.StatusNotFound)
		_, _ = w.Write(bytes.Repeat([]byte("a"), 5000))
	}))
	r := get(t, h, "/", "Accept-Encoding", "gzip")
	if r.StatusCode != 404 || r.Header.Get("Etag") != `W/"abc"` || r.Header.Get("Content-Length") != "" || len(unzip(t, text(t, r))) != 5000 {
		t.Errorf("%d %v", r.StatusCode, r.Header)
	}
	for name, r := range map[string]*http.Response{
		"range": get(t, h, "/", "Accept-Encoding", "gzip", "Range", "bytes=0-9"),
		"HEAD":  do(t, h, http.MethodHead, "/", nil, "Accept-Encoding", "gzip"),
	} {
		if r.Header.Get("Content-Encoding") != "" || r.Header.Get("Etag") != `"abc"` {
			t.Errorf("%s: %v", name, r.Header)
		}
	}
}

// What a handler writes, in whatever pieces and with whatever flushes between, arrives.
func TestGzipPieces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		piece := rapid.Map(rapid.IntRange(0, 2000), func(n int) string { return strings.Repeat("信", n) })
		pieces := rapid.SliceOfN(piece, 0, 6).Draw(t, "pieces")
		flush := rapid.SliceOfN(rapid.Bool(), len(pieces), len(pieces)).Draw(t, "flush")
		h := httpx.Gzip(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/plain")
			for i, p := range pieces {
				if n, err := io.WriteString(w, p); n != len(p) || err != nil {
					t.Errorf("wrote %d of %d: %v", n, len(p), err)
				}
				if flush[i] {
					if err := http.NewResponseController(w).Flush(); err != nil {
						t.Error(err)
					}
				}
			}
		}))
		req := httptest.NewRequest(http.MethodGet, "/", nil)
		req.Header.Set("Accept-Encoding", "gzip")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, req)
		got := w.Body.String()
		if w.Header().Get("Content-Encoding") == "gzip" {
			got = unzip(t, got)
		}
		if want := strings.Join(pieces, ""); got != want {
			t.Errorf("%d bytes became %d", len(want), len(got))
		}
	})
}

func FuzzAcceptEncoding(f *testing.F) {
	f.Add("gzip;q=1, *;q=0")
	f.Add(",;,q=,gzip;q=NaN")
	f.Fuzz(func(t *testing.T, accept string) {
		r := get(t, httpx.Gzip(write(strings.Repeat("a", 3000))), "/", "Accept-Encoding", accept)
		got := text(t, r)
		if r.Header.Get("Content-Encoding") == "gzip" {
			if low := strings.ToLower(accept); !strings.Contains(low, "gzip") && !strings.Contains(low, "*") {
				t.Errorf("%q was taken for gzip", accept)
			}
			got = unzip(t, got)
		}
		if len(got) != 3000 {
			t.Errorf("%d bytes", len(got))
		}
	})
}
