package web

import (
	"huiyin/internal/i18n"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

// remedyPart is one thing that a petitioner can do next as pages say it: of whom, until which day and why that day, by which article, and the
// button where the step can be taken here.
type remedyPart struct {
	code   string
	text   string
	how    string
	organs []ui.Fact
	clock  *ui.ClockProps
	cited  string
	button ui.ButtonProps // without a text where there is none
}

// remedyParts are the remedies of a petitioner on a matter. Only the petitioner's own pages lead to a step.
func (s *Site) remedyParts(t *i18n.Speaker, m *matter.Matter, today law.Day, remedies []usecase.RemedyView, own bool) ([]remedyPart, error) {
	var out []remedyPart
	for _, r := range remedies {
		p := remedyPart{code: r.Code, text: t.T("remedy." + r.Code), how: remedyHow(t, r), cited: cited(t, r.Remedy)}
		for _, u := range r.Organs {
			p.organs = append(p.organs, unitFacts(t, t.T("remedy.organ"), u)...)
		}
		if r.Organ != "" {
			p.organs = append(p.organs, ui.Fact{Term: t.T("remedy.named"), Text: r.Organ})
		}
		if r.Until != nil && (!own || r.Code != matter.RemedyPending) { // the petitioner's page shows what runs already
			clock, err := s.ownClock(t, m, today, *r.Until)
			if err != nil {
				return nil, err
			}
			clock.Open = false
			p.clock = clock
		}
		switch {
		case r.Code == matter.RemedyDiverted && own:
			p.button = ui.ButtonProps{Text: t.T("guide.open"), Href: "/my/guide", Look: ui.Main}
		case r.Code == matter.RemedyDiverted:
			p.button = ui.ButtonProps{Text: t.T("guide.print"), Href: matterPath(m.Ref) + "/guide"}
		case own && r.Act != "":
			p.button = actButton(t, r.Act, true)
		}
		out = append(out, p)
	}
	return out, nil
}

// remedyHow says how it is done: what was told of this matter, otherwise what holds always.
func remedyHow(t *i18n.Speaker, r usecase.RemedyView) string {
	if r.How != "" {
		return r.How
	}
	if code := "remedy." + r.Code + ".how"; t.Has(code) {
		return t.T(code)
	}
	return ""
}

// cited is the article of a remedy, and the local one that says what a passed window means.
func cited(t *i18n.Speaker, r matter.Remedy) string {
	var out []string
	if r.Article != "" {
		out = append(out, t.T("article."+r.Article))
	}
	if r.Figure != nil {
		out = append(out, t.Either(r.Figure.Article, r.Figure.ArticleEn))
	}
	return t.List(out)
}
