// Package paper says what each official document (文书) of a matter says: which fields its template may name, what they stand for in a
// matter, and the template that is shipped for it. It keeps nothing and asks nobody; who may read a document is not its question.
package paper

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"huiyin/internal/document"
	"huiyin/internal/law"
	"huiyin/internal/matter"
)

//go:embed data
var data embed.FS

// Field is one thing that a template may name.
type Field struct {
	Name    string  // in Chinese, as it stands in the braces
	Means   string  // what it stands for, in Chinese
	English string  // the same in English
	Rows    []Field // of a list
	key     string
}

// Book is the kinds of documents with their fields, the words that documents use, and the shipped templates.
type Book struct {
	words    map[string]string
	fields   map[matter.PaperKind][]Field
	editions map[matter.PaperKind][]string // the shipped templates, the oldest first
}

// shipped begins the version of a template that came with the program; what follows is its edition. Versions of the office are plain numbers.
const shipped = "shipped-"

// Load reads the book that is built into the program.
func Load() (*Book, error) {
	b := &Book{fields: map[matter.PaperKind][]Field{}, editions: map[matter.PaperKind][]string{}}
	if err := read("data/words.json", &b.words); err != nil {
		return nil, err
	}
	var file struct {
		Fields map[string]struct {
			Name, Means, English string
			Rows                 []string
		}
		Common []string
		Kinds  map[matter.PaperKind][]string
	}
	if err := read("data/fields.json", &file); err != nil {
		return nil, err
	}
	var field func(key string) Field
	field = func(key string) Field {
		f := file.Fields[key]
		out := Field{Name: f.Name, Means: f.Means, English: f.English, key: key}
		for _, row := range f.Rows {
			out.Rows = append(out.Rows, field(row))
		}
		return out
	}
	for _, kind := range matter.PaperKinds() {
		for _, key := range slices.Concat(file.Common, file.Kinds[kind]) {
			b.fields[kind] = append(b.fields[kind], field(key))
		}
		for n := 1; ; n++ {
			text, err := fs.ReadFile(data, fmt.Sprintf("data/templates/%s.%d.txt", kind, n))
			if err != nil {
				break
			}
			b.editions[kind] = append(b.editions[kind], string(text))
		}
		if len(b.editions[kind]) == 0 {
			return nil, fmt.Errorf("paper: no template of %s", kind)
		}
	}
	return b, nil
}

func read(name string, into any) error {
	text, err := data.ReadFile(name)
	if err != nil {
		return fmt.Errorf("paper: %w", err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("paper: %s: %w", name, err)
	}
	return nil
}

// Fields returns what the templates of a kind may name.
func (b *Book) Fields(k matter.PaperKind) []Field { return slices.Clone(b.fields[k]) }

// Grammar returns the same for the engine of documents.
func (b *Book) Grammar(k matter.PaperKind) []document.Field { return grammar(b.fields[k]) }

func grammar(fields []Field) []document.Field {
	var out []document.Field
	for _, f := range fields {
		out = append(out, document.Field{Name: f.Name, Means: f.Means, Rows: grammar(f.Rows)})
	}
	return out
}

// Shipped returns the template that comes with the program for a kind, and the name of that version.
func (b *Book) Shipped(k matter.PaperKind) (version, text string) {
	list := b.editions[k]
	if len(list) == 0 {
		return "", ""
	}
	return shipped + strconv.Itoa(len(list)), list[len(list)-1]
}

// Edition returns the text of a version that came with the program, also of an earlier program; false for a version of the office.
func (b *Book) Edition(k matter.PaperKind, version string) (string, bool) {
	n, err := strconv.Atoi(strings.TrimPrefix(version, shipped))
	if err != nil || !strings.HasPrefix(version, shipped) || n < 1 || n > len(b.editions[k]) {
		return "", false
	}
	return b.editions[k][n-1], true
}

// Title is the name of a kind of document, in Chinese as documents are.
func (b *Book) Title(k matter.PaperKind) string { return b.words["title."+string(k)] }

// Number writes a document's number (发文字号) from the unit's mark, the year and the count.
func (b *Book) Number(mark string, year int, n int64) string {
	return b.say("number", "mark", mark, "year", strconv.Itoa(year), "n", strconv.FormatInt(n, 10))
}

// Term writes the length of a period.
func (b *Book) Term(n int, unit law.Unit) string {
	return b.say("term."+strconv.Itoa(int(unit)), "n", strconv.Itoa(n))
}

// Either names several of which one is to be chosen.
func (b *Book) Either(names []string) string { return strings.Join(names, b.words["or"]) }

// say fills a text with pairs of a name and what it stands for.
func (b *Book) say(key string, pairs ...string) string {
	var out strings.Builder
	for text := b.words[key]; ; {
		before, after, named := strings.Cut(text, "{")
		out.WriteString(before)
		if !named {
			return out.String()
		}
		name, behind, _ := strings.Cut(after, "}")
		for i := 0; i+1 < len(pairs); i += 2 {
			if pairs[i] == name {
				out.WriteString(pairs[i+1])
			}
		}
		text = behind
	}
}

// word is the word for a value of an enumeration, empty for none.
func (b *Book) word(of string, value string) string {
	if value == "" {
		return ""
	}
	return b.words[of+"."+value]
}

// Day writes a day as documents do, empty for none.
func (b *Book) Day(d law.Day) string {
	if !d.Known() || d == 0 {
		return ""
	}
	y, m, day := d.Date()
	return b.say("day", "y", strconv.Itoa(y), "m", strconv.Itoa(int(m)), "d", strconv.Itoa(day))
}
