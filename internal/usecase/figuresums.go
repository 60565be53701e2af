package usecase

import (
	"math"
	"strings"

	"huiyin/internal/law"
	"huiyin/internal/stat"
	"huiyin/internal/store"
)

// adding adds sums that were kept.
type adding struct {
	*figuring

	by    sumBy
	keep  func(stat.Cell) bool
	of    map[stat.Measure][]int
	sign  int
	holds law.Day // what holds by this day counts, NoDay for all of it
}

func (a *adding) cell(c store.CellRow) error {
	return stat.EachSection(c.Counts, a.by.section, func(code string, kept []byte) error {
		c.Section = stat.Section{By: a.by.section, Code: code}
		if a.by.section.Lasting() {
			return stat.EachCount(kept, func(k stat.Count, n int) { a.lasts(c.Lasts(k, n*a.sign)) })
		}
		return a.take(c.Cell, func(each func(stat.Count, int)) error { return stat.EachCount(kept, each) })
	})
}

// lasts adds what stands, or what held from some month on.
func (a *adding) lasts(f stat.Fact) {
	for _, i := range a.of[f.Measure] {
		a.all[i].Add(f, "")
		a.groups[i].Add(f, a.group(a.out.Indicators[i], f))
	}
}

// take adds the sums of one code.
func (a *adding) take(c stat.Cell, counts func(func(stat.Count, int)) error) error {
	if !a.keep(c) || !a.by.keep(c) {
		return nil
	}
	most := math.MaxInt // days after its basis by which what counts holds
	if a.holds.Known() {
		most = int(a.holds - dayOf(c))
	}
	if a.held {
		return a.takeHeld(c, counts, most)
	}
	sums := make([]stat.Figure, len(a.out.Indicators))
	some := make([]bool, len(sums))
	err := counts(func(k stat.Count, n int) {
		if k.HoldsFrom() > most {
			return
		}
		for _, i := range a.of[k.Measure] {
			sums[i], some[i] = a.out.Indicators[i].Plus(sums[i], k, n*a.sign), true
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
func (a *adding) takeHeld(c stat.Cell, counts func(func(stat.Count, int)) error, most int) error {
	day := dayOf(c)
	return counts(func(k stat.Count, n int) {
		which := a.of[k.Measure]
		if k.HoldsFrom() > most || len(which) == 0 {
			return
		}
		month := stat.MonthCode(stat.MonthOf(day.Add(k.HoldsFrom())))
		for _, i := range which {
			sum := a.out.Indicators[i].Plus(stat.Figure{}, k, n*a.sign)
			a.all[i].AddFigure(sum, "")
			a.groups[i].AddFigure(sum, month)
		}
	})
}

// bundle adds what a bundle has of the breakdown asked for.
func (a *adding) bundle(c store.CellRow) error {
	dim := a.by.dim
	return stat.EachSpot(c.Counts, func(s stat.Spot, counts func(func(stat.Moment, int)) error) error {
		cell := stat.Cell{Dim: dim, Unit: c.Unit, Month: c.Month, Sealed: c.Sealed}
		cell.Section.By = a.by.section
		cell.Section.Code, _ = a.by.section.Code(s.Facets, s.From, s.To, 0, townOf)
		if !dim.Daily() {
			code, has := dim.Code(s.Facets, s.From, s.To, 0, townOf)
			if cell.Code = code; !has || !a.within(code) {
				return nil
			}
			return a.take(cell, func(each func(stat.Count, int)) error {
				return counts(func(m stat.Moment, n int) { each(m.In(dim), n) })
			})
		}
		type sum struct {
			stat.Count

			n int
		}
		var days [32][]sum
		if err := counts(func(m stat.Moment, n int) { days[m.Day] = append(days[m.Day], sum{m.Count, n}) }); err != nil {
			return err
		}
		for day := range days {
			list := days[day]
			code, has := dim.Code(s.Facets, s.From, s.To, day, townOf)
			if cell.Code = code; !has || len(list) == 0 || !a.within(code) {
				continue
			}
			if err := a.take(cell, func(each func(stat.Count, int)) error {
				for _, l := range list {
					each(l.Count, l.n)
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
