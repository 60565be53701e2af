package matter

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"huiyin/internal/org"
)

func catalogue(t *testing.T, lang string) map[string]string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "i18n", "catalog", "matter."+lang+".json"))
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	if err := json.Unmarshal(data, &texts); err != nil {
		t.Fatal(err)
	}
	return texts
}

// source returns the text of the package's own files and of org's, without tests.
func source(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	for _, pattern := range []string{"*.go", filepath.Join("..", "org", "*.go")} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			b.Write(data)
		}
	}
	return b.String()
}

var (
	kindForm = regexp.MustCompile(`\) body\(\) string\s*{ return "([a-z_]+)" }`)
	codeForm = regexp.MustCompile(`"((?:field|day|intake|answer|screen|review|hearing|recusal|part|decline_final|unit|serve|ease|rate|join|separate|extend|material|submission|act|matter)\.[a-z_.]+)"`)
	slotForm = regexp.MustCompile(`{([a-z_]+)(?:@[a-z_]+)?}`)
)

// eventKinds returns the kind of every body, read from the source so that none can be forgotten here.
func eventKinds(t *testing.T) []string {
	t.Helper()
	var out []string
	for _, m := range kindForm.FindAllStringSubmatch(source(t), -1) {
		out = append(out, m[1])
	}
	if len(out) < 40 {
		t.Fatalf("found only %d kinds of events", len(out))
	}
	return out
}

// wantedTexts is every key that the domain's codes, words, acts and events need.
func wantedTexts(t *testing.T) []string {
	t.Helper()
	var keys []string
	enum := func(prefix string, values []string) {
		for _, v := range values {
			keys = append(keys, prefix+"."+v)
		}
	}
	enum("state", words(States()))
	enum("list", words([]List{ListMine, ListUnit, ListAll}))
	enum("view", words(Views()))
	enum("role", words(org.Roles()))
	enum("unit_kind", words(org.UnitKinds()))
	enum("route", words(Routes()))
	enum("elsewhere", []string{"no", "yes", "unsure"})
	enum("tier", words([]Tier{TierReview, TierReReview}))
	enum("remedy", Remedies())
	enum("resolved", []string{"true", "false"})
	for _, of := range []string{
		"kind", "purpose", "level", "outcome", "grade", "channel", "party_role", "service_method", "decline_ground", "forward_mode",
		"record_kind", "short_ground", "review_result", "review_ground", "recusal_of", "advice_kind", "advice_taken", "lang",
	} {
		if len(Choices(of)) == 0 {
			t.Fatalf("no choices of %s", of)
		}
		enum(of, Choices(of))
	}
	turns := regexp.MustCompile(`(?:unit\([^"]+|Code: )"([a-z]+)"`).FindAllStringSubmatch(source(t), -1)
	if len(turns) < 10 {
		t.Fatalf("found only %d turns", len(turns))
	}
	for _, m := range turns {
		keys = append(keys, "turn."+m[1], "turn.you."+m[1])
	}
	for _, row := range National().Rows() {
		a := string(row.Act)
		keys = append(keys, "act."+a+".name", "act."+a+".hint", "act."+a+".done")
		if row.Article != "" {
			keys = append(keys, "article."+row.Article)
		}
	}
	for _, k := range eventKinds(t) {
		keys = append(keys, "event."+k, "told."+k)
	}
	for _, m := range codeForm.FindAllStringSubmatch(source(t), -1) {
		keys = append(keys, m[1])
	}
	return keys
}

func TestCatalogueHasEveryText(t *testing.T) {
	zh, en := catalogue(t, "zh"), catalogue(t, "en")
	for _, key := range wantedTexts(t) {
		if zh[key] == "" || en[key] == "" {
			t.Errorf("%s: zh %q, en %q", key, zh[key], en[key])
		}
	}
	for _, c := range Commands() {
		for _, in := range Inputs(c) {
			general, own := "form."+in.Name, "form."+string(c.Act())+"."+in.Name
			if (zh[general] == "" || en[general] == "") && (zh[own] == "" || en[own] == "") {
				t.Errorf("no label for %s of %s", in.Name, c.Act())
			}
		}
	}
}

func TestCatalogueLanguagesAgree(t *testing.T) {
	zh, en := catalogue(t, "zh"), catalogue(t, "en")
	slots := func(text string) []string {
		var out []string
		for _, m := range slotForm.FindAllStringSubmatch(text, -1) {
			out = append(out, m[0])
		}
		slices.Sort(out)
		return slices.Compact(out)
	}
	for key, text := range zh {
		if _, ok := en[key]; !ok {
			t.Errorf("%s has no English", key)
		}
		if a, b := slots(text), slots(en[key]); !slices.Equal(a, b) {
			t.Errorf("%s: placeholders %v in Chinese, %v in English", key, a, b)
		}
	}
	if len(zh) != len(en) {
		t.Errorf("%d Chinese texts, %d English", len(zh), len(en))
	}
}

// The texts of the timeline may name the facts of their event and nothing else.
func TestCatalogueTimelineNamesFactsOfTheEvent(t *testing.T) {
	for _, lang := range []string{"zh", "en"} {
		texts := catalogue(t, lang)
		for _, kind := range eventKinds(t) {
			body, _, err := Decode(kind, []byte("{}"))
			if err != nil {
				t.Fatal(err)
			}
			facts := jsonFields(reflect.TypeOf(body))
			for key, text := range texts {
				head, rest, _ := strings.Cut(key, ".")
				of, field, extra := strings.Cut(rest, ".")
				if (head != "event" && head != "told") || of != kind {
					continue
				}
				if extra && !slices.Contains(facts, field) {
					t.Errorf("%s: %s has no field %s", key, kind, field)
				}
				for _, m := range slotForm.FindAllStringSubmatch(text, -1) {
					if !slices.Contains(facts, m[1]) {
						t.Errorf("%s (%s): {%s} is no fact of %s", key, lang, m[1], kind)
					}
				}
			}
		}
	}
}

func jsonFields(typ reflect.Type) []string {
	var out []string
	for i := range typ.NumField() {
		f := typ.Field(i)
		if f.Anonymous {
			out = append(out, jsonFields(f.Type)...)
			continue
		}
		out = append(out, jsonName(f))
	}
	return out
}
