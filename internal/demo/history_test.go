package demo_test

import (
	"testing"

	"huiyin/internal/demo"
	"huiyin/internal/law"
	"huiyin/internal/org"
	"huiyin/internal/stat"
	"huiyin/internal/usecase"
)

// The past is taken in once, all of it settled and some of it late, some rated and some not; nothing of it is open, and everything kept beside the events follows from them.
func TestPast(t *testing.T) {
	t.Parallel()
	const n = 90
	today := law.NewDay(2026, 9, 28)
	o := office(t, today)
	_, err := demo.Seed(t.Context(), o)
	check(t, err)
	count := func() map[string]stat.Figure {
		t.Helper()
		ask := usecase.FigureAsk{
			Indicators: []string{"submissions", "stock", "ended", "on_time_b", "participation", "satisfaction_handling"}, Period: stat.Period{From: today.Add(-800), To: today, AsOf: today},
		}
		found, err := o.Figures(t.Context(), org.System(), ask)
		check(t, err)
		out := map[string]stat.Figure{}
		for i, d := range found.Indicators {
			out[d.ID] = found.All[i]
		}
		return out
	}
	before := count()
	for range 2 {
		check(t, demo.AddPast(t.Context(), o, n))
	}
	after := count()
	for id, more := range map[string]int{"submissions": n, "stock": 0, "ended": n} {
		if got := after[id].Sum - before[id].Sum; got != more {
			t.Errorf("%s: %d more, want %d", id, got, more)
		}
	}
	if f := after["on_time_b"]; f.Of < n/2 || f.Sum == f.Of {
		t.Errorf("%d of %d in time", f.Sum, f.Of)
	}
	if f := after["participation"]; f.Sum < n/3 || f.Sum >= f.Of {
		t.Errorf("%d of %d rated", f.Sum, f.Of)
	}
	if f := after["satisfaction_handling"]; f.Sum == 0 || f.Sum == f.Of {
		t.Errorf("%d of %d content", f.Sum, f.Of)
	}
	check(t, demo.AddPast(t.Context(), office(t, today), 0))
	r, err := o.Rebuild(t.Context(), org.System(), usecase.RebuildOptions{})
	if err != nil || len(r.Differences) > 0 {
		t.Fatal(r.Differences, err)
	}
}
