package web

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"huiyin/internal/errs"
	"huiyin/internal/gazetteer"
	"huiyin/internal/i18n"
	"huiyin/internal/org"
	"huiyin/internal/query"
	"huiyin/internal/web/ui"
)

// Where suggestions are asked for while one types. What is typed is not kept.
const (
	hintPlaceAt    = "/suggest/place"
	hintUnitAt     = "/desk/suggest/unit"
	hintCategoryAt = "/desk/suggest/category"
	hintFindAt     = "/desk/suggest/find"
)

const (
	maxHints     = 8
	maxKindHints = 3  // of each kind above the search
	maxHintWords = 40 // characters that are looked at
)

// hint is one suggestion. Taking it leads to an address, or fills the field and, in a picker, chooses the value.
type hint struct {
	Value string `json:"value,omitempty"`
	Text  string `json:"text"`
	Path  string `json:"path,omitempty"`
	Href  string `json:"href,omitempty"`
}

// hints are what a browser is told.
type hints struct {
	Say  string `json:"say"` // how many there are, for who cannot see them
	List []hint `json:"list"`
}

// sendHints answers with suggestions.
func sendHints(w http.ResponseWriter, t *i18n.Speaker, list []hint) error {
	answer := hints{Say: t.T("suggest.none"), List: list}
	if len(list) > 0 {
		answer.Say = t.T("suggest.more", "n", len(list))
	} else {
		answer.List = []hint{}
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	return json.NewEncoder(w).Encode(answer)
}

// hintWords are the words that suggestions are asked for; a single letter asks for none.
func hintWords(r *http.Request) string {
	words := strings.TrimSpace(r.URL.Query().Get(query.Field))
	if n := utf8.RuneCountInString(words); n > maxHintWords || n < leastUnitWord {
		return ""
	}
	return words
}

// suggestPlace suggests places, to anybody: they are public.
func (s *Site) suggestPlace(w http.ResponseWriter, r *http.Request, v *visit) error {
	places, err := s.findPlaces(hintWords(r), maxHints)
	if err != nil {
		return err
	}
	list := make([]hint, len(places))
	for i, p := range places {
		list[i] = hintOf(s.foundPlace(v.t, p, ""))
	}
	return sendHints(w, v.t, list)
}

// findPlaces finds places near the office first.
func (s *Site) findPlaces(words string, limit int) ([]gazetteer.Place, error) {
	if words == "" {
		return nil, nil
	}
	home := s.Office.Settings().Place
	places, err := s.Office.Places.Find(home, words, limit)
	if err == nil && len(places) == 0 && home != 0 {
		return s.Office.Places.Find(0, words, limit)
	}
	return places, err
}

// deskSuggest suggests to staff, by kind.
func (s *Site) deskSuggest(w http.ResponseWriter, r *http.Request, v *visit) error {
	words := hintWords(r)
	switch r.PathValue("kind") {
	case "unit":
		return sendHints(w, v.t, s.unitHints(v.t, words, maxHints))
	case "category":
		return sendHints(w, v.t, s.categoryHints(v.t, words, maxHints))
	case "find":
		return sendHints(w, v.t, s.findHints(r, v))
	}
	return errs.E(errs.NotFound, "page.not_found")
}

func (s *Site) unitHints(t *i18n.Speaker, words string, limit int) []hint {
	var out []hint
	for _, u := range s.Office.UnitsLike(words, limit+1) {
		if u.Kind != org.KindRoot && len(out) < limit {
			out = append(out, hintOf(s.foundUnit(t, u, "")))
		}
	}
	return out
}

func (s *Site) categoryHints(t *i18n.Speaker, words string, limit int) []hint {
	var out []hint
	for _, f := range findCategories(t, s.Office.Places.Current(), words) {
		if len(out) < limit {
			out = append(out, hintOf(f))
		}
	}
	return out
}

func hintOf(f ui.Found) hint {
	var name strings.Builder
	for _, p := range f.Name {
		name.WriteString(p.Text)
	}
	return hint{Value: f.Value, Text: name.String(), Path: f.Path}
}

// findHints suggest, for the last word above a search, the units, categories and places that it begins: taking one puts the condition in the place of the word.
// Places are those within the reader's reach.
func (s *Site) findHints(r *http.Request, v *visit) []hint {
	t := v.t
	a, _ := s.findIn(t, r.URL.Query()) // half a word may be wrong: it is still being typed
	words := strings.Fields(a.values.Get(query.Field))
	if len(words) == 0 || v.who.Scope().Empty() {
		return nil
	}
	last, rest := words[len(words)-1], strings.Join(words[:len(words)-1], " ")
	if n := utf8.RuneCountInString(last); n < leastUnitWord || n > maxHintWords {
		return nil
	}
	var out []hint
	add := func(kind string, found []hint) {
		if a.values.Get(kind) != "" {
			return
		}
		for _, h := range found[:min(len(found), maxKindHints)] {
			out = append(out, hint{
				Text: t.T("suggest.narrow", "kind", t.T("suggest.kind."+kind), "name", h.Text), Path: h.Path, Href: a.href(query.Field, rest, kind, h.Value),
			})
		}
	}
	add("unit", s.unitHints(t, last, maxKindHints))
	add("category", s.categoryHints(t, last, maxKindHints))
	add("place", s.placeHints(v, last))
	return out
}

// placeHints are the places that narrow a reader's search and whose name holds the words or whose initials begin with them.
func (s *Site) placeHints(v *visit, words string) []hint {
	words = strings.ToLower(words)
	var out []hint
	for _, o := range s.placesFor(v.t, v.who) {
		code, err := strconv.ParseInt(o.Value, 10, 64)
		if err != nil {
			continue // all of them
		}
		place, _ := s.Office.Places.Place(code)
		if strings.Contains(strings.ToLower(o.Text), words) || strings.Contains(place.Name, words) || strings.HasPrefix(gazetteer.Initials(place.Name), words) {
			out = append(out, hint{Value: o.Value, Text: o.Text})
		}
	}
	return out
}
