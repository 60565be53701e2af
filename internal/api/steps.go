package api

import (
	"context"
	"encoding/json"
	"net/http"
	"reflect"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/usecase"
)

// stepFields is one step: the act, and beside it the fields that the act's own operation takes.
type stepFields map[string]any

// Schema asks for the act; the other fields are checked against the act's own schema when it is known.
func (stepFields) Schema(r huma.Registry) *huma.Schema {
	s := &huma.Schema{
		Type: huma.TypeObject, Required: []string{"act"}, AdditionalProperties: true,
		Properties: map[string]*huma.Schema{"act": actWord("").Schema(r)},
	}
	s.PrecomputeMessages()
	return s
}

type stepsInput struct {
	RefInput
	OnceInput
	Body struct {
		Version int          `json:"version,omitempty" minimum:"1" doc:"The version that was read; if somebody was faster the answer is 409"`
		Steps   []stepFields `json:"steps" minItems:"1" maxItems:"10" doc:"Each names its act, with the fields of that act beside it"`
	} `nameHint:"Steps"`
}

func (a *API) steps() {
	add(a, operation{
		id: "take_steps", method: http.MethodPost, path: "/matters/{ref}/steps", tag: tagActs, text: "api.op.steps", about: "api.op.steps.about",
		grant: grantAct, absent: true, conflict: true, request: map[string]any{"version": 3, "steps": []any{
			map[string]any{"act": "sign"}, map[string]any{"act": "accept", "contact": "Window 3, 0571-00000000"},
		}},
	}, a.takeSteps)
}

// takeSteps carries out several steps of one actor, all or none.
func (a *API) takeSteps(ctx context.Context, in *stepsInput) (*actOutput, error) {
	who := callerOf(ctx).who
	ref, err := parseRef(string(in.Ref))
	if err != nil {
		return nil, err
	}
	key, err := in.once(who)
	if err != nil {
		return nil, err
	}
	commands, err := a.commands(in.Body.Steps)
	if err != nil {
		return nil, err
	}
	done, err := a.Office.DoAll(ctx, who, ref, in.Body.Version, commands, key)
	if err != nil {
		return nil, err
	}
	return actDone(done), nil
}

func actDone(done usecase.Done) *actOutput {
	out := actOutput{VersionOutput: versionOf(done.Version)}
	out.Body.Ref, out.Body.Version, out.Body.State = refOf(done.Ref), done.Version, stateWord(done.State)
	return &out
}

// commands reads the steps. What is wrong with any of them is said at once, with its place in the list.
func (a *API) commands(steps []stepFields) ([]matter.Command, error) {
	schemas := a.huma.OpenAPI().Components.Schemas
	var fields []errs.Field
	out := make([]matter.Command, len(steps))
	for i, s := range steps {
		at := "steps." + strconv.Itoa(i)
		name, _ := s["act"].(string) // the schema was checked
		form, ok := a.forms[matter.Act(name)]
		if !ok {
			fields = append(fields, errs.F(at+".act", "field.choice"))
			continue
		}
		command, _ := reflect.TypeAssert[matter.Command](reflect.New(form))
		delete(s, "act")
		var found huma.ValidateResult
		path := huma.NewPathBuffer([]byte("body."+at), len("body."+at))
		huma.Validate(schemas, schemas.Map()[actSchemaName(command.Act())], path, huma.ModeWriteToServer, map[string]any(s), &found)
		for _, err := range found.Errors {
			if d, ok := err.(*huma.ErrorDetail); ok { //nolint:errorlint // huma makes nothing else, and wraps nothing
				fields = append(fields, fieldOf(d))
			}
		}
		if len(found.Errors) > 0 {
			continue
		}
		text, err := json.Marshal(s)
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal(text, command); err != nil { // a day or a number that reads well and does not exist
			fields = append(fields, errs.F(at, "api.field.form"))
			continue
		}
		for _, f := range command.Check() {
			f.Path = at + "." + f.Path
			fields = append(fields, f)
		}
		out[i] = command
	}
	return out, errs.Fields(fields)
}
