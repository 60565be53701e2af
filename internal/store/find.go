package store

import (
	"cmp"
	"context"
	"math"
	"slices"

	"huiyin/internal/matter"
	"huiyin/internal/org"
)

// A search looks at candidates in rounds, the newest first: what the full text gives or, without words, the matters in the order of their numbers.
// Each round is narrowed to what fits and is seen in one statement for each home. After so many candidates it stops and says where to go on.
const (
	findRound = 500 // at most MaxList
	findLook  = 20 * findRound
)

// Find returns at most f.Limit matters within the scope that fit a search, the newest first, those of one home together. Next is where to go on: the
// last one returned, or the last one looked at where the bound was reached before; zero where there is no more.
func (t *Tx) Find(ctx context.Context, scope org.Scope, who org.UserID, unit org.UnitID, f matter.Search) (rows []matter.Row, next matter.Ref, err error) {
	limit := min(max(f.Limit, 1), matter.MaxPage)
	at := matter.Ref{Home: f.After.Home, N: f.After.N}
	for left := cmp.Or(t.store.opt.Look, findLook); left > 0; {
		n := min(findRound, left)
		left -= n
		refs, err := t.candidates(ctx, f, at, n)
		if err != nil {
			return nil, matter.Ref{}, err
		}
		for home, ns := range byHome(refs) {
			q := fitting(scope, who, unit, home, ns, f)
			found, err := Collect(ctx, t, q.stmt("matter.find"), scanMatter, q.args...)
			if err != nil {
				return nil, matter.Ref{}, err
			}
			rows = append(rows, found...)
		}
		slices.SortFunc(rows, func(a, b matter.Row) int { return cmp.Compare(searchID(b.Ref), searchID(a.Ref)) })
		switch {
		case len(rows) > limit:
			return rows[:limit], rows[limit-1].Ref, nil
		case len(refs) < n:
			return rows, matter.Ref{}, nil
		}
		at = refs[n-1]
	}
	return rows, at, nil
}

// candidates are the next matters to be looked at, at most n.
func (t *Tx) candidates(ctx context.Context, f matter.Search, after matter.Ref, n int) ([]matter.Ref, error) {
	if f.Words.Empty() {
		q := newestMatters(after, n)
		return Collect(ctx, t, q.stmt("matter.newest"), scanRef, q.args...)
	}
	before := int64(0)
	if !after.IsZero() {
		before = searchID(after)
	}
	ids, err := t.MatchText(ctx, Search{Query: f.Words, Before: before, Limit: n})
	refs := make([]matter.Ref, len(ids))
	for i, id := range ids {
		refs[i] = searchRef(id)
	}
	return refs, err
}

// newestMatters walks the key of the matters from its end.
func newestMatters(after matter.Ref, n int) *query {
	if after.IsZero() {
		after = matter.Ref{Home: math.MaxInt64}
	}
	q := newQuery(`select m.home, m.matter_id from matter m where (m.home, m.matter_id) < (`).arg(after.Home).text(`, `).arg(after.N)
	return q.text(`) order by m.home desc, m.matter_id desc limit `).arg(n)
}

// byHome sorts numbers by their homes.
func byHome(refs []matter.Ref) map[int64][]int64 {
	out := map[int64][]int64{}
	for _, ref := range refs {
		out[ref.Home] = append(out[ref.Home], ref.N)
	}
	return out
}

// fitting is the statement that narrows candidates of one home. The limit, which they do not reach, keeps an engine from going by the index of a
// condition, under which lie matters without number.
func fitting(scope org.Scope, who org.UserID, unit org.UnitID, home int64, candidates []int64, f matter.Search) *query {
	q := newQuery(`select ` + matterColumns + ` from (select ` + matterColumns + ` from matter m where m.home = `).arg(home)
	q.text(` and m.matter_id in (`).numbers(candidates).text(`) limit `).arg(MaxList).text(`) m where `)
	q.list(scope, who, unit, f.Filter)
	if !f.Words.Empty() { // never in the full text, whatever may lie there
		q.text(` and m.sealed = `).arg(false)
	}
	if f.State != matter.StateNone {
		q.text(` and m.state = `).arg(string(f.State))
	}
	if f.Channel != "" {
		q.text(` and m.channel = `).arg(string(f.Channel))
	}
	if f.From.Known() {
		q.text(` and m.received_day >= `).arg(f.From.String())
	}
	if f.To.Known() {
		q.text(` and m.received_day <= `).arg(f.To.String())
	}
	if f.Late {
		q.text(` and m.due_day < `).arg(f.Today.String()).text(` and m.is_open = `).arg(true)
	}
	return q
}
