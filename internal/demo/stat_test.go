package demo_test

import (
	"testing"

	"huiyin/internal/demo"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/stat"
	"huiyin/internal/usecase"
)

// On real histories the stock of every period closes, the groups add up to the whole, and what is counted as of a past day does not change with what came after.
func TestFiguresOfTheDemonstration(t *testing.T) {
	t.Parallel()
	today := law.NewDay(2026, 3, 20)
	o := office(t, today)
	_, err := demo.Seed(t.Context(), o)
	check(t, err)
	count := func(id string, by usecase.StatBy, p stat.Period) usecase.Figures {
		t.Helper()
		a, err := o.Figures(t.Context(), org.System(), usecase.FigureAsk{Indicators: []string{id}, Period: p, By: by})
		check(t, err)
		return a
	}
	for _, back := range []int{0, 7, 30, 90, 200} {
		p := stat.Period{From: today.Add(-back - 60), To: today.Add(-back), AsOf: today.Add(-back)}
		a := count("stock", usecase.ByUnit, p)
		b, err := o.Balance(t.Context(), org.System(), usecase.FigureAsk{Period: p})
		check(t, err)
		if !b.Closes() || b.Closing != a.All[0].Sum || back == 0 && a.All[0].Sum == 0 {
			t.Errorf("%d days ago: %+v, stock %d", back, b, a.All[0].Sum)
		}
		sum := 0
		for _, r := range a.Rows {
			if r.Figures[0].Sum < 0 {
				t.Errorf("%d days ago unit %s has %d", back, r.Group, r.Figures[0].Sum)
			}
			sum += r.Figures[0].Sum
		}
		if sum != a.All[0].Sum {
			t.Errorf("%d days ago the units have %d, all %d", back, sum, a.All[0].Sum)
		}
	}
	open := 0
	for _, m := range matters(t, o) {
		if !m.Merged && m.State.Open() {
			open++
		}
	}
	if a := count("stock", usecase.ByNothing, o.StatPeriod()); a.All[0].Sum < open {
		t.Errorf("a stock of %d, %d are open", a.All[0].Sum, open)
	}
	for _, by := range usecase.StatBys() {
		if by == usecase.ByMove {
			continue // of moves alone
		}
		a := count("timely_acceptance", by, stat.Period{From: today.Add(-400), To: today, AsOf: today})
		sum, of := 0, 0
		for _, r := range a.Rows {
			sum, of = sum+r.Figures[0].Sum, of+r.Figures[0].Of
			if o.GroupName(by, r.Group, false) == "" {
				t.Errorf("by %s: %s has no name", by, r.Group)
			}
		}
		if by != usecase.ByNothing && (sum != a.All[0].Sum || of != a.All[0].Of) || a.All[0].Of == 0 {
			t.Errorf("by %s: %d of %d, all %+v", by, sum, of, a.All[0])
		}
	}
}

// Behind every figure of everybody are exactly the matters that make it, page by page; of those out of sight there is a number and nothing more.
func TestListsComeToTheirFigures(t *testing.T) {
	t.Parallel()
	today := law.NewDay(2026, 3, 20)
	o := office(t, today)
	d, err := demo.Seed(t.Context(), o)
	check(t, err)
	definitions, err := stat.Indicators()
	check(t, err)
	seen := 0
	for _, name := range []string{"leader", "petition-head", "hr-head", "discipline"} {
		who := actor(t, o, d, name)
		if name == "hr-head" { // until then everything waits, from then on nothing does
			_, err := o.Fold(t.Context())
			check(t, err)
		}
		for _, def := range definitions {
			ask := usecase.FigureAsk{Indicators: []string{def.ID}, Period: stat.Period{From: today.Add(-300), To: today, AsOf: today}, By: usecase.ByUnit}
			figures, err := o.Figures(t.Context(), who, ask)
			check(t, err)
			groups := append(figures.Rows, usecase.FigureRow{Figures: figures.All})
			for i, g := range groups {
				list := usecase.FigureListAsk{FigureAsk: ask, Group: g.Group, Limit: 3}
				if i == len(groups)-1 {
					list.By = usecase.ByNothing
				}
				want := g.Figures[0].Sum
				if def.Kind == stat.KindTime {
					want = g.Figures[0].Times.Count()
				}
				n, rows := behind(t, o, who, list)
				if seen += rows; n != want {
					t.Errorf("%s, %s, group %q: %d behind a figure of %d", name, def.ID, g.Group, n, want)
				}
				if def.Kind != stat.KindShare {
					continue
				}
				list.Part = usecase.PartOf
				if n, _ := behind(t, o, who, list); n != g.Figures[0].Of {
					t.Errorf("%s, %s, group %q: %d behind a divisor of %d", name, def.ID, g.Group, n, g.Figures[0].Of)
				}
				list.Part = usecase.PartRest
				if n, _ := behind(t, o, who, list); n != g.Figures[0].Of-g.Figures[0].Sum {
					t.Errorf("%s, %s, group %q: %d behind the rest %d", name, def.ID, g.Group, n, g.Figures[0].Of-g.Figures[0].Sum)
				}
			}
		}
	}
	if seen == 0 {
		t.Error("nothing is behind any figure")
	}
}

// behind counts what is behind a figure, on all its pages, and the rows that are seen.
func behind(t *testing.T, o *usecase.Office, who org.Actor, ask usecase.FigureListAsk) (n, seen int) {
	t.Helper()
	for {
		list, err := o.FigureMatters(t.Context(), who, ask)
		check(t, err)
		for _, r := range list.Rows {
			n += r.N
			switch {
			case !r.Hidden:
				seen++
			case r.Ref != (matter.Ref{}):
				t.Errorf("a hidden row says %v", r.Ref)
			}
		}
		if list.Next == "" {
			return n, seen
		}
		ask.After = list.Next
	}
}

// actor is an account in its first duty.
func actor(t *testing.T, o *usecase.Office, d demo.Demo, name string) org.Actor {
	t.Helper()
	in, err := o.SignIn(t.Context(), name, d.Password)
	check(t, err)
	return org.Actor{Kind: org.ActorStaff, User: in.User, Duty: in.Duties[0].Duty}
}
