package api

import (
	"context"
	"net/http"

	"huiyin/internal/usecase"
)

type (
	adviceInput struct {
		Body intakeBody
	}
	adviceOutput struct {
		Body struct {
			Model      string               `json:"model,omitempty" doc:"By which it was proposed; absent where the office has none"`
			Categories []categoryAdviceBody `json:"categories" doc:"The likeliest first, at most three; none where the program is not sure enough. It proposes; a person decides"`
		} `nameHint:"CategoryAdvice"`
	}
	categoryAdviceBody struct {
		Code       string   `json:"code" example:"N0502"`
		Name       string   `json:"name"`
		English    string   `json:"english"`
		Confidence float64  `json:"confidence" minimum:"0" maximum:"1" doc:"How often a proposal made with this confidence is right"`
		Sure       string   `json:"sure" enum:"high,fair,some,low" doc:"The same in a word"`
		Words      []string `json:"words" doc:"Of the submission, that speak for it, the strongest first"`
	}
	advisorInput  struct{}
	advisorOutput struct {
		Body struct {
			Model     string            `json:"model,omitempty" doc:"Absent where there is none"`
			Made      string            `json:"made,omitempty" doc:"Day on which it was made"`
			Rows      int               `json:"rows" doc:"Messages that it was made from"`
			Own       int               `json:"own" doc:"Of them, decisions of the office"`
			Labels    int               `json:"labels" doc:"Categories that it knows"`
			Accuracy  float64           `json:"accuracy" doc:"Of the first proposal, on rows held out"`
			Top3      float64           `json:"top3" doc:"The right one among three, on rows held out"`
			Threshold float64           `json:"threshold" doc:"From how sure it proposes"`
			Unmapped  []string          `json:"unmapped" doc:"Labels that mean no category of the current table"`
			Wrong     string            `json:"wrong,omitempty" doc:"Code of why the file that lies there was not taken; the model before stays in force"`
			Since     date              `json:"since" doc:"From when on decisions are counted"`
			Taken     []adviceCountBody `json:"categories" doc:"How often proposals were taken, by the category that was decided on"`
			Units     []adviceCountBody `json:"units" doc:"The same of units, by id"`
			Confused  []advicePairBody  `json:"confused" doc:"Most often first"`
		} `nameHint:"Advisor"`
	}
	adviceCountBody struct {
		Code      string `json:"code"`
		Decisions int    `json:"decisions"`
		Asked     int    `json:"asked" doc:"Decisions on which something was proposed"`
		First     int    `json:"first" doc:"The first proposal was taken"`
		Any       int    `json:"any" doc:"One of the proposals was taken"`
	}
	advicePairBody struct {
		First  string `json:"first" doc:"Proposed first" example:"N0502"`
		Taken  string `json:"taken" example:"N0510"`
		Number int    `json:"number"`
	}
)

func (a *API) advice() {
	add(a, operation{
		id: "advise_category", method: http.MethodPost, path: "/submissions/suggestions", tag: tagSubmissions, text: "api.op.advise", about: "api.op.advise.about",
		grant: grantRead, request: exampleIntake(),
	}, a.advise)
	add(a, operation{
		id: "get_advisor", method: http.MethodGet, path: "/advice", tag: tagOrganisation, text: "api.op.advisor", about: "api.op.advisor.about", grant: grantRead,
	}, a.advisor)
}

func (a *API) advise(ctx context.Context, in *adviceInput) (*adviceOutput, error) {
	found, err := a.Office.Advise(callerOf(ctx).who, in.Body.intake().Clean())
	if err != nil {
		return nil, err
	}
	var out adviceOutput
	out.Body.Model, out.Body.Categories = found.Model, list(found.List, func(c usecase.CategoryAdvice) categoryAdviceBody {
		row, _ := a.Office.Places.Current().Row(c.Code)
		b := categoryAdviceBody{Code: c.Code, Name: row.Name, English: row.English, Confidence: c.Confidence, Sure: c.Sure(), Words: []string{}}
		for _, w := range c.Words {
			b.Words = append(b.Words, found.Text[w.From:w.To])
		}
		return b
	})
	return &out, nil
}

func (a *API) advisor(ctx context.Context, _ *advisorInput) (*advisorOutput, error) {
	who := callerOf(ctx).who
	v, err := a.Office.Advisor(who)
	if err != nil {
		return nil, err
	}
	record, err := a.Office.AdviceRecord(ctx, who)
	if err != nil {
		return nil, err
	}
	count := func(c usecase.AdviceCount) adviceCountBody {
		return adviceCountBody{Code: c.Taken, Decisions: c.Number, Asked: c.Asked, First: c.First, Any: c.Any}
	}
	h := v.Header
	var out advisorOutput
	b := &out.Body
	b.Model, b.Made, b.Rows, b.Own, b.Labels = v.Model, h.Made.Day, h.Rows, h.Made.Own, len(h.Labels)
	b.Accuracy, b.Top3, b.Threshold, b.Wrong = h.HeldOut.Accuracy, h.HeldOut.Top3, v.Threshold(), v.WrongCode()
	b.Unmapped, b.Since = append([]string{}, v.Unmapped...), dateOf(record.Since)
	b.Taken, b.Units = list(record.Categories, count), list(record.Units, count)
	b.Confused = list(record.Confused, func(p usecase.AdvicePair) advicePairBody {
		return advicePairBody{First: p.First, Taken: p.Taken, Number: p.Number}
	})
	return &out, nil
}
