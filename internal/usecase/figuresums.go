package usecase

import (
	"context"
	"math"
	"strings"

	"huiyin/internal/law"
	"huiyin/internal/stat"
	"huiyin/internal/store"
)

// adding adds sums that were kept.
type adding struct {
	*figuring

	by      sumBy
	keep    func(stat.Cell) bool
	of      stat.ByMeasure[[]share]
	sign    int
	counts  func(stat.Cell) func(stat.Count) bool  // which of the sums of a cell count, nil for all
	moments func(stat.Cell) func(stat.Moment) bool // which of those of a bundle, nil for all
}

// read adds the sums of some months.
func (a *adding) read(ctx context.Context, t *store.Tx, home int64, part signed, months [2]int) error {
	return t.EachCell(ctx, home, store.CellsAsk{
		Dim: a.by.dim, Measures: a.by.measures, Units: part.units, From: months[0], To: months[1], Code: a.by.code, Codes: a.by.codes, Sealed: a.out.Sealed,
	}, a.cell)
}

// bundles adds what the bundles of some months have.
func (a *adding) bundles(ctx context.Context, t *store.Tx, home int64, part signed, months [2]int) error {
	return t.EachCell(ctx, home, store.CellsAsk{Dim: stat.DimBundle, Units: part.units, From: months[0], To: months[1], Sealed: a.out.Sealed}, a.bundle)
}

// share is what a measure is of one of the indicators asked for.
type share struct {
	stat.Share

	indicator int
}

// eachSum gives sums of measures that are asked for, with what each is of which indicators.
type eachSum func(take func([]share, stat.Count, int)) error

func (a *adding) cell(c store.CellRow) error {
	return stat.EachSection(c.Counts, a.by.section, func(code string, kept []byte) error {
		c.Section = stat.Section{By: a.by.section, Code: code}
		each := func(take func([]share, stat.Count, int)) error {
			return stat.EachCountOf(kept, a.of, func(s *[]share, k stat.Count, n int) { take(*s, k, n) })
		}
		switch {
		case a.by.lasting() && a.aged:
			return a.age(c.Cell, each)
		case a.by.lasting():
			return a.lasting(c.Cell, each)
		}
		return a.take(c.Cell, each)
	})
}

// lasting adds what stands, or what held from some month on.
func (a *adding) lasting(c stat.Cell, counts eachSum) error {
	type spot struct { // of one group
		indicator  int
		basis, day law.Day
	}
	type sum struct {
		fact   stat.Fact // one of them
		figure stat.Figure
	}
	sums := map[spot]*sum{}
	err := counts(func(shares []share, k stat.Count, n int) {
		f := c.Lasts(k, n*a.sign)
		for _, s := range shares {
			d := a.out.Indicators[s.indicator]
			if !d.Within(a.ask.Period, f) {
				continue
			}
			at := spot{s.indicator, f.Basis, f.Day}
			if sums[at] == nil {
				sums[at] = &sum{f, stat.Figure{Kind: d.Kind}}
			}
			s.Plus(&sums[at].figure, f.N, f.Days)
		}
	})
	for at, s := range sums {
		a.all[at.indicator].AddFigure(s.figure, "")
		a.groups[at.indicator].AddFigure(s.figure, a.group(a.out.Indicators[at.indicator], s.fact))
	}
	return err
}

// age adds what stands by its age. There may be as many days in it as there are.
func (a *adding) age(c stat.Cell, counts eachSum) error {
	p, ages := a.ask.Period, len(stat.Ages())
	sums := make([]stat.Figure, len(a.out.Indicators)*ages)
	age, least, most := 0, 1, 0 // of the one before, and how many days old what is of that age is
	err := counts(func(shares []share, k stat.Count, n int) {
		day := k.Since()
		if day < p.From || day > p.To || day > p.AsOf {
			return
		}
		if days := int(p.AsOf - day); days < least || days > most {
			age = stat.AgeOf(days)
			if least, most = stat.Ages()[age].Least, stat.Ages()[age].Most; most == 0 {
				most = math.MaxInt
			}
		}
		for _, s := range shares {
			s.Plus(&sums[s.indicator*ages+age], n*a.sign, 0)
		}
	})
	for i, sum := range sums {
		if at := i / ages; sum.Sum != 0 || sum.Of != 0 {
			a.all[at].AddFigure(sum, "")
			a.groups[at].AddFigure(sum, ageCode(c.Unit, i%ages))
		}
	}
	return err
}

// take adds the sums of one code.
func (a *adding) take(c stat.Cell, counts eachSum) error {
	if !a.keep(c) || !a.by.keep(c) {
		return nil
	}
	fits := func(stat.Count) bool { return true }
	if a.counts != nil {
		fits = a.counts(c)
	}
	if a.held {
		return a.takeHeld(c, counts, fits)
	}
	sums := make([]stat.Figure, len(a.out.Indicators))
	some := make([]bool, len(sums))
	err := counts(func(shares []share, k stat.Count, n int) {
		if !fits(k) {
			return
		}
		for _, s := range shares {
			if !some[s.indicator] {
				sums[s.indicator].Kind, some[s.indicator] = a.out.Indicators[s.indicator].Kind, true
			}
			s.Plus(&sums[s.indicator], n*a.sign, k.Days)
		}
	})
	group := ""
	for i, sum := range sums {
		if some[i] {
			if group == "" {
				group = a.by.group(c)
			}
			a.all[i].AddFigure(sum, "")
			a.groups[i].AddFigure(sum, group)
		}
	}
	return err
}

// takeHeld adds the sums of one day to the months from which they hold.
func (a *adding) takeHeld(c stat.Cell, counts eachSum, fits func(stat.Count) bool) error {
	day := dayOf(c)
	return counts(func(shares []share, k stat.Count, n int) {
		if !fits(k) {
			return
		}
		month := stat.MonthCode(stat.MonthOf(day.Add(k.HoldsFrom())))
		for _, s := range shares {
			sum := stat.Figure{Kind: a.out.Indicators[s.indicator].Kind}
			s.Plus(&sum, n*a.sign, k.Days)
			a.all[s.indicator].AddFigure(sum, "")
			a.groups[s.indicator].AddFigure(sum, month)
		}
	})
}

// bundle adds what a bundle has of the breakdown asked for.
func (a *adding) bundle(c store.CellRow) error {
	dim := a.by.dim
	fits := func(stat.Moment) bool { return true }
	if a.moments != nil {
		fits = a.moments(c.Cell)
	}
	return stat.EachSpot(c.Counts, func(s stat.Spot, counts func(func(stat.Moment, int)) error) error {
		cell := stat.Cell{Dim: dim, Unit: c.Unit, Month: c.Month, Sealed: c.Sealed}
		cell.Section.By = a.by.section
		cell.Section.Code, _ = a.by.section.Code(s.Facets, s.From, s.To, 0, townOf)
		if !dim.Daily() {
			code, has := dim.Code(s.Facets, s.From, s.To, 0, townOf)
			if cell.Code = code; !has || !a.within(code) {
				return nil
			}
			return a.take(cell, func(take func([]share, stat.Count, int)) error {
				return counts(func(m stat.Moment, n int) {
					if of := a.of.Has(m.Measure); of != nil && fits(m) {
						take(*of, m.In(dim), n)
					}
				})
			})
		}
		type sum struct {
			stat.Count

			of []share
			n  int
		}
		var days [32][]sum
		if err := counts(func(m stat.Moment, n int) {
			if of := a.of.Has(m.Measure); of != nil {
				days[m.Day] = append(days[m.Day], sum{m.Count, *of, n})
			}
		}); err != nil {
			return err
		}
		for day := range days {
			list := days[day]
			code, has := dim.Code(s.Facets, s.From, s.To, day, townOf)
			if cell.Code = code; !has || len(list) == 0 || !a.within(code) {
				continue
			}
			if err := a.take(cell, func(take func([]share, stat.Count, int)) error {
				for _, l := range list {
					take(l.of, l.Count, l.n)
				}
				return nil
			}); err != nil {
				return err
			}
		}
		return nil
	})
}

// within reports whether a code is among those asked for, as they are read.
func (a *adding) within(code string) bool { return strings.HasPrefix(code, a.by.code) }
