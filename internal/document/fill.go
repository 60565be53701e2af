package document

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"huiyin/internal/errs"
)

// Fill puts the values in. A name that the template uses and the values lack, or a value of another kind than its
// field, is an Invalid error whose errs.Field has the Path "values.<name>".
func (t *Template) Fill(v Values) (Doc, error) {
	f := &filler{t: t, values: v, bad: map[string]bool{}}
	f.nodes(t.nodes)
	f.endTable()
	if f.length > MaxText {
		f.fail("", "document.text.long", "limit", MaxText)
	}
	if err := errs.Fields(f.errs); err != nil {
		return Doc{}, err
	}
	if f.doc.Title == "" {
		return Doc{}, errs.Fields([]errs.Field{errs.F("body", "document.title.empty")})
	}
	return f.doc, nil
}

// filler walks through a template and makes the document.
type filler struct {
	t      *Template
	values Values
	row    Values // of the list the walk is in
	index  int    // of that row, from 1
	doc    Doc
	table  *Block // rows are being added to it
	length int    // characters so far
	bad    map[string]bool
	errs   []errs.Field
}

func (f *filler) fail(name, code string, pairs ...any) {
	if !f.bad[name] {
		f.bad[name] = true
		f.errs = append(f.errs, errs.F("values."+name, code, append([]any{"name", name}, pairs...)...))
	}
}

// lookup finds a value, in the row first.
func (f *filler) lookup(name string) (any, bool) {
	if f.row != nil {
		if v, ok := f.row[name]; ok {
			return v, true
		}
		switch name {
		case f.t.words.Count:
			return strconv.Itoa(f.index), true
		case f.t.words.Ordinal:
			return f.t.words.ordinal(f.index), true
		}
	}
	v, ok := f.values[name]
	if !ok {
		f.fail(name, "document.value.missing")
	}
	return v, ok
}

// str gives the text of a field.
func (f *filler) str(name string) string {
	v, ok := f.lookup(name)
	if !ok {
		return ""
	}
	s, ok := v.(string)
	if !ok {
		f.fail(name, "document.value.kind")
		return ""
	}
	if utf8.RuneCountInString(s) > MaxValue {
		f.fail(name, "document.value.long", "limit", MaxValue)
		return ""
	}
	return strings.TrimSpace(clean(s))
}

// rows gives the rows of a list.
func (f *filler) rows(name string) []Values {
	v, ok := f.lookup(name)
	if !ok {
		return nil
	}
	rows, ok := v.([]Values)
	if !ok {
		f.fail(name, "document.value.kind")
		return nil
	}
	if len(rows) > MaxRows {
		f.fail(name, "document.value.rows", "limit", MaxRows)
		return nil
	}
	return rows
}

// present reports whether a condition holds: the text or the list is not empty.
func (f *filler) present(name string) bool {
	v, ok := f.lookup(name)
	if !ok {
		return false
	}
	if rows, ok := v.([]Values); ok {
		return len(rows) > 0
	}
	return f.str(name) != ""
}

// times walks through a part as often as it is to be printed.
func (f *filler) times(p *part, walk func()) {
	switch p.op {
	case opEach:
		for i, row := range f.rows(p.field) {
			if f.length > MaxText {
				return
			}
			f.row, f.index = row, i+1
			if row == nil {
				f.row = Values{}
			}
			walk()
		}
		f.row, f.index = nil, 0
	case opWith:
		if f.present(p.field) {
			walk()
		}
	case opWithout:
		if !f.present(p.field) {
			walk()
		}
	}
}

func (f *filler) nodes(nodes []node) {
	for _, n := range nodes {
		if n.part != nil {
			f.times(n.part, func() { f.nodes(n.part.nodes) })
		} else {
			f.line(n.line)
		}
	}
}

func (f *filler) line(l *line) {
	if l.kind != lineRow && l.kind != lineWidths {
		f.endTable()
	}
	switch l.kind {
	case lineSetting:
		f.set(l.set, plain(f.spans(l.pieces)))
	case lineBlock:
		f.block(l)
	case lineRow:
		f.tableRow(l)
	case lineWidths:
		f.widths(l.widths)
	case lineEmpty:
		if l.block == Space && len(f.doc.Blocks) > 0 {
			f.doc.Blocks = append(f.doc.Blocks, Block{Kind: Space})
		}
	}
}

// set applies one line of the head; an empty value sets nothing.
func (f *filler) set(s setting, value string) {
	if value == "" {
		return
	}
	lines := nonEmpty(strings.Split(value, "\n"))
	one := oneLine(value)
	d := &f.doc
	switch s {
	case setHead:
		d.Head = one
	case setNumber:
		d.Number = one
	case setTitle:
		d.Title = strings.Join(nonEmpty([]string{d.Title, one}), "\n")
	case setTo:
		d.To = strings.TrimRight(one, ":：")
	case setAttach:
		d.Attach = append(d.Attach, lines...)
	case setSign:
		d.Sign = append(d.Sign, lines...)
	case setDate:
		d.Date = one
	case setSeal:
		d.Seal = one == f.t.words.Yes
	case setNote:
		d.Note = one
	case setCopy:
		d.Copy = one
	case setPrinted:
		d.Printed = one
	}
}

// block adds a line of the text. A paragraph whose values hold line breaks becomes several; in a heading a line
// break is a space. What is empty after filling is left out.
func (f *filler) block(l *line) {
	spans := f.spans(l.pieces)
	if l.block == Heading {
		spans = []Span{{Text: oneLine(plain(spans))}}
	}
	for _, text := range paragraphs(spans) {
		f.doc.Blocks = append(f.doc.Blocks, Block{Kind: l.block, Level: l.level, Text: text})
	}
}

// paragraphs cuts spans at line breaks and leaves out what is empty.
func paragraphs(spans []Span) [][]Span {
	var out [][]Span
	var cur []Span
	end := func() {
		if strings.TrimSpace(plain(cur)) != "" {
			out = append(out, cur)
		}
		cur = nil
	}
	for _, s := range spans {
		if s.Blank > 0 {
			cur = append(cur, s)
			continue
		}
		for i, text := range strings.Split(s.Text, "\n") {
			if i > 0 {
				end()
				text = strings.TrimLeft(text, " 　")
			}
			if text != "" {
				cur = append(cur, Span{Text: text})
			}
		}
	}
	end()
	return out
}

// tableRow adds a row to the table, a new one when the line before was no row.
func (f *filler) tableRow(l *line) {
	if f.table == nil {
		f.table = &Block{Kind: Table}
	}
	row := Row{Cells: make([][]Span, len(l.cells))}
	for i, c := range l.cells {
		row.Cells[i] = f.spans(c)
	}
	f.table.Rows = append(f.table.Rows, row)
}

// widths takes the shares of the columns; below the first row it makes that row the heading.
func (f *filler) widths(shares []int) {
	if f.table == nil {
		f.table = &Block{Kind: Table}
	}
	if f.table.Widths != nil {
		return
	}
	f.table.Widths = slices.Clone(shares)
	if len(f.table.Rows) == 1 {
		f.table.Rows[0].Head = true
	}
}

// endTable adds the table to the document. Columns without a share get the mean of the others; a table without
// shares is measured by what stands in it.
func (f *filler) endTable() {
	t := f.table
	f.table = nil
	if t == nil || len(t.Rows) == 0 {
		return
	}
	columns := len(t.Widths)
	for _, r := range t.Rows {
		columns = max(columns, len(r.Cells))
	}
	if t.Widths == nil {
		t.Widths = measured(t.Rows, columns)
	}
	sum := 0
	for _, w := range t.Widths {
		sum += w
	}
	mean := max(sum/len(t.Widths), 1)
	for len(t.Widths) < columns {
		t.Widths = append(t.Widths, mean)
	}
	f.doc.Blocks = append(f.doc.Blocks, *t)
}

// measured gives each column a share by its longest cell, between three characters and what a form's widest column
// needs, so that labels stay narrow. A last cell that reaches over further columns does not count.
func measured(rows []Row, columns int) []int {
	shares := make([]int, columns)
	for _, r := range rows {
		for i, c := range r.Cells {
			if i+1 == len(r.Cells) && i+1 < columns {
				continue
			}
			for line := range strings.Lines(plain(c)) {
				shares[i] = max(shares[i], utf8.RuneCountInString(line)+1)
			}
		}
	}
	for i := range shares {
		shares[i] = min(max(shares[i], 4), 48/columns)
	}
	return shares
}

// spans fills the pieces of a line; neighbouring texts become one.
func (f *filler) spans(pieces []piece) []Span {
	var out []Span
	f.pieces(pieces, func(s Span) {
		f.length += utf8.RuneCountInString(s.Text) + s.Blank
		if n := len(out); n > 0 && s.Blank == 0 && out[n-1].Blank == 0 {
			out[n-1].Text += s.Text
			return
		}
		out = append(out, s)
	})
	return out
}

func (f *filler) pieces(pieces []piece, add func(Span)) {
	for _, p := range pieces {
		switch {
		case f.length > MaxText:
			return
		case p.part != nil:
			f.times(p.part, func() { f.pieces(p.part.pieces, add) })
		case p.blank > 0:
			add(Span{Blank: p.blank})
		case p.field != "":
			if s := f.str(p.field); s != "" {
				add(Span{Text: s})
			}
		default:
			add(Span{Text: p.text})
		}
	}
}

// plain gives spans as text, a blank as two underscores for each character of its width.
func plain(spans []Span) string {
	var b strings.Builder
	for _, s := range spans {
		b.WriteString(s.Text)
		for range 2 * s.Blank {
			b.WriteByte('_')
		}
	}
	return b.String()
}

// nonEmpty gives the texts that are more than space, trimmed.
func nonEmpty(in []string) []string {
	var out []string
	for _, s := range in {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// Sample gives values for all fields, as a preview of an edited template needs: each string field stands as its own
// name in brackets, each list has two rows.
func Sample(fields []Field) Values {
	v := make(Values, len(fields))
	for _, f := range fields {
		if f.Rows == nil {
			v[f.Name] = "〔" + f.Name + "〕"
			continue
		}
		v[f.Name] = []Values{Sample(f.Rows), Sample(f.Rows)}
	}
	return v
}

// oneLine puts the lines of a text into one.
func oneLine(s string) string { return strings.Join(nonEmpty(strings.Split(s, "\n")), " ") }
