package usecase

import (
	"slices"
	"strings"

	"huiyin/internal/gazetteer"
	"huiyin/internal/law"
	"huiyin/internal/stat"
)

// ways of counting one indicator: the months whose sums are taken, and the days whose facts are.
type way struct {
	from, to law.Day // the basis
	by       *sumBy  // nil where no sums fit
	days     *sumBy  // sums of days that are taken for the months that are not whole, nil where there are none
	then     bool    // as of a past day: sums that tell apart by how many months later something holds, and those of the days of its month up to that day
	total    bool    // of a stock: what it has come to, less all since from, and then what there was from that day on
	holds    law.Day // what holds by this day counts, NoDay for all of it
}

// sumBy says which sums make a breakdown.
type sumBy struct {
	dim      stat.Dim
	code     string         // with which the codes begin
	codes    []string       // these alone, nil for all
	measures []stat.Measure // of which it is read what stands
	section  stat.Dim       // in which sections of the cells it is kept, "" for all of them
	keep     func(stat.Cell) bool
	group    func(stat.Cell) string
}

// sums says which sums make the breakdown asked for, nil where none do.
func (f *figuring) sums() *sumBy {
	ask := f.ask
	by := &sumBy{dim: stat.DimAll}
	placed, sorted := ask.Place != 0 || ask.By == ByPlace, ask.Category != "" || ask.By == ByCategory
	var small stat.Dim
	switch ask.By { //nolint:exhaustive // the others are no matter of facets
	case ByChannel:
		small = stat.DimChannel
	case ByPurpose:
		small = stat.DimPurpose
	case ByLevel:
		small = stat.DimLevel
	}
	level := gazetteer.LevelOf(ask.Place)
	switch {
	case ask.By == ByMove:
		by.dim = stat.DimMove
		if placed || sorted {
			return nil
		}
	case ask.By == ByDay:
		if by.dim = stat.DimDay; placed {
			by.dim = stat.DimTownDay
		}
		if sorted || level > gazetteer.Town {
			return nil
		}
	case placed:
		if by.dim = stat.DimTown; level > gazetteer.Town || ask.By == ByPlace && gazetteer.LevelOf(f.out.Within) >= gazetteer.Town {
			by.dim = stat.DimPlace
		}
		if by.section = small; sorted {
			by.section = stat.DimCategory
		}
		if sorted && small != "" {
			return nil
		}
	case sorted:
		by.dim, by.section = stat.DimCategory, small
		if ask.Category != "" {
			by.codes = f.facets(0).Categories
		}
	default:
		by.section = small
	}
	if ask.Place != 0 {
		by.code = placeCode(ask.Place)
	}
	by.keep = func(c stat.Cell) bool {
		return (ask.Place == 0 || gazetteer.Inside(placeOf(c), ask.Place)) && (ask.Category == "" || f.o.categoryWithin(categoryOf(c), ask.Category))
	}
	by.group = f.groupOf()
	return by
}

// groupOf says to which group of the breakdown asked for a cell belongs.
func (f *figuring) groupOf() func(stat.Cell) string {
	if f.aged {
		return func(c stat.Cell) string { return f.ageGroup(c.Unit, dayOf(c)) }
	}
	switch f.ask.By {
	case ByUnit:
		return func(c stat.Cell) string { return unitCode(c.Unit) }
	case ByMonth:
		return func(c stat.Cell) string { return stat.MonthCode(c.Month) }
	case ByDay:
		return func(c stat.Cell) string { return dayOf(c).String() }
	case ByPlace:
		return func(c stat.Cell) string { return placeCode(placeBelow(placeOf(c), f.out.Within)) }
	case ByCategory:
		return func(c stat.Cell) string { return f.o.categoryBelow(categoryOf(c), f.ask.Category) }
	case ByChannel, ByPurpose, ByLevel:
		return func(c stat.Cell) string { return c.Section.Code }
	case ByMove:
		return func(c stat.Cell) string { return c.Code }
	case ByNothing:
	}
	return func(stat.Cell) string { return "" }
}

// placeOf is the place of the sums of places.
func placeOf(c stat.Cell) int64 {
	if c.Section.By == stat.DimPlace {
		return number(c.Section.Code)
	}
	code, _, _ := strings.Cut(c.Code, "/") // of a day of a township
	return number(code)
}

// categoryOf is the category of the sums of categories, or of that part of others.
func categoryOf(c stat.Cell) string {
	if c.Dim == stat.DimCategory {
		return c.Code
	}
	return c.Section.Code
}

// way says how an indicator is counted. Sums stand as of today: they serve whoever asks as of today, and for measures whose facts hold from their basis on. Of any other
// past day the sums of days are read, which tell apart from when on a fact holds.
func (f *figuring) way(i stat.Indicator, first law.Day, by *sumBy) way {
	p := f.ask.Period
	w := way{from: p.From, to: p.To}
	stock := i.Kind == stat.KindStock
	if stock {
		w.from, w.to = first, f.today
	}
	grouped := stock && (f.ask.By == ByMonth || f.ask.By == ByDay)
	through := min(p.Through(i), f.today)
	switch {
	case p.Recorded.Known() || by == nil:
	case f.held && i.Only(stat.Open) && f.whole(through) && f.whole(w.to) && w.from == monthStart(w.from) && by.lasts():
		w.by = &sumBy{dim: stat.DimAll, section: stat.DimHeld, keep: by.keep, group: by.group}
		return w
	case !stock && !f.held && through >= f.today && i.Stands() && by.lasts():
		w.by = &sumBy{dim: stat.DimSince, keep: by.keep, group: by.group}
		return w
	case f.held || f.aged:
		if days, has := by.ofDays(); has {
			w.by, w.holds = &days, through
		}
	case stock && i.Dated():
		w.by, w.to, w.total = by, through, true
		if grouped {
			w.from = monthStart(min(p.From, through))
		} else if w.from = monthStart(through.Add(1)); through >= f.today {
			w.from = through.Add(1)
		}
	case grouped:
	case stock && through >= f.today:
		w.by, w.from, w.to, w.total = by, f.today.Add(1), f.today, true
	case through >= f.today:
		w.by = by
	case i.Dated():
		w.by, w.to = by, min(w.to, through)
	case by.tellsThen(f.ask.By):
		w.by, w.to, w.holds, w.then = by, min(w.to, through), through, true
	default:
		if days, has := by.ofDays(); has {
			w.by, w.holds = &days, through
		}
	}
	if w.by != nil {
		w.days = w.by.parts(i.Dated())
	}
	return w
}

// whole reports whether a month, or all that there is, ends with a day.
func (f *figuring) whole(day law.Day) bool {
	return day >= f.today || day.Add(1) == monthStart(day.Add(1))
}

// lasts reports whether a breakdown is one of what is told by the age of what stands.
func (by sumBy) lasts() bool {
	return by.section == "" && (by.dim == stat.DimAll || by.dim == stat.DimDay)
}

// lasting reports whether these are sums by which the age of what stands is told.
func (by sumBy) lasting() bool { return by.dim == stat.DimSince || by.section == stat.DimHeld }

// tellsThen reports whether sums are told apart by when what they count holds, and may be broken down so without the day or the month by which it is counted.
func (by sumBy) tellsThen(how StatBy) bool {
	return by.section == "" && slices.Contains(stat.HoldDims(), by.dim) && how != ByMonth
}

// ofHolds are the same sums by the days from which something holds.
func (by sumBy) ofHolds() (sumBy, bool) {
	if by.section != "" || !slices.Contains(stat.HoldDims(), by.dim) {
		return by, false
	}
	if by.dim != stat.DimAll {
		by.section = by.dim
	}
	if by.dim != stat.DimPlace {
		by.dim, by.code, by.codes = stat.DimHolds, "", nil
		return by, true
	}
	if by.dim = stat.DimTownHold; by.code != "" {
		by.code = placeCode(townOf(number(by.code)))
	}
	return by, true
}

// parts are the sums that are taken for some days of a month: those by the day by which it is counted, and of what holds from that very day also those by when it holds.
func (by sumBy) parts(dated bool) *sumBy {
	if days, has := by.ofDays(); has {
		return &days
	}
	if holds, has := by.ofHolds(); has && dated {
		return &holds
	}
	return nil
}

// ofDays are the same sums day by day, where there are such.
func (by sumBy) ofDays() (sumBy, bool) {
	switch {
	case by.section != "":
	case by.dim == stat.DimAll, by.dim == stat.DimDay:
		by.dim = stat.DimDay
		return by, true
	case by.dim == stat.DimTown, by.dim == stat.DimTownDay:
		by.dim = stat.DimTownDay
		return by, true
	}
	return by, false
}

// dayOf is the day of the sums of a day.
func dayOf(c stat.Cell) law.Day {
	if i := strings.LastIndexByte(c.Code, '/'); i >= 0 {
		return dayOfMonth(c.Month, c.Code[i+1:])
	}
	return dayOfMonth(c.Month, c.Code)
}

func monthStart(d law.Day) law.Day {
	first, _ := stat.MonthDays(stat.MonthOf(d))
	return first
}
