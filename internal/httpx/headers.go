package httpx

import (
	"fmt"
	"net/http"

	"huiyin/internal/errs"
)

const (
	noStore = "no-store"

	// No 'unsafe-inline' anywhere: style attributes and inline scripts do not work, pages use classes and data attributes.
	contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
		"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

	transportPolicy = "max-age=31536000; includeSubDomains"
)

// SecurityHeaders sets, before the handler runs, what a browser must know to keep pages from harm. Every answer is
// private (Cache-Control: no-store) unless its handler says otherwise. Strict-Transport-Security is sent
// only when the reader came over TLS, to us or to a trusted proxy.
func SecurityHeaders(proxies Proxies) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			h := w.Header()
			h.Set("Content-Security-Policy", contentPolicy)
			h.Set("X-Content-Type-Options", "nosniff")
			h.Set("Referrer-Policy", "no-referrer")
			h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
			h.Set("Cross-Origin-Opener-Policy", "same-origin")
			h.Set("Cross-Origin-Resource-Policy", "same-origin")
			h.Set("Cache-Control", noStore)
			if proxies.HTTPS(r) {
				h.Set("Strict-Transport-Security", transportPolicy)
			}
			next.ServeHTTP(w, r)
		})
	}
}

// CrossOrigin refuses, with errs.Forbidden, writes that a browser sends from a page of another origin. trusted lists further
// origins that may write ("https://petition.example.gov.cn"), such as the one a proxy shows to the public.
func CrossOrigin(trusted []string, onError OnError) (func(http.Handler) http.Handler, error) {
	protection := http.NewCrossOriginProtection()
	for _, origin := range trusted {
		if err := protection.AddTrustedOrigin(origin); err != nil {
			return nil, fmt.Errorf("trusted origin: %w", err)
		}
	}
	protection.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		onError(w, r, errs.E(errs.Forbidden, "http.cross_origin"))
	}))
	return protection.Handler, nil
}
