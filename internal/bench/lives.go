package bench

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"huiyin/internal/gazetteer"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

// How long the steps of a generated life take, in days at most; how people answer, who has matters (the others are a village's) and how many stay open, of a hundred, and over how many
// days it becomes fewer.
const (
	screenDays, forwardDays, signDays, acceptDays = 5, 5, 6, 9
	leastDraft, mostDraft, issueDays, serveDays   = 5, 75, 4, 6
	completeDays, rateDays, confirmDays           = 4, 40, 60
	ratedShare, contentShare, confirmedShare      = 55, 80, 60
	departmentShare, townShare, withdrawnShare    = 60, 25, 3
	openShare, stuckShare, stuckFor               = 96, 25, 60
)

// The hours of a working day in which things happen.
const (
	officeOpens = 9 * hourSeconds
	officeLasts = 8 * hourSeconds
)

// past is the whole life of the n-th matter up to the end of the generated years: registered, screened, sent on, signed for, accepted, answered, served, eased, completed, rated. Some
// stop on the way, some are withdrawn.
func (s *stock) past(n int, p petition) usecase.Past {
	l, _, _ := s.letters.nth(stockSeed, uint64(n)) //nolint:gosec // counted from 0
	in := s.intake(l)
	in.ReceivedUS = s.second(n) * time.Second.Microseconds()
	if len(in.Demands) == 0 {
		in.Demands = []string{l.Title}
	}
	in.Petitioners = []matter.Petitioner{{Name: p.Name, IDNumber: idNumber(n), Phone: fmt.Sprintf("138%08d", n%100_000_000), Address: p.Address}}
	return usecase.Past{By: s.clerk, Intake: in, Steps: func(ref matter.Ref) []usecase.PastStep {
		chance := rand.New(rand.NewPCG(stockSeed, ^uint64(n))) //nolint:gosec // what becomes of invented letters
		return s.steps(ref, in, l, p, chance)
	}}
}

// steps are what became of it.
func (s *stock) steps(ref matter.Ref, in matter.Intake, l letter, p petition, chance *rand.Rand) []usecase.PastStep {
	percent := func(share int) bool { return chance.IntN(100) < share }
	var out []usecase.PastStep
	at, over := in.ReceivedUS, false
	end := stockEnd().StartUS()
	then := func(least, most int, who org.Actor, c matter.Command) bool {
		if over {
			return false
		}
		at += time.Hour.Microseconds()/4 + int64(chance.IntN(hourSeconds))*time.Second.Microseconds()
		if days := least + chance.IntN(most-least+1); days > 0 {
			at = law.DayOf(at).Add(days).StartUS() + int64(officeOpens+chance.IntN(officeLasts))*time.Second.Microseconds()
		}
		if over = at >= end; !over {
			out = append(out, usecase.PastStep{AtUS: at, By: who, Command: c})
		}
		return !over
	}
	unit := s.holder(l, chance)
	staff := func(role org.Role) org.Actor {
		return org.Actor{Kind: org.ActorStaff, Duty: org.Duty{Role: role, Unit: unit, Scope: unit}}
	}
	handler, person := staff(org.RoleHandler), org.Actor{Kind: org.ActorPetitioner, Home: ref.Home, Submission: ref.N}
	// Of what came long ago little is open, and ever less of what is older.
	stuck := percent(100-openShare) || chance.Float64() < stuckShare/100.0*math.Exp(-float64(int(stockEnd())-int(law.DayOf(in.ReceivedUS)))/stuckFor)
	stopAt := -1
	if stuck {
		stopAt = chance.IntN(6)
	}
	then(0, screenDays, s.clerk, &matter.Screen{Kind: matter.KindAppeal, Category: s.letters.Topics[l.topic].Category, Level: matter.LevelOrdinary, Note: p.Note})
	then(0, forwardDays, s.clerk, &matter.Forward{Unit: unit, Mode: matter.ModeTransfer, Why: p.Why})
	if percent(withdrawnShare) {
		then(1, signDays, person, &matter.Withdraw{})
		return out
	}
	for i, c := range []struct {
		least, most int
		who         org.Actor
		command     matter.Command
	}{
		{0, signDays, handler, &matter.Sign{}},
		{0, acceptDays, handler, &matter.Accept{}},
		{leastDraft, mostDraft, handler, &matter.Drafting{Facts: p.Facts, Basis: p.Basis, Answers: s.answers(in, p, chance)}},
		{0, issueDays, staff(org.RoleHead), &matter.Issue{}},
	} {
		if i == stopAt {
			return out
		}
		then(c.least, c.most, c.who, c.command)
	}
	if then(0, serveDays, handler, nil) { // its day is known now
		out[len(out)-1].Command = &matter.Serve{Submission: ref, Method: matter.ServedOnline, On: law.DayOf(at)}
	}
	if stopAt == 4 {
		return out
	}
	then(0, 0, handler, &matter.Ease{Solved: p.Solved, Explained: p.Explained})
	then(0, completeDays, handler, &matter.Complete{})
	grade := func() matter.Grade {
		if percent(contentShare) {
			return matter.GradeSatisfied
		}
		return matter.GradeDissatisfied
	}
	if percent(ratedShare) {
		then(1, rateDays, person, &matter.Rate{Receiving: grade(), Handling: grade(), Words: l.Title})
	}
	if percent(confirmedShare) {
		then(1, confirmDays, person, &matter.Confirm{Resolved: percent(contentShare)})
	}
	return out
}

// holder is the unit to which a letter goes: a department by its topic, the town, the village.
func (s *stock) holder(l letter, chance *rand.Rand) org.UnitID {
	place := l.place
	if place == 0 {
		place = s.letters.villages[0].code
	}
	switch who := chance.IntN(100); {
	case who < departmentShare:
		return s.units[l.topic*7%len(s.units)].ID
	case who < departmentShare+townShare:
		return s.local[gazetteer.ParentCode(place)].ID
	default:
		return s.local[place].ID
	}
}

// answers answer each demand.
func (s *stock) answers(in matter.Intake, p petition, chance *rand.Rand) []matter.Answer {
	out := make([]matter.Answer, len(in.Demands))
	for i := range out {
		from := p.Answers[chance.IntN(len(p.Answers))]
		out[i] = matter.Answer{Demand: i + 1, Outcome: matter.Outcome(from.Outcome), Facts: from.Facts, Basis: from.Basis}
	}
	return out
}
