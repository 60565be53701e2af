package usecase

import (
	"context"
	"slices"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
)

// Done is what a step left.
type Done struct {
	Ref     matter.Ref
	Version int
	State   matter.State
}

// Do carries out one step on a matter. Version is the one the actor looked at, or zero where it does not matter: if somebody
// was faster the answer is errs.Conflict and nothing is lost but the click.
func (o *Office) Do(ctx context.Context, who org.Actor, ref matter.Ref, version int, c matter.Command) (Done, error) {
	return o.DoOnce(ctx, who, ref, version, c, "")
}

// DoOnce is Do under an idempotency key: the same key with the same step is carried out once and answered the same.
func (o *Office) DoOnce(ctx context.Context, who org.Actor, ref matter.Ref, version int, c matter.Command, key string) (Done, error) {
	return o.DoAll(ctx, who, ref, version, []matter.Command{c}, key)
}

// MaxSteps is how many steps DoAll takes at once.
const MaxSteps = 10

// DoAll carries out several steps of one actor in order, all or none: screening and sending on, signing and accepting. Each is decided
// against the matter as the one before leaves it, exactly as if they had been taken one by one.
func (o *Office) DoAll(ctx context.Context, who org.Actor, ref matter.Ref, version int, steps []matter.Command, key string) (_ Done, err error) {
	ctx, end := o.step(ctx, "use.do")
	defer func() { end(err) }()
	if err := granted(who, "act"); err != nil {
		return Done{}, err
	}
	if len(steps) == 0 || len(steps) > MaxSteps {
		return Done{}, errs.E(errs.Invalid, "steps.number", "max", MaxSteps)
	}
	acts := make([]matter.Act, len(steps))
	for i, c := range steps {
		if err := errs.Fields(c.Check()); err != nil {
			return Done{}, err
		}
		acts[i] = c.Act()
	}
	asked, err := newOnceKey(key, who.User, who.Key, who.Home, who.Submission, ref, version, acts, steps)
	if err != nil {
		return Done{}, err
	}
	seen, err := o.look(ctx, who, ref)
	if err != nil && key == "" { // under a key the answer may be kept though the matter is out of sight by now
		return Done{}, err
	}
	advised, err := o.advisedSteps(ctx, who, seen.matter, steps)
	if err != nil {
		return Done{}, err
	}
	var done Done
	err = o.once(ctx, ref.Home, asked, &done, func(t *store.Tx) error {
		h, err := o.seeAgain(ctx, t, who, ref, seen)
		if err != nil {
			return err
		}
		if version != 0 && version != h.matter.Version {
			return errs.E(errs.Conflict, "matter.changed")
		}
		next, err := o.perform(ctx, t, h, who, steps)
		if err != nil {
			return err
		}
		done = Done{Ref: ref, Version: next.matter.Version, State: next.matter.Stage()}
		return keepAdvice(ctx, t, next.matter, advised)
	})
	return done, err
}

// perform decides steps one after the other and records what they give.
func (o *Office) perform(ctx context.Context, t *store.Tx, h history, who org.Actor, steps []matter.Command) (history, error) {
	taken := make([]step, len(steps))
	for i, c := range steps {
		taken[i] = step{office: o, who: who, command: c}
	}
	events, err := takeSteps(ctx, t, h, taken, (*Office).decide)
	if err != nil {
		return history{}, err
	}
	return o.record(ctx, t, h, events)
}

// step is a command of somebody, at the office as it was then.
type step struct {
	office  *Office
	who     org.Actor
	command matter.Command
}

// takeSteps decides steps one after the other, each against the matter as the one before leaves it, and returns what they give. Nothing is recorded.
func takeSteps(
	ctx context.Context, t *store.Tx, h history, steps []step,
	decide func(o *Office, ctx context.Context, t *store.Tx, now history, s step) ([]matter.Event, error),
) ([]matter.Event, error) {
	now, m := h, *h.matter
	now.matter = &m
	for i, s := range steps {
		more, err := decide(s.office, ctx, t, now, s)
		if err != nil {
			return nil, err
		}
		now.events = append(slices.Clip(now.events), more...)
		if i+1 < len(steps) {
			now.matter = matter.Fold(now.events)
		}
	}
	return now.events[len(h.events):], nil
}

// decide decides a step and writes what goes with it: official documents, uploads that it names, proposals.
func (o *Office) decide(ctx context.Context, t *store.Tx, now history, s step) ([]matter.Event, error) {
	m := now.matter
	e := o.env(m, s.who, now.rules)
	if err := o.prepare(ctx, t, m, e, s.command); err != nil {
		return nil, err
	}
	more, err := m.Decide(s.command, e)
	if err != nil {
		return nil, err
	}
	if err := o.issue(ctx, t, s.who, now, m, now.events, more); err != nil {
		return nil, err
	}
	if err := o.claim(ctx, t, m, s.who, s.command); err != nil {
		return nil, err
	}
	for _, e := range more {
		if b, decided := e.Body.(matter.DisputeDecided); decided {
			if err := o.propose(ctx, t, m, b); err != nil {
				return nil, err
			}
		}
	}
	return more, nil
}

// see loads a matter that the actor may see; anything else does not exist for them.
func (o *Office) see(ctx context.Context, t *store.Tx, who org.Actor, ref matter.Ref) (history, error) {
	if who.Kind == org.ActorPetitioner {
		s, err := t.Submission(ctx, matter.Ref{Home: who.Home, N: who.Submission})
		if err != nil {
			return history{}, err
		}
		if s.Matter != ref {
			return history{}, errs.E(errs.NotFound, "matter.not_found")
		}
		return o.load(ctx, t, ref, s.Sealed)
	}
	sealed, err := t.Sealed(ctx, who.Scope(), ref)
	if err != nil {
		return history{}, unseen(err)
	}
	return o.load(ctx, t, ref, sealed)
}

// look reads a matter that the actor may see ahead of the write transaction, in which all others wait. What was written a moment ago is not read again.
func (o *Office) look(ctx context.Context, who org.Actor, ref matter.Ref) (h history, err error) {
	if o.recent.has(ref) && who.Kind != org.ActorPetitioner {
		var link []byte
		if err := o.Store.Glance(ctx, func(t *store.Tx) error {
			link, err = t.SeenLink(ctx, who.Scope(), ref)
			return err
		}); err != nil {
			return history{}, unseen(err)
		}
		if h, known := o.recent.get(ref, link); known && h.rules.Calendar == o.Calendar() { // by which its clocks are counted
			return h, nil
		}
	}
	err = o.Store.Read(ctx, func(t *store.Tx) error {
		h, err = o.see(ctx, t, who, ref)
		return err
	})
	return h, err
}

// unseen is the error of who looks for a matter: one that they may not see is not there.
func unseen(err error) error {
	if errs.KindOf(err) == errs.NotFound {
		return errs.E(errs.NotFound, "matter.not_found")
	}
	return err
}

// seeAgain returns what look has seen, or reads it anew if there is more by now.
func (o *Office) seeAgain(ctx context.Context, t *store.Tx, who org.Actor, ref matter.Ref, seen history) (history, error) {
	if seen.matter != nil {
		version, err := t.Version(ctx, ref)
		if err != nil || version == seen.matter.Version {
			return seen, err
		}
	}
	return o.see(ctx, t, who, ref)
}

// prepare fills in what only the office can give: the matter that another one rests on, the heads of a unit.
func (o *Office) prepare(ctx context.Context, t *store.Tx, m *matter.Matter, e matter.Env, c matter.Command) error {
	switch c := c.(type) {
	case *matter.Divert:
		return o.guide(c)
	case *matter.DeclineFinal:
		return o.ground(ctx, t, m, e, c)
	case *matter.Screen:
		return o.seesEarlier(ctx, t, e, c.Earlier)
	case *matter.AskRecusal:
		return o.headsOf(ctx, t, m, e, c)
	case *matter.DecideRecusal:
		if c.User == 0 {
			return nil
		}
		return o.handles(ctx, t, m.Desk(), e, c.User)
	case *matter.ChooseContact:
		if err := m.May(c.Act(), e); err != nil {
			return err
		}
		return o.chooseContact(ctx, t, m, e.Actor, c)
	case *matter.AssignHandler:
		return o.handles(ctx, t, m.Holder(), e, c.User)
	case *matter.Serve:
		if err := o.reachedByLink(ctx, t, m, c.Submission, c.Method); err != nil {
			return err
		}
	case *matter.ServeReview:
		if err := o.reachedByLink(ctx, t, m, c.Submission, c.Method); err != nil {
			return err
		}
	default:
	}
	if leaves(c) {
		return o.holdReply(ctx, t, m, e, c)
	}
	return nil
}

// headsOf fills in who the head of the unit is that has the matter now.
func (o *Office) headsOf(ctx context.Context, t *store.Tx, m *matter.Matter, e matter.Env, c *matter.AskRecusal) error {
	duties, err := t.DutiesAt(ctx, m.Desk(), e.Today)
	for _, d := range duties {
		if d.Role == org.RoleHead && !slices.Contains(c.Heads, d.User) {
			c.Heads = append(c.Heads, d.User)
		}
	}
	return err
}

// handles checks that a person has a duty at a unit by which they can be in charge.
func (o *Office) handles(ctx context.Context, t *store.Tx, unit org.UnitID, e matter.Env, user org.UserID) error {
	duties, err := t.DutiesAt(ctx, unit, e.Today)
	if err != nil {
		return err
	}
	for _, d := range duties {
		if d.User == user && handling(d) {
			return nil
		}
	}
	return errs.Fields([]errs.Field{errs.F("user", "handler.not_here")})
}

// claim gives the uploads that a step names to the matter.
func (o *Office) claim(ctx context.Context, t *store.Tx, m *matter.Matter, who org.Actor, c matter.Command) error {
	var ids []string
	switch c := c.(type) {
	case *matter.Record:
		ids = c.Attachments
	case *matter.Perform:
		ids = c.Attachments
	case *matter.AddMaterial:
		ids = c.Attachments
	case *matter.RequestReview:
		ids = c.Attachments
	case *matter.RequestReReview:
		ids = c.Attachments
	case *matter.Care:
		ids = c.Attachments
	case *matter.ConcludeHearing:
		ids = c.Attachments
	case *matter.AnswerPart:
		ids = c.Attachments
	}
	if len(ids) == 0 {
		return nil
	}
	var submission matter.Ref
	if who.Kind == org.ActorPetitioner {
		submission = matter.Ref{Home: who.Home, N: who.Submission}
	}
	n, err := t.ClaimAttachments(ctx, submission, m.Ref, ids)
	if err != nil {
		return err
	}
	if n != int64(len(ids)) {
		return errs.Fields([]errs.Field{errs.F("attachments", "upload.gone")})
	}
	return nil
}

// Join links another matter's submission to a matter.
func (o *Office) Join(ctx context.Context, who org.Actor, ref, other matter.Ref, reason string) error {
	return o.link(ctx, who, ref, other, func(here, there history, e matter.Env) ([]matter.Event, []matter.Event, error) {
		return here.matter.Join(there.matter, reason, e)
	}, ref)
}

// Separate takes it out again.
func (o *Office) Separate(ctx context.Context, who org.Actor, ref, other matter.Ref, reason string) error {
	return o.link(ctx, who, ref, other, func(here, there history, e matter.Env) ([]matter.Event, []matter.Event, error) {
		return here.matter.Separate(there.matter, reason, e)
	}, other)
}

// link decides on two matters at once and writes both; the joined submission then hangs on the matter to.
func (o *Office) link(ctx context.Context, who org.Actor, ref, other matter.Ref,
	decide func(here, there history, e matter.Env) ([]matter.Event, []matter.Event, error), to matter.Ref,
) error {
	if ref.Home != other.Home {
		return errs.Fields([]errs.Field{errs.F("other", "join.home")})
	}
	return o.Store.Update(ctx, ref.Home, func(t *store.Tx) error {
		here, err := o.see(ctx, t, who, ref)
		if err != nil {
			return err
		}
		there, err := o.see(ctx, t, who, other)
		if err != nil {
			if errs.KindOf(err) == errs.NotFound {
				return errs.Fields([]errs.Field{errs.F("other", "join.not_found")})
			}
			return err
		}
		mine, theirs, err := decide(here, there, o.env(here.matter, who, here.rules))
		if err != nil {
			return err
		}
		if _, err := o.record(ctx, t, here, mine); err != nil {
			return err
		}
		if _, err := o.record(ctx, t, there, theirs); err != nil {
			return err
		}
		return t.MoveSubmission(ctx, there.matter.First, to)
	})
}
