package app_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"huiyin/internal/app"
)

// A server that is told to stop says at once that nothing more should be sent to it, finishes, and closes its data without an error.
func TestStopping(t *testing.T) {
	a, err := app.Open(t.Context(), app.Config{Data: t.TempDir(), Listen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	h, err := a.Handler()
	if err != nil {
		t.Fatal(err)
	}
	ready := func() int {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/readyz", http.NoBody))
		return w.Code
	}
	if got := ready(); got != http.StatusNoContent {
		t.Errorf("before: %d", got)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	if err := a.Serve(ctx, func(string) { stop() }); err != nil {
		t.Error(err)
	}
	if got := ready(); got != http.StatusServiceUnavailable {
		t.Errorf("after: %d", got)
	}
	if err := a.Close(); err != nil {
		t.Error(err)
	}
}
