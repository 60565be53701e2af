// Package ui is the parts every page is made of: the frame, fields, clocks, cards, lists, figures and papers.
//
// A part takes the speaker first and then its props, a small struct; it holds no rule and asks nobody. Words that
// belong to the part itself come from the catalogue; words about the matter come in the props, already said. No
// part writes a style attribute or an inline script: the content security policy forbids both, and lengths that
// depend on data are SVG attributes.
package ui

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"huiyin/internal/i18n"
)

// Light is the state of a clock as it is shown: always shape, word and colour together.
type Light string

// The lights. NoLight is for badges that say nothing about time.
const (
	NoLight Light = ""
	Go      Light = "go"    // in time
	Soon    Light = "soon"  // due soon
	Late    Light = "late"  // past the lawful day
	Pause   Light = "pause" // the clock stands still for a lawful reason
	Done    Light = "done"  // finished; never red
	Rest    Light = "rest"  // no period runs, and somebody's turn it is all the same
)

// Word is the light in words.
func (l Light) Word(t *i18n.Speaker) string { return t.T("light." + string(l)) }

// Link is a text that leads somewhere.
type Link struct {
	Text string
	Href string
}

// ButtonLook says what a button means; there is one Main a page or panel.
type ButtonLook string

// The looks of a button.
const (
	Plain  ButtonLook = ""
	Main   ButtonLook = "button-main"
	Danger ButtonLook = "button-danger" // leads to a page that asks again
	Final  ButtonLook = "button-danger button-main"
)

// ButtonProps describes a button, or a link that looks like one.
type ButtonProps struct {
	Text    string
	Href    string // a link; empty makes a button of the form around it
	Post    string // a form of its own around the button, posting to this path
	Look    ButtonLook
	Small   bool   // 36 px, staff only
	Big     bool   // the home page
	AsText  bool   // looks like a link
	Name    string // of the submitted pair
	Value   string
	Key     string // the key that presses it, "n" or "alt+d"
	NoCheck bool   // the browser must not check the form first
	Print   bool   // prints the page; shown only where scripts run
	Focus   bool   // the page opens on it: there is nothing to fill in before
}

// keyCaps writes a key as it stands on the keyboard: "alt+d" is Alt and D.
func (p ButtonProps) keyCaps() []string {
	parts := strings.Split(p.Key, "+")
	for i, part := range parts {
		if utf8.RuneCountInString(part) == 1 {
			parts[i] = strings.ToUpper(part)
		} else if part != "" {
			parts[i] = strings.ToUpper(part[:1]) + part[1:]
		}
	}
	return parts
}

// Fact is one line of a list of facts.
type Fact struct {
	Term   string
	Text   string
	Parts  []Part // instead of Text, to mark what is alike
	Href   string // the text leads there
	Masked bool   // the text is masked identity
	Note   string // a second, quiet line
}

// Part is a stretch of text, marked or not.
type Part struct {
	Text string
	Hit  bool
}

// Mark splits a text at the given words, without regard to the case of Latin letters, so that they can be shown
// marked. Empty words mark nothing.
func Mark(text string, words ...string) []Part {
	var parts []Part
	lower := strings.ToLower(text)
	if len(lower) != len(text) { // a letter whose lower case has another length: do not risk a cut inside it
		lower = text
	}
	for from := 0; from < len(text); {
		at, size := len(text), 0
		for _, word := range words {
			if i := strings.Index(lower[from:], strings.ToLower(word)); word != "" && i >= 0 && from+i < at {
				at, size = from+i, len(word)
			}
		}
		if at > from {
			parts = append(parts, Part{Text: text[from:at]})
		}
		if size > 0 {
			parts = append(parts, Part{Text: text[at : at+size], Hit: true})
		}
		from = at + size
	}
	return parts
}

// Form is what was typed into a form and what is wrong with it. Errors are already said in the reader's language,
// by the path of the field. The zero value is an empty form without errors.
type Form struct {
	Values url.Values
	Errors map[string][]string
	Focus  string // name of the field in which typing goes on when the page opens; empty for none
}

// NewForm returns the form that keeps what was typed and shows the fields of err, which may be nil.
func NewForm(t *i18n.Speaker, values url.Values, err error) Form {
	return Form{Values: values, Errors: t.Fields(err)}
}

// Value returns what was typed into a field.
func (f Form) Value(name string) string { return f.Values.Get(name) }

// Has reports whether a value was chosen in a field that allows several.
func (f Form) Has(name, value string) bool {
	return slices.Contains(f.Values[name], value)
}

// Opens reports whether the page opens in a field. A form that came back with errors opens at their summary.
func (f Form) Opens(name string) bool { return f.Focus == name && name != "" && len(f.Errors) == 0 }

// Errs returns the errors of a field.
func (f Form) Errs(name string) []string { return f.Errors[name] }

// FieldProps describes a field of any kind. Its value and errors come from the form.
type FieldProps struct {
	Name         string // the field's path, "petitioners.0.id_number"
	Label        string
	HideLabel    bool // the label is only heard: search boxes
	Hint         string
	Optional     bool   // says 选填 beside the label; without it the field is required
	Free         bool   // neither required nor called optional: filters, lines among others
	Kind         string // the input's type; text when empty
	InputMode    string
	Autocomplete string // "off" when empty
	Placeholder  string
	Min, Max     string // of dates and numbers
	MaxLength    int
	Rows         int    // of a text area
	Width        string // class of the width: "width-4", "width-11", "width-18", "width-30"
	Autosubmit   string // value of the form's button that a change presses where scripts run
	Key          string // the key that leads to it
	Suggest      string // the address of suggestions while one types, where scripts run
}

// Option is one choice of a select, radio or checkbox field.
type Option struct {
	Value string
	Text  string
	Note  string // a second line: evidence, consequence
}

// ID is the id of a field's control, the target of links from the summary of errors.
func ID(name string) string {
	return "f-" + strings.Map(func(r rune) rune {
		if r == '.' || r == '[' || r == ']' || r == ' ' {
			return '-'
		}
		return r
	}, name)
}

func errorID(name string, i int) string { return ID(name) + "-e" + strconv.Itoa(i) }

// described lists the ids of what explains a field: its hint and its errors.
func described(f Form, p FieldProps) string {
	var ids []string
	if p.Hint != "" {
		ids = append(ids, ID(p.Name)+"-h")
	}
	for i := range f.Errs(p.Name) {
		ids = append(ids, errorID(p.Name, i))
	}
	return strings.Join(ids, " ")
}

// entered is the choice among radios by which the keyboard enters them: the one that is made, or the first.
func entered(f Form, name string, options []Option) int {
	return max(0, slices.IndexFunc(options, func(o Option) bool { return o.Value == f.Value(name) }))
}

// optionID is the id of one choice: the first carries the field's own id, so that the summary of errors leads there.
func optionID(name string, i int) string {
	if i == 0 {
		return ID(name)
	}
	return ID(name) + "-" + strconv.Itoa(i)
}

// summaryLine is one line of the summary of errors.
type summaryLine struct{ Name, Text string }

// summaryLines lists the errors in the order of the page's fields; errors of fields the page does not name follow,
// so that none is lost.
func summaryLines(t *i18n.Speaker, f Form, fields []FieldProps) []summaryLine {
	var lines []summaryLine
	told := map[string]bool{}
	for _, p := range fields {
		told[p.Name] = true
		for _, e := range f.Errs(p.Name) {
			lines = append(lines, summaryLine{p.Name, t.T("ui.error.line", "label", p.Label, "error", e)})
		}
	}
	for _, name := range sortedKeys(f.Errors) {
		if told[name] {
			continue
		}
		for _, e := range f.Errs(name) {
			lines = append(lines, summaryLine{name, e})
		}
	}
	return lines
}
