package store

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"huiyin/internal/find"
	"huiyin/internal/matter"
	"huiyin/internal/org"
)

// The terms of what somebody said lie beside the keys of its sketch, in the same table: what is about the same thing in other words shares terms.

// likeRounds is how often matters that share terms are asked for, a sketchRound each time.
const likeRounds = 6

// Like is a matter that shares terms.
type Like struct {
	Said matter.Ref // the matter whose first submission has the terms
	Row  matter.Row // the one on which that submission hangs now, the same unless it was joined
}

// MattersLike returns the unsealed matters of a home within the scope that keep takes and whose first submissions share terms, at most limit, those that share
// the most weight first. For each term it looks at the newest matters with it only, and of all of them at the few hundred that share most.
func (t *Tx) MattersLike(ctx context.Context, scope org.Scope, home int64, terms []find.Term, keep func(matter.Row) bool, limit int) ([]Like, error) {
	shared := map[int64]float64{}
	for _, term := range terms {
		with, err := t.sharing(ctx, home, []uint64{term.Key})
		if err != nil {
			return nil, err
		}
		for n := range with {
			shared[n] += term.Weight
		}
	}
	ids := slices.SortedFunc(maps.Keys(shared), func(a, b int64) int { return cmp.Or(cmp.Compare(shared[b], shared[a]), cmp.Compare(b, a)) })
	var out []Like
	for i, part := range slices.Collect(slices.Chunk(ids, sketchRound)) {
		if i == likeRounds || len(out) >= limit {
			break
		}
		found, err := t.alike(ctx, scope, home, part)
		if err != nil {
			return nil, err
		}
		for _, n := range part {
			if row, ok := found[n]; ok && keep(row) {
				out = append(out, Like{Said: matter.Ref{Home: home, N: n}, Row: row})
			}
		}
	}
	return out[:min(len(out), limit)], nil
}
