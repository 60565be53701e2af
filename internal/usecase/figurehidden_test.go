package usecase_test

import (
	"testing"

	"huiyin/internal/errs"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
)

// What is out of sight is counted once for all pages, the same whichever page is open, with the facts folded or waiting.
func TestHiddenIsCountedOverAllPages(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for i := range 7 {
		ref := o.register(t, unitTownA, "村道塌方")
		if i%3 == 0 {
			o.update(t, func(tx *store.Tx) error {
				return tx.RemoveUnits(t.Context(), ref, []org.UnitID{unitTownA, unitCounty, unitBureau})
			})
		}
	}
	who := o.actor(t, org.RoleHead, unitTownA)
	ask := usecase.FigureListAsk{FigureAsk: usecase.FigureAsk{Indicators: []string{"submissions"}, Period: o.StatPeriod()}, Limit: 2}
	for _, folded := range []bool{false, true} {
		if folded {
			fold(t, o)
		}
		pages, hidden := 0, 0
		for ask.After = ""; ; pages++ {
			list, err := o.FigureMatters(t.Context(), who, ask)
			check(t, err)
			for _, r := range list.Rows {
				if r.Hidden {
					hidden++
				}
			}
			if n, whole, err := o.FigureHidden(t.Context(), who, ask); err != nil || n != 3 || !whole {
				t.Errorf("page %d: %d hidden, %v, %v", pages, n, whole, err)
			}
			if ask.After = list.Next; list.Next == "" {
				break
			}
		}
		if hidden != 3 || pages != 3 {
			t.Errorf("%d hidden on %d further pages", hidden, pages)
		}
	}
	if n, whole, err := o.FigureHidden(t.Context(), org.System(), ask); n != 0 || !whole || err != nil {
		t.Errorf("from the system: %d, %v, %v", n, whole, err)
	}
	if _, _, err := o.FigureHidden(t.Context(), o.actor(t, org.RoleAdmin, unitBureau), ask); errs.KindOf(err) != errs.Forbidden {
		t.Errorf("an administrator: %v", err)
	}
}
