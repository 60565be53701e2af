package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"huiyin/internal/errs"
	"huiyin/internal/gazetteer"
	"huiyin/internal/i18n"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/query"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

// pageRows is how many matters a page of the worklist holds.
const pageRows = 20

// maxBack is how many pages back a reader may go from the page they are on.
const maxBack = 40

// ask is what a reader wants to see, as the address says it.
type ask struct {
	filter matter.Filter
	back   []string // the positions of the pages before this one, the last of which begins it
}

// askIn reads an address. What it does not know it leaves at its default, but a place or a category that there is not: without it the list would show more than was asked for.
func (s *Site) askIn(q url.Values, who org.Actor) (ask, error) {
	a := ask{filter: matter.Filter{List: firstList(who), View: matter.ViewOpen, Limit: pageRows}}
	var wrong []errs.Field
	a.filter.Place, a.filter.Category, wrong = s.narrowedTo(q)
	if l := matter.List(q.Get("list")); slices.Contains(lists(), l) {
		a.filter.List = l
	}
	if v := matter.View(q.Get("view")); slices.Contains(matter.Views(), v) {
		a.filter.View = v
	}
	for at := range strings.SplitSeq(q.Get("page"), ",") {
		if c, ok := cursorIn(at); ok && len(a.back) < maxBack {
			a.back = append(a.back, at)
			a.filter.After = c
		}
	}
	if len(wrong) > 0 {
		return a, errs.E(errs.Invalid, wrong[0].Code)
	}
	return a, nil
}

// lists are the lists in the order of their tabs.
func lists() []matter.List { return []matter.List{matter.ListMine, matter.ListUnit, matter.ListAll} }

// firstList is where a duty begins: who handles matters with their own, who stands for a unit with the unit's, who oversees with all.
func firstList(who org.Actor) matter.List {
	switch {
	case who.Has(org.RoleHandler):
		return matter.ListMine
	case who.Has(org.RoleRegistrar, org.RoleHead, org.RoleDiscipline):
		return matter.ListUnit
	}
	return matter.ListAll
}

// href is the address of the same question with something else in it.
func (a ask) href(change func(*ask)) string {
	a.back = slices.Clone(a.back)
	change(&a)
	q := url.Values{}
	set := func(name, value string) {
		if value != "" {
			q.Set(name, value)
		}
	}
	set("list", string(a.filter.List))
	set("view", string(a.filter.View))
	set("category", a.filter.Category)
	if a.filter.Place != 0 {
		set("place", strconv.FormatInt(a.filter.Place, 10))
	}
	set("page", strings.Join(a.back, ","))
	return "/desk?" + q.Encode()
}

// cursorOut and cursorIn write a position in a list into an address and read it back.
func cursorOut(c matter.Cursor) string {
	return c.Due + "." + strconv.FormatInt(c.Home, 10) + "." + strconv.FormatInt(c.N, 10)
}

func cursorIn(text string) (matter.Cursor, bool) {
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		return matter.Cursor{}, false
	}
	if _, err := law.ParseDay(parts[0]); err != nil && parts[0] != matter.NoDue {
		return matter.Cursor{}, false
	}
	home, err := strconv.ParseInt(parts[1], 10, 64)
	n, err2 := strconv.ParseInt(parts[2], 10, 64)
	if err != nil || err2 != nil || home <= 0 || n <= 0 {
		return matter.Cursor{}, false
	}
	return matter.Cursor{Due: parts[0], Home: home, N: n}, true
}

// worklistView is the first page of the staff.
type worklistView struct {
	ask        ask
	hello      string
	first      string // what is to be done first
	counts     []ui.Count
	tabs       []ui.Tab
	rows       []ui.WorkRow
	pages      ui.PaginationProps
	form       ui.Form
	places     []ui.Option
	categories []optionGroup
	empty      ui.StateProps
	register   bool
	keys       []ui.KeyHint
	export     exportView
	saved      []savedLink
}

// worklist shows what is to be done, the most urgent first. Who has no matters at all is led to what they do have; who types words, to the search of
// what the list shows.
func (s *Site) worklist(w http.ResponseWriter, r *http.Request, v *visit) error {
	if v.who.Scope().Empty() {
		to := "/desk/duty"
		if places := s.placesOf(v.who); len(places) > 0 {
			to = places[0].href
		}
		http.Redirect(w, r, to, http.StatusSeeOther)
		return nil
	}
	a, err := s.askIn(r.URL.Query(), v.who)
	if err != nil {
		return err
	}
	if words := strings.TrimSpace(r.URL.Query().Get(query.Field)); words != "" {
		http.Redirect(w, r, findFrom(a, words), http.StatusSeeOther)
		return nil
	}
	page, err := s.Office.Matters(r.Context(), v.who, a.filter)
	if err != nil {
		return err
	}
	views := countedViews()
	if !slices.Contains(views, a.filter.View) { // one that a unit's page leads to
		views = slices.Insert(views, 1, a.filter.View)
	}
	counts, err := s.Office.Counts(r.Context(), v.who, a.filter.List, usecase.MaxBeside, views...)
	if err != nil {
		return err
	}
	view := s.worklistView(v, a, page, views, counts)
	if view.saved, err = s.savedLinks(r, v); err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, s.staffPage(r, v, v.t.T("nav.desk"), "/desk", worklistPage(v.t, view)))
}

func (s *Site) worklistView(v *visit, a ask, page usecase.Page, views []matter.View, counts usecase.Counts) worklistView {
	t := v.t
	view := worklistView{
		ask: a, hello: t.T("desk.hello."+partOfDay(s.Office.Now()), "name", v.who.Name), first: firstThing(t, counts),
		form:       ui.Form{Values: url.Values{"category": {a.filter.Category}, "list": {string(a.filter.List)}, "view": {string(a.filter.View)}}},
		categories: categoryGroups(t, s.Office.Places.Current()), places: s.placesFor(t, v.who),
		register: v.who.Has(org.RoleRegistrar, org.RoleHandler, org.RoleDiscipline),
	}
	if a.filter.Place != 0 {
		view.form.Values.Set("place", strconv.FormatInt(a.filter.Place, 10))
	}
	for _, vw := range views {
		view.counts = append(view.counts, ui.Count{
			N: t.Capped(counts.Views[vw], usecase.MaxBeside), Light: viewLight(vw), Text: t.T("view." + string(vw)), Current: vw == a.filter.View,
			Href: a.href(func(x *ask) { x.filter.View, x.back = vw, nil }),
		})
	}
	for i, l := range lists() {
		view.tabs = append(view.tabs, ui.Tab{
			Text: t.T("list." + string(l)), Count: t.Capped(counts.Lists[l], usecase.MaxBeside), Current: l == a.filter.List, Key: strconv.Itoa(i + 1),
			Href: a.href(func(x *ask) { x.filter.List, x.back = l, nil }),
		})
	}
	for _, row := range page.Rows {
		view.rows = append(view.rows, s.workRow(t, row, page.Today))
	}
	if len(view.rows) > 0 {
		view.rows[0].Here = true
	}
	from := len(a.back)*pageRows + 1
	view.pages.Range = t.T("desk.range", "from", from, "to", from+len(page.Rows)-1)
	if len(a.back) > 0 {
		view.pages.Prev = a.href(func(x *ask) { x.back = x.back[:len(x.back)-1] })
	}
	if page.Next != nil && len(a.back) < maxBack {
		view.pages.Next = a.href(func(x *ask) { x.back = append(x.back, cursorOut(*page.Next)) })
	}
	view.empty, view.export = emptyList(t, a, counts), exportView{of: a.href(func(x *ask) { x.back = nil })}
	view.keys = []ui.KeyHint{
		{Keys: []string{"J", "K"}, Does: t.T("desk.key.move")},
		{Keys: []string{"Enter"}, Does: t.T("desk.key.open")},
		{Keys: []string{"/"}, Does: t.T("desk.key.find")},
		{Keys: []string{"1", "2", "3"}, Does: t.T("desk.key.range")},
		{Keys: []string{"[", "]"}, Does: t.T("desk.key.pages")},
	}
	if view.register {
		view.keys = append(view.keys, ui.KeyHint{Keys: []string{"N"}, Does: t.T("desk.key.new")})
	}
	return view
}

// countedViews are the views with a figure each, the most urgent first.
func countedViews() []matter.View {
	return []matter.View{matter.ViewLate, matter.ViewSoon, matter.ViewUnsigned, matter.ViewNew, matter.ViewWaiting, matter.ViewOpen, matter.ViewEnded}
}

func viewLight(v matter.View) ui.Light {
	switch v {
	case matter.ViewLate:
		return ui.Late
	case matter.ViewToday, matter.ViewThree, matter.ViewSoon:
		return ui.Soon
	case matter.ViewEnded:
		return ui.Done
	case matter.ViewOpen, matter.ViewNew, matter.ViewUnsigned, matter.ViewWaiting, matter.ViewAny:
	}
	return ui.NoLight
}

// firstThing says what a list's counts ask for first.
func firstThing(t *i18n.Speaker, c usecase.Counts) string {
	for _, v := range []matter.View{matter.ViewLate, matter.ViewSoon, matter.ViewUnsigned, matter.ViewNew} {
		if n := c.Views[v]; n > 0 {
			return t.T("desk.first."+string(v), "n", t.Capped(n, usecase.MaxBeside))
		}
	}
	return t.T("desk.first.none")
}

// partOfDay is the name of the part of the day an instant lies in, in Shanghai.
func partOfDay(us int64) string {
	const hour = 3_600_000_000
	const noon, evening = 12, 18
	switch h := (us - law.DayOf(us).StartUS()) / hour; {
	case h < noon:
		return "morning"
	case h < evening:
		return "afternoon"
	}
	return "evening"
}

// workRow is a matter as a row. The words of a sealed one are shown on its own page alone.
func (s *Site) workRow(t *i18n.Speaker, r usecase.RowView, today law.Day) ui.WorkRow {
	row := ui.WorkRow{
		Last: "—", Title: titleText(t, r.Row), Href: matterPath(r.Ref), Number: r.Ref.String(), Place: s.fullPlaceName(t, r.Place), Unit: unitName(t, r.Unit),
		Turn: t.T("turn." + r.Turn), Kind: t.T("desk.initial"),
	}
	row.Light, row.Left = chip(t, r.Row, today)
	stands, runs := r.Standing(today)
	switch {
	case runs:
		row.Last, row.LastOn, row.Note = lastDay(t, r.Row, stands.To, today), t.ISO(stands.To), legalBeside(t, r.Row, stands, today)
	case r.Open:
		row.Last, row.Note = t.T("desk.rest.none"), t.T("state."+string(r.State))
	}
	if r.Repeats > 0 {
		row.Kind = t.T("desk.repeat", "n", r.Repeats+1)
	}
	return row
}

// chip is how a matter stands: the light and the words of one standing, so that both count to the same day. Where no period runs it says how
// long nothing has been done, so that what the law gives no day is not forgotten.
func chip(t *i18n.Speaker, r matter.Row, today law.Day) (ui.Light, string) {
	if stands, runs := r.Standing(today); runs {
		return light(stands.Light), t.LeftShort(stands.Left)
	}
	if !r.Open {
		return ui.Done, t.T("state." + string(r.State))
	}
	n := int(today - law.DayOf(r.ChangedUS))
	if n <= 0 {
		return ui.Rest, t.T("desk.rest.today")
	}
	return ui.Rest, t.T("desk.rest.days", "n", n)
}

// legalBeside says the legal end beside the safe end that is counted to, or that the safe end is past.
func legalBeside(t *i18n.Speaker, r matter.Row, stands matter.Standing, today law.Day) string {
	switch {
	case r.Due == r.DueSafe || stands.Light == law.LightLate:
		return ""
	case stands.To == r.Due:
		return t.T("desk.safe.past")
	}
	return t.T("desk.legal", "day", lastDay(t, r, r.Due, today))
}

// titleText is a matter's title, or what stands for it where it is sealed.
func titleText(t *i18n.Speaker, r matter.Row) string {
	if r.Sealed && r.Title == "" {
		return t.T("desk.sealed")
	}
	return r.Title
}

// placesFor are the places under the unit of a duty, for narrowing a list: the towns of a county, the counties of a city.
func (s *Site) placesFor(t *i18n.Speaker, who org.Actor) []ui.Option {
	over, ok := s.Office.Chart().Unit(who.Duty.Scope)
	if !ok || gazetteer.LevelOf(over.Place) == gazetteer.NoLevel {
		return nil
	}
	places, err := s.Office.Places.Children(over.Place)
	if err != nil || len(places) == 0 {
		return nil
	}
	out := []ui.Option{{Value: "", Text: t.T("desk.any_place")}}
	for _, p := range places {
		out = append(out, ui.Option{Value: strconv.FormatInt(p.Code, 10), Text: s.placeName(t, p)})
	}
	return out
}

// emptyList says why a list is empty and what can be done.
func emptyList(t *i18n.Speaker, a ask, c usecase.Counts) ui.StateProps {
	f := a.filter
	p := ui.StateProps{Kind: ui.Empty, ID: "empty"}
	all := ui.ButtonProps{Text: t.T("desk.empty.all"), Href: a.href(func(x *ask) { x.filter.List, x.filter.View, x.back = matter.ListAll, matter.ViewOpen, nil })}
	switch {
	case f.Category != "" || f.Place != 0:
		p.Kind, p.Title, p.Text = ui.NotFound, t.T("desk.empty.words"), t.T("desk.empty.words.text")
		p.Actions = []ui.ButtonProps{{Text: t.T("desk.empty.clear"), Href: "/desk?list=" + string(f.List) + "&view=" + string(f.View)}}
	case len(a.back) > 0:
		p.Title, p.Text = t.T("desk.empty.end"), t.T("desk.empty.end.text")
		p.Actions = []ui.ButtonProps{{Text: t.T("desk.empty.first"), Href: a.href(func(x *ask) { x.back = nil })}}
	case f.View != matter.ViewOpen && c.Views[matter.ViewOpen] > 0:
		p.Title, p.Text = t.T("desk.empty."+string(f.View)), t.T("desk.empty.open", "n", t.Capped(c.Views[matter.ViewOpen], usecase.MaxBeside))
		p.Actions = []ui.ButtonProps{{Text: t.T("desk.empty.show"), Href: a.href(func(x *ask) { x.filter.View, x.back = matter.ViewOpen, nil })}}
	case f.List != matter.ListAll && c.Lists[matter.ListAll] > 0:
		p.Title, p.Text = t.T("desk.empty."+string(f.List)), t.T("desk.empty.others", "n", t.Capped(c.Lists[matter.ListAll], usecase.MaxBeside))
		p.Actions = []ui.ButtonProps{all}
	default:
		p.Title, p.Text = t.T("desk.empty.nothing"), t.T("desk.empty.nothing.text")
	}
	return p
}

// lastDay is a day of a matter's clock, with its year only where it is so long past or so far ahead that the month would mislead.
func lastDay(t *i18n.Speaker, r matter.Row, day, today law.Day) string {
	const long = 300
	year, _, _ := day.Date()
	if received, _, _ := r.Received.Date(); int(today-day) > long || year > received+1 {
		return t.ISO(day)
	}
	return t.MonthDay(day)
}
