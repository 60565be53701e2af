package web

import (
	"context"
	"strconv"

	"huiyin/internal/i18n"
	"huiyin/internal/stat"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

// keyIndicators are the figures that stand first.
func keyIndicators() []string {
	return []string{
		"submissions", "timely_acceptance", "on_time_a", "on_time_b", "satisfaction_receiving", "satisfaction_handling", "participation", "came_again", "solved_once", "stock", "overdue", "days_to_answer",
	}
}

// figureCard is one key figure with what it is made of, how it changed, and what it is.
type figureCard struct {
	name, value, href string
	unit              string
	parts             []ui.Link // numerator, denominator and the rest
	note              string    // of times: how many, and the ninth tenth
	changes           []figureChange
	warning           string
	warned            bool // more than steady
	course            string
	facts             []ui.Fact
}

// figureChange compares a figure with an earlier one.
type figureChange struct{ term, value, href, text string }

// figuresCards are the key figures, a year before and a period before beside each. They are those of now that it returns besides.
func (s *Site) figuresCards(ctx context.Context, v *visit, a figuresAsk) (cards []figureCard, now usecase.Figures, err error) {
	t := v.t
	ask := a.FigureAsk
	ask.Indicators, ask.By = keyIndicators(), usecase.ByNothing
	var found [3]usecase.Figures
	periods := [3]stat.Period{a.Period, a.Period.YearBefore(), a.Period.Before()}
	for i, p := range periods {
		if ask.Period = p; i == 2 && periods[2] == periods[1] { // of a year the one before is that of a year before
			found[2] = found[1]
			continue
		}
		if found[i], err = s.count(ctx, v, ask); err != nil {
			return nil, found[0], err
		}
	}
	for i, d := range found[0].Indicators {
		now, year, before := found[0].All[i], found[1].All[i], found[2].All[i]
		list := func(p stat.Period, part usecase.FigurePart) string {
			return a.list(d.ID, func(l *usecase.FigureListAsk) { l.Period, l.Part = p, part })
		}
		c := figureCard{
			name: indicatorName(t, d), value: usecase.FigureText(now), href: list(a.Period, usecase.PartSum), facts: definitionFacts(t, d),
			course: a.href(func(x *figuresAsk) { x.Indicators = []string{d.ID} }) + "#course",
		}
		c.unit, c.note = figureUnit(t, now)
		if now.Kind == stat.KindShare {
			c.parts = []ui.Link{
				{Text: t.T("figures.part.sum", "n", now.Sum), Href: c.href},
				{Text: t.T("figures.part.of", "n", now.Of), Href: list(a.Period, usecase.PartOf)},
				{Text: t.T("figures.part.rest", "n", now.Of-now.Sum), Href: list(a.Period, usecase.PartRest)},
			}
		}
		c.changes = []figureChange{{
			term: t.T("figures.year"), value: usecase.FigureText(year), href: list(periods[1], usecase.PartSum), text: changeWords(t, now, year),
		}}
		if periods[1] != periods[2] {
			c.changes = append(c.changes, figureChange{
				term: t.T("figures.before"), value: usecase.FigureText(before), href: list(periods[2], usecase.PartSum), text: changeWords(t, now, before),
			})
		}
		if now.Known() && (year.Known() && year.Value() != 0 || before.Known() && before.Value() != 0) {
			warning := stat.Warn(now.Value(), year.Value(), before.Value())
			c.warning, c.warned = t.T("figures.warn."+string(warning)), warning != stat.Steady
		}
		cards = append(cards, c)
	}
	return cards, found[0], nil
}

// figureUnit is in what a figure is counted, and what is to be said beside it.
func figureUnit(t *i18n.Speaker, f stat.Figure) (unit, note string) {
	if f.Kind != stat.KindTime || !f.Known() {
		return "", ""
	}
	const most, whole = 9, 10
	return t.T("figures.days.unit"), t.T("figures.days", "most", f.Times.At(most, whole), "n", f.Times.Count())
}

// changeWords say how a figure differs from an earlier one: a count by how many and what part of it, a share in points, times in days. Of what is not to be had there
// is nothing to say.
func changeWords(t *i18n.Speaker, now, was stat.Figure) string {
	if !now.Known() || !was.Known() {
		return ""
	}
	d := now.Value() - was.Value()
	n, way := max(d, -d), "more"
	switch {
	case d == 0:
		return t.T("figures.change.same")
	case d < 0:
		way = "less"
	}
	switch now.Kind {
	case stat.KindShare:
		return t.T("figures.change.points."+way, "points", hundredths(n))
	case stat.KindTime:
		return t.T("figures.change.days."+way, "n", n)
	case stat.KindCount, stat.KindStock:
	}
	part, known := stat.Change(now.Value(), was.Value())
	if !known {
		return t.T("figures.change.count."+way, "n", n)
	}
	return t.T("figures.change.part."+way, "n", n, "part", hundredths(max(part, -part)))
}

// hundredths writes a number of hundredths, not below zero, with two decimals.
func hundredths(n int) string {
	const hundred, ten = 100, 10
	rest := strconv.Itoa(n % hundred)
	if n%hundred < ten {
		rest = "0" + rest
	}
	return strconv.Itoa(n/hundred) + "." + rest
}
