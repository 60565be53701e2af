package httpx_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"huiyin/internal/errs"
	"huiyin/internal/httpx"
)

func TestStatus(t *testing.T) {
	for kind, want := range map[errs.Kind]int{
		errs.Internal: 500, errs.Invalid: 422, errs.Unauthenticated: 401, errs.Forbidden: 403, errs.NotFound: 404,
		errs.Conflict: 409, errs.Refused: 409, errs.TooLarge: 413, errs.TooMany: 429, errs.Unavailable: 503,
		errs.Kind(99): 500,
	} {
		if got := httpx.Status(kind); got != want {
			t.Errorf("kind %d: %d, want %d", kind, got, want)
		}
	}
}

func TestAdapt(t *testing.T) {
	limiter := httpx.NewLimiter(1, 90_000_000_000, 10, newClock().now)
	for _, c := range []struct {
		name   string
		h      httpx.Handler
		status int
		body   string
		retry  string
	}{
		{"no error", func(w http.ResponseWriter, _ *http.Request) error { w.WriteHeader(http.StatusCreated); return nil }, 201, "", ""},
		{"refused", func(http.ResponseWriter, *http.Request) error { return errs.E(errs.Refused, "matter.closed") }, 409, "matter.closed\n", ""},
		{"wrapped", func(http.ResponseWriter, *http.Request) error {
			return fmt.Errorf("at the edge: %w", errs.E(errs.NotFound, "matter.none"))
		}, 404, "matter.none\n", ""},
		{"not ours", func(http.ResponseWriter, *http.Request) error { return errors.New("x") }, 500, "internal\n", ""},
		{"too many", func(http.ResponseWriter, *http.Request) error {
			return errors.Join(limiter.Allow("a"), limiter.Allow("a"))
		}, 429, "http.wait_seconds\n", "90"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := get(t, httpx.Adapt(c.h, plain), "/")
			if got := text(t, r); r.StatusCode != c.status || got != c.body || r.Header.Get("Retry-After") != c.retry {
				t.Errorf("%d %q Retry-After %q", r.StatusCode, got, r.Header.Get("Retry-After"))
			}
		})
	}
}

func TestLimitBody(t *testing.T) {
	var length int
	readAll := func(_ http.ResponseWriter, r *http.Request) error {
		b, err := io.ReadAll(r.Body)
		length = len(b)
		return err
	}
	parse := func(_ http.ResponseWriter, r *http.Request) error { return r.ParseMultipartForm(1 << 10) }
	form := func(size int) (*bytes.Buffer, string) {
		var b bytes.Buffer
		m := multipart.NewWriter(&b)
		part, err := m.CreateFormFile("file", "a.pdf")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write(make([]byte, size)); err != nil {
			t.Fatal(err)
		}
		if err := m.Close(); err != nil {
			t.Fatal(err)
		}
		return &b, m.FormDataContentType()
	}
	limit := httpx.LimitBody(100)
	if r := do(t, limit(httpx.Adapt(readAll, plain)), "POST", "/", strings.NewReader(strings.Repeat("x", 100))); r.StatusCode != 200 || length != 100 {
		t.Errorf("at the limit: %d, %d bytes", r.StatusCode, length)
	}
	if r := do(t, limit(httpx.Adapt(readAll, plain)), "POST", "/", strings.NewReader(strings.Repeat("x", 101))); r.StatusCode != 413 {
		t.Errorf("over the limit: %d", r.StatusCode)
	}
	body, kind := form(2000)
	if r := do(t, limit(httpx.Adapt(parse, plain)), "POST", "/", body, "Content-Type", kind); r.StatusCode != 413 || text(t, r) != "http.body_too_large\n" {
		t.Errorf("a form over the limit: %d", r.StatusCode)
	}
	upload := func(w http.ResponseWriter, r *http.Request) error {
		if err := httpx.AllowUpload(w, r, 5000, newClock().now()); err != nil {
			return err
		}
		return parse(w, r)
	}
	for size, want := range map[int]int{2000: 200, 6000: 413} {
		body, kind := form(size)
		if r := do(t, limit(httpx.Adapt(upload, plain)), "POST", "/", body, "Content-Type", kind); r.StatusCode != want {
			t.Errorf("upload of %d: %d, want %d", size, r.StatusCode, want)
		}
	}
}

func TestLogError(t *testing.T) {
	for _, c := range []struct {
		err   error
		level string
	}{
		{errs.E(errs.Internal, "x.y").Because(errors.New("disk")), "ERROR"},
		{errors.New("x"), "ERROR"},
		{errs.E(errs.Unavailable, "x.y"), "ERROR"},
		{errs.E(errs.Refused, "x.y", "name", "张三"), "DEBUG"},
		{fmt.Errorf("read: %w", context.Canceled), "DEBUG"},
	} {
		var b bytes.Buffer
		httpx.LogError(t.Context(), logInto(&b), c.err)
		if got := b.String(); !strings.Contains(got, "level="+c.level) || !strings.Contains(got, "code="+errs.CodeOf(c.err)) || strings.Contains(got, "张三") {
			t.Errorf("%v logged as %s", c.err, got)
		}
	}
}

func TestIdempotencyKey(t *testing.T) {
	for _, c := range []struct {
		values []string
		want   httpx.IdempotencyKey
		ok     bool
	}{
		{nil, "", true},
		{[]string{"8e03978e-40d5-43dd-bc93-6894a57f9324"}, "8e03978e-40d5-43dd-bc93-6894a57f9324", true},
		{[]string{`"8e03978e-40d5"`}, "8e03978e-40d5", true},
		{[]string{"sender:2026.0001_a"}, "sender:2026.0001_a", true},
		{[]string{""}, "", false},
		{[]string{"short"}, "", false},
		{[]string{`"12345678`}, "", false},
		{[]string{"with space"}, "", false},
		{[]string{"编号编号编号编号"}, "", false},
		{[]string{strings.Repeat("a", 128)}, httpx.IdempotencyKey(strings.Repeat("a", 128)), true},
		{[]string{strings.Repeat("a", 129)}, "", false},
		{[]string{"12345678", "12345678"}, "", false},
	} {
		got, err := httpx.ParseIdempotencyKey(http.Header{httpx.IdempotencyHeader: c.values})
		if got != c.want || (err == nil) != c.ok || err != nil && errs.KindOf(err) != errs.Invalid {
			t.Errorf("%q: %q, %v", c.values, got, err)
		}
	}
}

func FuzzIdempotencyKey(f *testing.F) {
	f.Add(`"12345678"`)
	f.Add("\"\"\"\"\"\"\"\"\"\"")
	f.Fuzz(func(t *testing.T, value string) {
		key, err := httpx.ParseIdempotencyKey(http.Header{httpx.IdempotencyHeader: {value}})
		if err == nil && (len(key) < 8 || len(key) > 128 || strings.ContainsAny(string(key), "\" \r\n\x00") || !strings.Contains(value, string(key))) {
			t.Errorf("%q read as %q", value, key)
		}
	})
}
