// Package intake reads petitions that other systems and people keep in files: JSON Lines, CSV and XLSX become rows of
// named columns (Open), a mapping file says which column feeds which field (ParseMapping), and Apply makes a Record of
// each row. Whatever cannot be used is named by file, row, field and code (RowError) and the reading goes on: no row
// disappears in silence. The package writes nothing and decides nothing about a petition; the use case does.
package intake

import (
	"errors"
	"io"
	"path/filepath"

	"huiyin/internal/errs"
)

// The limits of one row. They bound memory, whatever the file holds.
const (
	MaxField   = 1 << 20 // bytes of one field
	MaxRow     = 4 << 20 // bytes of one row
	MaxColumns = 500
)

// progressEvery is the number of rows between two calls of Options.Progress.
const progressEvery = 100

// Options say how to read a file. The zero value reads the first sheet, takes the column names from the first row and
// finds the encoding by looking at the text.
type Options struct {
	Sheet     string         // workbook: name of the sheet; empty is the first one
	HeaderRow int            // CSV, workbook: row with the names of the columns, from 1; 0 is 1
	Encoding  string         // text: "utf-8" or "gb18030"; empty finds out
	Progress  func(Progress) // called every hundred rows and at the end; may be nil
}

// Progress is how far the reading has come.
type Progress struct {
	Rows  int   // rows read, bad ones and skipped ones included: what Skip takes to go on here
	Bytes int64 // bytes read; in a workbook, of the sheet inside it
	Total int64 // bytes there are; in a workbook, of the sheet inside it
}

// Row is one row as the file has it.
type Row struct {
	File    string            // name of the file, without its folder
	Number  int               // where a person finds it: the line it begins on, or the row of the sheet
	Columns []string          // names of the columns in the order of the file; not to be changed
	Values  map[string]string // by name of column; columns that JSON Lines leaves out are absent
}

// source is one format: it gives rows until io.EOF. A row with errors is refused, and the next one can still be read.
// Any other error ends the file.
type source interface {
	next() (Row, []RowError, error)
	columns() []string // of the header; nil where each row brings its own names
	position() (done, total int64)
}

// Rows reads one file row by row.
type Rows struct {
	file     string
	src      source
	read     int
	last     int // row number of the row read last, for errors of the file
	progress func(Progress)
}

// Open finds the format of a file by its content and then by its name, and reads up to the first row. JSON Lines and
// CSV may be gzipped. Memory stays constant for them; a workbook keeps its table of shared texts.
//
// Errors are errs.Invalid or errs.TooLarge with a code intake.file.*; reading errors of r come through as their cause.
func Open(name string, r io.ReaderAt, size int64, o Options) (*Rows, error) {
	rows := &Rows{file: filepath.Base(name), progress: o.Progress}
	src, err := openSource(rows.file, r, size, o)
	if err != nil {
		return nil, rows.fail(err)
	}
	rows.src = src
	return rows, nil
}

// Columns gives the names in the header of a CSV file or sheet, and nil for JSON Lines, whose rows bring their own.
func (r *Rows) Columns() []string { return r.src.columns() }

// Read gives the next row. With row errors the row is refused, carries only its file and number, and reading goes on.
// At the end the error is io.EOF; any other error says that nothing after this row can be read.
func (r *Rows) Read() (Row, []RowError, error) {
	row, bad, err := r.src.next()
	if err != nil {
		r.report()
		return Row{File: r.file}, nil, r.fail(err)
	}
	r.read++
	r.last = row.Number
	row.File = r.file
	for i := range bad {
		bad[i].File, bad[i].Row = r.file, row.Number
	}
	if len(bad) > 0 {
		row = Row{File: r.file, Number: row.Number}
	}
	if r.read%progressEvery == 0 {
		r.report()
	}
	return row, bad, nil
}

// Skip passes over the next n rows, bad ones included, as Progress.Rows counts them. A file that ends before gives
// io.EOF.
func (r *Rows) Skip(n int) error {
	for range n {
		if _, _, err := r.Read(); err != nil {
			return err
		}
	}
	return nil
}

// Progress says how far the reading has come.
func (r *Rows) Progress() Progress {
	done, total := r.src.position()
	return Progress{Rows: r.read, Bytes: done, Total: total}
}

func (r *Rows) report() {
	if r.progress != nil {
		r.progress(r.Progress())
	}
}

// fail makes an error of the file out of whatever the reader met.
func (r *Rows) fail(err error) error {
	if errors.Is(err, io.EOF) || errs.CodeOf(err) != "internal" {
		return err
	}
	return errs.E(errs.Invalid, "intake.file.damaged", "file", r.file, "row", r.last).Because(err)
}
