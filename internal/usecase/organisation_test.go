package usecase_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
)

func TestFirstRun(t *testing.T) {
	t.Parallel()
	o := emptyOffice(t)
	needs, err := o.NeedsFirstRun(t.Context())
	check(t, err)
	if !needs {
		t.Error("an empty office needs no first run")
	}
	for _, c := range []struct {
		change func(*usecase.FirstRun)
		code   string
	}{
		{func(f *usecase.FirstRun) { f.County = 33 }, "first_run.county"},
		{func(f *usecase.FirstRun) { f.County = 999999 }, "first_run.county"},
		{func(f *usecase.FirstRun) { f.Password = "" }, "field.required"},
		{func(f *usecase.FirstRun) { f.Password = "short" }, "password.short"},
		{func(f *usecase.FirstRun) { f.SignIn = "a b" }, "person.sign_in"},
		{func(f *usecase.FirstRun) { f.Name = " " }, "field.required"},
	} {
		f := usecase.FirstRun{County: 330112, SignIn: "admin", Name: "程启", Password: "a-good-password"}
		c.change(&f)
		wantCode(t, o.FirstRun(t.Context(), f), c.code)
	}
	f := usecase.FirstRun{County: 330112, Title: "临安信访", Departments: true, SignIn: "Admin", Name: "程启", Password: "a-good-password"}
	check(t, o.FirstRun(t.Context(), f))
	wantCode(t, o.FirstRun(t.Context(), f), "first_run.done")
	needs, err = o.NeedsFirstRun(t.Context())
	check(t, err)
	if needs {
		t.Error("a first run is needed after the first")
	}
	in, err := o.SignIn(t.Context(), "admin", "a-good-password")
	check(t, err)
	if in.MustChange || len(in.Duties) != 1 || in.Duties[0].Role != org.RoleAdmin {
		t.Fatalf("%+v", in)
	}
	who, err := o.Actor(t.Context(), in.User, in.Duties[0].ID)
	check(t, err)
	top, err := o.UnitsUnder(who, 0)
	check(t, err)
	if len(top) != 1 || top[0].Name != "临安区" || top[0].English != "Lin'an District" || top[0].Children < 30 {
		t.Errorf("top: %+v", top)
	}
	found, err := o.FindUnits(who, "yqzrmzf", 10, nil)
	check(t, err)
	if len(found) != 1 || found[0].Name != "於潜镇人民政府" || found[0].English != "Yuqian Town Government" || found[0].Place != 330112104 {
		t.Errorf("town: %+v", found)
	}
	villages, err := o.UnitsUnder(who, found[0].ID)
	check(t, err)
	if len(villages) < 10 || villages[0].Kind != org.KindVillage || !strings.HasSuffix(villages[0].Name, "委员会") {
		t.Errorf("villages: %+v", villages)
	}
	if set := o.Settings(); set.Name(false) != "临安信访" || set.Host(true) != "Lin'an District Petition Bureau" || set.Place != 330112 || set.Demo {
		t.Errorf("settings: %+v", set)
	}
	// It can be worked with at once: a citizen's petition finds its way to the bureau.
	r, err := o.Register(t.Context(), org.Actor{}, matter.Intake{
		Channel: matter.ChannelWeb, Title: "路灯不亮", Demands: []string{"修好路灯"}, Place: 330112104, Petitioners: []matter.Petitioner{{Name: "张三", Phone: "0571-00000001"}},
	}, "")
	check(t, err)
	if u, _ := o.Chart().Unit(r.Unit); u.Kind != org.KindBureau {
		t.Errorf("received by %+v", u)
	}
}

func TestUnits(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx := t.Context()
	admin, townAdmin := o.actor(t, org.RoleAdmin, unitCounty), o.actor(t, org.RoleAdmin, unitTownA)
	add := func(who org.Actor, n usecase.NewUnit) error {
		_, err := o.AddUnits(ctx, who, []usecase.NewUnit{n})
		return err
	}
	good := usecase.NewUnit{Parent: unitTownA, Name: "WARD_3_3", Kind: org.KindVillage, Place: 330112104203}
	with := func(change func(*usecase.NewUnit)) usecase.NewUnit {
		n := good
		change(&n)
		return n
	}
	for _, c := range []struct {
		who  org.Actor
		unit usecase.NewUnit
		code string
	}{
		{o.actor(t, org.RoleHead, unitTownA), good, "auth.duty"},
		{org.Actor{}, good, "auth.sign_in"},
		{townAdmin, with(func(n *usecase.NewUnit) { n.Parent = unitTownB }), "unit.outside"},
		{townAdmin, with(func(n *usecase.NewUnit) { n.Parent = 0 }), "unit.outside"},
		{townAdmin, with(func(n *usecase.NewUnit) { n.Parent = 999 }), "unit.gone"},
		{townAdmin, with(func(n *usecase.NewUnit) { n.Name = "  " }), "field.required"},
		{townAdmin, with(func(n *usecase.NewUnit) { n.Kind = "club" }), "field.choice"},
		{townAdmin, with(func(n *usecase.NewUnit) { n.Place = 7 }), "intake.place_unknown"},
		{townAdmin, with(func(n *usecase.NewUnit) { n.Name, n.Place = "WARD_3_1", 330112104201 }), "unit.name_taken"},
	} {
		wantCode(t, add(c.who, c.unit), c.code)
	}
	before := o.Chart().Len()
	_, err := o.AddUnits(ctx, admin, []usecase.NewUnit{good, with(func(n *usecase.NewUnit) { n.Kind = "club" })})
	if e, ok := errorOf(err); !ok || len(e.Fields) != 2 || e.Fields[0].Path != "1.kind" {
		t.Errorf("two at once: %v", err)
	}
	if o.Chart().Len() != before {
		t.Error("half of two units was entered")
	}
	check(t, add(townAdmin, good))

	check(t, o.RenameUnit(ctx, admin, unitHousing, usecase.UnitNames{Name: "临安区城乡建设局", English: "Building", Phone: "000"}))
	wantCode(t, o.RenameUnit(ctx, admin, unitHousing, usecase.UnitNames{Name: "临安区信访局"}), "unit.name_taken")
	wantCode(t, o.RenameUnit(ctx, townAdmin, unitHousing, usecase.UnitNames{Name: "x"}), "unit.not_found")
	found, err := o.FindUnits(admin, "laqcxjsj", 5, nil)
	check(t, err)
	if len(found) != 1 || found[0].ID != unitHousing {
		t.Errorf("by its new initials: %+v", found)
	}
	history, err := o.UnitHistory(ctx, admin, unitHousing)
	check(t, err)
	want := []usecase.ChangedField{{"english", unitOf(testUnits(), unitHousing).English, "Building"}, {"name", "临安区住房和城乡建设局", "临安区城乡建设局"}, {"phone", "", "000"}}
	if len(history) != 1 || history[0].User != admin.User || history[0].Person != admin.Name {
		t.Fatalf("%+v", history)
	}
	if diff := cmp.Diff(want, history[0].Fields); diff != "" {
		t.Error(diff)
	}

	wantCode(t, o.MoveUnit(ctx, admin, unitTownA, unitVillageA1), "unit.circle")
	wantCode(t, o.MoveUnit(ctx, admin, unitTownA, unitTownA), "unit.circle")
	wantCode(t, o.MoveUnit(ctx, townAdmin, unitVillageA1, unitTownB), "unit.outside")
	wantCode(t, o.MoveUnit(ctx, townAdmin, unitVillageB1, unitTownA), "unit.not_found")
	check(t, o.MoveUnit(ctx, admin, unitTownA, unitTownB))
	if !o.Chart().Under(unitVillageA1, unitTownB) {
		t.Error("the village did not go with its town")
	}
}

func unitOf(units []org.Unit, id org.UnitID) org.Unit {
	for _, u := range units {
		if u.ID == id {
			return u
		}
	}
	return org.Unit{}
}

func TestEndUnit(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx := t.Context()
	admin := o.actor(t, org.RoleAdmin, unitCounty)
	var refs []matter.Ref
	for range 3 {
		refs = append(refs, o.register(t, unitTownA, "楼道堆物"))
	}
	handler := o.actor(t, org.RoleHandler, unitTownA)
	for _, c := range []struct {
		unit, successor org.UnitID
		code            string
	}{
		{unitTownA, 0, "unit.holds_matters"},
		{unitTownB, 0, "unit.has_units"},
		{unitTownA, 999, "unit.gone"},
		{unitTownA, unitVillageA1, "unit.circle"},
		{unitTownA, unitTownA, "unit.circle"},
		{unitTownA, unitCounty, "unit.root"},
		{999, unitTownB, "unit.not_found"},
		{unitCounty, 0, "unit.has_units"},
	} {
		_, err := o.EndUnit(ctx, admin, c.unit, c.successor)
		wantCode(t, err, c.code)
	}
	moved, err := o.EndUnit(ctx, admin, unitTownA, unitTownB)
	check(t, err)
	if moved != len(refs) {
		t.Errorf("%d matters went over", moved)
	}
	for _, ref := range refs {
		v, err := o.Matter(ctx, o.actor(t, org.RoleRegistrar, unitTownB), ref)
		check(t, err)
		last := v.Events[len(v.Events)-1]
		if v.Matter.Holder() != unitTownB || v.Row.Unit != unitTownB || last.By.Kind != org.ActorSystem {
			t.Errorf("%s: %+v", ref, v.Row)
		}
		if _, ok := last.Body.(matter.UnitSucceeded); !ok {
			t.Errorf("%s ends with %T", ref, last.Body)
		}
	}
	if !o.Chart().Under(unitVillageA2, unitTownB) {
		t.Error("the villages did not go to the successor")
	}
	if _, err := o.Actor(ctx, handler.User, handler.Duty.ID); errs.KindOf(err) != errs.Unauthenticated {
		t.Errorf("a duty at the ended unit: %v", err)
	}
	_, err = o.EndUnit(ctx, admin, unitTownA, unitTownB)
	wantCode(t, err, "unit.ended")
}

// The organisation changes first; if it is broken off before the matters have gone over, the next run takes them.
func TestSuccessionGoesOn(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	const n = 12
	for range n {
		o.register(t, unitTownA, "楼道堆物")
	}
	admin := o.actor(t, org.RoleAdmin, unitCounty)
	ctx := newDying(t, 60, func() bool {
		u, _ := o.Chart().Unit(unitTownA)
		return !u.Alive(o.Today())
	})
	moved, err := o.EndUnit(ctx, admin, unitTownA, unitTownB)
	if err == nil || moved == 0 || moved == n {
		t.Fatalf("meant to be broken off half-way: %d moved, %v", moved, err)
	}
	rest, err := o.SucceedMatters(t.Context())
	check(t, err)
	if moved+rest != n {
		t.Errorf("%d and then %d of %d went over", moved, rest, n)
	}
	again, err := o.SucceedMatters(t.Context())
	check(t, err)
	if again != 0 {
		t.Errorf("%d went over twice", again)
	}
}

// dying is a context that ends at the n-th look at it after something has happened.
type dying struct {
	context.Context //nolint:containedctx // it is a context itself
	happened        func() bool
	left            *atomic.Int64
}

func newDying(t *testing.T, looks int64, happened func() bool) dying {
	t.Helper()
	d := dying{Context: t.Context(), happened: happened, left: &atomic.Int64{}}
	d.left.Store(looks)
	return d
}

func (d dying) Err() error {
	if d.happened() && d.left.Add(-1) < 0 {
		return context.Canceled
	}
	return d.Context.Err()
}

func TestPeople(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx := t.Context()
	county, town := o.actor(t, org.RoleAdmin, unitCounty), o.actor(t, org.RoleAdmin, unitTownA)
	at := func(unit org.UnitID) []usecase.NewDuty { return []usecase.NewDuty{{Role: org.RoleHandler, Unit: unit}} }
	for _, c := range []struct {
		who  org.Actor
		new  usecase.NewPerson
		code string
	}{
		{o.actor(t, org.RoleHead, unitTownA), usecase.NewPerson{SignIn: "new", Name: "新人"}, "auth.duty"},
		{town, usecase.NewPerson{SignIn: "new", Name: "新人", Password: "chosen-by-the-admin"}, "auth.duty"},
		{town, usecase.NewPerson{SignIn: "n", Name: "新人"}, "person.sign_in"},
		{town, usecase.NewPerson{SignIn: "new", Name: ""}, "field.required"},
		{town, usecase.NewPerson{SignIn: "new", Name: "新人", Duties: at(unitTownB)}, "unit.outside"},
		{town, usecase.NewPerson{SignIn: "new", Name: "新人", Duties: []usecase.NewDuty{{Role: org.RoleHandler, Unit: unitTownA, Scope: unitCounty}}}, "unit.outside"},
		{county, usecase.NewPerson{SignIn: "new", Name: "新人", Duties: []usecase.NewDuty{{Role: org.RoleHandler, Unit: unitTownA, Scope: unitTownB}}}, "duty.scope"},
		{county, usecase.NewPerson{SignIn: "new", Name: "新人", Duties: []usecase.NewDuty{{Role: org.RoleDiscipline, Unit: unitTownA}}}, "duty.discipline"},
		{county, usecase.NewPerson{SignIn: "new", Name: "新人", Duties: []usecase.NewDuty{{Role: "king", Unit: unitTownA}}}, "field.choice"},
	} {
		_, _, err := o.AddPerson(ctx, c.who, c.new)
		wantCode(t, err, c.code)
	}
	id, password, err := o.AddPerson(ctx, town, usecase.NewPerson{SignIn: "New", Name: "新人", Duties: at(unitVillageA1)})
	check(t, err)
	in, err := o.SignIn(ctx, "new", password)
	check(t, err)
	if !in.MustChange {
		t.Error("a given password need not be changed")
	}
	_, _, err = o.AddPerson(ctx, town, usecase.NewPerson{SignIn: "new", Name: "另一位"})
	wantCode(t, err, "person.taken")

	page, err := o.People(ctx, town, usecase.PeopleFilter{Limit: 100})
	check(t, err)
	for _, p := range page.People {
		for _, d := range p.Duties {
			if !o.Chart().Under(d.Unit, unitTownA) {
				t.Errorf("%s of unit %d is shown to the town", p.SignIn, d.Unit)
			}
		}
	}
	var walked int
	for next := ""; ; {
		part, err := o.People(ctx, town, usecase.PeopleFilter{After: next, Limit: 7})
		check(t, err)
		walked += len(part.People)
		if next = part.Next; next == "" {
			break
		}
	}
	if walked != len(page.People) || walked != 3*2*len(org.Roles())+1 {
		t.Errorf("%d people by pages, %d at once", walked, len(page.People))
	}

	// With a duty of another administrator's, the person is still seen, but the password is no longer the town's to set.
	_, err = o.GiveDuty(ctx, county, id, usecase.NewDuty{Role: org.RoleHandler, Unit: unitHR})
	check(t, err)
	v, err := o.Person(ctx, town, id)
	check(t, err)
	if v.Whole || len(v.Duties) != 2 {
		t.Errorf("%+v", v)
	}
	_, err = o.ResetPassword(ctx, town, id)
	wantCode(t, err, "person.elsewhere")
	wantCode(t, o.RenamePerson(ctx, town, id, "改名"), "person.elsewhere")
	check(t, o.RenamePerson(ctx, county, id, "改名"))
	stranger := o.actor(t, org.RoleHandler, unitTownB)
	_, err = o.Person(ctx, town, stranger.User)
	wantCode(t, err, "person.not_found")
	wantCode(t, o.EndDuty(ctx, town, stranger.Duty.ID, 0), "duty.not_found")
	if v, err = o.PersonBySignIn(ctx, org.System(), "NEW"); err != nil || v.Name != "改名" {
		t.Errorf("%+v %v", v, err)
	}
}

func TestDuties(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx := t.Context()
	admin := o.actor(t, org.RoleAdmin, unitCounty)
	today := o.Today()
	n := usecase.NewDuty{Role: org.RoleHead, Unit: unitHR}
	id, err := o.GiveDuty(ctx, admin, admin.User, n)
	check(t, err)
	_, err = o.GiveDuty(ctx, admin, admin.User, n)
	wantCode(t, err, "duty.twice")
	_, err = o.GiveDuty(ctx, admin, admin.User, usecase.NewDuty{Role: org.RoleHead, Unit: unitHousing, From: today.Add(3), Until: today.Add(3)})
	wantCode(t, err, "duty.until")
	_, err = o.GiveDuty(ctx, admin, 9999, usecase.NewDuty{Role: org.RoleHead, Unit: unitHousing})
	wantCode(t, err, "person.not_found")

	// What an administrator gave to themselves stands in the log that auditors read.
	log, err := o.OrgLog(ctx, o.actor(t, org.RoleAuditor, unitCounty), usecase.LogFilter{Limit: 9})
	check(t, err)
	if c := log.Changes; len(c) != 1 || c[0].Kind != "duty" || c[0].User != admin.User || c[0].Subject != int64(admin.User) || c[0].Name != admin.Name || !c[0].Made {
		t.Errorf("%+v", log)
	}
	_, err = o.OrgLog(ctx, o.actor(t, org.RoleHead, unitCounty), usecase.LogFilter{})
	wantCode(t, err, "auth.duty")

	wantCode(t, o.EndDuty(ctx, admin, id, today.Add(-1)), "day.past")
	check(t, o.EndDuty(ctx, admin, id, 0))
	wantCode(t, o.EndDuty(ctx, admin, id, 0), "duty.ended")
	_, err = o.GiveDuty(ctx, admin, admin.User, n)
	check(t, err)
}

func TestLastAdminStays(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx := t.Context()
	var admins []org.Duty
	o.read(t, func(tx *store.Tx) error {
		all, err := tx.DutiesAt(ctx, unitCounty, o.Today())
		for _, d := range all {
			if d.Role == org.RoleAdmin {
				admins = append(admins, d)
			}
		}
		return err
	})
	first, second := admins[0], admins[1]
	check(t, o.EndDuty(ctx, org.System(), first.ID, 0))
	wantCode(t, o.EndDuty(ctx, org.System(), second.ID, 0), "duty.last_admin")
	wantCode(t, o.EndDuty(ctx, org.System(), second.ID, o.Today().Add(30)), "duty.last_admin")
	wantCode(t, o.SetDisabled(ctx, org.System(), second.User, true), "duty.last_admin")
	// A town's can go: the county's reaches as far.
	town := o.actor(t, org.RoleAdmin, unitTownA)
	check(t, o.SetDisabled(ctx, org.System(), town.User, true))
	// A disabled one does not count.
	third, err := o.GiveDuty(ctx, org.System(), town.User, usecase.NewDuty{Role: org.RoleAdmin, Unit: unitCounty})
	check(t, err)
	wantCode(t, o.EndDuty(ctx, org.System(), second.ID, 0), "duty.last_admin")
	check(t, o.SetDisabled(ctx, org.System(), town.User, false))
	check(t, o.EndDuty(ctx, org.System(), second.ID, 0))
	wantCode(t, o.EndDuty(ctx, org.System(), third, 0), "duty.last_admin")
}
