package usecase_test

import (
	"testing"

	"huiyin/internal/matter"
	"huiyin/internal/org"
)

// The number beside every list and view is that of its rows, up to one more than is counted, whatever other views are counted with it; seen day after day, while what is
// registered comes to be due and to be late.
func TestCountsAreThoseOfTheLists(t *testing.T) {
	o := newOffice(t)
	worked(t, o)
	who := o.actor(t, org.RoleHandler, unitHR)
	lists := []matter.List{matter.ListMine, matter.ListUnit, matter.ListAll}
	rows := func(l matter.List, v matter.View) int64 {
		page, err := o.Matters(t.Context(), who, matter.Filter{List: l, View: v, Limit: matter.MaxPage})
		check(t, err)
		return int64(len(page.Rows))
	}
	seen := map[matter.View]bool{} // of several at once
	for day := range int64(24) {
		o.moveTo(o.Today().Add(1))
		if day < 8 {
			o.takesUp(t, unitHR, street, "N0307")
			o.take(t, org.RoleRegistrar, unitBureau, o.register(t, unitBureau, "转出去的"), &matter.Screen{Kind: matter.KindAppeal, Level: matter.LevelOrdinary},
				&matter.Forward{Unit: unitHR, Mode: matter.ModeTransfer, Why: "归它管"})
		}
		for _, l := range lists {
			for _, most := range []int{0, 1, 3, 200} {
				counts, err := o.Counts(t.Context(), who, l, most, matter.Views()...)
				check(t, err)
				for _, x := range lists {
					if want := min(rows(x, matter.ViewOpen), int64(most)+1); counts.Lists[x] != want {
						t.Errorf("%v: %s of up to %d is %d, not %d", o.Today(), x, most, counts.Lists[x], want)
					}
				}
				for _, v := range matter.Views() {
					want := min(rows(l, v), int64(most)+1)
					seen[v] = seen[v] || want > 1
					alone, err := o.Views(t.Context(), who, l, most, v)
					check(t, err)
					if counts.Views[v] != want || alone[v] != want {
						t.Errorf("%v: %s in %s of up to %d is %d, alone %d, not %d", o.Today(), v, l, most, counts.Views[v], alone[v], want)
					}
				}
			}
		}
	}
	for _, v := range []matter.View{matter.ViewOpen, matter.ViewUnsigned, matter.ViewToday, matter.ViewThree, matter.ViewSoon, matter.ViewLate} {
		if !seen[v] {
			t.Errorf("never several in %s", v)
		}
	}
}
