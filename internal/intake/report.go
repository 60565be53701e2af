package intake

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"huiyin/internal/errs"
)

// Say gives the text of a code in the reader's language.
type Say func(code string, args []errs.Arg) string

// keptErrors is how many errors a report keeps in memory to show; all of them go to its writer.
const keptErrors = 50

// Report counts what became of the rows of one file. Every row that was read is in exactly one of Accepted, Present and
// Refused.
type Report struct {
	File     string
	Read     int
	Accepted int        // taken in, or good enough to be on a dry run
	Present  int        // taken in before, under the same number of the same sender
	Refused  int        // with at least one error
	Errors   []RowError // the first of them
	More     int        // errors after those

	write func(RowError) error
}

// NewReport begins a report. Every error goes to write as well (CSVErrors, JSONErrors), unless that is nil.
func NewReport(file string, write func(RowError) error) *Report {
	return &Report{File: file, write: write}
}

// Accept counts a row that was taken in.
func (r *Report) Accept() { r.Read++; r.Accepted++ }

// AlreadyThere counts a row that had been taken in before.
func (r *Report) AlreadyThere() { r.Read++; r.Present++ }

// Refuse counts a row with its errors. The error is the writer's.
func (r *Report) Refuse(bad []RowError) error {
	r.Read++
	r.Refused++
	for _, e := range bad {
		if len(r.Errors) < keptErrors {
			r.Errors = append(r.Errors, e)
		} else {
			r.More++
		}
		if r.write == nil {
			continue
		}
		if err := r.write(e); err != nil {
			return fmt.Errorf("write the report: %w", err)
		}
	}
	return nil
}

// Text renders the report for a terminal or a page: the counts, then a line for each error that was kept.
func (r *Report) Text(say Say) string {
	var b strings.Builder
	b.WriteString(say("intake.report.counts", arguments(
		"file", r.File, "n", r.Read, "accepted", r.Accepted, "present", r.Present, "refused", r.Refused)))
	b.WriteByte('\n')
	for _, e := range r.Errors {
		b.WriteString(e.Text(say))
		b.WriteByte('\n')
	}
	if r.More > 0 {
		b.WriteString(say("intake.report.more", arguments("n", r.More)))
		b.WriteByte('\n')
	}
	return b.String()
}

// Text renders one error in one line: where, what is wrong, what to do.
func (e RowError) Text(say Say) string {
	where := say("intake.report.row", arguments("file", e.File, "row", e.Row))
	if e.Field != "" {
		where += say("intake.report.field", arguments("field", say("intake.target."+e.Field, nil)))
	}
	if e.Column != "" {
		where += say("intake.report.column", arguments("column", e.Column))
	}
	if e.Value != "" {
		where += say("intake.report.value", arguments("value", e.Value))
	}
	return say("intake.report.line", arguments("where", where, "what", say(e.Code, e.Args)))
}

func arguments(keyValues ...any) []errs.Arg { return errs.F("", "", keyValues...).Args }

// CSVErrors writes errors as a table that spreadsheets open: a byte order mark, a header, a row for each error, each
// written out at once so that a kill loses none.
func CSVErrors(w io.Writer, say Say) func(RowError) error {
	out := csv.NewWriter(w)
	begun := false
	return func(e RowError) error {
		if !begun {
			begun = true
			if _, err := io.WriteString(w, bomUTF8); err != nil {
				return fmt.Errorf("begin the table: %w", err)
			}
			if err := out.Write([]string{"file", "row", "field", "column", "code", "message", "value"}); err != nil {
				return fmt.Errorf("begin the table: %w", err)
			}
		}
		row := []string{e.File, strconv.Itoa(e.Row), e.Field, e.Column, e.Code, say(e.Code, e.Args), e.Value}
		for i := range row {
			row[i] = inert(row[i])
		}
		if err := out.Write(row); err != nil {
			return fmt.Errorf("write a row: %w", err)
		}
		out.Flush()
		return out.Error()
	}
}

// inert keeps a spreadsheet from taking a foreign text for a formula.
func inert(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

// JSONErrors writes errors as JSON Lines.
func JSONErrors(w io.Writer, say Say) func(RowError) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	return func(e RowError) error {
		return out.Encode(struct {
			File    string `json:"file"`
			Row     int    `json:"row"`
			Field   string `json:"field,omitempty"`
			Column  string `json:"column,omitempty"`
			Code    string `json:"code"`
			Message string `json:"message"`
			Value   string `json:"value,omitempty"`
		}{e.File, e.Row, e.Field, e.Column, e.Code, say(e.Code, e.Args), e.Value})
	}
}
