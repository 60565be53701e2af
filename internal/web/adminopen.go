package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"huiyin/internal/errs"
	"huiyin/internal/i18n"
	"huiyin/internal/open"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

const adminOpenAt = "/desk/admin/open"

// adminOpenView lists what is published, and from how many on.
type adminOpenView struct {
	least  string
	reason string
	rows   []adminOpenRow
}

type adminOpenRow struct {
	period, href, said string
	acts               []ui.Link
}

// adminOpen lists what is published and what can be done about it.
func (s *Site) adminOpen(w http.ResponseWriter, r *http.Request, v *visit) error {
	least, reason, err := s.Office.Protection(r.Context(), v.who)
	if err != nil {
		return err
	}
	heads, err := s.Office.PublishedHeads(r.Context())
	if err != nil {
		return err
	}
	t := v.t
	p := adminOpenView{least: t.T("open.admin.least.now", "n", least), reason: reason}
	for _, h := range heads {
		row := adminOpenRow{period: periodName(t, h.Period), href: outcomesAt + "?period=" + h.Period, said: openSaid(t, h) + " · " + t.T("open.admin.version", "n", h.Version)}
		acts := []usecase.OpenAct{usecase.OpenCorrect}
		if !h.Withdrawn {
			acts = append(acts, usecase.OpenWithdraw)
		}
		for _, act := range acts {
			row.acts = append(row.acts, ui.Link{Text: t.T("open.act." + string(act)), Href: adminOpenAt + "/" + h.Period + "/" + string(act)})
		}
		p.rows = append(p.rows, row)
	}
	return s.show(w, r, http.StatusOK, s.staffPage(r, v, t.T("open.admin"), adminSettingsAt, adminOpenPage(t, p), adminOpenCrumbs(t, ui.Link{Text: t.T("open.admin")})...))
}

func adminOpenCrumbs(t *i18n.Speaker, more ...ui.Link) []ui.Link {
	return append([]ui.Link{{Text: t.T("nav.settings"), Href: adminSettingsAt}}, more...)
}

func adminReasonField(t *i18n.Speaker) adminField {
	return adminField{FieldProps: ui.FieldProps{Name: "reason", Label: t.T("open.admin.reason"), Hint: t.T("open.admin.reason.hint")}, control: adminArea}
}

// adminOpenLeast decides from how many on a count is published.
func (s *Site) adminOpenLeast(w http.ResponseWriter, r *http.Request, v *visit) error {
	least, reason, err := s.Office.Protection(r.Context(), v.who)
	if err != nil {
		return err
	}
	values, err := adminFill(r, url.Values{"least": {strconv.Itoa(least)}, "reason": {reason}})
	if err != nil {
		return err
	}
	t := v.t
	p := adminForm{
		title: t.T("open.admin.least"), current: adminSettingsAt, submit: t.T("admin.save"), back: adminOpenAt, lead: []string{t.T("open.rule.small")},
		crumbs: adminOpenCrumbs(t, ui.Link{Text: t.T("open.admin"), Href: adminOpenAt}),
		fields: []adminField{
			{FieldProps: ui.FieldProps{
				Name: "least", Label: t.T("open.admin.least"), Hint: t.T("open.admin.least.hint"), Kind: "number", InputMode: "numeric", Min: strconv.Itoa(open.LeastEver), Max: "100", Width: "width-4",
			}},
			adminReasonField(t),
		},
	}
	if !adminSent(r, values) {
		return s.adminShow(w, r, v, p, values, nil)
	}
	n, err := strconv.Atoi(strings.TrimSpace(values.Get("least")))
	if err != nil {
		n = 0 // what is no number is too few
	}
	if err := s.Office.SaveProtection(r.Context(), v.who, n, values.Get("reason")); err != nil {
		return s.adminShow(w, r, v, p, values, err)
	}
	return s.done(w, r, adminOpenAt, "admin.saved", nil)
}

// adminOpenAct puts a period right or withdraws it.
func (s *Site) adminOpenAct(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := s.Office.MayPublish(v.who); err != nil {
		return err
	}
	act, period := usecase.OpenAct(r.PathValue("act")), r.PathValue("period")
	if act != usecase.OpenCorrect && act != usecase.OpenWithdraw {
		return errs.E(errs.NotFound, "page.not_found")
	}
	if _, err := s.Office.Published(r.Context(), period); err != nil {
		return err
	}
	values, err := adminFill(r, url.Values{})
	if err != nil {
		return err
	}
	t, name := v.t, string(act)
	p := adminForm{
		title: t.T("open.act."+name+".title", "period", periodName(t, period)), current: adminSettingsAt, submit: t.T("open.act." + name), back: adminOpenAt,
		crumbs: adminOpenCrumbs(t, ui.Link{Text: t.T("open.admin"), Href: adminOpenAt}),
		fields: []adminField{adminReasonField(t)},
	}
	if act == usecase.OpenWithdraw {
		p.danger, p.final = []string{t.T("open.act." + name + ".lead")}, true
	} else {
		p.lead = []string{t.T("open.act." + name + ".lead")}
	}
	if !adminSent(r, values) {
		return s.adminShow(w, r, v, p, values, nil)
	}
	if err := s.Office.ChangePublished(r.Context(), v.who, period, act, values.Get("reason")); err != nil {
		return s.adminShow(w, r, v, p, values, err)
	}
	return s.done(w, r, adminOpenAt, "open.act.done", nil)
}
