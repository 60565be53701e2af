package suggest

import (
	"cmp"
	"math"
	"slices"
)

// families are the categories above the labels of a model. A label that has none above it is a family of its own, and a label that is itself above
// others is of their family.
type families struct {
	labels []Label // in order of name
	of     []int   // of each label, its family
}

func familiesOf(labels []Label) families {
	var f families
	name := func(l Label) string { return cmp.Or(l.Parent, l.Label) }
	for _, l := range labels {
		n, met := slices.BinarySearchFunc(f.labels, name(l), byName)
		if !met {
			f.labels = slices.Insert(f.labels, n, Label{Label: name(l)})
		}
		f.labels[n].Rows += l.Rows
	}
	for _, l := range labels {
		n, _ := slices.BinarySearchFunc(f.labels, name(l), byName)
		f.of = append(f.of, n)
	}
	return f
}

// useful reports whether families say anything that labels do not.
func (f families) useful() bool { return len(f.labels) > 1 && len(f.labels) < len(f.of) }

// gather adds confidences up by family.
func (f families) gather(confidence []float64) []float64 {
	out := make([]float64, len(f.labels))
	for k, c := range confidence {
		out[f.of[k]] += c
	}
	return out
}

// first is the name of the most probable family.
func (f families) first(confidence []float64) string {
	return f.labels[best(f.gather(confidence))[0]].Label
}

// Contest says how a new model stands against the one that it is to replace, on the fresh rows: those that the old one was made without. Each row
// is judged by a fold of the new model that has not seen it either, and by the category above its label.
type Contest struct {
	Rows   int `json:"rows"`
	Right  int `json:"right"`        // of the new model
	Before int `json:"right_before"` // of the old one
	Won    int `json:"won"`          // rows that only the new model has right
	Lost   int `json:"lost"`         // rows that only the old model has right
}

// Worse reports whether the new model is worse by more than chance would make it: were both as good, the difference of the rows that only one has
// right would spread by the root of their number (McNemar).
func (c Contest) Worse() bool { return float64(c.Lost-c.Won) > math.Sqrt(float64(c.Lost+c.Won)) }

// contest compares the first suggestions.
func contest(rows []Row, first map[int]string, o Options) Contest {
	var c Contest
	above := func(label string) string { return cmp.Or(o.Parent(label), label) }
	for j, row := range rows {
		ours, judged := first[j]
		if !row.Fresh || !judged {
			continue
		}
		c.Rows++
		truth := above(row.Label)
		right, before := above(ours) == truth, above(o.Against.first(row)) == truth
		switch {
		case right && before:
			c.Right, c.Before = c.Right+1, c.Before+1
		case right:
			c.Right, c.Won = c.Right+1, c.Won+1
		case before:
			c.Before, c.Lost = c.Before+1, c.Lost+1
		}
	}
	return c
}

// first is the most probable family of a row, however sure.
func (m *Model) first(row Row) string {
	r := m.words.take(row)
	x := weigh(tally(m.terms.occurrences(&r, false)), nil, m.rare, vector{})
	return m.above.first(confidences(m.linear.scores(x), m.header.Slope))
}
