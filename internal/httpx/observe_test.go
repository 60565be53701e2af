package httpx_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"huiyin/internal/httpx"
)

type seenKey struct{}

// TestObserve: the observer learns the route's pattern and how each request ended, a panic's too, and the handler runs in its context.
func TestObserve(t *testing.T) {
	type seen struct {
		Method, Route, Parent string
		Status                int
		Took                  time.Duration
	}
	var got []seen
	c := newClock()
	mux := http.NewServeMux()
	mux.HandleFunc("POST /track/{code}", func(w http.ResponseWriter, r *http.Request) {
		c.move(25 * time.Millisecond)
		if id, _ := r.Context().Value(seenKey{}).(string); id == "" || id != httpx.RequestID(r.Context()) {
			t.Errorf("the observer's context is not the handler's: %q", id)
		}
		w.WriteHeader(http.StatusAccepted)
	})
	mux.HandleFunc("GET /panic", func(http.ResponseWriter, *http.Request) { panic("x") })
	h := httpx.Trace(logInto(new(bytes.Buffer)), rand.Reader, c.now, plain,
		func(ctx context.Context, start time.Time, method, id string, header http.Header) (context.Context, httpx.Answered) {
			return context.WithValue(ctx, seenKey{}, id), func(route string, status int, end time.Time) {
				got = append(got, seen{method, route, header.Get("Traceparent"), status, end.Sub(start)})
			}
		})(withCopy(httpx.Routes(mux)))
	do(t, h, "POST", "/track/SECRETCODE", nil, "traceparent", "00-a")
	get(t, h, "/panic")
	do(t, h, "ZHANGSAN", "/nowhere", nil)
	if d := cmp.Diff([]seen{
		{"POST", "POST /track/{code}", "00-a", 202, 25 * time.Millisecond}, {"GET", "GET /panic", "", 500, 0}, {"OTHER", "", "", 404, 0},
	}, got); d != "" {
		t.Error(d)
	}
}
