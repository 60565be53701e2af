package document

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"huiyin/internal/errs"
)

// The bounds of a template and of what it is filled with.
const (
	MaxTemplate = 20_000    // characters of a template
	MaxValue    = 20_000    // characters of one value
	MaxRows     = 10_000    // rows of one list
	MaxText     = 1_000_000 // characters of a filled document
	maxLines    = 1_000     // lines of a template
	maxDepth    = 3         // parts within parts
	maxColumns  = 8         // columns of a table
	maxErrors   = 20        // wrong lines told at once
	maxBlank    = 28        // width of a blank: a whole line
)

// Template is a parsed template. It is not changed by use and may be shared.
type Template struct {
	words  words
	fields map[string]Field
	nodes  []node
}

// op says when, or how often, a part of a template is printed.
type op int

const (
	opEach op = iota
	opWith
	opWithout
)

// part is what stands between an opening word and its end: lines, or pieces of one line.
type part struct {
	op     op
	field  string
	line   int
	nodes  []node
	pieces []piece
}

// node is one line, or a part of several lines.
type node struct {
	line *line
	part *part
}

// lineKind is what a line of a template is.
type lineKind int

const (
	lineSetting lineKind = iota
	lineBlock
	lineRow
	lineWidths
	lineEmpty
)

// line is one line of a template; which fields are used depends on its kind.
type line struct {
	kind   lineKind
	set    setting   // lineSetting
	block  Kind      // lineBlock
	level  int       // of a heading
	pieces []piece   // lineSetting, lineBlock
	cells  [][]piece // lineRow
	widths []int     // lineWidths
}

// piece is a run of text, a blank, a field, or a part within a line.
type piece struct {
	text  string
	blank int
	field string
	part  *part
}

// Parse reads a template that may name the given fields. A template with mistakes gives an Invalid error with one
// errs.Field per wrong line: Path "body.<line number>", arguments "line" and what is needed to put it right.
func Parse(text string, fields []Field) (*Template, error) {
	w, err := loadWords()
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(text) == "" {
		return nil, errs.Fields([]errs.Field{errs.F("body", "document.template.empty")})
	}
	if n := utf8.RuneCountInString(text); n > MaxTemplate {
		return nil, errs.Fields([]errs.Field{errs.F("body", "document.template.long", "limit", MaxTemplate, "length", n)})
	}
	lines := strings.Split(clean(text), "\n")
	if len(lines) > maxLines {
		return nil, errs.Fields([]errs.Field{errs.F("body", "document.template.lines", "limit", maxLines, "count", len(lines))})
	}
	start, err := regexp.Compile(fmt.Sprintf(headings, w.Digits, w.Ordinal, w.Count))
	if err != nil {
		return nil, fmt.Errorf("document: headings: %w", err)
	}
	p := &parser{words: w, start: start, fields: byName(fields), seen: map[setting]bool{}, inHead: true}
	for i, raw := range lines {
		p.no = i + 1
		p.line(strings.TrimSpace(raw))
	}
	p.closeHead()
	p.closeAll()
	if !p.seen[setTitle] {
		p.no = 1
		p.fail("document.template.title", "word", w.Settings[setTitle])
	}
	if err := errs.Fields(p.errs); err != nil {
		return nil, err
	}
	return &Template{words: w, fields: p.fields, nodes: p.nodes}, nil
}

// byName gives the fields by their names.
func byName(fields []Field) map[string]Field {
	m := make(map[string]Field, len(fields))
	for _, f := range fields {
		m[f.Name] = f
	}
	return m
}

// clean takes out of a text what no document may hold: control characters, direction marks, what is no character.
// Line ends become "\n", a tab a space.
func clean(s string) string {
	s = strings.ToValidUTF8(strings.ReplaceAll(s, "\r\n", "\n"), string(box))
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\u2028' || r == '\u2029' || r == '\v' || r == '\f':
			return '\n'
		case r == '\t':
			return ' '
		case r < 0x20 || r >= 0x7f && r < 0xa0 || r == 0xfeff || r&0xfffe == 0xfffe:
			return -1
		case r >= 0x200b && r <= 0x200f || r >= 0x202a && r <= 0x202e || r >= 0x2060 && r <= 0x206f:
			return -1
		}
		return r
	}, s)
}

// box is printed for a character that no font has.
const box = '〓'
