package document_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"huiyin/internal/document"
	"huiyin/internal/errs"
)

// form is a short form to be filled in by hand, without red head and seal.
func form() document.Doc {
	span := func(s string) []document.Span { return []document.Span{{Text: s}} }
	return document.Doc{
		Title: "送达回证", Number: "临人社信〔2026〕3号", Sign: []string{"临江市人社局"}, Date: "2026年3月9日",
		Blocks: []document.Block{
			{Kind: document.Table, Widths: []int{1, 2, 1, 2}, Rows: []document.Row{
				{Cells: [][]document.Span{span("受送达人"), span("陈玉兰"), span("电话"), {{Blank: 5}}}},
				{Cells: [][]document.Span{span("送达方式"), span("□直接送达　□邮寄送达　□电子送达\n□留置送达")}},
			}},
			{Kind: document.Right, Text: []document.Span{{Text: "签收："}, {Blank: 6}}},
			{Kind: document.Centred, Text: span("—— 以下空白 ——")},
		},
	}
}

// ledger is a document of many pages with one long table.
func ledger() document.Doc {
	d := document.Doc{Title: "信访事项登记表"}
	table := document.Block{Kind: document.Table, Widths: []int{1, 4}, Rows: []document.Row{{Head: true, Cells: [][]document.Span{{{Text: "号次"}}, {{Text: "内容摘要"}}}}}}
	for i := range 60 {
		text := fmt.Sprintf("第%d项内容，", i+1) + strings.Repeat("反映情况", i)
		table.Rows = append(table.Rows, document.Row{Cells: [][]document.Span{{{Text: strconv.Itoa(i + 1)}}, {{Text: text}}}})
	}
	d.Blocks = append(d.Blocks, table)
	return d
}

func samples(t *testing.T) map[string]document.Doc {
	t.Helper()
	return map[string]document.Doc{"reply": sample(t), "form": form(), "ledger": ledger()}
}

// command runs a program that opens what was made; it is there (scripts/needs.sh).
func command(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v (sh scripts/needs.sh unit installs it): %s", name, err, out)
	}
	return string(out)
}

// squeeze takes out of a text what a layout adds or moves: spaces, and page numbers.
func squeeze(s string) string {
	s = regexp.MustCompile(`(?m)^\s*— ?\d+ ?—\s*$`).ReplaceAllString(s, "")
	return strings.Join(strings.Fields(strings.ReplaceAll(s, "_", "")), "")
}

// missing gives what a text has and its printed text lacks: lines that do not stand there from end to end, and
// characters that stand there less often. The cells of a table are mixed in reading, so for them the characters count.
func missing(text, printed string) []string {
	printed = squeeze(printed)
	var out []string
	count := map[rune]int{}
	for _, r := range printed {
		count[r]++
	}
	for line := range strings.Lines(text) {
		table := strings.Contains(line, "\t")
		line = squeeze(line)
		if !table && !strings.Contains(printed, line) {
			out = append(out, line)
		}
		for _, r := range line {
			if count[r]--; count[r] == -1 {
				out = append(out, string(r))
			}
		}
	}
	return out
}

func pages(t *testing.T, file string) int {
	t.Helper()
	m := regexp.MustCompile(`Pages:\s+(\d+)`).FindStringSubmatch(command(t, "pdfinfo", file))
	if m == nil {
		t.Fatal("pdfinfo tells no pages")
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestPDFOpens: another program finds every sentence in the order of reading, the fonts are embedded, the title is
// told, each page has its number and the table its heading again.
func TestPDFOpens(t *testing.T) {
	printer := document.NewPrinter(document.Fonts())
	want := map[string]int{"reply": 5, "form": 1, "ledger": 13}
	for name, d := range samples(t) {
		file := filepath.Join(t.TempDir(), name+".pdf")
		var b bytes.Buffer
		if err := printer.PDF(t.Context(), &b, d); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		text := command(t, "pdftotext", "-raw", file, "-")
		for _, part := range missing(d.Text(), text) {
			t.Errorf("%s: the PDF lacks %q", name, part)
		}
		fonts := strings.Split(strings.TrimSpace(command(t, "pdffonts", file)), "\n")
		if len(fonts) < 4 {
			t.Errorf("%s: fonts %q", name, fonts)
		}
		for _, f := range fonts[2:] {
			if !regexp.MustCompile(`^Noto\S+ +CID TrueType +Identity-H +yes +\S+ +yes`).MatchString(f) {
				t.Errorf("%s: font not embedded or without its characters: %s", name, f)
			}
		}
		n := pages(t, file)
		if n != want[name] {
			t.Errorf("%s: %d pages, want %d", name, n, want[name])
		}
		for i := range n {
			if !strings.Contains(text, fmt.Sprintf("— %d —", i+1)) {
				t.Errorf("%s: no number on page %d", name, i+1)
			}
		}
		if heads := strings.Count(text, "内容摘要"); name == "ledger" && heads != n {
			t.Errorf("the table has %d headings on %d pages", heads, n)
		}
		if info := command(t, "pdfinfo", file); !strings.Contains(info, "595.28 x 841.89 pts (A4)") || !strings.Contains(info, strings.ReplaceAll(d.Title, "\n", " ")) {
			t.Errorf("%s: %s", name, info)
		}
	}
}

// TestPDFBody: the text stands in the text block of the standard: 28 characters a line, 22 lines a page.
func TestPDFBody(t *testing.T) {
	d := document.Doc{Title: "版式", Blocks: []document.Block{{Kind: document.Flush, Text: []document.Span{{Text: strings.Repeat("版", 28*60)}}}}}
	file := filepath.Join(t.TempDir(), "a.pdf")
	var b bytes.Buffer
	if err := document.NewPrinter(document.Fonts()).PDF(t.Context(), &b, d); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	count := 0
	for line := range strings.Lines(command(t, "pdftotext", "-f", "2", "-l", "2", "-layout", file, "-")) {
		if n := strings.Count(line, "版"); n == 28 {
			count++
		} else if n > 0 {
			t.Errorf("a line of %d characters", n)
		}
	}
	if count != 22 {
		t.Errorf("%d lines on a page", count)
	}
}

// TestDOCXOpens: LibreOffice reads each file, and what it prints holds every sentence on about as many pages.
func TestDOCXOpens(t *testing.T) {
	dir := t.TempDir()
	args := []string{"-env:UserInstallation=file://" + filepath.Join(dir, "profile"), "--headless", "--convert-to", "pdf", "--outdir", dir}
	for name, d := range samples(t) {
		file := filepath.Join(dir, name+".docx")
		var b bytes.Buffer
		if err := d.DOCX(&b); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, file)
	}
	command(t, "soffice", args...)
	most := map[string]int{"reply": 6, "form": 1, "ledger": 14}
	for name, d := range samples(t) {
		file := filepath.Join(dir, name+".pdf")
		text := command(t, "pdftotext", "-raw", file, "-")
		for _, part := range missing(signs().Replace(d.Text()), signs().Replace(text)) {
			t.Errorf("%s: the DOCX lacks %q", name, part)
		}
		if n := pages(t, file); n > most[name] {
			t.Errorf("%s: %d pages", name, n)
		}
	}
}

// signs takes out the signs that LibreOffice 7 hangs into the margin, where pdftotext does not see them.
func signs() *strings.Replacer {
	return strings.NewReplacer("，", "", "。", "", "、", "", "；", "", "：", "")
}

// TestDOCXParts: every part is well-formed, nothing in it names a person or a day, and what a person typed is text.
func TestDOCXParts(t *testing.T) {
	evil := `</w:t><w:p/>&"' ]]>` + "\x00\x0b\ufffe"
	d := document.Doc{Title: evil, Number: evil, Head: evil, To: evil, Note: evil, Copy: evil, Sign: []string{evil}, Date: evil, Attach: []string{evil, evil}, Blocks: []document.Block{
		{Text: []document.Span{{Text: evil}}},
		{Kind: document.Heading, Level: 1, Text: []document.Span{{Text: evil + "。" + evil}}},
		{Kind: document.Table, Widths: []int{1, 1}, Rows: []document.Row{{Cells: [][]document.Span{{{Text: evil}}}}}},
	}}
	var b bytes.Buffer
	if err := d.DOCX(&b); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, f := range z.File {
		names[f.Name] = true
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		for dec := xml.NewDecoder(bytes.NewReader(data)); ; {
			if _, err := dec.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
		}
		if f.Name == "word/document.xml" && (strings.Contains(string(data), "<w:p/>") || strings.Count(string(data), "]]&gt;") != 14) {
			t.Errorf("what was typed is not all text: %s", data)
		}
		for _, no := range []string{"dc:creator", "lastModifiedBy", "dcterms"} {
			if strings.Contains(string(data), no) {
				t.Errorf("%s holds %s", f.Name, no)
			}
		}
	}
	for _, need := range []string{"[Content_Types].xml", "_rels/.rels", "word/_rels/document.xml.rels", "word/document.xml", "word/styles.xml", "docProps/core.xml"} {
		if !names[need] {
			t.Errorf("no part %s", need)
		}
	}
}

// TestSameDocumentSameBytes: also for callers side by side.
func TestSameDocumentSameBytes(t *testing.T) {
	printer := document.NewPrinter(document.Fonts())
	d := sample(t)
	var first, firstDOCX bytes.Buffer
	if err := errors.Join(printer.PDF(t.Context(), &first, d), d.DOCX(&firstDOCX)); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			var pdf, docx bytes.Buffer
			if err := errors.Join(printer.PDF(t.Context(), &pdf, d), d.DOCX(&docx)); err != nil {
				t.Error(err)
			}
			if !bytes.Equal(pdf.Bytes(), first.Bytes()) || !bytes.Equal(docx.Bytes(), firstDOCX.Bytes()) {
				t.Error("the same document gave other bytes")
			}
		})
	}
	wg.Wait()
}

// TestRareCharacters: what no font has is printed as a box and can be listed; what only the sans font has is not.
func TestRareCharacters(t *testing.T) {
	printer := document.NewPrinter(document.Fonts())
	d := document.Doc{Title: "关于陈玉䶮", Blocks: []document.Block{{Text: []document.Span{{Text: "甲\U0001F600\U000310FF乙\u0e01"}}}}}
	got, err := printer.Missing(d)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != "\U0001F600\U000310FF\u0e01" {
		t.Errorf("missing %q", string(got))
	}
	var b bytes.Buffer
	if err := printer.PDF(t.Context(), &b, d); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if text := command(t, "pdftotext", file, "-"); !strings.Contains(text, "甲〓〓乙〓") {
		t.Errorf("text %q", text)
	}
}

// TestFarCharacters: names with characters beyond the basic plane are found in the file, and the file is whole: its
// table of places is right, or poppler would tell that it had to make it anew.
func TestFarCharacters(t *testing.T) {
	const names = "甲𬱖乙𫖯丙𬭎丁䶮戊㛃己"
	var b bytes.Buffer
	d := document.Doc{Title: names, Blocks: []document.Block{{Text: []document.Span{{Text: names}}}}}
	if err := document.NewPrinter(document.Fonts()).PDF(t.Context(), &b, d); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	text := command(t, "pdftotext", "-raw", file, "-")
	if strings.Count(text, names) != 2 || strings.Contains(text, "rror") {
		t.Errorf("text %q", text)
	}
	place := regexp.MustCompile(`(?m)^(\d{10}) 00000 n $`)
	for i, m := range place.FindAllSubmatch(b.Bytes(), -1) {
		at, err := strconv.Atoi(string(m[1]))
		if err != nil || !bytes.HasPrefix(b.Bytes()[at:], fmt.Appendf(nil, "%d 0 obj", i+1)) {
			t.Errorf("object %d is not at %d", i+1, at)
		}
	}
	start := regexp.MustCompile(`startxref\n(\d+)`).FindSubmatch(b.Bytes())
	if at, err := strconv.Atoi(string(start[1])); err != nil || !bytes.HasPrefix(b.Bytes()[at:], []byte("xref")) {
		t.Errorf("no table of places at %s", start[1])
	}
}

// TestALongListPrints: what thousands of people signed has as many lines.
func TestALongListPrints(t *testing.T) {
	tpl, err := document.Parse("标题：答复\n\n{每项 诉求}\n{内容}\n{完}", fields())
	if err != nil {
		t.Fatal(err)
	}
	rows := make([]document.Values, document.MaxRows)
	for i := range rows {
		rows[i] = document.Values{"内容": "第" + strconv.Itoa(i+1) + "户"}
	}
	d, err := tpl.Fill(document.Values{"诉求": rows})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "long.pdf")
	var b bytes.Buffer
	if err := document.NewPrinter(document.Fonts()).PDF(t.Context(), &b, d); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	printed := strings.Fields(command(t, "pdftotext", file, "-"))
	for _, want := range []string{"第1户", "第10000户"} {
		if !slices.Contains(printed, want) {
			t.Errorf("%s is not printed", want)
		}
	}
}

// TestBounds: without fonts, with broken fonts and with too many pages the error says so.
func TestBounds(t *testing.T) {
	many := document.Doc{Title: "长", Blocks: make([]document.Block, 0, 50_000)}
	for range 50_000 {
		many.Blocks = append(many.Blocks, document.Block{Text: []document.Span{{Text: "行"}}})
	}
	broken := fstest.MapFS{"NotoSerifSC-Regular.ttf.gz": &fstest.MapFile{Data: []byte("no font")}}
	for _, tt := range []struct {
		name, code string
		printer    *document.Printer
		doc        document.Doc
	}{
		{"no fonts", "document.fonts.missing", document.NewPrinter(fstest.MapFS{}), form()},
		{"broken fonts", "document.fonts.bad", document.NewPrinter(broken), form()},
		{"pages", "document.pages", document.NewPrinter(document.Fonts()), many},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var b bytes.Buffer
			err := tt.printer.PDF(t.Context(), &b, tt.doc)
			e, ok := errors.AsType[*errs.Error](err)
			if !ok || b.Len() > 0 || e.Code != tt.code && (len(e.Fields) != 1 || e.Fields[0].Code != tt.code) {
				t.Errorf("got %v and %d bytes, want %s", err, b.Len(), tt.code)
			}
		})
	}
}

func BenchmarkPDF(b *testing.B) {
	printer := document.NewPrinter(document.Fonts())
	d := sample(b)
	if err := printer.PDF(b.Context(), io.Discard, d); err != nil {
		b.Fatal(err)
	}
	var out bytes.Buffer
	b.ReportAllocs()
	for b.Loop() {
		out.Reset()
		if err := printer.PDF(b.Context(), &out, d); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(out.Len()), "bytes")
}

func BenchmarkDOCX(b *testing.B) {
	d := sample(b)
	var out bytes.Buffer
	b.ReportAllocs()
	for b.Loop() {
		out.Reset()
		if err := d.DOCX(&out); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(out.Len()), "bytes")
}

// BenchmarkFonts is what the first document of a program waits for.
func BenchmarkFonts(b *testing.B) {
	for b.Loop() {
		if err := document.NewPrinter(document.Fonts()).PDF(b.Context(), io.Discard, document.Doc{Title: "文"}); err != nil {
			b.Fatal(err)
		}
	}
}
