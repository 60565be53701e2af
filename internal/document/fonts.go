package document

import (
	"bytes"
	"compress/gzip"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/signintech/gopdf"
	"golang.org/x/image/font/sfnt"

	"huiyin/internal/errs"
)

//go:embed fonts
var fontFiles embed.FS

// fontCommand brings the fonts to where the compiler finds them.
const fontCommand = "make fonts"

// maxFont bounds a font file: twice the largest we build in.
const maxFont = 32 << 20

// Fonts gives the fonts built into the program; empty but for a note when it was built without `make fonts`.
func Fonts() fs.FS {
	sub, err := fs.Sub(fontFiles, "fonts")
	if err != nil {
		return fontFiles
	}
	return sub
}

// fontID names one of the typefaces that PDF is set in.
type fontID int

const (
	serif fontID = iota // text
	bold                // red head and title
	sans                // headings of the first level, heads of tables
	fontCount
)

// file gives the name of a font's file without its ending.
func (f fontID) file() string {
	switch f {
	case bold:
		return "NotoSerifSC-Bold"
	case sans:
		return "NotoSansSC-Regular"
	case serif, fontCount:
	}
	return "NotoSerifSC-Regular"
}

// typefaces are the fonts once they are read. Nothing in them is changed by use.
type typefaces struct {
	shared gopdf.FontContainer
	fonts  [fontCount]gopdf.SubsetFontObj
	data   [fontCount][]byte
}

// outlines are the shapes of a font's characters, for pictures.
func (t *typefaces) outlines(f fontID) (*sfnt.Font, error) {
	shapes, err := sfnt.Parse(t.data[f])
	if err != nil {
		return nil, errs.E(errs.Unavailable, "document.fonts.bad", "name", f.file()).Because(err)
	}
	return shapes, nil
}

func loadFonts(files fs.FS) (*typefaces, error) {
	t := &typefaces{}
	for id := range fontCount {
		data, err := readFont(files, id.file()+".ttf.gz")
		if errors.Is(err, fs.ErrNotExist) {
			return nil, errs.E(errs.Unavailable, "document.fonts.missing", "command", fontCommand)
		}
		if err == nil {
			err = t.fonts[id].SetTTFData(data)
		}
		if err == nil {
			err = t.shared.AddTTFFontData(id.file(), data)
			t.data[id] = data
		}
		if err != nil {
			return nil, errs.E(errs.Unavailable, "document.fonts.bad", "name", id.file()).Because(err)
		}
	}
	return t, nil
}

func readFont(files fs.FS, name string) ([]byte, error) {
	packed, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, fmt.Errorf("read font: %w", err)
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("unpack font: %w", err)
	}
	data, err := io.ReadAll(io.LimitReader(z, maxFont))
	if err != nil {
		return nil, fmt.Errorf("unpack font: %w", err)
	}
	return data, nil
}

// has reports the width of a character in thousandths of the type size, if the font has it.
func (t *typefaces) has(f fontID, r rune) (float64, bool) {
	g, err := t.fonts[f].CharCodeToGlyphIndex(r)
	if err != nil || g == 0 {
		return 0, false
	}
	return float64(t.fonts[f].GlyphIndexToPdfWidth(g)), true
}

// find gives the character that is printed for r, its font and width: r in its own font, else in the sans one, which
// knows more characters, else a box.
func (t *typefaces) find(f fontID, r rune) (rune, fontID, float64) {
	for _, id := range []fontID{f, sans} {
		if w, ok := t.has(id, r); ok {
			return r, id, w
		}
	}
	w, _ := t.has(f, box)
	return box, f, w
}
