package usecase

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/stat"
	"huiyin/internal/store"
)

// months is how long a course is.
const months = 12

// slowRows is how many of what is slow are shown.
const slowRows = 5

// Asked is what was asked for with what it came to, so that each figure can be opened to its matters.
type Asked struct {
	Ask FigureAsk
	Figures
}

// Figure is that of the i-th indicator that was asked for.
func (a Asked) Figure(i int) stat.Figure { return a.All[i] }

// Behind asks for the matters behind the figure of an indicator.
func (a Asked) Behind(i int, part FigurePart) FigureListAsk {
	ask := a.Ask
	ask.By, ask.Indicators = ByNothing, ask.Indicators[i:i+1]
	return FigureListAsk{FigureAsk: ask, Part: part}
}

// In asks for the matters behind the figure of an indicator in one group.
func (a Asked) In(i int, group string, part FigurePart) FigureListAsk {
	ask := a.Ask
	ask.Indicators = ask.Indicators[i : i+1]
	return FigureListAsk{FigureAsk: ask, Part: part, Group: group}
}

// Of is the figure of an indicator in a group, that of nothing where the group has none.
func (a Asked) Of(i int, group string) stat.Figure {
	if at, ok := slices.BinarySearchFunc(a.Rows, group, func(r FigureRow, g string) int { return cmp.Compare(r.Group, g) }); ok {
		return a.Rows[at].Figures[i]
	}
	return stat.Figure{Kind: a.Indicators[i].Kind}
}

// asked counts and keeps what was asked for.
func (a *asker) asked(ctx context.Context, ask FigureAsk, p stat.Period, by StatBy, indicators ...string) (Asked, error) {
	ask.Period, ask.By, ask.Indicators = p, by, indicators
	figures, err := a.figures(ctx, ask)
	return Asked{Ask: ask, Figures: figures}, err
}

// Due is how much of a list is to be done, by view.
type Due struct {
	List  matter.List
	Views map[matter.View]int64 // DueViews up to one more than MaxBeside, on the large screen what is late and due in three days up to one more than MaxCount
}

// DueViews are what a unit is told of what is to be done, the most urgent first.
func DueViews() []matter.View {
	return []matter.View{matter.ViewLate, matter.ViewToday, matter.ViewThree, matter.ViewUnsigned, matter.ViewNew, matter.ViewWaiting, matter.ViewOpen}
}

// Home is the first page of a unit.
type Home struct {
	Unit         org.Unit // whose page it is: that of the duty, for who oversees the one whose subtree they oversee
	Today        law.Day
	Due          []Due // a handler's own and the unit's; else the list with which the duty begins
	Week, Before Asked // submissions, ended, returned, urged: of this week, and of the same days of the week before
	Oldest       []FigureMatter
	Old          FigureListAsk // all of the days on which the oldest came
	Waits        []store.Wait
	Longest      []RowView
	Rates        Asked // of the last months, by month: timely acceptance, answers on time (B), satisfaction with the handling
	Months       []stat.Period
	Stock        stat.Balance // of this month
	StockAsk     FigureAsk
}

// HomeUnit is the unit whose page a duty opens: for who oversees, the unit whose subtree they oversee.
func (o *Office) HomeUnit(who org.Actor) org.UnitID {
	if who.Has(org.RoleLeader, org.RoleSupervisor) {
		return who.Duty.Scope
	}
	return who.Duty.Unit
}

// homeLists are the lists of a duty, as the worklist has them.
func homeLists(who org.Actor) []matter.List {
	switch {
	case who.Has(org.RoleHandler):
		return []matter.List{matter.ListMine, matter.ListUnit}
	case who.Has(org.RoleLeader, org.RoleSupervisor):
		return []matter.List{matter.ListAll}
	}
	return []matter.List{matter.ListUnit}
}

// Home tells a unit what is due, what came, what is slow, and how it does.
func (o *Office) Home(ctx context.Context, who org.Actor) (Home, error) {
	a, h := o.asker(who), Home{Today: o.Today()}
	h.Unit, _ = o.Chart().Unit(o.HomeUnit(who))
	ask := FigureAsk{Unit: h.Unit.ID}
	now, before := stat.Week(h.Today)
	came := []string{"submissions", "ended", "returned", "urged"}
	var err error
	if h.Week, err = a.asked(ctx, ask, now, ByNothing, came...); err != nil {
		return Home{}, err
	}
	if h.Before, err = a.asked(ctx, ask, before, ByNothing, came...); err != nil {
		return Home{}, err
	}
	h.Months = stat.Period{To: h.Today, AsOf: h.Today}.Months(months, true)
	if h.Rates, err = a.asked(ctx, ask, stat.Whole(h.Months), ByMonth, rates()...); err != nil {
		return Home{}, err
	}
	h.StockAsk = ask
	h.StockAsk.Period = h.Months[months-1]
	if h.Stock, err = a.balance(ctx, h.StockAsk); err != nil {
		return Home{}, err
	}
	if h.Oldest, h.Old, err = a.oldest(ctx, ask, h.Today); err != nil {
		return Home{}, err
	}
	err = o.slow(ctx, who, &h)
	return h, err
}

// rates are the three rates by which a unit is told how it does.
func rates() []string { return []string{"timely_acceptance", "on_time_b", "satisfaction_handling"} }

// oldest are open matters that came first, the oldest first, and all of the days on which they came.
func (a *asker) oldest(ctx context.Context, ask FigureAsk, today law.Day) (rows []FigureMatter, all FigureListAsk, err error) {
	ask.Period, ask.By, ask.Indicators = stat.Period{From: stat.Oldest(), To: today, AsOf: today}, ByNothing, []string{"still_open"}
	all = FigureListAsk{FigureAsk: ask, Part: PartSum}
	l, err := a.listing(all, 2*slowRows) // more than are shown: some may be out of sight
	if err != nil {
		return nil, all, err
	}
	if err := a.Store.Read(ctx, func(t *store.Tx) error {
		if err := l.first(ctx, t); err != nil {
			return err
		}
		rows, err = l.show(ctx, t)
		return err
	}); err != nil {
		return nil, all, err
	}
	rows = slices.DeleteFunc(rows, func(r FigureMatter) bool { return r.Hidden })
	rows = rows[:min(len(rows), slowRows)]
	if len(rows) > 0 {
		all.Period.To = rows[len(rows)-1].Day
	}
	return rows, all, nil
}

// slow fills in what the lists of a duty hold and what waits in the first that is a unit's or everybody's.
func (o *Office) slow(ctx context.Context, who org.Actor, h *Home) error {
	lists := homeLists(who)
	for _, l := range lists {
		views, err := o.Views(ctx, who, l, MaxBeside, DueViews()...)
		if err != nil {
			return err
		}
		h.Due = append(h.Due, Due{List: l, Views: views})
	}
	f := matter.Filter{List: lists[len(lists)-1], View: matter.ViewOpen, Limit: slowRows}.On(h.Today, o.Calendar())
	return o.Store.Read(ctx, func(t *store.Tx) error {
		waits, err := t.Waits(ctx, who.Scope(), who.User, who.Duty.Unit, f)
		if err != nil {
			return err
		}
		h.Waits, h.Longest = waits.States, nil
		seen, err := o.rowsSeen(ctx, t, who.Scope(), h.Today, waits.Longest)
		for _, ref := range waits.Longest {
			if r, has := seen[ref]; has {
				h.Longest = append(h.Longest, r)
			}
		}
		return err
	})
}

// AgeBand is one band of a backlog.
type AgeBand struct {
	stat.Age
	Asked // by unit
}

// MonthEnd is the backlog at the end of a month.
type MonthEnd struct {
	stat.Period
	Added, Ended, Stock int
	Left                Asked // what came up to Upto and was still open; nothing before that day
}

// Backlog is what is still open, by age, and how it came down.
type Backlog struct {
	Ask    FigureAsk
	Bands  []AgeBand // the youngest first
	All    Asked     // of every age, by unit
	Upto   law.Day   // of what came up to this day it is watched how it comes down: the first end of a month at which anything was open
	Before int       // of that, what was open then
	Months []MonthEnd
	Moves  Asked // what changed the stock, by month
}

// stockMoves are the changes of the stock, first those that add to it.
func stockMoves() []string {
	return []string{"added", "reopened", "moved_in", "ended", "joined", "moved_out"}
}

// Where what was added and what ended stand among them.
const (
	addedMove = 0
	endedMove = 3
)

// AddedBehind asks for what was added in a month.
func (b Backlog) AddedBehind(m MonthEnd) FigureListAsk {
	return b.Moves.In(addedMove, m.Name(), PartSum)
}

// EndedBehind asks for what ended in a month.
func (b Backlog) EndedBehind(m MonthEnd) FigureListAsk {
	return b.Moves.In(endedMove, m.Name(), PartSum)
}

// Backlog tells what is still open on the day as of which it is asked, by age and unit, and what was at the ends of the last months.
func (o *Office) Backlog(ctx context.Context, who org.Actor, ask FigureAsk) (Backlog, error) {
	asOf := min(cmp.Or(ask.Period.AsOf, o.Today()), o.Today()) // nothing is known of later days
	b := Backlog{Ask: ask}
	b.Ask.Period = stat.Period{From: stat.Oldest(), To: asOf, AsOf: asOf}
	a := o.asker(who)
	if err := a.ages(ctx, &b); err != nil {
		return Backlog{}, err
	}
	err := a.burnDown(ctx, ask, asOf, &b)
	return b, err
}

// ages fills in what is open by age and unit. It is counted at once: what lies in one band is what is asked for with the days of that age.
func (a *asker) ages(ctx context.Context, b *Backlog) error {
	of := func(p stat.Period) Asked {
		ask := b.Ask
		ask.Period, ask.By, ask.Indicators = p, ByUnit, []string{"still_open"}
		return Asked{Ask: ask}
	}
	b.All = of(b.Ask.Period)
	f, err := a.figuring(b.All.Ask)
	if err != nil {
		return err
	}
	f.aged = true
	found, err := f.run(ctx)
	if err != nil {
		return err
	}
	rows := found.Rows
	found.Rows = nil
	b.All.Figures = found
	for _, age := range stat.Ages() {
		a := of(age.Period(b.Ask.Period.AsOf))
		a.Figures = found
		a.Period.From, a.Period.To, a.All = a.Ask.Period.From, a.Ask.Period.To, []stat.Figure{{Kind: found.All[0].Kind}}
		b.Bands = append(b.Bands, AgeBand{Age: age, Asked: a})
	}
	for _, r := range rows {
		unit, age, _ := strings.Cut(r.Group, "/")
		at, n := &b.Bands[number(age)], r.Figures[0]
		at.All[0].Sum += n.Sum
		at.Rows = append(at.Rows, FigureRow{Group: unit, Figures: []stat.Figure{n}})
		if last := len(b.All.Rows) - 1; last < 0 || b.All.Rows[last].Group != unit {
			b.All.Rows = append(b.All.Rows, FigureRow{Group: unit, Figures: []stat.Figure{{Kind: n.Kind}}})
		}
		b.All.Rows[len(b.All.Rows)-1].Figures[0].Sum += n.Sum
	}
	return nil
}

// burnDown fills in the months. The stock at the end of each follows from that at the end of the last and from what changed it.
func (a *asker) burnDown(ctx context.Context, ask FigureAsk, asOf law.Day, b *Backlog) error {
	list := stat.Period{To: asOf, AsOf: asOf}.Months(months, true)
	var err error
	if b.Moves, err = a.asked(ctx, ask, stat.Whole(list), ByMonth, stockMoves()...); err != nil {
		return err
	}
	stock, err := a.asked(ctx, ask, stat.Period{From: asOf, To: asOf, AsOf: asOf}, ByNothing, "stock")
	if err != nil {
		return err
	}
	b.Months = make([]MonthEnd, len(list))
	open := stock.Figure(0).Sum
	b.Upto, b.Before = asOf, open
	for i := len(list) - 1; i >= 0; i-- {
		if open > 0 {
			b.Upto, b.Before = list[i].To, open
		}
		n := func(k int) int { return b.Moves.Of(k, list[i].Name()).Sum }
		b.Months[i] = MonthEnd{Period: list[i], Added: n(addedMove), Ended: n(endedMove), Stock: open}
		open -= n(0) + n(1) + n(2) - n(3) - n(4) - n(5)
	}
	if open > 0 {
		b.Upto, b.Before = list[0].From-1, open
	}
	return a.left(ctx, ask, b)
}

// left fills in what of the old backlog was still open at the ends of the months: what it was at first, and what was added to it and taken from it by each of them.
func (a *asker) left(ctx context.Context, ask FigureAsk, b *Backlog) error {
	ask.By, ask.Indicators = ByNothing, []string{"still_open"}
	ask.Period = stat.Period{From: stat.Oldest(), To: b.Upto, AsOf: b.Ask.Period.AsOf}
	f, err := a.figuring(ask)
	if err != nil {
		return err
	}
	f.held = true
	found, err := f.run(ctx)
	if err != nil {
		return err
	}
	rows, open := found.Rows, stat.Figure{Kind: found.All[0].Kind}
	found.Rows = nil
	for i, m := range b.Months {
		for ; len(rows) > 0 && rows[0].Group <= m.Name(); rows = rows[1:] {
			open.Sum += rows[0].Figures[0].Sum
		}
		if m.To < b.Upto {
			continue
		}
		at := Asked{Ask: ask, Figures: found}
		at.Ask.Period.AsOf, at.Period.AsOf, at.All = m.AsOf, m.AsOf, []stat.Figure{open}
		b.Months[i].Left = at
	}
	return nil
}

// Flow is how far what came in a period has come, and how matters went from unit to unit.
type Flow struct {
	Ask   FigureAsk
	Steps Asked // the milestones, each a share of the first submissions
	Times Asked // days to the first written word, days to the answer
	Moves Asked // from which unit to which
}

// Flow follows what came in a period.
func (o *Office) Flow(ctx context.Context, who org.Actor, ask FigureAsk) (Flow, error) {
	a, f := o.asker(who), Flow{Ask: ask}
	var err error
	if f.Steps, err = a.asked(ctx, ask, ask.Period, ByNothing, "reached_sent", "reached_accepted", "reached_answered", "reached_closed", "reached_resolved"); err != nil {
		return Flow{}, err
	}
	if f.Times, err = a.asked(ctx, ask, ask.Period, ByNothing, "days_to_notice", "days_to_answer"); err != nil {
		return Flow{}, err
	}
	f.Moves, err = a.asked(ctx, ask, ask.Period, ByMove, "moved_out")
	return f, err
}

// screenDays is how many days a screen shows, and screenRows how many places and issues.
const (
	screenDays = 14
	screenRows = 5
)

// Changes is how often this process has written a matter, so that who shows figures knows when they may have changed. It counts when a transaction is under way, not when
// it has ended, and knows nothing of other processes.
func (o *Office) Changes() int64 { return o.changes.Load() }

// Screen is what stands on a wall: numbers and names of places and issues, nothing of any matter.
type Screen struct {
	Unit    org.Unit // over whose subtree
	AtUS    int64
	Today   law.Day
	Came    Asked // submissions of today, by channel
	Stock   Asked // open matters, and those past a day
	Due     Due
	Rates   Asked // of this year
	Days    Asked // submissions of the last days, by day
	Places  Asked // submissions of this month, by place, the most first
	Issues  []IssueRow
	Issuing bool // whether the duty may see issues at all
}

// Screen counts for the wall.
func (o *Office) Screen(ctx context.Context, who org.Actor) (Screen, error) {
	a, s := o.asker(who), Screen{AtUS: o.Now(), Issuing: o.MayIssues(who)}
	s.Today = law.DayOf(s.AtUS)
	s.Unit, _ = o.Chart().Unit(who.Duty.Scope)
	year, month := o.StatPeriod(), stat.Period{To: s.Today, AsOf: s.Today}.Months(1, true)[0]
	today := stat.Period{From: s.Today, To: s.Today, AsOf: s.Today}
	days := stat.Period{From: s.Today.Add(1 - screenDays), To: s.Today, AsOf: s.Today}
	for _, c := range []struct {
		to         *Asked
		period     stat.Period
		by         StatBy
		indicators []string
	}{
		{&s.Came, today, ByChannel, []string{"submissions"}},
		{&s.Stock, today, ByNothing, []string{"stock", "overdue"}},
		{&s.Rates, year, ByNothing, rates()},
		{&s.Days, days, ByDay, []string{"submissions"}},
		{&s.Places, month, ByPlace, []string{"submissions"}},
	} {
		var err error
		if *c.to, err = a.asked(ctx, FigureAsk{}, c.period, c.by, c.indicators...); err != nil {
			return Screen{}, err
		}
	}
	for _, a := range []*Asked{&s.Came, &s.Places} {
		slices.SortStableFunc(a.Rows, func(x, y FigureRow) int { return y.Figures[0].Sum - x.Figures[0].Sum })
	}
	s.Places.Rows = s.Places.Rows[:min(len(s.Places.Rows), screenRows)]
	views, err := o.Views(ctx, who, matter.ListAll, MaxCount, matter.ViewLate, matter.ViewThree)
	if err != nil {
		return Screen{}, err
	}
	s.Due = Due{List: matter.ListAll, Views: views}
	if s.Issuing {
		const week = 7
		list, err := o.Issues(ctx, who, IssueFilter{Days: week})
		if err != nil {
			return Screen{}, err
		}
		s.Issues = list.Rows[:min(len(list.Rows), screenRows)]
	}
	return s, nil
}
