package usecase

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
)

// TableFormat is as what a table is written.
type TableFormat string

// The formats of tables.
const (
	TableXLSX TableFormat = "xlsx"
	TableCSV  TableFormat = "csv" // UTF-8 with a mark in front, by which spreadsheets know it
)

// TableFormats are the formats, the usual one first.
func TableFormats() []TableFormat { return []TableFormat{TableXLSX, TableCSV} }

// Mime is the media type of a format.
func (f TableFormat) Mime() string {
	if f == TableXLSX {
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
	return "text/csv; charset=utf-8"
}

// table is a table that is written row by row, the first of which is its heading: in memory there is a row of it. All cells are text.
type table interface {
	row(cells []string) error
	done() error // the file is whole now
}

// newTable begins a table. Of a spreadsheet rows may stand above the heading and stay in sight with it; a CSV has none, for what they say stands in columns there.
func newTable(f TableFormat, to io.Writer, title string, above ...[]string) (table, error) {
	if f == TableXLSX {
		return newSheet(to, title, above...)
	}
	if _, err := io.WriteString(to, "\ufeff"); err != nil {
		return nil, fmt.Errorf("begin the table: %w", err)
	}
	return csvTable{csv.NewWriter(to)}, nil
}

type csvTable struct{ out *csv.Writer }

func (c csvTable) row(cells []string) error {
	for i := range cells {
		cells[i] = inert(cells[i])
	}
	if err := c.out.Write(cells); err != nil {
		return fmt.Errorf("write the table: %w", err)
	}
	return nil
}

func (c csvTable) done() error {
	c.out.Flush()
	return c.out.Error()
}

// inert keeps a spreadsheet from taking a title for a formula.
func inert(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
