package document

import (
	"archive/zip"
	"bytes"
	"embed"
	"encoding/xml"
	"fmt"
	"io"
	"io/fs"
	"math"
	"strconv"
	"strings"
	"time"

	"huiyin/internal/errs"
)

// The parts that are the same in every document: styles with the typefaces of GB/T 9704 and what stands in for them,
// settings, page numbers.
//
//go:embed all:docx
var docxParts embed.FS

// twip is the unit of lengths in DOCX.
const twip = 20 // per point

// DOCX writes the document as an Office Open XML file, without the pictures that [Printer.DOCX] has. The same document gives the same bytes; it names no author,
// no program and no day of its own.
func (d Doc) DOCX(w io.Writer) error { return d.docx(w, nil) }

// DOCX writes the document as an Office Open XML file, its charts as pictures. A program without fonts leaves them out: the table that follows says the same.
func (p *Printer) DOCX(w io.Writer, d Doc) error {
	pictures := make([]picture, len(d.Blocks))
	for i, b := range d.Blocks {
		if b.Kind != Columns || b.Chart == nil {
			continue
		}
		faces, err := p.load()
		if errs.CodeOf(err) == "document.fonts.missing" {
			return d.docx(w, nil)
		}
		if err == nil {
			pictures[i], err = faces.picture(*b.Chart)
		}
		if err != nil {
			return err
		}
	}
	return d.docx(w, pictures)
}

// docx writes the document with the pictures of its blocks, where they have any.
func (d Doc) docx(w io.Writer, pictures []picture) error {
	words, err := loadWords()
	if err != nil {
		return err
	}
	x := &docxWriter{pictures: pictures}
	x.document(d, words)
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	err = fs.WalkDir(docxParts, "docx", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := docxParts.ReadFile(path)
		if err != nil {
			return err
		}
		return addPart(z, strings.TrimPrefix(path, "docx/"), x.knowing(path, data))
	})
	if err == nil {
		err = addPart(z, "docProps/core.xml", d.docxCore())
	}
	if err == nil {
		err = addPart(z, "word/document.xml", x.Bytes())
	}
	for i, p := range pictures {
		if err == nil && p.png != nil {
			err = addPart(z, "word/"+pictureFile(i), p.png)
		}
	}
	if err == nil {
		err = z.Close()
	}
	if err == nil {
		_, err = w.Write(b.Bytes())
	}
	if err != nil {
		return fmt.Errorf("write DOCX: %w", err)
	}
	return nil
}

func addPart(z *zip.Writer, name string, data []byte) error {
	part, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if _, err := part.Write(data); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

func (d Doc) docxCore() []byte {
	return []byte(xml.Header + `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">` +
		`<dc:title>` + escape(strings.ReplaceAll(d.Title, "\n", " ")) + `</dc:title><dc:language>zh-CN</dc:language></cp:coreProperties>`)
}

// escape makes a text safe within an element.
func escape(s string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(s)); err != nil {
		return ""
	}
	return b.String()
}

// docxWriter writes the main part. What it is given to print as markup is only what stands in this file.
type docxWriter struct {
	bytes.Buffer

	pictures []picture // of the blocks
}

func (x *docxWriter) put(parts ...string) {
	for _, p := range parts {
		_, _ = x.WriteString(p) // a buffer takes everything
	}
}

// paragraph writes a paragraph of a style, with further properties and its runs.
func (x *docxWriter) paragraph(style, props string, runs func()) {
	x.put(`<w:p><w:pPr><w:pStyle w:val="`, style, `"/>`, props, `</w:pPr>`)
	runs()
	x.put(`</w:p>`)
}

// run writes a text; its line breaks are kept.
func (x *docxWriter) run(text, props string) {
	for i, line := range strings.Split(text, "\n") {
		x.put(`<w:r>`)
		if props != "" {
			x.put(`<w:rPr>`, props, `</w:rPr>`)
		}
		if i > 0 {
			x.put(`<w:br/>`)
		}
		x.put(`<w:t xml:space="preserve">`, escape(line), `</w:t></w:r>`)
	}
}

// spans writes texts and underlined blanks: spaces that do not break, as others lose their rule at the end of a line.
func (x *docxWriter) spans(spans []Span) {
	for _, s := range spans {
		if s.Blank > 0 {
			x.run(strings.Repeat("\u00a0", 2*min(s.Blank, maxBlank)), `<w:u w:val="single"/>`)
			continue
		}
		x.run(s.Text, "")
	}
}

func (x *docxWriter) line(style, props, text string) {
	x.paragraph(style, props, func() { x.run(text, "") })
}

func (x *docxWriter) document(d Doc, w words) {
	x.put(xml.Header, `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:body>`)
	x.top(d)
	if d.To != "" {
		x.line("Normal", "", d.To+"：")
	}
	for i, b := range d.Blocks {
		if b.Kind == Columns {
			x.picture(i)
			continue
		}
		x.block(b, x.before(d, i))
	}
	x.attachments(d.attachments(w))
	x.signature(d)
	if d.Note != "" {
		x.line("Text", "", "（"+d.Note+"）")
	}
	x.imprint(d.imprint(w))
	x.put(`<w:sectPr><w:footerReference w:type="default" r:id="rId4"/><w:footerReference w:type="even" r:id="rId5"/>`,
		fmt.Sprintf(`<w:pgSz w:w="%d" w:h="%d"/>`, twips(pageWidth), twips(pageHeight)),
		fmt.Sprintf(`<w:pgMar w:top="%d" w:right="%d" w:bottom="%d" w:left="%d" w:header="851" w:footer="%d" w:gutter="0"/>`,
			twips(marginTop), twips(pageWidth-marginLeft-blockWidth), twips(pageHeight-marginTop-blockHeight), twips(marginLeft), twips(22*mm)),
		`<w:docGrid w:type="lines" w:linePitch="579"/></w:sectPr></w:body></w:document>`)
}

// before gives the properties that keep the last paragraph with the signature below it, and the name of a table with the table.
func (*docxWriter) before(d Doc, i int) string {
	if d.names(i) || i+1 == len(d.Blocks) && len(d.Attach) == 0 && (len(d.Sign) > 0 || d.Date != "") {
		return `<w:keepNext/>`
	}
	return ""
}

// twips turns points into the unit of DOCX.
func twips(points float64) int { return int(math.Round(points * twip)) }

// roughly gives glyphs with the widths they have in most typefaces: a Chinese character is as wide as it is high,
// a letter half. A word processor sets the text with typefaces that are not known here.
func roughly(s string, em float64) []glyph {
	out := make([]glyph, 0, len(s))
	for _, r := range s {
		g := glyph{r: r, style: style{size: em}, width: em}
		if western(r) || r == ' ' {
			g.width = em / 2
		}
		out = append(out, g)
	}
	return out
}

func (x *docxWriter) top(d Doc) {
	if d.Head != "" {
		size := min(headSize, blockWidth/widthOf(roughly(d.Head, 1)))
		half := strconv.Itoa(int(max(size2, size) * 2))
		x.paragraph("RedHead", "", func() { x.run(d.Head, `<w:sz w:val="`+half+`"/><w:szCs w:val="`+half+`"/>`) })
		x.line("RedNumber", "", d.Number)
	}
	var title []string
	for s := range strings.SplitSeq(d.Title, "\n") {
		for _, l := range breakEvenly(roughly(s, size2), blockWidth) {
			var b strings.Builder
			for _, g := range l {
				b.WriteRune(g.r)
			}
			title = append(title, b.String())
		}
	}
	x.line("Title", "", strings.Join(title, "\n"))
	if d.Head == "" && d.Number != "" {
		x.line("Number", "", d.Number)
	}
	x.line("Normal", "", "")
}

func (x *docxWriter) block(b Block, props string) {
	text := func() { x.spans(b.Text) }
	switch b.Kind {
	case Paragraph:
		x.paragraph("Text", props, text)
	case Flush:
		x.paragraph("Normal", props, text)
	case Right:
		x.paragraph("Normal", props+`<w:jc w:val="right"/>`, text)
	case Centred:
		x.paragraph("Normal", props+`<w:jc w:val="center"/>`, text)
	case Heading:
		x.heading(b, props)
	case Table:
		x.table(b)
	case Space:
		x.line("Normal", props, "")
	case Columns: // a picture, or nothing: see document
	}
}

// heading writes a heading; sentences that follow it in its paragraph are set like the text.
func (x *docxWriter) heading(b Block, props string) {
	head, rest := splitHeading(b)
	if stands(head) {
		x.line(fmt.Sprintf("Heading%d", b.Level), `<w:keepNext/>`, head)
		return
	}
	lead := ""
	if b.Level <= 2 {
		lead = fmt.Sprintf(`<w:rStyle w:val="Lead%d"/>`, b.Level)
	}
	x.paragraph("Text", props+fmt.Sprintf(`<w:outlineLvl w:val="%d"/>`, b.Level-1), func() {
		x.run(head, lead)
		if rest != "" {
			x.run(rest, "")
		}
	})
}
