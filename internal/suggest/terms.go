package suggest

import (
	"math"
	"slices"
	"strings"
)

// kinds are the kinds of terms: words, and runs of one and of two characters.
const (
	kindWord = iota
	kindOne
	kindTwo
	kinds
)

// The beginning of a message is its title, which says in a line what it is about.
const (
	leadLength = 25 // characters
	leadWeight = 3
)

// occurrence is a term where it stands in a reading: so many characters from the first on.
type occurrence struct {
	term        int32
	first, size int
	weight      float64
}

// count is a term of a text with the weights of its occurrences added up. Of each row that is learnt from all are held, so they are small.
type count struct {
	term   int32
	weight float32 // a whole number
}

// vocabulary numbers the terms of each kind.
type vocabulary [kinds]map[string]int32

func newVocabulary() vocabulary {
	var v vocabulary
	for kind := range v {
		v[kind] = make(map[string]int32)
	}
	return v
}

func (v vocabulary) size() int {
	n := 0
	for _, terms := range v {
		n += len(terms)
	}
	return n
}

// occurrences gives the terms of a reading that are in the vocabulary, where they stand. One that learns takes the others in.
func (v vocabulary) occurrences(r *reading, learn bool) []occurrence {
	n := r.size()
	out := make([]occurrence, 0, len(r.words)+2*n)
	add := func(kind, first, size int) {
		key := r.chars(first, first+size)
		term, known := v[kind][key]
		if !known {
			if !learn {
				return
			}
			term = int32(v.size()) //nolint:gosec // bounded by the rows
			v[kind][strings.Clone(key)] = term
		}
		weight := 1.0
		if first < leadLength {
			weight = leadWeight
		}
		out = append(out, occurrence{term, first, size, weight})
	}
	for i := range len(r.words) - 1 {
		if size := r.words[i+1] - r.words[i]; size <= longestWord {
			add(kindWord, r.words[i], size)
		}
	}
	for i := range n {
		add(kindOne, i, 1)
		if i+1 < n {
			add(kindTwo, i, 2)
		}
	}
	return out
}

// tally adds the occurrences up by term, in the order of the terms.
func tally(occurrences []occurrence) []count {
	all := make([]count, len(occurrences))
	for i, o := range occurrences {
		all[i] = count{o.term, float32(o.weight)}
	}
	slices.SortFunc(all, func(a, b count) int { return int(a.term - b.term) })
	out := all[:0]
	for _, c := range all {
		if n := len(out); n > 0 && out[n-1].term == c.term {
			out[n-1].weight += c.weight
		} else {
			out = append(out, c)
		}
	}
	return slices.Clone(out)
}

// What bounds a model: its terms, and the weights of all terms for all labels. With a few labels and some ten thousand rows no term is left
// out that two rows have.
const (
	maxTerms   = 400_000
	maxWeights = 5 << 19
)

// choose picks the terms that are worth a weight among those of some texts: those in two rows at least, and if they are too many, those in
// most rows. rank gives each its new number, -1 to the others; rare is how much the rarity of each chosen one counts.
func choose(texts [][]count, terms, labels int) (rank []int32, rare []float32) {
	rows := make([]int32, terms)
	for _, text := range texts {
		for _, c := range text {
			rows[c.term]++
		}
	}
	var found []int
	for term, n := range rows {
		if n > 1 {
			found = append(found, term)
		}
	}
	if most := min(maxTerms, maxWeights/labels); len(found) > most {
		slices.SortStableFunc(found, func(a, b int) int { return int(rows[b] - rows[a]) })
		found = found[:most]
		slices.Sort(found)
	}
	rank, rare = make([]int32, terms), make([]float32, len(found))
	for term := range rank {
		rank[term] = -1
	}
	for n, term := range found {
		rank[term] = int32(n)
		rare[n] = float32(1 + math.Log(float64(1+len(texts))/float64(1+rows[term])))
	}
	return rank, rare
}

// weigh makes the vector of a text, in the place of one that is no longer wanted: how often a term occurs, in logarithm, times its rarity; the length of the whole is one.
// The terms are numbered by their ranks, unless there are none.
func weigh(text []count, rank []int32, rare []float32, x vector) vector {
	x.term, x.value = x.term[:0], x.value[:0]
	square := 0.0
	for _, c := range text {
		term := c.term
		if rank != nil {
			term = rank[term]
		}
		if term < 0 {
			continue
		}
		v := float64(rare[term])
		if c.weight != 1 { // as most have
			v *= 1 + math.Log(float64(c.weight))
		}
		square += v * v
		x.term, x.value = append(x.term, term), append(x.value, float32(v))
	}
	length := float32(math.Sqrt(square))
	for i := range x.value {
		x.value[i] /= length
	}
	return x
}
