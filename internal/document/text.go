package document

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// indent is the indent of a paragraph: two Chinese characters.
const indent = "　　"

// Text gives the document as plain text, lines ended by "\n". Cells of a table are set apart by tabs, a blank is a
// run of underscores.
func (d Doc) Text() string {
	w, err := loadWords()
	if err != nil {
		w = words{}
	}
	var b strings.Builder
	line := func(parts ...string) {
		for _, p := range parts {
			b.WriteString(p)
		}
		b.WriteByte('\n')
	}
	for _, s := range nonEmpty([]string{d.Head, d.Number, d.Title}) {
		line(s)
	}
	line()
	if d.To != "" {
		line(d.To, "：")
	}
	for _, block := range d.Blocks {
		textBlock(block, line)
	}
	for _, a := range d.attachments(w) {
		line(indent, a.lead, a.name)
	}
	if len(d.Sign) > 0 || d.Date != "" {
		line()
	}
	for _, s := range nonEmpty(append(append([]string{}, d.Sign...), d.Date)) {
		line(s)
	}
	if d.Note != "" {
		line("（", d.Note, "）")
	}
	for _, s := range d.imprint(w) {
		line(s)
	}
	return b.String()
}

func textBlock(block Block, line func(...string)) {
	switch block.Kind {
	case Paragraph, Heading:
		line(indent, plain(block.Text))
	case Flush, Right, Centred:
		line(plain(block.Text))
	case Space:
		line()
	case Table:
		for _, r := range block.Rows {
			cells := make([]string, len(r.Cells))
			for i, c := range r.Cells {
				cells[i] = strings.ReplaceAll(plain(c), "\n", " ")
			}
			line(strings.Join(cells, "\t"))
		}
	case Columns: // the table that follows it says the same
	}
}

// attachment is one line of the note on attachments.
type attachment struct{ lead, name string }

// attachments gives the note on attachments: the word before the first, numbers when there are several.
func (d Doc) attachments(w words) []attachment {
	out := make([]attachment, len(d.Attach))
	word := w.Settings[setAttach] + "："
	for i, name := range d.Attach {
		lead := strings.Repeat("　", utf8.RuneCountInString(word))
		if i == 0 {
			lead = word
		}
		if len(d.Attach) > 1 {
			lead += strconv.Itoa(i+1) + ". "
		}
		out[i] = attachment{lead: lead, name: name}
	}
	return out
}

// imprint gives the lines between the closing rules.
func (d Doc) imprint(w words) []string {
	var out []string
	if d.Copy != "" {
		out = append(out, w.Settings[setCopy]+"："+d.Copy)
	}
	if d.Printed != "" {
		out = append(out, d.Printed)
	}
	return out
}
