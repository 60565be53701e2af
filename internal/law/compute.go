package law

import (
	"cmp"
	"slices"

	"huiyin/internal/errs"
)

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

// Known reports whether the period has an end. One that is named in a document has none before it is named, and none while a
// pause lasts.
func (d Deadline) Known() bool { return d.LegalEnd.Known() }

// An Option adds what happened to one period. Make it with Extended, Fixed or Paused.
type Option struct {
	kind  optionKind
	days  int
	day   Day
	until Day
}

type optionKind int

const (
	optionExtended optionKind = iota + 1
	optionFixed
	optionPaused
)

// Extended says that the period was prolonged by a number of its units (days where a document named the day), approved on
// a day. The extension counts from the NominalEnd of the base period, so a holiday at its end lends no days. One that
// CheckExtension refuses does not move the end, and of several only the first counts.
func Extended(days int, approvedOn Day) Option {
	return Option{kind: optionExtended, days: days, day: approvedOn}
}

// Fixed says that a document names the last day, in place of the length of the rule.
func Fixed(end Day) Option { return Option{kind: optionFixed, day: end} }

// Paused says that the count stood still from one day until another, both days included; NoDay for the second means that it
// still does, and then the period has no end yet. One that CheckPause refuses does not move the end.
func Paused(from, until Day) Option { return Option{kind: optionPaused, day: from, until: until} }

// Ends returns what Compute returns without the derivation, for places that count many periods.
func Ends(r Rule, from Day, cal *Calendar, opts ...Option) (nominal, legal, safe Day, provisional bool) {
	c := count(r, from, cal, opts)
	return c.nominal, c.legal, c.safe, c.days.provisional
}

// WorkingDay returns the n-th working day after a day, which is not itself counted.
func WorkingDay(from Day, n int, cal *Calendar) Day {
	days := reader{cal: cal}
	return days.work(from, n)
}

// LatestLegal is the latest legal end that a duty with such a safe end, or an earlier one, has: between the two nobody works.
func LatestLegal(safe Day, cal *Calendar) Day { return WorkingDay(safe, 1, cal) }

// CheckExtension reports why a period may not be prolonged: the rule knows no extension (law.extend.none), it is longer
// than the rule allows (law.extend.long), or it was approved after the last day of the base period (law.extend.late)
// or before the period began (law.extend.early). The errors are Refused and carry the article. Whether the period was
// prolonged before is for the caller to know: the law allows it once.
func CheckExtension(r Rule, from Day, cal *Calendar, days int, approvedOn Day, opts ...Option) error {
	base := count(r, from, cal, without(opts, optionExtended))
	return base.refuse(r, days, approvedOn)
}

// CheckPause reports why the count of a period may not stand still: the rule knows no pause (law.pause.none), it ends before
// it begins (law.pause.order), or it begins outside the period (law.pause.outside). The errors are Refused and carry the
// article. The other options are what happened to the period apart from it.
func CheckPause(r Rule, from Day, cal *Calendar, begin, end Day, opts ...Option) error {
	others := count(r, from, cal, opts)
	return others.refusePause(r, begin, end)
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
	pauses      []stop // in the order they began
}

// A stop is a pause that was asked for: why it does not count, or nil.
type stop struct {
	span
	refused error
}

func count(r Rule, from Day, cal *Calendar, opts []Option) counting {
	c := counting{days: reader{cal: cal}, from: from, base: NoDay}
	for _, o := range opts {
		switch {
		case o.kind == optionFixed:
			c.base, c.fixed = o.day, true
		case o.kind == optionExtended && c.extension.kind == 0:
			c.extension = o
		case o.kind == optionPaused:
			c.pauses = append(c.pauses, stop{span: span{o.day, o.until}})
		}
	}
	slices.SortStableFunc(c.pauses, func(x, y stop) int { return cmp.Compare(x.from, y.from) })
	c.end(r)
	for i, p := range c.pauses {
		if c.pauses[i].refused = c.refusePause(r, p.from, p.until); c.pauses[i].refused == nil {
			c.days.still = c.days.still.with(p.span)
			c.end(r)
		}
	}
	c.safe = c.days.roll(c.nominal, PreviousWorking)
	c.legal = c.days.roll(c.nominal, r.Roll)
	return c
}

// end counts from the first day to the nominal end, over the pauses known so far.
func (c *counting) end(r Rule) {
	n := r.N
	if r.Before {
		n = -n
	}
	if !c.fixed {
		c.base = c.days.advance(c.from, n, r.Unit)
	}
	c.nominal, c.extended, c.notExtended = c.base, false, nil
	if c.extension.kind != 0 {
		if c.notExtended = c.refuse(r, c.extension.days, c.extension.day); c.notExtended == nil {
			c.extended = true
			c.nominal = c.days.advance(c.base, c.extension.days, r.extendUnit())
		}
	}
}

// extendUnit is what an extension is counted in: days where a document named the day.
func (r Rule) extendUnit() Unit {
	if r.Unit == NamedDay {
		return CalendarDays
	}
	return r.Unit
}

// refuse needs from and base alone.
func (c *counting) refuse(r Rule, days int, approvedOn Day) error {
	refused := func(code string, pairs ...any) error {
		return errs.E(errs.Refused, code, pairs...).Under(r.Article)
	}
	most := r.ExtendN
	if most == 0 {
		most = maxN
	}
	switch {
	case !r.Extendable() || !c.base.Known():
		return refused("law.extend.none")
	case days < 1 || days > most:
		return refused("law.extend.long", "n", most, "unit", r.extendUnit().String())
	case approvedOn < c.from:
		return refused("law.extend.early", "from", c.from)
	case approvedOn > c.base && approvedOn > c.days.roll(c.base, r.Roll):
		return refused("law.extend.late", "end", c.days.roll(c.base, r.Roll))
	}
	return nil
}

// refusePause needs from, nominal and the pauses before.
func (c *counting) refusePause(r Rule, begin, end Day) error {
	refused := func(code string, pairs ...any) error {
		return errs.E(errs.Refused, code, pairs...).Under(r.Article)
	}
	switch {
	case r.Pause == "" || c.fixed || !c.from.Known():
		return refused("law.pause.none")
	case !begin.Known() || end.Known() && end < begin:
		return refused("law.pause.order", "from", begin)
	case begin < c.from, c.nominal.Known() && begin > c.nominal:
		return refused("law.pause.outside", "from", c.from, "until", c.nominal)
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

// A span is days that are not counted, both ends included; it has no end while until is NoDay.
type span struct{ from, until Day }

func (s span) has(d Day) bool { return d >= s.from && (!s.until.Known() || d <= s.until) }

// spans are in order and apart from each other.
type spans []span

// with adds a span that begins no earlier than those before it, joining what touches.
func (s spans) with(next span) spans {
	if n := len(s) - 1; n >= 0 && (!s[n].until.Known() || next.from <= s[n].until+1) {
		joined := slices.Clone(s)
		if !next.until.Known() || s[n].until.Known() && next.until > s[n].until {
			joined[n].until = next.until
		}
		if !s[n].until.Known() {
			joined[n].until = NoDay
		}
		return joined
	}
	return append(slices.Clip(s), next)
}

// A reader looks days up and remembers whether one of them was not published.
type reader struct {
	cal         *Calendar
	provisional bool
	still       spans // days the count stands still
}

func (r *reader) working(d Day) bool {
	working, published := r.cal.Working(d)
	r.provisional = r.provisional || !published
	return working
}

// counted reports whether no pause holds the day.
func (r *reader) counted(d Day) bool {
	return !slices.ContainsFunc(r.still, func(s span) bool { return s.has(d) })
}

// advance counts n units on from a day that is not itself counted (Civil Code, Article 201), or back where n is negative.
func (r *reader) advance(from Day, n int, unit Unit) Day {
	if !from.Known() {
		return NoDay
	}
	switch unit {
	case CalendarDays:
		return r.over(from, from.Add(n))
	case WorkingDays:
		return r.work(from, n)
	case Months:
		return r.over(from, from.AddMonths(n))
	case Years:
		return r.over(from, from.AddMonths(n*monthsOfYear))
	case NamedDay:
	}
	return NoDay
}

const monthsOfYear = 12

// over moves an end by the days on the way to it that a pause holds.
func (r *reader) over(from, end Day) Day {
	for _, s := range r.still {
		switch first := max(s.from, from+1); {
		case first > end:
			return end
		case !s.until.Known():
			return NoDay
		case s.until >= first:
			end += s.until - first + 1
		}
	}
	return end
}

func (r *reader) work(from Day, n int) Day {
	step := Day(1)
	if n < 0 {
		step, n = -1, -n
	}
	d := from
	for n > 0 {
		d += step
		if !r.counted(d) {
			if last := len(r.still) - 1; r.still[last].has(d) && !r.still[last].until.Known() {
				return NoDay
			}
			continue
		}
		if r.working(d) {
			n--
		}
	}
	return d
}

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
