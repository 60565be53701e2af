package app_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
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
	if a.Office.Busy() {
		t.Error("a monitor is taken for somebody")
	}
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", http.NoBody))
	if !a.Office.Busy() {
		t.Error("nobody is let go first")
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

// Requests that are half sent when the stop comes are waited for and answered, while nobody new is let in; whoever worked beside them was answered or can send
// the same once more: nothing is done by half.
func TestStoppingUnderLoad(t *testing.T) {
	k := newKilling(t)
	k.setUp(t)
	a, err := k.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	serve := func(a *app.App) (stop func() error) {
		ctx, cancel := context.WithCancel(t.Context())
		listening, ended := make(chan string, 1), make(chan error, 1)
		go func() { ended <- a.Serve(ctx, func(addr string) { listening <- addr }) }()
		k.addr = <-listening
		return sync.OnceValue(func() error { cancel(); return errors.Join(<-ended, a.Close()) })
	}
	stop := serve(a)
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
	var held []*halfSent
	for n := range 6 {
		held = append(held, k.half(t, n))
	}
	stopped := make(chan error, 1)
	k.load(t, 0, 40, func() {
		go func() { stopped <- stop() }()
		for t.Context().Err() == nil { // until nobody new is let in
			c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", k.addr)
			if err != nil {
				break
			}
			_ = c.Close()
		}
		for _, h := range held {
			h.finish(t)
		}
		k.http.CloseIdleConnections()
	})
	if err := <-stopped; err != nil {
		t.Errorf("stopped with %v", err)
	}
	for _, h := range held {
		k.taken++
		k.versions[h.ref] = 1
	}
	if a, err = k.open(t.Context()); err != nil {
		t.Fatal(err)
	}
	again := serve(a)
	k.again(t)
	if err := again(); err != nil {
		t.Error(err)
	}
	k.compare(t, len(held))
}

// halfSent is a registration of which the server has begun to read the body, and that waits for the rest of it.
type halfSent struct {
	conn net.Conn
	in   *bufio.Reader
	rest []byte
	ref  string
}

func (k *killing) half(t *testing.T, n int) *halfSent {
	t.Helper()
	body, err := json.Marshal(map[string]any{
		"channel": "visit", "title": "井盖松动", "narrative": "夜里响", "demands": []string{"换井盖"}, "place": k.bureau.Place,
		"petitioners": []any{map[string]any{"name": "李四", "phone": "0571-00000002"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", k.addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	h := &halfSent{conn: conn, in: bufio.NewReader(conn), rest: body[len(body)/2:]}
	if _, err := fmt.Fprintf(conn, "POST /api/v1/submissions HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nIdempotency-Key: half-sent-%d\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n", k.addr, k.registrarKey, n, len(body)); err != nil {
		t.Fatal(err)
	}
	if line, err := h.in.ReadString('\n'); err != nil || !strings.Contains(line, " 100 ") { // who asks for the body is at work
		t.Fatalf("%q %v", line, err)
	}
	if _, err := h.in.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Write(body[:len(body)/2]); err != nil {
		t.Fatal(err)
	}
	return h
}

// finish sends the rest and reads the answer.
func (h *halfSent) finish(t *testing.T) {
	t.Helper()
	if _, err := h.conn.Write(h.rest); err != nil {
		t.Error(err)
		return
	}
	answer, err := http.ReadResponse(h.in, nil)
	if err != nil {
		t.Errorf("not answered: %v", err)
		return
	}
	body, err := io.ReadAll(answer.Body)
	if err := errors.Join(err, answer.Body.Close()); err != nil || answer.StatusCode != http.StatusCreated {
		t.Errorf("%s %s %v", answer.Status, body, err)
		return
	}
	h.ref = field[string](t, body, "ref")
}
