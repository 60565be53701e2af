package extract

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

const (
	// maxUnpacked is how many bytes of the parts of a DOCX are read: a small archive may hold a great deal of nothing.
	maxUnpacked = 24 << 20
	// maxParts is how many parts of a DOCX are read.
	maxParts = 40
)

// docxText reads the body of a document, then what stands outside it: notes, headers, footers.
func docxText(content []byte) (string, error) {
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrBroken, err)
	}
	var parts []*zip.File
	for _, f := range z.File {
		if rank(f.Name) < len(docxParts()) {
			parts = append(parts, f)
		}
	}
	slices.SortStableFunc(parts, func(a, b *zip.File) int { return rank(a.Name) - rank(b.Name) })
	if len(parts) == 0 || rank(parts[0].Name) > 0 {
		return "", fmt.Errorf("%w: no document inside", ErrBroken)
	}
	w := docxWords{left: maxUnpacked}
	for _, f := range parts[:min(len(parts), maxParts)] {
		if err := w.part(f); err != nil {
			return "", fmt.Errorf("%w: %s: %w", ErrBroken, f.Name, err)
		}
	}
	return w.text.String(), nil
}

// docxParts are the beginnings of the names of the parts with words, in the order in which they are read.
func docxParts() []string {
	return []string{"word/document.xml", "word/footnotes.xml", "word/endnotes.xml", "word/comments.xml", "word/header", "word/footer"}
}

// rank is where a part comes in that order, behind all for one without words.
func rank(name string) int {
	if !strings.HasSuffix(name, ".xml") {
		return len(docxParts())
	}
	i := slices.IndexFunc(docxParts(), func(p string) bool { return strings.HasPrefix(name, p) })
	if i < 0 {
		return len(docxParts())
	}
	return i
}

// docxWords collects the words of parts.
type docxWords struct {
	text  strings.Builder
	left  int64 // bytes that may still be unpacked
	chars int
}

func (w *docxWords) part(f *zip.File) error {
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close() // nothing was written
	bounded := &io.LimitedReader{R: r, N: w.left}
	err = w.read(bounded)
	w.left = bounded.N
	return err
}

// read takes up what stands between runs' text marks; paragraphs, breaks and cells end lines. Old text of tracked changes (w:delText) is not taken.
func (w *docxWords) read(r io.Reader) error {
	d := xml.NewDecoder(r)
	in := false
	for w.chars < MaxText {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return nil // also where the bound was reached
		}
		if err != nil {
			return err
		}
		switch token := token.(type) {
		case xml.StartElement:
			switch token.Name.Local {
			case "t":
				in = true
			case "tab":
				w.text.WriteByte(' ')
			case "br", "cr":
				w.text.WriteByte('\n')
			}
		case xml.EndElement:
			switch token.Name.Local {
			case "t":
				in = false
			case "p":
				w.text.WriteByte('\n')
			}
		case xml.CharData:
			if in {
				w.chars += len(token) / 3 // at least so many, were all of them Chinese
				w.text.Write(token)
			}
		}
	}
	return nil
}
