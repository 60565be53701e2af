package demo

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"

	"huiyin/internal/matter"
	"huiyin/internal/org"
)

//go:embed data/*.json
var files embed.FS

// The files, as data/README.md tells them.
type (
	unit struct {
		Key     string       `json:"key"`
		Parent  string       `json:"parent"`
		Name    string       `json:"name"`
		English string       `json:"english"`
		Kind    org.UnitKind `json:"kind"`
		Place   int64        `json:"place"`
		Phone   string       `json:"phone"`
	}
	person struct {
		SignIn string `json:"sign_in"`
		Name   string `json:"name"`
		Duties []struct {
			Role  org.Role `json:"role"`
			Unit  string   `json:"unit"`
			Scope string   `json:"scope"`
		} `json:"duties"`
	}
	line struct {
		Category   string `json:"category"`
		Place      int64  `json:"place"`
		Unit       string `json:"unit"`
		Why        string `json:"why"`
		WhyEnglish string `json:"why_english"`
	}
	answer struct {
		Outcome     matter.Outcome `json:"outcome"`
		Fact        string         `json:"fact"`
		Basis       string         `json:"basis"`
		Result      string         `json:"result"`
		Promise     string         `json:"promise"`
		PromiseDays int            `json:"promise_days"`
	}
	petition struct {
		Key          string              `json:"key"`
		DaysAgo      int                 `json:"days_ago"`
		Stage        string              `json:"stage"`
		Light        string              `json:"light"`
		Channel      matter.Channel      `json:"channel"`
		Kind         matter.Kind         `json:"kind"`
		Purpose      matter.Purpose      `json:"purpose"`
		Place        int64               `json:"place"`
		Category     string              `json:"category"`
		Unit         string              `json:"unit"`
		Title        string              `json:"title"`
		Narrative    string              `json:"narrative"`
		Demands      []string            `json:"demands"`
		Petitioners  []matter.Petitioner `json:"petitioners"`
		Persons      int                 `json:"persons"`
		Accused      []string            `json:"accused"`
		Confidential bool                `json:"confidential"`
		Answers      []answer            `json:"answers"`
		Rating       struct {
			Attitude matter.Grade `json:"attitude"`
			Result   matter.Grade `json:"result"`
			Comment  string       `json:"comment"`
		} `json:"rating"`
		Objection  string       `json:"objection"`
		Awaiting   string       `json:"awaiting"`
		Route      matter.Route `json:"route"`
		DivertNote string       `json:"divert_note"`
		RepeatOf   string       `json:"repeat_of"`
		Second     string       `json:"second"` // the unit it goes to next, which objects, too
		SecondWhy  string       `json:"second_objection"`
		Part       struct {
			Unit string `json:"unit"`
			Text string `json:"text"`
		} `json:"part"`
		Hearing struct {
			Place        string `json:"place"`
			Participants string `json:"participants"`
			Reason       string `json:"reason"`
			Minutes      string `json:"minutes"`
			Conclusion   string `json:"conclusion"`
		} `json:"hearing"`
		Review struct {
			Reason string `json:"reason"`
			Facts  string `json:"facts"`
			Basis  string `json:"basis"`
			Again  string `json:"again"`
		} `json:"review"`
	}
	words struct {
		Password     string           `json:"password"`
		Title        string           `json:"title"`
		TitleEnglish string           `json:"title_english"`
		Hotline      string           `json:"hotline"` // another system, whose key is revoked
		Small        string           `json:"small"`   // why small counts are shown from the lowest number on
		Screen       string           `json:"screen"`
		Forward      string           `json:"forward"`
		Contact      string           `json:"contact"`
		Site         string           `json:"site"`
		Facts        string           `json:"facts"`
		Basis        string           `json:"basis"`
		PromiseDone  string           `json:"promise_done"`
		Eases        matter.FourEases `json:"eases"`
		Complete     string           `json:"complete"`
		Proof        string           `json:"proof"`
		Join         string           `json:"join"`
		Organ        string           `json:"organ"`

		ObjectionRight string `json:"objection_right"`
		HearingHour    string `json:"hearing_hour"`
		ReviewFacts    string `json:"review_facts"`
		ReviewBasis    string `json:"review_basis"`
		ReReviewFacts  string `json:"rereview_facts"`
		ReReviewBasis  string `json:"rereview_basis"`
		Care           string `json:"care"`
	}
)

// county is everything that the files say.
type county struct {
	units     []unit
	people    []person
	catalogue []line
	petitions []petition
	words     words
}

func readCounty() (county, error) {
	var c county
	for name, into := range map[string]any{
		"units": &c.units, "people": &c.people, "catalogue": &c.catalogue, "petitions": &c.petitions, "words": &c.words,
	} {
		text, err := files.ReadFile("data/" + name + ".json")
		if err != nil {
			return c, fmt.Errorf("demonstration: %w", err)
		}
		d := json.NewDecoder(bytes.NewReader(text))
		d.DisallowUnknownFields()
		if err := d.Decode(into); err != nil {
			return c, fmt.Errorf("demonstration %s: %w", name, err)
		}
	}
	return c, nil
}
