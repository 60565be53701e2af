package web

import (
	"bytes"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"huiyin/internal/errs"
	"huiyin/internal/httpx"
	"huiyin/internal/i18n"
	"huiyin/internal/law"
	"huiyin/internal/org"
	"huiyin/internal/periodic"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

// reportsAt is where the periodic reports are.
const reportsAt = "/desk/reports"

func reportPath(home, id int64) string {
	return reportsAt + "/" + strconv.FormatInt(home, 10) + "/" + strconv.FormatInt(id, 10)
}

// reportsOf is where the reports of a unit are.
func reportsOf(unit org.UnitID) string {
	return reportsAt + "?" + url.Values{"unit": {strconv.FormatInt(int64(unit), 10)}}.Encode()
}

// reportsView is the list of a unit's reports.
type reportsView struct {
	unit      string
	form      ui.Form // of the unit that is looked at
	units     []ui.Option
	make      ui.Form
	kinds     []ui.Option
	here      string // the address of this list
	rows      []reportRow
	pages     ui.PaginationProps
	working   string // a report is being made
	failed    string // the last one was not
	schedules []scheduleRow
	schedule  bool
}

type reportRow struct{ name, href, asOf, asOfISO, made, madeISO, how string }

// scheduleRow is a kind of report and whether it is made by itself.
type scheduleRow struct {
	kind   periodic.Kind
	name   string
	state  string
	on     bool
	button ui.ButtonProps
}

// reports lists the reports of a unit.
func (s *Site) reports(w http.ResponseWriter, r *http.Request, v *visit) error {
	return s.showReports(w, r, v, http.StatusOK, r.URL.Query(), nil)
}

func (s *Site) showReports(w http.ResponseWriter, r *http.Request, v *visit, status int, values url.Values, wrong error) error {
	t := v.t
	before, err := strconv.ParseInt(values.Get("before"), 10, 64)
	if err != nil || before < 0 {
		before = 0
	}
	list, err := s.Office.Reports(r.Context(), v.who, unitID(values.Get("unit")), before)
	if err != nil {
		return err
	}
	unit := strconv.FormatInt(int64(list.Unit.ID), 10)
	chosen := url.Values{"unit": {unit}, "kind": {values.Get("kind")}, "day": {values.Get("day")}}
	if wrong == nil {
		kind := periodic.Month
		chosen.Set("kind", string(kind))
		chosen.Set("day", kind.Due(s.Office.Today(), func(law.Day) bool { return true }).String())
	}
	p := reportsView{
		unit: unitName(t, list.Unit), form: ui.NewForm(t, url.Values{"unit": {unit}}, nil), make: ui.NewForm(t, chosen, wrong), here: reportsOf(list.Unit.ID), schedule: list.Schedule,
	}
	for _, u := range append([]org.Unit{list.Unit}, list.Units...) {
		p.units = append(p.units, ui.Option{Value: strconv.FormatInt(int64(u.ID), 10), Text: unitName(t, u)})
	}
	p.kinds = options(t.T, "report.kind", periodic.Kinds()...)
	for _, row := range list.Rows {
		p.rows = append(p.rows, s.reportRow(t, row))
	}
	p.pages.Range = t.T("report.range", "n", len(p.rows))
	if before != 0 {
		p.pages.Prev = p.here
	}
	if list.Next != 0 {
		p.pages.Next = p.here + "&before=" + strconv.FormatInt(list.Next, 10)
	}
	for _, one := range list.Schedules {
		p.schedules = append(p.schedules, scheduleRowOf(t, one))
	}
	jobs, err := s.Office.Jobs(r.Context(), v.who)
	if err != nil {
		return err
	}
	p.working, p.failed = reportJobs(t, jobs)
	return s.show(w, r, status, s.staffPage(r, v, t.T("nav.reports"), reportsAt, reportsPage(t, p)))
}

// reportJobs says how the newest report that was asked for stands, while it is made or where it was not.
func reportJobs(t *i18n.Speaker, jobs []usecase.JobView) (working, failed string) {
	for _, j := range jobs {
		switch {
		case j.Kind != usecase.JobReport:
			continue
		case j.Open():
			return t.T("report.working", "how", jobWords(t, j)), ""
		case j.State == usecase.JobFailed:
			return "", t.T("report.failed", "why", t.Say(j.Error, nil))
		}
		return "", ""
	}
	return "", ""
}

func english(t *i18n.Speaker) bool { return t.Lang() == i18n.En }

func (s *Site) reportRow(t *i18n.Speaker, r usecase.ReportRow) reportRow {
	_, period := s.Office.ReportName(r, english(t))
	how := t.T("report.made.asked")
	if r.Due {
		how = t.T("report.made.due")
	}
	return reportRow{
		name: t.T("report.kind."+string(r.Kind)) + " " + period, href: reportPath(r.Home, r.ID), asOf: t.FullDay(r.AsOf), asOfISO: t.ISO(r.AsOf),
		made: t.Instant(r.MadeUS), madeISO: t.InstantISO(r.MadeUS), how: how,
	}
}

func scheduleRowOf(t *i18n.Speaker, one usecase.ReportSchedule) scheduleRow {
	row := scheduleRow{kind: one.Kind, name: t.T("report.kind." + string(one.Kind)), on: one.On, state: t.T("report.schedule.off")}
	row.button = ui.ButtonProps{Text: t.T("report.schedule.turn_on", "kind", string(one.Kind)), Name: "on", Value: "yes"}
	if one.On {
		row.state = t.T("report.schedule.on", "day", one.Next, "person", one.Person, "time", t.Instant(one.Since))
		row.button = ui.ButtonProps{Text: t.T("report.schedule.turn_off", "kind", string(one.Kind)), Name: "on", Value: "no"}
	}
	return row
}

// reportMake has a report made.
func (s *Site) reportMake(w http.ResponseWriter, r *http.Request, v *visit) error {
	values, err := parseForm(r)
	if err != nil {
		return err
	}
	a := usecase.ReportAsk{Unit: unitID(values.Get("unit")), Kind: periodic.Kind(values.Get("kind"))}
	if text := strings.TrimSpace(values.Get("day")); text != "" {
		if a.Day, err = law.ParseDay(text); err != nil {
			return s.showReports(w, r, v, http.StatusUnprocessableEntity, values, errs.Fields([]errs.Field{errs.F("day", errs.CodeOf(err))}))
		}
	}
	_, err = s.Office.StartReport(r.Context(), v.who, a)
	switch {
	case err == nil:
		return s.done(w, r, reportsOf(a.Unit), "report.started", nil)
	case formError(err):
		return s.showReports(w, r, v, httpx.Status(errs.KindOf(err)), values, err)
	}
	return err
}

// reportSchedule switches on or off that reports are made by themselves.
func (s *Site) reportSchedule(w http.ResponseWriter, r *http.Request, v *visit) error {
	values, err := parseForm(r)
	if err != nil {
		return err
	}
	unit, on := unitID(values.Get("unit")), values.Get("on") == "yes"
	if err := s.Office.ScheduleReport(r.Context(), v.who, unit, periodic.Kind(values.Get("kind")), on); err != nil {
		return err
	}
	code := "report.schedule.done.off"
	if on {
		code = "report.schedule.done.on"
	}
	return s.done(w, r, reportsOf(unit)+"#schedule", code, nil)
}

// reportView is a report as a page.
type reportView struct {
	path     string
	title    string
	period   string
	lead     string
	facts    []ui.Fact
	takes    []ui.ButtonProps
	jumps    []ui.Link
	sections []reportSection
	course   ui.ChartProps
	figures  []reportFigure
	groups   []reportGroups
	rules    []string
	notes    []reportNote
	form     ui.Form
	open     bool // the form of the note is unfolded
	refused  string
}

type reportSection struct {
	id, title string
	said      []reportSaid
}

// reportSaid is a sentence with where it leads.
type reportSaid struct {
	text, href string
	sub        bool
}

type reportFigure struct{ name, href, now, before, year, definition string }

type reportGroups struct {
	name, head string
	most       int
	rows       []reportGroup
}

type reportGroup struct {
	name, href  string
	now, before int
}

type reportNote struct{ signed, text string }

// reportIn is the number of a report that a path names.
func reportIn(r *http.Request) (home, id int64, err error) {
	home, err = strconv.ParseInt(r.PathValue("home"), 10, 64)
	if err == nil {
		id, err = strconv.ParseInt(r.PathValue("id"), 10, 64)
	}
	if err != nil {
		return 0, 0, errs.E(errs.NotFound, "report.not_found")
	}
	return home, id, nil
}

// loadReport is the report that a path names.
func (s *Site) loadReport(r *http.Request, v *visit) (usecase.ReportView, error) {
	home, id, err := reportIn(r)
	if err != nil {
		return usecase.ReportView{}, err
	}
	return s.Office.Report(r.Context(), v.who, home, id)
}

// report shows a report.
func (s *Site) report(w http.ResponseWriter, r *http.Request, v *visit) error {
	found, err := s.loadReport(r, v)
	if err != nil {
		return err
	}
	return s.showReport(w, r, v, http.StatusOK, found, url.Values{}, nil)
}

func (s *Site) showReport(w http.ResponseWriter, r *http.Request, v *visit, status int, found usecase.ReportView, values url.Values, wrong error) error {
	t := v.t
	p := s.newReportView(t, found)
	if wrong == nil && len(found.Notes) > 0 {
		values.Set("note", found.Notes[0].Text)
	}
	seen := 0
	if len(found.Notes) > 0 {
		seen = found.Notes[0].N
	}
	values.Set("seen", strconv.Itoa(seen))
	p.form, p.open = ui.NewForm(t, values, wrong), wrong != nil
	if wrong != nil && errs.KindOf(wrong) != errs.Invalid {
		p.refused = t.Err(wrong)
	}
	return s.show(w, r, status, s.staffPage(r, v, p.title+" "+p.period, reportsAt, reportPage(t, p),
		ui.Link{Text: t.T("nav.reports"), Href: reportsOf(found.Unit.ID)}, ui.Link{Text: t.T("report.kind."+string(found.Kind)) + " " + p.period}))
}

func (s *Site) newReportView(t *i18n.Speaker, found usecase.ReportView) reportView {
	en := english(t)
	p := reportView{path: reportPath(found.Home, found.ID), lead: s.Office.ReportLead(found, en), rules: usecase.ReportRules(en)}
	p.title, p.period = s.Office.ReportName(found.ReportRow, en)
	row := s.reportRow(t, found.ReportRow)
	p.facts = []ui.Fact{
		{Term: t.T("report.facts.asof"), Text: row.asOf}, {Term: t.T("report.facts.made"), Text: row.made, Note: row.how},
	}
	for _, f := range usecase.ReportFormats() {
		p.takes = append(p.takes, ui.ButtonProps{Text: t.T("report.take." + string(f)), Href: p.path + "/" + string(f), Small: true})
	}
	for _, section := range found.Report.Sections {
		one := reportSection{id: section.ID, title: t.T("report.section." + section.ID)}
		for _, said := range section.Sentences {
			one.said = append(one.said, reportSaid{text: s.Office.ReportSentence(found.Report, said, en), href: reportHref(found.Report, said.Link), sub: said.Sub})
		}
		p.sections, p.jumps = append(p.sections, one), append(p.jumps, ui.Link{Text: one.title, Href: "#" + section.ID})
	}
	p.course = s.reportCourse(t, found.Report)
	for _, e := range found.Report.Entries {
		p.figures = append(p.figures, reportFigure{
			name: usecase.IndicatorName(e.Indicator, en), href: reportHref(found.Report, periodic.Link{Indicator: e.Indicator, Period: found.Report.Periods.Now}),
			now: s.Office.ReportFigure(e.Now, en), before: s.Office.ReportFigure(e.Before, en), year: s.Office.ReportFigure(e.Year, en),
			definition: usecase.IndicatorDefinition(e.Indicator, en),
		})
	}
	for _, by := range periodic.Breakdowns() {
		p.groups = append(p.groups, s.reportGroups(t, found.Report, by))
	}
	for _, n := range found.Notes {
		p.notes = append(p.notes, reportNote{signed: t.T("report.note.signed", "unit", unitName(t, n.Unit), "person", n.Person, "time", t.Instant(n.AtUS)), text: n.Text})
	}
	return p
}

// reportHref is where a sentence or a figure leads.
func reportHref(r periodic.Report, l periodic.Link) string {
	if l.Issue != 0 {
		return issuePath(l.Issue)
	}
	return figureListPath(usecase.ReportFigureAsk(r, l))
}

// reportGroups are the submissions of a period in groups.
func (s *Site) reportGroups(t *i18n.Speaker, r periodic.Report, by periodic.By) reportGroups {
	g := reportGroups{name: t.T("report.by." + string(by)), head: t.T("report.group." + string(by))}
	for _, row := range r.Breakdown(by).Came() {
		link := periodic.Link{Indicator: "submissions", Period: r.Periods.Now, By: by, Group: row.Group}
		g.most = max(g.most, row.Now)
		g.rows = append(g.rows, reportGroup{name: s.Office.ReportGroup(r, by, row.Group, english(t)), href: reportHref(r, link), now: row.Now, before: row.Before})
	}
	return g
}

// reportCourse draws what came in each part of the period.
func (s *Site) reportCourse(t *i18n.Speaker, r periodic.Report) ui.ChartProps {
	c := ui.ChartProps{
		Kind: ui.Columns, Wide: true, Title: t.T("report.course"), Definition: t.T("report.course.definition"), Head: t.T("report.course.head"),
		Series: []ui.Series{{Name: t.T("report.now")}, {Name: t.T("report.before")}},
	}
	total, most, label := 0, 0, ""
	for i, l := range r.Course.Labels {
		short := l
		if day, err := law.ParseDay(l); err == nil {
			short = t.MonthDay(day)
		}
		c.Labels = append(c.Labels, short)
		n := r.Course.Now[i]
		total += n
		if n > most || label == "" {
			most, label = n, short
		}
		c.Series[0].Values, c.Series[0].Said = append(c.Series[0].Values, float64(n)), append(c.Series[0].Said, strconv.Itoa(n))
		if i < len(r.Course.Before) {
			was := r.Course.Before[i]
			c.Series[1].Values, c.Series[1].Said = append(c.Series[1].Values, float64(was)), append(c.Series[1].Said, strconv.Itoa(was))
		}
	}
	c.Summary = t.T("report.course.said", "n", total, "label", label, "most", most)
	return c
}

// reportFile sends a report as a file.
func (s *Site) reportFile(w http.ResponseWriter, r *http.Request, v *visit) error {
	found, err := s.loadReport(r, v)
	if err != nil {
		return err
	}
	f := usecase.PaperFormat(r.PathValue("format"))
	name, content, err := s.Office.PrintReport(r.Context(), found, f, english(v.t))
	if err != nil {
		return err
	}
	httpx.ServeDownload(w, r, name, f.Media(), bytes.NewReader(content), "")
	return nil
}

// reportNoteKeep adds a version to the note on a report.
func (s *Site) reportNoteKeep(w http.ResponseWriter, r *http.Request, v *visit) error {
	values, err := parseForm(r)
	if err != nil {
		return err
	}
	found, err := s.loadReport(r, v)
	if err != nil {
		return err
	}
	seen, err := strconv.Atoi(values.Get("seen"))
	if err != nil {
		seen = 0
	}
	err = s.Office.NoteReport(r.Context(), v.who, found.Home, found.ID, seen, values.Get("note"))
	if k := errs.KindOf(err); k == errs.Invalid || k == errs.Conflict {
		return s.showReport(w, r, v, httpx.Status(k), found, values, err)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, reportPath(found.Home, found.ID)+"#note", "report.note.done", nil)
}
