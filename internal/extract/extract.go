// Package extract takes the words out of files that people hand in: PDF, DOCX, plain text. It is pure: bytes in, text out, within bounds. What it is
// given may be broken or hostile: it is called in a process of its own, which may be ended at any time (see app).
package extract

import (
	_ "embed"
	"errors"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kind is a kind of file that may have words inside.
type Kind string

// The kinds.
const (
	PDF  Kind = "pdf"
	DOCX Kind = "docx"
	TXT  Kind = "txt"
)

// KindOf is the kind of a media type; false for one that has no words inside, as a picture.
func KindOf(mime string) (Kind, bool) {
	switch mime, _, _ := strings.Cut(mime, ";"); mime {
	case "application/pdf":
		return PDF, true
	case "application/vnd.openxmlformats-officedocument.wordprocessingml.document":
		return DOCX, true
	case "text/plain":
		return TXT, true
	}
	return "", false
}

// The bounds.
const (
	MaxSize  = 20 << 20 // bytes of a file
	MaxText  = 200_000  // characters that are taken
	MaxPages = 200      // of a PDF that are read
)

// ErrBroken says that a file is not what it claims to be, or none that can be read.
var ErrBroken = errors.New("extract: cannot be read")

// Text returns what is written in a file, at most its first MaxText characters, with line breaks between paragraphs. It is empty for a file without
// words, as pages that were scanned. The error wraps ErrBroken.
func Text(kind Kind, content []byte) (string, error) {
	if len(content) > MaxSize {
		return "", ErrBroken
	}
	var text string
	var err error
	switch kind {
	case PDF:
		text, err = pdfText(content)
	case DOCX:
		text, err = docxText(content)
	case TXT:
		text, err = plainText(content)
	default:
		err = ErrBroken
	}
	if err != nil {
		return "", err
	}
	return tidy(text), nil
}

// radicalTable gives the character for each radical, in hexadecimal: EquivalentUnifiedIdeograph.txt of the Unicode Character Database 14.0, blocks CJK
// Radicals Supplement and Kangxi Radicals.
//
//go:embed radicals.tsv
var radicalTable string

// The blocks of the radicals.
const (
	firstRadical = '\u2e80'
	lastRadical  = '\u2fdf'
)

// radicals reads the table. Printing programs write a radical where a font has one glyph for it and the character, which nobody can tell apart or would type.
func radicals() map[rune]rune {
	out := map[rune]rune{}
	for line := range strings.Lines(radicalTable) {
		from, to, _ := strings.Cut(strings.TrimSpace(line), "\t")
		r, err := strconv.ParseInt(from, 16, 32)
		c, err2 := strconv.ParseInt(to, 16, 32)
		if err == nil && err2 == nil {
			out[rune(r)] = rune(c)
		}
	}
	return out
}

// tidy cuts a text at its bound, leaves out what is no character, as controls, and writes characters for radicals.
func tidy(text string) string {
	var b strings.Builder
	var characters map[rune]rune
	n, blank := 0, true // blank: nothing since the beginning of the line
	for _, r := range text {
		switch {
		case n == MaxText:
			return strings.TrimSpace(b.String())
		case r == '\n':
			if blank {
				continue
			}
			blank = true
		case unicode.IsSpace(r) || r == 0:
			r = ' '
			if blank {
				continue
			}
		case r == utf8.RuneError || unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
			continue
		case firstRadical <= r && r <= lastRadical:
			if characters == nil {
				characters = radicals()
			}
			if c, known := characters[r]; known {
				r = c
			}
			blank = false
		default:
			blank = false
		}
		b.WriteRune(r)
		n++
	}
	return strings.TrimSpace(b.String())
}
