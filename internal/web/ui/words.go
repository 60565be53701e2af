package ui

import (
	"unicode"
	"unicode/utf8"

	"github.com/a-h/templ"

	"huiyin/internal/i18n"
)

// stretch is a part of a text that is in one language.
type stretch struct {
	text    string
	chinese bool
}

// stretches parts a text on a page in English where Chinese begins and ends; on a page in Chinese it is left whole. A stretch of Chinese goes
// on until a Latin letter: the numbers and signs between its characters belong to it.
func stretches(t *i18n.Speaker, text string) []stretch {
	if t.Lang() != i18n.En {
		return []stretch{{text: text}}
	}
	var out []stretch
	done, start, end := 0, -1, 0 // what is parted, and where the stretch at hand begins and ends
	closeStretch := func() {
		if start > done {
			out = append(out, stretch{text: text[done:start]})
		}
		if start >= 0 {
			out = append(out, stretch{text: text[start:end], chinese: true})
			done, start = end, -1
		}
	}
	for i, r := range text {
		switch {
		case chinese(r):
			if start < 0 {
				start = i
			}
			end = i + utf8.RuneLen(r)
		case unicode.Is(unicode.Latin, r):
			closeStretch()
		}
	}
	closeStretch()
	if done < len(text) {
		out = append(out, stretch{text: text[done:]})
	}
	return out
}

// chinese reports whether a character is one of Chinese, or one of its signs.
func chinese(r rune) bool {
	const firstSign, lastSign, firstWide, lastWide = 0x3001, 0x301F, 0xFF01, 0xFF65
	return unicode.Is(unicode.Han, r) || r >= firstSign && r <= lastSign || r >= firstWide && r <= lastWide
}

// inChinese marks an element whose text or value, being one attribute or one option, cannot be parted: on a page in English it is Chinese when
// any of it is.
func inChinese(t *i18n.Speaker, text string) templ.Attributes {
	for _, s := range stretches(t, text) {
		if s.chinese {
			return templ.Attributes{"lang": "zh"}
		}
	}
	return nil
}
