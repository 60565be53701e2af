package intake

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"huiyin/internal/errs"
)

// The byte order marks.
const (
	bomUTF8    = "\xEF\xBB\xBF"
	bomUTF16LE = "\xFF\xFE"
	bomUTF16BE = "\xFE\xFF"
)

// open begins reading the text in the encoding named, or in the one its bytes speak for.
func (t *text) open(name string) error {
	in, err := t.plain()
	if err != nil {
		return err
	}
	var decoder *encoding.Decoder
	switch name {
	case "utf-8":
	case "gb18030":
		decoder = simplifiedchinese.GB18030.NewDecoder()
	case "":
		decoder = detect(in)
		if in, err = t.plain(); err != nil {
			return err
		}
	default:
		return errs.E(errs.Invalid, "intake.file.encoding", "encoding", name)
	}
	if decoder != nil {
		t.lossy = true
		in = decoder.Reader(in)
	}
	t.buf = bufio.NewReaderSize(in, sniffSize)
	if mark, _ := t.buf.Peek(len(bomUTF8)); string(mark) == bomUTF8 { // an error shows again at the first read
		_, err = t.buf.Discard(len(mark))
	}
	if err != nil {
		return fmt.Errorf("pass over the byte order mark: %w", err)
	}
	return nil
}

// detect finds the encoding: by its mark, or else by the first stretch of text that is not plain ASCII, which may come
// late in a file. Chinese in GB18030 is almost nowhere valid UTF-8, while UTF-8 with a few broken bytes is valid nearly
// everywhere, so the majority decides. A nil decoder is UTF-8. A reading error ends the search; it shows again when the
// rows are read.
func detect(in io.Reader) *encoding.Decoder {
	sample := make([]byte, sniffSize)
	n, err := io.ReadFull(in, sample)
	switch found := sample[:n]; {
	case bytes.HasPrefix(found, []byte(bomUTF8)):
		return nil
	case bytes.HasPrefix(found, []byte(bomUTF16LE)), bytes.HasPrefix(found, []byte(bomUTF16BE)):
		return unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder()
	}
	for {
		at := bytes.IndexFunc(sample[:n], func(r rune) bool { return r >= utf8.RuneSelf })
		if at >= 0 {
			// what was found near the end of a block is filled up with what follows
			rest := copy(sample, sample[at:n])
			more, _ := io.ReadFull(in, sample[rest:])
			if mostlyUTF8(sample[:rest+more]) {
				return nil
			}
			return simplifiedchinese.GB18030.NewDecoder()
		}
		if err != nil {
			return nil
		}
		n, err = io.ReadFull(in, sample)
	}
}

// mostlyUTF8 reports whether the bytes beyond ASCII are characters of UTF-8 more often than not.
func mostlyUTF8(b []byte) bool {
	valid, broken := 0, 0
	for len(b) > 0 {
		r, size := utf8.DecodeRune(b)
		switch {
		case r == utf8.RuneError && size == 1:
			if !utf8.FullRune(b) {
				return valid >= broken // the sample ends within a character
			}
			broken++
		case size > 1:
			valid++
		}
		b = b[size:]
	}
	return valid >= broken
}

// garbled reports whether bytes of a row are no text: broken UTF-8, or what a conversion could not read.
func (t *text) garbled(b []byte) bool {
	return !utf8.Valid(b) || t.lossy && bytes.ContainsRune(b, utf8.RuneError)
}
