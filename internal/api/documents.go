package api

import (
	"bytes"
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"huiyin/internal/errs"
	"huiyin/internal/httpx"
	"huiyin/internal/matter"
	"huiyin/internal/usecase"
)

type (
	documentsOutput struct {
		Body struct {
			Documents []documentBody `json:"documents" doc:"In the order in which they came to be"`
		} `nameHint:"DocumentList"`
	}
	documentBody struct {
		N        int           `json:"n" doc:"Number within the matter"`
		Kind     paperWord     `json:"kind"`
		Number   string        `json:"number,omitempty" doc:"Of the unit's series of the year; absent for kinds that bear none"`
		Day      date          `json:"day"`
		Template string        `json:"template" doc:"Version of the template it is printed by" example:"shipped-1"`
		Unit     UnitBrief     `json:"unit" doc:"Who issues it"`
		To       *UnitBrief    `json:"to,omitempty" doc:"Of a letter between offices"`
		For      []refText     `json:"for" doc:"Submissions whose petitioners have a copy each"`
		Served   []deliverBody `json:"served" doc:"In whose hands it is; recorded of opinions and of answers"`
	}
	deliverBody struct {
		Submission refText     `json:"submission"`
		Method     serviceWord `json:"method"`
		On         date        `json:"on"`
	}
	myDocumentsOutput struct {
		Body struct {
			Documents []myDocumentBody `json:"documents" doc:"Those of which the petitioner has a copy, the oldest first"`
		} `nameHint:"MyDocumentList"`
	}
	myDocumentBody struct {
		ID     string    `json:"id" doc:"Names it in the path of its content" example:"330112-2026-0000123-4"`
		Kind   paperWord `json:"kind"`
		Number string    `json:"number,omitempty"`
		Day    date      `json:"day"`
		Unit   UnitBrief `json:"unit" doc:"Who issues it"`
	}
	// PrintInput names a document of a matter, and which print of it.
	PrintInput struct {
		RefInput
		N       int        `path:"n" minimum:"1" maximum:"100000" doc:"Number of the document within the matter" example:"1"`
		Copy    refText    `query:"copy" doc:"Whose copy, where several petitioners have one each; absent: the first"`
		Service bool       `query:"service" doc:"Not the document but the proof of its service, to be filled in by hand"`
		Format  formatWord `query:"format" doc:"Form of the content; absent: by Accept, otherwise PDF"`
		Accept  string     `header:"Accept" hidden:"true"`
	}
	openInput struct {
		PrintInput
		Body struct {
			Reason string `json:"reason" enum:"contact,serve,verify,review"`
			Words  string `json:"words" maxLength:"200" doc:"More exactly; the petitioner reads it"`
		} `nameHint:"OpenDocument"`
	}
	myPrintInput struct {
		ID     string     `path:"id" maxLength:"40" doc:"Id of the document" example:"330112-2026-0000123-1"`
		Format formatWord `query:"format" doc:"Form of the content; absent: by Accept, otherwise PDF"`
		Accept string     `header:"Accept" hidden:"true"`
	}
	templatesOutput struct {
		Body struct {
			Templates []templateBrief `json:"templates"`
		} `nameHint:"TemplateList"`
	}
	templateBrief struct {
		Kind    paperWord `json:"kind"`
		Version string    `json:"version" doc:"In force; those that begin with shipped came with the program" example:"shipped-1"`
	}
	templateInput struct {
		Kind paperWord `path:"kind" doc:"Kind of document" example:"opinion"`
	}
	templateOutput struct {
		Body struct {
			Kind     paperWord         `json:"kind"`
			Versions []templateVersion `json:"versions" doc:"The newest first, which is in force; at the end the one that came with the program"`
			Fields   []templateField   `json:"fields" doc:"What it may name in braces"`
		} `nameHint:"TemplateDetail"`
	}
	templateVersion struct {
		Version string       `json:"version" example:"shipped-1"`
		Text    string       `json:"text"`
		Why     string       `json:"why,omitempty"`
		At      *time.Time   `json:"at,omitempty"`
		By      *personBrief `json:"by,omitempty" doc:"Absent for one that came with the program"`
	}
	templateField struct {
		Name    string   `json:"name"`
		Means   string   `json:"means"`
		English string   `json:"english"`
		Rows    []string `json:"rows,omitempty" doc:"Names of the fields of one row, where it is a list"`
	}
	paperWord  string
	formatWord string
)

// Schema lists the words.
func (paperWord) Schema(huma.Registry) *huma.Schema { return oneOf(matter.PaperKinds()) }

// Schema lists the words.
func (formatWord) Schema(huma.Registry) *huma.Schema { return oneOf(usecase.PaperFormats()) }

// or is the form that was asked for, in the address or by what the caller accepts.
func (f formatWord) or(accept string) usecase.PaperFormat {
	if f != "" {
		return usecase.PaperFormat(f)
	}
	for _, one := range usecase.PaperFormats()[1:] {
		if strings.Contains(accept, mediaOf(one)) {
			return one
		}
	}
	return usecase.PaperPDF
}

// mediaOf is the media type of a form without the character set.
func mediaOf(f usecase.PaperFormat) string {
	kind, _, _ := strings.Cut(f.Media(), ";")
	return kind
}

func (a *API) documents() {
	binary := &huma.Schema{Type: huma.TypeString, Format: "binary"}
	content := map[string]*huma.MediaType{}
	for _, f := range usecase.PaperFormats() {
		content[mediaOf(f)] = &huma.MediaType{Schema: binary}
	}
	add(a, operation{
		id: "list_documents", method: http.MethodGet, path: "/matters/{ref}/documents", tag: tagDocuments, text: "api.op.documents",
		about: "api.op.documents.about", grant: grantRead, absent: true,
	}, a.listDocuments)
	add(a, operation{
		id: "get_document", method: http.MethodGet, path: "/matters/{ref}/documents/{n}", tag: tagDocuments, text: "api.op.document",
		about: "api.op.document.about", grant: grantRead, absent: true, answers: content,
	}, a.getDocument)
	add(a, operation{
		id: "open_document", method: http.MethodPost, path: "/matters/{ref}/documents/{n}", tag: tagDocuments, text: "api.op.open_document",
		about: "api.op.open_document.about", grant: grantAct, absent: true, answers: content,
		request: map[string]any{"reason": "serve", "words": "Printed for service"},
	}, a.openDocument)
	add(a, operation{
		id: "list_my_documents", method: http.MethodGet, path: "/my/documents", tag: tagCitizen, text: "api.op.my_documents",
		about: "api.op.my_documents.about", citizen: true,
	}, a.listMyDocuments)
	add(a, operation{
		id: "get_my_document", method: http.MethodGet, path: "/my/documents/{id}", tag: tagCitizen, text: "api.op.my_document",
		about: "api.op.my_document.about", citizen: true, absent: true, answers: content,
	}, a.myDocument)
	add(a, operation{
		id: "list_templates", method: http.MethodGet, path: "/templates", tag: tagDocuments, text: "api.op.templates", about: "api.op.templates.about",
		grant: grantRead,
	}, a.listTemplates)
	add(a, operation{
		id: "get_template", method: http.MethodGet, path: "/templates/{kind}", tag: tagDocuments, text: "api.op.template", about: "api.op.template.about",
		grant: grantRead, absent: true,
	}, a.getTemplate)
}

func (a *API) listDocuments(ctx context.Context, in *RefInput) (*documentsOutput, error) {
	ref, err := parseRef(string(in.Ref))
	if err != nil {
		return nil, err
	}
	v, err := a.Office.Matter(ctx, callerOf(ctx).who, ref)
	if err != nil {
		return nil, err
	}
	var out documentsOutput
	out.Body.Documents = list(v.Matter.Papers, a.documentOf)
	return &out, nil
}

func (a *API) documentOf(p matter.Paper) documentBody {
	b := documentBody{
		N: p.N, Kind: paperWord(p.Kind), Number: p.Number, Day: dateOf(p.Day), Template: p.Template, Unit: a.unitBrief(p.Unit), For: list(p.For, refOf),
		Served: list(p.Served, func(s matter.Service) deliverBody {
			return deliverBody{Submission: refOf(s.Submission), Method: serviceWord(s.Method), On: dateOf(s.On)}
		}),
	}
	if p.To != 0 {
		to := a.unitBrief(p.To)
		b.To = &to
	}
	return b
}

// ask reads which print is wanted.
func (in *PrintInput) ask() (matter.Ref, usecase.PaperAsk, error) {
	ref, err := parseRef(string(in.Ref))
	if err != nil {
		return ref, usecase.PaperAsk{}, err
	}
	ask := usecase.PaperAsk{N: in.N, Service: in.Service}
	if in.Copy != "" {
		if ask.Copy, err = matter.ParseRef(string(in.Copy)); err != nil {
			return ref, ask, errs.Fields([]errs.Field{errs.F("copy", errs.CodeOf(err))})
		}
	}
	return ref, ask, nil
}

func (a *API) getDocument(ctx context.Context, in *PrintInput) (*fileOutput, error) {
	ref, ask, err := in.ask()
	if err != nil {
		return nil, err
	}
	p, err := a.Office.Paper(ctx, callerOf(ctx).who, ref, ask)
	if err != nil {
		return nil, err
	}
	return a.printed(ctx, p, in.Format.or(in.Accept))
}

func (a *API) openDocument(ctx context.Context, in *openInput) (*fileOutput, error) {
	ref, ask, err := in.ask()
	if err != nil {
		return nil, err
	}
	p, err := a.Office.OpenPaper(ctx, callerOf(ctx).who, ref, ask, in.Body.Reason, in.Body.Words)
	if err != nil {
		return nil, err
	}
	return a.printed(ctx, p, in.Format.or(in.Accept))
}

// printed sends a print.
func (a *API) printed(ctx context.Context, p usecase.PaperPrint, f usecase.PaperFormat) (*fileOutput, error) {
	name, content, err := a.Office.PrintPaper(ctx, p, f)
	if err != nil {
		return nil, err
	}
	return &fileOutput{Body: func(h huma.Context) {
		r, w := humago.Unwrap(h)
		httpx.ServeDownload(w, r, name, f.Media(), bytes.NewReader(content), "")
	}}, nil
}

func (a *API) listMyDocuments(ctx context.Context, _ *struct{}) (*myDocumentsOutput, error) {
	found, err := a.Office.OwnPapers(ctx, callerOf(ctx).who)
	if err != nil {
		return nil, err
	}
	var out myDocumentsOutput
	out.Body.Documents = list(found, func(p usecase.OwnPaper) myDocumentBody {
		return myDocumentBody{
			ID: p.Ref.String() + "-" + strconv.Itoa(p.Paper.N), Kind: paperWord(p.Paper.Kind), Number: p.Paper.Number, Day: dateOf(p.Paper.Day),
			Unit: a.unitBrief(p.Paper.Unit),
		}
	})
	return &out, nil
}

func (a *API) myDocument(ctx context.Context, in *myPrintInput) (*fileOutput, error) {
	none := errs.E(errs.NotFound, "paper.not_found")
	cut := strings.LastIndexByte(in.ID, '-')
	if cut < 0 {
		return nil, none
	}
	ref, err := matter.ParseRef(in.ID[:cut])
	if err != nil {
		return nil, none
	}
	n, err := strconv.Atoi(in.ID[cut+1:])
	if err != nil {
		return nil, none
	}
	p, err := a.Office.OwnPaper(ctx, callerOf(ctx).who, ref, n)
	if err != nil {
		return nil, err
	}
	return a.printed(ctx, p, in.Format.or(in.Accept))
}

func (a *API) listTemplates(ctx context.Context, _ *struct{}) (*templatesOutput, error) {
	found, err := a.Office.Templates(callerOf(ctx).who)
	if err != nil {
		return nil, err
	}
	var out templatesOutput
	out.Body.Templates = list(found, func(v usecase.TemplateView) templateBrief {
		return templateBrief{Kind: paperWord(v.Kind), Version: v.Now.Version}
	})
	return &out, nil
}

func (a *API) getTemplate(ctx context.Context, in *templateInput) (*templateOutput, error) {
	v, err := a.Office.Template(ctx, callerOf(ctx).who, matter.PaperKind(in.Kind))
	if err != nil {
		return nil, err
	}
	var out templateOutput
	out.Body.Kind = in.Kind
	out.Body.Versions = list(v.Versions, func(one usecase.TemplateVersion) templateVersion {
		b := templateVersion{Version: one.Version, Text: one.Body, Why: one.Why}
		if one.Shipped {
			return b
		}
		at := instant(one.AtUS)
		b.At, b.By = &at, &personBrief{ID: int64(one.User), Name: one.Person}
		return b
	})
	for _, f := range v.Fields {
		field := templateField{Name: f.Name, Means: f.Means, English: f.English}
		for _, row := range f.Rows {
			field.Rows = append(field.Rows, row.Name)
		}
		out.Body.Fields = append(out.Body.Fields, field)
	}
	return &out, nil
}
