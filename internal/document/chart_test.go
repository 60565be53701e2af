package document_test

import (
	"archive/zip"
	"bytes"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"huiyin/internal/document"
)

// charted is a document with a chart and, as the name of the table below it says, the same in numbers.
func charted(labels int) document.Doc {
	c := &document.Chart{Series: []document.ChartSeries{{Name: "本期"}, {Name: "上期"}}}
	for i := range labels {
		c.Labels = append(c.Labels, "d"+string(rune('A'+i)))
		c.Series[0].Values = append(c.Series[0].Values, i*7)
	}
	c.Series[1].Values = []int{3}
	return document.Doc{Title: "信访情况月报", Blocks: []document.Block{
		{Kind: document.Paragraph, Text: []document.Span{{Text: "收到信访。"}}},
		{Kind: document.Columns, Chart: c},
		{Kind: document.Centred, Text: []document.Span{{Text: "收到的信访"}}},
		{Kind: document.Table, Widths: []int{1}, Rows: []document.Row{{Cells: [][]document.Span{{{Text: "七"}}}}}},
	}}
}

// A chart is drawn in PDF with its axis, labels and names; in DOCX and in text the table stands alone.
func TestChart(t *testing.T) {
	t.Parallel()
	for labels, says := range map[int][]string{
		0: {"收到信访。"}, 1: {"dA", "本期", "上期"}, 12: {"dA", "dC", "dK", "本期", "上期", "20", "80"}, // 77 is the most: five ticks of 20
	} {
		d := charted(labels)
		var b bytes.Buffer
		if err := document.NewPrinter(document.Fonts()).PDF(t.Context(), &b, d); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "chart.pdf")
		if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		text := command(t, "pdftotext", "-raw", file, "-")
		for _, want := range says {
			if !strings.Contains(text, want) {
				t.Errorf("%d labels: no %q in %q", labels, want, text)
			}
		}
		if strings.Contains(text, "dB") && labels > 8 {
			t.Error("every label is written")
		}
		if strings.Contains(d.Text(), "dA") || !strings.Contains(d.Text(), "七") {
			t.Errorf("as text: %q", d.Text())
		}
		b.Reset()
		if err := d.DOCX(&b); err != nil {
			t.Error(err)
		}
	}
}

// In DOCX a chart is a picture with the words for those who do not see it, as wide as the text; LibreOffice shows it. Without fonts the table stands alone.
func TestChartInDOCX(t *testing.T) {
	t.Parallel()
	d := charted(12)
	d.Blocks[1].Chart.Says = `收到的信访 "共 12 件"`
	write := func(p *document.Printer) (content []byte, parts map[string]string) {
		var b bytes.Buffer
		if err := p.DOCX(&b, d); err != nil {
			t.Fatal(err)
		}
		z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
		if err != nil {
			t.Fatal(err)
		}
		parts = map[string]string{}
		for _, f := range z.File {
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			data, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			parts[f.Name] = string(data)
		}
		return b.Bytes(), parts
	}
	printer := document.NewPrinter(document.Fonts())
	content, parts := write(printer)
	again, _ := write(printer)
	if !bytes.Equal(content, again) {
		t.Error("the same document gives other bytes")
	}
	drawn, err := png.Decode(strings.NewReader(parts["word/media/chart2.png"]))
	if err != nil {
		t.Fatal(err)
	}
	black := 0
	for y := range drawn.Bounds().Dy() {
		for x := range drawn.Bounds().Dx() {
			if r, _, _, _ := drawn.At(x, y).RGBA(); r < 0x8000 {
				black++
			}
		}
	}
	if whole := drawn.Bounds().Dx() * drawn.Bounds().Dy(); drawn.Bounds().Dx() < 1200 || black < whole/50 || black > whole/2 {
		t.Errorf("%v, %d of %d pixels are black", drawn.Bounds(), black, whole)
	}
	if text := parts["word/document.xml"]; !strings.Contains(text, `descr="收到的信访 &#34;共 12 件&#34;"`) || !strings.Contains(parts["word/_rels/document.xml.rels"], "media/chart2.png") || !strings.Contains(parts["[Content_Types].xml"], "image/png") {
		t.Error("the picture is not known, or not said")
	}

	dir := t.TempDir()
	file := filepath.Join(dir, "chart.docx")
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	command(t, "soffice", "-env:UserInstallation=file://"+filepath.Join(dir, "profile"), "--headless", "--convert-to", "pdf", "--outdir", dir, file)
	lines := strings.Split(strings.TrimSpace(command(t, "pdfimages", "-list", filepath.Join(dir, "chart.pdf"))), "\n")
	if len(lines) != 3 || !strings.Contains(lines[2], strconv.Itoa(drawn.Bounds().Dx())) || pages(t, filepath.Join(dir, "chart.pdf")) != 1 {
		t.Errorf("in what LibreOffice prints: %s", lines)
	}

	_, bare := write(document.NewPrinter(fstest.MapFS{}))
	if _, drawn := bare["word/media/chart2.png"]; drawn || strings.Contains(bare["word/document.xml"], "<w:drawing>") || !strings.Contains(bare["word/document.xml"], "七") {
		t.Error("without fonts there is a picture, or nothing at all")
	}
}
