package api

import (
	"bytes"
	"context"
	"encoding/json"
	"unicode/utf8"

	"huiyin/internal/errs"
	"huiyin/internal/find"
	"huiyin/internal/i18n"
	"huiyin/internal/matter"
	"huiyin/internal/reply"
)

type (
	replyCheckInput struct {
		RefInput
		Body struct {
			Act  actWord        `json:"act" enum:"draft,reply,draft_review,issue,serve,issue_review,serve_review" doc:"The step with which the reply is written or leaves"`
			Step map[string]any `json:"step,omitempty" doc:"What the step would be called with; a draft or an answer is checked as it is given here, a signature or a service checks what stands"`
		} `nameHint:"ReplyToCheck"`
	}
	replyCheckOutput struct {
		Body struct {
			Findings []findingBody `json:"findings" doc:"What has to be mended first"`
			Compared int           `json:"compared" doc:"With how many other replies it was compared"`
			Asks     bool          `json:"asks" doc:"The step needs despite: why the reply leaves as it is"`
		} `nameHint:"ReplyFindings"`
	}
	findingBody struct {
		Code     string        `json:"code" example:"article_none"`
		Severity string        `json:"severity" enum:"must,should" doc:"What must be mended needs a reason to go on with"`
		Text     string        `json:"text" doc:"The same in words"`
		Article  string        `json:"article,omitempty" doc:"The article that asks for it; absent for the office's own rules"`
		Demand   int           `json:"demand,omitempty" doc:"Whose answer it is in; absent for the reply as a whole"`
		Field    string        `json:"field,omitempty" example:"answers.0.basis"`
		At       []stretchBody `json:"at" doc:"Where in that field"`
		Matter   refText       `json:"matter,omitempty" doc:"Whose reply it is like"`
	}
	stretchBody struct {
		From int `json:"from" doc:"Characters before it"`
		To   int `json:"to" doc:"Characters up to its end"`
	}
)

// checkReply checks a reply and writes nothing.
func (a *API) checkReply(ctx context.Context, in *replyCheckInput) (*replyCheckOutput, error) {
	ref, err := parseRef(string(in.Ref))
	if err != nil {
		return nil, err
	}
	c, err := stepAs(matter.Act(in.Body.Act), in.Body.Step)
	if err != nil {
		return nil, err
	}
	found, err := a.Office.CheckReply(ctx, callerOf(ctx).who, ref, c)
	if err != nil {
		return nil, err
	}
	var out replyCheckOutput
	out.Body.Compared, out.Body.Asks = found.Compared, found.Asks()
	t := callerOf(ctx).t
	out.Body.Findings = list(found.Findings, func(f reply.Finding) findingBody { return findingOf(t, f, found.Texts[f.Field]) })
	return &out, nil
}

// stepAs makes the command of an act from what it would be called with.
func stepAs(act matter.Act, step map[string]any) (matter.Command, error) {
	c, ok := matter.NewCommand(act)
	if !ok {
		return nil, errs.E(errs.NotFound, "act.unknown")
	}
	if len(step) == 0 {
		return c, nil
	}
	body, err := json.Marshal(step)
	if err != nil {
		return nil, errs.E(errs.Invalid, "api.body.value").Because(err)
	}
	read := json.NewDecoder(bytes.NewReader(body))
	read.DisallowUnknownFields()
	if err := read.Decode(c); err != nil {
		return nil, errs.E(errs.Invalid, "api.body.value").Because(err)
	}
	return c, nil
}

func findingOf(t *i18n.Speaker, f reply.Finding, words string) findingBody {
	b := findingBody{
		Code: string(f.Code), Severity: string(f.Severity), Text: t.Say("reply."+string(f.Code), f.Args), Article: article(t, f.Article), Demand: f.Demand, Field: f.Field,
		At: list(f.At, func(r find.Range) stretchBody {
			from := utf8.RuneCountInString(words[:r.From])
			return stretchBody{From: from, To: from + utf8.RuneCountInString(words[r.From:r.To])}
		}),
	}
	if !f.Matter.IsZero() {
		b.Matter = refOf(f.Matter)
	}
	return b
}
