package store

import (
	"cmp"
	"context"
	"math"

	"huiyin/internal/matter"
	words "huiyin/internal/query"
)

// Full text search over tokens made by the program, so that it finds the same on every engine.

const defaultHits = 100

// finder is how an engine finds texts by their words, and matters by the keys of what was said.
type finder interface { //nolint:interfacebloat // all that an index is asked
	// indexText puts the tokens of a text, separated by blanks, in place of what was indexed for it.
	indexText(t *Tx, id int64, tokens string) error
	// matchText gives the ids from s.From up to below s.Before whose texts fit, the greatest first. All of them are of one home, or neither bound is given.
	matchText(ctx context.Context, t *Tx, s Search) ([]int64, error)
	// amongText gives those of some numbers of a home, the greatest first, whose texts fit, in no order. A hint: numbers no further apart than said may be looked up in one go.
	amongText(ctx context.Context, t *Tx, q words.Query, home int64, numbers []int64, apart int64) ([]int64, error)
	// countText counts what fits from one number of a home down to another, up to limit.
	countText(ctx context.Context, t *Tx, q words.Query, from, downTo matter.Ref, limit int) (int64, error)
	// putKeys keeps the keys of a matter.
	putKeys(ctx context.Context, t *Tx, ref matter.Ref, keys []uint64) error
	// withKeys gives for each of some keys the newest matters of a home that have it, at most reach: a matter comes as often as it has keys.
	withKeys(ctx context.Context, t *Tx, home int64, keys []uint64, reach int) ([]int64, error)
	// mergeIndex takes a step in putting the indexes in order; more says that there is something left to do.
	mergeIndex(ctx context.Context, t *Tx) (more bool, err error)
}

// Search asks for matters whose text fits a query.
type Search struct {
	Query words.Query
	// Before limits it to smaller ids, for the next page; 0 means from the greatest. From limits it to ids not smaller, which bounds the work.
	Before, From int64
	// Limit is the number of ids wanted; 0 means 100.
	Limit int
}

// IndexText makes the text of a matter findable once the transaction is committed, in place of what was indexed for it before.
func (t *Tx) IndexText(id int64, text string) error {
	return t.store.engine.indexText(t, id, words.Line(text))
}

// MatchText returns the ids of the matters found, the greatest first; none for a query that looks for nothing.
func (t *Tx) MatchText(ctx context.Context, s Search) ([]int64, error) {
	if s.Query.Empty() {
		return nil, nil
	}
	s.Before, s.Limit = cmp.Or(s.Before, math.MaxInt64), cmp.Or(s.Limit, defaultHits)
	return t.store.engine.matchText(ctx, t, s)
}

// AmongText returns those of some numbers of a home, the greatest first, of which the text fits a query, in no order. Numbers that lie no further apart than said are
// looked up sooner by reading what lies between them.
func (t *Tx) AmongText(ctx context.Context, q words.Query, home int64, numbers []int64, apart int64) ([]int64, error) {
	if q.Empty() || len(numbers) == 0 {
		return nil, nil
	}
	return t.store.engine.amongText(ctx, t, q, home, numbers, apart)
}

// CountText counts the matters of one home from one number down to another whose text fits a query, at most limit.
func (t *Tx) CountText(ctx context.Context, q words.Query, from, downTo matter.Ref, limit int) (int64, error) {
	if q.Empty() {
		return 0, nil
	}
	return t.store.engine.countText(ctx, t, q, from, downTo, limit)
}

// MergeIndex takes a step in putting the search indexes in order. More says that there is something left to do.
func (t *Tx) MergeIndex(ctx context.Context) (more bool, err error) {
	return t.store.engine.mergeIndex(ctx, t)
}
