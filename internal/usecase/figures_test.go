package usecase_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"huiyin/internal/demo"
	"huiyin/internal/law"
	"huiyin/internal/org"
	"huiyin/internal/stat"
	"huiyin/internal/usecase"
)

// demonstration is an office with the histories of the demonstration, on its day.
func demonstration(t *testing.T, today law.Day) (*testOffice, map[string]org.Actor) {
	t.Helper()
	o := emptyOffice(t)
	o.now.Store(today.StartUS() + 9*3600*1_000_000)
	d, err := demo.Seed(t.Context(), o.Office)
	if err != nil {
		t.Fatal(err)
	}
	people := map[string]org.Actor{"system": org.System()}
	for _, a := range d.Accounts {
		people[a.SignIn] = org.Actor{Kind: org.ActorStaff, Duty: a.Duties[0].Duty}
	}
	return o, people
}

// TestFiguresAreWhatTheEventsSay: whatever of the facts waits, lies in the ledger or in the sums, a figure of any period as of any day, by whatever it is broken down and
// narrowed, is the one that comes of counting the events of every matter.
func TestFiguresAreWhatTheEventsSay(t *testing.T) {
	t.Parallel()
	today := law.NewDay(2026, 3, 20)
	o, people := demonstration(t, today)
	list, err := stat.Indicators()
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, d := range list {
		ids = append(ids, d.ID)
	}
	day := func(y, m, d int) law.Day { return law.NewDay(y, 1, 1).AddMonths(m - 1).Add(d - 1) }
	periods := map[string]stat.Period{
		"this year":       {From: day(2026, 1, 1), To: today, AsOf: today},
		"whole months":    {From: day(2025, 11, 1), To: day(2026, 1, 31), AsOf: today},
		"parts of months": {From: day(2025, 10, 9), To: day(2026, 2, 11), AsOf: today},
		"within a month":  {From: day(2026, 2, 3), To: day(2026, 2, 20), AsOf: today},
		"as of then":      {From: day(2025, 10, 9), To: day(2026, 2, 28), AsOf: day(2026, 2, 28)},
		"as of earlier":   {From: day(2025, 1, 1), To: today, AsOf: day(2025, 12, 5)},
		"before all":      {From: day(2019, 1, 1), To: day(2019, 12, 31), AsOf: today},
		"ahead":           {From: day(2025, 1, 1), To: day(2027, 1, 1), AsOf: day(2027, 1, 1)},
	}
	chance := rand.New(rand.NewPCG(1, 2))
	pick := func(n int) int { return chance.IntN(n) }
	names := slices.Sorted(maps.Keys(periods))
	narrowed := []usecase.FigureAsk{{}, {}, {Place: 330112104}, {Category: "N05"}, {Place: 330112104202}, {Place: 330112, Category: "N01"}}
	askers := []string{"system", "leader", "hr-head", "discipline", "city-head", "village"}
	compare := func(t *testing.T, times int) {
		t.Helper()
		facts, err := o.EveryFact(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for range times {
			name, who, ask := names[pick(len(names))], askers[pick(len(askers))], narrowed[pick(len(narrowed))]
			ask.Indicators, ask.Period, ask.By = ids, periods[name], usecase.StatBys()[pick(len(usecase.StatBys()))]
			want, err := o.CountedFrom(facts, people[who], ask)
			if err != nil {
				t.Fatal(err)
			}
			got, err := o.Figures(t.Context(), people[who], ask)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
				t.Fatalf("%s, %+v, for %s:\n%s", name, ask, who, d)
			}
		}
	}
	compare(t, 40) // all of it waits
	if err := o.FoldSome(t.Context(), 9); err != nil {
		t.Fatal(err)
	}
	compare(t, 40)
	fold(t, o)
	compare(t, 150)
	agree(t, o)
	// a week on, periods of law have passed while nobody did anything
	o.now.Add(7 * 24 * 3600 * 1_000_000)
	for name, p := range periods {
		if p.AsOf == today {
			p.AsOf = today.Add(7)
			periods[name] = p
		}
	}
	compare(t, 40)
	fold(t, o)
	compare(t, 40)
	agree(t, o)
}

func fold(t *testing.T, o *testOffice) {
	t.Helper()
	if _, err := o.Fold(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// agree fails the test if anything kept beside the events does not follow from them.
func agree(t *testing.T, o *testOffice) {
	t.Helper()
	r, err := o.Rebuild(t.Context(), org.System(), usecase.RebuildOptions{})
	if err != nil || len(r.Differences) > 0 {
		t.Fatal(fmt.Sprint(r.Differences), err)
	}
}
