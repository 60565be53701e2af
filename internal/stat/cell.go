package stat

import (
	"cmp"
	"slices"
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
)

// Always stands for a month where a stock has what it has come to since the beginning.
const Always = 0

// Cell is a sum kept beforehand.
type Cell struct {
	Dim    Dim
	Unit   org.UnitID // 0 for all of the home
	Month  int        // of the basis, see MonthOf; Always
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

// Cells are the cells that a fact is added to. Town gives the township that a place lies in.
func Cells(f Fact, town func(place int64) int64) []Cell {
	_, _, day := f.Basis.Date()
	in := strconv.FormatInt(town(f.Place), 10)
	dims := []struct {
		dim  Dim
		code string
	}{
		{DimAll, ""},
		{DimDay, DayCode(day)},
		{DimTown, in},
		{DimTownCategory, in + "/" + f.Category},
		{DimPlace, strconv.FormatInt(f.Place, 10)},
		{DimCategory, f.Category},
		{DimChannel, string(f.Channel)},
		{DimPurpose, string(f.Purpose)},
		{DimLevel, string(f.Level)},
	}
	if f.To != 0 {
		dims = append(slices.Clip(dims), struct {
			dim  Dim
			code string
		}{DimMove, MoveCode(f.Unit, f.To)})
	}
	out := make([]Cell, 0, 4*len(dims)) //nolint:mnd // the unit and all, the month and always
	for _, d := range dims {
		c := Cell{Dim: d.dim, Unit: f.Unit, Month: MonthOf(f.Basis), Code: d.code, Sealed: f.Sealed}
		all := c
		all.Unit = 0
		out = append(out, c, all)
		if f.Measure.Stocked() && d.dim != DimDay {
			c.Month, all.Month = Always, Always
			out = append(out, c, all)
		}
	}
	return out
}

// In is the sum of a cell to which the fact is added.
func (f Fact) In(d Dim) Count {
	if d == DimDay && !f.Measure.timed() {
		return Count{Measure: f.Measure, Days: int(f.Day - f.Basis)}
	}
	return Count{Measure: f.Measure, Days: f.Days}
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
	return m == Stock || m == OverdueNow || strings.HasSuffix(string(m), "."+Pending)
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

func compareFacts(a, b Fact) int {
	sealed := func(f Fact) int {
		if f.Sealed {
			return 1
		}
		return 0
	}
	return cmp.Or(
		compareInts(a.Measure.Code(), b.Measure.Code(), int(a.Basis), int(b.Basis), int(a.Day), int(b.Day), int(a.Unit), int(b.Unit), int(a.To), int(b.To), a.Days, b.Days),
		cmp.Compare(a.Place, b.Place), cmp.Compare(a.Category, b.Category), cmp.Compare(a.Channel, b.Channel), cmp.Compare(a.Purpose, b.Purpose),
		cmp.Compare(a.Level, b.Level), cmp.Compare(sealed(a), sealed(b)),
	)
}
