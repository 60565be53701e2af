package storetest

import (
	"cmp"
	"slices"

	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/query"
	"huiyin/internal/store"
)

func search(b *bed) {
	b.chart()
	//nolint:gosmopolitan // Chinese is what is searched
	texts := map[int64]string{1: "小区夜间施工噪音扰民", 2: "噪声和音乐", 3: "物业费 2026 年 3 月涨价", 4: "Road A12 broken"}
	for n, text := range texts {
		b.matter(n, 3, day(int(n)))
		b.write(func(tx *store.Tx) error { return tx.IndexMatter(matter.Ref{Home: home, N: n}, text) })
	}
	scope := org.Scope{Roots: []org.UnitID{1}}
	//nolint:gosmopolitan // likewise
	for words, want := range map[string][]int64{"噪音": {1}, "施工噪音": {1}, "噪": {2, 1}, "物业 涨价": {3}, "2026": {3}, "road": {4}, "没有这个": nil, `"噪音" OR 1`: nil, "“和音乐”": {2}, "噪 -音乐": {1}, "噪 －“夜间 施工”": {2, 1}} {
		asked, err := query.Parse(words)
		if err != nil {
			b.Errorf("%q: %v", words, err)
		}
		if got, next := b.find(scope, matter.Search{Filter: matter.Filter{View: matter.ViewAny, Limit: 10}, Words: asked}); !slices.Equal(got, want) || !next.IsZero() {
			b.Errorf("%q finds %v and goes on at %v, want %v", words, got, next, want)
		}
	}
}

// find searches for anybody of unit 3.
func (b *bed) find(scope org.Scope, f matter.Search) (found []int64, next matter.Ref) {
	b.Helper()
	f.Today = day(0)
	b.read(func(t *store.Tx) error {
		rows, at, err := t.Find(b.Context(), scope, 7, 3, f)
		for _, r := range rows {
			found = append(found, r.Ref.N)
		}
		next = at
		return err
	})
	return found, next
}

// conditions: each narrows to the matters that meet it, with words and without, whatever else is asked.
func conditions(b *bed) {
	b.chart()
	change := []func(*matter.Row){ // from the second on, each is met by its own matter alone
		func(*matter.Row) {},
		func(r *matter.Row) { r.Category = "N0201" },
		func(r *matter.Row) { r.Place = 330112104 },
		func(r *matter.Row) { r.State = matter.StateForwarded },
		func(r *matter.Row) { r.Channel = matter.ChannelLetter },
		func(r *matter.Row) { r.Received = day(-5) },
		func(r *matter.Row) { r.Received = day(5) },
		func(r *matter.Row) { r.Due = day(-1) },
		func(r *matter.Row) { r.Open, r.Due, r.State = false, law.NoDay, matter.StateCompleted },
		func(r *matter.Row) { r.Handler = 7 },
		func(r *matter.Row) { r.Unit = 4 },
		func(r *matter.Row) { r.Merged, r.Open = matter.Ref{Home: home, N: 1}, false }, // rests on another: never found
		func(r *matter.Row) { r.Sealed, r.Title = true, "" },                           // never found in an open scope
	}
	for i, c := range change {
		n := int64(i + 1)
		b.matter(n, 2, day(9), c)
		b.write(func(tx *store.Tx) error {
			if err := tx.IndexMatter(matter.Ref{Home: home, N: n}, "unpaid wages"); err != nil {
				return err
			}
			return tx.AddUnits(b.Context(), matter.Ref{Home: home, N: n}, []org.UnitID{4}, true)
		})
	}
	for _, words := range []query.Query{{}, query.Plain("wages")} {
		for name, c := range map[string]struct {
			f    matter.Search
			want []int64
		}{
			"none":     {matter.Search{}, []int64{11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1}},
			"category": {matter.Search{Filter: matter.Filter{Category: "N0201"}}, []int64{2}},
			"above":    {matter.Search{Filter: matter.Filter{Category: "N02"}}, []int64{2}},
			"sibling":  {matter.Search{Filter: matter.Filter{Category: "N0202"}}, nil},
			"place":    {matter.Search{Filter: matter.Filter{Place: 330112104}}, []int64{3}},
			"stage":    {matter.Search{State: matter.StateForwarded}, []int64{4}},
			"channel":  {matter.Search{Channel: matter.ChannelLetter}, []int64{5}},
			"until":    {matter.Search{To: day(-5)}, []int64{6}},
			"from":     {matter.Search{From: day(5)}, []int64{7}},
			"day":      {matter.Search{From: day(0), To: day(0), Late: true}, []int64{8}},
			"ended":    {matter.Search{Filter: matter.Filter{View: matter.ViewEnded}}, []int64{9}},
			"open":     {matter.Search{Filter: matter.Filter{View: matter.ViewOpen}, To: day(-1)}, []int64{6}},
			"mine":     {matter.Search{Filter: matter.Filter{List: matter.ListMine}}, []int64{10}},
			"unit":     {matter.Search{Filter: matter.Filter{Unit: 4}}, []int64{11}},
			"nothing":  {matter.Search{Filter: matter.Filter{Unit: 4}, Late: true}, nil},
		} {
			c.f.Words, c.f.Limit = words, 20
			if c.f.View == "" {
				c.f.View = matter.ViewAny
			}
			for _, scope := range []org.Scope{{Roots: []org.UnitID{1}}, {Roots: []org.UnitID{4}}} {
				if got, next := b.find(scope, c.f); !slices.Equal(got, c.want) || !next.IsZero() {
					b.Errorf("%s by %q finds %v and goes on at %v, want %v", name, words.Text, got, next, c.want)
				}
			}
			if got, _ := b.find(org.Scope{Roots: []org.UnitID{30}}, c.f); got != nil {
				b.Errorf("%s by %q finds %v outside the scope", name, words.Text, got)
			}
		}
		f := matter.Search{Filter: matter.Filter{View: matter.ViewAny, Limit: 20}, Words: words}
		got, _ := b.find(org.Scope{Roots: []org.UnitID{4}, Sealed: true}, f)
		if want := []int64{13}; words.Empty() != slices.Equal(got, want) || !words.Empty() && got != nil {
			b.Errorf("%q finds %v in the compartment", words.Text, got)
		}
	}
}

// far: what is found is the same in one page and in pages of any size, over the number of matters that one round and one request look at.
func far(b *bed) {
	b.chart()
	const all, fits = 1203, 7
	var want []int64
	for odd := range int64(2) {
		if err := b.s.Update(b.Context(), home+odd, func(tx *store.Tx) error {
			for n := int64(all); n > 0; n-- {
				if n%2 != odd {
					continue
				}
				ref := matter.Ref{Home: home + odd, N: n}
				row := matter.Row{Ref: ref, Version: 1, State: matter.StateSigned, Open: true, Unit: 3, Received: day(0), Channel: matter.ChannelVisit}
				if n%(all/fits) == 0 {
					row.Channel = matter.ChannelLetter
				}
				if err := tx.SaveMatter(b.Context(), row); err != nil {
					return err
				}
				if err := tx.AddUnits(b.Context(), ref, []org.UnitID{3}, true); err != nil {
					return err
				}
				if err := tx.IndexMatter(ref, "unpaid wages"); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			b.Fatal(err)
		}
	}
	for _, odd := range []int64{1, 0} { // the homes one after the other
		for n := int64(all); n > 0; n-- {
			if n%2 == odd && n%(all/fits) == 0 {
				want = append(want, n)
			}
		}
	}
	for _, words := range []query.Query{{}, query.Plain("wages")} {
		for _, limit := range []int{2, 20} {
			f := matter.Search{Filter: matter.Filter{View: matter.ViewAny, Limit: limit}, Words: words, Channel: matter.ChannelLetter}
			var got []int64
			for range all {
				found, next := b.find(org.Scope{Roots: []org.UnitID{3}}, f)
				got = append(got, found...)
				if len(found) > limit {
					b.Fatalf("a page of %d holds %d", limit, len(found))
				}
				if next.IsZero() {
					break
				}
				f.After = matter.Cursor{Home: next.Home, N: next.N}
			}
			if !slices.Equal(got, want) {
				b.Errorf("%q in pages of %d finds %v, want %v", words.Text, limit, got, want)
			}
		}
	}
}

// among: which of some matters have the words is the same however far apart they may lie to be looked up together, and other homes have no part in it.
func among(b *bed) {
	const all = 60
	var asked, want []int64
	b.write(func(tx *store.Tx) error {
		asked, want = nil, nil // a write may be carried out again
		for n := int64(all); n > 0; n-- {
			ref := matter.Ref{Home: home, N: n * n} // ever further apart
			words := "unpaid wages"
			if n%3 == 0 {
				words = "wages, unpaid"
			}
			if err := tx.IndexMatter(ref, words); err != nil {
				return err
			}
			if err := tx.IndexMatter(matter.Ref{Home: home + 1, N: ref.N}, "unpaid wages"); err != nil {
				return err
			}
			if n%2 == 0 {
				asked = append(asked, ref.N)
				if n%3 != 0 {
					want = append(want, ref.N)
				}
			}
		}
		return nil
	})
	words, err := query.Parse(`"unpaid wages"`)
	if err != nil {
		b.Fatal(err)
	}
	for _, apart := range []int64{0, 50, 100, 1_000_000} {
		b.read(func(tx *store.Tx) error {
			got, err := tx.AmongText(b.Context(), words, home, asked, apart)
			slices.SortFunc(got, func(a, b int64) int { return cmp.Compare(b, a) })
			if !slices.Equal(got, want) {
				b.Errorf("%d apart: %v, want %v", apart, got, want)
			}
			return err
		})
	}
}
