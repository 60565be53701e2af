package matter

import (
	"slices"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/org"
)

// Part is what an assisting unit (协办) does for the lead, or what the second of two lines reports.
type Part struct {
	N        int
	Unit     org.UnitID
	Text     string // what it is asked for
	Line     bool   // the second line of a double hand-over
	Assigned law.Day
	By       law.Day
	Signed   law.Day
	Answered law.Day
	Answer   string
	Waived   law.Day // the lead went on without it
}

func (p Part) open() bool { return !p.Answered.Known() && !p.Waived.Known() }

// DualTrack is a matter handed over on two lines (一事双交), of the place and of the branch of work: each reports (双联), and besides the matter
// the responsibility behind it is looked into (双查). Neither line closes alone.
type DualTrack struct {
	Lead     law.Day // the day the lead's line reported
	By       law.Day
	On       law.Day
	Part     int     // the other line
	Inquired law.Day // the day the finding on responsibility was given
}

// The bodies.
type (
	// PartAssigned asks an assisting unit for its part, by a day before the lead's own.
	PartAssigned struct {
		Unit org.UnitID `json:"unit"`
		Text string     `json:"text"`
		By   law.Day    `json:"by"`
	}
	// LineAssigned hands the matter over on a second line as well.
	LineAssigned struct {
		Unit org.UnitID `json:"unit"`
		Text string     `json:"text"`
		By   law.Day    `json:"by"`
	}
	// PartSigned is the assisting unit signing for it.
	PartSigned struct {
		Part int `json:"part"`
	}
	// PartAnswered is its answer, or the second line's report.
	PartAnswered struct {
		Part        int      `json:"part"`
		Text        string   `json:"text"`
		Attachments []string `json:"attachments,omitempty"`
	}
	// PartsWaived is the lead going on without the parts that wait, for a reason.
	PartsWaived struct {
		Reason string `json:"reason"`
	}
	// LineReported is the report of the lead's own line.
	LineReported struct {
		Text string `json:"text"`
	}
	// Inquired is the finding on the responsibility behind the matter.
	Inquired struct {
		Finding string `json:"finding"`
	}
)

func (PartAssigned) body() string { return "part_assigned" }
func (LineAssigned) body() string { return "line_assigned" }
func (PartSigned) body() string   { return "part_signed" }
func (PartAnswered) body() string { return "part_answered" }
func (PartsWaived) body() string  { return "parts_waived" }
func (LineReported) body() string { return "line_reported" }
func (Inquired) body() string     { return "inquired" }

// The commands.
type (
	// AssignPart asks an assisting unit for its part.
	AssignPart struct {
		Unit org.UnitID `json:"unit" input:"unit" need:"yes"`
		Text string     `json:"text" input:"text" need:"yes"`
		By   law.Day    `json:"by" input:"day" need:"yes"`
	}
	// AssignLine hands an important matter over on a second line.
	AssignLine struct {
		Unit org.UnitID `json:"unit" input:"unit" need:"yes"`
		Text string     `json:"text" input:"text" need:"yes"`
		By   law.Day    `json:"by" input:"day" need:"yes"`
	}
	// SignPart signs for it.
	SignPart struct{}
	// AnswerPart answers it.
	AnswerPart struct {
		Text        string   `json:"text" input:"text" need:"yes"`
		Attachments []string `json:"attachments,omitempty" input:"files"`
	}
	// WaiveParts goes on without the parts that wait.
	WaiveParts struct {
		Reason string `json:"reason" input:"text" need:"yes"`
	}
	// ReportLine reports for the lead's line.
	ReportLine struct {
		Text string `json:"text" input:"text" need:"yes"`
	}
	// Inquire gives the finding on responsibility.
	Inquire struct {
		Finding string `json:"finding" input:"text" need:"yes"`
	}
)

// Act names the step.
func (AssignPart) Act() Act { return ActAssignPart }

// Act names the step.
func (AssignLine) Act() Act { return ActAssignLine }

// Act names the step.
func (SignPart) Act() Act { return ActSignPart }

// Act names the step.
func (AnswerPart) Act() Act { return ActAnswerPart }

// Act names the step.
func (WaiveParts) Act() Act { return ActWaiveParts }

// Act names the step.
func (ReportLine) Act() Act { return ActReportLine }

// Act names the step.
func (Inquire) Act() Act { return ActInquire }

// Check returns what is wrong with the fields.
func (c AssignPart) Check() []errs.Field { return check(&c) }

// Check returns what is wrong with the fields.
func (c AssignLine) Check() []errs.Field { return check(&c) }

// Check returns what is wrong with the fields.
func (c SignPart) Check() []errs.Field { return check(&c) }

// Check returns what is wrong with the fields.
func (c AnswerPart) Check() []errs.Field { return check(&c) }

// Check returns what is wrong with the fields.
func (c WaiveParts) Check() []errs.Field { return check(&c) }

// Check returns what is wrong with the fields.
func (c ReportLine) Check() []errs.Field { return check(&c) }

// Check returns what is wrong with the fields.
func (c Inquire) Check() []errs.Field { return check(&c) }

// Waiting are the parts that have no answer yet.
func (m *Matter) Waiting() []Part {
	return slices.DeleteFunc(slices.Clone(m.Parts), func(p Part) bool { return !p.open() })
}

// partOf is the first part that an actor's unit still owes; signed says whether one that is signed for is meant.
func (m *Matter) partOf(e Env, signed bool) *Part {
	for i := range m.Parts {
		p := &m.Parts[i]
		if p.open() && p.Signed.Known() == signed && (e.Actor.Kind == org.ActorSystem || p.Unit == e.Actor.Duty.Unit) {
			return p
		}
	}
	return nil
}

// guardPart holds what the steps with several units need.
func (m *Matter) guardPart(a Act, e Env, refuse func(string, ...any) error) error {
	switch a {
	case ActAssignLine:
		if m.Level == LevelOrdinary || m.Level == "" {
			return refuse("act.line.level")
		}
		if m.Dual != nil {
			return refuse("act.line.once")
		}
	case ActSignPart:
		if m.partOf(e, false) == nil {
			return refuse("act.part.none")
		}
	case ActAnswerPart:
		if m.partOf(e, true) == nil {
			return refuse("act.part.unsigned")
		}
	case ActWaiveParts:
		if !slices.ContainsFunc(m.Waiting(), func(p Part) bool { return !p.Line }) {
			return refuse("act.part.none")
		}
	case ActReportLine:
		if m.Dual == nil || m.Dual.Lead.Known() {
			return refuse("act.line.none")
		}
	case ActInquire:
		if m.Dual == nil || m.Dual.Inquired.Known() {
			return refuse("act.line.none")
		}
	default:
	}
	return nil
}

// closes reports why a matter handed over on two lines cannot be closed yet: neither line closes it alone.
func (m *Matter) closes(refuse func(string, ...any) error) error {
	switch d := m.Dual; {
	case d == nil:
	case !d.Lead.Known():
		return refuse("act.complete.lead")
	case m.Parts[d.Part-1].open():
		return refuse("act.complete.line")
	case !d.Inquired.Known():
		return refuse("act.complete.inquiry")
	}
	return nil
}

// shares checks a unit that is to take a part, and the day for it.
func (m *Matter) shares(unit org.UnitID, by law.Day, e Env) error {
	if err := m.target(unit, "unit", e); err != nil {
		return err
	}
	if unit == m.Holder() {
		return errs.Fields([]errs.Field{errs.F("unit", "unit.same")})
	}
	if slices.ContainsFunc(m.Waiting(), func(p Part) bool { return p.Unit == unit }) {
		return errs.Fields([]errs.Field{errs.F("unit", "part.twice")})
	}
	if by <= e.Today {
		return errs.Fields([]errs.Field{errs.F("by", "day.future")})
	}
	return nil
}

func (c AssignPart) decide(m *Matter, e Env) ([]Body, error) {
	if err := m.shares(c.Unit, c.By, e); err != nil {
		return nil, err
	}
	clocks, err := m.Clocks(e.Rules)
	if err != nil {
		return nil, err
	}
	for _, own := range clocks { // the lead has to put the parts together in its own time
		if own.Unit == m.Holder() && !own.Right && own.Running(e.Today) && (own.Rule == ruleHandle || own.Rule == ruleReport) && own.Safe.Known() && c.By >= own.Safe {
			return nil, errs.Fields([]errs.Field{errs.F("by", "part.before_lead", "day", own.Safe)})
		}
	}
	return one(PartAssigned(c))
}

func (c AssignLine) decide(m *Matter, e Env) ([]Body, error) {
	if err := m.shares(c.Unit, c.By, e); err != nil {
		return nil, err
	}
	return one(LineAssigned(c))
}

func (c SignPart) decide(m *Matter, e Env) ([]Body, error) {
	return one(PartSigned{Part: m.partOf(e, false).N})
}

func (c AnswerPart) decide(m *Matter, e Env) ([]Body, error) {
	return one(PartAnswered{Part: m.partOf(e, true).N, Text: c.Text, Attachments: c.Attachments})
}

func (c WaiveParts) decide(*Matter, Env) ([]Body, error) { return one(PartsWaived(c)) }
func (c ReportLine) decide(*Matter, Env) ([]Body, error) { return one(LineReported(c)) }
func (c Inquire) decide(*Matter, Env) ([]Body, error)    { return one(Inquired(c)) }

// applyPart adds an event of the handling by several units.
func (m *Matter) applyPart(e Event) {
	switch b := e.Body.(type) {
	case PartAssigned:
		m.share(b.Unit, b.Text, b.By, e.Day)
	case LineAssigned:
		m.share(b.Unit, b.Text, b.By, e.Day).Line = true
		m.Dual = &DualTrack{On: e.Day, By: b.By, Part: len(m.Parts), Lead: law.NoDay, Inquired: law.NoDay}
	case PartSigned:
		m.Parts[b.Part-1].Signed = e.Day
	case PartAnswered:
		p := &m.Parts[b.Part-1]
		p.Answered, p.Answer = e.Day, b.Text
	case PartsWaived:
		for i := range m.Parts {
			if p := &m.Parts[i]; p.open() && !p.Line {
				p.Waived = e.Day
			}
		}
	case LineReported:
		m.Dual.Lead = e.Day
	case Inquired:
		m.Dual.Inquired = e.Day
	default:
	}
}

// answeredPart reports whether a unit gave an answer of its own to the handling.
func (m *Matter) answeredPart(unit org.UnitID) bool {
	return slices.ContainsFunc(m.Parts, func(p Part) bool { return p.Unit == unit && p.Answered.Known() })
}

func (m *Matter) share(unit org.UnitID, text string, by, on law.Day) *Part {
	m.Parts = append(m.Parts, Part{
		N: len(m.Parts) + 1, Unit: unit, Text: text, Assigned: on, By: by, Signed: law.NoDay, Answered: law.NoDay, Waived: law.NoDay,
	})
	return &m.Parts[len(m.Parts)-1]
}
