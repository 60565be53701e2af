package api

import (
	"testing"

	"huiyin/internal/usecase"
)

func FuzzNoticeCursor(f *testing.F) {
	for _, seed := range []string{"", "MS4yLjM", formatNoticeCursor(usecase.NoticeCursor{MadeUS: 1_758_816_000_000_000, Home: 330112, ID: 15}), "!", "MS4yLjN4"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := parseNoticeCursor(text)
		if err == nil && text != "" && formatNoticeCursor(c) != text {
			t.Errorf("%q is read as %+v", text, c)
		}
	})
}
