package suggest

import (
	"math"
	"slices"
)

// Report says how good suggestions are on messages whose category is known.
type Report struct {
	Rows     int     `json:"rows"`
	Accuracy float64 `json:"accuracy"` // of the first suggestion, whatever its confidence
	MacroF1  float64 `json:"macro_f1"`
	Top3     float64 `json:"top3_accuracy"`
	// Calibration is the expected calibration error: how far confidence and accuracy lie apart, over ten bins of confidence weighted by rows.
	Calibration float64  `json:"calibration_error"`
	Threshold   float64  `json:"threshold"`
	Answered    float64  `json:"answered"`          // share of the rows that get a suggestion
	Precision   float64  `json:"answered_accuracy"` // of the first suggestion among them
	Classes     []Class  `json:"classes"`
	Confused    [][]int  `json:"confused"` // rows of the class of each line that were taken for the class of each column
	Unknown     []string `json:"unknown"`  // labels of the rows that the model does not know; no suggestion is right there
}

// Class is how good suggestions are for one category.
type Class struct {
	Label     string  `json:"label"`
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	F1        float64 `json:"f1"`
	Support   int     `json:"support"`
}

// Evaluate measures a model on rows that it was not made from.
func Evaluate(m *Model, rows []Row) Report {
	confidence, truth := make([][]float64, len(rows)), make([]int, len(rows))
	var unknown []string
	for j, row := range rows {
		k, known := slices.BinarySearchFunc(m.header.Labels, row.Label, byName)
		if !known {
			k = -1
			if n, met := slices.BinarySearch(unknown, row.Label); !met {
				unknown = slices.Insert(unknown, n, row.Label)
			}
		}
		r := m.words.take(row)
		x := weigh(tally(m.terms.occurrences(&r, false)), nil, m.rare, vector{})
		truth[j], confidence[j] = k, confidences(m.linear.scores(x), m.header.Slope)
	}
	out := report(m.header.Labels, confidence, truth, m.header.Threshold)
	out.Unknown = append(out.Unknown, unknown...)
	return out
}

const bins = 10

func report(labels []Label, confidence [][]float64, truth []int, threshold float64) Report {
	r := Report{Rows: len(truth), Threshold: threshold, Confused: make([][]int, len(labels)), Unknown: []string{}}
	for k := range r.Confused {
		r.Confused[k] = make([]int, len(labels))
	}
	var right, among, answered, answeredRight int
	var sure, hit [bins]float64
	taken := make([]int, len(labels))
	for j, c := range confidence {
		order := best(c)
		first := order[0]
		taken[first]++
		bin := min(int(c[first]*bins), bins-1)
		sure[bin] += c[first]
		if truth[j] >= 0 {
			r.Confused[truth[j]][first]++
		}
		if c[first] >= threshold {
			answered++
		}
		if slices.Contains(order[:min(len(order), maxSuggestions)], truth[j]) {
			among++
		}
		if first == truth[j] {
			right++
			hit[bin]++
			if c[first] >= threshold {
				answeredRight++
			}
		}
	}
	r.Accuracy, r.Top3 = share(right, r.Rows), share(among, r.Rows)
	r.Answered, r.Precision = share(answered, r.Rows), share(answeredRight, answered)
	for i := range bins {
		r.Calibration += math.Abs(sure[i]-hit[i]) / float64(max(r.Rows, 1))
	}
	there := 0
	for k, l := range labels {
		c := Class{Label: l.Label}
		for _, n := range r.Confused[k] {
			c.Support += n
		}
		both := r.Confused[k][k]
		c.Precision, c.Recall, c.F1 = share(both, taken[k]), share(both, c.Support), share(2*both, taken[k]+c.Support)
		r.Classes = append(r.Classes, c)
		if taken[k]+c.Support > 0 {
			there++
			r.MacroF1 += c.F1
		}
	}
	r.MacroF1 /= float64(max(there, 1))
	return r
}

// share is a part of a whole; of nothing it is 0.
func share(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}
