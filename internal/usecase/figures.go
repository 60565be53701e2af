package usecase

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
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
	aged  bool // counts by unit are broken down by age on the day as of which they are asked, too

	under  func(org.UnitID) bool // the units whose facts count
	few    []int64               // these, where they are few
	parts  []signed              // whose sums make those of the home that is being counted
	all    []*stat.Tally
	groups []*stat.Tally
}

// keeps reports whether a fact is of the units, the place and the category asked for.
func (f *figuring) keeps(fact stat.Fact) bool {
	return (f.out.Sealed || !fact.Sealed) && f.under(fact.Unit) && (f.ask.Place == 0 || gazetteer.Inside(fact.Place, f.ask.Place)) &&
		(f.ask.Category == "" || f.o.categoryWithin(fact.Category, f.ask.Category)) && (f.ask.By != ByMove || fact.To != 0)
}

// facets are those of the facts that can be of a place and of the category asked for.
func (f *figuring) facets(place int64) store.FacetsAsk {
	ask := store.FacetsAsk{Places: gazetteer.Codes(place)}
	if root := f.ask.Category; root != "" {
		ask.Categories = []string{root}
		for _, c := range f.o.Places.Current().Rows {
			if c.Code != root && f.o.categoryWithin(c.Code, root) {
				ask.Categories = append(ask.Categories, c.Code)
			}
		}
	}
	return ask
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
	switch {
	case f.held:
		return stat.MonthCode(stat.MonthOf(fact.Day))
	case f.aged:
		return f.ageGroup(fact.Unit, fact.Basis)
	}
	return f.o.statGroup(f.ask, f.out.Within, fact)
}

// ageGroup is the group of a unit and of an age: 7/2.
func (f *figuring) ageGroup(unit org.UnitID, day law.Day) string {
	return unitCode(unit) + "/" + strconv.Itoa(stat.AgeOf(int(f.ask.Period.AsOf-day)))
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
		key := fmt.Sprint(int(w.from), int(w.to), w.by == nil, w.by != nil && w.by.section.Lasting(), w.total, int(w.holds))
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
		ask := store.LedgerAsk{Measures: measures, From: from, To: to, Holds: f.ask.Period.AsOf, Units: f.few, Facets: f.facets(f.ask.Place)}
		return t.EachFact(ctx, home, ask, func(l store.LedgerFact) error {
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
	if w.by.section == stat.DimSince {
		first, last = stat.Always, stat.Always
	}
	if w.by.section.Lasting() {
		return f.cells(ctx, t, home, *w.by, first, last, which, func(stat.Cell) bool { return true }, w, through)
	}
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
	var of stat.ByMeasure[[]share]
	for _, i := range which {
		for _, m := range f.out.Indicators[i].Measures() {
			shares := of.Of(m)
			*shares = append(*shares, share{f.out.Indicators[i].Share(m), i})
		}
	}
	for _, part := range f.parts {
		add := &adding{figuring: f, by: by, keep: keep, of: of, sign: part.sign, holds: covered.holds}
		for _, span := range f.spans(by, part, first, last) {
			ask := store.CellsAsk{Dim: by.dim, Units: part.units, From: span[0], To: span[1], Code: by.code, Sealed: f.out.Sealed}
			if err := t.EachCell(ctx, home, ask, add.cell); err != nil {
				return err
			}
			if by.dim == stat.DimAll && by.section == "" || by.section.Lasting() || span[0] < 0 {
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
	if first <= stat.Always || by.dim.Daily() || by.section.Lasting() || !plain && !together || f.ask.By == ByMonth || f.ask.By == ByDay {
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
	every, counted := make([]int, len(f.out.Indicators)), make(map[stat.Measure]bool)
	for i, d := range f.out.Indicators {
		every[i] = i
		for _, m := range d.Measures() {
			counted[m] = true
		}
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
		for _, part := range []struct {
			facts []byte
			sign  int
		}{{row.Facts, 1}, {row.Folded, -1}} {
			facts, err := stat.Decode(part.facts)
			if err != nil {
				return err
			}
			for _, fact := range facts {
				if counted[fact.Measure] {
					fact.N *= part.sign
					f.add(fact, every)
				}
			}
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
