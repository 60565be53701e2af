package document

import (
	"fmt"
	"strconv"
)

// table writes a table: rows are not cut by the end of a page, the heading is repeated.
func (x *docxWriter) table(b Block) {
	edges, middle := columnEdges(b.Widths), middles(b)
	x.put(`<w:tbl><w:tblPr>`, fmt.Sprintf(`<w:tblW w:w="%d" w:type="dxa"/>`, twips(blockWidth)), `<w:tblBorders>`)
	for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
		x.put(`<w:`, side, ` w:val="single" w:sz="6" w:space="0" w:color="000000"/>`)
	}
	x.put(`</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>`)
	for i := 1; i < len(edges); i++ {
		x.put(fmt.Sprintf(`<w:gridCol w:w="%d"/>`, twips(edges[i]-edges[i-1])))
	}
	x.put(`</w:tblGrid>`)
	for _, r := range b.Rows {
		x.tableRow(r, edges, middle)
	}
	x.put(`</w:tbl>`)
	x.paragraph("Cell", `<w:spacing w:line="140" w:lineRule="exact"/>`, func() {})
}

func (x *docxWriter) tableRow(r Row, edges []float64, middle []bool) {
	x.put(`<w:tr><w:trPr><w:cantSplit/>`)
	if r.Head {
		x.put(`<w:tblHeader/>`)
	}
	x.put(`</w:trPr>`)
	columns := len(edges) - 1
	for i, text := range r.Cells {
		span := 1
		if i+1 == len(r.Cells) {
			span = columns - i
		}
		x.put(`<w:tc><w:tcPr>`, fmt.Sprintf(`<w:tcW w:w="%d" w:type="dxa"/>`, twips(edges[i+span]-edges[i])))
		if span > 1 {
			x.put(fmt.Sprintf(`<w:gridSpan w:val="%d"/>`, span))
		}
		x.put(`<w:vAlign w:val="center"/></w:tcPr>`)
		style, props := "Cell", ""
		if r.Head {
			style = "CellHead"
		} else if middle[i] {
			props = `<w:jc w:val="center"/>`
		}
		x.paragraph(style, props, func() { x.spans(text) })
		x.put(`</w:tc>`)
	}
	x.put(`</w:tr>`)
}

// attachments writes the note on attachments, its lines hanging below the names.
func (x *docxWriter) attachments(notes []attachment) {
	if len(notes) > 0 {
		x.line("Normal", "", "")
	}
	for _, n := range notes {
		lead := widthOf(roughly(n.lead, em))
		x.line("Normal", fmt.Sprintf(`<w:keepNext/><w:ind w:left="%d" w:hanging="%d"/><w:jc w:val="left"/>`, twips(2*em+lead), twips(lead)), n.lead+n.name)
	}
}

// signature writes organs and date, each indented from the right so that they are centred on each other.
func (x *docxWriter) signature(d Doc) {
	if len(d.Sign) == 0 && d.Date == "" {
		return
	}
	width := func(s string) float64 { return widthOf(roughly(s, em)) }
	center := d.signCentre(width)
	x.line("Sign", "", "")
	if d.Seal {
		x.line("Sign", "", "")
	}
	for _, s := range nonEmpty(append(append([]string{}, d.Sign...), d.Date)) {
		right := max(blockWidth-center-width(s)/2, 0)
		x.line("Sign", fmt.Sprintf(`<w:ind w:right="%d"/>`, twips(right)), s)
	}
	x.line("Normal", "", "")
}

// imprint writes the closing lines into a table that floats to the foot of the last page; a word processor that
// knows no floating tables shows it below the text.
func (x *docxWriter) imprint(lines []string) {
	if len(lines) == 0 {
		return
	}
	width := strconv.Itoa(twips(blockWidth))
	x.put(`<w:tbl><w:tblPr><w:tblpPr w:leftFromText="0" w:rightFromText="0" w:vertAnchor="margin" w:horzAnchor="margin" w:tblpX="0" w:tblpYSpec="bottom"/><w:tblW w:w="`, width, `" w:type="dxa"/>`,
		`<w:tblBorders><w:top w:val="single" w:sz="8" w:space="0" w:color="000000"/><w:bottom w:val="single" w:sz="8" w:space="0" w:color="000000"/>`,
		`<w:insideH w:val="single" w:sz="6" w:space="0" w:color="000000"/></w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid><w:gridCol w:w="`, width, `"/></w:tblGrid>`)
	for _, s := range lines {
		hang := twips(hangOf(s) * size4)
		x.put(`<w:tr><w:trPr><w:cantSplit/></w:trPr><w:tc><w:tcPr><w:tcW w:w="`, width, `" w:type="dxa"/></w:tcPr>`)
		x.line("Imprint", fmt.Sprintf(`<w:ind w:left="%d" w:right="%d" w:hanging="%d"/>`, twips(size4)+hang, twips(size4), hang), s)
		x.put(`</w:tc></w:tr>`)
	}
	x.put(`</w:tbl>`)
	x.paragraph("Normal", `<w:spacing w:line="20" w:lineRule="exact"/>`, func() {})
}
