package usecase

import (
	"context"
	"strings"

	"huiyin/internal/errs"
	"huiyin/internal/gazetteer"
	"huiyin/internal/org"
	"huiyin/internal/store"
)

// FirstRun is what an empty office is set up with.
type FirstRun struct {
	County      int64  // division code of six digits
	Title       string // of the site; empty: the name of the petition bureau
	Departments bool   // enter the usual departments, too
	SignIn      string // of the administrator
	Name        string
	Password    string
}

// NeedsFirstRun reports whether nobody works here yet.
func (o *Office) NeedsFirstRun(ctx context.Context) (bool, error) {
	empty := false
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		var err error
		empty, err = nobody(ctx, t)
		return err
	})
	return empty, err
}

func nobody(ctx context.Context, t *store.Tx) (bool, error) {
	people, err := t.People(ctx, store.PeopleFilter{Limit: 1})
	return len(people) == 0, err
}

// FirstRun sets an empty office up: the county with its petition bureau, its towns and their villages, and the first administrator. Whoever comes
// second is refused.
func (o *Office) FirstRun(ctx context.Context, f FirstRun) error {
	admin := NewPerson{SignIn: foldSignIn(f.SignIn), Name: strings.TrimSpace(f.Name), Password: f.Password}
	fields := admin.check()
	if f.Password == "" {
		fields = append(fields, errs.F("password", "field.required"))
	}
	county, ok := o.Places.Place(f.County)
	if !ok || county.Level != gazetteer.County {
		fields = append(fields, errs.F("county", "first_run.county"))
	}
	if err := errs.Fields(fields); err != nil {
		return err
	}
	units, set, err := o.countyUnits(county, f.Departments)
	if err != nil {
		return err
	}
	if title := strings.TrimSpace(f.Title); title != "" {
		set.Title, set.TitleEnglish = title, ""
	}
	if err := errs.Fields(set.check(o)); err != nil {
		return err
	}
	hash, err := o.hashPassword(ctx, f.Password)
	if err != nil {
		return err
	}
	if err := o.Store.Update(ctx, 0, func(t *store.Tx) error {
		empty, err := nobody(ctx, t)
		if err != nil {
			return err
		}
		if !empty {
			return errs.E(errs.Refused, "first_run.done")
		}
		ids, err := o.addUnits(ctx, t, org.System(), nil, org.NewChart(nil), units)
		if err != nil {
			return err
		}
		admin.Duties = []NewDuty{NewDuty{Role: org.RoleAdmin, Unit: ids[0]}.clean(o.Today())}
		if _, err := o.addPerson(ctx, t, org.System(), admin, hash); err != nil {
			return err
		}
		return o.saveSettings(ctx, t, org.System(), o.Settings(), set)
	}); err != nil {
		return err
	}
	return o.Reload(ctx)
}

// countyUnits lists the organs of a county, the county itself first, and what the office then says of itself.
func (o *Office) countyUnits(county gazetteer.Place, departments bool) ([]NewUnit, Settings, error) {
	b, err := readBodies()
	if err != nil {
		return nil, Settings{}, err
	}
	name, english := county.Name, o.Places.English(county)
	units := []NewUnit{{Name: name, English: english, Kind: org.KindRoot, Place: county.Code}}
	r := strings.NewReplacer("{name}", name, "{English}", english)
	organs := b.Always
	if departments {
		organs = append(organs, b.Departments...)
	}
	for _, n := range organs {
		units = append(units, NewUnit{Above: 1 + n.Under, Name: r.Replace(n.Name), English: r.Replace(n.English), Kind: n.Kind, Place: county.Code})
	}
	bureau := units[1]
	towns, err := o.Places.Children(county.Code)
	if err != nil {
		return nil, Settings{}, err
	}
	above := make(map[int64]int, len(towns))
	for _, town := range towns {
		u := NewUnit{Above: 1, Kind: org.KindTown, Place: town.Code}
		u.Name, u.English = o.named(b.Towns, town)
		units = append(units, u)
		above[town.Code] = len(units)
	}
	committees, err := o.CommitteesOf(county.Code)
	if err != nil {
		return nil, Settings{}, err
	}
	for _, c := range committees {
		c.Above = above[gazetteer.ParentCode(c.Place)]
		units = append(units, c)
	}
	return units, Settings{
		Title: bureau.Name, TitleEnglish: bureau.English, HostName: bureau.Name, HostEnglish: bureau.English, Place: county.Code, Lang: o.Settings().Lang,
	}, nil
}
