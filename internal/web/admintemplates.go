package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"huiyin/internal/document"
	"huiyin/internal/errs"
	"huiyin/internal/i18n"
	"huiyin/internal/matter"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

const adminTemplatesAt = "/desk/admin/templates"

// adminTemplateRow is one kind of document in the list.
type adminTemplateRow struct{ name, version, href string }

// adminTemplateField is what a template may name, with the words to insert.
type adminTemplateField struct {
	insert string
	means  string
	rows   []adminTemplateField
}

// adminTemplateVersion is one version in the history.
type adminTemplateVersion struct {
	name, when, who, why, href string
	now                        bool
}

// adminTemplatePage is where a template is edited.
type adminTemplatePage struct {
	path     string
	name     string
	may      bool
	form     ui.Form
	fields   []adminTemplateField
	versions []adminTemplateVersion
	preview  adminTemplatePreview
	refused  string
}

// adminTemplatePreview is a text as it prints, or what is wrong with it, line by line.
type adminTemplatePreview struct {
	doc   document.Doc
	wrong []string
}

// adminTemplates lists the kinds of documents.
func (s *Site) adminTemplates(w http.ResponseWriter, r *http.Request, v *visit) error {
	list, err := s.Office.Templates(v.who)
	if err != nil {
		return err
	}
	rows := make([]adminTemplateRow, len(list))
	for i, k := range list {
		rows[i] = adminTemplateRow{name: paperName(v.t, k.Kind), version: versionName(v.t, k.Now.Version), href: adminTemplatesAt + "/" + string(k.Kind)}
	}
	title := v.t.T("nav.templates")
	return s.show(w, r, http.StatusOK, s.staffPage(r, v, title, adminTemplatesAt, adminTemplatesBody(v.t, rows)))
}

// adminTemplate is where the template of a kind is edited, looked at before it is saved, and saved as a new version.
func (s *Site) adminTemplate(w http.ResponseWriter, r *http.Request, v *visit) error {
	view, err := s.templateIn(r, v)
	if err != nil {
		return err
	}
	start, why := view.Now, ""
	if i := s.version(view, r.URL.Query().Get("from")); i > 0 {
		start = view.Versions[i]
		why = v.t.T("template.back_to", "version", versionName(v.t, start.Version))
	}
	values, err := adminFill(r, url.Values{"body": {start.Body}, "why": {why}, "was": {view.Now.Version}})
	if err != nil {
		return err
	}
	var wrong error
	if adminSent(r, values) {
		wrong = s.Office.SaveTemplate(r.Context(), v.who, view.Kind, values.Get("was"), values.Get("body"), values.Get("why"))
		if wrong == nil {
			return s.done(w, r, templatePath(view.Kind), "template.saved", nil)
		}
	}
	return s.showTemplate(w, r, v, view, values, wrong)
}

func (s *Site) showTemplate(w http.ResponseWriter, r *http.Request, v *visit, view usecase.TemplateView, values url.Values, wrong error) error {
	t := v.t
	p := adminTemplatePage{
		path: templatePath(view.Kind), name: paperName(t, view.Kind), may: s.Office.MayChangeTemplates(v.who) == nil, fields: templateFields(t, view),
		versions: templateVersions(t, view), preview: s.previewed(v, view.Kind, values.Get("body")),
	}
	status := http.StatusOK
	switch kind := errs.KindOf(wrong); {
	case wrong == nil:
	case formError(wrong):
		status = http.StatusUnprocessableEntity
	case kind == errs.Conflict:
		status, p.refused = http.StatusConflict, t.Err(wrong)
		values.Set("was", view.Now.Version) // who has read what is new may save over it
	default:
		return wrong
	}
	p.form = ui.NewForm(t, values, ofBody(wrong))
	return s.show(w, r, status, s.staffPage(r, v, p.name, adminTemplatesAt, adminTemplateBody(t, p),
		ui.Link{Text: t.T("nav.templates"), Href: adminTemplatesAt}, ui.Link{Text: p.name}))
}

// ofBody puts what is wrong with lines to the field in which they stand.
func ofBody(wrong error) error {
	if !formError(wrong) {
		return wrong
	}
	fields := slices.Clone(fieldsIn(wrong))
	for i := range fields {
		if strings.HasPrefix(fields[i].Path, "body.") {
			fields[i].Path = "body"
		}
	}
	return errs.Fields(fields)
}

// adminTemplateLook answers with the preview alone, for a script that shows it while the text is being written.
func (s *Site) adminTemplateLook(w http.ResponseWriter, r *http.Request, v *visit) error {
	view, err := s.templateIn(r, v)
	if err != nil {
		return err
	}
	values, err := parseForm(r)
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, templatePreview(v.t, s.previewed(v, view.Kind, values.Get("body"))))
}

// previewed prints a text with sample values, or says what is wrong with it.
func (s *Site) previewed(v *visit, k matter.PaperKind, body string) adminTemplatePreview {
	doc, err := s.Office.PreviewTemplate(v.who, k, body)
	p := adminTemplatePreview{doc: doc}
	if err == nil {
		return p
	}
	if !formError(err) {
		p.wrong = []string{v.t.Err(err)}
		return p
	}
	for _, f := range fieldsIn(err) {
		p.wrong = append(p.wrong, v.t.Say(f.Code, f.Args))
	}
	return p
}

// adminTemplateVersionPage shows an older version and in what it differs from the one before.
func (s *Site) adminTemplateVersionPage(w http.ResponseWriter, r *http.Request, v *visit) error {
	t := v.t
	view, err := s.templateIn(r, v)
	if err != nil {
		return err
	}
	i := s.version(view, r.PathValue("version"))
	if i < 0 {
		return errs.E(errs.NotFound, "template.not_found")
	}
	this := view.Versions[i]
	before := ""
	if i+1 < len(view.Versions) {
		before = view.Versions[i+1].Body
	}
	changes := usecase.TemplateDifference(before, this.Body)
	restore := ""
	if i > 0 && s.Office.MayChangeTemplates(v.who) == nil {
		restore = templatePath(view.Kind) + "?from=" + url.QueryEscape(this.Version)
	}
	name := paperName(t, view.Kind)
	title := versionName(t, this.Version)
	return s.show(w, r, http.StatusOK, s.staffPage(r, v, title, adminTemplatesAt, adminTemplateVersionBody(t, name, templateVersion(t, view, i), changes, restore),
		ui.Link{Text: t.T("nav.templates"), Href: adminTemplatesAt}, ui.Link{Text: name, Href: templatePath(view.Kind)}, ui.Link{Text: title}))
}

func (s *Site) templateIn(r *http.Request, v *visit) (usecase.TemplateView, error) {
	return s.Office.Template(r.Context(), v.who, matter.PaperKind(r.PathValue("kind")))
}

// version is the place of a version in the history, -1 for one that is not there.
func (s *Site) version(view usecase.TemplateView, version string) int {
	return slices.IndexFunc(view.Versions, func(t usecase.TemplateVersion) bool { return t.Version == version })
}

func templatePath(k matter.PaperKind) string { return adminTemplatesAt + "/" + string(k) }

func templateVersions(t *i18n.Speaker, view usecase.TemplateView) []adminTemplateVersion {
	out := make([]adminTemplateVersion, len(view.Versions))
	for i := range view.Versions {
		out[i] = templateVersion(t, view, i)
	}
	return out
}

func templateVersion(t *i18n.Speaker, view usecase.TemplateView, i int) adminTemplateVersion {
	one := view.Versions[i]
	out := adminTemplateVersion{name: versionName(t, one.Version), why: one.Why, who: one.Person, now: i == 0, href: templatePath(view.Kind) + "/" + one.Version}
	if one.Shipped {
		return out
	}
	out.when = t.Instant(one.AtUS)
	if one.User == 0 {
		out.who = t.T("admin.operator")
	}
	return out
}

// templateFields are the fields with the words that insert them: a list with the part that repeats.
func templateFields(t *i18n.Speaker, view usecase.TemplateView) []adminTemplateField {
	var out []adminTemplateField
	for _, f := range view.Fields {
		one := adminTemplateField{insert: "{" + f.Name + "}", means: t.Either(f.Means, f.English)}
		if f.Rows != nil {
			one.insert = t.T("template.list", "name", f.Name)
		}
		for _, row := range f.Rows {
			one.rows = append(one.rows, adminTemplateField{insert: "{" + row.Name + "}", means: t.Either(row.Means, row.English)})
		}
		out = append(out, one)
	}
	return out
}

// templateBody are the fields of the page, for the summary of errors.
func templateBody(t *i18n.Speaker) []ui.FieldProps {
	return []ui.FieldProps{
		{Name: "body", Label: t.T("template.body"), Hint: t.T("template.body.hint"), Rows: 28, MaxLength: document.MaxTemplate},
		{Name: "why", Label: t.T("template.why.label"), Hint: t.T("template.why.hint"), MaxLength: matter.MaxLine},
	}
}

// lineMark is what stands before a line of a comparison.
func lineMark(c usecase.LineChange) string {
	switch {
	case c.Gone:
		return "-"
	case c.New:
		return "+"
	}
	return " "
}
