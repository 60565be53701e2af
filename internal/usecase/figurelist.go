package usecase

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/stat"
	"huiyin/internal/store"
)

// FigureMatters lists exactly the matters behind a figure. It goes back from the last day until the page is full.
func (o *Office) FigureMatters(ctx context.Context, who org.Actor, ask FigureListAsk) (FigureList, error) {
	if err := ask.check(who); err != nil {
		return FigureList{}, err
	}
	figures, err := o.Figures(ctx, who, ask.FigureAsk)
	if err != nil {
		return FigureList{}, err
	}
	out := FigureList{Indicator: figures.Indicators[0], Figure: figures.All[0]}
	if ask.By != ByNothing {
		out.Figure = stat.Figure{Kind: out.Indicator.Kind}
		if i := slices.IndexFunc(figures.Rows, func(r FigureRow) bool { return r.Group == ask.Group }); i >= 0 {
			out.Figure = figures.Rows[i].Figures[0]
		}
	}
	ask.FigureAsk = ask.narrowed(out.Indicator)
	f, err := o.figuring(who, ask.FigureAsk)
	if err != nil {
		return FigureList{}, err
	}
	after, err := readPlace(ask.After)
	if err != nil {
		return FigureList{}, err
	}
	limit := min(max(ask.Limit, 1), matter.MaxPage)
	l := &listing{figuring: f, ask: ask, after: after, want: limit + 1, indicator: out.Indicator}
	err = o.Store.Read(ctx, func(t *store.Tx) error {
		if err := l.walk(ctx, t); err != nil {
			return err
		}
		if len(l.found) > limit {
			l.found = l.found[:limit]
			out.Next = l.found[limit-1].place.String()
		}
		out.Rows, err = l.show(ctx, t)
		return err
	})
	return out, err
}

// check refuses what no list lies behind, and who may not read rows, but only counts.
func (a FigureListAsk) check(who org.Actor) error {
	if len(a.Indicators) != 1 || !slices.Contains(FigureParts(), a.Part) {
		return errs.E(errs.Invalid, "stat.part")
	}
	if who.Kind == org.ActorPetitioner || who.Kind == org.ActorNobody {
		return errs.E(errs.Unauthenticated, "auth.sign_in")
	}
	return granted(who, "read")
}

// narrowed makes of a stock in a month, or on a day, the stock at its end, and of a share of one the share of that time: what changed in it lies anywhere before.
func (a FigureListAsk) narrowed(i stat.Indicator) FigureAsk {
	ask := a.FigureAsk
	if !i.Ever() || a.By != ByMonth && a.By != ByDay {
		return ask
	}
	day, err := law.ParseDay(a.Group + "-01"[:max(0, len("2006-01-02")-len(a.Group))])
	if err != nil {
		return ask // a group that there is not has nothing
	}
	first := day
	if a.By == ByMonth {
		first, day = stat.MonthDays(stat.MonthOf(day))
	}
	ask.By, ask.Period.To = ByNothing, min(day, ask.Period.To)
	if i.Kind != stat.KindStock {
		ask.Period.From = max(first, ask.Period.From)
	}
	ask.Period.From = min(ask.Period.From, ask.Period.To)
	return ask
}

// place is where in a list an entry stands: the latest day first, then by the matter.
type place struct {
	day  law.Day
	ref  matter.Ref
	days int
}

func (p place) String() string {
	return fmt.Sprintf("%d.%d.%d.%d", p.day, p.ref.Home, p.ref.N, p.days)
}

func readPlace(text string) (place, error) {
	var p place
	if text == "" {
		return p, nil
	}
	if n, err := fmt.Sscanf(text, "%d.%d.%d.%d", &p.day, &p.ref.Home, &p.ref.N, &p.days); err != nil || n != 4 || p.String() != text {
		return p, errs.E(errs.Invalid, "person.cursor")
	}
	return p, nil
}

// comparePlaces orders the later day first.
func comparePlaces(a, b place) int {
	return cmp.Or(cmp.Compare(b.day, a.day), cmp.Compare(b.ref.Home, a.ref.Home), cmp.Compare(b.ref.N, a.ref.N), cmp.Compare(b.days, a.days))
}

type listed struct {
	place place
	n     int
}

// listing collects the entries of a page.
type listing struct {
	*figuring
	ask       FigureListAsk
	indicator stat.Indicator
	after     place
	want      int
	found     []listed
}

// longerLook is how many times as far each further look goes back: the first goes as far as the sums say that the page is full.
const longerLook = 4

// walk goes back through the ledger. Matters that wait to be counted are taken as they are and not as they were counted.
func (l *listing) walk(ctx context.Context, t *store.Tx) error {
	waiting, err := l.fresh(ctx, t)
	if err != nil {
		return err
	}
	homes, err := l.homes(ctx, t)
	if err != nil {
		return err
	}
	from, to := l.ask.Period.From, l.ask.Period.To
	if l.indicator.Ever() {
		from, to = to, l.today
		for _, home := range homes {
			first, err := firstDay(ctx, t, home)
			if err != nil {
				return err
			}
			from = min(from, first)
		}
	}
	for _, facts := range waiting {
		for _, f := range facts {
			if l.indicator.Ever() {
				from = min(from, f.Basis)
			}
		}
	}
	if l.after.day.Known() {
		to = min(to, l.after.day)
	}
	measures := l.indicator.Listing(l.ask.Part == PartOf, l.ask.Part == PartRest)
	spots, standing, err := l.standing(ctx, t, homes, measures, from, to)
	if err != nil {
		return err
	}
	for look := 1; to >= from && len(l.found) < l.want; look *= longerLook {
		begin, some := from, 0
		if standing {
			begin, some = lookAt(spots, look*(l.want-len(l.found)), from)
		} else if begin, err = l.reach(ctx, t, homes, from, to, look); err != nil {
			return err
		}
		behind := map[matter.Ref]*stat.Behind{}
		add := func(ref matter.Ref, f stat.Fact) {
			if f.Basis < begin || f.Basis > to || !l.counts(f) {
				return
			}
			if behind[ref] == nil {
				behind[ref] = stat.NewBehind(l.indicator, l.ask.Period)
			}
			behind[ref].Add(f)
		}
		ledger := func(f store.LedgerFact) error {
			if _, fresh := waiting[f.Ref]; !fresh && l.known(f.Recorded) {
				add(f.Ref, f.Fact)
			}
			return nil
		}
		for _, home := range homes {
			if standing {
				err = t.EachFactAt(ctx, home, atHome(spots[:some], home), ledger)
			} else {
				err = t.EachFact(ctx, home, measures, begin, to, l.few, ledger)
			}
			if err != nil {
				return err
			}
		}
		spots = spots[some:]
		for ref, facts := range waiting {
			for _, f := range facts {
				add(ref, f)
			}
		}
		l.take(behind)
		to = begin - 1
	}
	return nil
}

// reach is how far back from a day a look goes: until the sums say that as many are counted as are wanted, so many times over, and from the beginning where there are fewer.
// What narrows the list besides, or is as of a past day, only makes further looks. Where there are no sums it goes back so many days.
func (l *listing) reach(ctx context.Context, t *store.Tx, homes []int64, from, to law.Day, times int) (law.Day, error) {
	want := times * (l.want - len(l.found))
	months, first, last := map[int]int{}, stat.MonthOf(from), stat.MonthOf(to)
	for _, home := range homes {
		through, err := t.FoldDay(ctx, home)
		if err != nil {
			return 0, err
		}
		if !through.Known() || through > l.today || l.ask.Period.Recorded.Known() {
			return max(from, to.Add(1-times)), nil
		}
		if err := l.counted(ctx, t, home, stat.DimAll, first, last, func(c stat.Cell, n int) { months[c.Month] += n }); err != nil {
			return 0, err
		}
	}
	month := last
	for ; month >= first && want > months[month]; month-- {
		want -= months[month]
	}
	if month < first {
		return from, nil
	}
	days := make(map[law.Day]int)
	for _, home := range homes {
		if err := l.counted(ctx, t, home, stat.DimDay, month, month, func(c stat.Cell, n int) { days[dayOf(c)] += n }); err != nil {
			return 0, err
		}
	}
	begin, end := stat.MonthDays(month)
	day := min(end, to)
	for ; day > max(begin, from) && want > days[day]; day-- {
		want -= days[day]
	}
	return day, nil
}

// counted gives how many the sums of some months count of what is listed.
func (l *listing) counted(ctx context.Context, t *store.Tx, home int64, dim stat.Dim, first, last int, each func(stat.Cell, int)) error {
	parts, err := l.units(ctx, t, home)
	if err != nil {
		return err
	}
	for _, part := range parts {
		count := func(c stat.Cell, k stat.Count, n int) {
			sum, of := l.indicator.Lists(k.Measure)
			switch l.ask.Part {
			case PartSum:
				n *= sum
			case PartOf:
				n *= of
			case PartRest:
				n *= of - sum
			}
			each(c, part.sign*n)
		}
		ask := store.CellsAsk{Dim: dim, Units: part.units, From: first, To: last, Sealed: l.out.Sealed}
		if err := t.EachCell(ctx, home, ask, func(c store.CellRow) error {
			return stat.EachSection(c.Counts, "", func(_ string, kept []byte) error {
				return stat.EachCount(kept, func(k stat.Count, n int) { count(c.Cell, k, n) })
			})
		}); err != nil || dim == stat.DimAll {
			if err != nil {
				return err
			}
			continue
		}
		ask.Dim = stat.DimBundle
		if err := t.EachCell(ctx, home, ask, func(c store.CellRow) error {
			return stat.EachSpot(c.Counts, func(_ stat.Spot, counts func(func(stat.Moment, int)) error) error {
				return counts(func(m stat.Moment, n int) {
					c.Code = stat.DayCode(m.Day)
					count(c.Cell, m.Count, n)
				})
			})
		}); err != nil {
			return err
		}
	}
	return nil
}

// firstDay is the day before which a home has no facts.
func firstDay(ctx context.Context, t *store.Tx, home int64) (law.Day, error) {
	month, err := t.FirstMonth(ctx, home)
	if err != nil || month == 0 {
		return 1, err
	}
	first, _ := stat.MonthDays(month)
	return first, nil
}

// fresh are the facts of matters that wait to be counted.
func (l *listing) fresh(ctx context.Context, t *store.Tx) (map[matter.Ref][]stat.Fact, error) {
	rows, err := t.FactsIn(ctx, store.FactsWaiting, mostWaiting)
	if err != nil {
		return nil, err
	}
	out := map[matter.Ref][]stat.Fact{}
	for _, row := range rows {
		if !l.known(row.Recorded) {
			continue // then what was counted before is what was known
		}
		if out[row.Ref], err = stat.Decode(row.Facts); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// known reports whether what was recorded on a day is to be taken into account.
func (l *listing) known(recorded law.Day) bool {
	r := l.ask.Period.Recorded
	return !r.Known() || recorded <= r
}

// counts reports whether a fact is of the units, the place, the category and the group asked for.
func (l *listing) counts(f stat.Fact) bool {
	return l.keeps(f) && (l.figuring.ask.By == ByNothing || l.o.statGroup(l.figuring.ask, l.out.Within, f) == l.ask.Group)
}

// take adds what was found in one look, in order.
func (l *listing) take(behind map[matter.Ref]*stat.Behind) {
	var more []listed
	for ref, b := range behind {
		for _, p := range b.List(l.ask.Part == PartOf, l.ask.Part == PartRest) {
			e := listed{place: place{day: p.Day, ref: ref, days: p.Days}, n: p.N}
			if !l.after.day.Known() || comparePlaces(e.place, l.after) > 0 {
				more = append(more, e)
			}
		}
	}
	slices.SortFunc(more, func(a, b listed) int { return comparePlaces(a.place, b.place) })
	l.found = append(l.found, more...)
}

// show fills in what is known of those matters that the actor may see.
func (l *listing) show(ctx context.Context, t *store.Tx) ([]FigureMatter, error) {
	numbers := map[int64][]int64{}
	for _, e := range l.found {
		numbers[e.place.ref.Home] = append(numbers[e.place.ref.Home], e.place.ref.N)
	}
	seen := map[matter.Ref]RowView{}
	for home, list := range numbers {
		slices.Sort(list)
		rows, err := t.MattersSeen(ctx, l.scope, home, slices.Compact(list))
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			seen[r.Ref] = l.o.rowView(r, l.today)
		}
	}
	out := make([]FigureMatter, len(l.found))
	for i, e := range l.found {
		row, ok := seen[e.place.ref]
		out[i] = FigureMatter{RowView: row, Hidden: !ok, Day: e.place.day, N: e.n, Days: e.place.days}
	}
	return out, nil
}
