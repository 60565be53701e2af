package demo

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
)

// once begins the idempotency keys under which the petitions are registered: each is there once, however often a making is broken off.
const once = "demo-"

// course is what happens to one petition. Each step leaves one event, so the version of the matter says how many are taken.
type course struct {
	petition
	number   int
	received law.Day
	ref      matter.Ref
	version  int
	steps    []step
}

// step is one act on a petition.
type step struct {
	of   *course
	n    int
	atUS int64
	take func(context.Context) error
}

// addPetitions takes all steps of all petitions in the order of time, as they would have been.
func (s *seeder) addPetitions(ctx context.Context) error {
	rules, err := s.office.Law(strconv.Itoa(place), s.today())
	if err != nil {
		return err
	}
	byKey := map[string]*course{}
	var all []step
	for i, p := range s.petitions {
		c := &course{petition: p, number: i + 1}
		if c.received, err = s.receipt(p, rules); err != nil {
			return err
		}
		s.plan(c, byKey[p.RepeatOf])
		byKey[p.Key] = c
		all = append(all, c.steps...)
	}
	slices.SortStableFunc(all, func(a, b step) int { return cmp.Compare(a.atUS, b.atUS) })
	for _, st := range all {
		if st.n <= st.of.version && st.n > 1 {
			continue // taken before it was broken off
		}
		s.clock = st.atUS
		if err := st.take(ctx); err != nil {
			return fmt.Errorf("%s, step %d: %w", st.of.Key, st.n, err)
		}
	}
	return nil
}

// maxShift is how many days the day of receipt may move so that the light is what the file says: longer than any public holiday.
const maxShift = 14

// receipt is the day a petition came in: so many days ago as the file says, or as near to that as weekends and holidays let the light be right.
func (s *seeder) receipt(p petition, rules law.RuleSet) (law.Day, error) {
	// Waiting for the petitioner ("paused") stops no period in law, so that one is within its time, too.
	wanted, ok := map[string]law.Light{"within": law.LightGo, "paused": law.LightGo, "soon": law.LightSoon, "overdue": law.LightLate}[p.Light]
	day := s.today().Add(-p.DaysAgo)
	if !ok || p.DaysAgo == 0 || p.Review.Reason != "" || p.Second != "" { // these have days of their own
		return day, nil
	}
	rule, err := rules.Rule(running(p.Stage))
	if err != nil {
		return day, err
	}
	for shift := range maxShift + 1 {
		for _, d := range []law.Day{day.Add(-shift), day.Add(shift)} {
			nominal, legal, safe, provisional := law.Ends(rule, d, s.office.Calendar())
			c := matter.Clock{Nominal: nominal, Legal: legal, Safe: safe, Provision: provisional}
			if d < s.today() && c.Light(s.today(), matter.SoonDays) == wanted {
				return d, nil
			}
		}
	}
	return day, nil
}

// running is the period that runs at a stage, from the day of receipt.
func running(stage string) law.RuleID {
	switch stage {
	case "registered", "awaiting_material", "repeat":
		return "D01"
	case "sealed":
		return "D02"
	case "accepted", "drafted", "in_hearing":
		return "D05"
	default:
		return "D03"
	}
}

// The hours at which steps are taken.
const (
	morning   = 9 * time.Hour
	afternoon = 14 * time.Hour
)

// at adds a step so many days after receipt; those of one day follow each other by a quarter of an hour.
func (s *seeder) at(c *course, after int, hour time.Duration, take func(context.Context) error) {
	n := len(c.steps) + 1
	us := c.received.Add(after).StartUS() + (hour + time.Duration(n)*15*time.Minute + time.Duration(c.number)*time.Minute/2).Microseconds()
	c.steps = append(c.steps, step{of: c, n: n, atUS: min(us, s.until), take: take})
}

// do adds a step on the matter by whoever is given.
func (s *seeder) do(c *course, after int, hour time.Duration, who func() org.Actor, command func() matter.Command) {
	s.at(c, after, hour, func(ctx context.Context) error {
		_, err := s.office.Do(ctx, who(), c.ref, 0, command())
		return err
	})
}

// plan lays down the steps that bring a petition to its stage; earlier is the one it repeats.
func (s *seeder) plan(c *course, earlier *course) {
	s.at(c, 0, morning, func(ctx context.Context) error { return s.register(ctx, c) })
	first := func() org.Actor { return s.actor(org.RoleRegistrar, "petition") }
	if c.Stage == "repeat" {
		s.at(c, 0, morning, func(ctx context.Context) error { return s.office.Join(ctx, first(), earlier.ref, c.ref, s.words.Join) })
		return
	}
	if c.Stage == "registered" {
		return
	}
	if c.Stage == "sealed" {
		first = func() org.Actor { return s.actor(org.RoleDiscipline, c.Unit) }
	}
	fixed := func(command matter.Command) func() matter.Command { return func() matter.Command { return command } }
	s.do(c, 0, morning, first, fixed(&matter.Screen{
		Kind: c.Kind, Category: c.Category, Purpose: c.Purpose, Level: matter.LevelOrdinary, Note: s.words.Screen,
	}))
	switch c.Stage {
	case "awaiting_material":
		s.do(c, 0, morning, first, fixed(&matter.RequestMaterial{Missing: c.Awaiting}))
		return
	case "diverted":
		s.do(c, 1, morning, first, fixed(&matter.Divert{Route: c.Route, Organ: s.words.Organ, How: c.DivertNote}))
		return
	case "sealed":
		s.do(c, 0, morning, first, fixed(matter.Take{}))
		return
	}
	s.do(c, 0, morning, first, func() matter.Command {
		return &matter.Forward{Unit: s.ids[c.Unit], Mode: matter.ModeTransfer, Why: s.words.Forward}
	})
	if c.Stage == "forwarded" {
		return
	}
	handler := func() org.Actor { return s.actor(org.RoleHandler, c.Unit) }
	s.do(c, 0, afternoon, handler, fixed(matter.Sign{}))
	switch c.Stage {
	case "signed":
	case "objected":
		s.do(c, 1, morning, handler, fixed(&matter.Object{Reason: c.Objection}))
	case "disputed":
		s.disputed(c, first, handler)
	default:
		s.do(c, 0, afternoon, handler, fixed(&matter.Accept{Contact: s.words.Contact}))
		if c.Part.Unit != "" {
			s.assist(c)
		}
		if c.Hearing.Place != "" && c.Review.Reason == "" {
			s.heard(c, handler)
			return
		}
		s.answer(c, handler)
	}
}

// The days between the steps of an answer.
const (
	daysToSite     = 3
	daysToServe    = 2
	daysToComplete = 4
	daysToRate     = 6
)

// answer lays down the steps from the investigation to the rating.
func (s *seeder) answer(c *course, handler func() org.Actor) {
	if c.Stage == "accepted" {
		return
	}
	fixed := func(command matter.Command) func() matter.Command { return func() matter.Command { return command } }
	draft := int(s.today()-c.received) / 2
	if c.Review.Reason != "" {
		draft = daysToAnswer
	}
	head := func() org.Actor { return s.actor(org.RoleHead, c.Unit) }
	s.do(c, daysToSite, morning, handler, fixed(&matter.Record{Kind: matter.RecordSite, Text: s.words.Site}))
	s.do(c, draft, morning, handler, fixed(&matter.Drafting{Facts: s.words.Facts, Basis: s.words.Basis, Answers: c.answers(draft)}))
	if c.Stage == "drafted" {
		return
	}
	s.do(c, draft, afternoon, head, fixed(&matter.Issue{}))
	s.do(c, draft+daysToServe, morning, handler, func() matter.Command {
		return &matter.Serve{Submission: c.ref, Method: matter.ServedInPerson, On: c.received.Add(draft + daysToServe), Proof: s.words.Proof}
	})
	if c.Review.Reason != "" {
		s.review(c)
		return
	}
	if c.Stage == "served" {
		return
	}
	s.do(c, draft+daysToComplete, morning, handler, fixed(&matter.Perform{Text: s.words.PromiseDone}))
	s.do(c, draft+daysToComplete, morning, handler, fixed(&matter.Ease{
		Solved: s.words.Eases.Solved, Explained: s.words.Eases.Explained, Relieved: s.words.Eases.Relieved, Calmed: s.words.Eases.Calmed,
	}))
	s.do(c, draft+daysToComplete, morning, handler, fixed(&matter.Complete{Report: s.words.Complete}))
	if c.Stage == "completed" {
		return
	}
	s.do(c, draft+daysToRate, morning, func() org.Actor {
		return org.Actor{Kind: org.ActorPetitioner, Home: c.ref.Home, Submission: c.ref.N}
	}, fixed(&matter.Rate{Receiving: c.Rating.Attitude, Handling: c.Rating.Result, Words: c.Rating.Comment}))
}

// answers gives the answers of the file as they are drafted so many days after receipt.
func (c *course) answers(draft int) []matter.Answer {
	out := make([]matter.Answer, len(c.Answers))
	for i, a := range c.Answers {
		out[i] = matter.Answer{Demand: i + 1, Outcome: a.Outcome, Facts: a.Fact + "\n" + a.Result, Basis: a.Basis, Promise: a.Promise}
		if a.Promise != "" {
			out[i].PromiseBy = c.received.Add(draft + a.PromiseDays)
		}
	}
	return out
}

// register takes the petition in by the door it came through, once.
func (s *seeder) register(ctx context.Context, c *course) error {
	in := matter.Intake{
		Channel: c.Channel, Title: c.Title, Narrative: c.Narrative, Demands: c.Demands, Place: c.Place, Petitioners: c.Petitioners, Persons: c.Persons,
		Kind: c.Kind, Purpose: c.Purpose, Category: c.Category, Confidential: c.Confidential,
	}
	for _, key := range c.Accused {
		in.Accused = append(in.Accused, s.ids[key])
	}
	r, err := s.office.Register(ctx, s.door(c), in, fmt.Sprintf("%s%02d", once, c.number))
	if err != nil {
		return err
	}
	v, err := s.office.Matter(ctx, org.System(), r.Ref)
	if err != nil {
		return err
	}
	c.ref, c.version = r.Ref, v.Matter.Version
	return nil
}

// door is who takes a petition in: nobody on the web, the window for a visit, the petition bureau else.
func (s *seeder) door(c *course) org.Actor {
	switch {
	case c.Stage == "sealed":
		return s.actor(org.RoleDiscipline, c.Unit)
	case c.Channel == matter.ChannelWeb:
		return org.Actor{}
	case c.Channel == matter.ChannelVisit:
		return s.actor(org.RoleRegistrar, "reception")
	default:
		return s.actor(org.RoleRegistrar, "petition")
	}
}
