package usecase

import (
	"cmp"
	"context"
	"math"
	"slices"

	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/query"
	"huiyin/internal/store"
)

// How matters are ranked that a search found. Where a word stands counts most, weighted by how rare it is beside the others; then how near the words stand to
// each other and how new the matter is, each at most as much as one step of the place.
const (
	inTitle, inDemand, inRest = 4.0, 2.0, 1.0

	bestRead  = 100  // matters whose texts are read: those with most in the title, and of these the newest
	rareReach = 2000 // matters with a word that are counted
	nearRunes = 20.0 // words that stand so far apart count half
	freshDays = 365.0
)

// best ranks matters that fit a search, all of which have its words: the best first, and of equal ones in the order given. It depends on nothing else, so that a page goes on
// where the one before ended.
func (o *Office) best(ctx context.Context, t *store.Tx, q query.Query, rows []matter.Row, today law.Day) error {
	rare, err := rarity(ctx, t, q, rows)
	if err != nil {
		return err
	}
	scores := make(map[matter.Ref]float64, len(rows))
	byScore := func(a, b matter.Row) int { return cmp.Compare(scores[b.Ref], scores[a.Ref]) }
	fresh := func(r matter.Row) float64 { return 1 / (1 + max(float64(today-r.Received), 0)/freshDays) }
	for _, r := range rows {
		scores[r.Ref] = placed(q, rare, []string{r.Title}, nil, nil) + fresh(r)
	}
	slices.SortStableFunc(rows, byScore)
	rows = rows[:min(len(rows), bestRead)]
	matters, err := o.foldRows(ctx, t, rows)
	if err != nil {
		return err
	}
	for _, r := range rows {
		var titles, demands, rest []string
		if m := matters[r.Ref]; m != nil {
			for _, s := range m.Submissions {
				titles, rest = append(titles, s.Title), append(rest, s.Narrative)
			}
			for _, d := range m.Demands {
				demands = append(demands, d.Text)
				if d.Answer != nil {
					rest = append(rest, d.Answer.Facts, d.Answer.Basis)
				}
			}
		}
		scores[r.Ref] = placed(q, rare, titles, demands, rest) + fresh(r)
	}
	slices.SortStableFunc(rows, byScore)
	return nil
}

// rarity says of each word how rare it is beside the rarest, which has one: among what was registered while the matters found were.
func rarity(ctx context.Context, t *store.Tx, q query.Query, rows []matter.Row) ([]float64, error) {
	out := make([]float64, len(q.Want))
	if len(rows) == 0 {
		return out, nil
	}
	first, last := rows[0].Ref, rows[0].Ref
	for _, r := range rows {
		if r.Ref.Home == last.Home {
			last = r.Ref
		}
	}
	least := math.Inf(1)
	for i, p := range q.Want {
		n, err := t.CountText(ctx, query.Query{Want: []query.Phrase{p}}, first, last, rareReach)
		if err != nil {
			return nil, err
		}
		out[i] = float64(max(n, 1))
		least = min(least, out[i])
	}
	for i, n := range out {
		out[i] = 1 / (1 + math.Log(n/least))
	}
	return out, nil
}

// placed is what the places of the words in a matter count, at most inTitle, and how near they stand, at most one more. A word that is nowhere here, but in another text of the
// matter, counts as in the rest.
func placed(q query.Query, rare []float64, titles, demands, rest []string) float64 {
	sum, all := 0.0, 0.0
	for i, p := range q.Want {
		weight := inRest
		switch one := (query.Query{Want: []query.Phrase{p}}); {
		case slices.ContainsFunc(titles, one.In):
			weight = inTitle
		case slices.ContainsFunc(demands, one.In):
			weight = inDemand
		}
		sum, all = sum+rare[i]*weight, all+rare[i]
	}
	near := 0.0
	for _, text := range slices.Concat(titles, demands, rest) {
		if n := q.Span(text); n >= 0 {
			near = max(near, 1/(1+float64(n)/nearRunes))
		}
	}
	return sum/max(all, math.SmallestNonzeroFloat64) + near
}
