package httpx

import (
	"net/http"
	"time"
)

// Observe tells fn of each request once it is answered: its method, the pattern of its route (never its address), its status and how long it
// took. It stands inside [Trace], which knows the route. fn must be fast and safe for concurrent use.
func Observe(now func() time.Time, fn func(method, route string, status int, took time.Duration)) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			start := now()
			rec := &recorder{ResponseWriter: w}
			next.ServeHTTP(rec, r)
			route := ""
			if t, ok := r.Context().Value(traceKey{}).(*trace); ok {
				route = t.route
			}
			fn(method(r), route, rec.status(), now().Sub(start))
		})
	}
}
