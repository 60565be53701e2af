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
	DimAll          Dim = "all"
	DimDay          Dim = "day"   // of the month, two digits; its sums tell apart how long after the basis a fact holds
	DimTown         Dim = "town"  // the township, or what is known above it
	DimPlace        Dim = "place" // as it was said
	DimCategory     Dim = "category"
	DimChannel      Dim = "channel"
	DimPurpose      Dim = "purpose"
	DimLevel        Dim = "level"
	DimMove         Dim = "move"          // of what moved out, to where: "3>4"
	DimTownCategory Dim = "town_category" // "330112104/N0502"
	DimTownDay      Dim = "town_day"      // "330112104/07"; as of a day
	DimBundle       Dim = "bundle"        // the facts of the month themselves (Bundle), instead of all others but the first, while they are few
)

// Always stands for a month where a stock has what it has come to since the beginning.
const Always = 0

// Cell is a sum kept beforehand.
type Cell struct {
	Dim    Dim
	Unit   org.UnitID // 0 for all of the home
	Month  int        // of the basis, see MonthOf; Always; of a year its number, negative
	Code   string
	Sealed bool
}

// Compare orders cells as they are kept.
func (c Cell) Compare(d Cell) int {
	return cmp.Or(cmp.Compare(c.Dim, d.Dim), cmp.Compare(c.Unit, d.Unit), cmp.Compare(c.Month, d.Month), cmp.Compare(c.Code, d.Code))
}

// MonthOf numbers the months: twelve times the year and the month, from 0.
func MonthOf(d law.Day) int {
	y, m, _ := d.Date()
	return y*12 + int(m) - 1
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
func Cells(f Fact, unit org.UnitID, town func(place int64) int64) (plain, bundles []Cell) {
	m := MonthOf(f.Basis)
	cell := func(d Dim, month int, code string) Cell {
		return Cell{Dim: d, Unit: unit, Month: month, Code: code, Sealed: f.Sealed}
	}
	year := -(m / yearMonths)
	plain, bundles = []Cell{cell(DimAll, m, ""), cell(DimAll, year, "")}, []Cell{cell(DimBundle, m, "")}
	if unit == 0 {
		for _, d := range breakdowns() {
			if code, has := d.Code(f.Facets, f.Unit, f.To, 0, town); has {
				plain = append(plain, cell(d, year, code))
			}
		}
	}
	if f.Measure.Stocked() {
		plain, bundles = append(plain, cell(DimAll, Always, "")), append(bundles, cell(DimBundle, Always, ""))
	}
	return plain, bundles
}

// Broken are the cells to which a spot of a bundle is added that has grown too large for one cell.
func Broken(bundle Cell, f Facets, from, to org.UnitID, day int, town func(place int64) int64) []Cell {
	var out []Cell
	for _, d := range breakdowns() {
		if code, has := d.Code(f, from, to, day, town); has {
			out = append(out, Cell{Dim: d, Unit: bundle.Unit, Month: bundle.Month, Code: code, Sealed: bundle.Sealed})
		}
	}
	return out
}

// breakdowns are the ways in which the month of a unit is kept once it has grown.
func breakdowns() []Dim {
	return []Dim{DimDay, DimTown, DimTownDay, DimTownCategory, DimPlace, DimCategory, DimChannel, DimPurpose, DimLevel, DimMove}
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
	if d != DimDay && d != DimTownDay && !k.Measure.timed() {
		k.Days = 0
	}
	return k
}

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
	sealed := func(f *Fact) int {
		if f.Sealed {
			return 1
		}
		return 0
	}
	if c := compareInts(int(a.Basis), int(b.Basis), int(a.Day), int(b.Day), int(a.Unit), int(b.Unit), int(a.To), int(b.To), a.Days, b.Days); c != 0 {
		return c
	}
	return cmp.Or(
		cmp.Compare(a.Place, b.Place), cmp.Compare(a.Category, b.Category), cmp.Compare(a.Channel, b.Channel), cmp.Compare(a.Purpose, b.Purpose),
		cmp.Compare(a.Level, b.Level), cmp.Compare(sealed(a), sealed(b)),
	)
}
