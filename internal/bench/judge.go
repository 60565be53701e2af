package bench

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"

	"huiyin/internal/find"
)

// A judge says of pairs of messages how alike they are. It is measured on labelled pairs: the pairs are divided into fifths, each in turn is judged with what was
// learned from the others (weights and the threshold with the best F1), and pairs that hang together by a message stay in one fifth.
const (
	fifths    = 5
	divisions = 10 // how often they are divided, in different ways: the figures are the mean
)

// pair is two messages and whether both are about the same thing.
type pair struct {
	a, b   int // of the messages
	same   bool
	reason string
	group  int // of the pairs that hang together
}

// Judged is how well one measure tells the same thing from a near miss.
type Judged struct {
	Name      string  `json:"name"`
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	F1        float64 `json:"f1"`
	AUC       float64 `json:"auc"` // the probability that of a same pair and a different one the former is said to be more alike
}

// AtLeast is how many pairs are taken for the same from a likeness on, none of them learned from.
type AtLeast struct {
	Likeness  float64 `json:"likeness"`
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
}

// readPairs reads labelled pairs: tab-separated, with a head, of which the first four columns but one are two message numbers and the label; the fifth is the reason.
func readPairs(path string, letters []letter) ([]pair, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("open the pairs: %w", err)
	}
	at := make(map[string]int, len(letters))
	for i, l := range letters {
		at[l.ID] = i
	}
	const columns = 5
	var out []pair
	for n, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
		f := strings.Split(strings.TrimSuffix(line, "\r"), "\t")
		if n == 0 {
			continue
		}
		if len(f) < columns || f[2] != "same" && f[2] != "different" {
			return nil, fmt.Errorf("line %d of the pairs: %q", n+1, line)
		}
		a, here := at[f[0]]
		b, there := at[f[1]]
		if !here || !there {
			return nil, fmt.Errorf("line %d of the pairs: no such messages", n+1)
		}
		out = append(out, pair{a: a, b: b, same: f[2] == "same", reason: f[4]})
	}
	group(out)
	return out, nil
}

// group numbers the groups of pairs that hang together by messages.
func group(pairs []pair) {
	of := map[int]int{}
	var first func(m int) int
	first = func(m int) int {
		if up, ok := of[m]; ok && up != m {
			return first(up)
		}
		return m
	}
	for _, p := range pairs {
		a, b := first(p.a), first(p.b)
		of[max(a, b)] = min(a, b)
	}
	for i := range pairs {
		pairs[i].group = first(pairs[i].a)
	}
}

// divide puts each pair into a fifth: groups whole, the large ones first, those of a size in an order drawn from the seed, each where fewest pairs of its kinds are.
func divide(pairs []pair, seed uint64) []int {
	type counts struct{ same, other int }
	groups := map[int]counts{}
	for _, p := range pairs {
		c := groups[p.group]
		if p.same {
			c.same++
		} else {
			c.other++
		}
		groups[p.group] = c
	}
	order := slices.Sorted(maps.Keys(groups))
	chance := rand.New(rand.NewPCG(seed, seed)) //nolint:gosec // which pairs are learned from
	chance.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(groups[b].same+groups[b].other, groups[a].same+groups[a].other)
	})
	var filled [fifths]counts
	in := map[int]int{}
	for _, g := range order {
		best, least := 0, 0
		for f, c := range filled {
			if n := c.same*groups[g].same + c.other*groups[g].other; f == 0 || n < least {
				best, least = f, n
			}
		}
		in[g] = best
		filled[best].same += groups[g].same
		filled[best].other += groups[g].other
	}
	out := make([]int, len(pairs))
	for i, p := range pairs {
		out[i] = in[p.group]
	}
	return out
}

// judge learns from some pairs and then says of all how alike they are.
type judge func(learn []int) []float64

// tally counts verdicts.
type tally struct{ right, wrong, missed int }

func (t *tally) add(said, same bool) {
	switch {
	case said && same:
		t.right++
	case said:
		t.wrong++
	case same:
		t.missed++
	}
}

func (t *tally) precision() float64 { return float64(t.right) / float64(max(t.right+t.wrong, 1)) }
func (t *tally) recall() float64    { return float64(t.right) / float64(max(t.right+t.missed, 1)) }
func (t *tally) f1() float64 {
	return 2 * float64(t.right) / float64(max(2*t.right+t.wrong+t.missed, 1))
}

// measureJudge measures a judge; levels are counted on pairs it did not learn from.
func measureJudge(name string, pairs []pair, says judge, levels []float64) (out Judged, at []AtLeast) {
	out.Name = name
	at = make([]AtLeast, len(levels))
	for d := range uint64(divisions) {
		fold := divide(pairs, d)
		unseen := make([]float64, len(pairs)) // what is said of each pair by who did not learn from it
		var total tally
		byLevel := make([]tally, len(levels))
		for f := range fifths {
			var learn []int
			for i := range pairs {
				if fold[i] != f {
					learn = append(learn, i)
				}
			}
			scores := says(learn)
			threshold := bestThreshold(pairs, scores, learn)
			for i, p := range pairs {
				if fold[i] != f {
					continue
				}
				unseen[i] = scores[i]
				total.add(scores[i] >= threshold, p.same)
				for k, level := range levels {
					byLevel[k].add(scores[i] >= level, p.same)
				}
			}
		}
		out.Precision += total.precision() / divisions
		out.Recall += total.recall() / divisions
		out.F1 += total.f1() / divisions
		out.AUC += auc(pairs, unseen) / divisions
		for k, level := range levels {
			at[k].Likeness = level
			at[k].Precision += byLevel[k].precision() / divisions
			at[k].Recall += byLevel[k].recall() / divisions
		}
	}
	return out, at
}

// bestThreshold is the score from which on pairs are best taken for the same, by F1 among those that are learned from.
func bestThreshold(pairs []pair, scores []float64, learn []int) float64 {
	order := slices.SortedFunc(slices.Values(learn), func(a, b int) int { return cmp.Compare(scores[b], scores[a]) })
	var t tally
	for _, i := range order {
		t.add(false, pairs[i].same)
	}
	best, threshold := 0.0, 1.0
	for n, i := range order {
		if t.add(true, pairs[i].same); pairs[i].same {
			t.missed--
		}
		if n+1 < len(order) && scores[order[n+1]] == scores[i] {
			continue
		}
		if f := t.f1(); f > best {
			best, threshold = f, scores[i]
			if n+1 < len(order) {
				threshold = (scores[i] + scores[order[n+1]]) / 2
			}
		}
	}
	return threshold
}

// auc is the area under the curve of right against wrong verdicts.
func auc(pairs []pair, scores []float64) float64 {
	all, won := 0.0, 0.0
	for i, p := range pairs {
		for j, q := range pairs {
			if !p.same || q.same {
				continue
			}
			all++
			switch cmp.Compare(scores[i], scores[j]) {
			case 1:
				won++
			case 0:
				won += 0.5
			}
		}
	}
	return won / max(all, 1)
}

// judges are the measures that are compared: the share of three-character pieces, the cosine, and the likeness, fitted anew on what it may learn from.
func judges(pairs []pair, accounts []find.Account, sets []find.Shingles) map[string]judge {
	shares, cosines := make([]float64, len(pairs)), make([]float64, len(pairs))
	signs := make([]find.Signs, len(pairs))
	for i, p := range pairs {
		share := sets[p.a].Of(sets[p.b])
		shares[i] = float64(share.Common) / float64(max(share.All, 1))
		cosines[i] = accounts[p.a].Vector().Cosine(accounts[p.b].Vector())
		signs[i] = accounts[p.a].Signs(accounts[p.b])
	}
	fixed := func(scores []float64) judge { return func([]int) []float64 { return scores } }
	return map[string]judge{
		"share": fixed(shares), "cosine": fixed(cosines),
		"likeness": func(learn []int) []float64 {
			var from []find.Signs
			var same []bool
			for _, i := range learn {
				from, same = append(from, signs[i]), append(same, pairs[i].same)
			}
			fit := find.Fit(from, same)
			out := make([]float64, len(pairs))
			for i, s := range signs {
				out[i] = fit.Of(s)
			}
			return out
		},
	}
}
