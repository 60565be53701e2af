package intake

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
)

// endless is a CSV file of so many rows that lies nowhere: each part of it is made when it is read.
type endless struct{ rows int64 }

const (
	endlessHead = "number,title,text\n"
	endlessRow  = 200 // bytes
	boundedRows = 100_000
	boundedHeap = 6 << 20 // a file of 20 MB has not that much in memory at any time
)

func (e endless) size() int64 { return int64(len(endlessHead)) + e.rows*endlessRow }

func (e endless) ReadAt(b []byte, at int64) (n int, err error) {
	for n < len(b) {
		if at+int64(n) >= e.size() {
			return n, io.EOF
		}
		where := at + int64(n) - int64(len(endlessHead))
		if where < 0 {
			n += copy(b[n:], endlessHead[at+int64(n):])
			continue
		}
		row := fmt.Sprintf("%09d,title,", where/endlessRow)
		row += strings.Repeat("x", endlessRow-1-len(row)) + "\n"
		n += copy(b[n:], row[where%endlessRow:])
	}
	return n, nil
}

// liveHeap is what is in use after everything else was collected.
func liveHeap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// A file of a hundred thousand rows is read row by row: what is in memory does not grow with it.
func TestReadingIsBounded(t *testing.T) {
	file := endless{rows: boundedRows}
	before := liveHeap()
	rows, err := Open("many.csv", file, file.size(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for {
		row, bad, err := rows.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil || len(bad) > 0 {
			t.Fatal(row, bad, err)
		}
		if n++; n%20_000 == 0 {
			if now := liveHeap(); now > before+boundedHeap {
				t.Fatalf("%d MB in memory behind row %d", (now-before)>>20, n)
			}
		}
	}
	if n != boundedRows {
		t.Errorf("%d rows", n)
	}
}
