package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"huiyin/internal/errs"
	"huiyin/internal/usecase"
)

type (
	importInput struct {
		Key         string `header:"Idempotency-Key" required:"true" minLength:"8" maxLength:"128" pattern:"^[A-Za-z0-9_.:-]+$" doc:"Marks the batch: 8 to 128 letters, digits and - _ . : The same records under it are taken in once, and go on where they broke off"`
		ContentType string `header:"Content-Type" hidden:"true"`
		streamed
	}
	// importRecord is one record of a batch. What it has besides is kept as received.
	importRecord struct {
		SenderNumber string   `json:"sender_number" maxLength:"100" doc:"The sender's own number: by it the record is known again"`
		Sender       string   `json:"sender" maxLength:"100" doc:"The system or office that it comes from"`
		Channel      string   `json:"channel" enum:"visit,letter,phone,web,mailbox,transfer,grid,other"`
		Received     string   `json:"received" doc:"Day or instant (RFC 3339) on which the sender received it" example:"2026-09-28"`
		Title        string   `json:"title" maxLength:"200"`
		Narrative    string   `json:"narrative" maxLength:"200000"`
		Demands      []string `json:"demands,omitempty" doc:"The title where there are none"`
		Name         string   `json:"petitioner_name,omitempty"`
		IDNumber     string   `json:"petitioner_id,omitempty"`
		Phone        string   `json:"petitioner_phone,omitempty"`
		Address      string   `json:"petitioner_address,omitempty"`
		Alias        string   `json:"petitioner_alias,omitempty" doc:"The name used on the sender's site"`
		Persons      int      `json:"person_count,omitempty" minimum:"1"`
		Place        string   `json:"place_code,omitempty" doc:"Division code" example:"330112"`
		PlaceText    string   `json:"place_text,omitempty"`
		Category     string   `json:"category_code,omitempty" example:"N0502"`
		CategoryText string   `json:"category_text,omitempty"`
		UnitText     string   `json:"unit_text,omitempty"`
		Purpose      string   `json:"purpose,omitempty" enum:"settlement,appeal,suggestion,accusation,enquiry,other"`
		Reply        string   `json:"reply_text,omitempty" doc:"The answer that the sender has given; with its day the whole life of the matter follows"`
		Replied      string   `json:"replied,omitempty" doc:"Day or instant of the answer"`
	}
	importBody struct {
		ID       string         `json:"id" example:"330112-15"`
		State    importState    `json:"state" doc:"failed: what remains is taken in when the same batch is sent again"`
		Records  int            `json:"records"`
		Done     int            `json:"done" doc:"How many have been dealt with"`
		Accepted int            `json:"accepted"`
		Repeated int            `json:"repeated" doc:"Their number was there before; nothing was added"`
		Refused  int            `json:"refused"`
		Made     time.Time      `json:"made"`
		Ended    *time.Time     `json:"ended,omitempty"`
		Results  []importResult `json:"results,omitempty" doc:"Of a batch of at most 100 records that is done; of a longer one ask for them"`
	}
	importState  string
	resultState  string
	importResult struct {
		Record int            `json:"record" doc:"Line of the record, or its place in the list, from 1"`
		Number string         `json:"sender_number,omitempty"`
		State  resultState    `json:"state"`
		Ref    refText        `json:"ref,omitempty" doc:"Registration number; absent of one that was refused"`
		Errors []problemField `json:"errors,omitempty" doc:"Why it was refused, by field; an empty path means the record as a whole"`
	}
	importOutput  struct{ Body importBody }
	importsOutput struct {
		Body struct {
			Imports []importBody `json:"imports" doc:"Newest first, at most fifty"`
		} `nameHint:"ImportList"`
	}
	// ImportIDInput names a batch.
	ImportIDInput struct {
		ID string `path:"import" maxLength:"40" doc:"id of the batch" example:"330112-15"`
	}
	resultsInput struct {
		ImportIDInput
		State resultState `query:"state" doc:"Only those that came to this"`
		After int         `query:"after" minimum:"0" doc:"next of the page before"`
		Limit int         `query:"limit" default:"100" minimum:"1" maximum:"1000" doc:"Records on a page"`
	}
	resultsOutput struct {
		Body struct {
			Results []importResult `json:"results" doc:"In the order of the batch"`
			Next    int            `json:"next,omitempty" doc:"after of the next page; absent at the end"`
		} `nameHint:"ImportResults"`
	}
)

// Schema lists the states of a batch.
func (importState) Schema(huma.Registry) *huma.Schema {
	return oneOf([]string{"running", "done", "failed"})
}

// Schema lists what can become of a record.
func (resultState) Schema(huma.Registry) *huma.Schema { return oneOf(usecase.ResultStates()) }

const (
	importBodySize = usecase.MaxUpload
	mediaLines     = "application/x-ndjson"
	resultsAtOnce  = 100 // of a batch that is answered with them
)

// imports take records in, many at once.
func (a *API) imports() {
	schema := a.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[importRecord](), true, "ImportRecord")
	most := usecase.MaxBatch
	add(a, operation{
		id: "start_import", method: http.MethodPost, path: "/imports", tag: tagMachines, text: "api.op.start_import", about: "api.op.start_import.about", grant: grantImport,
		limit: importBodySize, conflict: true, raw: true,
		body: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
			mediaJSON:  {Schema: &huma.Schema{Type: huma.TypeArray, Items: schema, MaxItems: &most}},
			mediaLines: {Schema: &huma.Schema{Type: huma.TypeString}},
			mediaBytes: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
		}},
		request: []any{map[string]any{
			"sender_number": "H-2026-0001", "sender": "Hotline 12345", "channel": "phone", "received": "2026-09-28", "title": "Street light out for a month",
			"narrative": "The light in front of the school has been out since September.", "demands": []any{"Repair the light"}, "petitioner_name": "Li", "place_code": "330112",
		}},
	}, a.startImport)
	add(a, operation{
		id: "list_imports", method: http.MethodGet, path: "/imports", tag: tagMachines, text: "api.op.list_imports", about: "api.op.list_imports.about", grant: grantImport,
	}, a.listImports)
	add(a, operation{
		id: "get_import", method: http.MethodGet, path: "/imports/{import}", tag: tagMachines, text: "api.op.get_import", about: "api.op.get_import.about", grant: grantImport, absent: true,
	}, a.getImport)
	add(a, operation{
		id: "list_import_results", method: http.MethodGet, path: "/imports/{import}/results", tag: tagMachines, text: "api.op.import_results", about: "api.op.import_results.about",
		grant: grantImport, absent: true,
	}, a.listImportResults)
}

// lines are the records of a request, one a line, as they come.
func (in *importInput) lines() io.Reader {
	if media, _, _ := strings.Cut(in.ContentType, ";"); strings.TrimSpace(media) == mediaLines {
		return in.body
	}
	return &recordLines{from: json.NewDecoder(in.body)}
}

// recordLines writes the records of a JSON list one a line, with one in memory at a time.
type recordLines struct {
	from  *json.Decoder
	begun bool
	ended bool
	line  bytes.Buffer
}

func (l *recordLines) Read(b []byte) (int, error) {
	for l.line.Len() == 0 {
		if l.ended {
			return 0, io.EOF
		}
		if err := l.next(); err != nil {
			if _, ok := errors.AsType[*json.SyntaxError](err); ok || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
				return 0, errs.E(errs.Invalid, "import.json").Because(err)
			}
			return 0, err
		}
	}
	return l.line.Read(b)
}

func (l *recordLines) next() error {
	wrong := errs.E(errs.Invalid, "import.json")
	switch {
	case !l.begun:
		l.begun = true
		if token, err := l.from.Token(); err != nil || token != json.Delim('[') {
			return errors.Join(err, wrong)
		}
		return nil
	case !l.from.More():
		if _, err := l.from.Token(); err != nil {
			return err
		}
		if _, err := l.from.Token(); err == nil {
			return wrong
		} else if !errors.Is(err, io.EOF) {
			return err
		}
		l.ended = true
		return nil
	}
	var record json.RawMessage
	if err := l.from.Decode(&record); err != nil {
		return err
	}
	if err := json.Compact(&l.line, record); err != nil {
		return err
	}
	return l.line.WriteByte('\n')
}

func (a *API) startImport(ctx context.Context, in *importInput) (*importOutput, error) {
	c := callerOf(ctx)
	b, err := a.Office.StartBatch(ctx, c.who, in.lines(), "machine/"+c.who.Key+"/"+in.Key)
	if err != nil {
		return nil, notRead(err)
	}
	return a.importOf(ctx, c, b)
}

// importOf is a batch with what became of its records, where they are few.
func (a *API) importOf(ctx context.Context, c caller, b usecase.Batch) (*importOutput, error) {
	out := importOutput{Body: importBodyOf(b)}
	if b.EndedUS == 0 || b.Records > resultsAtOnce {
		return &out, nil
	}
	found, err := a.Office.Results(ctx, c.who, b.Home, b.ID, "", 0, resultsAtOnce)
	out.Body.Results = list(found, c.importResult)
	return &out, err
}

func importBodyOf(b usecase.Batch) importBody {
	out := importBody{
		ID: numbers(b.Home, b.ID), State: "running", Records: b.Records, Done: b.Accepted + b.Repeated + b.Refused, Accepted: b.Accepted, Repeated: b.Repeated, Refused: b.Refused,
		Made: instant(b.MadeUS), Ended: someInstant(b.EndedUS),
	}
	switch {
	case b.EndedUS != 0:
		out.State = "done"
	case b.Failed:
		out.State = "failed"
	}
	return out
}

func (c caller) importResult(r usecase.Result) importResult {
	out := importResult{Record: r.N, Number: r.Number, State: resultState(r.State)}
	if !r.Ref.IsZero() {
		out.Ref = refOf(r.Ref)
	}
	for _, f := range r.Problems {
		out.Errors = append(out.Errors, problemField{Path: f.Path, Code: f.Code, Message: c.t.Field(f)})
	}
	return out
}

func (a *API) listImports(ctx context.Context, _ *struct{}) (*importsOutput, error) {
	found, err := a.Office.Batches(ctx, callerOf(ctx).who)
	if err != nil {
		return nil, err
	}
	var out importsOutput
	out.Body.Imports = list(found, importBodyOf)
	return &out, nil
}

func (in *ImportIDInput) parse() (home, id int64, err error) {
	n, ok := parseNumbers(in.ID, 2)
	if !ok {
		return 0, 0, errs.E(errs.NotFound, "import.not_found")
	}
	return n[0], n[1], nil
}

func (a *API) getImport(ctx context.Context, in *ImportIDInput) (*importOutput, error) {
	c := callerOf(ctx)
	home, id, err := in.parse()
	if err != nil {
		return nil, err
	}
	b, err := a.Office.Batch(ctx, c.who, home, id)
	if err != nil {
		return nil, err
	}
	return a.importOf(ctx, c, b)
}

func (a *API) listImportResults(ctx context.Context, in *resultsInput) (*resultsOutput, error) {
	c := callerOf(ctx)
	home, id, err := in.parse()
	if err != nil {
		return nil, err
	}
	found, err := a.Office.Results(ctx, c.who, home, id, string(in.State), in.After, in.Limit)
	if err != nil {
		return nil, err
	}
	var out resultsOutput
	out.Body.Results = list(found, c.importResult)
	if len(found) == in.Limit {
		out.Body.Next = found[len(found)-1].N
	}
	return &out, nil
}
