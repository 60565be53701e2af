package web

import (
	"bytes"
	"cmp"
	"math/big"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"huiyin/internal/assess"
	"huiyin/internal/errs"
	"huiyin/internal/httpx"
	"huiyin/internal/i18n"
	"huiyin/internal/law"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

// assessmentAt is where the yearly assessments are.
const assessmentAt = "/desk/assessment"

func assessmentPath(id int64) string { return assessmentAt + "/" + strconv.FormatInt(id, 10) }

func sheetPath(id int64, unit org.UnitID) string {
	return assessmentPath(id) + "/" + strconv.FormatInt(int64(unit), 10)
}

// assessmentIn is the number of the assessment that a path names.
func assessmentIn(r *http.Request) (int64, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil || id < 1 {
		return 0, errs.E(errs.NotFound, "assess.not_found")
	}
	return id, nil
}

// assessments lists the assessments, each with the sheet of the reader's own unit.
func (s *Site) assessments(w http.ResponseWriter, r *http.Request, v *visit) error {
	list, err := s.Office.Assessments(r.Context(), v.who)
	if err != nil {
		return err
	}
	drafts := v.who.Has(org.RoleSupervisor, org.RoleLeader)
	return s.show(w, r, http.StatusOK, s.staffPage(r, v, v.t.T("nav.assessment"), assessmentAt, assessmentsPage(v.t, list, drafts)))
}

// assessmentView is the page of an assessment.
type assessmentView struct {
	usecase.AssessmentView
	form    ui.Form
	refused string
	facts   []ui.Fact
	rules   []schemeRow
	columns []ui.Column
	rows    []sheetLine
	steps   []assessStep
}

// schemeRow is a line of a scheme as words.
type schemeRow struct{ name, variant, source, weight, full, zero, least string }

// sheetLine is a unit's sheet as a row.
type sheetLine struct {
	usecase.SheetRow
	href  string
	total string
	first string // where it was another
	cells []lineCell
}

type lineCell struct{ name, points, rate, made string }

// assessStep is a step as words.
type assessStep struct{ when, iso, who, what, detail string }

// assessmentPage shows an assessment: its scheme, the sheets that the reader may see, what can be done now and what was done.
func (s *Site) assessmentPage(w http.ResponseWriter, r *http.Request, v *visit) error {
	id, err := assessmentIn(r)
	if err != nil {
		return err
	}
	return s.showAssessment(w, r, v, http.StatusOK, id, url.Values{"as_of": {s.Office.Today().String()}}, nil)
}

func (s *Site) showAssessment(w http.ResponseWriter, r *http.Request, v *visit, status int, id int64, values url.Values, wrong error) error {
	t := v.t
	found, err := s.Office.Assessment(r.Context(), v.who, id)
	if err != nil {
		return err
	}
	p := assessmentView{AssessmentView: found, form: ui.NewForm(t, values, wrong), refused: refusedWords(t, wrong), facts: assessmentFacts(t, found), steps: assessSteps(t, found.Steps)}
	for _, l := range found.Lines {
		p.rules = append(p.rules, schemeRow{
			name: l.Definition.NameIn(t.Lang() == i18n.En), variant: t.Either(l.Definition.Variant, l.Definition.VariantEng), source: t.Either(l.Definition.Source, l.Definition.SourceEnglish),
			weight: assess.Hundredths(l.Weight), full: l.Full.String(), zero: l.Zero.String(), least: strconv.Itoa(l.Least),
		})
	}
	sorted := r.URL.Query().Get("sort")
	p.columns = sheetColumns(t, found, sorted)
	for _, row := range sortSheets(found, sorted) {
		p.rows = append(p.rows, newSheetLine(t, found, row))
	}
	title := assessmentTitle(t, found.AssessmentRow)
	return s.show(w, r, status, s.staffPage(r, v, title, assessmentAt, assessmentBody(t, p), ui.Link{Text: t.T("nav.assessment"), Href: assessmentAt}, ui.Link{Text: title}))
}

// refusedWords say why a step was refused that no field can mend.
func refusedWords(t *i18n.Speaker, wrong error) string {
	if wrong == nil || errs.KindOf(wrong) == errs.Invalid {
		return ""
	}
	return t.Err(wrong)
}

func assessmentTitle(t *i18n.Speaker, r usecase.AssessmentRow) string {
	return t.T("assess.title", "year", strconv.Itoa(r.Year), "name", r.Name)
}

func assessmentFacts(t *i18n.Speaker, v usecase.AssessmentView) []ui.Fact {
	var kinds []string
	for _, k := range v.Scheme.Kinds {
		kinds = append(kinds, t.T("unit_kind."+string(k)))
	}
	facts := []ui.Fact{
		{Term: t.T("assess.owner"), Text: unitName(t, v.Owner)},
		{Term: t.T("assess.kinds.of"), Text: t.List(kinds)},
		{Term: t.T("assess.stage"), Text: t.T("assess.stage." + string(v.Stage)), Note: t.T("assess.stage." + string(v.Stage) + ".note")},
		{Term: t.T("assess.appeal_time"), Text: t.T("assess.days", "n", v.Scheme.AppealDays)},
	}
	if v.AsOf.Known() {
		facts = append(facts, ui.Fact{Term: t.T("assess.as_of.head"), Text: t.Day(v.AsOf)})
	}
	if v.Given.Known() {
		facts = append(facts, ui.Fact{Term: t.T("assess.given"), Text: t.T("assess.given.until", "day", t.Day(v.Given), "until", t.Day(v.Until))})
	}
	return facts
}

// sortTotal is the wish for the order of the totals.
const sortTotal = "total"

// sheetColumns are the heads of the table of sheets. Without a wish it is in the order of the chart.
func sheetColumns(t *i18n.Speaker, v usecase.AssessmentView, sorted string) []ui.Column {
	column := func(head, by string) ui.Column {
		c := ui.Column{Head: head, Sort: assessmentPath(v.ID) + "?sort=" + by + "#sheets", Num: true}
		switch sorted {
		case by:
			c.Sorted, c.Sort = "descending", assessmentPath(v.ID)+"?sort=-"+by+"#sheets"
		case "-" + by:
			c.Sorted = "ascending"
		}
		return c
	}
	out := []ui.Column{{Head: t.T("assess.unit"), Sort: assessmentPath(v.ID) + "#sheets"}, column(t.T("assess.total"), sortTotal)}
	for _, l := range v.Lines {
		out = append(out, column(l.Definition.NameIn(t.Lang() == i18n.En), l.Indicator))
	}
	return append(out, ui.Column{Head: t.T("assess.state")})
}

// sortSheets puts sheets into the order that is asked for, by the total or by the points of a line; what is not to be had stands last.
func sortSheets(v usecase.AssessmentView, by string) []usecase.SheetRow {
	rows := slices.Clone(v.Sheets)
	name, rising := strings.CutPrefix(by, "-")
	line := slices.IndexFunc(v.Lines, func(l usecase.AssessLine) bool { return l.Indicator == name })
	if name != sortTotal && line < 0 {
		return rows
	}
	points := func(r usecase.SheetRow) *big.Rat {
		if line < 0 {
			return r.Now.Total
		}
		return r.Now.Marks[line].Points
	}
	slices.SortStableFunc(rows, func(a, b usecase.SheetRow) int {
		x, y := points(a), points(b)
		switch {
		case x == nil && y == nil:
			return 0
		case x == nil:
			return 1
		case y == nil:
			return -1
		case rising:
			return x.Cmp(y)
		}
		return y.Cmp(x)
	})
	return rows
}

func newSheetLine(t *i18n.Speaker, v usecase.AssessmentView, row usecase.SheetRow) sheetLine {
	out := sheetLine{SheetRow: row, href: sheetPath(v.ID, row.Unit.ID), total: assess.Points(row.Now.Total)}
	if row.Changed {
		out.first = t.T("assess.before", "points", assess.Points(row.First.Total))
	}
	for i, m := range row.Now.Marks {
		c := lineCell{name: v.Lines[i].Definition.NameIn(t.Lang() == i18n.En), points: assess.Points(m.Points), rate: usecase.FigureText(m.Count.Figure()), made: made(m.Count)}
		if m.Left {
			c.points = t.T("assess.left")
		}
		if m.Count.Of == 0 {
			c.rate = ""
		}
		out.cells = append(out.cells, c)
	}
	return out
}

// made writes what a figure was made of.
func made(c assess.Count) string { return strconv.Itoa(c.Sum) + "/" + strconv.Itoa(c.Of) }

// assessSteps write steps as words, the first of them first.
func assessSteps(t *i18n.Speaker, steps []usecase.AssessStep) []assessStep {
	var out []assessStep
	for _, e := range steps {
		x := assessStep{when: t.Instant(e.AtUS), iso: t.InstantISO(e.AtUS), who: strings.TrimSpace(unitName(t, e.Where) + " " + e.Person), what: t.T("assess.did." + string(e.Kind)), detail: e.Body.Reason}
		switch {
		case e.Kind == assess.Counted:
			x.detail = t.T("assess.did.counted.as_of", "day", t.Day(e.Body.AsOf), "n", len(e.Body.Sheets))
		case e.Kind == assess.Answered && e.Body.Upheld:
			x.what = t.T("assess.upheld.to", "made", made(e.Body.Count))
		case e.Kind == assess.Answered:
			x.what = t.T("assess.refused.answer")
		}
		out = append(out, x)
	}
	return out
}

// assessmentDo takes a step on an assessment.
func (s *Site) assessmentDo(w http.ResponseWriter, r *http.Request, v *visit) error {
	id, err := assessmentIn(r)
	if err != nil {
		return err
	}
	values, err := parseForm(r)
	if err != nil {
		return err
	}
	act := usecase.AssessmentAct{Kind: assess.Kind(values.Get("do")), Reason: values.Get("reason")}
	if act.Kind == assess.Counted {
		if act.AsOf, err = law.ParseDay(strings.TrimSpace(values.Get("as_of"))); err != nil {
			return s.showAssessment(w, r, v, http.StatusUnprocessableEntity, id, values, errs.Fields([]errs.Field{errs.F("as_of", "assess.as_of")}))
		}
	}
	err = s.Office.ActAssessment(r.Context(), v.who, id, act)
	switch k := errs.KindOf(err); {
	case err == nil && act.Kind == assess.Withdrawn:
		return s.done(w, r, assessmentAt, "assess.done.withdrawn", nil)
	case err == nil:
		return s.done(w, r, assessmentPath(id), "assess.done."+string(act.Kind), nil)
	case k == errs.Invalid, k == errs.Refused:
		return s.showAssessment(w, r, v, httpx.Status(k), id, values, err)
	}
	return err
}

// assessmentTable gives the sheets as a file.
func (s *Site) assessmentTable(w http.ResponseWriter, r *http.Request, v *visit) error {
	id, err := assessmentIn(r)
	if err != nil {
		return err
	}
	format := usecase.TableFormat(cmp.Or(r.URL.Query().Get("format"), string(usecase.TableXLSX)))
	data, err := s.Office.AssessmentTable(r.Context(), v.who, id, format, v.t.Lang() == i18n.En)
	if err != nil {
		return err
	}
	httpx.ServeDownload(w, r, v.t.T("assess.table")+"-"+strconv.FormatInt(id, 10)+"."+string(format), format.Mime(), bytes.NewReader(data), "")
	return nil
}
