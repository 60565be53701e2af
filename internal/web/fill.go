package web

import (
	"errors"
	"net/url"
	"reflect"
	"strconv"
	"strings"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
)

// fill puts what a form sent into a command, which is a pointer. What cannot be read is an error of its field; the rest is for the command's own Check.
func fill(c matter.Command, values url.Values) []errs.Field {
	v := reflect.ValueOf(c).Elem()
	var out []errs.Field
	for _, in := range matter.Inputs(c) {
		if err := put(field(v, in.Name), in, values); err != nil {
			out = append(out, errs.F(in.Name, errs.CodeOf(err), arguments(err)...))
		}
	}
	return out
}

// field finds a struct's field by its JSON name.
func field(v reflect.Value, name string) reflect.Value {
	for i := range v.NumField() {
		if tag, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ","); tag == name {
			return v.Field(i)
		}
	}
	return reflect.Value{}
}

// put reads one input into its field, by the field's type.
func put(to reflect.Value, in matter.Input, values url.Values) error {
	text := strings.TrimSpace(values.Get(in.Name))
	switch to.Interface().(type) {
	case law.Day:
		day, err := dayIn(text, in.Need)
		to.Set(reflect.ValueOf(day))
		return err
	case org.UnitID, org.UserID:
		if text == "" {
			return nil
		}
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n <= 0 {
			return errs.E(errs.Invalid, "field.choice")
		}
		to.SetInt(n)
	case matter.Ref:
		if text == "" {
			return nil
		}
		ref, err := matter.ParseRef(text)
		to.Set(reflect.ValueOf(ref))
		return err
	case []matter.Answer:
		answers, err := answersIn(values)
		to.Set(reflect.ValueOf(answers))
		return err
	case []string:
		to.Set(reflect.ValueOf(idsOf(values[in.Name])))
	case bool:
		to.SetBool(text == "yes")
	case int:
		if text == "" {
			return nil
		}
		n, err := strconv.Atoi(text)
		if err != nil {
			return errs.E(errs.Invalid, "field.number")
		}
		to.SetInt(int64(n))
	default: // words and enumerations of words
		to.SetString(text)
	}
	return nil
}

// dayIn reads a day. An empty one that is needed stays the zero value, which the command's Check asks for.
func dayIn(text string, need bool) (law.Day, error) {
	if text == "" {
		if need {
			return 0, nil
		}
		return law.NoDay, nil
	}
	day, err := law.ParseDay(text)
	if err != nil {
		return law.NoDay, err
	}
	return day, nil
}

// answersIn reads the answers of a form, numbered from zero in the order of the demands.
func answersIn(values url.Values) ([]matter.Answer, error) {
	var out []matter.Answer
	var wrong error
	for i := range matter.MaxItems {
		at := "answers." + strconv.Itoa(i) + "."
		demand, err := strconv.Atoi(values.Get(at + "demand"))
		if err != nil {
			break
		}
		get := func(name string) string { return strings.TrimSpace(values.Get(at + name)) }
		a := matter.Answer{Demand: demand, Outcome: matter.Outcome(get("outcome")), Facts: get("facts"), Basis: get("basis"), Promise: get("promise")}
		if a.PromiseBy, err = dayIn(get("promise_by"), false); err != nil {
			wrong = err
		}
		out = append(out, a)
	}
	return out, wrong
}

// arguments are the arguments of an error as pairs.
func arguments(err error) []any {
	e, ok := errors.AsType[*errs.Error](err)
	if !ok {
		return nil
	}
	var out []any
	for _, a := range e.Args {
		out = append(out, a.Key, a.Value)
	}
	return out
}

// merge joins errors of reading with those of checking: where a field could not be read, what else is wrong with it is not said.
func merge(read []errs.Field, err error) error {
	if len(read) == 0 {
		return err
	}
	seen := map[string]bool{}
	for _, f := range read {
		seen[f.Path] = true
	}
	for _, f := range fieldsIn(err) {
		if !seen[f.Path] {
			read = append(read, f)
		}
	}
	return errs.Fields(read)
}

// fieldsIn are the fields of an error.
func fieldsIn(err error) []errs.Field {
	if e, ok := errors.AsType[*errs.Error](err); ok {
		return e.Fields
	}
	return nil
}
