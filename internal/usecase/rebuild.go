package usecase

import (
	"context"
	"slices"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
)

// Difference is one thing kept beside the events that does not follow from them. Code is the key of its text.
type Difference struct {
	Code   string     `json:"code"`
	Matter matter.Ref `json:"matter"`
	Clock  string     `json:"clock,omitempty"` // key of the clock
}

// Rebuilt is what Rebuild has looked at and found.
type Rebuilt struct {
	Matters     int          `json:"matters"`
	Differences []Difference `json:"differences"`
	More        int          `json:"more,omitempty"` // beyond those kept
	Fixed       int          `json:"fixed"`          // matters written anew
}

func (r *Rebuilt) differs(list []Difference) {
	for _, d := range list {
		if len(r.Differences) < maxFindings {
			r.Differences = append(r.Differences, d)
		} else {
			r.More++
		}
	}
}

// RebuildOptions say whether to write and who is told of the progress.
type RebuildOptions struct {
	Fix      bool           // write what differs, and every search entry and sketch anew
	Progress func(done int) // matters done; may be nil
}

// Rebuild folds every matter from its events and compares what is kept beside them: its row, its clocks, the units that may see it, the counters of
// customs, the facts and sums of which figures are made. It proves
// that all of it follows from the events. With Fix it writes what differs, and makes the search index and the sketches anew, which cannot be read back to compare.
// It goes matter by matter and may run beside a working server.
func (o *Office) Rebuild(ctx context.Context, who org.Actor, opt RebuildOptions) (Rebuilt, error) {
	out := Rebuilt{Differences: []Difference{}}
	if who.Kind != org.ActorSystem {
		return out, errs.E(errs.Forbidden, "auth.duty")
	}
	err := o.walk(ctx, func(refs []matter.Ref) error {
		for _, ref := range refs {
			found, err := o.rebuild(ctx, ref, opt.Fix)
			if err != nil {
				return err
			}
			out.Matters++
			out.differs(found)
			if opt.Fix && len(found) > 0 {
				out.Fixed++
			}
		}
		if opt.Progress != nil {
			opt.Progress(out.Matters)
		}
		return nil
	})
	if err != nil {
		return out, err
	}
	if err := o.recountCustoms(ctx, &out, opt.Fix); err != nil {
		return out, err
	}
	err = o.checkSums(ctx, &out, opt.Fix)
	return out, err
}

// homes are all places of registration.
func (o *Office) homes(ctx context.Context) (homes []int64, err error) {
	err = o.Store.Read(ctx, func(t *store.Tx) error {
		homes, err = t.Homes(ctx)
		return err
	})
	return homes, err
}

// walk goes through the matters of every home in order, in batches.
func (o *Office) walk(ctx context.Context, each func([]matter.Ref) error) error {
	homes, err := o.homes(ctx)
	if err != nil {
		return err
	}
	for _, home := range homes {
		for after := int64(0); ; {
			var refs []matter.Ref
			err := o.Store.Read(ctx, func(t *store.Tx) error {
				var err error
				refs, err = t.MattersAfter(ctx, home, after, batch)
				return err
			})
			if err != nil {
				return err
			}
			if len(refs) == 0 {
				break
			}
			if err := each(refs); err != nil {
				return err
			}
			after = refs[len(refs)-1].N
		}
	}
	return nil
}

// rebuild compares one matter, and writes it if asked.
func (o *Office) rebuild(ctx context.Context, ref matter.Ref, fix bool) (found []Difference, err error) {
	one := func(t *store.Tx) error {
		kept, err := o.kept(ctx, t, ref)
		if err != nil {
			return err
		}
		h, err := o.load(ctx, t, ref, kept.row.Sealed)
		if err != nil {
			return err
		}
		found = o.compare(h, kept)
		if !fix {
			return nil
		}
		return o.rewrite(ctx, t, h, kept)
	}
	if fix {
		return found, o.Store.Update(ctx, ref.Home, one)
	}
	return found, o.Store.Read(ctx, one)
}

// kept is what lies beside a matter's events.
type kept struct {
	row    matter.Row
	clocks []matter.Clock
	units  []org.UnitID
	open   int    // of how many it is noted that it is open
	facts  []byte // what figures count of it; nil where that has still to be found
}

func (o *Office) kept(ctx context.Context, t *store.Tx, ref matter.Ref) (k kept, err error) {
	if k.row, err = t.Matter(ctx, org.System().Scope(), ref); err != nil {
		return k, err
	}
	if k.clocks, err = t.Clocks(ctx, ref); err != nil {
		return k, err
	}
	if k.units, k.open, err = t.UnitsOf(ctx, ref); err != nil {
		return k, err
	}
	facts, err := t.FactsOf(ctx, ref.Home, []int64{ref.N})
	if len(facts) > 0 {
		k.facts = facts[0].Facts
	}
	return k, err
}

func (o *Office) compare(h history, k kept) []Difference {
	var out []Difference
	ref := h.matter.Ref
	if h.row() != k.row {
		out = append(out, Difference{Code: "rebuild.row", Matter: ref})
	}
	same := func(c matter.Clock) func(matter.Clock) bool {
		return func(o matter.Clock) bool { return o.SameDates(c) }
	}
	for _, c := range h.clocks {
		if !slices.ContainsFunc(k.clocks, same(c)) {
			out = append(out, Difference{Code: "rebuild.clock", Matter: ref, Clock: c.Key})
		}
	}
	for _, c := range k.clocks {
		if !slices.ContainsFunc(h.clocks, func(n matter.Clock) bool { return n.Key == c.Key }) {
			out = append(out, Difference{Code: "rebuild.clock", Matter: ref, Clock: c.Key})
		}
	}
	if len(missing(h.matter.Units(), k.units)) > 0 || len(missing(k.units, h.matter.Units())) > 0 || k.open != openUnits(h.matter, k.units) {
		out = append(out, Difference{Code: "rebuild.units", Matter: ref})
	}
	if !slices.Equal(factsOf(h), k.facts) {
		out = append(out, Difference{Code: "rebuild.facts", Matter: ref})
	}
	return out
}

// openUnits is for how many of the units noted a matter is to be noted as open.
func openUnits(m *matter.Matter, units []org.UnitID) int {
	if m.Open() {
		return len(units)
	}
	return 0
}

// rewrite writes what follows from the events over what was kept.
func (o *Office) rewrite(ctx context.Context, t *store.Tx, h history, k kept) error {
	ref := h.matter.Ref
	if row := h.row(); row != k.row {
		if err := t.SaveMatter(ctx, row); err != nil {
			return err
		}
	}
	if err := o.saveClocks(ctx, t, h.matter, k.clocks, h.clocks); err != nil {
		return err
	}
	if k.open != openUnits(h.matter, k.units) {
		if err := t.OpenUnits(ctx, ref, h.matter.Open()); err != nil {
			return err
		}
	}
	if err := t.AddUnits(ctx, ref, missing(h.matter.Units(), k.units), h.matter.Open()); err != nil {
		return err
	}
	if err := t.RemoveUnits(ctx, ref, missing(k.units, h.matter.Units())); err != nil {
		return err
	}
	if !slices.Equal(factsOf(h), k.facts) {
		if err := o.saveFacts(ctx, t, h); err != nil {
			return err
		}
	}
	if h.matter.Sealed {
		return nil
	}
	if err := t.SketchMatter(ctx, ref, o.keysOf(h.matter)); err != nil {
		return err
	}
	words, err := o.words(ctx, t, ref.Home, map[int64][]matter.Event{ref.N: h.events})
	if err != nil {
		return err
	}
	return t.IndexMatter(ref, words[ref.N])
}
