package storetest

import (
	"slices"

	"huiyin/internal/org"
	"huiyin/internal/store"
)

// people are found by the beginning of a word, in the order of its bytes, each once, within the reach of who looks.
func people(b *bed) {
	b.chart()
	//nolint:gosmopolitan // Chinese names are what is found
	words := map[org.UserID][]string{1: {"张三", "zhangsan", "zs"}, 2: {"张三丰", "zhangsanfeng", "zsf"}, 3: {"章一", "zhangyi", "zy"}, 4: {"李四", "lisi", "ls", "z9"}}
	units := map[org.UserID]org.UnitID{1: 3, 2: 30, 3: 4}
	b.write(func(t *store.Tx) error {
		for id, w := range words {
			if err := t.SavePerson(b.Context(), store.PersonRow{ID: id, SignIn: w[2], Name: w[0]}); err != nil {
				return err
			}
			if err := t.SavePersonWords(b.Context(), id, append([]string{"old"}, w...)); err != nil {
				return err
			}
			if err := t.SavePersonWords(b.Context(), id, w); err != nil {
				return err
			}
			if unit, ok := units[id]; ok {
				if err := t.SaveDuty(b.Context(), org.Duty{ID: org.DutyID(id), User: id, Role: org.RoleHandler, Unit: unit, Scope: unit, From: day(0), Until: day(9)}); err != nil {
					return err
				}
			}
		}
		return nil
	})
	//nolint:gosmopolitan // likewise
	for _, c := range []struct {
		filter store.PeopleFilter
		want   []org.UserID
	}{
		{store.PeopleFilter{}, []org.UserID{1, 2, 3, 4}},
		{store.PeopleFilter{Word: "z"}, []org.UserID{4, 1, 2, 3}}, // z9, zhangsan, zhangsanfeng, zhangyi
		{store.PeopleFilter{Word: "张三"}, []org.UserID{1, 2}},
		{store.PeopleFilter{Word: "zs"}, []org.UserID{1, 2}},
		{store.PeopleFilter{Word: "old"}, nil},
		{store.PeopleFilter{Word: "z", Reach: 2}, []org.UserID{4, 3}}, // WARD_2 with what is below it, and who has no duty
		{store.PeopleFilter{Word: "z", Reach: 3}, []org.UserID{4, 1}}, // not WARD_30
		{store.PeopleFilter{Word: "z", Reach: 1, Unit: 3}, []org.UserID{1}},
		{store.PeopleFilter{Reach: 3}, []org.UserID{1, 4}},
	} {
		for limit := 1; limit < 4; limit++ {
			f := c.filter
			f.Today, f.Limit = day(1), limit
			var got []org.UserID
			for {
				var page []store.FoundPerson
				b.read(func(t *store.Tx) error {
					var err error
					page, err = t.People(b.Context(), f)
					return err
				})
				for _, p := range page {
					got, f.After = append(got, p.ID), p.At
				}
				if len(page) < limit {
					break
				}
			}
			if !slices.Equal(got, c.want) {
				b.Errorf("%+v, %d a page: %v, want %v", c.filter, limit, got, c.want)
			}
		}
	}
}
