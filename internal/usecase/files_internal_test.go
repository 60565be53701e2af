package usecase

import (
	"testing"

	"pgregory.net/rapid"
)

// The length on disk hides the length of the content and costs little.
func TestFullLength(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, MaxUpload).Draw(t, "n")
		full := fullLength(n)
		if full < n || full > max(leastLength, n+n/8) || fullLength(full) != full || fullLength(n+1) < full {
			t.Errorf("%d bytes are filled up to %d", n, full)
		}
	})
	lengths := map[int]bool{}
	for n := 1; n <= MaxUpload; n += 100 {
		lengths[fullLength(n)] = true
	}
	if len(lengths) > 400 {
		t.Errorf("%d lengths tell files apart", len(lengths))
	}
}
