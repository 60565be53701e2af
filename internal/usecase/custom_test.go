package usecase_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
)

// sendOn registers a matter of a category and sends it to a unit, which signs.
func (o *testOffice) sendOn(t testing.TB, unit org.UnitID, place int64, category string) matter.Ref {
	t.Helper()
	ref := o.narrated(t, unitBureau, "一件事", "一件事", func(in *matter.Intake) { in.Category, in.Place = category, place })
	o.take(t, org.RoleRegistrar, unitBureau, ref, &matter.Screen{Kind: matter.KindAppeal, Level: matter.LevelOrdinary, Category: category},
		&matter.Forward{Unit: unit, Mode: matter.ModeTransfer, Why: "归它管"})
	o.take(t, org.RoleHandler, unit, ref, &matter.Sign{})
	return ref
}

func (o *testOffice) takesUp(t testing.TB, unit org.UnitID, place int64, category string) {
	t.Helper()
	o.take(t, org.RoleHandler, unit, o.sendOn(t, unit, place, category), &matter.Accept{})
}

func (o *testOffice) givesBack(t testing.TB, unit org.UnitID, place int64, category string) {
	t.Helper()
	ref := o.sendOn(t, unit, place, category)
	o.take(t, org.RoleHandler, unit, ref, &matter.Object{Reason: "不归"})
	o.take(t, org.RoleRegistrar, unitBureau, ref, &matter.UpholdObjection{Reason: "属实"})
}

func (o *testOffice) movedOn(t testing.TB, unit, to org.UnitID, place int64, category string) {
	t.Helper()
	ref := o.sendOn(t, unit, place, category)
	o.take(t, org.RoleHandler, unit, ref, &matter.Dispute{Reason: "不归"})
	o.take(t, org.RoleLeader, unitCounty, ref, &matter.DecideDispute{Unit: to, Reason: "归它"})
}

// A village of one town, and another town.
const street, town, elsewhere = 330112104202, 330112104, 330112106

// Who gives such matters back sinks behind the others that the catalogue names; who takes them up rises; who takes them up though nobody names it
// stands behind the catalogue; and what happened in another town counts only where the town itself says too little.
func TestCustomsOrderUnits(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	admin, who := o.actor(t, org.RoleAdmin, unitCounty), o.actor(t, org.RoleRegistrar, unitBureau)
	for _, unit := range []org.UnitID{unitHR, unitHousing} {
		_, err := o.AddLine(t.Context(), admin, usecase.Line{Category: "N0307", Place: 330112, Unit: unit, Why: "清单"})
		check(t, err)
	}
	units := func(place int64) (ids []org.UnitID, all []usecase.Suggestion) {
		t.Helper()
		all, err := o.Suggest(t.Context(), who, "N0307", place)
		check(t, err)
		for _, s := range all {
			ids = append(ids, s.Unit.ID)
		}
		return ids, all
	}
	if ids, _ := units(street); !cmp.Equal(ids, []org.UnitID{unitHR, unitHousing}) {
		t.Errorf("by the catalogue alone: %v", ids)
	}
	o.takesUp(t, unitHousing, street, "N0307")
	o.givesBack(t, unitHR, street, "N0307")
	o.givesBack(t, unitHR, street, "N0307")
	o.movedOn(t, unitHR, unitTownA, street, "N0307")
	for range 3 {
		o.takesUp(t, unitTownA, street, "N0307")
		o.takesUp(t, unitTownB, elsewhere, "N0307")
	}
	o.takesUp(t, unitHR, street, "N0306") // of another category
	ids, all := units(street)
	if !cmp.Equal(ids, []org.UnitID{unitHousing, unitHR, unitTownA}) {
		t.Errorf("after what happened: %v", ids)
	}
	want := []usecase.UnitCustom{{Place: 330112104, Accepted: 1}, {Place: 330112104, Returned: 2, Moved: 1}, {Place: 330112104, Accepted: 3}}
	for i, s := range all {
		if d := cmp.Diff(want[i], s.Custom); d != "" {
			t.Error(d)
		}
	}
	if all[0].Line == 0 || all[2].Line != 0 {
		t.Errorf("lines %d and %d", all[0].Line, all[2].Line)
	}
	if _, all := units(330112); len(all) != 4 || all[0].Custom.Place != 330112 || all[2].Custom.Accepted != 3 {
		t.Errorf("of the county: %+v", all)
	}
	o.moveTo(o.Today() + 3*366)
	if ids, _ := units(street); !cmp.Equal(ids, []org.UnitID{unitHR, unitHousing}) {
		t.Errorf("after three years: %v", ids)
	}
}

// However matters go, the counters are what a recount of the events gives, and a counter that was changed is found and put right.
func TestCountersFollowFromEvents(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	rebuild := func(fix bool) usecase.Rebuilt {
		r, err := o.Rebuild(t.Context(), org.System(), usecase.RebuildOptions{Fix: fix})
		check(t, err)
		return r
	}
	expect := map[matter.CustomKey]matter.Custom{}
	month := o.Today().String()[:7]
	note := func(unit org.UnitID, place int64, category string, p matter.Custom) {
		p.CustomKey = matter.CustomKey{Category: category, Unit: unit, Place: place, Month: month}
		if place == street {
			p.Place = town
		}
		was := expect[p.CustomKey]
		was.CustomKey = p.CustomKey
		was.Add(p)
		expect[p.CustomKey] = was
	}
	rapid.Check(t, func(rt *rapid.T) {
		unit := rapid.SampledFrom([]org.UnitID{unitHR, unitHousing, unitTownA}).Draw(rt, "unit")
		place := rapid.SampledFrom([]int64{street, elsewhere}).Draw(rt, "place")
		category := rapid.SampledFrom([]string{"N0307", "N0306"}).Draw(rt, "category")
		switch rapid.IntRange(0, 3).Draw(rt, "what") {
		case 0:
			o.takesUp(t, unit, place, category)
			note(unit, place, category, matter.Custom{Accepted: 1})
		case 1:
			o.givesBack(t, unit, place, category)
			note(unit, place, category, matter.Custom{Returned: 1})
		case 2:
			o.movedOn(t, unit, unitTownB, place, category)
			note(unit, place, category, matter.Custom{Moved: 1})
		default:
			o.sendOn(t, unit, place, category)
		}
	})
	counters := func() map[matter.CustomKey]matter.Custom {
		got := map[matter.CustomKey]matter.Custom{}
		o.read(t, func(tx *store.Tx) error {
			rows, err := tx.AllCustoms(t.Context(), 330112)
			for _, p := range rows {
				got[p.CustomKey] = p
			}
			return err
		})
		return got
	}
	if d := cmp.Diff(expect, counters()); d != "" {
		t.Error(d)
	}
	if r := rebuild(false); len(r.Differences) != 0 {
		t.Errorf("%+v", r.Differences)
	}
	o.update(t, func(tx *store.Tx) error {
		return tx.AddCustom(t.Context(), 330112, matter.Custom{CustomKey: matter.CustomKey{Category: "N0307", Unit: unitHR, Place: town, Month: month}, Accepted: 5})
	})
	if r := rebuild(true); len(r.Differences) != 1 || r.Differences[0].Code != "rebuild.customs" {
		t.Errorf("%+v", r.Differences)
	}
	if d := cmp.Diff(expect, counters()); d != "" || len(rebuild(false).Differences) != 0 {
		t.Errorf("put right: %s", d)
	}
}
