package find

import "math"

// Judge weighs signs: the odds that two accounts are of the same thing are e to the power of Base and the weighted signs together.
type Judge struct {
	Base    float64 `json:"base"`
	Weights Signs   `json:"weights"`
}

// Likeness is the judge that is built in, fitted on the labelled pairs of docs/repeats.md, of which half are of the same thing and half near misses;
// `huiyin bench repeats --pairs` fits it again.
func Likeness() Judge {
	return Judge{Base: 4.36, Weights: Signs{4.87, 2.14, 1.01, 0.92, -1.48}}
}

// Of is the probability that two accounts are of the same thing, among pairs like those the judge was fitted on.
func (j Judge) Of(s Signs) float64 {
	sum := j.Base
	for i, w := range j.Weights {
		sum += w * s[i]
	}
	return 1 / (1 + math.Exp(-sum))
}

// Fit finds the judge to whom what is known is most probable: of each of some signs, whether they are of the same thing. It is logistic regression by Newton's
// method, with a small penalty on large weights, and wants examples of both.
func Fit(signs []Signs, same []bool) Judge {
	const (
		rounds  = 25
		penalty = 0.5
		size    = len(Signs{}) + 1
	)
	var at [size]float64 // the base last
	for range rounds {
		var slope [size]float64
		var bend [size][size]float64
		for i := range size - 1 {
			slope[i], bend[i][i] = -penalty*at[i], penalty
		}
		for n, s := range signs {
			var x [size]float64
			copy(x[:], s[:])
			x[size-1] = 1
			sum := 0.0
			for i := range x {
				sum += at[i] * x[i]
			}
			p, miss := 1/(1+math.Exp(-sum)), 0.0
			if same[n] {
				miss = 1
			}
			miss -= p
			for i := range x {
				slope[i] += miss * x[i]
				for j := range x {
					bend[i][j] += p * (1 - p) * x[i] * x[j]
				}
			}
		}
		for i := range size { // Gauss without pivoting: bend is positive definite
			for k := i + 1; k < size; k++ {
				f := bend[k][i] / bend[i][i]
				for j := i; j < size; j++ {
					bend[k][j] -= f * bend[i][j]
				}
				slope[k] -= f * slope[i]
			}
		}
		for i := size - 1; i >= 0; i-- {
			for j := i + 1; j < size; j++ {
				slope[i] -= bend[i][j] * slope[j]
			}
			slope[i] /= bend[i][i]
			at[i] += slope[i]
		}
	}
	j := Judge{Base: at[size-1]}
	copy(j.Weights[:], at[:])
	return j
}
