package usecase_test

import (
	"maps"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/stat"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
)

// sum fails unless a figure is what is behind it.
func sum(t *testing.T, o *testOffice, who org.Actor, name string, got, want int, ask usecase.FigureListAsk) {
	t.Helper()
	ask.Limit = matter.MaxPage
	list, err := o.FigureMatters(t.Context(), who, ask)
	check(t, err)
	n := 0
	for _, r := range list.Rows {
		n += r.N
	}
	if got != want || n != want {
		t.Errorf("%s: %d with %d behind it, want %d", name, got, n, want)
	}
}

// worked lets an office work through an autumn: two matters of July, one of which is at HR and one at the town still, three of September, one of them ended.
func worked(t *testing.T, o *testOffice) {
	t.Helper()
	day := func(month, d int) { o.moveTo(law.NewDay(2025, 1, 1).AddMonths(month - 1).Add(d - 1)) }
	day(7, 1)
	o.takesUp(t, unitHR, street, "N0307")
	o.sendOn(t, unitTownA, street, "N0307")
	day(9, 2)
	o.givesBack(t, unitHousing, street, "N0307")
	o.takesUp(t, unitHR, street, "N0307")
	ended := o.register(t, unitBureau, "撤回的")
	day(9, 20)
	o.take(t, org.RoleRegistrar, unitBureau, ended, &matter.Screen{Kind: matter.KindAppeal, Level: matter.LevelOrdinary}, &matter.Forward{Unit: unitHR, Mode: matter.ModeTransfer, Why: "归它管"})
	day(9, 26)
}

// What a backlog says of ages, units and months is what lies behind each number.
func TestBacklog(t *testing.T) {
	o := newOffice(t)
	worked(t, o)
	who := o.actor(t, org.RoleLeader, unitCounty)
	b, err := o.Backlog(t.Context(), who, usecase.FigureAsk{Unit: unitCounty})
	check(t, err)
	sum(t, o, who, "all", b.All.Figure(0).Sum, 5, b.All.Behind(0, usecase.PartSum))
	for i, want := range []int{0, 3, 0, 2, 0, 0, 0} {
		sum(t, o, who, "band", b.Bands[i].Figure(0).Sum, want, b.Bands[i].Behind(0, usecase.PartSum))
		n := 0
		for _, r := range b.Bands[i].Rows {
			sum(t, o, who, r.Group, r.Figures[0].Sum, b.Bands[i].Of(0, r.Group).Sum, b.Bands[i].In(0, r.Group, usecase.PartSum))
			n += r.Figures[0].Sum
		}
		if n != want {
			t.Errorf("band %d: units come to %d of %d", i, n, want)
		}
	}
	if b.Upto != law.NewDay(2025, 7, 31) || b.Before != 2 {
		t.Errorf("watched up to %v, %d", b.Upto, b.Before)
	}
	type end struct{ added, ended, stock, left int }
	var got []end
	for _, m := range b.Months[len(b.Months)-4:] {
		e := end{m.Added, m.Ended, m.Stock, 0}
		if m.To >= b.Upto {
			e.left = m.Left.Figure(0).Sum
			sum(t, o, who, m.Name(), e.left, 2, m.Left.Behind(0, usecase.PartSum))
		}
		sum(t, o, who, "added", m.Added, m.Added, b.AddedBehind(m))
		sum(t, o, who, "ended", m.Ended, m.Ended, b.EndedBehind(m))
		got = append(got, e)
	}
	for i, want := range []end{{}, {2, 0, 2, 2}, {0, 0, 2, 2}, {3, 0, 5, 2}} {
		if got[i] != want {
			t.Errorf("month %d: %+v, want %+v", i, got[i], want)
		}
	}
}

// backlogIsTheRecount fails unless what the page of the backlog says as of a day is what comes of counting every fact.
func backlogIsTheRecount(t *testing.T, o *testOffice, facts []stat.Fact, asOf law.Day) {
	t.Helper()
	b, err := o.Backlog(t.Context(), org.System(), usecase.FigureAsk{Period: stat.Period{AsOf: asOf}})
	check(t, err)
	if asOf = min(asOf, o.Today()); b.Ask.Period.AsOf != asOf {
		t.Errorf("as of %v and not %v", b.Ask.Period.AsOf, asOf)
	}
	type cell struct {
		unit string
		age  int
	}
	want, got := map[cell]int{}, map[cell]int{}
	left := func(m usecase.MonthEnd) (n int) {
		for _, f := range facts {
			if f.Measure == stat.Open && f.Basis <= b.Upto && f.Day <= m.AsOf {
				n += f.N
			}
		}
		return n
	}
	for _, f := range facts {
		if f.Measure == stat.Open && f.Day <= asOf {
			for i, age := range stat.Ages() {
				if days := int(asOf - f.Basis); days >= age.Least && (age.Most == 0 || days <= age.Most) {
					for _, at := range []cell{{"", i}, {"", -1}, {strconv.Itoa(int(f.Unit)), i}, {strconv.Itoa(int(f.Unit)), -1}} {
						want[at] += f.N
					}
				}
			}
		}
	}
	keep := func(a usecase.Asked, age int) {
		got[cell{"", age}] += a.Figure(0).Sum
		for _, r := range a.Rows {
			got[cell{r.Group, age}] += r.Figures[0].Sum
		}
	}
	keep(b.All, -1)
	for i, band := range b.Bands {
		keep(band.Asked, i)
	}
	for _, all := range []map[cell]int{want, got} {
		maps.DeleteFunc(all, func(_ cell, n int) bool { return n == 0 })
	}
	if !maps.Equal(want, got) {
		t.Errorf("as of %s: %v, want %v", asOf, got, want)
	}
	for _, m := range b.Months {
		if m.To >= b.Upto && m.Left.Figure(0).Sum != left(m) {
			t.Errorf("as of %s, at the end of %s: %d left, want %d", asOf, m.Name(), m.Left.Figure(0).Sum, left(m))
		}
	}
}

// The way of matters is counted, and from where to where they went; a unit sees what left it and what is below it, and no other.
func TestFlow(t *testing.T) {
	o := newOffice(t)
	worked(t, o)
	who := o.actor(t, org.RoleLeader, unitCounty)
	ask := usecase.FigureAsk{Unit: unitCounty, Period: o.StatPeriod()}
	f, err := o.Flow(t.Context(), who, ask)
	check(t, err)
	if x := f.Steps.Figure(0); x.Of != 5 {
		t.Errorf("%d first submissions", x.Of)
	}
	sum(t, o, who, "accepted", f.Steps.Figure(1).Sum, 2, f.Steps.Behind(1, usecase.PartSum))
	sum(t, o, who, "not accepted", f.Steps.Figure(1).Of-f.Steps.Figure(1).Sum, 3, f.Steps.Behind(1, usecase.PartRest))
	sum(t, o, who, "to HR", f.Moves.Of(0, "2>4").Sum, 3, f.Moves.In(0, "2>4", usecase.PartSum))
	sum(t, o, who, "back from housing", f.Moves.Of(0, "5>2").Sum, 1, f.Moves.In(0, "5>2", usecase.PartSum))
	if x := f.Moves.Of(0, "4>2"); x.Sum != 0 {
		t.Errorf("nothing went from HR to the bureau: %+v", x)
	}
	housing := o.actor(t, org.RoleHead, unitHousing)
	ask.Unit = unitHousing
	f, err = o.Flow(t.Context(), housing, ask)
	check(t, err)
	if len(f.Moves.Rows) != 1 || f.Moves.Rows[0].Group != "5>2" {
		t.Errorf("housing sees %+v", f.Moves.Rows)
	}
	ask.Unit = unitHR
	if _, err := o.Flow(t.Context(), housing, ask); errs.KindOf(err) != errs.NotFound {
		t.Errorf("housing asks about HR: %v", err)
	}
	if _, err := o.Backlog(t.Context(), housing, ask); errs.KindOf(err) != errs.NotFound {
		t.Errorf("housing asks about HR: %v", err)
	}
}

// A unit is told of its own: a handler of theirs and of the unit's, who oversees of all; who may see no matters is told nothing.
func TestHome(t *testing.T) {
	o := newOffice(t)
	worked(t, o)
	for _, tt := range []struct {
		role   org.Role
		unit   org.UnitID
		of     org.UnitID
		lists  []matter.List
		open   int64
		oldest int
		stock  int
	}{
		{org.RoleLeader, unitCounty, unitCounty, []matter.List{matter.ListAll}, 5, 5, 5},
		{org.RoleSupervisor, unitBureau, unitCounty, []matter.List{matter.ListAll}, 5, 5, 5},
		{org.RoleHead, unitHR, unitHR, []matter.List{matter.ListUnit}, 3, 3, 3},
		{org.RoleHandler, unitHR, unitHR, []matter.List{matter.ListMine, matter.ListUnit}, 2, 3, 3},
		{org.RoleHead, unitTownB, unitTownB, []matter.List{matter.ListUnit}, 0, 0, 0},
	} {
		who := o.actor(t, tt.role, tt.unit)
		h, err := o.Home(t.Context(), who)
		check(t, err)
		if h.Unit.ID != tt.of || len(h.Due) != len(tt.lists) || h.Due[0].List != tt.lists[0] || h.Due[0].Views[matter.ViewOpen] != tt.open {
			t.Errorf("%s at %d: unit %d, %+v", tt.role, tt.unit, h.Unit.ID, h.Due)
		}
		if len(h.Oldest) != tt.oldest || len(h.Longest) != tt.oldest || h.Stock.Closing != tt.stock || !h.Stock.Closes() {
			t.Errorf("%s at %d: %d oldest, %d longest, %+v", tt.role, tt.unit, len(h.Oldest), len(h.Longest), h.Stock)
		}
		for i := range h.Oldest {
			if i > 0 && h.Oldest[i].Received < h.Oldest[i-1].Received {
				t.Errorf("%v after %v", h.Oldest[i].Received, h.Oldest[i-1].Received)
			}
		}
	}
	for _, role := range []org.Role{org.RoleAdmin, org.RoleAuditor} {
		who := o.actor(t, role, unitCounty)
		if _, err := o.Home(t.Context(), who); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("home of %s: %v", role, err)
		}
		if _, err := o.Screen(t.Context(), who); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("screen of %s: %v", role, err)
		}
	}
	if _, err := o.Screen(t.Context(), org.Actor{Kind: org.ActorPetitioner}); errs.KindOf(err) != errs.Unauthenticated {
		t.Errorf("screen of a petitioner: %v", err)
	}
}

// The oldest of a unit are told while its sums are made anew, too, though its figures lag.
func TestHomeWhileSumsAreMade(t *testing.T) {
	o := newOffice(t)
	worked(t, o)
	fold(t, o)
	who := o.actor(t, org.RoleLeader, unitCounty)
	home := int64(330112)
	want, err := o.Home(t.Context(), who)
	check(t, err)
	if len(want.Oldest) != 5 {
		t.Fatalf("%d are the oldest", len(want.Oldest))
	}
	o.update(t, func(tx *store.Tx) error {
		if err := tx.ForgetSums(t.Context(), home); err != nil {
			return err
		}
		return tx.SetFoldState(t.Context(), home, store.FoldState{Making: o.Today(), Made: law.NewDay(2025, 3, 1)})
	})
	got, err := o.Home(t.Context(), who)
	check(t, err)
	if d := cmp.Diff(want.Oldest, got.Oldest); d != "" || !got.Week.Making.Known() {
		t.Errorf("made up to %v: %s", got.Week.Making, d)
	}
}

// A screen counts its own subtree, changes when something is written, and shows issues only to who may see them.
func TestScreen(t *testing.T) {
	o := newOffice(t)
	worked(t, o)
	before := o.Changes()
	o.register(t, unitTownA, "今天的")
	if o.Changes() == before {
		t.Error("nothing changed")
	}
	s, err := o.Screen(t.Context(), o.actor(t, org.RoleLeader, unitCounty))
	check(t, err)
	if s.Came.Figure(0).Sum != 1 || s.Came.Of(0, "visit").Sum != 1 || s.Stock.Figure(0).Sum != 6 || s.Days.Figure(0).Sum != 1 || len(s.Places.Rows) == 0 || !s.Issuing {
		t.Errorf("%+v", s)
	}
	handler, err := o.Screen(t.Context(), o.actor(t, org.RoleHandler, unitHR))
	check(t, err)
	if handler.Came.Figure(0).Sum != 0 || handler.Stock.Figure(0).Sum != 3 || handler.Issuing || handler.Issues != nil {
		t.Errorf("a handler's: %+v", handler)
	}
}
