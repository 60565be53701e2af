package web

import (
	"errors"
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

// findAt is where matters are searched.
const findAt = "/desk/find"

// findFilters are the names by which an address narrows a search, besides its words.
func findFilters() []string {
	return []string{"list", "state", "overdue", "category", "place", "unit", "channel", "from", "to"}
}

// findSort is the name under which an address says what comes first, and sortBest what it says where that is the best match.
const (
	findSort = "sort"
	sortBest = "best"
)

// findAsk is a search as an address says it.
type findAsk struct {
	search matter.Search
	values url.Values // what was asked, as it stands in the fields
	back   []string   // the positions of the pages before this one, the last of which begins it; of long ways the last maxBack
	units  []org.Unit // that the name of the unit could mean, where it is not clear
}

// narrowed reports whether there is any condition besides the words.
func (a findAsk) narrowed() bool {
	return slices.ContainsFunc(findFilters(), func(name string) bool { return a.values.Get(name) != "" })
}

// href is the address of the same search with something else in it; without a value a name is left out.
func (a findAsk) href(pairs ...string) string {
	q := url.Values{}
	for _, name := range append(findFilters(), query.Field, findSort) {
		if v := a.values.Get(name); v != "" {
			q.Set(name, v)
		}
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
		if pairs[i+1] == "" {
			q.Del(pairs[i])
		}
	}
	return findAt + "?" + q.Encode()
}

// query is what stands behind the question mark of the address of the same search.
func (a findAsk) query() string { return strings.TrimPrefix(a.href(), findAt+"?") }

// words is the address of the same words without any condition.
func (a findAsk) words() string {
	return findAt + "?" + url.Values{query.Field: {a.search.Words.Text}}.Encode()
}

// findIn reads an address. A choice it does not know it leaves open; the error is about what a person wrote, by field.
func (s *Site) findIn(t *i18n.Speaker, q url.Values) (findAsk, error) {
	a := findAsk{values: url.Values{}}
	f := &a.search
	f.List, f.View, f.Limit = matter.ListAll, matter.ViewAny, pageRows
	for _, name := range append(findFilters(), query.Field, findSort) {
		a.values.Set(name, strings.TrimSpace(q.Get(name)))
	}
	keep := func(name string, known bool) bool {
		if !known {
			a.values.Del(name)
		}
		return known
	}
	if l := matter.List(a.values.Get("list")); keep("list", l != matter.ListAll && slices.Contains(lists(), l)) {
		f.List = l
	}
	switch state := a.values.Get("state"); {
	case slices.Contains(findViews(), matter.View(state)):
		f.View = matter.View(state)
	case keep("state", slices.Contains(matter.States(), matter.State(state))):
		f.State = matter.State(state)
	}
	f.Best = keep(findSort, a.values.Get(findSort) == sortBest)
	f.Late = keep("overdue", a.values.Get("overdue") == "yes")
	if c := matter.Channel(a.values.Get("channel")); keep("channel", slices.Contains(matter.Channels(), c)) {
		f.Channel = c
	}
	for at := range strings.SplitSeq(q.Get("page"), ",") {
		if ref, err := matter.ParseRef(at); err == nil {
			a.back = append(a.back, at)
			f.After = matter.Cursor{Home: ref.Home, N: ref.N}
		}
	}
	a.back = a.back[max(0, len(a.back)-maxBack):]
	err := s.findTyped(t, &a)
	return a, err
}

// findTyped reads what a person wrote: the words, the days, the name of the unit; and the place and the category, which an old or mistyped address may have wrong: to
// leave them open would find more than was asked for.
func (s *Site) findTyped(t *i18n.Speaker, a *findAsk) error {
	var wrong []errs.Field
	a.search.Place, a.search.Category, wrong = s.narrowedTo(a.values)
	var err error
	if a.search.Words, err = query.Parse(a.values.Get(query.Field)); err != nil {
		if e, ok := errors.AsType[*errs.Error](err); ok {
			wrong = append(wrong, e.Fields...)
		}
	}
	day := func(name string, to *law.Day) {
		d, err := dayIn(a.values.Get(name), false)
		if err != nil {
			wrong = append(wrong, errs.F(name, "admin.day"))
		}
		*to = d
	}
	day("from", &a.search.From)
	day("to", &a.search.To)
	if f := a.search; f.From.Known() && f.To.Known() && f.To < f.From {
		wrong = append(wrong, errs.F("to", "find.days"))
	}
	if text := a.values.Get("unit"); text != "" {
		a.units = s.findUnit(text)
		switch len(a.units) {
		case 0:
			wrong = append(wrong, errs.F("unit", "find.unit.none"))
		case 1:
			a.search.Unit = a.units[0].ID
			if name := unitName(t, a.units[0]); len(s.findUnit(name)) == 1 { // else the number stays, which is clear
				a.values.Set("unit", name)
			}
			a.units = nil
		default:
			wrong = append(wrong, errs.F("unit", "find.unit.several"))
		}
	}
	return errs.Fields(wrong)
}

// narrowedTo reads the place and the category to which an address narrows a list, and says which of them there is not.
func (s *Site) narrowedTo(q url.Values) (place int64, category string, wrong []errs.Field) {
	if text := strings.TrimSpace(q.Get("place")); text != "" {
		code, err := strconv.ParseInt(text, 10, 64)
		if err != nil || gazetteer.LevelOf(code) == gazetteer.NoLevel {
			wrong = append(wrong, errs.F("place", "figures.place.none"))
		} else {
			place = code
		}
	}
	if text := strings.TrimSpace(q.Get("category")); text != "" {
		if _, known := s.Office.Places.Current().Row(text); known {
			category = text
		} else {
			wrong = append(wrong, errs.F("category", "figures.category.none"))
		}
	}
	return place, category, wrong
}

// findUnit are the units that a name, its initials or a number mean: the one that is called just so, or those that hold the words.
func (s *Site) findUnit(text string) []org.Unit {
	found := slices.DeleteFunc(s.Office.UnitsLike(text, maxFound+1), func(u org.Unit) bool { return u.Kind == org.KindRoot })
	just := slices.DeleteFunc(slices.Clone(found), func(u org.Unit) bool {
		return !strings.EqualFold(u.Name, text) && !strings.EqualFold(u.English, text) && !strings.EqualFold(u.Initials, text) && u.ID != unitID(text)
	})
	if len(just) > 0 {
		found = just
	}
	return found[:min(len(found), maxFound)]
}

// findViews are the views that a search may be narrowed to, in the order of the choices. What is late is a box of its own, which goes with any.
func findViews() []matter.View {
	return []matter.View{matter.ViewOpen, matter.ViewEnded, matter.ViewNew, matter.ViewUnsigned, matter.ViewSoon, matter.ViewWaiting}
}

// findFrom is the search of the words that were typed above a list, within what the list shows.
func findFrom(a ask, words string) string {
	f := a.filter
	q := url.Values{query.Field: {words}, "state": {string(f.View)}}
	if f.View == matter.ViewLate {
		q.Set("state", string(matter.ViewOpen))
		q.Set("overdue", "yes")
	}
	if f.List != matter.ListAll {
		q.Set("list", string(f.List))
	}
	if f.Category != "" {
		q.Set("category", f.Category)
	}
	if f.Place != 0 {
		q.Set("place", strconv.FormatInt(f.Place, 10))
	}
	return findAt + "?" + q.Encode()
}

// findView is the page on which matters are searched.
type findView struct {
	form       ui.Form
	open       bool   // the conditions are unfolded
	narrowed   string // those in use, in words
	clear      string // leads to the same words without them
	lists      []ui.Option
	states     []optionGroup
	categories []optionGroup
	places     []ui.Option
	channels   []ui.Option
	units      []ui.Link // to choose from, where a name is not clear
	rows       []ui.WorkRow
	sorts      []ui.Link // what may come first; the one in use leads nowhere
	pages      ui.PaginationProps
	state      *ui.StateProps // instead of rows
	more       ui.ButtonProps // on from where the search stopped before the page was full
	export     exportView
	saved      []savedLink
	keep       string    // leads to where the search is kept under a name
	chips      []ui.Link // units that a word means
	keys       []ui.KeyHint
}

// find searches matters by words and conditions.
func (s *Site) find(w http.ResponseWriter, r *http.Request, v *visit) error {
	t := v.t
	if v.who.Scope().Empty() {
		return errs.E(errs.Forbidden, "auth.duty")
	}
	a, wrong := s.findIn(t, r.URL.Query())
	p := s.findForm(v, a, wrong)
	status := http.StatusOK
	switch {
	case wrong != nil:
		status = http.StatusUnprocessableEntity
	case a.search.Words.Empty() && !a.narrowed():
		p.form.Focus = query.Field
		p.state = &ui.StateProps{Kind: ui.Empty, ID: "empty", Title: t.T("find.start"), Text: t.T("find.start.text")}
	default:
		page, err := s.Office.Find(r.Context(), v.who, a.search)
		if err != nil {
			return err
		}
		s.findResults(t, &p, a, page)
		p.keep, p.chips = savedAt+"/new?"+a.query(), s.unitChips(t, a)
	}
	var err error
	if p.saved, err = s.savedLinks(r, v); err != nil {
		return err
	}
	return s.show(w, r, status, s.staffPage(r, v, t.T("nav.find"), findAt, findPage(t, p)))
}

// findForm is the page before anything is found.
func (s *Site) findForm(v *visit, a findAsk, wrong error) findView {
	t := v.t
	p := findView{
		form: ui.NewForm(t, a.values, wrong), open: wrong != nil && a.narrowed(), categories: categoryGroups(t, s.Office.Places.Current()), places: s.placesFor(t, v.who),
		lists: []ui.Option{{Text: t.T("list.all")}},
		keys: []ui.KeyHint{
			{Keys: []string{"/"}, Does: t.T("find.key.words")},
			{Keys: []string{"J", "K"}, Does: t.T("desk.key.move")},
			{Keys: []string{"Enter"}, Does: t.T("desk.key.open")},
			{Keys: []string{"[", "]"}, Does: t.T("desk.key.pages")},
		},
	}
	p.lists = append(p.lists, options(t.T, "list", matter.ListUnit, matter.ListMine)...)
	p.states = []optionGroup{
		{label: t.T("find.states.views"), options: options(t.T, "view", findViews()...)},
		{label: t.T("find.states.stages"), options: options(t.T, "state", matter.States()...)},
	}
	p.channels = append([]ui.Option{{Text: t.T("find.any_channel")}}, options(t.T, "channel", matter.Channels()...)...)
	if in := s.findConditions(t, a, p); len(in) > 0 && wrong == nil {
		p.narrowed, p.clear = t.T("find.narrowed", "list", in), a.words()
	}
	for _, u := range a.units {
		var path []string
		for _, x := range s.Office.Chart().Path(u.ID) {
			path = append(path, unitName(t, x))
		}
		p.units = append(p.units, ui.Link{Text: strings.Join(path, " › "), Href: a.href("unit", strconv.FormatInt(int64(u.ID), 10))})
	}
	return p
}

// findConditions are the conditions of a search in words, in the order of their fields.
func (s *Site) findConditions(t *i18n.Speaker, a findAsk, p findView) []string {
	var in []string
	chosen := func(name string, options ...ui.Option) {
		for _, o := range options {
			if o.Value != "" && o.Value == a.values.Get(name) {
				in = append(in, o.Text)
				return
			}
		}
	}
	grouped := func(groups []optionGroup) (out []ui.Option) {
		for _, g := range groups {
			out = append(out, g.options...)
		}
		return out
	}
	chosen("list", p.lists...)
	chosen("state", grouped(p.states)...)
	chosen("category", grouped(p.categories)...)
	if a.search.Place != 0 {
		in = append(in, s.fullPlaceName(t, a.search.Place))
	}
	if u, ok := s.Office.Chart().Unit(a.search.Unit); ok {
		in = append(in, unitName(t, u))
	}
	chosen("channel", p.channels...)
	if a.search.From.Known() {
		in = append(in, t.T("find.narrowed.from", "day", t.ISO(a.search.From)))
	}
	if a.search.To.Known() {
		in = append(in, t.T("find.narrowed.to", "day", t.ISO(a.search.To)))
	}
	if a.search.Late {
		in = append(in, t.T("view.late"))
	}
	return in
}

// findResults puts what was found on the page, and the ways on.
func (s *Site) findResults(t *i18n.Speaker, p *findView, a findAsk, page usecase.FoundPage) {
	for _, found := range page.Rows {
		row := s.workRow(t, found.RowView, page.Today)
		row.Place += " · " + t.T("find.received", "day", t.ISO(found.Received))
		row.Marked, row.Excerpts = parts(found.Marked), excerpts(t, found)
		p.rows = append(p.rows, row)
	}
	if len(p.rows) > 0 {
		p.rows[0].Here = true
	}
	p.export.of = a.href()
	if !a.search.Words.Empty() && len(p.rows) > 0 {
		p.sorts = []ui.Link{{Text: t.T("find.sort.newest"), Href: a.href(findSort, "")}, {Text: t.T("find.sort.best"), Href: a.href(findSort, sortBest)}}
		if a.search.Best {
			p.sorts[1].Href = ""
		} else {
			p.sorts[0].Href = ""
		}
	}
	p.pages.Range = t.T("find.range", "n", len(p.rows))
	if n := len(a.back); n > 0 {
		p.pages.Prev = a.href("page", strings.Join(a.back[:n-1], ","))
	}
	next := a.href("page", strings.Join(append(slices.Clone(a.back), page.Next.String()), ","))
	switch {
	case page.Short(pageRows):
		p.more = ui.ButtonProps{Text: t.T("find.more"), Href: next, Key: "]"}
	case !page.Next.IsZero():
		p.pages.Next = next
	}
	if len(p.rows) > 0 || p.more.Href != "" {
		return
	}
	p.open = a.narrowed()
	p.state = &ui.StateProps{Kind: ui.NotFound, ID: "empty", Title: t.T("find.none"), Text: t.T("find.none.text")}
	switch {
	case len(a.back) > 0:
		p.state = &ui.StateProps{
			Kind: ui.Empty, ID: "empty", Title: t.T("find.end"), Text: t.T("find.end.text"), Actions: []ui.ButtonProps{{Text: t.T("find.first"), Href: a.href()}},
		}
	case a.narrowed() && !a.search.Words.Empty():
		p.state.Actions = []ui.ButtonProps{{Text: t.T("find.anywhere"), Href: a.words()}}
	}
}

// excerpts say where the words stand, each with the place on the matter's page, or the document or file.
func excerpts(t *i18n.Speaker, found usecase.Found) []ui.Excerpt {
	at := matterPath(found.Ref)
	out := make([]ui.Excerpt, len(found.Excerpts))
	for i, e := range found.Excerpts {
		in := ui.Link{Text: t.T("find.in." + string(e.Source))}
		switch e.Source {
		case usecase.SourceSaid:
			in.Href = at + "#said"
		case usecase.SourceAnswer:
			in.Href = at + "#demands"
		case usecase.SourceStep:
			in.Href = at + "#course"
		case usecase.SourcePaper:
			in = ui.Link{Text: t.T("find.in.paper", "name", e.Name), Href: paperPath(found.Ref, e.Paper)}
		case usecase.SourceFile:
			in = ui.Link{Text: t.T("find.in.file", "name", e.Name), Href: filePath(found.Ref, e.File)}
		}
		out[i] = ui.Excerpt{In: in, Parts: parts(e.Parts)}
	}
	return out
}

// parts are the parts of a marked text as the page draws them.
func parts(list []query.Part) []ui.Part {
	out := make([]ui.Part, len(list))
	for i, p := range list {
		out[i] = ui.Part{Text: p.Text, Hit: p.Hit}
	}
	return out
}
