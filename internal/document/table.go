package document

import "unicode/utf8"

// cell is the text of one cell, set, and where it stands.
type cell struct {
	x, width float64
	lines    []item
}

// table sets a table, line by line. A row of few lines stays on one page, the heading with the row after it.
func (l *layout) table(b Block) {
	edges := columnEdges(b.Widths)
	head := &tableHead{}
	var items []item
	for _, r := range b.Rows {
		rows := l.tableRow(r, edges)
		for i := range rows {
			rows[i].table, rows[i].head = head, r.Head
		}
		if r.Head {
			rows = keep(rows)
			head.items = append(head.items, rows...)
		}
		items = append(items, rows...)
	}
	if len(items) > 0 {
		items[len(items)-1].last = true
		items[len(items)-1].with = false
		l.add(items...)
	}
	l.add(item{height: pitch / 4, space: true})
}

// columnEdges turns shares into the places of the vertical rules.
func columnEdges(shares []int) []float64 {
	sum := 0
	for _, s := range shares {
		sum += max(s, 1)
	}
	edges := make([]float64, 1, len(shares)+1)
	at := 0
	for _, s := range shares {
		at += max(s, 1)
		edges = append(edges, blockWidth*float64(at)/float64(sum))
	}
	return edges
}

// tableRow sets a row: one item for each line, the cells in it beside each other with the rules between them.
func (l *layout) tableRow(r Row, edges []float64) []item {
	cells := make([]cell, len(r.Cells))
	count := 1
	for i, text := range r.Cells {
		right := edges[i+1]
		if i == len(r.Cells)-1 {
			right = blockWidth
		}
		c := cell{x: edges[i], width: right - edges[i]}
		st, s := style{font: serif, size: size4}, shape{left: c.x + cellPad, width: right - cellPad, height: cellPitch, ragged: true}
		if r.Head {
			st.font = sans
		}
		if r.Head || isShort(text) {
			s.align = Centred
		}
		c.lines = l.lines(l.glyphs(text, st), s)
		count = max(count, len(c.lines))
		cells[i] = c
	}
	out := make([]item, count)
	for i := range out {
		out[i] = rowLine(cells, i, count)
	}
	return out
}

// rowLine puts together line i of a row that has count lines. In a row that is not cut the cells with fewer lines
// stand in the middle.
func rowLine(cells []cell, i, count int) item {
	it := item{height: cellPitch, first: i == 0, with: count <= wholeRow && i+1 < count}
	drop := 0.0
	if i == 0 {
		it.height += cellPad
		drop = cellPad
	}
	if i+1 == count {
		it.height += cellPad
	}
	for _, c := range cells {
		for _, x := range []float64{c.x, c.x + c.width} {
			it.rules = append(it.rules, rule{x1: x, x2: x, y2: it.height, width: thin})
		}
		at := i
		if count <= wholeRow {
			at -= (count - len(c.lines)) / 2
		}
		if at < 0 || at >= len(c.lines) {
			continue
		}
		for _, r := range c.lines[at].runs {
			r.y += drop
			it.runs = append(it.runs, r)
		}
		for _, r := range c.lines[at].rules {
			r.y1, r.y2 = r.y1+drop, r.y2+drop
			it.rules = append(it.rules, r)
		}
	}
	return it
}

// isShort reports whether a cell stands in the middle of its column: a number or a few words without a blank.
func isShort(text []Span) bool { return utf8.RuneCountInString(plain(text)) <= 6 }
