package suggest

import (
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
)

// A training holds some bytes for each character that is learnt from, and no copy of them for each fold.
func TestTrainingHolds(t *testing.T) {
	const rows, characters, labels, most = 1000, 400, 5, 24 // bytes for each character
	chance := rand.New(rand.NewPCG(1, 2))
	list := make([]Row, rows)
	for i := range list {
		var text strings.Builder
		for range characters {
			text.WriteRune(rune(0x4e00 + int(chance.ExpFloat64()*30)))
		}
		list[i] = Row{Text: text.String(), Label: string(rune('A' + i%labels))}
	}
	held := func() int {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int(m.HeapAlloc)
	}
	before := held()
	worst := 0
	_, err := Train(list, Options{Workers: 1, Progress: func(int, int) error {
		worst = max(worst, held()-before)
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	if each := worst / (rows * characters); each > most {
		t.Errorf("%d bytes for each character", each)
	} else {
		t.Logf("%d bytes for each character", each)
	}
}
