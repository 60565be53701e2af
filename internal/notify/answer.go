package notify

import (
	"regexp"
	"strings"
)

// longNumber is what could be a telephone or identity number; digits written with gaps are one, too.
var longNumber = regexp.MustCompile(`\d(?:[ -]?\d){6,}`)

// cleared makes of a gateway's answer, or of the failure to get one, what may be kept: one line, shortened, without the address, the text, its link, the secret and
// anything that looks like a number of a person or an address.
func cleared(answer string, err error, m message, secret string) string {
	if err != nil && answer == "" {
		answer = err.Error()
	}
	for _, s := range []string{m.text, m.link, m.to, secret} {
		if s != "" {
			answer = strings.ReplaceAll(answer, s, "***")
		}
	}
	answer = longNumber.ReplaceAllString(strings.ToValidUTF8(answer, "?"), "***")
	answer = mailAddress.ReplaceAllString(answer, "***")
	return shorten(strings.Join(strings.Fields(answer), " "))
}

var mailAddress = regexp.MustCompile(`[^\s<>()"]+@[^\s<>()"]+`)
