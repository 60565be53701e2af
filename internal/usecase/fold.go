package usecase

import (
	"context"
	"maps"
	"math"
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
	foldBatch  = 100
	foldRounds = 20
	// foldAlone is how many are counted in one where nobody waits.
	foldAlone = 2000
	// foldShare is how many matters are worth counting at once, since they share their sums, and foldWait how long fewer may wait: figures read them with every question.
	foldShare = 64
	foldWait  = 30 * 1_000_000
	// sliceRows is about how many rows of the ledger are summed in one transaction where sums are made anew, with as many matters as Fold counts in one.
	sliceRows = 10_000
)

// FoldShared is Fold where many wait or some have waited long: what came together is counted together.
func (o *Office) FoldShared(ctx context.Context) (int, error) {
	if now := o.Now(); now-o.folded.Load() >= foldWait {
		o.folded.Store(now)
		return o.Fold(ctx)
	}
	many := false
	if err := o.Store.Read(ctx, func(t *store.Tx) error {
		waiting, err := t.FactsUncounted(ctx, foldShare)
		many = waiting >= foldShare
		return err
	}); err != nil || !many {
		return 0, err
	}
	return o.Fold(ctx)
}

// saveFacts keeps with a matter the facts that it leaves. Figures count them from then on; Fold adds them to the sums beside the desk.
func (o *Office) saveFacts(ctx context.Context, t *store.Tx, h history) error {
	return t.SaveFacts(ctx, h.matter.Ref, o.Today(), factsOf(h))
}

// factsOf are the facts that a history leaves, as they are kept.
func factsOf(h history) []byte { return stat.Encode(stat.Facts(h.matter, h.events, h.clocks, h.rules)) }

// Fold adds the facts of matters that have changed to the ledger and to the sums from which figures are made, a bounded number, and returns how many. On a new day it also
// adds what holds from then on: a period of law that is past.
func (o *Office) Fold(ctx context.Context) (int, error) {
	return o.foldIn(ctx, foldBatch, func(Folding) {})
}

// Folding is how far FoldAll is.
type Folding struct {
	Matters        int     // that were counted
	Home           int64   // whose sums are being made anew after an upgrade, 0 for none
	From, Made, To law.Day // from which day to which, and up to which they are made
}

// FoldAll is Fold until nothing is left, where nobody waits: as after a great load, or in an upgrade while the service stands still. It returns of how many matters something
// was added. Broken off, it goes on the next time, or beside the desk.
func (o *Office) FoldAll(ctx context.Context, progress func(Folding)) (matters int, err error) {
	for n := 1; n > 0; matters += n {
		if n, err = o.foldIn(ctx, foldAlone, func(f Folding) {
			f.Matters += matters
			progress(f)
		}); err != nil {
			return matters, err
		}
	}
	return matters, nil
}

// foldIn is Fold with so many matters in a transaction.
func (o *Office) foldIn(ctx context.Context, each int, progress func(Folding)) (int, error) {
	if err := o.foldDays(ctx, sliceRows*each/foldBatch, progress); err != nil {
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
			progress(Folding{Matters: done})
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
	for _, group := range byHome(unknown, func(f store.MatterFacts) int64 { return f.Ref.Home }) {
		if err := o.Store.Update(ctx, group[0].Ref.Home, func(t *store.Tx) error {
			for _, f := range group {
				row, err := t.Matter(ctx, org.System().Scope(), f.Ref)
				if err != nil {
					return err
				}
				h, err := o.load(ctx, t, f.Ref, row.Sealed)
				if err != nil {
					return err
				}
				if err := o.saveFacts(ctx, t, h); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return 0, err
		}
	}
	return len(unknown), nil
}

// foldDays brings the sums of every home to today; where they are to be made anew, of about so many rows in a transaction.
func (o *Office) foldDays(ctx context.Context, rows int, progress func(Folding)) error {
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
		if err := o.makeSums(ctx, home, rows, progress); err != nil {
			return err
		}
		if err := o.Store.Update(ctx, home, func(t *store.Tx) error {
			_, err := advance(ctx, t, home, today, o.mostBundle)
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// makeSums makes the sums of a home anew from its ledger, some days in a transaction, where an upgrade has changed what is summed. Until they are made figures are counted
// from the ledger.
func (o *Office) makeSums(ctx context.Context, home int64, rows int, progress func(Folding)) error {
	var state store.FoldState
	first := law.NoDay
	if err := o.Store.Read(ctx, func(t *store.Tx) (err error) {
		if state, err = t.FoldState(ctx, home); err != nil || state.Day.Known() {
			return err
		}
		first, err = t.FirstDay(ctx, home, stat.Measures())
		return err
	}); err != nil || state.Day.Known() {
		return err
	}
	for days := 1; ; {
		n, done := 0, false
		if err := o.Store.Update(ctx, home, func(t *store.Tx) (err error) {
			state, n, err = o.makeSlice(ctx, t, home, first, days)
			done = state.Day.Known()
			return err
		}); err != nil || done {
			return err
		}
		progress(Folding{Home: home, From: first, Made: state.Made, To: state.Making})
		switch {
		case n < rows/2:
			days *= 2
		case n > rows && days > 1:
			days /= 2
		}
	}
}

// makeSlice sums so many days more of the ledger of a home, from its first on where it has just begun, and says how far that is and how many rows they have.
func (o *Office) makeSlice(ctx context.Context, t *store.Tx, home int64, first law.Day, days int) (state store.FoldState, n int, err error) {
	if state, err = t.FoldState(ctx, home); err != nil || state.Day.Known() {
		return state, 0, err
	}
	if !state.Making.Known() {
		state.Making, state.Made = o.Today(), max(first, 1).Add(-1)
		if !first.Known() {
			state.Made = o.Today()
		}
	}
	begin, end := state.Made.Add(1), state.Made.Add(days)
	done := end > o.Today()
	if done {
		end = law.Day(math.MaxInt32)
	}
	sums := newSums()
	if err := t.EachFact(ctx, home, store.LedgerAsk{Measures: stat.Measures(), From: begin, To: end, Holds: math.MaxInt32}, func(f store.LedgerFact) error {
		if n++; f.Day <= state.Making {
			sums.add(f.Fact)
		}
		return nil
	}); err != nil {
		return state, 0, err
	}
	if state.Made = end; done {
		state = store.FoldState{Day: state.Making}
	}
	if err := sums.save(ctx, t, home, o.mostBundle); err != nil {
		return state, 0, err
	}
	return state, n, t.SetFoldState(ctx, home, state)
}

// advance brings the sums of a home to a day, as far as they are made: what was known to hold from a day since then is added.
func advance(ctx context.Context, t *store.Tx, home int64, to law.Day, most int) (store.FoldState, error) {
	state, err := t.FoldState(ctx, home)
	if err != nil || state.Through() >= to {
		return state, err
	}
	before := state
	if state.Making.Known() {
		state.Making = to
	} else {
		state.Day = to
	}
	switch {
	case before.Through().Known():
		sums := newSums()
		if err := t.EachFactAhead(ctx, home, before.Through(), to, func(f store.LedgerFact) error {
			if state.Sums(f.Fact) {
				sums.add(f.Fact)
			}
			return nil
		}); err != nil {
			return state, err
		}
		if err := sums.save(ctx, t, home, most); err != nil {
			return state, err
		}
	default:
		if first, err := t.FirstDay(ctx, home, stat.Measures()); err != nil || first.Known() {
			return before, err // they are made by themselves
		}
	}
	return state, t.SetFoldState(ctx, home, state)
}

// fold counts some matters of one home.
func (o *Office) fold(ctx context.Context, t *store.Tx, home int64, group []store.MatterFacts) error {
	state, err := advance(ctx, t, home, o.Today(), o.mostBundle)
	if err != nil {
		return err
	}
	numbers := make([]int64, len(group))
	for i, g := range group {
		numbers[i] = g.Ref.N
	}
	found, err := t.FactsOf(ctx, home, numbers)
	if err != nil {
		return err
	}
	sums, facets, units := newSums(), map[stat.Facets]int64{}, map[org.UnitID]bool{}
	var counted []store.MatterFacts
	var rows []store.LedgerFact
	for _, now := range found {
		if now.State != store.FactsWaiting {
			continue // somebody else has counted it
		}
		changed, err := waitingFacts(now)
		if err != nil {
			return err
		}
		for i, f := range changed {
			if _, had := facets[f.Facets]; !had {
				if facets[f.Facets], err = t.FacetID(ctx, home, f.Facets); err != nil {
					return err
				}
			}
			rows = append(rows, store.LedgerFact{Fact: f, Ref: now.Ref, Entry: now.Entries + int64(i), Recorded: now.Recorded})
			units[f.Unit] = true
			if state.Sums(f) {
				sums.add(f)
			}
		}
		now.Entries += int64(len(changed))
		counted = append(counted, now)
	}
	if err := t.AddFacts(ctx, home, rows, func(f stat.Facets) int64 { return facets[f] }); err != nil {
		return err
	}
	if err := t.CountFacts(ctx, home, counted); err != nil {
		return err
	}
	have, err := t.StatUnits(ctx, home)
	if err != nil {
		return err
	}
	for _, u := range have {
		delete(units, u)
	}
	for u := range units {
		if err := t.AddStatUnit(ctx, home, u); err != nil {
			return err
		}
	}
	return sums.save(ctx, t, home, o.mostBundle)
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
	plain   map[stat.Cell]*stat.Counts
	bundles map[stat.Cell]stat.Bundle
	shared  []shared
	years   map[yearSpot]*stat.Counts
	held    map[holdSpot]heldSums
	placed  map[spot]targets // where facts are added that differ in nothing that matters to cells: a matter has many of them
}

// shared are sums that are added to each of some cells in the end.
type shared struct {
	*stat.Counts

	to []*stat.Counts
}

// spot is what decides to which cells a fact is added.
type spot struct {
	unit, to org.UnitID
	basis    law.Day
	stock    bool
	facets   stat.Facets
}

// yearSpot is what decides to which sums of years by breakdown a fact is added.
type yearSpot struct {
	unit, to org.UnitID
	year     int
	facets   stat.Facets
}

// targets are the sums to which such facts are added: those of cells, in bundles those of the month, and those since ever.
type targets struct {
	plain, year    *stat.Counts
	month, forEver []map[uint64]int
}

func newSums() *sums {
	return &sums{
		plain: map[stat.Cell]*stat.Counts{}, bundles: map[stat.Cell]stat.Bundle{}, years: map[yearSpot]*stat.Counts{}, held: map[holdSpot]heldSums{}, placed: map[spot]targets{},
	}
}

func (s *sums) add(f stat.Fact) {
	key := spot{f.Unit, f.To, f.Basis, f.Measure.Stocked(), f.Facets}
	at, had := s.placed[key]
	if !had {
		at = s.place(f)
		s.placed[key] = at
	}
	count := f.Count()
	sum := count.In(stat.DimAll)
	at.plain.Add(sum, f.N)
	at.year.Add(sum, f.N)
	_, _, day := f.Basis.Date()
	for _, b := range at.month {
		stat.Moment{Day: day, Count: count}.AddTo(b, f.N)
	}
	for _, b := range at.forEver {
		stat.Moment{Count: sum}.AddTo(b, f.N)
	}
	for _, unit := range []org.UnitID{f.Unit, 0} {
		cells, counts := stat.Lasting(f, unit)
		for i, c := range cells {
			s.counts(c).Add(counts[i], f.N)
		}
	}
}

func (s *sums) place(f stat.Fact) (at targets) {
	var all []stat.Cell
	for _, unit := range []org.UnitID{f.Unit, 0} {
		plain, bundles := stat.Months(f, unit)
		all = append(all, plain...)
		for _, c := range bundles {
			if s.bundles[c] == nil {
				s.bundles[c] = stat.Bundle{}
			}
			if sum := s.bundles[c].Spot(f); c.Month == stat.Always {
				at.forEver = append(at.forEver, sum)
			} else {
				at.month = append(at.month, sum)
			}
		}
	}
	at.plain = s.share(all)
	year, _, _ := f.Basis.Date()
	key := yearSpot{f.Unit, f.To, year, f.Facets}
	if f.To == 0 {
		key.unit = 0 // it is no matter of these
	}
	if s.years[key] == nil {
		s.years[key] = s.share(stat.YearOf(f, townOf))
	}
	at.year = s.years[key]
	return at
}

// share gives sums that are added to each of some cells.
func (s *sums) share(cells []stat.Cell) *stat.Counts {
	out := shared{&stat.Counts{}, make([]*stat.Counts, len(cells))}
	for i, c := range cells {
		out.to[i] = s.counts(c)
	}
	s.shared = append(s.shared, out)
	return out.Counts
}

func (s *sums) counts(c stat.Cell) *stat.Counts {
	found := s.plain[c]
	if found == nil {
		found = &stat.Counts{}
		s.plain[c] = found
	}
	return found
}

// save adds the sums to the cells of a home, in the order in which they are kept. A bundle of more than so many bytes is broken down.
func (s *sums) save(ctx context.Context, t *store.Tx, home int64, most int) error {
	cells := slices.SortedFunc(maps.Keys(s.bundles), stat.Cell.Compare)
	kept, err := t.CellCounts(ctx, home, cells)
	if err != nil {
		return err
	}
	var rows []store.CellRow
	for i, c := range cells {
		if stat.IsSpilled(kept[i]) {
			if err := s.bundles[c].EachSpot(s.breakDown(c)); err != nil {
				return err
			}
			continue
		}
		now, err := s.bundles[c].Onto(kept[i])
		if err != nil {
			return err
		}
		if len(now) > most {
			if err := stat.EachSpot(now, s.breakDown(c)); err != nil {
				return err
			}
			now = stat.Spilled()
		}
		rows = append(rows, store.CellRow{Cell: c, Counts: now})
	}
	for _, all := range s.shared {
		all.AddTo(all.to)
	}
	maps.DeleteFunc(s.plain, func(_ stat.Cell, more *stat.Counts) bool { return more.Nought() }) // that changes nothing
	parts := map[stat.Cell]stat.Sections{}
	for c, more := range s.plain {
		row := c.Row()
		if parts[row] == nil {
			parts[row] = stat.Sections{}
		}
		parts[row][c.Section] = more
	}
	cells = slices.SortedFunc(maps.Keys(parts), stat.Cell.Compare)
	if kept, err = t.CellCounts(ctx, home, cells); err != nil {
		return err
	}
	for i, c := range cells {
		now, err := parts[c].Onto(kept[i])
		if err != nil {
			return err
		}
		rows = append(rows, store.CellRow{Cell: c, Counts: now})
	}
	slices.SortStableFunc(rows, func(a, b store.CellRow) int { return a.Compare(b.Cell) })
	return t.SaveCells(ctx, home, rows)
}

// breakDown adds the spots of a bundle to the cells of the breakdowns.
func (s *sums) breakDown(bundle stat.Cell) func(stat.Spot, func(func(stat.Moment, int)) error) error {
	return func(spot stat.Spot, counts func(func(stat.Moment, int)) error) error {
		plain := s.share(stat.Broken(bundle, spot.Facets, spot.From, spot.To, townOf))
		days := map[int]*stat.Counts{} // these tell apart from when on something holds
		return counts(func(m stat.Moment, n int) {
			plain.Add(m.In(stat.DimAll), n)
			if m.Day == 0 {
				return // of what has come to be since ever no day is known
			}
			if days[m.Day] == nil {
				days[m.Day] = s.share(stat.BrokenDay(bundle, spot.Facets, m.Day, townOf))
			}
			days[m.Day].Add(m.Count, n)
			day := m.HoldsOn(bundle.Month)
			for _, by := range stat.HoldDims() {
				code, _ := by.Code(spot.Facets, 0, 0, 0, townOf)
				s.holds(holdSpot{bundle.Unit, bundle.Month, bundle.Sealed, by, code, day}, m, n)
			}
		})
	}
}

// holdSpot is what decides to which sums by when something holds a fact is added.
type holdSpot struct {
	unit   org.UnitID
	month  int
	sealed bool
	by     stat.Dim
	code   string
	day    law.Day
}

// heldSums are those of what holds at once, those of what does not, and how many months later than its own they are of.
type heldSums struct {
	dated, later *stat.Counts
	months       int
}

// holds adds to the sums by when something holds.
func (s *sums) holds(at holdSpot, m stat.Moment, n int) {
	sum, had := s.held[at]
	if !had {
		dated, later, months := stat.BrokenHold(stat.Cell{Unit: at.unit, Month: at.month, Sealed: at.sealed}, at.by, at.code, at.day, townOf)
		sum = heldSums{s.share(dated), s.share(later), months}
		s.held[at] = sum
	}
	to := sum.later
	if m.Measure.Dated() {
		to = sum.dated
	}
	to.Add(m.Later(sum.months), n)
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
