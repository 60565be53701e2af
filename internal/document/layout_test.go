package document

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestNothingLeavesThePage: whatever a document holds, all of it stands within the text block, page numbers below it,
// no character is lost, and a signature has text above it on its page.
func TestNothingLeavesThePage(t *testing.T) {
	faces, err := loadFonts(Fonts())
	if err != nil {
		t.Fatal(err)
	}
	w, err := loadWords()
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		d := drawDoc(t)
		l := &layout{faces: faces, words: w}
		l.document(d)
		pages, err := l.paginate(d)
		if err != nil {
			t.Fatal(err)
		}
		var printed strings.Builder
		for n, pg := range pages {
			text, above := false, false
			for i, r := range pg.runs {
				number := i >= len(pg.runs)-3 && strings.ContainsAny(r.text, "—0123456789")
				bottom := marginTop + blockHeight
				if number {
					bottom += numberDrop + size4
				}
				if r.x < marginLeft-0.1 || r.y < marginTop || r.y > bottom+0.1 {
					t.Fatalf("page %d: %q at %v, %v", n+1, r.text, r.x, r.y)
				}
				if strings.Contains(r.text, "签署机关") {
					above = above || text
					if !above {
						t.Fatalf("page %d: a signature without text above it", n+1)
					}
				}
				text = true
				printed.WriteString(r.text)
			}
			for _, r := range pg.rules {
				if r.x1 < marginLeft-0.1 || r.x2 > marginLeft+blockWidth+0.1 || r.y1 < marginTop-0.1 || r.y2 > marginTop+blockHeight+0.1 {
					t.Fatalf("page %d: rule %+v", n+1, r)
				}
			}
		}
		if got, want := strings.Count(printed.String(), "文"), strings.Count(d.Text(), "文"); got != want {
			t.Fatalf("%d characters printed of %d", got, want)
		}
	})
}

// drawDoc makes a document of any shape; the character counted above stands in no heading of a table, which repeats.
func drawDoc(t *rapid.T) Doc {
	words := rapid.SampledFrom([]string{"文", "公文，", "（文）", "文。", "Word ", "1,024.50", "\n", "文文文文文文文文", "https://example.org/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p"})
	text := func(name string, most int) string {
		return strings.Join(rapid.SliceOfN(words, 0, most).Draw(t, name), "")
	}
	line := func(name string, most int) string { return strings.ReplaceAll(text(name, most), "\n", "") }
	d := Doc{
		Head: line("head", 4), Number: line("number", 3), Title: line("title", 12), To: line("to", 6), Note: line("note", 20), Copy: line("copy", 40), Printed: line("printed", 10),
		Seal: rapid.Bool().Draw(t, "seal"), Sign: []string{"签署机关"}, Date: "2026年3月9日",
	}
	for range rapid.IntRange(0, 3).Draw(t, "attachments") {
		d.Attach = append(d.Attach, line("attachment", 20))
	}
	d.Blocks = []Block{{Text: []Span{{Text: "文"}}}}
	kinds := rapid.SliceOfNDistinct(rapid.IntRange(0, int(Space)), 1, -1, rapid.ID[int]).Draw(t, "kinds")
	for range rapid.IntRange(1, 30).Draw(t, "blocks") {
		b := Block{Kind: Kind(rapid.SampledFrom(kinds).Draw(t, "kind")), Level: rapid.IntRange(1, 4).Draw(t, "level")}
		if b.Kind == Table {
			b.Widths = []int{1, 2, 3}
			b.Rows = []Row{{Head: true, Cells: [][]Span{{{Text: "甲"}}, {{Text: "乙"}}, {{Text: "丙"}}}}}
			for range rapid.IntRange(0, 8).Draw(t, "rows") {
				b.Rows = append(b.Rows, Row{Cells: [][]Span{{{Text: text("cell", 20)}}, {{Text: text("cell", 120)}, {Blank: 40}}}})
			}
		} else if b.Kind != Space {
			b.Text = []Span{{Text: "第" + line("text", 60)}, {Blank: rapid.IntRange(0, 9).Draw(t, "blank")}}
		}
		if b.Kind != Space || d.Blocks[len(d.Blocks)-1].Kind != Space { // templates give no two empty lines in a row
			d.Blocks = append(d.Blocks, b)
		}
	}
	return d
}
