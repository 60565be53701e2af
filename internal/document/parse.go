package document

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"huiyin/internal/errs"
)

// parser goes through a template line by line. Mistakes are collected, so that the clerk sees all of them at once.
type parser struct {
	words  words
	start  *regexp.Regexp // what a heading begins with
	fields map[string]Field
	nodes  []node
	open   []*part // parts of several lines not yet ended, outermost first
	row    *Field  // the list whose rows the text is in
	inHead bool
	spaces int // empty lines in a row
	seen   map[setting]bool
	no     int // number of the line
	wrong  int // number of the last line with a mistake: one mistake per line is told
	errs   []errs.Field
}

func (p *parser) fail(code string, pairs ...any) {
	if p.wrong == p.no || len(p.errs) == maxErrors {
		return
	}
	p.wrong = p.no
	p.errs = append(p.errs, errs.F(fmt.Sprintf("body.%d", p.no), code, append([]any{"line", p.no}, pairs...)...))
}

// add puts a line into the innermost open part.
func (p *parser) add(n node) {
	if len(p.open) == 0 {
		p.nodes = append(p.nodes, n)
		return
	}
	in := p.open[len(p.open)-1]
	in.nodes = append(in.nodes, n)
}

func (p *parser) line(raw string) {
	if raw == "" {
		p.empty()
		return
	}
	p.spaces = 0
	if body, ok := alone(raw); ok && p.control(body) {
		return
	}
	switch {
	case p.inHead:
		p.setting(raw)
	case isBar(raw):
		p.tableRow(raw)
	default:
		p.text(raw)
	}
}

// empty ends the head; in the text it ends a table, and a second one in a row is an empty line of the document.
func (p *parser) empty() {
	if p.inHead {
		p.closeHead()
		return
	}
	p.spaces++
	if p.spaces > 2 {
		return
	}
	l := &line{kind: lineEmpty, block: Paragraph}
	if p.spaces == 2 {
		l.block = Space
	}
	p.add(node{line: l})
}

func (p *parser) closeHead() {
	if p.inHead {
		p.closeAll()
		p.inHead = false
	}
}

// closeAll reports every part that was opened and not ended.
func (p *parser) closeAll() {
	no := p.no
	for _, in := range p.open {
		p.no = in.line
		p.fail("document.template.open", "name", in.field, "end", p.words.End)
	}
	p.no, p.open, p.row = no, nil, nil
}

// alone gives what stands in the braces of a line that is nothing but one pair of braces.
func alone(raw string) (string, bool) {
	r := []rune(raw)
	if len(r) < 2 || !isOpen(r[0]) || !isClose(r[len(r)-1]) {
		return "", false
	}
	body := string(r[1 : len(r)-1])
	return strings.TrimSpace(body), !strings.ContainsAny(body, "{}｛｝")
}

// control reads a line that opens or ends a part of several lines; false when it is neither.
func (p *parser) control(body string) bool {
	if body == p.words.End {
		p.endPart()
		return true
	}
	o, name, ok := p.opening(body)
	if !ok {
		return false
	}
	in := &part{op: o, field: name, line: p.no}
	p.check(in, len(p.open))
	p.add(node{part: in})
	p.open = append(p.open, in)
	if f, ok := p.fields[name]; ok && o == opEach {
		p.row = &f
	}
	return true
}

func (p *parser) endPart() {
	if len(p.open) == 0 {
		p.fail("document.template.close", "end", p.words.End)
		return
	}
	if p.open[len(p.open)-1].op == opEach {
		p.row = nil
	}
	p.open = p.open[:len(p.open)-1]
}

// opening splits the words that open a part: what it does, and the field it goes by.
func (p *parser) opening(body string) (op, string, bool) {
	first, rest, _ := strings.Cut(strings.ReplaceAll(body, "　", " "), " ")
	rest = strings.TrimSpace(rest)
	switch first {
	case p.words.Each:
		return opEach, rest, true
	case p.words.With:
		return opWith, rest, true
	case p.words.Without:
		return opWithout, rest, true
	}
	return 0, "", false
}

// check looks whether a part may stand where it stands: depth counts the parts around it.
func (p *parser) check(in *part, depth int) {
	switch {
	case depth >= maxDepth:
		p.fail("document.template.deep", "limit", maxDepth)
	case in.op == opEach && p.row != nil:
		p.fail("document.template.nest", "name", in.field, "around", p.row.Name)
	case in.op == opEach:
		if f, ok := p.known(in.field); ok && f.Rows == nil {
			p.fail("document.template.nolist", "name", in.field, "word", p.words.Each)
		}
	default:
		p.known(in.field)
	}
}

// known finds a field by its name, first among those of the row the text is in; it reports an unknown one with the
// nearest name there is.
func (p *parser) known(name string) (Field, bool) {
	names := make([]string, 0, len(p.fields))
	if p.row != nil {
		if name == p.words.Count || name == p.words.Ordinal {
			return Field{Name: name}, true
		}
		for _, f := range p.row.Rows {
			if f.Name == name {
				return f, true
			}
			names = append(names, f.Name)
		}
	}
	if f, ok := p.fields[name]; ok {
		return f, true
	}
	for n := range p.fields {
		names = append(names, n)
	}
	if name == "" {
		p.fail("document.template.noname")
	} else if near := nearest(name, names); near != "" {
		p.fail("document.template.near", "name", short(name), "near", near)
	} else {
		p.fail("document.template.unknown", "name", short(name))
	}
	return Field{}, false
}

// setting reads a line of the head: a word, a colon, the value.
func (p *parser) setting(raw string) {
	at := strings.IndexAny(raw, ":：")
	if at < 0 {
		p.fail("document.template.head")
		return
	}
	word := strings.TrimSpace(raw[:at])
	_, size := utf8.DecodeRuneInString(raw[at:])
	set, ok := p.words.setting(word)
	if !ok {
		names := make([]string, 0, len(p.words.Settings))
		for _, n := range p.words.Settings {
			names = append(names, n)
		}
		if near := nearest(word, names); near != "" {
			p.fail("document.template.setting.near", "name", short(word), "near", near)
		} else {
			p.fail("document.template.setting", "name", short(word))
		}
		return
	}
	if p.seen[set] && !set.several() && len(p.open) == 0 {
		p.fail("document.template.twice", "name", word)
		return
	}
	p.seen[set] = true
	value := strings.TrimSpace(raw[at+size:])
	if set == setSeal && value != p.words.Yes && value != p.words.No {
		p.fail("document.template.seal", "name", word, "yes", p.words.Yes, "no", p.words.No)
		return
	}
	p.add(node{line: &line{kind: lineSetting, set: set, pieces: p.pieces(value)}})
}

// tableRow reads a line of a table: cells between bars, or dashes that give the widths of the columns.
func (p *parser) tableRow(raw string) {
	cells := splitCells(raw)
	if len(cells) > maxColumns {
		p.fail("document.template.columns", "limit", maxColumns)
		return
	}
	if widths, ok := dashes(cells); ok {
		p.add(node{line: &line{kind: lineWidths, widths: widths}})
		return
	}
	l := &line{kind: lineRow}
	for _, c := range cells {
		l.cells = append(l.cells, p.pieces(strings.TrimSpace(c)))
	}
	p.add(node{line: l})
}

// isBar reports whether a line begins as a row of a table does.
func isBar(s string) bool { return strings.HasPrefix(s, "|") || strings.HasPrefix(s, "｜") }

// splitCells cuts a row at its bars; a bar at the end closes the last cell.
func splitCells(raw string) []string {
	raw = strings.ReplaceAll(raw, "｜", "|")
	raw = strings.TrimSuffix(strings.TrimPrefix(raw, "|"), "|")
	return strings.Split(raw, "|")
}

// dashes reads the shares of the columns from a row of dashes.
func dashes(cells []string) ([]int, bool) {
	widths := make([]int, len(cells))
	for i, c := range cells {
		c = strings.TrimSpace(c)
		if c == "" || strings.Trim(c, "-—－") != "" {
			return nil, false
		}
		widths[i] = utf8.RuneCountInString(c)
	}
	return widths, true
}

// The beginnings that make a line a heading, for levels 1 to 4; %[1]s are the Chinese digits, %[2]s the word for the
// Chinese number of a row, %[3]s that for the number of a row in digits.
const (
	headingChinese = `(?:[%[1]s]{1,4}|[{｛]%[2]s[}｝])`
	headingArabic  = `(?:[0-9０-９]{1,2}|[{｛]%[3]s[}｝])`
	headings       = `^(?:(` + headingChinese + `、)|([（(]` + headingChinese + `[）)])|(` + headingArabic + `[.．][^0-9])|([（(]` + headingArabic + `[）)]))`
)

// text reads a line of the text: a heading by its number, a line set right, centred or flush by its mark, else a
// paragraph.
func (p *parser) text(raw string) {
	l := &line{kind: lineBlock, block: Paragraph}
	right, flush := strings.HasPrefix(raw, ">") || strings.HasPrefix(raw, "＞"), strings.HasPrefix(raw, "<") || strings.HasPrefix(raw, "＜")
	closed := strings.HasSuffix(raw, "<") || strings.HasSuffix(raw, "＜")
	switch {
	case right && closed:
		l.block, raw = Centred, strings.Trim(raw, "<>＜＞")
	case right:
		l.block, raw = Right, strings.TrimLeft(raw, ">＞")
	case flush:
		l.block, raw = Flush, strings.TrimLeft(raw, "<＜")
	default:
		for level, m := range p.start.FindStringSubmatch(raw) {
			if level > 0 && m != "" {
				l.block, l.level = Heading, level
			}
		}
	}
	l.pieces = p.pieces(strings.TrimSpace(raw))
	p.add(node{line: l})
}

// pieces reads the fields, blanks and parts of a text within one line.
func (p *parser) pieces(s string) []piece {
	var root part
	stack := []*part{&root}
	outer := p.row
	add := func(x piece) {
		in := stack[len(stack)-1]
		in.pieces = append(in.pieces, x)
	}
	for s != "" {
		at := strings.IndexAny(s, "{}｛｝")
		if at < 0 {
			addText(s, add)
			break
		}
		addText(s[:at], add)
		first, size := utf8.DecodeRuneInString(s[at:])
		end := strings.IndexAny(s[at+size:], "{}｛｝")
		if !isOpen(first) {
			p.fail("document.template.brace.close")
			break
		}
		if end < 0 || isOpenAt(s[at+size+end:]) {
			p.fail("document.template.brace.open")
			break
		}
		body := strings.TrimSpace(s[at+size : at+size+end])
		_, closing := utf8.DecodeRuneInString(s[at+size+end:])
		s = s[at+size+end+closing:]
		stack = p.brace(body, stack, add, outer)
	}
	if len(stack) > 1 {
		p.fail("document.template.inline", "name", stack[len(stack)-1].field, "end", p.words.End)
	}
	p.row = outer
	return root.pieces
}

// brace reads what stands in one pair of braces within a line and gives the parts open after it.
func (p *parser) brace(body string, stack []*part, add func(piece), outer *Field) []*part {
	if body == p.words.End {
		if len(stack) == 1 {
			p.fail("document.template.close", "end", p.words.End)
			return stack
		}
		if stack[len(stack)-1].op == opEach {
			p.row = outer
		}
		return stack[:len(stack)-1]
	}
	if o, name, ok := p.opening(body); ok {
		in := &part{op: o, field: name, line: p.no}
		p.check(in, len(p.open)+len(stack)-1)
		add(piece{part: in})
		if f, ok := p.fields[name]; ok && o == opEach {
			p.row = &f
		}
		return append(stack, in)
	}
	if f, ok := p.known(body); ok {
		if f.Rows != nil {
			p.fail("document.template.list", "name", body, "word", p.words.Each)
		}
		add(piece{field: body})
	}
	return stack
}

// addText adds text, its runs of two or more underscores as blanks: two underscores are as wide as one character.
func addText(s string, add func(piece)) {
	for s != "" {
		at := strings.IndexAny(s, "_＿")
		if at < 0 {
			add(piece{text: s})
			return
		}
		width, end := 0, at
		for end < len(s) {
			r, size := utf8.DecodeRuneInString(s[end:])
			if r == '＿' {
				width++
			} else if r != '_' {
				break
			}
			width++
			end += size
		}
		if width < 2 {
			add(piece{text: s[:end]})
		} else {
			if at > 0 {
				add(piece{text: s[:at]})
			}
			add(piece{blank: min((width+1)/2, maxBlank)})
		}
		s = s[end:]
	}
}

func isOpen(r rune) bool  { return r == '{' || r == '｛' }
func isClose(r rune) bool { return r == '}' || r == '｝' }

func isOpenAt(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return isOpen(r)
}

// short cuts a wrong name for a message.
func short(s string) string {
	r := []rune(s)
	if len(r) > 20 {
		return string(r[:20]) + "…"
	}
	return s
}

// nearest gives the name with the fewest characters to change, the first in order among equals, or "" when none is
// near: more than half of the characters would have to change.
func nearest(name string, names []string) string {
	best, cost := "", 0
	for _, n := range names {
		d := distance([]rune(strings.ToLower(name)), []rune(strings.ToLower(n)))
		if 2*d > max(utf8.RuneCountInString(name), utf8.RuneCountInString(n)) {
			continue
		}
		if best == "" || d < cost || d == cost && n < best {
			best, cost = n, d
		}
	}
	return best
}

// distance counts the characters to insert, delete or replace to make b of a. Names beyond 40 characters are near
// to nothing: a wrong brace can hold a whole line.
func distance(a, b []rune) int {
	if len(a) > 40 || len(b) > 40 {
		return max(len(a), len(b))
	}
	prev := make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := range a {
		cur := make([]int, len(b)+1)
		cur[0] = i + 1
		for j := range b {
			same := 1
			if a[i] == b[j] || unicode.IsSpace(a[i]) {
				same = 0
			}
			cur[j+1] = min(prev[j]+same, prev[j+1]+1, cur[j]+1)
		}
		prev = cur
	}
	return prev[len(b)]
}
