package store

import (
	"context"
	"math"
	"strings"

	"huiyin/internal/matter"
	words "huiyin/internal/query"
)

// Full text search over tokens made by the program, so that it finds the same on every engine. SQLite keeps them in the FTS5
// table matter_fts (body), which stores no text, only the index. FTS5's own trigrams cannot find words of two characters.

const defaultHits = 100

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
	const put = `insert or replace into matter_fts (rowid, body) values ($1, $2)`
	return t.atEnd(id, Named("fts.put", put), id, strings.Join(words.Tokens(text), " "))
}

// MatchText returns the ids of the matters found, the greatest first; none for a query that looks for nothing.
// To combine a search with other conditions in one statement, see [matchExpression].
func (t *Tx) MatchText(ctx context.Context, s Search) ([]int64, error) {
	const match = `select rowid from matter_fts where matter_fts match $1 and rowid < $2 and rowid >= $3 order by rowid desc limit $4`
	expression := matchExpression(s.Query)
	if expression == "" {
		return nil, nil
	}
	if s.Before == 0 {
		s.Before = math.MaxInt64
	}
	if s.Limit == 0 {
		s.Limit = defaultHits
	}
	return Collect(ctx, t, Named("fts.match", match), Int64, expression, s.Before, s.From, s.Limit)
}

// AmongText returns those of some numbers of a home, the greatest first, of which the text fits a query, in no order. To look one up each part of the index is asked for every
// word, and some hundred hits are read in that time (worthLookup); so numbers that lie no further apart than said are looked up in one go, by reading what lies between them.
func (t *Tx) AmongText(ctx context.Context, q words.Query, home int64, numbers []int64, apart int64) (found []int64, err error) {
	const match = `select rowid from matter_fts where matter_fts match $1 and rowid >= $2 and rowid <= $3 and +rowid in ($4...)`
	expression := matchExpression(q)
	for len(numbers) > 0 && expression != "" {
		n := 1
		for n < len(numbers) && numbers[n-1]-numbers[n] <= apart {
			n++
		}
		ids := make([]int64, n)
		for i := range ids {
			ids[i] = searchID(matter.Ref{Home: home, N: numbers[i]})
		}
		some, err := Collect(ctx, t, Named("fts.among", match), Int64, expression, ids[n-1], ids[0], List(ids))
		if err != nil {
			return nil, err
		}
		for _, id := range some {
			found = append(found, searchRef(id).N)
		}
		numbers = numbers[n:]
	}
	return found, nil
}

// CountText counts the matters of one home from one number down to another whose text fits a query, at most limit.
func (t *Tx) CountText(ctx context.Context, q words.Query, from, downTo matter.Ref, limit int) (int64, error) {
	const count = `select count(*) from (select 1 from matter_fts where matter_fts match $1 and rowid <= $2 and rowid >= $3 limit $4) x`
	expression := matchExpression(q)
	if expression == "" {
		return 0, nil
	}
	return One(ctx, t, Named("fts.count", count), Int64, expression, searchID(from), searchID(downTo), limit)
}

// matchExpression turns a query into the argument of `matter_fts match $n`, as in
// `id in (select rowid from matter_fts where matter_fts match $n)`. It is empty if there is nothing to look for.
// Nothing that was typed reaches FTS5 outside quotes.
func matchExpression(q words.Query) string {
	if q.Empty() {
		return ""
	}
	expression := phrases(q.Want, " AND ")
	if len(q.Not) > 0 {
		expression = "(" + expression + ") NOT (" + phrases(q.Not, " OR ") + ")"
	}
	return expression
}

// phrases writes phrases as FTS5 does, between them what joins them.
func phrases(list []words.Phrase, join string) string {
	quoted := make([]string, len(list))
	for i, p := range list {
		quoted[i] = `"` + strings.Join(p.Tokens, " ") + `"`
		if p.Open {
			quoted[i] += " *"
		}
	}
	return strings.Join(quoted, join)
}

// mergePages is how many pages of a search index one step of merging writes: some ten milliseconds.
const mergePages = 200

// MergeIndex takes a step in merging the parts of the search indexes, of which each commit makes one: a word is looked up in each. Automatic merging waits for sixteen of a
// size, so that a word is seldom written anew; here four are enough. More says that there is something left to do.
func (t *Tx) MergeIndex(ctx context.Context) (more bool, err error) {
	const text, sketch = `insert into matter_fts (matter_fts, rank) values ('merge', $1)`, `insert into sketch_fts (sketch_fts, rank) values ('merge', $1)`
	for _, merge := range []Stmt{Named("fts.merge", text), Named("sketch.merge", sketch)} {
		before, err := t.changes(ctx)
		if err != nil {
			return false, err
		}
		if _, err := t.Exec(ctx, merge, mergePages); err != nil {
			return false, err
		}
		after, err := t.changes(ctx)
		if err != nil {
			return false, err
		}
		more = more || after-before > 1 // one is the command itself
	}
	return more, nil
}

// changes is how many rows this connection has changed.
func (t *Tx) changes(ctx context.Context) (int64, error) {
	const changes = `select total_changes()`
	return One(ctx, t, Named("fts.changes", changes), Int64)
}
