package matter

import (
	"slices"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/org"
)

// Recusal is one question whether somebody has to stay away from the matter (回避, 第二十八条).
type Recusal struct {
	Of         RecusalOf
	Review     int // of the review in front when it was asked; zero for the handling itself
	Unit       org.UnitID
	Users      []org.UserID
	Submission Ref // of the petitioner who asked; zero where it was declared
	Asked      law.Day
	Decided    law.Day
	Granted    bool
}

// The bodies.
type (
	// RecusalAsked is a petitioner asking, or somebody declaring, that a person has to stay away.
	RecusalAsked struct {
		Of         RecusalOf    `json:"of"`
		Review     int          `json:"review,omitempty"`
		Unit       org.UnitID   `json:"unit"`
		Users      []org.UserID `json:"users"`
		Submission Ref          `json:"submission,omitzero"`
		Reason     string       `json:"reason"`
	}
	// RecusalDecided answers it.
	RecusalDecided struct {
		Granted    bool       `json:"granted"`
		Submission Ref        `json:"submission,omitzero"`
		User       org.UserID `json:"user,omitempty"` // who takes the place of the one in charge
		Reason     string     `json:"reason"`
	}
)

func (RecusalAsked) body() string   { return "recusal_asked" }
func (RecusalDecided) body() string { return "recusal_decided" }

// The commands.
type (
	// AskRecusal asks that who handles the matter, or the head, stays away.
	AskRecusal struct {
		Of         RecusalOf    `json:"of" input:"choice" of:"recusal_of" need:"yes"`
		Reason     string       `json:"reason" input:"text" need:"yes"`
		Submission Ref          `json:"submission,omitzero" input:"submission" by:"staff"`
		Heads      []org.UserID `json:"-"` // heads of the unit that has it
	}
	// DeclareRecusal is somebody saying that they have to stay away themselves.
	DeclareRecusal struct {
		Reason string `json:"reason" input:"text" need:"yes"`
	}
	// DecideRecusal grants or refuses it.
	DecideRecusal struct {
		Granted bool       `json:"granted" input:"yes"`
		User    org.UserID `json:"user,omitempty" input:"person"`
		Reason  string     `json:"reason" input:"text" need:"yes"`
	}
)

// Act names the step.
func (AskRecusal) Act() Act { return ActAskRecusal }

// Act names the step.
func (DeclareRecusal) Act() Act { return ActDeclareRecusal }

// Act names the step.
func (DecideRecusal) Act() Act { return ActDecideRecusal }

// Check returns what is wrong with the fields.
func (c AskRecusal) Check() []errs.Field { return check(&c) }

// Check returns what is wrong with the fields.
func (c DeclareRecusal) Check() []errs.Field { return check(&c) }

// Check returns what is wrong with the fields.
func (c DecideRecusal) Check() []errs.Field { return check(&c) }

// recused reports whether somebody was told to stay away from the matter.
func (m *Matter) recused(user org.UserID) bool {
	return user != 0 && slices.ContainsFunc(m.Recusals, func(r Recusal) bool { return r.Granted && slices.Contains(r.Users, user) })
}

// pendingRecusal is the question that waits for an answer.
func (m *Matter) pendingRecusal() *Recusal {
	for i := range m.Recusals {
		if !m.Recusals[i].Decided.Known() {
			return &m.Recusals[i]
		}
	}
	return nil
}

// guardRecusal lets one question be decided at a time: by the head, and the head's own by the superior, never by who is asked to stay away.
func (m *Matter) guardRecusal(a Act, e Env, refuse func(string, ...any) error) error {
	r := m.pendingRecusal()
	if a != ActDecideRecusal {
		if r != nil {
			return refuse("act.recusal.pending")
		}
		return nil
	}
	switch above := slices.Contains(e.Powers, PowerSuperior) && e.Actor.Duty.Unit != m.Desk(); {
	case r == nil:
		return refuse("act.recusal.none")
	case e.Actor.Kind == org.ActorSystem:
	case slices.Contains(r.Users, e.Actor.User):
		return refuse("act.recusal.own")
	case r.Of == RecusalOfHead && !above:
		return refuse("act.recusal.superior")
	case r.Unit != m.Desk() && !above:
		return refuse("act.recusal.unit")
	}
	return nil
}

// question is a recusal asked of the unit that has the matter now.
func (m *Matter) question(of RecusalOf, users []org.UserID, ref Ref, reason string) RecusalAsked {
	b := RecusalAsked{Of: of, Unit: m.Desk(), Users: users, Submission: ref, Reason: reason}
	if r := m.front(); r != nil {
		b.Review = r.N
	}
	return b
}

func (c AskRecusal) decide(m *Matter, e Env) ([]Body, error) {
	ref := c.Submission
	if e.Actor.Kind == org.ActorPetitioner {
		ref = m.own(e)
	}
	if _, ok := m.Submission(ref); !ok {
		return nil, errs.Fields([]errs.Field{errs.F("submission", "submission.not_here")})
	}
	users := c.Heads
	if c.Of == RecusalOfHandler {
		users = nil
		if user := m.inCharge(); user != 0 {
			users = []org.UserID{user}
		}
	}
	if len(users) == 0 {
		return nil, errs.Fields([]errs.Field{errs.F("of", "recusal.nobody")})
	}
	return one(m.question(c.Of, users, ref, c.Reason))
}

func (c DeclareRecusal) decide(m *Matter, e Env) ([]Body, error) {
	if e.Actor.User == 0 {
		return nil, errs.E(errs.Forbidden, "act.power", "act", string(ActDeclareRecusal))
	}
	of := RecusalOfHandler
	if e.Actor.Has(org.RoleHead, org.RoleLeader) {
		of = RecusalOfHead
	}
	return one(m.question(of, []org.UserID{e.Actor.User}, Ref{}, c.Reason))
}

func (c DecideRecusal) decide(m *Matter, _ Env) ([]Body, error) {
	r := m.pendingRecusal()
	if !c.Granted {
		c.User = 0
	}
	if c.User != 0 && (slices.Contains(r.Users, c.User) || m.barred(c.User)) {
		return nil, errs.Fields([]errs.Field{errs.F("user", "recusal.same")})
	}
	return one(RecusalDecided{Granted: c.Granted, Submission: r.Submission, User: c.User, Reason: c.Reason})
}

// barred reports whether somebody may not be put in charge: they were told to stay away, or had a part in what a review in front looks at.
func (m *Matter) barred(user org.UserID) bool {
	if r := m.front(); r != nil {
		if _, people := m.hadAPart(r.Tier); slices.Contains(people, user) {
			return true
		}
	}
	return m.recused(user)
}

// applyRecusal adds an event of a recusal. Who is told to stay away is in charge no longer.
func (m *Matter) applyRecusal(e Event) {
	switch b := e.Body.(type) {
	case RecusalAsked:
		m.Recusals = append(m.Recusals, Recusal{
			Of: b.Of, Review: b.Review, Unit: b.Unit, Users: b.Users, Submission: b.Submission, Asked: e.Day, Decided: law.NoDay,
		})
	case RecusalDecided:
		r := m.pendingRecusal()
		r.Decided, r.Granted = e.Day, b.Granted
		if !b.Granted {
			return
		}
		if p := m.review(r.Review); p != nil {
			p.Charge = b.User
		} else if b.User != 0 || slices.Contains(r.Users, m.Handler) {
			m.Handler = b.User
			m.Handlers = addUser(m.Handlers, b.User)
		}
	default:
	}
}
