package api

import (
	"context"
	"net/http"

	"huiyin/internal/assess"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

type (
	assessmentInput struct {
		ID int64 `path:"id" minimum:"1" doc:"Number of the assessment"`
	}
	sheetInput struct {
		ID   int64 `path:"id" minimum:"1" doc:"Number of the assessment"`
		Unit int64 `path:"unit" minimum:"1" doc:"Number of the unit that is assessed"`
	}
	appealInput struct {
		ID   int64 `path:"id" minimum:"1" doc:"Number of the assessment"`
		Unit int64 `path:"unit" minimum:"1" doc:"Number of the unit that is assessed"`
		Body struct {
			Line   string `json:"line" maxLength:"60" doc:"Indicator of the line"`
			Reason string `json:"reason" minLength:"1" maxLength:"1000"`
		} `nameHint:"AssessmentAppealToMake"`
	}
	answerAppealInput struct {
		ID   int64 `path:"id" minimum:"1" doc:"Number of the assessment"`
		Unit int64 `path:"unit" minimum:"1" doc:"Number of the unit that is assessed"`
		Body struct {
			Line        string `json:"line" maxLength:"60" doc:"Indicator of the line"`
			Upheld      bool   `json:"upheld" doc:"Whether the figure is corrected"`
			Numerator   int    `json:"numerator,omitempty" minimum:"0" doc:"upheld: as corrected"`
			Denominator int    `json:"denominator,omitempty" minimum:"0" doc:"upheld: as corrected"`
			Reason      string `json:"reason" minLength:"1" maxLength:"1000"`
		} `nameHint:"AssessmentAnswerToGive"`
	}
	assessmentsOutput struct {
		Body struct {
			Assessments []assessmentBody `json:"assessments" doc:"Those of the latest year first"`
		} `nameHint:"AssessmentList"`
	}
	assessmentOutput struct {
		Body struct {
			assessmentBody
			UnitKinds  []string         `json:"unit_kinds" doc:"Kinds of units that are assessed"`
			AppealDays int              `json:"appeal_days" doc:"Calendar days, from the day after the sheets were given out"`
			AsOf       date             `json:"as_of,omitempty" doc:"Of the figures; absent while the caller may not see them"`
			Lines      []schemeLineBody `json:"lines"`
			Sheets     []sheetRowBody   `json:"sheets" doc:"That the caller may see, in the order of the organisation, which is no ranking"`
		} `nameHint:"AssessmentPage"`
	}
	sheetOutput struct {
		Body struct {
			sheetRowBody
			AsOf  date            `json:"as_of"`
			From  date            `json:"from" doc:"First day of the period"`
			To    date            `json:"to" doc:"Last day of the period"`
			Until date            `json:"until,omitempty" doc:"Last day for appeals"`
			Lines []sheetLineBody `json:"lines"`
		} `nameHint:"AssessmentSheet"`
	}
	assessmentBody struct {
		ID      int64  `json:"id"`
		Owner   int64  `json:"owner" doc:"Unit under which units are assessed"`
		Year    int    `json:"year"`
		Name    string `json:"name"`
		Stage   string `json:"stage" enum:"draft,published,provisional,released,settled,withdrawn"`
		Manages bool   `json:"manages" doc:"The caller assesses"`
	}
	schemeLineBody struct {
		Indicator string `json:"indicator"`
		Name      string `json:"name"`
		NameEn    string `json:"name_en"`
		Weight    string `json:"weight" doc:"Points of 100" example:"37.5"`
		Full      string `json:"full" doc:"From here on all points" example:"95%"`
		Zero      string `json:"zero" doc:"Up to here none" example:"2/3"`
		Least     int    `json:"least" doc:"A denominator below it leaves the line out"`
	}
	sheetRowBody struct {
		Unit  int64  `json:"unit"`
		State string `json:"state" enum:"provisional,open,appealed,closing,settled"`
		Total string `json:"total" doc:"With two decimals; n/a where every line is left out" example:"71.25"`
		Exact string `json:"exact,omitempty" doc:"The total as the fraction it is" example:"285/4"`
		First string `json:"first" doc:"The total before corrections"`
	}
	sheetLineBody struct {
		Indicator   string      `json:"indicator"`
		Numerator   int         `json:"numerator"`
		Denominator int         `json:"denominator"`
		Left        bool        `json:"left" doc:"Left out: the denominator is too small"`
		Weight      string      `json:"weight" doc:"Points it can give, with its part of what was left out; n/a where it is left out itself"`
		Points      string      `json:"points"`
		Exact       string      `json:"exact,omitempty"`
		Counted     countBody   `json:"counted" doc:"The figure before corrections"`
		Appeal      *appealBody `json:"appeal,omitempty"`
	}
	countBody struct {
		Numerator   int `json:"numerator"`
		Denominator int `json:"denominator"`
	}
	appealBody struct {
		On     date          `json:"on"`
		Reason string        `json:"reason"`
		Answer *appealAnswer `json:"answer,omitempty" doc:"Absent while it waits"`
	}
	appealAnswer struct {
		On     date   `json:"on"`
		Upheld bool   `json:"upheld"`
		Reason string `json:"reason"`
	}
)

// assessments are the yearly sheets of units.
func (a *API) assessments() {
	add(a, operation{
		id: "list_assessments", method: http.MethodGet, path: "/assessments", tag: tagOrganisation, text: "api.op.assessments", about: "api.op.assessments.about", grant: grantRead,
	}, a.listAssessments)
	add(a, operation{
		id: "get_assessment", method: http.MethodGet, path: "/assessments/{id}", tag: tagOrganisation, text: "api.op.assessment", about: "api.op.assessment.about", grant: grantRead, absent: true,
	}, a.getAssessment)
	add(a, operation{
		id: "get_assessment_sheet", method: http.MethodGet, path: "/assessments/{id}/sheets/{unit}", tag: tagOrganisation, text: "api.op.assessment.sheet", about: "api.op.assessment.sheet.about",
		grant: grantRead, absent: true,
	}, a.getSheet)
	add(a, operation{
		id: "appeal_assessment", method: http.MethodPost, path: "/assessments/{id}/sheets/{unit}/appeals", tag: tagOrganisation, text: "api.op.assessment.appeal", about: "api.op.assessment.appeal.about",
		grant: grantAct, status: http.StatusNoContent, absent: true, conflict: true, request: map[string]any{"line": "on_time_b", "reason": "Two answers were given within the extension."},
	}, a.appealSheet)
	add(a, operation{
		id: "answer_assessment_appeal", method: http.MethodPost, path: "/assessments/{id}/sheets/{unit}/answers", tag: tagOrganisation, text: "api.op.assessment.answer", about: "api.op.assessment.answer.about",
		grant: grantAct, status: http.StatusNoContent, absent: true, conflict: true,
		request: map[string]any{"line": "on_time_b", "upheld": true, "numerator": 10, "denominator": 10, "reason": "The extensions are on record."},
	}, a.answerAppeal)
}

func assessmentOf(r usecase.AssessmentRow) assessmentBody {
	return assessmentBody{ID: r.ID, Owner: int64(r.Owner.ID), Year: r.Year, Name: r.Name, Stage: string(r.Stage), Manages: r.Manages}
}

func sheetRowOf(r usecase.SheetRow) sheetRowBody {
	return sheetRowBody{Unit: int64(r.Unit.ID), State: string(r.State), Total: assess.Points(r.Now.Total), Exact: assess.Exact(r.Now.Total), First: assess.Points(r.First.Total)}
}

func (a *API) listAssessments(ctx context.Context, _ *struct{}) (*assessmentsOutput, error) {
	found, err := a.Office.Assessments(ctx, callerOf(ctx).who)
	if err != nil {
		return nil, err
	}
	var out assessmentsOutput
	out.Body.Assessments = list(found, assessmentOf)
	return &out, nil
}

func (a *API) getAssessment(ctx context.Context, in *assessmentInput) (*assessmentOutput, error) {
	found, err := a.Office.Assessment(ctx, callerOf(ctx).who, in.ID)
	if err != nil {
		return nil, err
	}
	var out assessmentOutput
	b := &out.Body
	b.assessmentBody, b.AppealDays, b.AsOf, b.Sheets = assessmentOf(found.AssessmentRow), found.Scheme.AppealDays, dateOf(found.AsOf), list(found.Sheets, sheetRowOf)
	b.UnitKinds = list(found.Scheme.Kinds, func(k org.UnitKind) string { return string(k) })
	b.Lines = list(found.Lines, func(l usecase.AssessLine) schemeLineBody {
		return schemeLineBody{
			Indicator: l.Indicator, Name: l.Definition.Name, NameEn: l.Definition.English, Weight: assess.Hundredths(l.Weight), Full: l.Full.String(), Zero: l.Zero.String(), Least: l.Least,
		}
	})
	return &out, nil
}

func (a *API) getSheet(ctx context.Context, in *sheetInput) (*sheetOutput, error) {
	found, err := a.Office.AssessmentSheet(ctx, callerOf(ctx).who, in.ID, org.UnitID(in.Unit))
	if err != nil {
		return nil, err
	}
	var out sheetOutput
	b := &out.Body
	b.sheetRowBody, b.AsOf, b.Until, b.Lines = sheetRowOf(found.Sheet), dateOf(found.AsOf), dateOf(found.Until), list(found.Lines, sheetLineOf)
	p := found.Lines[0].Behind.Period // a scheme has a line
	b.From, b.To = dateOf(p.From), dateOf(p.To)
	return &out, nil
}

func sheetLineOf(l usecase.SheetLine) sheetLineBody {
	b := sheetLineBody{
		Indicator: l.Indicator, Numerator: l.Now.Count.Sum, Denominator: l.Now.Count.Of, Left: l.Now.Left, Weight: assess.Points(l.Now.Weight), Points: assess.Points(l.Now.Points),
		Exact: assess.Exact(l.Now.Points), Counted: countBody{Numerator: l.First.Count.Sum, Denominator: l.First.Count.Of},
	}
	if l.Appeal != nil {
		b.Appeal = &appealBody{On: dateOf(l.Appeal.Event.Day()), Reason: l.Appeal.Reason}
		if e := l.Appeal.Answer; e != nil {
			b.Appeal.Answer = &appealAnswer{On: dateOf(e.Day()), Upheld: e.Body.Upheld, Reason: e.Body.Reason}
		}
	}
	return b
}

func (a *API) appealSheet(ctx context.Context, in *appealInput) (*nothing, error) {
	return &nothing{}, a.Office.ActSheet(ctx, callerOf(ctx).who, in.ID, org.UnitID(in.Unit), usecase.SheetAct{Kind: assess.Appealed, Line: in.Body.Line, Reason: in.Body.Reason})
}

func (a *API) answerAppeal(ctx context.Context, in *answerAppealInput) (*nothing, error) {
	return &nothing{}, a.Office.ActSheet(ctx, callerOf(ctx).who, in.ID, org.UnitID(in.Unit), usecase.SheetAct{
		Kind: assess.Answered, Line: in.Body.Line, Upheld: in.Body.Upheld, Count: assess.Count{Sum: in.Body.Numerator, Of: in.Body.Denominator}, Reason: in.Body.Reason,
	})
}
