package web

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"huiyin/internal/errs"
	"huiyin/internal/gazetteer"
	"huiyin/internal/stat"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

// placesAt is where figures stand in the tree of places.
const placesAt = figuresAt + "/places"

const (
	// mostOpen is how many places of the tree stand open at a time, the last opened ones: each is a question of its own.
	mostOpen = 12
	// placesPage is how many places lie under one on a page.
	placesPage = 20
)

// placesView is the tree of places.
type placesView struct {
	form    figuresForm
	ok      bool     // what is asked for can be counted
	made    []string // for paper
	heads   []ui.Column
	rows    []placeRow
	making  []string
	figures string // back to the page of figures, with the same question
}

// placeRow is a place in the tree, or how to go on among the many under one.
type placeRow struct {
	id, name     string
	level        int
	at, of       int // among its siblings
	branch, open bool
	toggle       string // opens or closes it
	label        string // what that does
	said         linked // its figure, which leads to its matters
	heard        string // the same, for those who hear it
	made         string // of what it was made
	part, whole  int    // beside the largest of its siblings; no bar where whole is nought
	figures      string // leads to all figures of it
	pages        ui.PaginationProps
}

// paging reports whether the row is no place but leads on among places.
func (r *placeRow) paging() bool { return r.pages.Range != "" }

// figuresTree shows one figure in the tree of places. Which places stand open, and which page under each, stands in the address.
func (s *Site) figuresTree(w http.ResponseWriter, r *http.Request, v *visit) error {
	t, q := v.t, r.URL.Query()
	if v.who.Scope().Empty() {
		return errs.E(errs.Forbidden, "auth.duty")
	}
	a, wrong := s.figuresIn(v, q)
	a.at, a.By, a.open = placesAt, usecase.ByPlace, openPlaces(q["open"])
	p, status := placesView{form: s.figuresForm(v, a, wrong), ok: wrong == nil}, http.StatusOK
	if wrong != nil {
		status = http.StatusUnprocessableEntity
	} else if err := s.placesTree(r.Context(), v, a, &p); err != nil {
		return err
	}
	return s.show(w, r, status, s.staffPage(r, v, t.T("places.title"), figuresAt, placesPageOf(t, p), ui.Link{Text: t.T("nav.figures"), Href: figuresAt}, ui.Link{Text: t.T("places.title")}))
}

// openPlace is a place that stands open, and which page of what lies under it is shown.
type openPlace struct {
	code int64
	page int // counted from nought
}

func (o openPlace) String() string {
	if o.page == 0 {
		return strconv.FormatInt(o.code, 10)
	}
	return strconv.FormatInt(o.code, 10) + "." + strconv.Itoa(o.page)
}

// openPlaces reads which places stand open: the last ones, each once. The place 0 is the root, wherever that is.
func openPlaces(texts []string) []openPlace {
	var out []openPlace
	for _, text := range texts {
		code, page, _ := strings.Cut(text, ".")
		var o openPlace
		var err error
		if o.code, err = strconv.ParseInt(code, 10, 64); err != nil || o.code != 0 && gazetteer.LevelOf(o.code) == gazetteer.NoLevel {
			continue
		}
		if n, err := strconv.Atoi(page); err == nil {
			o.page = max(0, n)
		}
		out = append(slices.DeleteFunc(out, func(x openPlace) bool { return x.code == o.code }), o)
	}
	return out[max(0, len(out)-mostOpen):]
}

// opening is the address with a place open at a page, or closed with all that lies in it.
func (a figuresAsk) opening(o openPlace, closed bool) string {
	return a.href(func(x *figuresAsk) {
		x.open = slices.DeleteFunc(slices.Clone(x.open), func(was openPlace) bool {
			return was.code == o.code || closed && o.code != 0 && was.code != 0 && gazetteer.Inside(was.code, o.code)
		})
		if !closed {
			x.open = append(x.open, o)
			x.open = x.open[max(0, len(x.open)-mostOpen):]
		}
	}) + "#" + placeID(o.code)
}

func placeID(code int64) string { return "p" + strconv.FormatInt(code, 10) }

// placesTree counts the root and what lies under it, and what lies under each place that stands open.
func (s *Site) placesTree(ctx context.Context, v *visit, a figuresAsk, p *placesView) error {
	t := v.t
	p.made = s.figureNotes(v, a, a.Period, a.indicator)
	p.heads = []ui.Column{{Head: t.T("places.place")}, {Head: indicatorName(t, a.indicator), Num: true}, {Head: t.T("places.see"), Quiet: true}}
	figures := a
	figures.at, figures.open = figuresAt, nil
	p.figures = figures.href(func(*figuresAsk) {})
	found, err := s.count(ctx, v, a.FigureAsk)
	if err != nil {
		return err
	}
	p.making = making(t, found)
	root := placeRow{id: placeID(0), name: t.T("places.all"), level: 1, at: 1, of: 1, branch: true, open: true, figures: p.figures}
	if place, ok := s.Office.Places.Place(found.Within); ok {
		root.name = s.placeName(t, place)
	}
	root.tell(v, a, found.All[0], a.list(a.indicator.ID, func(*usecase.FigureListAsk) {}))
	p.rows = append(p.rows, root)
	return s.placesUnder(ctx, v, a, found, openPlace{}, root, p)
}

// tell gives a row its figure.
func (r *placeRow) tell(v *visit, a figuresAsk, f stat.Figure, href string) {
	r.said = linked{usecase.FigureText(f), href}
	r.heard = v.t.T("places.said", "place", r.name, "name", indicatorName(v.t, a.indicator), "value", r.said.text)
	unit, note := figureUnit(v.t, f)
	switch f.Kind {
	case stat.KindShare:
		r.made = strconv.Itoa(f.Sum) + " / " + strconv.Itoa(f.Of)
	case stat.KindTime:
		r.made = note
		if unit != "" {
			r.said.text += " " + unit
		}
	case stat.KindCount, stat.KindStock:
	}
}

// placesUnder adds the places that were counted under one, the largest figure first, and goes down into those that stand open.
func (s *Site) placesUnder(ctx context.Context, v *visit, a figuresAsk, found usecase.Figures, under openPlace, above placeRow, p *placesView) error {
	t := v.t
	rows := sortedRows(found.Rows, 0, a.rising)
	whole := 0
	for _, row := range rows {
		if f := row.Figures[0]; f.Known() {
			whole = max(whole, f.Value())
		}
	}
	if i := slices.IndexFunc(a.open, func(o openPlace) bool { return o.code == under.code }); i >= 0 {
		under.page = a.open[i].page
	}
	pages := max(1, (len(rows)+placesPage-1)/placesPage)
	under.page = min(under.page, pages-1)
	from := under.page * placesPage
	for i, row := range rows[from:min(len(rows), from+placesPage)] {
		code, err := strconv.ParseInt(row.Group, 10, 64)
		if err != nil {
			return err
		}
		x := placeRow{
			id: placeID(under.code) + "-" + row.Group, name: s.placeUnder(v, code, found.Within), level: above.level + 1, at: from + i + 1, of: len(rows),
			branch: code != found.Within && code != under.code && hasPlaces(code),
		}
		x.tell(v, a, row.Figures[0], a.list(a.indicator.ID, func(l *usecase.FigureListAsk) {
			l.Place, l.By, l.Group = found.Within, usecase.ByPlace, row.Group
			if under.code == 0 {
				l.Place = a.Place
			}
		}))
		if f := row.Figures[0]; f.Known() && whole > 0 {
			x.part, x.whole = f.Value(), whole
		}
		if gazetteer.LevelOf(code) != gazetteer.NoLevel {
			figures := a
			figures.at, figures.open = figuresAt, nil
			x.figures = figures.href(func(l *figuresAsk) { l.Place = code })
		}
		here := openPlace{code: code}
		if x.branch {
			x.id = placeID(code)
			x.open = slices.ContainsFunc(a.open, func(o openPlace) bool { return o.code == code })
			x.toggle, x.label = a.opening(here, x.open), t.T("places.open", "place", x.name)
			if x.open {
				x.label = t.T("places.close", "place", x.name)
			}
		}
		p.rows = append(p.rows, x)
		if !x.open {
			continue
		}
		ask := a.FigureAsk
		ask.Place = code
		below, err := s.count(ctx, v, ask)
		if err != nil {
			return err
		}
		if err := s.placesUnder(ctx, v, a, below, here, x, p); err != nil {
			return err
		}
	}
	if pages > 1 {
		more := placeRow{id: placeID(under.code) + "-more", level: above.level + 1}
		more.pages.Range = t.T("places.range", "place", above.name, "from", from+1, "to", min(len(rows), from+placesPage), "n", len(rows))
		if under.page > 0 {
			more.pages.Prev = a.opening(openPlace{under.code, under.page - 1}, false)
		}
		if under.page < pages-1 {
			more.pages.Next = a.opening(openPlace{under.code, under.page + 1}, false)
		}
		p.rows = append(p.rows, more)
	}
	return nil
}

// placeUnder is what a place is called under another: its own name, in full where it lies elsewhere, and of what is in the other without anything finer that it is so.
func (s *Site) placeUnder(v *visit, code, within int64) string {
	place, ok := s.Office.Places.Place(code)
	switch {
	case !ok:
		return s.Office.GroupName(usecase.ByPlace, strconv.FormatInt(code, 10), english(v.t))
	case code == within:
		return v.t.T("places.itself", "place", s.placeName(v.t, place))
	case within != 0 && !gazetteer.Inside(code, within):
		return s.fullPlaceName(v.t, code)
	}
	return s.placeName(v.t, place)
}

// hasPlaces reports whether there are places under one.
func hasPlaces(code int64) bool {
	level := gazetteer.LevelOf(code)
	return level != gazetteer.NoLevel && level < gazetteer.Village
}
