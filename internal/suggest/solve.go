package suggest

import (
	"math"
	"math/rand/v2"
)

// vector holds the terms of a text and their values, its length being one.
type vector struct {
	term  []int32
	value []float32
}

// linear holds a weight for each term and label, and a bias for each label.
type linear struct {
	labels int
	weight []float32 // the labels of the first term, then those of the second
	bias   []float32
}

// scores adds up what the terms of a text say for each label.
func (l *linear) scores(x vector) []float64 {
	sum := make([]float32, l.labels)
	l.add(x, sum)
	out := make([]float64, l.labels)
	for k, s := range sum {
		out[k] = float64(s)
	}
	return out
}

func (l *linear) add(x vector, sum []float32) {
	copy(sum, l.bias)
	for n, term := range x.term {
		v, row := x.value[n], l.weight[int(term)*l.labels:][:len(sum)]
		for k := range sum {
			sum[k] += v * row[k]
		}
	}
}

// How the weights are found.
const (
	penalty   = 2   // C: what an error costs against the size of the weights
	tolerance = 0.1 // the largest gradient that is left
	maxRounds = 60
	restEvery = 256 // rows
)

// solve finds the weights of linear support vector machines with squared hinge loss, one for each label against the others, all in one
// pass over the rows, each of which is given when it is looked at and held no longer. It is dual coordinate descent: Hsieh, Chang, Lin, Keerthi, Sundararajan, "A Dual Coordinate Descent Method for
// Large-scale Linear SVM", ICML 2008, algorithm 1 with the bias as one more term of value one. It rests
// every few rows, and breaks off when that says so.
func solve(row func(j int) vector, label []int, labels, terms int, seed uint64, rest func() bool) linear {
	l := linear{labels: labels, weight: make([]float32, terms*labels), bias: make([]float32, labels)}
	const diagonal = 1 / (2.0 * penalty)
	alpha := make([]float32, len(label)*labels)
	square := make([]float64, len(label))
	order := make([]int, len(label))
	for j := range label {
		order[j], square[j] = j, 1+diagonal
		for _, v := range row(j).value {
			square[j] += float64(v) * float64(v)
		}
	}
	random := rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // the order of the rows, repeatable by its seed
	sum, step := make([]float32, labels), make([]float32, labels)
	for range maxRounds {
		random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		largest := 0.0
		for n, j := range order {
			if n%restEvery == 0 && !rest() {
				return l
			}
			x, own := row(j), alpha[j*labels:][:labels]
			l.add(x, sum)
			moved := false
			for k := range own {
				side := -1.0
				if label[j] == k {
					side = 1
				}
				a := float64(own[k])
				gradient := side*float64(sum[k]) - 1 + diagonal*a
				if a == 0 && gradient > 0 {
					step[k] = 0
					continue
				}
				largest = max(largest, math.Abs(gradient))
				next := max(a-gradient/square[j], 0)
				step[k], own[k] = float32((next-a)*side), float32(next)
				moved = moved || step[k] != 0
			}
			if moved {
				l.move(x, step)
			}
		}
		if largest < tolerance {
			break
		}
	}
	return l
}

func (l *linear) move(x vector, step []float32) {
	for n, term := range x.term {
		v, row := x.value[n], l.weight[int(term)*l.labels:][:len(step)]
		for k := range step {
			row[k] += v * step[k]
		}
	}
	for k, s := range step {
		l.bias[k] += s
	}
}
