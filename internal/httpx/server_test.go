package httpx_test

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"huiyin/internal/httpx"
)

func TestServe(t *testing.T) {
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	began, proceed := make(chan struct{}), make(chan struct{})
	srv := httpx.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(began)
		<-proceed
		_, _ = io.WriteString(w, "finished")
	}), logInto(new(bytes.Buffer)))
	stopping := make(chan struct{})
	srv.RegisterOnShutdown(func() { close(stopping) })

	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- httpx.Serve(ctx, srv, listener, time.Minute) }()
	answer := make(chan string, 1)
	go func() {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+listener.Addr().String(), nil)
		if err != nil {
			answer <- err.Error()
			return
		}
		r, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			answer <- err.Error()
			return
		}
		defer r.Body.Close()
		b, _ := io.ReadAll(r.Body)
		answer <- string(b)
	}()
	<-began
	stop()
	<-stopping // the server takes nothing new, the request under way goes on
	close(proceed)
	if got := <-answer; got != "finished" {
		t.Errorf("the request under way got %q", got)
	}
	if err := <-served; err != nil {
		t.Error(err)
	}
}

func TestServeGivesUp(t *testing.T) {
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	began := make(chan struct{})
	srv := httpx.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(began)
		<-r.Context().Done() // until the connection is cut
	}), logInto(new(bytes.Buffer)))
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- httpx.Serve(ctx, srv, listener, time.Millisecond) }()
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	<-began
	stop()
	if err := <-served; err == nil || !strings.Contains(err.Error(), "stop the server") {
		t.Errorf("got %v", err)
	}
}

func TestServeFails(t *testing.T) {
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	srv := httpx.NewServer(http.NotFoundHandler(), logInto(new(bytes.Buffer)))
	if err := httpx.Serve(t.Context(), srv, listener, time.Second); err == nil {
		t.Error("serving on a closed listener succeeded")
	}
}

// Every phase of a connection has an end.
func TestServerLimits(t *testing.T) {
	srv := httpx.NewServer(http.NotFoundHandler(), logInto(new(bytes.Buffer)))
	for name, limit := range map[string]time.Duration{
		"header": srv.ReadHeaderTimeout, "read": srv.ReadTimeout, "write": srv.WriteTimeout, "idle": srv.IdleTimeout,
	} {
		if limit <= 0 || limit > 5*time.Minute {
			t.Errorf("%s: %v", name, limit)
		}
	}
	if srv.MaxHeaderBytes <= 0 || srv.MaxHeaderBytes > 1<<17 {
		t.Errorf("header bytes: %d", srv.MaxHeaderBytes)
	}
}

// A route that allows an upload moves the deadlines of a real connection through all the middleware.
func TestAllowUploadOnAConnection(t *testing.T) {
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := newClock()
	sessions := httpx.NewSessions(newRows(), httpx.SessionConfig{Idle: time.Hour, Absolute: time.Hour}, c.now, plain)
	upload := httpx.Adapt(func(w http.ResponseWriter, r *http.Request) error {
		// an instant long past: if it arrives at the connection, reading fails at once
		if err := httpx.AllowUpload(w, r, 1<<20, time.Unix(1, 0)); err != nil {
			return err
		}
		_, err := io.ReadAll(r.Body)
		if err == nil {
			t.Error("the deadline did not reach the connection")
		}
		return err
	}, plain)
	srv := httpx.NewServer(httpx.LimitBody(10)(httpx.Gzip(sessions.Load(upload))), logInto(new(bytes.Buffer)))
	srv.ReadTimeout = 0 // no other deadline may end the reading
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- httpx.Serve(ctx, srv, listener, time.Minute) }()
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "POST / HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\nContent-Length: 100\r\n\r\nsome"); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(conn); err != nil {
		t.Log("the connection was cut:", err)
	}
	stop()
	if err := <-served; err != nil {
		t.Error(err)
	}
}
