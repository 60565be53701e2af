package query

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Part is a stretch of text; Hit says that it is what was looked for.
type Part struct {
	Text string
	Hit  bool
}

// Missing is a query for what is looked for and does not stand in a text.
func (q Query) Missing(text string) Query {
	var tokens []token
	scan(text, func(run []rune, from, to int) { tokens = append(tokens, token{string(run), span{from, to}}) })
	q.Want = slices.DeleteFunc(slices.Clone(q.Want), func(p Phrase) bool { return len(p.in(text, tokens)) > 0 })
	return q
}

// span is a stretch of a text in bytes.
type span struct{ from, to int }

// token is a token of a text and where it stands.
type token struct {
	text string
	span
}

// Mark splits a text into what was looked for and what stands around it. Put together, the parts are the text.
func (q Query) Mark(text string) []Part {
	all, _ := q.hits(text)
	return split(nil, text, span{0, len(text)}, all)
}

// How an excerpt is cut: it has that many stretches at most, each with so many characters before a hit and behind its beginning.
const (
	stretches = 3
	before    = 18
	behind    = 48
)

// Excerpt cuts stretches out of a text, each around the first place of one of the phrases, joined by “…”. Nothing found gives nothing.
func (q Query) Excerpt(text string) []Part {
	all, firsts := q.hits(text)
	slices.SortFunc(firsts, func(a, b span) int { return a.from - b.from })
	var windows []span
	for _, hit := range firsts {
		w := span{back(text, hit.from), max(ahead(text, hit.from), hit.to)}
		last := len(windows) - 1
		switch {
		case last >= 0 && w.from <= windows[last].to:
			windows[last].to = max(windows[last].to, w.to)
		case len(windows) < stretches:
			windows = append(windows, w)
		}
	}
	var out []Part
	for i, w := range windows {
		if i > 0 || w.from > 0 {
			out = append(out, Part{Text: "…"})
		}
		out = split(out, text, w, all)
	}
	if n := len(windows); n > 0 && strings.TrimSpace(text[windows[n-1].to:]) != "" {
		out = append(out, Part{Text: "…"})
	}
	return out
}

// hits finds all places of the phrases, in order and apart from each other, and the first place of each phrase.
func (q Query) hits(text string) (all, firsts []span) {
	if q.Empty() {
		return nil, nil
	}
	var tokens []token
	scan(text, func(run []rune, from, to int) { tokens = append(tokens, token{string(run), span{from, to}}) })
	for _, p := range q.Want {
		found := p.in(text, tokens)
		if len(found) > 0 {
			firsts = append(firsts, found[0])
		}
		all = append(all, found...)
	}
	slices.SortFunc(all, func(a, b span) int { return a.from - b.from })
	n := 0
	for _, s := range all {
		if n > 0 && s.from <= all[n-1].to {
			all[n-1].to = max(all[n-1].to, s.to)
			continue
		}
		all[n] = s
		n++
	}
	return all[:n], firsts
}

// in finds the places of a phrase among the tokens of a text.
func (p Phrase) in(text string, tokens []token) []span {
	var out []span
	last := len(p.Tokens) - 1
	for i := 0; i+last < len(tokens); i++ {
		fits := true
		for k, want := range p.Tokens {
			got := tokens[i+k].text
			if got != want && (!p.Open || k < last || !strings.HasPrefix(got, want)) {
				fits = false
				break
			}
		}
		if !fits {
			continue
		}
		s := span{tokens[i].from, tokens[i+last].to}
		if p.Open { // of a pair, the first character
			_, size := utf8.DecodeRuneInString(text[tokens[i+last].from:])
			s.to = tokens[i+last].from + size
		}
		out = append(out, s)
	}
	return out
}

// split adds the parts of a stretch of a text, marked where a hit lies in it.
func split(out []Part, text string, within span, hits []span) []Part {
	at := within.from
	for _, h := range hits {
		from, to := max(h.from, at), min(h.to, within.to)
		if from >= to {
			continue
		}
		if at < from {
			out = append(out, Part{Text: text[at:from]})
		}
		out = append(out, Part{Text: text[from:to], Hit: true})
		at = to
	}
	if at < within.to {
		out = append(out, Part{Text: text[at:within.to]})
	}
	return out
}

// back is where a stretch begins that holds what stands at a place: some characters before it, or nearer by, behind the end of a sentence and not
// within a word.
func back(text string, at int) int {
	from, whole := at, at
	for n := 0; n < before && from > 0; n++ {
		r, size := utf8.DecodeLastRuneInString(text[:from])
		if strings.ContainsRune("。！？；\n", r) {
			return from
		}
		from -= size
		if c := classOf(r); c == han || c == other {
			whole = from
		}
	}
	if from == 0 {
		return 0
	}
	return whole + strings.IndexFunc(text[whole:], func(r rune) bool { return classOf(r) != other })
}

// ahead is where that stretch ends.
func ahead(text string, at int) int {
	to := at
	for n := 0; n < behind && to < len(text); n++ {
		_, size := utf8.DecodeRuneInString(text[to:])
		to += size
	}
	for to < len(text) { // not within a word
		r, size := utf8.DecodeRuneInString(text[to:])
		if c := classOf(r); c != letter && c != digit || to-at > 4*behind {
			return to
		}
		to += size
	}
	return to
}
