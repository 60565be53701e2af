package web

import (
	"net/http"
	"net/url"

	"huiyin/internal/errs"
	"huiyin/internal/i18n"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

// useRule is the button that fills a form in from a rule of the office.
const useRule = "use-rule"

// routeOptions are the office's rules for a category, to choose one of when a matter is sent another way.
func (s *Site) routeOptions(t *i18n.Speaker, category string) []ui.Option {
	out := []ui.Option{{Value: "", Text: t.T("route.none")}}
	for _, r := range s.Office.RoutesFor(category) {
		out = append(out, ui.Option{
			Value: r.Key, Text: t.Either(r.Condition, r.ConditionEnglish),
			Note: t.T("route.option", "organ", t.Either(r.Organ, r.OrganEnglish), "law", t.Either(r.Law, r.LawEnglish)),
		})
	}
	return out
}

// fillRoute fills the form in from the rule that was chosen. What it says can be changed before it is told.
func (s *Site) fillRoute(t *i18n.Speaker, category string, values url.Values) {
	for _, r := range s.Office.RoutesFor(category) {
		if r.Key == values.Get("rule") {
			values.Set("route", string(r.Route))
			values.Set("organ", r.Organ)
			values.Set("how", t.T("route.how", "organ", r.Organ, "law", r.Law, "bring", r.Bring))
		}
	}
}

// guideView is the sheet (导办单) that tells a petitioner where another lawful way leads: to whom, with what, and which period runs there.
type guideView struct {
	number string
	title  string
	facts  []ui.Fact
	how    []string
	limits []guideLimit
	own    []ui.Option // the petitioner's own periods, of which one can be counted
	form   ui.Form
	action string
	back   ui.Link
	issuer string
	day    string
}

// guideLimit is a period of the other law, as information.
type guideLimit struct {
	name, length, article string
	last                  string
	steps                 []ui.Step
}

// myGuide is the petitioner's own sheet.
func (s *Site) myGuide(w http.ResponseWriter, r *http.Request, v *visit, view usecase.TrackView) error {
	p, err := s.guide(r, v, view.Matter, view.Submission.Place)
	if err != nil {
		return err
	}
	p.number, p.title, p.action, p.back = view.Submission.Ref.String(), view.Submission.Title, "/my/guide", ui.Link{Text: v.t.T("citizen.back"), Href: "/my"}
	return s.show(w, r, http.StatusOK, guideBody(v.t, p))
}

// deskGuide is the same for the window to print. It names nobody.
func (s *Site) deskGuide(w http.ResponseWriter, r *http.Request, v *visit) error {
	m, err := s.load(r, v)
	if err != nil {
		return err
	}
	p, err := s.guide(r, v, m.Matter, m.Matter.Place())
	if err != nil {
		return err
	}
	p.number, p.title = m.Matter.Ref.String(), m.Matter.Title()
	p.action, p.back = matterPath(m.Matter.Ref)+"/guide", ui.Link{Text: v.t.T("guide.back"), Href: matterPath(m.Matter.Ref)}
	return s.show(w, r, http.StatusOK, guideBody(v.t, p))
}

// guided reports whether a matter was sent another lawful way.
func guided(m *matter.Matter) bool {
	return m.Route != "" && m.Route != matter.RoutePetition && m.Told.Organ != ""
}

func (s *Site) guide(r *http.Request, v *visit, m *matter.Matter, place int64) (guideView, error) {
	t := v.t
	if !guided(m) {
		return guideView{}, errs.E(errs.NotFound, "guide.none")
	}
	values := r.URL.Query()
	known, err := dayIn(values.Get("known"), false)
	var wrong error
	if err != nil {
		known, wrong = law.NoDay, errs.Fields([]errs.Field{errs.F("known", "admin.day")})
	}
	p := guideView{
		form: ui.NewForm(t, values, wrong), how: paragraphs(m.Told.How), day: t.PaperDay(s.Office.Today()),
		facts: []ui.Fact{{Term: t.T("guide.organ"), Text: m.Told.Organ}},
	}
	unit, _ := s.Office.Chart().Unit(m.Holder())
	p.issuer = unitName(t, unit)
	g := m.Told.Guide
	if g != nil && g.Unit != 0 {
		if u, ok := s.Office.Chart().Unit(g.Unit); ok {
			p.facts = append(p.facts, unitFacts(t, t.T("guide.unit"), u)...)
			p.facts = append(p.facts, ui.Fact{Term: t.T("guide.place"), Text: s.fullPlaceName(t, u.Place)})
		}
	}
	p.facts = append(p.facts, ui.Fact{Term: t.T("form.route"), Text: t.T("route." + string(m.Route)), Note: t.T("article.art31")})
	if g == nil {
		return p, nil
	}
	p.facts = append(p.facts, ui.Fact{Term: t.T("admin.route.law"), Text: t.Either(g.Law, g.LawEnglish)})
	if g.Bring != "" {
		p.facts = append(p.facts, ui.Fact{Term: t.T("admin.route.bring"), Text: t.Either(g.Bring, g.BringEnglish)})
	}
	counted := law.RuleID(values.Get("period"))
	for _, l := range s.Office.Limits(g.Limits, place, counted, known) {
		p.limits = append(p.limits, limitOf(t, l))
		if l.Rule.Side == law.SidePetitioner {
			p.own = append(p.own, ui.Option{Value: string(l.Rule.ID), Text: t.T(l.Rule.NameCode), Note: t.T("law.trigger." + l.Rule.Trigger)})
		}
	}
	if counted == "" && len(p.own) > 0 {
		values.Set("period", p.own[0].Value)
	}
	return p, nil
}

func limitOf(t *i18n.Speaker, l usecase.LimitView) guideLimit {
	out := guideLimit{name: t.T(l.Rule.NameCode), length: lawLength(t, l.Rule), article: t.Either(l.Rule.Article, l.Rule.ArticleEn)}
	if l.Deadline == nil {
		return out
	}
	due := law.Answer(*l.Deadline, l.Rule, t.Say)
	out.last = t.FullDay(due.LegalEnd)
	out.steps = stepsOf(due)
	return out
}
