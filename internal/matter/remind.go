package matter

import (
	"bytes"
	_ "embed" // remind.json
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/org"
)

//go:embed remind.json
var shippedReminders []byte

// RemindStep is one of the things that are told of a clock, in the order they are told.
type RemindStep string

// The steps.
const (
	RemindUnsigned RemindStep = "unsigned" // what was sent has not been signed for
	RemindSoon     RemindStep = "soon"     // the end is near
	RemindLast     RemindStep = "last"     // today is the last day on which it can be done in time
	RemindLate     RemindStep = "late"     // it is past its legal end
	RemindUp       RemindStep = "up"       // it stays late: the next higher organ is told
)

// RemindSteps lists the steps in their order.
func RemindSteps() []RemindStep {
	return []RemindStep{RemindUnsigned, RemindSoon, RemindLast, RemindLate, RemindUp}
}

// Threshold says when something is told of a clock. What is zero is not told.
type Threshold struct {
	Unsigned int  `json:"unsigned,omitempty"` // working days after it was sent that a unit has not signed for it
	Soon     int  `json:"soon,omitempty"`     // days before the end
	Last     bool `json:"last,omitempty"`     // on the last day
	Late     bool `json:"late,omitempty"`     // on the day after the legal end
	Up       int  `json:"up,omitempty"`       // working days late after which the next higher organ is told, and again the one above it
}

// MaxRemindDays is the most days that a threshold may have.
const MaxRemindDays = 60

// Check returns what is wrong with a threshold; at is put before the paths.
func (h Threshold) Check(at string) []errs.Field {
	var out []errs.Field
	days := func(path string, n int) {
		if n < 0 || n > MaxRemindDays {
			out = append(out, errs.F(at+path, "remind.days", "max", MaxRemindDays))
		}
	}
	days("unsigned", h.Unsigned)
	days("soon", h.Soon)
	days("up", h.Up)
	return out
}

// Thresholds say when something is told of the clocks: by rule, or where a rule has none of its own by whose clock it is.
type Thresholds struct {
	Duty       Threshold                `json:"duty"`       // of an organ
	Petitioner Threshold                `json:"petitioner"` // a petitioner's right that lapses
	Office     Threshold                `json:"office"`     // a unit's right that lapses
	Rules      map[law.RuleID]Threshold `json:"rules"`
}

// ReadThresholds reads thresholds as JSON. Errors: remind.json, or a field error for each thing that is wrong.
func ReadThresholds(data []byte) (Thresholds, error) {
	var h Thresholds
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&h); err != nil {
		return Thresholds{}, errs.E(errs.Invalid, "remind.json").Because(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return Thresholds{}, errs.E(errs.Invalid, "remind.json").Because(err)
	}
	fields := slices.Concat(h.Duty.Check("duty."), h.Petitioner.Check("petitioner."), h.Office.Check("office."))
	for _, rule := range slices.Sorted(maps.Keys(h.Rules)) {
		fields = append(fields, h.Rules[rule].Check("rules."+string(rule)+".")...)
	}
	return h, errs.Fields(fields)
}

// ShippedThresholds returns the thresholds that ship with the program. It reads them anew on each call, so keep the answer.
func ShippedThresholds() Thresholds {
	h, err := ReadThresholds(shippedReminders)
	if err != nil {
		panic(fmt.Errorf("the embedded thresholds: %w", err))
	}
	return h
}

// With returns the thresholds with those of some rules put in the place of what is there.
func (h Thresholds) With(rules map[law.RuleID]Threshold) Thresholds {
	h.Rules = maps.Clone(h.Rules)
	if h.Rules == nil {
		h.Rules = make(map[law.RuleID]Threshold, len(rules))
	}
	maps.Copy(h.Rules, rules)
	return h
}

// Of returns the threshold of a clock. Without one of its own, a rule is announced no earlier than its law's file wants it.
func (h Thresholds) Of(c Clock) Threshold {
	if own, ok := h.Rules[c.Rule]; ok {
		return own
	}
	kind := h.Duty
	switch {
	case c.Petitioner:
		kind = h.Petitioner
	case c.Right:
		kind = h.Office
	}
	if c.rule.SoonDays > 0 {
		kind.Soon = min(kind.Soon, c.rule.SoonDays)
	}
	return kind
}

// Reminding is what reminders are decided by, besides the matter.
type Reminding struct {
	Thresholds Thresholds
	Calendar   *law.Calendar
	Chart      *org.Chart
	Today      law.Day
}

// Reminder is something to be told of a clock from a day on. To is the higher organ that is told, of RemindUp alone.
type Reminder struct {
	Step RemindStep
	Day  law.Day
	To   org.UnitID
}

// Cause names what a clock's reminder is told for. It holds the legal end, so that one whose end moved is told of again, and nothing twice.
func (r Reminder) Cause(c Clock) string {
	cause := c.Key + "@" + c.Legal.String() + "/" + string(r.Step)
	if r.Step == RemindUp {
		cause += fmt.Sprintf("/%d", r.To)
	}
	return cause
}

// Reminders lists what is still told of a clock, by day; what has been told is among it, but for the organs above. It is empty for a clock that
// stopped, stands still or lapsed, and for a matter that rests or was withdrawn. The last of it whose day has come is what is to be told.
func (m *Matter) Reminders(c Clock, by Reminding) []Reminder {
	if !m.reminds(c, by) {
		return nil
	}
	out := stepsOf(c, by)
	if up, ok := m.nextUp(c, by); ok {
		out = append(out, up)
	}
	slices.SortStableFunc(out, func(a, b Reminder) int { return int(a.Day - b.Day) })
	return out
}

// FirstReminder is the day on which something may first have to be told of a clock, be it past; NoDay for never. The organs above are told after
// everybody else, so that they are not looked for where somebody else is.
func (m *Matter) FirstReminder(c Clock, by Reminding) law.Day {
	if !m.reminds(c, by) {
		return law.NoDay
	}
	if steps := stepsOf(c, by); len(steps) > 0 {
		return slices.MinFunc(steps, func(a, b Reminder) int { return int(a.Day - b.Day) }).Day
	}
	if up, ok := m.nextUp(c, by); ok {
		return up.Day
	}
	return law.NoDay
}

// reminds reports whether anything can be to be told of a clock.
func (m *Matter) reminds(c Clock, by Reminding) bool {
	return m.Merged.IsZero() && m.State != StateWithdrawn && c.Legal.Known() && c.Running(by.Today)
}

// stepsOf is what is told of a clock to those whom it binds.
func stepsOf(c Clock, by Reminding) []Reminder {
	h := by.Thresholds.Of(c)
	end := c.Safe
	if c.Right {
		end = c.Legal
	}
	var out []Reminder
	add := func(when bool, step RemindStep, day law.Day) {
		if when && day > c.From {
			out = append(out, Reminder{Step: step, Day: day})
		}
	}
	if c.unsigned && h.Unsigned > 0 {
		add(true, RemindUnsigned, law.WorkingDay(c.From, h.Unsigned, by.Calendar))
	}
	add(h.Soon > 0, RemindSoon, end.Add(-h.Soon))
	add(h.Last, RemindLast, end)
	add(h.Late && !c.Right, RemindLate, c.Legal.Add(1))
	return out
}

// DueReminder is the last of a clock's reminders whose day has come, and the day of the next one; NoDay where none follows.
func (m *Matter) DueReminder(c Clock, by Reminding) (due Reminder, is bool, next law.Day) {
	next = law.NoDay
	for _, r := range m.Reminders(c, by) {
		if r.Day > by.Today {
			return due, is, r.Day
		}
		due, is = r, true
	}
	return due, is, next
}

// nextUp is when the next higher organ is told that a clock stays late: some working days after its legal end, and after the organ below it was told.
// A right is nobody's duty, and the office's own time is nobody else's business.
func (m *Matter) nextUp(c Clock, by Reminding) (Reminder, bool) {
	h := by.Thresholds.Of(c)
	if h.Up == 0 || c.Own || c.Right {
		return Reminder{}, false
	}
	from := c.Legal
	var told []org.UnitID
	for _, e := range m.Escalations {
		if e.Clock == c.Key {
			from, told = max(from, e.On), append(told, e.To)
		}
	}
	to, ok := m.above(c.Unit, told, by)
	return Reminder{Step: RemindUp, Day: law.WorkingDay(from, h.Up, by.Calendar), To: to}, ok
}

// above is the lowest organ above a unit that lies above all that were told: village, town, county, city, province. What is sealed stays among the
// discipline organs, and never goes to one that it is about.
func (m *Matter) above(unit org.UnitID, told []org.UnitID, by Reminding) (org.UnitID, bool) {
	ladder := by.Chart.Ladder(unit, by.Today)
	if m.Sealed {
		ladder = slices.DeleteFunc(by.Chart.DisciplineLadder(unit, by.Today), func(id org.UnitID) bool { return Accuses(m.Accused, id, by.Chart) })
	}
	next := 0
	for _, id := range told {
		next = max(next, slices.Index(ladder, id)+1)
	}
	for _, id := range ladder[next:] {
		if !slices.Contains(told, id) {
			return id, true
		}
	}
	return 0, false
}

// Escalation is one telling of a higher organ that a clock stays late.
type Escalation struct {
	Clock string // key of the clock
	To    org.UnitID
	On    law.Day
}

// The bodies.
type (
	// Escalated tells the next higher organ that a period stays missed.
	Escalated struct {
		Clock string     `json:"clock"` // key of the clock
		Rule  law.RuleID `json:"rule"`
		Unit  org.UnitID `json:"unit"` // that is late
		Legal law.Day    `json:"legal"`
		To    org.UnitID `json:"to"`
	}
	// ClocksMoved says which running clocks end on another day since a new arrangement of working days was published.
	ClocksMoved struct {
		Version string       `json:"version"` // of the calendar
		Moved   []MovedClock `json:"moved"`
	}
)

// MovedClock is one clock's legal end before and after.
type MovedClock struct {
	Clock      string     `json:"clock"` // its key
	Rule       law.RuleID `json:"rule"`
	Unit       org.UnitID `json:"unit"` // that it binds or that answers to it
	Submission Ref        `json:"submission,omitzero"`
	Inner      bool       `json:"inner,omitempty"` // between offices: no promise to the petitioner
	Was        law.Day    `json:"was"`
	Now        law.Day    `json:"now"`
}

func (Escalated) body() string   { return "escalated" }
func (ClocksMoved) body() string { return "clocks_moved" }

// For is what of it one petitioner is told.
func (b ClocksMoved) For(own Ref) ClocksMoved {
	b.Moved = slices.DeleteFunc(slices.Clone(b.Moved), func(c MovedClock) bool { return c.Inner || !c.Submission.IsZero() && c.Submission != own })
	return b
}

// Escalate writes down that the next higher organ is told of a clock. The system alone does so, when the day of the reminder has come.
func (m *Matter) Escalate(c Clock, r Reminder, e Env) []Event {
	return m.events([]Body{Escalated{Clock: c.Key, Rule: c.Rule, Unit: c.Unit, Legal: c.Legal, To: r.To}}, e)
}

// Moved compares the running clocks as they were kept with those that follow now. It gives an event where the legal end of one moved, else nothing.
func (m *Matter) Moved(kept, now []Clock, e Env) []Event {
	var moved []MovedClock
	for _, c := range now {
		i := slices.IndexFunc(kept, func(k Clock) bool { return k.Key == c.Key })
		if i < 0 || kept[i].Legal == c.Legal || c.Stopped.Known() || kept[i].Stopped.Known() || !c.Legal.Known() || !kept[i].Legal.Known() {
			continue
		}
		moved = append(moved, MovedClock{
			Clock: c.Key, Rule: c.Rule, Unit: c.Unit, Submission: c.Submission, Inner: c.BetweenOffices() || c.Right && !c.Petitioner, Was: kept[i].Legal, Now: c.Legal,
		})
	}
	if len(moved) == 0 {
		return nil
	}
	return m.events([]Body{ClocksMoved{Version: e.Rules.Calendar.Version(), Moved: moved}}, e)
}

// ClockOf is whose clock a rule's would be: a duty, a unit's right or a petitioner's. It is false for a rule under which no clock of a matter runs.
func ClockOf(rule law.Rule) (Clock, bool) {
	c := Clock{Rule: rule.ID, rule: rule}
	switch rule.ID {
	case ruleObject:
		c.Right = true
	case ruleReview, ruleReReview:
		c.Right, c.Petitioner = true, true
	case ruleBureau, ruleDirect, ruleReceiver, ruleHandle, ruleReport, ruleShort, ruleAdvice, ruleReviewed, ruleReviewTaken, ruleReReviewed, ruleReReviewTaken:
	default:
		return Clock{}, false
	}
	return c, true
}

// Received reports whether the clock is that of a unit to which a matter was sent, and which has to sign for it.
func (c Clock) Received() bool { return c.Rule == ruleReceiver }
