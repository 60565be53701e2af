package law

import "huiyin/internal/errs"

// A Deadline is the end of one period and how it came about.
type Deadline struct {
	Rule        RuleID
	Side        Side
	From        Day // the day of the event, itself not counted
	NominalEnd  Day // the last day as counted
	LegalEnd    Day // the last day in law: NominalEnd, rolled when it is not worked and the rule rolls
	SafeEnd     Day // the last working day on or before NominalEnd: done by then, it is in time by any reading
	SoonDays    int
	Provisional bool   // a day the result rests on lies outside the published calendar; compute again when it is published
	Steps       []Step // the derivation, in the order a reader counts along
}

// A Light is how a clock looks.
type Light int

// The lights. Deadline.Light gives the first three; a clock that is paused or done is known to the matter alone.
const (
	LightGo Light = iota
	LightSoon
	LightLate
	LightPause
	LightDone
)

// String returns go, soon, late, pause or done.
func (l Light) String() string {
	switch l {
	case LightGo:
		return "go"
	case LightSoon:
		return "soon"
	case LightLate:
		return "late"
	case LightPause:
		return "pause"
	case LightDone:
		return "done"
	}
	return ""
}

// Known reports whether the period has an end. One that is named in a document has none before it is named.
func (d Deadline) Known() bool { return d.LegalEnd.Known() }

// AlarmDay returns the first day on which the light is soon: SoonDays before SafeEnd for a unit's duty, before LegalEnd
// for a petitioner's right; NoDay when there is no end.
func (d Deadline) AlarmDay() Day {
	if d.Side == SideUnit {
		return d.SafeEnd.Add(-d.SoonDays)
	}
	return d.LegalEnd.Add(-d.SoonDays)
}

// Light returns late after the legal end, soon from AlarmDay on, go before, and go where there is no end.
func (d Deadline) Light(today Day) Light {
	switch {
	case !d.Known():
		return LightGo
	case today > d.LegalEnd:
		return LightLate
	case today >= d.AlarmDay():
		return LightSoon
	}
	return LightGo
}

// DaysLeft returns the calendar days from today to the legal end: 0 on the last day, negative when late, and 0 where
// there is no end.
func (d Deadline) DaysLeft(today Day) int {
	if !d.Known() || !today.Known() {
		return 0
	}
	return int(d.LegalEnd) - int(today)
}

// An Option adds what happened to one period. Make it with Extended or Fixed.
type Option struct {
	kind optionKind
	days int
	day  Day
}

type optionKind int

const (
	optionExtended optionKind = iota + 1
	optionFixed
)

// Extended says that the period was prolonged by a number of its units (days in every petition rule), approved on a
// day. The extension counts from the NominalEnd of the base period, so a holiday at its end lends no days. One that
// CheckExtension refuses does not move the end, and of several only the first counts.
func Extended(days int, approvedOn Day) Option {
	return Option{kind: optionExtended, days: days, day: approvedOn}
}

// Fixed says that a document names the last day, in place of the length of the rule.
func Fixed(end Day) Option { return Option{kind: optionFixed, day: end} }

// Ends returns what Compute returns without the derivation, for places that count many periods.
func Ends(r Rule, from Day, cal *Calendar, opts ...Option) (nominal, legal, safe Day, provisional bool) {
	c := count(r, from, cal, opts)
	return c.nominal, c.legal, c.safe, c.days.provisional
}

// CheckExtension reports why a period may not be prolonged: the rule knows no extension (law.extend.none), it is longer
// than the rule allows (law.extend.long), or it was approved after the last day of the base period (law.extend.late)
// or before the period began (law.extend.early). The errors are Refused and carry the article. Whether the period was
// prolonged before is for the caller to know: the law allows it once.
func CheckExtension(r Rule, from Day, cal *Calendar, days int, approvedOn Day, opts ...Option) error {
	base := count(r, from, cal, without(opts, optionExtended))
	return base.refuse(r, days, approvedOn)
}

// A counting holds the way to the ends of one period.
type counting struct {
	days        reader
	from        Day
	base        Day // the end before any extension
	nominal     Day
	legal, safe Day
	fixed       bool
	extension   Option // kind 0 when none was asked for
	extended    bool   // and it counts
	notExtended error  // why it does not
}

func count(r Rule, from Day, cal *Calendar, opts []Option) counting {
	c := counting{days: reader{cal: cal}, from: from, base: NoDay}
	for _, o := range opts {
		switch {
		case o.kind == optionFixed:
			c.base, c.fixed = o.day, true
		case o.kind == optionExtended && c.extension.kind == 0:
			c.extension = o
		}
	}
	if !c.fixed {
		c.base = c.days.advance(from, r.N, r.Unit)
	}
	c.nominal = c.base
	if c.extension.kind != 0 {
		if c.notExtended = c.refuse(r, c.extension.days, c.extension.day); c.notExtended == nil {
			c.extended = true
			c.nominal = c.days.advance(c.base, c.extension.days, r.Unit)
		}
	}
	c.safe = c.days.roll(c.nominal, PreviousWorking)
	c.legal = c.days.roll(c.nominal, r.Roll)
	return c
}

// refuse needs from and base alone.
func (c *counting) refuse(r Rule, days int, approvedOn Day) error {
	refused := func(code string, pairs ...any) error {
		return errs.E(errs.Refused, code, pairs...).Under(r.Article)
	}
	switch {
	case r.ExtendN == 0 || !c.base.Known():
		return refused("law.extend.none")
	case days < 1 || days > r.ExtendN:
		return refused("law.extend.long", "n", r.ExtendN)
	case approvedOn < c.from:
		return refused("law.extend.early", "from", c.from)
	case approvedOn > c.base && approvedOn > c.days.roll(c.base, r.Roll):
		return refused("law.extend.late", "end", c.days.roll(c.base, r.Roll))
	}
	return nil
}

func without(opts []Option, kind optionKind) []Option {
	var kept []Option
	for _, o := range opts {
		if o.kind != kind {
			kept = append(kept, o)
		}
	}
	return kept
}

// A reader looks days up and remembers whether one of them was not published.
type reader struct {
	cal         *Calendar
	provisional bool
}

func (r *reader) working(d Day) bool {
	working, published := r.cal.Working(d)
	r.provisional = r.provisional || !published
	return working
}

// advance counts n units on from a day that is not itself counted (Civil Code, Article 201).
func (r *reader) advance(from Day, n int, unit Unit) Day {
	if !from.Known() {
		return NoDay
	}
	switch unit {
	case CalendarDays:
		return from.Add(n)
	case WorkingDays:
		d := from
		for n > 0 {
			d++
			if r.working(d) {
				n--
			}
		}
		return d
	case Months:
		return from.AddMonths(n)
	case Years:
		return from.AddMonths(n * monthsOfYear)
	case NamedDay:
	}
	return NoDay
}

const monthsOfYear = 12

func (r *reader) roll(d Day, how Roll) Day {
	step := Day(0)
	switch how {
	case NextWorking:
		step = 1
	case PreviousWorking:
		step = -1
	case RollNone:
	}
	if !d.Known() || step == 0 {
		return d
	}
	for !r.working(d) {
		d += step
	}
	return d
}
