package law

import (
	"maps"
	"slices"
	"time"

	"huiyin/internal/errs"
)

// A Calendar says which days are worked: the weeks from Monday to Friday as the State Council's yearly notices change
// them. It is looked up by date, never by the year of a notice, since a notice may move days of the December before.
// Beyond what is published it answers with a guess and says so. A Calendar does not change once made.
type Calendar struct {
	version string
	from    Day
	marks   []mark // one a day, from `from` on
	names   []holiday
	years   map[int][]string
}

// A mark is what the notices say of one day. Marks from named on are days off, counted into Calendar.names.
type mark uint8

const (
	plain  mark = iota // Monday to Friday worked, Saturday and Sunday not
	makeup             // a Saturday or Sunday that is worked
	gap                // inside the range, but not published
	named
)

const maxNames = 200

type holiday struct{ name, english string }

// Version labels the arrangement. It changes when a newer one is laid over it.
func (c *Calendar) Version() string { return c.version }

// Published returns the first and the last day the notices speak of. Where arrangements with a gap between them were
// joined, Working still reports each day of the gap as unpublished.
func (c *Calendar) Published() (from, until Day) { return c.from, c.from.Add(len(c.marks) - 1) }

// Sources returns the addresses of the notices that arrange the year of a day.
func (c *Calendar) Sources(d Day) []string { return slices.Clone(c.years[noticeYear(d)]) }

// Working reports whether a day is worked and whether that is published. An unpublished day is guessed from the
// weekday and the statutory holidays with a fixed date alone. NoDay is neither.
func (c *Calendar) Working(d Day) (working, published bool) {
	if !d.Known() {
		return false, false
	}
	m := c.mark(d)
	if m == gap {
		return !weekend(d) && fixedHoliday(d) == "", false
	}
	return m == makeup || m == plain && !weekend(d), true
}

// Year tells a calendar year: how many working days it has, whether every day of it is published, and the days that are not what their weekday says.
func (c *Calendar) Year(y int) (working int, published bool, changed []Day) {
	published = true
	for d := NewDay(y, time.January, 1); d <= NewDay(y, time.December, 31); d++ {
		works, known := c.Working(d)
		published = published && known
		if works {
			working++
		}
		if weekday := d.Weekday() != time.Saturday && d.Weekday() != time.Sunday; works != weekday {
			changed = append(changed, d)
		}
	}
	return working, published, changed
}

// Why explains Working in one line: the code of a text and its arguments. The codes begin with law.why.
func (c *Calendar) Why(d Day) (code string, args []errs.Arg) {
	if !d.Known() {
		return "law.why.no_day", nil
	}
	m := c.mark(d)
	if m >= named {
		first, last := d, d
		for !c.beginsBreak(first) {
			first--
		}
		for c.mark(last+1) >= named {
			last++
		}
		h := c.names[m-named]
		args = []errs.Arg{arg("holiday", h.name), arg("holiday_en", h.english), arg("year", noticeYear(d)), arg("from", first), arg("until", last)}
		if first == last {
			return "law.why.holiday.day", args
		}
		return "law.why.holiday", args
	}
	y, _, _ := d.Date()
	switch {
	case m == makeup:
		return "law.why.makeup." + weekdayCode(d), []errs.Arg{arg("year", noticeYear(d))}
	case m == plain && weekend(d):
		return "law.why." + weekdayCode(d), nil
	case m == plain:
		return "law.why.ordinary", nil
	case fixedHoliday(d) != "":
		return "law.why.fixed." + fixedHoliday(d), []errs.Arg{arg("year", y)}
	case weekend(d):
		return "law.why.unpublished." + weekdayCode(d), []errs.Arg{arg("year", y)}
	default:
		return "law.why.unpublished", []errs.Arg{arg("year", y)}
	}
}

// With lays a newer arrangement over this one: within its range the newer word stands alone, outside it the older. It
// returns the joined calendar and the days whose answer to "is it worked" changed, guesses included. A deadline
// whose way touches one of them, and every provisional one, has to be computed again.
func (c *Calendar) With(other *Calendar) (*Calendar, []Day) {
	from, until := c.Published()
	otherFrom, otherUntil := other.Published()
	joined := &Calendar{version: c.version + " + " + other.version, from: min(from, otherFrom), names: slices.Clone(c.names), years: map[int][]string{}}
	maps.Copy(joined.years, c.years)
	for y, sources := range other.years {
		joined.years[y] = append(slices.Clip(joined.years[y]), missing(joined.years[y], sources)...)
	}
	var changed []Day
	for d := joined.from; d <= max(until, otherUntil); d++ {
		m := c.mark(d)
		if d >= otherFrom && d <= otherUntil {
			m = other.mark(d)
			if m >= named {
				m = joined.name(other.names[m-named])
			}
		}
		joined.marks = append(joined.marks, m)
		before, _ := c.Working(d)
		if after, _ := joined.Working(d); after != before {
			changed = append(changed, d)
		}
	}
	return joined, changed
}

func missing(have, more []string) []string {
	return slices.DeleteFunc(slices.Clone(more), func(s string) bool { return slices.Contains(have, s) })
}

// name returns the mark of a holiday, entering it when it is new. More names than a mark can hold share the last one:
// the day is off all the same, and LoadCalendar refuses such a document.
func (c *Calendar) name(h holiday) mark {
	i := slices.Index(c.names, h)
	if i < 0 && len(c.names) < maxNames {
		i = len(c.names)
		c.names = append(c.names, h)
	}
	if i < 0 {
		i = maxNames - 1
	}
	return named + mark(i)
}

// beginsBreak reports whether the day is the first of days off in a row.
func (c *Calendar) beginsBreak(d Day) bool { return c.mark(d) >= named && c.mark(d-1) < named }

func (c *Calendar) mark(d Day) mark {
	if i := int(d) - int(c.from); i >= 0 && i < len(c.marks) {
		return c.marks[i]
	}
	return gap
}

func weekend(d Day) bool { return d.Weekday() == time.Saturday || d.Weekday() == time.Sunday }

func weekdayCode(d Day) string {
	if d.Weekday() == time.Saturday {
		return "saturday"
	}
	return "sunday"
}

// noticeYear is the year whose notice arranges a day. What a notice changes in December belongs to the New Year break
// of the next year.
func noticeYear(d Day) int {
	y, m, _ := d.Date()
	if m == time.December {
		return y + 1
	}
	return y
}

// fixedHoliday names the statutory holidays whose date is known without a notice: 1 January, 1 and 2 May, 1 to 3
// October (Regulation on National Annual Festivals and Memorial Days, Article 2, as revised in 2024).
func fixedHoliday(d Day) string {
	switch _, m, dd := d.Date(); {
	case m == time.January && dd == 1:
		return "new_year"
	case m == time.May && dd <= 2:
		return "labour_day"
	case m == time.October && dd <= 3:
		return "national_day"
	}
	return ""
}

func arg(key string, value any) errs.Arg { return errs.Arg{Key: key, Value: value} }
