package httpx_test

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"huiyin/internal/errs"
	"huiyin/internal/httpx"
)

func TestSecurityHeaders(t *testing.T) {
	proxies, err := httpx.ParseProxies([]string{"192.0.2.1"}) // where httptest's requests come from
	if err != nil {
		t.Fatal(err)
	}
	h := get(t, httpx.SecurityHeaders(httpx.Proxies{})(write("ok")), "/", "X-Forwarded-Proto", "https").Header
	for name, want := range map[string]string{
		"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin", "Cache-Control": "no-store", "Strict-Transport-Security": "",
	} {
		if got := h.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	policy := h.Get("Content-Security-Policy")
	for _, want := range []string{
		"default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'",
		"connect-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
	} {
		if !strings.Contains(policy+";", want+";") {
			t.Errorf("%q is missing in %q", want, policy)
		}
	}
	if strings.Contains(policy, "unsafe") {
		t.Error(policy)
	}
	for _, proto := range []string{"https", "http", ""} {
		got := get(t, httpx.SecurityHeaders(proxies)(write("ok")), "/", "X-Forwarded-Proto", proto).Header.Get("Strict-Transport-Security")
		if (got != "") != (proto == "https") {
			t.Errorf("trusted proxy says %q: %q", proto, got)
		}
	}
}

func TestCrossOrigin(t *testing.T) {
	guard, err := httpx.CrossOrigin([]string{"https://petition.example.gov.cn"}, plain)
	if err != nil {
		t.Fatal(err)
	}
	h := guard(write("ok"))
	for _, c := range []struct {
		name, method string
		header       []string
		status       int
	}{
		{"own page", "POST", []string{"Sec-Fetch-Site", "same-origin"}, 200},
		{"another site", "POST", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"another site, reading", "GET", []string{"Sec-Fetch-Site", "cross-site"}, 200},
		{"old browser, another site", "POST", []string{"Origin", "https://evil.example"}, 403},
		{"old browser, own page", "POST", []string{"Origin", "http://example.com"}, 200},
		{"trusted origin", "POST", []string{"Sec-Fetch-Site", "cross-site", "Origin", "https://petition.example.gov.cn"}, 200},
		{"a program", "POST", nil, 200},
	} {
		if r := do(t, h, c.method, "/", nil, c.header...); r.StatusCode != c.status {
			t.Errorf("%s: %d, want %d", c.name, r.StatusCode, c.status)
		}
	}
	if _, err := httpx.CrossOrigin([]string{"no origin"}, plain); err == nil {
		t.Error("an origin that is none was taken")
	}
}

func TestClientAddr(t *testing.T) {
	proxies, err := httpx.ParseProxies([]string{"10.0.0.0/8", "2001:db8::1"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, remote string
		forwarded    []string
		want         string
	}{
		{"direct", "203.0.113.5:1000", nil, "203.0.113.5"},
		{"direct, lying", "203.0.113.5:1000", []string{"198.51.100.1"}, "203.0.113.5"},
		{"by proxy", "10.1.2.3:1000", []string{"198.51.100.1"}, "198.51.100.1"},
		{"by proxy, lying", "10.1.2.3:1000", []string{"1.1.1.1, 198.51.100.1"}, "198.51.100.1"},
		{"by two proxies", "10.1.2.3:1000", []string{"1.1.1.1, 198.51.100.1, 10.9.9.9"}, "198.51.100.1"},
		{"two headers", "10.1.2.3:1000", []string{"1.1.1.1", "198.51.100.1"}, "198.51.100.1"},
		{"with port", "10.1.2.3:1000", []string{"198.51.100.1:4711"}, "198.51.100.1"},
		{"IPv6", "[2001:db8::1]:1000", []string{"[2001:db8::2]:7"}, "2001:db8::2"},
		{"mapped", "[::ffff:10.1.2.3]:1000", []string{"198.51.100.1"}, "198.51.100.1"},
		{"unreadable", "10.1.2.3:1000", []string{"198.51.100.1, unknown"}, "10.1.2.3"},
		{"empty", "10.1.2.3:1000", []string{""}, "10.1.2.3"},
		{"only proxies", "10.1.2.3:1000", []string{"10.4.4.4"}, "10.4.4.4"},
		{"no address", "@", nil, "invalid IP"},
	} {
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
		r.RemoteAddr = c.remote
		r.Header["X-Forwarded-For"] = c.forwarded
		if got := proxies.ClientAddr(r); got.String() != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	_, err = httpx.ParseProxies([]string{"10.0.0.1", "proxy.example"})
	wantCode(t, err, "http.proxy")
}

func TestHTTPS(t *testing.T) {
	r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
	r.TLS = &tls.ConnectionState{}
	if !(httpx.Proxies{}).HTTPS(r) {
		t.Error("a TLS connection counts as plain")
	}
}

func FuzzClientAddr(f *testing.F) {
	f.Add("10.0.0.1:1", "1.2.3.4, 10.0.0.2")
	f.Add("[::1]:1", "[::2%eth0]")
	proxies, err := httpx.ParseProxies([]string{"10.0.0.0/8"})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, remote, forwarded string) {
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
		r.RemoteAddr = remote
		direct := proxies.ClientAddr(r)
		r.Header.Set("X-Forwarded-For", forwarded)
		if got := proxies.ClientAddr(r); !strings.HasPrefix(direct.String(), "10.") && got != direct {
			t.Errorf("%s said it is %s", direct, got)
		}
		_ = httpx.NewAttempts(newClock().now).File(direct)
	})
}

func TestErrorKindOfCrossOrigin(t *testing.T) {
	var got error
	guard, err := httpx.CrossOrigin(nil, func(_ http.ResponseWriter, _ *http.Request, err error) { got = err })
	if err != nil {
		t.Fatal(err)
	}
	do(t, guard(write("ok")), "POST", "/", nil, "Sec-Fetch-Site", "cross-site")
	if wantCode(t, got, "http.cross_origin"); errs.KindOf(got) != errs.Forbidden {
		t.Errorf("kind %d", errs.KindOf(got))
	}
}
