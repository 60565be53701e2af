package extract

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// plainText reads a text in UTF-8, with its mark or without, or in GB18030.
func plainText(content []byte) (string, error) {
	content = bytes.TrimPrefix(content, []byte("\ufeff"))
	if bytes.IndexByte(content, 0) >= 0 { // no text has one
		return "", fmt.Errorf("%w: not a text", ErrBroken)
	}
	if utf8.Valid(content) {
		return string(content), nil
	}
	text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(content)
	if err != nil || bytes.ContainsRune(text, utf8.RuneError) {
		return "", fmt.Errorf("%w: neither UTF-8 nor GB18030", ErrBroken)
	}
	return string(text), nil
}
