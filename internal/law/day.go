// Package law counts the lawful time of a matter: legal days, the published working-day calendar, the periods that
// the law sets (as dated data, not as constants), and the last day of each with the derivation a reader can check.
//
// Everything here is a pure function of its arguments. A deadline is never stored as a fact of its own: it follows
// from the day that starts it, the rule in force on the day the matter came in, and a version of the calendar.
//
// # Rule sets
//
// A rule set is one file: one text of law, with its own title, its own days in force and its place. Laws change one at a
// time, so each neighbouring law (mediation, arbitration, reconsideration, wages …) is a set of its own under its own
// subject instead of a part of the petition law: replacing one is adding a file and closing another, and Book.On, by which
// matters run, can answer with the law of petitions alone, so that a neighbour's period never becomes a clock of a petition.
// The few periods of procedure that stand in working rules beside the regulations (the tiers, the rating, the short track)
// stay in the national set they serve, each under its own article and with how sure it is.
//
// The provincial texts that were read are older than the regulations of 2022. They are held as data and govern only where
// the office of the place adopted them, from a day it names; a place's promise is an aim and never takes the law's place.
// Book.Resolve is the one answer to which rule applies, of petitions or of a neighbour, and says why the others do not.
package law

import (
	"time"

	"huiyin/internal/errs"
)

// Day is a civil day in Asia/Shanghai. 0001-01-01 is 1, so that the zero value is no day at all.
type Day int32

// NoDay is the absence of a day, the zero value. Its text is empty.
const NoDay = Day(0)

// unixDay is 1970-01-01 as a Day.
const unixDay = 719_163

const (
	hourUS   = int64(time.Hour / time.Microsecond)
	dayUS    = 24 * hourUS
	offsetUS = 8 * hourUS // Shanghai is eight hours ahead of UTC, without summer time since 1992
	weekDays = 7
)

// Zone is the zone in which instants are shown and legal days begin: UTC+8 all year.
func Zone() *time.Location {
	return time.FixedZone("Asia/Shanghai", int(offsetUS/1e6))
}

// NewDay returns the day of a civil date. Values out of range are carried over as time.Date does it.
func NewDay(y int, m time.Month, d int) Day {
	return Day(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix()/(dayUS/1e6)) + unixDay //nolint:gosec // a civil year is far inside int32 days
}

// ParseDay reads a date of the form 2006-01-02, and nothing looser: a date that does not exist is an error, too. The
// error is Invalid with the code law.day.bad.
func ParseDay(s string) (Day, error) {
	bad := func() (Day, error) { return NoDay, errs.E(errs.Invalid, "law.day.bad", "value", s) }
	if len(s) != len(time.DateOnly) || s[:4] == "0000" {
		return bad()
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return bad()
	}
	return NewDay(t.Date()), nil
}

// DayOf returns the legal day of an instant in microseconds UTC.
func DayOf(us int64) Day {
	day, rest := us/dayUS, us%dayUS
	if rest < 0 {
		day, rest = day-1, rest+dayUS
	}
	if rest >= dayUS-offsetUS {
		day++
	}
	return Day(day + unixDay) //nolint:gosec // the largest instant is some 107 million days away
}

// StartUS returns the first instant of the day in Shanghai, in microseconds UTC. It is exact for the years 1 to 9999.
func (d Day) StartUS() int64 { return int64(d-unixDay)*dayUS - offsetUS }

// Known reports whether there is a day at all.
func (d Day) Known() bool { return d != NoDay }

// String returns the day as 2006-01-02, and the empty string for NoDay.
func (d Day) String() string {
	if !d.Known() {
		return ""
	}
	return d.utc().Format(time.DateOnly)
}

// MarshalText writes the day as String does, so that JSON holds it as a string.
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText wrote; empty text is NoDay.
func (d *Day) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = NoDay
		return nil
	}
	day, err := ParseDay(string(text))
	if err != nil {
		return err
	}
	*d = day
	return nil
}

// Date returns year, month and day of the month; zeros for NoDay.
func (d Day) Date() (y int, m time.Month, dd int) {
	if !d.Known() {
		return 0, 0, 0
	}
	return d.utc().Date()
}

// Weekday returns the day of the week.
func (d Day) Weekday() time.Weekday {
	return time.Weekday(((int(d)-unixDay+int(time.Thursday))%weekDays + weekDays) % weekDays)
}

// Add returns the day n days later, or earlier when n is negative. NoDay stays NoDay.
func (d Day) Add(n int) Day {
	if !d.Known() {
		return NoDay
	}
	return Day(int(d) + n) //nolint:gosec // periods are bounded when a rule is loaded
}

// AddMonths returns the corresponding date n months later, or the last day of that month when it has no such date
// (Civil Code, Article 202). NoDay stays NoDay.
func (d Day) AddMonths(n int) Day {
	if !d.Known() {
		return NoDay
	}
	y, m, dd := d.Date()
	last := NewDay(y, m+time.Month(n)+1, 0)
	if _, _, days := last.Date(); dd >= days {
		return last
	}
	return NewDay(y, m+time.Month(n), dd)
}

func (d Day) utc() time.Time { return time.Unix(int64(d-unixDay)*(dayUS/1e6), 0).UTC() }
