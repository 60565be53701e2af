package storetest

import (
	"slices"

	"huiyin/internal/find"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
)

// like: what shares terms is found within the scope, the most weight first, and only what is wanted.
func like(b *bed) {
	b.chart()
	b.keyed(1, 3, []uint64{10, 20, 30})
	b.keyed(2, 30, []uint64{20, 30})
	b.keyed(3, 4, []uint64{10, 99}, func(r *matter.Row) { r.Open = false })
	b.keyed(4, 4, []uint64{20}, func(r *matter.Row) { r.Merged = matter.Ref{Home: home, N: 1} })
	b.keyed(5, 4, []uint64{10, 20, 30}, func(r *matter.Row) { r.Sealed = true })
	all := org.Scope{Roots: []org.UnitID{1}}
	terms := []find.Term{{Key: 10, Weight: 0.9}, {Key: 20, Weight: 0.3}, {Key: 30, Weight: 0.4}}
	each := func(matter.Row) bool { return true }
	for _, c := range []struct {
		name  string
		scope org.Scope
		home  int64
		terms []find.Term
		keep  func(matter.Row) bool
		limit int
		want  [][2]int64
	}{
		{"most weight first; a joined one leads to where it hangs", all, home, terms, each, 9, [][2]int64{{1, 1}, {3, 3}, {2, 2}, {4, 1}}},
		{"limited", all, home, terms, each, 2, [][2]int64{{1, 1}, {3, 3}}},
		{"the open ones", all, home, terms, func(r matter.Row) bool { return r.Open }, 2, [][2]int64{{1, 1}, {2, 2}}},
		{"a sibling sees its own", org.Scope{Roots: []org.UnitID{30}}, home, terms, each, 9, [][2]int64{{2, 2}}},
		{"the compartment", org.Scope{Roots: []org.UnitID{4}, Sealed: true}, home, terms, each, 9, nil},
		{"nobody", org.Scope{}, home, terms, each, 9, nil},
		{"another home", all, home + 1, terms, each, 9, nil},
		{"no terms", all, home, nil, each, 9, nil},
	} {
		var got [][2]int64
		b.read(func(tx *store.Tx) error {
			rows, err := tx.MattersLike(b.Context(), c.scope, c.home, c.terms, c.keep, c.limit)
			for _, r := range rows {
				got = append(got, [2]int64{r.Said.N, r.Row.Ref.N})
			}
			return err
		})
		if !slices.Equal(got, c.want) {
			b.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
