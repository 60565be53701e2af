package bench

import (
	"testing"
	"time"

	"huiyin/internal/pgtest"
)

func TestBurst(t *testing.T) {
	r, err := RunBurst(t.Context(), BurstConfig{
		Config: Config{Warm: 2, Time: 200 * time.Millisecond, Now: time.Now, Client: self(t, "-bench.role=clients"), Progress: func(string, int) {}},
		Most:   4, Rate: 10, Calm: 200 * time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	if r.Errors != 0 || r.Findings != 0 || r.Memory.AtMost < 1<<10 || len(r.Phases) != 3 {
		t.Fatalf("%+v", r)
	}
	for i, want := range []struct {
		rate float64
		came int
	}{{10, 2}, {100, 20}, {10, 2}} {
		p := r.Phases[i]
		if p.Rate != want.rate || p.Came != want.came || p.Life.P50 <= 0 || p.Call.P50 <= 0 || p.Call.P50 > p.Life.P99 {
			t.Errorf("phase %d: %+v, want %+v", i, p, want)
		}
	}
}

// TestOnPostgres measures over an office that is there, of which numbers were given without being counted.
func TestOnPostgres(t *testing.T) {
	address := pgtest.Database(t)
	c := Config{
		Database: address, Warm: 2, Clients: []int{2}, Time: 100 * time.Millisecond, Now: time.Now, Client: self(t, "-bench.role=clients"), Progress: func(string, int) {},
	}
	r, err := Lifecycle(t.Context(), c) // beside it, in a database of its own
	if err != nil {
		t.Fatal(err)
	}
	l := r.Levels[0]
	if r.Engine != "postgres" || r.Found != 0 || l.Errors != 0 || l.Lives == 0 || l.Raw.Ratio <= 0 || l.Memory.AtMost < 1<<10 || r.Written.Database <= 0 || r.Findings != 0 || r.Matters != 2+l.Lives {
		t.Errorf("%+v", r)
	}
	c.Data = t.TempDir()
	for _, found := range []int{0, 1} {
		r, err := Lifecycle(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		if (r.Found > 0) != (found > 0) || r.Levels[0].Errors != 0 || r.Levels[0].Lives == 0 {
			t.Errorf("%+v", r)
		}
	}
}

func TestLifecycleOverAStock(t *testing.T) {
	dir := t.TempDir()
	if _, err := Load(t.Context(), LoadConfig{Matters: 30, Data: dir, Now: time.Now, Progress: func(string, int) {}}); err != nil {
		t.Fatal(err)
	}
	r, err := Lifecycle(t.Context(), Config{
		Data: dir, Warm: 2, Clients: []int{2}, Time: 100 * time.Millisecond, Now: time.Now, Client: self(t, "-bench.role=clients"), Progress: func(string, int) {},
	})
	if err != nil {
		t.Fatal(err)
	}
	if r.Found != 30 || r.Levels[0].Errors != 0 || r.Levels[0].Lives == 0 {
		t.Errorf("%+v", r)
	}
}
