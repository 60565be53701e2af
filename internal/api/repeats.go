package api

import (
	"context"

	"huiyin/internal/matter"
	"huiyin/internal/usecase"
)

type (
	repeatsInput struct {
		Body intakeBody
	}
	repeatsOutput struct {
		Body struct {
			Repeats []repeatBody `json:"repeats" doc:"The likeliest first, at most five"`
		} `nameHint:"RepeatList"`
	}
	// repeatBody is a matter that may be about the same facts, with the reasons.
	repeatBody struct {
		Matter   MatterRow     `json:"matter"`
		Percent  int           `json:"percent" minimum:"0" maximum:"100" doc:"How much of the two texts is the same: the Jaccard share of their stretches of three characters, without punctuation and spaces"`
		Passages []passageBody `json:"passages" doc:"What stands in both texts, the longest at most twenty, in the order of the submission"`
		Likeness float64       `json:"likeness" minimum:"0" maximum:"1" doc:"How probably it is the same thing, in whatever words; from 0.7 on it is offered for that alone"`
		Told     bool          `json:"other_words" doc:"Offered as the same thing in other words: little of the text is the same"`
		Words    []string      `json:"words" doc:"What makes it the same thing in other words, as it stands in the submission; empty where it is not offered for that"`
		Person   bool          `json:"same_person" doc:"Somebody with the same identity number has a submission on it"`
		Title    bool          `json:"same_title" doc:"The words of the title are in it"`
		Place    int64         `json:"same_place,omitempty" doc:"Division code, below the county, in which both lie"`
		Unit     *UnitBrief    `json:"same_unit,omitempty" doc:"Who has it, and is named by the catalogue for this submission, too"`
		Days     int           `json:"days_apart" minimum:"0" doc:"Days between the two days of receipt"`
	}
	passageBody struct {
		Here  string `json:"here" doc:"As it stands in the submission"`
		There string `json:"there" doc:"As it stands in the matter; only punctuation, spaces and the width of letters can differ"`
	}
)

func (a *API) repeats(ctx context.Context, in *repeatsInput) (*repeatsOutput, error) {
	found, err := a.Office.Repeats(ctx, callerOf(ctx).who, in.Body.intake().Clean(), matter.Ref{})
	if err != nil {
		return nil, err
	}
	var out repeatsOutput
	out.Body.Repeats = list(found.List, func(r usecase.Repeat) repeatBody { return a.repeat(found.Text, r) })
	return &out, nil
}

func (a *API) repeat(text string, r usecase.Repeat) repeatBody {
	b := repeatBody{
		Matter: a.row(r.RowView), Percent: r.Percent, Passages: []passageBody{}, Likeness: r.Likeness, Told: r.Told(), Words: []string{}, Person: r.Person, Title: r.Title, Place: r.Place, Days: r.Days,
	}
	for _, p := range r.Passages {
		b.Passages = append(b.Passages, passageBody{Here: text[p.Here.From:p.Here.To], There: r.Text[p.There.From:p.There.To]})
	}
	for _, w := range r.Here {
		b.Words = append(b.Words, text[w.From:w.To])
	}
	if r.Unit.ID != 0 {
		u := briefOf(r.Unit)
		b.Unit = &u
	}
	return b
}
