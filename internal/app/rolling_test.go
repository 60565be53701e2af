package app_test

import (
	"context"
	"fmt"
	"net/http"
	"os/exec"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"huiyin/internal/pgtest"
)

const (
	rollingServers = 2
	rollingTurns   = 2 // that each of them is stopped and started again
	rollingClients = 4
	rollingPause   = 50 * time.Millisecond // steady work, not all that the machine can do
	rollingDrain   = 700 * time.Millisecond
	lookEvery      = 50 * time.Millisecond // as a load balancer does, and quicker than the drain
	steadyAnswers  = 10                    // between two restarts
)

// TestRollingRestart: servers on one database are stopped and started again in turn while people work, and whoever sends requests only to those that say that they are
// ready sees none fail; nothing is lost or there twice, and what is sent once more is answered as before, by whichever server.
func TestRollingRestart(t *testing.T) {
	k := newKilling(t)
	k.database = pgtest.Database(t)
	k.setUp(t)
	b := &balancer{http: &http.Client{Timeout: time.Second, Transport: &http.Transport{DisableKeepAlives: true}}}
	for range rollingServers {
		b.servers = append(b.servers, &backend{})
	}
	start := func(s *backend) {
		cmd, addr := k.child(t, nil, "-app.drain="+rollingDrain.String())
		t.Cleanup(func() { _ = cmd.Process.Kill() })
		s.cmd = cmd
		s.addr.Store(&addr)
	}
	for _, s := range b.servers {
		start(s)
	}
	ctx, stop := context.WithCancel(t.Context())
	var looking sync.WaitGroup
	looking.Go(func() { b.look(ctx) })
	defer looking.Wait()
	defer stop()
	eventually(t, "all are ready", b.all)

	enough, answered := make(chan struct{}), make(chan struct{}, 1024)
	k.ready, k.enough, k.strict, k.pause = b.pick, enough, true, rollingPause
	var people sync.WaitGroup
	for c := range rollingClients {
		people.Go(func() { k.client(t, fmt.Sprintf("c%d", c), answered) })
	}
	work := func() {
		for range steadyAnswers {
			select {
			case <-answered:
			case <-time.After(30 * time.Second):
				t.Fatal("nobody gets an answer")
			}
		}
	}
	for range rollingTurns {
		for _, s := range b.servers {
			work()
			if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
			if err := s.cmd.Wait(); err != nil {
				t.Errorf("a server that was told to stop: %v", err)
			}
			work()
			start(s)
			eventually(t, "it is ready again", b.all)
		}
	}
	work()
	close(enough)
	people.Wait()
	k.pause = 0
	sent := len(k.last)
	k.again(t)
	if t.Failed() {
		t.Logf("of %d requests", sent)
	}
	for _, s := range b.servers {
		if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Error(err)
		}
		if err := s.cmd.Wait(); err != nil {
			t.Error(err)
		}
	}
	k.compare(t, rollingServers*rollingTurns)
}

// backend is one of the servers behind a balancer.
type backend struct {
	cmd   *exec.Cmd
	addr  atomic.Pointer[string]
	ready atomic.Bool
}

// balancer sends each request to a server that said when it was last asked that it is ready.
type balancer struct {
	http    *http.Client
	servers []*backend
	next    atomic.Int64
}

func (b *balancer) look(ctx context.Context) {
	for tick := time.NewTicker(lookEvery); ; {
		for _, s := range b.servers {
			s.ready.Store(b.answers(ctx, *s.addr.Load()))
		}
		select {
		case <-ctx.Done():
			tick.Stop()
			return
		case <-tick.C:
		}
	}
}

func (b *balancer) answers(ctx context.Context, addr string) bool {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+addr+"/readyz", http.NoBody)
	if err != nil {
		return false
	}
	resp, err := b.http.Do(r)
	if err != nil {
		return false
	}
	return resp.Body.Close() == nil && resp.StatusCode == http.StatusNoContent
}

func (b *balancer) all() bool {
	for _, s := range b.servers {
		if !s.ready.Load() {
			return false
		}
	}
	return true
}

func (b *balancer) pick() string {
	for {
		s := b.servers[int(b.next.Add(1))%len(b.servers)]
		if s.ready.Load() {
			return *s.addr.Load()
		}
		time.Sleep(time.Millisecond)
	}
}
