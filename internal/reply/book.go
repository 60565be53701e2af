package reply

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"huiyin/internal/law"
)

//go:embed words.json
var wordsFile []byte

// Book is what the rules know: the words by which a text is read, and the texts of law with their articles as far as they are held here.
type Book struct {
	words    words
	formulas *strings.Replacer
	laws     []text
}

// text is one text of law in one of its versions.
type text struct {
	id       string // of its set
	title    string // without the name of the country and what stands behind it in brackets
	year     string // that stands there
	from     law.Day
	until    law.Day
	articles int   // how many it has; zero where that is not known
	cited    []int // those that a rule names
}

// words are what stands in words.json.
type words struct {
	Numbers     map[string]int
	Powers      map[string]int
	Country     string
	Places      string
	Open        string
	Brackets    string
	Review      string
	AfterReview *regexp.Regexp `json:"after_review"`
	Units       map[string]string
	Formulas    []string

	Title, Note, Alias, Link, Article, Part, Year, Sentence, Ask, Term, Day *regexp.Regexp
}

// Load reads the words that are built into the program, and what a book of law holds.
func Load(held *law.Book) (*Book, error) {
	b := &Book{}
	w := &b.words
	if err := json.Unmarshal(wordsFile, w); err != nil {
		return nil, fmt.Errorf("words of the reply check: %w", err)
	}
	slices.SortStableFunc(w.Formulas, func(x, y string) int { return len(y) - len(x) }) // the replacer takes the first that fits
	var pairs []string
	for _, f := range w.Formulas {
		pairs = append(pairs, f, "")
	}
	b.formulas = strings.NewReplacer(pairs...)
	for _, s := range held.Sets() {
		if s.Promise {
			continue
		}
		t := text{id: s.ID, from: s.From, until: s.Until, articles: s.Articles}
		t.title, t.year = b.plainTitle(s.Title)
		b.laws = append(b.laws, t)
	}
	// a longer title may end as a shorter one does
	slices.SortStableFunc(b.laws, func(x, y text) int { return len(y.title) - len(x.title) })
	for _, s := range held.Sets() {
		for _, r := range held.RulesOf(s.ID) {
			for _, c := range b.Citations(r.Article + "\n" + r.Consequence + "\n" + r.StartArticle + "\n" + r.RollArticle) {
				b.cite(c)
			}
		}
	}
	return b, nil
}

// cite notes that a rule names an article.
func (b *Book) cite(c Citation) {
	title, year := b.plainTitle(c.Law)
	for i := range b.laws {
		if t := &b.laws[i]; t.title == title && (year == "" || year == t.year) && c.Article > 0 && c.Sub == "" && !slices.Contains(t.cited, c.Article) {
			t.cited = append(t.cited, c.Article)
		}
	}
}

// plainTitle is the title of a text of law without the name of the country and what stands behind it in brackets, and the year that stands there.
func (b *Book) plainTitle(s string) (title, year string) {
	s = strings.TrimPrefix(strings.Join(strings.Fields(s), ""), b.words.Country)
	if i := strings.IndexAny(s, b.words.Brackets); i >= 0 {
		year = b.words.Year.FindString(s[i:])
		s = s[:i]
	}
	return s, year
}
