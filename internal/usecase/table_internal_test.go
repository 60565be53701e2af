package usecase

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"
)

// A table as long as one may be, and far longer than an upload, passes through: in memory stays a row of it.
func TestTablesAreBounded(t *testing.T) {
	const bound, columns = 2 << 20, 5
	live := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	for _, format := range TableFormats() {
		before := live()
		x, err := newTable(format, io.Discard, "list")
		if err != nil {
			t.Fatal(err)
		}
		cells := make([]string, columns)
		for n := range MaxExport {
			for i := range cells {
				cells[i] = "cell " + strconv.Itoa(n*len(cells)+i) + strings.Repeat(" with words", 20)
			}
			if err := x.row(cells); err != nil {
				t.Fatal(err)
			}
			if n%10_000 == 9_999 {
				if now := live(); now > before+bound {
					t.Errorf("%s: %d kB in memory behind row %d", format, (now-before)>>10, n+1)
				}
			}
		}
		if err := x.done(); err != nil {
			t.Error(err)
		}
	}
}

// full takes so many bytes.
type full struct{ left int }

func (f *full) Write(b []byte) (int, error) {
	if f.left -= len(b); f.left < 0 {
		return 0, errors.ErrUnsupported
	}
	return len(b), nil
}

// Where nothing can be written the table says so, wherever it is.
func TestTablesFail(t *testing.T) {
	for _, format := range TableFormats() {
		write := func(to io.Writer) error {
			x, err := newTable(format, to, "list", []string{"above"})
			for n := 0; err == nil && n < 2000; n++ {
				err = x.row([]string{strconv.Itoa(n * n * n * n), strings.Repeat("字", n%7)})
			}
			if err == nil {
				err = x.done()
			}
			return err
		}
		var whole bytes.Buffer
		if err := write(&whole); err != nil {
			t.Fatal(err)
		}
		for at := 0; at < whole.Len(); at += max(1, whole.Len()/50) {
			if err := write(&full{left: at}); !errors.Is(err, errors.ErrUnsupported) {
				t.Errorf("%s, full behind %d of %d bytes: %v", format, at, whole.Len(), err)
			}
		}
	}
}

// withLibrary writes a workbook as excelize does: another way to the same.
func withLibrary(t *rapid.T, rows [][]string) []byte {
	book := excelize.NewFile()
	x, err := book.NewStreamWriter(book.GetSheetName(0))
	for r, cells := range rows {
		values := make([]any, len(cells))
		for i, c := range cells {
			values[i] = c
		}
		if err == nil {
			err = x.SetRow("A"+strconv.Itoa(r+1), values)
		}
	}
	if err == nil {
		err = x.Flush()
	}
	if err != nil {
		t.Fatal(err)
	}
	out, err := book.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// readSheet reads a workbook with the library.
func readSheet(t *rapid.T, content []byte) (*excelize.File, [][]string) {
	book, err := excelize.OpenReader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := book.GetRows(book.GetSheetName(0))
	if err != nil {
		t.Fatal(err)
	}
	return book, rows
}

// A workbook says the same as one that excelize writes: the same texts in the same cells, none of them a formula, the heading bold and, with what stands above it, in sight.
func TestSheetIsAsTheLibraryWrites(t *testing.T) {
	text := rapid.OneOf(rapid.String(), rapid.StringMatching(`[=+\-@<>&"' \t\r\n_甲𠮷]{0,30}`), rapid.SampledFrom([]string{"", "=1+1", " a ", "_x0041_", "\x00", "\xff", "a\r\nb", "]]>"}))
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOfN(rapid.SliceOfN(text, 0, 30), 1, 5).Draw(t, "rows")
		above := rapid.IntRange(0, len(rows)-1).Draw(t, "above")
		var out bytes.Buffer
		x, err := newTable(TableXLSX, &out, `a&b<"c">`, rows[:above]...)
		for _, r := range rows[above:] {
			if err == nil {
				err = x.row(r)
			}
		}
		if err == nil {
			err = x.done()
		}
		if err != nil {
			t.Fatal(err)
		}
		book, got := readSheet(t, out.Bytes())
		_, want := readSheet(t, withLibrary(t, rows))
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("other than excelize writes it (-want +got):\n%s", d)
		}
		name := book.GetSheetName(0)
		panes, err := book.GetPanes(name)
		if err != nil || !panes.Freeze || panes.YSplit != above+1 || name != `a&b<"c">` {
			t.Errorf("%s: %+v %v", name, panes, err)
		}
		for r, cells := range rows {
			for c, text := range cells {
				at, _ := excelize.CoordinatesToCellName(c+1, r+1)
				if f, err := book.GetCellFormula(name, at); f != "" || err != nil {
					t.Errorf("%s holds a formula: %s %v", at, f, err)
				}
				if text == "" {
					continue
				}
				id, err := book.GetCellStyle(name, at)
				if err != nil {
					t.Fatal(err)
				}
				style, err := book.GetStyle(id)
				if err != nil || (style.Font != nil && style.Font.Bold) != (r == above) {
					t.Errorf("%s is written in %+v: %v", at, style.Font, err)
				}
			}
		}
	})
}

// Every part of a workbook is sound XML, a cell holds no more than Excel takes, and nothing that was written is taken for the mark of a character, however many there seem to be.
func TestSheetParts(t *testing.T) {
	marks := []string{"_x0041_x0042_", "__x005F_x0041_", "_x004_", "_x0041", "_xzzzz_", "_x甲_"}
	var out bytes.Buffer
	x, err := newTable(TableXLSX, &out, "list")
	if err == nil {
		err = errors.Join(x.row(marks), x.row([]string{strings.Repeat("𠮷", sheetCell), strings.Repeat("字", sheetCell+1)}), x.done())
	}
	if err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		part, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		for d := xml.NewDecoder(part); err == nil; {
			_, err = d.Token()
		}
		if !errors.Is(err, io.EOF) {
			t.Errorf("%s: %v", f.Name, err)
		}
	}
	book, err := excelize.OpenReader(bytes.NewReader(out.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := book.GetRows("list")
	if err != nil || rows[1][0] != strings.Repeat("𠮷", sheetCell/2) || rows[1][1] != strings.Repeat("字", sheetCell) {
		t.Errorf("%v", err)
	}
	if d := cmp.Diff(marks, rows[0]); d != "" {
		t.Error(d)
	}
}
