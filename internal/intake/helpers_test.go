package intake

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// root is the folder of the module, found by walking up from this package.
func root(tb testing.TB) string {
	tb.Helper()
	dir, err := os.Getwd()
	if err != nil {
		tb.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			tb.Fatal("no go.mod above this folder")
		}
		dir = filepath.Dir(dir)
	}
}

func example(tb testing.TB, name string) []byte {
	tb.Helper()
	data, err := os.ReadFile(filepath.Join(root(tb), "examples", "import", name))
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

func exampleMapping(tb testing.TB, name string) Mapping {
	tb.Helper()
	m, err := ParseMapping(example(tb, name))
	if err != nil {
		tb.Fatalf("%s: %v", name, err)
	}
	return m
}

// outcome is a row or its error codes.
type outcome struct {
	Number int
	Values map[string]string
	Codes  []string
}

func open(name string, data []byte, o Options) (*Rows, error) {
	return Open(name, bytes.NewReader(data), int64(len(data)), o)
}

// drain reads to the end. The error is what ended the file, nil for its end.
func drain(rows *Rows) ([]outcome, error) {
	var out []outcome
	for {
		row, bad, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return out, err
		}
		o := outcome{Number: row.Number, Values: row.Values}
		for _, b := range bad {
			o.Codes = append(o.Codes, b.Code)
		}
		out = append(out, o)
	}
}

func readAll(name string, data []byte, o Options) ([]outcome, error) {
	rows, err := open(name, data, o)
	if err != nil {
		return nil, err
	}
	return drain(rows)
}

func gzipped(tb testing.TB, data []byte) []byte {
	tb.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(data); err != nil {
		tb.Fatal(err)
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

const (
	relsXML = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`
	bookRelsXML = `<Relationships>` +
		`<Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/>` +
		`<Relationship Id="r2" Type="x/worksheet" Target="/xl/worksheets/sheet2.xml"/>` +
		`<Relationship Id="r3" Type="x/sharedStrings" Target="sharedStrings.xml"/>` +
		`<Relationship Id="r4" Type="x/styles" Target="styles.xml"/></Relationships>`
	bookXML = `<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><workbookPr/>` +
		`<sheets><sheet name="一" sheetId="1" r:id="r1"/><sheet name="二" sheetId="2" r:id="r2"/></sheets></workbook>`
	stringsXML = `<sst><si><t>编号</t></si><si><r><t>来</t></r><r><rPr/><t>信</t></r><rPh><t>らい</t></rPh></si><si><t xml:space="preserve">a_x000A_b_x5f_</t></si></sst>`
	stylesXML  = `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="[$-804]yyyy&quot;年&quot;m&quot;月&quot;"/><numFmt numFmtId="165" formatCode="0.00&quot;days&quot;"/><numFmt numFmtId="166" formatCode="[h]:mm"/></numFmts>` +
		`<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/></cellXfs></styleSheet>`
)

// workbookOf builds a workbook of two sheets by hand, as no library would write it.
func workbookOf(tb testing.TB, sheet1, sheet2 string, replace ...string) []byte {
	tb.Helper()
	parts := map[string]string{
		"_rels/.rels": relsXML, "xl/workbook.xml": bookXML, "xl/_rels/workbook.xml.rels": bookRelsXML,
		"xl/sharedStrings.xml": stringsXML, "xl/styles.xml": stylesXML,
		"xl/worksheets/sheet1.xml": sheet1, "xl/worksheets/sheet2.xml": sheet2,
	}
	for i := 0; i+1 < len(replace); i += 2 {
		parts[replace[i]] = replace[i+1]
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, body := range parts {
		if body == "" {
			continue
		}
		w, err := z.Create(name)
		if err != nil {
			tb.Fatal(err)
		}
		if _, err := io.WriteString(w, body); err != nil {
			tb.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}
