package usecase

import (
	"cmp"
	"context"
	"slices"

	"huiyin/internal/gazetteer"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
)

const (
	customYears = 2
	// A place has customs of its own from so many on; with fewer, those of its county count.
	fewForCustom = 3
	// moreByCustom is how many units are named that the catalogue does not name.
	moreByCustom = 2
	// monthOfDay is the part of a day's text that names the month.
	monthOfDay = len("2026-09")
)

// UnitCustom is how matters of a category went at a unit in the last two years.
type UnitCustom struct {
	Place    int64 // where they were: the town of the matter, or its county
	Accepted int   // it took up
	Returned int   // it gave back, and was right
	Moved    int   // a superior decided that they were another's
}

// sinks reports whether the unit was more often not the right one than the right one.
func (p UnitCustom) sinks() bool { return p.Returned+p.Moved > p.Accepted }

// customsSince is the first month that counts.
func customsSince(today law.Day) string {
	year, month, _ := today.Date()
	return law.NewDay(year-customYears, month, 1).String()[:monthOfDay]
}

// weighUnits orders what the catalogue names by how such matters went, and adds who took them up besides.
func (o *Office) weighUnits(named []Suggestion, went []matter.Custom, place int64) []Suggestion {
	at, by := o.customByUnit(went, place)
	for i, s := range named {
		named[i].Custom = by[s.Unit.ID]
		named[i].Custom.Place = at
	}
	first := func(yes bool) int {
		if yes {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(named, func(a, b Suggestion) int {
		return cmp.Or(first(!a.Custom.sinks())-first(!b.Custom.sinks()), cmp.Compare(len(b.Category), len(a.Category)),
			cmp.Compare(gazetteer.LevelOf(b.Place), gazetteer.LevelOf(a.Place)), cmp.Compare(b.Custom.Accepted, a.Custom.Accepted))
	})
	return append(named, o.besides(named, at, by)...)
}

// besides are the units that took such matters up though the catalogue does not name them.
func (o *Office) besides(named []Suggestion, at int64, by map[org.UnitID]UnitCustom) []Suggestion {
	var out []Suggestion
	for id, p := range by {
		u, ok := o.Chart().Unit(id)
		known := slices.ContainsFunc(named, func(s Suggestion) bool { return s.Unit.ID == id })
		if ok && !known && u.Kind != org.KindRoot && p.Accepted >= fewForCustom && !p.sinks() {
			p.Place = at
			out = append(out, Suggestion{Unit: u, Custom: p})
		}
	}
	slices.SortFunc(out, func(a, b Suggestion) int {
		return cmp.Or(cmp.Compare(b.Custom.Accepted, a.Custom.Accepted), cmp.Compare(a.Unit.ID, b.Unit.ID))
	})
	return out[:min(len(out), moreByCustom)]
}

// customByUnit adds up by living unit what happened in the town of a place, or in its county where too little did. A unit that has ended is
// followed to the one that bears its powers.
func (o *Office) customByUnit(went []matter.Custom, place int64) (at int64, by map[org.UnitID]UnitCustom) {
	for gazetteer.LevelOf(place) > gazetteer.Town {
		place = gazetteer.ParentCode(place)
	}
	within := func(p matter.Custom) bool { return p.Place == place }
	n := 0
	for _, p := range went {
		if within(p) {
			n += p.Accepted + p.Returned + p.Moved
		}
	}
	if n < fewForCustom {
		place, within = HomeOf(place), func(matter.Custom) bool { return true }
	}
	by = map[org.UnitID]UnitCustom{}
	for _, p := range went {
		if u, ok := o.Chart().Bearer(p.Unit, o.Today()); ok && within(p) {
			sum := by[u.ID]
			sum.Accepted, sum.Returned, sum.Moved = sum.Accepted+p.Accepted, sum.Returned+p.Returned, sum.Moved+p.Moved
			by[u.ID] = sum
		}
	}
	return place, by
}

// setCustoms counts what new events of a matter say about whose such matters are.
func setCustoms(ctx context.Context, t *store.Tx, before, after history, events []matter.Event) error {
	if after.sealed || !slices.ContainsFunc(events, func(e matter.Event) bool { return matter.SetsCustom(e.Body) }) {
		return nil
	}
	for _, p := range matter.Customs(after.events)[len(matter.Customs(before.events)):] {
		if err := t.AddCustom(ctx, after.matter.Ref.Home, p); err != nil {
			return err
		}
	}
	return nil
}

// recountCustoms counts the customs of every home from the events and compares. All of a home is read in one transaction, so that a desk at work is
// no difference; what differs is put right by what is missing or too much, which stays right whatever is counted meanwhile.
func (o *Office) recountCustoms(ctx context.Context, out *Rebuilt, fix bool) error {
	homes, err := o.homes(ctx)
	if err != nil {
		return err
	}
	for _, home := range homes {
		var wrong []matter.Custom
		if err := o.Store.Read(ctx, func(t *store.Tx) error {
			var err error
			wrong, err = o.wrongCustoms(ctx, t, home)
			return err
		}); err != nil {
			return err
		}
		if len(wrong) == 0 {
			continue
		}
		out.differs([]Difference{{Code: "rebuild.customs", Matter: matter.Ref{Home: home}}})
		if !fix {
			continue
		}
		if err := o.Store.Update(ctx, home, func(t *store.Tx) error {
			for _, p := range wrong {
				if err := t.AddCustom(ctx, home, p); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

// wrongCustoms are what the counters of a home lack, below zero where they have too much.
func (o *Office) wrongCustoms(ctx context.Context, t *store.Tx, home int64) ([]matter.Custom, error) {
	lack := map[matter.CustomKey]matter.Custom{}
	add := func(p matter.Custom) {
		sum := lack[p.CustomKey]
		sum.CustomKey = p.CustomKey
		sum.Add(p)
		lack[p.CustomKey] = sum
	}
	kept, err := t.AllCustoms(ctx, home)
	if err != nil {
		return nil, err
	}
	for _, p := range kept {
		add(matter.Custom{CustomKey: p.CustomKey, Accepted: -p.Accepted, Returned: -p.Returned, Moved: -p.Moved})
	}
	for after := int64(0); ; {
		refs, err := t.MattersAfter(ctx, home, after, batch)
		if err != nil {
			return nil, err
		}
		if len(refs) == 0 {
			break
		}
		for _, ref := range refs {
			row, err := t.Matter(ctx, org.System().Scope(), ref)
			if err != nil {
				return nil, err
			}
			if row.Sealed {
				continue
			}
			h, err := o.load(ctx, t, ref, false)
			if err != nil {
				return nil, err
			}
			for _, p := range matter.Customs(h.events) {
				add(p)
			}
		}
		after = refs[len(refs)-1].N
	}
	var out []matter.Custom
	for _, p := range lack {
		if p.Accepted != 0 || p.Returned != 0 || p.Moved != 0 {
			out = append(out, p)
		}
	}
	return out, nil
}
