package document_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

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
