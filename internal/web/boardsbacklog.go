package web

import (
	"cmp"
	"net/http"
	"slices"

	"huiyin/internal/i18n"
	"huiyin/internal/stat"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

// backlogUnits is how many units are listed, those with the most first.
const backlogUnits = 40

// backlogView is the page of what is still open.
type backlogView struct {
	lead    string
	making  []string
	filter  boardForm
	bands   []bandRow
	all     linked
	units   []unitRow
	more    string // of the units that are not listed
	burn    course
	changes course
	up      ui.ButtonProps
}

// bandRow is one band of ages.
type bandRow struct {
	name  string
	n     linked
	part  int
	whole int
	share string
}

// unitRow is the backlog of a unit, by band.
type unitRow struct {
	unit, of linked // its own page of this kind; its matters
	bands    []linked
}

// backlog shows what is still open, by age, by unit, and how it comes down.
func (s *Site) backlog(w http.ResponseWriter, r *http.Request, v *visit) error {
	ask, err := s.boardAsk(r, v)
	if err != nil {
		return err
	}
	b, err := s.Office.Backlog(r.Context(), v.who, ask)
	if err != nil {
		return err
	}
	t := v.t
	all := b.All.Figure(0)
	unit := s.askedUnit(t, ask.Unit)
	p := backlogView{filter: s.boardForm(v, backlogAt, ask), making: making(t, b.All.Figures), all: behind(t, all, b.All.Behind(0, usecase.PartSum))}
	p.lead = t.T("board.backlog.lead", "day", t.FullDay(b.Ask.Period.AsOf), "unit", unit, "n", all.Sum)
	names := make([]string, len(b.Bands))
	for i, band := range b.Bands {
		f := band.Figure(0)
		names[i] = t.T("board.age.band", "least", band.Least, "most", band.Most)
		if band.Most == 0 {
			names[i] = t.T("board.age.over")
		}
		share := stat.Figure{Kind: stat.KindShare, Sum: f.Sum, Of: all.Sum}
		p.bands = append(p.bands, bandRow{name: names[i], n: behind(t, f, band.Behind(0, usecase.PartSum)), part: f.Sum, whole: all.Sum, share: figureWords(t, share)})
	}
	s.backlogUnits(v, &p, b)
	p.burn, p.changes = burnCourses(v, b)
	if above, ok := s.Office.Chart().Unit(ask.Unit); ok && above.ID != s.Office.HomeUnit(v.who) {
		up := ask
		up.Unit = s.Office.HomeUnit(v.who)
		p.up = ui.ButtonProps{Text: t.T("board.up", "unit", s.askedUnit(t, up.Unit)), Href: boardPath(backlogAt, up)}
	}
	return s.show(w, r, http.StatusOK, s.staffPage(r, v, t.T("board.backlog"), homeAt, backlogPage(t, p, names), ui.Link{Text: t.T("nav.unit_home"), Href: homeAt}, ui.Link{Text: t.T("board.backlog")}))
}

// backlogUnits lists the units with the most, each by band.
func (s *Site) backlogUnits(v *visit, p *backlogView, b usecase.Backlog) {
	t := v.t
	rows := slices.DeleteFunc(slices.Clone(b.All.Rows), func(r usecase.FigureRow) bool { return r.Figures[0].Sum == 0 })
	slices.SortStableFunc(rows, func(x, y usecase.FigureRow) int { return cmp.Compare(y.Figures[0].Sum, x.Figures[0].Sum) })
	if len(rows) > backlogUnits {
		left := 0
		for _, r := range rows[backlogUnits:] {
			left += r.Figures[0].Sum
		}
		p.more = t.T("board.backlog.units.more", "n", len(rows)-backlogUnits, "matters", left)
		rows = rows[:backlogUnits]
	}
	for _, r := range rows {
		of := b.Ask
		of.Unit = unitID(r.Group)
		of.Period.From = of.Period.To
		row := unitRow{unit: linked{s.Office.GroupName(usecase.ByUnit, r.Group, t.Lang() == "en"), boardPath(backlogAt, of)}, of: behind(t, r.Figures[0], b.All.In(0, r.Group, usecase.PartSum))}
		for _, band := range b.Bands {
			row.bands = append(row.bands, behind(t, band.Of(0, r.Group), band.In(0, r.Group, usecase.PartSum)))
		}
		p.units = append(p.units, row)
	}
}

// burnCourses are how the backlog came down, and what was added and ended.
func burnCourses(v *visit, b usecase.Backlog) (burn, changes course) {
	t := v.t
	left, stock := courseSeries{name: t.T("board.burn.left", "day", t.ISO(b.Upto))}, courseSeries{name: t.T("board.burn.stock")}
	added, ended := courseSeries{name: t.T("board.burn.added")}, courseSeries{name: t.T("board.burn.ended")}
	point := func(n int, href string) coursePoint {
		return coursePoint{known: true, value: float64(n), said: linked{t.Number(int64(n)), href}}
	}
	burn = course{title: t.T("board.burn"), definition: t.T("board.burn.definition", "day", t.ISO(b.Upto)), head: t.T("board.month.end"), wide: true}
	changes = course{title: t.T("board.burn.changes"), definition: t.T("board.burn.changes.definition"), head: t.T("board.month"), wide: true, columns: true}
	for _, m := range b.Months {
		burn.labels, burn.short = append(burn.labels, m.Name()), append(burn.short, shortMonth(t, m.Period))
		watched := coursePoint{said: linked{text: "—"}}
		if m.To >= b.Upto {
			watched = point(m.Left.Figure(0).Sum, figureListPath(m.Left.Behind(0, usecase.PartSum)))
		}
		left.points = append(left.points, watched)
		at := b.Ask
		at.Indicators, at.Period = []string{"stock"}, stat.Period{From: m.To, To: m.To, AsOf: m.AsOf}
		stock.points = append(stock.points, point(m.Stock, figureListPath(usecase.FigureListAsk{FigureAsk: at})))
		added.points = append(added.points, point(m.Added, figureListPath(b.AddedBehind(m))))
		ended.points = append(ended.points, point(m.Ended, figureListPath(b.EndedBehind(m))))
	}
	last := b.Months[len(b.Months)-1]
	changes.labels, changes.short = burn.labels, burn.short
	burn.series, changes.series = []courseSeries{left, stock}, []courseSeries{added, ended}
	burn.summary = t.T("board.burn.summary", "day", t.ISO(b.Upto), "before", b.Before, "left", last.Left.Figure(0).Sum, "stock", last.Stock)
	changes.summary = t.T("board.burn.changes.summary", "added", last.Added, "ended", last.Ended)
	return burn.ending(), changes.ending()
}

// backlogColumns are the heads of the table of units.
func backlogColumns(t *i18n.Speaker, bands []string) []ui.Column {
	out := []ui.Column{{Head: t.T("board.unit")}, {Head: t.T("board.all"), Num: true}}
	for _, b := range bands {
		out = append(out, ui.Column{Head: b, Num: true})
	}
	return out
}
