package suggest

import "huiyin/internal/errs"

// CrossOptions say how to measure by cross-validation.
type CrossOptions struct {
	Options
	Parts      int  // how many parts the rows are dealt to, each held out once; 0 is 5
	KeepCopies bool // learn from copies of held-out rows too, which makes the figures too good
}

// Cross trains once for each part of the rows on the others and measures on that part. Rows as people write them are held out, if there are
// any; rows cut into words are then only learnt from. Copies of a row that is held out, in either form, are held back with it, unless the
// options keep them.
func Cross(rows []Row, o CrossOptions) ([]Report, error) {
	inner, err := o.complete()
	if err != nil {
		return nil, err
	}
	if o.Parts == 0 {
		o.Parts = defaultFolds
	}
	if o.Parts < 2 || o.Parts > maxFolds {
		return nil, errs.Fields([]errs.Field{errs.F("holdout", "suggest.folds", "max", maxFolds)})
	}
	s, err := study(rows, inner)
	if err != nil {
		return nil, err
	}
	if o.KeepCopies {
		for j := range s.group {
			s.group[j] = j
		}
	}
	part, groups := s.deal(rows, o.Parts, o.Seed)
	if groups < o.Parts {
		return nil, errs.E(errs.Invalid, "suggest.parts.few", "n", groups, "parts", o.Parts)
	}
	tell, out := inner.Progress, make([]Report, o.Parts)
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
		inner.Progress = func(done, of int) error { return tell(p*of+done, o.Parts*of) }
		m, err := Train(learnt, inner)
		if err != nil {
			return nil, err
		}
		out[p] = Evaluate(m, held)
	}
	return out, nil
}
