package i18n

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

// dynamic are the keys that code builds from a prefix and a value, and why each is built.
var dynamic = map[string]string{
	"format.month.":       "by the number of the month",
	"format.longmonth.":   "by the number of the month",
	"format.week.":        "by the number of the weekday",
	"format.left.":        "by the sign of the distance",
	"format.leftshort.":   "by the sign of the distance",
	"light.":              "by the light of a clock",
	"law.rule.":           "by the id of a rule of law",
	"law.step.":           "by the step of a derivation",
	"law.trigger.":        "by what starts a period",
	"law.why.":            "by why a day does not count",
	"intake.target.":      "by the column a foreign field goes to",
	"cli.suggest.figure.": "by the name of a figure",
	"internal":            "the code errs.CodeOf gives to an error that is not ours",
}

// ownOrder are the keys whose languages name different parts, because a day is written in another order.
const ownOrder = "format."

func catalogue(t *testing.T) *Catalog {
	t.Helper()
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestLanguagesAgree(t *testing.T) {
	c := catalogue(t)
	for key, zh := range c.texts[Zh] {
		if hasHan(key) {
			t.Errorf("%q: words that are their own key have no entry in Chinese", key)
		}
		en, ok := c.texts[En][key]
		if !ok {
			t.Errorf("%q has no English", key)
			continue
		}
		if strings.HasPrefix(key, ownOrder) {
			continue
		}
		want := placeholders(zh)
		for form := range strings.SplitSeq(en, "|") {
			// "one day" need not say its 1
			if got := placeholders(form); !slices.Equal(got, want) && !slices.Equal(without(want, "n"), got) {
				t.Errorf("%q: placeholders %v in Chinese, %v in English %q", key, want, got, form)
			}
		}
	}
	for key, en := range c.texts[En] {
		if _, ok := c.texts[Zh][key]; ok {
			continue
		}
		if !hasHan(key) {
			t.Errorf("%q has no Chinese", key)
		}
		for form := range strings.SplitSeq(en, "|") {
			if want, got := placeholders(key), placeholders(form); !slices.Equal(got, want) && !slices.Equal(without(want, "n"), got) {
				t.Errorf("%q: placeholders %v in Chinese, %v in English", key, want, got)
			}
		}
		if hasHan(en) {
			t.Errorf("%q: the English holds Chinese: %q", key, en)
		}
	}
}

func without(names []string, name string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(n string) bool { return n == name })
}

func TestTextsAreSound(t *testing.T) {
	c := catalogue(t)
	for lang, texts := range c.texts {
		for key, text := range texts {
			switch {
			case strings.TrimSpace(text) == "":
				t.Errorf("%s %q is empty", lang, key)
			case strings.Count(text, "{") != strings.Count(text, "}"):
				t.Errorf("%s %q: an open placeholder: %q", lang, key, text)
			case lang == En && strings.Contains(text, "|") && (!strings.Contains(text, "{n}") || strings.Count(text, "|") != 1):
				t.Errorf("en %q: two forms need one bar and {n}: %q", key, text)
			}
		}
	}
}

var placeholder = regexp.MustCompile(`\{([^}]*)\}`)

// placeholders are the names in a text, sorted; {article_en} is the English of {article}.
func placeholders(text string) []string {
	names := map[string]bool{}
	for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
		names[strings.TrimSuffix(m[1], "_en")] = true
	}
	return slices.Sorted(maps.Keys(names))
}

// source is what the code of the repository says about keys.
type source struct {
	asked   map[string]string // keys given to T, E or F, and where
	literal map[string]bool   // every other string
}

func TestEveryKeyExistsAndIsUsed(t *testing.T) {
	c := catalogue(t)
	s := source{asked: map[string]string{}, literal: map[string]bool{}}
	root := filepath.Join("..", "..")
	for _, dir := range []string{"cmd", "internal", "scripts"} {
		err := filepath.WalkDir(filepath.Join(root, dir), func(path string, entry fs.DirEntry, err error) error {
			switch {
			case os.IsNotExist(err):
				return nil
			case err != nil:
				return err
			case entry.IsDir():
				return nil
			case strings.HasSuffix(path, ".templ"):
				return s.readTempl(path)
			case strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") && !strings.HasSuffix(path, "_templ.go"):
				return s.readGo(path)
			case strings.HasSuffix(path, ".json") && !strings.Contains(path, "catalog"):
				return s.readJSON(path)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(s.asked) == 0 {
		t.Fatal("the scan found no key at all")
	}
	en := c.texts[En]
	for _, key := range slices.Sorted(maps.Keys(s.asked)) {
		if _, ok := en[key]; !ok && !strings.HasSuffix(key, ".") {
			t.Errorf("%s: %q is not in the catalogue", s.asked[key], key)
		}
	}
	codes := s.coded(c)
	for _, key := range slices.Sorted(maps.Keys(en)) {
		if _, asked := s.asked[key]; asked || s.literal[key] || built(key, codes) {
			continue
		}
		t.Errorf("%q is in the catalogue and nothing says it", key)
	}
}

func built(key string, codes []string) bool {
	for prefix := range dynamic {
		if strings.HasPrefix(key, prefix) {
			return true
		}
	}
	return slices.ContainsFunc(codes, func(prefix string) bool { return strings.HasPrefix(key, prefix) })
}

// coded are the prefixes of codes said in words: those of {name@prefix} in texts, and the strings ending in a dot
// that code completes itself, T("matter.state." + state).
func (s source) coded(c *Catalog) []string {
	var out []string
	for _, text := range c.texts[Zh] {
		for _, name := range placeholders(text) {
			if _, prefix, ok := strings.Cut(name, "@"); ok {
				out = append(out, prefix+".")
			}
		}
	}
	for text := range s.literal {
		if strings.HasSuffix(text, ".") && len(text) > 2 && !strings.Contains(text, " ") {
			out = append(out, text)
		}
	}
	return out
}

var (
	templT       = regexp.MustCompile(`\.T\("((?:[^"\\]|\\.)*)"`)
	templLiteral = regexp.MustCompile(`"((?:[^"\\]|\\.)*)"`)
)

func (s source) readTempl(path string) error {
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	for _, m := range templT.FindAllSubmatch(content, -1) {
		key, err := strconv.Unquote(`"` + string(m[1]) + `"`)
		if err != nil {
			return err
		}
		s.asked[key] = path
	}
	for _, m := range templLiteral.FindAllSubmatch(content, -1) {
		s.literal[string(m[1])] = true
	}
	return nil
}

func (s source) readGo(path string) error {
	tree, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	if err != nil {
		return err
	}
	ast.Inspect(tree, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.BasicLit:
			if text, err := strconv.Unquote(node.Value); err == nil && node.Kind == token.STRING {
				s.literal[text] = true
			}
		case *ast.CallExpr:
			if key, ok := askedKey(node); ok {
				s.asked[key] = path
			}
		}
		return true
	})
	return nil
}

// askedKey is the literal key of a call of T, errs.E or errs.F; of a sum, its first part.
func askedKey(call *ast.CallExpr) (string, bool) {
	selector, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return "", false
	}
	of, _ := selector.X.(*ast.Ident)
	at := -1
	switch {
	case selector.Sel.Name == "T":
		at = 0
	case of != nil && of.Name == "errs" && (selector.Sel.Name == "E" || selector.Sel.Name == "F"):
		at = 1
	}
	if at < 0 || at >= len(call.Args) {
		return "", false
	}
	arg := call.Args[at]
	if sum, ok := arg.(*ast.BinaryExpr); ok {
		arg = sum.X
	}
	literal, ok := arg.(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING {
		return "", false
	}
	key, err := strconv.Unquote(literal.Value)
	return key, err == nil && key != ""
}

// readJSON collects the strings of embedded data, which may name keys ("reason": "law.reason.holiday").
func (s source) readJSON(path string) error {
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var value any
	if json.Unmarshal(content, &value) != nil {
		return nil //nolint:nilerr // not our format: a test of its own package reads it
	}
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case string:
			s.literal[v] = true
		case []any:
			for _, item := range v {
				walk(item)
			}
		case map[string]any:
			for key, item := range v {
				s.literal[key] = true
				walk(item)
			}
		}
	}
	walk(value)
	return nil
}

func TestLoadRefuses(t *testing.T) {
	for name, files := range map[string]fstest.MapFS{
		"the same key in two areas": {"a.zh.json": {Data: []byte(`{"k":"1"}`)}, "b.zh.json": {Data: []byte(`{"k":"2"}`)}},
		"a key twice in one file":   {"a.zh.json": {Data: []byte(`{"k":"1","k":"2"}`)}},
		"a nested object":           {"a.zh.json": {Data: []byte(`{"k":{"l":"1"}}`)}},
		"a number":                  {"a.zh.json": {Data: []byte(`{"k":1}`)}},
		"an array":                  {"a.zh.json": {Data: []byte(`["k"]`)}},
		"half a file":               {"a.zh.json": {Data: []byte(`{"k":"1"`)}},
		"an unknown language":       {"a.fr.json": {Data: []byte(`{}`)}},
		"another kind of file":      {"a.zh.txt": {Data: []byte(`{}`)}},
	} {
		if _, err := load(files); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	c, err := load(fstest.MapFS{"a.zh.json": {Data: []byte(`{"k":"1"}`)}, "b.en.json": {Data: []byte(`{"k":"2"}`)}})
	if err != nil || c.For(En).T("k") != "2" || c.For("fr").T("k") != "1" {
		t.Errorf("two languages of a key: %v", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"k":"1"}`))
	f.Add([]byte(`{"k":"1","k":"2"}`))
	f.Add([]byte(`{"k":[1]}`))
	f.Add([]byte(`{`))
	f.Fuzz(func(t *testing.T, content []byte) {
		pairs, err := parse(content)
		if err != nil {
			return
		}
		var flat map[string]string
		if json.Unmarshal(content, &flat) == nil && len(flat) > len(pairs) {
			t.Errorf("%d keys became %d", len(flat), len(pairs))
		}
	})
}
