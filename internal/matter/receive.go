package matter

import (
	"slices"

	"huiyin/internal/errs"
	"huiyin/internal/org"
)

// Receive is the petitioner confirming, on line, that they have the opinion in hand, having agreed to be served electronically. To have looked at it is
// no service: only this starts the time for review. Who came in by the link of a notice was served by that, and the notice is the proof of it.
type Receive struct {
	Consent bool `json:"consent" input:"yes"`
}

// Act names the step.
func (Receive) Act() Act { return ActReceive }

// Check wants the consent to be said.
func (c Receive) Check() []errs.Field {
	out := check(&c)
	if !c.Consent {
		out = append(out, errs.F("consent", "answer.consent"))
	}
	return out
}

// owed is the opinion that a petitioner has still to be served with: zero for the matter's own, otherwise the number of the review; false for none.
func (m *Matter) owed(ref Ref) (review int, ok bool) {
	if m.State == StateIssued && slices.Contains(m.Unserved(), ref) {
		return 0, true
	}
	for i := range m.Reviews {
		r := &m.Reviews[i]
		if r.Open() && r.Issued.Known() && slices.Contains(r.Applicants(), ref) && slices.Contains(r.Unserved(), ref) {
			return r.N, true
		}
	}
	return 0, false
}

// guardReceive allows only the petitioners themselves to confirm.
func (m *Matter) guardReceive(e Env, refuse func(string, ...any) error) error {
	if _, ok := m.owed(m.own(e)); !ok || e.Actor.Kind != org.ActorPetitioner {
		return refuse("act.receive.nothing")
	}
	return nil
}

func (c Receive) decide(m *Matter, e Env) ([]Body, error) {
	own := m.own(e)
	n, _ := m.owed(own)
	method := ServedOnline
	if e.Actor.Link != "" {
		method = ServedByLink
	}
	if r := m.review(n); r != nil {
		return one(ReviewServed{Review: r.N, Tier: r.Tier, Submission: own, Method: method, On: e.Today, Proof: e.Actor.Link})
	}
	return one(Served{Submission: own, Method: method, On: e.Today, Proof: e.Actor.Link})
}
