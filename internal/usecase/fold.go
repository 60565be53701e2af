package usecase

import (
	"context"
	"maps"
	"slices"
	"strconv"

	"huiyin/internal/gazetteer"
	"huiyin/internal/law"
	"huiyin/internal/org"
	"huiyin/internal/stat"
	"huiyin/internal/store"
)

const (
	// foldBatch is how many matters are counted in one transaction, in which others wait, and foldRounds how often Fold does so before it lets others work.
	foldBatch  = 50
	foldRounds = 40
)

// saveFacts keeps with a matter the facts that it leaves. Figures count them from then on; Fold adds them to the sums beside the desk.
func (o *Office) saveFacts(ctx context.Context, t *store.Tx, h history) error {
	return t.SaveFacts(ctx, h.matter.Ref, o.Today(), factsOf(h))
}

// factsOf are the facts that a history leaves, as they are kept.
func factsOf(h history) []byte { return stat.Encode(stat.Facts(h.matter, h.events, h.clocks, h.rules)) }

// Fold adds the facts of matters that have changed to the ledger and to the sums from which figures are made, a bounded number, and returns how many. On a new day it also
// adds what holds from then on: a period of law that is past.
func (o *Office) Fold(ctx context.Context) (int, error) { return o.FoldIn(ctx, foldBatch) }

// FoldIn is Fold with so many matters in a transaction: many where nobody waits, as after a great load.
func (o *Office) FoldIn(ctx context.Context, each int) (int, error) {
	if err := o.foldDays(ctx); err != nil {
		return 0, err
	}
	done := 0
	for range foldRounds {
		var waiting []store.MatterFacts
		err := o.Store.Read(ctx, func(t *store.Tx) error {
			var err error
			waiting, err = t.FactsIn(ctx, store.FactsWaiting, each)
			return err
		})
		if err != nil {
			return done, err
		}
		if len(waiting) == 0 {
			more, err := o.findFacts(ctx)
			if err != nil || more == 0 {
				return done, err
			}
			continue
		}
		for _, group := range byHome(waiting, func(f store.MatterFacts) int64 { return f.Ref.Home }) {
			home := group[0].Ref.Home
			if err := o.Store.Update(ctx, home, func(t *store.Tx) error { return o.fold(ctx, t, home, group) }); err != nil {
				return done, err
			}
			done += len(group)
		}
	}
	return done, nil
}

// findFacts finds the facts of matters that have none yet, and returns of how many.
func (o *Office) findFacts(ctx context.Context) (int, error) {
	var unknown []store.MatterFacts
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		var err error
		unknown, err = t.FactsIn(ctx, store.FactsUnknown, foldBatch)
		return err
	})
	if err != nil {
		return 0, err
	}
	for _, f := range unknown {
		if err := o.Store.Update(ctx, f.Ref.Home, func(t *store.Tx) error {
			row, err := t.Matter(ctx, org.System().Scope(), f.Ref)
			if err != nil {
				return err
			}
			h, err := o.load(ctx, t, f.Ref, row.Sealed)
			if err != nil {
				return err
			}
			return o.saveFacts(ctx, t, h)
		}); err != nil {
			return 0, err
		}
	}
	return len(unknown), nil
}

// foldDays brings the sums of every home to today.
func (o *Office) foldDays(ctx context.Context) error {
	today := o.Today()
	var behind []int64
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		var err error
		behind, err = t.FoldedBefore(ctx, today)
		return err
	})
	if err != nil {
		return err
	}
	for _, home := range behind {
		if err := o.Store.Update(ctx, home, func(t *store.Tx) error { return advance(ctx, t, home, today) }); err != nil {
			return err
		}
	}
	return nil
}

// advance brings the sums of a home to a day: what was known to hold from a day since then is added.
func advance(ctx context.Context, t *store.Tx, home int64, to law.Day) error {
	through, err := t.FoldDay(ctx, home)
	if err != nil || through >= to {
		return err
	}
	if through.Known() {
		sums := newSums()
		if err := t.EachFactAhead(ctx, home, through, to, func(f store.LedgerFact) error {
			sums.add(f.Fact)
			return nil
		}); err != nil {
			return err
		}
		err = sums.save(ctx, t, home)
	} else {
		err = sumUp(ctx, t, home, to)
	}
	if err != nil {
		return err
	}
	return t.SetFoldDay(ctx, home, to)
}

// sumUp makes the sums of a home as of a day from its ledger, month by month: after an upgrade that changed what is summed. Most homes have none yet.
func sumUp(ctx context.Context, t *store.Tx, home int64, to law.Day) error {
	first, last, err := t.LedgerDays(ctx, home)
	if err != nil || !first.Known() {
		return err
	}
	for month := stat.MonthOf(first); month <= stat.MonthOf(last); month++ {
		sums := newSums()
		begin, end := stat.MonthDays(month)
		if err := t.EachFact(ctx, home, stat.Measures(), begin, end, nil, func(f store.LedgerFact) error {
			if f.Day <= to {
				sums.add(f.Fact)
			}
			return nil
		}); err != nil {
			return err
		}
		if err := sums.save(ctx, t, home); err != nil {
			return err
		}
	}
	return nil
}

// fold counts some matters of one home.
func (o *Office) fold(ctx context.Context, t *store.Tx, home int64, group []store.MatterFacts) error {
	if err := advance(ctx, t, home, o.Today()); err != nil {
		return err
	}
	through, err := t.FoldDay(ctx, home)
	if err != nil {
		return err
	}
	sums, facets, units := newSums(), map[stat.Facets]int64{}, map[org.UnitID]bool{}
	for _, g := range group {
		now, err := t.FactsOf(ctx, g.Ref)
		if err != nil {
			return err
		}
		if now.State != store.FactsWaiting {
			continue // somebody else has counted it
		}
		changed, err := waitingFacts(now)
		if err != nil {
			return err
		}
		for i, f := range changed {
			id, had := facets[f.Facets]
			if !had {
				if id, err = t.FacetID(ctx, home, f.Facets); err != nil {
					return err
				}
				facets[f.Facets] = id
			}
			entry := store.LedgerFact{Fact: f, Ref: g.Ref, Entry: now.Entries + int64(i), Recorded: now.Recorded}
			if err := t.AddFact(ctx, entry, id); err != nil {
				return err
			}
			units[f.Unit] = true
			if f.Day <= through {
				sums.add(f)
			}
		}
		if err := t.CountFacts(ctx, now, now.Entries+int64(len(changed))); err != nil {
			return err
		}
	}
	for u := range units {
		if err := t.AddStatUnit(ctx, home, u); err != nil {
			return err
		}
	}
	return sums.save(ctx, t, home)
}

// waitingFacts is what has to be added to what is counted of a matter.
func waitingFacts(f store.MatterFacts) ([]stat.Fact, error) {
	before, err := stat.Decode(f.Folded)
	if err != nil {
		return nil, err
	}
	now, err := stat.Decode(f.Facts)
	if err != nil {
		return nil, err
	}
	return stat.Changed(before, now), nil
}

// sums are what has to be added to cells.
type sums struct {
	cells  map[stat.Cell]stat.Counts
	placed map[spot][]target // the cells of facts that differ in nothing that matters to cells: a matter has many of them
}

// spot is what decides to which cells a fact is added.
type spot struct {
	unit, to org.UnitID
	basis    law.Day
	stock    bool
	facets   stat.Facets
}

// target are the sums of one cell.
type target struct {
	dim  stat.Dim
	sums stat.Counts
}

func newSums() *sums { return &sums{map[stat.Cell]stat.Counts{}, map[spot][]target{}} }

func (s *sums) add(f stat.Fact) {
	key := spot{f.Unit, f.To, f.Basis, f.Measure.Stocked(), f.Facets}
	list, had := s.placed[key]
	if !had {
		for _, c := range stat.Cells(f, townOf) {
			if s.cells[c] == nil {
				s.cells[c] = stat.Counts{}
			}
			list = append(list, target{c.Dim, s.cells[c]})
		}
		s.placed[key] = list
	}
	for _, t := range list {
		t.sums.Add(f.In(t.dim), f.N)
	}
}

// save adds the sums to the cells of a home, in the order in which they are kept. What comes to nought changes nothing.
func (s *sums) save(ctx context.Context, t *store.Tx, home int64) error {
	for _, cell := range slices.SortedFunc(maps.Keys(s.cells), stat.Cell.Compare) {
		more := s.cells[cell]
		if len(more) == 0 {
			continue
		}
		kept, err := t.CellCounts(ctx, home, cell)
		if err != nil {
			return err
		}
		if err := more.AddKept(kept); err != nil {
			return err
		}
		if err := t.SaveCell(ctx, home, store.CellRow{Cell: cell, Counts: more.Encode()}); err != nil {
			return err
		}
	}
	return nil
}

// townOf is the township that a place lies in, or what is known above one.
func townOf(place int64) int64 { return placeBelow(place, 0) }

// placeBelow is the place over, or at, p that lies one level below within; townships where that is 0.
func placeBelow(p, within int64) int64 {
	level := gazetteer.Town
	if within != 0 {
		level = gazetteer.LevelOf(within) + 1
	}
	for gazetteer.LevelOf(p) > level {
		p = gazetteer.ParentCode(p)
	}
	return p
}

func dayOfMonth(month int, code string) law.Day {
	first, _ := stat.MonthDays(month)
	n, _ := strconv.Atoi(code) // written by stat.DayCode
	return first.Add(n - 1)
}
