package usecase

import (
	"testing"

	"pgregory.net/rapid"
)

// A text that is hashed as it comes has the key it has as a whole, wherever it is cut and whether it is UTF-8 or not.
func TestOnceText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) })).Draw(t, "text")
		text += rapid.SampledFrom([]string{"", "路灯\n坏了", "<&>\u2028", "\xe8\xb7", "\xf0\x9f\x98"}).Draw(t, "more")
		want, err := newOnceKey("k", text)
		if err != nil {
			t.Fatal(err)
		}
		sum := newOnceText("k")
		for rest := text; rest != ""; {
			n := rapid.IntRange(1, len(rest)).Draw(t, "n")
			if _, err := sum.Write([]byte(rest[:n])); err != nil {
				t.Fatal(err)
			}
			rest = rest[n:]
		}
		if got, err := sum.key(); err != nil || got != want {
			t.Errorf("%q: %x, want %x; %v", text, got.request, want.request, err)
		}
	})
}
