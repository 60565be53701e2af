package usecase

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"huiyin/internal/errs"
	"huiyin/internal/gazetteer"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
)

//go:embed routes.json
var routesFile []byte

// RouteRule says which other lawful way (信访工作条例 第三十一条第一至五项) claims of some categories take under a condition: to which organ, by which law,
// with what, and which periods run there. It proposes; a person decides.
type RouteRule struct {
	Key              string       `json:"key"`
	Categories       []string     `json:"categories"` // of the current table, at either level; none: every category
	Condition        string       `json:"condition"`
	ConditionEnglish string       `json:"condition_english,omitempty"`
	Route            matter.Route `json:"route"`
	Organ            string       `json:"organ"`
	OrganEnglish     string       `json:"organ_english,omitempty"`
	Unit             org.UnitID   `json:"unit,omitempty"` // the organ, where the office has it as a unit
	Law              string       `json:"law"`
	LawEnglish       string       `json:"law_english,omitempty"`
	Bring            string       `json:"bring,omitempty"`
	BringEnglish     string       `json:"bring_english,omitempty"`
	Limits           []law.RuleID `json:"limits,omitempty"` // of neighbouring laws, shown as information
	Ended            bool         `json:"ended,omitempty"`
	Version          int          `json:"version,omitempty"` // how often the office changed it; zero as it came with the program
}

const (
	settingRoute  = "route." // and the key
	ownRoute      = "own-"   // how the keys of an office's own rules begin
	maxRouteRules = 300
)

// readRoutes lays the office's own versions over the rules that come with the program.
func readRoutes(settings map[string]string) ([]RouteRule, error) {
	var out []RouteRule
	if err := json.Unmarshal(routesFile, &out); err != nil {
		return nil, fmt.Errorf("the embedded rules of routes: %w", err)
	}
	for name, body := range settings {
		key, ok := strings.CutPrefix(name, settingRoute)
		if !ok {
			continue
		}
		var r RouteRule
		if err := json.Unmarshal([]byte(body), &r); err != nil {
			return nil, fmt.Errorf("setting %s: %w", name, err)
		}
		if i := slices.IndexFunc(out, func(x RouteRule) bool { return x.Key == key }); i >= 0 {
			out[i] = r
		} else {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b RouteRule) int { return strings.Compare(a.Key, b.Key) })
	return out, nil
}

// RouteRules returns all rules in order of their keys, ended ones too. Everybody of the staff may read them.
func (o *Office) RouteRules(who org.Actor) ([]RouteRule, error) {
	if err := need(who, org.Roles()...); err != nil {
		return nil, err
	}
	return slices.Clone(*o.routes.Load()), granted(who, "read")
}

// RouteRule returns a rule by its key.
func (o *Office) RouteRule(who org.Actor, key string) (RouteRule, error) {
	all, err := o.RouteRules(who)
	if err != nil {
		return RouteRule{}, err
	}
	i := slices.IndexFunc(all, func(r RouteRule) bool { return r.Key == key })
	if i < 0 {
		return RouteRule{}, errs.E(errs.NotFound, "route.not_found")
	}
	return all[i], nil
}

// RoutesFor returns the rules in force that a category falls under, the narrowest first.
func (o *Office) RoutesFor(category string) []RouteRule {
	var out []RouteRule
	for _, code := range o.categoryAndAbove(category) {
		for _, r := range *o.routes.Load() {
			named := slices.Contains(r.Categories, code) || (code == "" && len(r.Categories) == 0)
			if !r.Ended && named && !slices.ContainsFunc(out, func(x RouteRule) bool { return x.Key == r.Key }) {
				out = append(out, r)
			}
		}
	}
	return out
}

// categoryAndAbove is a category, those it lies under, and the empty one that stands for all.
func (o *Office) categoryAndAbove(category string) []string {
	var out []string
	for code := category; code != ""; {
		out = append(out, code)
		row, _ := o.Places.Current().Row(code)
		code = row.Parent
	}
	return append(out, "")
}

// SaveRouteRule enters a rule, without a key a new one of the office, or changes one, which brings an ended one back into force. It returns the key. Only
// administrators of the whole organisation keep the rules.
func (o *Office) SaveRouteRule(ctx context.Context, who org.Actor, r RouteRule) (string, error) {
	if err := o.MaySetRules(who); err != nil {
		return "", err
	}
	r = r.trimmed()
	if err := errs.Fields(r.check(o)); err != nil {
		return "", err
	}
	r.Ended = false
	key := r.Key
	err := o.changeRoute(ctx, who, func(t *store.Tx, was *RouteRule) (RouteRule, error) {
		next := r
		if next.Key == "" {
			n, err := t.NextLocal(ctx, "route_rule")
			next.Key = ownRoute + strconv.FormatInt(n, 10)
			key = next.Key
			return next, err
		}
		if was == nil {
			return next, errs.E(errs.NotFound, "route.not_found")
		}
		return next, nil
	}, r.Key)
	return key, err
}

// EndRouteRule takes a rule out of force. What was told under it stays as it was told.
func (o *Office) EndRouteRule(ctx context.Context, who org.Actor, key string) error {
	if err := o.MaySetRules(who); err != nil {
		return err
	}
	return o.changeRoute(ctx, who, func(_ *store.Tx, was *RouteRule) (RouteRule, error) {
		if was == nil || was.Ended {
			return RouteRule{}, errs.E(errs.NotFound, "route.not_found")
		}
		next := *was
		next.Ended = true
		return next, nil
	}, key)
}

// changeRoute writes what a change makes of a rule, with its record.
func (o *Office) changeRoute(ctx context.Context, who org.Actor, change func(*store.Tx, *RouteRule) (RouteRule, error), key string) error {
	err := o.Store.Update(ctx, 0, func(t *store.Tx) error {
		settings, err := t.Settings(ctx)
		if err != nil {
			return err
		}
		all, err := readRoutes(settings)
		if err != nil {
			return err
		}
		var was *RouteRule
		if i := slices.IndexFunc(all, func(r RouteRule) bool { return r.Key == key }); i >= 0 {
			was = &all[i]
		}
		if was == nil && len(all) >= maxRouteRules {
			return errs.E(errs.Refused, "route.many", "max", maxRouteRules)
		}
		next, err := change(t, was)
		if err != nil {
			return err
		}
		next.Version = 1
		var before any
		if was != nil {
			before, next.Version = was.record(), was.Version+1
		}
		body, err := json.Marshal(next)
		if err != nil {
			return fmt.Errorf("rule %s: %w", next.Key, err)
		}
		if err := t.SetSetting(ctx, settingRoute+next.Key, string(body)); err != nil {
			return err
		}
		return o.noteChange(ctx, t, who, changeRoute, 0, before, next.record())
	})
	if err != nil {
		return err
	}
	return o.Reload(ctx)
}

func (r RouteRule) trimmed() RouteRule {
	for _, s := range []*string{&r.Condition, &r.ConditionEnglish, &r.Organ, &r.OrganEnglish, &r.Law, &r.LawEnglish, &r.Bring, &r.BringEnglish} {
		*s = strings.TrimSpace(*s)
	}
	return r
}

// check wants what a petitioner has to be told, and only what exists.
func (r RouteRule) check(o *Office) []errs.Field {
	var out []errs.Field
	for _, f := range []struct {
		path, text string
		need       bool
	}{
		{"condition", r.Condition, true},
		{"condition_english", r.ConditionEnglish, false},
		{"organ", r.Organ, true},
		{"organ_english", r.OrganEnglish, false},
		{"law", r.Law, true},
		{"law_english", r.LawEnglish, false},
		{"bring", r.Bring, false},
		{"bring_english", r.BringEnglish, false},
	} {
		n := utf8.RuneCountInString(f.text)
		switch {
		case f.need && n == 0:
			out = append(out, errs.F(f.path, "field.required"))
		case n > matter.MaxLine:
			out = append(out, errs.F(f.path, "field.long", "max", matter.MaxLine, "n", n))
		}
	}
	if !slices.Contains(matter.Choices("route"), string(r.Route)) {
		out = append(out, errs.F("route", "field.choice"))
	}
	for _, code := range r.Categories {
		if _, ok := o.Places.Current().Row(code); !ok {
			out = append(out, errs.F("categories", "gazetteer.category.unknown", "category", code))
		}
	}
	for _, id := range r.Limits {
		if !slices.Contains(o.Book.IDs(), string(id)) {
			out = append(out, errs.F("limits", "law.rule.unknown", "rule", string(id)))
		}
	}
	if _, ok := o.Chart().Unit(r.Unit); r.Unit != 0 && !ok {
		out = append(out, errs.F("unit", "unit.not_found"))
	}
	return out
}

// routeRecord is a rule in the record of changes.
type routeRecord struct {
	Key       string     `json:"key"`
	Category  string     `json:"categories,omitempty"`
	Condition string     `json:"condition"`
	Route     string     `json:"route"`
	Organ     string     `json:"organ"`
	Unit      org.UnitID `json:"unit,omitempty"`
	Law       string     `json:"law"`
	Bring     string     `json:"bring,omitempty"`
	Limits    string     `json:"limits,omitempty"`
	English   string     `json:"in_english,omitempty"`
	Ended     bool       `json:"ended,omitempty"`
}

func (r RouteRule) record() routeRecord {
	limits := make([]string, len(r.Limits))
	for i, id := range r.Limits {
		limits[i] = string(id)
	}
	english := strings.Join(slices.DeleteFunc([]string{r.ConditionEnglish, r.OrganEnglish, r.LawEnglish, r.BringEnglish}, func(s string) bool { return s == "" }), " / ")
	return routeRecord{
		Key: r.Key, Category: strings.Join(r.Categories, " "), Condition: r.Condition, Route: string(r.Route), Organ: r.Organ, Unit: r.Unit, Law: r.Law,
		Bring: r.Bring, Limits: strings.Join(limits, " "), English: english, Ended: r.Ended,
	}
}

// guide fills in what the rule says by which a matter is sent another way, so that the petitioner keeps what was told on the day.
func (o *Office) guide(c *matter.Divert) error {
	c.Guide = nil
	if c.Rule == "" {
		return nil
	}
	all := *o.routes.Load()
	i := slices.IndexFunc(all, func(r RouteRule) bool { return r.Key == c.Rule && !r.Ended })
	switch {
	case i < 0:
		return errs.Fields([]errs.Field{errs.F("rule", "route.not_found")})
	case all[i].Route != c.Route:
		return errs.Fields([]errs.Field{errs.F("route", "route.other")})
	}
	r := all[i]
	c.Guide = &matter.Guide{Law: r.Law, LawEnglish: r.LawEnglish, Bring: r.Bring, BringEnglish: r.BringEnglish, Limits: slices.Clone(r.Limits), Unit: r.Unit}
	return nil
}

// LimitView is a period of another law as information: what the rule says, and for one that is counted the last day with
// its derivation.
type LimitView struct {
	Rule     law.Rule
	Deadline *law.Deadline
}

// Limits are the periods of other laws that run on a way, for a place. Of the one that is counted the last day is given, from the day of what starts
// it; each starts with something else. A period that no text sets there is left out.
func (o *Office) Limits(ids []law.RuleID, place int64, counted law.RuleID, from law.Day) []LimitView {
	var out []LimitView
	on := o.Today()
	for _, id := range ids {
		found, err := o.Book.Resolve(id, jurisdiction(gazetteer.CountyOf(place)), on, o.Adopted()...)
		if err != nil {
			continue
		}
		v := LimitView{Rule: found.Rule}
		if id == counted && from.Known() {
			d := law.Compute(found.Rule, from, o.Calendar())
			v.Deadline = &d
		}
		out = append(out, v)
	}
	return out
}
