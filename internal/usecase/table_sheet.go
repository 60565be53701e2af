package usecase

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf16"
)

// sheet is a workbook (ECMA-376) of one sheet. Its rows go into the archive as they come, so that nothing of them is put aside: a library that does that writes what people
// wrote into a temporary file, in the clear. Every cell is text that stands in the cell itself, which is never taken for a formula.
type sheet struct {
	zip     *zip.Writer
	rows    io.Writer // the part that grows
	line    bytes.Buffer
	number  int // of the last row
	heading int // its row
}

const (
	xmlHead   = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	openXML   = "http://schemas.openxmlformats.org/"
	nsMain    = openXML + "spreadsheetml/2006/main"
	nsRels    = openXML + "package/2006/relationships"
	nsTypes   = openXML + "package/2006/content-types"
	relOffice = openXML + "officeDocument/2006/relationships"
	mimeSheet = "application/vnd.openxmlformats-officedocument.spreadsheetml."
)

// sheetCell is how many UTF-16 units a cell holds; Excel calls a workbook with a longer one broken.
const sheetCell = 32_767

// newSheet begins a workbook with what stands above the heading, which stays in sight together with it.
func newSheet(to io.Writer, title string, above ...[]string) (*sheet, error) {
	s := &sheet{zip: zip.NewWriter(to), heading: len(above) + 1}
	var name bytes.Buffer
	_ = xml.EscapeText(&name, []byte(title)) // a buffer takes everything
	for _, part := range []struct{ name, text string }{
		{"[Content_Types].xml", `<Types xmlns="` + nsTypes + `"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
			`<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="` + mimeSheet + `sheet.main+xml"/>` +
			`<Override PartName="/xl/worksheets/sheet1.xml" ContentType="` + mimeSheet + `worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="` + mimeSheet + `styles+xml"/></Types>`},
		{"_rels/.rels", `<Relationships xmlns="` + nsRels + `"><Relationship Id="rId1" Type="` + relOffice + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", `<workbook xmlns="` + nsMain + `" xmlns:r="` + relOffice + `"><bookViews><workbookView/></bookViews><sheets><sheet name="` + name.String() + `" sheetId="1" r:id="rId1"/></sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="` + nsRels + `"><Relationship Id="rId1" Type="` + relOffice + `/worksheet" Target="worksheets/sheet1.xml"/>` +
			`<Relationship Id="rId2" Type="` + relOffice + `/styles" Target="styles.xml"/></Relationships>`},
		{"xl/styles.xml", `<styleSheet xmlns="` + nsMain + `"><fonts count="2"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font><font><b/><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts>` +
			`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
			`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>` +
			`<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`},
		{"xl/worksheets/sheet1.xml", `<worksheet xmlns="` + nsMain + `"><sheetViews><sheetView tabSelected="1" workbookViewId="0"><pane ySplit="` + strconv.Itoa(s.heading) + `" topLeftCell="A` + strconv.Itoa(s.heading+1) +
			`" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>`},
	} {
		var err error
		if s.rows, err = s.zip.Create(part.name); err == nil {
			_, err = io.WriteString(s.rows, xmlHead+part.text)
		}
		if err != nil {
			return nil, fmt.Errorf("begin the table: %w", err)
		}
	}
	for _, cells := range above {
		if err := s.row(cells); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (s *sheet) row(cells []string) error {
	s.number++
	number := strconv.Itoa(s.number)
	style := `"`
	if s.number == s.heading {
		style = `" s="1"` // bold
	}
	s.line.Reset()
	s.line.WriteString(`<row r="` + number + `">`)
	for i, c := range cells {
		if c == "" {
			continue
		}
		s.line.WriteString(`<c r="` + sheetColumn(i) + number + style + ` t="inlineStr"><is><t xml:space="preserve">`)
		_ = xml.EscapeText(&s.line, []byte(sheetText(c))) // a buffer takes everything
		s.line.WriteString(`</t></is></c>`)
	}
	s.line.WriteString(`</row>`)
	if _, err := s.rows.Write(s.line.Bytes()); err != nil {
		return fmt.Errorf("write the table: %w", err)
	}
	return nil
}

func (s *sheet) done() error {
	_, err := io.WriteString(s.rows, `</sheetData></worksheet>`)
	if err == nil {
		err = s.zip.Close()
	}
	if err != nil {
		return fmt.Errorf("end the table: %w", err)
	}
	return nil
}

// sheetColumn is how a column is called: A to Z, AA and so on.
func sheetColumn(i int) string {
	const letters = 26
	name := string(rune('A' + i%letters))
	if i >= letters {
		return sheetColumn(i/letters-1) + name
	}
	return name
}

// sheetText cuts a text to what a cell holds, and keeps what looks like the mark of a character, _x0041_, from being read as that character.
func sheetText(s string) string {
	units := 0
	for at, r := range s {
		if units += max(1, utf16.RuneLen(r)); units > sheetCell {
			s = s[:at]
			break
		}
	}
	const mark, digits = "_x", 4
	var out strings.Builder
	for at := strings.Index(s, mark); at >= 0; at = strings.Index(s, mark) {
		out.WriteString(s[:at+1])
		s = s[at+1:]
		if code := s[1:]; len(code) > digits && code[digits] == '_' && isHex(code[:digits]) {
			out.WriteString("x005F_")
		}
	}
	if out.Len() == 0 {
		return s
	}
	out.WriteString(s)
	return out.String()
}

func isHex(s string) bool {
	_, err := strconv.ParseUint(s, 16, 16)
	return err == nil
}
