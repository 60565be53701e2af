package matter

import (
	"slices"

	"huiyin/internal/law"
	"huiyin/internal/org"
)

// applyReview adds an event of a review.
func (m *Matter) applyReview(e Event) {
	switch b := e.Body.(type) {
	case ReviewRequested:
		m.ask(b)
	case ReviewWithdrawn:
		m.giveUp(b.Review, b.Submission, "", e.Day)
	case ReviewDeclined:
		m.giveUp(b.Review, b.Submission, b.Ground, e.Day)
		m.review(b.Review).note(e.By.User)
	case ReviewTaken:
		r := m.review(b.Review)
		r.Taken, r.State = e.Day, r.Tier.at(StateReviewing, StateReReviewing)
		r.note(e.By.User)
	case ReviewExtended:
		r := m.review(b.Review)
		r.Extension = &Extension{Days: b.Days, Approved: e.Day, Reason: b.Reason, Revoked: law.NoDay}
		r.note(e.By.User)
	case ReviewDrafted:
		r := m.review(b.Review)
		r.Draft = &ReviewDraft{Result: b.Result, Facts: b.Facts, Basis: b.Basis, Answers: b.Answers, By: b.By}
		r.State = r.Tier.at(StateReviewDrafted, StateReReviewDrafted)
		r.note(e.By.User)
	case ReviewReturned:
		r := m.review(b.Review)
		r.State = r.Tier.at(StateReviewing, StateReReviewing)
		r.note(e.By.User)
	case ReviewIssued:
		m.issueReview(b, e)
	case ReviewServed:
		r := m.review(b.Review)
		if r.Draft != nil && b.Despite != "" {
			r.Draft.Despite = b.Despite
		}
		r.Services = append(r.Services, Service{Submission: b.Submission, Method: b.Method, On: b.On})
		m.settleReviews(e.Day)
	default:
	}
}

// note keeps who worked on a review.
func (r *Review) note(user org.UserID) { r.People = addUser(r.People, user) }

func addUser(to []org.UserID, user org.UserID) []org.UserID {
	if user == 0 || slices.Contains(to, user) {
		return to
	}
	return append(to, user)
}

// ask opens a review or joins the one that is open at the organ. Who joins a drafted one sends it back to be looked at with their reasons.
func (m *Matter) ask(b ReviewRequested) {
	r := m.joined(b.Tier, b.Unit)
	if r == nil {
		m.Reviews = append(m.Reviews, Review{
			N: len(m.Reviews) + 1, Tier: b.Tier, Organ: b.Unit, Desk: b.Desk, State: b.Tier.at(StateReviewAsked, StateReReviewAsked),
			Taken: law.NoDay, Issued: law.NoDay, Closed: law.NoDay, Void: law.NoDay,
		})
		r = &m.Reviews[len(m.Reviews)-1]
	}
	r.Requests = append(r.Requests, Request{Submission: b.Submission, On: b.Received, Late: b.Late, Over: law.NoDay})
	if r.State.drafted() {
		r.State = r.Tier.at(StateReviewing, StateReReviewing)
	}
}

// joined is the review that a request to an organ joins: open, and its opinion not given.
func (m *Matter) joined(t Tier, organ org.UnitID) *Review {
	for i := range m.Reviews {
		if r := &m.Reviews[i]; r.Open() && r.Tier == t && r.Organ == organ && !r.Issued.Known() {
			return r
		}
	}
	return nil
}

func (s State) drafted() bool { return s == StateReviewDrafted || s == StateReReviewDrafted }

// giveUp ends one request; a review that nobody asks for any more is closed.
func (m *Matter) giveUp(n int, ref Ref, ground ReviewGround, day law.Day) {
	r := m.review(n)
	for i := range slices.Backward(r.Requests) {
		if q := &r.Requests[i]; q.Submission == ref && q.live() {
			q.Over, q.Ground = day, ground
			break
		}
	}
	m.settleReviews(day)
}

// issueReview lets the opinion take effect: what it changes is changed, and what it revokes is handled again.
func (m *Matter) issueReview(b ReviewIssued, e Event) {
	r := m.review(b.Review)
	r.Document, r.Issued, r.Owed, r.State = b.Document, e.Day, b.For, r.Tier.at(StateReviewIssued, StateReReviewIssued)
	if r.Draft != nil {
		r.Draft.Despite = b.Despite
	}
	r.note(e.By.User)
	switch b.Result {
	case ReviewUphold:
	case ReviewChange:
		if r.Draft != nil {
			m.answer(r.Draft.Answers)
		}
	case ReviewRedo:
		revoked := m.answered()
		m.redo(e.Day, b.By)
		m.Redos[len(m.Redos)-1].Revoked = revoked
	}
}

// voidReviews ends what looked at an opinion that is no more. What was issued is still served; the rest is closed.
func (m *Matter) voidReviews(day law.Day) {
	for i := range m.Reviews {
		r := &m.Reviews[i]
		if !r.Void.Known() {
			r.Void = day
		}
		if r.Open() && !r.Issued.Known() {
			r.Closed = day
		}
	}
}

// answered are the outcomes in force.
func (m *Matter) answered() []Answer {
	var out []Answer
	for _, d := range m.Demands {
		if d.Answer != nil {
			out = append(out, *d.Answer)
		}
	}
	return out
}

// settleReviews closes the reviews that owe nothing any more, and ends the procedure when the re-review opinion is in everybody's hands.
func (m *Matter) settleReviews(day law.Day) {
	for i := range m.Reviews {
		r := &m.Reviews[i]
		if !r.Open() {
			continue
		}
		switch {
		case !r.Issued.Known() && len(r.Applicants()) == 0:
			r.Closed = day
		case r.Issued.Known() && len(r.Unserved()) == 0:
			r.Closed = day
			if len(r.Services) > 0 {
				r.Closed = r.Issued
			}
			for _, s := range r.Services {
				r.Closed = max(r.Closed, s.On)
			}
		}
	}
	going := func(s Submission) bool { return !m.isWithdrawn(s.Ref) && !m.Final(s.Ref) }
	if (m.State == StateServed || m.State == StateCompleted) && m.front() == nil && m.asked() && !slices.ContainsFunc(m.Submissions, going) {
		m.end(StateTerminated, day)
	}
}

// leaveReviews takes a petitioner who withdrew or was separated out of every review that is open.
func (m *Matter) leaveReviews(ref Ref, day law.Day) {
	for i := range m.Reviews {
		r := &m.Reviews[i]
		if !r.Open() {
			continue
		}
		for k := range r.Requests {
			if q := &r.Requests[k]; q.Submission == ref && q.live() {
				q.Over = day
			}
		}
		r.Owed = slices.DeleteFunc(r.Owed, func(o Ref) bool { return o == ref })
	}
	m.settleReviews(day)
}

// handled keeps who handled the matter at the first tier: none of them ever reviews it.
func (m *Matter) handled(e Event) {
	switch b := e.Body.(type) {
	case HandlerAssigned:
		m.Handlers = addUser(m.Handlers, b.User)
	case Notified, Accepted, Recorded, MediationStarted, MediationAgreed, MediationEnded, Extended, ExtensionRevoked, OpinionDrafted, OpinionReturned,
		OpinionIssued, Replied, PartAssigned, PartAnswered, LineReported:
		m.Handlers = addUser(m.Handlers, e.By.User)
	default:
	}
}
