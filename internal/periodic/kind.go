// Package periodic is what a periodic report says (信访情况周报、月报、年报). Facts are the figures of a period beside those of the period before and of the same
// period a year earlier; Write makes sentences of them, each of which is a code with its values and leads to the figure that it speaks of.
//
// A sentence says what the figures say and no more: a rise or a fall only where it is more than chance makes (rules.json has the rules with their reasons), what
// drives it only with the exact share, and nothing of a figure that is not to be had. There are no words that judge anybody, and nothing is about a petitioner.
package periodic

import (
	"time"

	"huiyin/internal/law"
	"huiyin/internal/stat"
)

// Kind is how long the period of a report is.
type Kind string

// The kinds of reports.
const (
	Week  Kind = "week"  // from Monday to Sunday
	Month Kind = "month" // of the calendar
	Year  Kind = "year"  // of the calendar
)

// Kinds lists the kinds, the shortest first.
func Kinds() []Kind { return []Kind{Week, Month, Year} }

const weekDays = 7

// Span is the whole period that holds a day: its first and its last day.
func (k Kind) Span(day law.Day) (from, to law.Day) {
	y, m, _ := day.Date()
	switch k {
	case Month:
		from = law.NewDay(y, m, 1)
		return from, from.AddMonths(1) - 1
	case Year:
		return law.NewDay(y, time.January, 1), law.NewDay(y, time.December, 31)
	case Week:
	}
	from = day.Add(-(int(day.Weekday()) + weekDays - 1) % weekDays)
	return from, from.Add(weekDays - 1)
}

// Periods are a period and what it is compared with.
type Periods struct {
	Now    stat.Period `json:"now"`
	Before stat.Period `json:"before"` // of the same kind, right before
	Year   stat.Period `json:"year"`   // a year earlier; of a year the one before
}

// Part reports whether the period was not over on the day of the report.
func (p Periods) Part(k Kind) bool {
	_, to := k.Span(p.Now.From)
	return p.Now.To < to
}

// Periods are the period that holds a day, up to the day of the report, and those that it is compared with: equally long where it is not over, and as they stood
// equally long after their end, so that what has had less time to be done is not compared with what has had more. A week is compared with that 52 weeks earlier.
func (k Kind) Periods(day, asOf law.Day) Periods {
	from, to := k.Span(day)
	part := asOf < to
	to = min(to, asOf)
	like := func(day law.Day) stat.Period {
		first, last := k.Span(day)
		if part {
			last = min(last, first.Add(int(to-from)))
		}
		return stat.Period{From: first, To: last, AsOf: last.Add(int(asOf - to))}
	}
	p := Periods{Now: stat.Period{From: from, To: to, AsOf: asOf}, Before: like(from - 1)}
	switch k {
	case Week:
		const weeks = 52
		p.Year = like(from.Add(-weeks * weekDays))
	case Month:
		p.Year = like(from.AddMonths(-12))
	case Year:
		p.Year = p.Before
	}
	return p
}

// On is the day on which the report of what ended the day before is due: of a week the Monday, else the first working day.
func (k Kind) On(begins law.Day, working func(law.Day) bool) law.Day {
	if k == Week {
		return begins
	}
	const longest = 31 // days without work in a row there never are
	for d := begins; d < begins+longest; d++ {
		if working(d) {
			return d
		}
	}
	return begins
}

// Due is the last day of the newest period of which a report is due on a day.
func (k Kind) Due(today law.Day, working func(law.Day) bool) law.Day {
	begins, _ := k.Span(today)
	if today < k.On(begins, working) {
		begins, _ = k.Span(begins - 1)
	}
	return begins - 1
}

// Next is the next day after today on which a report is due, and the last day of its period.
func (k Kind) Next(today law.Day, working func(law.Day) bool) (on, to law.Day) {
	begins, last := k.Span(today)
	if on = k.On(begins, working); on > today {
		return on, begins - 1
	}
	return k.On(last+1, working), last
}

// Missed counts the periods that ended after the last one that was reported and before the newest that is due.
func (k Kind) Missed(done, due law.Day) int {
	n := 0
	for day := due; ; n++ {
		from, _ := k.Span(day)
		if day = from - 1; day <= done {
			return n
		}
	}
}
