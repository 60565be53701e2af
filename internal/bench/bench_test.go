package bench

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"huiyin/internal/app"
	"huiyin/internal/gazetteer"
)

// role makes this test binary the clients of a measurement, or the server of one.
var (
	role   = flag.String("bench.role", "", "clients or server")
	data   = flag.String("bench.data", "", "data folder of the server")
	listen = flag.String("bench.listen", "", "address of the server")
)

func TestMain(m *testing.M) {
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	var err error
	switch *role {
	case "clients":
		err = RunClients(ctx, os.Stdin, os.Stdout, time.Now)
	case "server":
		err = serve(ctx)
	default:
		os.Exit(m.Run())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve(ctx context.Context) error {
	a, err := app.Open(ctx, app.Config{Data: *data, Listen: *listen})
	if err != nil {
		return err
	}
	if err := a.Serve(ctx, func(string) {}); err != nil {
		return err
	}
	return a.Close()
}

func self(t *testing.T, args ...string) func(context.Context) *exec.Cmd {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return func(ctx context.Context) *exec.Cmd { return exec.CommandContext(ctx, program, args...) }
}

func TestLifecycle(t *testing.T) {
	r, err := Lifecycle(t.Context(), Config{
		Warm: 8, Clients: []int{2}, Time: 200 * time.Millisecond, Now: time.Now, Client: self(t, "-bench.role=clients"), Progress: func(string, int) {},
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Levels) != 1 {
		t.Fatalf("%d levels, want 1", len(r.Levels))
	}
	l := r.Levels[0]
	if l.Errors != 0 || l.Failure != "" || l.Lives == 0 {
		t.Errorf("%d lives, %d errors: %s", l.Lives, l.Errors, l.Failure)
	}
	if want := 8 + l.Lives; r.Matters != want || r.Events != 10*want || r.Findings != 0 {
		t.Errorf("%d matters with %d events and %d findings, want %d with ten each and none", r.Matters, r.Events, r.Findings, want)
	}
	if r.Written.Events != 10 || r.Written.Statements < 40 || r.Written.Bytes < 8000 {
		t.Errorf("each life writes %+v", r.Written)
	}
	// Which is faster is the machine's business; that each was measured is not.
	for i, f := range []float64{l.PerSecond, l.ServerMS, l.Commits, l.Life.P50, l.Raw.PerSecond, l.Raw.CPUMS, l.Raw.Ratio, l.RawSame.PerSecond, l.RawSame.Ratio} {
		if f <= 0 {
			t.Errorf("figure %d is %v", i, f)
		}
	}
	var names []string
	for _, c := range l.Calls {
		names = append(names, c.Name)
		if c.P50 <= 0 || c.P95 < c.P50 || c.P99 < c.P95 || c.P50 > l.Life.P99 {
			t.Errorf("%s took %+v of %+v", c.Name, c.Spread, l.Life)
		}
	}
	if d := cmp.Diff(calls(), names); d != "" {
		t.Error(d)
	}
}

func TestStartUp(t *testing.T) {
	s, err := StartUp(t.Context(), StartupConfig{
		Warm: 2, Rounds: 2, Now: time.Now, Client: self(t, "-bench.role=clients"), Progress: func(string, int) {},
		Server: func(ctx context.Context, data, listen string) *exec.Cmd {
			return self(t, "-bench.role=server", "-bench.data="+data, "-bench.listen="+listen)(ctx)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.ReadyMS) != 2 || s.ReadyMS[0] <= 0 || !slices.IsSorted(s.ReadyMS) || s.MemoryKB < 1<<10 || s.Database < 1<<16 {
		t.Errorf("%+v", s)
	}
}

func TestIdentityNumbersAreGoodAndDiffer(t *testing.T) {
	seen := map[string]bool{}
	for n := range 50_000 {
		number := idNumber(n)
		if err := gazetteer.CheckIDNumber(number); err != nil || seen[number] {
			t.Fatalf("person %d has %q, seen %v: %v", n, number, seen[number], err)
		}
		seen[number] = true
	}
}

func TestSpread(t *testing.T) {
	var ms []float64
	for i := range 101 {
		ms = append(ms, float64(100-i))
	}
	if d := cmp.Diff(Spread{P50: 50, P95: 95, P99: 99}, spread(ms)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(Spread{}, spread(nil)); d != "" {
		t.Error(d)
	}
}

func TestSearchLast(t *testing.T) {
	put := func(id int64) recorded {
		return recorded{"insert or replace into matter_fts (rowid) values ($1)", []any{id}}
	}
	got := searchLast([]recorded{put(9), {SQL: "a"}, put(3), {SQL: "b"}})
	var order []string
	for _, w := range got {
		order = append(order, fmt.Sprint(w.SQL[:1], w.Args))
	}
	if d := cmp.Diff([]string{"a[]", "b[]", "i[3]", "i[9]"}, order); d != "" {
		t.Error(d)
	}
}
