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
	asker *asker
	scope org.Scope
	ask   FigureAsk
	out   Figures
	today law.Day
	held  bool // counts are broken down by the months from which they hold
	aged  bool // counts by unit are broken down by age on the day as of which they are asked, too

	under  func(org.UnitID) bool // the units whose facts count
	few    []int64               // of these those that have facts in the home that is being counted, where they are few
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
	return ageCode(unit, stat.AgeOf(int(f.ask.Period.AsOf-day)))
}

func ageCode(unit org.UnitID, age int) string { return unitCode(unit) + "/" + strconv.Itoa(age) }

// home counts what lies in one home.
func (f *figuring) home(ctx context.Context, t *store.Tx, home int64) error {
	state, err := t.FoldState(ctx, home)
	if err != nil {
		return err
	}
	if state.Making.Known() && (!f.out.Making.Known() || state.Made < f.out.Making) {
		f.out.Making = state.Made
	}
	through, by := state.Day, f.sums()
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
		key := fmt.Sprint(int(w.from), int(w.to), w.by == nil, w.by != nil && w.by.lasting(), w.total, w.then, w.days != nil && w.days.dim.Holding(), int(w.holds))
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
	if by := *w.by; by.lasting() {
		if by.dim == stat.DimSince {
			first, last, by.measures = stat.Always, stat.Always, measures
		}
		return f.cells(ctx, t, home, by, first, last, which, everyCell, w, through)
	}
	firstDay, _ := stat.MonthDays(first)
	_, lastDay := stat.MonthDays(last)
	until := f.today // nothing is counted behind it
	if w.then {
		until = w.holds
	}
	headPart, tailPart := w.from > firstDay, w.to < lastDay && w.to < until
	in := func(from, to law.Day) func(stat.Cell) bool {
		return func(c stat.Cell) bool { d := dayOf(c); return d >= from && d <= to }
	}
	if w.by.dim.Daily() {
		return f.cells(ctx, t, home, *w.by, first, last, which, in(w.from, w.to), w, through)
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
	for _, e := range edges {
		var err error
		if month := stat.MonthOf(e[0]); w.days == nil {
			err = ledger(e[0], e[1])
		} else {
			err = f.cells(ctx, t, home, *w.days, month, month, which, in(e[0], e[1]), way{from: e[0], to: e[1], holds: w.holds}, through)
		}
		if err != nil {
			return err
		}
	}
	if first > last {
		return nil
	}
	from, _ := stat.MonthDays(first)
	_, to := stat.MonthDays(last)
	whole := way{from: from, to: to, by: w.by, holds: w.holds}
	if w.then {
		return f.then(ctx, t, home, whole, first, last, which, through)
	}
	return f.cells(ctx, t, home, *w.by, first, last, which, everyCell, whole, through)
}

func everyCell(stat.Cell) bool { return true }

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
	before := way{from: 1, to: w.from - 1}
	if w.from > f.today {
		before.to = f.today
	}
	if err := f.cells(ctx, t, home, by, stat.Always, stat.Always, which, everyCell, before, through); err != nil || w.from > f.today {
		return err
	}
	parts := f.parts
	defer func() { f.parts = parts }()
	f.parts = nil
	for _, p := range parts {
		f.parts = append(f.parts, signed{p.units, -p.sign})
	}
	return f.cells(ctx, t, home, by, stat.MonthOf(w.from), stat.MonthOf(f.today), which, everyCell, way{from: 1}, through)
}

// cells adds the sums of some months, and what has come to hold since they were brought to a day.
func (f *figuring) cells(ctx context.Context, t *store.Tx, home int64, by sumBy, first, last int, which []int, keep func(stat.Cell) bool, covered way, through law.Day) error {
	of := f.shares(which, func(stat.Measure) bool { return true })
	for _, part := range f.parts {
		add := &adding{figuring: f, by: by, keep: keep, of: of, sign: part.sign}
		if covered.holds.Known() {
			add.counts = func(c stat.Cell) func(stat.Count) bool {
				most := int(covered.holds - dayOf(c))
				return func(k stat.Count) bool { return k.HoldsFrom() <= most }
			}
		}
		for _, span := range f.spans(by, part, first, last) {
			if err := add.read(ctx, t, home, part, span); err != nil {
				return err
			}
			if by.dim == stat.DimAll && by.section == "" || by.lasting() || span[0] < 0 {
				continue
			}
			if err := add.bundles(ctx, t, home, part, span); err != nil {
				return err
			}
		}
	}
	return f.ahead(ctx, t, home, which, covered, through)
}

// ahead adds what has come to hold since the sums were brought to a day.
func (f *figuring) ahead(ctx context.Context, t *store.Tx, home int64, which []int, covered way, through law.Day) error {
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

// then adds what whole months count as of a past day, which none of them begins behind: what held before the month of that day, and of that month what held by the day.
func (f *figuring) then(ctx context.Context, t *store.Tx, home int64, w way, first, last int, which []int, through law.Day) error {
	month := stat.MonthOf(w.holds)
	over := month // the first month that is not over by then
	if _, end := stat.MonthDays(month); w.holds == end {
		over++
	}
	every := func(stat.Measure) bool { return true }
	later := func(m stat.Measure) bool { return !m.Dated() }
	for _, part := range f.parts {
		add := func(by sumBy, of func(stat.Measure) bool) *adding {
			return &adding{figuring: f, by: by, keep: everyCell, of: f.shares(which, of), sign: part.sign}
		}
		months := [2]int{first, last}
		after := *w.by
		after.section = stat.DimAfter
		held := add(after, later)
		held.counts = func(c stat.Cell) func(stat.Count) bool {
			return func(k stat.Count) bool { return c.Month+k.Days < over }
		}
		if err := held.read(ctx, t, home, part, months); err != nil {
			return err
		}
		if err := add(*w.by, stat.Measure.Dated).read(ctx, t, home, part, [2]int{first, min(last, over-1)}); err != nil {
			return err
		}
		if over == month {
			holds, _ := w.by.ofHolds()
			days := add(holds, every)
			days.keep = func(c stat.Cell) bool { return dayOf(c) <= w.holds }
			days.counts = func(c stat.Cell) func(stat.Count) bool {
				return func(k stat.Count) bool { m := c.HeldMonth(k); return m >= first && m <= last }
			}
			if err := days.read(ctx, t, home, part, [2]int{month, month}); err != nil {
				return err
			}
		}
		bundles := add(*w.by, every)
		bundles.moments = func(c stat.Cell) func(stat.Moment) bool {
			begin, _ := stat.MonthDays(c.Month)
			missing := w.by.dim != stat.DimAll || c.Month >= over // what holds at once: else it is in the sums of all
			return func(m stat.Moment) bool {
				return m.Day-1+m.HoldsFrom() <= int(w.holds-begin) && (missing || later(m.Measure))
			}
		}
		if err := bundles.bundles(ctx, t, home, part, months); err != nil {
			return err
		}
	}
	return f.ahead(ctx, t, home, which, w, through)
}

// shares says what measures are of which of some indicators.
func (f *figuring) shares(which []int, of func(stat.Measure) bool) (out stat.ByMeasure[[]share]) {
	for _, i := range which {
		for _, m := range f.out.Indicators[i].Measures() {
			if of(m) {
				shares := out.Of(m)
				*shares = append(*shares, share{f.out.Indicators[i].Share(m), i})
			}
		}
	}
	return out
}

// spans are the months that are read, or, in their place, the years that they make up: of all that is counted there are years for each unit, of the rest for all units together.
func (f *figuring) spans(by sumBy, part signed, first, last int) [][2]int {
	months := [][2]int{{first, last}}
	together := len(part.units) == 1 && part.units[0] == 0
	plain := by.dim == stat.DimAll && by.section == ""
	if first <= stat.Always || by.dim.Daily() || by.lasting() || !plain && !together || f.ask.By == ByMonth || f.ask.By == ByDay {
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

// fewUnits is how many units are named to the database when the ledger is read.
const fewUnits = 16

// units says whose sums make those of a home: of the units asked for, or, where that is less to read, of all, which is unit 0, less the others.
func (f *figuring) units(ctx context.Context, t *store.Tx, home int64) ([]signed, error) {
	have, err := f.asker.have(ctx, t, home)
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
	if f.few = nil; len(in) <= fewUnits {
		f.few = in
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
