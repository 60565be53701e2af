package suggest

import (
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// reading is a text as the model reads it: the letters and numerals that count, and the words they make.
type reading struct {
	text     string // the characters, one after the other, in one case and one width
	at       []int  // where each character begins in text, and the end of the last
	from, to []int  // bytes of the source that each character stands for
	words    []int  // the first character of each word, and the end of the last
}

// chars gives the characters from the ith up to the jth.
func (r *reading) chars(i, j int) string { return r.text[r.at[i]:r.at[j]] }

// size is the number of characters.
func (r *reading) size() int { return len(r.at) - 1 }

// scan reads a text. A word is what stands between two characters that count for nothing: in a text that is cut into words already, the
// words; in Chinese as it is written, what stands between two marks of punctuation.
//
// Figures all become one numeral, and the code of a place before its kind falls away: which city or district it is, and how much, says
// nothing about the category and would be learnt by heart.
func scan(source string) reading {
	var r reading
	var text strings.Builder
	text.Grow(len(source))
	inside, figure, latin := false, false, false
	for i := 0; i < len(source); {
		if n := placeCode(source[i:]); n > 0 && !latin {
			i += n
			continue
		}
		c, size := utf8.DecodeRuneInString(source[i:])
		c = unicode.ToLower(narrow(c))
		numeral := '0' <= c && c <= '9'
		switch {
		case numeral && figure:
			r.to[len(r.to)-1] = i + size
		case numeral, unicode.IsLetter(c):
			if !inside {
				r.words = append(r.words, len(r.from))
			}
			if numeral {
				c = '0'
			}
			r.at = append(r.at, text.Len())
			r.from, r.to = append(r.from, i), append(r.to, i+size)
			text.WriteRune(c)
		}
		inside, figure = numeral || unicode.IsLetter(c), numeral
		latin = numeral || 'a' <= c && c <= 'z'
		i += size
	}
	r.text = text.String()
	r.at, r.words = append(r.at, len(r.text)), append(r.words, len(r.from))
	return r
}

// narrow makes the plain form of a full-width letter, numeral or mark.
func narrow(c rune) rune {
	const first, last, offset = '\uff01', '\uff5e', '\uff01' - '!'
	if first <= c && c <= last {
		return c - offset
	}
	return c
}

// placeCode is the length of the code of a place (A3) that stands before its kind (district), and of the spaces between them.
func placeCode(s string) int {
	if s == "" || s[0] < 'A' || s[0] > 'Z' {
		return 0
	}
	i := 1
	for i < len(s) && '0' <= s[i] && s[i] <= '9' {
		i++
	}
	for i < len(s) && s[i] == ' ' {
		i++
	}
	switch c, _ := utf8.DecodeRuneInString(s[i:]); c {
	case '\u5e02', '\u533a', '\u53bf', '\u7701': // city, district, county, province
		return i
	}
	return 0
}

// pick keeps the words of a reading that are wanted, as if nothing else had been written.
func (r *reading) pick(words [][2]int) reading {
	var out reading
	var text strings.Builder
	text.Grow(len(r.text))
	for _, w := range words {
		out.words = append(out.words, len(out.from))
		for i := w[0]; i < w[1]; i++ {
			out.at = append(out.at, text.Len())
			text.WriteString(r.chars(i, i+1))
		}
		out.from, out.to = append(out.from, r.from[w[0]:w[1]]...), append(out.to, r.to[w[0]:w[1]]...)
	}
	out.text = text.String()
	out.at, out.words = append(out.at, len(out.text)), append(out.words, len(out.from))
	return out
}

// dictionary holds the words that rows brought along which were cut into words, with the logarithm of how frequent each is.
type dictionary struct {
	frequency map[string]float32
	longest   int     // characters of the longest word
	unknown   float64 // what a character costs that is no word
}

// The words that are kept: a long one that was seen once is a name or a slip.
const (
	longWord    = 4
	longestWord = 8
)

// learnWords makes the dictionary from rows that are cut into words.
func learnWords(rows []Row) dictionary {
	count, total := make(map[string]int), 0
	for _, row := range rows {
		if !row.Cut {
			continue
		}
		r := scan(row.Text)
		for i := range len(r.words) - 1 {
			n := r.words[i+1] - r.words[i]
			total++
			if n <= longestWord {
				count[r.chars(r.words[i], r.words[i+1])]++
			}
		}
	}
	frequency := make(map[string]float32, len(count))
	for word, n := range count {
		if n > 1 || utf8.RuneCountInString(word) <= longWord {
			frequency[strings.Clone(word)] = float32(math.Log(float64(n) / float64(total)))
		}
	}
	return newDictionary(frequency)
}

func newDictionary(frequency map[string]float32) dictionary {
	d := dictionary{frequency: frequency, longest: 1}
	for word, f := range frequency {
		d.longest = max(d.longest, utf8.RuneCountInString(word))
		d.unknown = min(d.unknown, float64(f))
	}
	d.unknown -= math.Log(10) // rarer than the rarest word
	return d
}

// read reads a text that nobody has cut into words: the most probable words are found, and what is no word of the dictionary is left out, as
// the words that say nothing are left out where somebody has cut the text. Without a dictionary every character is a word.
func (d *dictionary) read(source string) reading {
	r := scan(source)
	var words [][2]int
	var best []float64
	var back []int
	for i := range len(r.words) - 1 {
		first, n := r.words[i], r.words[i+1]-r.words[i]
		best, back = append(best[:0], 0), append(back[:0], 0)
		for end := 1; end <= n; end++ {
			best, back = append(best, best[end-1]+d.unknown), append(back, 1)
			for long := 1; long <= min(end, d.longest); long++ {
				f, known := d.frequency[r.chars(first+end-long, first+end)]
				if p := best[end-long] + float64(f); known && p > best[end] {
					best[end], back[end] = p, long
				}
			}
		}
		begin := len(words)
		for end := n; end > 0; end -= back[end] {
			w := [2]int{first + end - back[end], first + end}
			if _, known := d.frequency[r.chars(w[0], w[1])]; known || len(d.frequency) == 0 {
				words = append(words, w)
			}
		}
		slices.Reverse(words[begin:])
	}
	return r.pick(words)
}

// take reads a row: one that is cut into words is taken as it is.
func (d *dictionary) take(row Row) reading {
	if row.Cut {
		return scan(row.Text)
	}
	return d.read(row.Text)
}
