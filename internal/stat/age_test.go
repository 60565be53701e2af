package stat

import (
	"testing"
	"time"

	"huiyin/internal/law"
)

// Every age lies in one band, and in the period of that band alone.
func TestAges(t *testing.T) {
	asOf := law.NewDay(2026, time.November, 22)
	for age, band := range map[int]int{0: 0, 15: 0, 16: 1, 30: 1, 31: 2, 60: 2, 61: 3, 90: 3, 91: 4, 180: 4, 181: 5, 365: 5, 366: 6, 4000: 6} {
		day := asOf.Add(-age)
		for i, a := range Ages() {
			if p := a.Period(asOf); (p.From <= day && day <= p.To) != (i == band) || p.AsOf != asOf {
				t.Errorf("%d days and %+v: %v to %v", age, a, p.From, p.To)
			}
		}
	}
}

func TestMonthsUpToADay(t *testing.T) {
	for _, tt := range []struct {
		asOf        law.Day
		n           int
		first, last string
		to          law.Day
	}{
		{law.NewDay(2026, time.November, 22), 12, "2025-12", "2026-11", law.NewDay(2026, time.November, 22)},
		{law.NewDay(2026, time.January, 31), 12, "2025-02", "2026-01", law.NewDay(2026, time.January, 31)},
		{law.NewDay(2024, time.March, 1), 2, "2024-02", "2024-03", law.NewDay(2024, time.March, 1)},
	} {
		list := Period{To: tt.asOf, AsOf: tt.asOf}.Months(tt.n, true)
		if got := list[len(list)-1]; len(list) != tt.n || list[0].Name() != tt.first || got.Name() != tt.last || got.To != tt.to {
			t.Errorf("%v: %v", tt.asOf, list)
		}
		for i, p := range list[1:] {
			if p.From != list[i].To+1 || p.AsOf != p.To {
				t.Errorf("%v follows %v", p, list[i])
			}
		}
		if s := Whole(list); s.From != list[0].From || s.To != tt.asOf || s.AsOf != tt.asOf {
			t.Errorf("span %v", s)
		}
	}
}

func TestWeek(t *testing.T) {
	for _, tt := range []struct{ day, monday law.Day }{
		{law.NewDay(2026, time.November, 22), law.NewDay(2026, time.November, 16)}, // Sunday
		{law.NewDay(2026, time.November, 23), law.NewDay(2026, time.November, 23)},
		{law.NewDay(2026, time.November, 25), law.NewDay(2026, time.November, 23)},
	} {
		now, before := Week(tt.day)
		if now != (Period{From: tt.monday, To: tt.day, AsOf: tt.day}) || before != (Period{From: tt.monday - 7, To: tt.day - 7, AsOf: tt.day - 7}) {
			t.Errorf("%v: %v, %v", tt.day, now, before)
		}
	}
}
