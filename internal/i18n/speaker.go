package i18n

import (
	"errors"
	"fmt"
	"strings"

	"huiyin/internal/errs"
	"huiyin/internal/law"
)

// Speaker says things in one language. It is read-only and may be shared.
type Speaker struct {
	lang  Lang
	texts map[string]string
}

// Lang is the language spoken.
func (s *Speaker) Lang() Lang { return s.lang }

// T returns the text of a key with its placeholders filled from name, value pairs. A key without a text is
// returned itself when it is Chinese words and Chinese is spoken; otherwise as ⟦key⟧, so that the gap is seen.
func (s *Speaker) T(key string, pairs ...any) string {
	text, ok := s.texts[key]
	switch {
	case ok:
	case s.lang == Zh && hasHan(key):
		text = key
	default:
		return "⟦" + key + "⟧"
	}
	return s.fill(s.form(text, pairs), pairs)
}

// Either chooses between the two texts of a piece of data; where it has no English one, the Chinese is said.
func (s *Speaker) Either(chinese, english string) string {
	if s.lang == En && english != "" {
		return english
	}
	return chinese
}

// Has reports whether a key has a text of its own in this language.
func (s *Speaker) Has(key string) bool {
	_, ok := s.texts[key]
	return ok
}

// Say returns the text of an error's code with its arguments.
func (s *Speaker) Say(code string, args []errs.Arg) string {
	pairs := make([]any, 0, 2*len(args))
	for _, a := range args {
		pairs = append(pairs, a.Key, a.Value)
	}
	return s.T(code, pairs...)
}

// Err returns what a person is told of an error: the words first, then the article that decides, if one does.
// Of an error that is not ours the person is told only that something failed.
func (s *Speaker) Err(err error) string {
	e, ok := errors.AsType[*errs.Error](err)
	if !ok {
		return s.T("internal")
	}
	words := s.Say(e.Code, e.Args)
	if e.Article == "" {
		return words
	}
	article := e.Article
	if key := "article." + article; s.Has(key) { // data names an article by its key or writes it out
		article = s.T(key)
	}
	return s.T("error.under", "words", words, "article", article)
}

// Field returns what a person is told of one field.
func (s *Speaker) Field(f errs.Field) string { return s.Say(f.Code, f.Args) }

// Fields returns the texts of an error's fields by their path, as a form shows them.
func (s *Speaker) Fields(err error) map[string][]string {
	e, ok := errors.AsType[*errs.Error](err)
	if !ok {
		return nil
	}
	out := make(map[string][]string, len(e.Fields))
	for _, f := range e.Fields {
		out[f.Path] = append(out[f.Path], s.Field(f))
	}
	return out
}

// form chooses between the two forms of an English text by the argument n.
func (s *Speaker) form(text string, pairs []any) string {
	if s.lang != En {
		return text
	}
	one, other, two := strings.Cut(text, "|")
	n, ok := argument(pairs, "n")
	switch {
	case !two || !ok:
		return text
	case fmt.Sprint(n) == "1":
		return one
	}
	return other
}

// fill replaces the placeholders of a text. One without an argument stays as it is, so that the gap is seen.
func (s *Speaker) fill(text string, pairs []any) string {
	if len(pairs) == 0 || !strings.Contains(text, "{") {
		return text
	}
	var b strings.Builder
	for {
		before, rest, open := strings.Cut(text, "{")
		b.WriteString(before)
		if !open {
			return b.String()
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed {
			b.WriteString("{" + rest)
			return b.String()
		}
		b.WriteString(s.placeholder(name, pairs))
		text = after
	}
}

// placeholder returns what stands in the place of {name} or {name@prefix}.
func (s *Speaker) placeholder(name string, pairs []any) string {
	name, prefix, coded := strings.Cut(name, "@")
	value, ok := argument(pairs, name)
	switch {
	case !ok:
		return "{" + name + "}"
	case coded:
		return s.T(prefix + "." + s.value(value))
	}
	return s.value(value)
}

// value writes one argument: days in full, lists joined, everything else as fmt does.
func (s *Speaker) value(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case law.Day:
		return s.FullDay(v)
	case []string:
		return s.List(v)
	}
	return fmt.Sprint(v)
}

// argument finds a name among name, value pairs.
func argument(pairs []any, name string) (any, bool) {
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i] == name {
			return pairs[i+1], true
		}
	}
	return nil, false
}

// Say gives the texts of codes in Chinese or English, for files that are made for a reader.
func (c *Catalog) Say(english bool) func(code string, args []errs.Arg) string {
	if english {
		return c.For(En).Say
	}
	return c.For(Zh).Say
}
