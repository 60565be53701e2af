package org

import (
	"strings"
	"unicode/utf8"
)

// MaskName keeps the surname: a family name of two characters cannot be told from a given name, so one is shown.
func MaskName(name string) string {
	r, size := utf8.DecodeRuneInString(name)
	if size == 0 {
		return ""
	}
	return string(r) + "**"
}

// minHidden is the fewest characters a mask may star: fewer could be guessed.
const minHidden = 4

// MaskNumber keeps the first and last characters of an identity or telephone number and stars the rest.
// Numbers too short to hide at least four characters so are starred whole.
func MaskNumber(number string, head, tail int) string {
	n := utf8.RuneCountInString(number)
	if n == 0 {
		return ""
	}
	if n < head+tail+minHidden {
		return strings.Repeat("*", n)
	}
	r := []rune(number)
	return string(r[:head]) + strings.Repeat("*", n-head-tail) + string(r[n-tail:])
}

// MaskID masks an identity number: the area and the last four stay, the birth date goes.
func MaskID(number string) string { return MaskNumber(number, 6, 4) }

// MaskPhone masks a telephone number.
func MaskPhone(number string) string { return MaskNumber(number, 3, 4) }

// MaskAddress hides an address altogether: the place of the matter is shown beside it already.
func MaskAddress(address string) string {
	if address == "" {
		return ""
	}
	return "****"
}

// MaskEmail masks an e-mail address: the first character and what stands behind the sign stay.
func MaskEmail(address string) string {
	at := strings.IndexByte(address, '@')
	if at < 1 {
		return ""
	}
	_, size := utf8.DecodeRuneInString(address)
	return address[:size] + "***" + address[at:]
}
