package stat

import "huiyin/internal/law"

// Age is a band of ages in days, both ends included. Most is 0 where the band has no end.
type Age struct{ Least, Most int }

// Ages are the bands in which a backlog is told, the youngest first.
func Ages() []Age {
	return []Age{{0, 15}, {16, 30}, {31, 60}, {61, 90}, {91, 180}, {181, 365}, {366, 0}}
}

// AgeOf is in which of the bands a number of days lies.
func AgeOf(days int) int {
	ages := Ages()
	for i, a := range ages {
		if days <= a.Most {
			return i
		}
	}
	return len(ages) - 1
}

// Oldest is the day on which whatever has no beginning begins: before any office kept a record of this kind.
func Oldest() law.Day { return law.NewDay(2000, 1, 1) }

// Period is when what is of this age on a day was received.
func (a Age) Period(asOf law.Day) Period {
	p := Period{From: Oldest(), To: asOf.Add(-a.Least), AsOf: asOf}
	if a.Most != 0 {
		p.From = asOf.Add(-a.Most)
	}
	return p
}

// Whole is from the beginning of some periods to the end of the last, as of that day.
func Whole(list []Period) Period {
	last := list[len(list)-1]
	return Period{From: list[0].From, To: last.To, AsOf: last.AsOf}
}

// Name is how a month is written, as a breakdown by months does: 2026-09.
func (p Period) Name() string { return MonthCode(MonthOf(p.From)) }

// Week is the week of a day up to that day, from its Monday, and the same days of the week before.
func Week(day law.Day) (now, before Period) {
	const days = 7
	monday := day.Add(-(int(day.Weekday()) + days - 1) % days)
	now = Period{From: monday, To: day, AsOf: day}
	return now, Period{From: monday.Add(-days), To: day.Add(-days), AsOf: day.Add(-days)}
}
