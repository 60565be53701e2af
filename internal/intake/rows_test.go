package intake

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"

	"huiyin/internal/errs"
)

type values = map[string]string

func TestJSONLines(t *testing.T) {
	long := `{"a":"` + strings.Repeat("x", MaxRow) + `"}`
	field := `{"a":"` + strings.Repeat("x", MaxField+1) + `"}`
	many := make([]string, MaxColumns+1)
	for i := range many {
		many[i] = fmt.Sprintf(`"c%d":1`, i)
	}
	in := strings.Join([]string{
		`{"编号":"1","n":12.50,"t":true,"z":null,"l":["甲",2],"o":{"x": [1, 2]},"m":[[1], 2]}`,
		``,
		`{"编号":"2"`,
		`["编号"]`,
		`{"a":"1","a":"2"}`,
		"{\"a\":\"\xff\"}",
		`{"a":"\u0000"}`,
		long,
		field,
		"{" + strings.Join(many, ",") + "}",
		`{"a":"1"} {"a":"2"}`,
		`  {"b" : "after\nall"}  ` + "\r",
	}, "\n")
	want := []outcome{
		{Number: 1, Values: values{"编号": "1", "n": "12.50", "t": "true", "z": "", "l": "甲\n2", "o": `{"x":[1,2]}`, "m": `[[1],2]`}},
		{Number: 3, Codes: []string{"intake.row.json"}},
		{Number: 4, Codes: []string{"intake.row.json"}},
		{Number: 5, Codes: []string{"intake.row.duplicate"}},
		{Number: 6, Codes: []string{"intake.row.encoding"}},
		{Number: 7, Codes: []string{"intake.row.nul"}},
		{Number: 8, Codes: []string{"intake.row.toolong"}},
		{Number: 9, Codes: []string{"intake.row.field"}},
		{Number: 10, Codes: []string{"intake.row.many"}},
		{Number: 11, Codes: []string{"intake.row.json"}},
		{Number: 12, Values: values{"b": "after\nall"}},
	}
	for name, data := range map[string][]byte{
		"in.jsonl":    []byte(in),
		"in.json":     []byte(bomUTF8 + in),
		"in.jsonl.gz": gzipped(t, []byte(in)),
		"no-name":     []byte(in),
	} {
		got, err := readAll(name, data, Options{})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestCSV(t *testing.T) {
	tests := []struct {
		name, in string
		o        Options
		want     []outcome
	}{
		{"comma, quoted line ends, doubled marks", "a,b\r\n\"1\r\n2\",\"x\"\"y\"\r\n3,4\r\n", Options{}, []outcome{
			{Number: 2, Values: values{"a": "1\r\n2", "b": `x"y`}}, {Number: 4, Values: values{"a": "3", "b": "4"}},
		}},
		{"semicolon, no end of line", "a;b\n1,5;2", Options{}, []outcome{{Number: 2, Values: values{"a": "1,5", "b": "2"}}}},
		{"tab", "a\tb\n1\t2\n", Options{}, []outcome{{Number: 2, Values: values{"a": "1", "b": "2"}}}},
		{"bar and a comma within marks", "\"a,1,2\"|b\n1|2\n", Options{}, []outcome{{Number: 2, Values: values{"a,1,2": "1", "b": "2"}}}},
		{"one column", "a\n1\n", Options{}, []outcome{{Number: 2, Values: values{"a": "1"}}}},
		{"empty rows are none", "a,b\n,\n\n 　,\n1,2\n", Options{}, []outcome{{Number: 5, Values: values{"a": "1", "b": "2"}}}},
		{"wrong number of columns", "a,b\n1\n1,2,3\n1,2,\n", Options{}, []outcome{
			{Number: 2, Codes: []string{"intake.row.columns"}},
			{Number: 3, Codes: []string{"intake.row.columns"}},
			{Number: 4, Values: values{"a": "1", "b": "2"}},
		}},
		{"mark never closed costs one row", "a,b\n1,\"x\n3,4\n5,6\n", Options{}, []outcome{
			{Number: 2, Codes: []string{"intake.row.quote"}},
			{Number: 3, Values: values{"a": "3", "b": "4"}},
			{Number: 4, Values: values{"a": "5", "b": "6"}},
		}},
		{"text after a mark", "a,b\n\"1\"x,2\n3,4\n", Options{}, []outcome{
			{Number: 2, Codes: []string{"intake.row.quote"}}, {Number: 3, Values: values{"a": "3", "b": "4"}},
		}},
		{"space after a mark, mark within a text, lone return", "a,b,c\n\"1\" ,5\" pipe,x\ry\n", Options{}, []outcome{
			{Number: 2, Values: values{"a": "1", "b": `5" pipe`, "c": "x\ry"}},
		}},
		{"header lower down, names trimmed and supplied", "登记表,,,\n\n 编号 ,,备注,\n1,2,3,\n", Options{HeaderRow: 2}, []outcome{
			{Number: 4, Values: values{"编号": "1", "#2": "2", "备注": "3"}},
		}},
		{"bytes that are no text", "a,b\n中,\xff\n3,4\n", Options{}, []outcome{
			{Number: 2, Codes: []string{"intake.row.encoding"}}, {Number: 3, Values: values{"a": "3", "b": "4"}},
		}},
		{"NUL", "a\nx\x00\n", Options{}, []outcome{{Number: 2, Codes: []string{"intake.row.nul"}}}},
		{"row over the limit", "a\n" + strings.Repeat("x", MaxRow+9) + "\ny\n", Options{}, []outcome{
			{Number: 2, Codes: []string{"intake.row.toolong"}}, {Number: 3, Values: values{"a": "y"}},
		}},
		{"closing mark too far away", "a\n\"" + strings.Repeat("\n", maxLines+5) + "\"\ny\n", Options{}, []outcome{
			{Number: 2, Codes: []string{"intake.row.quote"}},
			{Number: maxLines + 7, Codes: []string{"intake.row.quote"}},
			{Number: maxLines + 8, Values: values{"a": "y"}},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := readAll("in.csv", []byte(tt.in), tt.o)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestEncodings(t *testing.T) {
	in := "编号,内容\n1,反映A市道路积水\n2,噪声扰民，夜间施工\n"
	want := []outcome{
		{Number: 2, Values: values{"编号": "1", "内容": "反映A市道路积水"}},
		{Number: 3, Values: values{"编号": "2", "内容": "噪声扰民，夜间施工"}},
	}
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(in)
	if err != nil {
		t.Fatal(err)
	}
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(strings.ReplaceAll(in, ",", "\t"))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		data string
		o    Options
	}{
		"utf-8":            {in, Options{}},
		"utf-8 with mark":  {bomUTF8 + in, Options{}},
		"gb18030":          {gb, Options{}},
		"gb18030, named":   {gb, Options{Encoding: "gb18030"}},
		"utf-8, named":     {bomUTF8 + in, Options{Encoding: "utf-8"}},
		"utf-16 with mark": {utf16, Options{}},
	} {
		for _, data := range [][]byte{[]byte(c.data), gzipped(t, []byte(c.data))} {
			got, err := readAll("in.csv", data, c.o)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
	}

	t.Run("Chinese begins late", func(t *testing.T) {
		ascii := "id,text\n" + strings.Repeat("1,plain\n", 3*sniffSize/8)
		data := append([]byte(ascii), gb[strings.IndexByte(gb, '\n')+1:]...)
		got, err := readAll("in.csv", data, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if last := got[len(got)-1].Values["text"]; last != "噪声扰民，夜间施工" {
			t.Errorf("the last row reads %q", last)
		}
	})
	t.Run("bytes that GB18030 does not have", func(t *testing.T) {
		got, err := readAll("in.csv", []byte(gb+"3,\xff\xff\n4,ok\n"), Options{})
		if err != nil {
			t.Fatal(err)
		}
		wantMore := append(want[:2:2], outcome{Number: 4, Codes: []string{"intake.row.encoding"}},
			outcome{Number: 5, Values: values{"编号": "4", "内容": "ok"}})
		if diff := cmp.Diff(wantMore, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func TestWorkbook(t *testing.T) {
	sheet := `<worksheet><cols><col min="1"/></cols><sheetData>` +
		`<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>1</v></c><c r="D2" t="inlineStr"><is><t>日期</t></is></c></row>` +
		`<row r="4"><c r="A4"><v>1.3800138E+10</v></c><c r="B4" t="s"><v>2</v></c><c r="D4" s="1"><v>43580</v></c></row>` +
		`<row><c><v>7.50</v></c><c t="b"><v>1</v></c><c/><c s="2"><v>43580.397326388897</v></c><ext><x/></ext></row>` +
		`<row r="6"><c r="D6" s="1"><v>0.5</v></c><c r="A6" t="str"><f>B1</f><v>text</v></c><c r="B6" s="3"><v>2</v></c></row>` +
		`<row r="7"/>` +
		`<row r="8"><c r="A8" t="e"><v>#N/A</v></c></row>` +
		`<row r="9"><c r="B9"><v>110101199003070011</v></c></row>` +
		`<row r="10"><c r="A10" t="s"><v>99</v></c></row>` +
		`<row r="11"><c r="F11"><v>1</v></c></row>` +
		`<row r="12"><c r="ZZ12"><v>1</v></c></row>` +
		`<row r="13"><c r="A13" t="d"><v>2019-04-25T09:32:09</v></c><c r="B13" s="4"><v>1.5</v></c><c r="D13" t="n"><v>abc</v></c></row>` +
		`<row r="14"><c r="A14" t="d"><v>2019-04-25T09:32:09</v></c><c r="B14" s="4"><v>1.5</v></c></row>` +
		`</sheetData><mergeCells/></worksheet>`
	want := []outcome{
		{Number: 4, Values: values{"编号": "13800138000", "来信": "a\nb_x5f_", "#3": "", "日期": "2019-04-25"}},
		{Number: 5, Values: values{"编号": "7.50", "来信": "TRUE", "#3": "", "日期": "2019-04-25 09:32:09"}},
		{Number: 6, Values: values{"编号": "text", "来信": "2", "#3": "", "日期": "12:00:00"}},
		{Number: 8, Codes: []string{"intake.row.cell"}},
		{Number: 9, Codes: []string{"intake.row.digits"}},
		{Number: 10, Codes: []string{"intake.row.shared"}},
		{Number: 11, Codes: []string{"intake.row.columns"}},
		{Number: 12, Codes: []string{"intake.row.many"}},
		{Number: 13, Codes: []string{"intake.row.cell"}},
		{Number: 14, Values: values{"编号": "2019-04-25 09:32:09", "来信": "1.5", "#3": "", "日期": ""}},
	}
	data := workbookOf(t, sheet, `<worksheet><sheetData><row><c t="str"><v>x</v></c></row><row><c><v>1</v></c></row></sheetData></worksheet>`)
	got, err := readAll("in.xlsx", data, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}

	t.Run("sheet by name", func(t *testing.T) {
		got, err := readAll("in.xlsx", data, Options{Sheet: "二"})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]outcome{{Number: 2, Values: values{"x": "1"}}}, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	t.Run("days from 1904", func(t *testing.T) {
		data := workbookOf(t, sheet, "", "xl/workbook.xml", strings.Replace(bookXML, "<workbookPr/>", `<workbookPr date1904="1"/>`, 1))
		got, err := readAll("in.xlsx", data, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if day := got[0].Values["日期"]; day != "2023-04-26" {
			t.Errorf("day 43580 from 1904 is %s", day)
		}
	})
	t.Run("names the column of a bad cell", func(t *testing.T) {
		rows, err := open("in.xlsx", data, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := rows.Skip(4); err != nil {
			t.Fatal(err)
		}
		_, bad, err := rows.Read()
		if err != nil {
			t.Fatal(err)
		}
		wantBad := []RowError{{File: "in.xlsx", Row: 9, Column: "来信", Code: "intake.row.digits", Args: []errs.Arg{}}}
		if diff := cmp.Diff(wantBad, bad); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// Rows before broken markup are read, and then the file ends with an error, never quietly.
func TestDamagedFiles(t *testing.T) {
	head := `<worksheet><sheetData><row><c t="str"><v>a</v></c></row><row><c><v>1</v></c></row>`
	lines := []byte("{\"a\":\"1\"}\n")
	noise := make([]byte, 40_000) // incompressible enough to need more than one block
	for i, x := 0, uint32(1); i < len(noise); i++ {
		x = x*1664525 + 1013904223
		noise[i] = 'a' + byte(x>>24)%26
	}
	packed := gzipped(t, append(lines, fmt.Appendf(nil, "{\"b\":%q}\n", noise)...))
	for name, c := range map[string]struct {
		file string
		data []byte
		rows int
		code string
	}{
		"control character":  {"x.xlsx", workbookOf(t, head+`<row><c><v>&#x0B;</v></c></row></sheetData></worksheet>`, ""), 1, "intake.file.damaged"},
		"sheet cut off":      {"x.xlsx", workbookOf(t, head+`<row><c><v>2</v>`, ""), 1, "intake.file.damaged"},
		"sheet without end":  {"x.xlsx", workbookOf(t, head, ""), 1, "intake.file.damaged"},
		"workbook cut off":   {"x.xlsx", workbookOf(t, head, "")[:600], 0, "intake.file.damaged"},
		"no relations":       {"x.xlsx", workbookOf(t, head, "", "_rels/.rels", ""), 0, "intake.file.damaged"},
		"no workbook":        {"x.xlsx", workbookOf(t, head, "", "xl/workbook.xml", ""), 0, "intake.file.damaged"},
		"broken texts":       {"x.xlsx", workbookOf(t, head, "", "xl/sharedStrings.xml", "<sst><si>"), 0, "intake.file.damaged"},
		"no sheet":           {"x.xlsx", workbookOf(t, head, "", "xl/worksheets/sheet1.xml", ""), 0, "intake.file.sheet"},
		"row without limits": {"x.xlsx", workbookOf(t, head+`<row><c t="str"><v>`+strings.Repeat("x", maxRowXML+1<<16)+`</v></c></row></sheetData></worksheet>`, ""), 1, "intake.file.rowxml"},
		"gzip cut off":       {"x.jsonl.gz", packed[:len(packed)/2], 1, "intake.file.damaged"},
		"empty":              {"x.csv", nil, 0, "intake.file.empty"},
		"only line ends":     {"x.csv", []byte("\r\n\n"), 0, "intake.file.empty"},
		"no header":          {"x.csv", []byte("a,b\n1,2\n"), 0, "intake.file.header"},
		"old Excel":          {"x.xls", []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), 0, "intake.file.oldexcel"},
		"JSON list":          {"x.json", []byte(`[{"a":1}]`), 0, "intake.file.jsonlist"},
		"picture":            {"x.png", []byte("\x89PNG\r\n\x1a\n\x00\x00"), 0, "intake.file.format"},
		"column twice":       {"x.csv", []byte("a, a\n1,2\n"), 0, "intake.file.duplicate"},
		"too many columns":   {"x.csv", []byte(columnNames(MaxColumns+1) + "\n"), 0, "intake.file.columns"},
		"unknown encoding":   {"x.csv", []byte("a\n1\n"), 0, "intake.file.encoding"},
	} {
		t.Run(name, func(t *testing.T) {
			var o Options
			switch name {
			case "no header":
				o.HeaderRow = 9
			case "unknown encoding":
				o.Encoding = "big5"
			}
			got, err := readAll(c.file, c.data, o)
			if len(got) != c.rows || errs.CodeOf(err) != c.code {
				t.Errorf("read %d rows, then %v; want %d rows, then %s", len(got), err, c.rows, c.code)
			}
		})
	}
}

func columnNames(n int) string {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("c%d", i)
	}
	return strings.Join(names, ",")
}

func TestProgress(t *testing.T) {
	var in bytes.Buffer
	for i := range 250 {
		fmt.Fprintf(&in, "{\"a\":\"%d\"}\n", i)
	}
	var seen []Progress
	rows, err := open("in.jsonl", in.Bytes(), Options{Progress: func(p Progress) { seen = append(seen, p) }})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := drain(rows); err != nil {
		t.Fatal(err)
	}
	total := int64(in.Len())
	want := []Progress{{100, total, total}, {200, total, total}, {250, total, total}}
	if diff := cmp.Diff(want, seen); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Going on at row n gives what reading everything and dropping n rows gives, in every format, bad rows among them.
func TestSkipIsReadAndDrop(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		piece := rapid.SampledFrom([]string{"a,b", "\n", "\"", "x", "{\"a\":\"1\"}\n", "{\"a\"\n", ",", "中", "\xff", "\r\n", "1,2\n", "\"p\nq\",3\n"})
		data := []byte("k,l\n" + strings.Join(rapid.SliceOfN(piece, 0, 40).Draw(t, "pieces"), ""))
		name := rapid.SampledFrom([]string{"in.csv", "in.jsonl"}).Draw(t, "name")
		all, err := readAll(name, data, Options{})
		if err != nil {
			t.Fatal(err)
		}
		n := rapid.IntRange(0, len(all)+2).Draw(t, "n")
		rows, err := open(name, data, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := rows.Skip(n); n > len(all) != errors.Is(err, io.EOF) {
			t.Fatalf("skipping %d of %d rows: %v", n, len(all), err)
		}
		rest, err := drain(rows)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(append([]outcome(nil), all[min(n, len(all)):]...), rest); diff != "" {
			t.Fatalf("(-read +skipped):\n%s", diff)
		}
		if p := rows.Progress(); p.Rows != len(all) || p.Bytes != p.Total {
			t.Fatalf("progress at the end: %+v of %d rows", p, len(all))
		}
	})
}
