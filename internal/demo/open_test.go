package demo_test

import (
	"encoding/json"
	"testing"

	"huiyin/internal/demo"
	"huiyin/internal/law"
	"huiyin/internal/open"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
)

// Nobody finds out a hidden count of the demonstration from all that it publishes together.
func TestWhatTheDemonstrationPublishes(t *testing.T) {
	t.Parallel()
	today := law.NewDay(2026, 3, 20)
	o := office(t, today)
	_, err := demo.Seed(t.Context(), o)
	check(t, err)
	periods, err := o.PublishDue(t.Context(), nil)
	check(t, err)
	kept := map[usecase.StatBy]map[string][]open.Kept{}
	for _, period := range periods {
		var counts map[usecase.StatBy]map[string]open.Kept
		check(t, o.Store.Read(t.Context(), func(tx *store.Tx) error {
			p, err := tx.PublishedOf(t.Context(), period)
			if err != nil {
				return err
			}
			return json.Unmarshal([]byte(p.Counts), &counts)
		}))
		for by, measures := range counts {
			for id, k := range measures {
				if kept[by] == nil {
					kept[by] = map[string][]open.Kept{}
				}
				kept[by][id] = append(kept[by][id], k)
				if k.Least != open.LeastEver {
					t.Errorf("%s: from %d on", period, k.Least)
				}
			}
		}
	}
	if len(periods) < 2 || len(kept[usecase.ByPlace]) != len(usecase.OpenMeasures()) {
		t.Fatalf("published %v", periods)
	}
	for by, measures := range kept {
		for id, all := range measures {
			open.Attack(all, func(k open.Kept, row string, column, n int) {
				t.Errorf("%s %s %s: row %q, column %d is %d", by, id, k.Period, row, column, n)
			})
		}
	}
}
