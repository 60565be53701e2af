package stat

import (
	"time"

	"huiyin/internal/law"
)

// Span is a period by its name.
type Span string

// The spans. One that is not over ends on the day that is asked.
const (
	ThisMonth   Span = "this_month"
	ThisQuarter Span = "this_quarter"
	ThisYear    Span = "this_year"
	LastMonth   Span = "last_month"
	LastYear    Span = "last_year"
)

// Spans are all of them, in the order in which they are offered.
func Spans() []Span { return []Span{ThisMonth, ThisQuarter, ThisYear, LastMonth, LastYear} }

const (
	yearMonths    = 12
	quarterMonths = 3
)

// Days are the first and the last day of the span on a day.
func (s Span) Days(today law.Day) (from, to law.Day) {
	year, month, _ := today.Date()
	switch s {
	case ThisMonth:
		return monthStart(today), today
	case ThisQuarter:
		return law.NewDay(year, month-(month-1)%quarterMonths, 1), today
	case ThisYear:
	case LastMonth:
		return monthStart(today).AddMonths(-1), monthStart(today).Add(-1)
	case LastYear:
		return law.NewDay(year-1, time.January, 1), law.NewDay(year-1, time.December, 31)
	}
	return law.NewDay(year, time.January, 1), today
}

// monthStart is the first day of the month that a day lies in.
func monthStart(d law.Day) law.Day {
	first, _ := MonthDays(MonthOf(d))
	return first
}

// YearBefore is the same period a year before, as it stood as long after its end.
func (p Period) YearBefore() Period {
	return p.between(p.From.AddMonths(-yearMonths), monthsBack(p.To, yearMonths))
}

// Before is the period before, as it stood as long after its end: of whole months as many whole months; of a month, a quarter or a year that is not over the same part of the
// one before; else as many days up to the day before this one began.
func (p Period) Before() Period {
	first := p.From == monthStart(p.From)
	months := MonthOf(p.To) - MonthOf(p.From) + 1
	switch next := p.To.Add(1); {
	case !first || p.To < p.From:
	case next == monthStart(next):
		return p.between(p.From.AddMonths(-months), p.From.Add(-1))
	default:
		for _, part := range []int{1, quarterMonths, yearMonths} {
			if months <= part && MonthOf(p.From)%part == 0 {
				return p.between(p.From.AddMonths(-part), monthsBack(p.To, part))
			}
		}
	}
	return p.between(p.From.Add(int(p.From)-int(p.To)-1), p.From.Add(-1))
}

// between is another period as of the day that is as far from its end, and as it was on record as long after it.
func (p Period) between(from, to law.Day) Period {
	other := Period{From: from, To: to, AsOf: to.Add(int(p.AsOf) - int(p.To))}
	if p.Recorded.Known() {
		other.Recorded = to.Add(int(p.Recorded) - int(p.To))
	}
	return other
}

// monthsBack is the corresponding day months before; of the last day of a month the last day of that one.
func monthsBack(d law.Day, months int) law.Day {
	if next := d.Add(1); next == monthStart(next) {
		return next.AddMonths(-months).Add(-1)
	}
	return d.AddMonths(-months)
}

// Months are the periods of the last n months up to the end of this one, the earliest first, each as of this period's day, or of its own last day where whose stock is
// asked for. The last month ends with this period.
func (p Period) Months(n int, stock bool) []Period {
	first := monthStart(p.To)
	out := make([]Period, n)
	for i := range out {
		m := Period{From: first.AddMonths(i + 1 - n), AsOf: p.AsOf, Recorded: p.Recorded}
		m.To = min(m.From.AddMonths(1).Add(-1), p.To)
		if stock {
			m.AsOf = min(m.To, p.AsOf)
		}
		out[i] = m
	}
	return out
}
