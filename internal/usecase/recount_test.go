package usecase_test

import (
	"strings"
	"testing"

	"huiyin/internal/law"
	"huiyin/internal/org"
	"huiyin/internal/store"
)

// waitingRecount is from when clocks wait to be counted again.
func waitingRecount(t *testing.T, o *testOffice) string {
	t.Helper()
	var waiting string
	o.read(t, func(tx *store.Tx) error {
		var err error
		waiting, err = tx.Setting(t.Context(), "calendar.recount")
		return err
	})
	return waiting
}

// What waits to be counted again keeps its earliest day, and is done only when the last who asked is.
func TestRecountsThatMeet(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx := t.Context()
	early, late := law.NewDay(2026, 12, 1), law.NewDay(2027, 2, 1)
	check(t, o.AskRecount(ctx, early))
	first := waitingRecount(t, o)
	check(t, o.AskRecount(ctx, late))
	second := waitingRecount(t, o)
	if !strings.HasPrefix(first, early.String()) || !strings.HasPrefix(second, early.String()) {
		t.Errorf("%q, then %q: not from %s", first, second, early)
	}
	check(t, o.Recounted(ctx, first))
	if got := waitingRecount(t, o); got != second {
		t.Errorf("the count of the first did for the second: %q is left", got)
	}
	check(t, o.Recounted(ctx, second))
	if got := waitingRecount(t, o); got != "" {
		t.Errorf("%q is left", got)
	}

	// one from before that had no number, and an arrangement that moves later days only
	o.update(t, func(tx *store.Tx) error { return tx.SetSetting(ctx, "calendar.recount", early.String()) })
	before := o.Calendar().Version()
	broken := newDying(t, 0, func() bool { return o.Calendar().Version() != before })
	if _, _, err := o.LoadCalendar(broken, o.actor(t, org.RoleAdmin, unitCounty), arrangement(t, "2027-01-07")); err == nil {
		t.Fatal("meant to be broken off")
	}
	if got := waitingRecount(t, o); !strings.HasPrefix(got, early.String()) {
		t.Errorf("the earlier day is lost: %q", got)
	}
	if _, err := o.RecountClocks(ctx); err != nil || waitingRecount(t, o) != "" {
		t.Errorf("%v, %q is left", err, waitingRecount(t, o))
	}
}

// Taking up an arrangement that another process loaded may be broken off at any point: the count goes on.
func TestRefreshBrokenOff(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.moveTo(law.NewDay(2026, 12, 23))
	o.register(t, unitCentre, "晚的")
	other := officeOver(t, o.store)
	other.moveTo(o.Today())
	_, _, err := other.LoadCalendar(t.Context(), org.System(), arrangement(t, "2027-01-07"))
	check(t, err)
	if got := waitingRecount(t, o); got != "" {
		t.Fatalf("%q waits", got)
	}
	before := o.Calendar().Version()
	if err := o.Refresh(newDying(t, 0, func() bool { return o.Calendar().Version() != before })); err == nil {
		t.Fatal("meant to be broken off")
	}
	if waitingRecount(t, o) == "" {
		t.Error("nobody goes on with the count")
	}
	if _, err := o.RecountClocks(t.Context()); err != nil || waitingRecount(t, o) != "" {
		t.Errorf("%v, %q is left", err, waitingRecount(t, o))
	}
}
