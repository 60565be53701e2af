package intake

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/width"

	"huiyin/internal/errs"
	"huiyin/internal/law"
)

// RowError says what is wrong with one row or one field of it. The text of Code says what to do.
type RowError struct {
	File   string
	Row    int    // line or row of the sheet, as Row.Number
	Field  string // name of the field of the record; empty if the row as a whole is meant
	Column string // name of the column, where there is one
	Code   string
	Args   []errs.Arg
	Value  string // the offending value, shortened; masked if the field is personal; empty for a whole row
}

// shownValue is how many characters of a value a report shows.
const shownValue = 40

// maxDays is the longest time between a petition and its answer that plus_days accepts, in days.
const maxDays = 36_500

// maxPersons is the largest number of petitioners a row may name.
const maxPersons = 1_000_000

// refuse makes the error of a whole row; Rows.Read adds where.
func refuse(code string, keyValues ...any) []RowError {
	return []RowError{{Code: code, Args: errs.F("", code, keyValues...).Args}}
}

// pairs turns arguments back into the form errs.E takes.
func pairs(args []errs.Arg) []any {
	out := make([]any, 0, 2*len(args))
	for _, a := range args {
		out = append(out, a.Key, a.Value)
	}
	return out
}

// Apply makes a record of a row. With any error the row is refused and the record is not to be used; all errors of the
// row are told at once.
func Apply(m Mapping, row Row) (Record, []RowError) {
	a := applier{row: row, rec: Record{Row: row.Number, PersonCount: 1}}
	for _, r := range m.rules {
		a.fill(r)
	}
	if len(a.rec.Demands) == 0 {
		a.rec.Demands = []string{a.rec.Title}
	}
	a.order(m)
	for _, c := range row.Columns {
		if m.used[c] || m.ignore[c] || row.Values[c] == "" {
			continue
		}
		if a.rec.Extra == nil {
			a.rec.Extra = make(map[string]string)
		}
		a.rec.Extra[c] = row.Values[c]
	}
	return a.rec, a.bad
}

// applier fills one record.
type applier struct {
	row Row
	rec Record
	bad []RowError
}

func (a *applier) fail(r *rule, code, value string, keyValues ...any) {
	e := RowError{
		File: a.row.File, Row: a.row.Number, Field: r.field, Column: strings.Join(r.from, ", "),
		Code: code, Args: errs.F(r.field, code, keyValues...).Args, Value: shorten(value),
	}
	if r.target.personal {
		e.Value = mask(value)
	}
	a.bad = append(a.bad, e)
}

// fill takes the steps of one rule.
func (a *applier) fill(r *rule) {
	value, ok := a.origin(r)
	if !ok {
		return
	}
	if r.words != nil && value != "" {
		ours, ok := r.words[value]
		if !ok {
			ours, ok = r.words["*"]
		}
		if !ok {
			a.fail(r, "intake.field.word", value)
			return
		}
		if ours != "*" {
			value = ours
		}
	}
	if value == "" && r.fallback != nil {
		value = *r.fallback
	}
	if value == "" {
		if r.required {
			a.fail(r, "intake.field.required", "")
		}
		return
	}
	switch r.target.kind {
	case kindInstant:
		a.instant(r, value)
	case kindList:
		a.list(r, value)
	case kindCount:
		n, err := strconv.Atoi(width.Narrow.String(value))
		if err != nil || n < 1 || n > maxPersons {
			a.fail(r, "intake.field.count", value, "max", maxPersons)
			return
		}
		a.rec.PersonCount = n
	case kindText:
		if !known(r.field, value) {
			a.fail(r, "intake.field.code", value, "known", codes(r.field))
			return
		}
		if value, ok := a.fits(r, value); ok {
			*a.rec.text(r.field) = value
		}
	case kindNone: // ParseMapping lets none through
	}
}

// origin gives the text a rule starts from: trimmed, without prefix, only what is to be extracted. It reports false
// after an error.
func (a *applier) origin(r *rule) (string, bool) {
	if r.constant != nil {
		return *r.constant, true
	}
	texts := make([]string, 0, len(r.from))
	for _, c := range r.from {
		if t := trim(a.row.Values[c]); t != "" {
			texts = append(texts, t)
		}
	}
	value := strings.Join(texts, r.sep)
	for _, prefix := range r.strip {
		if rest, ok := strings.CutPrefix(value, prefix); ok {
			value = trim(rest)
			break
		}
	}
	if r.extract == nil || value == "" {
		return value, true
	}
	found := r.extract.FindStringSubmatch(value)
	if found == nil {
		if r.fallback == nil {
			a.fail(r, "intake.field.extract", value, "pattern", r.extract.String())
		}
		return "", r.fallback != nil
	}
	return trim(found[len(found)-1]), true
}

// fits keeps a text within the length of its field.
func (a *applier) fits(r *rule, value string) (string, bool) {
	n := utf8.RuneCountInString(value)
	if n <= r.max {
		return value, true
	}
	if r.cut {
		return string([]rune(value)[:r.max-1]) + "…", true
	}
	a.fail(r, "intake.field.toolong", value, "n", n, "max", r.max)
	return "", false
}

func (a *applier) list(r *rule, value string) {
	items := []string{value}
	for _, sep := range r.split {
		var finer []string
		for _, item := range items {
			finer = append(finer, strings.Split(item, sep)...)
		}
		items = finer
	}
	var out []string
	for _, item := range items {
		item, ok := a.fits(r, trim(item))
		if ok && item != "" {
			out = append(out, item)
		}
	}
	if len(out) == 0 && r.required {
		a.fail(r, "intake.field.required", "")
	}
	a.rec.Demands = out
}

func (a *applier) instant(r *rule, value string) {
	us, code := parseInstant(value, r.dates)
	if code != "" {
		a.fail(r, code, value, "layouts", strings.Join(r.dates, ", "), "first", firstYear, "last", lastYear)
		return
	}
	if r.plusDays != "" {
		text := trim(width.Narrow.String(a.row.Values[r.plusDays]))
		if text == "" {
			if r.required {
				a.fail(r, "intake.field.required", "")
			}
			return
		}
		days, err := strconv.Atoi(text)
		if err != nil || days < 0 || days > maxDays {
			count := *r
			count.from = []string{r.plusDays}
			a.fail(&count, "intake.field.days", text, "max", maxDays)
			return
		}
		us += int64(days) * (24 * time.Hour).Microseconds()
	}
	if r.field == "received" {
		a.rec.ReceivedUS = us
	} else {
		a.rec.RepliedUS = us
	}
}

// order refuses an answer dated to a day before the petition. Within one day any order stands, for an answer whose date
// has no time counts from midnight.
func (a *applier) order(m Mapping) {
	if a.rec.ReceivedUS == 0 || a.rec.RepliedUS == 0 {
		return
	}
	received, replied := law.DayOf(a.rec.ReceivedUS), law.DayOf(a.rec.RepliedUS)
	if replied >= received {
		return
	}
	at := slices.IndexFunc(m.rules, func(r *rule) bool { return r.field == "replied" })
	a.fail(m.rules[at], "intake.field.order", replied.String(), "received", received.String(), "replied", replied.String())
}

// shorten keeps the beginning of a value, in one line.
func shorten(value string) string {
	value = strings.Join(strings.Fields(value), " ")
	if r := []rune(value); len(r) > shownValue {
		return string(r[:shownValue]) + "…"
	}
	return value
}

// mask shows the first character, which is enough to find the cell and tells nobody anything.
func mask(value string) string {
	_, size := utf8.DecodeRuneInString(value)
	if size == 0 {
		return ""
	}
	return value[:size] + "**"
}
