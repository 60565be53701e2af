package api

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"huiyin/internal/errs"
	"huiyin/internal/httpx"
	"huiyin/internal/i18n"
	"huiyin/internal/usecase"
)

// operation is one operation: where it is, who may call it, and the texts that describe it.
type operation struct {
	id       string // operationId
	method   string
	path     string // below base
	tag      string
	text     string // key of the summary
	about    string // key of the description
	open     bool   // for anybody
	citizen  bool   // for the holder of a petitioner's token
	grant    string // for a machine's key with this grant
	also     string // or with this one
	status   int    // of success; 200
	limit    int64  // bytes of the body; httpx.DefaultBody
	absent   bool   // can answer 404
	conflict bool   // can answer 409
	limited  bool   // can answer 429
	body     *huma.RequestBody
	raw      bool                       // the handler reads the body itself, as it comes (see streamed)
	answers  map[string]*huma.MediaType // of success, where it is not JSON
	request  any                        // example of the body
}

// The tags, in the order of the description.
const (
	tagSubmissions  = "submissions"
	tagMatters      = "matters"
	tagActs         = "acts"
	tagCitizen      = "citizen"
	tagAttachments  = "attachments"
	tagDocuments    = "documents"
	tagPlaces       = "places"
	tagOrganisation = "organisation"
	tagFigures      = "figures"
	tagLaw          = "law"
	tagMachines     = "machines"
	tagProof        = "proof"
)

// The grants of a machine's key.
const (
	grantRegister = "register"
	grantRead     = "read"
	grantAct      = "act"
	grantFigures  = "figures"
	grantImport   = "import"
	grantManage   = usecase.GrantManage
	grantAny      = "any" // whatever grant the key has
)

// The names of the two ways to sign a request.
const (
	schemeMachine = "machine_key"
	schemeCitizen = "citizen_token"
)

// bodyTime is how long a request may take to arrive.
const bodyTime = time.Minute

// add puts an operation in place. The handler gets who calls from the context by callerOf.
func add[I, O any](a *API, op operation, handle func(context.Context, *I) (*O, error)) {
	a.ops = append(a.ops, op)
	t := a.Catalog.For(i18n.En)
	h := huma.Operation{
		OperationID: op.id, Method: op.method, Path: op.path, Tags: []string{op.tag}, Summary: t.T(op.text), Description: t.T(op.about),
		DefaultStatus: op.status, MaxBodyBytes: op.limit, BodyReadTimeout: bodyTime, RequestBody: op.body, SkipValidateBody: op.raw,
		Middlewares: huma.Middlewares{a.authenticate(op)}, Responses: a.responses(op), Security: []map[string][]string{},
	}
	if h.MaxBodyBytes == 0 {
		h.MaxBodyBytes = httpx.DefaultBody
	} else {
		h.BodyReadTimeout = uploadTime
	}
	if op.raw { // described only, below: huma would read it
		h.RequestBody = nil
	}
	if op.grant != "" {
		h.Security = append(h.Security, map[string][]string{schemeMachine: {}})
		h.Description += " " + t.T("api.about.grant", "grant", op.grants(t))
	}
	if op.citizen {
		h.Security = append(h.Security, map[string][]string{schemeCitizen: {}})
	}
	if op.open {
		h.Security = append(h.Security, map[string][]string{})
	}
	huma.Register(a.huma, h, func(ctx context.Context, in *I) (*O, error) {
		out, err := handle(ctx, in)
		if m, ok := errors.AsType[*huma.ErrorModel](err); ok { // what huma itself would have said
			return nil, m
		}
		if err != nil {
			return nil, &failure{err}
		}
		return out, nil
	})
	if op.raw {
		a.made(op).RequestBody = op.body
	}
	a.examples(op)
}

// responses are those of an operation besides what its type says.
func (a *API) responses(op operation) map[string]*huma.Response {
	kinds := []errs.Kind{errs.Invalid, errs.Internal, errs.Unavailable}
	if !op.open {
		kinds = append(kinds, errs.Unauthenticated, errs.Forbidden)
	}
	if op.absent {
		kinds = append(kinds, errs.NotFound)
	}
	if op.conflict {
		kinds = append(kinds, errs.Conflict)
	}
	if op.limited {
		kinds = append(kinds, errs.TooMany)
	}
	if op.grant != "" && !op.limited { // every key has its limit
		kinds = append(kinds, errs.TooMany)
	}
	if op.method != http.MethodGet {
		kinds = append(kinds, errs.TooLarge)
	}
	out := map[string]*huma.Response{}
	for _, k := range kinds {
		out[strconv.Itoa(httpx.Status(k))] = &huma.Response{Ref: "#/components/responses/" + kindName(k)}
	}
	if op.answers != nil {
		out[strconv.Itoa(op.success())] = &huma.Response{Description: http.StatusText(op.success()), Content: op.answers}
	}
	return out
}

// problems describes the answer of each kind of error once; operations refer to them.
func (a *API) problems() {
	o, t := a.huma.OpenAPI(), a.Catalog.For(i18n.En)
	schema := o.Components.Schemas.Schema(reflect.TypeFor[problem](), true, "Problem")
	o.Components.Responses = map[string]*huma.Response{}
	for k := errs.Internal; k <= errs.Unavailable; k++ {
		example := problemOf(t, "", errs.E(k, "internal"))
		description := example.Title
		if k == errs.Conflict { // the two share a status
			description += "; " + problemOf(t, "", errs.E(errs.Refused, "internal")).Title
		}
		o.Components.Responses[kindName(k)] = &huma.Response{Description: description, Content: map[string]*huma.MediaType{
			mediaProblem: {Schema: schema, Example: map[string]any{
				"type": example.Type, "title": example.Title, "status": example.Status, "code": kindName(k), "detail": "In plain words.", "request_id": "6f1d2c3b4a59687766554433",
			}},
		}}
	}
	delete(o.Components.Responses, kindName(errs.Refused))
}

// grants names the grants that open an operation.
func (op operation) grants(t *i18n.Speaker) string {
	if op.grant == grantAny {
		return t.T("api.grant.any")
	}
	if op.also == "" {
		return op.grant
	}
	return t.T("api.grants", "one", op.grant, "other", op.also)
}

func (op operation) success() int {
	if op.status == 0 {
		return http.StatusOK
	}
	return op.status
}

// made is an operation in the description.
func (a *API) made(op operation) *huma.Operation {
	item := a.huma.OpenAPI().Paths[op.path]
	switch op.method {
	case http.MethodPost:
		return item.Post
	case http.MethodDelete:
		return item.Delete
	default:
		return item.Get
	}
}

// examples adds the examples of body and answer. An answer's is made from what its schema says.
func (a *API) examples(op operation) {
	made := a.made(op)
	if op.request != nil {
		made.RequestBody.Content[mediaJSON].Example = op.request
	}
	if media := made.Responses[strconv.Itoa(op.success())].Content[mediaJSON]; media != nil {
		media.Example = exampleOf(a.huma.OpenAPI().Components.Schemas, media.Schema, 0)
	}
}

// exampleDepth is how deep an example goes before its lists are left empty.
const exampleDepth = 4

// exampleOf makes an example of a schema: its own where it has one, else the plainest value that fits.
func exampleOf(schemas huma.Registry, s *huma.Schema, depth int) any {
	if s.Ref != "" {
		s = schemas.SchemaFromRef(s.Ref)
	}
	switch {
	case len(s.Examples) > 0:
		return s.Examples[0]
	case len(s.Enum) > 0:
		return s.Enum[0]
	}
	switch s.Type {
	case huma.TypeObject:
		out := map[string]any{}
		for name, p := range s.Properties {
			out[name] = exampleOf(schemas, p, depth+1)
		}
		return out
	case huma.TypeArray:
		if depth > exampleDepth {
			return []any{}
		}
		return []any{exampleOf(schemas, s.Items, depth+1)}
	case huma.TypeBoolean:
		return false
	case huma.TypeInteger, huma.TypeNumber:
		return 1
	}
	switch s.Format {
	case "date-time":
		return "2026-09-28T01:30:00Z"
	case "uri-reference":
		return base + "/matters"
	}
	return "In plain words."
}

// describe is the head of the description.
func (a *API) describe(schemas huma.Registry) *huma.OpenAPI {
	t := a.Catalog.For(i18n.En)
	o := &huma.OpenAPI{
		OpenAPI: "3.1.0",
		Info: &huma.Info{
			Title: t.T("api.title"), Version: "1.0.0", Description: t.T("api.about"),
			Contact: &huma.Contact{Name: t.T("api.contact")},
			License: &huma.License{Name: "Apache-2.0", URL: "https://www.apache.org/licenses/LICENSE-2.0"},
		},
		Servers: []*huma.Server{{URL: base, Description: t.T("api.server")}},
		Components: &huma.Components{Schemas: schemas, SecuritySchemes: map[string]*huma.SecurityScheme{
			schemeMachine: {Type: "http", Scheme: "bearer", BearerFormat: "huk", Description: t.T("api.scheme.machine")},
			schemeCitizen: {Type: "http", Scheme: "bearer", BearerFormat: "hyc", Description: t.T("api.scheme.citizen")},
		}},
	}
	for _, tag := range tags() {
		o.Tags = append(o.Tags, &huma.Tag{Name: tag, Description: t.T("api.tag." + tag)})
	}
	return o
}

func tags() []string {
	return []string{tagSubmissions, tagMatters, tagActs, tagCitizen, tagAttachments, tagDocuments, tagPlaces, tagOrganisation, tagFigures, tagLaw, tagMachines, tagProof}
}
