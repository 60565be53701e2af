package reply

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"huiyin/internal/find"
	"huiyin/internal/gazetteer"
)

var (
	// longNumber is a run of digits as an identity number or a telephone number is written, with blanks or hyphens between.
	longNumber = regexp.MustCompile(`[0-9０-９](?:[ \-－]?[0-9０-９]){6,40}[XxＸｘ]?`) //nolint:gocritic // the range of full-width digits
	// numberPart is a piece of it without them.
	numberPart = regexp.MustCompile(`[0-9０-９]+[XxＸｘ]?`) //nolint:gocritic // likewise
)

const (
	leastName    = 2 // characters of a name that can be looked for
	idLength     = 18
	mobileLength = 11
)

// people holds that a text does not tell who somebody else is: by a name, a number or a telephone that the office knows of the matter, or by a number that can
// only be a person's.
func (c *check) people(t Text) {
	var known, ids, mobiles []find.Range
	for _, name := range c.names() {
		for from := 0; ; {
			i := strings.Index(t.Words[from:], name)
			if i < 0 {
				break
			}
			known = append(known, find.Range{From: from + i, To: from + i + len(name)})
			from += i + len(name)
		}
	}
	for _, m := range longNumber.FindAllStringIndex(t.Words, -1) {
		pieces := [][]int{{0, m[1] - m[0]}}
		if c.kindOf(t.Words[m[0]:m[1]]) == "" { // several numbers, perhaps, that stand side by side
			pieces = numberPart.FindAllStringIndex(t.Words[m[0]:m[1]], -1)
		}
		for _, p := range pieces {
			at := find.Range{From: m[0] + p[0], To: m[0] + p[1]}
			switch c.kindOf(t.Words[at.From:at.To]) { //nolint:exhaustive // of what a number can be
			case Person:
				known = append(known, at)
			case IDNumber:
				ids = append(ids, at)
			case Mobile:
				mobiles = append(mobiles, at)
			default:
			}
		}
	}
	slices.SortFunc(known, func(x, y find.Range) int { return x.From - y.From })
	c.tell(Person, t, known)
	c.tell(IDNumber, t, ids)
	c.tell(Mobile, t, mobiles)
}

// tell adds a finding if there is a place for it.
func (c *check) tell(code Code, t Text, at []find.Range) {
	if len(at) > 0 {
		c.say(code, t, at)
	}
}

// names are the names that may not be in it, each once, the longest first.
func (c *check) names() []string {
	var out []string
	for _, p := range c.People {
		name := strings.TrimSpace(p.Name)
		if utf8.RuneCountInString(name) >= leastName && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// kindOf is the rule that a number is against; "" where it may be anything.
func (c *check) kindOf(written string) Code {
	id, phone := gazetteer.NormalizeIDNumber(written), gazetteer.NormalizePhone(written)
	for _, p := range c.People {
		if p.IDNumber != "" && gazetteer.NormalizeIDNumber(p.IDNumber) == id || p.Phone != "" && gazetteer.NormalizePhone(p.Phone) == phone {
			return Person
		}
	}
	switch {
	case len(id) == idLength && gazetteer.CheckIDNumber(id) == nil:
		return IDNumber
	case len(phone) == mobileLength && phone[0] == '1' && !strings.ContainsFunc(phone, notDigit) && gazetteer.CheckPhone(phone) == nil:
		return Mobile
	}
	return ""
}

func notDigit(r rune) bool { return !unicode.IsDigit(r) }
