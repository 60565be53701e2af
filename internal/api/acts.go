package api

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"huiyin/internal/errs"
	"huiyin/internal/i18n"
	"huiyin/internal/matter"
	"huiyin/internal/org"
)

// What an act is called with and what it leaves. Embedded types are exported so that huma reads them.
type (
	actInput struct {
		RefInput
		OwnActInput
	}
	// OwnActInput is the call of an act on a matter that is known.
	OwnActInput struct {
		OnceInput
		IfMatch string `header:"If-Match" doc:"The version that was read, as ETag gave it; if somebody was faster the answer is 409" example:"\"3\""`
		Version int    `query:"version" minimum:"1" doc:"The same where a header cannot be set"`
		Body    *json.RawMessage
	}
	// VersionOutput is what every answer about one matter has at its head.
	VersionOutput struct {
		ETag string `header:"ETag" doc:"The version, for If-Match"` //nolint:tagliatelle // as RFC 9110 writes it
	}
	actOutput struct {
		VersionOutput
		Body struct {
			Ref     refText   `json:"ref"`
			Version int       `json:"version"`
			State   stateWord `json:"state"`
		} `nameHint:"ActDone"`
	}
)

// version is the version the caller looked at, zero where they did not say.
func (in OwnActInput) version() (int, error) {
	if in.IfMatch == "" {
		return in.Version, nil
	}
	var n int
	if err := json.Unmarshal([]byte(strings.Trim(in.IfMatch, `"`)), &n); err != nil || n < 1 || (in.Version != 0 && in.Version != n) {
		return 0, errs.Fields([]errs.Field{errs.F("If-Match", "api.version")})
	}
	return n, nil
}

// acts makes one operation of every command there is, for staff's machines and, where the procedure gives the act to petitioners, for them:
// a new act of the domain is in the API by itself.
func (a *API) acts() {
	for _, c := range matter.Commands() {
		act := c.Act()
		row, _ := a.Office.Procedure().Row(act)
		a.actSchema(c)
		if slices.ContainsFunc(row.By, func(p matter.Power) bool { return p != matter.PowerPetitioner && p != matter.PowerSystem }) {
			op := a.actOperation(c, "act_", "/matters/{ref}/acts/")
			op.tag, op.grant, op.absent = tagActs, grantAct, true
			add(a, op, func(ctx context.Context, in *actInput) (*actOutput, error) {
				ref, err := parseRef(string(in.Ref))
				if err != nil {
					return nil, err
				}
				return a.act(ctx, callerOf(ctx).who, ref, act, in.OwnActInput)
			})
		}
		if slices.Contains(row.By, matter.PowerPetitioner) {
			op := a.actOperation(c, "my_act_", "/my/acts/")
			op.tag, op.citizen = tagCitizen, true
			add(a, op, func(ctx context.Context, in *OwnActInput) (*actOutput, error) {
				who := callerOf(ctx).who
				own, err := a.Office.Track(ctx, who)
				if err != nil {
					return nil, err
				}
				return a.act(ctx, who, own.Matter.Ref, act, *in)
			})
		}
	}
}

// act carries out one step.
func (a *API) act(ctx context.Context, who org.Actor, ref matter.Ref, act matter.Act, in OwnActInput) (*actOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	key, err := in.once(who)
	if err != nil {
		return nil, err
	}
	command, ok := matter.NewCommand(act)
	if !ok {
		return nil, errs.E(errs.NotFound, "act.unknown")
	}
	if in.Body != nil {
		// the schema was checked, so what is left is a day or a number that reads well and does not exist
		if err := json.Unmarshal(*in.Body, command); err != nil {
			return nil, errs.E(errs.Invalid, "api.body.value")
		}
	}
	done, err := a.Office.DoOnce(ctx, who, ref, version, command, key)
	if err != nil {
		return nil, err
	}
	return actDone(done), nil
}

func (a *API) actOperation(c matter.Command, id, path string) operation {
	act := string(c.Act())
	inputs := matter.Inputs(c)
	needed := slices.ContainsFunc(inputs, func(in matter.Input) bool { return in.Need })
	return operation{
		id: id + act, method: http.MethodPost, path: path + act, text: "act." + act + ".name", about: "act." + act + ".hint",
		conflict: true, body: bodyOf(&huma.Schema{Ref: "#/components/schemas/" + actSchemaName(c.Act())}, needed), request: exampleAct(inputs),
	}
}

// actSchemaName is the name of an act's body: request_material becomes ActRequestMaterial.
func actSchemaName(act matter.Act) string {
	var name strings.Builder
	name.WriteString("Act")
	for part := range strings.SplitSeq(string(act), "_") {
		name.WriteString(strings.ToUpper(part[:1]) + part[1:])
	}
	return name.String()
}

// actSchema describes the body of an act by what the command says of its fields.
func (a *API) actSchema(c matter.Command) {
	t := a.Catalog.For(i18n.En)
	s := &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{}, AdditionalProperties: false}
	for _, in := range matter.Inputs(c) {
		field := a.inputSchema(in)
		field.Description = inputText(t, c.Act(), in)
		s.Properties[in.Name] = field
		if in.Need {
			s.Required = append(s.Required, in.Name)
		}
	}
	s.PrecomputeMessages()
	a.huma.OpenAPI().Components.Schemas.Map()[actSchemaName(c.Act())] = s
}

// inputText is what the form writes beside a field.
func inputText(t *i18n.Speaker, act matter.Act, in matter.Input) string {
	own := "form." + string(act) + "." + in.Name
	label := t.T("form." + in.Name)
	if t.Has(own) {
		label = t.T(own)
	}
	if t.Has(own + ".hint") {
		label += ". " + t.T(own+".hint")
	}
	return label
}

func (a *API) inputSchema(in matter.Input) *huma.Schema {
	text := func() *huma.Schema {
		limit := in.Max
		return &huma.Schema{Type: huma.TypeString, MaxLength: &limit}
	}
	one, most := 1.0, matter.MaxItems
	switch in.Kind {
	case "day":
		return date("").Schema(nil)
	case "number", "unit", "superior", "person":
		return &huma.Schema{Type: huma.TypeInteger, Format: "int64", Minimum: &one}
	case "yes":
		return &huma.Schema{Type: huma.TypeBoolean}
	case "submission":
		return refText("").Schema(nil)
	case "choice":
		return oneOf(matter.Offered(in.Of, false)) // no key reaches the sealed compartment
	case "files":
		limit := matter.MaxLine
		return &huma.Schema{Type: huma.TypeArray, MaxItems: &most, Items: &huma.Schema{Type: huma.TypeString, MaxLength: &limit}}
	case "answers":
		return &huma.Schema{Type: huma.TypeArray, MaxItems: &most, Items: a.answerSchema()}
	default:
		return text()
	}
}

// answerSchema is the outcome of one demand. What must be given in it is checked with the demands.
func (a *API) answerSchema() *huma.Schema {
	schemas := a.huma.OpenAPI().Components.Schemas
	return schemas.Schema(answerInputType(), true, "AnswerInput")
}

// exampleAct is a body that an act takes: what it usually needs, or its first field where one of several will do.
func exampleAct(inputs []matter.Input) map[string]any {
	out := map[string]any{}
	choice := !slices.ContainsFunc(inputs, func(in matter.Input) bool { return in.Need })
	for i, in := range inputs {
		if !in.Need && !in.Usual && in.Kind != "yes" && (!choice || i > 0) {
			continue
		}
		switch in.Kind {
		case "day":
			out[in.Name] = "2026-09-28"
		case "number":
			out[in.Name] = 30
		case "unit", "superior", "person":
			out[in.Name] = 7
		case "yes":
			out[in.Name] = true
		case "submission":
			out[in.Name] = exampleRef
		case "choice":
			out[in.Name] = matter.Choices(in.Of)[0]
		case "answers":
			out[in.Name] = []any{map[string]any{
				"demand": 1, "outcome": "support", "facts": "The lamp is broken.", "basis": "Regulation on urban lighting, Article 20",
				"promise": "The lamp is replaced", "promise_by": "2026-10-20",
			}}
		default:
			out[in.Name] = "In plain words."
		}
	}
	return out
}
