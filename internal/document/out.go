package document

import (
	"io"
	"io/fs"
)

// DOCX writes the document as an Office Open XML file. The same document gives the same bytes.
func (d Doc) DOCX(w io.Writer) error { return nil }

// Fonts are the fonts built into the program.
func Fonts() fs.FS { return nil }

// Printer prints PDF. It reads the fonts at its first document and keeps them; it may be used by several callers.
type Printer struct{}

// NewPrinter returns a printer with the fonts of a folder, Fonts() outside tests.
func NewPrinter(fonts fs.FS) *Printer { return &Printer{} }

// PDF writes the document as PDF. Without fonts in the program the error is Unavailable, "document.fonts.missing".
func (p *Printer) PDF(w io.Writer, d Doc) error { return nil }

// Missing lists the characters of the document that no font has, each once; they are printed as a box.
func (p *Printer) Missing(d Doc) ([]rune, error) { return nil, nil }
