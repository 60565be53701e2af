package web

import (
	"net/http"
	"net/url"

	"huiyin/internal/i18n"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

const adminProposalsAt = "/desk/admin/proposals"

// adminProposalsView is a page of the lines that superiors' decisions propose.
type adminProposalsView struct {
	rows  []adminProposalRow
	pages ui.PaginationProps
}

type adminProposalRow struct{ category, place, unit, matter, when, href string }

// adminProposals lists what waits to become a line of the catalogue, or to be set aside.
func (s *Site) adminProposals(w http.ResponseWriter, r *http.Request, v *visit) error {
	pager := adminPagerIn(adminProposalsAt, r.URL.Query())
	page, err := s.Office.Proposals(r.Context(), v.who, pager.afterID(), adminCatalogueRows)
	if err != nil {
		return err
	}
	p := adminProposalsView{pages: pager.links(adminNextID(page.Next))}
	for _, one := range page.Proposals {
		p.rows = append(p.rows, s.adminProposalRow(v.t, one))
	}
	title := v.t.T("admin.proposals")
	body := adminProposalsPage(v.t, p)
	return s.show(w, r, http.StatusOK, s.staffPage(r, v, title, adminCatalogueAt, body, ui.Link{Text: v.t.T("nav.catalogue"), Href: adminCatalogueAt}, ui.Link{Text: title}))
}

func (s *Site) adminProposalRow(t *i18n.Speaker, p usecase.ProposalView) adminProposalRow {
	return adminProposalRow{
		category: s.adminCategoryName(t, p.Category), place: s.fullPlaceName(t, p.Place), unit: unitName(t, p.At), matter: p.Number(),
		when: t.ShortInstant(p.AtUS), href: adminProposalsAt + "/" + adminIDText(p.ID),
	}
}

// adminProposalForm begins the form of a decision on a proposal.
func (s *Site) adminProposalForm(t *i18n.Speaker, title string, p usecase.ProposalView) adminForm {
	row := s.adminProposalRow(t, p)
	from := ui.Fact{Term: t.T("admin.proposal.from"), Text: row.matter, Note: row.when}
	if row.matter == "" {
		from = ui.Fact{Term: t.T("admin.proposal.when"), Text: row.when}
	}
	return adminForm{
		title: title, current: adminCatalogueAt, submit: title, back: adminProposalsAt,
		crumbs: []ui.Link{{Text: t.T("nav.catalogue"), Href: adminCatalogueAt}, {Text: t.T("admin.proposals"), Href: adminProposalsAt}},
		facts: []ui.Fact{
			{Term: t.T("admin.field.category"), Text: row.category},
			{Term: t.T("admin.field.place"), Text: row.place},
			{Term: t.T("admin.field.unit"), Text: row.unit},
			from,
		},
	}
}

// adminProposal makes a line of the catalogue of a proposal.
func (s *Site) adminProposal(w http.ResponseWriter, r *http.Request, v *visit) error {
	one, err := s.adminProposalAt(r, v)
	if err != nil {
		return err
	}
	values, err := adminFill(r, url.Values{})
	if err != nil {
		return err
	}
	t := v.t
	p := s.adminProposalForm(t, t.T("admin.proposal.confirm"), one)
	p.lead = []string{t.T("admin.proposal.lead")}
	p.others = []ui.ButtonProps{{Text: t.T("admin.proposal.drop"), Href: adminProposalsAt + "/" + adminIDText(one.ID) + "/drop", Look: ui.Danger}}
	p.fields = []adminField{
		adminLine("why", t.T("admin.field.why"), t.T("admin.line.why.hint"), false),
		adminLine("why_english", t.T("admin.field.why_english"), "", true),
	}
	if !adminSent(r, values) {
		return s.adminShow(w, r, v, p, values, nil)
	}
	if _, err := s.Office.ConfirmProposal(r.Context(), v.who, one.ID, values.Get("why"), values.Get("why_english")); err != nil {
		return s.adminShow(w, r, v, p, values, err)
	}
	return s.done(w, r, adminProposalsAt, "admin.proposal.confirm.done", nil)
}

// adminProposalDrop sets a proposal aside, after asking again.
func (s *Site) adminProposalDrop(w http.ResponseWriter, r *http.Request, v *visit) error {
	one, err := s.adminProposalAt(r, v)
	if err != nil {
		return err
	}
	values, err := adminFill(r, url.Values{})
	if err != nil {
		return err
	}
	p := s.adminProposalForm(v.t, v.t.T("admin.proposal.drop"), one)
	p.final, p.danger = true, []string{v.t.T("admin.proposal.drop.danger")}
	if !adminSent(r, values) {
		return s.adminShow(w, r, v, p, values, nil)
	}
	if err := s.Office.DropProposal(r.Context(), v.who, one.ID); err != nil {
		return s.adminShow(w, r, v, p, values, err)
	}
	return s.done(w, r, adminProposalsAt, "admin.proposal.drop.done", nil)
}

func (s *Site) adminProposalAt(r *http.Request, v *visit) (usecase.ProposalView, error) {
	id, err := adminID(r, "proposal")
	if err != nil {
		return usecase.ProposalView{}, err
	}
	return s.Office.Proposal(r.Context(), v.who, id)
}
