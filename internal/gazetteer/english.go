package gazetteer

import (
	"embed"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The tables of English names; data/NOTICE.md tells where their spellings come from.
//
//   - names: places whose English name is not their pinyin, as code, name and English name
//   - generics: what names of places end in, as ending, English, and what of the ending stays with a name of one character
//   - peoples: the peoples that autonomous places and ethnic townships are named for, as people and English
//
//go:embed tables/english-*.tsv
var englishFiles embed.FS

// english is how places are called in English.
type english struct {
	names    map[int64]string // whole names by code
	generics endings          // what kind of place it is
	peoples  endings
}

// endings are what names end in by their last character, the longest first.
type endings map[rune][]ending

// ending is what a name can end in, and its English.
type ending struct {
	text, english string
	kept          string // of the text, when only one character stands before it
}

// add keeps the endings of a character in order.
func (e endings) add(x ending) {
	last, _ := utf8.DecodeLastRuneInString(x.text)
	e[last] = append(e[last], x)
	slices.SortStableFunc(e[last], func(a, b ending) int { return len(b.text) - len(a.text) })
}

// cut parts a name from the longest ending it has.
func (e endings) cut(name string) (before string, found ending, ok bool) {
	last, _ := utf8.DecodeLastRuneInString(name)
	for _, x := range e[last] {
		if before, ok := strings.CutSuffix(name, x.text); ok {
			return before, x, true
		}
	}
	return name, ending{}, false
}

// English returns the name of a place in English: what it is called in pinyin, the peoples it is named for, and
// what kind of place it is (Jingning She Autonomous County). A place whose own language gave the name, and a few
// with a name of long use, have the usual spelling (Hohhot City, Inner Mongolia Autonomous Region). The text is
// letters, digits that the name has, spaces, hyphens and apostrophes.
func (g *Gazetteer) English(p Place) string {
	if name, ok := g.english.names[p.Code]; ok {
		return name
	}
	return g.english.name(p.Name)
}

// FullEnglish returns the English name of a place up to the province, the narrowest first, without placeholders
// (Jinbei Subdistrict, Lin'an District, Hangzhou City, Zhejiang Province); "" when the code is of no place.
func (g *Gazetteer) FullEnglish(code int64) string {
	var b strings.Builder
	path := g.written(code)
	for _, p := range slices.Backward(path) {
		if b.Len() > 0 {
			b.WriteString(", ")
		}
		b.WriteString(g.English(p))
	}
	return b.String()
}

// name makes the English name from the written one.
func (e *english) name(name string) string {
	name = strings.Map(narrow, name)
	if before, inside, ok := cutBrackets(name); ok { // what stands in brackets at the end is a name of its own
		return e.name(before) + " " + e.name(inside)
	}
	stem, kind := e.cutGeneric(name)
	rest, peoples := e.cutPeoples(stem)
	parts := make([]string, 0, 3)
	for _, part := range []string{Romanised(rest), joinPeoples(peoples), kind} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, " ")
}

// cutBrackets parts a name that ends in brackets with something before them.
func cutBrackets(name string) (before, inside string, ok bool) {
	body, closed := strings.CutSuffix(name, ")")
	at := strings.LastIndexByte(body, '(')
	if !closed || at <= 0 || at == len(body)-1 {
		return "", "", false
	}
	return body[:at], body[at+1:], true
}

// cutGeneric parts a name from the longest ending that says what kind of place it is; a few names are nothing more.
func (e *english) cutGeneric(name string) (stem, kind string) {
	stem, found, _ := e.generics.cut(name)
	if utf8.RuneCountInString(stem) == 1 {
		stem += found.kept
	}
	return stem, found.english
}

// cutPeoples parts a name from the peoples it ends in, in the order they are named.
func (e *english) cutPeoples(stem string) (rest string, peoples []string) {
	before, found, ok := e.peoples.cut(stem)
	if !ok {
		return stem, nil
	}
	rest, peoples = e.cutPeoples(before)
	return rest, append(peoples, found.english)
}

// joinPeoples joins two as a sentence does and more with hyphens, for a comma would part the name in an address.
func joinPeoples(peoples []string) string {
	if len(peoples) == 2 {
		return peoples[0] + " and " + peoples[1]
	}
	return strings.Join(peoples, "-")
}

// Romanised returns a name in pinyin as one word with a capital letter, as places are spelled: an apostrophe stands
// before a syllable that opens with a, e or o (Xi'an), and ü is written yu (Lyuliang).
func Romanised(name string) string {
	var b strings.Builder
	spell(name, func(syllable string) {
		syllable = withoutUmlaut(syllable)
		switch {
		case b.Len() == 0:
			syllable = strings.ToUpper(syllable[:1]) + syllable[1:]
		case strings.IndexByte("aeo", syllable[0]) >= 0:
			syllable = "'" + syllable
		}
		b.WriteString(syllable)
	})
	return b.String()
}

// withoutUmlaut writes the ü of lü, nü, lüe and nüe, here a v, as passports do: yu.
func withoutUmlaut(syllable string) string {
	if strings.HasPrefix(syllable, "lv") || strings.HasPrefix(syllable, "nv") {
		return syllable[:1] + "yu" + syllable[2:]
	}
	return syllable
}

// readEnglish reads the tables of English names.
func readEnglish() (english, error) {
	e := english{names: map[int64]string{}, generics: endings{}, peoples: endings{}}
	err := errors.Join(
		englishRows("names", func(row []string) error {
			code, err := strconv.ParseInt(row[0], 10, 64)
			e.names[code] = row[len(row)-1]
			return err
		}),
		englishRows("generics", func(row []string) error {
			e.generics.add(ending{text: row[0], english: row[1], kept: strings.Join(row[2:], "")})
			return nil
		}),
		englishRows("peoples", func(row []string) error {
			e.peoples.add(ending{text: row[0], english: row[1]})
			return nil
		}))
	return e, err
}

// englishRows hands each row of a table of English names over; a row has two cells or three.
func englishRows(table string, take func(row []string) error) error {
	content, err := englishFiles.ReadFile("tables/english-" + table + ".tsv")
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(content)) {
		row := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(row) < 2 || len(row) > 3 {
			return fmt.Errorf("the English %s: a row has neither two cells nor three: %q", table, line)
		}
		if err := take(row); err != nil {
			return fmt.Errorf("the English %s: %q: %w", table, line, err)
		}
	}
	return nil
}
