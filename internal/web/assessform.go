package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"huiyin/internal/assess"
	"huiyin/internal/errs"
	"huiyin/internal/i18n"
	"huiyin/internal/org"
	"huiyin/internal/web/ui"
)

// schemeView is the form of a scheme.
type schemeView struct {
	form       ui.Form
	title      string
	action     string
	back       string
	owner      string
	kinds      []ui.Option
	lines      []string // the prefix of each line's fields
	indicators []ui.Option
	refused    []refusedIndicator
	sum        string
}

// refusedIndicator is what may not be weighed, and why.
type refusedIndicator struct{ name, why string }

// lineFields are the fields of a line, behind its prefix.
func lineFields() []string { return []string{"indicator", "weight", "full", "zero", "least"} }

func linePrefix(i int) string { return "lines." + strconv.Itoa(i) + "." }

// lineCount is how many lines a form brought.
func lineCount(values url.Values) int {
	n := 0
	for n < assess.MaxLines+1 && values.Has(linePrefix(n)+"indicator") {
		n++
	}
	return n
}

// setLine writes a line into a form.
func setLine(values url.Values, i int, fields ...string) {
	for k, name := range lineFields() {
		values.Set(linePrefix(i)+name, fields[k])
	}
}

// dropLine takes a line out of a form; those behind it move up.
func dropLine(values url.Values, at int) {
	n := lineCount(values)
	for i := at; i < n; i++ {
		for _, name := range lineFields() {
			if i+1 < n {
				values.Set(linePrefix(i)+name, values.Get(linePrefix(i+1)+name))
			} else {
				values.Del(linePrefix(i) + name)
			}
		}
	}
}

// addLine puts an empty line behind those of a form.
func addLine(values url.Values) {
	if n := lineCount(values); n < assess.MaxLines {
		setLine(values, n, "", "", "100", "80", "1")
	}
}

// schemeValues writes a scheme into a form.
func schemeValues(s assess.Scheme) url.Values {
	values := url.Values{"year": {strconv.Itoa(s.Year)}, "name": {s.Name}, "appeal_days": {strconv.Itoa(s.AppealDays)}}
	for _, k := range s.Kinds {
		values.Add("kinds", string(k))
	}
	for i, l := range s.Lines {
		setLine(values, i, l.Indicator, assess.Hundredths(l.Weight), strings.TrimSuffix(l.Full.String(), "%"), strings.TrimSuffix(l.Zero.String(), "%"), strconv.Itoa(l.Least))
	}
	return values
}

// schemeIn reads a scheme out of a form. Lines in which nothing was chosen are taken out of the form first; what cannot be read fails the check of the scheme.
func schemeIn(values url.Values) assess.Scheme {
	for i := lineCount(values) - 1; i >= 0; i-- {
		if values.Get(linePrefix(i)+"indicator") == "" && values.Get(linePrefix(i)+"weight") == "" {
			dropLine(values, i)
		}
	}
	number := func(name string) int {
		n, err := strconv.Atoi(strings.TrimSpace(values.Get(name)))
		if err != nil {
			return -1
		}
		return n
	}
	s := assess.Scheme{Year: number("year"), Name: values.Get("name"), AppealDays: number("appeal_days")}
	for _, k := range values["kinds"] {
		s.Kinds = append(s.Kinds, org.UnitKind(k))
	}
	for i := range lineCount(values) {
		at := linePrefix(i)
		l := assess.Line{Indicator: values.Get(at + "indicator"), Least: number(at + "least")}
		l.Weight, _ = assess.ParseHundredths(values.Get(at + "weight"))
		l.Full, _ = assess.ParseRatio(values.Get(at + "full"))
		l.Zero, _ = assess.ParseRatio(values.Get(at + "zero"))
		s.Lines = append(s.Lines, l)
	}
	return s
}

// assessmentNew begins a scheme, like an earlier one where the address names it.
func (s *Site) assessmentNew(w http.ResponseWriter, r *http.Request, v *visit) error {
	year, _, _ := s.Office.Today().Date()
	values := url.Values{"year": {strconv.Itoa(year)}, "appeal_days": {"7"}, "kinds": {string(org.KindTown), string(org.KindDepartment)}}
	for i, id := range []string{"timely_acceptance_unit", "on_time_b", "reported_on_time", "satisfaction_handling"} {
		setLine(values, i, id, "", "100", "80", "1")
	}
	if like, err := strconv.ParseInt(r.URL.Query().Get("like"), 10, 64); err == nil {
		found, err := s.Office.Assessment(r.Context(), v.who, like)
		if err != nil {
			return err
		}
		values = schemeValues(found.Scheme)
		values.Set("year", strconv.Itoa(year))
	}
	return s.showScheme(w, r, v, http.StatusOK, 0, values, nil)
}

// assessmentEdit shows the scheme of a draft.
func (s *Site) assessmentEdit(w http.ResponseWriter, r *http.Request, v *visit) error {
	id, err := assessmentIn(r)
	if err != nil {
		return err
	}
	found, err := s.Office.Assessment(r.Context(), v.who, id)
	switch {
	case err != nil:
		return err
	case !found.Manages:
		return errs.E(errs.Forbidden, "assess.not_yours")
	case found.Stage != assess.StageDraft:
		return errs.E(errs.Refused, "assess.not_now")
	}
	return s.showScheme(w, r, v, http.StatusOK, id, schemeValues(found.Scheme), nil)
}

// assessmentSaveNew and assessmentSave keep a draft, or bring the form back with a line more or less.
func (s *Site) assessmentSaveNew(w http.ResponseWriter, r *http.Request, v *visit) error {
	return s.saveScheme(w, r, v, 0)
}

func (s *Site) assessmentSave(w http.ResponseWriter, r *http.Request, v *visit) error {
	id, err := assessmentIn(r)
	if err != nil {
		return err
	}
	return s.saveScheme(w, r, v, id)
}

func (s *Site) saveScheme(w http.ResponseWriter, r *http.Request, v *visit, id int64) error {
	values, err := parseForm(r)
	if err != nil {
		return err
	}
	do := values.Get("do")
	if do == "add" {
		addLine(values)
		return s.showScheme(w, r, v, http.StatusOK, id, values, nil)
	}
	if at, remove := strings.CutPrefix(do, "remove-"); remove {
		if i, err := strconv.Atoi(at); err == nil && i >= 0 {
			dropLine(values, i)
		}
		return s.showScheme(w, r, v, http.StatusOK, id, values, nil)
	}
	saved, err := s.Office.DraftAssessment(r.Context(), v.who, id, schemeIn(values))
	if formError(err) {
		return s.showScheme(w, r, v, http.StatusUnprocessableEntity, id, values, err)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, assessmentPath(saved), "assess.done.drafted", nil)
}

func (s *Site) showScheme(w http.ResponseWriter, r *http.Request, v *visit, status int, id int64, values url.Values, wrong error) error {
	t := v.t
	if !v.who.Has(org.RoleSupervisor, org.RoleLeader) {
		return errs.E(errs.Forbidden, "auth.duty")
	}
	may, not, err := s.Office.AssessableIndicators()
	if err != nil {
		return err
	}
	owner, _ := s.Office.Chart().Unit(v.who.Duty.Scope)
	p := schemeView{
		form: ui.NewForm(t, values, wrong), title: t.T("assess.new"), action: assessmentAt, back: assessmentAt, owner: unitName(t, owner), kinds: options(t.T, "unit_kind", assess.Kinds()...),
		indicators: []ui.Option{{Text: t.T("assess.choose")}},
	}
	if id != 0 {
		p.title, p.action, p.back = t.T("assess.edit"), assessmentPath(id)+"/edit", assessmentPath(id)
	}
	for _, a := range may {
		p.indicators = append(p.indicators, ui.Option{Value: a.Definition.ID, Text: a.Definition.NameIn(t.Lang() == i18n.En)})
	}
	for _, a := range not {
		why := t.Either(a.Why, a.WhyEng)
		if why == "" {
			why = t.T("assess.not_examined")
		}
		p.refused = append(p.refused, refusedIndicator{name: a.Definition.NameIn(t.Lang() == i18n.En), why: why})
	}
	sum := 0
	for i := range lineCount(values) {
		p.lines = append(p.lines, linePrefix(i))
		weight, _ := assess.ParseHundredths(values.Get(linePrefix(i) + "weight"))
		sum += weight
	}
	p.sum = t.T("assess.sum.now", "sum", assess.Hundredths(sum))
	if values.Get("do") == "add" && len(p.lines) > 0 {
		p.form.Focus = p.lines[len(p.lines)-1] + "indicator"
	}
	return s.show(w, r, status, s.staffPage(r, v, p.title, assessmentAt, schemePage(t, p), ui.Link{Text: t.T("nav.assessment"), Href: assessmentAt}, ui.Link{Text: p.title}))
}

// schemeFields are the fields of the form, for the summary of errors.
func schemeFields(t *i18n.Speaker, p schemeView) []ui.FieldProps {
	out := []ui.FieldProps{
		{Name: "year", Label: t.T("assess.field.year")},
		{Name: "name", Label: t.T("assess.field.name")},
		{Name: "kinds", Label: t.T("assess.kinds.of")},
		{Name: "appeal_days", Label: t.T("assess.field.appeal_days")},
		{Name: "lines", Label: t.T("assess.weights")},
	}
	for i, at := range p.lines {
		for _, name := range lineFields() {
			out = append(out, ui.FieldProps{Name: at + name, Label: t.T("assess.line.n", "n", i+1) + " · " + t.T("assess.field."+name)})
		}
	}
	return out
}
