package usecase

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/stat"
	"huiyin/internal/store"
)

// total is a sum of so many of each thing, whatever the order, in little room: two that are equal are of the same things, but for a chance of one in 2¹²⁸.
type total [2]uint64

func (s *total) add(n int, what ...any) {
	h := sha256.Sum256(fmt.Append(nil, what...))
	s[0] += uint64(n) * binary.BigEndian.Uint64(h[:8])   //nolint:gosec // of a sum modulo 2⁶⁴
	s[1] += uint64(n) * binary.BigEndian.Uint64(h[8:16]) //nolint:gosec // likewise
}

// checkSums compares, home by home, the ledger of facts with the facts of the matters that are counted, and the sums kept of it with the ledger. With fix a home
// where they differ is counted anew.
func (o *Office) checkSums(ctx context.Context, out *Rebuilt, fix bool) error {
	homes, err := o.homes(ctx)
	if err != nil {
		return err
	}
	for _, home := range homes {
		same, err := o.sumsAgree(ctx, home)
		if err != nil {
			return err
		}
		if same {
			continue
		}
		out.differs([]Difference{{Code: "rebuild.sums", Matter: matter.Ref{Home: home}}})
		if !fix {
			continue
		}
		if err := o.Store.Update(ctx, home, func(t *store.Tx) error { return t.ForgetCounted(ctx, home) }); err != nil {
			return err
		}
	}
	if !fix {
		return nil
	}
	for {
		if n, err := o.Fold(ctx); err != nil || n == 0 {
			return err
		}
	}
}

// sumsAgree reports whether what is kept of a home agrees.
func (o *Office) sumsAgree(ctx context.Context, home int64) (same bool, err error) {
	var counted, ledger, fromLedger, cells total
	units := map[org.UnitID]bool{}
	err = o.Store.Read(ctx, func(t *store.Tx) error {
		for after := int64(0); ; {
			rows, err := t.FactsAfter(ctx, home, after, batch)
			if err != nil {
				return err
			}
			if len(rows) == 0 {
				break
			}
			for _, row := range rows {
				kept := row.Facts
				if row.State != store.FactsCounted {
					kept = row.Folded
				}
				facts, err := stat.Decode(kept)
				if err != nil {
					return err
				}
				for _, f := range facts {
					n := f.N
					f.N = 0
					counted.add(n, row.Ref, f)
				}
			}
			after = rows[len(rows)-1].Ref.N
		}
		state, err := t.FoldState(ctx, home)
		if err != nil {
			return err
		}
		grown := map[stat.Cell]bool{}
		if err := t.EachCellOfHome(ctx, home, func(c store.CellRow) error {
			if c.Dim != stat.DimBundle {
				for _, by := range stat.SectionDims() {
					if err := stat.EachSection(c.Counts, by, func(code string, counts []byte) error {
						c.Section = stat.Section{By: by, Code: code}
						return stat.EachCount(counts, func(k stat.Count, n int) { cells.add(n, c.Cell, k.Measure, k.Days) })
					}); err != nil {
						return err
					}
				}
				return nil
			}
			if stat.IsSpilled(c.Counts) {
				grown[c.Cell] = true
			}
			return stat.EachSpot(c.Counts, func(s stat.Spot, counts func(func(stat.Moment, int)) error) error {
				return counts(func(m stat.Moment, n int) { cells.add(n, c.Cell, s, m) })
			})
		}); err != nil {
			return err
		}
		if err := t.EachFactOfHome(ctx, home, func(l store.LedgerFact) error {
			f, n := l.Fact, l.N
			f.N = 0
			ledger.add(n, l.Ref, f)
			units[f.Unit] = true
			if state.Sums(f) {
				expected(&fromLedger, grown, l.Fact)
			}
			return nil
		}); err != nil {
			return err
		}
		kept, err := t.StatUnits(ctx, home)
		same = len(kept) == len(units)
		return err
	})
	return same && counted == ledger && fromLedger == cells, err
}

// expected adds what a fact is in the sums, where some bundles have grown.
func expected(sum *total, grown map[stat.Cell]bool, f stat.Fact) {
	_, _, day := f.Basis.Date()
	spot := stat.Spot{Facets: f.Facets}
	spot.Sealed = false // the cell says so
	if f.To != 0 {
		spot.From, spot.To = f.Unit, f.To
	}
	for _, unit := range []org.UnitID{f.Unit, 0} {
		plain, bundles := stat.Cells(f, unit, townOf)
		for _, c := range plain {
			k := f.Count().In(c.Dim)
			sum.add(f.N, c, k.Measure, k.Days)
		}
		lasting, counts := stat.Lasting(f, unit)
		for i, c := range lasting {
			sum.add(f.N, c, counts[i].Measure, counts[i].Days)
		}
		for _, c := range bundles {
			m := stat.Moment{Day: day, Count: f.Count()}
			if c.Month == stat.Always {
				m = stat.Moment{Count: f.Count().In(stat.DimAll)}
			}
			if !grown[c] {
				sum.add(f.N, c, spot, m)
				continue
			}
			for _, b := range append(stat.Broken(c, spot.Facets, spot.From, spot.To, townOf), stat.BrokenDay(c, spot.Facets, m.Day, townOf)...) {
				k := m.In(b.Dim)
				sum.add(f.N, b, k.Measure, k.Days)
			}
			if m.Day == 0 {
				continue
			}
			for _, by := range stat.HoldDims() {
				code, _ := by.Code(spot.Facets, 0, 0, 0, townOf)
				held, later, months := stat.BrokenHold(c, by, code, m.HoldsOn(c.Month), townOf)
				if !m.Measure.Dated() {
					held = later
				}
				k := m.Later(months)
				for _, b := range held {
					sum.add(f.N, b, k.Measure, k.Days)
				}
			}
		}
	}
}
