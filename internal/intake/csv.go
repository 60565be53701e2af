package intake

import (
	"bytes"
	"errors"
	"io"
	"strings"
)

// maxLines is how many lines one row may have; it bounds the work after a quotation mark that is never closed.
const maxLines = 10_000

// csvReader reads comma separated values (RFC 4180, with any of four separators). encoding/csv is not used because one
// quotation mark that is never closed makes it swallow the rest of the file, at any size: here such a row is refused
// and reading goes on with the line after the one it began on.
type csvReader struct {
	t     *text
	lines lines
	comma byte
}

func openCSV(file string, t *text, head []byte, o Options) (source, error) {
	c := &csvReader{t: t, lines: lines{r: t.buf}, comma: separator(head, o.HeaderRow)}
	return openTable(file, c, o.HeaderRow, true)
}

// separator chooses among comma, semicolon, tab and bar the one that the header has most of, outside quotation marks.
func separator(head []byte, headerRow int) byte {
	for ; headerRow > 1; headerRow-- {
		if _, rest, ok := bytes.Cut(head, []byte("\n")); ok {
			head = rest
		}
	}
	head = bytes.TrimLeft(head, "\r\n")
	candidates := []byte{',', ';', '\t', '|'}
	counts := make([]int, len(candidates))
	quoted := false
	for _, b := range head {
		if b == '"' {
			quoted = !quoted
		}
		if quoted {
			continue
		}
		if b == '\n' {
			break
		}
		if i := bytes.IndexByte(candidates, b); i >= 0 {
			counts[i]++
		}
	}
	best := 0
	for i := range counts {
		if counts[i] > counts[best] {
			best = i
		}
	}
	return candidates[best]
}

func (c *csvReader) position() (done, total int64) { return c.t.position() }

func (c *csvReader) read() (int, []string, []RowError, error) {
	first, err := c.lines.next()
	if err != nil {
		return 0, nil, nil, err
	}
	r := record{comma: c.comma}
	taken := []line{first}
	size := 0
	for {
		l := taken[len(taken)-1]
		size += len(l.text)
		switch {
		case l.long && len(taken) == 1:
			return first.number, nil, refuse("intake.row.toolong", "max", MaxRow>>20), nil
		case l.long, size > MaxRow, len(taken) > maxLines, !r.feed(l.text):
			return c.giveBack(taken)
		case !r.quoted:
			return c.finish(first.number, taken, &r)
		}
		l, err = c.lines.next()
		if errors.Is(err, io.EOF) {
			return c.giveBack(taken)
		}
		if err != nil {
			return 0, nil, nil, err
		}
		taken = append(taken, l)
	}
}

// giveBack refuses the row for its quotation marks and reads on after its first line.
func (c *csvReader) giveBack(taken []line) (int, []string, []RowError, error) {
	c.lines.back = append(taken[1:len(taken):len(taken)], c.lines.back...)
	return taken[0].number, nil, refuse("intake.row.quote"), nil
}

func (c *csvReader) finish(number int, taken []line, r *record) (int, []string, []RowError, error) {
	for _, l := range taken {
		if c.t.garbled(l.text) {
			return number, nil, refuse("intake.row.encoding"), nil
		}
	}
	return number, r.values, nil, nil
}

// record takes the lines of one row apart.
type record struct {
	comma  byte
	values []string
	field  strings.Builder
	quoted bool // within quotation marks: the row goes on in the next line
	closed bool // just after the closing mark of a field
}

// feed takes one line with its end. It reports false where text follows a closing quotation mark.
func (r *record) feed(text []byte) bool {
	for len(text) > 0 {
		if r.quoted {
			at := bytes.IndexByte(text, '"')
			if at < 0 {
				r.field.Write(text)
				return true
			}
			r.field.Write(text[:at])
			text = text[at+1:]
			if len(text) > 0 && text[0] == '"' {
				r.field.WriteByte('"')
				text = text[1:]
				continue
			}
			r.quoted, r.closed = false, true
			continue
		}
		b := text[0]
		switch {
		case b == r.comma:
			r.end()
		case b == '\n', b == '\r' && (len(text) == 1 || text[1] == '\n'):
			text = nil // only the last line of a text has no end
			continue
		case r.closed:
			if b != ' ' {
				return false
			}
		case b == '"' && r.field.Len() == 0:
			r.quoted = true
		default:
			n := 1 + bytes.IndexAny(text[1:], string([]byte{r.comma, '\r', '\n'}))
			if n == 0 {
				n = len(text)
			}
			r.field.Write(text[:n])
			text = text[n:]
			continue
		}
		text = text[1:]
	}
	r.end()
	return true
}

func (r *record) end() {
	r.values = append(r.values, r.field.String())
	r.field.Reset()
	r.closed = false
}
