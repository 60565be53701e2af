package query

import "unicode/utf8"

// In reports whether something that is looked for stands in a text.
func (q Query) In(text string) bool {
	all, _ := q.hits(text)
	return len(all) > 0
}

// Span is how many characters lie between the words that are looked for where they stand nearest to each other in a text, -1 where not all of them stand in it. One word is near
// itself: 0.
func (q Query) Span(text string) int {
	var tokens []token
	scan(text, func(run []rune, from, to int) { tokens = append(tokens, token{string(run), span{from, to}}) })
	hits := make([][]span, len(q.Want))
	for i, p := range q.Want {
		if hits[i] = p.in(text, tokens); len(hits[i]) == 0 {
			return -1
		}
	}
	least := -1
	for len(hits) > 0 { // moves on the one that stands first, until it has no other place
		first, last := 0, 0
		covered := 0
		for i, h := range hits {
			if h[0].from < hits[first][0].from {
				first = i
			}
			if h[0].to > hits[last][0].to {
				last = i
			}
			covered += utf8.RuneCountInString(text[h[0].from:h[0].to])
		}
		apart := max(utf8.RuneCountInString(text[hits[first][0].from:hits[last][0].to])-covered, 0)
		if least < 0 || apart < least {
			least = apart
		}
		if hits[first] = hits[first][1:]; len(hits[first]) == 0 {
			break
		}
	}
	return least
}
