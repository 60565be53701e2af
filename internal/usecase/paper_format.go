package usecase

import (
	"bytes"
	"context"
	"strings"

	"huiyin/internal/errs"
)

// PaperFormat is a form in which a document leaves; it is also the ending of the file's name.
type PaperFormat string

// The forms of documents.
const (
	PaperPDF  PaperFormat = "pdf"
	PaperDOCX PaperFormat = "docx"
	PaperText PaperFormat = "txt"
)

// PaperFormats lists the forms, the usual one first.
func PaperFormats() []PaperFormat { return []PaperFormat{PaperPDF, PaperDOCX, PaperText} }

// Media is the media type of a form, empty for what is none.
func (f PaperFormat) Media() string {
	switch f {
	case PaperPDF:
		return "application/pdf"
	case PaperDOCX:
		return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	case PaperText:
		return "text/plain; charset=utf-8"
	}
	return ""
}

// PrintPaper gives a print as the content of a file and the file's name: what it is and its number, without characters that names of files cannot
// have. Errors: page.not_found for a form that is none, and busy while too many print at a time.
func (o *Office) PrintPaper(ctx context.Context, p PaperPrint, f PaperFormat) (name string, content []byte, err error) {
	var b bytes.Buffer
	switch f {
	case PaperPDF:
		err = o.printer.PDF(ctx, &b, p.Doc)
	case PaperDOCX:
		err = o.printer.DOCX(&b, p.Doc)
	case PaperText:
		b.WriteString(p.Doc.Text())
	default:
		err = errs.E(errs.NotFound, "page.not_found")
	}
	name = p.Title
	if p.Paper.Number != "" {
		name += " " + p.Paper.Number
	}
	name = strings.NewReplacer("/", "-", "\\", "-", ":", "-").Replace(name)
	return name + "." + string(f), b.Bytes(), err
}
