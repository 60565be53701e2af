package usecase

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/org"
	"huiyin/internal/stat"
	"huiyin/internal/store"
)

// StatBy is by what a figure is broken down.
type StatBy string

// What figures are broken down by; nothing for one figure of all.
const (
	ByNothing  StatBy = ""
	ByUnit     StatBy = "unit"
	ByPlace    StatBy = "place"    // one level below the place asked for, or that of the asker's unit; townships for the system
	ByCategory StatBy = "category" // one level below the category asked for
	ByChannel  StatBy = "channel"
	ByPurpose  StatBy = "purpose"
	ByLevel    StatBy = "level"
	ByMonth    StatBy = "month"
	ByDay      StatBy = "day"
	ByMove     StatBy = "move" // from which unit to which, of what moved out: "3>4"
)

// StatBys are what figures are broken down by.
func StatBys() []StatBy {
	return []StatBy{ByNothing, ByUnit, ByPlace, ByCategory, ByChannel, ByPurpose, ByLevel, ByMonth, ByDay, ByMove}
}

// FigureAsk asks for figures of some matters: those of a unit and the units below it, in a place and what it contains, of a category and those below it.
type FigureAsk struct {
	Indicators []string
	Period     stat.Period
	By         StatBy
	Unit       org.UnitID // 0 for all that the asker may see
	Place      int64      // 0 for everywhere
	Category   string     // "" for all
}

// FigureRow is what one group comes to: a figure for each indicator asked for.
type FigureRow struct {
	Group   string // code: of a unit, a place, a category …
	Figures []stat.Figure
}

// Figures are the answer, with the definitions.
type Figures struct {
	Indicators []stat.Indicator
	Period     stat.Period
	By         StatBy
	Within     int64         // the place that a breakdown by places is one level below
	All        []stat.Figure // for each indicator
	Rows       []FigureRow   // in the order of their codes
	Sealed     bool          // accusations count; they do for those alone who may see them
	Filling    bool          // after an upgrade older matters are still being counted, so that the figures are too low
	Making     law.Day       // after an upgrade sums are being made anew, up to this day as yet; until all are, figures are counted one by one: right, but slower
}

// Figures counts indicators over what the asker's duty spans. It reads sums and not matters, so that it costs the same however many there are; only what is asked as of
// a past day, or broken down in a way that no sums are kept for, is counted from the facts of the period.
func (o *Office) Figures(ctx context.Context, who org.Actor, ask FigureAsk) (Figures, error) {
	return o.asker(who).figures(ctx, ask)
}

// Counting is Figures for one page with several: where the units have facts is looked for once.
func (o *Office) Counting(who org.Actor) func(context.Context, FigureAsk) (Figures, error) {
	return o.asker(who).figures
}

// run counts.
func (f *figuring) run(ctx context.Context) (Figures, error) {
	err := f.o.Store.Read(ctx, func(t *store.Tx) error {
		homes, err := f.homes(ctx, t)
		if err != nil {
			return err
		}
		for _, home := range homes {
			if err := f.home(ctx, t, home); err != nil {
				return err
			}
		}
		return f.waiting(ctx, t)
	})
	if err != nil {
		return Figures{}, err
	}
	return f.figures(), nil
}

// figures is the answer from what was counted. The stocks that shares divide by besides were counted behind what was asked for.
func (f *figuring) figures() Figures {
	out := f.out
	for i := range f.all {
		out.All = append(out.All, f.all[i].Figure(""))
	}
	if f.ask.By != ByNothing || f.held {
		out.Rows = f.rows()
	}
	asked := len(f.ask.Indicators)
	out.Indicators = out.Indicators[:asked]
	whole := func(list []stat.Figure) []stat.Figure {
		left := list[asked:]
		for i, d := range out.Indicators {
			if d.Stock != "" {
				list[i].Of += left[0].Sum
				left = left[1:]
			}
		}
		return list[:asked]
	}
	out.All = whole(out.All)
	for i := range out.Rows {
		out.Rows[i].Figures = whole(out.Rows[i].Figures)
	}
	return out
}

// asker asks for the figures of one page: where the units have facts is looked for once.
type asker struct {
	*Office

	who   org.Actor
	homes map[org.UnitID][]int64 // by the unit asked for
	units map[int64][]org.UnitID // that have facts, by home
}

func (o *Office) asker(who org.Actor) *asker {
	return &asker{o, who, map[org.UnitID][]int64{}, map[int64][]org.UnitID{}}
}

// have are the units that have facts in a home.
func (a *asker) have(ctx context.Context, t *store.Tx, home int64) (units []org.UnitID, err error) {
	units, known := a.units[home]
	if known {
		return units, nil
	}
	if units, err = t.StatUnits(ctx, home); err == nil { // else the transaction may be tried once more
		a.units[home] = units
	}
	return units, err
}

// figures counts.
func (a *asker) figures(ctx context.Context, ask FigureAsk) (_ Figures, err error) {
	ctx, end := a.step(ctx, "use.figures")
	defer func() { end(err) }()
	f, err := a.figuring(ask)
	if err != nil {
		return Figures{}, err
	}
	return f.run(ctx)
}

// figuring checks what is asked for, and by whom.
func (a *asker) figuring(ask FigureAsk) (*figuring, error) {
	o, who := a.Office, a.who
	if who.Kind == org.ActorPetitioner || who.Kind == org.ActorNobody {
		return nil, errs.E(errs.Unauthenticated, "auth.sign_in")
	}
	if err := granted(who, "read", "figures"); err != nil {
		return nil, err
	}
	scope := who.Scope()
	if scope.Empty() {
		return nil, errs.E(errs.Forbidden, "auth.duty")
	}
	if err := ask.check(); err != nil {
		return nil, err
	}
	ask.Period.AsOf = min(ask.Period.AsOf, o.Today()) // what is to come is not known yet
	chart, units := o.Chart(), map[org.UnitID]bool{}  // asked once for each
	visible := func(u org.UnitID) bool {
		return scope.All || slices.ContainsFunc(scope.Roots, func(root org.UnitID) bool { return chart.Under(u, root) })
	}
	if ask.Unit != 0 {
		if _, ok := chart.Unit(ask.Unit); !ok || !visible(ask.Unit) {
			return nil, errs.E(errs.NotFound, "unit.not_found")
		}
	}
	f := &figuring{
		o: o, asker: a, scope: scope, ask: ask, today: o.Today(),
		out: Figures{Period: ask.Period, By: ask.By, Sealed: scope.Sealed, Within: ask.Place},
		under: func(u org.UnitID) bool {
			in, known := units[u]
			if !known {
				in = visible(u) && (ask.Unit == 0 || chart.Under(u, ask.Unit))
				units[u] = in
			}
			return in
		},
	}
	if f.out.Within == 0 && len(scope.Roots) == 1 {
		root, _ := chart.Unit(cmp.Or(ask.Unit, scope.Roots[0]))
		f.out.Within = root.Place
	}
	for _, id := range ask.Indicators {
		d, err := stat.Find(id)
		if err != nil {
			return nil, err
		}
		f.out.Indicators = append(f.out.Indicators, d)
	}
	for _, d := range f.out.Indicators {
		if left, has := d.Left(); has {
			f.out.Indicators = append(f.out.Indicators, left)
		}
	}
	for _, d := range f.out.Indicators {
		f.all, f.groups = append(f.all, stat.NewTally(d, ask.Period)), append(f.groups, stat.NewTally(d, ask.Period))
	}
	return f, nil
}

// homes are those in which anything of the units asked for is counted.
func (f *figuring) homes(ctx context.Context, t *store.Tx) ([]int64, error) {
	if f.scope.All && f.ask.Unit == 0 {
		return t.Homes(ctx)
	}
	if homes, known := f.asker.homes[f.ask.Unit]; known {
		return homes, nil
	}
	var units []int64
	for _, u := range f.o.Chart().Where(func(u org.Unit) bool { return f.under(u.ID) }) {
		units = append(units, int64(u.ID))
	}
	homes, err := t.StatHomes(ctx, units)
	if err != nil {
		return nil, err
	}
	slices.Sort(homes)
	homes = slices.Compact(homes)
	f.asker.homes[f.ask.Unit] = homes
	return homes, nil
}

// check refuses a period that is none, and a breakdown there is not.
func (a FigureAsk) check() error {
	var wrong []errs.Field
	if !slices.Contains(StatBys(), a.By) {
		wrong = append(wrong, errs.F("by", "stat.by"))
	}
	if a.Period.To < a.Period.From {
		wrong = append(wrong, errs.F("to", "find.days"))
	}
	return errs.Fields(wrong)
}

// Balance is how the stock of a period came to be what it is.
func (o *Office) Balance(ctx context.Context, who org.Actor, ask FigureAsk) (stat.Balance, error) {
	return o.asker(who).balance(ctx, ask)
}

func (a *asker) balance(ctx context.Context, ask FigureAsk) (stat.Balance, error) {
	now, err := a.asked(ctx, ask, ask.Period, ByNothing, "stock", "added", "reopened", "moved_in", "ended", "joined", "moved_out")
	if err != nil {
		return stat.Balance{}, err
	}
	before := ask.Period
	before.To = before.From - 1
	before.From = before.To
	was, err := a.asked(ctx, ask, before, ByNothing, "stock")
	if err != nil {
		return stat.Balance{}, err
	}
	n := func(i int) int { return now.All[i].Sum }
	return stat.Balance{
		Opening: was.All[0].Sum, Added: n(1), Reopened: n(2), MovedIn: n(3), Ended: n(4), Joined: n(5), MovedOut: n(6), Closing: n(0),
	}, nil
}

// FigurePart is which of the matters behind a figure are listed.
type FigurePart string

// The parts of a figure. Of a figure that is no share there is the first alone.
const (
	PartSum  FigurePart = ""     // those that are counted
	PartOf   FigurePart = "of"   // those that a share is of
	PartRest FigurePart = "rest" // those that a share is of and that are not counted
)

// FigureParts are all parts.
func FigureParts() []FigurePart { return []FigurePart{PartSum, PartOf, PartRest} }

// FigureListAsk asks for the matters behind one figure: of the one indicator asked for, in one group of its breakdown.
type FigureListAsk struct {
	FigureAsk
	Part  FigurePart
	Group string // of By
	After string // where to go on, from FigureList.Next
	Limit int
}

// FigureMatter is a matter behind a figure. Of a matter that the asker may not see only N is known.
type FigureMatter struct {
	RowView
	Hidden bool
	Day    law.Day // by which it is counted
	N      int     // how much of the figure it is: persons, submissions, demands
	Days   int     // of a time
}

// FigureList is a page of the matters behind a figure, the latest first. The N of all pages come to the figure.
type FigureList struct {
	Indicator stat.Indicator
	Figure    stat.Figure
	Rows      []FigureMatter
	Next      string // "" at the end
}

// statGroup is the code of the group that a fact belongs to. Within is the place that places are one level below, 0 for townships; places outside it are
// groups of their own.
func (o *Office) statGroup(ask FigureAsk, within int64, f stat.Fact) string {
	switch ask.By {
	case ByUnit:
		return unitCode(f.Unit)
	case ByMove:
		return stat.MoveCode(f.Unit, f.To)
	case ByPlace:
		return placeCode(placeBelow(f.Place, within))
	case ByCategory:
		return o.categoryBelow(f.Category, ask.Category)
	case ByChannel:
		return string(f.Channel)
	case ByPurpose:
		return string(f.Purpose)
	case ByLevel:
		return string(f.Level)
	case ByMonth:
		return f.Basis.String()[:len("2006-01")]
	case ByDay:
		return f.Basis.String()
	case ByNothing:
	}
	return ""
}

func placeCode(p int64) string { return strconv.FormatInt(p, 10) }

// categoryBelow is the row over, or at, a category that lies one level below within, or on the first level.
func (o *Office) categoryBelow(category, within string) string {
	for above := o.CategoryAbove(category); category != within && above != within && above != ""; above = o.CategoryAbove(category) {
		category = above
	}
	return category
}

// categoryWithin reports whether a category is another or lies below it.
func (o *Office) categoryWithin(category, root string) bool {
	for ; category != root && category != ""; category = o.CategoryAbove(category) {
	}
	return category == root
}

// GroupName is the name of a group in a language.
func (o *Office) GroupName(by StatBy, group string, english bool) string {
	say := o.Say(english)
	if group == "" || group == "0" {
		return say("stat.none", nil)
	}
	switch by {
	case ByMove:
		from, to, _ := strings.Cut(group, ">")
		return o.GroupName(ByUnit, from, english) + " → " + o.GroupName(ByUnit, to, english)
	case ByUnit:
		u, _ := o.Chart().Unit(org.UnitID(number(group)))
		return u.NameIn(english)
	case ByPlace:
		if english {
			return o.Places.FullEnglish(number(group))
		}
		return o.Places.FullName(number(group))
	case ByCategory:
		row, _ := o.Places.Current().Row(group)
		if english {
			return row.English
		}
		return row.Name
	case ByChannel, ByPurpose, ByLevel:
		return say(string(by)+"."+group, nil)
	case ByNothing, ByMonth, ByDay:
	}
	return group
}

func number(code string) int64 {
	n, _ := strconv.ParseInt(code, 10, 64) // written by statGroup
	return n
}

// FigureText writes a figure as people read it: a share in percent with two decimals, the middle of times in days, "n/a" where there is none.
func FigureText(f stat.Figure) string {
	const middle, whole, hundred = 1, 2, 100
	switch {
	case !f.Known():
		return "n/a"
	case f.Kind == stat.KindShare:
		return fmt.Sprintf("%d.%02d%%", f.Hundredths()/hundred, f.Hundredths()%hundred)
	case f.Kind == stat.KindTime:
		return strconv.Itoa(f.Times.At(middle, whole))
	}
	return strconv.Itoa(f.Sum)
}

// StatPeriod is this year up to today, where nothing else is asked for.
func (o *Office) StatPeriod() stat.Period {
	today := o.Today()
	year, _, _ := today.Date()
	return stat.Period{From: law.NewDay(year, time.January, 1), To: today, AsOf: today}
}
