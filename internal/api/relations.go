package api

import (
	"context"
	"net/http"
	"reflect"
	"time"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/usecase"
)

// answerInput is the outcome of one demand as a body gives it.
type answerInput struct {
	Demand    int         `json:"demand" minimum:"1" doc:"Number of the demand"`
	Outcome   outcomeWord `json:"outcome"`
	Facts     string      `json:"facts" maxLength:"20000"`
	Basis     string      `json:"basis" maxLength:"20000"`
	Promise   string      `json:"promise,omitempty" maxLength:"20000" doc:"What is promised; needs its day"`
	PromiseBy date        `json:"promise_by,omitempty"`
}

func answerInputType() reflect.Type { return reflect.TypeFor[answerInput]() }

type (
	linkInput struct {
		RefInput
		Body struct {
			Other  refText `json:"other" doc:"The matter whose submission is joined to this one"`
			Reason string  `json:"reason" minLength:"1" maxLength:"20000"`
		} `nameHint:"Link"`
	}
	unlinkInput struct {
		RefInput
		Other  refText `path:"other" doc:"The matter that rests here" example:"330112-2026-0000124"`
		Reason string  `query:"reason" required:"true" minLength:"1" maxLength:"1000" doc:"Why, in words"`
	}
	identityInput struct {
		RefInput
		Body struct {
			Submission refText `json:"submission"`
			Reason     string  `json:"reason" enum:"contact,serve,verify,review"`
			Words      string  `json:"words" maxLength:"200" doc:"Why, in words; the petitioner reads it"`
		} `nameHint:"OpenIdentities"`
	}
	identityOutput struct {
		Body struct {
			People []petitionerBody `json:"people"`
		} `nameHint:"Identities"`
	}
	looksInput struct {
		Before time.Time `query:"before" doc:"Openings before this instant; the newest where it is absent"`
	}
	looksOutput struct {
		Body struct {
			Looks []lookBody `json:"looks" doc:"Newest first, at most 50"`
		} `nameHint:"LookList"`
	}
	lookBody struct {
		At         time.Time `json:"at"`
		Submission refText   `json:"submission"`
		Unit       UnitBrief `json:"unit"`
		Person     string    `json:"person,omitempty" doc:"Absent for a machine"`
		Reason     string    `json:"reason"`
		Words      string    `json:"words"`
	}
	proofOutput struct {
		Body struct {
			Ref      refText `json:"ref"`
			Link     string  `json:"link" doc:"Link of the registration or of a later event of the matter"`
			Seq      int     `json:"seq" doc:"Number of that event"`
			Position int64   `json:"position" doc:"Its place in the log of its home"`
			Length   int64   `json:"length" doc:"Length of the log"`
			Head     string  `json:"head" doc:"Link of the log's last place"`
		} `nameHint:"Proof"`
	}
	nothing struct{}
)

// relations are links between matters, openings of identities and the record.
func (a *API) relations() {
	add(a, operation{
		id: "join_matter", method: http.MethodPost, path: "/matters/{ref}/links", tag: tagMatters, text: "act.join.name", about: "act.join.hint",
		grant: grantAct, status: http.StatusNoContent, absent: true, conflict: true, request: map[string]any{"other": "330112-2026-0000124", "reason": "In plain words."},
	}, a.join)
	add(a, operation{
		id: "separate_matter", method: http.MethodDelete, path: "/matters/{ref}/links/{other}", tag: tagMatters, text: "act.separate.name", about: "act.separate.hint",
		grant: grantAct, status: http.StatusNoContent, absent: true, conflict: true,
	}, a.separate)
	add(a, operation{
		id: "check_reply", method: http.MethodPost, path: "/matters/{ref}/reply-check", tag: tagMatters, text: "api.op.reply_check", about: "api.op.reply_check.about",
		grant: grantAct, absent: true, conflict: true, request: map[string]any{"act": "issue"},
	}, a.checkReply)
	add(a, operation{
		id: "open_identities", method: http.MethodPost, path: "/matters/{ref}/identities", tag: tagMatters, text: "api.op.identities", about: "api.op.identities.about",
		grant: grantAct, absent: true, request: map[string]any{"submission": exampleRef, "reason": "contact", "words": "To arrange the site visit"},
	}, a.openIdentities)
	add(a, operation{
		id: "list_looks", method: http.MethodGet, path: "/looks", tag: tagProof, text: "api.op.looks", about: "api.op.looks.about", grant: grantRead,
	}, a.looks)
	add(a, operation{
		id: "get_proof", method: http.MethodGet, path: "/proof/{ref}", tag: tagProof, text: "api.op.proof", about: "api.op.proof.about", open: true, absent: true,
	}, a.proof)
}

func (a *API) join(ctx context.Context, in *linkInput) (*nothing, error) {
	ref, other, err := pair(in.Ref, in.Body.Other)
	if err != nil {
		return nil, err
	}
	return &nothing{}, a.Office.Join(ctx, callerOf(ctx).who, ref, other, in.Body.Reason)
}

func (a *API) separate(ctx context.Context, in *unlinkInput) (*nothing, error) {
	ref, other, err := pair(in.Ref, in.Other)
	if err != nil {
		return nil, err
	}
	return &nothing{}, a.Office.Separate(ctx, callerOf(ctx).who, ref, other, in.Reason)
}

func pair(ref, other refText) (here, there matter.Ref, err error) {
	if here, err = parseRef(string(ref)); err != nil {
		return matter.Ref{}, matter.Ref{}, err
	}
	there, err = matter.ParseRef(string(other))
	if err != nil {
		err = errs.Fields([]errs.Field{errs.F("other", errs.CodeOf(err))})
	}
	return here, there, err
}

func (a *API) openIdentities(ctx context.Context, in *identityInput) (*identityOutput, error) {
	ref, err := parseRef(string(in.Ref))
	if err != nil {
		return nil, err
	}
	submission, err := matter.ParseRef(string(in.Body.Submission))
	if err != nil {
		return nil, errs.Fields([]errs.Field{errs.F("submission", errs.CodeOf(err))})
	}
	people, err := a.Office.OpenIdentity(ctx, callerOf(ctx).who, ref, submission, in.Body.Reason, in.Body.Words)
	if err != nil {
		return nil, err
	}
	var out identityOutput
	out.Body.People = list(people, func(p matter.Petitioner) petitionerBody {
		return petitionerBody{Role: partyWord(p.Role), Name: p.Name, IDNumber: p.IDNumber, Phone: p.Phone, Address: p.Address}
	})
	return &out, nil
}

func (a *API) looks(ctx context.Context, in *looksInput) (*looksOutput, error) {
	var before int64
	if !in.Before.IsZero() {
		before = in.Before.UnixMicro()
	}
	looks, err := a.Office.LookLog(ctx, callerOf(ctx).who, before)
	if err != nil {
		return nil, err
	}
	var out looksOutput
	out.Body.Looks = list(looks, a.look)
	return &out, nil
}

func (a *API) look(l usecase.LookView) lookBody {
	return lookBody{
		At: instant(l.AtUS), Submission: refOf(l.Submission), Unit: briefOf(l.Unit), Person: l.Person, Reason: l.Reason, Words: l.Words,
	}
}

func (a *API) proof(ctx context.Context, in *RefInput) (*proofOutput, error) {
	ref, err := parseRef(string(in.Ref))
	if err != nil {
		return nil, err
	}
	p, err := a.Office.ProofOf(ctx, ref)
	if err != nil {
		return nil, err
	}
	if p.Pos == 0 {
		return nil, errs.E(errs.NotFound, "api.proof.none")
	}
	var out proofOutput
	out.Body.Ref, out.Body.Link, out.Body.Seq, out.Body.Position, out.Body.Length, out.Body.Head = refOf(ref), p.Link, p.Seq, p.Pos, p.Head, p.HeadIs
	return &out, nil
}
