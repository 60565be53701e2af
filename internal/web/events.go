package web

import (
	"reflect"
	"strconv"
	"strings"

	"huiyin/internal/gazetteer"
	"huiyin/internal/i18n"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

// teller puts the events of a matter into words.
type teller struct {
	t          *i18n.Speaker
	names      usecase.Names
	categories gazetteer.Table
}

// teller returns the one who tells a view's events.
func (s *Site) teller(t *i18n.Speaker, names usecase.Names) teller {
	return teller{t: t, names: names, categories: s.Office.Places.Current()}
}

// tell says an event: the text of its kind, filled with what the body holds, and a sentence for each further thing that was given.
// Prefix is the audience's: "event." for staff, "told." for the petitioner.
func (l teller) tell(prefix string, e matter.Event) string {
	facts := fieldsOf(reflect.ValueOf(e.Body))
	pairs := make([]any, 0, 2*len(facts))
	for _, f := range facts {
		pairs = append(pairs, f.name, l.say(f))
	}
	key := prefix + matter.KindOf(e.Body)
	said := []string{l.t.T(key, pairs...)}
	for _, f := range facts {
		if more := key + "." + f.name; f.given() && l.t.Has(more) {
			said = append(said, l.t.T(more, pairs...))
		}
	}
	return strings.Join(said, l.t.T("desk.join"))
}

// fact is one field of an event's body, by its stored name.
type fact struct {
	name  string
	value reflect.Value
}

// given reports whether the field holds something; a day that is not known does not.
func (f fact) given() bool {
	if day, ok := reflect.TypeAssert[law.Day](f.value); ok {
		return day.Known()
	}
	return !f.value.IsZero()
}

// fieldsOf lists the fields of a body, those of embedded structs among them.
func fieldsOf(v reflect.Value) []fact {
	var out []fact
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if f.Anonymous {
			out = append(out, fieldsOf(v.Field(i))...)
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		out = append(out, fact{name: name, value: v.Field(i)})
	}
	return out
}

// say puts one field into words: days, units and people by name, enumerations in the reader's language. Where no unit is named, the joint
// conference decides.
func (l teller) say(f fact) string {
	switch v := f.value.Interface().(type) {
	case law.Day:
		return l.t.FullDay(v)
	case org.UnitID:
		if v == 0 {
			return l.t.T("unit.conference")
		}
		return nameOf(l.t, l.names, v)
	case org.UserID:
		return l.names.People[v]
	case matter.Ref:
		return v.String()
	case law.RuleID:
		return l.t.T("law.rule." + string(v))
	case []matter.MovedClock:
		return l.moved(v)
	case bool:
		return l.t.T("resolved." + strconv.FormatBool(v))
	case int:
		return strconv.Itoa(v)
	case string:
		if f.name == "category" && v != "" {
			return categoryName(l.t, l.categories, v)
		}
		return v
	}
	if of := enumeration(f.value.Interface()); of != "" && f.value.String() != "" {
		return l.t.T(of + f.value.String())
	}
	return ""
}

// moved says of each clock from which day to which its end moved.
func (l teller) moved(list []matter.MovedClock) string {
	said := make([]string, len(list))
	for i, c := range list {
		said[i] = l.t.T("remind.moved", "rule", l.t.T("law.rule."+string(c.Rule)), "was", l.t.FullDay(c.Was), "now", l.t.FullDay(c.Now))
	}
	return strings.Join(said, l.t.T("desk.join"))
}

// enumeration is the prefix under which the catalogue speaks the values of a type.
func enumeration(v any) string {
	switch v.(type) {
	case matter.Kind:
		return "kind."
	case matter.Purpose:
		return "purpose."
	case matter.Level:
		return "level."
	case matter.ForwardMode:
		return "forward_mode."
	case matter.Route:
		return "route."
	case matter.DeclineGround:
		return "decline_ground."
	case matter.RecordKind:
		return "record_kind."
	case matter.ServiceMethod:
		return "service_method."
	case matter.ShortGround:
		return "short_ground."
	case matter.Grade:
		return "grade."
	case matter.AdviceKind:
		return "advice_kind."
	case matter.AdviceTaken:
		return "advice_taken."
	case matter.RecusalOf:
		return "recusal_of."
	case matter.Tier:
		return "tier."
	case matter.ReviewResult:
		return "review_result."
	case matter.ReviewGround:
		return "review_ground."
	}
	return ""
}

// categoryName writes a category with what it stands under, its code where the table no longer has it.
func categoryName(t *i18n.Speaker, table gazetteer.Table, code string) string {
	row, ok := table.Row(code)
	if !ok {
		return code
	}
	name := rowName(t, row)
	if above, ok := table.Row(row.Parent); ok {
		return rowName(t, above) + " · " + name
	}
	return name
}

func rowName(t *i18n.Speaker, row gazetteer.Category) string {
	return t.Either(row.Name, row.English)
}
