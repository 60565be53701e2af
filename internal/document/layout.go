package document

import (
	"math"
	"strings"
)

// The page by GB/T 9704-2012, in points: A4, text block 156 × 225 mm with 22 lines of 28 characters of size 3.
const (
	mm          = 72 / 25.4
	pageWidth   = 210 * mm
	pageHeight  = 297 * mm
	marginTop   = 37 * mm
	marginLeft  = 28 * mm
	blockWidth  = 156 * mm
	blockHeight = 225 * mm
	pitch       = blockHeight / 22
	size3       = 16              // size 3: text
	em          = blockWidth / 28 // one character of the text with its share of the line
	size2       = 22              // size 2: title
	titlePitch  = 35              // line of a title
	size4       = 14              // size 4: tables, closing lines, page numbers
	cellPitch   = 20              // line of a table
	cellPad     = 4               // around the text of a cell
	headTop     = 35 * mm         // from the text block's top to the red head
	headSize    = 40              // of the red head, when it fits in one line
	ruleGap     = 4 * mm          // from the number to the red rule
	thick       = 0.35 * mm       // outer closing rules
	thin        = 0.25 * mm       // inner closing rules, rules of tables
	numberDrop  = 7 * mm          // from the text block's bottom to the page number
	maxPages    = 2_000           // of one document
	ascent      = 0.88            // share of a Chinese character above its base line
	maxStretch  = 0.25            // of the type size: a gap wider than this is not stretched
	wholeRow    = 8               // a row of a table with more lines may be cut by a page end
)

// style is how a text is printed.
type style struct {
	font fontID
	size float64
	fit  float64 // width of one Chinese character with its space; 0: the type size
	red  bool
}

// run is a text at a place, all in one font, its characters set apart by spacing.
type run struct {
	x, y    float64 // base line, from the top left of the item, later of the page
	text    string
	style   style
	spacing float64
}

// rule is a straight line.
type rule struct {
	x1, y1, x2, y2, width float64
	red                   bool
}

// item is what may not be cut by the end of a page: a line of text, or a line of a table's row.
type item struct {
	height float64
	with   bool // stays on one page with the next item
	space  bool // left out at the top of a page
	runs   []run
	rules  []rule
	table  *tableHead // the item belongs to a table
	head   bool       // to its heading row
	first  bool       // first line of its row
	last   bool       // last line of the table
}

// tableHead is the heading of a table, printed again on each page.
type tableHead struct{ items []item }

// layout sets a document into items and these into pages.
type layout struct {
	faces *typefaces
	words words
	items []item
}

func (l *layout) body() style { return style{font: serif, size: size3, fit: em} }

// glyphs looks each character up.
func (l *layout) glyphs(spans []Span, st style) []glyph {
	var out []glyph
	for _, s := range spans {
		for range min(s.Blank, maxBlank) {
			out = append(out, glyph{r: '　', style: st, width: st.em(), blank: true})
		}
		for _, r := range s.Text {
			out = append(out, l.glyph(r, st))
		}
	}
	return out
}

func (l *layout) glyph(r rune, st style) glyph {
	if r == '\n' {
		return glyph{r: r, style: st}
	}
	shown, font, w := l.faces.find(st.font, r)
	g := glyph{r: shown, style: st, width: w * st.size / 1000, natural: w * st.size / 1000}
	g.style.font = font
	if !western(r) && w > 900 {
		g.width += st.em() - st.size
	}
	return g
}

func (l *layout) text(s string, st style) []glyph { return l.glyphs([]Span{{Text: s}}, st) }

// em is the width of a Chinese character.
func (s style) em() float64 {
	if s.fit > 0 {
		return s.fit
	}
	return s.size
}

// base is the base line of a text within a line of a height.
func (s style) base(height float64) float64 { return (height-s.size)/2 + ascent*s.size }

// place prints a line from x on, its gaps between Chinese characters widened by extra. Neighbours of one style that
// are set apart alike become one run.
func place(line []glyph, x, height, extra float64) (runs []run, rules []rule) {
	count, trail := 0, 0.0 // characters of the open run; space after the last of them
	for i, g := range line {
		gap := 0.0
		if i+1 < len(line) && apart(g, line[i+1]) {
			gap = extra
		}
		n := len(runs) - 1
		switch {
		case g.blank:
			y := g.style.base(height) + 0.15*g.style.size
			rules = append(rules, rule{x1: x, y1: y, x2: x + g.width + gap, y2: y, width: thin})
			count = 0
		case count == 1 && runs[n].style == g.style:
			runs[n].text, runs[n].spacing, count = runs[n].text+string(g.r), trail, 2
		case count > 1 && runs[n].style == g.style && math.Abs(trail-runs[n].spacing) < 1e-6:
			runs[n].text, count = runs[n].text+string(g.r), count+1
		default:
			runs = append(runs, run{x: x, y: g.style.base(height), text: string(g.r), style: g.style})
			count = 1
		}
		trail = g.width + gap - g.natural
		x += g.width + gap
	}
	return runs, rules
}

// apart reports whether a gap between two neighbours may be widened: none inside a Latin word or a number.
func apart(a, b glyph) bool { return !western(a.r) || !western(b.r) }

// stretch gives what each gap of a line is widened by, so that the line reaches the right edge.
func stretch(line []glyph, width float64) float64 {
	gaps := 0
	for i := range len(line) - 1 {
		if apart(line[i], line[i+1]) {
			gaps++
		}
	}
	if gaps == 0 {
		return 0
	}
	extra := (width - widthOf(line)) / float64(gaps)
	if extra < 0 || extra > maxStretch*line[0].style.size {
		return 0
	}
	return extra
}

// shape says how a paragraph stands in its column.
type shape struct {
	left, first float64 // indent of all lines, further indent of the first
	width       float64 // of the column
	align       Kind    // Right, Centred; else both edges
	ragged      bool    // not stretched to the right edge
	height      float64 // of a line
}

// lines sets a paragraph.
func (l *layout) lines(text []glyph, s shape) []item {
	return s.set(breakLines(text, s.width-s.left, s.first))
}

// set gives each line its place.
func (s shape) set(lines [][]glyph) []item {
	out := make([]item, 0, len(lines))
	for i, line := range lines {
		x, room := s.left, s.width-s.left
		if i == 0 {
			x, room = x+s.first, room-s.first
		}
		extra := 0.0
		switch {
		case s.align == Right:
			x += room - widthOf(line)
		case s.align == Centred:
			x += (room - widthOf(line)) / 2
		case i+1 < len(lines) && !s.ragged:
			extra = stretch(line, room)
		}
		it := item{height: s.height}
		it.runs, it.rules = place(line, x, s.height, extra)
		out = append(out, it)
	}
	return out
}

func (l *layout) add(items ...item) { l.items = append(l.items, items...) }

// gap adds empty lines; they keep with what follows.
func (l *layout) gap(n int) {
	for range n {
		l.add(item{height: pitch, with: true, space: true})
	}
}

// document sets the whole text.
func (l *layout) document(d Doc) {
	l.top(d)
	if d.To != "" {
		l.add(l.lines(l.text(d.To+"：", l.body()), shape{width: blockWidth, height: pitch})...)
	}
	for i, b := range d.Blocks {
		from := len(l.items)
		l.block(b)
		if d.names(i) {
			keep(l.items[from:])
		}
	}
	l.attachments(d)
	l.signature(d)
	if d.Note != "" {
		l.add(l.lines(l.text("（"+d.Note+"）", l.body()), shape{width: blockWidth, first: 2 * em, height: pitch})...)
	}
}

// top sets the red head with number and rule, and the title. Without a red head the number stands below the title.
func (l *layout) top(d Doc) {
	centred := shape{width: blockWidth, align: Centred, height: pitch}
	number := func() { l.add(keep(l.lines(l.text(d.Number, l.body()), centred))...) }
	if d.Head != "" {
		st := style{font: bold, size: headSize, red: true}
		if w := widthOf(l.text(d.Head, st)); w > blockWidth {
			st.size = max(size2, headSize*blockWidth/w)
		}
		l.add(item{height: headTop, with: true})
		l.add(keep(l.lines(l.text(d.Head, st), shape{width: blockWidth, align: Centred, height: 1.2 * st.size}))...)
		l.gap(2)
		number()
		line := rule{x1: 0, y1: ruleGap, x2: blockWidth, y2: ruleGap, width: 2 * thick, red: true}
		l.add(item{height: ruleGap, with: true, rules: []rule{line}})
		l.gap(2)
	}
	for title := range strings.SplitSeq(d.Title, "\n") {
		text := l.text(title, style{font: bold, size: size2})
		s := shape{width: blockWidth, align: Centred, height: titlePitch}
		l.add(keep(s.set(breakEvenly(text, blockWidth)))...)
	}
	if d.Head == "" && d.Number != "" {
		number()
	}
	l.gap(1)
}

// keep makes each item stay with the next.
func keep(items []item) []item {
	for i := range items {
		items[i].with = true
	}
	return items
}

// block sets one block of the text.
func (l *layout) block(b Block) {
	s := shape{width: blockWidth, height: pitch, align: b.Kind}
	switch b.Kind {
	case Paragraph:
		s.first = 2 * em
		l.add(l.lines(l.glyphs(b.Text, l.body()), s)...)
	case Flush, Right, Centred:
		l.add(l.lines(l.glyphs(b.Text, l.body()), s)...)
	case Heading:
		s.first = 2 * em
		head, rest := splitHeading(b)
		st := l.body()
		if b.Level == 1 {
			st.font = sans
		}
		items := l.lines(append(l.text(head, st), l.text(rest, l.body())...), s)
		if stands(head) {
			items = keep(items)
		}
		l.add(items...)
	case Table:
		l.table(b)
	case Space:
		l.add(item{height: pitch, space: true})
	case Columns:
		l.chart(*b.Chart)
	}
}

// splitHeading parts the heading proper from the sentences that follow it in the same paragraph. Headings of level
// three and four look like the text.
func splitHeading(b Block) (head, rest string) {
	s := plain(b.Text)
	if at := strings.Index(s, "。"); at >= 0 {
		return s[:at+len("。")], s[at+len("。"):]
	}
	return s, ""
}

// stands reports whether a heading is a line of its own, which stays with the text below it, and not a sentence.
func stands(head string) bool { return !strings.HasSuffix(head, "。") }

func (l *layout) attachments(d Doc) {
	notes := d.attachments(l.words)
	if len(notes) > 0 {
		l.gap(1)
	}
	for _, n := range notes {
		lead := l.text(n.lead, l.body())
		s := shape{width: blockWidth, left: 2*em + widthOf(lead), first: -widthOf(lead), height: pitch}
		l.add(l.lines(append(lead, l.text(n.name, l.body())...), s)...)
	}
}

// signature sets organs and date; the last lines before them come along to a new page, so that a signature never
// stands alone. With a seal there is room for one of 42 mm around them.
func (l *layout) signature(d Doc) {
	if len(d.Sign) == 0 && d.Date == "" {
		return
	}
	last, texts := len(l.items)-1, 0
	for ; last >= 0 && texts < 2; last-- {
		l.items[last].with = true
		if len(l.items[last].runs) > 0 {
			texts++
		}
	}
	if last >= 0 {
		l.items[last].with = false // a chain of headings longer than a page would part the signature from them
	}
	if d.Seal {
		l.gap(1)
	}
	l.gap(1)
	width := func(s string) float64 { return widthOf(l.text(s, l.body())) }
	center := d.signCentre(width)
	for _, s := range append(append([]string{}, d.Sign...), d.Date) {
		x := max(center-width(s)/2, 0)
		l.add(keep(l.lines(l.text(s, l.body()), shape{left: x, width: blockWidth + 1, height: pitch}))...)
	}
	if d.Seal {
		l.gap(1)
	}
	l.items[len(l.items)-1].with = false
}

// signCentre gives the place on which organs and date are centred. With a seal the date ends four characters before
// the right edge, without one the longest line ends two before it; a long organ may reach to the edge.
func (d Doc) signCentre(width func(string) float64) float64 {
	widest := width(d.Date)
	center := blockWidth - 4*em - widest/2
	for _, s := range d.Sign {
		widest = max(widest, width(s))
	}
	if !d.Seal {
		center = blockWidth - 2*em - widest/2
	}
	return min(center, blockWidth-widest/2)
}
