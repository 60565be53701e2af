package store

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/stat"
)

// An older store comes to the new order of its ledger with every row that it had, and with sums that are to be made anew from it.
func TestLedgerOutlivesItsOrder(t *testing.T) {
	t.Parallel()
	all, err := Migrations()
	if err != nil {
		t.Fatal(err)
	}
	older := fstest.MapFS{}
	names, err := fs.Glob(all, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.Contains(name, "_figures.") { // the step in question, and all behind it
			break
		}
		text, err := fs.ReadFile(all, name)
		if err != nil {
			t.Fatal(err)
		}
		older[name] = &fstest.MapFile{Data: text}
	}
	dir := t.TempDir()
	open := func(migrations fs.FS, do func(*Tx) error) {
		t.Helper()
		s, err := Open(t.Context(), Options{Dir: dir, Migrations: migrations, Now: func() int64 { return 42 }})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Update(t.Context(), 330112, do); err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	day, ref := law.NewDay(2026, 3, 5), matter.NewRef(330112, 2026, 1)
	want := LedgerFact{Fact: stat.Fact{Measure: stat.Stock, Basis: day, Day: day, Unit: 7, N: 1, Facets: stat.Facets{Place: 330112104, Category: "N0502"}}, Ref: ref, Entry: 3, Recorded: day.Add(2)}
	open(older, func(tx *Tx) error {
		id, err := tx.FacetID(t.Context(), ref.Home, want.Facets)
		if err != nil {
			return err
		}
		if err := tx.AddStatUnit(t.Context(), ref.Home, want.Unit); err != nil {
			return err
		}
		if err := tx.SaveCells(t.Context(), ref.Home, []CellRow{{Cell: stat.Cell{Dim: stat.DimAll, Month: stat.MonthOf(day)}, Counts: []byte{1}}}); err != nil {
			return err
		}
		if _, err := tx.Exec(t.Context(), Named("test", `insert into stat_fold (home, day) values ($1, $2)`), ref.Home, int64(day.Add(9))); err != nil {
			return err
		}
		return tx.AddFacts(t.Context(), ref.Home, []LedgerFact{want}, func(stat.Facets) int64 { return id })
	})
	open(all, func(tx *Tx) error {
		for _, units := range [][]int64{nil, {int64(want.Unit)}} {
			var got []LedgerFact
			if err := tx.EachFact(t.Context(), ref.Home, LedgerAsk{Measures: []stat.Measure{stat.Stock}, From: day, To: day, Holds: day, Units: units}, func(f LedgerFact) error {
				got = append(got, f)
				return nil
			}); err != nil {
				return err
			}
			if len(got) != 1 || got[0] != want {
				t.Errorf("of units %v: %+v", units, got)
			}
		}
		if first, err := tx.FirstMonth(t.Context(), ref.Home); err != nil || first != 0 {
			t.Errorf("sums since %d, %v", first, err)
		}
		through, err := tx.FoldDay(t.Context(), ref.Home)
		if through.Known() {
			t.Errorf("sums as of %s", through)
		}
		return err
	})
}
