package web

import (
	"net/http"
	"strconv"

	"huiyin/internal/errs"
	"huiyin/internal/i18n"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

const (
	adminImportsAt   = "/desk/admin/imports"
	adminImportsBad  = 200 // records that are shown with why they were refused
	adminImportsName = "#" // before the number of a batch
)

// adminImportRow is one batch.
type adminImportRow struct {
	name, href, unit, key, made, done string
	accepted, repeated, refused       string
	state                             adminState
}

// adminImportView is a batch with what was refused of it.
type adminImportView struct {
	row  adminImportRow
	bad  []adminRefused
	more bool
}

// adminRefused is a record that was refused, with a line for each thing that is wrong.
type adminRefused struct {
	n, number string
	why       []string
}

// adminImports lists the batches that machines handed over.
func (s *Site) adminImports(w http.ResponseWriter, r *http.Request, v *visit) error {
	list, err := s.Office.Batches(r.Context(), v.who)
	if err != nil {
		return err
	}
	rows := make([]adminImportRow, len(list))
	for i, b := range list {
		rows[i] = s.adminImportRow(v.t, b)
	}
	return s.show(w, r, http.StatusOK, s.staffPage(r, v, v.t.T("nav.imports"), adminImportsAt, adminImportsPage(v.t, rows)))
}

func (s *Site) adminImportRow(t *i18n.Speaker, b usecase.Batch) adminImportRow {
	unit, _ := s.Office.Chart().Unit(b.Unit)
	row := adminImportRow{
		name: adminImportsName + adminIDText(b.ID), href: adminImportsAt + "/" + adminIDText(b.Home) + "/" + adminIDText(b.ID), unit: unitName(t, unit), key: b.Key,
		made: t.Instant(b.MadeUS), done: t.T("imports.of", "records", b.Records, "done", b.Accepted+b.Repeated+b.Refused),
		accepted: strconv.Itoa(b.Accepted), repeated: strconv.Itoa(b.Repeated), refused: strconv.Itoa(b.Refused), state: adminState{ui.Soon, t.T("imports.running")},
	}
	switch {
	case b.EndedUS != 0:
		row.state = adminState{ui.Done, t.T("imports.done")}
	case b.Failed:
		row.state = adminState{ui.Late, t.T("imports.failed")}
	}
	return row
}

// adminImport shows what was refused of a batch, and why.
func (s *Site) adminImport(w http.ResponseWriter, r *http.Request, v *visit) error {
	home, id, err := noticeIn(r)
	if err != nil {
		return errs.E(errs.NotFound, "import.not_found")
	}
	b, err := s.Office.Batch(r.Context(), v.who, home, id)
	if err != nil {
		return err
	}
	found, err := s.Office.Results(r.Context(), v.who, home, id, "refused", 0, adminImportsBad)
	if err != nil {
		return err
	}
	t := v.t
	p := adminImportView{row: s.adminImportRow(t, b), more: len(found) < b.Refused}
	for _, f := range found {
		bad := adminRefused{n: t.T("imports.record", "n", f.N), number: f.Number}
		for _, e := range f.Problems {
			name := e.Path
			if name == "" {
				name = t.T("imports.whole")
			}
			bad.why = append(bad.why, name+t.T("imports.colon")+t.Field(e))
		}
		p.bad = append(p.bad, bad)
	}
	title := t.T("imports.batch") + " " + p.row.name
	return s.show(w, r, http.StatusOK, s.staffPage(r, v, title, adminImportsAt, adminImportPage(t, title, p),
		ui.Link{Text: t.T("nav.imports"), Href: adminImportsAt}, ui.Link{Text: title}))
}

// facts are how a batch stands.
func (p adminImportView) facts(t *i18n.Speaker) []ui.Fact {
	return []ui.Fact{
		{Term: t.T("imports.done"), Text: p.row.done},
		{Term: t.T("imports.accepted"), Text: p.row.accepted},
		{Term: t.T("imports.repeated"), Text: p.row.repeated},
		{Term: t.T("imports.refused"), Text: p.row.refused},
		{Term: t.T("admin.field.unit"), Text: p.row.unit},
		{Term: t.T("imports.by"), Text: p.row.key, Note: p.row.made},
	}
}
