package matter

import (
	"slices"

	"huiyin/internal/law"
	"huiyin/internal/org"
)

// Fold returns the matter that a history leaves.
func Fold(events []Event) *Matter {
	m := blank()
	for _, e := range events {
		m.Apply(e)
	}
	return m
}

func blank() *Matter {
	return &Matter{
		Disposed: law.NoDay, Notified: law.NoDay, Accepted: law.NoDay, Agreed: law.NoDay, Ended: law.NoDay,
		Handled: law.NoDay,
		Level:   LevelOrdinary,
	}
}

// Apply adds one event. Events are facts: Apply never refuses, and it looks at nothing but the event and the matter.
func (m *Matter) Apply(e Event) {
	m.Version = e.Seq
	m.handled(e)
	m.keepPapers(e)
	switch b := e.Body.(type) {
	case Registered:
		m.Ref, m.RuleSet, m.First = b.Matter, b.RuleSet, b.Submission.Ref
		m.Kind, m.Purpose, m.Category, m.Sealed, m.Accused = b.Kind, b.Purpose, b.Category, b.Sealed, b.Accused
		m.State, m.Handler = StateRegistered, e.By.User
		m.add(b.Submission, nil)
	case MaterialRequested:
		m.back, m.State = m.State, StateAwaiting
	case MaterialAdded:
		if m.State == StateAwaiting {
			m.State = m.back
		}
	case DemandAdded:
		m.addDemand(Demand{Submission: b.Submission, Text: b.Text})
	case DemandsConfirmed:
		for i := range m.Demands {
			if m.Demands[i].Submission == b.Submission {
				m.Demands[i].Confirmed = true
			}
		}
	case ContactChosen:
		for i := range m.Submissions {
			if m.Submissions[i].Ref == b.Submission {
				m.Submissions[i].Wish = &b.Wish
			}
		}
	case Screened:
		m.Kind, m.Category, m.Purpose, m.Level = b.Kind, b.Category, b.Purpose, b.Level
		m.State, m.Earlier, m.NewFacts = StateScreened, b.Earlier, b.NewFacts
	case Taken:
		m.keep(e.Day)
		m.State = StateSigned
		if m.Handler == 0 {
			m.Handler = e.By.User
		}
	case Forwarded:
		m.hand(Leg{From: m.Holder(), Unit: b.Unit, Mode: b.Mode, Received: e.Day, ReportBy: b.ReportBy})
	case ReportedUp, ReportReceived:
		m.applyReport(e)
	case Diverted:
		m.Route, m.Told = b.Route, Direction{Organ: b.Organ, How: b.How, Guide: b.Guide}
		m.tell(e.Day)
		m.end(StateDiverted, e.Day)
	case Declined:
		m.Ground, m.Told = b.Ground, Direction{Organ: b.Organ}
		m.tell(e.Day)
		m.end(StateDeclined, e.Day)
	case FinalDeclined:
		m.tell(e.Day)
		m.end(StateFinalDeclined, e.Day)
	case Signed:
		if l := m.leg(); l != nil {
			l.Signed = e.Day
		}
		m.State, m.Handler = StateSigned, e.By.User
	case Objected:
		if l := m.leg(); l != nil {
			l.Objected = true
		}
		m.State = StateObjected
	case ObjectionUpheld:
		m.Returns = append(m.Returns, m.Holder())
		m.giveBack(e.Day)
		m.State, m.Handler = StateScreened, e.By.User
		if l := m.leg(); l == nil {
			m.Disposed = law.NoDay
		} else {
			m.State = StateSigned // back with the unit that had passed it on
		}
	case ObjectionRefused:
		m.State = StateSigned
	case Disputed:
		m.Superior, m.State = b.Superior, StateDisputed
	case CourtCalled:
		m.applyCourt(b, e.Day)
	case DisputeDecided:
		from := m.Holder()
		m.decided(b.Unit, e.Day)
		if b.Unit == from {
			if l := m.leg(); l != nil {
				l.Objected = true // it is settled: no objection any more
			} else {
				m.keep(e.Day)
			}
			m.State = StateSigned
			break
		}
		received, report := e.Day, law.NoDay
		if l := m.leg(); l != nil {
			report = l.ReportBy
		}
		m.giveBack(e.Day)
		m.hand(Leg{From: from, Unit: b.Unit, Mode: ModeTransfer, Received: received, ReportBy: report, Objected: true})
	case UnitSucceeded:
		if m.Holder() == b.From {
			m.Handler = 0
		}
		carry := func(u *org.UnitID) {
			if *u == b.From {
				*u = b.To
			}
		}
		for i := range m.Legs {
			if !m.Legs[i].Returned.Known() {
				carry(&m.Legs[i].Unit)
				carry(&m.Legs[i].From)
			}
		}
		for i := range m.Submissions {
			carry(&m.Submissions[i].Unit)
		}
		carry(&m.Superior)
		carry(&m.OpinionUnit)
		carry(&m.Ruled)
		for i := range m.Advices {
			if m.Advices[i].open() {
				carry(&m.Advices[i].Unit)
			}
		}
		for i := range m.Parts {
			carry(&m.Parts[i].Unit)
		}
		for i := range m.Reviews {
			if m.Reviews[i].Open() {
				carry(&m.Reviews[i].Organ)
				carry(&m.Reviews[i].Desk)
			}
		}
	case HandlerAssigned:
		m.Handler = b.User
	case Notified:
		m.tell(e.Day)
		m.State = StateNotified
	case Accepted:
		m.tell(e.Day)
		m.State, m.Accepted, m.Short = StateAccepted, e.Day, b.Short
	case Recorded:
		if m.State == StateAccepted {
			m.State = StateInvestigating
		}
	case MediationStarted:
		m.State = StateMediating
	case MediationAgreed:
		m.answer(b.Answers)
		m.Agreed = e.Day
		m.end(StateAgreed, e.Day)
	case MediationEnded:
		m.State = StateInvestigating
	case Extended:
		m.Extension = &Extension{Days: b.Days, Approved: e.Day, Reason: b.Reason, Revoked: law.NoDay}
	case ExtensionRevoked:
		m.Extension.Revoked = e.Day
	case OpinionDrafted:
		m.Draft = &Draft{Facts: b.Facts, Basis: b.Basis, Answers: b.Answers, Issued: law.NoDay}
		m.State = StateDrafted
	case OpinionReturned:
		m.State = StateInvestigating
	case OpinionIssued:
		if m.Draft != nil {
			m.Draft.Document, m.Draft.Issued, m.Draft.Despite = b.Document, e.Day, b.Despite
			m.answer(m.Draft.Answers)
		}
		m.State, m.OpinionUnit = StateIssued, m.Holder()
		if e.By.Unit != 0 {
			m.OpinionUnit = e.By.Unit // a petition department that acts for its window answers for what it signs
		}
	case Replied:
		m.Draft = &Draft{Facts: b.Facts, Basis: b.Basis, Answers: b.Answers, Document: b.Document, Issued: e.Day, Despite: b.Despite}
		m.answer(b.Answers)
		m.tell(e.Day)
		m.State = StateIssued
	case Served:
		m.goesOut(b.Despite)
		m.Services = append(m.Services, Service{Submission: b.Submission, Method: b.Method, On: b.On})
		m.settle(e.Day)
	case Performed:
		m.keepPromises(b.Demand, e.Day)
	case Eased:
		eases := b.FourEases
		m.Eases = &eases
	case Visited:
		m.Visits++
		m.say(b.Submission, b.Resolved)
	case Confirmed:
		m.say(b.Submission, b.Resolved)
	case Completed:
		m.end(StateCompleted, e.Day)
	case Rated:
		m.Ratings = append(m.Ratings, Rating{Submission: b.Submission, Receiving: b.Receiving, Handling: b.Handling, Words: b.Words, On: e.Day})
		if b.Receiving == GradeDissatisfied || b.Handling == GradeDissatisfied {
			m.FollowUp = true
		}
	case FollowedUp:
		m.FollowUp = false
	case Redone:
		m.redo(e.Day, b.By)
	case Urged:
		m.Urges = append(m.Urges, Urge{Submission: b.Submission, On: e.Day})
	case Pressed:
		m.Presses = append(m.Presses, Press{Reason: b.Reason, On: e.Day, By: b.By, Answered: law.NoDay})
	case PressAnswered:
		for i := range slices.Backward(m.Presses) {
			if !m.Presses[i].Answered.Known() {
				m.Presses[i].Answered = e.Day
				break
			}
		}
	case Withdrawn:
		m.Withdrawn = append(m.Withdrawn, b.Submission)
		m.weigh()
		m.settle(e.Day)
		m.leaveReviews(b.Submission, e.Day)
	case Joined:
		m.add(b.Submission, b.Demands)
		m.weigh()
	case Left:
		m.remove(b.Submission)
		m.settle(e.Day)
		m.leaveReviews(b.Submission, e.Day)
	case Merged:
		m.Merged = b.Into
		if !slices.Contains(m.Hosts, b.Into) {
			m.Hosts = append(m.Hosts, b.Into)
		}
	case Separated:
		m.Merged = Ref{}
	case ReviewRequested, ReviewWithdrawn, ReviewTaken, ReviewDeclined, ReviewExtended, ReviewDrafted, ReviewReturned, ReviewIssued, ReviewServed:
		m.applyReview(e)
	case HearingCalled, HearingMoved, HearingConcluded, HearingCancelled:
		m.applyHearing(e)
	case RecusalAsked, RecusalDecided:
		m.applyRecusal(e)
	case PartAssigned, LineAssigned, PartSigned, PartAnswered, PartsWaived, LineReported, Inquired:
		m.applyPart(e)
	case Advised, AdviceAnswered:
		m.applyAdvice(e)
	case Escalated:
		m.Escalations = append(m.Escalations, Escalation{Clock: b.Clock, To: b.To, On: e.Day})
	case DocumentReady:
		m.goesOut(b.Despite)
	case Cared, ClocksMoved:
	}
}

// add links a submission; demands are its demands as they stood in another matter, nil for a new one.
func (m *Matter) add(s Submission, demands []Demand) {
	m.Submissions = append(m.Submissions, s)
	if demands == nil {
		for _, text := range s.Demands {
			m.addDemand(Demand{Submission: s.Ref, Text: text})
		}
		return
	}
	for _, d := range demands {
		m.addDemand(d)
	}
}

// addDemand gives a demand its number, which is never used again in this matter.
func (m *Matter) addDemand(d Demand) {
	m.nextDemand++
	d.N = m.nextDemand
	m.Demands = append(m.Demands, d)
}

func (m *Matter) remove(ref Ref) {
	m.Submissions = slices.DeleteFunc(m.Submissions, func(s Submission) bool { return s.Ref == ref })
	m.Demands = slices.DeleteFunc(m.Demands, func(d Demand) bool { return d.Submission == ref })
	m.Services = slices.DeleteFunc(m.Services, func(s Service) bool { return s.Submission == ref })
	m.Ratings = slices.DeleteFunc(m.Ratings, func(r Rating) bool { return r.Submission == ref })
	m.Withdrawn = slices.DeleteFunc(m.Withdrawn, func(r Ref) bool { return r == ref })
	m.Said = slices.DeleteFunc(m.Said, func(s Saying) bool { return s.Submission == ref })
	m.weigh()
}

// asked reports whether anybody who has not withdrawn still hangs on the matter.
func (m *Matter) asked() bool {
	return slices.ContainsFunc(m.Submissions, func(s Submission) bool { return !m.isWithdrawn(s.Ref) })
}

// settle ends what a service, a withdrawal or a separation leaves nothing to do in: nobody asks any more, or everybody who
// asks has the opinion in hand.
func (m *Matter) settle(day law.Day) {
	switch {
	case m.State.told() || m.State.over():
	case !m.asked():
		m.end(StateWithdrawn, day)
	case m.State == StateIssued && len(m.Unserved()) == 0:
		last := m.Services[0].On
		for _, s := range m.Services {
			last = max(last, s.On)
		}
		m.end(StateServed, last)
	}
}

// keep opens a leg at the unit that registered the matter, which cannot object to it.
func (m *Matter) keep(day law.Day) {
	m.Legs = append(m.Legs, Leg{
		N: len(m.Legs) + 1, Unit: m.Holder(), Received: m.Received(), Signed: day, ReportBy: law.NoDay, Returned: law.NoDay, Objected: true,
	})
}

// hand opens a leg at another unit, which has not signed yet.
func (m *Matter) hand(l Leg) {
	l.N, l.Signed, l.Returned = len(m.Legs)+1, law.NoDay, law.NoDay
	if l.ReportBy == 0 {
		l.ReportBy = law.NoDay
	}
	m.Legs = append(m.Legs, l)
	m.State, m.Handler = StateForwarded, 0
	if !m.Disposed.Known() {
		m.Disposed = l.Received
	}
}

// giveBack closes the leg in force.
func (m *Matter) giveBack(day law.Day) {
	if l := m.leg(); l != nil {
		l.Returned = day
	}
}

// tell notes the day the petitioner was told in writing where the matter stands; the first such day counts.
func (m *Matter) tell(day law.Day) {
	if !m.Disposed.Known() {
		m.Disposed = day
	}
	if !m.Notified.Known() {
		m.Notified = day
	}
}

func (m *Matter) end(s State, day law.Day) {
	m.State, m.Ended = s, day
	for i := range m.Redos {
		if !m.Redos[i].Done.Known() {
			m.Redos[i].Done = day
		}
	}
	if !m.Handled.Known() {
		m.Handled = day
	}
}

// say notes what was said of whether it is really resolved.
func (m *Matter) say(ref Ref, resolved bool) {
	m.Said = slices.DeleteFunc(m.Said, func(s Saying) bool { return s.Submission == ref })
	m.Said = append(m.Said, Saying{Submission: ref, Resolved: resolved})
	m.weigh()
}

// weigh says anew whether the matter is really resolved: somebody has said so, and so has everybody whose submission hangs on it and was not withdrawn. Who comes
// later, on a submission that was joined, has yet to be asked: what was settled for others may not be for them.
func (m *Matter) weigh() {
	m.Resolved = slices.ContainsFunc(m.Said, func(v Saying) bool { return v.Resolved })
	for _, s := range m.Submissions {
		yes := slices.ContainsFunc(m.Said, func(v Saying) bool { return v.Submission == s.Ref && v.Resolved })
		if !yes && !m.isWithdrawn(s.Ref) {
			m.Resolved = false
		}
	}
}

// answer gives the demands their issued outcomes.
func (m *Matter) answer(answers []Answer) {
	for i := range m.Demands {
		for _, a := range answers {
			if a.Demand == m.Demands[i].N {
				m.Demands[i].Answer, m.Demands[i].Kept = &a, law.NoDay
			}
		}
	}
}

// redo opens handling again: the demands are silent until answered anew, and everybody must be served anew. Whatever looked at the old opinion
// is void, so that the new one may be reviewed like any.
func (m *Matter) redo(on, by law.Day) {
	m.voidReviews(on)
	for i := range m.Demands {
		m.Demands[i].Answer, m.Demands[i].Kept = nil, law.NoDay
	}
	m.Draft, m.Services, m.Eases = nil, nil, nil
	m.Said, m.Resolved, m.Ratings, m.FollowUp = nil, false, nil, false
	m.Redos = append(m.Redos, Redoing{On: on, By: by, Done: law.NoDay})
	m.Ended, m.State = law.NoDay, StateInvestigating
	m.Route, m.Ground, m.Told = "", "", Direction{}
}

// goesOut notes why an opinion that was signed without a reason leaves as it is, so that the reason is asked for once.
func (m *Matter) goesOut(despite string) {
	if m.Draft != nil && despite != "" {
		m.Draft.Despite = despite
	}
}
