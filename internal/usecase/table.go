package usecase

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"huiyin/internal/errs"
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

// table is a table that grows row by row, the first of which is its heading. All cells are text.
type table interface {
	row(cells []string) error
	done() ([]byte, error) // the file
	drop()                 // ends it in any case
}

// tablePrefix begins the names of what excelize puts aside.
const tablePrefix = "excelize-"

// newTable begins a table. What it cannot hold in memory it puts into a folder until it is done. Of a spreadsheet rows may stand above the heading and stay in sight
// with it; a CSV has none, for what they say stands in columns there.
func newTable(f TableFormat, folder, title string, above ...[]string) (table, error) {
	if f == TableCSV {
		c := &csvTable{}
		c.buffer.WriteString("\ufeff")
		c.out = csv.NewWriter(&c.buffer)
		return c, nil
	}
	book := excelize.NewFile(excelize.Options{TmpDir: folder})
	x := &xlsxTable{book: book, heading: len(above) + 1}
	err := book.SetSheetName(book.GetSheetName(0), title)
	if err == nil {
		x.out, err = book.NewStreamWriter(title)
	}
	if err == nil {
		err = x.out.SetPanes(&excelize.Panes{Freeze: true, YSplit: x.heading, TopLeftCell: "A" + strconv.Itoa(x.heading+1), ActivePane: "bottomLeft"})
	}
	if err == nil {
		x.head, err = book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	}
	for _, cells := range above {
		if err == nil {
			err = x.row(cells)
		}
	}
	if err != nil {
		x.drop()
		return nil, fmt.Errorf("begin the table: %w", err)
	}
	return x, nil
}

type csvTable struct {
	buffer bytes.Buffer
	out    *csv.Writer
}

func (c *csvTable) row(cells []string) error {
	for i := range cells {
		cells[i] = inert(cells[i])
	}
	if err := c.out.Write(cells); err != nil {
		return fmt.Errorf("write the table: %w", err)
	}
	if c.buffer.Len() > MaxUpload {
		return errs.E(errs.TooLarge, "upload.size", "max_mb", MaxUpload>>20)
	}
	return nil
}

func (c *csvTable) done() ([]byte, error) {
	c.out.Flush()
	return c.buffer.Bytes(), c.out.Error()
}

func (c *csvTable) drop() {}

// inert keeps a spreadsheet from taking a title for a formula.
func inert(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

type xlsxTable struct {
	book    *excelize.File
	out     *excelize.StreamWriter
	head    int // style of the heading
	heading int // its row
	rows    int
}

func (x *xlsxTable) row(cells []string) error {
	x.rows++
	at, err := excelize.CoordinatesToCellName(1, x.rows)
	if err != nil {
		return fmt.Errorf("write the table: %w", err)
	}
	values := make([]any, len(cells))
	for i, c := range cells { // a cell of text is never taken for a formula
		values[i] = c
		if x.rows == x.heading {
			values[i] = excelize.Cell{Value: c, StyleID: x.head}
		}
	}
	if err := x.out.SetRow(at, values); err != nil {
		return fmt.Errorf("write the table: %w", err)
	}
	return nil
}

func (x *xlsxTable) done() ([]byte, error) {
	if err := x.out.Flush(); err != nil {
		return nil, fmt.Errorf("end the table: %w", err)
	}
	out, err := x.book.WriteToBuffer()
	if err != nil {
		return nil, fmt.Errorf("end the table: %w", err)
	}
	return out.Bytes(), nil
}

func (x *xlsxTable) drop() { _ = x.book.Close() } // removes what it put aside; what was done has been read
