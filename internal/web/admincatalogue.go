package web

import (
	"net/http"
	"net/url"

	"huiyin/internal/errs"
	"huiyin/internal/i18n"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

const (
	adminCatalogueAt   = "/desk/admin/catalogue"
	adminCatalogueRows = 50
)

// adminCatalogueView is a page of the responsibility catalogue.
type adminCatalogueView struct {
	rows  []adminLineRow
	pages ui.PaginationProps
}

// adminLineRow is one line of the catalogue.
type adminLineRow struct {
	category string
	place    string
	unit     string
	why      string
	days     string
	ended    bool
	change   string // where it can be changed; empty for what is ended or another's
}

// adminCatalogue lists the catalogue.
func (s *Site) adminCatalogue(w http.ResponseWriter, r *http.Request, v *visit) error {
	pager := adminPagerIn(adminCatalogueAt, r.URL.Query())
	page, err := s.Office.Lines(r.Context(), v.who, pager.afterID(), adminCatalogueRows)
	if err != nil {
		return err
	}
	p := adminCatalogueView{pages: pager.links(adminNextID(page.Next))}
	for _, l := range page.Lines {
		row := s.adminLineRow(v.t, l)
		if !row.ended && s.Office.Chart().Under(l.Unit, v.who.Duty.Scope) {
			row.change = adminLinePath(l.ID)
		}
		p.rows = append(p.rows, row)
	}
	return s.show(w, r, http.StatusOK, s.staffPage(r, v, v.t.T("nav.catalogue"), adminCatalogueAt, adminCataloguePage(v.t, p)))
}

func adminLinePath(id int64) string { return adminCatalogueAt + "/" + adminIDText(id) }

func (s *Site) adminLineRow(t *i18n.Speaker, l usecase.LineView) adminLineRow {
	return adminLineRow{
		category: s.adminCategoryName(t, l.Category), place: s.fullPlaceName(t, l.Place), unit: unitName(t, l.At), why: t.Either(l.Why, l.WhyEnglish),
		days: adminDays(t, org.Duty{From: l.From, Until: l.Until}), ended: l.Until.Known() && l.Until <= s.Office.Today(),
	}
}

// adminCategoryName is a category of the catalogue; an empty one stands for every category.
func (s *Site) adminCategoryName(t *i18n.Speaker, code string) string {
	if row, ok := s.Office.Places.Current().Row(code); ok {
		return rowName(t, row)
	}
	if code == "" {
		return t.T("admin.category.all")
	}
	return code
}

// adminLineForm begins the form of a line.
func adminLineForm(t *i18n.Speaker, title string) adminForm {
	return adminForm{
		title: title, current: adminCatalogueAt, crumbs: []ui.Link{{Text: t.T("nav.catalogue"), Href: adminCatalogueAt}}, submit: t.T("admin.save"), back: adminCatalogueAt,
		lead: []string{t.T("admin.line.lead")},
		fields: []adminField{
			{FieldProps: ui.FieldProps{Name: "category", Label: t.T("admin.field.category"), Free: true}, control: adminCategory, none: t.T("admin.category.all")},
			{FieldProps: ui.FieldProps{Name: "place", Label: t.T("admin.field.place"), Hint: t.T("admin.line.place.hint")}, control: adminPlaceChoice},
			{FieldProps: ui.FieldProps{Name: "unit", Label: t.T("admin.field.unit"), Hint: t.T("admin.line.unit.hint")}, control: adminUnitChoice},
			adminLine("why", t.T("admin.field.why"), t.T("admin.line.why.hint"), false),
			adminLine("why_english", t.T("admin.field.why_english"), "", true),
			{FieldProps: ui.FieldProps{Name: "from", Label: t.T("admin.field.from"), Hint: t.T("admin.from.hint"), Optional: true}, control: adminDay},
			{FieldProps: ui.FieldProps{Name: "until", Label: t.T("admin.field.until"), Hint: t.T("admin.until.hint"), Optional: true}, control: adminDay},
		},
	}
}

// adminLineIn reads a line from a form.
func adminLineIn(values url.Values) (usecase.Line, []errs.Field) {
	var fields []errs.Field
	l := usecase.Line{
		Category: values.Get("category"), Place: adminPlaceIn(values), Unit: unitID(values.Get("unit")), Why: values.Get("why"), WhyEnglish: values.Get("why_english"),
	}
	l.From, l.Until = adminDayIn(values, "from", &fields), adminDayIn(values, "until", &fields)
	return l, fields
}

// adminLineNew enters a line.
func (s *Site) adminLineNew(w http.ResponseWriter, r *http.Request, v *visit) error {
	values, err := adminFill(r, url.Values{"place": {adminIDText(s.Office.Settings().Place)}})
	if err != nil {
		return err
	}
	p := adminLineForm(v.t, v.t.T("admin.line.new"))
	if !adminSent(r, values) {
		return s.adminShow(w, r, v, p, values, nil)
	}
	line, wrong := adminLineIn(values)
	if len(wrong) > 0 {
		return s.adminShow(w, r, v, p, values, errs.Fields(wrong))
	}
	if _, err := s.Office.AddLine(r.Context(), v.who, line); err != nil {
		return s.adminShow(w, r, v, p, values, err)
	}
	return s.done(w, r, adminCatalogueAt, "admin.line.new.done", nil)
}

// adminLineAt is the line a path names, if the administrator governs its unit.
func (s *Site) adminLineAt(r *http.Request, v *visit) (usecase.LineView, error) {
	id, err := adminID(r, "line")
	if err != nil {
		return usecase.LineView{}, err
	}
	return s.adminLineOf(r, v, id)
}

func (s *Site) adminLineOf(r *http.Request, v *visit, id int64) (usecase.LineView, error) {
	page, err := s.Office.Lines(r.Context(), v.who, id-1, 1)
	if err != nil {
		return usecase.LineView{}, err
	}
	if len(page.Lines) == 0 || page.Lines[0].ID != id || !s.Office.Chart().Under(page.Lines[0].Unit, v.who.Duty.Scope) {
		return usecase.LineView{}, errs.E(errs.NotFound, "line.not_found")
	}
	return page.Lines[0], nil
}

// adminLineChange replaces a line.
func (s *Site) adminLineChange(w http.ResponseWriter, r *http.Request, v *visit) error {
	l, err := s.adminLineAt(r, v)
	if err != nil {
		return err
	}
	values, err := adminFill(r, url.Values{
		"category": {l.Category}, "place": {adminIDText(l.Place)}, "unit": {adminIDText(int64(l.Unit))}, "why": {l.Why}, "why_english": {l.WhyEnglish},
		"from": {l.From.String()}, "until": {l.Until.String()},
	})
	if err != nil {
		return err
	}
	p := adminLineForm(v.t, v.t.T("admin.line.change"))
	p.others = []ui.ButtonProps{{Text: v.t.T("admin.line.end"), Href: adminLinePath(l.ID) + "/end", Look: ui.Danger}}
	if !adminSent(r, values) {
		return s.adminShow(w, r, v, p, values, nil)
	}
	line, wrong := adminLineIn(values)
	if len(wrong) > 0 {
		return s.adminShow(w, r, v, p, values, errs.Fields(wrong))
	}
	if err := s.Office.ChangeLine(r.Context(), v.who, l.ID, line); err != nil {
		return s.adminShow(w, r, v, p, values, err)
	}
	return s.done(w, r, adminCatalogueAt, "admin.saved", nil)
}

// adminLineEnd ends a line, after asking again.
func (s *Site) adminLineEnd(w http.ResponseWriter, r *http.Request, v *visit) error {
	l, err := s.adminLineAt(r, v)
	if err != nil {
		return err
	}
	values, err := adminFill(r, url.Values{"until": {s.Office.Today().String()}})
	if err != nil {
		return err
	}
	t, row := v.t, s.adminLineRow(v.t, l)
	p := adminLineForm(t, t.T("admin.line.end"))
	p.submit, p.final, p.lead, p.danger = p.title, true, nil, []string{t.T("admin.line.end.danger")}
	p.facts = []ui.Fact{
		{Term: t.T("admin.field.category"), Text: row.category},
		{Term: t.T("admin.field.place"), Text: row.place},
		{Term: t.T("admin.field.unit"), Text: row.unit},
		{Term: t.T("admin.field.why"), Text: row.why},
		{Term: t.T("admin.days"), Text: row.days},
	}
	p.fields = []adminField{adminUntil(t, s.Office.Today())}
	if !adminSent(r, values) {
		return s.adminShow(w, r, v, p, values, nil)
	}
	var wrong []errs.Field
	until := adminDayIn(values, "until", &wrong)
	if len(wrong) > 0 {
		return s.adminShow(w, r, v, p, values, errs.Fields(wrong))
	}
	if err := s.Office.EndLine(r.Context(), v.who, l.ID, until); err != nil {
		return s.adminShow(w, r, v, p, values, err)
	}
	return s.done(w, r, adminCatalogueAt, "admin.line.end.done", nil)
}

// adminTryView is where an administrator asks the catalogue what it would say.
type adminTryView struct {
	form     ui.Form
	fields   []adminField
	asked    bool
	question string
	answers  []adminAnswer
}

// adminAnswer is a unit that the catalogue names, and why.
type adminAnswer struct {
	unit, why, by string
	line          string // where the line can be looked at
}

// adminTry asks the catalogue whose a category at a place is. It only reads, so the question is in the address.
func (s *Site) adminTry(w http.ResponseWriter, r *http.Request, v *visit) error {
	t, values := v.t, r.URL.Query()
	if places := values["place"]; len(places) > 1 {
		values.Set("place", places[len(places)-1])
	}
	p := adminTryView{form: ui.Form{Values: values}, fields: []adminField{
		{FieldProps: ui.FieldProps{Name: "category", Label: t.T("admin.field.category"), Free: true}, control: adminCategory, none: t.T("admin.category.none")},
		{FieldProps: ui.FieldProps{Name: "place", Label: t.T("admin.field.place")}, control: adminPlaceChoice},
	}}
	for i := range p.fields {
		if err := s.adminOffer(v, &p.fields[i], p.form); err != nil {
			return err
		}
	}
	place, category := adminPlaceIn(values), values.Get("category")
	if values.Get("do") == "" && place != 0 {
		p.asked = true
		p.question = t.T("admin.try.question", "category", s.adminCategoryName(t, category), "place", s.fullPlaceName(t, place))
		found, err := s.Office.Suggest(r.Context(), v.who, category, place)
		if err != nil {
			return err
		}
		for _, f := range found {
			a := adminAnswer{
				unit: unitName(t, f.Unit), why: s.unitWhy(t, f), by: t.T("admin.try.custom"),
			}
			if f.Line != 0 {
				a.by = t.T("admin.try.by", "category", s.adminCategoryName(t, f.Category), "place", s.fullPlaceName(t, f.Place))
			}
			switch _, err := s.adminLineOf(r, v, f.Line); {
			case err == nil:
				a.line = adminLinePath(f.Line)
			case errs.KindOf(err) != errs.NotFound: // another administrator's line is not looked at
				return err
			}
			p.answers = append(p.answers, a)
		}
	}
	title := t.T("admin.try")
	page := s.staffPage(r, v, title, adminCatalogueAt, adminTryPage(t, p), ui.Link{Text: t.T("nav.catalogue"), Href: adminCatalogueAt}, ui.Link{Text: title})
	return s.show(w, r, http.StatusOK, page)
}
