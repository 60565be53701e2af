package bench

import (
	_ "embed"
	"encoding/json"
	"fmt"

	"huiyin/internal/law"
	"huiyin/internal/matter"
)

//go:embed petitions.json
var petitionText []byte

// petition is what people write in the course of one matter.
type petition struct {
	Title     string   `json:"title"`
	Narrative string   `json:"narrative"`
	Demands   []string `json:"demands"`
	PlaceNote string   `json:"place_note"`
	Name      string   `json:"name"`
	Address   string   `json:"address"`
	Note      string   `json:"note"`
	Why       string   `json:"why"`
	Facts     string   `json:"facts"`
	Basis     string   `json:"basis"`
	Answers   []answer `json:"answers"`
	Solved    string   `json:"solved"`
	Explained string   `json:"explained"`
}

type answer struct {
	Demand  int    `json:"demand"`
	Outcome string `json:"outcome"`
	Facts   string `json:"facts"`
	Basis   string `json:"basis"`
}

func petitions() ([]petition, error) {
	var list []petition
	if err := json.Unmarshal(petitionText, &list); err != nil {
		return nil, fmt.Errorf("petitions: %w", err)
	}
	for _, p := range list {
		for i := range p.Answers {
			p.Answers[i].Demand = i + 1
		}
	}
	return list, nil
}

// fields is a JSON object.
type fields map[string]any

// step returns a step of a matter as the API takes it.
func step(act matter.Act, f fields) fields {
	if f == nil {
		f = fields{}
	}
	f["act"] = act
	return f
}

// intake is the body of the registration; n tells the petitioners apart.
func (p petition) intake(d desk, n int) fields {
	return fields{
		"channel": matter.ChannelVisit, "title": p.Title, "narrative": p.Narrative, "demands": p.Demands, "place": d.Place, "place_note": p.PlaceNote,
		"petitioners": []fields{{"name": p.Name, "id_number": idNumber(n), "phone": fmt.Sprintf("138%08d", n), "address": p.Address}},
	}
}

// calls are the names of the calls of a life-cycle, in their order.
func calls() []string { return []string{"register", "assign", "handle", "issue", "close"} }

// turn is one call after the registration: who makes it and the steps it takes together.
type turn struct {
	key   string
	steps []fields
}

// turns returns what the four do with a matter, in the fewest calls that the procedure allows: a call is one person's, and a step another
// person has to take ends it.
func (p petition) turns(d desk, ref string, today law.Day) []turn {
	return []turn{
		{d.Dispatcher, []fields{
			step(matter.ActScreen, fields{"kind": matter.KindAppeal, "category": "", "level": matter.LevelOrdinary, "note": p.Note}),
			step(matter.ActForward, fields{"unit": d.Department, "mode": matter.ModeTransfer, "why": p.Why}),
		}},
		{d.Handler, []fields{
			step(matter.ActSign, nil),
			step(matter.ActAccept, nil),
			step(matter.ActDraft, fields{"facts": p.Facts, "basis": p.Basis, "answers": p.Answers}),
		}},
		{d.Head, []fields{step(matter.ActIssue, nil)}},
		{d.Handler, []fields{
			step(matter.ActServe, fields{"submission": ref, "method": matter.ServedOnline, "on": today.String()}),
			step(matter.ActEase, fields{"solved": p.Solved, "explained": p.Explained}),
			step(matter.ActComplete, nil),
		}},
	}
}
