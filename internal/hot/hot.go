// Package hot finds what many say at once: groups of texts about the same thing, and the words that name it. It knows texts, places and numbers, nobody who wrote them.
//
// # Alike
//
// A text is weighed as package find does, after two steps: the words by which people ask (asking.txt: "please", "I report", "when will") are taken out, since they say
// how one writes and not of what, and the title counts twice. Where it lies is one more dimension of its vector v: with p the unit vector of its district,
//
//	w = sqrt(1-λ) v + sqrt(λ) p, so that w·w' = (1-λ) v·v' + λ where the districts are the same, and (1-λ) v·v' elsewhere
//
// with λ = PlaceShare: the same nuisance in two towns has to be told in words more alike to count as the same thing.
//
// # Groups
//
// Two texts with a cosine of at least Edge are neighbours. Neighbours of neighbours soon hang together from end to end of everything (chaining), so a chain is no
// group. From single texts on, the two groups that are most alike are joined, where their likeness is the mean of the cosines of all pairs of a text of one with a text of
// the other, and so on until no two have a mean of at least Link. Only groups between which there are neighbours are joined. As the cosine is linear, that mean is
//
//	(Σ a) · (Σ b) / (|A| |B|)
//
// for the sums of the vectors, so it takes one product however large the groups are. What comes out follows from the texts and their neighbours alone: ties are broken by
// the numbers of the texts, and the order in which they came makes no difference.
//
// # Bounds
//
// Whoever keeps the texts finds the neighbours of a new one among those that share its telling terms, so many and no more. A new text can only change the groups of
// what hangs together with it by neighbours; so that is all that is grouped anew. What hangs together is built from the nearest neighbours down and never grows beyond
// MaxTogether.
package hot

import (
	_ "embed"
	"math"
	"slices"
	"strings"

	"huiyin/internal/find"
)

// The measures of likeness. They were chosen on labelled pairs of real messages and by reading the largest groups (docs/hot-issues.md).
const (
	// Edge is the least cosine of neighbours.
	Edge = 0.22
	// Link is the least mean cosine at which two groups are one.
	Link = 0.18
	// PlaceShare is how much of a likeness is owed to the district.
	PlaceShare = 0.05
	// MaxTogether is how many texts are grouped at once at most.
	MaxTogether = 600
	// Least is how many texts make an issue.
	Least = 3
)

//go:embed asking.txt
var askingWords string

// Reader brings texts to vectors, and names what they have in common. It is safe for concurrent use.
type Reader struct {
	weights *find.Weights
	out     *strings.Replacer // leaves out how one asks
	cut     *strings.Replacer // ends a stretch there
}

// NewReader returns a reader by the weights of pairs.
func NewReader(w *find.Weights) *Reader {
	words := strings.Fields(askingWords)
	slices.SortStableFunc(words, func(a, b string) int { return len(b) - len(a) }) // the longer before what is in it
	out, cut := make([]string, 0, 2*len(words)), make([]string, 0, 2*len(words))
	for _, word := range words {
		out, cut = append(out, word, ""), append(cut, word, " ")
	}
	return &Reader{weights: w, out: strings.NewReplacer(out...), cut: strings.NewReplacer(cut...)}
}

// Vector weighs what somebody says of a district; 0 where it is not known.
func (r *Reader) Vector(title, text string, district int64) find.Vector {
	title = r.out.Replace(title)
	v := r.weights.Vector(find.Read(title + "\n" + title + "\n" + r.out.Replace(text)))
	for i := range v {
		v[i].Weight *= math.Sqrt(1 - PlaceShare)
	}
	if district == 0 {
		return v
	}
	return append(v, find.Weighed{Pair: placeBit | uint64(district), Weight: math.Sqrt(PlaceShare)}) //nolint:gosec // a division code is never negative
}

// placeBit is in no pair of characters and above all of them.
const placeBit = 1 << 63

// Terms are the keys under which a text is found, the most telling first.
func Terms(v find.Vector) []find.Term {
	if n := len(v); n > 0 && v[n-1].Pair&placeBit != 0 {
		v = v[:n-1]
	}
	return v.Terms()
}

// Text is a text by its number, weighed.
type Text struct {
	N      int64
	Vector find.Vector
}

// Near says that two texts are neighbours.
type Near struct {
	A, B   int64
	Cosine float64
}

// sum adds vectors.
func sum(a, b find.Vector) find.Vector {
	out := make(find.Vector, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0].Pair < b[0].Pair:
			out, a = append(out, a[0]), a[1:]
		case b[0].Pair < a[0].Pair:
			out, b = append(out, b[0]), b[1:]
		default:
			out = append(out, find.Weighed{Pair: a[0].Pair, Weight: a[0].Weight + b[0].Weight})
			a, b = a[1:], b[1:]
		}
	}
	return append(append(out, a...), b...)
}

// product is the scalar product of vectors of any length.
func product(a, b find.Vector) float64 {
	p := 0.0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i].Pair == b[j].Pair:
			p += a[i].Weight * b[j].Weight
			i++
			j++
		case a[i].Pair < b[j].Pair:
			i++
		default:
			j++
		}
	}
	return p
}
