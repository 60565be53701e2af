package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"huiyin/internal/i18n"
	"huiyin/internal/open"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

const outcomesAt = "/outcomes"

// outcomesCourse is how many months the course shows.
const outcomesCourse = 12

// outcomesView is what everybody may read of a period.
type outcomesView struct {
	form    ui.Form
	periods []optionGroup
	title   string // of the period
	span    string // from when to when, and when it was counted
	notes   []string
	gone    bool // withdrawn
	tabs    []ui.Tab
	facts   []ui.Fact
	course  *ui.ChartProps
	parts   []outcomesPart
	privacy []string
	files   []ui.Link
}

// outcomesPart is one measure: what it is, for all, and by places or subjects.
type outcomesPart struct {
	id, title, define, source string
	all                       string
	heads                     []string
	rows                      []outcomesRow
	merged                    string // those that are in the last row but one
	silent                    string // why there are no rows
	noughts                   bool   // rows of nought are left out
}

// outcomesRow is a row of a measure: its cells, and a bar below one of them.
type outcomesRow struct {
	name        string
	cells       []string
	bar         int // the cell
	part, whole int // none where whole is zero
	sum         bool
}

// outcomes shows what was published of a period: the one asked for, or the last quarter.
func (s *Site) outcomes(w http.ResponseWriter, r *http.Request, v *visit) error {
	t, q := v.t, r.URL.Query()
	heads, err := s.Office.PublishedHeads(r.Context())
	if err != nil {
		return err
	}
	period := q.Get("period")
	if period == "" && len(heads) > 0 {
		period = heads[max(0, slices.IndexFunc(heads, func(h usecase.PublishedHead) bool { return strings.Contains(h.Period, "Q") }))].Period
	}
	p := outcomesView{form: ui.Form{Values: url.Values{"period": {period}, "by": {q.Get("by")}}}}
	if period != "" {
		if p, err = s.outcomesOf(r, t, p, heads, period); err != nil {
			return err
		}
	}
	return s.show(w, r, http.StatusOK, s.citizen(r, v, t.T("open.title"), outcomesAt, outcomesBody(t, p)))
}

func (s *Site) outcomesOf(r *http.Request, t *i18n.Speaker, p outcomesView, heads []usecase.PublishedHead, period string) (outcomesView, error) {
	pub, err := s.publication(r, heads, period)
	if err != nil {
		return p, err
	}
	by := usecase.ByPlace
	if p.form.Value("by") == openSubject {
		by = usecase.ByCategory
	}
	p.periods = outcomesPeriods(t, heads)
	p.title = periodName(t, pub.Period)
	p.span = t.T("open.span", "from", t.PaperDay(pub.First), "to", t.PaperDay(pub.Last), "as_of", t.PaperDay(pub.AsOf), "at", publishedDay(t, pub.PublishedHead))
	p.gone = pub.Withdrawn
	switch {
	case pub.Withdrawn:
		p.notes = append(p.notes, t.T("open.note.withdrawn", "day", publishedDay(t, pub.PublishedHead), "reason", pub.PublishedHead.Reason))
		return p, nil
	case pub.Version > 1:
		p.notes = append(p.notes, t.T("open.note.corrected", "day", publishedDay(t, pub.PublishedHead), "reason", pub.PublishedHead.Reason))
	}
	for _, b := range []struct {
		by   usecase.StatBy
		name string
	}{{usecase.ByPlace, "place"}, {usecase.ByCategory, openSubject}} {
		p.tabs = append(p.tabs, ui.Tab{Text: t.T("open.by." + b.name), Href: outcomesAt + "?" + url.Values{"period": {pub.Period}, "by": {b.name}}.Encode(), Current: by == b.by})
	}
	table := pub.Table(by)
	for _, m := range usecase.OpenMeasures() {
		part, err := outcomesOne(t, pub, table, m)
		if err != nil {
			return p, err
		}
		p.parts = append(p.parts, part)
		p.facts = append(p.facts, ui.Fact{Term: part.title, Text: part.all})
	}
	if p.course, err = s.outcomesCourse(r, t, heads); err != nil {
		return p, err
	}
	p.privacy = []string{t.T("open.privacy.least", "n", pub.Least), t.T("open.privacy.merged"), t.T("open.privacy.frozen")}
	if pub.Reason != "" {
		p.privacy = append(p.privacy, t.T("open.privacy.reason", "reason", pub.Reason))
	}
	for i, file := range usecase.OpenFiles(pub.Period, by) {
		p.files = append(p.files, ui.Link{Text: t.T("open.file." + openKinds()[i]), Href: openDataAt + "/" + file})
	}
	return p, nil
}

// publication is what is published of a period, read once for each version.
func (s *Site) publication(r *http.Request, heads []usecase.PublishedHead, period string) (usecase.Publication, error) {
	i := slices.IndexFunc(heads, func(h usecase.PublishedHead) bool { return h.Period == period })
	if i < 0 {
		return s.Office.Published(r.Context(), period) // says why there is none
	}
	key := period + "/" + strconv.FormatInt(heads[i].Version, 10)
	if seen, ok := s.opened.Load(key); ok {
		if p, ok := seen.(usecase.Publication); ok {
			return p, nil
		}
	}
	p, err := s.Office.Published(r.Context(), period)
	if err == nil && p.Version == heads[i].Version {
		s.opened.Store(key, p)
	}
	return p, err
}

// periodName is what a period is called.
func periodName(t *i18n.Speaker, period string) string {
	p, err := open.Parse(period)
	if err != nil {
		return period
	}
	y, m, _ := p.From.Date()
	const quarter = 3
	switch p.Months() {
	case 1:
		return t.T("open.period.month", "year", strconv.Itoa(y), "month", int(m))
	case quarter:
		return t.T("open.period.quarter", "year", strconv.Itoa(y), "quarter", (int(m)+quarter-1)/quarter)
	}
	return t.T("open.period.year", "year", strconv.Itoa(y))
}

// outcomesPeriods are the periods to choose from: years, quarters, months.
func outcomesPeriods(t *i18n.Speaker, heads []usecase.PublishedHead) []optionGroup {
	groups := []optionGroup{{label: t.T("open.quarters")}, {label: t.T("open.months")}, {label: t.T("open.years")}}
	for _, h := range heads {
		i := 2
		switch {
		case strings.Contains(h.Period, "Q"):
			i = 0
		case strings.Contains(h.Period, "-"):
			i = 1
		}
		groups[i].options = append(groups[i].options, ui.Option{Value: h.Period, Text: periodName(t, h.Period)})
	}
	return slices.DeleteFunc(groups, func(g optionGroup) bool { return len(g.options) == 0 })
}

// outcomesOne is one measure of a table.
func outcomesOne(t *i18n.Speaker, pub usecase.Publication, table usecase.OpenTable, m usecase.OpenMeasure) (outcomesPart, error) {
	source, english, err := m.Source()
	if err != nil {
		return outcomesPart{}, err
	}
	p := outcomesPart{
		id: m.ID, title: t.T("open.measure." + m.ID), define: t.T("open.define." + m.ID), source: t.T("open.source", "source", t.Either(source, english)),
		all: outcomesAll(t, table.All(), m.ID, pub.Least),
	}
	for _, c := range outcomesColumns(m.ID) {
		p.heads = append(p.heads, t.T("open.head."+c))
	}
	var merged []string
	most, split := 1, false
	for _, r := range table.Rows {
		if r.Kind == usecase.OpenRowOne && r.Shows(m.ID) {
			most = max(most, outcomesSize(r, m.ID))
		}
	}
	for _, r := range table.Rows {
		switch {
		case r.Kind == usecase.OpenRowOne && !r.Shows(m.ID):
			merged = append(merged, t.Either(r.Name, r.English))
			continue
		case !r.Shows(m.ID) || r.Kind == usecase.OpenRowAll:
			continue
		}
		split = true
		if r.Kind == usecase.OpenRowOne && !slices.ContainsFunc(r.Counts[m.ID], func(n int) bool { return n != 0 }) {
			p.noughts = true
			continue
		}
		p.rows = append(p.rows, outcomesRowOf(t, r, m.ID, most, len(merged)))
	}
	switch {
	case !table.All().Shows(m.ID):
		p.rows, p.noughts = nil, false
	case !split:
		p.rows, p.noughts, p.silent = nil, false, t.T("open.silent.rows")
	case len(p.rows) == 0:
		p.noughts = false
	default:
		p.rows = append(p.rows, outcomesRowOf(t, table.All(), m.ID, most, 0))
		if len(merged) > 0 {
			p.merged = t.T("open.merged", "names", t.List(merged))
		}
	}
	return p, nil
}

// outcomesColumns are the columns of a measure on the page.
func outcomesColumns(measure string) []string {
	switch measure {
	case usecase.OpenAccepted:
		return []string{"accepted_in_time", "accepted_late", "accepted_in_time_percent"}
	case usecase.OpenAnswered:
		return []string{"answered_in_time", "answered_late", "answered_in_time_percent"}
	case usecase.OpenDays:
		return []string{"answers", "median_days"}
	case usecase.OpenOutcome:
		return []string{"granted", "granted_partly", "explained", "not_granted"}
	case usecase.OpenRated:
		return []string{"satisfied", "dissatisfied", "not_rated", "satisfied_percent", "participation_percent"}
	}
	return []string{"came"}
}

// outcomesSize is what the bar of a measure without a share is drawn from.
func outcomesSize(r usecase.OpenRow, measure string) int {
	switch measure {
	case usecase.OpenCame:
		return r.Counts[measure][0]
	case usecase.OpenDays:
		if r.Median != nil {
			return *r.Median
		}
	}
	return 0
}

func outcomesRowOf(t *i18n.Speaker, r usecase.OpenRow, measure string, most, merged int) outcomesRow {
	row := outcomesRow{name: t.Either(r.Name, r.English), sum: r.Kind != usecase.OpenRowOne}
	switch r.Kind {
	case usecase.OpenRowRest:
		row.name = t.T("open.rest", "n", merged)
	case usecase.OpenRowAll:
		row.name = t.T("open.row.all")
	case usecase.OpenRowOne:
		row.part, row.whole = outcomesSize(r, measure), most
	}
	switch measure {
	case usecase.OpenAccepted, usecase.OpenAnswered, usecase.OpenRated:
		f := r.Share(measure, []int{0}, []int{0, 1})
		row.part, row.whole = f.Sum, f.Of
	case usecase.OpenOutcome:
		row.whole = 0
	}
	ids := outcomesColumns(measure)
	for _, c := range usecase.OpenColumns() {
		if slices.Contains(ids, c.ID) {
			text := c.Text(r)
			if strings.HasSuffix(c.ID, "_percent") && text != "" {
				text += "%"
			}
			row.cells = append(row.cells, cmp.Or(text, t.T("open.none")))
			if c.ID != "participation_percent" { // the bar is of who was content
				row.bar = len(row.cells) - 1
			}
		}
	}
	return row
}

// outcomesAll says in a sentence what a measure comes to in all.
func outcomesAll(t *i18n.Speaker, all usecase.OpenRow, measure string, least int) string {
	if !all.Shows(measure) {
		return t.T("open.silent", "n", least)
	}
	n := all.Counts[measure]
	sum := 0
	for _, x := range n {
		sum += x
	}
	if sum == 0 && measure != usecase.OpenCame {
		return t.T("open.all.none")
	}
	percent := func(part, whole []int) string { return usecase.FigureText(all.Share(measure, part, whole)) }
	first, both := []int{0}, []int{0, 1}
	switch measure {
	case usecase.OpenAccepted, usecase.OpenAnswered:
		return t.T("open.all."+measure, "in_time", n[0], "of", sum, "percent", percent(first, both))
	case usecase.OpenDays:
		return t.T("open.all.days", "n", sum, "days", *all.Median)
	case usecase.OpenOutcome:
		return t.T("open.all.outcome", "n", sum, "granted", n[0], "partly", n[1], "explained", n[2], "not", n[3])
	case usecase.OpenRated:
		if n[0]+n[1] == 0 {
			return t.T("open.all.unrated", "n", sum)
		}
		return t.T("open.all.rated", "rated", n[0]+n[1], "satisfied", n[0], "percent", percent(first, both), "part", percent(both, []int{0, 1, 2}))
	}
	return t.T("open.all.came", "n", sum)
}

// outcomesCourse is what came in the last months; nothing where fewer than two say it.
func (s *Site) outcomesCourse(r *http.Request, t *i18n.Speaker, heads []usecase.PublishedHead) (*ui.ChartProps, error) {
	came := ui.Series{Name: t.T("open.measure.came")}
	var labels []string
	for _, h := range heads {
		if len(labels) == outcomesCourse {
			break
		}
		if strings.Contains(h.Period, "Q") || !strings.Contains(h.Period, "-") || h.Withdrawn {
			continue
		}
		p, err := s.publication(r, heads, h.Period)
		if err != nil {
			return nil, err
		}
		all := p.Table(usecase.ByPlace).All()
		if !all.Shows(usecase.OpenCame) {
			continue
		}
		n := all.Counts[usecase.OpenCame][0]
		labels, came.Values, came.Said = append(labels, h.Period), append(came.Values, float64(n)), append(came.Said, strconv.Itoa(n))
	}
	if len(labels) < 2 {
		return nil, nil
	}
	slices.Reverse(labels)
	slices.Reverse(came.Values)
	slices.Reverse(came.Said)
	return &ui.ChartProps{
		Kind: ui.Columns, Title: t.T("open.course"), Definition: t.T("open.define.came"), Labels: labels, Head: t.T("open.months"), Series: []ui.Series{came}, Wide: true,
		Summary: t.T("open.course.said", "from", labels[0], "to", labels[len(labels)-1], "first", came.Said[0], "last", came.Said[len(came.Said)-1]),
	}, nil
}
