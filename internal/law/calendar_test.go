package law_test

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"huiyin/internal/errs"
	"huiyin/internal/law"
)

// published is the State Council's arrangements of 2024 to 2026 as a second, independent source gives them (the data
// set holiday-cn, which cites the notices): days off with the weekend days of a break, and days made up.
var published = map[int]struct{ off, work string }{
	2024: {
		"01-01 02-10…02-17 04-04…04-06 05-01…05-05 06-10 09-15…09-17 10-01…10-07",
		"02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12",
	},
	2025: {
		"01-01 01-28…02-04 04-04…04-06 05-01…05-05 05-31…06-02 10-01…10-08",
		"01-26 02-08 04-27 09-28 10-11",
	},
	2026: {
		"01-01…01-03 02-15…02-23 04-04…04-06 05-01…05-05 06-19…06-21 09-25…09-27 10-01…10-07",
		"01-04 02-14 02-28 05-09 09-20 10-10",
	},
}

func TestCalendarAgreesWithASecondSource(t *testing.T) {
	cal := law.DefaultCalendar()
	for year, want := range published {
		off, work := map[law.Day]bool{}, map[law.Day]bool{}
		for _, part := range strings.Fields(want.off) {
			first, last, many := strings.Cut(part, "…")
			if !many {
				last = first
			}
			for d := day(t, fmt.Sprint(year, "-", first)); d <= day(t, fmt.Sprint(year, "-", last)); d++ {
				off[d] = true
			}
		}
		for _, part := range strings.Fields(want.work) {
			work[day(t, fmt.Sprint(year, "-", part))] = true
		}
		for d := law.NewDay(year, time.January, 1); d < law.NewDay(year+1, time.January, 1); d++ {
			weekend := d.Weekday() == time.Saturday || d.Weekday() == time.Sunday
			expect := work[d] || (!weekend && !off[d])
			if working, known := cal.Working(d); working != expect || !known {
				t.Errorf("%v: working %v, published %v; want %v, true", d, working, known, expect)
			}
			code, _ := cal.Why(d)
			if strings.HasPrefix(code, "law.why.holiday") != off[d] || strings.HasPrefix(code, "law.why.makeup") != work[d] {
				t.Errorf("%v: %s, off %v, made up %v", d, code, off[d], work[d])
			}
		}
	}
}

// Ordinary years have at least 248 and at most 253 working days; a year outside is a fault of the data. Until 2007
// there were ten statutory days off, eleven since 2008, thirteen since 2025; each weekday off beyond them is made up.
func TestCalendarYearsBalance(t *testing.T) {
	cal := law.DefaultCalendar()
	from, until := cal.Published()
	if from.String() != "2004-01-01" || until.String() != "2026-12-31" {
		t.Fatalf("published %v to %v", from, until)
	}
	for y := 2004; y <= 2026; y++ {
		n := 0
		for d := law.NewDay(y, time.January, 1); d < law.NewDay(y+1, time.January, 1); d++ {
			if working, known := cal.Working(d); !known {
				t.Fatalf("%v is not published", d)
			} else if working {
				n++
			}
		}
		if n < 247 || n > 254 {
			t.Errorf("%d has %d working days", y, n)
		}
		if len(cal.Sources(law.NewDay(y, time.June, 1))) == 0 {
			t.Errorf("%d names no notice", y)
		}
	}
}

func TestCalendarByDateNotByFileYear(t *testing.T) {
	cal := law.DefaultCalendar()
	for _, row := range []struct {
		day     string
		working bool
		why     string
		year    int
	}{
		{"2018-12-29", true, "law.why.makeup.saturday", 2019}, // the notice for 2019
		{"2018-12-31", false, "law.why.holiday", 2019},
		{"2022-12-31", false, "law.why.holiday", 2023},
		{"2007-12-29", true, "law.why.makeup.saturday", 2008},
		{"2019-05-03", false, "law.why.holiday", 2019}, // the amendment of March 2019
		{"2019-04-28", true, "law.why.makeup.sunday", 2019},
		{"2020-01-31", false, "law.why.holiday", 2020}, // the extension of January 2020
		{"2020-02-01", false, "law.why.holiday", 2020}, // a make-up Saturday before that extension
		{"2015-09-03", false, "law.why.holiday", 2015},
	} {
		d := day(t, row.day)
		if working, known := cal.Working(d); working != row.working || !known {
			t.Errorf("%s: working %v, published %v", row.day, working, known)
		}
		code, args := cal.Why(d)
		if code != row.why || argument(args, "year") != row.year {
			t.Errorf("%s: %s %v, want %s of %d", row.day, code, args, row.why, row.year)
		}
	}
}

func argument(args []errs.Arg, key string) any {
	for _, a := range args {
		if a.Key == key {
			return a.Value
		}
	}
	return nil
}

func TestWhy(t *testing.T) {
	cal := law.DefaultCalendar()
	for _, row := range []struct {
		day, code string
		args      []errs.Arg
	}{
		{"2026-09-26", "law.why.holiday", []errs.Arg{
			{Key: "holiday", Value: "中秋"},
			{Key: "holiday_en", Value: "Mid-autumn Festival"},
			{Key: "year", Value: 2026},
			{Key: "from", Value: day(t, "2026-09-25")},
			{Key: "until", Value: day(t, "2026-09-27")},
		}},
		{"2024-06-10", "law.why.holiday.day", []errs.Arg{
			{Key: "holiday", Value: "端午"},
			{Key: "holiday_en", Value: "Dragon Boat Festival"},
			{Key: "year", Value: 2024},
			{Key: "from", Value: day(t, "2024-06-10")},
			{Key: "until", Value: day(t, "2024-06-10")},
		}},
		{"2025-10-11", "law.why.makeup.saturday", []errs.Arg{{Key: "year", Value: 2025}}},
		{"2026-09-19", "law.why.saturday", nil},
		{"2026-09-13", "law.why.sunday", nil},
		{"2026-09-21", "law.why.ordinary", nil},
		{"2027-01-01", "law.why.fixed.new_year", []errs.Arg{{Key: "year", Value: 2027}}},
		{"2027-05-02", "law.why.fixed.labour_day", []errs.Arg{{Key: "year", Value: 2027}}},
		{"2027-10-03", "law.why.fixed.national_day", []errs.Arg{{Key: "year", Value: 2027}}},
		{"2027-10-04", "law.why.unpublished", []errs.Arg{{Key: "year", Value: 2027}}},
		{"2027-01-02", "law.why.unpublished.saturday", []errs.Arg{{Key: "year", Value: 2027}}},
		{"2003-12-28", "law.why.unpublished.sunday", []errs.Arg{{Key: "year", Value: 2003}}},
		{"", "law.why.no_day", nil},
	} {
		code, args := cal.Why(day(t, row.day))
		if diff := cmp.Diff(row.args, args); code != row.code || diff != "" {
			t.Errorf("%s: %s, want %s\n%s", row.day, code, row.code, diff)
		}
	}
}

func TestWorkingBeyondThePublishedCalendar(t *testing.T) {
	cal := law.DefaultCalendar()
	for text, want := range map[string]bool{
		"2027-01-01": false, "2027-01-04": true, "2027-01-02": false, "2027-05-01": false, "2027-05-03": true, "2028-05-02": false, "2028-05-03": true,
		"2028-10-02": false, "2028-10-03": false, "2028-10-04": true, "2003-12-31": true, "2003-10-01": false,
	} {
		if working, known := cal.Working(day(t, text)); working != want || known {
			t.Errorf("%s: working %v, published %v; want %v, false", text, working, known, want)
		}
	}
	if working, known := cal.Working(law.NoDay); working || known {
		t.Error("NoDay is neither worked nor published")
	}
}

func TestCalendarWith(t *testing.T) {
	cal := law.DefaultCalendar()
	next, err := law.LoadCalendar([]byte(`{"version":"notice 2027","from":"2026-12-26","until":"2027-12-31","years":{"2027":["notice"]},
		"off":[{"day":"2027-01-01","name":"元旦"},{"day":"2027-01-04","name":"元旦"}],"work":["2026-12-27"]}`))
	if err != nil {
		t.Fatal(err)
	}
	joined, changed := cal.With(next)
	// 1 January was guessed off already; the Sunday of December 2026 becomes worked, the Monday of January off, and the
	// made-up test notice works the other fixed holidays of 2027 that fall on weekdays: none is named off.
	want := []law.Day{day(t, "2026-12-27"), day(t, "2027-01-04"), day(t, "2027-10-01")}
	if diff := cmp.Diff(want, changed); diff != "" {
		t.Errorf("changed days:\n%s", diff)
	}
	if from, until := joined.Published(); from.String() != "2004-01-01" || until.String() != "2027-12-31" {
		t.Errorf("published %v to %v", from, until)
	}
	if joined.Version() != "chinese-days 1.5.7 + notice 2027" {
		t.Errorf("version %q", joined.Version())
	}
	if got := joined.Sources(day(t, "2026-12-27")); !slices.Equal(got, []string{"notice"}) {
		t.Errorf("sources %v", got)
	}
	_, args := joined.Why(day(t, "2027-01-04"))
	if argument(args, "holiday") != "元旦" || argument(args, "holiday_en") != "元旦" {
		t.Errorf("the new break is named %v", args)
	}
	// W14 becomes final once the notice is loaded, and moves.
	d05 := rule(t, "D05")
	before := law.Compute(d05, day(t, "2026-11-02"), cal)
	after := law.Compute(d05, day(t, "2026-11-02"), joined)
	if !before.Provisional || before.LegalEnd.String() != "2027-01-04" || after.Provisional || after.LegalEnd.String() != "2027-01-05" {
		t.Errorf("before %v (%v), after %v (%v)", before.LegalEnd, before.Provisional, after.LegalEnd, after.Provisional)
	}
	if working, known := cal.Working(day(t, "2026-12-27")); working || !known {
		t.Error("laying a newer arrangement over a calendar changed the older one")
	}

	if same, changed := cal.With(cal); len(changed) != 0 {
		t.Errorf("a calendar over itself changes %v in %s", changed, same.Version())
	}
}

// An amendment in the middle of a year, as in 2019 and 2020, leaves the days around it as they were.
func TestCalendarWithAnAmendment(t *testing.T) {
	cal := law.DefaultCalendar()
	amend := func(name string) *law.Calendar {
		c, err := law.LoadCalendar([]byte(`{"version":"amendment","from":"2026-09-03","until":"2026-09-04","names":{"` + name + `":"` + name + ` in English"},"off":[{"day":"2026-09-04","name":"` + name + `"}]}`))
		if err != nil {
			t.Fatal(err)
		}
		joined, changed := cal.With(c)
		if diff := cmp.Diff([]law.Day{day(t, "2026-09-04")}, changed); diff != "" {
			t.Errorf("changed days:\n%s", diff)
		}
		return joined
	}
	for d, joined := day(t, "2025-12-25"), amend("甲"); d <= day(t, "2027-01-10"); d++ {
		was, wasKnown := cal.Working(d)
		is, known := joined.Working(d)
		if known != wasKnown || (is != was) != (d == day(t, "2026-09-04")) {
			t.Errorf("%v: working %v, published %v; before %v, %v", d, is, known, was, wasKnown)
		}
	}
	first, second := amend("甲"), amend("乙")
	for name, c := range map[string]*law.Calendar{"甲": first, "乙": second} {
		if _, args := c.Why(day(t, "2026-09-04")); argument(args, "holiday") != name || argument(args, "holiday_en") != name+" in English" {
			t.Errorf("two amendments of one calendar disturb each other: %v, want %s", args, name)
		}
	}
}

func TestCalendarWithAGap(t *testing.T) {
	far, err := law.LoadCalendar([]byte(`{"version":"2029","from":"2029-01-01","until":"2029-01-31","off":[{"day":"2029-01-01","name":"元旦"},{"day":"2029-01-31","name":"甲"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	holed, _ := law.DefaultCalendar().With(far)
	for text, want := range map[string]bool{"2026-12-31": true, "2027-01-01": false, "2028-12-31": false, "2029-01-01": true, "2029-01-31": true, "2029-02-01": false} {
		if _, known := holed.Working(day(t, text)); known != want {
			t.Errorf("%s: published %v", text, known)
		}
	}
	if working, _ := holed.Working(day(t, "2029-01-31")); working {
		t.Error("the last day of a document is off when it says so")
	}
	// from the gap into what is published: one guessed day on the way makes the whole provisional
	if got := law.Compute(rule(t, "D04"), day(t, "2028-12-28"), holed); got.LegalEnd.String() != "2029-01-05" || !got.Provisional {
		t.Errorf("ends %v, provisional %v", got.LegalEnd, got.Provisional)
	}
}

func TestLoadCalendarNamesEveryFault(t *testing.T) {
	_, err := law.LoadCalendar([]byte(`{"version":"x","from":"2027-01-01","until":"2027-12-31",
		"off":[{"day":"2027-01-01","name":"元旦"},{"day":"2027-01-01","name":"元旦"},{"day":"2028-01-01","name":"元旦"},{"day":"2027-2-1","name":""}],
		"work":["2027-01-04","2027-01-03","2027-01-03","soon"]}`))
	want := []string{"off.1.day law.calendar.twice", "off.2.day law.calendar.outside", "off.3.name law.field.required", "off.3.day law.day.bad", "work.0 law.calendar.not_weekend", "work.2 law.calendar.twice", "work.3 law.day.bad"}
	if diff := cmp.Diff(want, faults(err)); diff != "" {
		t.Errorf("faults:\n%s", diff)
	}
	for text, want := range map[string][]string{
		`{"version":"","from":"2027-01-02","until":"2027-01-01"}`:                         {"version law.field.required", "until law.field.order"},
		`{"version":"x","from":"1000-01-01","until":"2027-01-01"}`:                        {"until law.calendar.long"},
		`{"version":"x","from":"","until":"2027-02-29"}`:                                  {"from law.day.bad", "until law.day.bad"},
		`{"version":"x","from":"2027-01-01","until":"2027-12-31","years":{"27":["a"]}}`:   {"years.27 law.calendar.year"},
		`{"version":"x","from":"2027-01-01","until":"2027-12-31","years":{"year":["a"]}}`: {"years.year law.calendar.year"},
	} {
		_, err := law.LoadCalendar([]byte(text))
		if diff := cmp.Diff(want, faults(err)); diff != "" {
			t.Errorf("%s:\n%s", text, diff)
		}
	}
	for _, text := range []string{``, `[]`, `{`, `{"version":1}`, `{"versions":"x"}`, `{"version":"x","from":"2027-01-01","until":"2027-12-31"} {}`, `null null`} {
		if _, err := law.LoadCalendar([]byte(text)); errs.CodeOf(err) != "law.json.bad" {
			t.Errorf("%q: %v, want law.json.bad", text, err)
		}
	}
}

// faults lists the field errors of an error as "path code".
func faults(err error) []string {
	var out []string
	if e, ok := asErr(err); ok {
		for _, f := range e.Fields {
			out = append(out, f.Path+" "+f.Code)
		}
	}
	return out
}

func FuzzLoadCalendar(f *testing.F) {
	whole, err := os.ReadFile("data/calendar.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add([]byte(`{"version":"x","from":"2027-01-01","until":"2027-12-31","off":[{"day":"2027-01-01","name":"a"}],"work":["2027-01-03"]}`))
	f.Add([]byte(`{"version":"x","from":"0001-01-01","until":"9999-12-31"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		cal, err := law.LoadCalendar(data)
		if err != nil {
			if errs.KindOf(err) != errs.Invalid {
				t.Errorf("a bad document is a fault of ours: %v", err)
			}
			return
		}
		var doc struct {
			Off []struct{ Day law.Day }
		}
		if err := json.Unmarshal(data, &doc); err != nil {
			t.Fatalf("read by LoadCalendar alone: %v", err)
		}
		for _, off := range doc.Off {
			if working, known := cal.Working(off.Day); working || !known {
				t.Errorf("%v is off: working %v, published %v", off.Day, working, known)
			}
		}
	})
}

// A number of working days reckoned without a rule: neither the first day nor a holiday counts, and a weekend that is worked does.
func TestWorkingDay(t *testing.T) {
	for _, row := range []struct {
		from string
		n    int
		want string
	}{
		{"2025-09-29", 1, "2025-09-30"},
		{"2025-09-29", 2, "2025-10-09"},
		{"2025-09-29", 5, "2025-10-13"}, // over the Saturday that is worked
		{"2025-10-04", 1, "2025-10-09"}, // from within the holiday
		{"2025-09-29", 0, "2025-09-29"},
	} {
		if got := law.WorkingDay(day(t, row.from), row.n, law.DefaultCalendar()); got != day(t, row.want) {
			t.Errorf("working day %d after %s is %s, want %s", row.n, row.from, got, row.want)
		}
	}
}
