package gazetteer

import (
	"regexp"
	"strings"

	"huiyin/internal/errs"
)

var (
	mobileNumber = regexp.MustCompile(`^1[3-9]\d{9}$`)
	// fixedNumber is an area code, of three digits for Beijing and the 02 series and else of four, and 7 or 8 digits.
	fixedNumber   = regexp.MustCompile(`^0(10|2\d|[3-9]\d{2})\d{7,8}$`)
	foreignNumber = regexp.MustCompile(`^\+[1-9]\d{6,14}$`)
)

// NormalizePhone returns a telephone number as it is stored and compared: full-width characters narrowed, blanks,
// hyphens and brackets left out, and the prefix +86 taken from a mainland number. It judges nothing.
func NormalizePhone(s string) string {
	number := strings.NewReplacer("(", "", ")", "").Replace(tidy(s))
	local, mainland := strings.CutPrefix(number, "+86")
	switch {
	case !mainland:
		return number
	case mobileNumber.MatchString(local), strings.HasPrefix(local, "0"):
		return local
	}
	return "0" + local // an area code loses its 0 behind +86
}

// CheckPhone reports what is wrong with a telephone number, nil when nothing is: a mainland mobile number, a fixed
// one with its area code, or a foreign one with + and the code of the country (ITU-T E.164). It takes what a person
// typed. The error is errs.Invalid; its code says what is wrong:
//
//	gazetteer.phone.character  argument n: the first place, from 1, where a digit should stand
//	gazetteer.phone.length     too short or too long for any kind, argument n: how many digits there are
//	gazetteer.phone.unknown    the digits are those of no kind of number
func CheckPhone(s string) error {
	number := NormalizePhone(s)
	digits, plus := strings.CutPrefix(number, "+")
	if at := notDigit(digits); at > 0 {
		if plus {
			at++
		}
		return errs.E(errs.Invalid, "gazetteer.phone.character", "n", at)
	}
	if mobileNumber.MatchString(number) || fixedNumber.MatchString(number) || foreignNumber.MatchString(number) {
		return nil
	}
	if n := len(digits); n < 10 || n > 12 {
		return errs.E(errs.Invalid, "gazetteer.phone.length", "n", n)
	}
	return errs.E(errs.Invalid, "gazetteer.phone.unknown")
}
