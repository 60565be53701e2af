package web

import (
	"net/http"
	"net/url"
	"slices"

	"huiyin/internal/errs"
	"huiyin/internal/i18n"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/stat"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

// Where the pages are that tell a unit how it stands.
const (
	homeAt    = "/desk/home"
	backlogAt = "/desk/figures/backlog"
	flowAt    = "/desk/figures/flow"
)

// boardRoutes adds the pages that tell a unit how it stands.
func (s *Site) boardRoutes(mux *http.ServeMux) {
	for pattern, h := range map[string]func(http.ResponseWriter, *http.Request, *visit) error{
		"GET " + homeAt:    s.unitHome,
		"GET " + backlogAt: s.backlog,
		"GET " + flowAt:    s.flow,
		"GET " + screenAt:  s.screen,
		"GET " + liveAt:    s.screenLive,
	} {
		mux.Handle(pattern, s.desk(h))
	}
}

// firstPage is where a duty begins: who oversees with what is due everywhere, all others with their matters.
func firstPage(role org.Role) string {
	if role == org.RoleLeader || role == org.RoleSupervisor {
		return homeAt
	}
	return "/desk"
}

// linked is a text that leads somewhere.
type linked struct{ text, href string }

// behind is a number that leads to its matters.
func behind(t *i18n.Speaker, f stat.Figure, ask usecase.FigureListAsk) linked {
	return linked{figureWords(t, f), figureListPath(ask)}
}

// figureWords writes a figure: what cannot be had is said so.
func figureWords(t *i18n.Speaker, f stat.Figure) string {
	switch {
	case !f.Known():
		return t.T("board.none")
	case f.Kind == stat.KindCount || f.Kind == stat.KindStock:
		return t.Number(int64(f.Sum))
	}
	return usecase.FigureText(f)
}

// boardAsk reads what an address asks for: of this year and the unit of the duty, unless it names others.
func (s *Site) boardAsk(r *http.Request, v *visit) (usecase.FigureAsk, error) {
	q := r.URL.Query()
	ask := usecase.FigureAsk{Period: s.Office.StatPeriod(), Unit: s.Office.HomeUnit(v.who)}
	for name, to := range map[string]*law.Day{"from": &ask.Period.From, "to": &ask.Period.To, "as-of": &ask.Period.AsOf} {
		if d, err := law.ParseDay(q.Get(name)); err == nil {
			*to = d
		}
	}
	if id := unitID(q.Get("unit")); id != 0 {
		ask.Unit = id
	}
	var wrong []errs.Field
	ask.Place, ask.Category, wrong = s.narrowedTo(q)
	return ask, errs.Fields(wrong)
}

// boardPath is a page that shows what is asked for.
func boardPath(at string, ask usecase.FigureAsk) string {
	ask.Indicators, ask.By = nil, usecase.ByNothing
	return at + "?" + figureQuery(ask).Encode()
}

// boardForm narrows a page to a place and a category.
type boardForm struct {
	at         string
	form       ui.Form
	keep       []string // what else the address says
	places     []ui.Option
	categories []optionGroup
}

func (s *Site) boardForm(v *visit, at string, ask usecase.FigureAsk) boardForm {
	ask.Indicators, ask.By = nil, usecase.ByNothing
	values := figureQuery(ask)
	return boardForm{
		at: at, form: ui.Form{Values: values}, keep: slices.DeleteFunc([]string{"from", "to", "as-of", "unit"}, func(name string) bool { return !values.Has(name) }),
		places: s.placesFor(v.t, v.who), categories: categoryGroups(v.t, s.Office.Places.Current()),
	}
}

// askedUnit is the name of the unit that is asked about.
func (s *Site) askedUnit(t *i18n.Speaker, id org.UnitID) string {
	u, _ := s.Office.Chart().Unit(id)
	return unitName(t, u)
}

// homeView is the page of a unit.
type homeView struct {
	unit    string
	making  []string
	today   string
	due     []dueView
	came    []cameRow
	rates   []course
	stock   []stockTerm
	oldest  []oldRow
	old     string // all of the oldest
	waits   []waitRow
	longest []ui.WorkRow
	links   []ui.ButtonProps
}

// dueView is what a list holds.
type dueView struct {
	label  string
	counts []ui.Count
}

// cameRow compares this week with the last.
type cameRow struct {
	name        string
	now, before linked
	change      string
}

// stockTerm is one term of the balance, with its sign.
type stockTerm struct {
	sign, name string
	n          linked
}

type oldRow struct {
	title, href, day, days, unit string
}

type waitRow struct {
	state string
	n     linked
	days  string
}

// unitHome shows a unit what is due, what came, what is slow, and how it does.
func (s *Site) unitHome(w http.ResponseWriter, r *http.Request, v *visit) error {
	h, err := s.Office.Home(r.Context(), v.who)
	if err != nil {
		return err
	}
	t := v.t
	p := homeView{unit: unitName(t, h.Unit), making: making(t, h.Week.Figures), today: t.FullDay(h.Today), old: figureListPath(h.Old)}
	for _, d := range h.Due {
		p.due = append(p.due, homeDue(t, d))
	}
	for i, d := range h.Week.Indicators {
		p.came = append(p.came, cameRow{
			name: t.Either(d.Name, d.English), now: behind(t, h.Week.Figure(i), h.Week.Behind(i, usecase.PartSum)), before: behind(t, h.Before.Figure(i), h.Before.Behind(i, usecase.PartSum)),
			change: changeWords(t, h.Week.Figure(i), h.Before.Figure(i)),
		})
	}
	for i := range h.Rates.Indicators {
		p.rates = append(p.rates, rateCourse(t, h.Rates, i, h.Months))
	}
	p.stock = stockTerms(t, h)
	for _, m := range h.Oldest {
		p.oldest = append(p.oldest, oldRow{
			title: titleText(t, m.Row), href: matterPath(m.Ref), day: t.ISO(m.Received), days: t.T("board.days", "n", int(h.Today-m.Received)), unit: unitName(t, m.Unit),
		})
	}
	list := h.Due[len(h.Due)-1].List
	for _, x := range h.Waits {
		q := url.Values{"state": {string(x.State)}}
		if list != matter.ListAll {
			q.Set("list", string(list))
		}
		p.waits = append(p.waits, waitRow{
			state: t.T("state." + string(x.State)), n: linked{t.Number(x.N), findAt + "?" + q.Encode()}, days: t.T("board.days", "n", int(h.Today-law.DayOf(x.SinceUS))),
		})
	}
	for _, m := range h.Longest {
		p.longest = append(p.longest, s.workRow(t, m, h.Today))
	}
	p.links = []ui.ButtonProps{{Text: t.T("board.backlog"), Href: backlogAt}, {Text: t.T("board.flow"), Href: flowAt}, {Text: t.T("board.screen"), Href: screenAt}}
	return s.show(w, r, http.StatusOK, s.staffPage(r, v, t.T("board.home.title", "unit", p.unit), homeAt, homeBoard(t, p)))
}

func homeDue(t *i18n.Speaker, d usecase.Due) dueView {
	out := dueView{label: t.T("list." + string(d.List))}
	for _, view := range usecase.DueViews() {
		out.counts = append(out.counts, ui.Count{
			N: t.Capped(d.Views[view], usecase.MaxBeside), Light: viewLight(view), Text: t.T("view." + string(view)), Href: "/desk?" + url.Values{"list": {string(d.List)}, "view": {string(view)}}.Encode(),
		})
	}
	return out
}

// stockTerms is how the stock of this month came to be what it is; each number leads to its matters.
func stockTerms(t *i18n.Speaker, h usecase.Home) []stockTerm {
	b := h.Stock
	term := func(sign, name, indicator string, n int, p stat.Period) stockTerm {
		ask := h.StockAsk
		ask.Period, ask.Indicators = p, []string{indicator}
		return stockTerm{sign, t.T("board.stock." + name), linked{t.Number(int64(n)), figureListPath(usecase.FigureListAsk{FigureAsk: ask})}}
	}
	now := h.StockAsk.Period
	before := stat.Period{From: now.From - 1, To: now.From - 1, AsOf: now.AsOf}
	return []stockTerm{
		term("", "opening", "stock", b.Opening, before), term("+", "added", "added", b.Added, now), term("+", "reopened", "reopened", b.Reopened, now),
		term("+", "moved_in", "moved_in", b.MovedIn, now), term("−", "ended", "ended", b.Ended, now), term("−", "joined", "joined", b.Joined, now),
		term("−", "moved_out", "moved_out", b.MovedOut, now), term("=", "closing", "stock", b.Closing, now),
	}
}
