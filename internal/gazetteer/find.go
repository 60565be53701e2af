package gazetteer

import (
	"strconv"
	"strings"
)

// Find returns at most limit places inside a place (0 for the whole country) that fit a query: the opening digits of
// a code, part of a name, part of the pinyin initials, or the first letters of the English name, four at least. Wider
// places come first, then the order of codes. Villages are looked through only within a county or narrower, so that
// one block is unpacked at most; a whole village code is found from anywhere. A code of no place to search in is an
// errs.NotFound error.
func (g *Gazetteer) Find(inside int64, query string, limit int) ([]Place, error) {
	fits := g.matcher(query)
	if fits == nil || limit <= 0 {
		return nil, nil
	}
	if err := g.known(inside); err != nil {
		return nil, err
	}
	narrowest := Town
	if CountyOf(inside) != 0 {
		narrowest = Village
	} else if code, err := strconv.ParseInt(query, 10, 64); err == nil && LevelOf(code) == Village && lies(code, inside) {
		if village, ok := g.Place(code); ok {
			return []Place{village}, nil
		}
	}
	var found []Place
	for level := LevelOf(inside) + 1; level <= narrowest; level++ {
		places, err := g.inside(inside, level)
		if err != nil {
			return nil, err
		}
		for _, place := range places {
			if len(found) == limit {
				return found, nil
			}
			if fits(place) {
				found = append(found, place)
			}
		}
	}
	return found, nil
}

// lies reports whether a place lies in another by its code; everything lies in 0.
func lies(code, inside int64) bool {
	first, after := span(inside, LevelOf(code))
	return code >= first && code < after
}

// beginsInEnglish reports whether the English name begins with a query. Most names are pinyin, so that their initials
// tell at once when they do not.
func (g *Gazetteer) beginsInEnglish(p Place, initials, query string) bool {
	_, own := g.english.names[p.Code]
	return (own || strings.HasPrefix(initials, query[:1])) && strings.HasPrefix(strings.ToLower(g.English(p)), query)
}

// englishFrom is how many letters an English name is looked for by: fewer are initials, which they would crowd out.
const englishFrom = 4

// matcher returns the test that a query means, nil for an empty one.
func (g *Gazetteer) matcher(query string) func(Place) bool {
	query = strings.ToLower(strings.Map(narrow, strings.TrimSpace(query)))
	switch {
	case query == "":
		return nil
	case strings.Trim(query, "0123456789") == "":
		return func(p Place) bool { return strings.HasPrefix(strconv.FormatInt(p.Code, 10), query) }
	case strings.Trim(query, "abcdefghijklmnopqrstuvwxyz' -") == "":
		return func(p Place) bool {
			initials := Initials(p.Name)
			return strings.Contains(initials, query) || len(query) >= englishFrom && g.beginsInEnglish(p, initials, query)
		}
	}
	return func(p Place) bool { return strings.Contains(p.Name, query) }
}
