// Package i18n turns codes into words: the catalogue of texts in Chinese and English, and the ways of writing
// days, instants, numbers and lists in each language.
//
// Texts are kept in catalog/<area>.<lang>.json, flat objects from key to text. A key is either a dotted code
// ("matter.reply.silent") with a text in both languages, or, in templates, the Chinese words themselves
// ("我要反映") with their English in <area>.en.json alone.
//
// A text may hold placeholders: {name} takes the argument of that name, {name@prefix} looks the argument up in
// the catalogue as prefix.<argument>, so that a code (a state, a role) can be said in words. An English text may
// have two forms, "one day|{n} days", chosen by the argument n.
package i18n

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"
	"unicode"
)

// Lang is a language a page can be in.
type Lang string

// The languages. Chinese comes first and is the default.
const (
	Zh Lang = "zh"
	En Lang = "en"
)

// Langs returns all languages, the default first.
func Langs() []Lang { return []Lang{Zh, En} }

// Tag is the language's BCP 47 tag, for the lang attribute of a page.
func (l Lang) Tag() string {
	if l == En {
		return "en"
	}
	return "zh-CN"
}

// Match chooses the language of a browser's Accept-Language header: the first of ours that it names, Chinese
// when it names none.
func Match(acceptLanguage string) Lang {
	for part := range strings.SplitSeq(acceptLanguage, ",") {
		tag, _, _ := strings.Cut(part, ";")
		primary, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
		for _, lang := range Langs() {
			if primary == string(lang) {
				return lang
			}
		}
	}
	return Zh
}

//go:embed catalog/*.json
var files embed.FS

// Catalog holds every text in every language. It is read-only after Load and may be shared.
type Catalog struct {
	texts map[Lang]map[string]string
}

// Load reads the embedded catalogue, once in a program. A key given twice, in one file or in two areas, is an error, as is a file
// that is not a flat object of texts.
func Load() (*Catalog, error) { return embedded() }

var embedded = sync.OnceValues(func() (*Catalog, error) { //nolint:gochecknoglobals // read once, never changed
	sub, err := fs.Sub(files, "catalog")
	if err != nil {
		return nil, fmt.Errorf("open the catalogue: %w", err)
	}
	return load(sub)
})

func load(fsys fs.FS) (*Catalog, error) {
	c := &Catalog{texts: map[Lang]map[string]string{Zh: {}, En: {}}}
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, fmt.Errorf("list the catalogue: %w", err)
	}
	from := map[Lang]map[string]string{Zh: {}, En: {}}
	for _, entry := range entries {
		_, lang, err := area(entry.Name())
		if err != nil {
			return nil, err
		}
		content, err := fs.ReadFile(fsys, entry.Name())
		if err != nil {
			return nil, fmt.Errorf("read the catalogue: %w", err)
		}
		pairs, err := parse(content)
		if err != nil {
			return nil, fmt.Errorf("catalogue %s: %w", entry.Name(), err)
		}
		for _, p := range pairs {
			if first, twice := from[lang][p.key]; twice {
				return nil, fmt.Errorf("catalogue: %q is in %s and in %s", p.key, first, entry.Name())
			}
			from[lang][p.key] = entry.Name()
			c.texts[lang][p.key] = p.text
		}
	}
	return c, nil
}

// area splits "matter.zh.json" into its area and language.
func area(name string) (string, Lang, error) {
	stem := strings.TrimSuffix(name, ".json")
	ext := path.Ext(stem)
	lang := Lang(strings.TrimPrefix(ext, "."))
	if stem == name || (lang != Zh && lang != En) {
		return "", "", fmt.Errorf("catalogue: %q is not named <area>.<zh|en>.json", name)
	}
	return strings.TrimSuffix(stem, ext), lang, nil
}

// pair is one entry of a file, in the file's order.
type pair struct{ key, text string }

// parse reads a flat object of texts. encoding/json would let a second value of a key win in silence; this does
// not.
func parse(content []byte) ([]pair, error) {
	decoder := json.NewDecoder(strings.NewReader(string(content)))
	token, err := decoder.Token()
	if err != nil {
		return nil, fmt.Errorf("not JSON: %w", err)
	}
	if token != json.Delim('{') {
		return nil, errors.New("not an object")
	}
	var pairs []pair
	for decoder.More() {
		key, err := decoder.Token()
		if err != nil {
			return nil, fmt.Errorf("not JSON: %w", err)
		}
		text, err := decoder.Token()
		if err != nil {
			return nil, fmt.Errorf("not JSON: %w", err)
		}
		words, ok := text.(string)
		if !ok {
			return nil, fmt.Errorf("the value of %q is not a text", key)
		}
		pairs = append(pairs, pair{key: fmt.Sprint(key), text: words})
	}
	if _, err := decoder.Token(); err != nil {
		return nil, fmt.Errorf("not JSON: %w", err)
	}
	return pairs, nil
}

// For returns the speaker of a language; Chinese for a language that is not known.
func (c *Catalog) For(lang Lang) *Speaker {
	if _, ok := c.texts[lang]; !ok {
		lang = Zh
	}
	return &Speaker{lang: lang, texts: c.texts[lang]}
}

// hasHan reports whether a text contains a Chinese character.
func hasHan(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}
