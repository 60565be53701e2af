package usecase_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
)

func TestSuggest(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx := t.Context()
	admin := o.actor(t, org.RoleAdmin, unitCounty)
	ids := map[string]int64{}
	for _, l := range []usecase.Line{
		{Category: "", Place: 330112, Unit: unitBureau, Why: "any"},
		{Category: "N03", Place: 330112, Unit: unitHousing, Why: "building"},
		{Category: "N0307", Place: 330112, Unit: unitHR, Why: "streets"},
		{Category: "N0307", Place: 330112104, Unit: unitTownA, Why: "streets of A"},
		{Category: "N0306", Place: 330112, Unit: unitCounty, Why: "the town", WhyEnglish: "the town it is in"},
	} {
		id, err := o.AddLine(ctx, admin, l)
		check(t, err)
		ids[l.Why] = id
	}
	who := o.actor(t, org.RoleRegistrar, unitCentre)
	for _, c := range []struct {
		category string
		place    int64
		want     []org.UnitID
	}{
		{"N0307", 330112104201, []org.UnitID{unitTownA, unitHR, unitHousing, unitBureau}},
		{"N0307", 330112106201, []org.UnitID{unitHR, unitHousing, unitBureau}},
		{"N0306", 330112106201, []org.UnitID{unitTownB, unitHousing, unitBureau}},
		{"N0306", 330112106, []org.UnitID{unitTownB, unitHousing, unitBureau}},
		{"N0306", 330112, []org.UnitID{unitHousing, unitBureau}}, // no town known: the line does not apply
		{"N0306", 330112115, []org.UnitID{unitHousing, unitBureau}},
		{"N0307", 330113001, nil},
		{"", 330112104, []org.UnitID{unitBureau}},
	} {
		got, err := o.Suggest(ctx, who, c.category, c.place)
		check(t, err)
		var units []org.UnitID
		for _, s := range got {
			units = append(units, s.Unit.ID)
		}
		if diff := cmp.Diff(c.want, units); diff != "" {
			t.Errorf("%s at %d: %s", c.category, c.place, diff)
		}
	}
	got, err := o.Suggest(ctx, who, "N0306", 330112106201)
	check(t, err)
	if got[0].Line != ids["the town"] || got[0].Why != "the town" || got[0].WhyEnglish != "the town it is in" || got[0].Category != "N0306" {
		t.Errorf("%+v", got[0])
	}
	asked, err := o.Suggest(ctx, admin, "N0306", 330112106201)
	check(t, err)
	if diff := cmp.Diff(got, asked); diff != "" {
		t.Errorf("an administrator is told something else: %s", diff)
	}
	_, err = o.Suggest(ctx, o.actor(t, org.RoleAuditor, unitCounty), "N0306", 330112106201)
	wantCode(t, err, "auth.duty")

	// An ended unit is followed to its successor, an ended line no longer.
	_, err = o.EndUnit(ctx, admin, unitHousing, unitHR)
	check(t, err)
	check(t, o.EndLine(ctx, admin, ids["streets of A"], 0))
	got, err = o.Suggest(ctx, who, "N0307", 330112104201)
	check(t, err)
	if len(got) != 2 || got[0].Unit.ID != unitHR || got[1].Unit.ID != unitBureau {
		t.Errorf("%+v", got)
	}
}

func TestLines(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx := t.Context()
	admin, town := o.actor(t, org.RoleAdmin, unitCounty), o.actor(t, org.RoleAdmin, unitTownA)
	good := usecase.Line{Category: "N0307", Place: 330112104, Unit: unitTownA, Why: "本镇的街道"}
	with := func(change func(*usecase.Line)) usecase.Line {
		l := good
		change(&l)
		return l
	}
	for _, c := range []struct {
		line usecase.Line
		code string
	}{
		{with(func(l *usecase.Line) { l.Category = "N9999" }), "field.choice"},
		{with(func(l *usecase.Line) { l.Place = 12 * 100 }), "intake.place_unknown"},
		{with(func(l *usecase.Line) { l.Unit = unitTownB }), "unit.outside"},
		{with(func(l *usecase.Line) { l.Unit = 999 }), "unit.gone"},
		{with(func(l *usecase.Line) { l.Why = " " }), "field.required"},
		{with(func(l *usecase.Line) { l.Why = strings.Repeat("长", 201) }), "field.long"},
		{with(func(l *usecase.Line) { l.Until = o.Today() }), "duty.until"},
	} {
		_, err := o.AddLine(ctx, town, c.line)
		wantCode(t, err, c.code)
	}
	id, err := o.AddLine(ctx, town, good)
	check(t, err)
	_, err = o.AddLine(ctx, admin, good)
	wantCode(t, err, "line.twice")
	check(t, o.ChangeLine(ctx, town, id, with(func(l *usecase.Line) { l.Why = "改过的理由" })))
	other, err := o.AddLine(ctx, admin, with(func(l *usecase.Line) { l.Unit = unitHR }))
	check(t, err)
	wantCode(t, o.ChangeLine(ctx, town, other, good), "line.not_found")
	wantCode(t, o.EndLine(ctx, town, id, o.Today().Add(-1)), "day.past")
	check(t, o.EndLine(ctx, town, id, 0))
	wantCode(t, o.ChangeLine(ctx, town, id, good), "line.ended")
	first, err := o.Lines(ctx, admin, 0, 1)
	check(t, err)
	second, err := o.Lines(ctx, admin, first.Next, 1)
	check(t, err)
	if first.Next != id || first.Lines[0].Why != "改过的理由" || first.Lines[0].At.ID != unitTownA || second.Lines[0].ID != other || second.Next != 0 {
		t.Errorf("%+v %+v", first, second)
	}
}

// arrangement is a notice for 2027, as an administrator loads it: the given days are off.
func arrangement(t *testing.T, off ...string) []byte {
	t.Helper()
	type day struct {
		Day  string `json:"day"`
		Name string `json:"name"`
	}
	list := []day{}
	for _, d := range off {
		list = append(list, day{d, "假日"})
	}
	text, err := json.Marshal(map[string]any{
		"version": "2027", "from": "2027-01-01", "until": "2027-12-31", "years": map[string][]string{"2027": {"notice"}}, "names": map[string]string{}, "off": list, "work": []string{},
	})
	check(t, err)
	return text
}

func TestLoadCalendar(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx := t.Context()
	admin := o.actor(t, org.RoleAdmin, unitCounty)
	o.moveTo(law.NewDay(2026, 6, 1))
	early := o.register(t, unitCentre, "早的") // ends on 2026-06-16
	o.moveTo(law.NewDay(2026, 12, 23))
	late := o.register(t, unitCentre, "晚的") // ends on 2027-01-07, past what is published
	row := func(ref matter.Ref) matter.Row {
		var r matter.Row
		o.read(t, func(tx *store.Tx) error {
			var err error
			r, err = tx.Matter(t.Context(), org.System().Scope(), ref)
			return err
		})
		return r
	}
	was := row(late)
	if !was.Provisional || was.Due != law.NewDay(2027, 1, 7) || row(early).Provisional {
		t.Fatalf("before: %+v", was)
	}
	_, _, err := o.LoadCalendar(ctx, o.actor(t, org.RoleHead, unitCounty), arrangement(t))
	wantCode(t, err, "auth.duty")
	_, _, err = o.LoadCalendar(ctx, admin, []byte(`{"version": "x"}`))
	wantCode(t, err, "form.invalid")
	_, _, err = o.LoadCalendar(ctx, admin, []byte(`no calendar`))
	wantCode(t, err, "law.json.bad")

	changed, affected, err := o.LoadCalendar(ctx, admin, arrangement(t, "2027-01-01", "2027-01-07", "2027-01-08"))
	check(t, err)
	if affected != 1 || !slices.Contains(changed, law.NewDay(2027, 1, 7)) {
		t.Errorf("%d affected, changed %v", affected, changed)
	}
	now := row(late)
	if now.Provisional || now.Due != law.NewDay(2027, 1, 11) || now.Version != was.Version+1 {
		t.Errorf("after: %+v", now)
	}
	var clocks []matter.Clock
	o.read(t, func(tx *store.Tx) error {
		var err error
		clocks, err = tx.Clocks(ctx, late)
		return err
	})
	if len(clocks) != 1 || clocks[0].Legal != now.Due || clocks[0].Provision {
		t.Errorf("clocks: %+v", clocks)
	}
	v, err := o.CalendarView(ctx, admin)
	check(t, err)
	if v.Until != law.NewDay(2027, 12, 31) || len(v.Loaded) != 1 || v.Loaded[0].Person != admin.Name || v.Loaded[0].Version != "2027" {
		t.Errorf("%+v", v)
	}
	// It holds for an office opened later, and there is nothing left to count.
	later := officeOver(t, o.store)
	if working, published := later.Calendar().Working(law.NewDay(2027, 1, 7)); working || !published {
		t.Error("the arrangement is gone")
	}
	again, err := o.RecountClocks(ctx)
	check(t, err)
	if again != 0 {
		t.Errorf("%d counted again", again)
	}
}

// A count that was broken off is taken up at the next start.
func TestRecountGoesOn(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	admin := o.actor(t, org.RoleAdmin, unitCounty)
	o.moveTo(law.NewDay(2026, 12, 23))
	const n = 6
	for range n {
		o.register(t, unitCentre, "晚的")
	}
	before := o.Calendar().Version()
	ctx := newDying(t, 40, func() bool { return o.Calendar().Version() != before })
	_, affected, err := o.LoadCalendar(ctx, admin, arrangement(t, "2027-01-07"))
	if err == nil || affected == 0 || affected == n {
		t.Fatalf("meant to be broken off: %d affected, %v", affected, err)
	}
	rest, err := o.RecountClocks(t.Context())
	check(t, err)
	if affected+rest != n {
		t.Errorf("%d and then %d of %d", affected, rest, n)
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx := t.Context()
	admin, town := o.actor(t, org.RoleAdmin, unitCounty), o.actor(t, org.RoleAdmin, unitTownA)
	good := usecase.NewKey{Name: "12345 热线", Unit: unitBureau, Role: org.RoleRegistrar, Grants: []string{"register", "read"}, Expires: o.Today().Add(30)}
	with := func(change func(*usecase.NewKey)) usecase.NewKey {
		k := good
		change(&k)
		return k
	}
	for _, c := range []struct {
		who  org.Actor
		key  usecase.NewKey
		code string
	}{
		{town, good, "unit.outside"},
		{admin, with(func(k *usecase.NewKey) { k.Name = "" }), "field.required"},
		{admin, with(func(k *usecase.NewKey) { k.Unit = 999 }), "unit.gone"},
		{admin, with(func(k *usecase.NewKey) { k.Role = org.RoleDiscipline }), "field.choice"},
		{admin, with(func(k *usecase.NewKey) { k.Grants = nil }), "field.required"},
		{admin, with(func(k *usecase.NewKey) { k.Grants = []string{"all"} }), "field.choice"},
		{admin, with(func(k *usecase.NewKey) { k.Grants = []string{"read", "read"} }), "field.choice"},
		{admin, with(func(k *usecase.NewKey) { k.Expires = o.Today() }), "day.future"},
	} {
		_, err := o.AddKey(ctx, c.who, c.key)
		wantCode(t, err, c.code)
	}
	key, err := o.AddKey(ctx, admin, good)
	check(t, err)
	who, err := o.MachineActor(ctx, key)
	check(t, err)
	if who.Kind != org.ActorMachine || !who.Has(org.RoleRegistrar) || who.Duty.Unit != unitBureau || !slices.Equal(who.Grants, good.Grants) || who.Key == "" {
		t.Errorf("%+v", who)
	}
	o.read(t, func(tx *store.Tx) error {
		row, _, err := tx.Key(ctx, who.Key)
		secret := key[strings.LastIndex(key, "_")+1:]
		if bytes.Contains(row.Hash, []byte(secret)) || len(secret) != 32 {
			t.Errorf("the store has the secret %q", secret)
		}
		return err
	})
	last := key[len(key)-1:]
	other := "0"
	if last == other {
		other = "1"
	}
	for _, bad := range []string{"", "huk", "huk__", "xxx" + key[3:], key[:len(key)-1], key[:len(key)-1] + other, "huk_nobody00_" + strings.Repeat("0", 32), key + "_"} {
		_, err := o.MachineActor(ctx, bad)
		wantCode(t, err, "auth.key")
	}
	list, err := o.Keys(ctx, admin)
	check(t, err)
	hidden, err := o.Keys(ctx, town)
	check(t, err)
	if len(list) != 1 || list[0].Name != good.Name || list[0].Unit.ID != unitBureau || len(hidden) != 0 {
		t.Errorf("%+v, and to the town %+v", list, hidden)
	}
	o.moveTo(good.Expires.Add(-1))
	_, err = o.MachineActor(ctx, key)
	check(t, err)
	o.moveTo(good.Expires)
	_, err = o.MachineActor(ctx, key)
	wantCode(t, err, "auth.key")

	lasting, err := o.AddKey(ctx, admin, with(func(k *usecase.NewKey) { k.Expires = 0 }))
	check(t, err)
	who, err = o.MachineActor(ctx, lasting)
	check(t, err)
	wantCode(t, o.RevokeKey(ctx, town, who.Key), "key.not_found")
	check(t, o.RevokeKey(ctx, admin, who.Key))
	check(t, o.RevokeKey(ctx, admin, who.Key))
	_, err = o.MachineActor(ctx, lasting)
	wantCode(t, err, "auth.key")

	ofEnded, err := o.AddKey(ctx, admin, with(func(k *usecase.NewKey) { k.Unit, k.Expires = unitHousing, 0 }))
	check(t, err)
	_, err = o.EndUnit(ctx, admin, unitHousing, unitHR)
	check(t, err)
	_, err = o.MachineActor(ctx, ofEnded)
	wantCode(t, err, "auth.key")
}

func TestSettings(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx := t.Context()
	if name := o.Settings().Name(true); name != "Huiyin" || o.Settings().Lang != "zh" {
		t.Errorf("before any: %q %+v", name, o.Settings())
	}
	admin := o.actor(t, org.RoleAdmin, unitCounty)
	good := usecase.Settings{Title: "临安信访", TitleEnglish: "Lin'an petitions", HostName: "临安区信访局", Place: 330112, Lang: "en", Demo: true}
	wantCode(t, o.SaveSettings(ctx, o.actor(t, org.RoleHead, unitCounty), good), "auth.duty")
	for _, c := range []struct {
		change func(*usecase.Settings)
		code   string
	}{
		{func(s *usecase.Settings) { s.Title = " " }, "field.required"},
		{func(s *usecase.Settings) { s.Place = 1 }, "intake.place_unknown"},
		{func(s *usecase.Settings) { s.Lang = "fr" }, "field.choice"},
		{func(s *usecase.Settings) { s.HostName = strings.Repeat("长", 201) }, "field.long"},
	} {
		bad := good
		c.change(&bad)
		wantCode(t, o.SaveSettings(ctx, admin, bad), c.code)
	}
	check(t, o.SaveSettings(ctx, admin, good))
	want := good
	want.Demo = false // not an administrator's to say
	if diff := cmp.Diff(want, o.Settings()); diff != "" {
		t.Error(diff)
	}
	if later := officeOver(t, o.store).Settings(); later.Name(true) != "Lin'an petitions" || later.Name(false) != "临安信访" || later.Host(true) != "临安区信访局" {
		t.Errorf("read back: %+v", later)
	}
	check(t, o.SaveSettings(ctx, org.System(), good))
	if !o.Settings().Demo {
		t.Error("the operator cannot say that it is a demonstration")
	}
}
