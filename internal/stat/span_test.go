package stat

import (
	"testing"

	"pgregory.net/rapid"

	"huiyin/internal/law"
)

func day(t *testing.T, s string) law.Day {
	t.Helper()
	d, err := law.ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestSpans(t *testing.T) {
	for _, tt := range []struct {
		span            Span
		today, from, to string
	}{
		{ThisMonth, "2026-11-22", "2026-11-01", "2026-11-22"},
		{ThisQuarter, "2026-11-22", "2026-10-01", "2026-11-22"},
		{ThisQuarter, "2026-01-01", "2026-01-01", "2026-01-01"},
		{ThisQuarter, "2026-09-30", "2026-07-01", "2026-09-30"},
		{ThisYear, "2026-11-22", "2026-01-01", "2026-11-22"},
		{LastMonth, "2026-01-31", "2025-12-01", "2025-12-31"},
		{LastMonth, "2028-03-31", "2028-02-01", "2028-02-29"},
		{LastYear, "2026-11-22", "2025-01-01", "2025-12-31"},
	} {
		if from, to := tt.span.Days(day(t, tt.today)); from != day(t, tt.from) || to != day(t, tt.to) {
			t.Errorf("%s on %s: %s to %s", tt.span, tt.today, from, to)
		}
	}
}

// The same period a year before, and the one before of the same length (同比, 环比): whole months against whole months, leap days and the ends of months included.
func TestPeriodsBefore(t *testing.T) {
	for _, tt := range []struct{ name, from, to, asOf, yearFrom, yearTo, yearAsOf, from2, to2, asOf2 string }{
		{"a month", "2026-03-01", "2026-03-31", "2026-04-10", "2025-03-01", "2025-03-31", "2025-04-10", "2026-02-01", "2026-02-28", "2026-03-10"},
		{"a quarter", "2026-04-01", "2026-06-30", "2026-06-30", "2025-04-01", "2025-06-30", "2025-06-30", "2026-01-01", "2026-03-31", "2026-03-31"},
		{"a year", "2026-01-01", "2026-12-31", "2026-12-31", "2025-01-01", "2025-12-31", "2025-12-31", "2025-01-01", "2025-12-31", "2025-12-31"},
		{"a February after a leap year's", "2029-02-01", "2029-02-28", "2029-02-28", "2028-02-01", "2028-02-29", "2028-02-29", "2029-01-01", "2029-01-31", "2029-01-31"},
		{"part of a month", "2026-11-01", "2026-11-22", "2026-11-22", "2025-11-01", "2025-11-22", "2025-11-22", "2026-10-01", "2026-10-22", "2026-10-22"},
		{"part of a long month", "2026-03-01", "2026-03-30", "2026-04-02", "2025-03-01", "2025-03-30", "2025-04-02", "2026-02-01", "2026-02-28", "2026-03-03"},
		{"part of a quarter", "2026-10-01", "2026-11-22", "2026-11-22", "2025-10-01", "2025-11-22", "2025-11-22", "2026-07-01", "2026-08-22", "2026-08-22"},
		{"part of a year", "2026-01-01", "2026-11-22", "2026-11-22", "2025-01-01", "2025-11-22", "2025-11-22", "2025-01-01", "2025-11-22", "2025-11-22"},
		{"months that are no part of either", "2026-02-01", "2026-05-10", "2026-05-10", "2025-02-01", "2025-05-10", "2025-05-10", "2025-10-25", "2026-01-31", "2026-01-31"},
		{"any ten days", "2026-03-05", "2026-03-14", "2026-03-20", "2025-03-05", "2025-03-14", "2025-03-20", "2026-02-23", "2026-03-04", "2026-03-10"},
		{"one day", "2026-03-05", "2026-03-05", "2026-03-05", "2025-03-05", "2025-03-05", "2025-03-05", "2026-03-04", "2026-03-04", "2026-03-04"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := Period{From: day(t, tt.from), To: day(t, tt.to), AsOf: day(t, tt.asOf)}
			recorded := p
			recorded.Recorded = p.AsOf // of another period, what was on record as long after its end
			if got := recorded.YearBefore(); got.Recorded != got.AsOf || recorded.Before().Recorded != recorded.Before().AsOf {
				t.Errorf("a year before, as on record on %s", got.Recorded)
			}
			if got, want := p.YearBefore(), (Period{From: day(t, tt.yearFrom), To: day(t, tt.yearTo), AsOf: day(t, tt.yearAsOf)}); got != want {
				t.Errorf("a year before: %s to %s as of %s", got.From, got.To, got.AsOf)
			}
			if got, want := p.Before(), (Period{From: day(t, tt.from2), To: day(t, tt.to2), AsOf: day(t, tt.asOf2)}); got != want {
				t.Errorf("before: %s to %s as of %s", got.From, got.To, got.AsOf)
			}
		})
	}
}

// The period before ends before this one begins, on the day before unless this one begins with a month, and knows as much of what came after it.
func TestPeriodsBeforeMeet(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := Period{From: law.Day(rapid.IntRange(700_000, 760_000).Draw(rt, "from"))}
		p.To = p.From.Add(rapid.IntRange(0, 800).Draw(rt, "length"))
		p.AsOf = p.To.Add(rapid.IntRange(-20, 400).Draw(rt, "as of"))
		if b := p.Before(); b.To >= p.From || b.To != p.From-1 && p.From != monthStart(p.From) || b.From > b.To || b.AsOf-b.To != p.AsOf-p.To {
			rt.Errorf("%s to %s: %s to %s as of %s", p.From, p.To, b.From, b.To, b.AsOf)
		}
		if b := p.YearBefore(); b.From > b.To || p.To-b.To < 365 || p.To-b.To > 366 {
			rt.Errorf("%s to %s: %s to %s a year before", p.From, p.To, b.From, b.To)
		}
	})
}

func TestMonths(t *testing.T) {
	p := Period{From: day(t, "2026-01-01"), To: day(t, "2026-03-20"), AsOf: day(t, "2026-03-25")}
	got := p.Months(3, false)
	want := []Period{
		{From: day(t, "2026-01-01"), To: day(t, "2026-01-31"), AsOf: p.AsOf}, {From: day(t, "2026-02-01"), To: day(t, "2026-02-28"), AsOf: p.AsOf}, {From: day(t, "2026-03-01"), To: p.To, AsOf: p.AsOf},
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("month %d is %v", i, got[i])
		}
	}
	if stock := p.Months(2, true); stock[0].AsOf != day(t, "2026-02-28") || stock[1].AsOf != p.To {
		t.Errorf("of a stock %v", stock)
	}
}

// Shares are compared as fractions, times by their middle; what is not to be had is no nought.
func TestCompare(t *testing.T) {
	share := func(sum, of int) Figure { return Figure{Kind: KindShare, Sum: sum, Of: of} }
	for _, tt := range []struct {
		name string
		a, b Figure
		want int
	}{
		{"a third and a little less", share(1, 3), share(333, 1000), 1},
		{"the same share of more", share(1, 2), share(50, 100), -1},
		{"the same", share(1, 2), share(1, 2), 0},
		{"nought is more than nothing", share(0, 5), share(0, 0), 1},
		{"nothing and nothing", share(0, 0), share(0, 0), 0},
		{"counts", Figure{Kind: KindCount, Sum: 2}, Figure{Kind: KindCount, Sum: 10}, -1},
		{"times", Figure{Kind: KindTime, Times: Times{9: 3}}, Figure{Kind: KindTime, Times: Times{2: 2, 30: 1}}, 1},
	} {
		if got, back := Compare(tt.a, tt.b), Compare(tt.b, tt.a); got != tt.want || back != -tt.want {
			t.Errorf("%s: %d, the other way %d", tt.name, got, back)
		}
	}
	if share(29, 29).Ranked() || !share(0, 30).Ranked() || !(Figure{Kind: KindStock}).Ranked() || (Figure{Kind: KindTime, Times: Times{1: 29}}).Ranked() {
		t.Error("who has a place among others")
	}
	if share(4, 5).Value() != 8000 || (Figure{Kind: KindTime, Times: Times{9: 3}}).Value() != 9 || (Figure{Kind: KindStock, Sum: 7}).Value() != 7 {
		t.Error("figures as whole numbers")
	}
}
