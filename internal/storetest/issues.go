package storetest

import (
	"slices"

	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
)

// issues: a matter is of one issue at most; a merged issue is counted in the one in which it is shown; counts, days, pages and sizes see one scope, without what was taken out,
// joined to another or sealed.
func issues(b *bed) {
	ctx := b.Context()
	b.chart()
	for n := int64(1); n <= 9; n++ {
		unit := org.UnitID(4)
		if n == 9 {
			unit = 3
		}
		b.matter(n, unit, day(0), func(r *matter.Row) {
			r.Persons, r.Received = 2, day(int(n))
			switch n {
			case 7:
				r.Sealed, r.Title = true, ""
			case 8:
				r.Merged = matter.Ref{Home: home, N: 1}
			}
		})
	}
	b.write(func(tx *store.Tx) error {
		for _, i := range []store.Issue{{Home: home, ID: 1, Root: 1, Name: "one", Named: true}, {Home: home, ID: 2, Root: 1, Name: "merged", Named: true}, {Home: home, ID: 3, Root: 3}, {Home: home + 1, ID: 1, Root: 1}} {
			if err := tx.SaveIssue(ctx, i); err != nil {
				return err
			}
		}
		for n, issue := range map[int64]int64{1: 1, 2: 1, 3: 2, 4: 2, 5: 1, 6: 3, 7: 1, 8: 1, 9: 1} {
			how := store.HowFound
			if n == 5 {
				how = store.HowOut
			}
			if err := tx.SaveIssueMatter(ctx, store.IssueMatter{Ref: matter.Ref{Home: home, N: n}, Issue: issue, Day: day(int(n)), How: how}); err != nil {
				return err
			}
		}
		if err := tx.SaveIssueMatter(ctx, store.IssueMatter{Ref: matter.Ref{Home: home, N: 6}, Issue: 1, Day: day(6), How: store.HowIn}); err != nil { // now of another
			return err
		}
		return tx.AddIssueAct(ctx, store.IssueAct{Home: home, Issue: 1, Kind: "merge", Other: 2, Reason: "same"})
	})
	county, town := org.Scope{Roots: []org.UnitID{1}}, org.Scope{Roots: []org.UnitID{4}}
	f := store.IssueFilter{Home: home, Least: 3, Limit: 10}
	for _, c := range []struct {
		name  string
		scope org.Scope
		want  []int64
	}{{"county", county, []int64{9, 6, 4, 3, 2, 1}}, {"town", town, []int64{6, 4, 3, 2, 1}}, {"elsewhere", org.Scope{Roots: []org.UnitID{30}}, nil}} {
		b.read(func(tx *store.Tx) error {
			list, err := tx.Issues(ctx, c.scope, f)
			switch {
			case err != nil:
				return err
			case len(c.want) == 0 && len(list) == 0:
			case len(list) != 1 || list[0].ID != 1 || list[0].Matters != len(c.want) || list[0].Persons != 2*len(c.want):
				b.Errorf("%s: %+v", c.name, list)
			}
			size, err := tx.IssueSize(ctx, c.scope, store.IssueFilter{Home: home}, 1)
			if err != nil || size != int64(len(c.want)) {
				b.Errorf("%s: size %d, %v", c.name, size, err)
			}
			days, err := tx.IssueDays(ctx, c.scope, f, []int64{1})
			if err != nil || len(days) != len(c.want) {
				b.Errorf("%s: days %+v, %v", c.name, days, err)
			}
			var got []int64
			for before := int64(0); ; {
				rows, err := tx.IssuePage(ctx, c.scope, home, 1, before, false, 2)
				if err != nil {
					return err
				}
				for _, r := range rows {
					got, before = append(got, r.Ref.N), r.Ref.N
				}
				if len(rows) < 2 {
					break
				}
			}
			if !slices.Equal(got, c.want) {
				b.Errorf("%s: %v, want %v", c.name, got, c.want)
			}
			return nil
		})
	}
	b.read(func(tx *store.Tx) error {
		out, err := tx.IssuePage(ctx, county, home, 1, 0, true, 10)
		if err != nil || len(out) != 1 || out[0].Ref.N != 5 {
			b.Errorf("taken out: %+v, %v", out, err)
		}
		parts, err := tx.IssuesIn(ctx, home, 1)
		if err != nil || len(parts) != 2 || parts[1].Name != "merged" {
			b.Errorf("parts: %+v, %v", parts, err)
		}
		unnamed, err := tx.UnnamedIssues(ctx, home, 10)
		if err != nil || len(unnamed) != 1 || unnamed[0].ID != 3 {
			b.Errorf("unnamed: %+v, %v", unnamed, err)
		}
		acts, err := tx.IssueActs(ctx, home, 1, 10)
		if err != nil || len(acts) != 1 || acts[0].N != 1 || acts[0].Reason != "same" {
			b.Errorf("acts: %+v, %v", acts, err)
		}
		return nil
	})
	nearAndApart(b)
}

// nearAndApart: what is alike is known from both sides until it is forgotten, the oldest first; what is of no kind likewise, whoever is named first.
func nearAndApart(b *bed) {
	ctx := b.Context()
	b.write(func(tx *store.Tx) error {
		if err := tx.SaveNear(ctx, home, []store.Near{{A: 1, B: 2, Cosine: 900_000}, {A: 2, B: 9, Cosine: 800_000}}); err != nil {
			return err
		}
		return tx.SaveNotKin(ctx, store.NotKin{Home: home, A: 9, B: 1, AtUS: 5, User: 7, Unit: 3, Reason: "another road"})
	})
	near := func(of int64, want int) {
		b.Helper()
		b.read(func(tx *store.Tx) error {
			found, err := tx.NearTo(ctx, home, []int64{of})
			if err != nil || len(found) != want {
				b.Errorf("near %d: %+v, %v, want %d", of, found, err, want)
			}
			return nil
		})
	}
	near(1, 1)
	near(2, 2)
	prune := func(before int64, limit, want int) {
		b.Helper()
		b.write(func(tx *store.Tx) error {
			n, err := tx.PruneNear(ctx, home, before, limit)
			if n != want {
				b.Errorf("%d forgotten, want %d", n, want)
			}
			return err
		})
	}
	prune(0, 10, 0) // nothing was registered before that
	near(9, 1)
	for n, other := range map[int64]int64{1: 9, 9: 1} {
		b.read(func(tx *store.Tx) error {
			said, err := tx.NotKinOf(ctx, home, n, 10)
			if err != nil || len(said) != 1 || said[0].B != other || said[0].Reason != "another road" {
				b.Errorf("of %d: %+v, %v", n, said, err)
			}
			return nil
		})
	}
	b.write(func(tx *store.Tx) error { return tx.RemoveNotKin(ctx, home, 1, 9) })
	b.read(func(tx *store.Tx) error {
		said, err := tx.NotKinOf(ctx, home, 9, 10)
		if err != nil || len(said) != 0 {
			b.Errorf("taken back: %+v, %v", said, err)
		}
		return nil
	})
}
