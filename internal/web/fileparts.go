package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"huiyin/internal/errs"
	"huiyin/internal/gazetteer"
	"huiyin/internal/i18n"
	"huiyin/internal/org"
	"huiyin/internal/web/ui"
)

// placeField is what the choice of a place shows.
type placeField struct {
	found   []ui.Found
	chosen  *ui.Found
	nothing bool
	open    bool
	levels  []placeLevel
}

// placeLevel is one level of the stepwise choice.
type placeLevel struct {
	name    string // of the field
	level   gazetteer.Level
	options []ui.Option
}

// mostPlaces is how many places a search shows; who needs more writes more of the name.
const mostPlaces = 12

// placeField makes the choice of a place: what a search found, inside the office's county first and then in the whole country, and the
// levels down to the village.
func (s *Site) placeField(t *i18n.Speaker, d *filing, find string) (placeField, error) {
	var p placeField
	words := strings.TrimSpace(d.Values.Get("place_q"))
	chosen := d.place()
	if find == "place" && words != "" {
		places, err := s.findPlaces(words, mostPlaces)
		if err != nil {
			return placeField{}, err
		}
		for _, place := range places {
			p.found = append(p.found, s.foundPlace(t, place, words))
		}
		p.nothing = len(places) == 0
	}
	if place, ok := s.Office.Places.Place(chosen); ok && len(p.found) == 0 {
		f := s.foundPlace(t, place, "")
		p.chosen = &f
	}
	p.open = find == "steps"
	at := chosen
	if p.open || at == 0 {
		at = s.steppedTo(d)
	}
	var err error
	p.levels, err = s.placeLevels(t, at)
	for i, l := range p.levels {
		d.Values.Set(l.name, codeAt(s.Office.Places.Path(at), i))
	}
	return p, err
}

func (s *Site) foundPlace(t *i18n.Speaker, p gazetteer.Place, words string) ui.Found {
	return ui.Found{Value: strconv.FormatInt(p.Code, 10), Name: ui.Mark(s.placeName(t, p), words), Path: s.fullPlaceName(t, gazetteer.ParentCode(p.Code))}
}

// codeAt is the code at a level of a path, empty beyond its end.
func codeAt(path []gazetteer.Place, i int) string {
	if i >= len(path) {
		return ""
	}
	return strconv.FormatInt(path[i].Code, 10)
}

// placeLevels gives the selects from the province down to the level below the place.
func (s *Site) placeLevels(t *i18n.Speaker, at int64) ([]placeLevel, error) {
	path := s.Office.Places.Path(at)
	var out []placeLevel
	inside := int64(0)
	for i := 0; i <= len(path) && gazetteer.Level(i) < gazetteer.Village; i++ {
		places, err := s.Office.Places.Children(inside)
		if err != nil {
			return nil, err
		}
		if len(places) == 0 {
			break
		}
		options := []ui.Option{{Text: t.T("citizen.choose")}}
		for _, p := range places {
			options = append(options, ui.Option{Value: strconv.FormatInt(p.Code, 10), Text: s.placeName(t, p)})
		}
		out = append(out, placeLevel{name: "step_" + strconv.Itoa(i+1), level: gazetteer.Level(i + 1), options: options})
		if i < len(path) {
			inside = path[i].Code
		}
	}
	return out, nil
}

// steppedTo is the narrowest place of the selects that lies in those above it; the office's own place before anything was selected.
func (s *Site) steppedTo(d *filing) int64 {
	at := int64(0)
	for i := range int(gazetteer.Village) {
		code, err := strconv.ParseInt(d.Values.Get("step_"+strconv.Itoa(i+1)), 10, 64)
		if err != nil || gazetteer.ParentCode(code) != at {
			break
		}
		if _, ok := s.Office.Places.Place(code); !ok {
			break
		}
		at = code
	}
	if at == 0 {
		return s.Office.Settings().Place
	}
	return at
}

// stepPlace takes the selected place once it is narrow enough to say who is responsible.
func (s *Site) stepPlace(d *filing) {
	d.Values.Del("place")
	if at := s.steppedTo(d); gazetteer.LevelOf(at) >= gazetteer.Town {
		d.Values.Set("place", strconv.FormatInt(at, 10))
	}
}

// unitField is what the choice of the units an accusation is about shows.
type unitField struct {
	found   []ui.Found
	nothing bool
	chosen  []org.Unit
}

func (s *Site) unitField(t *i18n.Speaker, d *filing, find string) unitField {
	f := unitField{chosen: s.unitsOf(d.accused())}
	words := strings.TrimSpace(d.Values.Get("accused_q"))
	if find != "unit" || words == "" {
		return f
	}
	for _, u := range s.Office.UnitsLike(words, mostPlaces) {
		if slices.Contains(d.accused(), u.ID) {
			continue
		}
		f.found = append(f.found, ui.Found{
			Value: strconv.FormatInt(int64(u.ID), 10), Name: ui.Mark(unitName(t, u), words), Path: s.fullPlaceName(t, u.Place),
		})
	}
	f.nothing = len(f.found) == 0
	return f
}

// takeFiles receives the files of the form or drops one that was received before.
func (s *Site) takeFiles(r *http.Request, d *filing, form *posted, do string) ([]errs.Field, error) {
	if gone, ok := strings.CutPrefix(do, "drop-"); ok {
		d.Files = slices.DeleteFunc(d.Files, func(f upload) bool { return f.ID == gone })
	}
	taken, faults, err := s.receive(r, org.Actor{}, d.Home, form, len(d.Files))
	d.Files = append(d.Files, taken...)
	return faults, err
}
