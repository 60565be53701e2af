package matter

import (
	"os"
	"reflect"
	"regexp"
	"slices"
	"testing"
)

// Every line that somebody may write with an event is among its texts, but for what is a code, a time of day, a telephone, or a rating.
func TestTexts(t *testing.T) {
	source, err := os.ReadFile("decode.go")
	if err != nil {
		t.Fatal(err)
	}
	left := []string{
		"registered.rule_set", "registered.category", "screened.category", "diverted.rule", "accepted.contact", "rated.words", "hearing_called.at", "hearing_moved.at",
		"contact_chosen.lang", "escalated.clock", "clocks_moved.version",
	}
	kinds := regexp.MustCompile(`case "(\w+)"`).FindAllStringSubmatch(string(source), -1)
	if len(kinds) < 70 {
		t.Fatalf("%d kinds", len(kinds))
	}
	for _, k := range kinds {
		b, _, err := Decode(k[1], []byte("{}"))
		if err != nil {
			t.Fatal(err)
		}
		v := reflect.New(reflect.TypeOf(b)).Elem()
		var want []string
		var fill func(reflect.Value)
		fill = func(v reflect.Value) {
			for i := range v.NumField() {
				f := v.Type().Field(i)
				name := k[1] + "." + regexp.MustCompile(`^\w*`).FindString(f.Tag.Get("json"))
				switch {
				case f.Anonymous && f.Type.Kind() == reflect.Struct:
					fill(v.Field(i))
				case f.Type == reflect.TypeFor[string]():
					v.Field(i).SetString(name)
					if !slices.Contains(left, name) {
						want = append(want, name)
					}
				case f.Type == reflect.TypeFor[[]Answer]():
					v.Field(i).Set(reflect.ValueOf([]Answer{{Facts: "facts", Basis: "basis", Promise: "promise"}}))
					want = append(want, "facts", "basis", "promise")
				}
			}
		}
		fill(v)
		body, ok := v.Interface().(Body)
		if !ok {
			t.Fatal(k[1])
		}
		got := Texts(body)
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s: texts %q, want %q", k[1], got, want)
		}
	}
}
