package usecase_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
)

// namesOf walks a list of people page by page and returns their names.
func (o *testOffice) namesOf(t *testing.T, who org.Actor, f usecase.PeopleFilter) []string {
	t.Helper()
	var out []string
	for {
		page, err := o.People(t.Context(), who, f)
		check(t, err)
		if len(page.People) > f.Limit {
			t.Fatalf("%d people on a page of %d", len(page.People), f.Limit)
		}
		for _, p := range page.People {
			out = append(out, p.Name)
		}
		if f.After = page.Next; f.After == "" {
			return out
		}
	}
}

func TestPeopleAreFound(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	admin := o.actor(t, org.RoleAdmin, unitCounty)
	for signIn, n := range map[string]struct {
		name string
		unit org.UnitID
	}{
		"zsf": {"张三丰", unitTownA}, "li.si": {"张三", unitTownB}, "shan01": {"单雄信", unitHR}, "mmt": {"买买提·艾力", unitVillageA1}, "zhang-9": {"章一", unitTownB},
	} {
		_, _, err := o.AddPerson(t.Context(), admin, usecase.NewPerson{SignIn: signIn, Name: n.name, Duties: []usecase.NewDuty{{Role: org.RoleHandler, Unit: n.unit}}})
		check(t, err)
	}
	for _, c := range []struct {
		words string
		unit  org.UnitID
		want  []string
	}{
		{"张三", 0, []string{"张三", "张三丰"}},
		{" 张 三 丰 ", 0, []string{"张三丰"}},
		{"三丰", 0, nil}, // a name is found by its beginning
		{"zs", 0, []string{"张三", "张三丰"}},
		{"ＺＳＦ", 0, []string{"张三丰"}},
		{"zhang", 0, []string{"章一", "张三", "张三丰"}}, // in the order of the words that find them: zhang9, zhangsan, zhangsanfeng
		{"Zhang San", 0, []string{"张三", "张三丰"}},
		{"zhang9", 0, []string{"章一"}},
		{"li.s", 0, []string{"张三"}},
		{"shanx", 0, []string{"单雄信"}},
		{"danx", 0, []string{"单雄信"}},
		{"买买提艾", 0, []string{"买买提·艾力"}},
		{"mmta", 0, []string{"买买提·艾力"}},
		{"zhang", unitTownA, []string{"张三丰"}},
		{"zhang", unitTownB, []string{"章一", "张三"}},
		{"m", unitTownA, []string{"买买提·艾力"}},
		{"···", 0, nil},
		{"%", 0, nil},
		{"nobody", 0, nil},
	} {
		for limit := 1; limit < 4; limit++ {
			got := o.namesOf(t, admin, usecase.PeopleFilter{Words: c.words, Unit: c.unit, Limit: limit})
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%q at %d, %d a page: %s", c.words, c.unit, limit, diff)
			}
		}
	}
	// A new name is found, the old one no longer.
	page, err := o.People(t.Context(), admin, usecase.PeopleFilter{Words: "shan01", Limit: 1})
	check(t, err)
	check(t, o.RenamePerson(t.Context(), admin, page.People[0].ID, "秦琼"))
	if got := o.namesOf(t, admin, usecase.PeopleFilter{Words: "qq", Limit: 9}); !slices.Equal(got, []string{"秦琼"}) {
		t.Errorf("by the new name: %v", got)
	}
	if got := o.namesOf(t, admin, usecase.PeopleFilter{Words: "单", Limit: 9}); got != nil {
		t.Errorf("by the old name: %v", got)
	}
	// Auditors read it; handlers do not.
	if got := o.namesOf(t, o.actor(t, org.RoleAuditor, unitTownA), usecase.PeopleFilter{Words: "zhang", Limit: 9}); !slices.Equal(got, []string{"张三丰"}) {
		t.Errorf("to the town's auditor: %v", got)
	}
	_, err = o.People(t.Context(), o.actor(t, org.RoleHandler, unitTownA), usecase.PeopleFilter{Words: "zhang"})
	wantCode(t, err, "auth.duty")
	_, err = o.People(t.Context(), o.actor(t, org.RoleAdmin, unitTownA), usecase.PeopleFilter{Unit: unitTownB})
	wantCode(t, err, "unit.not_found")
	first, err := o.People(t.Context(), admin, usecase.PeopleFilter{Words: "zs", Limit: 1})
	check(t, err)
	for _, words := range []string{"", "mm"} { // a position belongs to its list
		_, err = o.People(t.Context(), admin, usecase.PeopleFilter{Words: words, After: first.Next})
		wantCode(t, err, "person.cursor")
	}
}

// An administrator finds, by whatever words, the people on duty below their unit and those on duty nowhere, each once, whatever the tree; of a
// sibling's, with a name that opens alike, nobody. And of the record of changes the administrator reads what touched a unit below theirs.
func TestAdministratorsReach(t *testing.T) {
	t.Parallel()
	o := emptyOffice(t)
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		g := &grove{testOffice: o, t: t, rt: rt, county: 330112, word: "grove" + strconv.Itoa(n), kinds: map[org.UnitID]org.UnitKind{}}
		since := int64(0)
		if last, err := g.OrgLog(t.Context(), org.System(), usecase.LogFilter{Limit: 1}); err == nil && len(last.Changes) > 0 {
			since = last.Changes[0].ID
		}
		g.plant()
		for i, id := range g.people {
			g.must(g.RenamePerson(t.Context(), org.System(), id, g.name()+strings.Repeat("0", i)))
		}
		for range rapid.IntRange(0, 4).Draw(rt, "changes") {
			g.change()
		}
		record := g.record(org.System(), since)
		for range 3 {
			scope := rapid.SampledFrom(g.units).Draw(rt, "scope")
			admin := org.Actor{Kind: org.ActorStaff, User: 1, Duty: org.Duty{Role: org.RoleAdmin, Unit: scope, Scope: scope}}
			g.comparePeople(admin)
			g.compareRecord(admin, record, g.record(admin, since))
		}
	})
}

// name is what the names of the grove's people begin with, and nobody else's.
func (g *grove) name() string { return g.word + "x" }

// comparePeople holds the people that an administrator finds to what duties and parents say.
func (g *grove) comparePeople(admin org.Actor) {
	ctx, today, scope := g.t.Context(), g.Today(), admin.Duty.Scope
	everybody, err := g.People(ctx, org.System(), usecase.PeopleFilter{Words: g.name(), Limit: 100})
	g.must(err)
	for _, unit := range []org.UnitID{0, scope, rapid.SampledFrom(g.units).Draw(g.rt, "unit")} {
		if unit != 0 && !g.under(unit, scope) {
			_, err := g.People(ctx, admin, usecase.PeopleFilter{Words: g.name(), Unit: unit})
			if e, ok := errorOf(err); !ok || e.Code != "unit.not_found" {
				g.rt.Fatalf("people of %d are shown to %d: %v", unit, scope, err)
			}
			continue
		}
		var want []org.UserID
		for _, p := range everybody.People {
			some, none := false, true
			for _, d := range p.Duties {
				if !d.Until.Known() || d.Until > today {
					none = false
					some = some || g.under(d.Unit, scope) && (unit == 0 || g.under(d.Unit, unit))
				}
			}
			if some || none && unit == 0 {
				want = append(want, p.ID)
			}
		}
		var got []org.UserID
		f := usecase.PeopleFilter{Words: g.name(), Unit: unit, Limit: 2}
		for done := false; !done; done = f.After == "" {
			page, err := g.People(ctx, admin, f)
			g.must(err)
			for _, p := range page.People {
				got = append(got, p.ID)
			}
			f.After = page.Next
		}
		if !slices.Equal(got, want) {
			g.rt.Fatalf("at %d of %d: found %v, want %v", unit, scope, got, want)
		}
	}
}

// compareRecord holds the record of changes that is shown to the units that each change names. Changes of people name none; TestOrgLog has them.
func (g *grove) compareRecord(admin org.Actor, record, shown []usecase.OrgChange) {
	about := func(c usecase.OrgChange) bool { return c.Kind == "unit" || c.Kind == "duty" }
	var want, got []int64
	for _, c := range record {
		touched := []string{c.Record["parent"], c.Record["unit"], c.Record["scope"], c.Record["successor"]}
		for _, f := range c.Fields {
			if slices.Contains([]string{"parent", "unit", "scope", "successor"}, f.Name) {
				touched = append(touched, f.Before)
			}
		}
		if c.Kind == "unit" {
			touched = append(touched, strconv.FormatInt(c.Subject, 10))
		}
		if about(c) && slices.ContainsFunc(touched, func(id string) bool {
			n, err := strconv.ParseInt(id, 10, 64)
			return err == nil && g.under(org.UnitID(n), admin.Duty.Scope)
		}) {
			want = append(want, c.ID)
		}
	}
	for _, c := range shown {
		if about(c) {
			got = append(got, c.ID)
		}
	}
	if !slices.Equal(got, want) {
		g.rt.Fatalf("record shown at %d: %v, want %v", admin.Duty.Scope, got, want)
	}
}

// record walks the record of the changes behind one, page by page.
func (g *grove) record(who org.Actor, since int64) []usecase.OrgChange {
	var out []usecase.OrgChange
	f := usecase.LogFilter{Limit: 7}
	for {
		page, err := g.OrgLog(g.t.Context(), who, f)
		g.must(err)
		for _, c := range page.Changes {
			if c.ID <= since {
				return out
			}
			out = append(out, c)
		}
		if f.Before = page.Next; f.Before == 0 {
			return out
		}
	}
}

func TestOrgLog(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx := t.Context()
	county, townA, townB := o.actor(t, org.RoleAdmin, unitCounty), o.actor(t, org.RoleAdmin, unitTownA), o.actor(t, org.RoleAdmin, unitTownB)
	auditor := o.actor(t, org.RoleAuditor, unitTownA)
	id, _, err := o.AddPerson(ctx, townA, usecase.NewPerson{SignIn: "new", Name: "新人", Duties: []usecase.NewDuty{{Role: org.RoleHandler, Unit: unitVillageA1}}})
	check(t, err)
	check(t, o.RenamePerson(ctx, county, id, "改名"))
	_, err = o.ResetPassword(ctx, county, o.actor(t, org.RoleHandler, unitTownB).User)
	check(t, err)
	_, err = o.AddLine(ctx, county, usecase.Line{Place: 330112106, Unit: unitTownB, Why: "清单"})
	check(t, err)
	set := o.Settings()
	set.Title, set.Place = "临安信访", 330112
	check(t, o.SaveSettings(ctx, county, set))
	check(t, o.MoveUnit(ctx, county, unitVillageA2, unitTownB))
	_, err = o.StartExport(ctx, o.actor(t, org.RoleRegistrar, unitTownA), usecase.Export{List: matter.Filter{List: matter.ListAll, View: matter.ViewOpen}, Format: usecase.TableCSV})
	check(t, err)

	for _, c := range []struct {
		name string
		who  org.Actor
		f    usecase.LogFilter
		want []string
	}{
		{"the county", county, usecase.LogFilter{}, []string{"unit", "settings", "responsibility", "person", "person", "duty", "person"}},
		{"a town: what it lost too, and what is everybody's", townA, usecase.LogFilter{}, []string{"unit", "settings", "person", "duty", "person"}},
		{"its sibling", townB, usecase.LogFilter{}, []string{"unit", "settings", "responsibility", "person"}},
		{"an auditor sees who took lists away", auditor, usecase.LogFilter{}, []string{"export", "unit", "settings", "person", "duty", "person"}},
		{"one unit and below", county, usecase.LogFilter{Unit: unitTownA}, []string{"unit", "person", "duty", "person"}},
		{"one person", county, usecase.LogFilter{Person: id}, []string{"person", "duty", "person"}},
		{"of a person elsewhere nothing", townB, usecase.LogFilter{Person: id}, nil},
		{"by one person", county, usecase.LogFilter{By: townA.User}, []string{"duty", "person"}},
		{"what somebody did elsewhere", townB, usecase.LogFilter{By: townA.User}, nil},
		{"both", county, usecase.LogFilter{By: county.User, Person: id}, []string{"person"}},
	} {
		for limit := 1; limit < 9; limit += 3 {
			var got []string
			f := c.f
			f.Limit = limit
			for done := false; !done; done = f.Before == 0 {
				page, err := o.OrgLog(ctx, c.who, f)
				check(t, err)
				for _, change := range page.Changes {
					got = append(got, change.Kind)
				}
				f.Before = page.Next
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%s, %d a page: %s", c.name, limit, diff)
			}
		}
	}
	_, err = o.OrgLog(ctx, townA, usecase.LogFilter{Unit: unitTownB})
	wantCode(t, err, "unit.not_found")
	page, err := o.OrgLog(ctx, county, usecase.LogFilter{Person: id, Limit: 9})
	check(t, err)
	for i, want := range []struct {
		made   bool
		fields []string
	}{{false, []string{"name"}}, {true, []string{"duty", "from", "role", "scope", "unit"}}, {true, []string{"name", "password", "sign_in"}}} {
		c := page.Changes[i]
		var fields []string
		for _, f := range c.Fields {
			fields = append(fields, f.Name)
		}
		if c.Name != "改名" || c.Made != want.made || !slices.Equal(fields, want.fields) {
			t.Errorf("change %d: %+v", i, c)
		}
	}
	if got := page.Changes[2].Record["name"]; got != "新人" {
		t.Errorf("at first called %q", got)
	}
}

// People and changes of an older schema are found and narrowed after the next start.
func TestFillOrganisation(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx := t.Context()
	county, townB := o.actor(t, org.RoleAdmin, unitCounty), o.actor(t, org.RoleAdmin, unitTownB)
	handler := o.actor(t, org.RoleHandler, unitTownA)
	o.update(t, func(tx *store.Tx) error {
		for id, e := range map[int64]store.OrgEvent{
			1: {Kind: "unit", Subject: int64(unitTownA), Body: `{"before":{"name":"x"},"after":{"name":"y","parent":1}}`},
			2: {Kind: "person", Subject: int64(handler.User), Body: `{"before":{"name":"x"},"after":{"name":"y"}}`},
			3: {Kind: "calendar", Subject: 1, Body: `{"before":null,"after":{"version":"2027"}}`},
		} {
			e.ID, e.AtUS = id, o.Now()
			if err := tx.InsertOrgEvent(ctx, e, nil); err != nil {
				return err
			}
		}
		return nil
	})
	kinds := func(who org.Actor) string {
		page, err := o.OrgLog(ctx, who, usecase.LogFilter{Limit: 9})
		check(t, err)
		var out []string
		for _, c := range page.Changes {
			out = append(out, c.Kind)
		}
		return strings.Join(out, " ")
	}
	if got := o.namesOf(t, county, usecase.PeopleFilter{Words: handler.Name, Limit: 9}); got != nil {
		t.Errorf("found before: %v", got)
	}
	if got := kinds(townB); got != "calendar person unit" {
		t.Errorf("shown before: %s", got)
	}
	for range 2 {
		check(t, o.FillOrganisation(ctx))
		if got := o.namesOf(t, county, usecase.PeopleFilter{Words: handler.Name, Limit: 9}); !slices.Equal(got, []string{handler.Name}) {
			t.Errorf("found after: %v", got)
		}
		if got := kinds(townB) + " / " + kinds(county); got != "calendar / calendar person unit" {
			t.Errorf("shown after: %s", got)
		}
	}
}
