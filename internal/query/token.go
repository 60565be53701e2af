// Package query is what a search is, apart from where things are kept: how a text is cut into the tokens that are indexed, how the words that a
// person typed are understood, and where in a text they stand. It is pure, so that every engine finds the same and a page marks what was found.
//
// Chinese is cut into overlapping pairs of characters: word segmentation loses phrases. The last character of a stretch is a token of its own as
// well, so that every character begins a token and a single one can be found as the beginning of one.
package query

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxWord is the number of characters of a token; a longer word is several tokens in a row.
const maxWord = 64

// class is what a character is to the search.
type class int

const (
	other  class = iota // separates
	han                 // paired
	letter              // part of a word
	digit               // part of a number
)

// classOf gives the class of a character, full-width forms included. Planes 2 and 3 are all Chinese, also where the
// tables of the Go release do not know it yet, and so is private use: both occur in names of people and places.
func classOf(r rune) class {
	switch {
	case unicode.Is(unicode.Han, r), 0x20000 <= r && r <= 0x3FFFF, unicode.Is(unicode.Co, r):
		return han
	case unicode.IsLetter(r), unicode.IsMark(r):
		return letter
	case unicode.IsNumber(r):
		return digit
	}
	return other
}

// Tokens cuts a text into the tokens that are indexed, in order: pairs of Chinese characters and the last character
// of each stretch of them; words in lower case; numbers. Full-width letters and digits count as the ordinary ones;
// marks (accents, and the selectors of character variants in names) are left out.
func Tokens(text string) []string {
	tokens := make([]string, 0, len(text)/utf8.UTFMax)
	scan(text, func(run []rune, _, _ int) { tokens = append(tokens, string(run)) })
	return tokens
}

// Line is the tokens of a text in one line, separated by blanks: what an index is given.
func Line(text string) string {
	var b strings.Builder
	b.Grow(len(text) * lineShare)
	scan(text, func(run []rune, _, _ int) {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		for _, r := range run {
			b.WriteRune(r)
		}
	})
	return b.String()
}

// lineShare is how many times as long as a text its tokens are at most, as a rule: nearly each Chinese character stands in two of them.
const lineShare = 3

// scan hands out each token and where it stands: from its first byte to behind its last.
func scan(text string, take func(run []rune, from, to int)) {
	run, at := make([]rune, 0, maxWord), make([]int, 0, maxWord)
	kind, end := other, 0 // end is behind the last character of the run, marks included
	flush := func() {
		first := 0
		if kind == han {
			for ; first < len(run)-1; first++ {
				to := end
				if first+2 < len(run) {
					to = at[first+2]
				}
				take(run[first:first+2], at[first], to)
			}
		}
		if len(run) > 0 {
			take(run[first:], at[first], end)
		}
		run, at = run[:0], at[:0]
	}
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		from := i
		i += size
		c := han
		if !common(r) {
			if unicode.IsMark(r) {
				if end == from {
					end = i
				}
				continue
			}
			r = fold(r)
			c = classOf(r)
		}
		if c != kind || (c != han && len(run) == maxWord) {
			flush()
			kind = c
		}
		if c != other {
			run, at, end = append(run, r), append(at, from), i
		}
	}
	flush()
}

// common reports whether a character is of the block that nearly all Chinese is written in, which spares it the look into the tables.
func common(r rune) bool { return 0x4E00 <= r && r <= 0x9FFF }

// fold makes full-width forms ordinary and letters small.
func fold(r rune) rune {
	if '！' <= r && r <= '～' {
		r -= '！' - '!'
	}
	return unicode.ToLower(r)
}

// isHan reports whether a token is of Chinese characters: no token mixes classes.
func isHan(token string) bool {
	first, _ := utf8.DecodeRuneInString(token)
	return classOf(first) == han
}
