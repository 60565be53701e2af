package demo_test

import (
	"testing"

	"huiyin/internal/demo"
	"huiyin/internal/law"
	"huiyin/internal/org"
	"huiyin/internal/stat"
	"huiyin/internal/usecase"
)

// On real histories the stock of every period closes, the groups add up to the whole, and what is counted as of a past day does not change with what came after.
func TestFiguresOfTheDemonstration(t *testing.T) {
	t.Parallel()
	today := law.NewDay(2026, 3, 20)
	o := office(t, today)
	_, err := demo.Seed(t.Context(), o)
	check(t, err)
	count := func(id string, by usecase.StatBy, p stat.Period) usecase.StatAnswer {
		t.Helper()
		a, err := o.Stat(t.Context(), org.System(), usecase.StatAsk{Indicator: id, Period: p, By: by}, func(int) {})
		check(t, err)
		return a
	}
	for _, back := range []int{0, 7, 30, 90, 200} {
		p := stat.Period{From: today.Add(-back - 60), To: today.Add(-back), AsOf: today.Add(-back)}
		a := count("stock", usecase.ByUnit, p)
		if !a.Balance.Closes() || a.Balance.Closing != a.All.Sum || back == 0 && a.All.Sum == 0 {
			t.Errorf("%d days ago: %+v, stock %d", back, a.Balance, a.All.Sum)
		}
		sum := 0
		for _, r := range a.Rows {
			if r.Figure.Sum < 0 {
				t.Errorf("%d days ago unit %s has %d", back, r.Group, r.Figure.Sum)
			}
			sum += r.Figure.Sum
		}
		if sum != a.All.Sum {
			t.Errorf("%d days ago the units have %d, all %d", back, sum, a.All.Sum)
		}
	}
	open := 0
	for _, m := range matters(t, o) {
		if !m.Merged && m.State.Open() {
			open++
		}
	}
	if a := count("stock", usecase.ByNothing, o.StatPeriod()); a.All.Sum < open {
		t.Errorf("a stock of %d, %d are open", a.All.Sum, open)
	}
	for _, by := range usecase.StatBys() {
		a := count("timely_acceptance", by, stat.Period{From: today.Add(-400), To: today, AsOf: today})
		sum, of := 0, 0
		for _, r := range a.Rows {
			sum, of = sum+r.Figure.Sum, of+r.Figure.Of
			if o.GroupName(by, r.Group, false) == "" {
				t.Errorf("by %s: %s has no name", by, r.Group)
			}
		}
		if by != usecase.ByNothing && (sum != a.All.Sum || of != a.All.Of) || a.All.Of == 0 {
			t.Errorf("by %s: %d of %d, all %+v", by, sum, of, a.All)
		}
	}
}
