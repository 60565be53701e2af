package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"huiyin/internal/errs"
	"huiyin/internal/httpx"
	"huiyin/internal/i18n"
	"huiyin/internal/matter"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

// linkView is the page on which another matter is linked to this one, side by side, or taken out again.
type linkView struct {
	ref     matter.Ref
	title   string
	line    string
	form    ui.Form
	refused string
	side    ui.SideBySideProps
	parts   []ui.Option // to take out: the submissions that were joined
	beside  bool
}

// linkForm looks for matters that may be the same and sets them side by side.
func (s *Site) linkForm(w http.ResponseWriter, r *http.Request, v *visit) error {
	m, err := s.load(r, v)
	if err != nil {
		return err
	}
	if err := mayNow(m, matter.ActJoin); err != nil {
		return s.notOffered(w, r, v, m, err)
	}
	return s.showLink(w, r, v, http.StatusOK, m, r.URL.Query(), nil)
}

// link joins the chosen matter's submission to this one.
func (s *Site) link(w http.ResponseWriter, r *http.Request, v *visit) error {
	values, err := parseForm(r)
	if err != nil {
		return err
	}
	m, err := s.load(r, v)
	if err != nil {
		return err
	}
	if values.Get("do") == "find" {
		return s.showLink(w, r, v, http.StatusOK, m, values, nil)
	}
	other, err := matter.ParseRef(values.Get("other"))
	if err != nil {
		code := errs.CodeOf(err)
		if strings.TrimSpace(values.Get("other")) == "" {
			code = "field.required"
		}
		return s.showLink(w, r, v, http.StatusUnprocessableEntity, m, values, errs.Fields([]errs.Field{errs.F("other", code)}))
	}
	err = s.Office.Join(r.Context(), v.who, m.Matter.Ref, other, strings.TrimSpace(values.Get("reason")))
	return s.linked(w, r, v, m, values, err, "act.join.done", s.showLink)
}

// showForm shows the form of a link again.
type showForm func(w http.ResponseWriter, r *http.Request, v *visit, status int, m usecase.MatterView, values url.Values, wrong error) error

// linked leads back to the matter once it is done, or shows the form with what is wrong.
func (s *Site) linked(w http.ResponseWriter, r *http.Request, v *visit, m usecase.MatterView, values url.Values, err error, done string, again showForm) error {
	switch kind := errs.KindOf(err); {
	case err == nil:
		return s.done(w, r, matterPath(m.Matter.Ref), done, nil)
	case kind == errs.Invalid || kind == errs.Refused || kind == errs.Conflict:
		return again(w, r, v, httpx.Status(kind), m, values, err)
	default:
		return err
	}
}

func (s *Site) showLink(w http.ResponseWriter, r *http.Request, v *visit, status int, m usecase.MatterView, values url.Values, wrong error) error {
	t := v.t
	view := s.linkView(t, m, values, wrong)
	in := asIntake(m.Matter)
	asked := in
	words := strings.TrimSpace(values.Get("words"))
	if words != "" {
		asked = matter.Intake{Title: words, Kind: in.Kind}
	}
	var found usecase.Repeats
	var err error
	if ref, bad := matter.ParseRef(words); bad == nil {
		found.List, err = s.rowOf(r, v, ref)
	} else {
		found, err = s.Office.Repeats(r.Context(), v.who, asked, m.Matter.Ref)
	}
	if err != nil && errs.KindOf(err) != errs.Forbidden {
		return err
	}
	found.List = slices.DeleteFunc(found.List, func(x usecase.Repeat) bool { return x.Ref == m.Matter.Ref || x.Sealed != m.Matter.Sealed })
	if words != "" {
		for i := range found.List {
			found.List[i].Passages = nil // of a few words typed there is nothing to set beside
		}
	}
	view.side = s.sideBySide(t, in, found)
	view.side.Title = m.Matter.Ref.String()
	for i, x := range found.List {
		view.side.Candidates[i].Choice, view.side.Candidates[i].Note = ui.FieldProps{}, ""
		if x.Open {
			view.parts = append(view.parts, ui.Option{Value: x.Ref.String(), Text: x.Ref.String(), Note: titleText(t, x.Row)})
		}
	}
	view.beside = len(found.List) > 0
	view.form.Focus = "words"
	if view.beside {
		view.form.Focus = "other"
	}
	return s.showLinkPage(w, r, v, status, t.T("act.join.name"), m, linkPage(t, view))
}

func (s *Site) linkView(t *i18n.Speaker, m usecase.MatterView, values url.Values, wrong error) linkView {
	view := linkView{ref: m.Matter.Ref, title: m.Matter.Title(), line: s.placeLine(t, m), form: ui.NewForm(t, values, wrong)}
	if wrong != nil && errs.KindOf(wrong) != errs.Invalid {
		view.refused = t.Err(wrong)
	}
	return view
}

// asIntake is what opened a matter as it came in, as far as it is compared with others.
func asIntake(m *matter.Matter) matter.Intake {
	in := matter.Intake{Place: m.Place(), Title: m.Title(), Category: m.Category, Kind: m.Kind}
	if m.Sealed {
		in.Kind = matter.KindAccusation
	}
	if len(m.Submissions) > 0 {
		in.Narrative, in.ReceivedUS = m.Submissions[0].Narrative, m.Submissions[0].ReceivedUS
	}
	for _, d := range m.Demands {
		in.Demands = append(in.Demands, d.Text)
	}
	return in
}

// rowOf is a matter that was looked up by its number, nothing where the visitor may not see it.
func (s *Site) rowOf(r *http.Request, v *visit, ref matter.Ref) ([]usecase.Repeat, error) {
	m, err := s.Office.Matter(r.Context(), v.who, ref)
	if errs.KindOf(err) == errs.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	row := usecase.RowView{Row: m.Row}
	row.Unit, _ = s.Office.Chart().Unit(m.Row.Unit)
	return []usecase.Repeat{{RowView: row}}, nil
}

// separateForm asks which of the joined submissions to take out.
func (s *Site) separateForm(w http.ResponseWriter, r *http.Request, v *visit) error {
	m, err := s.load(r, v)
	if err != nil {
		return err
	}
	if err := mayNow(m, matter.ActSeparate); err != nil {
		return s.notOffered(w, r, v, m, err)
	}
	return s.showSeparate(w, r, v, http.StatusOK, m, url.Values{}, nil)
}

// separate takes a joined submission out; its own matter wakes.
func (s *Site) separate(w http.ResponseWriter, r *http.Request, v *visit) error {
	values, err := parseForm(r)
	if err != nil {
		return err
	}
	m, err := s.load(r, v)
	if err != nil {
		return err
	}
	other, err := matter.ParseRef(values.Get("other"))
	if err != nil {
		return s.showSeparate(w, r, v, http.StatusUnprocessableEntity, m, values, errs.Fields([]errs.Field{errs.F("other", "field.required")}))
	}
	err = s.Office.Separate(r.Context(), v.who, m.Matter.Ref, other, strings.TrimSpace(values.Get("reason")))
	return s.linked(w, r, v, m, values, err, "act.separate.done", s.showSeparate)
}

// showSeparate lists the submissions that came from other matters: a matter takes the number of the submission that opened it.
func (s *Site) showSeparate(w http.ResponseWriter, r *http.Request, v *visit, status int, m usecase.MatterView, values url.Values, wrong error) error {
	t := v.t
	view := s.linkView(t, m, values, wrong)
	for _, sub := range m.Submissions {
		if sub.Ref != m.Matter.First {
			view.parts = append(view.parts, ui.Option{Value: sub.Ref.String(), Text: sub.Title, Note: sub.Ref.String() + " · " + partyNames(t, sub)})
		}
	}
	return s.showLinkPage(w, r, v, status, t.T("act.separate.name"), m, separatePage(t, view))
}

func (s *Site) showLinkPage(w http.ResponseWriter, r *http.Request, v *visit, status int, name string, m usecase.MatterView, body templ.Component) error {
	ref := m.Matter.Ref
	return s.show(w, r, status, s.staffPage(r, v, name, "/desk", body, ui.Link{Text: v.t.T("nav.desk"), Href: "/desk"}, ui.Link{Text: ref.String(), Href: matterPath(ref)}, ui.Link{Text: name}))
}

// linkFields are the fields of both pages, for the summary of errors.
func linkFields(t *i18n.Speaker) []ui.FieldProps {
	return []ui.FieldProps{{Name: "other", Label: t.T("form.other")}, {Name: "reason", Label: t.T("form.reason")}}
}
