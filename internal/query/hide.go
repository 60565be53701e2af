package query

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Person is who may not be found or read by what says who they are.
type Person struct {
	Name    string
	Numbers []string // of identity, telephones, addresses of e-mail
	Address string
}

// Hider takes out of texts what says who somebody is, before they are indexed or shown as what was found. It is made once for the people of a matter;
// its zero value knows nobody and takes out the numbers that are anybody's.
//
// Compared is as the index compares: any case, any width, marks left out. Taken out is
//
//   - a name, also where blanks or dots stand in it. One of two Chinese characters is often a word as well: it is taken out wherever the two stand side by
//     side, as the name and the word are one to the index; but with blanks between only where it stands alone. One of several parts, as 买买提·吐尔逊 or
//     one in letters, is taken out by its parts, too; letters only as whole words. One of a single character is taken out where it stands alone;
//   - each number of the people, whatever blanks, hyphens, dots or brackets it is written with; of a telephone with its area code also the number without;
//   - an address as it was given, and its ends behind a division or a street's quarter that still have a house number: without one it is the name of a place;
//   - anything that has the form of an identity number of 18 digits or of a mobile telephone.
type Hider struct {
	patterns map[rune][]pattern // by the first character
}

// Hidden stands where something was taken out. It parts what stands before from what stands behind.
const Hidden = "**"

// gaps says what may stand between the characters of a pattern.
type gaps int8

const (
	noGap   gaps = iota // nothing
	blanks              // blanks and dots, as within a name; then, with alone, nothing beside it
	anySign             // all that a number is written with
)

// pattern is characters in a row, as the index sees them.
type pattern struct {
	runes []rune
	gap   gaps
	alone bool // nothing of its kind may stand right beside it: it is a word
}

// NewHider returns the hider of some people.
func NewHider(people []Person) Hider {
	h := Hider{patterns: map[rune][]pattern{}}
	for _, p := range people {
		h.name(p.Name)
		for _, n := range p.Numbers {
			h.number(n)
		}
		h.address(p.Address)
	}
	return h
}

func (h Hider) add(p pattern) {
	if len(p.runes) == 0 {
		return
	}
	first := p.runes[0]
	same := func(o pattern) bool { return o.gap == p.gap && o.alone == p.alone && slices.Equal(o.runes, p.runes) }
	if !slices.ContainsFunc(h.patterns[first], same) {
		h.patterns[first] = append(h.patterns[first], p)
	}
}

// The least lengths of what is taken out.
const (
	fewLetters = 2 // of a part of a name
	fewDigits  = 7 // of a telephone without its area code
	fewAddress = 5 // characters of an end of an address
)

func (h Hider) name(name string) {
	all := plain(name)
	chinese := !slices.ContainsFunc(all, func(r rune) bool { return classOf(r) != han })
	switch {
	case len(all) == 1:
		h.add(pattern{runes: all, alone: true})
		return
	case chinese && len(all) == 2:
		h.add(pattern{runes: all})
		h.add(pattern{runes: all, gap: blanks, alone: true})
		return
	}
	h.add(pattern{runes: all, gap: blanks, alone: !chinese})
	for _, part := range strings.FieldsFunc(name, separates) {
		if runes := plain(part); len(runes) >= fewLetters && len(runes) < len(all) {
			h.add(pattern{runes: runes, alone: classOf(runes[0]) != han})
		}
	}
}

func (h Hider) number(number string) {
	all := plain(number)
	if len(all) == 1 {
		return
	}
	h.add(pattern{runes: all, gap: anySign})
	for _, part := range strings.FieldsFunc(number, separates) {
		if runes := plain(part); len(runes) >= fewDigits && len(runes) < len(all) && !slices.ContainsFunc(runes, func(r rune) bool { return classOf(r) != digit }) {
			h.add(pattern{runes: runes, gap: anySign})
		}
	}
	// 010 and 02x are the area codes of three figures, all others have four
	if area := 4; len(all) > 1 && all[0] == '0' {
		if all[1] == '1' || all[1] == '2' {
			area = 3
		}
		if len(all)-area >= fewDigits {
			h.add(pattern{runes: all[area:], gap: anySign})
		}
	}
}

// isDivision reports whether a character ends a part of an address that is the name of a place: of a province, prefecture, city, county, district, banner,
// town, township, street, village.
func isDivision(r rune) bool {
	return slices.Contains([]rune{0x7701, 0x5DDE, 0x5E02, 0x53BF, 0x533A, 0x65D7, 0x9547, 0x4E61, 0x9053, 0x6751}, r)
}

func (h Hider) address(address string) {
	all := plain(address)
	if len(all) < fewLetters {
		return
	}
	h.add(pattern{runes: all, gap: anySign})
	for i, r := range all {
		end := all[i+1:]
		if isDivision(r) && slices.ContainsFunc(end, unicode.IsNumber) && len(end) >= fewAddress {
			h.add(pattern{runes: end, gap: anySign})
		}
	}
}

// plain is a text as the index sees it, without what separates.
func plain(text string) []rune {
	var out []rune
	for _, c := range characters(nil, text) {
		out = append(out, c.r)
	}
	return out
}

// character is a character of a text that the index sees.
type character struct {
	r        rune
	from, to int32 // where it stands, in bytes
	before   gaps  // what stands between it and the one before; beyond anySign: what parts everything
}

const parted gaps = anySign + 1

// characters are those of a text that the index sees, with what stands between them, in the place of others that nobody needs any more.
func characters(others []character, text string) []character {
	out := others[:0]
	if cap(out) == 0 {
		out = make([]character, 0, utf8.RuneCountInString(text))
	}
	between := noGap
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		from, to := int32(i), int32(i+size) //nolint:gosec // a text is no longer than what a person or a machine may hand in at once
		i += size
		if !common(r) {
			if unicode.IsMark(r) {
				if n := len(out); n > 0 && out[n-1].to == from {
					out[n-1].to = to
				}
				continue
			}
			if r = fold(r); classOf(r) == other {
				between = max(between, gapOf(r))
				continue
			}
		}
		out = append(out, character{r, from, to, between})
		between = noGap
	}
	return out
}

func gapOf(r rune) gaps {
	switch {
	case unicode.IsSpace(r), strings.ContainsRune("·•・‧∙.", r):
		return blanks
	case strings.ContainsRune("-－—–_/()（）+@", r):
		return anySign
	}
	return parted
}

// Hide returns a text with all of it taken out; Hidden stands in its place.
func (h Hider) Hide(text string) string {
	var all []character
	for { // what is gone may leave standing alone what did not before; each time there is less
		all = characters(all, text)
		next := h.once(text, all)
		if next == text {
			return text
		}
		text = next
	}
}

func (h Hider) once(text string, all []character) string {
	var out []span
	for i, c := range all {
		for _, p := range h.patterns[c.r] {
			if n := len(p.runes); p.at(all, i) {
				out = append(out, span{int(c.from), int(all[i+n-1].to)})
			}
		}
		if n := anybodys(all, i); n > 0 {
			out = append(out, span{int(c.from), int(all[i+n-1].to)})
		}
	}
	if len(out) == 0 {
		return text
	}
	slices.SortFunc(out, func(a, b span) int { return cmp.Or(a.from-b.from, b.to-a.to) })
	var b strings.Builder
	at := 0
	for _, s := range out {
		if s.to <= at {
			continue
		}
		if s.from >= at && (s.from > at || at == 0) {
			b.WriteString(text[at:s.from])
			b.WriteString(Hidden)
		}
		at = s.to
	}
	b.WriteString(text[at:])
	return b.String()
}

// at reports whether the pattern stands in a text from a character on.
func (p pattern) at(all []character, i int) bool {
	n := len(p.runes)
	if i+n > len(all) {
		return false
	}
	for k, r := range p.runes {
		if all[i+k].r != r || k > 0 && all[i+k].before > p.gap {
			return false
		}
	}
	return !p.alone || !beside(all, i) && !beside(all, i+n)
}

// beside reports whether a character and the one before it stand in one word.
func beside(all []character, i int) bool {
	return i > 0 && i < len(all) && all[i].before == noGap && classOf(all[i].r) == classOf(all[i-1].r)
}

// form is a form of numbers that are anybody's.
type form struct {
	length int
	cuts   []int // behind which figure one may be written apart
	last   rune  // may stand for the last figure
	fits   func(figures string) bool
}

func forms() []form {
	return []form{
		{length: 18, cuts: []int{6, 14}, last: 'x', fits: func(n string) bool { return born(n[6:14]) }},
		{length: 11, cuts: []int{3, 7}, fits: mobile},
		{length: 13, cuts: []int{2, 5, 9}, fits: func(n string) bool { return n[:2] == "86" && mobile(n[2:]) }},
	}
}

// anybodys is how many characters from one on are an identity number or a mobile telephone; 0 for none. Neither is part of a longer number.
func anybodys(all []character, i int) int {
	if !isFigure(all[i].r) || i > 0 && isFigure(all[i-1].r) && all[i].before == noGap {
		return 0
	}
	for _, f := range forms() {
		if f.at(all, i) {
			return f.length
		}
	}
	return 0
}

// at reports whether a number of the form stands in a text from a character on.
func (f form) at(all []character, i int) bool {
	end := i + f.length
	if end > len(all) || end < len(all) && all[end].before == noGap && isFigure(all[end].r) {
		return false
	}
	var figures strings.Builder
	for k, c := range all[i:end] {
		if !isFigure(c.r) && (k+1 < f.length || c.r != f.last) {
			return false
		}
		if k > 0 && c.before != noGap && (c.before == parted || !slices.Contains(f.cuts, k)) {
			return false
		}
		figures.WriteRune(c.r)
	}
	return f.fits(figures.String())
}

func isFigure(r rune) bool { return '0' <= r && r <= '9' }

// born reports whether figures may be a day of birth.
func born(day string) bool {
	month, of := day[4:6], day[6:8]
	return (day[:2] == "19" || day[:2] == "20") && "01" <= month && month <= "12" && "01" <= of && of <= "31"
}

func mobile(number string) bool { return number[0] == '1' && '3' <= number[1] && number[1] <= '9' }
