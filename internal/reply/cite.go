package reply

import (
	"slices"
	"strings"
	"unicode/utf8"

	"huiyin/internal/find"
)

// Citation is one article that a text names.
type Citation struct {
	Law     string     // as it is named, with the year behind it; what a short name stands for in its place
	Article int        // zero where Alone
	Alone   bool       // the text of law is named, and no article of it
	Sub     string     // of an article that was put in later
	At      find.Range // with the title, where it stands directly before
}

// mostNumber bounds the number of an article.
const mostNumber = 9999

// Citations finds the articles that a text names, in order: behind a title in its marks, in Chinese or Arabic numerals, one or several, with paragraphs and
// items; and without the marks behind the title of a text of law that is held here. A short name that the text gives itself stands for its title.
func (b *Book) Citations(s string) []Citation {
	var out []Citation
	short := map[string]string{}
	var taken []find.Range
	for _, m := range b.words.Title.FindAllStringSubmatchIndex(s, -1) {
		if within(taken, m[0]) { // a short name in the note behind a title
			continue
		}
		name, at := s[m[2]:m[3]], m[1]
		if long, ok := short[name]; ok {
			name = long
		} else if note := b.words.Note.FindString(s[at:]); note != "" {
			if alias := b.words.Alias.FindStringSubmatch(note); alias != nil {
				short[alias[1]] = name
			} else {
				name += strings.TrimSpace(note)
			}
			at += len(note)
		}
		list, end := b.articlesAt(s, at)
		taken = append(taken, find.Range{From: m[0], To: end})
		out = append(out, named(name, m[0], at, list)...)
	}
	for _, t := range b.laws {
		for from := 0; ; {
			i := strings.Index(s[from:], t.title)
			if i < 0 {
				break
			}
			i += from
			from = i + len(t.title)
			at := from + len(b.words.Note.FindString(s[from:]))
			list, end := b.articlesAt(s, at)
			if len(list) == 0 || within(taken, i) || b.otherPlace(s[:i]) {
				continue
			}
			taken = append(taken, find.Range{From: i, To: end})
			out = append(out, named(s[i:at], i, at, list)...)
		}
	}
	slices.SortStableFunc(out, func(x, y Citation) int { return x.At.From - y.At.From })
	return out
}

// named gives each article of a list the title it stands behind; the first one's place begins with it.
func named(title string, from, at int, list []Citation) []Citation {
	if len(list) == 0 {
		return []Citation{{Law: title, Alone: true, At: find.Range{From: from, To: at}}}
	}
	for i := range list {
		list[i].Law = title
	}
	list[0].At.From = from
	return list
}

// articlesAt reads the articles that stand at a place of a text, one behind the other, and says where they end.
func (b *Book) articlesAt(s string, at int) (list []Citation, end int) {
	end = at
	for {
		next := end + len(b.words.Link.FindString(s[end:]))
		m := b.words.Article.FindStringSubmatchIndex(s[next:])
		if m == nil {
			part := b.words.Part.FindString(s[next:])
			if part == "" || len(list) == 0 {
				return list, end
			}
			end = next + len(part)
			list[len(list)-1].At.To = end
			continue
		}
		sub := ""
		if m[4] >= 0 {
			sub = s[next+m[4] : next+m[5]]
		}
		end = next + m[1]
		end += len(b.words.Part.FindString(s[end:]))
		for _, n := range b.numbers(s[next+m[2] : next+m[3]]) {
			list = append(list, Citation{Article: n, At: find.Range{From: next, To: end}})
		}
		list[len(list)-1].Sub = sub
	}
}

// numbers reads the numbers of a list such as the fifth, sixth and eighth; there is at least one.
func (b *Book) numbers(s string) []int {
	var out []int
	for _, digits := range strings.FieldsFunc(s, func(r rune) bool { return !b.digit(r) }) {
		out = append(out, b.number(digits))
	}
	return out
}

func (b *Book) digit(r rune) bool {
	_, number := b.words.Numbers[string(r)]
	_, power := b.words.Powers[string(r)]
	return number || power || arabic(r) >= 0
}

// arabic is the value of an Arabic digit, of full width, too; -1 for anything else.
func arabic(r rune) int {
	const wide = 0xFF10
	switch {
	case r >= '0' && r <= '9':
		return int(r - '0')
	case r >= wide && r < wide+10:
		return int(r - wide)
	}
	return -1
}

// number reads a number in Chinese or Arabic numerals, with or without powers. It is never more than mostNumber+1.
func (b *Book) number(s string) int {
	total, digit, seen := 0, 0, false
	for _, r := range s {
		if power, ok := b.words.Powers[string(r)]; ok {
			if !seen {
				digit = 1
			}
			total, digit, seen = total+digit*power, 0, false
			continue
		}
		n, ok := b.words.Numbers[string(r)]
		if !ok {
			n = arabic(r)
		}
		digit, seen = min(10*digit+n, mostNumber+1), true
		if n == 0 && digit == 0 { // a nought between powers only holds the place
			seen = false
		}
	}
	return min(total+digit, mostNumber+1)
}

// otherPlace reports whether what stands before a title makes it another place's text of the same name.
func (b *Book) otherPlace(before string) bool {
	r, _ := utf8.DecodeLastRuneInString(before)
	return r != utf8.RuneError && strings.ContainsRune(b.words.Places+b.words.Open, r)
}

// within reports whether a place lies in one of some ranges.
func within(ranges []find.Range, at int) bool {
	return slices.ContainsFunc(ranges, func(r find.Range) bool { return r.From <= at && at < r.To })
}

// articles holds that what a reply cites exists and is in force.
func (c *check) articles(r Reply) {
	for _, t := range r.Texts {
		unknown := map[string]int{} // one finding for each text of law that is not known
		for _, cited := range c.citations(t.Words) {
			code, pairs := c.judge(cited)
			if code == "" {
				continue
			}
			if code == LawUnknown {
				if i, told := unknown[cited.Law]; told {
					c.found[i].At = append(c.found[i].At, cited.At)
					continue
				}
				unknown[cited.Law] = len(c.found)
			}
			c.say(code, t, []find.Range{cited.At}, pairs...)
		}
	}
}

// judge says what is wrong with a citation, with the arguments of its text; "" where nothing is.
func (c *check) judge(cited Citation) (Code, []any) {
	title, year := c.plainTitle(cited.Law)
	var known, standing []text
	for _, t := range c.laws {
		if t.title == title && (year == "" || t.year == "" || t.year == year) {
			known = append(known, t)
			if c.Day >= t.from && (!t.until.Known() || c.Day <= t.until) || slices.Contains(strings.Split(c.Laws, "+"), t.id) {
				standing = append(standing, t)
			}
		}
	}
	switch {
	case len(known) == 0:
		return LawUnknown, []any{"law", cited.Law}
	case len(standing) == 0 && known[0].from > c.Day:
		return LawEarly, []any{"law", cited.Law, "day", known[0].from}
	case len(standing) == 0:
		return LawEnded, []any{"law", cited.Law, "day", known[0].until}
	case cited.Alone:
		return "", nil
	}
	last := 0
	for _, t := range standing {
		if cited.Sub == "" && (slices.Contains(t.cited, cited.Article) || 0 < cited.Article && cited.Article <= t.articles) {
			return "", nil
		}
		last = max(last, t.articles)
	}
	if last == 0 || cited.Sub != "" {
		return LawUnknown, []any{"law", cited.Law}
	}
	return ArticleNone, []any{"law", cited.Law, "n", cited.Article, "last", last}
}
