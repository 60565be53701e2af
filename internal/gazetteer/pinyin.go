package gazetteer

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/mozillazg/go-pinyin"
)

// Initials returns the pinyin initials of a name in lower case, one letter for each character, with Latin letters
// and digits kept and everything else left out: what a person types to find a place or a unit. Words that names
// read in their own way follow tables/readings.tsv.
func Initials(name string) string {
	var b strings.Builder
	spell(name, func(syllable string) { b.WriteByte(syllable[0]) })
	return b.String()
}

// Pinyin returns the syllables of a name in lower case without tones, separated by spaces, with ü written v.
// Each Latin letter or digit is a syllable of its own.
func Pinyin(name string) string {
	var b strings.Builder
	spell(name, func(syllable string) {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(syllable)
	})
	return b.String()
}

// leastSounds is how many letters are compared with the pinyin of a name: fewer are initials.
const leastSounds = 3

// Sounds reports whether small letters are the beginning of the pinyin of a name, or of what is left of it behind one of its syllables.
func Sounds(name, letters string) bool {
	if len(letters) < leastSounds || strings.ContainsFunc(letters, func(c rune) bool { return c < 'a' || c > 'z' }) {
		return false
	}
	var b strings.Builder
	var starts []int
	spell(name, func(syllable string) {
		starts = append(starts, b.Len())
		b.WriteString(syllable)
	})
	return slices.ContainsFunc(starts, func(at int) bool { return strings.HasPrefix(b.String()[at:], letters) })
}

// spell calls each with every syllable of the name in order; a syllable is never empty. The longest word of the
// table wins, then its single characters, then the dictionary's first reading.
func spell(name string, each func(syllable string)) {
	for name != "" {
		if length, syllables := ownReading(name); length > 0 {
			for syllable := range strings.SplitSeq(syllables, " ") {
				each(syllable)
			}
			name = name[length:]
			continue
		}
		char, length := utf8.DecodeRuneInString(name)
		if syllable := dictionaryReading(char); syllable != "" {
			each(syllable)
		}
		name = name[length:]
	}
}

// ownReading returns how many bytes from the start of a name the table reads in its own way, and their syllables.
func ownReading(name string) (int, string) {
	var ends [longestReading]int
	chars, end := 0, 0
	for ; chars < longestReading && end < len(name); chars++ {
		_, length := utf8.DecodeRuneInString(name[end:])
		end += length
		ends[chars] = end
	}
	for _, end := range slices.Backward(ends[:chars]) {
		if syllables := reading(name[:end]); syllables != "" {
			return end, syllables
		}
	}
	return 0, ""
}

// dictionaryReading returns the first reading of one character without its tone, "" when it has none.
func dictionaryReading(c rune) string {
	c = narrow(c)
	switch {
	case c >= '0' && c <= '9', c >= 'a' && c <= 'z':
		return string(c)
	case c >= 'A' && c <= 'Z':
		return string(c - 'A' + 'a')
	}
	toned, _, _ := strings.Cut(pinyin.PinyinDict[int(c)], ",")
	return strings.Map(plainLetter, toned)
}

// plainLetter takes the tone from a letter of pinyin; a letter that is nothing but a tone is dropped.
func plainLetter(c rune) rune {
	switch c {
	case 'ā', 'á', 'ǎ', 'à':
		return 'a'
	case 'ē', 'é', 'ě', 'è', 'ê', 'ế', 'ề':
		return 'e'
	case 'ī', 'í', 'ǐ', 'ì':
		return 'i'
	case 'ō', 'ó', 'ǒ', 'ò':
		return 'o'
	case 'ū', 'ú', 'ǔ', 'ù':
		return 'u'
	case 'ü', 'ǖ', 'ǘ', 'ǚ', 'ǜ':
		return 'v'
	case 'ń', 'ň', 'ǹ':
		return 'n'
	case 'ḿ':
		return 'm'
	}
	if c >= 'a' && c <= 'z' {
		return c
	}
	return -1
}

// narrow turns a full-width letter, digit or sign into its ASCII form.
func narrow(c rune) rune {
	const first, last, shift = 0xFF01, 0xFF5E, 0xFF01 - '!'
	if c >= first && c <= last {
		return c - shift
	}
	return c
}
