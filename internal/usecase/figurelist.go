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
	asker := o.asker(who)
	figures, err := asker.figures(ctx, ask.FigureAsk)
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
	out.Rows, out.Next, err = asker.figurePage(ctx, ask)
	return out, err
}

// figurePage is a page of such a list, and where to go on.
func (a *asker) figurePage(ctx context.Context, ask FigureListAsk) (rows []FigureMatter, next string, err error) {
	after, err := readPlace(ask.After)
	if err != nil {
		return nil, "", err
	}
	limit := min(max(ask.Limit, 1), matter.MaxPage)
	l, err := a.listing(ask, limit+1)
	if err != nil {
		return nil, "", err
	}
	l.after = after
	err = a.Store.Read(ctx, func(t *store.Tx) error {
		if err := l.walk(ctx, t); err != nil {
			return err
		}
		if next = ""; len(l.found) > limit {
			l.found = l.found[:limit]
			next = l.found[limit-1].place.String()
		}
		rows, err = l.show(ctx, t)
		return err
	})
	return rows, next, err
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

// days are those of the month, or of the day, that is listed; false where the group is none.
func (a FigureListAsk) days() (first, last law.Day, ok bool) {
	if a.By != ByMonth && a.By != ByDay {
		return 0, 0, false
	}
	day, err := law.ParseDay(a.Group + "-01"[:max(0, len("2006-01-02")-len(a.Group))])
	if err != nil {
		return 0, 0, false // a group that there is not has nothing
	}
	if a.By == ByDay {
		return day, day, true
	}
	first, last = stat.MonthDays(stat.MonthOf(day))
	return first, last, true
}

// narrowed makes of a stock in a month, or on a day, the stock at its end, and of a share of one the share of that time: what changed in it lies anywhere before.
func (a FigureListAsk) narrowed(i stat.Indicator) FigureAsk {
	ask := a.FigureAsk
	first, last, ok := a.days()
	if !ok || !i.Ever() {
		return ask
	}
	ask.By, ask.Period.To = ByNothing, min(last, ask.Period.To)
	if i.Kind != stat.KindStock {
		ask.Period.From = max(first, ask.Period.From)
	}
	ask.Period.From = min(ask.Period.From, ask.Period.To)
	return ask
}

// place is where in a list an entry stands: the latest day first, and of one day the latest matter.
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

// comparePlaces orders the later first.
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
	measures  []stat.Measure
	measured  stat.ByMeasure[struct{}] // these
	from, to  law.Day                  // by which what is listed can be counted
	places    int64                    // the place that holds all of it, 0 for none
	of        store.FacetsAsk          // the matters that can be of it
	waiting   map[matter.Ref][]stat.Fact
	found     []listed
}

// listing begins the list behind a figure, of which so many entries are wanted.
func (a *asker) listing(ask FigureListAsk, want int) (*listing, error) {
	f, err := a.figuring(ask.FigureAsk)
	if err != nil {
		return nil, err
	}
	l := &listing{figuring: f, ask: ask, want: want, indicator: f.out.Indicators[0]}
	l.ask.FigureAsk = ask.narrowed(l.indicator)
	l.figuring, err = a.figuring(l.ask.FigureAsk)
	return l, err
}

// walk finds the entries of a page, the latest first: each home is read back from the last day until as many are found as are wanted.
func (l *listing) walk(ctx context.Context, t *store.Tx) error {
	tracks, err := l.tracks(ctx, t)
	if err != nil {
		return err
	}
	for len(tracks) > 0 {
		last := slices.MinFunc(tracks, func(a, b *track) int { return comparePlaces(a.upTo, b.upTo) })
		if l.upTo(last.upTo) >= l.want {
			l.found = slices.DeleteFunc(l.found, func(e listed) bool { return comparePlaces(e.place, last.upTo) > 0 })
			break
		}
		done, err := l.read(ctx, t, last)
		if err != nil {
			return err
		}
		if done {
			tracks = slices.DeleteFunc(tracks, func(tr *track) bool { return tr == last })
		}
	}
	slices.SortFunc(l.found, func(a, b listed) int { return comparePlaces(a.place, b.place) })
	return nil
}

// first finds as many as are wanted of what stands since the earliest days, the earliest first. While sums are made they do not say which days these are: then the ledger is
// read month by month.
func (l *listing) first(ctx context.Context, t *store.Tx) error {
	tracks, err := l.tracks(ctx, t)
	if err != nil {
		return err
	}
	for _, tr := range tracks {
		if !tr.stands {
			last := tr.month
			for month := tr.first; month <= last && l.until(month) < l.want; month++ {
				tr.month, tr.first = month, month
				if err := l.readAll(ctx, t, tr); err != nil {
					return err
				}
			}
			continue
		}
		n, of := 0, len(tr.days)
		for ; of > 0 && (n < l.want || tr.days[of-1].day == tr.days[of].day); of-- {
			n += tr.days[of-1].n
		}
		if tr.days = tr.days[of:]; n == 0 {
			continue
		}
		if err := l.apart(ctx, t, tr, l.want); err != nil {
			return err
		}
		if err := l.readAll(ctx, t, tr); err != nil {
			return err
		}
	}
	slices.SortFunc(l.found, func(a, b listed) int { return comparePlaces(b.place, a.place) })
	l.found = l.found[:min(len(l.found), l.want)]
	return nil
}

// until is how many entries were found of the time before a month.
func (l *listing) until(month int) (n int) {
	for _, e := range l.found {
		if stat.MonthOf(e.place.day) < month {
			n++
		}
	}
	return n
}

// tracks begins in all homes. Matters that wait to be counted are taken as they are and not as they were counted.
func (l *listing) tracks(ctx context.Context, t *store.Tx) (tracks []*track, err error) {
	l.found = nil
	if l.waiting, err = l.fresh(ctx, t); err != nil {
		return nil, err
	}
	l.narrow()
	homes, err := l.homes(ctx, t)
	if err != nil {
		return nil, err
	}
	behind := map[matter.Ref]*stat.Behind{}
	for ref, facts := range l.waiting {
		for _, f := range facts {
			l.collect(behind, ref, f)
		}
	}
	l.take(behind)
	for _, home := range homes {
		tr, err := l.track(ctx, t, home)
		if err != nil {
			return nil, err
		}
		tracks = append(tracks, tr)
	}
	return tracks, nil
}

// narrow leaves of the units, the days and the places what can be of the group that is listed.
func (l *listing) narrow() {
	l.places, l.from, l.to = l.figuring.ask.Place, l.ask.Period.From, l.ask.Period.To
	if l.indicator.Ever() {
		l.from, l.to = 1, l.today
	} else if first, last, ok := l.ask.days(); ok {
		l.from, l.to = max(l.from, first), min(l.to, last)
	}
	switch under, group := l.under, l.ask.Group; l.figuring.ask.By { //nolint:exhaustive // of the others the ledger and its sums have nothing to go by
	case ByUnit:
		l.under = func(u org.UnitID) bool { return unitCode(u) == group && under(u) }
	case ByPlace:
		l.places = cmp.Or(number(group), l.places)
	}
	l.of = l.facets(l.places)
	l.measures = l.indicator.Listing(l.ask.Part == PartOf, l.ask.Part == PartRest)
	for _, m := range l.measures {
		l.measured.Of(m)
	}
}

// upTo is how many of the entries found stand no further than a place.
func (l *listing) upTo(p place) (n int) {
	for _, e := range l.found {
		if comparePlaces(e.place, p) <= 0 {
			n++
		}
	}
	return n
}

// collect takes a fact into account that is of what is listed.
func (l *listing) collect(behind map[matter.Ref]*stat.Behind, ref matter.Ref, f stat.Fact) {
	if !l.counts(f) {
		return
	}
	if behind[ref] == nil {
		behind[ref] = stat.NewBehind(l.indicator, l.ask.Period)
	}
	behind[ref].Add(f)
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

// take adds what was found and stands behind the page before.
func (l *listing) take(behind map[matter.Ref]*stat.Behind) {
	for ref, b := range behind {
		for _, p := range b.List(l.ask.Part == PartOf, l.ask.Part == PartRest) {
			e := listed{place: place{day: p.Day, ref: ref, days: p.Days}, n: p.N}
			if !l.after.day.Known() || comparePlaces(e.place, l.after) > 0 {
				l.found = append(l.found, e)
			}
		}
	}
}

// show fills in what is known of those matters that the actor may see.
func (l *listing) show(ctx context.Context, t *store.Tx) ([]FigureMatter, error) {
	seen, err := l.o.rowsSeen(ctx, t, l.scope, l.today, l.refs())
	if err != nil {
		return nil, err
	}
	out := make([]FigureMatter, len(l.found))
	for i, e := range l.found {
		row, ok := seen[e.place.ref]
		out[i] = FigureMatter{RowView: row, Hidden: !ok, Day: e.place.day, N: e.n, Days: e.place.days}
	}
	return out, nil
}

// refs are the matters that were found.
func (l *listing) refs() []matter.Ref {
	out := make([]matter.Ref, len(l.found))
	for i, e := range l.found {
		out[i] = e.place.ref
	}
	return out
}
