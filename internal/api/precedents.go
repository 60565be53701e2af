package api

import (
	"context"
	"net/http"
	"time"

	"huiyin/internal/usecase"
)

type (
	precedentsOutput struct {
		Body struct {
			Precedents []precedentBody `json:"precedents" doc:"Those handled by the rules in force first, then the more alike, at most five; empty where nothing is alike enough"`
		} `nameHint:"PrecedentList"`
	}
	// precedentBody is a settled matter of one kind with the one asked about. It names nobody.
	precedentBody struct {
		Matter    MatterRow             `json:"matter"`
		Likeness  float64               `json:"likeness" minimum:"0" maximum:"1" doc:"How probably both are about the same thing; from 0.5 on they are of one kind"`
		Answers   []precedentAnswerBody `json:"answers" doc:"What became of each demand"`
		Bases     []string              `json:"bases" doc:"The provisions that the answers cite, at most three"`
		Current   bool                  `json:"current_rules" doc:"It was handled by the rules in force now"`
		Days      *int                  `json:"days,omitempty" doc:"From receipt until the handling was finished"`
		Satisfied bool                  `json:"satisfied" doc:"It was rated, and by everybody as satisfying; always false for a key of the unit that was rated"`
	}
	precedentAnswerBody struct {
		Demand  string      `json:"demand"`
		Outcome outcomeWord `json:"outcome"`
	}
	kinOutput struct {
		Body struct {
			Matters []kinBody `json:"matters" doc:"The likeliest first, at most thirty; empty while the matter itself is not settled"`
		} `nameHint:"KinList"`
	}
	kinBody struct {
		Matter   MatterRow `json:"matter"`
		Likeness float64   `json:"likeness" minimum:"0" maximum:"1" doc:"How probably both are about the same thing"`
	}
)

type (
	notKinInput struct {
		RefInput
		Body struct {
			Other  refText `json:"other" doc:"The matter that reads alike"`
			Reason string  `json:"reason" minLength:"1" maxLength:"500" doc:"How the two differ; no names, telephone or identity numbers"`
		} `nameHint:"NotKinReason"`
	}
	kinPairInput struct {
		RefInput
		Other refText `path:"other" doc:"The matter that was said not to be of one kind" example:"330112-2026-0000124"`
	}
	notKinOutput struct {
		Body struct {
			Matters []notKinBody `json:"matters" doc:"The newest first"`
		} `nameHint:"NotKinList"`
	}
	notKinBody struct {
		Matter MatterRow `json:"matter"`
		At     time.Time `json:"at"`
		Unit   UnitBrief `json:"unit" doc:"Whose duty said it"`
		Person string    `json:"person,omitempty" doc:"Absent for a machine"`
		Reason string    `json:"reason"`
	}
)

// kinds are what matters of one kind teach each other.
func (a *API) kinds() {
	add(a, operation{
		id: "list_precedents", method: http.MethodGet, path: "/matters/{ref}/precedents", tag: tagMatters, text: "api.op.precedents", about: "api.op.precedents.about",
		grant: grantRead, absent: true,
	}, a.precedents)
	add(a, operation{
		id: "list_kin", method: http.MethodGet, path: "/matters/{ref}/kin", tag: tagMatters, text: "api.op.kin", about: "api.op.kin.about",
		grant: grantRead, absent: true,
	}, a.kin)
	add(a, operation{
		id: "list_not_kin", method: http.MethodGet, path: "/matters/{ref}/not-kin", tag: tagMatters, text: "api.op.not_kin", about: "api.op.not_kin.about",
		grant: grantRead, absent: true,
	}, a.notKin)
	add(a, operation{
		id: "say_not_kin", method: http.MethodPost, path: "/matters/{ref}/not-kin", tag: tagMatters, text: "api.op.kin.apart", about: "api.op.kin.apart.about",
		grant: grantAct, status: http.StatusNoContent, absent: true, conflict: true, request: map[string]any{"other": "330112-2026-0000124", "reason": "One is about the shop, the other about the flats above."},
	}, a.sayNotKin)
	add(a, operation{
		id: "take_back_not_kin", method: http.MethodDelete, path: "/matters/{ref}/not-kin/{other}", tag: tagMatters, text: "api.op.kin.back", about: "api.op.kin.back.about",
		grant: grantAct, status: http.StatusNoContent, absent: true, conflict: true,
	}, a.takeBackNotKin)
}

func (a *API) precedents(ctx context.Context, in *RefInput) (*precedentsOutput, error) {
	ref, err := parseRef(string(in.Ref))
	if err != nil {
		return nil, err
	}
	found, err := a.Office.Precedents(ctx, callerOf(ctx).who, ref)
	if err != nil {
		return nil, err
	}
	var out precedentsOutput
	out.Body.Precedents = list(found, func(p usecase.Precedent) precedentBody {
		b := precedentBody{
			Matter: a.row(p.RowView), Likeness: p.Likeness, Bases: append([]string{}, p.Bases...), Current: p.Current, Satisfied: p.Satisfied,
			Answers: list(p.Answers, func(x usecase.PrecedentAnswer) precedentAnswerBody {
				return precedentAnswerBody{Demand: x.Demand, Outcome: outcomeWord(x.Outcome)}
			}),
		}
		if p.Days >= 0 {
			b.Days = &p.Days
		}
		return b
	})
	return &out, nil
}

func (a *API) kin(ctx context.Context, in *RefInput) (*kinOutput, error) {
	ref, err := parseRef(string(in.Ref))
	if err != nil {
		return nil, err
	}
	found, err := a.Office.Kin(ctx, callerOf(ctx).who, ref)
	if err != nil {
		return nil, err
	}
	var out kinOutput
	out.Body.Matters = list(found, func(k usecase.Kin) kinBody { return kinBody{Matter: a.row(k.RowView), Likeness: k.Likeness} })
	return &out, nil
}

func (a *API) notKin(ctx context.Context, in *RefInput) (*notKinOutput, error) {
	ref, err := parseRef(string(in.Ref))
	if err != nil {
		return nil, err
	}
	found, err := a.Office.NotKin(ctx, callerOf(ctx).who, ref)
	if err != nil {
		return nil, err
	}
	var out notKinOutput
	out.Body.Matters = list(found, func(k usecase.NotKin) notKinBody {
		return notKinBody{Matter: a.row(k.RowView), At: instant(k.AtUS), Unit: briefOf(k.At), Person: k.Person, Reason: k.Reason}
	})
	return &out, nil
}

func (a *API) sayNotKin(ctx context.Context, in *notKinInput) (*nothing, error) {
	ref, other, err := pair(in.Ref, in.Body.Other)
	if err != nil {
		return nil, err
	}
	return &nothing{}, a.Office.SayNotKin(ctx, callerOf(ctx).who, ref, other, in.Body.Reason)
}

func (a *API) takeBackNotKin(ctx context.Context, in *kinPairInput) (*nothing, error) {
	ref, other, err := pair(in.Ref, in.Other)
	if err != nil {
		return nil, err
	}
	return &nothing{}, a.Office.TakeBackNotKin(ctx, callerOf(ctx).who, ref, other)
}
