package web

import (
	"net/http"

	"huiyin/internal/errs"
	"huiyin/internal/i18n"
	"huiyin/internal/stat"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

// indicatorsAt is where the definitions are read.
const indicatorsAt = figuresAt + "/indicators"

// indicatorView is a definition on the page of all.
type indicatorView struct {
	id, name, kind, href string
	facts                []ui.Fact
}

// indicators shows what every figure is: what is counted, of what, by which day, and where the definition comes from.
func (s *Site) indicators(w http.ResponseWriter, r *http.Request, v *visit) error {
	t := v.t
	if v.who.Scope().Empty() {
		return errs.E(errs.Forbidden, "auth.duty")
	}
	list, err := stat.Indicators()
	if err != nil {
		return err
	}
	out := make([]indicatorView, len(list))
	for i, d := range list {
		out[i] = indicatorView{
			id: d.ID, name: indicatorName(t, d), kind: t.T("figures.kind." + string(d.Kind)), facts: definitionFacts(t, d),
			href: figuresAt + "?indicator=" + d.ID + "&by=place",
		}
	}
	title := t.T("figures.defs")
	return s.show(w, r, http.StatusOK, s.staffPage(r, v, title, figuresAt, indicatorsPage(t, out), ui.Link{Text: t.T("nav.figures"), Href: figuresAt}, ui.Link{Text: title}))
}

// definitionFacts say what a figure is.
func definitionFacts(t *i18n.Speaker, d stat.Indicator) []ui.Fact {
	facts := []ui.Fact{{Term: t.T("figures.def.sum"), Text: usecase.MeasureNames(t.Say, d.Sum)}}
	if d.Kind == stat.KindShare {
		facts = append(facts, ui.Fact{Term: t.T("figures.def.of"), Text: usecase.MeasureNames(t.Say, d.Divisor())})
	}
	facts = append(facts, ui.Fact{Term: t.T("figures.def.basis"), Text: t.T("stat.basis." + d.Basis)})
	if d.Variant != "" {
		facts = append(facts, ui.Fact{Term: t.T("figures.def.variant"), Text: t.Either(d.Variant, d.VariantEng)})
	}
	return append(facts, ui.Fact{Term: t.T("figures.def.source"), Text: t.Either(d.Source, d.SourceEnglish)})
}
