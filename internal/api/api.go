// Package api is the JSON API under /api/v1, with its description as OpenAPI 3.1 and a page that shows it. It goes through package usecase like
// the pages do; machines come with a key, petitioners with a token for which they gave code and PIN. Cookies mean nothing here.
//
// The types of bodies are this package's own. Errors are problem+json (RFC 9457) in the reader's language and never repeat what was sent.
package api

import (
	"log/slog"
	"net/http"
	"reflect"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"huiyin/internal/errs"
	"huiyin/internal/httpx"
	"huiyin/internal/i18n"
	"huiyin/internal/matter"
	"huiyin/internal/usecase"
)

// Config is what the API works with. Everything is required.
type Config struct {
	Office   *usecase.Office
	Attempts *httpx.Attempts
	Proxies  httpx.Proxies
	Catalog  *i18n.Catalog
	Log      *slog.Logger
}

// API serves the operations, their description and the page that shows it.
type API struct {
	Config
	mux   *http.ServeMux
	huma  huma.API
	ops   []operation                 // in the order of the description
	forms map[matter.Act]reflect.Type // of the command of each act
	docs  document
	quota *httpx.Quotas
}

// root is what every path of the API begins with; base is where the operations are.
const (
	root = "/api/"
	base = "/api/v1"
)

// Wants reports whether a request is for the API, so that its errors are problem+json and not a page.
func Wants(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, root) }

// New returns the API with every operation in place.
func New(c Config) *API {
	a := &API{Config: c, mux: http.NewServeMux(), forms: map[matter.Act]reflect.Type{}}
	a.quota = httpx.NewQuotas(func() time.Time { return time.UnixMicro(c.Office.Now()) })
	for _, command := range matter.Commands() {
		a.forms[command.Act()] = reflect.TypeOf(command).Elem()
	}
	schemas := huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer)
	a.huma = huma.NewAPI(huma.Config{
		OpenAPI:                      a.describe(schemas),
		Formats:                      map[string]huma.Format{mediaJSON: jsonFormat(), "json": jsonFormat()},
		DefaultFormat:                mediaJSON,
		RejectUnknownQueryParameters: true, // a filter that is misspelt must not show everything
		Transformers:                 []huma.Transformer{a.transform},
	}, humago.NewAdapter(a.mux, base))
	a.problems()
	a.submissions()
	a.advice()
	a.matters()
	a.jobs()
	a.queue()
	a.searches()
	a.acts()
	a.steps()
	a.relations()
	a.kinds()
	a.issues()
	a.figures()
	a.outcomes()
	a.reports()
	a.assessments()
	a.attachments()
	a.documents()
	a.citizen()
	a.places()
	a.organisation()
	a.administration()
	a.keys()
	a.webhooks()
	a.imports()
	a.notices()
	a.reminders()
	a.law()
	// huma adds the types of its own errors, which no answer has
	delete(schemas.Map(), "ErrorModel")
	delete(schemas.Map(), "ErrorDetail")
	a.docs = a.document()
	return a
}

// Routes adds the API to a mux. What is not there is answered as problem+json, too.
func (a *API) Routes(mux *http.ServeMux) {
	a.mux.HandleFunc("GET /api/openapi.json", a.docs.json)
	a.mux.HandleFunc("GET /api/openapi.yaml", a.docs.yaml)
	a.mux.Handle("GET /api/docs", httpx.Adapt(a.docsPage, a.Fail))
	a.mux.HandleFunc("GET /api/docs.css", docsStyle)
	a.mux.HandleFunc(root, func(w http.ResponseWriter, r *http.Request) {
		a.Fail(w, r, errs.E(errs.NotFound, "api.not_found"))
	})
	mux.Handle(root, a.mux)
}

const mediaJSON = "application/json"

// jsonFormat reads and writes JSON.
func jsonFormat() huma.Format { return huma.DefaultJSONFormat }
