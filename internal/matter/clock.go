package matter

import (
	"fmt"
	"strings"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/org"
)

// Rules is the law a matter runs under: the rule set of the day it came in and the working-day calendar.
type Rules struct {
	Set      law.RuleSet
	Calendar *law.Calendar
}

// Clock is one lawful period of a matter: whose it is, from when, until when, and when it stopped.
// It is derived from the events and never stored as truth; whether it is overdue depends on the day one asks.
type Clock struct {
	Key        string     // stable within the matter: the rule and what it hangs on
	Rule       law.RuleID //
	Unit       org.UnitID // the unit it binds or whose right it is; for a petitioner's right, the unit that answers to it
	Submission Ref        // set where the clock is one submission's own
	Review     int        // set where it is a review's: see Matter.InReview
	Right      bool       // a right that lapses, not a duty that can be overdue
	Petitioner bool       // the right is the petitioner's
	Own        bool       // the office's own time, not a period of law
	Name       string     // "court", "part", "line": a named day that says more than its rule
	Promise    int        // set where it is the day that an answer promises: the number of the demand
	From       law.Day    // the day of the event that started it, itself not counted
	Nominal    law.Day    // last day by counting alone
	Legal      law.Day    // last day after rolling over rest days
	Safe       law.Day    // last working day on or before Nominal
	Provision  bool       // past the published calendar
	Stopped    law.Day    // NoDay while it runs
	Remind     law.Day    // as kept: next day on which something may have to be told of it, NoDay for none; no part of what the clock says
	unsigned   bool       // of a unit that has not signed for it
	rule       law.Rule   //
	opts       []law.Option
}

// Running reports whether the clock still runs on a day: a duty until it is done, a right until it is used or lapses.
func (c Clock) Running(today law.Day) bool {
	if c.Stopped.Known() {
		return false
	}
	return !c.Right || today <= c.Legal
}

// Standing is how a period stands on a day: its light, and the days its words count. Both are counted to the same day, so that colour and
// words never say different things.
type Standing struct {
	Light law.Light
	To    law.Day // the day that is counted to: the safe end while it is not past, then the legal end
	Left  int     // days to it, negative once it is past
}

// Stand decides how a period with a legal and a safe end stands on a day. It is late after the legal end, and soon from some days before the
// safe end, so that there is still a working day to act on.
func Stand(legal, safe, today law.Day, soon int) Standing {
	s := Standing{Light: law.LightGo, To: safe}
	if !legal.Known() {
		s.Light = law.LightPause // it stands still, and its end is not known yet
		return s
	}
	if today > safe {
		s.To = legal
	}
	s.Left = int(s.To - today)
	switch {
	case today > legal:
		s.Light = law.LightLate
	case int(safe-today) <= soon:
		s.Light = law.LightSoon
	}
	return s
}

// Standing says how the clock stands on a day. A stopped or lapsed clock is done, never red. A duty is counted to its safe end, a right to its
// legal end: who has a right may use its last day.
func (c Clock) Standing(today law.Day, soon int) Standing {
	safe := c.Safe
	if c.Right {
		safe = c.Legal
	}
	s := Stand(c.Legal, safe, today, soon)
	if !c.Running(today) {
		s.Light = law.LightDone
	}
	return s
}

// Awaited says how the clock stands for a petitioner, who is told the legal end and nothing of safe days: light and words count to it.
func (c Clock) Awaited(today law.Day, soon int) Standing {
	c.Safe = c.Legal
	return c.Standing(today, soon)
}

// Light is the light of the clock's standing.
func (c Clock) Light(today law.Day, soon int) law.Light { return c.Standing(today, soon).Light }

// lapsed reports whether it is a petitioner's right whose last day passed unused.
func (c Clock) lapsed(today law.Day) bool {
	return c.Petitioner && !c.Stopped.Known() && today > c.Legal
}

// Late reports by how many days a duty was or is past its legal end on a day; zero when it is not.
func (c Clock) Late(today law.Day) int {
	if c.Right || !c.Legal.Known() {
		return 0
	}
	day := today
	if c.Stopped.Known() {
		day = c.Stopped
	}
	return max(0, int(day-c.Legal))
}

// Deadline computes the derivation of the clock's dates, step by step.
func (c Clock) Deadline(cal *law.Calendar) law.Deadline {
	return law.Compute(c.rule, c.From, cal, c.opts...)
}

// The rules that are rights.
const (
	ruleObject   law.RuleID = "D04"
	ruleReview   law.RuleID = "D07"
	ruleBureau   law.RuleID = "D01"
	ruleDirect   law.RuleID = "D02"
	ruleReceiver law.RuleID = "D03"
	ruleHandle   law.RuleID = "D05"
	ruleExtend   law.RuleID = "D06"
	ruleReport   law.RuleID = "D10"
	ruleShort    law.RuleID = "D16b"

	ruleAdvice law.RuleID = "D12"

	ruleReviewed      law.RuleID = "D08"
	ruleReviewTaken   law.RuleID = "D08a" // some places set a time to take a request up or decline it
	ruleReReview      law.RuleID = "D09"
	ruleReReviewed    law.RuleID = "D10b"
	ruleReReviewTaken law.RuleID = "D10c"
)

// triggerReceipt is the trigger of a rule that counts from receipt.
const triggerReceipt = "receipt"

// Clocks returns the clocks of the matter, in the order they started. It is a pure function of the events and the rules.
// A resting (merged) matter has none of its own but keeps those of the past.
func (m *Matter) Clocks(rules Rules) ([]Clock, error) {
	b := clockBuilder{m: m, rules: rules}
	b.intake()
	b.legs()
	b.handling()
	b.fixed()
	b.parts()
	b.courts()
	b.promises()
	b.advices()
	b.windows()
	b.reviews()
	return b.clocks, b.err
}

type clockBuilder struct {
	m      *Matter
	rules  Rules
	clocks []Clock
	err    error
}

func (b *clockBuilder) add(c Clock, opts ...law.Option) {
	if b.err != nil {
		return
	}
	rule, err := b.rules.Set.Rule(c.Rule)
	if errs.KindOf(err) == errs.NotFound {
		return // this law sets no such period, so no such clock runs
	}
	if err != nil {
		b.err = fmt.Errorf("matter %s: %w", b.m.Ref, err)
		return
	}
	hearings := b.m.Hearings
	if r := b.m.review(c.Review); r != nil {
		hearings = r.Hearings
	}
	opts = append(opts, pauses(rule, hearings)...)
	c.rule, c.opts = rule, opts
	c.Nominal, c.Legal, c.Safe, c.Provision = law.Ends(rule, c.From, b.rules.Calendar, opts...)
	if !b.m.Merged.IsZero() && !c.Stopped.Known() && !c.Right {
		return // it rests: nothing runs until it is separated
	}
	b.clocks = append(b.clocks, c)
}

// intake is D01 for a petition department and D02 for any other organ, from receipt until the receiving unit has disposed of it or told the petitioner.
func (b *clockBuilder) intake() {
	m := b.m
	for _, s := range m.Submissions {
		rule := ruleDirect
		if s.Bureau {
			rule = ruleBureau
		}
		stopped := m.Disposed
		if !stopped.Known() && (m.State == StateWithdrawn || m.isWithdrawn(s.Ref)) {
			stopped = s.Received
			if m.Ended.Known() {
				stopped = m.Ended
			}
		}
		if stopped.Known() && stopped < s.Received {
			stopped = s.Received // a repeat that joined a matter already told: where it stands was told at once
		}
		b.add(Clock{Key: string(rule) + "/" + s.Ref.String(), Rule: rule, Unit: s.Unit, Submission: s.Ref, From: s.Received, Stopped: stopped})
	}
}

// legs is D03 and D04 of each unit it was sent to, both from receipt.
func (b *clockBuilder) legs() {
	m := b.m
	for _, l := range m.Legs {
		if l.From == 0 {
			continue // kept by the receiver: D01 or D02 runs on
		}
		told := law.NoDay
		switch {
		case l.Returned.Known():
			told = l.Returned
		case m.Notified.Known() && m.Notified >= l.Received:
			told = m.Notified
		case m.State == StateWithdrawn:
			told = m.Ended
		}
		holds := m.leg() != nil && m.leg().N == l.N
		if !told.Known() && !holds {
			told = m.passedOn(l)
		}
		b.add(Clock{Key: fmt.Sprintf("%s/%d", ruleReceiver, l.N), Rule: ruleReceiver, Unit: l.Unit, From: l.Received, Stopped: told, unsigned: !l.Signed.Known()})
		if !l.Objected && holds {
			b.add(Clock{Key: fmt.Sprintf("%s/%d", ruleObject, l.N), Rule: ruleObject, Unit: l.Unit, Right: true, From: l.Received, Stopped: told})
		}
	}
}

// passedOn is the day a unit that no longer has the matter last sent it on. An objection upheld brings it back to the
// unit, and its own time runs on as if it had never left.
func (m *Matter) passedOn(l Leg) law.Day {
	day := law.NoDay
	for _, next := range m.Legs[l.N:] {
		if next.From == l.Unit || !day.Known() {
			day = next.Received
		}
	}
	return day
}

// handlingFrom is the day from which a rule counts the handling of an accepted matter: the acceptance, or, where a local law says so, the day the
// unit that handles it received it. The clock shows itself with the acceptance alone, for before it nobody knows whether the matter will be handled.
func (m *Matter) handlingFrom(rule law.Rule) law.Day {
	if rule.Trigger != triggerReceipt {
		return m.Accepted
	}
	if l := m.leg(); l != nil {
		return l.Received
	}
	return m.Received()
}

// handling is D05, with D06 where it was extended, and the short track's D16b beside it.
func (b *clockBuilder) handling() {
	m := b.m
	if !m.Accepted.Known() {
		return
	}
	stopped := m.Handled
	unit := m.Holder()
	from := m.Accepted
	if rule, err := b.rules.Set.Rule(ruleHandle); err == nil { // a law without it sets no clock: add decides
		from = m.handlingFrom(rule)
	}
	if m.Extension != nil && !m.Extension.Revoked.Known() {
		b.add(Clock{Key: string(ruleExtend), Rule: ruleHandle, Unit: unit, From: from, Stopped: stopped}, law.Extended(m.Extension.Days, m.Extension.Approved))
	} else {
		b.add(Clock{Key: string(ruleHandle), Rule: ruleHandle, Unit: unit, From: from, Stopped: stopped})
	}
	if m.Short != "" {
		done := stopped
		if m.Draft != nil && m.Draft.Issued.Known() {
			done = m.Draft.Issued
		}
		b.add(Clock{Key: string(ruleShort), Rule: ruleShort, Unit: unit, From: m.Accepted, Stopped: done})
	}
}

// fixed are the days set by people: the assignment letter's, the redo's, the 督办's.
func (b *clockBuilder) fixed() {
	m := b.m
	for _, l := range m.Legs {
		if l.ReportBy.Known() {
			b.add(Clock{Key: fmt.Sprintf("%s/%d", ruleReport, l.N), Rule: ruleReport, Unit: l.Unit, From: l.Received, Stopped: m.until(l.Returned)}, law.Fixed(l.ReportBy))
		}
	}
	for i, r := range m.Redos {
		b.add(Clock{Key: fmt.Sprintf("%s/redo%d", ruleReport, i+1), Rule: ruleReport, Unit: m.Holder(), From: r.On, Stopped: r.Done}, law.Fixed(r.By))
	}
	for i, p := range m.Presses {
		b.add(Clock{Key: fmt.Sprintf("%s/press%d", ruleReport, i+1), Rule: ruleReport, Unit: m.Holder(), From: p.On, Stopped: m.until(p.Answered)}, law.Fixed(p.By))
	}
}

// until is when something between offices was done, or without that when the matter ended.
func (m *Matter) until(done law.Day) law.Day {
	if !done.Known() && !m.State.Open() {
		return m.Ended
	}
	return done
}

// Next returns the running duty that ends first, by legal end and then by the order it started. It is false when none runs.
func Next(clocks []Clock, today law.Day) (Clock, bool) {
	var best Clock
	found := false
	for _, c := range clocks {
		if c.Right || !c.Running(today) || !c.Legal.Known() {
			continue
		}
		if !found || c.Legal < best.Legal {
			best, found = c, true
		}
	}
	return best, found
}

// BetweenOffices reports whether the day was set by one office for another: the report that an assignment asks for, the answer to a 督办. It is no
// promise to the petitioner; the day set when a matter is sent back to be handled again is.
func (c Clock) BetweenOffices() bool {
	return c.Rule == ruleReport && c.Promise == 0 && !strings.HasPrefix(c.Key, string(ruleReport)+"/redo")
}

// SameDates reports whether two clocks say the same, for writing only what changed. Which review it is of is part of the key.
func (c Clock) SameDates(o Clock) bool {
	return c.Key == o.Key && c.Rule == o.Rule && c.Unit == o.Unit && c.Right == o.Right && c.From == o.From && c.Nominal == o.Nominal &&
		c.Legal == o.Legal && c.Safe == o.Safe && c.Provision == o.Provision && c.Stopped == o.Stopped
}
