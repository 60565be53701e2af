package usecase_test

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"huiyin/internal/demo"
	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/stat"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
)

// demonstration is an office with the histories of the demonstration, on its day.
func demonstration(t *testing.T, today law.Day) (*testOffice, map[string]org.Actor) {
	t.Helper()
	o := emptyOffice(t)
	o.now.Store(today.StartUS() + 9*3600*1_000_000)
	d, err := demo.Seed(t.Context(), o.Office)
	if err != nil {
		t.Fatal(err)
	}
	people := map[string]org.Actor{"system": org.System()}
	for _, a := range d.Accounts {
		people[a.SignIn] = org.Actor{Kind: org.ActorStaff, Duty: a.Duties[0].Duty}
	}
	return o, people
}

// TestFiguresAreWhatTheEventsSay: whatever of the facts waits, lies in the ledger or in the sums, a figure of any period as of any day, by whatever it is broken down and
// narrowed, is the one that comes of counting the events of every matter.
func TestFiguresAreWhatTheEventsSay(t *testing.T) {
	t.Parallel()
	for name, most := range map[string]int{"in bundles": stat.MostBundle, "some broken down": 400} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			figuresAreWhatTheEventsSay(t, most)
		})
	}
}

func figuresAreWhatTheEventsSay(t *testing.T, most int) {
	t.Helper()
	today := law.NewDay(2026, 3, 20)
	o, people := demonstration(t, today)
	o.BreakDown(most)
	list, err := stat.Indicators()
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, d := range list {
		ids = append(ids, d.ID)
	}
	day := func(y, m, d int) law.Day { return law.NewDay(y, 1, 1).AddMonths(m - 1).Add(d - 1) }
	periods := map[string]stat.Period{
		"this year":       {From: day(2026, 1, 1), To: today, AsOf: today},
		"whole months":    {From: day(2025, 11, 1), To: day(2026, 1, 31), AsOf: today},
		"parts of months": {From: day(2025, 10, 9), To: day(2026, 2, 11), AsOf: today},
		"within a month":  {From: day(2026, 2, 3), To: day(2026, 2, 20), AsOf: today},
		"as of then":      {From: day(2025, 10, 9), To: day(2026, 2, 28), AsOf: day(2026, 2, 28)},
		"as of earlier":   {From: day(2025, 1, 1), To: today, AsOf: day(2025, 12, 5)},
		"as of its end":   {From: day(2025, 1, 1), To: day(2026, 1, 31), AsOf: day(2026, 1, 31)},
		"a year before":   {From: day(2025, 11, 1), To: day(2026, 2, 9), AsOf: day(2026, 2, 9)},
		"later on":        {From: day(2025, 10, 1), To: day(2026, 1, 31), AsOf: day(2026, 2, 19)},
		"a part, later":   {From: day(2025, 11, 7), To: day(2026, 1, 20), AsOf: day(2026, 2, 11)},
		"before all":      {From: day(2019, 1, 1), To: day(2019, 12, 31), AsOf: today},
		"ahead":           {From: day(2025, 1, 1), To: day(2027, 1, 1), AsOf: day(2027, 1, 1)},
	}
	chance := rand.New(rand.NewPCG(1, 2))
	pick := func(n int) int { return chance.IntN(n) }
	names := slices.Sorted(maps.Keys(periods))
	narrowed := []usecase.FigureAsk{{}, {}, {Place: 330112104}, {Category: "N05"}, {Place: 330112104202}, {Place: 330112, Category: "N01"}, {Place: 330112104202, Category: "N03"}, {Category: "N0502"}}
	askers := []string{"system", "leader", "hr-head", "discipline", "city-head", "village"}
	compare := func(t *testing.T, times int) {
		t.Helper()
		facts, err := o.EveryFact(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for range times {
			name, who, ask := names[pick(len(names))], askers[pick(len(askers))], narrowed[pick(len(narrowed))]
			ask.Indicators, ask.Period, ask.By = ids, periods[name], usecase.StatBys()[pick(len(usecase.StatBys()))]
			want, err := o.CountedFrom(facts, people[who], ask)
			if err != nil {
				t.Fatal(err)
			}
			got, err := o.Figures(t.Context(), people[who], ask)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
				t.Fatalf("%s, %+v, for %s:\n%s", name, ask, who, d)
			}
		}
	}
	compare(t, 40) // all of it waits
	if err := o.FoldSome(t.Context(), 9); err != nil {
		t.Fatal(err)
	}
	compare(t, 40)
	fold(t, o)
	compare(t, 300)
	agree(t, o)
	// an upgrade has what is summed made anew, a month in a transaction, while figures are asked for, facts counted and a day goes by
	home := int64(330112)
	o.update(t, func(tx *store.Tx) error { return tx.ForgetSums(t.Context(), home) })
	slices := 0
	check(t, o.MakeSums(t.Context(), home, 25, func() {
		if slices++; slices == 2 {
			_, err := o.Register(t.Context(), people["window"], matter.Intake{
				Channel: matter.ChannelLetter, Title: "路灯不亮", Demands: []string{"修好"}, Place: 330112104202, ReceivedUS: today.Add(-1).StartUS(),
				Petitioners: []matter.Petitioner{{Name: "张三", Phone: "0571-00000001"}},
			}, "")
			check(t, err)
			fold(t, o)
			agree(t, o)
			compare(t, 20)
		}
	}))
	if slices < 3 {
		t.Errorf("made in %d", slices)
	}
	fold(t, o)
	compare(t, 40)
	agree(t, o)
	// a week on, periods of law have passed while nobody did anything
	o.now.Add(7 * 24 * 3600 * 1_000_000)
	for name, p := range periods {
		if p.AsOf == today {
			p.AsOf = today.Add(7)
			periods[name] = p
		}
	}
	compare(t, 40)
	fold(t, o)
	compare(t, 40)
	agree(t, o)
}

// Few that changed are counted together after a while, and not one by one; figures count them at once.
func TestWhatComesTogetherIsCountedTogether(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for i, c := range []struct {
		seconds int64
		counted bool
	}{{0, true}, {2, false}, {2, false}, {30, true}} {
		o.now.Add(c.seconds * 1_000_000)
		o.register(t, unitBureau, "路灯不亮")
		if n, err := o.FoldShared(t.Context()); err != nil || (n > 0) != c.counted {
			t.Errorf("%d: %d counted, %v", i, n, err)
		}
		f, err := o.Figures(t.Context(), org.System(), usecase.FigureAsk{Indicators: []string{"submissions"}, Period: o.StatPeriod()})
		if err != nil || f.All[0].Sum != i+1 {
			t.Errorf("%d: %+v, %v", i, f.All, err)
		}
	}
}

func fold(t *testing.T, o *testOffice) {
	t.Helper()
	if _, err := o.Fold(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// agree fails the test if anything kept beside the events does not follow from them.
func agree(t *testing.T, o *testOffice) {
	t.Helper()
	r, err := o.Rebuild(t.Context(), org.System(), usecase.RebuildOptions{})
	if err != nil || len(r.Differences) > 0 {
		t.Fatal(fmt.Sprint(r.Differences), err)
	}
}

// A letter that is found in a drawer: it came in March, and was on record in May only. What was said of March in April stays what was said, and the difference shows.
func TestLateCorrectionsShow(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.moveTo(law.NewDay(2026, 3, 10))
	o.register(t, unitBureau, "路灯不亮")
	fold(t, o)
	o.moveTo(law.NewDay(2026, 5, 6))
	who := o.actor(t, org.RoleRegistrar, unitBureau)
	if _, err := o.Register(t.Context(), who, matter.Intake{
		Channel: matter.ChannelLetter, Title: "水管漏水", Demands: []string{"修好"}, Place: 330112104202, ReceivedUS: law.NewDay(2026, 3, 12).StartUS(),
		Petitioners: []matter.Petitioner{{Name: "张三", Phone: "0571-00000001"}},
	}, ""); err != nil {
		t.Fatal(err)
	}
	march := stat.Period{From: law.NewDay(2026, 3, 1), To: law.NewDay(2026, 3, 31), AsOf: law.NewDay(2026, 3, 31)}
	for _, folded := range []bool{false, true} {
		if folded {
			fold(t, o)
		}
		for _, c := range []struct {
			recorded law.Day
			want     int
		}{{law.NoDay, 2}, {law.NewDay(2026, 4, 1), 1}, {law.NewDay(2026, 5, 6), 2}, {law.NewDay(2026, 3, 9), 0}} {
			ask := usecase.FigureListAsk{FigureAsk: usecase.FigureAsk{Indicators: []string{"submissions"}, Period: march}, Limit: 10}
			ask.Period.Recorded = c.recorded
			list, err := o.FigureMatters(t.Context(), who, ask)
			if err != nil {
				t.Fatal(err)
			}
			if list.Figure.Sum != c.want || len(list.Rows) != c.want {
				t.Errorf("folded %v, as recorded by %s: %d with %d behind it, want %d", folded, c.recorded, list.Figure.Sum, len(list.Rows), c.want)
			}
		}
	}
}

// Behind a figure of a unit lies a matter that its people may no longer see: it is counted, and nothing of it is said.
func TestWhatIsOutOfSightIsCountedOnly(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ref := o.register(t, unitTownA, "村道塌方")
	o.update(t, func(tx *store.Tx) error {
		return tx.RemoveUnits(t.Context(), ref, []org.UnitID{unitTownA, unitCounty, unitBureau})
	})
	ask := usecase.FigureListAsk{FigureAsk: usecase.FigureAsk{Indicators: []string{"submissions"}, Period: o.StatPeriod()}, Limit: 10}
	for _, folded := range []bool{false, true} {
		if folded {
			fold(t, o)
		}
		list, err := o.FigureMatters(t.Context(), o.actor(t, org.RoleHead, unitTownA), ask)
		if err != nil {
			t.Fatal(err)
		}
		if len(list.Rows) != 1 || !list.Rows[0].Hidden || list.Rows[0].Title != "" || list.Rows[0].Ref != (matter.Ref{}) || list.Rows[0].N != 1 {
			t.Errorf("folded %v: %+v", folded, list)
		}
		other, err := o.FigureMatters(t.Context(), o.actor(t, org.RoleHead, unitTownB), ask)
		if err != nil || other.Figure.Sum != 0 || len(other.Rows) != 0 {
			t.Errorf("another town: %+v, %v", other, err)
		}
	}
	for _, role := range []org.Role{org.RoleAdmin, org.RoleAuditor} {
		if _, err := o.FigureMatters(t.Context(), o.actor(t, role, unitCounty), ask); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("%s: %v", role, err)
		}
	}
	for _, who := range []org.Actor{{}, {Kind: org.ActorPetitioner, Home: ref.Home, Submission: ref.N}} {
		if _, err := o.Figures(t.Context(), who, ask.FigureAsk); errs.KindOf(err) != errs.Unauthenticated {
			t.Errorf("%v: %v", who, err)
		}
	}
	out := ask.FigureAsk
	out.Unit = unitTownB
	if _, err := o.Figures(t.Context(), o.actor(t, org.RoleHead, unitTownA), out); errs.KindOf(err) != errs.NotFound {
		t.Errorf("a unit beside: %v", err)
	}
}

// What is kept of the figures is compared with the events to the last unit, and counted anew where it differs; a matter older than its facts is counted when it is found.
func TestRebuildCountsFiguresAnew(t *testing.T) {
	t.Parallel()
	for name, tampering := range map[string]string{
		"a fact more": `update stat_fact set n = n + 1 where entry = 0`, "a fact less": `delete from stat_fact where entry = 1`, "another day": `update stat_fact set day = day - 1 where entry = 2`,
		"a sum gone": `delete from stat_cell where dim = 'place'`, "sums of another month": `update stat_cell set month = month - 1 where unit_id = 0`, "no units": `delete from stat_unit`,
		"what stocks came to": `insert into stat_cell (home, dim, unit_id, month, code, sealed, counts) select home, dim, unit_id, 0, code, sealed, counts from stat_cell where dim = 'all' and unit_id = 0 limit 1`, "another unit": `update stat_cell set unit_id = 4711 where dim = 'bundle' and unit_id = (select min(unit_id) from stat_cell where dim = 'bundle')`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := populated(t)
			if _, err := d.Fold(t.Context()); err != nil {
				t.Fatal(err)
			}
			_, err := d.Sequence(t.Context())
			check(t, err)
			assertSound(t, d)
			d.tamper(t, tampering)
			r, err := d.Rebuild(t.Context(), org.System(), usecase.RebuildOptions{})
			check(t, err)
			if len(r.Differences) != 1 || r.Differences[0].Code != "rebuild.sums" {
				t.Errorf("%+v", r)
			}
			_, err = d.Rebuild(t.Context(), org.System(), usecase.RebuildOptions{Fix: true})
			check(t, err)
			assertSound(t, d)
		})
	}
	t.Run("sums to be made anew", func(t *testing.T) {
		t.Parallel()
		d := populated(t)
		_, err := d.Fold(t.Context())
		check(t, err)
		_, err = d.Sequence(t.Context())
		check(t, err)
		ask := usecase.FigureAsk{Indicators: []string{"submissions", "stock", "on_time_a"}, Period: stat.Period{From: 1, To: d.Today(), AsOf: d.Today()}, By: usecase.ByMonth}
		want, err := d.Figures(t.Context(), org.System(), ask)
		check(t, err)
		d.tamper(t, `delete from stat_cell`, `update stat_fold set day = 0`) // as the step that orders the ledger leaves them
		for range 2 {
			got, err := d.Figures(t.Context(), org.System(), ask)
			check(t, err)
			if d := cmp.Diff(want, got); d != "" || want.All[0].Sum != 3 {
				t.Error(d)
			}
			_, err = d.Fold(t.Context())
			check(t, err)
		}
		assertSound(t, d)
	})
	t.Run("after an upgrade", func(t *testing.T) {
		t.Parallel()
		d := populated(t)
		figures := func() usecase.Figures {
			f, err := d.Figures(t.Context(), org.System(), usecase.FigureAsk{
				Indicators: []string{"submissions"}, Period: stat.Period{From: 1, To: d.Today(), AsOf: d.Today()},
			})
			check(t, err)
			return f
		}
		want := figures()
		d.tamper(t, `update stat_matter set state = 2, facts = cast('' as blob), folded = null`)
		if f := figures(); !f.Filling || f.All[0].Sum != 0 {
			t.Errorf("before: %+v", f)
		}
		for range 3 {
			if _, err := d.Fold(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if d := cmp.Diff(want, figures()); d != "" || want.All[0].Sum != 3 {
			t.Error(d)
		}
	})
}

// However matters go, are joined and taken apart, given back, moved on, and their units moved and ended, while days pass and facts are counted now and then: figures are what
// the events say, what is behind them comes to them, and what is kept agrees to the last unit.
func TestFiguresOfRandomHistories(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.BreakDown(300)
	first := o.Today()
	var joined [][2]matter.Ref
	var loose []matter.Ref
	admin, desk := o.actor(t, org.RoleAdmin, unitCounty), o.actor(t, org.RoleRegistrar, unitBureau)
	rapid.Check(t, func(rt *rapid.T) {
		unit := rapid.SampledFrom([]org.UnitID{unitHR, unitHousing, unitTownA}).Draw(rt, "unit")
		place := rapid.SampledFrom([]int64{street, elsewhere}).Draw(rt, "place")
		category := rapid.SampledFrom([]string{"N0307", "N0306", "N0502"}).Draw(rt, "category")
		switch rapid.IntRange(0, 9).Draw(rt, "what") {
		case 0:
			o.takesUp(t, unit, place, category)
		case 1:
			o.givesBack(t, unit, place, category)
		case 2:
			o.movedOn(t, unit, unitTownB, place, category)
		case 3, 4:
			loose = append(loose, o.register(t, unitBureau, "路灯不亮"))
		case 5:
			if len(loose) > 1 {
				pair := [2]matter.Ref{loose[0], loose[1]}
				loose = loose[2:]
				check(t, o.Join(t.Context(), desk, pair[0], pair[1], "同一件事"))
				joined = append(joined, pair)
			}
		case 6:
			if len(joined) > 0 {
				check(t, o.Separate(t.Context(), desk, joined[0][0], joined[0][1], "两件事"))
				joined = joined[1:]
			}
		case 7, 8:
			o.moveTo(o.Today().Add(rapid.IntRange(1, 25).Draw(rt, "days")))
		default:
			fold(t, o)
		}
	})
	for _, apart := range []bool{false, true} { // whatever chance has left out
		one, two := o.register(t, unitBureau, "路灯不亮"), o.register(t, unitBureau, "路灯不亮")
		check(t, o.Join(t.Context(), desk, one, two, "同一件事"))
		if apart {
			check(t, o.Separate(t.Context(), desk, one, two, "两件事"))
		}
	}
	check(t, o.MoveUnit(t.Context(), admin, unitVillageA1, unitTownB))
	_, err := o.EndUnit(t.Context(), admin, unitHR, unitHousing)
	check(t, err)
	for {
		n, err := o.SucceedMatters(t.Context())
		check(t, err)
		if n == 0 {
			break
		}
	}
	for round := range 2 {
		agree(t, o)
		facts, err := o.EveryFact(t.Context())
		check(t, err)
		for _, asOf := range []law.Day{o.Today(), o.Today().Add(-17), o.Today().AddMonths(-1), law.NewDay(2025, 12, 31), o.Today().Add(40)} {
			backlogIsTheRecount(t, o, facts, asOf)
		}
		list, err := stat.Indicators()
		check(t, err)
		for i, d := range list {
			for k, by := range []usecase.StatBy{usecase.ByUnit, usecase.ByMonth, usecase.ByPlace} {
				ask := usecase.FigureAsk{Indicators: []string{d.ID}, Period: stat.Period{From: first, To: o.Today(), AsOf: o.Today()}, By: by}
				want, err := o.CountedFrom(facts, org.System(), ask)
				check(t, err)
				got, err := o.Figures(t.Context(), org.System(), ask)
				check(t, err)
				if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
					t.Fatalf("%s by %s:\\n%s", ask.Indicators[0], by, d)
				}
				if (i+k+round)%3 != 0 { // each in turn
					continue
				}
				listIsTheFigure(t, o, usecase.FigureListAsk{FigureAsk: ask, Limit: 7}, got.All[0])
				ask.Period.AsOf = ask.Period.AsOf.Add(-17)
				got, err = o.Figures(t.Context(), org.System(), ask)
				check(t, err)
				for _, row := range got.Rows {
					listIsTheFigure(t, o, usecase.FigureListAsk{FigureAsk: ask, Group: row.Group, Limit: 2}, row.Figures[0])
				}
				ask.Period.Recorded = o.Today().Add(-5)
				got, err = o.Figures(t.Context(), org.System(), ask)
				check(t, err)
				listIsTheFigure(t, o, usecase.FigureListAsk{FigureAsk: ask, Limit: 2}, got.All[0])
			}
		}
		fold(t, o)
	}
}

// listIsTheFigure walks through all pages behind each part of a figure.
func listIsTheFigure(t *testing.T, o *testOffice, ask usecase.FigureListAsk, want stat.Figure) {
	t.Helper()
	sum := want.Sum
	if want.Kind == stat.KindTime {
		sum = want.Times.Count()
	}
	parts := map[usecase.FigurePart]int{usecase.PartSum: sum}
	if want.Kind == stat.KindShare {
		parts[usecase.PartOf], parts[usecase.PartRest] = want.Of, want.Of-want.Sum
	}
	for part, sum := range parts {
		n, last := 0, law.Day(math.MaxInt32)
		ask.Part, ask.After = part, ""
		if ask.Group == "" {
			ask.By = usecase.ByNothing
		}
		for more := true; more; more = ask.After != "" {
			page, err := o.FigureMatters(t.Context(), org.System(), ask)
			check(t, err)
			for _, r := range page.Rows {
				if r.Day > last {
					t.Errorf("%s stands behind %s", r.Day, last)
				}
				n, last = n+r.N, r.Day
			}
			ask.After = page.Next
		}
		if n != sum {
			t.Fatalf("%d behind %q of %+v, which is %d", n, part, ask, sum)
		}
	}
}
