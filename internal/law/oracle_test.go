package law_test

import (
	"os"
	"sort"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"huiyin/internal/law"
)

// oracle answers with dates as text, sorted lists and search, from what the functions of the npm package chinese-days say of
// each day (testdata/workdays.txt): nothing of this package's arithmetic, and not its reading of the data. The script that
// wrote the file has checked that counting along it gives what the package's own findWorkday gives, for every start and
// every n from 1 to 60.
type oracle struct {
	worked   []string // every working day from 2003 to 2035, sorted
	isWorked map[string]bool
	said     map[string]bool // what chinese-days says, its guesses for 2027 included
}

const (
	firstPublished = "2004-01-01"
	lastPublished  = "2026-12-31"
)

func newOracle(t testing.TB) oracle {
	t.Helper()
	data, err := os.ReadFile("testdata/workdays.txt")
	if err != nil {
		t.Fatal(err)
	}
	o := oracle{isWorked: map[string]bool{}, said: map[string]bool{}}
	for line := range strings.Lines(string(data)) {
		year, marks, _ := strings.Cut(strings.TrimSpace(line), " ")
		at, err := time.Parse("2006", year)
		if err != nil {
			continue // the heading
		}
		for i, mark := range marks {
			o.said[at.AddDate(0, 0, i).Format(time.DateOnly)] = mark == 'w'
		}
	}
	if len(o.said) != 24*365+6 {
		t.Fatalf("%d days from 2004 to 2027", len(o.said))
	}
	for at := time.Date(2003, 1, 1, 12, 0, 0, 0, time.UTC); at.Year() < 2036; at = at.AddDate(0, 0, 1) {
		text := at.Format("2006-01-02")
		works := o.said[text]
		if text > lastPublished || text < firstPublished {
			week := at.Format("Mon")
			works = week != "Sat" && week != "Sun"
			switch at.Format("01-02") {
			case "01-01", "05-01", "05-02", "10-01", "10-02", "10-03":
				works = false
			}
		}
		if works {
			o.worked = append(o.worked, text)
			o.isWorked[text] = true
		}
	}
	return o
}

// Every day on which the two disagree, and why. Within what the State Council has published there is none.
func TestDisagreementsWithChineseDays(t *testing.T) {
	o, cal := newOracle(t), law.DefaultCalendar()
	fixed := "2027 is not published: chinese-days takes the weekday alone, we know the holidays whose date is fixed by law"
	reasons := map[string]string{"2027-01-01": fixed, "2027-10-01": fixed}
	for text, says := range o.said {
		working, published := cal.Working(day(t, text))
		if reason, known := reasons[text]; (working != says) != known || published != (text <= lastPublished) {
			t.Errorf("%s: working %v, chinese-days %v, published %v (%s)", text, working, says, published, reason)
		}
	}
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

// Every number of working days from 1 to 60, from every day of 2004 to 2026, and past the end of the calendar.
func TestWorkingDaysExhaustively(t *testing.T) {
	o := newOracle(t)
	cal := law.DefaultCalendar()
	r := rule(t, "D04")
	checked := 0
	for from := law.NewDay(2004, time.January, 1); from <= law.NewDay(2026, time.December, 31); from++ {
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
	if checked != 8401*60 {
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
			if r.ExtendN = rapid.IntRange(0, 30).Draw(t, "extend"); r.ExtendN > 0 {
				r.ExtendBy = "head"
			}
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
		case got.LegalEnd > law.LatestLegal(got.SafeEnd, cal):
			t.Fatalf("safe %v, legal %v: after %v", got.SafeEnd, got.LegalEnd, law.LatestLegal(got.SafeEnd, cal))
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

// Pauses: what Compute gives from scratch is what counting on from pause to pause gives, and what walking day by day gives.
// A pause moves the end by the days it took and by nothing else, and never does so where the law knows none.
func TestPauseProperties(t *testing.T) {
	cal := law.DefaultCalendar()
	d10b, d08, d43 := rule(t, "D10b"), rule(t, "D08"), rule(t, "D43")
	rapid.Check(t, func(t *rapid.T) {
		r := rapid.SampledFrom([]law.Rule{d10b, d43}).Draw(t, "rule")
		r.N = rapid.IntRange(1, 60).Draw(t, "n")
		from := law.NewDay(2004, time.January, 1) + law.Day(rapid.IntRange(0, 7500).Draw(t, "from"))
		var opts []law.Option
		still := map[law.Day]bool{}
		for range rapid.IntRange(0, 4).Draw(t, "pauses") {
			begin := from.Add(rapid.IntRange(-2, 100).Draw(t, "begin"))
			end := begin.Add(rapid.IntRange(-1, 20).Draw(t, "long"))
			before := law.Compute(r, from, cal, opts...)
			refused := law.CheckPause(r, from, cal, begin, end, opts...)
			lawful := begin >= from && end >= begin && begin <= before.NominalEnd
			if (refused == nil) != lawful {
				t.Fatalf("a pause from %v to %v in %v to %v: %v", begin, end, from, before.NominalEnd, refused)
			}
			if !lawful {
				continue // they are lawful one after the other, so that their order does not matter
			}
			opts = append(opts, law.Paused(begin, end))
			for d := begin; d <= end; d++ {
				still[d] = true
			}
		}
		got := law.Compute(r, from, cal, opts...)
		walked, last := from, law.NoDay
		for n := r.N; n > 0; {
			walked++
			if working, _ := cal.Working(walked); !still[walked] && (r.Unit == law.CalendarDays || working) {
				n, last = n-1, walked
			}
		}
		if got.NominalEnd != last {
			t.Fatalf("%v + %d with %v: %v, walked %v", from, r.N, still, got.NominalEnd, last)
		}
		if shuffled := law.Compute(r, from, cal, rapid.Permutation(opts).Draw(t, "order")...); shuffled.NominalEnd != last {
			t.Fatalf("another order gives %v, not %v", shuffled.NominalEnd, last)
		}
		// count on from any day on the way: what is left of the period from there
		cut := from.Add(rapid.IntRange(0, int(last-from)).Draw(t, "cut"))
		left := r.N
		for d := from + 1; d <= cut; d++ {
			if working, _ := cal.Working(d); !still[d] && (r.Unit == law.CalendarDays || working) {
				left--
			}
		}
		if left > 0 {
			rest := r
			rest.N = left
			var later []law.Option
			for d := range still {
				if d > cut && d <= last {
					later = append(later, law.Paused(d, d))
				}
			}
			if on := law.Compute(rest, cut, cal, later...); on.NominalEnd != last {
				t.Fatalf("counted on from %v with %d left: %v, not %v", cut, left, on.NominalEnd, last)
			}
		}
		if got.SafeEnd > got.LegalEnd {
			t.Fatalf("safe %v after legal %v", got.SafeEnd, got.LegalEnd)
		}
		if plain := law.Compute(d08, from, cal); law.Compute(d08, from, cal, opts...).LegalEnd != plain.LegalEnd {
			t.Fatalf("a first review paused")
		}
	})
}

// The rules as shipped, on any day: no handling ever takes more than 60 and 30 days as counted, a period that ends on a
// working day is not rolled, and the safe end is never after the legal one.
func TestShippedRulesProperties(t *testing.T) {
	book, cal := law.DefaultBook(), law.DefaultCalendar()
	var all []law.Rule
	for _, set := range book.Sets() {
		all = append(all, book.RulesOf(set.ID)...)
	}
	d05 := rule(t, "D05")
	rapid.Check(t, func(t *rapid.T) {
		from := law.NewDay(2004, time.January, 1) + law.Day(rapid.IntRange(0, 8400).Draw(t, "from"))
		r := all[rapid.IntRange(0, len(all)-1).Draw(t, "rule")]
		var opts []law.Option
		for range rapid.IntRange(0, 3).Draw(t, "extensions") {
			opts = append(opts, law.Extended(rapid.IntRange(-5, 100).Draw(t, "days"), from.Add(rapid.IntRange(-5, 120).Draw(t, "approved"))))
		}
		if end := law.Compute(d05, from, cal, opts...).NominalEnd; end > from.Add(90) || end < from.Add(60) {
			t.Fatalf("60 and 30 days from %v end %v", from, end)
		}
		if r.Unit == law.NamedDay {
			opts = append(opts, law.Fixed(from.Add(rapid.IntRange(0, 100).Draw(t, "named"))))
		}
		d := law.Compute(r, from, cal, opts...)
		working, _ := cal.Working(d.NominalEnd)
		legalWorks, _ := cal.Working(d.LegalEnd)
		switch {
		case !d.Known(), d.SafeEnd > d.LegalEnd && r.Roll != law.PreviousWorking:
			t.Fatalf("%s from %v: %v, %v, %v", r.ID, from, d.NominalEnd, d.LegalEnd, d.SafeEnd)
		case working && d.LegalEnd != d.NominalEnd:
			t.Fatalf("%s from %v ends on the working day %v and moved to %v", r.ID, from, d.NominalEnd, d.LegalEnd)
		case r.Roll != law.RollNone && !legalWorks:
			t.Fatalf("%s from %v ends on a rest day, %v", r.ID, from, d.LegalEnd)
		case r.Before != (d.NominalEnd < from):
			t.Fatalf("%s from %v ends %v", r.ID, from, d.NominalEnd)
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
