// Package find tells which texts say the same, by what is said and not by who says it.
//
// A text is brought to its plain form (Read): letters and digits in order, full width as ordinary, capitals as small, everything else
// left out. Its shingles are all stretches of three characters; two texts are as alike as their sets of shingles A and B are, by their Jaccard
// share |A∩B| / |A∪B|, which is computed exactly. That is the judge. To find the few texts that are worth judging among a great many, each text keeps
// a sketch.
//
// # The sketch
//
// A bijection of 64 bits with a seed puts all shingles there are into an order that looks random. Of the shingles of two texts of share J, any is as likely
// the first as any other, so the first is the same in both texts with probability J. A key of a sketch is made of the first shingles in two such
// orders: two texts agree in it with probability J², and a sketch has k = 20 keys, each of two orders of its own (MinHash in bands of two). So the sketches
// agree in no key with probability
//
//	(1-J²)^k: at J = 0.8 one in 747 million, at J = 0.5 one in 315, at J = 0.3 one in 7
//
// and unrelated texts hardly ever agree: with a hundredth of their shingles in common, one pair in 500. That is why a key takes two orders. A sketch of the first
// shingles in one order (bottom-k, or bands of one) misses less at a low share, but among very many texts nearly every shingle of a
// letter is in hundreds of others, so most of what it brings up is chance, and what is not may lie behind it.
//
// Whoever keeps the sketches looks up, for each key of a new text, the newest texts with that key, so many and no more. That bounds the work whatever
// the number of texts, also where hundreds send the same letter.
//
// # Likeness
//
// The same thing told in other words shares few shingles. What it shares are names and the words for what is wrong: pairs of characters that stand in few
// texts. Weights know how telling each pair is; a text is a Vector of its pairs, two are as much about the same as the Cosine of theirs says, and the Terms of a
// text, its most telling pairs, are looked up like the keys of a sketch.
package find

import (
	"slices"
	"unicode"
	"unicode/utf8"
)

// MaxRunes is how many characters of a text count, in its plain form. What comes behind them is not looked at.
const MaxRunes = 30_000

// Text is a text in its plain form, which remembers where each character stood.
type Text struct {
	runes []rune
	from  []int // byte offsets in what was read
	to    []int
}

// Read brings a text to its plain form. Bytes that are no text are left out.
func Read(s string) Text {
	n := min(len(s), MaxRunes) // at least a byte each
	t := Text{runes: make([]rune, 0, n), from: make([]int, 0, n), to: make([]int, 0, n)}
	for i := 0; i < len(s) && len(t.runes) < MaxRunes; {
		r, size := utf8.DecodeRuneInString(s[i:])
		if r, ok := plain(r); ok {
			t.runes, t.from, t.to = append(t.runes, r), append(t.from, i), append(t.to, i+size)
		}
		i += size
	}
	return t
}

// plain gives the plain form of a character; false where it does not count.
func plain(r rune) (rune, bool) {
	if 0x4E00 <= r && r <= 0x9FFF { // nearly all there is: spares the tables
		return r, true
	}
	const fullFirst, fullLast, fullToHalf = 0xFF01, 0xFF5E, 0xFEE0
	if fullFirst <= r && r <= fullLast {
		r -= fullToHalf
	}
	r = unicode.ToLower(r)
	return r, unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.Co, r)
}

// String returns the plain form.
func (t Text) String() string { return string(t.runes) }

// Len is the number of characters.
func (t Text) Len() int { return len(t.runes) }

// width is the number of characters of a shingle.
const width = 3

// runeBits hold any character.
const runeBits = 21

// pack makes a number of the shingle at the beginning of some characters; different shingles give different numbers. A text that is shorter is one
// shingle.
func pack(runes []rune) uint64 {
	var v uint64
	for _, r := range runes[:min(width, len(runes))] {
		v = v<<runeBits | uint64(r) //nolint:gosec // a character is never negative
	}
	return v
}

// Shingles is a set of shingles, in ascending order.
type Shingles []uint64

// Shingles returns the set of a text, empty for an empty one.
func (t Text) Shingles() Shingles {
	if len(t.runes) == 0 {
		return nil
	}
	out := make(Shingles, 0, len(t.runes))
	for i := range max(1, len(t.runes)-width+1) {
		out = append(out, pack(t.runes[i:]))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Share is the Jaccard share of two sets as a fraction: what they have in common of all they have.
type Share struct{ Common, All int }

// Of compares two sets.
func (s Shingles) Of(o Shingles) Share {
	common := 0
	for i, j := 0, 0; i < len(s) && j < len(o); {
		switch {
		case s[i] == o[j]:
			common, i, j = common+1, i+1, j+1
		case s[i] < o[j]:
			i++
		default:
			j++
		}
	}
	return Share{Common: common, All: len(s) + len(o) - common}
}

// Percent is the share in whole hundredths, rounded down, so that 100 means the same.
func (s Share) Percent() int {
	if s.All == 0 {
		return 0
	}
	return 100 * s.Common / s.All
}
