package suggest

import (
	"slices"

	"huiyin/internal/errs"
)

// CrossOptions say how to measure by cross-validation.
type CrossOptions struct {
	Options
	Parts      int  // how many parts the rows are dealt to, each held out once; 0 is 5
	KeepCopies bool // learn from copies of held-out rows too, which makes the figures too good
}

// Cross trains once for each part of the rows on the others and measures on that part. Rows as people write them are held out, if there are
// any; rows cut into words are then only learnt from. Copies of a held-out row, in either form, are held back with it unless the options keep
// them. Without copies a row is a copy of itself, so no part learns from what it measures.
func Cross(rows []Row, o CrossOptions) ([]Report, error) {
	if o.Parts == 0 {
		o.Parts = defaultFolds
	}
	all, err := (Options{Folds: o.Parts, Precision: o.Precision}).complete()
	if err != nil {
		return nil, err
	}
	s, err := study(rows)
	if err != nil {
		return nil, err
	}
	if o.KeepCopies {
		for j := range s.group {
			s.group[j] = j
		}
	}
	part, groups := deal(rows, s.group, all.Folds, o.Seed)
	if groups < all.Folds {
		return nil, errs.E(errs.Invalid, "suggest.parts.few", "n", groups, "parts", all.Folds)
	}
	out := make([]Report, all.Folds)
	for p := range out {
		var held, learnt []Row
		for j, row := range rows {
			switch {
			case part[j] != p:
				learnt = append(learnt, row)
			case row.Cut == s.allCut:
				held = append(held, row)
			}
		}
		inner := o.Options
		if o.Progress != nil {
			inner.Progress = func(done, of int) error { return o.Progress(p*of+done, all.Folds*of) }
		}
		m, err := Train(learnt, inner)
		if err != nil {
			return nil, err
		}
		out[p] = Evaluate(m, held)
	}
	return slices.Clip(out), nil
}
