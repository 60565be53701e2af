package usecase

import (
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// A table as long as one may be is put aside while it grows: what is in memory stays within a chunk of it, and a table without a place to put it is given up at the size
// of an upload.
func TestTablesAreBounded(t *testing.T) {
	const bound, columns = 48 << 20, 5
	live := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	for _, format := range TableFormats() {
		before := live()
		x, err := newTable(format, t.TempDir(), "list")
		if err != nil {
			t.Fatal(err)
		}
		full := false
		for n := range MaxExport {
			cells := make([]string, columns)
			for i := range cells {
				cells[i] = "cell " + strconv.Itoa(n*len(cells)+i) + strings.Repeat(" with words", 20)
			}
			if err := x.row(cells); err != nil {
				full = true
				break
			}
			if n%10_000 == 9_999 {
				if now := live(); now > before+bound {
					t.Errorf("%s: %d MB in memory behind row %d", format, (now-before)>>20, n+1)
				}
			}
		}
		if full != (format == TableCSV) {
			t.Errorf("%s: given up: %v", format, full)
		}
		x.drop()
	}
}
