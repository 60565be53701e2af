package usecase

import (
	"cmp"
	"context"
	"slices"

	"huiyin/internal/law"
	"huiyin/internal/stat"
	"huiyin/internal/store"
)

// homeSpot is where in the ledger of a home something stands.
type homeSpot struct {
	home int64
	store.FactSpot
}

// standing says where behind a list anything stands, the latest day first: of measures that are mostly taken back again, today. There alone the ledger has to be read. It is
// not known, and false, of other measures and as of a past day.
func (l *listing) standing(ctx context.Context, t *store.Tx, homes []int64, measures []stat.Measure, from, to law.Day) ([]homeSpot, bool, error) {
	p := l.ask.Period
	if p.Recorded.Known() || p.Through(l.indicator) < l.today || slices.ContainsFunc(measures, func(m stat.Measure) bool { return !m.Stands() }) {
		return nil, false, nil
	}
	found := map[homeSpot]int{}
	for _, home := range homes {
		through, err := t.FoldDay(ctx, home)
		if err != nil || !through.Known() || through > l.today {
			return nil, false, err
		}
		add := func(f stat.Fact) {
			if f.Basis >= from && f.Basis <= to && slices.Contains(measures, f.Measure) && l.mayStand(f) {
				found[homeSpot{home, store.FactSpot{Measure: f.Measure, Unit: f.Unit, Basis: f.Basis}}] += f.N
			}
		}
		if err := l.eachStanding(ctx, t, home, add); err != nil {
			return nil, false, err
		}
		if through == l.today {
			continue
		}
		if err := t.EachFactAhead(ctx, home, through, l.today, func(f store.LedgerFact) error {
			add(f.Fact)
			return nil
		}); err != nil {
			return nil, false, err
		}
	}
	spots := make([]homeSpot, 0, len(found))
	for s, n := range found {
		if n != 0 {
			spots = append(spots, s)
		}
	}
	slices.SortFunc(spots, func(a, b homeSpot) int {
		return cmp.Or(cmp.Compare(b.Basis, a.Basis), cmp.Compare(a.home, b.home), cmp.Compare(a.Unit, b.Unit), cmp.Compare(a.Measure, b.Measure))
	})
	return spots, true, nil
}

// eachStanding gives what of the units asked for stands in a home.
func (l *listing) eachStanding(ctx context.Context, t *store.Tx, home int64, each func(stat.Fact)) error {
	have, err := t.StatUnits(ctx, home)
	if err != nil {
		return err
	}
	var units []int64
	for _, u := range have {
		if l.under(u) && (l.figuring.ask.By != ByUnit || unitCode(u) == l.ask.Group) {
			units = append(units, int64(u))
		}
	}
	ask := store.CellsAsk{Dim: stat.DimAll, Units: units, From: stat.Always, To: stat.Always, Sealed: l.out.Sealed}
	return t.EachCell(ctx, home, ask, func(c store.CellRow) error {
		c.Section.By = stat.DimSince
		return stat.EachSection(c.Counts, stat.DimSince, func(_ string, kept []byte) error {
			return stat.EachCount(kept, func(k stat.Count, n int) { each(c.Lasts(k, n)) })
		})
	})
}

// mayStand reports whether what stands may be of the group asked for, as far as its unit and its day say so.
func (l *listing) mayStand(f stat.Fact) bool {
	switch by := l.figuring.ask.By; by { //nolint:exhaustive // of the others the unit and the day say nothing
	case ByUnit, ByMonth, ByDay:
		return l.o.statGroup(l.figuring.ask, 0, f) == l.ask.Group
	}
	return l.under(f.Unit)
}

// lookAt says which of the spots a look reads, so many and all of their last day, and how far back it goes: to the beginning where these are all.
func lookAt(spots []homeSpot, n int, from law.Day) (begin law.Day, some int) {
	if n >= len(spots) {
		return from, len(spots)
	}
	begin = spots[n-1].Basis
	for n < len(spots) && spots[n].Basis == begin {
		n++
	}
	return begin, n
}

// atHome are those of the spots that lie in one home.
func atHome(spots []homeSpot, home int64) (out []store.FactSpot) {
	for _, s := range spots {
		if s.home == home {
			out = append(out, s.FactSpot)
		}
	}
	return out
}
