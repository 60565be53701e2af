package web

import (
	"strings"

	"huiyin/internal/i18n"
	"huiyin/internal/stat"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

// figureNotes say over what figures of a period were counted and when, and of one indicator what it is: one line each.
func (s *Site) figureNotes(v *visit, a figuresAsk, p stat.Period, indicators ...stat.Indicator) []string {
	t, ask := v.t, a.FigureAsk
	ask.By = usecase.ByNothing
	found := usecase.Figures{Period: p, Sealed: v.who.Scope().Sealed}
	out := []string{saidLine(t, s.Office.FigureHead(v.who, ask, found, english(t)))}
	for _, d := range indicators {
		out = append(out, indicatorName(t, d)+t.T("figures.colon")+saidLine(t, s.Office.FigureDefinition(d, english(t))))
	}
	return out
}

// saidLine says everything that is said in one line.
func saidLine(t *i18n.Speaker, list []usecase.FigureSaid) string {
	var out []string
	for _, x := range list {
		if x.Text != "" {
			out = append(out, x.Term+t.T("figures.colon")+x.Text)
		}
	}
	return strings.Join(out, t.T("figures.semicolon"))
}

// figuresAsked says in one line what the page of figures is asked for: what the form holds while it is folded.
func (s *Site) figuresAsked(v *visit, a figuresAsk) []ui.Fact {
	t := v.t
	days := t.T("figures.period.days", "from", t.ISO(a.Period.From), "to", t.ISO(a.Period.To))
	if a.Period.AsOf != a.Period.To {
		days = t.T("figures.asked.as_of", "days", days, "day", t.ISO(a.Period.AsOf))
	}
	unit := a.Unit
	if roots := v.who.Scope().Roots; unit == 0 && len(roots) > 0 {
		unit = roots[0]
	}
	facts := []ui.Fact{{Term: t.T("figures.period"), Text: days}, {Term: t.T("figures.unit"), Text: s.askedUnit(t, unit)}}
	if a.Period.Recorded.Known() {
		facts = append(facts, ui.Fact{Term: t.T("figures.head.recorded"), Text: t.ISO(a.Period.Recorded)})
	}
	if a.Place != 0 {
		place, _ := s.Office.Places.Place(a.Place)
		facts = append(facts, ui.Fact{Term: t.T("figures.place"), Text: s.placeName(t, place)})
	}
	if row, ok := s.Office.Places.Current().Row(a.Category); ok {
		facts = append(facts, ui.Fact{Term: t.T("figures.category"), Text: rowName(t, row)})
	}
	if a.By != usecase.ByNothing {
		facts = append(facts, ui.Fact{Term: t.T("figures.by"), Text: t.T("figures.by." + string(a.By))})
	}
	return append(facts, ui.Fact{Term: t.T("figures.head.indicator"), Text: indicatorName(t, a.indicator)})
}
