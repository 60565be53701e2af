package matter

import (
	"reflect"
	"slices"
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
	// Usual marks what must be given but with some choices in the same form.
	Usual bool
	Max   int // characters
	// Staff marks what only staff fill in: a petitioner's own step is about the own submission, on the day it is taken.
	Staff bool
}

// Inputs returns the fields of a command that a form asks for.
func Inputs(c Command) []Input {
	t := reflect.TypeOf(c)
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	var out []Input
	for f := range t.Fields() {
		if in, ok := inputOf(f); ok {
			out = append(out, in)
		}
	}
	return out
}

// inputOf reads the tags of a field; a field without them is not asked for.
func inputOf(f reflect.StructField) (Input, bool) {
	in := Input{Name: jsonName(f), Kind: f.Tag.Get("input"), Of: f.Tag.Get("of"), Need: f.Tag.Get("need") == "yes", Usual: f.Tag.Get("need") == "usually", Max: MaxLine, Staff: f.Tag.Get("by") == "staff"}
	if in.Kind == "text" {
		in.Max = MaxText
	}
	return in, in.Kind != ""
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
	case "recusal_of":
		return words(RecusalsOf())
	case "advice_kind":
		return words(AdviceKinds())
	case "advice_taken":
		return words(AdvicesTaken())
	case "review_result":
		return words(ReviewResults())
	case "review_ground":
		return words(ReviewGrounds())
	case "outcome":
		return words(Outcomes())
	case "channel":
		return words(Channels())
	case "lang":
		return Langs()
	case "party_role":
		return words(PartyRoles())
	}
	return nil
}

// Offered lists what a form on a matter offers of an enumeration. The kind is all that depends on the matter: the wall of the sealed
// compartment is passed at registration alone, so an accusation stays one and nothing else becomes one.
func Offered(of string, sealed bool) []string {
	return slices.DeleteFunc(Choices(of), func(word string) bool { return of == "kind" && !screens(Kind(word), sealed) })
}

// screens reports whether screening may find that a matter inside or outside the sealed compartment is of a kind.
func screens(k Kind, sealed bool) bool { return (k == KindAccusation) == sealed }

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
	for field, f := range v.Fields() {
		in, ok := inputOf(field)
		if !ok {
			continue
		}
		if f.IsZero() || (f.Kind() == reflect.String && strings.TrimSpace(f.String()) == "") {
			if in.Need {
				out = append(out, errs.F(in.Name, "field.required"))
			}
			continue
		}
		if f.Kind() == reflect.String {
			if n := utf8.RuneCountInString(f.String()); n > in.Max {
				out = append(out, errs.F(in.Name, "field.long", "max", in.Max, "n", n))
			}
			if in.Kind == "choice" && !slices.Contains(Choices(in.Of), f.String()) {
				out = append(out, errs.F(in.Name, "field.choice"))
			}
		}
		if f.Kind() == reflect.Slice {
			if f.Len() > MaxItems {
				out = append(out, errs.F(in.Name, "field.many", "max", MaxItems))
			}
			if answers, ok := reflect.TypeAssert[[]Answer](f); ok {
				out = append(out, checkAnswers(in.Name, answers)...)
			}
		}
	}
	return out
}

// checkAnswers wants, for each demand, an outcome, the facts and the basis; a promise needs its day and the reverse.
func checkAnswers(path string, answers []Answer) []errs.Field {
	var out []errs.Field
	for i, a := range answers {
		at := func(name string) string { return path + "." + strconv.Itoa(i) + "." + name }
		if !slices.Contains(Choices("outcome"), string(a.Outcome)) {
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
