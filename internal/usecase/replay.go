package usecase

import (
	"context"
	"fmt"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
)

// Past is a matter of which all is known already: how it was filed, and the steps that were taken.
type Past struct {
	By     org.Actor     // who registered it
	Intake matter.Intake // with the instant at which it was received, and registered
	Steps  func(ref matter.Ref) []PastStep
}

// PastStep is a step that somebody took at an instant.
type PastStep struct {
	AtUS    int64
	By      org.Actor
	Command matter.Command
}

// Replay takes in matters of one home whose lives are known, in the order in which they were registered: what they leave is what it would be had each step
// been taken at the desk on its day, decided by the same rules, with documents, clocks, chains, facts and words. All of them share a transaction: all are there
// afterwards or none, and nothing else is written in that home meanwhile. What runs beside the desk (sums, log) comes to them as to others. The
// operator alone may do it; access by code and PIN is made and given to nobody.
func (o *Office) Replay(ctx context.Context, who org.Actor, home int64, list []Past) ([]matter.Ref, error) {
	if who.Kind != org.ActorSystem {
		return nil, errs.E(errs.Forbidden, "auth.duty")
	}
	refs := make([]matter.Ref, len(list))
	err := untilFree(func() error {
		return o.Store.Update(ctx, home, func(t *store.Tx) error { return o.replayAll(ctx, t, home, list, refs) })
	})
	return refs, err
}

func (o *Office) replayAll(ctx context.Context, t *store.Tx, home int64, list []Past, refs []matter.Ref) error {
	open := map[int64][]matter.Event{}
	for i, p := range list {
		h, err := o.replay(ctx, t, home, p)
		if err != nil {
			return fmt.Errorf("matter %d of %d: %w", i+1, len(list), err)
		}
		if refs[i] = h.matter.Ref; !h.sealed {
			open[h.matter.Ref.N] = h.events
		}
	}
	words, err := o.words(ctx, t, home, open)
	if err != nil {
		return err
	}
	for _, ref := range refs {
		if _, ok := open[ref.N]; !ok {
			continue
		}
		if err := t.IndexMatter(ref, words[ref.N]); err != nil {
			return err
		}
		if err := t.IndexedNow(ctx, ref); err != nil {
			return err
		}
	}
	return nil
}

// replay takes in one of them.
func (o *Office) replay(ctx context.Context, t *store.Tx, home int64, p Past) (history, error) {
	in := p.Intake.Clean()
	then := o.at(in.ReceivedUS)
	unit, fields := then.CheckIntake(p.By, in)
	if err := errs.Fields(fields); err != nil {
		return history{}, err
	}
	if HomeOf(unit.Place) != home {
		return history{}, fmt.Errorf("unit %d is not of home %d", unit.ID, home)
	}
	code, pin, err := o.newAccess(home)
	if err != nil {
		return history{}, err
	}
	r, err := then.register(ctx, t, p.By, in, unit, code, pin)
	if err != nil {
		return history{}, err
	}
	h, err := o.load(ctx, t, r.Ref, in.Kind == matter.KindAccusation)
	if err != nil {
		return history{}, err
	}
	var steps []step
	for _, s := range p.Steps(r.Ref) {
		if err := errs.Fields(s.Command.Check()); err != nil {
			return history{}, fmt.Errorf("%s: %w", s.Command.Act(), err)
		}
		steps = append(steps, step{o.at(s.AtUS), s.By, s.Command})
	}
	events, err := takeSteps(ctx, t, h, steps, (*Office).decide)
	if err != nil || len(events) == 0 {
		return h, err
	}
	return o.record(ctx, t, h, events)
}
