package periodic_test

import (
	"testing"
	"time"

	"huiyin/internal/law"
	"huiyin/internal/periodic"
)

func day(t *testing.T, text string) law.Day {
	t.Helper()
	d, err := law.ParseDay(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// A period is whole, or goes up to the day of the report; what it is compared with is equally long and stood as long after its end.
func TestPeriods(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		kind                           periodic.Kind
		of, asOf                       string
		from, to                       string
		beforeFrom, beforeTo, beforeAs string
		yearFrom, yearTo, yearAs       string
		part                           bool
	}{
		{"week", "2026-11-18", "2026-11-23", "2026-11-16", "2026-11-22", "2026-11-09", "2026-11-15", "2026-11-16", "2025-11-17", "2025-11-23", "2025-11-24", false},
		{"week", "2026-11-22", "2026-11-22", "2026-11-16", "2026-11-22", "2026-11-09", "2026-11-15", "2026-11-15", "2025-11-17", "2025-11-23", "2025-11-23", false},
		{"week", "2026-11-16", "2026-11-18", "2026-11-16", "2026-11-18", "2026-11-09", "2026-11-11", "2026-11-11", "2025-11-17", "2025-11-19", "2025-11-19", true},
		{"month", "2026-03-05", "2026-04-01", "2026-03-01", "2026-03-31", "2026-02-01", "2026-02-28", "2026-03-01", "2025-03-01", "2025-03-31", "2025-04-01", false},
		{"month", "2026-03-30", "2026-03-30", "2026-03-01", "2026-03-30", "2026-02-01", "2026-02-28", "2026-02-28", "2025-03-01", "2025-03-30", "2025-03-30", true},
		{"month", "2026-01-10", "2026-02-02", "2026-01-01", "2026-01-31", "2025-12-01", "2025-12-31", "2026-01-02", "2025-01-01", "2025-01-31", "2025-02-02", false},
		{"year", "2025-06-01", "2026-01-05", "2025-01-01", "2025-12-31", "2024-01-01", "2024-12-31", "2025-01-05", "2024-01-01", "2024-12-31", "2025-01-05", false},
	} {
		p := tt.kind.Periods(day(t, tt.of), day(t, tt.asOf))
		got := []law.Day{p.Now.From, p.Now.To, p.Now.AsOf, p.Before.From, p.Before.To, p.Before.AsOf, p.Year.From, p.Year.To, p.Year.AsOf}
		for i, want := range []string{tt.from, tt.to, tt.asOf, tt.beforeFrom, tt.beforeTo, tt.beforeAs, tt.yearFrom, tt.yearTo, tt.yearAs} {
			if got[i].String() != want {
				t.Errorf("%s of %s as of %s: %d is %s, not %s", tt.kind, tt.of, tt.asOf, i, got[i], want)
			}
		}
		if p.Part(tt.kind) != tt.part {
			t.Errorf("%s of %s as of %s: part %v", tt.kind, tt.of, tt.asOf, !tt.part)
		}
	}
}

// A weekly report is due on Monday, the others on the first working day; after a gap the newest alone, and it is known how many were missed.
func TestDue(t *testing.T) {
	t.Parallel()
	working := func(d law.Day) bool {
		y, m, dd := d.Date()
		rest := m == time.January && dd <= 3 || m == time.October && dd <= 7
		return y == 2026 && !rest && d.Weekday() != time.Saturday && d.Weekday() != time.Sunday
	}
	for _, tt := range []struct {
		kind            periodic.Kind
		today           string
		due, on, nextTo string
	}{
		{"week", "2026-11-22", "2026-11-15", "2026-11-23", "2026-11-22"},
		{"week", "2026-11-23", "2026-11-22", "2026-11-30", "2026-11-29"},
		{"month", "2026-11-01", "2026-09-30", "2026-11-02", "2026-10-31"},
		{"month", "2026-11-02", "2026-10-31", "2026-12-01", "2026-11-30"},
		{"month", "2026-10-07", "2026-08-31", "2026-10-08", "2026-09-30"},
		{"year", "2026-01-04", "2024-12-31", "2026-01-05", "2025-12-31"},
		{"year", "2026-01-05", "2025-12-31", "2027-01-01", "2026-12-31"}, // nothing is known of 2027: the first day
	} {
		if got := tt.kind.Due(day(t, tt.today), working); got.String() != tt.due {
			t.Errorf("%s on %s: due to %s, not %s", tt.kind, tt.today, got, tt.due)
		}
		if on, to := tt.kind.Next(day(t, tt.today), working); on.String() != tt.on || to.String() != tt.nextTo {
			t.Errorf("%s on %s: next on %s to %s", tt.kind, tt.today, on, to)
		}
	}
	for _, tt := range []struct {
		kind      periodic.Kind
		done, due string
		missed    int
	}{
		{"week", "2026-11-15", "2026-11-22", 0},
		{"week", "2026-11-01", "2026-11-22", 2},
		{"month", "2026-07-31", "2026-10-31", 2},
		{"year", "2024-12-31", "2025-12-31", 0},
		{"month", "2026-10-31", "2026-10-31", 0},
	} {
		if got := tt.kind.Missed(day(t, tt.done), day(t, tt.due)); got != tt.missed {
			t.Errorf("%s from %s to %s: %d missed, not %d", tt.kind, tt.done, tt.due, got, tt.missed)
		}
	}
}
