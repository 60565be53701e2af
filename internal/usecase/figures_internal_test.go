package usecase

import (
	"context"
	"slices"

	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/stat"
	"huiyin/internal/store"
)

// EveryFact finds the facts of every matter anew from its events. It knows nothing of what is kept, nor of when something was recorded.
func (o *Office) EveryFact(ctx context.Context) (all []stat.Fact, err error) {
	err = o.walk(ctx, func(refs []matter.Ref) error {
		for _, ref := range refs {
			if err := o.Store.Read(ctx, func(t *store.Tx) error {
				row, err := t.Matter(ctx, org.System().Scope(), ref)
				if err != nil {
					return err
				}
				h, err := o.load(ctx, t, ref, row.Sealed)
				if err != nil {
					return err
				}
				facts, err := stat.Of(h.events, h.rules)
				all = append(all, facts...)
				return err
			}); err != nil {
				return err
			}
		}
		return nil
	})
	return all, err
}

// CountedFrom is what Figures has to say of these facts: every one of them, counted one by one.
func (o *Office) CountedFrom(facts []stat.Fact, who org.Actor, ask FigureAsk) (Figures, error) {
	f, err := o.asker(who).figuring(ask)
	if err != nil {
		return Figures{}, err
	}
	every := make([]int, len(f.all))
	for i := range every {
		every[i] = i
	}
	for _, fact := range facts {
		f.add(fact, every)
	}
	return f.figures(), nil
}

// BreakDown has bundles of more than so many bytes broken down, for tests.
func (o *Office) BreakDown(most int) { o.mostBundle = most }

// MakeSums makes sums anew so many days in a transaction, with something done after each, for tests.
func (o *Office) MakeSums(ctx context.Context, home int64, days int, after func()) error {
	first, err := law.NoDay, error(nil)
	if err = o.Store.Read(ctx, func(t *store.Tx) error {
		first, err = t.FirstDay(ctx, home, stat.Measures())
		return err
	}); err != nil {
		return err
	}
	for done := false; !done; after() {
		if err := o.Store.Update(ctx, home, func(t *store.Tx) error {
			state, _, err := o.makeSlice(ctx, t, home, first, days)
			done = state.Day.Known()
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// FoldSome counts the facts of so many matters, for tests.
func (o *Office) FoldSome(ctx context.Context, n int) error {
	var waiting []store.MatterFacts
	if err := o.Store.Read(ctx, func(t *store.Tx) error {
		var err error
		waiting, err = t.FactsIn(ctx, store.FactsWaiting, n)
		return err
	}); err != nil {
		return err
	}
	for _, group := range byHome(slices.Clone(waiting), func(f store.MatterFacts) int64 { return f.Ref.Home }) {
		home := group[0].Ref.Home
		if err := o.Store.Update(ctx, home, func(t *store.Tx) error { return o.fold(ctx, t, home, group) }); err != nil {
			return err
		}
	}
	return nil
}
