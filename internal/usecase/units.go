package usecase

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"huiyin/internal/errs"
	"huiyin/internal/gazetteer"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
)

// UnitView is a unit as administrators see it.
type UnitView struct {
	org.Unit
	Children int // living ones directly under it
	Living   bool
}

// UnitsUnder returns the units directly under one, ended ones last; for zero the top of what the administrator governs.
func (o *Office) UnitsUnder(who org.Actor, parent org.UnitID) ([]UnitView, error) {
	if err := need(who, org.RoleAdmin); err != nil {
		return nil, err
	}
	chart, today := o.Chart(), o.Today()
	var list []org.Unit
	switch {
	case parent == 0 && who.Kind != org.ActorSystem:
		if u, ok := chart.Unit(who.Duty.Scope); ok {
			list = []org.Unit{u}
		}
	case parent == 0 || governs(who, chart, parent):
		list = chart.Children(parent)
	default:
		return nil, errs.E(errs.NotFound, "unit.not_found")
	}
	out := make([]UnitView, 0, len(list))
	for _, u := range list {
		out = append(out, UnitView{Unit: u, Children: len(living(chart, u.ID, today)), Living: u.Alive(today)})
	}
	slices.SortStableFunc(out, func(a, b UnitView) int {
		switch {
		case a.Living == b.Living:
			return 0
		case a.Living:
			return -1
		default:
			return 1
		}
	})
	return out, nil
}

func living(chart *org.Chart, parent org.UnitID, day law.Day) []org.Unit {
	return slices.DeleteFunc(chart.Children(parent), func(u org.Unit) bool { return !u.Alive(day) })
}

// UnitsLike finds living units by name, English name, pinyin, initials, id or a shortened name, those that begin with the words first. Units are public.
func (o *Office) UnitsLike(words string, limit int) []org.Unit {
	return o.Chart().Find(words, o.Today(), limit, gazetteer.Sounds)
}

// FindUnits finds living units that an administrator governs, by name, English name, pinyin initials or id, those that begin with the words first;
// where fits is given, only those it takes.
func (o *Office) FindUnits(who org.Actor, words string, limit int, fits func(org.Unit) bool) ([]org.Unit, error) {
	if err := need(who, org.RoleAdmin, org.RoleAuditor); err != nil {
		return nil, err
	}
	chart := o.Chart()
	found := slices.DeleteFunc(o.UnitsLike(words, chart.Len()), func(u org.Unit) bool {
		return !governs(who, chart, u.ID) || fits != nil && !fits(u)
	})
	return found[:min(len(found), max(limit, 0))], nil
}

// NewUnit is a body to be entered. Above says where it hangs in a list of new units: the place, counted from one, of the one it stands
// under, or zero where Parent names a unit that is there already.
type NewUnit struct {
	Parent  org.UnitID
	Above   int
	Name    string
	English string
	Kind    org.UnitKind
	Place   int64
	Phone   string
}

// AddUnits enters units, one above another where they say so, all or none. Only the operator enters one at the top.
func (o *Office) AddUnits(ctx context.Context, who org.Actor, list []NewUnit) ([]org.UnitID, error) {
	var ids []org.UnitID
	err := o.reorganise(ctx, who, func(t *store.Tx, units []org.Unit, chart *org.Chart) error {
		var err error
		ids, err = o.addUnits(ctx, t, who, units, chart, list)
		return err
	})
	return ids, err
}

// reorganise changes units in one transaction, deciding on the organisation as it stands there, and then reads it anew.
func (o *Office) reorganise(ctx context.Context, who org.Actor, change func(*store.Tx, []org.Unit, *org.Chart) error) error {
	if err := need(who, org.RoleAdmin); err != nil {
		return err
	}
	if err := o.Store.Update(ctx, 0, func(t *store.Tx) error {
		units, err := t.Units(ctx)
		if err != nil {
			return err
		}
		return change(t, units, org.NewChart(units))
	}); err != nil {
		return err
	}
	return o.Reload(ctx)
}

func (o *Office) addUnits(ctx context.Context, t *store.Tx, who org.Actor, units []org.Unit, chart *org.Chart, list []NewUnit) ([]org.UnitID, error) {
	today := o.Today()
	var fields []errs.Field
	ids := make([]org.UnitID, len(list))
	taken := map[identity]bool{}
	for _, u := range units {
		if u.Alive(today) {
			taken[identity{u.Parent, u.Name, u.Place}] = true
		}
	}
	made := make([]org.Unit, len(list))
	for i, n := range list {
		n.Name, n.English, n.Phone = strings.TrimSpace(n.Name), strings.TrimSpace(n.English), strings.TrimSpace(n.Phone)
		bad := o.checkUnit(n)
		if n.Above > 0 && n.Above <= i {
			n.Parent = ids[n.Above-1]
		} else if parent, ok := chart.Unit(n.Parent); n.Parent != 0 && (!ok || !parent.Alive(today)) {
			bad = append(bad, errs.F("parent", "unit.gone"))
		} else if !governs(who, chart, n.Parent) {
			bad = append(bad, errs.F("parent", "unit.outside"))
		}
		if taken[identity{n.Parent, n.Name, n.Place}] {
			bad = append(bad, errs.F("name", "unit.name_taken"))
		}
		taken[identity{n.Parent, n.Name, n.Place}] = true
		for _, f := range bad {
			if len(list) > 1 {
				f.Path = fmt.Sprintf("%d.%s", i, f.Path)
			}
			fields = append(fields, f)
		}
		id, err := t.NextLocal(ctx, "unit")
		if err != nil {
			return nil, err
		}
		ids[i] = org.UnitID(id)
		made[i] = org.Unit{
			ID: ids[i], Parent: n.Parent, Name: n.Name, English: n.English, Initials: gazetteer.Initials(n.Name), Kind: n.Kind, Place: n.Place, Phone: n.Phone, From: today,
		}
	}
	if err := errs.Fields(fields); err != nil {
		return nil, err
	}
	for _, u := range made {
		if err := t.SaveUnit(ctx, u); err != nil {
			return nil, err
		}
		if err := o.noteChange(ctx, t, who, changeUnit, int64(u.ID), nil, recordOfUnit(u)); err != nil {
			return nil, err
		}
	}
	return ids, t.ReplacePaths(ctx, org.NewChart(append(units, made...)), ids)
}

// identity is what no two living units share. The place belongs to it, since a town can have two villages of one name.
type identity struct {
	parent org.UnitID
	name   string
	place  int64
}

func (o *Office) checkUnit(n NewUnit) []errs.Field {
	out := checkUnitNames(UnitNames{Name: n.Name, English: n.English, Phone: n.Phone})
	if !slices.Contains(org.UnitKinds(), n.Kind) {
		out = append(out, errs.F("kind", "field.choice"))
	}
	if _, ok := o.Places.Place(n.Place); !ok {
		out = append(out, errs.F("place", "intake.place_unknown"))
	}
	return out
}

// UnitNames is how a unit is called and reached, and the mark in the numbers of its documents.
type UnitNames struct{ Name, English, Phone, Mark string }

// maxMark is the longest mark of a unit.
const maxMark = 20

func checkUnitNames(n UnitNames) []errs.Field {
	var out []errs.Field
	if n.Name == "" {
		out = append(out, errs.F("name", "field.required"))
	}
	if length := utf8.RuneCountInString(n.Mark); length > maxMark {
		out = append(out, errs.F("mark", "field.long", "max", maxMark, "n", length))
	}
	for path, text := range map[string]string{"name": n.Name, "english": n.English, "phone": n.Phone} {
		if length := utf8.RuneCountInString(text); length > matter.MaxLine {
			out = append(out, errs.F(path, "field.long", "max", matter.MaxLine, "n", length))
		}
	}
	return out
}

// RenameUnit calls a unit by another name. Documents of before keep the name they bear.
func (o *Office) RenameUnit(ctx context.Context, who org.Actor, id org.UnitID, n UnitNames) error {
	n = UnitNames{Name: strings.TrimSpace(n.Name), English: strings.TrimSpace(n.English), Phone: strings.TrimSpace(n.Phone), Mark: strings.TrimSpace(n.Mark)}
	if err := errs.Fields(checkUnitNames(n)); err != nil {
		return err
	}
	return o.reorganise(ctx, who, func(t *store.Tx, _ []org.Unit, chart *org.Chart) error {
		u, err := o.governed(who, chart, id)
		if err != nil {
			return err
		}
		if o.taken(chart, identity{u.Parent, n.Name, u.Place}, id) {
			return errs.Fields([]errs.Field{errs.F("name", "unit.name_taken")})
		}
		next := u
		next.Name, next.English, next.Phone, next.Mark, next.Initials = n.Name, n.English, n.Phone, n.Mark, gazetteer.Initials(n.Name)
		return o.saveUnit(ctx, t, who, u, next)
	})
}

func (o *Office) taken(chart *org.Chart, as identity, except org.UnitID) bool {
	return slices.ContainsFunc(living(chart, as.parent, o.Today()), func(u org.Unit) bool {
		return u.Name == as.name && u.Place == as.place && u.ID != except
	})
}

// governed returns a living unit that the administrator governs.
func (o *Office) governed(who org.Actor, chart *org.Chart, id org.UnitID) (org.Unit, error) {
	u, ok := chart.Unit(id)
	switch {
	case !ok || !governs(who, chart, id):
		return org.Unit{}, errs.E(errs.NotFound, "unit.not_found")
	case !u.Alive(o.Today()):
		return org.Unit{}, errs.E(errs.Refused, "unit.ended", "day", u.Until)
	}
	return u, nil
}

func (o *Office) saveUnit(ctx context.Context, t *store.Tx, who org.Actor, was, next org.Unit) error {
	if err := t.SaveUnit(ctx, next); err != nil {
		return err
	}
	return o.noteChange(ctx, t, who, changeUnit, int64(next.ID), recordOfUnit(was), recordOfUnit(next))
}
