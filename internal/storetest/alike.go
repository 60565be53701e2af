package storetest

import (
	"slices"

	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
)

// keyed writes a matter with a sketch.
func (b *bed) keyed(n int64, unit org.UnitID, keys []uint64, change ...func(*matter.Row)) {
	b.Helper()
	b.matter(n, unit, day(1), change...)
	b.write(func(tx *store.Tx) error { return tx.SketchMatter(b.Context(), matter.Ref{Home: home, N: n}, keys) })
}

// alike gives the numbers of what shares keys, with those it was joined to behind them.
func (b *bed) alike(scope org.Scope, in int64, limit int, keys ...uint64) [][3]int64 {
	b.Helper()
	out := [][3]int64{}
	b.read(func(tx *store.Tx) error {
		rows, err := tx.MattersAlike(b.Context(), scope, in, keys, limit)
		for _, r := range rows {
			out = append(out, [3]int64{r.Said.N, r.Row.Ref.N, int64(r.Keys)})
		}
		return err
	})
	return out
}

func alike(b *bed) {
	b.chart()
	b.keyed(1, 3, []uint64{10, 20, 30})
	b.keyed(2, 30, []uint64{10, 20, 1 << 63})
	b.keyed(3, 4, []uint64{10, 99})
	b.keyed(4, 4, []uint64{10, 20}, func(r *matter.Row) { r.Merged = matter.Ref{Home: home, N: 1} })
	b.keyed(5, 3, nil)
	// keys that a fault might have left in a sealed one: it is not given even to who is in the compartment
	b.keyed(6, 4, []uint64{10, 20, 30}, func(r *matter.Row) { r.Sealed = true })
	all := org.Scope{Roots: []org.UnitID{1}}
	for _, c := range []struct {
		name  string
		scope org.Scope
		home  int64
		limit int
		keys  []uint64
		want  [][3]int64
	}{
		{"most first, then newest; a joined one leads to where it hangs", all, home, 9, []uint64{10, 20, 30}, [][3]int64{{1, 1, 3}, {4, 1, 2}, {2, 2, 2}, {3, 3, 1}}},
		{"limited", all, home, 2, []uint64{10, 20, 30}, [][3]int64{{1, 1, 3}, {4, 1, 2}}},
		{"a sibling sees its own", org.Scope{Roots: []org.UnitID{30}}, home, 9, []uint64{10, 20, 30}, [][3]int64{{2, 2, 2}}},
		{"not what was joined to another's", org.Scope{Roots: []org.UnitID{4}}, home, 9, []uint64{10, 20}, [][3]int64{{3, 3, 1}}},
		{"the compartment", org.Scope{Roots: []org.UnitID{4}, Sealed: true}, home, 9, []uint64{10, 20}, [][3]int64{}},
		{"everything there is", org.Scope{All: true, Sealed: true}, home, 9, []uint64{30}, [][3]int64{{1, 1, 1}}},
		{"nobody", org.Scope{}, home, 9, []uint64{10}, [][3]int64{}},
		{"another home", all, home + 1, 9, []uint64{10}, [][3]int64{}},
		{"no keys", all, home, 9, nil, [][3]int64{}},
	} {
		if got := b.alike(c.scope, c.home, c.limit, c.keys...); !slices.Equal(got, c.want) {
			b.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	b.write(func(tx *store.Tx) error {
		return tx.SketchMatter(b.Context(), matter.Ref{Home: home, N: 1}, []uint64{77})
	})
	if got := b.alike(all, home, 9, 30, 77); !slices.Equal(got, [][3]int64{{1, 1, 1}}) {
		b.Errorf("written anew: %v", got)
	}
	b.titled()
	b.many(all)
}

// titled: the words of a title are found in open matters within the scope and at the place, the newest first.
func (b *bed) titled() {
	b.Helper()
	for n, change := range map[int64]func(*matter.Row){
		11: func(*matter.Row) {}, 12: func(r *matter.Row) { r.Open = false }, 13: func(r *matter.Row) { r.Place = 330112002 },
		14: func(r *matter.Row) { r.Sealed = true }, 15: func(r *matter.Row) { r.Unit, r.Receiver = 30, 30 },
	} {
		b.matter(n, map[bool]org.UnitID{true: 30, false: 3}[n == 15], day(1), change)
		b.write(func(tx *store.Tx) error { return tx.IndexMatter(matter.Ref{Home: home, N: n}, "lamp broken") })
	}
	for _, c := range []struct {
		root  org.UnitID
		place int64
		title string
		want  []int64
	}{{1, 0, "lamp broken", []int64{15, 13, 11}}, {1, 330112001, "lamp", []int64{15, 11}}, {30, 0, "lamp", []int64{15}}, {1, 0, "broken lamp", []int64{15, 13, 11}}, {1, 0, "lamps", nil}} {
		b.read(func(tx *store.Tx) error {
			rows, err := tx.MattersTitled(b.Context(), org.Scope{Roots: []org.UnitID{c.root}}, home, c.title, c.place, 9)
			var got []int64
			for _, r := range rows {
				got = append(got, r.Ref.N)
			}
			if !slices.Equal(got, c.want) {
				b.Errorf("unit %d, place %d, %q: %v, want %v", c.root, c.place, c.title, got, c.want)
			}
			return err
		})
	}
}

// many: of a key that very many have the newest are looked at, so that another key still tells which of the old ones is meant.
func (b *bed) many(scope org.Scope) {
	b.Helper()
	const n = 300
	for i := range int64(n) {
		keys := []uint64{500}
		if i == 3 {
			keys = append(keys, 501)
		}
		b.keyed(1000+i, 3, keys)
	}
	got := b.alike(scope, home, n, 500, 501)
	if len(got) != 65 || got[0] != [3]int64{1299, 1299, 1} || !slices.Contains(got, [3]int64{1003, 1003, 1}) {
		b.Errorf("%d found, first %v", len(got), got[0])
	}
}
