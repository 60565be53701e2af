package law_test

import (
	"encoding/json"
	"os"
	"sort"
	"testing"
	"time"

	"pgregory.net/rapid"

	"huiyin/internal/law"
)

// oracle answers with dates as text, sorted lists and search, from its own reading of the data: nothing of the
// package's arithmetic.
type oracle struct {
	worked   []string // every working day from 2003 to 2035, sorted
	isWorked map[string]bool
}

const lastPublished = "2026-12-31"

func newOracle(t testing.TB) oracle {
	t.Helper()
	data, err := os.ReadFile("data/calendar.json")
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Off  []struct{ Day string }
		Work []string
	}
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	rest, extra := map[string]bool{}, map[string]bool{}
	for _, off := range doc.Off {
		rest[off.Day] = true
	}
	for _, work := range doc.Work {
		extra[work] = true
	}
	o := oracle{isWorked: map[string]bool{}}
	for at := time.Date(2003, 1, 1, 12, 0, 0, 0, time.UTC); at.Year() < 2036; at = at.AddDate(0, 0, 1) {
		text := at.Format("2006-01-02")
		week := at.Format("Mon")
		works := week != "Sat" && week != "Sun"
		if text > lastPublished || text < "2004-01-01" {
			switch at.Format("01-02") {
			case "01-01", "05-01", "05-02", "10-01", "10-02", "10-03":
				works = false
			}
		} else if rest[text] {
			works = false
		} else if extra[text] {
			works = true
		}
		if works {
			o.worked = append(o.worked, text)
			o.isWorked[text] = true
		}
	}
	return o
}

// after returns the place of the first working day after a date.
func (o oracle) after(date string) int {
	return sort.Search(len(o.worked), func(i int) bool { return o.worked[i] > date })
}

// onOrAfter and onOrBefore roll a date.
func (o oracle) onOrAfter(date string) string { return o.worked[sort.SearchStrings(o.worked, date)] }

func (o oracle) onOrBefore(date string) string { return o.worked[o.after(date)-1] }

func plus(t testing.TB, date string, days int) string {
	t.Helper()
	at, err := time.Parse(time.RFC3339, date+"T12:00:00Z")
	if err != nil {
		t.Fatal(err)
	}
	return at.AddDate(0, 0, days).Format("2006-01-02")
}

// Every number of working days from 1 to 60, from every day of 2018 to 2026, and past the end of the calendar.
func TestWorkingDaysExhaustively(t *testing.T) {
	o := newOracle(t)
	cal := law.DefaultCalendar()
	r := rule(t, "D04")
	checked := 0
	for from := law.NewDay(2018, time.January, 1); from <= law.NewDay(2026, time.December, 31); from++ {
		at := o.after(from.String())
		for n := 1; n <= 60; n++ {
			r.N = n
			want := o.worked[at+n-1]
			nominal, legal, safe, provisional := law.Ends(r, from, cal)
			if got := nominal.String(); got != want || legal != nominal || safe != nominal || provisional != (want > lastPublished) {
				t.Fatalf("%v + %d working days: nominal %v, legal %v, safe %v, provisional %v; want %s", from, n, nominal, legal, safe, provisional, want)
			}
			checked++
		}
	}
	if checked != 3287*60 {
		t.Errorf("checked %d", checked)
	}
}

// Every calendar length of the petition law, from every day of 2004 to 2026.
func TestCalendarDaysExhaustively(t *testing.T) {
	o := newOracle(t)
	cal := law.DefaultCalendar()
	r := rule(t, "D05")
	for from := law.NewDay(2004, time.January, 1); from <= law.NewDay(2026, time.December, 31); from++ {
		for _, n := range []int{1, 5, 15, 30, 60, 90} {
			r.N = n
			end := plus(t, from.String(), n)
			nominal, legal, safe, provisional := law.Ends(r, from, cal)
			wantLegal, wantSafe := o.onOrAfter(end), o.onOrBefore(end)
			if nominal.String() != end || legal.String() != wantLegal || safe.String() != wantSafe {
				t.Fatalf("%v + %d: %v, %v, %v; want %s, %s, %s", from, n, nominal, legal, safe, end, wantLegal, wantSafe)
			}
			if provisional != (wantLegal > lastPublished) {
				t.Fatalf("%v + %d ends %s: provisional %v", from, n, wantLegal, provisional)
			}
		}
	}
}

func TestComputeProperties(t *testing.T) {
	o := newOracle(t)
	cal := law.DefaultCalendar()
	d05, d04 := rule(t, "D05"), rule(t, "D04")
	rapid.Check(t, func(t *rapid.T) {
		r := d05
		if rapid.Bool().Draw(t, "working") {
			r = d04
			r.ExtendN = rapid.IntRange(0, 30).Draw(t, "extend")
		}
		r.N = rapid.IntRange(1, 120).Draw(t, "n")
		r.Roll = rapid.SampledFrom([]law.Roll{law.RollNone, law.NextWorking}).Draw(t, "roll")
		from := law.NewDay(2004, time.January, 1) + law.Day(rapid.IntRange(0, 9000).Draw(t, "from"))
		var opts []law.Option
		days, approved := 0, law.NoDay
		if rapid.Bool().Draw(t, "extended") {
			days = rapid.IntRange(-1, 35).Draw(t, "days")
			approved = from.Add(rapid.IntRange(-3, 200).Draw(t, "approved"))
			opts = append(opts, law.Extended(days, approved))
		}
		got := law.Compute(r, from, cal, opts...)

		// the naive way: walk day by day, count, then walk on
		walk := func(at law.Day, n int) law.Day {
			for n > 0 {
				at++
				if r.Unit == law.CalendarDays || o.isWorked[at.String()] {
					n--
				}
			}
			return at
		}
		last := func(at law.Day) law.Day {
			for r.Roll == law.NextWorking && !o.isWorked[at.String()] {
				at++
			}
			return at
		}
		end := walk(from, r.N)
		lawful := days >= 1 && days <= r.ExtendN && approved >= from && approved <= last(end)
		if lawful {
			end = walk(end, days)
		}
		if got.NominalEnd != end || got.LegalEnd != last(end) {
			t.Fatalf("%+v from %v extended %d on %v: %v, %v; want %v, %v", r, from, days, approved, got.NominalEnd, got.LegalEnd, end, last(end))
		}
		if refused := law.CheckExtension(r, from, cal, days, approved); days != 0 && (refused == nil) != lawful {
			t.Fatalf("extension by %d on %v: %v, lawful %v", days, approved, refused, lawful)
		}

		switch {
		case got.SafeEnd > got.NominalEnd, got.NominalEnd > got.LegalEnd:
			t.Fatalf("safe %v, nominal %v, legal %v are out of order", got.SafeEnd, got.NominalEnd, got.LegalEnd)
		case !o.isWorked[got.SafeEnd.String()]:
			t.Fatalf("the safe end %v is not worked", got.SafeEnd)
		case r.Unit == law.CalendarDays && got.NominalEnd > from.Add(r.N+r.ExtendN):
			t.Fatalf("%v is later than the law ever allows", got.NominalEnd)
		case r.Unit == law.WorkingDays && !o.isWorked[got.LegalEnd.String()]:
			t.Fatalf("%v is not worked", got.LegalEnd)
		}
		nominal, legal, safe, provisional := law.Ends(r, from, cal, opts...)
		if nominal != got.NominalEnd || legal != got.LegalEnd || safe != got.SafeEnd || provisional != got.Provisional {
			t.Fatalf("Ends differs from Compute")
		}
		later := law.Compute(r, from.Add(1), cal)
		if now := law.Compute(r, from, cal); later.NominalEnd < now.NominalEnd || later.LegalEnd < now.LegalEnd || later.SafeEnd < now.SafeEnd {
			t.Fatalf("a day later ends earlier: %v, then %v", now, later)
		}

		results := 0
		for _, s := range got.Steps {
			if s.Result {
				results++
				if s.Day != got.LegalEnd {
					t.Fatalf("the derivation ends on %v, the period on %v", s.Day, got.LegalEnd)
				}
			}
		}
		if results != 1 {
			t.Fatalf("%d results in %v", results, short(got))
		}
	})
}

func BenchmarkEnds(b *testing.B) {
	cal, d05, d04 := law.DefaultCalendar(), rule(b, "D05"), rule(b, "D04")
	from := day(b, "2025-08-05")
	b.Run("calendar", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			law.Ends(d05, from, cal)
		}
	})
	b.Run("extended", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			law.Ends(d05, from, cal, law.Extended(30, from))
		}
	})
	b.Run("working", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			law.Ends(d04, from, cal)
		}
	})
}

func BenchmarkCompute(b *testing.B) {
	cal, d05, from := law.DefaultCalendar(), rule(b, "D05"), day(b, "2025-08-05")
	b.ReportAllocs()
	for b.Loop() {
		law.Compute(d05, from, cal)
	}
}

func BenchmarkDefaultCalendar(b *testing.B) {
	for b.Loop() {
		law.DefaultCalendar()
	}
}
