package law

import (
	"cmp"
	"errors"
	"slices"

	"huiyin/internal/errs"
)

// A Step is one line of a derivation: a day, what happens on it and why, both as codes of the message catalogue with
// their arguments. Arguments that are days are of type Day; names and articles come in Chinese under their key and in
// English under the key with _en.
type Step struct {
	Day     Day
	Code    string
	Args    []errs.Arg
	Why     string
	WhyArgs []errs.Arg
	Result  bool // the line that says the last day in law
}

// Compute counts a period from the day of its event, with its derivation. It is a pure function: the same rule, day,
// calendar and options always give the same answer. Where the day is NoDay, or the rule waits for a named day, the
// ends are NoDay.
func Compute(r Rule, from Day, cal *Calendar, opts ...Option) Deadline {
	c := count(r, from, cal, opts)
	return Deadline{
		Rule: r.ID, Side: r.Side, From: from, NominalEnd: c.nominal, LegalEnd: c.legal, SafeEnd: c.safe,
		SoonDays: r.SoonDays, Provisional: c.days.provisional, Steps: c.steps(r, cal),
	}
}

func (c *counting) steps(r Rule, cal *Calendar) []Step {
	var steps []Step
	if c.from.Known() {
		steps = append(steps, c.startStep(r))
	}
	steps = append(steps, c.pauseSteps(r)...)
	if !c.nominal.Known() {
		return append(steps, c.openSteps(r)...)
	}
	if !c.fixed {
		steps = append(steps, c.walk(r, cal)...)
	}
	steps = append(steps, c.extensionSteps(r)...)
	if !r.Before { // what is counted back stands in the order of counting already
		slices.SortStableFunc(steps, func(x, y Step) int { return cmp.Compare(x.Day, y.Day) })
	}
	steps = append(steps, c.endSteps(r, cal)...)
	if r.Least {
		steps = append(steps, Step{Day: c.legal.Add(1), Code: "law.step.free", Why: "law.why.free"})
	}
	if c.days.provisional {
		_, until := cal.Published()
		steps = append(steps, Step{Day: c.legal, Code: "law.step.provisional", Why: "law.why.provisional", WhyArgs: []errs.Arg{arg("until", until)}})
	}
	return steps
}

func (c *counting) startStep(r Rule) Step {
	s := Step{Day: c.from, Code: "law.trigger." + r.Trigger}
	if !c.fixed && r.Unit != NamedDay {
		s.Why, s.WhyArgs = "law.why.start", pair("article", r.StartArticle, r.StartArticleEn)
		if r.Before {
			s.Why = "law.why.start.back"
		}
	}
	return s
}

// openSteps say why a period with a beginning has no end: the law gives it no length. Where a document names the day, the
// end is still to come and nothing more is to be said; while a pause lasts, the pause has said it.
func (c *counting) openSteps(r Rule) []Step {
	if r.Unit != NamedDay || r.ByDocument() || !c.from.Known() {
		return nil
	}
	return []Step{{Day: c.from, Code: "law.step.open." + r.SetBy, Why: "law.why.article", WhyArgs: articleArgs(r)}}
}

// pauseSteps are the days the count stood still, and the pauses that do not count.
func (c *counting) pauseSteps(r Rule) []Step {
	var steps []Step
	for _, p := range c.pauses {
		s := Step{Day: p.from, Code: "law.step.paused", Why: "law.pause." + r.Pause, WhyArgs: pair("article", r.PauseArticle, r.PauseArticleEn)}
		switch refusal, refused := errors.AsType[*errs.Error](p.refused); {
		case refused:
			s.Code, s.Why, s.WhyArgs = "law.step.not_paused", refusal.Code, refusal.Args
		case !p.until.Known():
			s.Code = "law.step.pausing"
		default:
			s.Args = append(number(int(p.until-p.from)+1), arg("until", p.until))
		}
		steps = append(steps, s)
	}
	return steps
}

// walk lists the first day counted and, for working days, every break and made-up day on the way.
func (c *counting) walk(r Rule, cal *Calendar) []Step {
	first := Step{Day: c.from.Add(1), Code: "law.step.begins", WhyArgs: append(number(r.N), articleArgs(r)...)}
	for !r.Before && !c.days.counted(first.Day) {
		first.Day++
	}
	switch r.Unit {
	case CalendarDays:
		first.Code, first.Why = "law.step.first", "law.why.length.calendar"
	case Months:
		first.Why = "law.why.length.months"
	case Years:
		first.Why = "law.why.length.years"
	case WorkingDays:
		first.Code, first.Why = "law.step.first_working", "law.why.length.working"
	case NamedDay:
		return nil
	}
	switch {
	case r.Before:
		first.Day, first.Code = c.from.Add(-1), "law.step.back"
	case r.Unit == WorkingDays:
		return c.walkWorking(first, cal)
	}
	return []Step{first}
}

func (c *counting) walkWorking(first Step, cal *Calendar) []Step {
	var steps []Step
	add := func(d Day, code string, args []errs.Arg) {
		why, whyArgs := cal.Why(d)
		steps = append(steps, Step{Day: d, Code: code, Args: args, Why: why, WhyArgs: whyArgs})
	}
	n := 0
	for d := c.from.Add(1); d <= c.nominal; d++ {
		if !c.days.counted(d) {
			continue
		}
		works, _ := cal.Working(d)
		if works {
			n++
		}
		m := cal.mark(d)
		switch {
		case works && n == 1:
			first.Day = d
			steps = append(steps, first)
		case works && d < c.nominal && m == makeup:
			add(d, "law.step.working", number(n))
		case cal.beginsBreak(d), m >= named && d == c.from.Add(1), m == gap && fixedHoliday(d) != "":
			add(d, "law.step.break", nil)
		}
	}
	return steps
}

// extensionSteps are the approval of an extension and the end it prolongs, or why it does not count.
func (c *counting) extensionSteps(r Rule) []Step {
	if c.extension.kind == 0 {
		return nil
	}
	unit := []errs.Arg{arg("unit", r.extendUnit().String())}
	approved := Step{Day: c.extension.day, Code: "law.step.extended", Args: append(number(c.extension.days), unit...)}
	if refusal, ok := errors.AsType[*errs.Error](c.notExtended); ok {
		approved.Code, approved.Why, approved.WhyArgs = "law.step.not_extended", refusal.Code, refusal.Args
		return []Step{approved}
	}
	approved.Why, approved.WhyArgs = "law.why.extended", append(append(number(r.ExtendN), arg("by", r.ExtendBy)), append(unit, articleArgs(r)...)...)
	if r.ExtendN == 0 {
		approved.Why, approved.WhyArgs = "law.why.extended.open", append([]errs.Arg{arg("by", r.ExtendBy)}, articleArgs(r)...)
	}
	return []Step{approved, {Day: c.base, Code: "law.step.base_end", Why: "law.why.base_end"}}
}

// endSteps are the last day as counted and, where that is not worked, the last day in law.
func (c *counting) endSteps(r Rule, cal *Calendar) []Step {
	end := Step{Day: c.nominal}
	end.Why, end.WhyArgs = cal.Why(c.nominal)
	length := r.N
	if c.extended {
		length += c.extension.days
	}
	switch {
	case c.fixed:
		end.Code = "law.step.named"
	case r.Unit == CalendarDays:
		end.Code, end.Args = "law.step.day", number(length)
	case r.Unit == WorkingDays:
		end.Code, end.Args = "law.step.working", number(length)
	default:
		end.Code = "law.step.full"
	}
	if works, _ := cal.Working(c.nominal); works {
		end.Code, end.Result = end.Code+".last", true
		return []Step{end}
	}
	last := Step{Day: c.legal, Code: "law.step.last", Result: true, WhyArgs: pair("article", r.RollArticle, r.RollArticleEn)}
	if cal.mark(c.legal) == makeup {
		last.Code = "law.step.last.makeup"
	}
	switch {
	case r.Roll == RollNone:
		last.Why, last.WhyArgs = "law.why.roll.none", nil
	case r.Roll == PreviousWorking:
		last.Why = "law.why.roll.previous"
	case r.RollByAnalogy:
		last.Why = "law.why.roll.analogy"
	default:
		last.Why = "law.why.roll.next"
	}
	return []Step{end, last}
}

func number(n int) []errs.Arg { return []errs.Arg{arg("n", n)} }

func articleArgs(r Rule) []errs.Arg {
	return pair("article", r.Article, r.ArticleEn)
}
