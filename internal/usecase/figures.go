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
	held  bool // counts are broken down by the months from which they hold

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
	dim     stat.Dim
	code    string   // with which the codes begin
	section stat.Dim // in which sections of the cells it is kept, "" for all of them
	keep    func(stat.Cell) bool
	group   func(stat.Cell) string
}

// sums says which sums make the breakdown asked for, nil where none do.
func (f *figuring) sums() *sumBy {
	ask := f.ask
	by := &sumBy{dim: stat.DimAll}
	placed, sorted := ask.Place != 0 || ask.By == ByPlace, ask.Category != "" || ask.By == ByCategory
	var small stat.Dim
	switch ask.By { //nolint:exhaustive // the others are no matter of facets
	case ByChannel:
		small = stat.DimChannel
	case ByPurpose:
		small = stat.DimPurpose
	case ByLevel:
		small = stat.DimLevel
	}
	level := gazetteer.LevelOf(ask.Place)
	switch {
	case ask.By == ByMove:
		by.dim = stat.DimMove
		if placed || sorted {
			return nil
		}
	case ask.By == ByDay:
		if by.dim = stat.DimDay; placed {
			by.dim = stat.DimTownDay
		}
		if sorted || level > gazetteer.Town {
			return nil
		}
	case placed:
		if by.dim = stat.DimTown; level > gazetteer.Town || ask.By == ByPlace && gazetteer.LevelOf(f.out.Within) >= gazetteer.Town {
			by.dim = stat.DimPlace
		}
		if by.section = small; sorted {
			by.section = stat.DimCategory
		}
		if sorted && small != "" {
			return nil
		}
	case sorted:
		by.dim, by.section = stat.DimCategory, small
	default:
		by.section = small
	}
	if ask.Place != 0 {
		by.code = placeCode(ask.Place)
	}
	by.keep = func(c stat.Cell) bool {
		return (ask.Place == 0 || gazetteer.Inside(placeOf(c), ask.Place)) && (ask.Category == "" || f.o.categoryWithin(categoryOf(c), ask.Category))
	}
	by.group = f.groupOf()
	return by
}

// groupOf says to which group of the breakdown asked for a cell belongs.
func (f *figuring) groupOf() func(stat.Cell) string {
	switch f.ask.By {
	case ByUnit:
		return func(c stat.Cell) string { return unitCode(c.Unit) }
	case ByMonth:
		return func(c stat.Cell) string { return stat.MonthCode(c.Month) }
	case ByDay:
		return func(c stat.Cell) string { return dayOf(c).String() }
	case ByPlace:
		return func(c stat.Cell) string { return placeCode(placeBelow(placeOf(c), f.out.Within)) }
	case ByCategory:
		return func(c stat.Cell) string { return f.o.categoryBelow(categoryOf(c), f.ask.Category) }
	case ByChannel, ByPurpose, ByLevel:
		return func(c stat.Cell) string { return c.Section.Code }
	case ByMove:
		return func(c stat.Cell) string { return c.Code }
	case ByNothing:
	}
	return func(stat.Cell) string { return "" }
}

// placeOf is the place of the sums of places.
func placeOf(c stat.Cell) int64 {
	code, _, _ := strings.Cut(c.Code, "/") // of a day of a township
	return number(code)
}

// categoryOf is the category of the sums of categories, or of that part of others.
func categoryOf(c stat.Cell) string {
	if c.Dim == stat.DimCategory {
		return c.Code
	}
	return c.Section.Code
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
	case f.held:
		if days, has := by.ofDays(); has {
			w.by, w.holds = &days, through
		}
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
	switch {
	case by.section != "":
	case by.dim == stat.DimAll, by.dim == stat.DimDay:
		by.dim = stat.DimDay
		return by, true
	case by.dim == stat.DimTown, by.dim == stat.DimTownDay:
		by.dim = stat.DimTownDay
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
	if f.held {
		return stat.MonthCode(stat.MonthOf(fact.Day))
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
	if w.by.dim.Daily() {
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
	switch by.dim { //nolint:exhaustive // the others have no days
	case stat.DimDay:
		by.dim = stat.DimAll
	case stat.DimTownDay:
		by.dim = stat.DimTown
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
		for _, span := range f.spans(by, part, first, last) {
			ask := store.CellsAsk{Dim: by.dim, Units: part.units, From: span[0], To: span[1], Code: by.code, Sealed: f.out.Sealed}
			if err := t.EachCell(ctx, home, ask, add.cell); err != nil {
				return err
			}
			if by.dim == stat.DimAll && by.section == "" || span[0] < 0 {
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
func (f *figuring) spans(by sumBy, part signed, first, last int) [][2]int {
	months := [][2]int{{first, last}}
	together := len(part.units) == 1 && part.units[0] == 0
	plain := by.dim == stat.DimAll && by.section == ""
	if first <= stat.Always || by.dim.Daily() || !plain && !together || f.ask.By == ByMonth || f.ask.By == ByDay {
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
	return stat.EachSection(c.Counts, a.by.section, func(code string, kept []byte) error {
		c.Section = stat.Section{By: a.by.section, Code: code}
		return a.take(c.Cell, func(each func(stat.Count, int)) error { return stat.EachCount(kept, each) })
	})
}

// take adds the sums of one code.
func (a *adding) take(c stat.Cell, counts func(func(stat.Count, int)) error) error {
	if !a.keep(c) || !a.by.keep(c) {
		return nil
	}
	most := math.MaxInt // days after its basis by which what counts holds
	if a.holds.Known() {
		most = int(a.holds - dayOf(c))
	}
	if a.held {
		return a.takeHeld(c, counts, most)
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

// takeHeld adds the sums of one day to the months from which they hold.
func (a *adding) takeHeld(c stat.Cell, counts func(func(stat.Count, int)) error, most int) error {
	day := dayOf(c)
	return counts(func(k stat.Count, n int) {
		which := a.of[k.Measure]
		if k.HoldsFrom() > most || len(which) == 0 {
			return
		}
		month := stat.MonthCode(stat.MonthOf(day.Add(k.HoldsFrom())))
		for _, i := range which {
			sum := a.out.Indicators[i].Plus(stat.Figure{}, k, n*a.sign)
			a.all[i].AddFigure(sum, "")
			a.groups[i].AddFigure(sum, month)
		}
	})
}

// bundle adds what a bundle has of the breakdown asked for.
func (a *adding) bundle(c store.CellRow) error {
	dim := a.by.dim
	return stat.EachSpot(c.Counts, func(s stat.Spot, counts func(func(stat.Moment, int)) error) error {
		cell := stat.Cell{Dim: dim, Unit: c.Unit, Month: c.Month, Sealed: c.Sealed}
		cell.Section.By = a.by.section
		cell.Section.Code, _ = a.by.section.Code(s.Facets, s.From, s.To, 0, townOf)
		if !dim.Daily() {
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
