package open

import "math"

// Attack plays somebody who knows all that is shown and counts on: no count is negative, a merged row is not empty, rows come to their total and merged rows to the rest,
// the parts of a period come to it. It tells found of every hidden count but nought that this leaves no choice.
func Attack(kept []Kept, found func(k Kept, row string, column, n int)) {
	if len(kept) == 0 {
		return
	}
	w := world{kept}
	totals := w.totals()
	for column := range kept[0].Columns {
		a := attack{world: w, column: column, low: map[cellOf]int{}, high: map[cellOf]int{}}
		a.begin()
		for a.tighten() {
		}
		for i, k := range kept {
			for row := range w.rows() {
				at := cellOf{k.Period, row}
				if n := k.cell(row, column); !k.Shows(row) && n != 0 && !w.known(k, row, column) && a.low[at] >= a.high[at] {
					found(k, row, column, n)
				}
			}
			if at := (cellOf{k.Period, totalOf}); !k.Total && k.All()[column] != 0 && !totals.known(totals.kept[i], "", column) && a.low[at] >= a.high[at] {
				found(k, "", column, k.All()[column])
			}
		}
	}
}

// totalOf stands for the total among the rows of an attack; no row is called so.
const totalOf = "\x00"

type cellOf struct {
	period Period
	row    string
}

// attack holds what is known of each count of one column: between what it lies.
type attack struct {
	world
	column    int
	low, high map[cellOf]int
}

const unbounded = math.MaxInt32

func (a *attack) begin() {
	for _, k := range a.kept {
		for row := range a.rows() {
			at := cellOf{k.Period, row}
			a.high[at] = unbounded
			switch {
			case k.Shows(row):
				a.low[at], a.high[at] = k.cell(row, a.column), k.cell(row, a.column)
			case k.Merged[row] && k.Columns == 1:
				a.low[at] = 1
			}
		}
		at := cellOf{k.Period, totalOf}
		a.high[at] = unbounded
		if k.Total {
			a.low[at], a.high[at] = k.All()[a.column], k.All()[a.column]
		}
	}
}

// tighten goes along every line once, and reports whether a bound moved.
func (a *attack) tighten() bool {
	moved := false
	for _, k := range a.kept {
		var all, rest []cellOf
		for row := range a.rows() {
			all = append(all, cellOf{k.Period, row})
			if k.Merged[row] {
				rest = append(rest, cellOf{k.Period, row})
			}
		}
		moved = a.line(a.low[cellOf{k.Period, totalOf}], a.high[cellOf{k.Period, totalOf}], all, &cellOf{k.Period, totalOf}) || moved
		if k.Split && len(rest) > 0 {
			moved = a.line(k.Rest()[a.column], k.Rest()[a.column], rest, nil) || moved
		}
		parts := a.parts(k)
		if len(parts) == 0 {
			continue
		}
		for row := range a.rows() {
			moved = a.over(k, parts, row) || moved
		}
		moved = a.over(k, parts, totalOf) || moved
	}
	return moved
}

func (a *attack) over(k Kept, parts []Kept, row string) bool {
	var cells []cellOf
	for _, p := range parts {
		cells = append(cells, cellOf{p.Period, row})
	}
	at := cellOf{k.Period, row}
	return a.line(a.low[at], a.high[at], cells, &at)
}

// line tightens the bounds of counts that come to a sum between two bounds, and those of the sum where it is a count itself.
func (a *attack) line(low, high int, cells []cellOf, sum *cellOf) bool {
	least, most := 0, 0
	for _, c := range cells {
		least, most = least+a.low[c], min(most+a.high[c], unbounded)
	}
	moved := false
	if sum != nil {
		moved = a.set(*sum, least, most)
		low, high = a.low[*sum], a.high[*sum]
	}
	for _, c := range cells {
		others := 0 // the most that the others can be
		for _, d := range cells {
			if d != c {
				others = min(others+a.high[d], unbounded)
			}
		}
		to := unbounded
		if high < unbounded {
			to = high - (least - a.low[c])
		}
		from := 0
		if others < unbounded {
			from = low - others
		}
		before := a.low[c]
		moved = a.set(c, from, to) || moved
		least += a.low[c] - before
	}
	return moved
}

func (a *attack) set(c cellOf, low, high int) bool {
	moved := false
	if low > a.low[c] {
		a.low[c], moved = low, true
	}
	if high < a.high[c] {
		a.high[c], moved = high, true
	}
	return moved
}
