package stat

import (
	"cmp"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"sync"

	"huiyin/internal/errs"
	"huiyin/internal/law"
)

//go:embed indicators.json
var indicatorsData []byte

// Kind is how an indicator makes its figure.
type Kind string

// The kinds of indicators.
const (
	KindCount Kind = "count" // of a period
	KindStock Kind = "stock" // on a day
	KindShare Kind = "share" // of a period, of something
	KindTime  Kind = "time"  // in days: middle, ninth tenth and sum
)

// Indicator is the definition of a figure.
type Indicator struct {
	ID            string    `json:"id"`
	Kind          Kind      `json:"kind"`
	Sum           []Measure `json:"sum"`
	Of            []Measure `json:"of,omitempty"`    // what a share divides by
	Stock         string    `json:"stock,omitempty"` // the stock at the end of the period that a share divides by besides
	List          []Measure `json:"list,omitempty"`  // by which the matters behind it are listed, where that is not Sum
	Name          string    `json:"name"`
	English       string    `json:"name_en"`
	Basis         string    `json:"basis"` // the day by which a period counts, in a word
	Variant       string    `json:"variant,omitempty"`
	VariantEng    string    `json:"variant_en,omitempty"`
	Source        string    `json:"source"`
	SourceEnglish string    `json:"source_en"`
}

// NameIn is the name in a language.
func (i Indicator) NameIn(english bool) string {
	if english {
		return i.English
	}
	return i.Name
}

// Indicators are all definitions, in the order in which they are shown.
func Indicators() ([]Indicator, error) {
	list, err := indicators()
	return slices.Clone(list), err
}

var indicators = sync.OnceValues(func() (list []Indicator, err error) { //nolint:gochecknoglobals // read once, never changed
	if err := json.Unmarshal(indicatorsData, &list); err != nil {
		return nil, fmt.Errorf("indicators: %w", err)
	}
	return list, nil
})

// Find returns the definition with an id: errs.NotFound "stat.indicator".
func Find(id string) (Indicator, error) {
	list, err := indicators()
	if err != nil {
		return Indicator{}, err
	}
	if i := slices.IndexFunc(list, func(d Indicator) bool { return d.ID == id }); i >= 0 {
		return list[i], nil
	}
	return Indicator{}, errs.E(errs.NotFound, "stat.indicator", "id", id)
}

// Period is what a figure is of: from one day to another, both included, as it stood on a third, and as far as it was on record on a fourth; NoDay for all that is known.
type Period struct{ From, To, AsOf, Recorded law.Day }

// Through is the last day whose changes an indicator takes into account.
func (p Period) Through(i Indicator) law.Day {
	if i.Kind == KindStock {
		return min(p.To, p.AsOf)
	}
	return p.AsOf
}

// Figure is the value of an indicator. A share is Sum of Of; a time is Sum days in Times.
type Figure struct {
	Kind  Kind
	Sum   int
	Of    int
	Times Times
}

// Known reports whether there is a figure at all: a share of nothing, or a time that nothing took, is not nought but not to be had.
func (f Figure) Known() bool {
	switch f.Kind {
	case KindShare:
		return f.Of != 0
	case KindTime:
		return f.Times.Count() > 0
	case KindCount, KindStock:
	}
	return true
}

// Hundredths is a share in hundredths of a percent, rounded half up: 8000 for 80 %.
func (f Figure) Hundredths() int {
	if f.Of == 0 {
		return 0
	}
	return ratio(f.Sum, f.Of, 10_000)
}

// ratio is scale × a / b, rounded half away from zero. B is not zero.
func ratio(a, b, scale int) int {
	n := 2 * a * scale
	if (n < 0) != (b < 0) {
		return (n - b) / (2 * b)
	}
	return (n + b) / (2 * b)
}

// Times are how often each number of days was taken.
type Times map[int]int

// Count is how many were counted.
func (t Times) Count() int {
	n := 0
	for _, c := range t {
		n += c
	}
	return n
}

// At is the number of days within which a share, part of whole, of what was counted was done: the nearest rank. Zero where nothing was counted.
func (t Times) At(part, whole int) int {
	days := make([]int, 0, len(t))
	for d, c := range t {
		if c > 0 {
			days = append(days, d)
		}
	}
	slices.Sort(days)
	rank, seen := (t.Count()*part+whole-1)/whole, 0
	for _, d := range days {
		if seen += t[d]; seen >= rank {
			return d
		}
	}
	return 0
}

// Tally sums the facts that an indicator is made of, in groups.
type Tally struct {
	indicator Indicator
	period    Period
	figures   map[string]*Figure
}

// NewTally begins a sum.
func NewTally(i Indicator, p Period) *Tally {
	return &Tally{indicator: i, period: p, figures: map[string]*Figure{}}
}

// Measures are those that an indicator is made of.
func (i Indicator) Measures() []Measure {
	all := slices.Concat(i.Sum, i.Of)
	slices.Sort(all)
	return slices.Compact(all)
}

// Left is the stock that a share divides by besides, as it stands at the end of the period; false where there is none.
func (i Indicator) Left() (Indicator, bool) {
	if i.Stock == "" {
		return Indicator{}, false
	}
	d, err := Find(i.Stock)
	return d, err == nil
}

// Divisor is all that a share divides by.
func (i Indicator) Divisor() []Measure {
	left, _ := i.Left()
	return slices.Concat(i.Of, left.Sum)
}

// Listing are the measures by which the matters behind a part of it are listed: those of what is counted, of what it is divided by, or of what is in one of these alone.
func (i Indicator) Listing(of, rest bool) []Measure {
	if i.List != nil {
		return i.List
	}
	i.Of = i.Divisor()
	return slices.DeleteFunc(i.Measures(), func(m Measure) bool {
		sum, divisor := slices.Contains(i.Sum, m), slices.Contains(i.Of, m)
		switch {
		case rest:
			return sum == divisor
		case of:
			return !divisor
		}
		return !sum
	})
}

// Lists is how often a measure counts in what is listed behind what is counted, and behind what it is divided by.
func (i Indicator) Lists(m Measure) (sum, of int) {
	counted := i.Sum
	if i.List != nil {
		counted = i.List
	}
	if slices.Contains(counted, m) {
		sum = 1
	}
	if slices.Contains(i.Divisor(), m) {
		of = 1
	}
	return sum, of
}

// Ever reports whether what lies behind it may have begun before the period: of a stock, and of a share of one.
func (i Indicator) Ever() bool { return i.Kind == KindStock || i.Stock != "" }

// Dated reports whether every measure is: see [Measure.Dated].
func (i Indicator) Dated() bool {
	return !slices.ContainsFunc(i.Measures(), func(m Measure) bool { return !m.Dated() })
}

// Stands reports whether every measure does: see [Measure.Stands].
func (i Indicator) Stands() bool {
	return !slices.ContainsFunc(i.Measures(), func(m Measure) bool { return !m.Stands() })
}

// Only reports whether it is made of one measure alone.
func (i Indicator) Only(m Measure) bool { return slices.Equal(i.Measures(), []Measure{m}) }

// Within reports whether a fact is of the period.
func (i Indicator) Within(p Period, f Fact) bool {
	if i.Kind == KindStock {
		return f.Day <= p.AsOf && f.Day <= p.To
	}
	return f.Day <= p.AsOf && f.Basis >= p.From && f.Basis <= p.To
}

// counts reports whether a fact is of the period, and of what is counted or divided by.
func (i Indicator) counts(p Period, f Fact) (sum, of bool) {
	if !i.Within(p, f) {
		return false, false
	}
	return slices.Contains(i.Sum, f.Measure), slices.Contains(i.Of, f.Measure)
}

// Add takes a fact into account, in a group. One that the indicator, its period or its day leaves out changes nothing.
func (t *Tally) Add(f Fact, group string) {
	sum, of := t.indicator.counts(t.period, f)
	t.add(sum, of, f.N, f.Days, group)
}

func (t *Tally) add(sum, of bool, n, days int, group string) {
	if sum || of {
		plus(t.of(group), sum, of, n, days)
	}
}

func (t *Tally) of(group string) *Figure {
	if t.figures[group] == nil {
		t.figures[group] = &Figure{Kind: t.indicator.Kind}
	}
	return t.figures[group]
}

func plus(f *Figure, sum, of bool, n, days int) {
	if of {
		f.Of += n
	}
	switch {
	case !sum:
	case f.Kind == KindTime:
		f.Sum += n * days
		took(f, days, n)
	default:
		f.Sum += n
	}
}

// took counts so many with a number of days; what comes to nought is gone.
func took(f *Figure, days, n int) {
	if f.Times == nil {
		f.Times = Times{}
	}
	if f.Times[days] += n; f.Times[days] == 0 {
		delete(f.Times, days)
	}
}

// Share is whether a measure is of what an indicator counts, and of what it divides by.
type Share struct{ Sum, Of bool }

// Share says what a measure is of it.
func (i Indicator) Share(m Measure) Share {
	return Share{slices.Contains(i.Sum, m), slices.Contains(i.Of, m)}
}

// Plus adds a sum over facts, all of the period, to a figure.
func (s Share) Plus(f *Figure, n, days int) { plus(f, s.Sum, s.Of, n, days) }

// AddFigure takes a figure into account that is of the period.
func (t *Tally) AddFigure(f Figure, group string) {
	g := t.of(group)
	g.Sum, g.Of = g.Sum+f.Sum, g.Of+f.Of
	for days, n := range f.Times {
		took(g, days, n)
	}
}

// Figure is the figure of a group; a group without facts has the figure of nothing.
func (t *Tally) Figure(group string) Figure {
	if g := t.figures[group]; g != nil {
		return *g
	}
	return Figure{Kind: t.indicator.Kind}
}

// Groups are the groups with facts, in order.
func (t *Tally) Groups() []string {
	out := make([]string, 0, len(t.figures))
	for g := range t.figures {
		out = append(out, g)
	}
	slices.Sort(out)
	return out
}

// Behind collects what one matter is of a figure.
type Behind struct {
	indicator Indicator
	period    Period
	entries   map[entry]counted
}

// entry tells apart what counts by different days: a matter can be accepted twice.
type entry struct {
	day  law.Day
	days int
}

type counted struct{ sum, of int }

// Part is what a matter is of a figure, by one day.
type Part struct {
	Day  law.Day // the basis
	N    int
	Days int // of a time
}

// NewBehind begins with nothing.
func NewBehind(i Indicator, p Period) *Behind {
	if i.List != nil {
		i.Sum = i.List
	}
	return &Behind{indicator: i, period: p, entries: map[entry]counted{}}
}

// Add takes a fact of the matter into account.
func (b *Behind) Add(f Fact) {
	sum, of := b.indicator.counts(b.period, f)
	if left, has := b.indicator.Left(); has && !of {
		of, _ = left.counts(b.period, f)
	}
	if !sum && !of {
		return
	}
	at := entry{f.Basis, f.Days}
	c := b.entries[at]
	if sum {
		c.sum += f.N
	}
	if of {
		c.of += f.N
	}
	b.entries[at] = c
}

// List is what the matter is of what is counted, of what it is divided by, or of what of this is not counted; the latest day first.
func (b *Behind) List(of, rest bool) []Part {
	var out []Part
	for at, c := range b.entries {
		n := c.sum
		switch {
		case rest:
			n = c.of - c.sum
		case of:
			n = c.of
		}
		if n != 0 {
			out = append(out, Part{Day: at.day, N: n, Days: at.days})
		}
	}
	slices.SortFunc(out, func(x, y Part) int { return cmp.Or(cmp.Compare(y.Day, x.Day), cmp.Compare(y.Days, x.Days)) })
	return out
}

// Change is how a figure compares with an earlier one of an equally long period (同比, 环比). In hundredths of a percent; not known where there was nothing before.
func Change(now, before int) (hundredths int, known bool) {
	if before == 0 {
		return 0, false
	}
	return ratio(now-before, before, 10_000), true
}

// Warning is what a change gives rise to.
type Warning string

// The warnings: a change of more than a fifth, of more than a tenth, or less. A fall trips them as a rise does; which it was is to be said beside it.
const (
	Alarm    Warning = "alarm"    // 告警
	Abnormal Warning = "abnormal" // 异常
	Steady   Warning = "steady"   // 平稳
)

// Warn weighs two figures against the same figure a year and a period before, exactly: a fifth is not more than a fifth.
func Warn(now, lastYear, before int) Warning {
	over := func(was, percent int) bool {
		d := now - was
		return was != 0 && max(d, -d)*100 > was*percent
	}
	const alarm, abnormal = 20, 10
	switch {
	case over(lastYear, alarm), over(before, alarm):
		return Alarm
	case over(lastYear, abnormal), over(before, abnormal):
		return Abnormal
	}
	return Steady
}

// Balance is the stock of a period: what there was, what changed it, what is left.
type Balance struct {
	Opening, Added, Reopened, MovedIn, Ended, Joined, MovedOut, Closing int
}

// Closes reports whether the opening stock and the changes make the closing one.
func (b Balance) Closes() bool {
	return b.Opening+b.Added+b.Reopened+b.MovedIn-b.Ended-b.Joined-b.MovedOut == b.Closing
}

// changeOf is where the changes of a measure are counted; nil for what is none.
func changeOf(b *Balance, m Measure) *int {
	switch m { //nolint:exhaustive // of many measures
	case Added:
		return &b.Added
	case Reopened:
		return &b.Reopened
	case MovedIn:
		return &b.MovedIn
	case Ended:
		return &b.Ended
	case Joined:
		return &b.Joined
	case MovedOut:
		return &b.MovedOut
	}
	return nil
}

// Balanced sums the stock of a period.
func Balanced(facts []Fact, p Period) Balance {
	var b Balance
	to := min(p.To, p.AsOf)
	for _, f := range facts {
		if f.Measure == Stock {
			if f.Day < p.From {
				b.Opening += f.N
			}
			if f.Day <= to {
				b.Closing += f.N
			}
			continue
		}
		if n := changeOf(&b, f.Measure); n != nil && p.From <= f.Day && f.Day <= to {
			*n += f.N
		}
	}
	return b
}

// Plus adds two balances of the same period.
func (b Balance) Plus(o Balance) Balance {
	return Balance{
		Opening: b.Opening + o.Opening, Added: b.Added + o.Added, Reopened: b.Reopened + o.Reopened, MovedIn: b.MovedIn + o.MovedIn,
		Ended: b.Ended + o.Ended, Joined: b.Joined + o.Joined, MovedOut: b.MovedOut + o.MovedOut, Closing: b.Closing + o.Closing,
	}
}
