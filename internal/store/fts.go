package store

import (
	"context"
	"math"
	"strconv"
	"strings"

	words "huiyin/internal/query"
)

// Full text search over tokens made by the program, so that it finds the same on every engine. SQLite keeps them in the FTS5
// table matter_fts (home, body), which stores no text, only the index. FTS5's own trigrams cannot find words of two characters.

const defaultHits = 100

// Search asks for matters whose text fits a query.
type Search struct {
	Query words.Query
	// Homes limits the search to these homes; none means all.
	Homes []int64
	// Before limits it to smaller ids, for the next page; 0 means from the greatest. From limits it to ids not smaller, which bounds the work.
	Before, From int64
	// Limit is the number of ids wanted; 0 means 100.
	Limit int
}

// IndexText makes the text of a matter findable once the transaction is committed, in place of what was indexed for it before.
func (t *Tx) IndexText(home, id int64, text string) error {
	const put = `insert or replace into matter_fts (rowid, home, body) values ($1, $2, $3)`
	return t.atEnd(id, Named("fts.put", put), id, strconv.FormatInt(home, 10), strings.Join(words.Tokens(text), " "))
}

// MatchText returns the ids of the matters found, the greatest first; none for a query that looks for nothing.
// To combine a search with other conditions in one statement, see [matchExpression].
func (t *Tx) MatchText(ctx context.Context, s Search) ([]int64, error) {
	const match = `select rowid from matter_fts where matter_fts match $1 and rowid < $2 and rowid >= $3 order by rowid desc limit $4`
	expression := matchExpression(s.Query, s.Homes)
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

// matchExpression turns a query into the argument of `matter_fts match $n`, as in
// `id in (select rowid from matter_fts where matter_fts match $n)`. It is empty if there is nothing to look for.
// Nothing that was typed reaches FTS5 outside quotes.
func matchExpression(q words.Query, homes []int64) string {
	if q.Empty() {
		return ""
	}
	expression := phrases(q.Want, " AND ")
	if len(q.Not) > 0 {
		expression = "(" + expression + ") NOT (" + phrases(q.Not, " OR ") + ")"
	}
	expression = "body : (" + expression + ")"
	if len(homes) > 0 {
		expression = homesExpression(homes) + " AND " + expression
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

// homesExpression matches what belongs to one of the homes.
func homesExpression(homes []int64) string {
	quoted := make([]string, len(homes))
	for i, home := range homes {
		quoted[i] = `"` + strconv.FormatInt(home, 10) + `"`
	}
	return "home : (" + strings.Join(quoted, " OR ") + ")"
}
