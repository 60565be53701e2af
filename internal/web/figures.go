package web

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strconv"

	"huiyin/internal/errs"
	"huiyin/internal/gazetteer"
	"huiyin/internal/httpx"
	"huiyin/internal/i18n"
	"huiyin/internal/stat"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

// figuresView is the page of figures.
type figuresView struct {
	form    figuresForm
	ok      bool   // what is asked for can be counted
	made    string // over what and when, for paper
	places  string // the same in the tree of places
	scope   string
	sealed  string
	making  []string
	cards   []figureCard
	course  ui.ChartProps
	rank    figuresRank
	way     []ui.Link // up from the place, category and unit asked for
	balance []balanceTerm
	closes  string
}

// balanceTerm is one term of how the stock came to be what it is.
type balanceTerm struct{ sign, name, n, href string }

// figures shows what the reader's duty spans: key figures, a course, a breakdown, the balance of the stock. All that is asked for stands in the address.
func (s *Site) figures(w http.ResponseWriter, r *http.Request, v *visit) error {
	t := v.t
	if v.who.Scope().Empty() {
		return errs.E(errs.Forbidden, "auth.duty")
	}
	a, wrong := s.figuresIn(v, r.URL.Query())
	if !slices.Contains(figuresBys(), a.By) {
		a.By = usecase.ByPlace
	}
	p, status := figuresView{form: s.figuresForm(v, a, wrong), ok: wrong == nil}, http.StatusOK
	if wrong != nil {
		status = http.StatusUnprocessableEntity
	} else if err := s.figuresCount(r.Context(), v, a, &p); err != nil {
		return err
	}
	return s.show(w, r, status, s.staffPage(r, v, t.T("nav.figures"), figuresAt, figuresPage(t, p)))
}

func (s *Site) figuresCount(ctx context.Context, v *visit, a figuresAsk, p *figuresView) error {
	t := v.t
	root, _ := s.Office.Chart().Unit(v.who.Duty.Scope)
	if v.who.Scope().Sealed {
		root, _ = s.Office.Chart().Unit(v.who.Duty.Unit)
	}
	p.scope = t.T("figures.scope", "unit", unitName(t, root))
	p.made = s.figureNotes(v, a, a.Period)[0]
	tree := a
	tree.at = placesAt
	p.places = tree.href(func(x *figuresAsk) { x.By = usecase.ByPlace })
	var err error
	var found usecase.Figures
	if p.cards, found, err = s.figuresCards(ctx, v, a); err != nil {
		return err
	}
	p.making = making(t, found)
	p.sealed = t.T("figures.sealed.out")
	if found.Sealed {
		p.sealed = t.T("figures.sealed.in")
	}
	if p.course, err = s.figuresCourse(ctx, v, a); err != nil {
		return err
	}
	if p.rank, err = s.figuresRank(ctx, v, a); err != nil {
		return err
	}
	p.way = s.figuresWay(v, a)
	return s.figuresBalance(ctx, v, a, p)
}

// making says what an upgrade does to figures as yet.
func making(t *i18n.Speaker, f usecase.Figures) (said []string) {
	if f.Filling {
		said = append(said, t.T("figures.making.filling"))
	}
	if f.Making.Known() {
		said = append(said, t.T("figures.making.sums", "day", t.ISO(f.Making)))
	}
	return said
}

// figuresWay leads up again from where one has gone down to.
func (s *Site) figuresWay(v *visit, a figuresAsk) []ui.Link {
	t := v.t
	if a.Place == 0 && a.Unit == 0 && a.Category == "" {
		return nil
	}
	out := []ui.Link{{Text: t.T("figures.way.all"), Href: a.href(func(x *figuresAsk) { x.Place, x.Unit, x.Category = 0, 0, "" })}}
	for _, u := range s.Office.Chart().Path(a.Unit) {
		if s.reaches(v.who, u.ID) && u.ID != v.who.Duty.Scope {
			out = append(out, ui.Link{Text: unitName(t, u), Href: a.href(func(x *figuresAsk) { x.Unit = u.ID })})
		}
	}
	home, _ := s.Office.Chart().Unit(v.who.Duty.Scope)
	for _, p := range s.Office.Places.Path(a.Place) {
		if p.Code != home.Place && (home.Place == 0 || gazetteer.Inside(p.Code, home.Place) || p.Code == a.Place) {
			out = append(out, ui.Link{Text: s.placeName(t, p), Href: a.href(func(x *figuresAsk) { x.Place = p.Code })})
		}
	}
	var rows []ui.Link
	for code := a.Category; code != ""; code = s.Office.CategoryAbove(code) {
		row, _ := s.Office.Places.Current().Row(code)
		rows = append(rows, ui.Link{Text: rowName(t, row), Href: a.href(func(x *figuresAsk) { x.Category = code })})
	}
	slices.Reverse(rows)
	return append(out, rows...)
}

// figuresBalance says how the stock came to be what it is, each term with its matters.
func (s *Site) figuresBalance(ctx context.Context, v *visit, a figuresAsk, p *figuresView) error {
	t := v.t
	b, err := s.Office.Balance(ctx, v.who, a.FigureAsk)
	if err != nil {
		return err
	}
	for _, x := range []struct {
		sign, name, indicator string
		n                     int
	}{
		{"", "opening", "stock", b.Opening},
		{"+", "added", "added", b.Added},
		{"+", "reopened", "reopened", b.Reopened},
		{"+", "moved_in", "moved_in", b.MovedIn},
		{"−", "ended", "ended", b.Ended},
		{"−", "joined", "joined", b.Joined},
		{"−", "moved_out", "moved_out", b.MovedOut},
		{"=", "closing", "stock", b.Closing},
	} {
		p.balance = append(p.balance, balanceTerm{x.sign, t.T("figures.balance." + x.name), strconv.Itoa(x.n), a.list(x.indicator, func(l *usecase.FigureListAsk) {
			if x.name == "opening" {
				l.Period.From, l.Period.To = a.Period.From-1, a.Period.From-1
			}
		})})
	}
	p.closes = t.T("figures.balance.closes")
	if !b.Closes() {
		p.closes = t.T("figures.balance.open")
	}
	return nil
}

// figuresTable gives the breakdown as a file.
func (s *Site) figuresTable(w http.ResponseWriter, r *http.Request, v *visit) error {
	format := usecase.TableFormat(r.PathValue("format"))
	if !slices.Contains(usecase.TableFormats(), format) {
		return errs.E(errs.NotFound, "page.not_found")
	}
	a, wrong := s.figuresIn(v, r.URL.Query())
	if wrong != nil {
		return wrong
	}
	ask := a.FigureAsk
	list, err := stat.Indicators()
	if err != nil {
		return err
	}
	ask.Indicators = nil
	for _, d := range list {
		ask.Indicators = append(ask.Indicators, d.ID)
	}
	found, err := s.count(r.Context(), v, ask)
	if err != nil {
		return err
	}
	name := v.t.T("figures.table.name", "from", v.t.ISO(a.Period.From), "to", v.t.ISO(a.Period.To)) + "." + string(format)
	httpx.StreamDownload(w, name, format.Mime(), func(to io.Writer) error {
		return s.Office.FigureTable(v.who, ask, found, format, v.t.Lang() == i18n.En, to)
	})
	return nil
}
