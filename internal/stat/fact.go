// Package stat turns what happened to matters into figures. It has three steps, each of which can be followed by hand.
//
// A matter leaves facts: on this day, by this unit, so much of this measure became so (Of). A fact carries two days. Its basis is the day by which a period counts
// it: the day of receipt, of acceptance, of the answer. Its day is that from which it holds: a duty that began in March and was done too late in June is a fact of
// March that holds from June on. What ceases to hold is taken back by a fact with the opposite sign. So a figure of any period as of any day is a sum
// over facts, whenever it is asked for.
//
// An indicator (indicators.json) divides sums of measures by sums of measures, or counts, or takes the middle of times. It names its variant and where its definition
// comes from. A share is an exact fraction; without anything to divide by it is not nought but not to be had.
//
// Nothing here is about a person: no measure counts by petitioner, and none says whether or where somebody petitions. A lawful no weighs the same as a yes, and who keeps
// silent is never counted as content.
package stat

import (
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
)

// Measure is one kind of thing that is counted.
type Measure string

// What came: by the day of receipt, at the unit that registered.
const (
	Items        Measure = "items"         // 件次: submissions that are no visits
	Batches      Measure = "batches"       // 批次: visits
	Persons      Measure = "persons"       // 人次: present or signing
	GroupBatches Measure = "group_batches" // visits of five or more
	GroupPersons Measure = "group_persons" // who were present at them
	Submissions  Measure = "submissions"   // items and batches
	Firsts       Measure = "firsts"        // 初件
	Repeats      Measure = "repeats"       // 重件
	Online       Measure = "online"        // 网信: neither letter nor visit
)

// The stock of open matters, at the unit that has them, and what changes it. Opening stock, added, reopened and moved in, less ended, joined and moved out, is the
// closing stock.
const (
	Stock      Measure = "stock"       // 存量
	Added      Measure = "added"       // 增量: opened for the first time
	Reopened   Measure = "reopened"    // opened again: a redo, a separation
	Ended      Measure = "ended"       // came to the end of the procedure
	Joined     Measure = "joined"      // rests, its submission hangs on another
	MovedIn    Measure = "moved_in"    // came from another unit
	MovedOut   Measure = "moved_out"   // went to another unit
	OverdueNow Measure = "overdue_now" // 超期未办: duties past their end and not done, likewise at the unit they bind
)

// 积案: what has been open for more than [BacklogAfter] days, at the unit that has it.
const (
	Backlog         Measure = "backlog"          // the stock, by the day on which it became that
	BacklogEnded    Measure = "backlog_ended"    // of it, what came to the end of the procedure, by that day
	BacklogResolved Measure = "backlog_resolved" // of this, what is resolved, by the same day
)

// BacklogAfter is after how many days since its receipt an open matter is backlog. No official text sets it: the last two bands of [Ages] are proposed.
const BacklogAfter = 180

// What became of what came: by the day of receipt, so that a figure follows those who came in a period.
const (
	Open      Measure = "open"      // still open, at the unit that has the matter
	Contacted Measure = "contacted" // somebody got in touch with the petitioner (contacts.json), at the unit that registered
	Reached   Measure = "reached"   // with a milestone behind a dot: that the matter has reached it, likewise
)

// The milestones of a matter on its way.
const (
	Sent     = "sent"     // with a responsible unit
	Took     = "accepted" // accepted
	Answered = "answered" // handled to the end
	Closed   = "closed"   // the procedure has ended
	Solved   = "resolved" // everybody said so
)

// Milestones are in the order of the way.
func Milestones() []string { return []string{Sent, Took, Answered, Closed, Solved} }

// The duties, by the day they began and the unit they bind: which of four states they are in is a matter of the day one asks. Each has a prefix.
const (
	Dispose Measure = "dispose" // D01: a petition department disposes of what it received
	Notify  Measure = "notify"  // D02, D03: another organ tells the petitioner in writing
	Answer  Measure = "answer"  // D05, with its extension: an accepted matter is handled
	Review  Measure = "review"  // D08, D10b: a review or re-review is decided
	Report  Measure = "report"  // D10: the day in a letter of assignment, a redo or a pressing

	Transferred Measure = "transferred" // 转送: of Answer, what another unit was sent; not while it is pending
)

// The states of a duty, behind its prefix and a dot.
const (
	InTime  = "in_time" // done by the last day of the law
	Late    = "late"    // done after it
	Overdue = "overdue" // past it and not done
	Pending = "pending" // neither done nor past it
)

// Of a duty's state.
func (m Measure) Of(state string) Measure { return m + "." + Measure(state) }

// What came of it.
const (
	Accepted Measure = "accepted" // by the day of acceptance
	Extended Measure = "extended" // likewise, with the handling period extended
	Returned Measure = "returned" // an objection of the unit was upheld, by its day
	Urged    Measure = "urged"    // by the day of the urge
	Resolved Measure = "resolved" // 化解: by the day on which everybody had said so

	Completed  Measure = "completed"   // 办结 with a first item, by its day
	CameAgain  Measure = "came_again"  // of these, with a repeat within the window
	SolvedOnce Measure = "solved_once" // of these, resolved and without one
	Settled    Measure = "settled"     // of these, resolved, whoever came again

	Outcome Measure = "outcome" // with the outcome behind a dot: of each demand, by the day of the answer

	Receiving Measure = "receiving" // with the grade behind a dot: how the unit that registered was rated, by the day the opinion was served
	Handling  Measure = "handling"  // likewise of the unit that gave the opinion
	Unrated           = "unrated"   // the window for rating passed in silence
)

// Times, in calendar days, by the day on which they ended.
const (
	DaysToForward Measure = "days_to_forward" // from receipt to the first unit it was sent to
	DaysToSign    Measure = "days_to_sign"    // from there to the signature for it
	DaysToNotice  Measure = "days_to_notice"  // from receipt to the first written word
	DaysToAccept  Measure = "days_to_accept"  // from receipt to acceptance
	DaysToAnswer  Measure = "days_to_answer"  // from acceptance to the end of handling
	DaysToServe   Measure = "days_to_serve"   // from the signature under the opinion to its service
)

// Window is for how many days after its completion a matter is watched for a repeat. No official text sets it: six months are proposed.
const Window = 183

// Fact is that something became so, or with a negative N ceased to be.
type Fact struct {
	Measure Measure
	Basis   law.Day // by which a period counts it
	Day     law.Day // from which it holds
	Unit    org.UnitID
	To      org.UnitID // where it went, of what moved out
	N       int
	Days    int // of a time
	Facets
}

// Facets are by what figures are broken down, besides units and days.
type Facets struct {
	Place    int64
	Category string
	Channel  matter.Channel
	Purpose  matter.Purpose
	Level    matter.Level
	Sealed   bool // of an accusation: counted apart
}

// Of returns the facts that a history leaves. It is pure: the same history, rules and calendar leave the same facts.
func Of(events []matter.Event, rules matter.Rules) ([]Fact, error) {
	m := matter.Fold(events)
	clocks, err := m.Clocks(rules)
	if err != nil {
		return nil, err
	}
	return Facts(m, events, clocks, rules), nil
}

// Facts is Of for who has folded the events and worked out the clocks already.
func Facts(m *matter.Matter, events []matter.Event, clocks []matter.Clock, rules matter.Rules) []Fact {
	c := &counter{matter: m, facets: Facets{Place: m.Place(), Category: m.Category, Purpose: m.Purpose, Level: m.Level, Sealed: m.Sealed}}
	if len(m.Submissions) > 0 {
		c.facets.Channel = m.Submissions[0].Channel
	}
	c.walk(events)
	c.came()
	c.backlog()
	for _, clock := range clocks {
		c.duty(clock)
	}
	c.times()
	c.once()
	c.ratings(rules)
	return Changed(nil, c.facts)
}

// counter collects the facts of one matter.
type counter struct {
	matter *matter.Matter
	facets Facets
	facts  []Fact

	completed    law.Day   // the last time, NoDay where it is not so
	resolved     []stretch // since when it was, and until somebody said otherwise
	held         []holding // by whom it was had while open
	contacted    bool
	sent, issued law.Day // to a unit and not signed for yet, signed and not served to the last
	forwarded    bool
}

func (c *counter) add(f Fact) {
	if f.Facets == (Facets{}) {
		f.Facets = c.facets
	}
	c.facts = append(c.facts, f)
}

// on adds a fact that holds from the day by which it is counted.
func (c *counter) on(m Measure, day law.Day, unit org.UnitID) {
	c.add(Fact{Measure: m, Basis: day, Day: day, Unit: unit, N: 1})
}

// came counts the submissions. Those of a matter that rests are counted where they hang.
func (c *counter) came() {
	m := c.matter
	if !m.Merged.IsZero() {
		return
	}
	for i, s := range m.Submissions {
		f := c.facets
		f.Channel, f.Place = s.Channel, s.Place
		count := func(measure Measure, n int) {
			c.add(Fact{Measure: measure, Basis: s.Received, Day: s.Received, Unit: s.Unit, N: n, Facets: f})
		}
		count(Submissions, 1)
		count(Persons, s.Persons)
		if s.Channel == matter.ChannelVisit {
			count(Batches, 1)
			if s.Group() {
				count(GroupBatches, 1)
				count(GroupPersons, s.Persons)
			}
		} else {
			count(Items, 1)
			if s.Channel != matter.ChannelLetter {
				count(Online, 1)
			}
		}
		if i == 0 {
			count(Firsts, 1)
		} else {
			count(Repeats, 1)
		}
	}
}

// duty counts a clock that is a duty of a kind that is counted.
func (c *counter) duty(k matter.Clock) {
	duties := map[law.RuleID]Measure{"D01": Dispose, "D02": Notify, "D03": Notify, "D05": Answer, "D08": Review, "D10b": Review, "D10": Report}
	measure, counted := duties[k.Rule]
	if !counted || k.Right || k.Own {
		return
	}
	holds := func(state string, from law.Day, n int) {
		c.add(Fact{Measure: measure.Of(state), Basis: k.From, Day: from, Unit: k.Unit, N: n})
		if measure == Answer && state != Pending && c.transferred(k.Unit) {
			c.add(Fact{Measure: Transferred.Of(state), Basis: k.From, Day: from, Unit: k.Unit, N: n})
		}
	}
	holds(Pending, k.From, 1)
	switch done := k.Stopped.Known(); {
	case done && (!k.Legal.Known() || k.Stopped <= k.Legal):
		holds(Pending, k.Stopped, -1)
		holds(InTime, k.Stopped, 1)
	case k.Legal.Known():
		holds(Pending, k.Legal+1, -1)
		holds(Overdue, k.Legal+1, 1)
		c.on(OverdueNow, k.Legal+1, k.Unit)
		if done {
			holds(Overdue, k.Stopped, -1)
			holds(Late, k.Stopped, 1)
			c.add(Fact{Measure: OverdueNow, Basis: k.Stopped, Day: k.Stopped, Unit: k.Unit, N: -1})
		}
	}
}

// took counts the days from one day to another.
func (c *counter) took(m Measure, from, to law.Day, unit org.UnitID) {
	if from.Known() && to.Known() {
		c.add(Fact{Measure: m, Basis: to, Day: to, Unit: unit, N: 1, Days: max(0, int(to-from))})
	}
}

// times counts how long it took.
func (c *counter) times() {
	m := c.matter
	c.took(DaysToNotice, m.Received(), m.Notified, m.Receiver())
	c.took(DaysToAnswer, m.Accepted, m.Handled, m.Holder())
}

// once counts a completed matter, whether anybody came again, and whether it was resolved at once.
func (c *counter) once() {
	m, day := c.matter, c.completed
	if !day.Known() || len(m.Submissions) == 0 {
		return
	}
	unit := m.Holder()
	c.on(Completed, day, unit)
	again := law.NoDay
	for _, s := range m.Submissions[1:] {
		if s.Received > day && s.Received <= day+Window && (!again.Known() || s.Received < again) {
			again = s.Received
		}
	}
	if again.Known() {
		c.add(Fact{Measure: CameAgain, Basis: day, Day: again, Unit: unit, N: 1})
	}
	for _, r := range c.resolved {
		c.settled(day, max(day, r.from), again, r.to)
	}
}

// stretch is how long something was so; to is NoDay where it still is.
type stretch struct{ from, to law.Day }

// settled counts a completed matter as resolved from a day until somebody said otherwise, and as resolved at once until somebody came again.
func (c *counter) settled(completed, from, again, to law.Day) {
	unit := c.matter.Holder()
	if to.Known() && to <= from {
		return
	}
	c.add(Fact{Measure: Settled, Basis: completed, Day: from, Unit: unit, N: 1})
	if to.Known() {
		c.add(Fact{Measure: Settled, Basis: completed, Day: to, Unit: unit, N: -1})
	}
	if again.Known() && again <= from {
		return
	}
	c.add(Fact{Measure: SolvedOnce, Basis: completed, Day: from, Unit: unit, N: 1})
	if again.Known() && (!to.Known() || again < to) {
		to = again
	}
	if to.Known() {
		c.add(Fact{Measure: SolvedOnce, Basis: completed, Day: to, Unit: unit, N: -1})
	}
}

// ratings counts, for each petitioner who has the opinion in hand, the rating or the silence.
func (c *counter) ratings(rules matter.Rules) {
	const ruleRating law.RuleID = "D15"
	m := c.matter
	rule, err := rules.Set.Rule(ruleRating)
	windowed := err == nil
	for _, s := range m.Services {
		sub, ok := m.Submission(s.Submission)
		if !ok {
			continue
		}
		handler := m.OpinionUnit
		if handler == 0 {
			handler = m.Holder()
		}
		state := func(day law.Day, receiving, handling string, n int) {
			c.add(Fact{Measure: Receiving.Of(receiving), Basis: s.On, Day: day, Unit: sub.Unit, N: n})
			c.add(Fact{Measure: Handling.Of(handling), Basis: s.On, Day: day, Unit: handler, N: n})
		}
		rating, rated := m.Rating(s.Submission)
		if rated {
			state(rating.On, string(rating.Receiving), string(rating.Handling), 1)
		}
		if !windowed {
			continue
		}
		_, last, _, _ := law.Ends(rule, s.On, rules.Calendar)
		if rated && rating.On <= last {
			continue
		}
		state(last+1, Unrated, Unrated, 1)
		if rated {
			state(rating.On, Unrated, Unrated, -1)
		}
	}
}

// Measures are all that facts are of.
func Measures() []Measure {
	out := []Measure{
		Items, Batches, Persons, GroupBatches, GroupPersons, Submissions, Firsts, Repeats, Online, Stock, Added, Reopened, Ended, Joined, MovedIn, MovedOut, OverdueNow, Open, Contacted,
		Backlog, BacklogEnded, BacklogResolved,
		Accepted, Extended, Returned, Urged, Resolved, Completed, CameAgain, SolvedOnce, Settled, DaysToForward, DaysToSign,
		DaysToNotice, DaysToAccept, DaysToAnswer, DaysToServe,
	}
	for _, duty := range []Measure{Dispose, Notify, Answer, Review, Report} {
		out = append(out, duty.Of(InTime), duty.Of(Late), duty.Of(Overdue), duty.Of(Pending))
	}
	for _, state := range []string{InTime, Late, Overdue} {
		out = append(out, Transferred.Of(state))
	}
	for _, milestone := range Milestones() {
		out = append(out, Reached.Of(milestone))
	}
	for _, o := range matter.Outcomes() {
		out = append(out, Outcome.Of(string(o)))
	}
	for _, who := range []Measure{Receiving, Handling} {
		for _, g := range matter.Grades() {
			out = append(out, who.Of(string(g)))
		}
		out = append(out, who.Of(Unrated))
	}
	return out
}
