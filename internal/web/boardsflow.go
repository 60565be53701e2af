package web

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"huiyin/internal/i18n"
	"huiyin/internal/stat"
	"huiyin/internal/usecase"
	"huiyin/internal/web/sankey"
	"huiyin/internal/web/ui"
)

// flowView is the page of how far matters came and where they went.
type flowView struct {
	lead    string
	making  []string
	filter  boardForm
	periods []ui.Tab
	steps   []stepRow
	times   []timeRow
	diagram sankey.Diagram
	names   map[string]string // of the nodes
	bands   map[string]linked // of the flows, by group: what they are, and their matters
	moves   []moveRow
	within  string
	summary string
}

// stepRow is one step of the way.
type stepRow struct {
	name        string
	n, rest     linked
	part, whole int
	share       string
}

type timeRow struct {
	name, most string
	middle, of linked
}

type moveRow struct {
	from, to string
	n        linked
}

// The measures of the drawing.
const (
	flowWidth  = 1040
	flowLabel  = 230
	flowHeight = 460
	flowUnits  = 16
)

// flow shows how far what came in a period has come, and how matters went from unit to unit.
func (s *Site) flow(w http.ResponseWriter, r *http.Request, v *visit) error {
	ask, err := s.boardAsk(r, v)
	if err != nil {
		return err
	}
	f, err := s.Office.Flow(r.Context(), v.who, ask)
	if err != nil {
		return err
	}
	t := v.t
	p := flowView{filter: s.boardForm(v, flowAt, ask), making: making(t, f.Steps.Figures), periods: s.flowPeriods(t, ask), lead: t.T("board.flow.lead", "unit", s.askedUnit(t, ask.Unit), "from", t.ISO(ask.Period.From), "to", t.ISO(ask.Period.To), "day", t.ISO(ask.Period.AsOf))}
	firsts := stat.Figure{Kind: stat.KindCount, Sum: f.Steps.Figure(0).Of}
	p.steps = []stepRow{{name: t.T("board.flow.firsts"), n: behind(t, firsts, f.Steps.Behind(0, usecase.PartOf)), part: firsts.Sum, whole: firsts.Sum}}
	for i, d := range f.Steps.Indicators {
		x := f.Steps.Figure(i)
		count, rest := stat.Figure{Kind: stat.KindCount, Sum: x.Sum}, stat.Figure{Kind: stat.KindCount, Sum: x.Of - x.Sum}
		p.steps = append(p.steps, stepRow{
			name: t.Either(d.Name, d.English), n: behind(t, count, f.Steps.Behind(i, usecase.PartSum)), rest: behind(t, rest, f.Steps.Behind(i, usecase.PartRest)), part: x.Sum, whole: x.Of, share: figureWords(t, x),
		})
	}
	for i, d := range f.Times.Indicators {
		x := f.Times.Figure(i)
		const ninth, tenths = 9, 10
		row := timeRow{name: t.Either(d.Name, d.English), middle: linked{t.T("board.none"), figureListPath(f.Times.Behind(i, usecase.PartSum))}, of: linked{t.Number(int64(x.Times.Count())), figureListPath(f.Times.Behind(i, usecase.PartSum))}, most: t.T("board.none")}
		if x.Known() {
			row.middle.text, row.most = t.T("board.days", "n", x.Times.At(1, 2)), t.T("board.days", "n", x.Times.At(ninth, tenths))
		}
		p.times = append(p.times, row)
	}
	s.moved(t, &p, f.Moves)
	return s.show(w, r, http.StatusOK, s.staffPage(r, v, t.T("board.flow"), homeAt, flowPage(t, p), ui.Link{Text: t.T("nav.unit_home"), Href: homeAt}, ui.Link{Text: t.T("board.flow")}))
}

// flowPeriods lead to other periods up to today.
func (s *Site) flowPeriods(t *i18n.Speaker, ask usecase.FigureAsk) []ui.Tab {
	year := s.Office.StatPeriod()
	const months = 12
	var out []ui.Tab
	for _, p := range []struct {
		name string
		stat.Period
	}{{"month", stat.Period{To: year.To, AsOf: year.To}.Months(1, true)[0]}, {"year", year}, {"twelve", stat.Whole(stat.Period{To: year.To, AsOf: year.To}.Months(months, true))}} {
		a := ask
		a.Period = p.Period
		out = append(out, ui.Tab{Text: t.T("board.period." + p.name), Href: boardPath(flowAt, a), Current: a.Period == ask.Period})
	}
	return out
}

// moved fills in the drawing of the transfers and the table behind it.
func (s *Site) moved(t *i18n.Speaker, p *flowView, a usecase.Asked) {
	english := t.Lang() == i18n.En
	p.names, p.bands = map[string]string{sankey.Rest: t.T("board.flow.rest")}, map[string]linked{}
	var flows []sankey.Flow
	rows := slices.Clone(a.Rows)
	slices.SortStableFunc(rows, func(x, y usecase.FigureRow) int { return cmp.Compare(y.Figures[0].Sum, x.Figures[0].Sum) })
	for _, r := range rows {
		from, to, _ := strings.Cut(r.Group, ">")
		flows = append(flows, sankey.Flow{From: from, To: to, N: r.Figures[0].Sum})
		for _, id := range []string{from, to} {
			p.names[id] = s.Office.GroupName(usecase.ByUnit, id, english)
		}
		p.moves = append(p.moves, moveRow{p.names[from], p.names[to], behind(t, r.Figures[0], a.In(0, r.Group, usecase.PartSum))})
	}
	p.diagram = sankey.Lay(flows, sankey.Size{Width: flowWidth, Label: flowLabel, Height: min(flowHeight, 120+60*float64(len(flows))), Most: flowUnits})
	for _, b := range p.diagram.Bands {
		l := linked{text: t.T("board.flow.band", "from", p.names[b.From], "to", p.names[b.To], "n", b.N)}
		if b.From != sankey.Rest && b.To != sankey.Rest {
			l.href = figureListPath(a.In(0, b.From+">"+b.To, usecase.PartSum))
		}
		p.bands[b.From+">"+b.To] = l
	}
	if p.diagram.Within > 0 {
		p.within = t.T("board.flow.within", "n", p.diagram.Within)
	}
	p.summary = t.T("board.flow.moves.summary", "n", a.Figure(0).Sum, "units", len(p.names)-1)
	if len(p.diagram.Bands) > 0 {
		b := p.diagram.Bands[0]
		p.summary += t.T("board.flow.moves.most", "band", p.bands[b.From+">"+b.To].text)
	}
}

// nodeName is a name, cut to the room beside its box, with how much went through; the table has it whole.
func nodeName(t *i18n.Speaker, name string, n sankey.Node) string {
	return shortName(t, name) + " " + t.Number(int64(max(n.In, n.Out)))
}

func shortName(t *i18n.Speaker, name string) string {
	most := 14
	if t.Lang() == i18n.En {
		most = 24
	}
	letters := []rune(name)
	if len(letters) <= most {
		return name
	}
	return string(letters[:most-1]) + "…"
}
