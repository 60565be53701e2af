package stat

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/org"
)

// tally counts an indicator over facts given as measure and number, all of one day.
func tally(t *testing.T, id string, counts map[Measure]int) Figure {
	t.Helper()
	i, err := Find(id)
	if err != nil {
		t.Fatal(err)
	}
	p := Period{From: 100, To: 200, AsOf: 300}
	sum := NewTally(i, p)
	for m, n := range counts {
		sum.Add(Fact{Measure: m, Basis: 150, Day: 160, N: n}, "")
		for _, out := range []Fact{{Basis: 99, Day: 160}, {Basis: 201, Day: 250}, {Basis: 150, Day: 301}} { // outside of the period, or not known yet
			out.Measure, out.N = m, 1000
			sum.Add(out, "")
		}
	}
	return sum.Figure("")
}

// The worked examples of the field (M1, M4, M7): exact numerators and denominators, and no share of nothing.
func TestShares(t *testing.T) {
	for _, tt := range []struct {
		name, id string
		counts   map[Measure]int
		sum, of  int
		hundreds int
		known    bool
	}{
		{"M1 96 in time, 14 late, 10 overdue", "timely_acceptance_bureau", map[Measure]int{"dispose.in_time": 96, "dispose.late": 14, "dispose.overdue": 10, "dispose.pending": 7}, 96, 120, 8000, true},
		{"M4 40 repeats of 400", "repeat", map[Measure]int{Repeats: 40, Firsts: 360, Submissions: 400}, 40, 400, 1000, true},
		{"M4 variant: 12 of 200 came again", "came_again", map[Measure]int{CameAgain: 12, Completed: 200}, 12, 200, 600, true},
		{"M4 at most 188 of 200 at the first time", "solved_once", map[Measure]int{SolvedOnce: 188, Completed: 200}, 188, 200, 9400, true},
		{"M7 nobody was asked yet", "participation", nil, 0, 0, 0, false},
		{"M7 nobody has rated", "satisfaction_handling", map[Measure]int{"handling.unrated": 0}, 0, 0, 0, false},
		{"silence is not content", "satisfaction_handling", map[Measure]int{"handling.unrated": 50, "handling.satisfied": 1, "handling.dissatisfied": 1}, 1, 2, 5000, true},
		{"silence lowers participation alone", "participation", map[Measure]int{"handling.unrated": 2, "handling.basically": 1}, 1, 3, 3333, true},
		{"A counts what is not yet due", "on_time_a", map[Measure]int{"answer.in_time": 2, "answer.pending": 1}, 2, 3, 6667, true},
		{"B does not", "on_time_b", map[Measure]int{"answer.in_time": 2, "answer.pending": 1}, 2, 2, 10000, true},
		{"of what was transferred, 3 of 4 due", "transferred_on_time", map[Measure]int{"transferred.in_time": 3, "transferred.late": 1, "answer.in_time": 9}, 3, 4, 7500, true},
		{"answers and reports together, 8 of 10 due", "all_on_time", map[Measure]int{"answer.in_time": 5, "report.in_time": 3, "answer.overdue": 1, "report.late": 1, "answer.pending": 7}, 8, 10, 8000, true},
		{"5 of 8 first items were contacted", "contacted", map[Measure]int{Contacted: 5, Firsts: 8, Repeats: 4}, 5, 8, 6250, true},
		{"nothing came, nobody to contact", "contacted", nil, 0, 0, 0, false},
		{"all missed is nought, and known", "on_time_b", map[Measure]int{"answer.overdue": 3}, 0, 3, 0, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := tally(t, tt.id, tt.counts)
			if f.Sum != tt.sum || f.Of != tt.of || f.Hundredths() != tt.hundreds || f.Known() != tt.known {
				t.Errorf("%+v, %d, known %v", f, f.Hundredths(), f.Known())
			}
		})
	}
}

// M5: exactly a fifth is not more than a fifth, and a fall trips a warning as a rise does.
func TestChangeAndWarning(t *testing.T) {
	for _, tt := range []struct {
		now, before, hundredths int
		known                   bool
	}{{66, 55, 2000, true}, {66, 61, 820, true}, {50, 100, -5000, true}, {5, 0, 0, false}, {0, 3, -10000, true}, {2, 3, -3333, true}} {
		if h, known := Change(tt.now, tt.before); h != tt.hundredths || known != tt.known {
			t.Errorf("%d after %d: %d, %v", tt.now, tt.before, h, known)
		}
	}
	for _, tt := range []struct {
		now, lastYear, before int
		want                  Warning
	}{{66, 55, 61, Abnormal}, {67, 55, 61, Alarm}, {110, 100, 100, Steady}, {111, 100, 0, Abnormal}, {79, 100, 79, Alarm}, {5, 0, 0, Steady}} {
		if got := Warn(tt.now, tt.lastYear, tt.before); got != tt.want {
			t.Errorf("%+v: %s", tt, got)
		}
	}
}

// M6: the balance closes, or it is no balance.
func TestBalance(t *testing.T) {
	b := Balance{Opening: 200, Added: 45, Ended: 60, MovedOut: 5, Closing: 180}
	if !b.Closes() {
		t.Errorf("%+v does not close", b)
	}
	if b.Closing = 181; b.Closes() {
		t.Errorf("%+v closes", b)
	}
	facts := []Fact{
		{Measure: Stock, Day: 90, N: 1},
		{Measure: Added, Basis: 90, Day: 90, N: 1}, // before the period
		{Measure: Stock, Day: 120, N: 1},
		{Measure: Added, Day: 120, N: 1},
		{Measure: Stock, Day: 130, N: -1},
		{Measure: Ended, Day: 130, N: 1},
		{Measure: Stock, Day: 210, N: -1},
		{Measure: Ended, Day: 210, N: 1}, // after it
	}
	if got := Balanced(facts, Period{From: 100, To: 200, AsOf: 300}); got != (Balance{Opening: 1, Added: 1, Ended: 1, Closing: 1}) || !got.Closes() {
		t.Errorf("%+v", got)
	}
}

func TestTimes(t *testing.T) {
	times := Times{1: 1, 5: 2, 9: 1, 40: 1, 7: 0}
	if n, middle, most := times.Count(), times.At(1, 2), times.At(9, 10); n != 5 || middle != 5 || most != 40 {
		t.Errorf("%d counted, median %d, ninth tenth %d", n, middle, most)
	}
	if (Times{}).At(1, 2) != 0 || (Figure{Kind: KindTime}).Known() {
		t.Error("the middle of nothing is known")
	}
}

// A rank is a number of days that was taken, and no fewer than the share were done within it.
func TestTimesAreRanks(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		days := rapid.SliceOfN(rapid.IntRange(0, 50), 1, 40).Draw(rt, "days")
		part := rapid.IntRange(1, 10).Draw(rt, "part")
		times := Times{}
		for _, d := range days {
			times[d]++
		}
		slices.Sort(days)
		if got, want := times.At(part, 10), days[(len(days)*part+9)/10-1]; got != want {
			rt.Errorf("%d tenths of %v are done within %d, want %d", part, days, got, want)
		}
	})
}

// Every definition is of measures there are, has a name and a source in both languages, and a share alone divides.
func TestIndicators(t *testing.T) {
	list, err := Indicators()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, i := range list {
		if seen[i.ID] || i.Name == "" || i.English == "" || i.Source == "" || i.SourceEnglish == "" || i.Basis == "" || (i.Variant == "") != (i.VariantEng == "") {
			t.Errorf("%+v", i)
		}
		seen[i.ID] = true
		if (i.Kind == KindShare) != (len(i.Of) > 0) || len(i.Sum) == 0 {
			t.Errorf("%s divides %v by %v", i.ID, i.Sum, i.Of)
		}
		if left, has := i.Left(); has != (i.Stock != "") || has && left.Kind != KindStock {
			t.Errorf("%s divides by %s", i.ID, i.Stock)
		}
		for _, m := range slices.Concat(i.Sum, i.Divisor()) {
			if !slices.Contains(Measures(), m) {
				t.Errorf("%s is of %s, which nothing counts", i.ID, m)
			}
		}
		for _, m := range i.Sum {
			if i.Kind == KindShare && i.ID != "repeat" && i.ID != "group_batches" && i.ID != "online" && i.ID != "came_again" && i.ID != "solved_once" && i.ID != "settled" && i.ID != "extended" && i.ID != "contacted" && i.ID != "backlog_resolution" && !strings.HasPrefix(i.ID, "reached_") &&
				!slices.Contains(i.Of, m) {
				t.Errorf("%s: %s is above the line and not below it", i.ID, m)
			}
		}
	}
	if _, err := Find("nothing"); errs.KindOf(err) != errs.NotFound {
		t.Errorf("an indicator there is not: %v", err)
	}
}

// Groups add up to the whole, whatever the facts.
func TestGroupsAddUp(t *testing.T) {
	i, err := Find("on_time_a")
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(rt *rapid.T) {
		all, groups := NewTally(i, Period{From: 10, To: 40, AsOf: 45}), NewTally(i, Period{From: 10, To: 40, AsOf: 45})
		day := rapid.Custom(func(rt *rapid.T) law.Day { return law.Day(rapid.IntRange(0, 60).Draw(rt, "day")) })
		for range rapid.IntRange(0, 60).Draw(rt, "facts") {
			f := Fact{
				Measure: rapid.SampledFrom(Measures()).Draw(rt, "measure"), Basis: day.Draw(rt, "basis"), Day: day.Draw(rt, "from"),
				Unit: org.UnitID(rapid.IntRange(1, 4).Draw(rt, "unit")), N: rapid.SampledFrom([]int{1, -1}).Draw(rt, "n"),
			}
			all.Add(f, "")
			groups.Add(f, string(rune('0'+f.Unit)))
		}
		sum, of := 0, 0
		for _, g := range groups.Groups() {
			sum, of = sum+groups.Figure(g).Sum, of+groups.Figure(g).Of
		}
		if f := all.Figure(""); f.Sum != sum || f.Of != of {
			rt.Errorf("%+v of all, %d of %d in groups", f, sum, of)
		}
	})
}
