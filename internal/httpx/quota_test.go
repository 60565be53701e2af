package httpx_test

import (
	"net/http"
	"testing"
	"time"

	"huiyin/internal/errs"
	"huiyin/internal/httpx"
)

func TestQuotas(t *testing.T) {
	now := time.Date(2026, 9, 28, 9, 0, 0, 0, time.UTC)
	q := httpx.NewQuotas(func() time.Time { return now })
	for i, tt := range []struct {
		key  string
		each int
		pass time.Duration
		want httpx.Quota
		ok   bool
	}{
		{"a", 2, 0, httpx.Quota{PerMinute: 2, Left: 1, Full: 30}, true},
		{"a", 2, 0, httpx.Quota{PerMinute: 2, Left: 0, Full: 60}, true},
		{"a", 2, 0, httpx.Quota{PerMinute: 2, Left: 0, Full: 60}, false},
		{"b", 2, 0, httpx.Quota{PerMinute: 2, Left: 1, Full: 30}, true}, // each key has its own
		{"a", 2, 30 * time.Second, httpx.Quota{PerMinute: 2, Left: 0, Full: 60}, true},
		{"a", 600, time.Second, httpx.Quota{PerMinute: 600, Left: 599, Full: 1}, true}, // a limit that was raised holds at once
		{"b", 1, time.Hour, httpx.Quota{PerMinute: 1, Left: 0, Full: 60}, true},
	} {
		now = now.Add(tt.pass)
		got, err := q.Take(tt.key, tt.each)
		if got != tt.want || (err == nil) != tt.ok || err != nil && errs.KindOf(err) != errs.TooMany {
			t.Errorf("%d: %+v, %v; want %+v, %v", i, got, err, tt.want, tt.ok)
		}
	}
	h := http.Header{}
	httpx.Quota{PerMinute: 600, Left: 599, Full: 1}.Write(h)
	if h.Get("RateLimit-Policy") != `"key";q=600;w=60` || h.Get("RateLimit") != `"key";r=599;t=1` {
		t.Errorf("headers: %v", h)
	}
}
