package usecase_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/storetest"
	"huiyin/internal/usecase"
)

// told lists the notices of the program about a matter, "kind unit user" by the order they were made.
func (o *testOffice) told(t testing.TB, ref matter.Ref) []string {
	t.Helper()
	var out []string
	o.read(t, func(tx *store.Tx) error {
		for id := int64(1); ; id++ {
			n, err := tx.Notice(t.Context(), ref.Home, id)
			if errs.KindOf(err) == errs.NotFound {
				return nil
			}
			if err != nil {
				return err
			}
			if n.Matter == ref && n.Channel == store.ChannelApp {
				out = append(out, fmt.Sprintf("%s %d %d", n.Kind, n.Unit, n.User))
			}
		}
	})
	return out
}

func (o *testOffice) remind(t testing.TB) usecase.Reminded {
	t.Helper()
	done, err := o.Remind(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// TestRemindOfARegistration: what a bureau registered on 2025-09-26 it has to have disposed of by 10-11. It is reminded of it once before, on the last
// day and after; then the county is told, and nobody above it, for there is nobody.
func TestRemindOfARegistration(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ref := o.register(t, unitBureau, "路灯不亮")
	sealed := o.registerSealed(t)
	registrar := o.actor(t, org.RoleRegistrar, unitBureau).User
	head := o.actor(t, org.RoleHead, unitBureau).User
	head2 := head + 1
	at := func(kind string, users ...org.UserID) (out []string) {
		for _, u := range users {
			out = append(out, fmt.Sprintf("%s %d %d", kind, unitBureau, u))
		}
		return out
	}
	want := []string{}
	for _, c := range []struct {
		on   law.Day
		more []string
	}{
		{law.NewDay(2025, 10, 5), nil},
		{law.NewDay(2025, 10, 6), at("remind_soon", registrar)},
		{law.NewDay(2025, 10, 11), at("remind_last", registrar, head, head2)},
		{law.NewDay(2025, 10, 12), at("remind_late", registrar, head, head2)},
		{law.NewDay(2025, 10, 14), nil},
		{law.NewDay(2025, 10, 15), nil},
		{law.NewDay(2025, 12, 1), nil},
	} {
		o.moveTo(c.on)
		o.remind(t)
		again := o.remind(t)
		if again.Matters != 0 {
			t.Errorf("%s: a second sweep looked at %d matters", c.on, again.Matters)
		}
		want = append(want, c.more...)
		got := slices.DeleteFunc(o.told(t, ref), func(s string) bool { return c.on >= law.NewDay(2025, 10, 15) && strings.HasPrefix(s, "remind_up ") })
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.on, diff)
		}
	}
	all := o.told(t, ref)
	for _, role := range []org.Role{org.RoleRegistrar, org.RoleHead, org.RoleSupervisor, org.RoleLeader} { // those of the unit, and who answers for the county
		told := fmt.Sprintf("remind_up %d %d", unitBureau, o.actor(t, role, unitBureau).User)
		if n := len(slices.DeleteFunc(slices.Clone(all), func(s string) bool { return s != told })); n != 1 {
			t.Errorf("the %s was told %d times: %v", role, n, all)
		}
	}
	v, err := o.Matter(t.Context(), o.actor(t, org.RoleSupervisor, unitBureau), ref)
	if err != nil {
		t.Fatal(err)
	}
	last := v.Events[len(v.Events)-1]
	if b, ok := last.Body.(matter.Escalated); !ok || b.To != unitCounty || b.Rule != "D01" || last.By.Kind != org.ActorSystem || matter.ToldTo(last, v.Matter.First) {
		t.Errorf("the timeline ends with %+v", last)
	}
	for _, s := range o.told(t, sealed) {
		if !strings.HasSuffix(s, fmt.Sprintf(" %d 0", unitDiscipline)) {
			t.Errorf("outside the compartment: %s", s)
		}
	}
	if len(o.told(t, sealed)) < 3 {
		t.Error("nothing is told of what is sealed")
	}
	checkRebuilt(t, o)
}

func checkRebuilt(t testing.TB, o *testOffice) {
	t.Helper()
	found, err := o.Rebuild(t.Context(), org.System(), usecase.RebuildOptions{})
	if err != nil || len(found.Differences) > 0 {
		t.Errorf("rebuilding finds %+v, %v", found.Differences, err)
	}
}

// registerSealed takes in an accusation against the housing department.
func (o *testOffice) registerSealed(t testing.TB) matter.Ref {
	t.Helper()
	r, err := o.Register(t.Context(), o.actor(t, org.RoleDiscipline, unitDiscipline), matter.Intake{
		Channel: matter.ChannelVisit, Kind: matter.KindAccusation, Accused: []org.UnitID{unitHousing}, Title: "举报", Narrative: "举报", Demands: []string{"查处"},
		Place: 330112104202, Petitioners: []matter.Petitioner{{Name: "张三"}},
	}, "")
	if err != nil {
		t.Fatal(err)
	}
	return r.Ref
}

// TestSweepTouchesOnlyWhatIsDue: beside ten thousand clocks of which nothing is to be told yet, a sweep runs as many statements as without them.
func TestSweepTouchesOnlyWhatIsDue(t *testing.T) {
	t.Parallel()
	var statements atomic.Int64
	migrations, err := store.Migrations()
	check(t, err)
	s, err := store.Open(t.Context(), store.Options{
		Dir: t.TempDir(), Migrations: migrations, Now: func() int64 { return storetest.Now },
		Observe: func(context.Context, string, int64) store.Report {
			return func(name string, _, _ int64, _ error) {
				if !strings.HasPrefix(name, "tx.") {
					statements.Add(1)
				}
			}
		},
	})
	check(t, err)
	t.Cleanup(func() { check(t, s.Close()) })
	o := staffed(t, officeOver(t, s))
	idle := o.register(t, unitBureau, "不急的")
	o.remind(t)
	count := func() int64 {
		statements.Store(0)
		o.remind(t)
		nothing := statements.Load()
		_, err := o.RemindNightly(t.Context())
		check(t, err)
		return nothing*1000 + statements.Load()
	}
	before := count()
	o.update(t, func(tx *store.Tx) error {
		for n := range 10_000 {
			c := matter.Clock{Key: fmt.Sprintf("D10/%d", n), Rule: "D10", Unit: unitBureau, From: o.Today(), Legal: o.Today().Add(30), Safe: o.Today().Add(30), Remind: o.Today().Add(25)}
			if err := tx.SaveClock(t.Context(), idle, c); err != nil {
				return err
			}
		}
		return nil
	})
	if after := count(); after != before {
		t.Errorf("%d statements with ten thousand idle clocks, %d without", after, before)
	}
}

// TestThresholds: an office that wants to know ten days before, does; what it goes back to is what ships with the program.
func TestThresholds(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx := t.Context()
	root, town := o.actor(t, org.RoleAdmin, unitCounty), o.actor(t, org.RoleAdmin, unitTownA)
	settings := o.Settings()
	settings.Title, settings.Place = "临安", 330112
	check(t, o.SaveSettings(ctx, root, settings))
	ref := o.register(t, unitBureau, "路灯不亮")
	o.moveTo(law.NewDay(2025, 10, 2))
	o.remind(t)
	if got := o.told(t, ref); len(got) > 0 {
		t.Fatalf("told too early: %v", got)
	}
	ten := matter.Threshold{Soon: 10, Last: true}
	wantCode(t, o.SaveThreshold(ctx, town, "D01", &ten), "rules.root")
	wantCode(t, o.SaveThreshold(ctx, o.actor(t, org.RoleHandler, unitCounty), "D01", &ten), "auth.duty")
	wantCode(t, o.SaveThreshold(ctx, root, "D38", &ten), "remind.rule")
	err := o.SaveThreshold(ctx, root, "D01", &matter.Threshold{Soon: 61})
	if e, ok := errorOf(err); !ok || len(e.Fields) != 1 || e.Fields[0].Path != "soon" {
		t.Errorf("61 days: %v", err)
	}
	check(t, o.SaveThreshold(ctx, root, "D01", &ten))
	o.remind(t)
	if got := o.told(t, ref); len(got) != 1 || !strings.HasPrefix(got[0], "remind_soon ") {
		t.Errorf("told %v, want that it is soon", got)
	}
	own := func() usecase.ThresholdView {
		all, err := o.Thresholds(root)
		check(t, err)
		i := slices.IndexFunc(all, func(v usecase.ThresholdView) bool { return v.Rule == "D01" })
		return all[i]
	}
	if v := own(); !v.Own || v.Now != ten {
		t.Errorf("in force: %+v", v)
	}
	if later := officeOver(t, o.store); !thresholdOwn(t, later, root, "D01") {
		t.Error("another office on the same store does not know it")
	}
	check(t, o.SaveThreshold(ctx, root, "D01", nil))
	if v := own(); v.Own || v.Now != v.Shipped {
		t.Errorf("after going back: %+v", v)
	}
	o.moveTo(law.NewDay(2025, 10, 12))
	o.remind(t)
	if got := o.told(t, ref); len(got) < 2 || !strings.HasPrefix(got[1], "remind_late ") {
		t.Errorf("told %v, want that it is late", got)
	}
	changes, err := o.OrgLog(ctx, root, usecase.LogFilter{Limit: 5})
	check(t, err)
	if len(changes.Changes) == 0 || !strings.HasPrefix(changes.Changes[0].Record["reminder"], "D01 ") {
		t.Errorf("the record of changes: %+v", changes)
	}
}

func thresholdOwn(t testing.TB, o *testOffice, who org.Actor, rule law.RuleID) bool {
	t.Helper()
	all, err := o.Thresholds(who)
	check(t, err)
	return slices.ContainsFunc(all, func(v usecase.ThresholdView) bool { return v.Rule == rule && v.Own })
}

// TestCalendarLoadedElsewhere: what another office on the same store loads, this one takes up, and who has a matter whose last day moved is told once.
func TestCalendarLoadedElsewhere(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx := t.Context()
	o.moveTo(law.NewDay(2026, 12, 23))
	ref := o.register(t, unitCentre, "晚的")
	other := officeOver(t, o.store)
	other.moveTo(o.Today())
	check(t, o.Refresh(ctx))
	_, moved, err := other.LoadCalendar(ctx, org.System(), arrangement(t, "2027-01-01", "2027-01-07", "2027-01-08"))
	check(t, err)
	if moved != 1 {
		t.Errorf("%d moved, want 1", moved)
	}
	if working, _ := o.Calendar().Working(law.NewDay(2027, 1, 7)); !working {
		t.Fatal("the arrangement came by itself")
	}
	for range 2 {
		check(t, o.Refresh(ctx))
	}
	if working, published := o.Calendar().Working(law.NewDay(2027, 1, 7)); working || !published {
		t.Error("the arrangement was not taken up")
	}
	v, err := o.Matter(ctx, o.actor(t, org.RoleRegistrar, unitBureau), ref)
	check(t, err)
	var said []matter.ClocksMoved
	for _, e := range v.Events {
		if b, ok := e.Body.(matter.ClocksMoved); ok {
			said = append(said, b)
		}
	}
	if len(said) != 1 || len(said[0].Moved) != 1 || said[0].Moved[0].Was != law.NewDay(2027, 1, 7) || said[0].Moved[0].Now != law.NewDay(2027, 1, 11) {
		t.Errorf("the timeline says %+v", said)
	}
	if got := o.told(t, ref); len(got) != 1 || got[0] != fmt.Sprintf("remind_moved %d 0", unitCentre) {
		t.Errorf("told %v", got)
	}
	checkRebuilt(t, o)
}

// TestNightlyFindsWhatWasMissed: a running duty that lost its day is found after the change of day.
func TestNightlyFindsWhatWasMissed(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ref := o.register(t, unitBureau, "路灯不亮")
	o.update(t, func(tx *store.Tx) error {
		clocks, err := tx.Clocks(t.Context(), ref)
		for _, c := range clocks {
			err = errors.Join(err, tx.SetRemind(t.Context(), ref, c.Key, law.NoDay))
		}
		return err
	})
	o.moveTo(law.NewDay(2025, 10, 7))
	if done := o.remind(t); done != (usecase.Reminded{}) {
		t.Errorf("the sweep of the minute looked at %+v", done)
	}
	done, err := o.RemindNightly(t.Context())
	check(t, err)
	if want := (usecase.Reminded{Matters: 1, Told: 1, Missed: 1}); done != want {
		t.Errorf("found %+v, want %+v", done, want)
	}
	again, err := o.RemindNightly(t.Context())
	check(t, err)
	if again != (usecase.Reminded{}) {
		t.Errorf("found again: %+v", again)
	}
}
