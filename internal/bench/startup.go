package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// StartupConfig says what to start.
type StartupConfig struct {
	Data   string // an existing data folder; empty: one with a county and Warm matters is made and removed
	Warm   int
	Rounds int           // how often to start
	Idle   time.Duration // to wait before memory is read: what opening took is given back, what runs beside the desk has run
	Now    func() time.Time
	// Server returns a command that serves a data folder on an address until it is told to stop.
	Server func(ctx context.Context, data, listen string) *exec.Cmd
	// Client is as in Config; it is needed without Data only.
	Client   func(context.Context) *exec.Cmd
	Progress func(doing string, n int)
}

// Startup is how long the server takes until it answers, and what it then needs.
type Startup struct {
	ReadyMS  []float64 `json:"ready_ms"` // from the start of the process to the first good answer of /readyz, fastest first
	MemoryKB int64     `json:"idle_memory_kb"`
	Database int64     `json:"database_bytes"`
}

const (
	pollEvery   = time.Millisecond
	startWithin = 30 * time.Second
)

// StartUp starts the server several times over a database that is there already.
func StartUp(ctx context.Context, c StartupConfig) (s Startup, err error) {
	if c.Data == "" {
		dir, err := os.MkdirTemp("", "huiyin-bench-")
		if err != nil {
			return s, fmt.Errorf("bench folder: %w", err)
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
		c.Data = filepath.Join(dir, "data")
		if err := fill(ctx, c); err != nil {
			return s, err
		}
	}
	for i := range c.Rounds {
		c.Progress("start", i+1)
		ms, memory, err := c.start(ctx, i+1 == c.Rounds)
		if err != nil {
			return s, err
		}
		s.ReadyMS = append(s.ReadyMS, ms)
		s.MemoryKB = memory
	}
	slices.Sort(s.ReadyMS)
	info, err := os.Stat(filepath.Join(c.Data, "huiyin.db"))
	if err != nil {
		return s, fmt.Errorf("database file: %w", err)
	}
	s.Database = info.Size()
	return s, nil
}

// fill makes a data folder with an organisation and matters.
func fill(ctx context.Context, c StartupConfig) (err error) {
	b := &lifecycle{Config: Config{Warm: c.Warm, Now: c.Now, Client: c.Client, Progress: c.Progress}, dir: filepath.Dir(c.Data)}
	if err := b.open(ctx, c.Data, ""); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.app.Close()) }()
	return b.serving(ctx, func() error {
		_, err := b.warm(ctx)
		return err
	})
}

// start starts the server once and stops it again.
func (c StartupConfig) start(ctx context.Context, idle bool) (ms float64, memory int64, err error) {
	listen, err := freePort(ctx)
	if err != nil {
		return 0, 0, err
	}
	cmd := c.Server(ctx, c.Data, listen)
	cmd.Stderr = os.Stderr
	begin := c.Now()
	if err := cmd.Start(); err != nil {
		return 0, 0, fmt.Errorf("server: %w", err)
	}
	defer func() { // it goes on until it is told
		stopped := cmd.Process.Signal(syscall.SIGTERM)
		err = errors.Join(err, stopped, cmd.Wait())
	}()
	client := &http.Client{Timeout: startWithin}
	for !answers(ctx, client, listen) {
		if c.Now().Sub(begin) > startWithin || ctx.Err() != nil {
			return 0, 0, fmt.Errorf("no answer within %s", startWithin)
		}
		time.Sleep(pollEvery)
	}
	ms = float64(c.Now().Sub(begin).Microseconds()) / 1000
	if !idle {
		return ms, 0, nil
	}
	c.Progress("idle", int(c.Idle.Seconds()))
	select {
	case <-time.After(c.Idle):
	case <-ctx.Done():
	}
	memory, err = memoryKB(cmd.Process.Pid, "VmRSS:")
	return ms, memory, err
}

// freePort returns a loopback address that nobody listens on.
func freePort(ctx context.Context) (string, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("free port: %w", err)
	}
	return l.Addr().String(), l.Close()
}

func answers(ctx context.Context, client *http.Client, addr string) bool {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+addr+"/readyz", http.NoBody)
	if err != nil {
		return false
	}
	resp, err := client.Do(r)
	if err != nil {
		return false
	}
	return resp.Body.Close() == nil && resp.StatusCode < http.StatusMultipleChoices
}

// memoryKB is what the system says of the memory of a process under a name.
func memoryKB(pid int, name string) (int64, error) {
	f, err := os.Open("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		return 0, fmt.Errorf("memory: %w", err)
	}
	defer f.Close() // only read
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if rest, ok := strings.CutPrefix(lines.Text(), name); ok {
			n, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			if err != nil {
				return 0, fmt.Errorf("memory: %w", err)
			}
			return n, nil
		}
	}
	return 0, errors.New("memory: the system does not say")
}
