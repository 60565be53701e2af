package usecase

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/org"
	"huiyin/internal/store"
)

// settingAdopted holds the local sets that the office applies, as "zhejiang-2016=2024-03-01,…".
const settingAdopted = "law.adopted"

// Law returns the law of petitions of a place on a day, with the local texts that the office has adopted. Errors: those of law.Book.On.
func (o *Office) Law(place string, d law.Day) (law.RuleSet, error) {
	return o.Book.On(place, d, o.Adopted()...)
}

// Adopted returns the local texts that the office applies and since when.
func (o *Office) Adopted() []law.Adoption { return slices.Clone(*o.adopted.Load()) }

// Adoptable returns the local texts that the office may adopt: those for a place where it has a living unit, or above one.
func (o *Office) Adoptable() []law.SetInfo {
	today := o.Today()
	return slices.DeleteFunc(o.Book.Sets(), func(s law.SetInfo) bool {
		if !s.Adopt {
			return true
		}
		_, here := o.Chart().First(func(u org.Unit) bool {
			return u.Alive(today) && strings.HasPrefix(jurisdiction(u.Place), s.Jurisdiction)
		})
		return !here
	})
}

// MaySetRules reports why an actor may not decide by which rules the office works (local texts, routes, reminders): only an administrator of the
// whole organisation does.
func (o *Office) MaySetRules(who org.Actor) error { return o.whole(who, "rules.root", org.RoleAdmin) }

// Adopt decides which local texts the office applies, each from a day on; those not named it applies no longer. A matter keeps the law it was
// registered under, so that only what is registered from now on is touched. Field errors carry the path "since." and the ID of the text.
func (o *Office) Adopt(ctx context.Context, who org.Actor, adopted []law.Adoption) error {
	if err := o.MaySetRules(who); err != nil {
		return err
	}
	if err := errs.Fields(o.checkAdoptions(adopted)); err != nil {
		return err
	}
	was, next := writeAdopted(o.Adopted()), writeAdopted(adopted)
	if was == next {
		return nil
	}
	if err := o.Store.Update(ctx, 0, func(t *store.Tx) error {
		if err := t.SetSetting(ctx, settingAdopted, next); err != nil {
			return err
		}
		return o.noteChange(ctx, t, who, changeSettings, 0, map[string]string{"adopted": was}, map[string]string{"adopted": next})
	}); err != nil {
		return err
	}
	return o.Reload(ctx)
}

func (o *Office) checkAdoptions(adopted []law.Adoption) []errs.Field {
	var out []errs.Field
	can := o.Adoptable()
	for i, a := range adopted {
		at := "since." + a.Set
		n := slices.IndexFunc(can, func(s law.SetInfo) bool { return s.ID == a.Set })
		switch {
		case n < 0:
			out = append(out, errs.F(at, "adopt.elsewhere", "set", a.Set))
		case slices.ContainsFunc(adopted[:i], func(b law.Adoption) bool { return b.Set == a.Set }):
			out = append(out, errs.F(at, "adopt.twice"))
		case !a.Since.Known():
			out = append(out, errs.F(at, "field.required"))
		case a.Since < can[n].From:
			out = append(out, errs.F(at, "adopt.before", "from", can[n].From))
		case can[n].Until.Known() && a.Since > can[n].Until:
			out = append(out, errs.F(at, "adopt.after", "until", can[n].Until))
		}
	}
	return out
}

// writeAdopted writes adoptions in the order of their texts, so that what is the same reads the same.
func writeAdopted(adopted []law.Adoption) string {
	out := make([]string, len(adopted))
	for i, a := range adopted {
		out[i] = a.Set + "=" + a.Since.String()
	}
	slices.Sort(out)
	return strings.Join(out, ",")
}

// ReadAdopted reads adoptions as they are stored and recorded.
func ReadAdopted(text string) ([]law.Adoption, error) {
	out := []law.Adoption{}
	if text == "" {
		return out, nil
	}
	for part := range strings.SplitSeq(text, ",") {
		set, since, _ := strings.Cut(part, "=")
		day, err := law.ParseDay(since)
		if err != nil {
			return nil, fmt.Errorf("setting %s: %w", settingAdopted, err)
		}
		out = append(out, law.Adoption{Set: set, Since: day})
	}
	return out, nil
}
