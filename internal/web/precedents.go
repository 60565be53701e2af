package web

import (
	"net/http"
	"strings"

	"huiyin/internal/i18n"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

// precedentRow is a settled matter of one kind, as the page of an open one shows it.
type precedentRow struct {
	title, href, line string
	answers           []precedentAnswer
	bases             []string
}

type precedentAnswer struct {
	demand, outcome string
	light           ui.Light
}

// kindPart is what a matter's page says of others of its kind: precedents while it is open, how many open ones there are once it is settled.
type kindPart struct {
	precedents []precedentRow
	open       int
	href       string
}

// kindOf looks for others of a matter's kind.
func (s *Site) kindOf(r *http.Request, v *visit, m usecase.MatterView) (p kindPart, err error) {
	ref := m.Matter.Ref
	p.href = kinPath(ref.String())
	if usecase.Settled(m.Matter) {
		found, err := s.Office.Kin(r.Context(), v.who, ref)
		p.open = len(found)
		return p, err
	}
	found, err := s.Office.Precedents(r.Context(), v.who, ref)
	if err != nil {
		return p, err
	}
	for _, x := range found {
		p.precedents = append(p.precedents, newPrecedentRow(v.t, x))
	}
	return p, nil
}

func kinPath(number string) string { return "/desk/matters/" + number + "/kin" }

func newPrecedentRow(t *i18n.Speaker, p usecase.Precedent) precedentRow {
	row := precedentRow{title: p.Title, href: matterPath(p.Ref), bases: p.Bases}
	facts := []string{p.Ref.String()}
	if p.Days >= 0 {
		facts = append(facts, t.T("precedent.days", "n", p.Days))
	}
	if p.Satisfied {
		facts = append(facts, t.T("precedent.satisfied"))
	}
	if !p.Current {
		facts = append(facts, t.T("precedent.earlier"))
	}
	row.line = strings.Join(facts, " · ")
	for _, a := range p.Answers {
		row.answers = append(row.answers, precedentAnswer{demand: a.Demand, outcome: t.T("outcome." + string(a.Outcome)), light: outcomeLight(a.Outcome)})
	}
	return row
}

// kinView is the page of the open matters of one kind with a settled one.
type kinView struct {
	title, number, back string
	settled             bool
	rows                []ui.WorkRow
}

// kin lists the open matters of one kind with a settled one.
func (s *Site) kin(w http.ResponseWriter, r *http.Request, v *visit) error {
	m, err := s.load(r, v)
	if err != nil {
		return err
	}
	found, err := s.Office.Kin(r.Context(), v.who, m.Matter.Ref)
	if err != nil {
		return err
	}
	p := kinView{title: m.Matter.Title(), number: m.Matter.Ref.String(), back: matterPath(m.Matter.Ref), settled: usecase.Settled(m.Matter)}
	for _, k := range found {
		p.rows = append(p.rows, s.workRow(v.t, k.RowView, m.Today))
	}
	title := v.t.T("kin.title")
	return s.show(w, r, http.StatusOK, s.staffPage(r, v, title, "/desk", kinPage(v.t, p),
		ui.Link{Text: v.t.T("nav.desk"), Href: "/desk"}, ui.Link{Text: p.number, Href: p.back}, ui.Link{Text: title}))
}
