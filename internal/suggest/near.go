package suggest

import (
	"math/rand/v2"
	"slices"
)

// Two rows are copies of each other if the shorter has at least this share of its runs of three characters in the longer one. Runs that
// many rows have are no sign of a copy and do not count, and a row with fewer than fewRuns others is a copy of nothing.
const (
	copyShare  = 0.4
	commonRuns = 60
	fewRuns    = 4
	runLength  = 3
)

// runs finds copies by the runs of three characters that rows have in common.
type runs struct {
	number map[[runLength]rune]int32
	of     [][]int32 // the runs of each row, each once
	having [][]int32 // the rows that have each run
}

// add takes the next row in.
func (u *runs) add(r *reading) {
	row := int32(len(u.of)) //nolint:gosec // bounded by the rows
	var own []int32
	var run [runLength]rune
	i := 0
	for _, c := range r.text {
		copy(run[:], run[1:])
		run[runLength-1] = c
		if i++; i < runLength {
			continue
		}
		n, known := u.number[run]
		if !known {
			n = int32(len(u.having)) //nolint:gosec // bounded by the rows
			u.number[run], u.having = n, append(u.having, nil)
		}
		met := u.having[n]
		if last := len(met) - 1; last < 0 || met[last] != row {
			own = append(own, n)
			if last < commonRuns { // one more than commonRuns says that there are too many
				u.having[n] = append(met, row)
			}
		}
	}
	u.of = append(u.of, own)
}

// groups puts rows that are copies of one another, directly or over others, into one group, named by its first row. The same message, once
// as it was written and once cut into words, has both its rows in one group.
func (u *runs) groups() []int {
	common := func(run int32) bool { return len(u.having[run]) > commonRuns }
	group, shared := make([]int, len(u.of)), make([]int, len(u.of))
	root := func(j int) int {
		for group[j] != j {
			group[j] = group[group[j]]
			j = group[j]
		}
		return j
	}
	for j, own := range u.of {
		group[j] = j
		u.of[j] = slices.DeleteFunc(own, common)
		var met []int32
		for _, run := range u.of[j] {
			for _, other := range u.having[run] {
				if int(other) >= j {
					break
				}
				if shared[other] == 0 {
					met = append(met, other)
				}
				shared[other]++
			}
		}
		for _, other := range met {
			less := min(len(u.of[j]), len(u.of[other]))
			if less >= fewRuns && float64(shared[other]) >= copyShare*float64(less) {
				a, b := root(j), root(int(other))
				group[max(a, b)] = min(a, b)
			}
			shared[other] = 0
		}
	}
	for j := range group {
		group[j] = root(j)
	}
	return group
}

// deal deals the rows to folds, copies together. Only rows that are written as a person writes are dealt, if there are any: they are what
// will be asked about. The others, which no fold holds out, get -1, except that a copy goes with its original. It also tells how many groups
// there were to deal.
func (s *learning) deal(rows []Row, folds int, seed uint64) (fold []int, groups int) {
	dealt := make(map[int]int)
	var order []int
	for j, row := range rows {
		if _, met := dealt[s.group[j]]; !met && row.Cut == s.allCut {
			dealt[s.group[j]] = 0
			order = append(order, s.group[j])
		}
	}
	random := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // the folds, repeatable by their seed
	random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	for i, g := range order {
		dealt[g] = i % folds
	}
	fold = make([]int, len(rows))
	for j := range rows {
		f, met := dealt[s.group[j]]
		if !met {
			f = -1
		}
		fold[j] = f
	}
	return fold, len(order)
}
