package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"huiyin/internal/errs"
	"huiyin/internal/i18n"
	"huiyin/internal/law"
	"huiyin/internal/stat"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

// figureListView is the list of the matters behind one figure.
type figureListView struct {
	name, value, unit, note string
	over                    []ui.Fact
	definition              []ui.Fact
	parts                   []ui.Tab
	rows                    []ui.WorkRow
	hidden                  string
	pages                   ui.PaginationProps
	empty                   ui.StateProps
	back                    string // to the figures
	keys                    []ui.KeyHint
}

// backName is the parameter with where the pages before this one went on.
const backName = "back"

// figureList shows exactly the matters behind one figure.
func (s *Site) figureList(w http.ResponseWriter, r *http.Request, v *visit) error {
	t, q := v.t, r.URL.Query()
	if v.who.Scope().Empty() {
		return errs.E(errs.Forbidden, "auth.duty")
	}
	if _, err := stat.Find(q.Get("indicator")); err != nil {
		return err
	}
	a, wrong := s.figuresIn(v, q)
	if wrong != nil {
		return wrong
	}
	ask := usecase.FigureListAsk{FigureAsk: a.FigureAsk, Group: q.Get("group"), Part: usecase.FigurePart(q.Get("part")), After: q.Get("after"), Limit: pageRows}
	found, err := s.Office.FigureMatters(r.Context(), v.who, ask)
	if err != nil {
		return err
	}
	p := s.figureListView(t, ask, found, q[backName])
	if p.hidden, err = s.figureHidden(r.Context(), v, ask); err != nil {
		return err
	}
	crumbs := []ui.Link{{Text: t.T("nav.figures"), Href: p.back}, {Text: p.name}}
	return s.show(w, r, http.StatusOK, s.staffPage(r, v, p.name, figuresAt, figureListPage(t, p), crumbs...))
}

func (s *Site) figureListView(t *i18n.Speaker, ask usecase.FigureListAsk, found usecase.FigureList, back []string) figureListView {
	d := found.Indicator
	p := figureListView{
		name: indicatorName(t, d), value: usecase.FigureText(found.Figure), definition: definitionFacts(t, d), over: s.figureWords(t, ask.FigureAsk),
		empty: ui.StateProps{Kind: ui.Empty, ID: "empty", Title: t.T("figures.list.none"), Text: t.T("figures.list.none.text")},
		back:  figuresAt + "?" + figureQuery(ask.FigureAsk).Encode(),
		keys:  []ui.KeyHint{{Keys: []string{"J", "K"}, Does: t.T("desk.key.move")}, {Keys: []string{"Enter"}, Does: t.T("desk.key.open")}, {Keys: []string{"[", "]"}, Does: t.T("desk.key.pages")}},
	}
	p.unit, p.note = figureUnit(t, found.Figure)
	if ask.By != usecase.ByNothing {
		p.over = append(p.over, ui.Fact{Term: t.T("figures.by." + string(ask.By)), Text: s.Office.GroupName(ask.By, ask.Group, t.Lang() == i18n.En)})
	}
	if d.Kind == stat.KindShare {
		f := found.Figure
		for _, x := range []struct {
			part usecase.FigurePart
			text string
			n    int
		}{{usecase.PartSum, "figures.list.sum", f.Sum}, {usecase.PartOf, "figures.list.of", f.Of}, {usecase.PartRest, "figures.list.rest", f.Of - f.Sum}} {
			to := ask
			to.Part, to.After = x.part, ""
			p.parts = append(p.parts, ui.Tab{Text: t.T(x.text), Count: strconv.Itoa(x.n), Href: figureListPath(to), Current: x.part == ask.Part})
		}
	}
	for _, m := range found.Rows {
		if m.Hidden {
			continue
		}
		row := s.workRow(t, m.RowView, s.Office.Today())
		row.Place += behindWords(t, d, m)
		p.rows = append(p.rows, row)
	}
	if len(p.rows) > 0 {
		p.rows[0].Here = true
	}
	from := len(back)*pageRows + 1
	p.pages.Range = t.T("desk.range", "from", from, "to", from+len(found.Rows)-1)
	page := func(after string, back []string) string {
		to := ask
		to.After = after
		at := figureListPath(to)
		if len(back) > 0 {
			at += "&" + url.Values{backName: back}.Encode()
		}
		return at
	}
	if n := len(back); n > 0 {
		p.pages.Prev = page(back[n-1], back[:n-1])
	}
	if found.Next != "" && len(back) < maxPagesBack {
		p.pages.Next = page(found.Next, append(slices.Clone(back), ask.After))
	}
	return p
}

// figureHidden says how many of all matters behind a figure the reader may not see; nothing where they may see them all.
func (s *Site) figureHidden(ctx context.Context, v *visit, ask usecase.FigureListAsk) (string, error) {
	n, whole, err := s.Office.FigureHidden(ctx, v.who, ask)
	switch {
	case err != nil || n == 0:
		return "", err
	case !whole:
		return v.t.T("figures.list.hidden.most", "n", n), nil
	}
	return v.t.T("figures.list.hidden", "n", n), nil
}

// maxPagesBack bounds how long an address of the list may become.
const maxPagesBack = 200

// behindWords say what a matter is of a figure: by which day, how much of it, how long.
func behindWords(t *i18n.Speaker, d stat.Indicator, m usecase.FigureMatter) string {
	words := ""
	if m.Day != law.NoDay {
		words = " · " + t.T("figures.list.day", "basis", t.T("stat.basis."+d.Basis), "day", t.ISO(m.Day))
	}
	if d.Kind == stat.KindTime {
		words += " · " + t.T("figures.list.days", "n", m.Days)
	}
	if m.N != 1 {
		words += " · " + t.T("figures.list.n", "n", m.N)
	}
	return words
}
