package store

import (
	"context"
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Full text search over tokens made here, so that it finds the same on every engine. SQLite keeps them in the FTS5
// table matter_fts (home, body), which stores no text, only the index.
//
// Chinese is cut into overlapping pairs of characters: word segmentation loses phrases, and FTS5's own trigrams
// cannot find words of two characters. The last character of a stretch is a token of its own as well, so that every
// character begins a token and a single one can be found as the beginning of one.

const (
	maxWord     = 64  // characters of a token; a longer word is several tokens in a row
	maxQuery    = 200 // characters of a query that are looked at
	defaultHits = 100
)

// Search asks for matters whose text has all parts of the query.
type Search struct {
	// Query as a person wrote it. Parts between spaces and punctuation must all occur, in any order; within a part
	// the order counts. Only the first 200 characters are looked at.
	Query string
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
	return t.atEnd(id, Named("fts.put", put), id, strconv.FormatInt(home, 10), strings.Join(Tokens(text), " "))
}

// MatchText returns the ids of the matters found, the greatest first; none for a query without a letter or digit.
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

// matchExpression turns what a person typed into the argument of `matter_fts match $n`, as in
// `id in (select rowid from matter_fts where matter_fts match $n)`. It is empty if there is nothing to look for.
// Nothing that was typed reaches FTS5 outside quotes.
func matchExpression(query string, homes []int64) string {
	var parts []string
	for _, part := range strings.FieldsFunc(cut(query, maxQuery), func(r rune) bool { return classOf(r) == other }) {
		if p := phrase(Tokens(part)); p != "" {
			parts = append(parts, p)
		}
	}
	if len(parts) == 0 {
		return ""
	}
	expression := "body : (" + strings.Join(parts, " AND ") + ")"
	if len(homes) > 0 {
		expression = homesExpression(homes) + " AND " + expression
	}
	return expression
}

// homesExpression matches what belongs to one of the homes.
func homesExpression(homes []int64) string {
	quoted := make([]string, len(homes))
	for i, home := range homes {
		quoted[i] = `"` + strconv.FormatInt(home, 10) + `"`
	}
	return "home : (" + strings.Join(quoted, " OR ") + ")"
}

// phrase is the FTS5 phrase of the tokens of a part without separators, empty without tokens. If it ends with a
// stretch of Chinese, the text may go on after it: so the last character is left to the pair before it, or, where it
// is alone, may begin a pair.
func phrase(tokens []string) string {
	last := len(tokens) - 1
	if last < 0 {
		return ""
	}
	open := ""
	if isHan(tokens[last]) {
		if last > 0 && utf8.RuneCountInString(tokens[last-1]) == 2 && isHan(tokens[last-1]) {
			tokens = tokens[:last]
		} else {
			open = " *"
		}
	}
	return `"` + strings.Join(tokens, " ") + `"` + open
}

// isHan reports whether a token is of Chinese characters: no token mixes classes.
func isHan(token string) bool {
	first, _ := utf8.DecodeRuneInString(token)
	return classOf(first) == han
}

// class is what a character is to the search.
type class int

const (
	other  class = iota // separates
	han                 // paired
	letter              // part of a word
	digit               // part of a number
)

// classOf gives the class of a character, full-width forms included. Planes 2 and 3 are all Chinese, also where the
// tables of the Go release do not know it yet, and so is private use: both occur in names of people and places.
func classOf(r rune) class {
	switch {
	case unicode.Is(unicode.Han, r), 0x20000 <= r && r <= 0x3FFFF, unicode.Is(unicode.Co, r):
		return han
	case unicode.IsLetter(r), unicode.IsMark(r):
		return letter
	case unicode.IsNumber(r):
		return digit
	}
	return other
}

// Tokens cuts a text into the tokens that are indexed, in order: pairs of Chinese characters and the last character
// of each stretch of them; words in lower case; numbers. Full-width letters and digits count as the ordinary ones;
// marks (accents, and the selectors of character variants in names) are left out.
func Tokens(text string) []string {
	tokens := make([]string, 0, len(text)/utf8.UTFMax)
	run := make([]rune, 0, maxWord)
	kind := other
	flush := func() {
		if kind == han {
			for i := range len(run) - 1 {
				tokens = append(tokens, string(run[i:i+2]))
			}
			run = run[max(len(run)-1, 0):]
		}
		if len(run) > 0 {
			tokens = append(tokens, string(run))
		}
		run = run[:0]
	}
	for _, r := range text {
		c := han
		if !common(r) {
			if unicode.IsMark(r) {
				continue
			}
			r = fold(r)
			c = classOf(r)
		}
		if c != kind || (c != han && len(run) == maxWord) {
			flush()
			kind = c
		}
		if c != other {
			run = append(run, r)
		}
	}
	flush()
	return tokens
}

// common reports whether a character is of the block that nearly all Chinese is written in, which spares it the look into the tables.
func common(r rune) bool { return 0x4E00 <= r && r <= 0x9FFF }

// fold makes full-width forms ordinary and letters small.
func fold(r rune) rune {
	if '！' <= r && r <= '～' {
		r -= '！' - '!'
	}
	return unicode.ToLower(r)
}

// cut returns the first n characters of a text.
func cut(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
