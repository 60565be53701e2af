package bench

import (
	"slices"
	"testing"
	"time"
)

// Every figure is asked for of generated lives, most of which have ended, and finds something.
func TestFigures(t *testing.T) {
	r, err := Find(t.Context(), FindConfig{Matters: []int{400}, Rounds: 1, Figures: true, Now: time.Now, Progress: quiet})
	if err != nil {
		t.Fatal(err)
	}
	size := r.Sizes[0]
	for _, name := range []string{"key_by_unit", "key_by_place", "key_by_category", "rates_by_month", "moves", "list_submissions", "list_not_in_time", "list_stock"} {
		if i := slices.IndexFunc(size.Asked, func(a FindAsked) bool { return a.Name == name }); i < 0 || size.Asked[i].Found == 0 {
			t.Errorf("%s finds nothing", name)
		}
	}
}
