// Package bench measures the program as it is used: whole lives of matters over HTTP, beside what the disk and the database alone could do
// in the same run, and how long the server takes to start. It proves nothing about correctness except that what it wrote is sound.
package bench

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"huiyin/internal/app"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

// Config says what to measure.
type Config struct {
	Warm    int           // lives before anything is measured; what they write makes the raw limit
	Clients []int         // how many clients at once, one measurement each
	Time    time.Duration // of each measurement
	Profile io.Writer     // takes the CPU profile of the server during the last measurement; may be nil
	Now     func() time.Time
	// Client returns a command that runs RunClients in a process of its own, so that the server's processor time can be told from theirs.
	Client func(context.Context) *exec.Cmd
	// Progress is told what is being done: "open", "warm", "measure" and "raw" with the number of clients, "verify".
	Progress func(doing string, n int)
}

// Report is what was measured.
type Report struct {
	CPUs     int     `json:"cpus"`
	Seconds  float64 `json:"seconds"` // of each level
	Written  Written `json:"written"`
	Levels   []Level `json:"levels"`
	Matters  int     `json:"matters"`
	Events   int     `json:"events"`
	Findings int     `json:"findings"` // of the verification of everything that was written
}

// Written is what one life-cycle writes, on average over those of the warm-up.
type Written struct {
	Events     float64 `json:"events"`
	Statements float64 `json:"statements"`     // that insert, change or remove rows
	Bytes      float64 `json:"bytes"`          // of their arguments
	Database   float64 `json:"database_bytes"` // growth of the database file, indexes and all, over the whole run
}

// Level is the measurement with one number of clients.
type Level struct {
	Clients   int     `json:"clients"`
	Lives     int     `json:"lives"`
	PerSecond float64 `json:"per_second"`
	ServerMS  float64 `json:"server_cpu_ms"` // processor time of the server, user and system, for each life-cycle
	Commits   float64 `json:"commits"`       // for each life-cycle
	Errors    int     `json:"errors"`
	Failure   string  `json:"failure,omitempty"` // the first error
	Life      Spread  `json:"life"`
	Calls     []Call  `json:"calls"`
	Raw       Raw     `json:"raw"`      // with a hundred lives in each commit
	RawSame   Raw     `json:"raw_same"` // with as many commits as the level
}

// Raw is what a program without any logic reaches that writes the same rows, taken right after the level.
type Raw struct {
	PerSecond float64 `json:"per_second"`
	CPUMS     float64 `json:"cpu_ms"` // processor time for each life-cycle
	Ratio     float64 `json:"ratio"`  // of the level's speed to this one
}

// Spread is how long something took, in milliseconds.
type Spread struct {
	P50 float64 `json:"p50_ms"`
	P95 float64 `json:"p95_ms"`
	P99 float64 `json:"p99_ms"`
}

// Call is one of the calls of a life-cycle.
type Call struct {
	Name string `json:"name"`
	Spread
}

const warmClients = 8

// Lifecycle measures whole lives of matters on a server of its own, in a folder that is removed afterwards.
func Lifecycle(ctx context.Context, c Config) (r Report, err error) {
	dir, err := os.MkdirTemp("", "huiyin-bench-")
	if err != nil {
		return r, fmt.Errorf("bench folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	b := &lifecycle{Config: c}
	if err := b.open(ctx, filepath.Join(dir, "data")); err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, b.app.Close()) }()
	err = b.serving(ctx, func() error { return b.measure(ctx, filepath.Join(dir, "raw"), &r) })
	if err != nil {
		return r, err
	}
	c.Progress("verify", 0)
	v, err := b.app.Office.Verify(ctx, org.System(), usecase.VerifyOptions{})
	r.Matters, r.Events, r.Findings = v.Matters, v.Events, len(v.Findings)+v.More
	return r, err
}

// lifecycle is a running measurement.
type lifecycle struct {
	Config
	app  *app.App
	desk desk
	addr string
	next int // the first petitioner of the next measurement

	commits   atomic.Int64
	recording atomic.Bool
	mu        sync.Mutex
	record    []write
}

// write is a statement as the product carried it out.
type write struct {
	sql  string
	args []any
}

func (b *lifecycle) recorded(sql string, args []any) {
	switch {
	case sql == "commit":
		b.commits.Add(1)
	case b.recording.Load():
		b.mu.Lock()
		b.record = append(b.record, write{sql, args})
		b.mu.Unlock()
	}
}

// open opens the program over a folder of its own and sets it up.
func (b *lifecycle) open(ctx context.Context, data string) error {
	b.Progress("open", 0)
	var err error
	b.app, err = app.Open(ctx, app.Config{Data: data, Listen: "127.0.0.1:0", Now: b.Now, Record: b.recorded})
	if err != nil {
		return err
	}
	if b.desk, err = openDesk(ctx, b.app); err != nil {
		return errors.Join(err, b.app.Close())
	}
	return nil
}

// serving runs fn beside the server.
func (b *lifecycle) serving(ctx context.Context, fn func() error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ready, ended := make(chan string, 1), make(chan error, 1)
	go func() { ended <- b.app.Serve(ctx, func(addr string) { ready <- addr }) }()
	select {
	case b.addr = <-ready:
	case err := <-ended:
		return err
	}
	err := fn()
	stop()
	return errors.Join(err, <-ended)
}

// warm takes the first matters through and records what is written.
func (b *lifecycle) warm(ctx context.Context) (outcome, error) {
	b.Progress("warm", b.Warm)
	b.recording.Store(true)
	defer b.recording.Store(false)
	out, err := b.clients(ctx, plan{Clients: warmClients, Lives: b.Warm})
	if err == nil && out.Errors > 0 {
		err = fmt.Errorf("%d of the first lives failed: %s", out.Errors, out.Failure)
	}
	return out, err
}

// measure warms up and takes each level, and beside it the raw limit.
func (b *lifecycle) measure(ctx context.Context, dir string, r *Report) error {
	warm, err := b.warm(ctx)
	if err != nil {
		return err
	}
	r.CPUs, r.Seconds, r.Written = runtime.NumCPU(), b.Time.Seconds(), written(b.record, warm.Lives)
	size, err := b.size()
	if err != nil {
		return err
	}
	lives := 0
	for i, n := range b.Clients {
		b.Progress("measure", n)
		level, err := b.level(ctx, n, i+1 == len(b.Clients))
		if err != nil {
			return err
		}
		b.Progress("raw", n)
		if err := b.raws(ctx, filepath.Join(dir, strconv.Itoa(i)), &level); err != nil {
			return err
		}
		lives += level.Lives
		r.Levels = append(r.Levels, level)
	}
	after, err := b.size()
	r.Written.Database = float64(after-size) / float64(max(lives, 1))
	return err
}

// size is that of the database, with what waits to be moved into it.
func (b *lifecycle) size() (int64, error) {
	info, err := os.Stat(filepath.Join(b.app.Data, "huiyin.db"))
	if err != nil {
		return 0, fmt.Errorf("database file: %w", err)
	}
	return info.Size(), nil
}

// level measures with a number of clients.
func (b *lifecycle) level(ctx context.Context, n int, profile bool) (Level, error) {
	if profile && b.Profile != nil {
		if err := pprof.StartCPUProfile(b.Profile); err != nil {
			return Level{}, fmt.Errorf("profile: %w", err)
		}
		defer pprof.StopCPUProfile()
	}
	commits, cpu := b.commits.Load(), processorTime()
	out, err := b.clients(ctx, plan{Clients: n, Time: b.Time})
	if err != nil {
		return Level{}, err
	}
	lives := float64(max(out.Lives, 1))
	return Level{
		Clients: n, Lives: out.Lives, PerSecond: float64(out.Lives) / out.Seconds, Errors: out.Errors, Failure: out.Failure, Life: out.Life, Calls: out.Calls,
		ServerMS: (processorTime() - cpu).Seconds() * 1000 / lives, Commits: float64(b.commits.Load()-commits) / lives,
	}, nil
}

// processorTime is what this process has used so far.
func processorTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil { // fails for an unknown argument only
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// clients runs a plan in a process of its own.
func (b *lifecycle) clients(ctx context.Context, p plan) (outcome, error) {
	p.Addr, p.Desk, p.First = b.addr, b.desk, b.next
	text, err := json.Marshal(p)
	if err != nil {
		return outcome{}, fmt.Errorf("plan: %w", err)
	}
	cmd := b.Client(ctx)
	in, err := cmd.StdinPipe()
	if err != nil {
		return outcome{}, fmt.Errorf("clients: %w", err)
	}
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		return outcome{}, fmt.Errorf("clients: %w", err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		return outcome{}, fmt.Errorf("clients: %w", err)
	}
	_, err = in.Write(text)
	err = errors.Join(err, in.Close())
	var out outcome
	err = errors.Join(err, json.NewDecoder(bufio.NewReader(pipe)).Decode(&out))
	if err = errors.Join(err, cmd.Wait()); err != nil {
		return outcome{}, fmt.Errorf("clients: %w", err)
	}
	b.next += out.Started
	return out, nil
}

// written averages a record.
func written(record []write, lives int) Written {
	var w Written
	for _, s := range record {
		w.Statements++
		for _, a := range s.args {
			switch a := a.(type) {
			case string:
				w.Bytes += float64(len(a))
			case []byte:
				w.Bytes += float64(len(a))
			case bool:
				w.Bytes++
			default: // numbers
				w.Bytes += 8
			}
		}
		if isEvent(s.sql) {
			w.Events++
		}
	}
	n := float64(cmp.Or(lives, 1))
	return Written{Events: w.Events / n, Statements: w.Statements / n, Bytes: w.Bytes / n}
}
