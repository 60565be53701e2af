package query

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"huiyin/internal/errs"
)

// MaxText is how many characters of what was typed are looked at.
const MaxText = 200

// Field is the name under which what was typed arrives, and by which errors name it.
const Field = "q"

// Query is what is looked for. The zero value looks for nothing: everything fits it.
type Query struct {
	Text string   // as it was typed, at most MaxText characters
	Want []Phrase // all must occur, in any order
	Not  []Phrase // none may occur
}

// Phrase is tokens that stand one behind the other in a text.
type Phrase struct {
	Tokens []string
	Open   bool // the last token may be the beginning of one: a single Chinese character, which begins each token that it is in
}

// Empty reports whether nothing is looked for.
func (q Query) Empty() bool { return len(q.Want) == 0 }

// Parse understands what a person typed. Words between spaces and punctuation must all occur; what stands in quotes (", “ ”, 「 」, 『 』, in any
// pairing) must occur as it stands there; a word or quotation right behind - or －, at the beginning or after a space, must not occur. A quote that
// is not closed is punctuation. Only the first MaxText characters are looked at. Blank text is the zero Query. The error, errs.Invalid on Field, says
// that there is nothing to look for: no letter or figure, or only what must not occur.
func Parse(text string) (Query, error) {
	q := Query{Text: cut(strings.TrimSpace(text))}
	rest := []rune(q.Text)
	take := func(text string, not bool) {
		if not {
			q.Not = with(q.Not, text)
		} else {
			q.Want = with(q.Want, text)
		}
	}
	not, fresh := false, true // whether the next words must not occur; whether a sign here would say so
	for len(rest) > 0 {
		r := rest[0]
		n := 1
		switch end := slices.IndexFunc(rest[1:], isQuote); {
		case isQuote(r) && end >= 0:
			take(string(rest[1:end+1]), not)
			n, not, fresh = end+2, false, false
		case isQuote(r):
			fresh = false
		case classOf(r) == other:
			not, fresh = fresh && (r == '-' || r == '－'), unicode.IsSpace(r)
		default:
			if n = slices.IndexFunc(rest, separates); n < 0 {
				n = len(rest)
			}
			take(string(rest[:n]), not)
			not, fresh = false, false
		}
		rest = rest[n:]
	}
	switch {
	case q.Text == "" || len(q.Want) > 0:
		return q, nil
	case len(q.Not) > 0:
		return Query{Text: q.Text}, errs.Fields([]errs.Field{errs.F(Field, "query.only_not")})
	}
	return q, errs.Fields([]errs.Field{errs.F(Field, "query.nothing")})
}

// Plain looks for all words of a text, in which nothing is a sign: for texts that nobody typed as a question.
func Plain(text string) Query {
	q := Query{Text: cut(strings.TrimSpace(text))}
	for _, word := range strings.FieldsFunc(q.Text, separates) {
		q.Want = with(q.Want, word)
	}
	return q
}

func separates(r rune) bool { return classOf(r) == other }

func isQuote(r rune) bool { return strings.ContainsRune(`"＂“”「」『』`, r) }

// with adds what stands between separators or quotes to a list of phrases, once.
func with(list []Phrase, text string) []Phrase {
	if p, ok := phraseOf(Tokens(text)); ok && !slices.ContainsFunc(list, p.equal) {
		return append(list, p)
	}
	return list
}

// phraseOf makes a phrase of tokens in a row; false if there are none. If they end with a stretch of Chinese, the text may go on after it: so the
// last character is left to the pair before it, or, where it is alone, may begin a pair.
func phraseOf(tokens []string) (Phrase, bool) {
	last := len(tokens) - 1
	switch {
	case last < 0:
		return Phrase{}, false
	case !isHan(tokens[last]):
		return Phrase{Tokens: tokens}, true
	case last > 0 && utf8.RuneCountInString(tokens[last-1]) == 2 && isHan(tokens[last-1]):
		return Phrase{Tokens: tokens[:last]}, true
	}
	return Phrase{Tokens: tokens, Open: true}, true
}

func (p Phrase) equal(o Phrase) bool { return p.Open == o.Open && slices.Equal(p.Tokens, o.Tokens) }

// cut returns the first MaxText characters of a text.
func cut(s string) string {
	n := 0
	for i := range s {
		if n == MaxText {
			return s[:i]
		}
		n++
	}
	return s
}
