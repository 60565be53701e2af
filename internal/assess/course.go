package assess

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/org"
	"huiyin/internal/stat"
)

// Kind is what happened in an assessment.
type Kind string

// The kinds of events. The latter four are about one unit.
const (
	Drafted   Kind = "drafted"   // the scheme was written, or written anew
	Published Kind = "published" // the scheme holds and does not change any more
	Counted   Kind = "counted"   // the figures of every unit were taken, as of a day
	Released  Kind = "released"  // the sheets were given to their units
	Withdrawn Kind = "withdrawn" // it was given up before that
	Appealed  Kind = "appealed"  // a unit objects to a line
	Answered  Kind = "answered"  // the objection was answered
	Accepted  Kind = "accepted"  // a unit has nothing (more) to object to
	Settled   Kind = "settled"   // the sheet of a unit is final
)

// Event is one step, with who took it.
type Event struct {
	N    int
	AtUS int64
	User org.UserID
	At   org.UnitID // of the duty in use
	Unit org.UnitID // whom it is about; zero for all
	Kind Kind
	Body Body
}

// Day is the legal day of the step.
func (e Event) Day() law.Day { return law.DayOf(e.AtUS) }

// Body is what a step says. Each kind uses some of it.
type Body struct {
	Scheme *Scheme      `json:"scheme,omitempty"` // drafted
	AsOf   law.Day      `json:"as_of,omitzero"`   // counted
	Sheets []UnitCounts `json:"sheets,omitempty"` // counted
	Line   string       `json:"line,omitempty"`   // appealed, answered: the indicator
	Upheld bool         `json:"upheld,omitempty"` // answered
	Count  Count        `json:"count,omitzero"`   // answered, when upheld: what the line is from now on
	Reason string       `json:"reason,omitempty"` // withdrawn, appealed, answered
}

// UnitCounts are the figures of a unit, one for each line.
type UnitCounts struct {
	Unit   org.UnitID `json:"unit"`
	Counts []Count    `json:"counts"`
}

// Stage is how far an assessment is.
type Stage string

// The stages.
const (
	StageDraft       Stage = "draft"
	StagePublished   Stage = "published"
	StageProvisional Stage = "provisional" // counted, and seen by who assesses alone
	StageReleased    Stage = "released"
	StageSettled     Stage = "settled" // every sheet is
	StageWithdrawn   Stage = "withdrawn"
)

// Appeal is an objection to a line.
type Appeal struct {
	Line   int
	Reason string
	Event  Event
	Answer *Event // nil while there is none
}

// Sheet is a unit's sheet.
type Sheet struct {
	Unit     org.UnitID
	Counts   []Count // as counted
	Appeals  []Appeal
	Accepted law.Day // the day on which the unit had nothing more to object to
	Settled  law.Day
}

// Corrected are the figures with the corrections that were made on appeal.
func (s *Sheet) Corrected() []Count {
	out := slices.Clone(s.Counts)
	for _, a := range s.Appeals {
		if a.Answer != nil && a.Answer.Body.Upheld {
			out[a.Line] = a.Answer.Body.Count
		}
	}
	return out
}

// Changed reports whether a correction was made.
func (s *Sheet) Changed() bool { return !slices.Equal(s.Counts, s.Corrected()) }

// Appeal is the objection to a line; nil where there is none.
func (s *Sheet) Appeal(line int) *Appeal {
	if i := slices.IndexFunc(s.Appeals, func(a Appeal) bool { return a.Line == line }); i >= 0 {
		return &s.Appeals[i]
	}
	return nil
}

// Open is how many objections wait for an answer.
func (s *Sheet) Open() int {
	n := 0
	for _, a := range s.Appeals {
		if a.Answer == nil {
			n++
		}
	}
	return n
}

// Assessment is what its events have made of it.
type Assessment struct {
	Scheme Scheme
	Stage  Stage // empty before the first draft
	AsOf   law.Day
	Given  law.Day // on which the sheets were given out
	Sheets []*Sheet
	Events []Event
}

// Fold applies events to nothing.
func Fold(events []Event) *Assessment {
	a := &Assessment{}
	for _, e := range events {
		a.apply(e)
	}
	return a
}

// Sheet is the sheet of a unit; nil where it has none.
func (a *Assessment) Sheet(unit org.UnitID) *Sheet {
	if i := slices.IndexFunc(a.Sheets, func(s *Sheet) bool { return s.Unit == unit }); i >= 0 {
		return a.Sheets[i]
	}
	return nil
}

// Until is the last day for appeals.
func (a *Assessment) Until() law.Day { return a.Given.Add(a.Scheme.AppealDays) }

// Period is that of the figures: the year, as far as it had gone.
func (a *Assessment) Period(asOf law.Day) stat.Period { return a.Scheme.period(asOf) }

func (s Scheme) period(asOf law.Day) stat.Period {
	last := law.NewDay(s.Year, time.December, 31)
	return stat.Period{From: law.NewDay(s.Year, time.January, 1), To: min(last, asOf), AsOf: asOf}
}

// Decide checks a step and takes it. What the procedure does not allow is Refused, what is typed wrongly Invalid.
func (a *Assessment) Decide(e Event) (Event, error) {
	e.N = len(a.Events) + 1
	e.Body.Reason = strings.TrimSpace(e.Body.Reason)
	if err := a.allowed(e); err != nil {
		return Event{}, err
	}
	if err := a.check(e); err != nil {
		return Event{}, err
	}
	a.apply(e)
	return e, nil
}

// allowed reports whether the procedure has the step now.
func (a *Assessment) allowed(e Event) error {
	from := map[Kind][]Stage{
		Drafted: {"", StageDraft}, Published: {StageDraft}, Counted: {StagePublished, StageProvisional}, Released: {StageProvisional},
		Withdrawn: {StageDraft, StagePublished, StageProvisional},
		Appealed:  {StageReleased}, Answered: {StageReleased}, Accepted: {StageReleased}, Settled: {StageReleased},
	}
	if !slices.Contains(from[e.Kind], a.Stage) {
		return errs.E(errs.Refused, "assess.not_now")
	}
	switch e.Kind {
	case Appealed, Answered, Accepted, Settled:
		return a.sheetAllowed(e, a.Sheet(e.Unit))
	case Drafted, Published, Counted, Released, Withdrawn:
	}
	return nil
}

// sheetAllowed does the same for a step on the sheet of a unit.
func (a *Assessment) sheetAllowed(e Event, s *Sheet) error {
	refuse := func(code string) error { return errs.E(errs.Refused, code) }
	switch {
	case s == nil:
		return errs.E(errs.NotFound, "assess.not_found")
	case s.Settled.Known():
		return refuse("assess.settled")
	}
	switch e.Kind {
	case Appealed:
		switch {
		case s.Accepted.Known():
			return refuse("assess.accepted")
		case e.Day() > a.Until():
			return refuse("assess.too_late")
		}
	case Accepted:
		if s.Accepted.Known() {
			return refuse("assess.accepted")
		}
	case Settled:
		switch {
		case s.Open() > 0:
			return refuse("assess.open_appeals")
		case !s.Accepted.Known() && e.Day() <= a.Until():
			return refuse("assess.too_early")
		}
	case Drafted, Published, Counted, Released, Withdrawn, Answered:
	}
	return nil
}

// check looks at what a step says.
func (a *Assessment) check(e Event) error {
	var wrong []errs.Field
	add := func(bad bool, path, code string, pairs ...any) {
		if bad {
			wrong = append(wrong, errs.F(path, code, pairs...))
		}
	}
	switch e.Kind {
	case Drafted:
		return e.Body.Scheme.Check()
	case Counted:
		out := e.Body.AsOf < law.NewDay(a.Scheme.Year, time.January, 1) || e.Body.AsOf > e.Day()
		add(out, "as_of", "assess.as_of")
		add(!out && len(e.Body.Sheets) == 0, "as_of", "assess.no_units")
	case Appealed, Answered:
		line := a.Scheme.Line(e.Body.Line)
		add(line < 0, "line", "field.choice")
		if line < 0 {
			break
		}
		s := a.Sheet(e.Unit)
		appeal := s.Appeal(line)
		if e.Kind == Appealed {
			add(appeal != nil, "line", "assess.appealed")
			break
		}
		add(appeal == nil, "line", "assess.no_appeal")
		add(appeal != nil && appeal.Answer != nil, "line", "assess.answered")
		c := e.Body.Count
		add(e.Body.Upheld && (c.Of < 0 || c.Sum < 0 || c.Sum > c.Of), "sum", "assess.count")
		add(e.Body.Upheld && c == s.Counts[line], "sum", "assess.same")
	case Published, Released, Withdrawn, Accepted, Settled:
	}
	if e.Kind == Withdrawn || e.Kind == Appealed || e.Kind == Answered {
		n := utf8.RuneCountInString(e.Body.Reason)
		add(n == 0, "reason", "field.required")
		add(n > MaxReason, "reason", "field.long", "max", MaxReason, "n", n)
	}
	return errs.Fields(wrong)
}

// apply makes a step so.
func (a *Assessment) apply(e Event) {
	a.Events = append(a.Events, e)
	s := a.Sheet(e.Unit)
	switch e.Kind {
	case Drafted:
		a.Scheme, a.Stage = *e.Body.Scheme, StageDraft
	case Published:
		a.Stage = StagePublished
	case Withdrawn:
		a.Stage = StageWithdrawn
	case Counted:
		a.Stage, a.AsOf, a.Sheets = StageProvisional, e.Body.AsOf, nil
		for _, u := range e.Body.Sheets {
			a.Sheets = append(a.Sheets, &Sheet{Unit: u.Unit, Counts: u.Counts})
		}
	case Released:
		a.Stage, a.Given = StageReleased, e.Day()
	case Appealed:
		s.Appeals = append(s.Appeals, Appeal{Line: a.Scheme.Line(e.Body.Line), Reason: e.Body.Reason, Event: e})
	case Answered:
		s.Appeal(a.Scheme.Line(e.Body.Line)).Answer = &e
	case Accepted:
		s.Accepted = e.Day()
	case Settled:
		s.Settled = e.Day()
		if !slices.ContainsFunc(a.Sheets, func(s *Sheet) bool { return !s.Settled.Known() }) {
			a.Stage = StageSettled
		}
	}
}
