package web

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"huiyin/internal/errs"
	"huiyin/internal/i18n"
	"huiyin/internal/law"
	"huiyin/internal/web/ui"
)

const adminCalendarAt = "/desk/admin/calendar"

// adminCalendarView is a year of the calendar in force.
type adminCalendarView struct {
	facts   []ui.Fact
	year    string
	prev    ui.Link
	next    ui.Link
	sources []string
	beyond  bool // some of the year is not published
	months  []adminMonth
	loads   []adminLoad
}

// adminMonth is one month: weeks from Monday on, and what is out of the ordinary in it.
type adminMonth struct {
	name    string
	weeks   [][]adminDate
	said    []string
	guessed bool // some of its days are not published: counted provisionally
}

// adminDate is one day, or an empty place beside the month's own days.
type adminDate struct {
	day    int
	iso    string
	mark   adminMark
	weekly bool // a Saturday or Sunday that is not worked
	today  bool
}

// adminMark is what sets a day apart.
type adminMark int

const (
	adminPlain  adminMark = iota
	adminOff              // a break
	adminMakeUp           // a Saturday or Sunday that is worked
)

// String is the mark's word in the page's markup.
func (m adminMark) String() string {
	switch m {
	case adminOff:
		return "off"
	case adminMakeUp:
		return "work"
	case adminPlain:
	}
	return ""
}

// adminLoad is one arrangement that was loaded.
type adminLoad struct{ version, days, when, who string }

// adminYears bounds how far from the published range a year can be looked at.
const adminYears = 2

// adminCalendar shows a year of the calendar in force.
func (s *Site) adminCalendar(w http.ResponseWriter, r *http.Request, v *visit) error {
	view, err := s.Office.CalendarView(r.Context(), v.who)
	if err != nil {
		return err
	}
	t := v.t
	first, _, _ := view.From.Date()
	last, _, _ := view.Until.Date()
	now, _, _ := s.Office.Today().Date()
	year, err := strconv.Atoi(r.URL.Query().Get("year"))
	if err != nil {
		year = now
	}
	first, last = min(first, now), max(last, now)+adminYears
	year = min(max(year, first), last)
	p := adminCalendarView{year: strconv.Itoa(year), facts: []ui.Fact{
		{Term: t.T("admin.calendar.published"), Text: t.T("admin.days.range", "from", view.From, "until", view.Until), Note: t.T("admin.calendar.beyond")},
		{Term: t.T("admin.calendar.version"), Text: view.Version},
	}}
	link := func(y int) ui.Link {
		if y < first || y > last {
			return ui.Link{}
		}
		return ui.Link{Text: t.T("admin.calendar.year", "year", y), Href: adminCalendarAt + "?year=" + strconv.Itoa(y)}
	}
	p.prev, p.next = link(year-1), link(year+1)
	calendar := s.Office.Calendar()
	p.sources = calendar.Sources(law.NewDay(year, time.January, 1))
	for m := time.January; m <= time.December; m++ {
		p.months = append(p.months, adminMonthOf(t, calendar, year, m, s.Office.Today()))
	}
	_, published := calendar.Working(law.NewDay(year, time.December, 31))
	_, began := calendar.Working(law.NewDay(year, time.January, 1))
	p.beyond = !published || !began
	for _, l := range view.Loaded {
		who := l.Person
		if who == "" {
			who = t.T("admin.operator")
		}
		p.loads = append(p.loads, adminLoad{version: l.Version, days: t.T("admin.days.range", "from", l.From, "until", l.Until), when: t.Instant(l.AtUS), who: who})
	}
	return s.show(w, r, http.StatusOK, s.staffPage(r, v, t.T("nav.calendar"), adminCalendarAt, adminCalendarPage(t, p)))
}

// adminMonthOf lays a month out in weeks and says each break and each make-up working day once.
func adminMonthOf(t *i18n.Speaker, c *law.Calendar, year int, month time.Month, today law.Day) adminMonth {
	first := law.NewDay(year, month, 1)
	out := adminMonth{name: t.T("admin.calendar.month", "year", year, "month", t.T("format.longmonth."+strconv.Itoa(int(month))))}
	const week = 7
	monday := (int(first.Weekday()) + week - 1) % week // how many days of the first week belong to the month before
	row := make([]adminDate, monday, week)
	for d := first; d < first.AddMonths(1); d++ {
		date := adminDateOf(c, d)
		date.today = d == today
		if _, published := c.Working(d); !published {
			out.guessed = true
		}
		row = append(row, date)
		if len(row) == week {
			out.weeks, row = append(out.weeks, row), make([]adminDate, 0, week)
		}
		if date.mark != adminOff && date.mark != adminMakeUp {
			continue
		}
		said := t.Say(c.Why(d))
		if date.mark == adminMakeUp {
			said = t.T("admin.calendar.line", "day", t.ShortDay(d), "why", said)
		}
		if n := len(out.said); n == 0 || out.said[n-1] != said {
			out.said = append(out.said, said)
		}
	}
	if len(row) > 0 {
		out.weeks = append(out.weeks, append(row, make([]adminDate, week-len(row))...))
	}
	return out
}

// adminDateOf is a day with what sets it apart.
func adminDateOf(c *law.Calendar, d law.Day) adminDate {
	_, _, day := d.Date()
	working, _ := c.Working(d)
	out := adminDate{day: day, iso: d.String()}
	weekend := d.Weekday() == time.Saturday || d.Weekday() == time.Sunday
	code, _ := c.Why(d)
	switch {
	case strings.HasPrefix(code, "law.why.holiday"), strings.HasPrefix(code, "law.why.fixed"):
		out.mark = adminOff
	case weekend && working:
		out.mark = adminMakeUp
	case weekend:
		out.weekly = true
	}
	return out
}

// adminLoaded is what a newly loaded arrangement changed.
type adminLoaded struct {
	changed []adminChangedDay
	more    int // changed days that are not listed
	moved   string
	facts   []ui.Fact
}

// adminChangedDay is a day whose answer to "is it worked" changed.
type adminChangedDay struct {
	day, iso string
	working  bool
	why      string
}

// maxChangedDays is how many changed days are listed.
const maxChangedDays = 120

// adminCalendarLoad lays a newer arrangement over the one in force.
func (s *Site) adminCalendarLoad(w http.ResponseWriter, r *http.Request, v *visit) error {
	t := v.t
	p := adminForm{
		title: t.T("admin.calendar.load"), current: adminCalendarAt, crumbs: []ui.Link{{Text: t.T("nav.calendar"), Href: adminCalendarAt}}, submit: t.T("admin.calendar.load"),
		back: adminCalendarAt, files: true, lead: []string{t.T("admin.calendar.load.lead"), t.T("admin.calendar.load.moves")},
		fields: []adminField{
			{FieldProps: ui.FieldProps{Name: "file", Label: t.T("admin.calendar.file"), Optional: true}, control: adminFile},
			{FieldProps: ui.FieldProps{Name: "document", Label: t.T("admin.calendar.document"), Hint: t.T("admin.calendar.document.hint"), Optional: true, Rows: 14}, control: adminArea},
		},
	}
	if r.Method != http.MethodPost {
		return s.adminShow(w, r, v, p, url.Values{}, nil)
	}
	values, err := adminDocument(r)
	if err != nil {
		return err
	}
	document := values.Get("document")
	if strings.TrimSpace(document) == "" {
		return s.adminShow(w, r, v, p, values, errs.Fields([]errs.Field{errs.F("document", "field.required")}))
	}
	changed, moved, err := s.Office.LoadCalendar(r.Context(), v.who, []byte(document))
	if errs.KindOf(err) == errs.Invalid {
		p.details = adminDocumentErrors(t, err)
		return s.adminShow(w, r, v, p, values, errs.Fields([]errs.Field{errs.F("document", "admin.calendar.bad", "n", max(1, len(fieldsIn(err))))}))
	}
	if err != nil {
		return err
	}
	return s.adminShowLoaded(w, r, v, p, changed, moved)
}

func (s *Site) adminShowLoaded(w http.ResponseWriter, r *http.Request, v *visit, p adminForm, changed []law.Day, moved int) error {
	t, calendar := v.t, s.Office.Calendar()
	from, until := calendar.Published()
	out := adminLoaded{moved: t.T("admin.calendar.moved", "n", moved), facts: []ui.Fact{
		{Term: t.T("admin.calendar.published"), Text: t.T("admin.days.range", "from", from, "until", until)},
		{Term: t.T("admin.calendar.version"), Text: calendar.Version()},
	}}
	for i, d := range changed {
		if i == maxChangedDays {
			out.more = len(changed) - i
			break
		}
		working, _ := calendar.Working(d)
		out.changed = append(out.changed, adminChangedDay{day: t.FullDay(d), iso: d.String(), working: working, why: t.Say(calendar.Why(d))})
	}
	title := t.T("admin.calendar.loaded")
	return s.show(w, r, http.StatusOK, s.staffPage(r, v, title, adminCalendarAt, adminLoadedPage(t, out), append(p.crumbs, ui.Link{Text: title})...))
}

// adminDocument reads what was pasted, or the file that was sent instead of it.
func adminDocument(r *http.Request) (url.Values, error) {
	if err := r.ParseMultipartForm(maxDocument); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		if tooLarge, ok := errors.AsType[*errs.Error](err); ok {
			return nil, tooLarge
		}
		return nil, errs.E(errs.Invalid, "form.unreadable").Because(err)
	}
	values := url.Values{"document": {r.PostForm.Get("document")}}
	file, _, err := r.FormFile("file")
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return values, nil
	}
	if err != nil {
		return nil, errs.E(errs.Invalid, "form.unreadable").Because(err)
	}
	defer func() { _ = file.Close() }() // only read from
	content, err := io.ReadAll(io.LimitReader(file, maxDocument))
	if err != nil {
		return nil, err
	}
	if len(content) > 0 {
		values.Set("document", string(content))
	}
	return values, nil
}

// maxDocument is how many bytes of a sent form are held in memory; what a request may have is bounded before.
const maxDocument = 1 << 20

// adminDocumentErrors says what is wrong with a document, each by its place in it.
func adminDocumentErrors(t *i18n.Speaker, err error) []string {
	var out []string
	for _, f := range fieldsIn(err) {
		out = append(out, t.T("admin.calendar.bad.at", "at", f.Path, "error", t.Field(f)))
	}
	if len(out) == 0 {
		out = append(out, t.Err(err))
	}
	return out
}
