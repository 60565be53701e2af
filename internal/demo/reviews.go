package demo

import (
	"huiyin/internal/matter"
	"huiyin/internal/org"
)

// The days after receipt on which a petition that goes on to review is answered, asked to be reviewed, and so on.
const (
	daysToAnswer     = 15
	dayOfReview      = 22
	daysToOpinion    = 11 // from the request to the organ's opinion
	dayOfReReview    = 40
	dayHearingCalled = dayOfReReview + 5
	dayOfHearing     = dayHearingCalled + 12
	dayOfLastOpinion = dayOfHearing + 4
	dayOfCare        = dayOfLastOpinion + 10

	dayToAssist     = 4
	daysForPart     = 40
	dayCalledAtUnit = 18
	dayHeardAtUnit  = dayCalledAtUnit + 12
)

// command is one that is known before its step is taken.
func command(c matter.Command) func() matter.Command { return func() matter.Command { return c } }

func (s *seeder) by(role org.Role, unit string) func() org.Actor {
	return func() org.Actor { return s.actor(role, unit) }
}

// petitioner is who handed a petition in.
func (c *course) petitioner() org.Actor {
	return org.Actor{Kind: org.ActorPetitioner, Home: c.ref.Home, Submission: c.ref.N}
}

// disputed lets a second unit give the petition back, so that the common superior has to decide.
func (s *seeder) disputed(c *course, first, handler func() org.Actor) {
	second := s.by(org.RoleHandler, c.Second)
	s.do(c, 1, morning, handler, command(&matter.Object{Reason: c.Objection}))
	s.do(c, 1, afternoon, first, command(&matter.UpholdObjection{Reason: s.words.ObjectionRight}))
	s.do(c, 2, morning, first, func() matter.Command {
		return &matter.Forward{Unit: s.ids[c.Second], Mode: matter.ModeTransfer, Why: s.words.Forward}
	})
	s.do(c, 2, afternoon, second, command(matter.Sign{}))
	s.do(c, daysToSite, morning, second, command(&matter.Object{Reason: c.SecondWhy}))
	s.do(c, daysToSite, afternoon, first, command(&matter.UpholdObjection{Reason: s.words.ObjectionRight}))
}

// assist asks a second unit for its part, which signs for it.
func (s *seeder) assist(c *course) {
	s.do(c, dayToAssist, morning, s.by(org.RoleRegistrar, "petition"), func() matter.Command {
		return &matter.AssignPart{Unit: s.ids[c.Part.Unit], Text: c.Part.Text, By: c.received.Add(daysForPart)}
	})
	s.do(c, dayToAssist, afternoon, s.by(org.RoleHandler, c.Part.Unit), command(matter.SignPart{}))
}

// call is the decision on a hearing so many days after receipt.
func (s *seeder) call(c *course, on int) func() matter.Command {
	return func() matter.Command {
		h := c.Hearing
		return &matter.CallHearing{On: c.received.Add(on), At: s.words.HearingHour, Place: h.Place, Participants: h.Participants, Reason: h.Reason}
	}
}

// heard calls a hearing of the matter itself.
func (s *seeder) heard(c *course, handler func() org.Actor) {
	s.do(c, daysToSite, morning, handler, command(&matter.Record{Kind: matter.RecordSite, Text: s.words.Site}))
	s.do(c, dayCalledAtUnit, morning, s.by(org.RoleHead, c.Unit), s.call(c, dayHeardAtUnit))
}

// review lays down the steps from the request for a review to the end of the procedure.
func (s *seeder) review(c *course) {
	s.do(c, dayOfReview, morning, c.petitioner, func() matter.Command {
		return &matter.RequestReview{Unit: s.ids["county"], Reason: c.Review.Reason}
	})
	if c.Stage == "review_requested" {
		return
	}
	desk, head := s.by(org.RoleRegistrar, "petition"), s.by(org.RoleHead, "petition")
	s.do(c, dayOfReview+1, morning, desk, command(matter.TakeReview{}))
	if c.Stage == "under_review" {
		return
	}
	facts, basis := c.Review.Facts, c.Review.Basis
	s.opinion(c, dayOfReview+daysToOpinion, desk, head, matter.DraftReview{Result: matter.ReviewUphold, Facts: facts, Basis: s.words.ReviewBasis + "\n" + basis})
	s.do(c, dayOfReReview, morning, c.petitioner, func() matter.Command {
		return &matter.RequestReReview{Unit: s.ids["city"], Reason: c.Review.Again}
	})
	desk, head = s.by(org.RoleRegistrar, "city-petition"), s.by(org.RoleHead, "city-petition")
	s.do(c, dayOfReReview+1, morning, desk, command(matter.TakeReview{}))
	s.do(c, dayHearingCalled, morning, head, s.call(c, dayOfHearing))
	if c.Stage == "rereview_hearing" {
		return
	}
	s.do(c, dayOfHearing, afternoon, desk, command(&matter.ConcludeHearing{Minutes: c.Hearing.Minutes, Conclusion: c.Hearing.Conclusion}))
	s.opinion(c, dayOfLastOpinion, desk, head, matter.DraftReview{
		Result: matter.ReviewUphold, Facts: s.words.ReReviewFacts, Basis: s.words.ReReviewBasis + "\n" + basis,
	})
	s.do(c, dayOfCare, morning, s.by(org.RoleRegistrar, "petition"), command(&matter.Care{Text: s.words.Care}))
}

// opinion drafts, signs and serves the opinion of the organ that reviews.
func (s *seeder) opinion(c *course, day int, desk, head func() org.Actor, draft matter.DraftReview) {
	s.do(c, day-1, morning, desk, command(&draft))
	s.do(c, day, morning, head, command(&matter.IssueReview{}))
	s.do(c, day, afternoon, desk, func() matter.Command {
		return &matter.ServeReview{Submission: c.ref, Method: matter.ServedInPerson, On: c.received.Add(day), Proof: s.words.Proof}
	})
}
