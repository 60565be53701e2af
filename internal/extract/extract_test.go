package extract

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"

	"huiyin/internal/document"
)

// makePDF writes a file of objects, numbered from 1; the first is the root.
func makePDF(objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	at := make([]int, len(objects))
	for i, o := range objects {
		at[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, n := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, xref)
	return b.Bytes()
}

func stream(head, content string) string {
	return fmt.Sprintf("<<%s/Length %d>>\nstream\n%s\nendstream", head, len(content), content)
}

// pagePDF is a file of one page that draws something with the font F beside two others, G and H, and the form X.
func pagePDF(contents, f, form string) []byte {
	return makePDF(
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Kids[3 0 R]/Count 1/Resources<</Font<</F 5 0 R/G 6 0 R/H 7 0 R>>/XObject<</X 8 0 R>>>>>>",
		"<</Type/Page/Parent 2 0 R/Contents 4 0 R>>",
		stream("", contents), f, latinFont, tableFont, stream("/Subtype/Form/Matrix[1 0 0 1 0 0]", form),
		stream("", "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /A def\n1 begincodespacerange <0000> <ffff> endcodespacerange\n"+
			"2 beginbfchar <0001> <5c45> <0002> <6C11> endbfchar\n2 beginbfrange <0010> <0012> <0041> <0020> <0021> [<597D> <00660066>] endbfrange endcmap"),
	)
}

const (
	gbkFont   = "<</Type/Font/Subtype/Type0/BaseFont/FangSong/Encoding/GBK-EUC-H/DescendantFonts[<</CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)>>>>]>>"
	latinFont = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
	tableFont = "<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/ToUnicode 9 0 R>>"
)

// gbk writes a string of a PDF in GBK.
func gbk(s string) string {
	out, err := simplifiedchinese.GBK.NewEncoder().String(s)
	if err != nil {
		panic(err)
	}
	return fmt.Sprintf("<%x>", out)
}

func TestPDF(t *testing.T) {
	for _, c := range []struct{ name, draws, form, want string }{
		{"the encoding of official documents", "BT /F 16 Tf 1 0 0 1 50 700 Tm " + gbk("关于噪音的通知") + " Tj ET", "", "关于噪音的通知"},
		{"a table of the font", "BT /H 16 Tf 50 700 Td <00010002> Tj [<0010> 20 <00110012>] TJ <00200021> Tj <0099> Tj ET", "", "居民ABC好ff"},
		{"a line that goes on", "BT /F 16 Tf 50 700 Td " + gbk("夜间浇筑混") + " Tj 0 -28 Td " + gbk("凝土，无人管。") + " Tj T* 0 -28 Td " + gbk("另一段") + " Tj ET", "", "夜间浇筑混凝土，无人管。\n另一段"},
		{"a heading", "BT /F 22 Tf 50 700 Td " + gbk("标题") + " Tj /F 16 Tf 0 -28 Td " + gbk("正文") + " Tj ET", "", "标题\n正文"},
		{"far below", "BT /F 16 Tf 50 700 Td " + gbk("表头") + " Tj 0 -200 Td " + gbk("页脚") + " Tj ET", "", "表头\n页脚"},
		{"cells", "BT /F 16 Tf 50 700 Td " + gbk("姓名") + " Tj 200 0 Td " + gbk("金额") + " Tj ET", "", "姓名 金额"},
		{"one by one", "BT /F 10 Tf 50 700 Td " + gbk("挨") + " Tj ET BT /F 10 Tf 60 700 Td " + gbk("着") + " Tj ET", "", "挨着"},
		{"words", "BT /G 12 Tf 14 TL 50 700 Td [(un) 20 (paid) -300 (wages)] TJ (and) ' 100 0 Td (fines) Tj ET", "", "unpaid wages\nand fines"},
		{"a form", "q 2 0 0 2 0 0 cm /X Do Q BT /F 16 Tf 50 100 Td " + gbk("外") + " Tj ET", "BT /F 16 Tf 50 300 Td " + gbk("里") + " Tj ET", "里\n外"},
		{"a form in itself", "/X Do", "BT /F 9 Tf 1 1 Td " + gbk("回") + " Tj ET /X Do", "回回回回回回"},
		{"a scan", "q 595 0 0 842 0 0 cm /X Do Q", "", ""},
		{"no font", "BT /Z 16 Tf (x) Tj ET", "", ""},
		{"broken off", "BT /F 16 Tf 50 700 Td " + gbk("前文") + " Tj << /A", "", "前文"},
	} {
		got, err := Text(PDF, pagePDF(c.draws, gbkFont, c.form))
		if err != nil || got != c.want {
			t.Errorf("%s: %q, %v; want %q", c.name, got, err, c.want)
		}
	}
}

func TestNamedEncodings(t *testing.T) {
	for name, raw := range map[string]string{
		"UniGB-UCS2-H": "<566A97F3>", "UniGB-UTF16-V": "<566A97F3>", "GB-EUC-H": "<D4EBD2F4>", "GBKp-EUC-V": "<D4EBD2F4>", "GBK2K-H": "<D4EBD2F4>", "ETenms-B5-H": "<BEB8ADB5>",
	} {
		font := strings.Replace(gbkFont, "GBK-EUC-H", name, 1)
		if got, err := Text(PDF, pagePDF("BT /F 16 Tf 50 700 Td "+raw+" Tj ET", font, "")); err != nil || got != "噪音" {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	font := strings.Replace(gbkFont, "GBK-EUC-H", "Identity-H", 1) // glyph numbers without a table
	if got, err := Text(PDF, pagePDF("BT /F 16 Tf 50 700 Td <D4EBD2F4> Tj ET", font, "")); err != nil || got != "" {
		t.Errorf("glyph numbers: %q, %v", got, err)
	}
}

// What other programs and our own printer write.
func TestWrittenByPrograms(t *testing.T) {
	const want = "锦绣花园，居民无法入睡。Call 13800138000 now."
	for name, kind := range map[string]Kind{"chromium.pdf": PDF, "libreoffice.pdf": PDF, "libreoffice.docx": DOCX} {
		content, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := Text(kind, content); err != nil || !strings.Contains(strings.ReplaceAll(got, " ", ""), strings.ReplaceAll(want, " ", "")) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	doc := document.Doc{
		Head: "临江市信访局", Number: "临信访〔2026〕3号", Title: "关于锦绣花园夜间施工的答复", To: "周长顺",
		Blocks: []document.Block{{Text: []document.Span{{Text: strings.Repeat("经查，三期工地夜间浇筑混凝土未取得夜间施工证明，已经责令停工", 6) + "。"}}}},
		Sign:   []string{"临江市信访局"}, Date: "2026年11月22日",
	}
	var file bytes.Buffer
	printer := document.NewPrinter(document.Fonts())
	for kind, print := range map[Kind]func() error{
		PDF:  func() error { return printer.PDF(t.Context(), &file, doc) },
		DOCX: func() error { return doc.DOCX(&file) },
	} {
		file.Reset()
		if err := print(); err != nil {
			t.Fatal(err)
		}
		got, err := Text(kind, file.Bytes())
		if err != nil {
			t.Fatal(kind, err)
		}
		for _, want := range []string{doc.Number, doc.Title, "责令停工经查", "夜间施工证明", doc.Date} {
			if !strings.Contains(got, want) {
				t.Errorf("%s of our own lacks %q:\n%s", kind, want, got)
			}
		}
	}
}

func TestBroken(t *testing.T) {
	whole := pagePDF("BT /F 16 Tf 50 700 Td "+gbk("噪音")+" Tj ET", gbkFont, "")
	knot := makePDF("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9>>")
	for name, c := range map[string]struct {
		kind    Kind
		content []byte
	}{
		"nothing":            {PDF, nil},
		"no PDF":             {PDF, []byte("hello")},
		"a PDF cut short":    {PDF, whole[:len(whole)/2]},
		"a tree in a knot":   {PDF, knot},
		"no pages":           {PDF, makePDF("<</Type/Catalog>>")},
		"too large":          {TXT, make([]byte, MaxSize+1)},
		"no DOCX":            {DOCX, whole},
		"an archive":         {DOCX, makeZip(map[string]string{"a.xml": "<t>x</t>"})},
		"a DOCX without XML": {DOCX, makeZip(map[string]string{"word/document.xml": "<w:t>x"})},
		"a picture as text":  {TXT, []byte("\x89PNG\r\n\x1a\n\x00")},
		"neither encoding":   {TXT, []byte("\xff\xff\xff")},
		"no kind":            {"jpeg", []byte("x")},
	} {
		if got, err := Text(c.kind, c.content); !errors.Is(err, ErrBroken) && (name != "a DOCX without XML" || got != "x") {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	if got, err := Text(PDF, append(whole, strings.Repeat("\nmore", 50)...)); err != nil || got != "噪音" {
		t.Errorf("with more behind its end: %q, %v", got, err)
	}
}

func makeZip(files map[string]string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range files {
		w, err := z.Create(name)
		if err != nil {
			panic(err)
		}
		_, _ = w.Write([]byte(text))
	}
	_ = z.Close()
	return b.Bytes()
}

func TestDOCX(t *testing.T) {
	content := makeZip(map[string]string{
		"word/footer1.xml":   `<w:ftr><w:p><w:r><w:t>页脚</w:t></w:r></w:p></w:ftr>`,
		"word/footnotes.xml": `<w:footnotes><w:p><w:r><w:t>脚注</w:t></w:r></w:p></w:footnotes>`,
		"word/document.xml": `<w:document><w:body><w:p><w:r><w:t>夜间</w:t></w:r><w:r><w:t>施工</w:t><w:tab/><w:t>噪音</w:t></w:r></w:p>` +
			`<w:p><w:del><w:r><w:delText>删去</w:delText></w:r></w:del><w:ins><w:r><w:t xml:space="preserve">写上 &amp; </w:t></w:r></w:ins><w:r><w:instrText>PAGE</w:instrText><w:br/><w:t>第二行</w:t></w:r></w:p></w:body></w:document>`,
		"word/styles.xml": `<w:t>样式</w:t>`,
	})
	got, err := Text(DOCX, content)
	if diff := cmp.Diff("夜间施工 噪音\n写上 & \n第二行\n脚注\n页脚", got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	bomb := makeZip(map[string]string{"word/document.xml": "<w:t>" + strings.Repeat("水", maxUnpacked/3+MaxText) + "</w:t>"})
	if got, err := Text(DOCX, bomb); utf8.RuneCountInString(got) > MaxText {
		t.Errorf("%d characters, %v", utf8.RuneCountInString(got), err)
	}
}

func TestPlainText(t *testing.T) {
	const text = "夜间施工\r\n\n\t噪音 扰民\u200b⺠⼯"
	gb, err := simplifiedchinese.GB18030.NewEncoder().String("夜间施工，噪音")
	if err != nil {
		t.Fatal(err)
	}
	for content, want := range map[string]string{"": "", "\ufeff" + text: "夜间施工 \n噪音 扰民民工", gb: "夜间施工，噪音", strings.Repeat("水", MaxText+9): strings.Repeat("水", MaxText)} {
		if got, err := Text(TXT, []byte(content)); err != nil || got != want {
			t.Errorf("%.30q: %.90q, %v", content, got, err)
		}
	}
}

func TestKindOf(t *testing.T) {
	for mime, want := range map[string]Kind{
		"application/pdf": PDF, "text/plain; charset=utf-8": TXT, "image/jpeg": "",
		"application/vnd.openxmlformats-officedocument.wordprocessingml.document": DOCX,
	} {
		if got, ok := KindOf(mime); got != want || ok != (want != "") {
			t.Errorf("%s is %q", mime, got)
		}
	}
}

// Whatever comes in, what comes out is text within the bounds.
func bounded(f *testing.F, kind Kind) {
	f.Helper()
	f.Fuzz(func(t *testing.T, content []byte) {
		got, err := Text(kind, content)
		if err != nil && (got != "" || !errors.Is(err, ErrBroken)) {
			t.Errorf("%q, %v", got, err)
		}
		if !utf8.ValidString(got) || utf8.RuneCountInString(got) > MaxText || strings.ContainsRune(got, 0) {
			t.Errorf("no text: %q", got)
		}
	})
}

func FuzzDOCX(f *testing.F) {
	f.Add(makeZip(map[string]string{"word/document.xml": "<w:p><w:t>噪音</w:t></w:p>"}))
	f.Add([]byte("PK\x03\x04"))
	bounded(f, DOCX)
}

func FuzzPlain(f *testing.F) {
	f.Add([]byte("噪音\r\n"))
	f.Add([]byte("\xd4\xeb\xd2\xf4"))
	bounded(f, TXT)
}

func FuzzMeanings(f *testing.F) {
	f.Add("1 begincodespacerange <00> <ff> endcodespacerange 1 beginbfchar <01> <5c45> endbfchar", "\x01")
	f.Add("1 beginbfrange <00000000> <ffffffff> <ffff> endbfrange 1 beginbfrange <01> <ff> [<41>] endbfrange", "\x00\x01")
	f.Fuzz(func(t *testing.T, table, raw string) {
		m := parseMeanings(table, true)
		if m == nil {
			return
		}
		if len(m.text) > maxMeanings {
			t.Errorf("%d meanings", len(m.text))
		}
		m.decode(raw)
	})
}
