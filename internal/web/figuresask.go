package web

import (
	"cmp"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"huiyin/internal/errs"
	"huiyin/internal/gazetteer"
	"huiyin/internal/i18n"
	"huiyin/internal/law"
	"huiyin/internal/org"
	"huiyin/internal/stat"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

// figuresAt is where figures are read.
const figuresAt = "/desk/figures"

// figuresAsk is what an address asks for: one indicator, over what, and broken down by what.
type figuresAsk struct {
	usecase.FigureAsk
	indicator stat.Indicator
	rising    bool       // the least first
	values    url.Values // what was asked, as it stands in the fields
	units     []org.Unit // that the name of the unit could mean, where it is not clear
	at        string     // the page that asks
	open      []openPlace
}

// firstIndicator is the one whose course is shown where no other is asked for.
const firstIndicator = "submissions"

// figuresBys are what the page breaks figures down by.
func figuresBys() []usecase.StatBy {
	return []usecase.StatBy{usecase.ByPlace, usecase.ByUnit, usecase.ByCategory, usecase.ByChannel, usecase.ByPurpose, usecase.ByLevel}
}

// href is the address of the same question with something else in it.
func (a figuresAsk) href(change func(*figuresAsk)) string {
	a.Indicators = slices.Clone(a.Indicators)
	change(&a)
	q := figureQuery(a.FigureAsk)
	if a.rising {
		q.Set("order", "rising")
	}
	for _, o := range a.open {
		q.Add("open", o.String())
	}
	return a.at + "?" + q.Encode()
}

// list is the address of the matters behind one figure of the question.
func (a figuresAsk) list(indicator string, change func(*usecase.FigureListAsk)) string {
	l := usecase.FigureListAsk{FigureAsk: a.FigureAsk}
	l.Indicators, l.By = []string{indicator}, usecase.ByNothing
	change(&l)
	return figureListPath(l)
}

// figuresIn reads an address. What it leaves open is this year up to today, broken down by places.
func (s *Site) figuresIn(v *visit, q url.Values) (figuresAsk, error) {
	a := figuresAsk{at: figuresAt, values: url.Values{}, rising: q.Get("order") == "rising"}
	for _, name := range []string{"indicator", "from", "to", "as-of", "recorded", "unit", "place", "category", "by"} {
		a.values.Set(name, strings.TrimSpace(q.Get(name)))
	}
	var wrong []errs.Field
	a.Period = s.Office.StatPeriod()
	day := func(name string, to *law.Day) {
		d, err := dayIn(a.values.Get(name), false)
		switch {
		case err != nil:
			wrong = append(wrong, errs.F(name, "admin.day"))
		case d.Known():
			*to = d
		}
	}
	day("from", &a.Period.From)
	day("to", &a.Period.To)
	day("as-of", &a.Period.AsOf)
	day("recorded", &a.Period.Recorded)
	if a.Period.To < a.Period.From {
		wrong = append(wrong, errs.F("to", "find.days"))
	}
	var err error
	if a.indicator, err = stat.Find(cmp.Or(a.values.Get("indicator"), firstIndicator)); err != nil {
		wrong = append(wrong, errs.F("indicator", "stat.indicator", errs.Arg{Key: "id", Value: a.values.Get("indicator")}))
	}
	a.Indicators = []string{a.indicator.ID}
	a.By = usecase.StatBy(a.values.Get("by"))
	if !slices.Contains(usecase.StatBys(), a.By) {
		wrong = append(wrong, errs.F("by", "stat.by"))
	}
	var unknown []errs.Field
	a.Place, a.Category, unknown = s.narrowedTo(a.values)
	wrong = append(wrong, unknown...)
	if f, ok := s.figuresUnit(v, &a); !ok {
		wrong = append(wrong, f)
	}
	return a, errs.Fields(wrong)
}

// figuresUnit reads the unit, by its number or by its name, within the reader's reach.
func (s *Site) figuresUnit(v *visit, a *figuresAsk) (errs.Field, bool) {
	text := a.values.Get("unit")
	if text == "" {
		return errs.Field{}, true
	}
	chart := s.Office.Chart()
	found := slices.DeleteFunc(s.findUnit(text), func(u org.Unit) bool { return !s.reaches(v.who, u.ID) })
	if u, ok := chart.Unit(unitID(text)); ok && s.reaches(v.who, u.ID) { // also one that has ended, or the top one
		found = []org.Unit{u}
	}
	switch len(found) {
	case 0:
		return errs.F("unit", "find.unit.none"), false
	case 1:
		a.Unit = found[0].ID
		a.values.Set("unit", organValue(found[0]))
		if name := unitName(v.t, found[0]); len(s.findUnit(name)) == 1 { // else the number stays, which is clear
			a.values.Set("unit", name)
		}
		return errs.Field{}, true
	}
	a.units = found
	return errs.F("unit", "find.unit.several"), false
}

// reaches reports whether a duty spans a unit.
func (s *Site) reaches(who org.Actor, unit org.UnitID) bool {
	scope := who.Scope()
	return scope.All || slices.ContainsFunc(scope.Roots, func(root org.UnitID) bool { return s.Office.Chart().Under(unit, root) })
}

// figuresForm is the form above the figures.
type figuresForm struct {
	ui.Form
	spans      []ui.Tab
	places     []ui.Option
	categories []optionGroup
	indicators []ui.Option
	units      []ui.Link // to choose from, where a name is not clear
	asked      []ui.Fact // in short
	at         string    // the page that asks
	open       []openPlace
	clear      string
}

func (s *Site) figuresForm(v *visit, a figuresAsk, wrong error) figuresForm {
	t := v.t
	values := url.Values{}
	maps.Copy(values, a.values)
	for name, d := range map[string]law.Day{"from": a.Period.From, "to": a.Period.To, "as-of": a.Period.AsOf} {
		if values.Get(name) == "" {
			values.Set(name, d.String())
		}
	}
	values.Set("indicator", a.indicator.ID)
	values.Set("by", string(a.By))
	if a.rising {
		values.Set("order", "rising")
	}
	f := figuresForm{
		Form: ui.NewForm(t, values, wrong), categories: categoryGroups(t, s.Office.Places.Current()), places: s.figuresPlaces(v, a.Place), clear: a.at,
		asked: s.figuresAsked(v, a), at: a.at, open: a.open,
	}
	list, err := stat.Indicators()
	if err == nil { // else nothing can be chosen, and the figures say why
		for _, d := range list {
			f.indicators = append(f.indicators, ui.Option{Value: d.ID, Text: indicatorName(t, d)})
		}
	}
	today := s.Office.Today()
	for _, span := range stat.Spans() {
		from, to := span.Days(today)
		p := stat.Period{From: from, To: to, AsOf: today}
		f.spans = append(f.spans, ui.Tab{
			Text: t.T("figures.span." + string(span)), Current: wrong == nil && p == a.Period, Href: a.href(func(x *figuresAsk) { x.Period = p }),
		})
	}
	if row, known := s.Office.Places.Current().Row(a.Category); known && !offered(f.categories, a.Category) {
		f.categories = append(f.categories, optionGroup{label: t.T("figures.category"), options: []ui.Option{{Value: a.Category, Text: rowName(t, row)}}})
	}
	for _, u := range a.units {
		var path []string
		for _, x := range s.Office.Chart().Path(u.ID) {
			path = append(path, unitName(t, x))
		}
		f.units = append(f.units, ui.Link{Text: strings.Join(path, " › "), Href: a.href(func(x *figuresAsk) { x.Unit = u.ID })})
	}
	return f
}

// offered reports whether a value is among grouped choices.
func offered(groups []optionGroup, value string) bool {
	return slices.ContainsFunc(groups, func(g optionGroup) bool {
		return slices.ContainsFunc(g.options, func(o ui.Option) bool { return o.Value == value })
	})
}

// figuresPlaces are those under the reader's unit, and the way down to the one that is asked for.
func (s *Site) figuresPlaces(v *visit, place int64) []ui.Option {
	out := s.placesFor(v.t, v.who)
	if len(out) == 0 {
		out = []ui.Option{{Text: v.t.T("desk.any_place")}}
	}
	for _, p := range s.Office.Places.Path(place) {
		value := strconv.FormatInt(p.Code, 10)
		if p.Level >= gazetteer.County && !slices.ContainsFunc(out, func(o ui.Option) bool { return o.Value == value }) {
			out = append(out, ui.Option{Value: value, Text: s.placeName(v.t, p)})
		}
	}
	return out
}

// indicatorName is the name of an indicator in the reader's language.
func indicatorName(t *i18n.Speaker, d stat.Indicator) string { return d.NameIn(t.Lang() == i18n.En) }

// groupName is the name of one group of a breakdown, short where the breakdown says the rest.
func (s *Site) groupName(t *i18n.Speaker, a usecase.FigureAsk, group string) string {
	if a.By == usecase.ByPlace {
		code, err := strconv.ParseInt(group, 10, 64)
		if place, ok := s.Office.Places.Place(code); err == nil && ok && place.Level > gazetteer.County {
			return s.placeName(t, place)
		}
	}
	return s.Office.GroupName(a.By, group, t.Lang() == i18n.En)
}

// figureWords say over what figures were counted.
func (s *Site) figureWords(t *i18n.Speaker, a usecase.FigureAsk) []ui.Fact {
	facts := []ui.Fact{
		{Term: t.T("figures.period"), Text: t.T("figures.period.days", "from", t.ISO(a.Period.From), "to", t.ISO(a.Period.To))},
		{Term: t.T("figures.as_of"), Text: t.ISO(a.Period.AsOf)},
	}
	if a.Period.Recorded.Known() {
		facts = append(facts, ui.Fact{Term: t.T("figures.head.recorded"), Text: t.ISO(a.Period.Recorded)})
	}
	if u, ok := s.Office.Chart().Unit(a.Unit); ok {
		facts = append(facts, ui.Fact{Term: t.T("figures.unit"), Text: t.T("figures.unit.under", "unit", unitName(t, u))})
	}
	if a.Place != 0 {
		facts = append(facts, ui.Fact{Term: t.T("figures.place"), Text: s.fullPlaceName(t, a.Place)})
	}
	if row, ok := s.Office.Places.Current().Row(a.Category); ok {
		facts = append(facts, ui.Fact{Term: t.T("figures.category"), Text: rowName(t, row)})
	}
	return facts
}
