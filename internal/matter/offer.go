package matter

import (
	"errors"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/org"
)

// Offer is a step that a page shows: one that can be taken now, or one that cannot and why.
type Offer struct {
	Act     Act
	Article string
	Refusal *errs.Error // nil when it can be taken
}

// Offers returns the steps that an actor may take on the matter now, and those that the actor has the title for but may not take
// now, each with its reason. Steps that are somebody else's are left out.
func (m *Matter) Offers(e Env) (now, not []Offer) {
	for _, row := range e.Procedure.Rows() {
		if row.Act == ActSucceedUnit {
			continue
		}
		err := m.May(row.Act, e)
		var refusal *errs.Error
		switch {
		case err == nil:
			now = append(now, Offer{Act: row.Act, Article: m.article(row, e)})
		case errors.As(err, &refusal) && refusal.Kind == errs.Refused:
			not = append(not, Offer{Act: row.Act, Article: m.article(row, e), Refusal: refusal})
		}
	}
	return now, not
}

// Turn is whose move it is.
type Turn struct {
	Side law.Side
	Unit org.UnitID // when it is a unit's
	Code string     // what is awaited: "sign", "notice", "reply", "material", "rating", "none"
}

// TurnSince is the day since which it has been the turn it is now: the day of the event after which the same unit or petitioner was awaited for
// the same step without a break. What others did meanwhile, urging for one, does not begin it anew. NoDay where nothing happened.
func TurnSince(events []Event) law.Day {
	m, since := blank(), law.NoDay
	var turn Turn
	for _, e := range events {
		m.Apply(e)
		if now := m.Turn(); now != turn || !since.Known() {
			turn, since = now, e.Day
		}
	}
	return since
}

// Turn says whose move it is and what is awaited.
func (m *Matter) Turn() Turn {
	unit := func(u org.UnitID, code string) Turn { return Turn{Side: law.SideUnit, Unit: u, Code: code} }
	if a := m.waitingAdvice(); a != nil && m.State.over() && m.front() == nil {
		return unit(a.Unit, "advice")
	}
	if r := m.front(); r != nil {
		return r.turn()
	}
	return m.ownTurn()
}

// TurnFor says whose move it is for the petitioner of a submission: in the review that they stand in, otherwise on the matter itself. What is
// going on between others and a higher organ is not theirs.
func (m *Matter) TurnFor(ref Ref) Turn {
	if r := m.reviewFacing(ref); r != nil {
		return r.turn()
	}
	if m.front() != nil {
		return m.ownTurn()
	}
	return m.Turn()
}

// StageFor is where the matter stands for the petitioner of a submission.
func (m *Matter) StageFor(ref Ref) State {
	if r := m.reviewFacing(ref); r != nil {
		return r.State
	}
	return m.State
}

// reviewFacing is the first open review in which a petitioner stands.
func (m *Matter) reviewFacing(ref Ref) *Review {
	for i := range m.Reviews {
		if r := &m.Reviews[i]; r.Open() && m.InReview(ref, r.N) {
			return r
		}
	}
	return nil
}

// turn says what is awaited of the organ that reviews.
func (r *Review) turn() Turn {
	t := Turn{Side: law.SideUnit, Unit: r.Desk, Code: "review"}
	for code, state := range map[string]State{
		"request": r.Tier.at(StateReviewAsked, StateReReviewAsked), "hearing": r.Tier.at(StateReviewHearing, StateReReviewHearing),
		"issue": r.Tier.at(StateReviewDrafted, StateReReviewDrafted), "service": r.Tier.at(StateReviewIssued, StateReReviewIssued),
	} {
		if r.State == state {
			t.Code = code
		}
	}
	return t
}

// ownTurn says whose move it is on the matter itself, reviews aside.
func (m *Matter) ownTurn() Turn {
	unit := func(u org.UnitID, code string) Turn { return Turn{Side: law.SideUnit, Unit: u, Code: code} }
	switch m.State {
	case StateHearing:
		return unit(m.Holder(), "hearing")
	case StateRegistered, StateScreened:
		return unit(m.Receiver(), "dispose")
	case StateAwaiting:
		return Turn{Side: law.SidePetitioner, Code: "material"}
	case StateForwarded:
		return unit(m.Holder(), "sign")
	case StateSigned:
		return unit(m.Holder(), "notice")
	case StateObjected:
		if l := m.leg(); l != nil {
			return unit(l.From, "ruling")
		}
		return unit(m.Holder(), "ruling")
	case StateDisputed:
		return unit(m.Superior, "decision")
	case StateNotified:
		return unit(m.Holder(), "acceptance")
	case StateAccepted, StateInvestigating:
		return unit(m.Holder(), "reply")
	case StateMediating:
		return unit(m.Holder(), "mediation")
	case StateDrafted:
		return unit(m.Holder(), "issue")
	case StateIssued:
		return unit(m.Holder(), "service")
	case StateServed, StateAgreed, StateDiverted, StateDeclined, StateFinalDeclined:
		return unit(m.Holder(), "completion")
	case StateCompleted:
		if len(m.Ratings) == 0 {
			return Turn{Side: law.SidePetitioner, Code: "rating"}
		}
		return Turn{Side: law.SidePetitioner, Code: "none"}
	case StateReviewAsked, StateReviewing, StateReviewDrafted, StateReviewIssued, StateReviewHearing, StateReReviewAsked, StateReReviewing,
		StateReReviewDrafted, StateReReviewIssued, StateReReviewHearing: // of a review, never of the matter itself
	case StateNone, StateWithdrawn, StateTerminated:
	}
	return Turn{Side: law.SidePetitioner, Code: "none"}
}
