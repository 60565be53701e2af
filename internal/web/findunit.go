package web

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"huiyin/internal/gazetteer"
	"huiyin/internal/i18n"
	"huiyin/internal/org"
	"huiyin/internal/query"
	"huiyin/internal/web/ui"
)

const (
	leastUnitWord = 2 // letters or characters of a word that may mean a unit
	maxUnitChips  = 3
)

// unitChips are the units that single words of a search mean by name, short name, pinyin or initials, as searches among what they have. The search itself stays
// as it is: a word means what it says until somebody takes the offer.
func (s *Site) unitChips(t *i18n.Speaker, a findAsk) []ui.Link {
	if a.search.Words.Empty() || a.values.Get("unit") != "" {
		return nil
	}
	words := strings.Fields(a.values.Get(query.Field))
	var out []ui.Link
	for i, word := range words {
		if utf8.RuneCountInString(word) < leastUnitWord || strings.ContainsFunc(word, func(r rune) bool { return !unicode.IsLetter(r) }) {
			continue
		}
		rest := strings.Join(slices.Concat(words[:i], words[i+1:]), " ")
		for _, u := range s.unitsCalled(word) {
			if len(out) < maxUnitChips {
				out = append(out, ui.Link{
					Text: t.T("find.unit.chip", "word", word, "unit", unitName(t, u)), Href: a.href(query.Field, rest, "unit", organValue(u)),
				})
			}
		}
	}
	return out
}

// unitsCalled are the living units that a word names, not only begins or holds: by name, by the name without that of the place, by the English name, or by pinyin or
// initials of either name.
func (s *Site) unitsCalled(word string) []org.Unit {
	word = strings.ToLower(word)
	latin, today := word[0] < utf8.RuneSelf, s.Office.Today()
	found := s.Office.Chart().Where(func(u org.Unit) bool {
		if u.Kind == org.KindRoot || !u.Alive(today) {
			return false
		}
		short := s.shortName(u)
		names := []string{u.Name, short}
		if latin {
			initials := gazetteer.Initials(short)
			names = []string{strings.ReplaceAll(u.English, " ", ""), u.Initials, initials}
			if begins(u.Initials, word) || begins(initials, word) { // spares most of them the reading
				names = append(names, plainPinyin(u.Name), plainPinyin(short))
			}
		}
		return slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, word) })
	})
	return found[:min(len(found), maxUnitChips)]
}

// begins reports whether initials begin with the first letter of a word.
func begins(initials, word string) bool {
	return initials != "" && strings.EqualFold(initials[:1], word[:1])
}

// shortName is a unit's name without that of its county or of a larger place, with which it begins as a rule.
func (s *Site) shortName(u org.Unit) string {
	for code := gazetteer.CountyOf(u.Place); code != 0; code = gazetteer.ParentCode(code) {
		place, _ := s.Office.Places.Place(code)
		if short, ok := strings.CutPrefix(u.Name, place.Name); ok && place.Name != "" && utf8.RuneCountInString(short) >= leastUnitWord {
			return short
		}
	}
	return u.Name
}

// plainPinyin is the pinyin of a name in small letters without spaces.
func plainPinyin(name string) string {
	return strings.ToLower(strings.ReplaceAll(gazetteer.Pinyin(name), " ", ""))
}
