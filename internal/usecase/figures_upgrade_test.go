package usecase_test

import (
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"huiyin/internal/law"
	"huiyin/internal/org"
	"huiyin/internal/stat"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
)

// laterMeasures are those that the step measures (0028) brought.
func laterMeasures(m stat.Measure) bool {
	return m == stat.Backlog || m == stat.BacklogEnded || m == stat.BacklogResolved || m == stat.Contacted || strings.HasPrefix(string(m), string(stat.Transferred)+".")
}

// An office whose matters were counted at an older step says of all that was counted then the same behind the upgrade, before its matters are counted anew and afterwards;
// of what was not counted then it comes to say what the events do; and what is kept agrees.
func TestFiguresOutliveTheUpgrade(t *testing.T) {
	t.Parallel()
	for _, from := range []int{26, 27} {
		t.Run(strconv.Itoa(from), func(t *testing.T) {
			t.Parallel()
			figuresOutliveTheUpgrade(t, from)
		})
	}
}

func figuresOutliveTheUpgrade(t *testing.T, from int) {
	t.Helper()
	all, err := store.Migrations()
	check(t, err)
	older := fstest.MapFS{}
	names, err := fs.Glob(all, "*.sql")
	check(t, err)
	for _, name := range names {
		if name >= "0028" {
			break
		}
		text, err := fs.ReadFile(all, name)
		check(t, err)
		older[name] = &fstest.MapFile{Data: text}
	}
	dir := t.TempDir()
	open := func(steps fs.FS) (*testOffice, func()) {
		s, err := store.Open(t.Context(), store.Options{Dir: dir, Migrations: steps, Now: func() int64 { return 42 }, Rehearse: true})
		check(t, err)
		return officeOver(t, s), func() { check(t, s.Close()) }
	}
	o, done := open(older)
	execute := func(statements ...store.Stmt) {
		o.update(t, func(tx *store.Tx) error {
			for _, statement := range statements {
				if _, err := tx.Exec(t.Context(), statement); err != nil {
					return err
				}
			}
			return nil
		})
	}
	execute(store.Named("test.is_open", `alter table matter_unit add column is_open integer not null default 0`)) // without it this program writes no matter
	staffed(t, o)
	worked(t, o)
	today := o.now.Load()
	var before, later []string
	list, err := stat.Indicators()
	check(t, err)
	for _, d := range list {
		left, _ := d.Left()
		if slices.ContainsFunc(slices.Concat(d.Measures(), left.Sum), laterMeasures) {
			later = append(later, d.ID)
		} else {
			before = append(before, d.ID)
		}
	}
	ask := func(ids []string, by usecase.StatBy) usecase.FigureAsk {
		return usecase.FigureAsk{Indicators: ids, Period: stat.Period{From: law.NewDay(2025, 1, 1), To: o.Today(), AsOf: o.Today()}, By: by}
	}
	bys := []usecase.StatBy{usecase.ByNothing, usecase.ByUnit, usecase.ByMonth, usecase.ByCategory}
	figures := func() (out []usecase.Figures) {
		for _, by := range bys {
			f, err := o.Figures(t.Context(), org.System(), ask(before, by))
			check(t, err)
			out = append(out, f)
		}
		return out
	}
	o.update(t, func(tx *store.Tx) error { // as it was counted then
		rows, err := tx.FactsIn(t.Context(), store.FactsWaiting, 100)
		if err != nil {
			return err
		}
		for _, row := range rows {
			facts, err := stat.Decode(row.Facts)
			if err != nil {
				return err
			}
			facts = slices.DeleteFunc(facts, func(f stat.Fact) bool { return laterMeasures(f.Measure) })
			if err := tx.SaveFacts(t.Context(), row.Ref, row.Recorded, stat.Encode(facts)); err != nil {
				return err
			}
		}
		return nil
	})
	fold(t, o)
	want := figures()
	if want[0].All[slices.Index(before, "submissions")].Sum == 0 || want[0].All[slices.Index(before, "stock")].Sum == 0 {
		t.Fatal("nothing is counted")
	}
	takeBack := []store.Stmt{store.Named("test.open", `alter table matter_unit drop column is_open`)}
	if from == 26 { // the step sums, too
		takeBack = append(takeBack,
			store.Named("test.cells", `delete from stat_cell where dim = 'bundle' or month <= 0`), store.Named("test.making", `alter table stat_fold drop column making`),
			store.Named("test.made", `alter table stat_fold drop column made`), store.Named("test.step", `delete from migration where version = 27`),
		)
	}
	execute(takeBack...)
	done()
	o, done = open(all)
	defer done()
	o.now.Store(today)
	agreed := func(when string, filling bool) {
		t.Helper()
		got := figures()
		for i := range got {
			if got[i].Filling != filling {
				t.Errorf("%s: filling %v", when, got[i].Filling)
			}
			got[i].Filling, got[i].Making = false, law.NoDay
		}
		if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
			t.Errorf("%s:\n%s", when, d)
		}
	}
	agreed("before they are counted anew", true)
	for more := 1; more > 0; {
		more, err = o.Fold(t.Context())
		check(t, err)
	}
	agreed("afterwards", false)
	facts, err := o.EveryFact(t.Context())
	check(t, err)
	for _, by := range bys {
		want, err := o.CountedFrom(facts, org.System(), ask(later, by))
		check(t, err)
		got, err := o.Figures(t.Context(), org.System(), ask(later, by))
		check(t, err)
		if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
			t.Errorf("what was not counted then, by %q:\n%s", by, d)
		}
	}
	agree(t, o)
}
