package web

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"huiyin/internal/gazetteer"
	"huiyin/internal/org"
	"huiyin/internal/stat"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

// How many groups the table and the chart show; the tables that are saved have all.
const (
	mostRanked = 60
	mostBars   = 12
)

// rankIndicators are the columns of the breakdown, besides the chosen one.
func rankIndicators() []string {
	return []string{"submissions", "timely_acceptance", "on_time_b", "satisfaction_handling", "stock", "overdue"}
}

// figuresRank is a breakdown.
type figuresRank struct {
	bys     []ui.Tab
	head    string
	columns []ui.Column
	names   []string // of the columns
	rows    []rankRow
	more    int // groups that are not shown
	small   bool
	files   []ui.ButtonProps
	chart   ui.ChartProps
}

// rankRow is one group.
type rankRow struct {
	place string // among the others; empty where it has none
	name  string
	down  string // leads to what lies below it
	cells []rankCell
	total bool
}

// rankCell is one figure of a group.
type rankCell struct {
	text, href, made string
	part, whole      int
	bar              bool
}

// figuresRank breaks the figures down and puts the groups in the order of the chosen one.
func (s *Site) figuresRank(ctx context.Context, v *visit, a figuresAsk) (figuresRank, error) {
	t := v.t
	ask := a.FigureAsk
	ask.Indicators = rankIndicators()
	if !slices.Contains(ask.Indicators, a.indicator.ID) {
		ask.Indicators = append([]string{a.indicator.ID}, ask.Indicators...)
	}
	chosen := slices.Index(ask.Indicators, a.indicator.ID)
	found, err := s.count(ctx, v, ask)
	if err != nil {
		return figuresRank{}, err
	}
	rows := sortedRows(found.Rows, chosen, a.rising)
	p := figuresRank{head: t.T("figures.by." + string(a.By)), more: max(0, len(rows)-mostRanked)}
	for _, by := range figuresBys() {
		p.bys = append(p.bys, ui.Tab{Text: t.T("figures.by." + string(by)), Current: by == a.By, Href: a.href(func(x *figuresAsk) { x.By = by }) + "#groups"})
	}
	p.columns = []ui.Column{{Head: t.T("figures.rank"), Num: true}, {Head: p.head}}
	for i, d := range found.Indicators {
		name := indicatorName(t, d)
		c := ui.Column{Head: name, Num: true, Sort: a.href(func(x *figuresAsk) { x.Indicators, x.rising = []string{d.ID}, i == chosen && !a.rising }) + "#groups"}
		if i == chosen {
			c.Sorted = "descending"
			if a.rising {
				c.Sorted = "ascending"
			}
		}
		p.columns, p.names = append(p.columns, c), append(p.names, name)
	}
	place := 0
	for _, row := range rows[:min(len(rows), mostRanked)] {
		x := rankRow{name: s.groupName(t, ask, row.Group), down: s.rankDown(a, found.Within, row.Group), cells: s.rankCells(v, a, found, row)}
		if row.Figures[chosen].Known() && row.Figures[chosen].Ranked() {
			place++
			x.place = strconv.Itoa(place)
		} else {
			p.small = true
		}
		p.rows = append(p.rows, x)
	}
	all := rankRow{name: t.T("stat.all"), total: true, cells: s.rankCells(v, a, found, usecase.FigureRow{Figures: found.All})}
	p.rows = append(p.rows, all)
	p.chart = s.rankChart(v, a, rows, chosen)
	for _, f := range usecase.TableFormats() {
		p.files = append(p.files, ui.ButtonProps{Text: t.T("figures.table." + string(f)), Small: true, Href: figuresAt + "/table/" + string(f) + "?" + figureQuery(a.FigureAsk).Encode()})
	}
	return p, nil
}

// sortedRows are the groups by one of their figures: those that may have a place among others first, then those with too little of it.
func sortedRows(rows []usecase.FigureRow, by int, rising bool) []usecase.FigureRow {
	out := slices.Clone(rows)
	rank := func(r usecase.FigureRow) int {
		switch f := r.Figures[by]; {
		case !f.Known():
			return 2
		case !f.Ranked():
			return 1
		}
		return 0
	}
	slices.SortStableFunc(out, func(x, y usecase.FigureRow) int {
		c := stat.Compare(y.Figures[by], x.Figures[by])
		if rising {
			c = -c
		}
		return cmp.Or(cmp.Compare(rank(x), rank(y)), c)
	})
	return out
}

// rankCells are the figures of a group, each with the list behind it.
func (s *Site) rankCells(v *visit, a figuresAsk, found usecase.Figures, row usecase.FigureRow) []rankCell {
	out := make([]rankCell, len(row.Figures))
	for i, f := range row.Figures {
		c := rankCell{text: usecase.FigureText(f), href: a.list(found.Indicators[i].ID, func(l *usecase.FigureListAsk) {
			if row.Group != "" {
				l.By, l.Group = a.By, row.Group
			}
		})}
		switch f.Kind {
		case stat.KindShare:
			c.made, c.part, c.whole, c.bar = strconv.Itoa(f.Sum)+" / "+strconv.Itoa(f.Of), f.Sum, f.Of, f.Known()
		case stat.KindTime:
			_, c.made = figureUnit(v.t, f)
		case stat.KindCount, stat.KindStock:
			c.part, c.whole, c.bar = f.Sum, found.All[i].Sum, row.Group != ""
		}
		out[i] = c
	}
	return out
}

// rankDown leads to what lies below a group: the places of a place, the categories of a category, the units under a unit.
func (s *Site) rankDown(a figuresAsk, within int64, group string) string {
	code, err := strconv.ParseInt(group, 10, 64)
	switch a.By { //nolint:exhaustive // the others have nothing below them
	case usecase.ByPlace:
		if level := gazetteer.LevelOf(code); err == nil && level != gazetteer.NoLevel && level < gazetteer.Village && code != within {
			return a.href(func(x *figuresAsk) { x.Place = code }) + "#groups"
		}
	case usecase.ByUnit:
		if id := org.UnitID(code); err == nil && id != a.Unit && len(s.Office.Chart().Children(id)) > 0 {
			return a.href(func(x *figuresAsk) { x.Unit = id }) + "#groups"
		}
	case usecase.ByCategory:
		if group != a.Category && len(s.Office.Places.Current().Under(group)) > 0 && group != "" {
			return a.href(func(x *figuresAsk) { x.Category = group }) + "#groups"
		}
	}
	return ""
}

// rankChart draws the first groups of a ranking.
func (s *Site) rankChart(v *visit, a figuresAsk, rows []usecase.FigureRow, chosen int) ui.ChartProps {
	t := v.t
	name := indicatorName(t, a.indicator)
	c := ui.ChartProps{
		Kind: ui.Bars, Wide: true, Title: t.T("figures.ranking", "name", name, "by", t.T("figures.by."+string(a.By))), Head: t.T("figures.by." + string(a.By)), File: "ranking-" + a.indicator.ID,
		Definition: t.T("figures.period.of", "from", t.ISO(a.Period.From), "to", t.ISO(a.Period.To), "day", t.ISO(a.Period.AsOf)),
	}
	one := ui.Series{Name: name}
	for _, row := range rows {
		f := row.Figures[chosen]
		if !f.Known() || len(c.Labels) == mostBars {
			continue
		}
		c.Labels = append(c.Labels, s.groupName(t, a.FigureAsk, row.Group))
		one.Values, one.Said = append(one.Values, chartValue(f)), append(one.Said, figureSaid(t, f))
		one.Hrefs = append(one.Hrefs, a.list(a.indicator.ID, func(l *usecase.FigureListAsk) { l.By, l.Group = a.By, row.Group }))
	}
	c.Series, c.Notes = []ui.Series{one}, s.figureNotes(v, a, a.Period, a.indicator)
	c.Summary = courseSummary(t, c)
	return c
}
