package matter

import (
	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/org"
)

// Report is one link of the chain by which a major or urgent matter goes up (第二十五条): who reported, when they had known, who received it when.
// There is no number of days in the law; what was known when is kept to the microsecond, so that a late, false or missing report can be seen.
type Report struct {
	N          int
	From       org.UnitID
	To         string
	Unit       org.UnitID // the superior unit here; zero where it lies outside
	Known      law.Day    // the day the reporter came to know; NoDay where it was not said
	AtUS       int64      // when it was reported
	ReceivedUS int64      // zero until it is signed for
	ReceivedBy org.UserID
}

// ReportReceived is the superior signing for a report.
type ReportReceived struct {
	Report int `json:"report"`
}

func (ReportReceived) body() string { return "report_received" }

// ReceiveReport signs for a report.
type ReceiveReport struct{}

// Act names the step.
func (ReceiveReport) Act() Act { return ActReceiveReport }

// Check returns what is wrong with the fields.
func (c ReceiveReport) Check() []errs.Field { return check(&c) }

// reportTo is the first report to an actor's unit that nobody has signed for.
func (m *Matter) reportTo(e Env) *Report {
	for i := range m.Reports {
		r := &m.Reports[i]
		if r.ReceivedUS == 0 && r.Unit != 0 && (e.Actor.Kind == org.ActorSystem || r.Unit == e.Actor.Duty.Unit) {
			return r
		}
	}
	return nil
}

// decide lets a report go to any unit but one that an accusation is about; the day of knowing cannot be to come.
func (c ReportUp) decide(m *Matter, e Env) ([]Body, error) {
	if c.Known > e.Today {
		return nil, errs.Fields([]errs.Field{errs.F("known", "day.not_yet", "today", e.Today)})
	}
	if c.Unit != 0 {
		u, ok := e.Chart.Unit(c.Unit)
		switch {
		case !ok || !u.Alive(e.Today):
			return nil, errs.Fields([]errs.Field{errs.F("unit", "unit.gone")})
		case c.Unit == e.Actor.Duty.Unit:
			return nil, errs.Fields([]errs.Field{errs.F("unit", "unit.same")})
		case m.Sealed:
			if err := m.target(c.Unit, "unit", e); err != nil {
				return nil, err
			}
		}
	}
	return one(ReportedUp(c))
}

func (c ReceiveReport) decide(m *Matter, e Env) ([]Body, error) {
	return one(ReportReceived{Report: m.reportTo(e).N})
}

// applyReport adds a link to the chain.
func (m *Matter) applyReport(e Event) {
	switch b := e.Body.(type) {
	case ReportedUp:
		m.Level = LevelUrgent
		m.Reports = append(m.Reports, Report{N: len(m.Reports) + 1, From: e.By.Unit, To: b.To, Unit: b.Unit, Known: b.Known, AtUS: e.AtUS})
	case ReportReceived:
		r := &m.Reports[b.Report-1]
		r.ReceivedUS, r.ReceivedBy = e.AtUS, e.By.User
	default:
	}
}
