package stat

import (
	"cmp"
	"strconv"
	"strings"

	"huiyin/internal/law"
	"huiyin/internal/org"
)

// Dim is by what the facts of a month are added up beforehand.
type Dim string

// What they are added up by; each for every unit and for all of them.
const (
	DimAll      Dim = "all"
	DimDay      Dim = "day"      // of the month, two digits; its sums tell apart how long after the basis a fact holds
	DimTown     Dim = "town"     // the township, or what is known above it
	DimTownDay  Dim = "town_day" // "330112104/07"; as of a day
	DimPlace    Dim = "place"    // as it was said
	DimCategory Dim = "category"
	DimMove     Dim = "move"       // of what moved out, to where: "3>4"
	DimHolds    Dim = "holds"      // the day of the month from which something holds, two digits; its sums, also by category, tell apart how many months before it is counted
	DimTownHold Dim = "town_holds" // the same by place: "330112104/07"
	DimSince    Dim = "since"      // since ever, what stands of a measure that is mostly taken back again ([Measure.Stands]), by the day by which it is counted; kept by measure ([Measure.Since])
	DimBundle   Dim = "bundle"     // the facts of the month themselves (Bundle), instead of all others but the first and what stands, while they are few
)

// By what the sums of a cell are told apart besides; of what is added up by category, not by that again.
const (
	DimChannel Dim = "channel"
	DimPurpose Dim = "purpose"
	DimLevel   Dim = "level"
)

// By how many months later something holds the sums of a month are told apart in sections with one code, "".
const (
	DimHeld  Dim = "held"  // of what is open, whatever else there is: so that an old backlog is not found by reading all that ever was
	DimAfter Dim = "after" // of all that does not hold at once ([Measure.Dated]), of all that is counted, of a place and of a category
)

// Always stands for a month where a stock has what it has come to since the beginning.
const Always = 0

// Cell is a sum kept beforehand, or with By one part of it: parts lie in one row with their cell.
type Cell struct {
	Dim     Dim
	Unit    org.UnitID // 0 for all of the home
	Month   int        // of the basis, see MonthOf; Always; of a year its number, negative
	Code    string
	Sealed  bool
	Section Section
}

// Section is what of a cell is meant: all of it, or what has a code by which its sums are told apart besides.
type Section struct {
	By   Dim // "" for all
	Code string
}

// name is that under which a part is kept: all of it first.
func (p Section) name() string {
	if p.By == "" {
		return ""
	}
	return p.By.mark() + p.Code
}

// mark is the letter with which the names of parts begin.
func (d Dim) mark() string {
	switch d { //nolint:exhaustive // of others there are no parts
	case DimAfter:
		return "a"
	case DimCategory:
		return "c"
	case DimChannel:
		return "h"
	case DimLevel:
		return "l"
	case DimHeld:
		return "m"
	case DimPurpose:
		return "p"
	case DimPlace:
		return "v"
	}
	return ""
}

// Row is the cell that a part lies in.
func (c Cell) Row() Cell {
	c.Section = Section{}
	return c
}

// Compare orders cells as they are kept, parts behind all of a cell.
func (c Cell) Compare(d Cell) int {
	return cmp.Or(cmp.Compare(c.Dim, d.Dim), cmp.Compare(c.Unit, d.Unit), cmp.Compare(c.Month, d.Month), cmp.Compare(c.Code, d.Code), compareInts(one(c.Sealed), one(d.Sealed)),
		cmp.Compare(c.Section.name(), d.Section.name()))
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

// MonthOf numbers the months: twelve times the year and the month, from 0.
func MonthOf(d law.Day) int {
	month, _ := monthAndDay(d)
	return month
}

// monthAndDay are the month and the day of the month.
func monthAndDay(d law.Day) (month, day int) {
	y, m, day := d.Date()
	return y*yearMonths + int(m) - 1, day
}

// MonthDays are the first and the last day of a month.
func MonthDays(month int) (first, last law.Day) {
	first = law.NewDay(month/12, 1, 1).AddMonths(month % 12)
	return first, first.AddMonths(1) - 1
}

// MonthCode writes a month as 2006-01.
func MonthCode(month int) string {
	first, _ := MonthDays(month)
	return first.String()[:len("2006-01")]
}

// MonthsOf are the months of a year by their number, and the number itself, under which the year is kept.
func MonthsOf(year int) (first, last, number int) {
	return year * yearMonths, year*yearMonths + yearMonths - 1, -year
}

// Cells are the cells of a unit, or with 0 of all, to which a fact is added whatever else there is, and the bundles to which it is added while they are small: of its
// month, and of a stock since ever. Of all units there are years by each breakdown, of a unit the years as such. Town gives the township that a place lies in.
// They are with years by breakdown those of [Months] and [YearOf].
func Cells(f Fact, unit org.UnitID, town func(place int64) int64) (plain, bundles []Cell) {
	plain, bundles = Months(f, unit)
	if unit == 0 {
		plain = append(plain, YearOf(f, town)...)
	}
	return plain, bundles
}

// Months are those of the cells that are the same whatever a fact is broken down by.
func Months(f Fact, unit org.UnitID) (plain, bundles []Cell) {
	m := MonthOf(f.Basis)
	cell := func(d Dim, month int, code string) Cell {
		return Cell{Dim: d, Unit: unit, Month: month, Code: code, Sealed: f.Sealed}
	}
	year := -(m / yearMonths)
	plain, bundles = []Cell{cell(DimAll, m, ""), cell(DimAll, year, "")}, []Cell{cell(DimBundle, m, "")}
	if f.Measure.Stocked() {
		plain, bundles = append(plain, cell(DimAll, Always, "")), append(bundles, cell(DimBundle, Always, ""))
	}
	return plain, bundles
}

// Lasting are the sums by which the age of what stands is told, and what of a fact each counts: of a unit, or with 0 of all.
func Lasting(f Fact, unit org.UnitID) (cells []Cell, counts []Count) {
	if !f.Measure.Stands() {
		return nil, nil
	}
	cells = []Cell{{Dim: f.Measure.Since(), Unit: unit, Month: Always, Sealed: f.Sealed}}
	counts = []Count{{Measure: f.Measure, Days: int(f.Basis)}}
	if f.Measure == Open {
		m := MonthOf(f.Basis)
		cells = append(cells, Cell{Dim: DimAll, Unit: unit, Month: m, Sealed: f.Sealed, Section: Section{By: DimHeld}})
		counts = append(counts, Count{Measure: f.Measure, Days: MonthOf(f.Day) - m})
	}
	return cells, counts
}

// Since is the dimension of what stands of a measure: each has its own, so that one of them is read of all units in one run.
func (m Measure) Since() Dim { return DimSince + "/" + Dim(m) }

// Since is the day by which what stands is counted, of such a sum since ever.
func (k Count) Since() law.Day { return law.Day(k.Days) } //nolint:gosec // as it was written

// Lasts is a fact like those that such a sum counts: of a month it has the first day.
func (c Cell) Lasts(k Count, n int) Fact {
	f := Fact{Measure: k.Measure, Unit: c.Unit, N: n}
	if c.Dim == DimSince {
		f.Basis, f.Day = k.Since(), k.Since()
		return f
	}
	f.Basis, _ = MonthDays(c.Month)
	f.Day, _ = MonthDays(c.Month + k.Days)
	return f
}

// YearOf are the cells of the breakdowns of all units in a year: those of a fact with the same facets and the same move in the same year are the same.
func YearOf(f Fact, town func(place int64) int64) []Cell {
	return Broken(Cell{Month: -(MonthOf(f.Basis) / yearMonths), Sealed: f.Sealed}, f.Facets, f.Unit, f.To, town)
}

// Broken are the cells to which a spot of a bundle is added that has grown too large for one cell, with their sections, whatever the day.
func Broken(bundle Cell, f Facets, from, to org.UnitID, town func(place int64) int64) []Cell {
	out := make([]Cell, 0, 18) //nolint:mnd // as many as most have
	for _, d := range []Dim{DimAll, DimTown, DimPlace, DimCategory, DimMove} {
		code, has := d.Code(f, from, to, 0, town)
		if !has {
			continue
		}
		c := Cell{Dim: d, Unit: bundle.Unit, Month: bundle.Month, Code: code, Sealed: bundle.Sealed}
		if d != DimAll { // all of it is kept whatever else there is
			out = append(out, c)
		}
		for _, by := range d.sections() {
			c.Section.By = by
			c.Section.Code, _ = by.Code(f, from, to, 0, town)
			out = append(out, c)
		}
	}
	return out
}

// BrokenDay are those of a day of the month.
func BrokenDay(bundle Cell, f Facets, day int, town func(place int64) int64) (out []Cell) {
	for _, d := range []Dim{DimDay, DimTownDay} {
		if code, has := d.Code(f, 0, 0, day, town); has {
			out = append(out, Cell{Dim: d, Unit: bundle.Unit, Month: bundle.Month, Code: code, Sealed: bundle.Sealed})
		}
	}
	return out
}

// HoldsOn is the day from which what a moment of a month counts holds: none before that by which it is counted.
func (m Moment) HoldsOn(month int) law.Day {
	first, _ := MonthDays(month)
	return first.Add(m.Day - 1 + max(0, m.HoldsFrom()))
}

// BrokenHold are those of a day from which something of the month holds and that are told apart by a dimension, for what holds at once and for what does not, and how
// many months later that is.
func BrokenHold(bundle Cell, by Dim, code string, holds law.Day, town func(place int64) int64) (dated, later []Cell, months int) {
	month, day := monthAndDay(holds)
	on := Cell{Dim: DimHolds, Unit: bundle.Unit, Month: month, Code: DayCode(day), Sealed: bundle.Sealed}
	if by == DimPlace {
		place, _ := strconv.ParseInt(code, 10, 64) // written by [Dim.Code]
		on.Dim = DimTownHold
		on.Code, _ = on.Dim.Code(Facets{Place: place}, 0, 0, day, town)
	}
	after := Cell{Dim: by, Unit: bundle.Unit, Month: bundle.Month, Code: code, Sealed: bundle.Sealed, Section: Section{By: DimAfter}}
	if by != DimAll {
		on.Section = Section{by, code}
	}
	return []Cell{on}, []Cell{on, after}, month - bundle.Month
}

// HoldDims are by what the sums by when something holds are told apart.
func HoldDims() []Dim { return []Dim{DimAll, DimPlace, DimCategory} }

// Later is the sum by months that a moment is added to.
func (m Moment) Later(months int) Count {
	k := m.Count
	if !k.Measure.timed() {
		k.Days = months
	}
	return k
}

// HeldMonth is the month by which something is counted that a sum of the days on which it came to hold has.
func (c Cell) HeldMonth(k Count) int {
	if k.Measure.timed() {
		return c.Month
	}
	return c.Month - k.Days
}

// sections are by what the sums of cells are told apart besides.
func (d Dim) sections() []Dim {
	switch d { //nolint:exhaustive // of others by nothing
	case DimAll, DimCategory:
		return []Dim{DimChannel, DimPurpose, DimLevel}
	case DimTown, DimPlace:
		return []Dim{DimCategory, DimChannel, DimPurpose, DimLevel}
	}
	return nil
}

// Count is the sum of a bundle to which the fact is added.
func (f Fact) Count() Count {
	if f.Measure.timed() {
		return Count{Measure: f.Measure, Days: f.Days}
	}
	return Count{Measure: f.Measure, Days: int(f.Day - f.Basis)}
}

// In is the sum of a cell to which a sum of a bundle is added: those of days tell apart from when on something holds.
func (k Count) In(d Dim) Count {
	if !d.Daily() && !k.Measure.timed() {
		k.Days = 0
	}
	return k
}

// Holding reports whether sums are of the days from which something holds.
func (d Dim) Holding() bool { return d == DimHolds || d == DimTownHold }

// Daily reports whether sums are of the days of months.
func (d Dim) Daily() bool { return d == DimDay || d == DimTownDay || d.Holding() }

// HoldsFrom is how many days after its basis what a sum of a day counts holds.
func (k Count) HoldsFrom() int {
	if k.Measure.timed() {
		return 0
	}
	return k.Days
}

// Stocked reports whether a measure is of a stock.
func (m Measure) Stocked() bool {
	return m == Stock || m == OverdueNow || m == Backlog || strings.HasSuffix(string(m), "."+Pending)
}

// Stands reports whether facts of a measure are mostly taken back again, with the same basis: never more often than they were left. What is left of them is what stands.
func (m Measure) Stands() bool {
	return m == Open || m == Backlog || strings.HasSuffix(string(m), "."+Pending) || strings.HasSuffix(string(m), "."+Overdue)
}

// timed reports whether a measure is a time: it holds from the day it ended, which is its basis.
func (m Measure) timed() bool {
	switch m { //nolint:exhaustive // of many measures
	case DaysToForward, DaysToSign, DaysToNotice, DaysToAccept, DaysToAnswer, DaysToServe:
		return true
	}
	return false
}

// DayCode is the code of a day of the month.
func DayCode(day int) string { return string([]byte{'0' + byte(day/10), '0' + byte(day%10)}) } //nolint:gosec,mnd // two digits

// MoveCode is the code of a move from one unit to another.
func MoveCode(from, to org.UnitID) string {
	return strconv.FormatInt(int64(from), 10) + ">" + strconv.FormatInt(int64(to), 10)
}

// Dated reports whether facts of a measure hold from the very day by which they are counted: what was so on a past day then needs no looking back.
func (m Measure) Dated() bool {
	switch m { //nolint:exhaustive // of many measures
	case Items, Batches, Persons, GroupBatches, GroupPersons, Submissions, Firsts, Repeats, Online,
		Stock, OverdueNow, Added, Reopened, Ended, Joined, MovedIn, MovedOut, Accepted, Returned, Urged:
		return true
	}
	return m.timed()
}

// compareInts compares pairs of numbers, the first that differ.
func compareInts(pairs ...int) int {
	for i := 0; i+1 < len(pairs); i += 2 {
		if c := cmp.Compare(pairs[i], pairs[i+1]); c != 0 {
			return c
		}
	}
	return 0
}

// compareFacts compares facts of one measure.
func compareFacts(a, b *Fact) int {
	if c := compareInts(int(a.Basis), int(b.Basis), int(a.Day), int(b.Day), int(a.Unit), int(b.Unit), int(a.To), int(b.To), a.Days, b.Days); c != 0 {
		return c
	}
	return cmp.Or(
		cmp.Compare(a.Place, b.Place), cmp.Compare(a.Category, b.Category), cmp.Compare(a.Channel, b.Channel), cmp.Compare(a.Purpose, b.Purpose),
		cmp.Compare(a.Level, b.Level), cmp.Compare(one(a.Sealed), one(b.Sealed)),
	)
}
