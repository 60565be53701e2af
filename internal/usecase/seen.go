package usecase

import (
	"context"
	"slices"

	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
)

// seenAtOnce is how many matters are asked for in one statement.
const seenAtOnce = 500

// numbersByHome are the numbers of matters by their homes, each once.
func numbersByHome(refs []matter.Ref) map[int64][]int64 {
	out := map[int64][]int64{}
	for _, ref := range refs {
		out[ref.Home] = append(out[ref.Home], ref.N)
	}
	for home, list := range out {
		slices.Sort(list)
		out[home] = slices.Compact(list)
	}
	return out
}

// seen says which of some matters a scope sees.
func seen(ctx context.Context, t *store.Tx, scope org.Scope, refs []matter.Ref) (map[matter.Ref]bool, error) {
	out := map[matter.Ref]bool{}
	for home, list := range numbersByHome(refs) {
		for some := range slices.Chunk(list, seenAtOnce) {
			found, err := t.Seen(ctx, scope, home, some)
			if err != nil {
				return nil, err
			}
			for _, n := range found {
				out[matter.Ref{Home: home, N: n}] = true
			}
		}
	}
	return out, nil
}

// rowsSeen are those of some matters that a scope sees.
func (o *Office) rowsSeen(ctx context.Context, t *store.Tx, scope org.Scope, today law.Day, refs []matter.Ref) (map[matter.Ref]RowView, error) {
	out := map[matter.Ref]RowView{}
	for home, list := range numbersByHome(refs) {
		for some := range slices.Chunk(list, seenAtOnce) {
			rows, err := t.MattersSeen(ctx, scope, home, some)
			if err != nil {
				return nil, err
			}
			for _, r := range rows {
				out[r.Ref] = o.rowView(r, today)
			}
		}
	}
	return out, nil
}
