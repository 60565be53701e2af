package store

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	words "huiyin/internal/query"
)

// A sketch is a few keys of what somebody said, by which what is said again is found (see package find): those of the
// first submission of each matter, written once.

const (
	// keyBits of a key are kept. That two different ones meet costs a look at a text that is not alike, no more.
	keyBits = 40
	keyBase = 36
	// sketchReach is how many matters with a key are looked at, the newest: what bounds the work for a key that everybody has.
	sketchReach = 64
	// sketchRound is how many matters are asked for at once whether they are seen, the likeliest first, and sketchRounds how often.
	sketchRound  = 50
	sketchRounds = 10
	// titleReach is among how many matters, the newest, the words of a title are looked for.
	titleReach = 10_000
	// titleHits is how many of those with the words are asked for at once whether they are seen.
	titleHits = 200
	// answeredReach is how many matters of a unit are looked at for their answers.
	answeredReach = MaxList
)

// SketchMatter keeps the keys of what a matter's first submission says, once the transaction is committed. A sealed matter never has any.
func (t *Tx) SketchMatter(ctx context.Context, ref matter.Ref, keys []uint64) error {
	return t.store.engine.putKeys(ctx, t, ref, keys)
}

func keyToken(key uint64) string { return strconv.FormatUint(key&(1<<keyBits-1), keyBase) }

// Alike is a matter that shares keys.
type Alike struct {
	Said matter.Ref // the matter whose first submission has the keys
	Row  matter.Row // the one on which that submission hangs now, the same unless it was joined
	Keys int        // how many they share
}

// MattersAlike returns the unsealed matters of a home within the scope whose first submissions share keys, at most limit, those that share most first and
// among them the newest. For each key it looks at the newest matters only.
func (t *Tx) MattersAlike(ctx context.Context, scope org.Scope, home int64, keys []uint64, limit int) ([]Alike, error) {
	shared, err := t.sharing(ctx, home, keys)
	if err != nil {
		return nil, err
	}
	ids := slices.SortedFunc(maps.Keys(shared), func(a, b int64) int { return cmp.Or(cmp.Compare(shared[b], shared[a]), cmp.Compare(b, a)) })
	var out []Alike
	for i, part := range slices.Collect(slices.Chunk(ids, sketchRound)) {
		if i == sketchRounds || len(out) >= limit {
			break
		}
		found, err := t.alike(ctx, scope, home, part)
		if err != nil {
			return nil, err
		}
		for _, n := range part {
			if row, ok := found[n]; ok {
				out = append(out, Alike{Said: matter.Ref{Home: home, N: n}, Row: row, Keys: shared[n]})
			}
		}
	}
	return out[:min(len(out), limit)], nil
}

// alike returns, by the numbers of unsealed matters, the matters on which their first submissions hang now, as far as the scope sees those.
func (t *Tx) alike(ctx context.Context, scope org.Scope, home int64, said []int64) (map[int64]matter.Row, error) {
	const where = `select matter_id, case merged_into when 0 then matter_id else merged_into end from matter where home = $1 and sealed = $2 and matter_id in ($3...)`
	hangs := make(map[int64]int64, len(said))
	if _, err := CollectIn(ctx, t, Named("sketch.hangs", where), said, func(r *Row) (int64, error) {
		var n, on int64
		err := r.Scan(&n, &on)
		hangs[n] = on
		return n, err
	}, home, false); err != nil {
		return nil, err
	}
	q := alikeMatters(scope, home, slices.Compact(slices.Sorted(maps.Values(hangs))))
	rows, err := Collect(ctx, t, q.stmt("sketch.matters"), scanMatter, q.args...)
	if err != nil {
		return nil, err
	}
	byNumber := make(map[int64]matter.Row, len(rows))
	for _, row := range rows {
		byNumber[row.Ref.N] = row
	}
	out := make(map[int64]matter.Row, len(hangs))
	for n, on := range hangs {
		if row, ok := byNumber[on]; ok {
			out[n] = row
		}
	}
	return out, nil
}

// MattersTitled returns open unsealed matters of a home within the scope, in the subtree of a place or, for 0, anywhere, whose text has the words of a title: at most
// limit of the newest. It looks at the newest ten thousand of the home only: the words of a title may all be common ones, and what they meet in takes reading all of
// their places.
func (t *Tx) MattersTitled(ctx context.Context, scope org.Scope, home int64, title string, place int64, limit int) ([]matter.Row, error) {
	const oldest = `select matter_id from matter where home = $1 order by matter_id desc limit 1 offset $2`
	from, err := One(ctx, t, Named("matter.oldest", oldest), Int64, home, titleReach)
	if err != nil && errs.KindOf(err) != errs.NotFound {
		return nil, err
	}
	ids, err := t.MatchText(ctx, Search{
		Query: words.Plain(title), From: searchID(matter.Ref{Home: home, N: from}), Before: searchID(matter.Ref{Home: home + 1}), Limit: titleHits,
	})
	if err != nil {
		return nil, err
	}
	numbers := make([]int64, len(ids))
	for i, id := range ids {
		numbers[i] = searchRef(id).N
	}
	q := alikeMatters(scope, home, numbers).text(` and m.is_open = `).arg(true)
	if place != 0 {
		from, to := placeRange(place)
		q.text(` and m.place >= `).arg(from).text(` and m.place < `).arg(to)
	}
	q.text(` order by m.matter_id desc limit `).arg(limit)
	return Collect(ctx, t, q.stmt("matter.titled"), scanMatter, q.args...)
}

// sharing counts for the newest matters of a home with each of some keys how many of them they have.
func (t *Tx) sharing(ctx context.Context, home int64, keys []uint64) (map[int64]int, error) {
	numbers, err := t.store.engine.withKeys(ctx, t, home, keys, sketchReach)
	shared := map[int64]int{}
	for _, n := range numbers {
		shared[n]++
	}
	return shared, err
}

func alikeMatters(scope org.Scope, home int64, matters []int64) *query {
	q := newQuery(`select ` + matterColumns + ` from matter m where m.home = `).arg(home).text(` and m.matter_id in (`).numbers(matters)
	return q.text(`) and m.sealed = `).arg(false).scope(scope)
}

// AnsweredAt returns the newest unsealed matters of a home within the scope that lie at a unit and have an answer, at most limit. It looks at the newest
// five hundred that the unit has to do with.
func (t *Tx) AnsweredAt(ctx context.Context, scope org.Scope, home int64, unit org.UnitID, limit int) ([]matter.Row, error) {
	const newest = `select matter_id from matter_unit where unit_id = $1 and home = $2 order by matter_id desc limit $3`
	numbers, err := Collect(ctx, t, Named("unit.newest", newest), Int64, int64(unit), home, answeredReach)
	if err != nil {
		return nil, err
	}
	q := alikeMatters(scope, home, numbers).text(` and m.unit_id = `).arg(int64(unit)).text(` and m.answered > 0 order by m.matter_id desc limit `).arg(limit)
	return Collect(ctx, t, q.stmt("matter.answered"), scanMatter, q.args...)
}

// FirstEvents returns the first events of some matters of one home, by their numbers. Bodies of sealed ones are as they lie: encrypted.
func (t *Tx) FirstEvents(ctx context.Context, home int64, matters []int64) (map[int64]EventRow, error) {
	const q = `select matter_id, kind, body from event where home = $1 and seq = 1 and matter_id in ($2...)`
	out := make(map[int64]EventRow, len(matters))
	_, err := CollectIn(ctx, t, Named("event.first", q), matters, func(r *Row) (int64, error) {
		var n int64
		e := EventRow{Seq: 1}
		err := r.Scan(&n, &e.Kind, &e.Body)
		out[n] = e
		return n, err
	}, home)
	return out, err
}
