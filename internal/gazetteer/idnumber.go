package gazetteer

import (
	"strings"
	"time"
	"unicode"

	"huiyin/internal/errs"
)

// The lengths of identity numbers: GB 11643, and the numbers issued before it, which are the same without the
// century and without the check character.
const (
	idLength    = 18
	oldIDLength = 15
)

// NormalizeIDNumber returns an identity number as it is stored and compared: full-width letters and digits narrowed,
// blanks, hyphens and invisible signs left out, the check character x in upper case. It judges nothing.
func NormalizeIDNumber(s string) string { return strings.ToUpper(tidy(s)) }

// tidy narrows what a person typed and leaves out the signs that only group digits.
func tidy(s string) string {
	return strings.Map(func(c rune) rune {
		if c = narrow(c); unicode.In(c, unicode.White_Space, unicode.Pd, unicode.Cf) {
			return -1
		}
		return c
	}, s)
}

// CheckIDNumber reports what is wrong with the identity number of a resident (GB 11643), nil when nothing is. It
// takes what a person typed and normalises it. The error is errs.Invalid and its code says which part is wrong:
//
//	gazetteer.id.length     not 18 characters, argument n: how many there are
//	gazetteer.id.character  argument n: the first place, from 1, where a digit should stand
//	gazetteer.id.date       no such day of birth
//	gazetteer.id.check      the last character does not follow from the others
//
// A number of 15 digits, issued before the standard, is accepted; it carries no check character. The six digits of the area are
// not judged, for numbers keep the codes of places that have since been merged or renamed.
func CheckIDNumber(s string) error {
	number := NormalizeIDNumber(s)
	digits := number
	switch chars := len([]rune(number)); chars {
	case idLength:
		digits = strings.TrimSuffix(number, "X")
	case oldIDLength:
	default:
		return errs.E(errs.Invalid, "gazetteer.id.length", "n", chars)
	}
	if at := notDigit(digits); at > 0 {
		return errs.E(errs.Invalid, "gazetteer.id.character", "n", at)
	}
	birth := "19" + number[6:12]
	if len(number) == idLength {
		birth = number[6:14]
	}
	if day, err := time.Parse("20060102", birth); err != nil || day.Year() < 1800 || day.Year() > 2199 {
		return errs.E(errs.Invalid, "gazetteer.id.date")
	}
	if len(number) == idLength && number[idLength-1] != checkCharacter(number[:idLength-1]) {
		return errs.E(errs.Invalid, "gazetteer.id.check")
	}
	return nil
}

// checkCharacter completes the first 17 digits of an identity number (GB 11643, after ISO 7064 MOD 11-2).
func checkCharacter(first string) byte {
	sum := 0
	for i := range len(first) {
		// The weight of a place is 2 to the number of places right of it, modulo 11: 7 9 10 5 8 4 2 1 6 3 7 9 10 5 8 4 2.
		sum = (sum + int(first[i]-'0')) * 2 % 11
	}
	return "10X98765432"[sum]
}

// notDigit returns the place, counted from 1 in characters, of the first that is no ASCII digit; 0 when all are.
func notDigit(s string) int {
	for i, c := range []rune(s) {
		if c < '0' || c > '9' {
			return i + 1
		}
	}
	return 0
}
