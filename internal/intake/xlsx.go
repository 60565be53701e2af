package intake

import (
	"archive/zip"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"

	"huiyin/internal/errs"
)

// The limits of a workbook, unpacked. A few kilobytes of zip can unpack to gigabytes.
const (
	maxPart    = 128 << 20   // bytes of the shared texts, the styles, the list of sheets
	maxRowXML  = 4 * MaxRow  // bytes of markup in one row
	maxDigits  = 1_000_000e9 // from here on a number in a sheet has lost digits: it keeps 15
	lastColumn = 16_384      // XFD
	relOffice  = "/officeDocument"
	relStrings = "/sharedStrings"
	relStyles  = "/styles"
)

// workbook reads the rows of one sheet of an XLSX file (ECMA-376) as a stream. excelize is not used for reading: its
// rows end without an error where the markup is broken, so rows after a stray control character would be lost in
// silence; they do not tell a date from a number; and large sheets pass through temporary files, which would leave
// petitions on disk.
type workbook struct {
	sheet   *rowBudget
	xml     *xml.Decoder
	total   int64
	number  int // of the row read last
	ended   bool
	strings []string
	styles  styles
}

// openWorkbook opens the sheet of that name, or the first.
func openWorkbook(file string, r io.ReaderAt, size int64, o Options) (source, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fmt.Errorf("open the workbook: %w", err)
	}
	parts := make(map[string]*zip.File, len(z.File))
	for _, f := range z.File {
		parts[strings.TrimPrefix(f.Name, "/")] = f
	}
	main, err := relations(parts, "")
	if err != nil {
		return nil, err
	}
	book := main.ofType(relOffice)
	var list struct {
		Properties struct {
			Date1904 string `xml:"date1904,attr"`
		} `xml:"workbookPr"`
		Sheets []struct {
			Name string `xml:"name,attr"`
			ID   string `xml:"id,attr"`
		} `xml:"sheets>sheet"`
	}
	if err := decodePart(parts, book, &list); err != nil {
		return nil, err
	}
	rels, err := relations(parts, book)
	if err != nil {
		return nil, err
	}
	target := ""
	names := make([]string, len(list.Sheets))
	for i, s := range list.Sheets {
		names[i] = s.Name
		if target == "" && (o.Sheet == "" || o.Sheet == s.Name) {
			target = rels.byID[s.ID]
		}
	}
	sheet := parts[target]
	if sheet == nil {
		return nil, errs.E(errs.Invalid, "intake.file.sheet", "file", file, "sheet", o.Sheet, "have", strings.Join(names, ", "))
	}
	w := &workbook{total: sheet.FileInfo().Size()}
	if w.strings, err = sharedStrings(parts, rels.ofType(relStrings)); err != nil {
		return nil, err
	}
	if w.styles, err = readStyles(parts, rels.ofType(relStyles)); err != nil {
		return nil, err
	}
	w.styles.from1904 = list.Properties.Date1904 == "1" || list.Properties.Date1904 == "true"
	in, err := sheet.Open()
	if err != nil {
		return nil, fmt.Errorf("open the sheet: %w", err)
	}
	w.sheet = &rowBudget{r: in, left: maxRowXML}
	w.xml = xml.NewDecoder(w.sheet)
	return openTable(file, w, o.HeaderRow, false)
}

// rowBudget fails when one row takes more markup than any row within the limits can.
type rowBudget struct {
	r    io.Reader
	left int64
	read int64
}

func (b *rowBudget) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errs.E(errs.TooLarge, "intake.file.rowxml", "max", MaxRow>>20)
	}
	n, err := b.r.Read(p)
	b.left -= int64(n)
	b.read += int64(n)
	return n, err
}

func (w *workbook) position() (done, total int64) { return w.sheet.read, w.total }

// read gives the cells of the next row. The element sheetData holds row elements, and those hold c elements.
func (w *workbook) read() (int, []string, []RowError, error) {
	for !w.ended {
		token, err := w.xml.Token()
		if errors.Is(err, io.EOF) { // a sheet without cells, such as a chart
			w.ended = true
			break
		}
		if err != nil {
			return 0, nil, nil, fmt.Errorf("read the sheet after row %d: %w", w.number, err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			if e.Name.Local != "row" {
				continue
			}
			w.sheet.left = maxRowXML
			w.number++
			if n, err := strconv.Atoi(attr(e, "r")); err == nil && n > 0 {
				w.number = n
			}
			return w.row()
		case xml.EndElement:
			if e.Name.Local == "sheetData" {
				w.ended = true
				// read on to the checksum, so that a damaged sheet is not taken for a whole one
				if _, err := io.Copy(io.Discard, w.sheet.r); err != nil {
					return 0, nil, nil, fmt.Errorf("read the end of the sheet: %w", err)
				}
				w.sheet.read = w.total
			}
		}
	}
	return 0, nil, nil, io.EOF
}

// row reads up to the end of the row.
func (w *workbook) row() (int, []string, []RowError, error) {
	var values []string
	var bad []RowError
	column, size := 0, 0
	for {
		token, err := w.xml.Token()
		if err != nil {
			return 0, nil, nil, fmt.Errorf("read row %d: %w", w.number, unexpected(err))
		}
		switch e := token.(type) {
		case xml.EndElement: // of the row: cells are read with their ends
			if size > MaxRow {
				bad = refuse("intake.row.toolong", "max", MaxRow>>20)
			}
			return w.number, values, bad, nil
		case xml.StartElement:
			if e.Name.Local != "c" {
				if err := w.xml.Skip(); err != nil {
					return 0, nil, nil, fmt.Errorf("read row %d: %w", w.number, unexpected(err))
				}
				continue
			}
			column++
			if n := columnOf(attr(e, "r")); n > 0 {
				column = n
			}
			value, fault, err := w.cell(e)
			if err != nil {
				return 0, nil, nil, err
			}
			switch {
			case fault != "":
				f := refuse(fault)
				f[0].Column, f[0].Value = fmt.Sprintf("#%d", column), shorten(value)
				bad = append(bad, f...)
			case value == "":
			case column > MaxColumns:
				bad = refuse("intake.row.many", "n", column, "max", MaxColumns)
			default:
				size += len(value)
				for len(values) < column {
					values = append(values, "")
				}
				if size <= MaxRow {
					values[column-1] = value
				}
			}
		}
	}
}

// shared is the text that a cell names by its number; a cell without a number is empty.
func (w *workbook) shared(number string) (value, fault string) {
	if number == "" {
		return "", ""
	}
	i, err := strconv.Atoi(strings.TrimSpace(number))
	if err != nil || i < 0 || i >= len(w.strings) {
		return "", "intake.row.shared"
	}
	return w.strings[i], ""
}

// cell reads one c element up to its end: the text it shows, or the code of what is wrong with it.
func (w *workbook) cell(c xml.StartElement) (value, fault string, err error) {
	var body struct {
		Value  string   `xml:"v"`
		Inline richText `xml:"is"`
	}
	if err := w.xml.DecodeElement(&body, &c); err != nil {
		return "", "", fmt.Errorf("read row %d: %w", w.number, unexpected(err))
	}
	switch attr(c, "t") {
	case "s":
		value, fault = w.shared(body.Value)
		return value, fault, nil
	case "inlineStr":
		return body.Inline.text(), "", nil
	case "str":
		return unescape(body.Value), "", nil
	case "e":
		return body.Value, "intake.row.cell", nil
	case "b":
		if strings.TrimSpace(body.Value) == "1" {
			return "TRUE", "", nil
		}
		return "FALSE", "", nil
	case "d":
		return strings.Replace(body.Value, "T", " ", 1), "", nil
	}
	value, fault = w.styles.number(strings.TrimSpace(body.Value), attr(c, "s"))
	return value, fault, nil
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

// columnOf gives 28 for AB7, and 0 for what is no such name.
func columnOf(cell string) int {
	n := 0
	for _, b := range []byte(cell) {
		if b < 'A' || b > 'Z' {
			break
		}
		if n = n*26 + int(b-'A') + 1; n > lastColumn {
			return 0
		}
	}
	return n
}

// richText is a text in pieces of different looks. Pronunciation aids (rPh) are not part of it.
type richText struct {
	Plain []string `xml:"t"`
	Runs  []string `xml:"r>t"`
}

func (r richText) text() string {
	return unescape(strings.Join(r.Plain, "") + strings.Join(r.Runs, ""))
}

// unescape resolves _x000D_ and the like, which stand for characters that XML cannot hold.
func unescape(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for {
		at := strings.Index(s, "_x")
		if at < 0 || at+7 > len(s) {
			b.WriteString(s)
			return b.String()
		}
		code, err := hex.DecodeString(s[at+2 : at+6])
		if err != nil || s[at+6] != '_' {
			b.WriteString(s[:at+2])
			s = s[at+2:]
			continue
		}
		b.WriteString(s[:at])
		b.WriteRune(rune(code[0])<<8 | rune(code[1]))
		s = s[at+7:]
	}
}

// sharedStrings reads the table of texts that cells refer to by number.
func sharedStrings(parts map[string]*zip.File, name string) ([]string, error) {
	if parts[name] == nil {
		return nil, nil
	}
	in, err := openPart(parts, name)
	if err != nil {
		return nil, err
	}
	var out []string
	for d := xml.NewDecoder(in); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read the shared texts: %w", err)
		}
		if e, ok := token.(xml.StartElement); ok && e.Name.Local == "si" {
			var item richText
			if err := d.DecodeElement(&item, &e); err != nil {
				return nil, fmt.Errorf("read shared text %d: %w", len(out), unexpected(err))
			}
			out = append(out, item.text())
		}
	}
}

// links are the relations of one part of the workbook to others.
type links struct {
	byID map[string]string // name of the part
	kind map[string]string // type to name of the part
}

// ofType gives the part whose relation's type ends so; the two flavours of the standard differ in the beginning only.
func (l links) ofType(suffix string) string {
	for kind, target := range l.kind {
		if strings.HasSuffix(kind, suffix) {
			return target
		}
	}
	return ""
}

// relations reads the relations of a part, or of the whole file.
func relations(parts map[string]*zip.File, of string) (links, error) {
	folder, base := path.Split(of)
	var list struct {
		Relations []struct {
			ID     string `xml:"Id,attr"`
			Type   string `xml:"Type,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	if err := decodePart(parts, folder+"_rels/"+base+".rels", &list); err != nil {
		return links{}, err
	}
	out := links{byID: make(map[string]string), kind: make(map[string]string)}
	for _, r := range list.Relations {
		target := strings.TrimPrefix(r.Target, "/")
		if target == r.Target {
			target = path.Join(folder, r.Target)
		}
		out.byID[r.ID] = target
		out.kind[r.Type] = target
	}
	return out, nil
}

// decodePart reads a small part of the workbook whole.
func decodePart(parts map[string]*zip.File, name string, into any) error {
	in, err := openPart(parts, name)
	if err != nil {
		return err
	}
	if err := xml.NewDecoder(in).Decode(into); err != nil {
		return fmt.Errorf("read %s in the workbook: %w", name, unexpected(err))
	}
	return nil
}

func openPart(parts map[string]*zip.File, name string) (io.Reader, error) {
	f := parts[name]
	if f == nil {
		return nil, fmt.Errorf("no %s in the workbook", name)
	}
	if f.UncompressedSize64 > maxPart {
		return nil, errs.E(errs.TooLarge, "intake.file.parts", "max", maxPart>>20)
	}
	in, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("open %s in the workbook: %w", name, err)
	}
	return in, nil
}
