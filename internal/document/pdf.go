package document

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"sync"

	"github.com/signintech/gopdf"

	"huiyin/internal/errs"
)

// A short document takes some tens of milliseconds of one core, one of two hundred pages a few seconds. So only a few are set at a time, and who would
// wait behind many others is told to come back.
const (
	printing = 2  // are set at a time
	queued   = 16 // wait for their turn
)

// Printer prints PDF. It reads the fonts at its first document and keeps them; it may be used by several callers.
type Printer struct {
	load func() (*typefaces, error)
	busy chan struct{}
	line chan struct{} // those that are set and those that wait
}

// NewPrinter returns a printer with the fonts of a folder, Fonts() outside tests.
func NewPrinter(fonts fs.FS) *Printer {
	return &Printer{
		load: sync.OnceValues(func() (*typefaces, error) { return loadFonts(fonts) }),
		busy: make(chan struct{}, printing),
		line: make(chan struct{}, printing+queued),
	}
}

// PDF writes the document as PDF; the same document gives the same bytes. Without fonts in the program the error is
// Unavailable, "document.fonts.missing"; a document of more than 2,000 pages is Invalid. Where many wait already the error is Unavailable,
// "document.busy"; who waits gives up when ctx ends.
func (p *Printer) PDF(ctx context.Context, w io.Writer, d Doc) error {
	faces, err := p.load()
	if err != nil {
		return err
	}
	data, err := p.print(ctx, faces, d)
	if err != nil {
		return err
	}
	if _, err := w.Write(data); err != nil {
		return fmt.Errorf("write PDF: %w", err)
	}
	return nil
}

// print waits for its turn and makes the file; nobody waits while it is sent.
func (p *Printer) print(ctx context.Context, faces *typefaces, d Doc) ([]byte, error) {
	select {
	case p.line <- struct{}{}:
		defer func() { <-p.line }()
	default:
		return nil, errs.E(errs.Unavailable, "document.busy")
	}
	select {
	case p.busy <- struct{}{}:
		defer func() { <-p.busy }()
	case <-ctx.Done():
		return nil, errs.E(errs.Unavailable, "document.busy").Because(ctx.Err())
	}
	w, err := loadWords()
	if err != nil {
		return nil, err
	}
	l := &layout{faces: faces, words: w}
	l.document(d)
	pages, err := l.paginate(d)
	if err != nil {
		return nil, err
	}
	return draw(faces, pages, strings.ReplaceAll(d.Title, "\n", " "))
}

// Missing lists the characters of the document that no font has, each once; they are printed as a box.
func (p *Printer) Missing(d Doc) ([]rune, error) {
	faces, err := p.load()
	if err != nil {
		return nil, err
	}
	var out []rune
	seen := map[rune]bool{'\n': true, '\t': true, box: true}
	for _, r := range d.Text() {
		if seen[r] {
			continue
		}
		seen[r] = true
		if shown, _, _ := faces.find(serif, r); shown == box {
			out = append(out, r)
		}
	}
	return out, nil
}

// draw writes the pages as a PDF file.
func draw(faces *typefaces, pages []page, title string) ([]byte, error) {
	pdf := &gopdf.GoPdf{}
	pdf.Start(gopdf.Config{PageSize: gopdf.Rect{W: pageWidth, H: pageHeight}})
	pdf.SetInfo(gopdf.PdfInfo{Title: title})
	for _, id := range usedFonts(pages) {
		if err := pdf.AddTTFFontFromFontContainer(id.file(), &faces.shared); err != nil {
			return nil, fmt.Errorf("font %s: %w", id.file(), err)
		}
	}
	for _, pg := range pages {
		pdf.AddPage()
		for _, r := range pg.rules {
			pdf.SetStrokeColor(redness(r.red), 0, 0)
			pdf.SetLineWidth(r.width)
			pdf.Line(r.x1, r.y1, r.x2, r.y2)
		}
		for _, r := range pg.runs {
			if err := drawRun(pdf, r); err != nil {
				return nil, fmt.Errorf("text: %w", err)
			}
		}
	}
	var b bytes.Buffer
	if _, err := pdf.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("make PDF: %w", err)
	}
	return farCharacters(b.Bytes()), nil
}

func drawRun(pdf *gopdf.GoPdf, r run) error {
	if err := pdf.SetFont(r.style.font.file(), "", r.style.size); err != nil {
		return err
	}
	if err := pdf.SetCharSpacing(r.spacing); err != nil {
		return err
	}
	pdf.SetTextColor(redness(r.style.red), 0, 0)
	pdf.SetXY(r.x, r.y)
	return pdf.Text(r.text)
}

// usedFonts lists the fonts of the pages in their own order: a font that is embedded empty would be a fault.
func usedFonts(pages []page) []fontID {
	var used [fontCount]bool
	for _, pg := range pages {
		for _, r := range pg.runs {
			used[r.style.font] = true
		}
	}
	var out []fontID
	for id := range fontCount {
		if used[id] {
			out = append(out, id)
		}
	}
	return out
}

// redness is the red part of a colour that has no other: of black, or of the head of official documents.
func redness(red bool) uint8 {
	if red {
		return 222
	}
	return 0
}
