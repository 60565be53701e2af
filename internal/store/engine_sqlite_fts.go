package store

import (
	"context"
	"strings"

	"huiyin/internal/matter"
	words "huiyin/internal/query"
)

// SQLite keeps the tokens of texts in the FTS5 table matter_fts (body), and the keys of what was said as tokens of sketch_fts (keys). Neither stores a text, only the
// index. FTS5's own trigrams cannot find words of two characters. Keys are written once, gathered and flushed in order, where a b-tree would touch a page for each.

// FTS5 writes out what it has gathered at every savepoint and at every row that is not behind the last one: so rows are left to the end of the shared transaction.
func (*sqliteEngine) indexText(t *Tx, id int64, tokens string) error {
	const put = `insert or replace into matter_fts (rowid, body) values ($1, $2)`
	return t.atEnd(id, Named("fts.put", put), id, tokens)
}

func (*sqliteEngine) matchText(ctx context.Context, t *Tx, s Search) ([]int64, error) {
	const match = `select rowid from matter_fts where matter_fts match $1 and rowid < $2 and rowid >= $3 order by rowid desc limit $4`
	return Collect(ctx, t, Named("fts.match", match), Int64, matchExpression(s.Query), s.Before, s.From, s.Limit)
}

// amongText: to look one up each part of the index is asked for every word, and some hundred hits are read in that time (worthLookup); so numbers that lie no further apart than said
// are looked up in one go, by reading what lies between them.
func (*sqliteEngine) amongText(ctx context.Context, t *Tx, q words.Query, home int64, numbers []int64, apart int64) (found []int64, err error) {
	const match = `select rowid from matter_fts where matter_fts match $1 and rowid >= $2 and rowid <= $3 and +rowid in ($4...)`
	expression := matchExpression(q)
	for len(numbers) > 0 {
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

func (*sqliteEngine) countText(ctx context.Context, t *Tx, q words.Query, from, downTo matter.Ref, limit int) (int64, error) {
	const count = `select count(*) from (select 1 from matter_fts where matter_fts match $1 and rowid <= $2 and rowid >= $3 limit $4) x`
	return One(ctx, t, Named("fts.count", count), Int64, matchExpression(q), searchID(from), searchID(downTo), limit)
}

func (*sqliteEngine) putKeys(_ context.Context, t *Tx, ref matter.Ref, keys []uint64) error {
	const put = `insert or replace into sketch_fts (rowid, keys) values ($1, $2)`
	tokens := make([]string, len(keys))
	for i, k := range keys {
		tokens[i] = keyToken(k)
	}
	return t.atEnd(searchID(ref), Named("sketch.put", put), searchID(ref), strings.Join(tokens, " "))
}

func (*sqliteEngine) withKeys(ctx context.Context, t *Tx, home int64, keys []uint64, reach int) (numbers []int64, err error) {
	const match = `select rowid from sketch_fts where sketch_fts match $1 and rowid >= $2 and rowid < $3 order by rowid desc limit $4`
	from, to := searchID(matter.Ref{Home: home}), searchID(matter.Ref{Home: home + 1})
	for _, k := range keys {
		ids, err := Collect(ctx, t, Named("sketch.match", match), Int64, `"`+keyToken(k)+`"`, from, to, reach)
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			numbers = append(numbers, searchRef(id).N)
		}
	}
	return numbers, nil
}

// matchExpression turns a query that looks for something into the argument of `matter_fts match $n`. Nothing that was typed reaches FTS5 outside quotes.
func matchExpression(q words.Query) string {
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

// mergeIndex: each commit makes a part, and a word is looked up in each. Automatic merging waits for sixteen of a size, so that a word is seldom written anew; here
// four are enough.
func (*sqliteEngine) mergeIndex(ctx context.Context, t *Tx) (more bool, err error) {
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
