package law_test

import (
	"testing"
	"time"

	"huiyin/internal/errs"
	"huiyin/internal/law"
)

// What happened to a period is read with care: a slip names its field, what the law does not allow is refused.
func TestCourse(t *testing.T) {
	day := func(y int, m time.Month, d int) law.Day { return law.NewDay(y, m, d) }
	from := day(2026, time.March, 2)
	for _, c := range []struct {
		name   string
		rule   law.RuleID
		course law.Course
		field  string // of the error, empty without one or where it is refused
		code   string
		end    law.Day
	}{
		{name: "nothing happened", rule: "D10b", end: day(2026, time.April, 1)},
		{name: "a document names the day", rule: "D10", course: law.Course{By: "2026-03-20"}, end: day(2026, time.March, 20)},
		{name: "no document names it", rule: "D10", field: "by", code: "law.course.by"},
		{name: "a day before the first", rule: "D10", course: law.Course{By: "2026-03-01"}, field: "by", code: "law.field.order"},
		{name: "no day", rule: "D10", course: law.Course{By: "2026-02-30"}, field: "by", code: "law.day.bad"},
		{name: "five days paused", rule: "D10b", course: law.Course{Paused: []string{"2026-03-10..2026-03-14"}}, end: day(2026, time.April, 7)},
		{name: "paused and still so", rule: "D10b", course: law.Course{Paused: []string{"2026-03-10.."}}, end: law.NoDay},
		{name: "no pause", rule: "D10b", course: law.Course{Paused: []string{"2026-03-10"}}, field: "paused", code: "law.course.paused"},
		{name: "half a pause", rule: "D10b", course: law.Course{Paused: []string{"..2026-03-14"}}, field: "paused", code: "law.day.bad"},
		{name: "a pause without an end that is a day", rule: "D10b", course: law.Course{Paused: []string{"2026-03-10..soon"}}, field: "paused", code: "law.day.bad"},
		{name: "a pause the law does not know", rule: "D05", course: law.Course{Paused: []string{"2026-03-10..2026-03-14"}}, code: "law.pause.none"},
		{name: "prolonged", rule: "D05", course: law.Course{Extended: 30, Approved: "2026-04-20"}, end: day(2026, time.June, 1)},
		{name: "prolonged by nobody knows how much", rule: "D05", course: law.Course{Approved: "2026-04-20"}, field: "extended", code: "law.course.extended"},
		{name: "prolonged nobody knows when", rule: "D05", course: law.Course{Extended: 30}, field: "approved", code: "law.course.approved"},
		{name: "prolonged on no day", rule: "D05", course: law.Course{Extended: 30, Approved: "20 April"}, field: "approved", code: "law.day.bad"},
		{name: "prolonged too far", rule: "D05", course: law.Course{Extended: 31, Approved: "2026-04-20"}, code: "law.extend.long"},
	} {
		t.Run(c.name, func(t *testing.T) {
			found, err := law.DefaultBook().Resolve(c.rule, "", from)
			if err != nil {
				t.Fatal(err)
			}
			options, err := c.course.Options(found.Rule, from, law.DefaultCalendar())
			if c.code == "" {
				if err != nil {
					t.Fatal(err)
				}
				if _, legal, _, _ := law.Ends(found.Rule, from, law.DefaultCalendar(), options...); legal != c.end {
					t.Errorf("the last day is %v, want %v", legal, c.end)
				}
				return
			}
			e, ok := err.(*errs.Error) //nolint:errorlint // Options gives ours alone
			switch {
			case !ok:
				t.Fatalf("error %v", err)
			case c.field == "" && (e.Code != c.code || e.Kind != errs.Refused):
				t.Errorf("refused with %v %q", e.Kind, e.Code)
			case c.field != "" && (len(e.Fields) != 1 || e.Fields[0].Path != c.field || e.Fields[0].Code != c.code):
				t.Errorf("fields %v, want %s %s", e.Fields, c.field, c.code)
			}
		})
	}
}

// A year is told by its working days and the days that are not what their weekday says.
func TestYear(t *testing.T) {
	working, published, changed := law.DefaultCalendar().Year(2026)
	if working != 248 || !published {
		t.Errorf("2026 has %d working days, published %v", working, published)
	}
	for _, d := range changed {
		works, _ := law.DefaultCalendar().Working(d)
		if weekday := d.Weekday() != time.Saturday && d.Weekday() != time.Sunday; works == weekday {
			t.Errorf("%v is what its weekday says", d)
		}
	}
	if _, published, _ := law.DefaultCalendar().Year(2031); published {
		t.Error("2031 is taken for published")
	}
}
