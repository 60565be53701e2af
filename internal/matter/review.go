package matter

import (
	"slices"

	"huiyin/internal/law"
	"huiyin/internal/org"
)

// Tier is at which level an opinion is looked at again.
type Tier string

// The tiers above the first, which has no name.
const (
	TierFirst    Tier = ""
	TierReview   Tier = "review"   // 复查 (第三十五条)
	TierReReview Tier = "rereview" // 复核 (第三十六条)
)

// Review is one review or re-review of the matter's opinion by one organ. Several petitioners may stand in it; whoever asks the same organ
// before it has given its opinion joins. It is open until everybody it concerns has its opinion in hand.
type Review struct {
	N        int
	Tier     Tier
	Organ    org.UnitID // the next higher organ that answers for it
	Desk     org.UnitID // the unit that does the work for it: the organ itself, or the petition department of a government
	State    State      // its own, beside the matter's
	Requests []Request
	Taken    law.Day
	Draft    *ReviewDraft
	Document string
	Issued   law.Day
	Owed     []Ref // who is to be served, fixed when the opinion is issued
	Services []Service
	Closed   law.Day // NoDay while it is open
	Void     law.Day // the day the opinion it looked at was revoked
	Hearings []Hearing
	// Extension is the one extension of its time, which the law of some places knows; nil where there was none.
	Extension *Extension
	Charge    org.UserID   // who was put in charge in place of somebody who has to stay away
	People    []org.UserID // who handled, drafted or issued it
}

// Request is one petitioner's request.
type Request struct {
	Submission Ref
	On         law.Day // received by the organ, which starts D08 and D10b
	Late       bool    // handed in at a desk after the last day
	Over       law.Day // the day it was declined or withdrawn
	Ground     ReviewGround
}

// ReviewDraft is the organ's opinion before and after it is issued.
type ReviewDraft struct {
	Result  ReviewResult
	Facts   string
	Basis   string
	Answers []Answer // in place of those it changes
	By      law.Day  // until when it is to be handled again
	Despite string   // as in Draft
}

// live reports whether a request still waits for, or has got, an opinion.
func (r Request) live() bool { return !r.Over.Known() }

// spent reports whether a request used the petitioner's right up: one that was withdrawn, or that went to the wrong organ, did not.
func (r Request) spent() bool {
	return r.live() || (r.Ground != "" && r.Ground != ReviewWrongOrgan)
}

// Open reports whether the organ still owes something.
func (r *Review) Open() bool { return !r.Closed.Known() }

// Received is the day from which the organ's own time counts: that of the earliest request that it has to answer, or of the earliest at all.
func (r *Review) Received() law.Day {
	day := law.NoDay
	for _, q := range r.Requests {
		if (q.live() || len(r.Applicants()) == 0) && (!day.Known() || q.On < day) {
			day = q.On
		}
	}
	return day
}

// Applicants are those whose requests it answers.
func (r *Review) Applicants() []Ref {
	var out []Ref
	for _, q := range r.Requests {
		if q.live() {
			out = append(out, q.Submission)
		}
	}
	return out
}

// Unserved are those who still have to be served with its opinion.
func (r *Review) Unserved() []Ref {
	return slices.DeleteFunc(slices.Clone(r.Owed), func(ref Ref) bool { _, done := r.service(ref); return done })
}

func (r *Review) service(ref Ref) (Service, bool) {
	i := slices.IndexFunc(r.Services, func(s Service) bool { return s.Submission == ref })
	if i < 0 {
		return Service{}, false
	}
	return r.Services[i], true
}

func (r *Review) asked(ref Ref) (Request, bool) {
	for _, q := range slices.Backward(r.Requests) {
		if q.Submission == ref {
			return q, true
		}
	}
	return Request{}, false
}

// rule is the period in which the organ gives its opinion.
func (t Tier) rule() law.RuleID {
	if t == TierReReview {
		return ruleReReviewed
	}
	return ruleReviewed
}

// window is the period in which a petitioner may ask for it.
func (t Tier) window() law.RuleID {
	if t == TierReReview {
		return ruleReReview
	}
	return ruleReview
}

// article is the one that gives the tier.
func (t Tier) article() string {
	if t == TierReReview {
		return "art36"
	}
	return "art35"
}

// Tier is the tier a state belongs to.
func (s State) Tier() Tier {
	switch {
	case slices.Contains([]State{StateReviewAsked, StateReviewing, StateReviewHearing, StateReviewDrafted, StateReviewIssued}, s):
		return TierReview
	case slices.Contains([]State{StateReReviewAsked, StateReReviewing, StateReReviewHearing, StateReReviewDrafted, StateReReviewIssued}, s):
		return TierReReview
	}
	return TierFirst
}

// at gives the states of a review of a tier: asked, under way, drafted, issued.
func (t Tier) at(review, rereview State) State {
	if t == TierReReview {
		return rereview
	}
	return review
}

// Stage is where the matter stands as lists and pages say it: in the earliest review that is open, otherwise in the matter's own state.
func (m *Matter) Stage() State {
	if r := m.front(); r != nil {
		return r.State
	}
	return m.State
}

// front is the review that is in front: the first that is open.
func (m *Matter) front() *Review {
	for i := range m.Reviews {
		if m.Reviews[i].Open() {
			return &m.Reviews[i]
		}
	}
	return nil
}

// Desk is the unit that has to do something now: the one that reviews, the holder, or when all else is done who has to answer a suggestion.
func (m *Matter) Desk() org.UnitID {
	if r := m.front(); r != nil {
		return r.Desk
	}
	if a := m.waitingAdvice(); a != nil && m.State.over() {
		return a.Unit
	}
	return m.Holder()
}

// ReviewUnserved are those who still have to be served with the opinion of the review in front.
func (m *Matter) ReviewUnserved() []Ref {
	if r := m.front(); r != nil {
		return r.Unserved()
	}
	return nil
}

// InReview reports whether a submission's petitioner stands in a review: asked for it, or is to be served with its opinion.
func (m *Matter) InReview(ref Ref, n int) bool {
	if n < 1 || n > len(m.Reviews) {
		return false
	}
	r := &m.Reviews[n-1]
	return slices.Contains(r.Applicants(), ref) || slices.Contains(r.Owed, ref)
}

// Review returns a review by its number.
func (m *Matter) review(n int) *Review {
	if n < 1 || n > len(m.Reviews) {
		return nil
	}
	return &m.Reviews[n-1]
}

// Reviewable reports whether what is given on this matter is an opinion that can be reviewed: the answer to a suggestion or an enquiry is
// none, and the sealed compartment goes by the rules of discipline inspection.
func (m *Matter) Reviewable() bool {
	return !m.Sealed && m.Kind != KindSuggestion && m.Kind != KindEnquiry
}

// Stands is the last opinion that a petitioner has in hand.
type Stands struct {
	Tier    Tier
	Review  int // zero for the first opinion
	Organ   org.UnitID
	Service Service
}

// Stands returns the last opinion that a submission's petitioner was served with: of the highest tier, then the latest. It is false when
// there is none.
func (m *Matter) Stands(ref Ref) (Stands, bool) {
	var best Stands
	found := false
	if s, ok := m.Service(ref); ok && m.Reviewable() {
		best, found = Stands{Tier: TierFirst, Organ: m.OpinionUnit, Service: s}, true
	}
	for i := range m.Reviews {
		r := &m.Reviews[i]
		s, ok := r.service(ref)
		if !ok || r.Void.Known() || (best.Tier == TierReReview && r.Tier == TierReview) {
			continue
		}
		best, found = Stands{Tier: r.Tier, Review: r.N, Organ: r.Organ, Service: s}, true
	}
	return best, found
}

// Final reports whether the procedure is at its end for a submission's petitioner: the re-review opinion is in their hands (第三十六条).
func (m *Matter) Final(ref Ref) bool {
	s, ok := m.Stands(ref)
	return ok && s.Tier == TierReReview
}

// Concluded reports whether the procedure has ended for everybody whose matter it is: by the re-review opinion in their hands, or, where the law
// says that a window that passed ends it, by an opinion that they did not ask in time to have looked at again. Who still has a way open can be told by
// nobody that there is none.
func (m *Matter) Concluded(rules Rules, today law.Day) (bool, error) {
	var clocks []Clock
	if _, says := rules.Set.Figure(law.FigureLapse); says {
		var err error
		if clocks, err = m.Clocks(rules); err != nil {
			return false, err
		}
	}
	found := false
	for _, s := range m.Submissions {
		if m.isWithdrawn(s.Ref) {
			continue
		}
		if !m.Final(s.Ref) && !slices.ContainsFunc(clocks, func(c Clock) bool { return c.Submission == s.Ref && c.lapsed(today) }) {
			return false, nil
		}
		found = true
	}
	return found, nil
}

// inCharge is who has the matter in hand at the desk: of a review, who last worked on it.
func (m *Matter) inCharge() org.UserID {
	r := m.front()
	switch {
	case r == nil:
		return m.Handler
	case r.Charge != 0:
		return r.Charge
	}
	for _, user := range slices.Backward(r.People) {
		if !m.recused(user) {
			return user
		}
	}
	return 0
}

// ReviewOf returns the first open review that an actor's unit works on.
func (m *Matter) ReviewOf(a org.Actor) (Review, bool) {
	for i := range m.Reviews {
		if r := &m.Reviews[i]; r.Open() && r.worksFor(a) {
			return *r, true
		}
	}
	return Review{}, false
}
