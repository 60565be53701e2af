package document

import "huiyin/internal/errs"

// Template is a parsed template. It is not changed by use and may be shared.
type Template struct{}

// Parse reads a template that may name the given fields. A template with mistakes gives an Invalid error with one
// errs.Field per wrong line: Path "body.<line number>", arguments "line" and what is needed to put it right.
func Parse(text string, fields []Field) (*Template, error) {
	return nil, errs.E(errs.Invalid, "document.template.empty")
}

// Fill puts the values in. A name that the template uses and the values lack, or a value of another kind than its
// field, is an Invalid error whose errs.Field has the Path "values.<name>".
func (t *Template) Fill(v Values) (Doc, error) {
	return Doc{}, nil
}

// Sample gives values for all fields, as a preview of an edited template needs: each string field stands as its own
// name in brackets, each list has two rows.
func Sample(fields []Field) Values {
	return Values{}
}
