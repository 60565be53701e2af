package matter

import (
	"slices"
	"strings"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/org"
)

// Env is everything a decision may look at besides the matter: who asks by what title, the day, the rules, the organisation and the table.
type Env struct {
	Actor     org.Actor
	Powers    []Power // of the actor on this matter, see Powers
	NowUS     int64
	Today     law.Day
	Rules     Rules
	Chart     *org.Chart
	Procedure Procedure
}

// Decide checks that the step is lawful now and returns the events it gives. It changes nothing.
func (m *Matter) Decide(c Command, e Env) ([]Event, error) {
	if err := m.May(c.Act(), e); err != nil {
		return nil, err
	}
	if err := errs.Fields(c.Check()); err != nil {
		return nil, err
	}
	bodies, err := c.decide(m, e)
	if err != nil {
		return nil, err
	}
	return m.events(bodies, e), nil
}

// events numbers bodies as the matter's next events.
func (m *Matter) events(bodies []Body, e Env) []Event {
	out := make([]Event, len(bodies))
	for i, b := range bodies {
		out[i] = Event{Seq: m.Version + 1 + i, AtUS: e.NowUS, Day: e.Today, By: ByActor(e.Actor), Body: b}
	}
	return out
}

// own returns the submission a step is about: the petitioner's own, or the first where somebody takes the step for the petitioner.
func (m *Matter) own(e Env) Ref {
	if e.Actor.Kind == org.ActorPetitioner {
		return Ref{Home: e.Actor.Home, N: e.Actor.Submission}
	}
	return m.First
}

// coverAll checks that answers are for this matter's demands, each once, and that none is left out.
func (m *Matter) coverAll(answers []Answer) error {
	var fields []errs.Field
	seen := map[int]bool{}
	for _, a := range answers {
		if !slices.ContainsFunc(m.Demands, func(d Demand) bool { return d.N == a.Demand }) {
			fields = append(fields, errs.F("answers", "answer.unknown", "demand", a.Demand))
		}
		if seen[a.Demand] {
			fields = append(fields, errs.F("answers", "answer.twice", "demand", a.Demand))
		}
		seen[a.Demand] = true
	}
	for _, d := range m.Demands {
		if !seen[d.N] && !m.isWithdrawn(d.Submission) {
			fields = append(fields, errs.F("answers", "answer.missing", "demand", d.N))
		}
	}
	return errs.Fields(fields)
}

// target checks a unit that a matter is to go to: it lives, it is another, and it is not, contains not and lies not under
// a body that an accusation is about (信访工作条例 第三十条).
func (m *Matter) target(id org.UnitID, path string, e Env) error {
	u, ok := e.Chart.Unit(id)
	if !ok || !u.Alive(e.Today) {
		return errs.Fields([]errs.Field{errs.F(path, "unit.gone")})
	}
	if u.Kind == org.KindRoot {
		return errs.Fields([]errs.Field{errs.F(path, "unit.root", "unit", u.Name)})
	}
	if !m.Sealed {
		return nil
	}
	if Accuses(m.Accused, id, e.Chart) {
		return errs.Fields([]errs.Field{errs.F(path, "unit.accused")})
	}
	if u.Kind != org.KindDiscipline {
		return errs.Fields([]errs.Field{errs.F(path, "unit.not_discipline")})
	}
	return nil
}

// Accuses reports whether a unit is, contains, or lies under one of the accused.
func Accuses(accused []org.UnitID, id org.UnitID, chart *org.Chart) bool {
	return slices.ContainsFunc(accused, func(a org.UnitID) bool {
		if chart.Under(id, a) {
			return true
		}
		u, ok := chart.Unit(id)
		return ok && u.Kind != org.KindRoot && chart.Under(a, id)
	})
}

func one(b Body) ([]Body, error) { return []Body{b}, nil }

func (c RequestMaterial) decide(*Matter, Env) ([]Body, error) { return one(MaterialRequested(c)) }

func (c Screen) decide(m *Matter, _ Env) ([]Body, error) {
	if !screens(c.Kind, m.Sealed) {
		return nil, errs.Fields([]errs.Field{errs.F("kind", "screen.sealed")})
	}
	if c.Earlier == m.Ref && !c.Earlier.IsZero() {
		return nil, errs.Fields([]errs.Field{errs.F("earlier", "screen.earlier")})
	}
	return one(Screened(c))
}

// Check wants what takes an ended matter up again to name the matter and what is new in it.
func (c Screen) Check() []errs.Field {
	out := check(&c)
	if c.Earlier.IsZero() != (strings.TrimSpace(c.NewFacts) == "") {
		out = append(out, errs.F("new_facts", "screen.new_facts"))
	}
	return out
}

func (c Take) decide(*Matter, Env) ([]Body, error) { return one(Taken{}) }

func (c Forward) decide(m *Matter, e Env) ([]Body, error) {
	if err := m.target(c.Unit, "unit", e); err != nil {
		return nil, err
	}
	holder := m.Holder()
	if c.Unit == holder {
		return nil, errs.Fields([]errs.Field{errs.F("unit", "unit.same")})
	}
	if m.State == StateSigned {
		// Who has signed may pass it down its own line; across lines it is the petition department that sends.
		u, _ := e.Chart.Unit(holder)
		if !u.Bureau() && !e.Chart.Under(c.Unit, holder) && !m.Sealed {
			return nil, errs.Fields([]errs.Field{errs.F("unit", "unit.not_below")})
		}
	}
	if c.Mode == ModeAssign && (!c.ReportBy.Known() || c.ReportBy <= e.Today) {
		return nil, errs.Fields([]errs.Field{errs.F("report_by", "day.future")})
	}
	if c.Mode == ModeTransfer {
		c.ReportBy = law.NoDay
	}
	return one(Forwarded{Mode: c.Mode, Unit: c.Unit, Why: c.Why, ReportBy: c.ReportBy})
}

// Check also wants a later day in an assignment.
func (c Forward) Check() []errs.Field {
	out := check(&c)
	if c.Mode == ModeAssign && !c.ReportBy.Known() {
		out = append(out, errs.F("report_by", "field.required"))
	}
	return out
}

func (c Decline) decide(*Matter, Env) ([]Body, error)         { return one(Declined(c)) }
func (c Sign) decide(*Matter, Env) ([]Body, error)            { return one(Signed{}) }
func (c Object) decide(*Matter, Env) ([]Body, error)          { return one(Objected(c)) }
func (c RefuseObjection) decide(*Matter, Env) ([]Body, error) { return one(ObjectionRefused(c)) }

// Check returns what is wrong with the fields.
func (c DeclineFinal) Check() []errs.Field { return check(&c) }

// decide grounds the refusal on an ended matter (第三十六条): the same facts and reasons are for a person to compare.
func (c DeclineFinal) decide(_ *Matter, e Env) ([]Body, error) {
	if !c.Matter.IsZero() {
		if c.Earlier == nil || c.Earlier.Ref != c.Matter {
			return nil, errs.Fields([]errs.Field{errs.F("matter", "decline_final.not_found")})
		}
		ended, err := c.Earlier.Concluded(e.Rules, e.Today)
		if err != nil {
			return nil, err
		}
		if !ended {
			return nil, errs.Fields([]errs.Field{errs.F("matter", "decline_final.not_ended")})
		}
	}
	return one(FinalDeclined{Matter: c.Matter, Concluded: c.Concluded, Reason: c.Reason})
}

func (c Dispute) decide(m *Matter, e Env) ([]Body, error) {
	other := c.With
	if other == 0 {
		l, _ := m.CurrentLeg()
		other = l.From
	} else if err := m.target(other, "with", e); err != nil {
		return nil, err
	}
	b := Disputed{With: other, Reason: c.Reason}
	if up, ok := e.Chart.CommonSuperior(m.Holder(), other); ok {
		b.Superior = up.ID
	}
	return one(b)
}

func (c DecideDispute) decide(m *Matter, e Env) ([]Body, error) {
	if err := m.target(c.Unit, "unit", e); err != nil {
		return nil, err
	}
	return one(DisputeDecided(c))
}

// Check needs nothing: the system gives both units.
func (c SucceedUnit) Check() []errs.Field { return nil }

func (c SucceedUnit) decide(m *Matter, e Env) ([]Body, error) {
	to, ok := e.Chart.Bearer(c.From, e.Today)
	if !m.Bears(c.From) || !ok || to.ID != c.To || c.To == c.From {
		return nil, errs.E(errs.Refused, "unit.no_successor")
	}
	return one(UnitSucceeded(c))
}

func (c AssignHandler) decide(m *Matter, _ Env) ([]Body, error) {
	if m.recused(c.User) {
		return nil, errs.Fields([]errs.Field{errs.F("user", "recusal.same")})
	}
	return one(HandlerAssigned(c))
}

func (c Notify) decide(*Matter, Env) ([]Body, error) { return one(Notified(c)) }

// Check wants the petition procedure to be accepted, not diverted to.
func (c Divert) Check() []errs.Field { return check(&c) }

func (c Divert) decide(*Matter, Env) ([]Body, error)       { return one(Diverted(c)) }
func (c Accept) decide(*Matter, Env) ([]Body, error)       { return one(Accepted(c)) }
func (c Record) decide(*Matter, Env) ([]Body, error)       { return one(Recorded(c)) }
func (c Mediate) decide(*Matter, Env) ([]Body, error)      { return one(MediationStarted(c)) }
func (c EndMediation) decide(*Matter, Env) ([]Body, error) { return one(MediationEnded(c)) }

func (c Agree) decide(m *Matter, _ Env) ([]Body, error) {
	if err := m.coverAll(c.Answers); err != nil {
		return nil, err
	}
	return one(MediationAgreed(c))
}

func (c Extend) decide(m *Matter, e Env) ([]Body, error) {
	rule, err := e.Rules.Set.Rule(ruleHandle)
	if err != nil {
		return nil, err
	}
	if c.Days < 1 || c.Days > rule.ExtendN {
		return nil, errs.Fields([]errs.Field{errs.F("days", "extend.days", "max", rule.ExtendN)})
	}
	if err := law.CheckExtension(rule, m.handlingFrom(rule), e.Rules.Calendar, c.Days, e.Today, pauses(rule, m.Hearings)...); err != nil {
		return nil, err
	}
	return one(Extended(c))
}

func (c RevokeExtension) decide(*Matter, Env) ([]Body, error) { return one(ExtensionRevoked(c)) }

func (c Drafting) decide(m *Matter, _ Env) ([]Body, error) {
	if err := m.coverAll(c.Answers); err != nil {
		return nil, err
	}
	if n := len(m.Redos); n > 0 && !m.Redos[n-1].Done.Known() && sameAnswers(c.Answers, m.Redos[n-1].Revoked) {
		return nil, errs.Fields([]errs.Field{errs.F("answers", "answer.repeated")})
	}
	return one(OpinionDrafted(c))
}

func (c ReturnDraft) decide(*Matter, Env) ([]Body, error) { return one(OpinionReturned(c)) }

func (c Issue) decide(*Matter, Env) ([]Body, error) {
	return one(OpinionIssued(c))
}

func (c Reply) decide(m *Matter, _ Env) ([]Body, error) {
	if err := m.coverAll(c.Answers); err != nil {
		return nil, err
	}
	return one(Replied{Document: c.Document, Facts: c.Facts, Basis: c.Basis, Answers: c.Answers, Despite: c.Despite})
}

// Check wants a reason where service is not owed, proof where it is, and the day unless the petitioner has still to confirm it.
func (c Serve) Check() []errs.Field {
	return append(check(&c), checkService(c.Method, c.On, c.Proof, c.Reason)...)
}

func checkService(method ServiceMethod, on law.Day, proof, reason string) []errs.Field {
	var out []errs.Field
	if method != ServedByLink && (on == 0 || !on.Known()) {
		out = append(out, errs.F("on", "field.required"))
	}
	if method == ServedNot && strings.TrimSpace(reason) == "" {
		out = append(out, errs.F("reason", "serve.reason"))
	}
	if (method == ServedByPost || method == ServedInPerson) && strings.TrimSpace(proof) == "" {
		out = append(out, errs.F("proof", "serve.proof"))
	}
	return out
}

func (c Serve) decide(m *Matter, e Env) ([]Body, error) {
	if !slices.Contains(m.Unserved(), c.Submission) {
		return nil, errs.Fields([]errs.Field{errs.F("submission", "serve.submission")})
	}
	if c.Method == ServedByLink {
		return one(DocumentReady{Submission: c.Submission, Despite: c.Despite})
	}
	if c.On > e.Today {
		return nil, errs.Fields([]errs.Field{errs.F("on", "day.not_yet", "today", e.Today)})
	}
	if m.Draft != nil && m.Draft.Issued.Known() && c.On < m.Draft.Issued {
		return nil, errs.Fields([]errs.Field{errs.F("on", "serve.before_issue", "day", m.Draft.Issued)})
	}
	return one(Served(c))
}

func (c Perform) decide(m *Matter, _ Env) ([]Body, error) {
	if c.Demand != 0 && !m.promisesFor(c.Demand) {
		return nil, errs.Fields([]errs.Field{errs.F("demand", "answer.no_promise", "demand", c.Demand)})
	}
	return one(Performed(c))
}

// Check wants solved or explained to be said.
func (c Ease) Check() []errs.Field {
	out := check(&c)
	if strings.TrimSpace(c.Solved) == "" && strings.TrimSpace(c.Explained) == "" {
		out = append(out, errs.F("solved", "ease.none"))
	}
	return out
}

func (c Ease) decide(*Matter, Env) ([]Body, error)     { return one(Eased{FourEases(c)}) }
func (c Complete) decide(*Matter, Env) ([]Body, error) { return one(Completed(c)) }

func (c Visit) decide(m *Matter, _ Env) ([]Body, error) {
	if _, ok := m.Submission(c.Submission); !ok {
		return nil, errs.Fields([]errs.Field{errs.F("submission", "submission.not_here")})
	}
	return one(Visited(c))
}

func (c UrgeOn) decide(m *Matter, e Env) ([]Body, error) {
	b := Urged{Text: c.Text}
	if e.Actor.Kind == org.ActorPetitioner {
		b.Submission = m.own(e)
	}
	return one(b)
}

func (c PressOn) decide(_ *Matter, e Env) ([]Body, error) {
	if c.By <= e.Today {
		return nil, errs.Fields([]errs.Field{errs.F("by", "day.future")})
	}
	return one(Pressed(c))
}

func (c AnswerPress) decide(*Matter, Env) ([]Body, error) { return one(PressAnswered(c)) }

func (c Redo) decide(_ *Matter, e Env) ([]Body, error) {
	if c.By <= e.Today {
		return nil, errs.Fields([]errs.Field{errs.F("by", "day.future")})
	}
	return one(Redone(c))
}

func (c FollowUp) decide(*Matter, Env) ([]Body, error) { return one(FollowedUp(c)) }

// Check wants something to be added.
func (c AddMaterial) Check() []errs.Field {
	out := check(&c)
	if strings.TrimSpace(c.Text) == "" && len(c.Attachments) == 0 {
		out = append(out, errs.F("text", "material.nothing"))
	}
	return out
}

func (c AddMaterial) decide(m *Matter, e Env) ([]Body, error) {
	return one(MaterialAdded{Submission: m.own(e), Text: c.Text, Attachments: c.Attachments})
}

func (c AddDemand) decide(m *Matter, e Env) ([]Body, error) {
	if len(m.Demands) >= MaxItems {
		return nil, errs.Fields([]errs.Field{errs.F("text", "field.many", "max", MaxItems)})
	}
	return one(DemandAdded{Submission: m.own(e), Text: c.Text})
}

func (c ConfirmDemands) decide(m *Matter, e Env) ([]Body, error) {
	return one(DemandsConfirmed{Submission: m.own(e)})
}

func (c ChooseContact) decide(m *Matter, e Env) ([]Body, error) {
	return one(ContactChosen{Submission: m.own(e), Wish: Wish{SMS: c.SMS, Mail: c.Mail, Lang: c.Lang}})
}

func (c Withdraw) decide(m *Matter, e Env) ([]Body, error) {
	return one(Withdrawn{Submission: m.own(e), Reason: c.Reason})
}

func (c Confirm) decide(m *Matter, e Env) ([]Body, error) {
	return one(Confirmed{Submission: m.own(e), Resolved: c.Resolved, Words: c.Words})
}

// Check wants words with dissatisfaction, so that the follow-up knows what to look at.
func (c Rate) Check() []errs.Field {
	out := check(&c)
	if (c.Receiving == GradeDissatisfied || c.Handling == GradeDissatisfied) && strings.TrimSpace(c.Words) == "" {
		out = append(out, errs.F("words", "rate.words"))
	}
	return out
}

func (c Rate) decide(m *Matter, e Env) ([]Body, error) {
	return one(Rated{Submission: m.own(e), Receiving: c.Receiving, Handling: c.Handling, Words: c.Words})
}
