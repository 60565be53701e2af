// Package bench measures the program as it is used: whole lives of matters over HTTP, beside what the disk and the database alone could do
// in the same run, and how long the server takes to start. It proves nothing about correctness except that what it wrote is sound.
package bench

import (
	"bufio"
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
	"sync/atomic"
	"syscall"
	"time"

	"huiyin/internal/app"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

// Config says what to measure.
type Config struct {
	Data string // folder of an office that stays there with what is added, as Load leaves it; empty: one that is removed afterwards
	// Database is the address of PostgreSQL. Without Data a database of its own is made on that server and removed afterwards.
	Database string
	Warm     int           // lives before anything is measured; what they write makes the raw limit
	Clients  []int         // how many clients at once, one measurement each
	Time     time.Duration // of each measurement
	Profile  io.Writer     // takes the CPU profile of the server during the last measurement; may be nil
	Heap     io.Writer     // takes the profile of its heap when most memory was resident in the last measurement; may be nil
	Now      func() time.Time
	// Client returns a command that runs RunClients in a process of its own, so that the server's processor time and memory can be told from theirs.
	Client func(context.Context) *exec.Cmd
	// Progress is told what is being done: "open", "warm", "measure" and "raw" with the number of clients, "verify".
	Progress func(doing string, n int)
}

// Report is what was measured.
type Report struct {
	Engine   string  `json:"engine"`
	Found    int64   `json:"found"` // submissions that the office held before
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
	Memory    Memory  `json:"memory"`        // of the server during the level
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

// Lifecycle measures whole lives of matters on a server of its own, over an office that is removed afterwards or the one that is named.
func Lifecycle(ctx context.Context, c Config) (r Report, err error) {
	b := &lifecycle{Config: c}
	err = b.over(ctx, func() error { return b.serving(ctx, func() error { return b.measure(ctx, &r) }) }, func() error {
		v, err := b.verify(ctx)
		r.Matters, r.Events, r.Findings = v.Matters, v.Events, len(v.Findings)+v.More
		return err
	})
	return r, err
}

// lifecycle is a running measurement.
type lifecycle struct {
	Config
	app     *app.App
	desk    desk
	dir     string // for what is removed afterwards
	scratch scratch
	found   int64
	addr    string
	next    int // the first petitioner of the next measurement

	commits atomic.Int64
	record  recorder
}

// over carries steps out over the open office.
func (b *lifecycle) over(ctx context.Context, steps ...func() error) (err error) {
	if b.dir, err = os.MkdirTemp("", "huiyin-bench-"); err != nil {
		return fmt.Errorf("bench folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(b.dir)) }()
	if b.Database != "" {
		b.scratch = scratch{server: b.Database}
		defer func() { err = errors.Join(err, b.scratch.drop(context.WithoutCancel(ctx))) }()
	}
	data, database := b.Data, b.Database
	if b.Data == "" {
		data = filepath.Join(b.dir, "data")
		if database != "" {
			if database, err = b.scratch.make(ctx, ""); err != nil {
				return err
			}
		}
	}
	if err := b.open(ctx, data, database); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.app.Close()) }()
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func (b *lifecycle) recorded(sql string, args []any) {
	if sql == "commit" {
		b.commits.Add(1)
		return
	}
	b.record.write(sql, args)
}

// open opens the program over an office, and sets it up if there is none.
func (b *lifecycle) open(ctx context.Context, data, database string) error {
	b.Progress("open", 0)
	now := b.Now
	if b.Data != "" {
		now = stockClock(b.Now)
	}
	var err error
	b.app, err = app.Open(ctx, app.Config{Data: data, Database: database, Listen: "127.0.0.1:0", Now: now, Record: b.recorded})
	if err != nil {
		return err
	}
	if b.desk, err = openDesk(ctx, b.app); err == nil {
		b.found, err = registered(ctx, b.app)
	}
	if err == nil && b.Data != "" {
		err = b.caughtUp(ctx)
	}
	if err != nil {
		return errors.Join(err, b.app.Close())
	}
	return nil
}

// caughtUp brings to its end what ran beside the desk when the office was left: otherwise it would be taken for what the first lives write.
func (b *lifecycle) caughtUp(ctx context.Context) error {
	o := b.app.Office
	if err := told(ctx, o); err != nil {
		return err
	}
	for _, do := range []func(context.Context) (int, error){o.Sequence, o.Index, o.Fold} {
		for n := 1; n > 0; {
			var err error
			if n, err = do(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// verify verifies everything that was written, in an office of its own: among what was loaded it would take longer than all else, and `huiyin verify` does it.
func (b *lifecycle) verify(ctx context.Context) (usecase.Verification, error) {
	if b.Data != "" {
		return usecase.Verification{}, nil
	}
	b.Progress("verify", 0)
	return b.app.Office.Verify(ctx, org.System(), usecase.VerifyOptions{})
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
	if err := b.record.open(filepath.Join(b.dir, "record")); err != nil {
		return outcome{}, err
	}
	out, err := b.clients(ctx, plan{Clients: warmClients, Lives: b.Warm})
	err = errors.Join(err, b.record.close())
	if err == nil && out.Errors > 0 {
		err = fmt.Errorf("%d of the first lives failed: %s", out.Errors, out.Failure)
	}
	return out, err
}

// measure warms up and takes each level, and beside it the raw limit.
func (b *lifecycle) measure(ctx context.Context, r *Report) error {
	warm, err := b.warm(ctx)
	if err != nil {
		return err
	}
	r.Engine, r.Found = b.app.Store.Engine(), b.found
	r.CPUs, r.Seconds, r.Written = runtime.NumCPU(), b.Time.Seconds(), b.record.written(warm.Lives)
	size, err := b.size(ctx)
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
		if err := b.raws(ctx, filepath.Join(b.dir, "raw", strconv.Itoa(i)), &level); err != nil {
			return err
		}
		lives += level.Lives
		r.Levels = append(r.Levels, level)
	}
	after, err := b.size(ctx)
	r.Written.Database = float64(after-size) / float64(max(lives, 1))
	return err
}

// size is that of the database.
func (b *lifecycle) size(ctx context.Context) (int64, error) {
	if b.app.Database != "" {
		return databaseSize(ctx, b.app.Database)
	}
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
	heap := b.Heap
	if !profile {
		heap = nil
	}
	memory, err := watchMemory(ctx, heap)
	if err != nil {
		return Level{}, err
	}
	commits, cpu := b.commits.Load(), processorTime()
	out, err := b.clients(ctx, plan{Clients: n, Time: b.Time})
	cpu = processorTime() - cpu
	most, failed := memory()
	if err := errors.Join(err, failed); err != nil {
		return Level{}, err
	}
	lives := float64(max(out.Lives, 1))
	return Level{
		Clients: n, Lives: out.Lives, PerSecond: float64(out.Lives) / out.Seconds, Errors: out.Errors, Failure: out.Failure, Life: out.Life, Calls: out.Calls,
		ServerMS: cpu.Seconds() * 1000 / lives, Commits: float64(b.commits.Load()-commits) / lives, Memory: most,
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
func (b *lifecycle) clients(ctx context.Context, p plan) (out outcome, err error) {
	p.Addr, p.Desk, p.First, p.Today = b.addr, b.desk, b.next, b.app.Office.Today()
	p.Run = strconv.FormatInt(b.Now().UnixMicro(), 36)
	err = b.apart(ctx, order{Plan: &p}, &out)
	b.next += out.Started
	return out, err
}

// apart has something done in a process of its own.
func (b *lifecycle) apart(ctx context.Context, o order, answer any) error {
	text, err := json.Marshal(o)
	if err != nil {
		return fmt.Errorf("plan: %w", err)
	}
	cmd := b.Client(ctx)
	in, err := cmd.StdinPipe()
	if err != nil {
		return fmt.Errorf("clients: %w", err)
	}
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		return fmt.Errorf("clients: %w", err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("clients: %w", err)
	}
	_, err = in.Write(text)
	err = errors.Join(err, in.Close())
	err = errors.Join(err, json.NewDecoder(bufio.NewReader(pipe)).Decode(answer))
	if err = errors.Join(err, cmd.Wait()); err != nil {
		return fmt.Errorf("clients: %w", err)
	}
	return nil
}
