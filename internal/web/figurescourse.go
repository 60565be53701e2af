package web

import (
	"context"
	"strings"

	"huiyin/internal/i18n"
	"huiyin/internal/stat"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

// courseMonths is how long a course is.
const courseMonths = 12

// figuresCourse draws the last twelve months of the chosen indicator, and beside them the same months a year before; of a stock, whose every month is a question of its
// own, the twelve alone.
func (s *Site) figuresCourse(ctx context.Context, v *visit, a figuresAsk) (ui.ChartProps, error) {
	t, d := v.t, a.indicator
	stock := d.Kind == stat.KindStock
	months := a.Period.Months(2*courseMonths, stock)
	figures := make([]stat.Figure, len(months))
	ask := a.FigureAsk
	ask.By = usecase.ByMonth
	if stock {
		months, ask.By = months[courseMonths:], usecase.ByNothing
		figures = figures[courseMonths:]
	}
	count := func(p stat.Period) (usecase.Figures, error) {
		ask.Period = p
		return s.count(ctx, v, ask)
	}
	if stock {
		for i, m := range months {
			found, err := count(m)
			if err != nil {
				return ui.ChartProps{}, err
			}
			figures[i] = found.All[0]
		}
	} else {
		found, err := count(stat.Period{From: months[0].From, To: a.Period.To, AsOf: a.Period.AsOf, Recorded: a.Period.Recorded})
		if err != nil {
			return ui.ChartProps{}, err
		}
		for i, m := range months {
			figures[i] = stat.Figure{Kind: d.Kind}
			for _, row := range found.Rows {
				if row.Group == monthOf(m) {
					figures[i] = row.Figures[0]
				}
			}
		}
	}
	series := func(name string, from int) ui.Series {
		one := ui.Series{Name: name}
		for i := from; i < from+courseMonths; i++ {
			one.Values, one.Said = append(one.Values, chartValue(figures[i])), append(one.Said, figureSaid(t, figures[i]))
			one.Hrefs = append(one.Hrefs, a.list(d.ID, func(l *usecase.FigureListAsk) { l.Period = months[i] }))
		}
		return one
	}
	last := len(months) - courseMonths
	c := ui.ChartProps{
		Kind: ui.Lines, Wide: true, Title: t.T("figures.course", "name", indicatorName(t, d)), Head: t.T("figures.month"), File: "course-" + d.ID,
		Definition: t.T("figures.course.basis", "basis", t.T("stat.basis."+d.Basis), "day", t.ISO(a.Period.AsOf), "to", t.ISO(a.Period.To)),
		Series:     []ui.Series{series(t.T("figures.course.now"), last)},
	}
	if d.Kind == stat.KindCount {
		c.Kind = ui.Columns
	}
	if !stock {
		c.Series = append(c.Series, series(t.T("figures.course.year"), 0))
	}
	c.Notes = s.figureNotes(v, a, stat.Period{From: months[last].From, To: a.Period.To, AsOf: a.Period.AsOf, Recorded: a.Period.Recorded}, d)
	for _, m := range months[last:] {
		c.Labels = append(c.Labels, monthOf(m))
	}
	c.Summary = courseSummary(t, c)
	return c, nil
}

// monthOf is the group of a month in a breakdown by months.
func monthOf(p stat.Period) string { return p.From.String()[:len("2006-01")] }

// chartValue is a figure as a length.
func chartValue(f stat.Figure) float64 {
	switch {
	case !f.Known():
		return ui.None()
	case f.Kind == stat.KindShare:
		const percent = 100
		return float64(f.Value()) / percent
	}
	return float64(f.Value())
}

// figureSaid writes a figure with what it is made of.
func figureSaid(t *i18n.Speaker, f stat.Figure) string {
	text := usecase.FigureText(f)
	switch {
	case !f.Known():
		return text
	case f.Kind == stat.KindShare:
		return t.T("figures.said.share", "share", text, "sum", f.Sum, "of", f.Of)
	case f.Kind == stat.KindTime:
		return t.T("figures.said.time", "days", text, "n", f.Times.Count())
	}
	return text
}

// courseSummary says a course from the first month to the last.
func courseSummary(t *i18n.Speaker, c ui.ChartProps) string {
	said := make([]string, len(c.Labels))
	for i, label := range c.Labels {
		said[i] = label + " " + c.Series[0].Said[i]
	}
	return c.Title + t.T("figures.colon") + strings.Join(said, t.T("figures.semicolon"))
}
