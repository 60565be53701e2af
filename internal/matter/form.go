package matter

import (
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"

	"huiyin/internal/errs"
)

// The longest texts: a line, a text, a list.
const (
	MaxLine  = 200
	MaxText  = 20_000
	MaxItems = 50
)

// Input describes one field of a command for a form.
type Input struct {
	Name string // of the JSON field
	Kind string // see Command
	Of   string // of a choice
	Need bool
	Max  int // characters
}

// Inputs returns the fields of a command that a form asks for.
func Inputs(c Command) []Input {
	t := reflect.TypeOf(c)
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	var out []Input
	for i := range t.NumField() {
		f := t.Field(i)
		kind := f.Tag.Get("input")
		if kind == "" {
			continue
		}
		in := Input{Name: jsonName(f), Kind: kind, Of: f.Tag.Get("of"), Need: f.Tag.Get("need") == "yes", Max: MaxLine}
		if kind == "text" {
			in.Max = MaxText
		}
		out = append(out, in)
	}
	return out
}

func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

// Choices lists the values of an enumeration that a form offers.
func Choices(of string) []string {
	switch of {
	case "kind":
		return words(Kinds())
	case "purpose":
		return words(Purposes())
	case "level":
		return words(Levels())
	case "forward_mode":
		return words(ForwardModes())
	case "decline_ground":
		return words(DeclineGrounds())
	case "route":
		return words(Routes()[1:]) // the petition procedure itself is Accept
	case "short_ground":
		return words(ShortGrounds())
	case "record_kind":
		return words(RecordKinds())
	case "service_method":
		return words(ServiceMethods())
	case "grade":
		return words(Grades())
	case "outcome":
		return words(Outcomes())
	case "channel":
		return words(Channels())
	case "party_role":
		return words(PartyRoles())
	}
	return nil
}

func words[T ~string](in []T) []string {
	out := make([]string, len(in))
	for i, v := range in {
		out[i] = string(v)
	}
	return out
}

// check applies the tags: what must be given, how long it may be, which words are allowed.
func check(c Command) []errs.Field {
	v := reflect.ValueOf(c)
	for v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	var out []errs.Field
	for i, in := range Inputs(c) {
		f := v.Field(fieldIndex(v.Type(), i))
		if f.IsZero() || (f.Kind() == reflect.String && strings.TrimSpace(f.String()) == "") {
			if in.Need {
				out = append(out, errs.F(in.Name, "field.required"))
			}
			continue
		}
		switch f.Kind() {
		case reflect.String:
			if n := utf8.RuneCountInString(f.String()); n > in.Max {
				out = append(out, errs.F(in.Name, "field.long", "max", in.Max, "n", n))
			}
			if in.Kind == "choice" && !contains(Choices(in.Of), f.String()) {
				out = append(out, errs.F(in.Name, "field.choice"))
			}
		case reflect.Slice:
			if f.Len() > MaxItems {
				out = append(out, errs.F(in.Name, "field.many", "max", MaxItems))
			}
			if answers, ok := f.Interface().([]Answer); ok {
				out = append(out, checkAnswers(in.Name, answers)...)
			}
		default:
		}
	}
	return out
}

// fieldIndex maps the i-th input to its struct field.
func fieldIndex(t reflect.Type, i int) int {
	for k := range t.NumField() {
		if t.Field(k).Tag.Get("input") == "" {
			continue
		}
		if i == 0 {
			return k
		}
		i--
	}
	return 0
}

func contains(list []string, s string) bool {
	for _, v := range list {
		if v == s {
			return true
		}
	}
	return false
}

// checkAnswers wants, for each demand, an outcome, the facts and the basis; a promise needs its day and the reverse.
func checkAnswers(path string, answers []Answer) []errs.Field {
	var out []errs.Field
	for i, a := range answers {
		at := func(name string) string { return path + "." + strconv.Itoa(i) + "." + name }
		if !contains(Choices("outcome"), string(a.Outcome)) {
			out = append(out, errs.F(at("outcome"), "answer.outcome", "demand", a.Demand))
		}
		if strings.TrimSpace(a.Facts) == "" {
			out = append(out, errs.F(at("facts"), "answer.facts", "demand", a.Demand))
		}
		if strings.TrimSpace(a.Basis) == "" {
			out = append(out, errs.F(at("basis"), "answer.basis", "demand", a.Demand))
		}
		for _, f := range [][2]string{{"facts", a.Facts}, {"basis", a.Basis}, {"promise", a.Promise}} {
			if n := utf8.RuneCountInString(f[1]); n > MaxText {
				out = append(out, errs.F(at(f[0]), "field.long", "max", MaxText, "n", n))
			}
		}
		if (strings.TrimSpace(a.Promise) != "") != (a.PromiseBy.Known() && a.PromiseBy != 0) {
			out = append(out, errs.F(at("promise_by"), "answer.promise", "demand", a.Demand))
		}
	}
	return out
}
