package ui

import (
	"maps"
	"slices"
	"strconv"

	"github.com/a-h/templ"
)

func (p FieldProps) required() bool { return !p.Optional && !p.Free }

func kindOf(p FieldProps) string {
	if p.Kind == "" {
		return "text"
	}
	return p.Kind
}

func autocompleteOf(p FieldProps) string {
	if p.Autocomplete == "" {
		return "off"
	}
	return p.Autocomplete
}

// dateProps makes a field the browser's own date field.
func dateProps(p FieldProps) FieldProps {
	p.Kind = "date"
	if p.Width == "" {
		p.Width = "width-11"
	}
	return p
}

// explained ties a control to its hint and errors for those who hear the page.
func explained(f Form, p FieldProps) templ.Attributes {
	attributes := templ.Attributes{}
	if ids := described(f, p); ids != "" {
		attributes["aria-describedby"] = ids
	}
	if len(f.Errs(p.Name)) > 0 {
		attributes["aria-invalid"] = "true"
	}
	return attributes
}

func sortedKeys(m map[string][]string) []string { return slices.Sorted(maps.Keys(m)) }

// numbered writes a step with its number, counted from 1.
func numbered(i int, step string) string { return strconv.Itoa(i+1) + " " + step }

// asText makes a button look like a link.
func asText(p ButtonProps) ButtonProps {
	p.AsText = true
	return p
}

// titleOf is the document's title: the page first, the product last.
func titleOf(page, product string) string {
	if page == "" {
		return product
	}
	return page + " · " + product
}

// share writes part of whole as hundredths for an SVG length, between 0 and 100.
func share(part, whole int) string {
	switch {
	case whole <= 0 || part <= 0:
		return "0"
	case part >= whole:
		return "100"
	}
	return strconv.Itoa(part * 100 / whole)
}

// turnLine says whose turn it is and by which article, whichever of the two is known.
func turnLine(p ClockProps) string {
	if p.Turn == "" || p.Article == "" {
		return p.Turn + p.Article
	}
	return p.Turn + " · " + p.Article
}

// arrow shows in which order a column is.
func arrow(sorted string) string {
	switch sorted {
	case "ascending":
		return " ↑"
	case "descending":
		return " ↓"
	}
	return ""
}

// searchBox is the box beside a picker's search button; it is heard by its own name and explained by the picker's
// hint and errors.
func searchBox(p FieldProps, label string) FieldProps {
	return FieldProps{Name: p.Name + "_q", Label: label, HideLabel: true, Kind: "search", Free: true, Placeholder: p.Placeholder, Suggest: p.Suggest}
}

// chartColumns are the heads of the table behind a chart.
func chartColumns(p ChartProps) []Column {
	columns := []Column{{Head: p.Head}}
	for _, s := range p.Series {
		columns = append(columns, Column{Head: s.Name, Num: true})
	}
	return columns
}
