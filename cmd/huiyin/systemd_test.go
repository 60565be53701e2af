package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"huiyin/internal/pgtest"
)

const (
	watchdog = 600 * time.Millisecond // half of it is the time within which the database must answer
	patience = time.Minute            // for what must come
)

// supervising is a process of the program itself, and the socket on which it tells systemd how it does.
type supervising struct {
	*testing.T
	socket *net.UnixConn
	cmd    *exec.Cmd
	addr   string
}

// supervise starts the program as the unit of the package does.
func supervise(t *testing.T, settings ...string) *supervising {
	t.Helper()
	dir, err := os.MkdirTemp("", "huiyin-notify-") //nolint:usetesting // a socket's name must be short
	must(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	name := filepath.Join(dir, "notify")
	socket, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: name, Net: "unixgram"})
	must(t, err)
	t.Cleanup(func() { _ = socket.Close() })
	itself, err := os.Executable()
	must(t, err)
	addr := free(t)
	s := &supervising{T: t, socket: socket, addr: addr, cmd: exec.CommandContext(context.WithoutCancel(t.Context()), itself, "serve")}
	s.cmd.Env = append([]string{
		asItself + "=1", "NOTIFY_SOCKET=" + name, "WATCHDOG_USEC=600000", "HUIYIN_DATA=" + filepath.Join(dir, "data"), "HUIYIN_LISTEN=" + addr, "PATH=" + os.Getenv("PATH"),
	}, settings...)
	s.cmd.Stderr = os.Stderr
	must(t, s.cmd.Start())
	t.Cleanup(func() {
		if s.cmd.ProcessState == nil {
			_ = s.cmd.Process.Kill()
			_ = s.cmd.Wait()
		}
	})
	return s
}

// free is an address at which nobody listens.
func free(t *testing.T) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	must(t, err)
	defer func() { must(t, l.Close()) }()
	return l.Addr().String()
}

// hears returns what is told within a time, or nothing.
func (s *supervising) hears(within time.Duration) string {
	s.Helper()
	must(s.T, s.socket.SetReadDeadline(time.Now().Add(within)))
	b := make([]byte, 128)
	n, err := s.socket.Read(b)
	if err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
		s.Fatal(err)
	}
	return string(b[:n])
}

// until reads on to a word.
func (s *supervising) until(word string) {
	s.Helper()
	for end := time.Now().Add(patience); ; {
		switch got := s.hears(patience); {
		case got == word:
			return
		case got == "" || time.Now().After(end):
			s.Fatalf("never told %s, last %q", word, got)
		}
	}
}

// silent waits until nothing more is told.
func (s *supervising) silent() {
	s.Helper()
	for end := time.Now().Add(patience); s.hears(3*watchdog) != ""; {
		if time.Now().After(end) {
			s.Fatal("it goes on telling that it works")
		}
	}
}

func (s *supervising) ready() int {
	s.Helper()
	r, err := http.NewRequestWithContext(s.Context(), http.MethodGet, "http://"+s.addr+"/readyz", http.NoBody)
	must(s.T, err)
	answer, err := http.DefaultClient.Do(r)
	must(s.T, err)
	must(s.T, answer.Body.Close())
	return answer.StatusCode
}

// TestSupervised: systemd is told that the program answers, when it does; that it still works; that it stops; and it ends well.
func TestSupervised(t *testing.T) {
	t.Parallel()
	s := supervise(t)
	if got := s.hears(patience); got != "READY=1" {
		t.Fatalf("first told %q", got)
	}
	if got := s.ready(); got != http.StatusNoContent {
		t.Errorf("it said that it is ready and answers %d", got)
	}
	s.until("WATCHDOG=1")
	s.until("WATCHDOG=1")
	must(t, s.cmd.Process.Signal(syscall.SIGTERM))
	s.until("STOPPING=1")
	must(t, s.cmd.Wait())
	if got := s.hears(time.Millisecond); strings.Contains(got, "READY") {
		t.Errorf("behind the end: %q", got)
	}
}

// TestSupervisedWhileTheDatabaseHangs: no beat comes where reading the database hangs, and systemd would start the program anew. Where the database's server is
// away the beats go on: a new start would not bring it back.
func TestSupervisedWhileTheDatabaseHangs(t *testing.T) {
	t.Parallel()
	c, err := pgtest.NewCluster(false)
	must(t, err)
	t.Cleanup(c.Remove)
	must(t, c.Start())
	s := supervise(t, "HUIYIN_DATABASE="+c.Address)
	s.until("READY=1")
	s.until("WATCHDOG=1")

	held, err := pgx.Connect(t.Context(), c.Address)
	must(t, err)
	_, err = held.Exec(t.Context(), "begin; lock table migration in access exclusive mode")
	must(t, err)
	s.silent()
	must(t, held.Close(t.Context())) // which undoes it
	s.until("WATCHDOG=1")

	c.Kill()
	for range 5 { // what was under way when it went may fail in other words
		s.until("WATCHDOG=1")
	}
	if got := s.ready(); got != http.StatusServiceUnavailable {
		t.Errorf("ready without a database: %d", got)
	}
	must(t, c.Start())
	for s.ready() != http.StatusNoContent {
		s.until("WATCHDOG=1")
	}
	must(t, s.cmd.Process.Signal(syscall.SIGTERM))
	s.until("STOPPING=1")
	must(t, s.cmd.Wait())
}
