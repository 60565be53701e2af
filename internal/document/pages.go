package document

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"huiyin/internal/errs"
)

// page is what is printed on one page, its places counted from the page's top left.
type page struct {
	runs  []run
	rules []rule
}

// paginator fills pages with items.
type paginator struct {
	pages []page
	y     float64 // used height of the last page
	table *tableHead
}

// paginate fills pages and sets closing lines and page numbers.
func (l *layout) paginate(d Doc) ([]page, error) {
	p := &paginator{}
	p.newPage()
	for i := 0; i < len(l.items); {
		end, height := i+1, l.items[i].height
		for end < len(l.items) && l.items[end-1].with {
			height += l.items[end].height
			end++
		}
		if p.y+height > blockHeight+0.01 {
			p.turn(l.items[i])
		}
		for _, it := range l.items[i:end] {
			p.put(it)
		}
		i = end
		if len(p.pages) > maxPages {
			return nil, errs.Fields([]errs.Field{errs.F("body", "document.pages", "limit", maxPages)})
		}
	}
	p.endTable()
	p.imprint(l, d.imprint(l.words))
	for i := range p.pages {
		p.pages[i].number(l, i+1)
	}
	return p.pages, nil
}

func (p *paginator) newPage() {
	p.pages = append(p.pages, page{})
	p.y = 0
}

// turn begins a new page unless the last is empty; a table that goes on there gets its heading again.
func (p *paginator) turn(next item) {
	if p.y == 0 {
		return
	}
	table := p.table
	p.endTable()
	p.newPage()
	if next.table != nil && next.table == table && !next.head {
		for _, it := range table.items {
			p.put(it)
		}
	}
}

// endTable closes the table on this page below its last line.
func (p *paginator) endTable() {
	if p.table != nil {
		p.across(p.y)
	}
	p.table = nil
}

// across draws a rule of a table.
func (p *paginator) across(y float64) {
	last := &p.pages[len(p.pages)-1]
	y += marginTop
	last.rules = append(last.rules, rule{x1: marginLeft, x2: marginLeft + blockWidth, y1: y, y2: y, width: thin})
}

// put prints an item below the last one, on a new page when it does not fit.
func (p *paginator) put(it item) {
	if it.space && p.y == 0 && len(p.pages) > 1 {
		return
	}
	if p.y+it.height > blockHeight+0.01 && p.y > 0 {
		p.turn(it)
	}
	if it.table != nil && (it.first || it.table != p.table) {
		p.across(p.y)
		p.table = it.table
	}
	last := &p.pages[len(p.pages)-1]
	last.add(it, marginTop+p.y)
	p.y += it.height
	if it.last {
		p.endTable()
	}
}

// add prints an item at a height.
func (pg *page) add(it item, y float64) {
	for _, r := range it.runs {
		r.x, r.y = r.x+marginLeft, r.y+y
		pg.runs = append(pg.runs, r)
	}
	for _, r := range it.rules {
		r.x1, r.x2, r.y1, r.y2 = r.x1+marginLeft, r.x2+marginLeft, r.y1+y, r.y2+y
		pg.rules = append(pg.rules, r)
	}
}

// imprint sets the closing lines at the foot of the last page between rules.
func (p *paginator) imprint(l *layout, texts []string) {
	if len(texts) == 0 {
		return
	}
	st := style{font: serif, size: size4}
	var parts [][]item
	height := 0.0
	for _, text := range texts {
		glyphs := l.text(text, st)
		hang := hangOf(text) * size4
		lines := l.lines(glyphs, shape{left: size4 + hang, first: -hang, width: blockWidth - size4, height: cellPitch + cellPad})
		parts = append(parts, lines)
		height += float64(len(lines)) * (cellPitch + cellPad)
	}
	if p.y+height > blockHeight {
		p.newPage()
	}
	y := marginTop + blockHeight - height
	last := &p.pages[len(p.pages)-1]
	line := func(width float64) {
		last.rules = append(last.rules, rule{x1: marginLeft, x2: marginLeft + blockWidth, y1: y, y2: y, width: width})
	}
	line(thick)
	for i, part := range parts {
		if i > 0 {
			line(thin)
		}
		for _, it := range part {
			last.add(it, y)
			y += it.height
		}
	}
	line(thick)
}

// hangOf gives how many characters the further lines of a closing line hang in: below the word and colon it begins
// with.
func hangOf(s string) float64 {
	if at := strings.Index(s, "："); at > 0 && utf8.RuneCountInString(s[:at]) <= 4 {
		return float64(utf8.RuneCountInString(s[:at]) + 1)
	}
	return 0
}

// number prints the page number at the outer side, one character from the edge.
func (pg *page) number(l *layout, n int) {
	text := l.text("— "+strconv.Itoa(n)+" —", style{font: serif, size: size4})
	s := shape{left: size4, width: blockWidth - size4, height: size4}
	if n%2 == 1 {
		s.align = Right
	}
	for _, it := range s.set([][]glyph{text}) {
		pg.add(it, marginTop+blockHeight+numberDrop)
	}
}
