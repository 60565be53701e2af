package store

import (
	"cmp"
	"os"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	words "huiyin/internal/query"
)

// filed is a matter of the property below: what it is, and when it was registered.
type filed struct {
	row  matter.Row
	us   int64
	text string
	unit org.UnitID // besides the one that has it
}

// TestFindByAnySource: what a search gives is the same whatever drives it, in rounds and pages of any size, over homes side by side or one after the other, and
// within any bound; and it is what fits, in the order in which it was registered.
func TestFindByAnySource(t *testing.T) {
	s := open(t, func(o *Options) { o.Migrations = os.DirFS("migrations") })
	today := law.NewDay(2026, time.September, 21)
	const first, homes, units = 330100, 3, 4
	err := s.Update(t.Context(), 0, func(tx *Tx) error {
		chart := org.NewChart([]org.Unit{{ID: 1}, {ID: 2, Parent: 1}, {ID: 3, Parent: 1}, {ID: units, Parent: 1}})
		return tx.ReplacePaths(t.Context(), chart, []org.UnitID{1, 2, 3, units})
	})
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(rt *rapid.T) {
		all := drawMatters(rt, first, homes, units, today)
		if err := s.Update(t.Context(), first, func(tx *Tx) error { return writeMatters(t, tx, all) }); err != nil {
			rt.Fatal(err)
		}
		f := drawSearch(rt, today)
		scope := org.Scope{Roots: []org.UnitID{org.UnitID(rapid.IntRange(1, units).Draw(rt, "scope"))}}
		who, unit := org.UserID(7), org.UnitID(2)
		var want []matter.Ref
		slices.SortFunc(all, func(a, b filed) int {
			return cmp.Or(cmp.Compare(b.us, a.us), cmp.Compare(b.row.Ref.Home, a.row.Ref.Home), cmp.Compare(b.row.Ref.N, a.row.Ref.N))
		})
		for _, m := range all {
			if m.fits(scope.Roots[0], who, unit, f) {
				want = append(want, m.row.Ref)
			}
		}
		side := rapid.SampledFrom([]int{findHomes, findHomes, 1}).Draw(rt, "side by side")
		if side == 1 {
			slices.SortStableFunc(want, func(a, b matter.Ref) int { return cmp.Compare(b.Home, a.Home) })
		}
		s.opt.Look = rapid.IntRange(homes, 12).Draw(rt, "look")
		limit, most, by := rapid.IntRange(1, 4).Draw(rt, "limit"), rapid.IntRange(1, 6).Draw(rt, "round"), rapid.IntRange(-1, 4).Draw(rt, "by")
		var got []matter.Ref
		err := s.Read(t.Context(), func(tx *Tx) error {
			for range 300 {
				x := finding{Tx: tx, scope: scope, who: who, unit: unit, f: f, limit: limit, most: most}
				sources, err := x.sourcesOf(t.Context())
				if err != nil {
					return err
				}
				switch { // all, one alone, none
				case by < 0:
					x.sources = sources
				case by < len(sources):
					x.sources = sources[by : by+1]
				}
				rows, next, err := x.run(t.Context(), side)
				if err != nil {
					return err
				}
				if len(rows) > limit {
					rt.Fatalf("%d rows on a page of %d", len(rows), limit)
				}
				for _, r := range rows {
					got = append(got, r.Ref)
				}
				if next.IsZero() {
					return nil
				}
				f.After = matter.Cursor{Home: next.Home, N: next.N}
			}
			rt.Fatal("it never ends")
			return nil
		})
		if err != nil {
			rt.Fatal(err)
		}
		if d := gocmp.Diff(want, got); d != "" {
			rt.Errorf("by %d of %+v: %s", by, f, d)
		}
	})
}

func drawMatters(rt *rapid.T, home, homes, units int64, today law.Day) (all []filed) {
	us := int64(0)
	for n := range rapid.Int64Range(1, 25).Draw(rt, "matters") {
		us += rapid.Int64Range(0, 2).Draw(rt, "later")
		unit := func(name string) org.UnitID { return org.UnitID(rapid.Int64Range(1, units).Draw(rt, name)) }
		m := filed{us: us, unit: unit("noted"), text: rapid.SampledFrom([]string{"路灯不亮", "路灯坏了有噪音", "噪音"}).Draw(rt, "text")}
		m.row = matter.Row{
			Ref: matter.Ref{Home: home + rapid.Int64Range(0, homes-1).Draw(rt, "home"), N: 20250000000 + n}, Version: 1,
			State: rapid.SampledFrom([]matter.State{matter.StateSigned, matter.StateForwarded}).Draw(rt, "state"), Open: rapid.Bool().Draw(rt, "open"), Unit: unit("holder"),
			Category: rapid.SampledFrom([]string{"N0201", "N0402"}).Draw(rt, "category"), Place: rapid.SampledFrom([]int64{330112001001, 330112001002, 330112002001}).Draw(rt, "place"),
			Received: today.Add(rapid.IntRange(-3, 0).Draw(rt, "received")), Due: today.Add(rapid.IntRange(-2, 2).Draw(rt, "due")), Handler: org.UserID(rapid.IntRange(6, 7).Draw(rt, "handler")),
		}
		if !m.row.Open {
			m.row.Due = law.NoDay
		}
		m.row.DueSafe = m.row.Due
		all = append(all, m)
	}
	return all
}

// writeMatters puts matters in the place of those that are there.
func writeMatters(t *testing.T, tx *Tx, all []filed) error {
	t.Helper()
	for _, clear := range []Stmt{
		Named("test.clear", `delete from matter_unit`), Named("test.clear", `delete from matter`), Named("test.clear", `delete from event`),
		Named("test.clear", `insert into matter_fts (matter_fts) values ('delete-all')`),
	} {
		if _, err := tx.Exec(t.Context(), clear); err != nil {
			return err
		}
	}
	for _, m := range all {
		if err := tx.AppendEvent(t.Context(), m.row.Ref, EventRow{Seq: 1, AtUS: m.us, Day: m.row.Received, Kind: "registered", Actor: []byte("{}"), Body: []byte("{}"), Link: []byte{0}}); err != nil {
			return err
		}
		if err := tx.SaveMatter(t.Context(), m.row); err != nil {
			return err
		}
		if err := tx.AddUnits(t.Context(), m.row.Ref, []org.UnitID{m.row.Unit, m.unit}, m.row.Open); err != nil {
			return err
		}
		if err := tx.IndexMatter(m.row.Ref, m.text); err != nil {
			return err
		}
	}
	return nil
}

func drawSearch(rt *rapid.T, today law.Day) (f matter.Search) {
	some := func(name string) bool { return rapid.IntRange(0, 3).Draw(rt, name) == 0 }
	f.View = rapid.SampledFrom([]matter.View{matter.ViewAny, matter.ViewAny, matter.ViewLate, matter.ViewUnsigned}).Draw(rt, "view")
	f.List, f.Today = matter.ListAll, today
	if some("mine") {
		f.List = matter.ListMine
	}
	if some("by unit") {
		f.Unit = 3
	}
	if some("by place") {
		f.Place = 330112001
	}
	if some("by category") {
		f.Category = "N0201"
	}
	if some("by state") {
		f.State = matter.StateSigned
	}
	if some("by day") {
		f.From = today.Add(-2)
	}
	if some("to day") {
		f.To = today.Add(-1)
	}
	f.Late = some("late")
	f.Words = words.Plain(rapid.SampledFrom([]string{"", "路灯", "噪音", "路灯 噪音"}).Draw(rt, "words"))
	return f
}

// fits says it anew.
func (m filed) fits(root org.UnitID, who org.UserID, _ org.UnitID, f matter.Search) bool {
	r := m.row
	late := r.Open && r.Due < f.Today
	has := func(word string) bool {
		return !slices.ContainsFunc(f.Words.Want, func(p words.Phrase) bool { return p.Tokens[0] == word }) || slices.Contains(words.Tokens(m.text), word)
	}
	return (root == 1 || r.Unit == root || m.unit == root) && (f.View != matter.ViewLate || late) && (f.View != matter.ViewUnsigned || r.Open && r.State == matter.StateForwarded) &&
		(f.List != matter.ListMine || r.Handler == who) && (f.Unit == 0 || r.Unit == f.Unit) && (f.Place == 0 || r.Place/1000 == f.Place) &&
		(f.Category == "" || r.Category == f.Category) && (f.State == matter.StateNone || r.State == f.State) && (!f.From.Known() || r.Received >= f.From) &&
		(!f.To.Known() || r.Received <= f.To) && (!f.Late || late) && has("路灯") && has("噪音")
}

// TestNextRound: a round is as great as likely fills the page, by what fitted until now, and never more than twice the one before.
func TestNextRound(t *testing.T) {
	for _, c := range []struct{ round, looked, fit, wanted, want int }{
		{42, 42, 0, 21, 84},
		{42, 42, 1, 21, 84},    // 840 and more would be needed
		{336, 294, 18, 21, 61}, // 49 and a quarter more
		{42, 42, 21, 21, 8},    // full, but there may be a next page
		{500, 500, 900, 21, 8}, // more than wanted
		{8, 50, 10, 1001, 16},  // bounded by twice the round
		{500, 42, 40, 1001, 1000},
	} {
		w := walk{round: c.round, looked: c.looked, fit: c.fit}
		if got := w.nextRound(c.wanted); got != c.want {
			t.Errorf("%+v: %d", c, got)
		}
	}
}

// TestAmongText: which of some numbers have the words is the same whether each is looked up by itself or hits are read between them.
func TestAmongText(t *testing.T) {
	s := open(t, func(o *Options) { o.Migrations = os.DirFS("migrations") })
	const home, all = 330100, 60
	rapid.Check(t, func(rt *rapid.T) {
		has := rapid.SliceOfN(rapid.Bool(), all, all).Draw(rt, "has")
		if err := s.Update(t.Context(), home, func(tx *Tx) error {
			for i, yes := range has {
				text := "噪音"
				if yes {
					text = "路灯噪音"
				}
				if err := tx.IndexMatter(matter.Ref{Home: home, N: int64(i)}, text); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			rt.Fatal(err)
		}
		ask := rapid.SliceOfNDistinct(rapid.Int64Range(0, all-1), 0, all, rapid.ID).Draw(rt, "asked")
		slices.SortFunc(ask, func(a, b int64) int { return cmp.Compare(b, a) })
		var want []int64
		for _, n := range ask {
			if has[n] {
				want = append(want, n)
			}
		}
		for _, apart := range []int64{0, rapid.Int64Range(1, all).Draw(rt, "apart"), mostApart} {
			if err := s.Read(t.Context(), func(tx *Tx) error {
				got, err := tx.AmongText(t.Context(), words.Plain("路灯"), home, ask, apart)
				slices.SortFunc(got, func(a, b int64) int { return cmp.Compare(b, a) })
				if d := gocmp.Diff(want, got); d != "" {
					rt.Errorf("apart %d: %s", apart, d)
				}
				return err
			}); err != nil {
				rt.Fatal(err)
			}
		}
	})
}
