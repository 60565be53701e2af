package find

import (
	"cmp"
	_ "embed"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// pairsData is made by scripts/pairs: the first line is the number of messages, each other one a number of messages, a tab, and the pairs of characters that
// stand in so many of them.
//
//go:embed pairs.tsv
var pairsData string

// pairWidth is the number of characters of a pair.
const pairWidth = 2

// MaxTerms is how many terms a text has at most. In real messages the other text of a pair about the same thing shares one of its 24 terms with 998 in
// 1,000, and is among the 40 that share most with 963; with 16 terms it is 976 and 943.
const MaxTerms = 24

// termSalt keeps the keys of terms apart from those of sketches.
const termSalt = 0x7465726d // "term"

// Weights say how telling each pair of neighbouring characters is. A pair that stands in n of N messages weighs ln(N/n), so that what everybody writes
// counts for little and a name for much. The counts are of 5,718 messages that people wrote to Chinese public offices, each once; the 11,745 pairs that
// stand in at least twenty of them are kept. Any other pair weighs as if it stood in ten.
type Weights struct {
	of    map[uint64]float64
	other float64
}

// LoadWeights reads the table that is built in.
func LoadWeights() (*Weights, error) {
	w, err := readWeights(pairsData)
	if err != nil {
		return nil, fmt.Errorf("pairs of characters: %w", err)
	}
	return w, nil
}

// otherCount is in how many messages a pair is taken to stand that is not in the table: half the least that is in it.
const otherCount = 10

func readWeights(data string) (*Weights, error) {
	head, rows, _ := strings.Cut(data, "\n")
	all, err := strconv.Atoi(head)
	if err != nil || all <= otherCount {
		return nil, errors.New("no number of messages")
	}
	weight := func(count int) float64 { return math.Log(float64(all) / float64(count)) }
	w := &Weights{of: map[uint64]float64{}, other: weight(otherCount)}
	for row := range strings.Lines(rows) {
		number, pairs, _ := strings.Cut(strings.TrimSuffix(row, "\n"), "\t")
		count, err := strconv.Atoi(number)
		runes := []rune(pairs)
		if err != nil || count <= otherCount || count > all || len(runes) == 0 || len(runes)%pairWidth != 0 {
			return nil, fmt.Errorf("%q is no row", row)
		}
		for pair := range slices.Chunk(runes, pairWidth) {
			w.of[pack(pair)] = weight(count)
		}
	}
	return w, nil
}

// Weighed is a pair of characters, as a number, and what it weighs.
type Weighed struct {
	Pair   uint64
	Weight float64
}

// Vector is what a text is about: its pairs in ascending order, each with its share of the length 1. A text without pairs has none.
type Vector []Weighed

// Vector weighs a text. A pair that stands c times in it counts 1 + ln c, times what it weighs; then all are brought to the length 1.
func (w *Weights) Vector(t Text) Vector {
	pairs := make([]uint64, 0, t.Len())
	for i := range max(0, t.Len()-pairWidth+1) {
		pairs = append(pairs, pack(t.runes[i:i+pairWidth]))
	}
	slices.Sort(pairs)
	var v Vector
	for i := 0; i < len(pairs); {
		n := 1
		for i+n < len(pairs) && pairs[i+n] == pairs[i] {
			n++
		}
		weight, known := w.of[pairs[i]]
		if !known {
			weight = w.other
		}
		v = append(v, Weighed{pairs[i], weight * (1 + math.Log(float64(n)))})
		i += n
	}
	return v.scaled()
}

// scaled brings a vector to the length 1, in place; one without length is none.
func (v Vector) scaled() Vector {
	squares := 0.0
	for _, p := range v {
		squares += p.Weight * p.Weight
	}
	if squares == 0 { // nothing, or only what is in every message
		return nil
	}
	for i := range v {
		v[i].Weight /= math.Sqrt(squares)
	}
	return v
}

// Cosine says how much two texts are about the same: 0 for nothing in common, 1 for the same pairs equally often.
func (v Vector) Cosine(o Vector) float64 {
	sum := 0.0
	for _, c := range v.common(o) {
		sum += c.Weight
	}
	return min(sum, 1) // rounding
}

// common are the pairs of both, each with what it adds to the cosine.
func (v Vector) common(o Vector) Vector {
	var out Vector
	for i, j := 0, 0; i < len(v) && j < len(o); {
		switch {
		case v[i].Pair == o[j].Pair:
			out = append(out, Weighed{v[i].Pair, v[i].Weight * o[j].Weight})
			i, j = i+1, j+1
		case v[i].Pair < o[j].Pair:
			i++
		default:
			j++
		}
	}
	return out
}

// heaviest are the n pairs that weigh most, the heaviest first; those that weigh the same in the order of their numbers.
func (v Vector) heaviest(n int) Vector {
	out := slices.Clone(v)
	slices.SortFunc(out, func(a, b Weighed) int { return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.Pair, b.Pair)) })
	return out[:min(n, len(out))]
}

// Term is one of the most telling pairs of a text: a key, to be kept and looked up like those of a sketch, from which it differs, and what it weighs in the text.
type Term struct {
	Key    uint64
	Weight float64
}

// Terms are the most telling pairs of a text, the heaviest first, at most MaxTerms. Texts about the same thing nearly always have some in common, and those
// that share the most weight are worth comparing.
func (v Vector) Terms() []Term {
	top := v.heaviest(MaxTerms)
	out := make([]Term, len(top))
	for i, p := range top {
		out[i] = Term{Key: mix(p.Pair ^ mix(termSalt)), Weight: p.Weight}
	}
	return out
}

// Telling returns where the pairs stand that make two texts alike, in the one and in the other: the most pairs that add most to their cosine. Pairs that overlap
// make one range.
func (w *Weights) Telling(here, there Text, most int) (a, b []Range) {
	marked := map[uint64]bool{}
	for _, c := range w.Vector(here).common(w.Vector(there)).heaviest(most) {
		marked[c.Pair] = true
	}
	return here.marked(marked), there.marked(marked)
}

// marked are the ranges that pairs cover.
func (t Text) marked(pairs map[uint64]bool) []Range {
	var out []Range
	end := -1 // of the last range, in characters
	for i := range max(0, t.Len()-pairWidth+1) {
		if !pairs[pack(t.runes[i:i+pairWidth])] {
			continue
		}
		span := t.span(i, pairWidth)
		if i < end {
			out[len(out)-1].To = span.To
		} else {
			out = append(out, span)
		}
		end = i + pairWidth
	}
	return out
}

// Weight is how telling a stretch of text is: what its different pairs weigh together.
func (w *Weights) Weight(s string) float64 {
	sum, seen := 0.0, map[uint64]bool{}
	t := Read(s)
	for i := range max(0, t.Len()-pairWidth+1) {
		pair := pack(t.runes[i : i+pairWidth])
		if seen[pair] {
			continue
		}
		seen[pair] = true
		if weight, known := w.of[pair]; known {
			sum += weight
		} else {
			sum += w.other
		}
	}
	return sum
}
