package storetest

import (
	"slices"

	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
)

// waits holds what is said of waiting to the open matters of a list and of the scope.
func waits(b *bed) {
	b.chart()
	since := func(n int64, state matter.State) func(*matter.Row) {
		return func(r *matter.Row) { r.ChangedUS, r.State = n, state }
	}
	b.matter(1, 3, day(9), since(30, matter.StateSigned))
	b.matter(2, 3, day(2), since(10, matter.StateForwarded))
	b.matter(3, 3, law.NoDay, since(20, matter.StateForwarded))
	b.matter(4, 30, day(1), since(5, matter.StateSigned))
	b.matter(5, 3, law.NoDay, func(r *matter.Row) { r.Open = false })
	for _, c := range []struct {
		scope org.Scope
		list  matter.List
		rows  []int64
		waits []store.Wait
	}{
		{org.Scope{Roots: []org.UnitID{1}}, matter.ListAll, []int64{4, 2, 3}, []store.Wait{{State: matter.StateSigned, N: 2, SinceUS: 5}, {State: matter.StateForwarded, N: 2, SinceUS: 10}}},
		{org.Scope{Roots: []org.UnitID{1}}, matter.ListUnit, []int64{2, 3, 1}, []store.Wait{{State: matter.StateForwarded, N: 2, SinceUS: 10}, {State: matter.StateSigned, N: 1, SinceUS: 30}}},
		{org.Scope{Roots: []org.UnitID{30}}, matter.ListAll, []int64{4}, []store.Wait{{State: matter.StateSigned, N: 1, SinceUS: 5}}},
		{org.Scope{}, matter.ListAll, nil, nil},
	} {
		b.read(func(tx *store.Tx) error {
			f := matter.Filter{List: c.list, View: matter.ViewOpen, Today: day(0), Limit: 3}
			w, err := tx.Waits(b.Context(), c.scope, 7, 3, f)
			var got []int64
			for _, ref := range w.Longest {
				got = append(got, ref.N)
			}
			if !slices.Equal(got, c.rows) || !slices.Equal(w.States, c.waits) {
				b.Errorf("%+v %s: %v %v", c.scope, c.list, got, w.States)
			}
			return err
		})
	}
}

// lights holds the views to the light that the same row shows: what is due soon or late, and nothing without a day.
func lights(b *bed) {
	b.chart()
	for n := range int64(12) {
		b.matter(n+1, 3, day(int(n)))
	}
	b.matter(20, 3, law.NoDay)
	b.matter(21, 3, day(8), func(r *matter.Row) { r.DueSafe = day(3) })
	today := day(2)
	scope := org.Scope{Roots: []org.UnitID{1}}
	for _, c := range []struct {
		view  matter.View
		light law.Light
	}{{matter.ViewSoon, law.LightSoon}, {matter.ViewLate, law.LightLate}} {
		b.read(func(tx *store.Tx) error {
			all, err := tx.Matters(b.Context(), scope, 7, 3, matter.Filter{List: matter.ListAll, View: matter.ViewOpen, Today: today, Limit: 50})
			if err != nil {
				return err
			}
			var want []int64
			for _, r := range all {
				if r.Light(today) == c.light {
					want = append(want, r.Ref.N)
				}
			}
			f := matter.Filter{List: matter.ListAll, View: c.view, Today: today, Limit: 50}
			if got := b.list(scope, f); !slices.Equal(got, want) || len(want) == 0 {
				b.Errorf("%s: %v, the lights say %v", c.view, got, want)
			}
			n, err := tx.CountMatters(b.Context(), scope, 7, 3, f, store.MaxCount)
			if n != int64(len(want)) {
				b.Errorf("%s: counted %d, the lights say %d", c.view, n, len(want))
			}
			return err
		})
	}
	if got := b.list(scope, matter.Filter{List: matter.ListAll, View: matter.ViewThree, Today: today, Latest: day(7), Limit: 50}); !slices.Equal(got, []int64{3, 4, 5, 6}) {
		b.Errorf("due by %v: %v", day(7), got) // what is legally due later is not looked at, whatever its safe day
	}
	for view, want := range map[matter.View][]int64{matter.ViewToday: {3}, matter.ViewThree: {3, 4, 5, 6, 21}} { //nolint:exhaustive // the fifth is due in two days, the last by its safe day in one
		if got := b.list(scope, matter.Filter{List: matter.ListAll, View: view, Today: today, Limit: 50}); !slices.Equal(got, want) {
			b.Errorf("%s: %v, want %v", view, got, want)
		}
	}
}
