package usecase

import (
	"context"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
)

// ground loads the ended matter on which 不再受理 rests, as far as the actor may see it. Where one of the same person's is known to have ended,
// it has to be named: a refusal that could be checked here is not grounded on a number on paper.
func (o *Office) ground(ctx context.Context, t *store.Tx, m *matter.Matter, e matter.Env, c *matter.DeclineFinal) error {
	if err := m.May(c.Act(), e); err != nil {
		return err
	}
	if !c.Matter.IsZero() {
		h, err := o.see(ctx, t, e.Actor, c.Matter)
		if errs.KindOf(err) == errs.NotFound {
			return nil // the decision says so
		}
		c.Earlier = h.matter
		return err
	}
	ended, err := o.endedBefore(ctx, t, e, m)
	if err != nil || ended.IsZero() {
		return err
	}
	return errs.Fields([]errs.Field{errs.F("matter", "decline_final.name_it", "number", ended.String())})
}

// endedBefore is a matter of the same petitioner, within what the actor may see, on which the procedure has ended; the zero Ref where none is known.
func (o *Office) endedBefore(ctx context.Context, t *store.Tx, e matter.Env, m *matter.Matter) (matter.Ref, error) {
	const most = 8
	if m.Sealed {
		return matter.Ref{}, nil
	}
	parties, err := t.Parties(ctx, m.First.Home, []int64{m.First.N})
	if err != nil {
		return matter.Ref{}, err
	}
	for _, p := range parties {
		if len(p.IDHash) == 0 {
			continue
		}
		rows, err := t.MattersOfPerson(ctx, e.Actor.Scope(), m.First.Home, p.IDHash, most)
		if err != nil {
			return matter.Ref{}, err
		}
		for _, r := range rows {
			if r.State == matter.StateTerminated && r.Ref != m.Ref {
				return r.Ref, nil
			}
		}
	}
	return matter.Ref{}, nil
}

// seesEarlier checks that the ended matter which screening names is there for the actor.
func (o *Office) seesEarlier(ctx context.Context, t *store.Tx, e matter.Env, ref matter.Ref) error {
	if ref.IsZero() {
		return nil
	}
	if _, err := o.see(ctx, t, e.Actor, ref); err != nil {
		if errs.KindOf(err) == errs.NotFound {
			return errs.Fields([]errs.Field{errs.F("earlier", "decline_final.not_found")})
		}
		return err
	}
	return nil
}

// organs are the next higher organs among which a step lets the actor choose: the petitioner's own, or those of the first submission that has any.
func organs(m *matter.Matter, e matter.Env) map[matter.Act][]org.Unit {
	out := map[matter.Act][]org.Unit{}
	for _, act := range []matter.Act{matter.ActRequestReview, matter.ActRequestReReview} {
		for _, s := range m.Submissions {
			own := e.Actor.Kind != org.ActorPetitioner || s.Ref == (matter.Ref{Home: e.Actor.Home, N: e.Actor.Submission})
			if found := m.Organs(act, s.Ref, e); own && len(found) > 0 {
				out[act] = found
				break
			}
		}
	}
	return out
}
