package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"huiyin/internal/errs"
	"huiyin/internal/httpx"
	"huiyin/internal/i18n"
	"huiyin/internal/matter"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

// issuesAt is where the issues are: what many say at once.
const issuesAt = "/desk/issues"

func issuePath(id int64) string { return issuesAt + "/" + strconv.FormatInt(id, 10) }

// issuesView is the list of issues.
type issuesView struct {
	form       ui.Form
	windows    []ui.Tab
	places     []ui.Option
	categories []optionGroup
	shown      []ui.Option
	rows       []issueRow
	empty      ui.StateProps
}

// issueRow is an issue as a row of the list.
type issueRow struct {
	name, href, place, count, more, growth string
	first, firstISO, last, lastISO         string
	course                                 string // in words
	days                                   []int
	here                                   bool
}

// issueFilter reads an address.
func (s *Site) issueFilter(q url.Values) (usecase.IssueFilter, error) {
	f := usecase.IssueFilter{Dismissed: q.Get("show") == "dismissed"}
	if days, err := strconv.Atoi(q.Get("days")); err == nil && slices.Contains(usecase.IssueWindows(), days) {
		f.Days = days
	}
	var wrong []errs.Field
	f.Place, f.Category, wrong = s.narrowedTo(q)
	return f, errs.Fields(wrong)
}

// issues lists what many say at once, within the scope of the duty in use.
func (s *Site) issues(w http.ResponseWriter, r *http.Request, v *visit) error {
	t := v.t
	f, err := s.issueFilter(r.URL.Query())
	if err != nil {
		return err
	}
	list, err := s.Office.Issues(r.Context(), v.who, f)
	if err != nil {
		return err
	}
	values := url.Values{"days": {strconv.Itoa(list.Days)}, "category": {f.Category}}
	if f.Place != 0 {
		values.Set("place", strconv.FormatInt(f.Place, 10))
	}
	if f.Dismissed {
		values.Set("show", "dismissed")
	}
	p := issuesView{
		form: ui.NewForm(t, values, nil), places: s.placesFor(t, v.who), categories: categoryGroups(t, s.Office.Places.Current()),
		shown: []ui.Option{{Text: t.T("issue.show.open")}, {Value: "dismissed", Text: t.T("issue.show.dismissed")}},
		empty: ui.StateProps{Kind: ui.Empty, ID: "empty", Title: t.T("issue.none"), Text: t.T("issue.none.text")},
	}
	p.windows = windowTabs(t, issuesAt, values, list.Days)
	if f.Place != 0 || f.Category != "" || f.Dismissed {
		p.empty.Actions = []ui.ButtonProps{{Text: t.T("issue.clear"), Href: issuesAt}}
	}
	for i, row := range list.Rows {
		x := s.issueRow(t, row, list.Days)
		x.here = i == 0
		p.rows = append(p.rows, x)
	}
	return s.show(w, r, http.StatusOK, s.staffPage(r, v, t.T("nav.issues"), issuesAt, issuesPage(t, p)))
}

// windowTabs lead to the same with another window.
func windowTabs(t *i18n.Speaker, at string, values url.Values, days int) []ui.Tab {
	var out []ui.Tab
	for _, n := range usecase.IssueWindows() {
		q := url.Values{}
		for name, v := range values {
			if v[0] != "" {
				q[name] = v
			}
		}
		q.Set("days", strconv.Itoa(n))
		out = append(out, ui.Tab{Text: t.T("issue.window", "n", n), Href: at + "?" + q.Encode(), Current: n == days})
	}
	return out
}

func issueName(t *i18n.Speaker, name string) string { return cmp.Or(name, t.T("issue.unnamed")) }

func (s *Site) issueRow(t *i18n.Speaker, row usecase.IssueRow, days int) issueRow {
	x := issueRow{
		name: issueName(t, row.Name), href: issuePath(row.ID) + "?days=" + strconv.Itoa(days), place: s.issuePlace(t, row.Place), count: t.T("issue.matters", "n", row.Matters),
		more: issueMore(t, row), growth: issueGrowth(t, row), course: issueCourse(t, row.Days),
	}
	if row.First.Known() {
		x.first, x.firstISO, x.last, x.lastISO = t.MonthDay(row.First), t.ISO(row.First), t.MonthDay(row.Last), t.ISO(row.Last)
	}
	for _, d := range row.Days {
		x.days = append(x.days, d.Matters)
	}
	return x
}

func (s *Site) issuePlace(t *i18n.Speaker, place int64) string {
	if place == 0 {
		return t.T("issue.nowhere")
	}
	return s.fullPlaceName(t, place)
}

// issueMore says how many came about the matters: persons as claimed, and what was joined.
func issueMore(t *i18n.Speaker, row usecase.IssueRow) string {
	more := t.T("issue.persons", "n", row.Persons)
	if row.Repeats > 0 {
		more += " · " + t.T("issue.repeats", "n", row.Repeats)
	}
	return more
}

func issueGrowth(t *i18n.Speaker, row usecase.IssueRow) string {
	percent, known := row.Growth()
	if !known {
		return t.T("issue.growth.none")
	}
	const whole, tenth = 100, 10
	return t.T("issue.growth", "times", strconv.Itoa(percent/whole)+"."+strconv.Itoa(percent%whole/tenth))
}

// issueCourse says the days on which something came.
func issueCourse(t *i18n.Speaker, days []usecase.IssueDay) string {
	var said []string
	for _, d := range days {
		if d.Matters > 0 {
			said = append(said, t.T("issue.course.day", "day", t.MonthDay(d.Day), "n", d.Matters))
		}
	}
	if len(said) == 0 {
		return t.T("issue.course.none")
	}
	return t.List(said)
}

// issueView is the page of an issue.
type issueView struct {
	id       int64
	name     string
	lead     string
	notice   string // it was dismissed
	facts    []ui.Fact
	words    []string
	windows  []ui.Tab
	chart    ui.ChartProps
	examples []issueExample
	rows     []ui.WorkRow
	pages    ui.PaginationProps
	out      []ui.Link
	acts     []issueAct
	form     ui.Form
	refused  string
	decides  bool
	choices  []ui.Option
	others   []ui.Option
	open     bool // the form is unfolded
}

type issueExample struct {
	number, href   string
	title, excerpt []ui.Part
}

type issueAct struct{ when, iso, who, what, reason string }

// issue shows an issue: why its matters are together, their course, and what people decided.
func (s *Site) issue(w http.ResponseWriter, r *http.Request, v *visit) error {
	return s.showIssue(w, r, v, http.StatusOK, r.URL.Query(), nil)
}

func issueID(r *http.Request) (int64, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil || id < 1 {
		return 0, errs.E(errs.NotFound, "issue.not_found")
	}
	return id, nil
}

func (s *Site) showIssue(w http.ResponseWriter, r *http.Request, v *visit, status int, values url.Values, wrong error) error {
	t := v.t
	id, err := issueID(r)
	if err != nil {
		return err
	}
	before, err := strconv.ParseInt(r.URL.Query().Get("before"), 10, 64)
	if err != nil || before < 0 {
		before = 0
	}
	f, err := s.issueFilter(r.URL.Query())
	if err != nil {
		return err
	}
	f.Dismissed = false
	found, err := s.Office.Issue(r.Context(), v.who, id, f, before)
	if err != nil {
		return err
	}
	if found.ID != id { // merged: an old address leads to where it is shown now
		return s.done(w, r, issuePath(found.ID), "issue.moved", map[string]string{"id": strconv.FormatInt(id, 10)})
	}
	p := s.newIssueView(t, found, before)
	p.form = ui.NewForm(t, values, wrong)
	p.open = wrong != nil || values.Get("do") != ""
	if wrong != nil && errs.KindOf(wrong) != errs.Invalid {
		p.refused = t.Err(wrong)
	}
	if p.decides {
		list, err := s.Office.Issues(r.Context(), v.who, usecase.IssueFilter{Days: slices.Max(usecase.IssueWindows())})
		if err != nil {
			return err
		}
		p.choices, p.others = issueChoices(t, found, list)
	}
	return s.show(w, r, status, s.staffPage(r, v, p.name, issuesAt, issuePage(t, p), ui.Link{Text: t.T("nav.issues"), Href: issuesAt}, ui.Link{Text: p.name}))
}

func (s *Site) newIssueView(t *i18n.Speaker, found usecase.IssueView, before int64) issueView {
	row := s.issueRow(t, found.IssueRow, found.Window)
	p := issueView{
		id: found.ID, name: row.name, words: found.Words, decides: found.Decides,
		lead:    t.T("issue.lead", "n", found.Matters, "days", found.Window, "more", row.more),
		windows: windowTabs(t, issuePath(found.ID), url.Values{}, found.Window),
		facts: []ui.Fact{
			{Term: t.T("issue.place"), Text: row.place}, {Term: t.T("issue.head.growth"), Text: row.growth},
		},
	}
	if found.First.Known() {
		p.facts = append(p.facts, ui.Fact{Term: t.T("issue.head.days"), Text: t.T("issue.span", "first", t.ISO(found.First), "last", t.ISO(found.Last))})
	}
	if found.Dismissed {
		p.notice = t.T("issue.dismissed")
	}
	p.chart = issueChart(t, found)
	for _, e := range found.Examples {
		p.examples = append(p.examples, issueExample{number: e.Ref.String(), href: matterPath(e.Ref), title: parts(e.Title), excerpt: parts(e.Excerpt)})
	}
	for _, m := range found.Members {
		row := s.workRow(t, m, found.Today)
		if found.Decides {
			q := url.Values{"days": {strconv.Itoa(found.Window)}, "do": {string(usecase.IssueOut)}, "matter": {m.Ref.String()}}
			row.Act = ui.Link{Text: t.T("issue.out.this"), Href: issuePath(found.ID) + "?" + q.Encode() + "#decide"}
		}
		p.rows = append(p.rows, row)
	}
	p.pages.Range = t.T("issue.range", "n", len(p.rows))
	if before != 0 {
		p.pages.Prev = issuePath(found.ID) + "?days=" + strconv.Itoa(found.Window)
	}
	if found.Next != 0 {
		p.pages.Next = issuePath(found.ID) + "?" + url.Values{"days": {strconv.Itoa(found.Window)}, "before": {strconv.FormatInt(found.Next, 10)}}.Encode()
	}
	for _, m := range found.Out {
		p.out = append(p.out, ui.Link{Text: m.Ref.String(), Href: matterPath(m.Ref)})
	}
	for _, a := range found.Acts {
		what := t.T("issue.did." + a.Kind)
		if !a.Matter.IsZero() {
			what += " " + a.Matter.String()
		}
		p.acts = append(p.acts, issueAct{when: t.Instant(a.AtUS), iso: t.InstantISO(a.AtUS), who: unitName(t, a.At) + " " + a.Person, what: what, reason: a.Reason})
	}
	return p
}

// issueChart draws the days of the window.
func issueChart(t *i18n.Speaker, found usecase.IssueView) ui.ChartProps {
	c := ui.ChartProps{
		Kind: ui.Columns, Wide: true, Title: t.T("issue.chart"), Definition: t.T("issue.chart.definition"), Summary: issueCourse(t, found.Days), Head: t.T("issue.day"),
		Series: []ui.Series{{Name: t.T("issue.head.count")}},
	}
	one := &c.Series[0]
	for _, d := range found.Days {
		c.Labels = append(c.Labels, t.MonthDay(d.Day))
		one.Values, one.Said = append(one.Values, float64(d.Matters)), append(one.Said, strconv.Itoa(d.Matters))
	}
	return c
}

// issueChoices are the decisions that can be taken, and the issues they can be about besides.
func issueChoices(t *i18n.Speaker, found usecase.IssueView, list usecase.IssueList) (choices, others []ui.Option) {
	others = []ui.Option{{Text: t.T("issue.other.none")}}
	option := func(r usecase.IssueRow) ui.Option {
		return ui.Option{Value: strconv.FormatInt(r.ID, 10), Text: t.T("issue.other", "name", issueName(t, r.Name), "id", strconv.FormatInt(r.ID, 10))}
	}
	for _, r := range list.Rows {
		if r.ID != found.ID {
			others = append(others, option(r))
		}
	}
	for _, r := range found.Merged {
		others = append(others, option(r))
	}
	for _, k := range usecase.IssueActKinds() {
		offered := k != usecase.IssueSplit || len(found.Merged) > 0
		offered = offered && (k != usecase.IssueDismiss || !found.Dismissed) && (k != usecase.IssueRestore || found.Dismissed)
		if offered {
			choices = append(choices, ui.Option{Value: string(k), Text: t.T("issue.do." + string(k)), Note: t.T("issue.do." + string(k) + ".hint")})
		}
	}
	return choices, others
}

// decideIssue carries out a decision on an issue.
func (s *Site) decideIssue(w http.ResponseWriter, r *http.Request, v *visit) error {
	values, err := parseForm(r)
	if err != nil {
		return err
	}
	id, err := issueID(r)
	if err != nil {
		return err
	}
	d := usecase.IssueDecision{Kind: usecase.IssueActKind(values.Get("do")), Name: values.Get("name"), Reason: values.Get("reason")}
	if d.Other, err = strconv.ParseInt(values.Get("other"), 10, 64); err != nil {
		d.Other = 0
	}
	if text := strings.TrimSpace(values.Get("matter")); text != "" {
		if d.Matter, err = matter.ParseRef(text); err != nil {
			return s.showIssue(w, r, v, http.StatusUnprocessableEntity, values, errs.Fields([]errs.Field{errs.F("matter", errs.CodeOf(err))}))
		}
	}
	to := issuePath(id)
	if d.Kind == usecase.IssueMerge {
		to = issuePath(d.Other)
	}
	err = s.Office.DecideIssue(r.Context(), v.who, id, d)
	if k := errs.KindOf(err); k == errs.Invalid || k == errs.Conflict {
		return s.showIssue(w, r, v, httpx.Status(k), values, err)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, to, "issue.done."+string(d.Kind), nil)
}

// issueFields are the fields of a decision, for the summary of errors.
func issueFields(t *i18n.Speaker) []ui.FieldProps {
	return []ui.FieldProps{
		{Name: "do", Label: t.T("issue.decide")},
		{Name: "name", Label: t.T("issue.field.name")},
		{Name: "other", Label: t.T("issue.field.other")},
		{Name: "matter", Label: t.T("issue.field.matter")},
		{Name: "reason", Label: t.T("issue.field.reason")},
	}
}
