package usecase

import (
	"cmp"
	"context"
	"math"
	"slices"

	"huiyin/internal/gazetteer"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/stat"
	"huiyin/internal/store"
)

// track is how far a list has come in the ledger of one home. It goes back month by month; which days of a month have anything, the sums say, and they alone are read.
type track struct {
	home  int64
	own   []int64  // the units asked for that have facts
	units []int64  // whose facts are read, nil for all
	parts []signed // whose sums

	month, first int         // the month that is to be looked at next, and the last one
	months       map[int]int // how many the sums count in a month, nil where they do not say
	blind        bool        // there are no sums: every day may have something
	ahead        []aheadOf   // what came to hold since the sums were brought to a day

	stands bool                // what is to be read is what stands
	days   []daily             // that are to be read next, the latest first
	of     map[law.Day][]int64 // whose facts are read of a day, nil for all of units
	rows   int                 // of the ledger at once
	past   place               // what was read; of its day only matters behind it
	upTo   place               // as far as everything was found
}

// daily is how many of a measure are counted by a day.
type daily struct {
	measure stat.Measure
	day     law.Day
	n       int
}

// aheadOf is one of a unit.
type aheadOf struct {
	daily

	unit int64
}

const (
	// rowsFor is how many rows of the ledger are read for each entry that is wanted, and longerLook how many times more each further time, up to mostRows.
	rowsFor    = 4
	longerLook = 4
	mostRows   = 40_000
)

// endOf is the last place of a day.
func endOf(day law.Day) place {
	return place{day: day, days: math.MinInt}
}

// track begins with a home.
func (l *listing) track(ctx context.Context, t *store.Tx, home int64) (*track, error) {
	tr := &track{home: home, month: stat.MonthOf(l.to), rows: min(rowsFor*l.want, mostRows), upTo: endOf(l.to + 1)}
	if l.after.day.Known() {
		tr.month, tr.past = min(tr.month, stat.MonthOf(l.after.day)), place{day: l.after.day, ref: matter.Ref{Home: home}}
		switch {
		case home < l.after.ref.Home:
			tr.past.ref.N = math.MaxInt64 // nothing of that day was shown yet
		case home == l.after.ref.Home:
			tr.past.ref.N = l.after.ref.N + 1 // it may have more
		}
	}
	have, err := l.asker.have(ctx, t, home)
	if err != nil {
		return nil, err
	}
	for _, u := range have {
		if l.under(u) {
			tr.own = append(tr.own, int64(u))
		}
	}
	if len(tr.own) < len(have) {
		tr.units = tr.own
	}
	if tr.parts, err = l.units(ctx, t, home); err != nil {
		return nil, err
	}
	through, err := t.FoldDay(ctx, home)
	if err != nil {
		return nil, err
	}
	if tr.blind = !through.Known() || through > l.today || l.ask.Period.Recorded.Known(); tr.blind {
		first, err := t.FirstDay(ctx, home, l.measures)
		if !first.Known() {
			first = l.to
		}
		tr.first = stat.MonthOf(max(l.from, first))
		return tr, err
	}
	first, err := firstDay(ctx, t, home)
	if err != nil {
		return nil, err
	}
	tr.first = stat.MonthOf(max(l.from, first))
	if through < l.today {
		if err := t.EachFactAhead(ctx, home, through, l.today, func(f store.LedgerFact) error {
			if l.measured.Has(f.Measure) != nil {
				tr.ahead = append(tr.ahead, aheadOf{daily{f.Measure, f.Basis, 1}, int64(f.Unit)})
			}
			return nil
		}); err != nil {
			return nil, err
		}
	}
	return tr, l.begin(ctx, t, tr)
}

// begin reads what the sums say of all months at once: as of today.
func (l *listing) begin(ctx context.Context, t *store.Tx, tr *track) error {
	p := l.ask.Period
	if p.Through(l.indicator) < l.today || l.indicator.Ever() && p.To < l.today {
		return nil
	}
	if !slices.ContainsFunc(l.measures, func(m stat.Measure) bool { return !m.Stands() }) {
		return l.standing(ctx, t, tr)
	}
	if l.places != 0 {
		return nil
	}
	tr.months = map[int]int{}
	for _, d := range tr.ahead {
		tr.months[stat.MonthOf(d.day)]++
	}
	return l.counted(ctx, t, tr, store.CellsAsk{Dim: stat.DimAll, From: tr.first, To: tr.month}, "", func(c stat.Cell) func(stat.Count, int) {
		return func(_ stat.Count, n int) { tr.months[c.Month] += n }
	})
}

// counted goes through what the cells asked for count of what is listed, of all parts of a home, in one of the ways in which it is told apart: each gives what takes the sums of a cell.
func (l *listing) counted(ctx context.Context, t *store.Tx, tr *track, ask store.CellsAsk, by stat.Dim, each func(stat.Cell) func(stat.Count, int)) error {
	for _, part := range tr.parts {
		ask.Units, ask.Sealed = part.units, l.out.Sealed
		if err := t.EachCell(ctx, tr.home, ask, func(c store.CellRow) error {
			c.Section.By = by
			take := each(c.Cell)
			return stat.EachSection(c.Counts, by, func(_ string, kept []byte) error {
				return stat.EachCountOf(kept, l.measured, func(_ *struct{}, k stat.Count, n int) { take(k, part.sign*n) })
			})
		}); err != nil {
			return err
		}
	}
	return nil
}

// standing reads all days by which anything stands, of measures that are mostly taken back again.
func (l *listing) standing(ctx context.Context, t *store.Tx, tr *track) error {
	sums := daySums{}
	if err := l.since(ctx, t, tr, func(_ stat.Cell, k stat.Count, n int) { sums.add(k.Measure, k.Since(), 0, n) }); err != nil {
		return err
	}
	l.due(tr, sums, 0)
	tr.stands, tr.month = true, tr.first-1
	return nil
}

// since gives what stands, by day.
func (l *listing) since(ctx context.Context, t *store.Tx, tr *track, each func(stat.Cell, stat.Count, int)) error {
	ask := store.CellsAsk{Dim: stat.DimSince, From: stat.Always, To: stat.Always, Measures: l.measures}
	return l.counted(ctx, t, tr, ask, "", func(c stat.Cell) func(stat.Count, int) {
		return func(k stat.Count, n int) { each(c, k, n) }
	})
}

// Of what stands on up to fewSpans spans of days all units are read, rather than looked for which have anything on them, unless it came more than newDays ago: most of
// what came then has ended.
const (
	fewSpans = 4
	newDays  = 30
)

// apart finds of which units it is what stands on the days that are to be read: of each day of as many as have so many of it.
func (l *listing) apart(ctx context.Context, t *store.Tx, tr *track, most int) error {
	had := make(map[law.Day]int, len(tr.days))
	tr.parts, tr.of = []signed{{tr.own, 1}}, make(map[law.Day][]int64, len(tr.days))
	for _, d := range tr.days {
		tr.of[d.day] = nil
	}
	for _, d := range tr.ahead {
		tr.of[d.day] = append(tr.of[d.day], d.unit)
	}
	first, last := tr.days[len(tr.days)-1].day, tr.days[0].day
	return l.since(ctx, t, tr, func(c stat.Cell, k stat.Count, n int) {
		day := k.Since()
		if day < first || day > last {
			return
		}
		if of, asked := tr.of[day]; asked && had[day] < most {
			tr.of[day], had[day] = append(of, int64(c.Unit)), had[day]+n
		}
	})
}

// daySums count measures by days, as of one day or as of two.
type daySums map[daily]*[2]int

func (s daySums) add(m stat.Measure, day law.Day, as, n int) {
	key := daily{measure: m, day: day}
	if s[key] == nil {
		s[key] = &[2]int{}
	}
	s[key][as] += n
}

// due adds days to those that are to be read: where something is counted, be it as of one day alone. A matter is never counted less than not at all, so that where nothing is
// in the sum there is none. Of what came to hold since, that of one month is added, or with 0 all.
func (l *listing) due(tr *track, sums daySums, month int) {
	for _, d := range tr.ahead {
		if month == 0 || stat.MonthOf(d.day) == month {
			sums.add(d.measure, d.day, 0, math.MaxInt32) // whatever it is that it changes
		}
	}
	var more []daily
	for d, n := range sums {
		if d.n = max(n[0], n[1]); *n != [2]int{} && d.day >= l.from && d.day <= l.to && (!tr.past.day.Known() || d.day <= tr.past.day) {
			more = append(more, d)
		}
	}
	slices.SortFunc(more, func(a, b daily) int { return cmp.Or(cmp.Compare(b.day, a.day), cmp.Compare(a.measure, b.measure)) })
	tr.days = append(tr.days, more...)
}

// look adds the days of the next month to those that are to be read.
func (l *listing) look(ctx context.Context, t *store.Tx, tr *track) error {
	month := tr.month
	tr.month--
	if tr.months != nil && tr.months[month] == 0 {
		return nil
	}
	sums := daySums{}
	if tr.blind {
		first, last := stat.MonthDays(month)
		for day := first; day <= last; day++ {
			for _, m := range l.measures {
				sums.add(m, day, 0, 1)
			}
		}
	} else if err := l.sumDays(ctx, t, tr, month, sums); err != nil {
		return err
	}
	l.due(tr, sums, month)
	return nil
}

// sumDays adds up what the sums of a month count by days: as of the day asked for, and of a share that divides by a stock besides as of the end of its period.
func (l *listing) sumDays(ctx context.Context, t *store.Tx, tr *track, month int, sums daySums) error {
	as := []law.Day{min(l.ask.Period.Through(l.indicator), l.today)}
	if l.indicator.Ever() {
		as = append(as, min(l.ask.Period.To, as[0]))
	}
	count := func(day law.Day, k stat.Count, n int) {
		for i, through := range as {
			if k.HoldsFrom() <= int(through-day) {
				sums.add(k.Measure, day, i, n)
			}
		}
	}
	ask := store.CellsAsk{Dim: stat.DimDay, From: month, To: month}
	if l.places != 0 {
		ask.Dim, ask.Code = stat.DimTownDay, placeCode(townOf(l.places))
	}
	if err := l.counted(ctx, t, tr, ask, "", func(c stat.Cell) func(stat.Count, int) {
		day := dayOf(c)
		return func(k stat.Count, n int) { count(day, k, n) }
	}); err != nil {
		return err
	}
	first, _ := stat.MonthDays(month)
	for _, part := range tr.parts {
		bundles := store.CellsAsk{Dim: stat.DimBundle, Units: part.units, From: month, To: month, Sealed: l.out.Sealed}
		if err := t.EachCell(ctx, tr.home, bundles, func(c store.CellRow) error {
			return stat.EachSpot(c.Counts, func(s stat.Spot, counts func(func(stat.Moment, int)) error) error {
				if l.places != 0 && !gazetteer.Inside(s.Place, l.places) {
					return nil
				}
				return counts(func(m stat.Moment, n int) {
					if l.measured.Has(m.Measure) != nil {
						count(first.Add(m.Day-1), m.Count, part.sign*n)
					}
				})
			})
		}); err != nil {
			return err
		}
	}
	return nil
}

// read reads further in a home, and says whether that was all.
func (l *listing) read(ctx context.Context, t *store.Tx, tr *track) (done bool, err error) {
	enough := func() bool {
		n := 0
		for _, d := range tr.days {
			n += d.n
		}
		return n*rowsFor >= tr.rows
	}
	for !enough() && tr.month >= tr.first {
		if err := l.look(ctx, t, tr); err != nil {
			return false, err
		}
	}
	if len(tr.days) == 0 {
		return true, nil
	}
	ask := store.FactPage{Units: tr.units, Holds: min(l.ask.Period.AsOf, l.today), Facets: l.of, Basis: tr.past.day, Before: tr.past.ref.N, Limit: tr.rows}
	want := tr.rows / rowsFor
	spans, days := spansOf(tr.days, want)
	if tr.stands && tr.of == nil && (len(spans) > fewSpans || tr.days[0].day < l.today-newDays) {
		if err := l.apart(ctx, t, tr, math.MaxInt); err != nil {
			return false, err
		}
	}
	if ask.Stands = tr.of != nil; ask.Stands { // of other days most stands still
		if few, n := tr.spansApart(want); n > 0 {
			spans, days = few, n
		} else {
			ask.Units = tr.whose(days)
		}
	}
	ask.Spans = spans
	rows, err := t.FactPage(ctx, tr.home, ask)
	if err != nil {
		return false, err
	}
	if last := len(rows) - 1; len(rows) < tr.rows {
		tr.upTo, tr.past, tr.days = endOf(tr.days[days-1].day), place{}, tr.days[days:]
	} else { // the last matter may have more
		rows = rows[:slices.IndexFunc(rows, func(f store.LedgerFact) bool { return f.Basis == rows[last].Basis && f.Ref == rows[last].Ref })]
		if len(rows) > 0 {
			f := rows[len(rows)-1]
			tr.past = place{day: f.Basis, ref: f.Ref, days: math.MinInt}
			tr.upTo = tr.past
			tr.days = slices.DeleteFunc(tr.days, func(d daily) bool { return d.day > f.Basis })
		}
	}
	tr.rows = min(tr.rows*longerLook, mostRows)
	behind := map[matter.Ref]*stat.Behind{}
	for _, f := range rows {
		if _, waits := l.waiting[f.Ref]; !waits && l.known(f.Recorded) {
			l.collect(behind, f.Ref, f.Fact)
		}
	}
	l.take(behind)
	return len(tr.days) == 0 && tr.month < tr.first, nil
}

// readAll reads what is left in a home.
func (l *listing) readAll(ctx context.Context, t *store.Tx, tr *track) error {
	for {
		if done, err := l.read(ctx, t, tr); done || err != nil {
			return err
		}
	}
}

// spansApart are the first days that have so many as spans of those units that have any, and how many of the list they are: none where there would be too many.
func (tr *track) spansApart(want int) (spans []store.FactSpan, of int) {
	for n := 0; of < len(tr.days); {
		day, before := tr.days[of].day, len(spans)
		units := slices.Compact(slices.Sorted(slices.Values(tr.of[day])))
		next := of
		for ; next < len(tr.days) && tr.days[next].day == day; next++ {
			n += tr.days[next].n
			for _, u := range units {
				spans = append(spans, store.FactSpan{Measure: tr.days[next].measure, Unit: u, From: day, To: day})
			}
		}
		if len(spans) > store.MostSpans {
			return spans[:before], of
		}
		if of = next; n >= want {
			break
		}
	}
	return spans, of
}

// whose are the units whose facts are read of the first days.
func (tr *track) whose(days int) []int64 {
	var units []int64
	for _, d := range tr.days[:days] {
		units = append(units, tr.of[d.day]...)
	}
	slices.Sort(units)
	return slices.Compact(units)
}

// spansOf are the first days that have so many, with all of the last of them, as spans, and how many of the list they are.
func spansOf(days []daily, want int) (spans []store.FactSpan, of int) {
	latest := make(map[stat.Measure]int) // the span of each measure that may go on
	for n := 0; of < len(days); of++ {
		d := days[of]
		i, had := latest[d.measure]
		goesOn := had && spans[i].From == d.day+1
		if of > 0 && days[of-1].day != d.day && (n >= want || !goesOn && len(spans) >= store.MostSpans) {
			break
		}
		if n += d.n; goesOn {
			spans[i].From = d.day
			continue
		}
		latest[d.measure] = len(spans)
		spans = append(spans, store.FactSpan{Measure: d.measure, From: d.day, To: d.day})
	}
	return spans, of
}
