package api

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"huiyin/internal/errs"
	"huiyin/internal/i18n"
)

//go:embed docs.html
var docsHTML string

//go:embed docs.css
var docsCSS []byte

// document is the description in both forms. They are made once; a description that cannot be written is a fault of the program.
type document struct{ asJSON, asYAML []byte }

// document finishes the description and writes it down.
func (a *API) document() document {
	o := a.huma.OpenAPI()
	for _, s := range o.Components.Schemas.Map() {
		for _, p := range s.Properties {
			if p.Type == huma.TypeArray {
				p.Nullable = false // answers have [] where there is nothing
			}
		}
	}
	text, err := json.MarshalIndent(o, "", "  ")
	if err != nil {
		panic(fmt.Errorf("api description: %w", err))
	}
	yaml, err := o.YAML()
	if err != nil {
		panic(fmt.Errorf("api description: %w", err))
	}
	return document{asJSON: append(text, '\n'), asYAML: yaml}
}

func (d document) json(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/openapi+json")
	_, _ = w.Write(d.asJSON) // a reader who went away needs nothing
}

func (d document) yaml(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/openapi+yaml")
	_, _ = w.Write(d.asYAML) // likewise
}

func docsStyle(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	_, _ = w.Write(docsCSS) // likewise
}

// The page: what a template shows, all of it in words already.
type (
	docsView struct {
		Lang, Title, About, Operations, Problems, Files, Parameters, Body, Answers, Example, Required string
		Groups                                                                                        []docsGroup
		Kinds                                                                                         []docsKind
	}
	docsGroup struct {
		ID, About string
		Ops       []docsOperation
	}
	docsOperation struct {
		ID, Method, Path, Summary, About, Who, Body, Example string
		Params                                               []docsParam
		Answers                                              []string
	}
	docsParam struct {
		Name, In, Type, About string
		Required              bool
	}
	docsKind struct {
		ID, Title string
		Status    int
	}
)

// docsPage shows the description as a page without scripts.
func (a *API) docsPage(w http.ResponseWriter, r *http.Request) error {
	page, err := template.New("docs").Parse(docsHTML)
	if err != nil {
		return fmt.Errorf("page of the description: %w", err)
	}
	t := a.speaker(r)
	var b bytes.Buffer
	if err := page.Execute(&b, a.docsView(t)); err != nil {
		return fmt.Errorf("page of the description: %w", err)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, err = w.Write(b.Bytes())
	return err
}

func (a *API) docsView(t *i18n.Speaker) docsView {
	v := docsView{
		Lang: t.Lang().Tag(), Title: t.T("api.title"), About: t.T("api.about"), Operations: t.T("api.docs.operations"), Problems: t.T("api.docs.problems"),
		Files: t.T("api.docs.files"), Parameters: t.T("api.docs.parameters"), Body: t.T("api.docs.body"), Answers: t.T("api.docs.answers"),
		Example: t.T("api.docs.example"), Required: t.T("api.docs.required"),
	}
	for _, tag := range tags() {
		g := docsGroup{ID: tag, About: t.T("api.tag." + tag)}
		for _, op := range a.ops {
			if op.tag == tag {
				g.Ops = append(g.Ops, a.docsOperation(t, op))
			}
		}
		v.Groups = append(v.Groups, g)
	}
	for k := errs.Internal; k <= errs.Unavailable; k++ {
		p := problemOf(t, "", errs.E(k, "internal"))
		v.Kinds = append(v.Kinds, docsKind{ID: kindName(k), Title: p.Title, Status: p.Status})
	}
	return v
}

func (a *API) docsOperation(t *i18n.Speaker, op operation) docsOperation {
	made := a.made(op)
	v := docsOperation{
		ID: op.id, Method: op.method, Path: base + op.path, Summary: t.T(op.text), About: t.T(op.about), Who: op.admitted(t),
		Answers: slices.Sorted(maps.Keys(made.Responses)),
	}
	for _, p := range made.Parameters {
		v.Params = append(v.Params, docsParam{Name: p.Name, In: p.In, Type: typeOf(p.Schema), About: p.Description, Required: p.Required})
	}
	if made.RequestBody != nil {
		for _, media := range slices.Sorted(maps.Keys(made.RequestBody.Content)) {
			v.Body = media
		}
	}
	if op.request != nil {
		text, err := json.MarshalIndent(op.request, "", "  ")
		if err == nil {
			v.Example = string(text)
		}
	}
	return v
}

// admitted says who may call an operation.
func (op operation) admitted(t *i18n.Speaker) string {
	var who []string
	if op.open {
		who = append(who, t.T("api.docs.open"))
	}
	if op.citizen {
		who = append(who, t.T("api.docs.citizen"))
	}
	if op.grant != "" {
		who = append(who, t.T("api.docs.machine", "grant", op.grants(t)))
	}
	return t.List(who)
}

func typeOf(s *huma.Schema) string {
	if s.Format != "" {
		return s.Type + " " + s.Format
	}
	return s.Type
}
