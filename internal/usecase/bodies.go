package usecase

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"

	"huiyin/internal/gazetteer"
	"huiyin/internal/org"
)

//go:embed bodies.json
var bodiesFile []byte

// bodies says how the organs of a place are called.
type bodies struct {
	Towns       []naming `json:"towns"`
	Villages    []naming `json:"villages"`
	Always      []body   `json:"always"`      // what every county has here
	Departments []body   `json:"departments"` // what most have
}

// naming makes the name of an organ from the name of its place, by how that ends; the first that fits counts. {stem} is the rest of the
// name, {English} the English name of the place.
type naming struct {
	Ends    string `json:"ends"`
	Name    string `json:"name"`
	English string `json:"english"`
}

// body is one organ of a county, under the county or under an earlier one of the list, counted from one.
type body struct {
	Kind    org.UnitKind `json:"kind"`
	Under   int          `json:"under,omitempty"`
	Name    string       `json:"name"`
	English string       `json:"english"`
}

func readBodies() (bodies, error) {
	var b bodies
	if err := json.Unmarshal(bodiesFile, &b); err != nil {
		return b, fmt.Errorf("the embedded names of organs: %w", err)
	}
	return b, nil
}

// named applies the first naming that fits a place; the last of a list fits all.
func (o *Office) named(list []naming, place gazetteer.Place) (name, english string) {
	english = o.Places.English(place)
	for _, n := range list {
		if stem, ok := strings.CutSuffix(place.Name, n.Ends); ok && stem != "" {
			r := strings.NewReplacer("{stem}", stem, "{English}", english)
			return r.Replace(n.Name), r.Replace(n.English)
		}
	}
	return place.Name, english
}

// CommitteesOf returns the committees of a county's villages and communities, each with the code of its town; where they hang is the
// caller's to say.
func (o *Office) CommitteesOf(county int64) ([]NewUnit, error) {
	b, err := readBodies()
	if err != nil {
		return nil, err
	}
	villages, err := o.Places.Villages(county)
	if err != nil {
		return nil, err
	}
	out := make([]NewUnit, len(villages))
	for i, v := range villages {
		out[i] = NewUnit{Kind: org.KindVillage, Place: v.Code}
		out[i].Name, out[i].English = o.named(b.Villages, v)
	}
	return out, nil
}
