package usecase

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"huiyin/internal/gazetteer"
	"huiyin/internal/law"
	"huiyin/internal/org"
	"huiyin/internal/stat"
	"huiyin/internal/store"
)

// figuring counts figures: from sums of months where there are such sums, from the ledger where there are not, and from the facts that are in neither yet. It says the same
// as counting every fact of every matter would.
type figuring struct {
	o     *Office
	scope org.Scope
	ask   FigureAsk
	out   Figures
	today law.Day

	under  func(org.UnitID) bool // the units whose facts count
	few    []int64               // these, where they are few
	parts  []signed              // whose sums make those of the home that is being counted
	all    []*stat.Tally
	groups []*stat.Tally
}

// ways of counting one indicator: the months whose sums are taken, and the days whose facts are.
type way struct {
	from, to law.Day // the basis
	by       *sumBy  // nil where no sums fit
	days     bool    // sums of days are taken for the months that are not whole
	total    bool    // of a stock: what it has come to, less all since from, and then what there was from that day on
	holds    law.Day // what holds by this day counts, NoDay for all of it
}

// sumBy says which sums make a breakdown.
type sumBy struct {
	dim   stat.Dim
	code  string // with which the codes begin
	keep  func(code string) bool
	group func(stat.Cell) string
}

// sums says which sums make the breakdown asked for, nil where none do.
func (f *figuring) sums() *sumBy {
	ask := f.ask
	by := &sumBy{dim: stat.DimAll, keep: func(string) bool { return true }, group: func(stat.Cell) string { return "" }}
	code := func(c stat.Cell) string { return c.Code }
	switch ask.By {
	case ByNothing:
	case ByUnit:
		by.group = func(c stat.Cell) string { return unitCode(c.Unit) }
	case ByMonth:
		by.group = func(c stat.Cell) string { return stat.MonthCode(c.Month) }
	case ByDay:
		by.dim, by.group = stat.DimDay, func(c stat.Cell) string { return dayOfMonth(c.Month, c.Code).String() }
	case ByPlace:
		by.dim = stat.DimPlace
		if level := gazetteer.LevelOf(f.out.Within); level < gazetteer.Town {
			by.dim = stat.DimTown
		}
		by.group = func(c stat.Cell) string { return placeCode(placeBelow(number(c.Code), f.out.Within)) }
	case ByCategory:
		by.dim, by.group = stat.DimCategory, func(c stat.Cell) string { return f.o.categoryBelow(c.Code, ask.Category) }
	case ByChannel:
		by.dim, by.group = stat.DimChannel, code
	case ByPurpose:
		by.dim, by.group = stat.DimPurpose, code
	case ByLevel:
		by.dim, by.group = stat.DimLevel, code
	case ByMove:
		by.dim, by.group = stat.DimMove, code
	}
	free := ask.By == ByNothing || ask.By == ByUnit || ask.By == ByMonth
	switch {
	case ask.Place != 0 && (ask.Category != "" && free || ask.By == ByCategory):
		if gazetteer.LevelOf(ask.Place) > gazetteer.Town {
			return nil
		}
		town := func(code string) int64 { place, _, _ := strings.Cut(code, "/"); return number(place) }
		category := func(code string) string { _, c, _ := strings.Cut(code, "/"); return c }
		by.dim, by.code = stat.DimTownCategory, placeCode(ask.Place)
		by.keep = func(code string) bool {
			return gazetteer.Inside(town(code), ask.Place) && (ask.Category == "" || f.o.categoryWithin(category(code), ask.Category))
		}
		if ask.By == ByCategory {
			by.group = func(c stat.Cell) string { return f.o.categoryBelow(category(c.Code), ask.Category) }
		}
	case ask.Place != 0 && ask.Category != "":
		return nil
	case ask.Place != 0:
		by.code = placeCode(ask.Place)
		if !free && ask.By != ByPlace {
			return nil
		}
		if by.dim = stat.DimPlace; gazetteer.LevelOf(ask.Place) <= gazetteer.Town && (free || gazetteer.LevelOf(ask.Place) < gazetteer.Town) {
			by.dim = stat.DimTown
		}
		by.keep = func(code string) bool { return gazetteer.Inside(number(code), ask.Place) }
	case ask.Category != "":
		if !free && ask.By != ByCategory {
			return nil
		}
		by.dim, by.keep = stat.DimCategory, func(code string) bool { return f.o.categoryWithin(code, ask.Category) }
	}
	return by
}

// way says how an indicator is counted. Sums stand as of today: they serve whoever asks as of today, and for measures whose facts hold from their basis on. Of any other
// past day the sums of days are read, which tell apart from when on a fact holds.
func (f *figuring) way(i stat.Indicator, first law.Day, by *sumBy) way {
	p := f.ask.Period
	w := way{from: p.From, to: p.To}
	stock := i.Kind == stat.KindStock
	if stock {
		w.from, w.to = first, f.today
	}
	grouped := stock && (f.ask.By == ByMonth || f.ask.By == ByDay)
	through := min(p.Through(i), f.today)
	switch {
	case p.Recorded.Known() || by == nil:
	case stock && i.Dated():
		w.by, w.to, w.total = by, through, true
		if grouped {
			w.from = monthStart(min(p.From, through))
		} else if w.from = monthStart(through.Add(1)); through >= f.today {
			w.from = through.Add(1)
		}
	case grouped:
	case stock && through >= f.today:
		w.by, w.from, w.to, w.total = by, f.today.Add(1), f.today, true
	case through >= f.today:
		w.by = by
	case i.Dated():
		w.by, w.to = by, min(w.to, through)
	default:
		if days, has := by.ofDays(); has {
			w.by, w.holds = &days, through
		}
	}
	if w.by != nil {
		_, w.days = w.by.ofDays()
	}
	return w
}

// ofDays are the same sums day by day, where there are such.
func (by sumBy) ofDays() (sumBy, bool) {
	switch by.dim { //nolint:exhaustive // of others there are none
	case stat.DimAll, stat.DimDay:
		by.dim = stat.DimDay
		return by, true
	case stat.DimTown:
		town := func(code string) string { t, _, _ := strings.Cut(code, "/"); return t }
		keep, group := by.keep, by.group
		by.dim, by.keep = stat.DimTownDay, func(code string) bool { return keep(town(code)) }
		by.group = func(c stat.Cell) string {
			c.Code = town(c.Code)
			return group(c)
		}
		return by, true
	}
	return by, false
}

// dayOf is the day of the sums of a day.
func dayOf(c stat.Cell) law.Day {
	if i := strings.LastIndexByte(c.Code, '/'); i >= 0 {
		return dayOfMonth(c.Month, c.Code[i+1:])
	}
	return dayOfMonth(c.Month, c.Code)
}

func monthStart(d law.Day) law.Day {
	first, _ := stat.MonthDays(stat.MonthOf(d))
	return first
}

// keeps reports whether a fact is of the units, the place and the category asked for.
func (f *figuring) keeps(fact stat.Fact) bool {
	return (f.out.Sealed || !fact.Sealed) && f.under(fact.Unit) && (f.ask.Place == 0 || gazetteer.Inside(fact.Place, f.ask.Place)) &&
		(f.ask.Category == "" || f.o.categoryWithin(fact.Category, f.ask.Category)) && (f.ask.By != ByMove || fact.To != 0)
}

// add takes a fact into account for some of the indicators.
func (f *figuring) add(fact stat.Fact, which []int) {
	if !f.keeps(fact) {
		return
	}
	for _, i := range which {
		f.all[i].Add(fact, "")
		f.groups[i].Add(fact, f.group(f.out.Indicators[i], fact))
	}
}

// group is the group of a fact: a stock is counted by the days on which it changes.
func (f *figuring) group(i stat.Indicator, fact stat.Fact) string {
	if i.Kind == stat.KindStock {
		fact.Basis = fact.Day
	}
	return f.o.statGroup(f.ask, f.out.Within, fact)
}

// home counts what lies in one home.
func (f *figuring) home(ctx context.Context, t *store.Tx, home int64) error {
	through, err := t.FoldDay(ctx, home)
	if err != nil {
		return err
	}
	by := f.sums()
	if through > f.today || !through.Known() {
		by = nil // the clock was put back, or the sums are still to be made
	}
	if f.parts, err = f.units(ctx, t, home); err != nil {
		return err
	}
	first, err := firstDay(ctx, t, home)
	if err != nil {
		return err
	}
	var ways []way
	same := map[string][]int{}
	for i, d := range f.out.Indicators {
		w := f.way(d, first, by)
		ways = append(ways, w)
		key := fmt.Sprint(int(w.from), int(w.to), w.by == nil, w.total, int(w.holds))
		same[key] = append(same[key], i)
	}
	for _, key := range slices.Sorted(maps.Keys(same)) {
		which := same[key]
		if err := f.count(ctx, t, home, ways[which[0]], which, through); err != nil {
			return err
		}
	}
	return nil
}

// count counts indicators that are counted in one way.
func (f *figuring) count(ctx context.Context, t *store.Tx, home int64, w way, which []int, through law.Day) error {
	var measures []stat.Measure
	for _, i := range which {
		measures = append(measures, f.out.Indicators[i].Measures()...)
	}
	slices.Sort(measures)
	measures = slices.Compact(measures)
	ledger := func(from, to law.Day) error {
		if from > to {
			return nil
		}
		return t.EachFact(ctx, home, measures, from, to, f.few, func(l store.LedgerFact) error {
			if r := f.ask.Period.Recorded; !r.Known() || l.Recorded <= r {
				f.add(l.Fact, which)
			}
			return nil
		})
	}
	if w.total {
		if err := f.totals(ctx, t, home, w, which, through); err != nil {
			return err
		}
	}
	if w.by == nil || w.from > w.to {
		return ledger(w.from, w.to)
	}
	first, last := stat.MonthOf(w.from), stat.MonthOf(w.to)
	firstDay, _ := stat.MonthDays(first)
	_, lastDay := stat.MonthDays(last)
	headPart, tailPart := w.from > firstDay, w.to < lastDay && w.to < f.today
	in := func(day law.Day) bool { return day >= w.from && day <= w.to }
	if w.by.dim == stat.DimDay || w.by.dim == stat.DimTownDay {
		return f.cells(ctx, t, home, *w.by, first, last, which, func(c stat.Cell) bool { return in(dayOf(c)) }, w, through)
	}
	var edges [][2]law.Day
	if headPart {
		_, end := stat.MonthDays(first)
		edges = append(edges, [2]law.Day{w.from, min(end, w.to)})
		first++
	}
	if tailPart && last >= first {
		begin, _ := stat.MonthDays(last)
		edges = append(edges, [2]law.Day{begin, w.to})
		last--
	}
	if w.days {
		days, _ := w.by.ofDays()
		for _, e := range edges {
			if err := f.cells(ctx, t, home, days, stat.MonthOf(e[0]), stat.MonthOf(e[0]), which, func(c stat.Cell) bool {
				d := dayOf(c)
				return d >= e[0] && d <= e[1]
			}, way{from: e[0], to: e[1]}, through); err != nil {
				return err
			}
		}
	} else {
		for _, e := range edges {
			if err := ledger(e[0], e[1]); err != nil {
				return err
			}
		}
	}
	if first > last {
		return nil
	}
	from, _ := stat.MonthDays(first)
	_, to := stat.MonthDays(last)
	return f.cells(ctx, t, home, *w.by, first, last, which, func(stat.Cell) bool { return true }, way{from: from, to: to}, through)
}

// totals adds what stocks have come to before a way begins.
func (f *figuring) totals(ctx context.Context, t *store.Tx, home int64, w way, which []int, through law.Day) error {
	by := *w.by
	if by.dim == stat.DimDay {
		by.dim = stat.DimAll
	}
	if f.ask.By == ByMonth || f.ask.By == ByDay {
		by.group = func(stat.Cell) string { return "" } // before all that are shown
	}
	every := func(stat.Cell) bool { return true }
	before := way{from: 1, to: w.from - 1}
	if w.from > f.today {
		before.to = f.today
	}
	if err := f.cells(ctx, t, home, by, stat.Always, stat.Always, which, every, before, through); err != nil || w.from > f.today {
		return err
	}
	parts := f.parts
	defer func() { f.parts = parts }()
	f.parts = nil
	for _, p := range parts {
		f.parts = append(f.parts, signed{p.units, -p.sign})
	}
	return f.cells(ctx, t, home, by, stat.MonthOf(w.from), stat.MonthOf(f.today), which, every, way{from: 1}, through)
}

// cells adds the sums of some months, and what has come to hold since they were brought to a day.
func (f *figuring) cells(ctx context.Context, t *store.Tx, home int64, by sumBy, first, last int, which []int, keep func(stat.Cell) bool, covered way, through law.Day) error {
	of := make(map[stat.Measure][]int)
	for _, i := range which {
		for _, m := range f.out.Indicators[i].Measures() {
			of[m] = append(of[m], i)
		}
	}
	for _, part := range f.parts {
		add := &adding{figuring: f, by: by, keep: keep, of: of, sign: part.sign, holds: covered.holds}
		for _, span := range f.spans(by.dim, part, first, last) {
			ask := store.CellsAsk{Dim: by.dim, Units: part.units, From: span[0], To: span[1], Code: by.code, Sealed: f.out.Sealed}
			if err := t.EachCell(ctx, home, ask, add.cell); err != nil {
				return err
			}
			if by.dim == stat.DimAll || span[0] < 0 {
				continue
			}
			ask.Dim, ask.Code = stat.DimBundle, ""
			if err := t.EachCell(ctx, home, ask, add.bundle); err != nil {
				return err
			}
		}
	}
	if through >= f.today {
		return nil
	}
	return t.EachFactAhead(ctx, home, through, f.today, func(l store.LedgerFact) error {
		if l.Basis >= covered.from && l.Basis <= covered.to {
			f.add(l.Fact, which)
		}
		return nil
	})
}

// spans are the months that are read, or, in their place, the years that they make up: of all that is counted there are years for each unit, of the rest for all units together.
func (f *figuring) spans(dim stat.Dim, part signed, first, last int) [][2]int {
	months := [][2]int{{first, last}}
	together := len(part.units) == 1 && part.units[0] == 0
	if first <= stat.Always || dim == stat.DimDay || dim == stat.DimTownDay || dim != stat.DimAll && !together || f.ask.By == ByMonth || f.ask.By == ByDay {
		return months
	}
	thisYear, _, _ := f.today.Date()
	from, to := 0, 0 // the years
	for year := thisYear; ; year-- {
		begin, end, _ := stat.MonthsOf(year)
		if begin < first {
			break
		}
		if end <= last || year == thisYear && last >= stat.MonthOf(f.today) {
			if from = year; to == 0 {
				to = year
			}
		}
	}
	if to == 0 {
		return months
	}
	begin, _, low := stat.MonthsOf(from)
	_, end, high := stat.MonthsOf(to)
	spans := [][2]int{{high, low}}
	if first < begin {
		spans = append(spans, [2]int{first, begin - 1})
	}
	if end < last {
		spans = append(spans, [2]int{end + 1, last})
	}
	return spans
}

// adding adds sums that were kept.
type adding struct {
	*figuring

	by    sumBy
	keep  func(stat.Cell) bool
	of    map[stat.Measure][]int
	sign  int
	holds law.Day // what holds by this day counts, NoDay for all of it
}

func (a *adding) cell(c store.CellRow) error {
	return a.take(c.Cell, func(each func(stat.Count, int)) error { return stat.EachCount(c.Counts, each) })
}

// take adds the sums of one code.
func (a *adding) take(c stat.Cell, counts func(func(stat.Count, int)) error) error {
	if !a.keep(c) || !a.by.keep(c.Code) {
		return nil
	}
	most := math.MaxInt // days after its basis by which what counts holds
	if a.holds.Known() {
		most = int(a.holds - dayOf(c))
	}
	sums := make([]stat.Figure, len(a.out.Indicators))
	some := make([]bool, len(sums))
	err := counts(func(k stat.Count, n int) {
		if k.HoldsFrom() > most {
			return
		}
		for _, i := range a.of[k.Measure] {
			sums[i], some[i] = a.out.Indicators[i].Plus(sums[i], k, n*a.sign), true
		}
	})
	group := ""
	for i, sum := range sums {
		if some[i] {
			if group == "" {
				group = a.by.group(c)
			}
			a.all[i].AddFigure(sum, "")
			a.groups[i].AddFigure(sum, group)
		}
	}
	return err
}

// bundle adds what a bundle has of the breakdown asked for.
func (a *adding) bundle(c store.CellRow) error {
	dim := a.by.dim
	byDay := dim == stat.DimDay || dim == stat.DimTownDay
	return stat.EachSpot(c.Counts, func(s stat.Spot, counts func(func(stat.Moment, int)) error) error {
		cell := stat.Cell{Dim: dim, Unit: c.Unit, Month: c.Month, Sealed: c.Sealed}
		if !byDay {
			code, has := dim.Code(s.Facets, s.From, s.To, 0, townOf)
			if cell.Code = code; !has || !a.within(code) {
				return nil
			}
			return a.take(cell, func(each func(stat.Count, int)) error {
				return counts(func(m stat.Moment, n int) { each(m.In(dim), n) })
			})
		}
		type sum struct {
			stat.Count

			n int
		}
		var days [32][]sum
		if err := counts(func(m stat.Moment, n int) { days[m.Day] = append(days[m.Day], sum{m.Count, n}) }); err != nil {
			return err
		}
		for day, list := range days {
			code, has := dim.Code(s.Facets, s.From, s.To, day, townOf)
			if cell.Code = code; !has || len(list) == 0 || !a.within(code) {
				continue
			}
			if err := a.take(cell, func(each func(stat.Count, int)) error {
				for _, l := range list {
					each(l.Count, l.n)
				}
				return nil
			}); err != nil {
				return err
			}
		}
		return nil
	})
}

// within reports whether a code is among those asked for, as they are read.
func (a *adding) within(code string) bool { return strings.HasPrefix(code, a.by.code) }

// signed are units whose sums are added, or taken away.
type signed struct {
	units []int64
	sign  int
}

// units says whose sums make those of a home: of the units asked for, or, where that is less to read, of all, which is unit 0, less the others.
func (f *figuring) units(ctx context.Context, t *store.Tx, home int64) ([]signed, error) {
	have, err := t.StatUnits(ctx, home)
	if err != nil {
		return nil, err
	}
	var in, out []int64
	for _, u := range have {
		if f.under(u) {
			in = append(in, int64(u))
		} else {
			out = append(out, int64(u))
		}
	}
	if f.ask.By != ByUnit && len(out) < len(in) {
		return []signed{{[]int64{0}, 1}, {out, -1}}, nil
	}
	return []signed{{in, 1}}, nil
}

// waiting adds the facts that are counted in no ledger yet.
func (f *figuring) waiting(ctx context.Context, t *store.Tx) error {
	every := make([]int, len(f.out.Indicators))
	for i := range every {
		every[i] = i
	}
	unknown, err := t.FactsIn(ctx, store.FactsUnknown, 1)
	if err != nil {
		return err
	}
	f.out.Filling = len(unknown) > 0
	rows, err := t.FactsIn(ctx, store.FactsWaiting, mostWaiting)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if r := f.ask.Period.Recorded; r.Known() && row.Recorded > r {
			continue
		}
		changed, err := waitingFacts(row)
		if err != nil {
			return err
		}
		for _, fact := range changed {
			f.add(fact, every)
		}
	}
	return nil
}

// mostWaiting bounds how many matters wait to be counted: Fold is far faster than people.
const mostWaiting = 200_000

// stocks turns the changes of stocks by month or day into what there was at the end of each.
func (f *figuring) stocks(rows []FigureRow) []FigureRow {
	if f.ask.By != ByMonth && f.ask.By != ByDay || !slices.ContainsFunc(f.out.Indicators, func(i stat.Indicator) bool { return i.Kind == stat.KindStock }) {
		return rows
	}
	p := f.ask.Period
	var groups []string
	for d := p.From; d <= min(p.To, p.AsOf); d++ {
		if g := f.o.statGroup(f.ask, 0, stat.Fact{Basis: d}); len(groups) == 0 || groups[len(groups)-1] != g {
			groups = append(groups, g)
		}
	}
	for _, r := range rows {
		if _, had := slices.BinarySearch(groups, r.Group); !had && len(groups) > 0 && r.Group > groups[0] {
			groups = append(groups, r.Group)
			slices.Sort(groups)
		}
	}
	out := make([]FigureRow, len(groups))
	for g, group := range groups {
		out[g] = FigureRow{Group: group, Figures: make([]stat.Figure, len(f.out.Indicators))}
		for i, d := range f.out.Indicators {
			out[g].Figures[i] = stat.Figure{Kind: d.Kind}
			for _, r := range rows {
				if r.Group == group && d.Kind != stat.KindStock {
					out[g].Figures[i] = r.Figures[i]
				}
				if r.Group <= group && d.Kind == stat.KindStock {
					out[g].Figures[i].Sum += r.Figures[i].Sum
				}
			}
		}
	}
	return out
}

// rows are the figures by group, in order.
func (f *figuring) rows() []FigureRow {
	names := map[string]bool{}
	for i := range f.groups {
		for _, g := range f.groups[i].Groups() {
			names[g] = true
		}
	}
	var out []FigureRow
	for _, g := range slices.SortedFunc(maps.Keys(names), strings.Compare) {
		row, some := FigureRow{Group: g}, false
		for i := range f.groups {
			figure := f.groups[i].Figure(g)
			row.Figures = append(row.Figures, figure)
			some = some || figure.Sum != 0 || figure.Of != 0 || figure.Times.Count() > 0
		}
		if some {
			out = append(out, row)
		}
	}
	return f.stocks(out)
}
