//nolint:errcheck // the schema is ours: one of another shape panics, which ends the test as it should
package law_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"huiyin/internal/errs"
	"huiyin/internal/law"
)

// schema is rules/schema.json and checks documents against it: the part of JSON Schema 2020-12 that the file uses. A keyword
// it does not know is a fault, so that nothing in the file goes unchecked.
type schema struct {
	root     map[string]any
	patterns map[string]*regexp.Regexp
}

func readSchema(t testing.TB) schema {
	t.Helper()
	data, err := os.ReadFile("rules/schema.json")
	if err != nil {
		t.Fatal(err)
	}
	s := schema{patterns: map[string]*regexp.Regexp{}}
	if err := json.Unmarshal(data, &s.root); err != nil {
		t.Fatal(err)
	}
	return s
}

// check returns what is wrong with a value, as "path: keyword".
func (s schema) check(at string, part map[string]any, v any) []string {
	var wrong []string
	fail := func(keyword string) { wrong = append(wrong, at+": "+keyword) }
	holds := func(part any, v any) bool { return len(s.check(at, part.(map[string]any), v)) == 0 }
	object, isObject := v.(map[string]any)
	array, isArray := v.([]any)
	text, isText := v.(string)
	number, isNumber := v.(float64)
	for keyword, is := range part {
		switch keyword {
		case "$schema", "$defs", "title", "description", "default", "then", "else":
		case "$ref":
			_, name, _ := strings.Cut(is.(string), "#/$defs/")
			wrong = append(wrong, s.check(at, s.root["$defs"].(map[string]any)[name].(map[string]any), v)...)
		case "type":
			_, isBool := v.(bool)
			if kind := map[string]bool{"object": isObject, "array": isArray, "string": isText, "boolean": isBool, "integer": isNumber && number == float64(int(number))}; !kind[is.(string)] {
				fail(keyword)
			}
		case "enum":
			if !slices.ContainsFunc(is.([]any), func(one any) bool { return reflect.DeepEqual(one, v) }) {
				fail(keyword)
			}
		case "const":
			if !reflect.DeepEqual(is, v) {
				fail(keyword)
			}
		case "pattern":
			if s.patterns[is.(string)] == nil {
				s.patterns[is.(string)] = regexp.MustCompile(is.(string))
			}
			if isText && !s.patterns[is.(string)].MatchString(text) {
				fail(keyword)
			}
		case "minimum":
			if isNumber && number < is.(float64) {
				fail(keyword)
			}
		case "maximum":
			if isNumber && number > is.(float64) {
				fail(keyword)
			}
		case "minItems":
			if isArray && len(array) < int(is.(float64)) {
				fail(keyword)
			}
		case "maxItems":
			if isArray && len(array) > int(is.(float64)) {
				fail(keyword)
			}
		case "required":
			for _, name := range is.([]any) {
				if _, ok := object[name.(string)]; isObject && !ok {
					fail(keyword + " " + name.(string))
				}
			}
		case "properties":
			for name, part := range is.(map[string]any) {
				if value, ok := object[name]; ok {
					wrong = append(wrong, s.check(at+"."+name, part.(map[string]any), value)...)
				}
			}
		case "additionalProperties":
			for name := range object {
				if _, ok := part["properties"].(map[string]any)[name]; !ok {
					fail("unknown " + name)
				}
			}
		case "items":
			for i, item := range array {
				wrong = append(wrong, s.check(fmt.Sprint(at, ".", i), is.(map[string]any), item)...)
			}
		case "allOf":
			for _, part := range is.([]any) {
				wrong = append(wrong, s.check(at, part.(map[string]any), v)...)
			}
		case "anyOf":
			if !slices.ContainsFunc(is.([]any), func(part any) bool { return holds(part, v) }) {
				fail(keyword)
			}
		case "not":
			if holds(is, v) {
				fail(keyword)
			}
		case "if":
			next := "else"
			if holds(is, v) {
				next = "then"
			}
			if branch, ok := part[next].(map[string]any); ok {
				wrong = append(wrong, s.check(at, branch, v)...)
			}
		default:
			fail("this test does not know " + keyword)
		}
	}
	return wrong
}

func (s schema) document(t testing.TB, data []byte) []string {
	t.Helper()
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		return []string{err.Error()}
	}
	return s.check("", s.root, v)
}

func TestShippedFilesFitTheSchema(t *testing.T) {
	s := readSchema(t)
	names, err := filepath.Glob("rules/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if filepath.Base(name) == "schema.json" {
			continue
		}
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if wrong := s.document(t, data); len(wrong) > 0 {
			t.Errorf("%s: %s", name, strings.Join(wrong, "\n"))
		}
	}
}

// beyond are the faults that a schema cannot see.
var beyond = map[string]bool{"law.field.order": true, "law.set.steps": true, "law.rule.twice": true}

// The schema and the loader refuse and accept the same: for every key of a set and of its rules, missing or with any of many values.
func TestSchemaAndLoaderAgree(t *testing.T) {
	s := readSchema(t)
	calendar := `"unit":"calendar_days","roll":"next_working"`
	base := file(`"id":"a","jurisdiction":"33","subject":"tea","kind":"law","adopt":true,"from":"2022-05-01","until":"2030-01-01","note":"x","note_en":"x","roll_by_analogy":true,"soon_steps":[{"up_to_days":7,"days":2}]`,
		line("D01", `"n":15,"roll_by_analogy":true,"extend_n":3,"extend_by":"head","pause":"hearing","pause_article":"a","pause_article_en":"a",`+calendar),
		line("D02", `"n":0,"unit":"named_day","roll":"previous_working","set_by":"yearly","roll_article":"a","roll_article_en":"a"`),
		line("D03", `"n":3,"unit":"working_days","roll":"none","before":true,"certainty":"secondary","note":"a","note_en":"a"`),
		line("D04", `"n":3,"unit":"months","roll":"none","least":true,"consequence":"a","consequence_en":"a"`),
		strings.Replace(line("D06", `"n":3,"unit":"years","roll":"none","bound":"a","bound_en":"a"`), `"side":"unit"`, `"side":"other"`, 1)).Data
	values := []string{
		``, `""`, `" "`, `"x"`, `"x y"`, `-1`, `0`, `1`, `1201`, `40000`, `1.5`, `true`, `false`, `[]`, `{}`, `"D05"`, `"none"`, `"next_working"`, `"named_day"`, `"months"`, `"calendar_days"`,
		`"petitioner"`, `"other"`, `"hearing"`, `"head"`, `"promise"`, `"secondary"`, `"in_time"`, `"2026-02-28"`, `"2026-13-01"`, `"33"`, `"330"`, `[{"up_to_days":0}]`, `[{"days":1}]`, `[{"up_to_days":3,"more":1}]`,
	}
	keys := append(keysOf(t, s.root), "unknown")
	ruleKeys := append(keysOf(t, s.root["$defs"].(map[string]any)["rule"].(map[string]any)), "unknown")
	both := map[bool]int{}
	try := func(what string, data []byte) {
		_, err := law.LoadBook(fstest.MapFS{"a.json": {Data: data}})
		wrong := s.document(t, data)
		refused := err != nil
		if e, ok := asErr(err); ok && len(e.Fields) > 0 && !slices.ContainsFunc(e.Fields, func(f errs.Field) bool { return !beyond[f.Code] }) {
			refused = false
		}
		if refused != (len(wrong) > 0) {
			t.Errorf("%s: the loader says %v, the schema %v", what, err, wrong)
		}
		both[refused]++
	}
	try("the base", base)
	for _, value := range values {
		for _, key := range keys {
			try(key+" is "+value, mutate(t, base, -1, key, value))
		}
		for i := range 5 {
			for _, key := range ruleKeys {
				try(fmt.Sprint("rules.", i, ".", key, " is ", value), mutate(t, base, i, key, value))
			}
		}
	}
	if both[false] < 500 || both[true] < 2000 {
		t.Errorf("accepted %d, refused %d: do the values still reach both sides?", both[false], both[true])
	}
}

func keysOf(t testing.TB, part map[string]any) []string {
	t.Helper()
	return slices.Sorted(maps.Keys(part["properties"].(map[string]any)))
}

// mutate sets a key of a document, or of one of its rules, to a value; "" takes it out.
func mutate(t testing.TB, data []byte, rule int, key, value string) []byte {
	t.Helper()
	var doc map[string]json.RawMessage
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	at := doc
	var rules []map[string]json.RawMessage
	if rule >= 0 {
		if err := json.Unmarshal(doc["rules"], &rules); err != nil {
			t.Fatal(err)
		}
		at = rules[rule]
	}
	if at[key] = json.RawMessage(value); value == "" {
		delete(at, key)
	}
	write := func(v any) []byte {
		var out bytes.Buffer
		if err := json.NewEncoder(&out).Encode(v); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	if rule >= 0 {
		doc["rules"] = write(rules)
	}
	return write(doc)
}
