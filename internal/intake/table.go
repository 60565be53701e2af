package intake

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"huiyin/internal/errs"
)

// cells reads a file that is a table: one row of texts after the other, each with the number a person sees.
type cells interface {
	read() (number int, values []string, bad []RowError, err error)
	position() (done, total int64)
}

// table gives names to the cells of a row.
type table struct {
	in    cells
	names []string
	exact bool // a row must have as many cells as the header; otherwise missing ones at its end are empty
}

// openTable reads up to the row with the names of the columns.
func openTable(file string, in cells, headerRow int, exact bool) (source, error) {
	for {
		number, names, bad, err := in.read()
		switch {
		case errors.Is(err, io.EOF):
			return nil, errs.E(errs.Invalid, "intake.file.header", "file", file, "row", max(headerRow, 1))
		case err != nil:
			return nil, err
		case number < headerRow, len(bad) == 0 && blank(names):
			continue
		case len(bad) > 0:
			return nil, errs.E(errs.Invalid, bad[0].Code, pairs(bad[0].Args)...)
		}
		names, err = header(file, names)
		if err != nil {
			return nil, err
		}
		return &table{in: in, names: names, exact: exact}, nil
	}
}

// header cleans the names of the columns: trimmed, without nameless columns at the end, "#3" for one in the middle.
func header(file string, names []string) ([]string, error) {
	for len(names) > 0 && trim(names[len(names)-1]) == "" {
		names = names[:len(names)-1]
	}
	if len(names) > MaxColumns {
		return nil, errs.E(errs.TooLarge, "intake.file.columns", "file", file, "n", len(names), "max", MaxColumns)
	}
	out := make([]string, len(names))
	seen := make(map[string]bool, len(names))
	for i, name := range names {
		out[i] = trim(name)
		if out[i] == "" {
			out[i] = fmt.Sprintf("#%d", i+1)
		}
		if seen[out[i]] {
			return nil, errs.E(errs.Invalid, "intake.file.duplicate", "file", file, "column", out[i])
		}
		seen[out[i]] = true
	}
	return out, nil
}

func (t *table) columns() []string             { return t.names }
func (t *table) position() (done, total int64) { return t.in.position() }

func (t *table) next() (Row, []RowError, error) {
	for {
		number, values, bad, err := t.in.read()
		if err != nil {
			return Row{}, nil, err
		}
		row := Row{Number: number}
		if len(bad) > 0 {
			for i := range bad {
				bad[i].Column = t.name(bad[i].Column)
			}
			return row, bad, nil
		}
		if blank(values) {
			continue
		}
		have := len(values)
		for len(values) > len(t.names) && trim(values[len(values)-1]) == "" {
			values = values[:len(values)-1]
		}
		if len(values) > len(t.names) || t.exact && have < len(t.names) {
			return row, refuse("intake.row.columns", "n", have, "want", len(t.names)), nil
		}
		row.Columns = t.names
		row.Values = make(map[string]string, len(t.names))
		for i, name := range t.names {
			value := ""
			if i < len(values) {
				value = values[i]
			}
			if bad := checkValue(name, value); bad != nil {
				return row, bad, nil
			}
			row.Values[name] = value
		}
		return row, nil, nil
	}
}

// name turns "#3", which is how the reader of cells names the third column, into the name in the header.
func (t *table) name(column string) string {
	for i, name := range t.names {
		if column == fmt.Sprintf("#%d", i+1) {
			return name
		}
	}
	return column
}

func blank(values []string) bool {
	for _, v := range values {
		if trim(v) != "" {
			return false
		}
	}
	return true
}

// checkValue refuses a value that no field of ours can hold.
func checkValue(column, value string) []RowError {
	var code string
	switch {
	case len(value) > MaxField:
		code = "intake.row.field"
	case strings.ContainsRune(value, 0):
		code = "intake.row.nul"
	default:
		return nil
	}
	bad := refuse(code, "max", MaxField>>20)
	bad[0].Column = column
	return bad
}
