package app

import (
	"net/http/httptest"
	"strings"
	"testing"
)

// TestMetricsNameRoutesOnly: what is measured carries the route's pattern, never what stood in the address.
func TestMetricsNameRoutesOnly(t *testing.T) {
	a, err := Open(t.Context(), Config{Data: t.TempDir(), Metrics: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	h, err := a.Handler()
	if err != nil {
		t.Fatal(err)
	}
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/track?code=4K7Q7H3M92KQ", nil))
	answer := httptest.NewRecorder()
	a.metrics.handler().ServeHTTP(answer, httptest.NewRequest("GET", "/metrics", nil))
	text := answer.Body.String()
	for _, want := range []string{`route="GET /track"`, `huiyin_statement_seconds_count{statement="`} {
		if !strings.Contains(text, want) {
			t.Errorf("the metrics lack %s", want)
		}
	}
	if strings.Contains(text, "4K7Q7H3M92KQ") {
		t.Error("a query code is in the metrics")
	}
	public := httptest.NewRecorder()
	h.ServeHTTP(public, httptest.NewRequest("GET", "/metrics", nil))
	if public.Code != 404 && public.Code != 303 {
		t.Errorf("the public address answers /metrics with %d", public.Code)
	}
}
