package matter

import (
	"fmt"
	"slices"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/org"
)

// Advice is one of the three suggestions (三项建议) that a petition department makes to a unit: to work better, to mend a policy, to pursue
// responsibility. The unit answers in writing whether it is taken up (第四十条).
type Advice struct {
	N        int
	Kind     AdviceKind
	Unit     org.UnitID
	Text     string
	On       law.Day
	By       law.Day // set where the law has no number of days; NoDay where it has
	Answered law.Day
	Taken    AdviceTaken
}

func (a Advice) open() bool { return !a.Answered.Known() }

// The bodies.
type (
	// Advised is a suggestion made to a unit.
	Advised struct {
		Kind AdviceKind `json:"kind"`
		Unit org.UnitID `json:"unit"`
		Text string     `json:"text"`
		By   law.Day    `json:"by,omitzero"`
	}
	// AdviceAnswered is the unit's written answer.
	AdviceAnswered struct {
		Advice int         `json:"advice"`
		Taken  AdviceTaken `json:"taken"`
		Text   string      `json:"text"`
	}
)

func (Advised) body() string        { return "advised" }
func (AdviceAnswered) body() string { return "advice_answered" }

// The commands.
type (
	// Advise makes a suggestion to a unit.
	Advise struct {
		Kind AdviceKind `json:"kind" input:"choice" of:"advice_kind" need:"yes"`
		Unit org.UnitID `json:"unit" input:"unit" need:"yes"`
		Text string     `json:"text" input:"text" need:"yes"`
		By   law.Day    `json:"by,omitzero" input:"day"`
	}
	// AnswerAdvice answers it.
	AnswerAdvice struct {
		Taken AdviceTaken `json:"taken" input:"choice" of:"advice_taken" need:"yes"`
		Text  string      `json:"text" input:"text" need:"yes"`
	}
)

// Act names the step.
func (Advise) Act() Act { return ActAdvise }

// Act names the step.
func (AnswerAdvice) Act() Act { return ActAnswerAdvice }

// Check returns what is wrong with the fields.
func (c Advise) Check() []errs.Field { return check(&c) }

// Check returns what is wrong with the fields.
func (c AnswerAdvice) Check() []errs.Field { return check(&c) }

// adviceFor is the first suggestion that an actor's unit has to answer.
func (m *Matter) adviceFor(e Env) *Advice {
	for i := range m.Advices {
		a := &m.Advices[i]
		if a.open() && (e.Actor.Kind == org.ActorSystem || a.Unit == e.Actor.Duty.Unit) {
			return a
		}
	}
	return nil
}

// waitingAdvice is the first suggestion that nobody has answered.
func (m *Matter) waitingAdvice() *Advice {
	i := slices.IndexFunc(m.Advices, Advice.open)
	if i < 0 {
		return nil
	}
	return &m.Advices[i]
}

// decide wants a day where the law sets no number of days; where it does, that is the day.
func (c Advise) decide(m *Matter, e Env) ([]Body, error) {
	u, ok := e.Chart.Unit(c.Unit)
	switch {
	case !ok || !u.Alive(e.Today):
		return nil, errs.Fields([]errs.Field{errs.F("unit", "unit.gone")})
	case m.Sealed:
		if err := m.target(c.Unit, "unit", e); err != nil {
			return nil, err
		}
	}
	rule, err := e.Rules.Set.Rule(ruleAdvice)
	if err != nil && errs.KindOf(err) != errs.NotFound {
		return nil, err
	}
	if err == nil && rule.Unit != law.NamedDay {
		c.By = law.NoDay
	} else if c.By <= e.Today {
		return nil, errs.Fields([]errs.Field{errs.F("by", "day.future")})
	}
	return one(Advised(c))
}

func (c AnswerAdvice) decide(m *Matter, e Env) ([]Body, error) {
	return one(AdviceAnswered{Advice: m.adviceFor(e).N, Taken: c.Taken, Text: c.Text})
}

// applyAdvice adds an event of a suggestion.
func (m *Matter) applyAdvice(e Event) {
	switch b := e.Body.(type) {
	case Advised:
		m.Advices = append(m.Advices, Advice{N: len(m.Advices) + 1, Kind: b.Kind, Unit: b.Unit, Text: b.Text, On: e.Day, By: b.By, Answered: law.NoDay})
	case AdviceAnswered:
		a := &m.Advices[b.Advice-1]
		a.Answered, a.Taken = e.Day, b.Taken
	default:
	}
}

// advices are D12, each unit's own: the number of days of the law, or the day that was set.
func (b *clockBuilder) advices() {
	for _, a := range b.m.Advices {
		var opts []law.Option
		if a.By.Known() {
			opts = append(opts, law.Fixed(a.By))
		}
		b.add(Clock{Key: fmt.Sprintf("%s/%d", ruleAdvice, a.N), Rule: ruleAdvice, Unit: a.Unit, From: a.On, Stopped: a.Answered}, opts...)
	}
}
