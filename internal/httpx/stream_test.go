package httpx_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"huiyin/internal/httpx"
)

// A stream sends each event at once, in lines as the format wants them, and outlives the deadlines of an ordinary answer.
func TestStream(t *testing.T) {
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s, err := httpx.NewStream(w, time.Now().Add(time.Minute))
		if err != nil {
			t.Error(err)
			return
		}
		if err := s.Send("screen", "one\ntwo"); err != nil {
			t.Error(err)
		}
		<-r.Context().Done()
	}))
	srv.Start()
	defer srv.Close()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := srv.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	const want = "retry: 2000\n\nevent: screen\ndata: one\ndata: two\n\n"
	got := make([]byte, len(want))
	if _, err := io.ReadFull(answer.Body, got); err != nil || string(got) != want || answer.Header.Get("Content-Type") != "text/event-stream" {
		t.Errorf("%q, %v, %v", got, err, answer.Header)
	}
}
