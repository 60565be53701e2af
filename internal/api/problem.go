package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/danielgtaylor/huma/v2/validation"

	"huiyin/internal/errs"
	"huiyin/internal/httpx"
	"huiyin/internal/i18n"
)

// problem is an error as RFC 9457 writes it. Code and the codes of fields are stable; title, detail and messages are words in the reader's
// language. Nothing in it repeats what was sent.
type problem struct {
	Type      string         `json:"type" format:"uri-reference" doc:"Reference to the kind of problem" example:"/api/docs#invalid"`
	Title     string         `json:"title" doc:"The kind of problem in words"`
	Status    int            `json:"status" doc:"HTTP status" example:"422"`
	Code      string         `json:"code" doc:"Stable code of the problem" example:"form.invalid"`
	Detail    string         `json:"detail" doc:"What happened and what can be done"`
	Article   string         `json:"article,omitempty" doc:"The article of law that decides, where one does" example:"Regulations on Petition Work (2022), Article 23"`
	RequestID string         `json:"request_id,omitempty" doc:"Id of the request, to be quoted when asking for help"`
	Errors    []problemField `json:"errors,omitempty" doc:"What is wrong with single fields"`
}

// problemField is what is wrong with one field.
type problemField struct {
	Path    string `json:"path" doc:"Path of the field in the body, or name of the parameter" example:"petitioners.0.id_number"`
	Code    string `json:"code" doc:"Stable code" example:"gazetteer.id.check"`
	Message string `json:"message" doc:"What to do about it"`
}

const mediaProblem = "application/problem+json"

// kindName is the stable name of a kind of problem: the anchor on the page and the key of its title.
func kindName(k errs.Kind) string {
	switch k {
	case errs.Invalid:
		return "invalid"
	case errs.Unauthenticated:
		return "unauthenticated"
	case errs.Forbidden:
		return "forbidden"
	case errs.NotFound:
		return "not_found"
	case errs.Conflict:
		return "conflict"
	case errs.Refused:
		return "refused"
	case errs.TooLarge:
		return "too_large"
	case errs.TooMany:
		return "too_many"
	case errs.Unavailable:
		return "unavailable"
	case errs.Internal:
	}
	return "internal"
}

// problemOf puts an error into the reader's words.
func problemOf(t *i18n.Speaker, requestID string, err error) problem {
	kind := errs.KindOf(err)
	p := problem{
		Type: root + "docs#" + kindName(kind), Title: t.T("api.problem." + kindName(kind)), Status: httpx.Status(kind), Code: errs.CodeOf(err),
		Detail: t.T("internal"), RequestID: requestID,
	}
	if e, ok := errors.AsType[*errs.Error](err); ok {
		p.Detail, p.Article = t.Say(e.Code, e.Args), article(t, e.Article)
		for _, f := range e.Fields {
			p.Errors = append(p.Errors, problemField{Path: f.Path, Code: f.Code, Message: t.Field(f)})
		}
	}
	return p
}

// article cites an article of law; empty where none decides.
func article(t *i18n.Speaker, code string) string {
	if code == "" {
		return ""
	}
	return t.T("article." + code)
}

// Fail answers a request with an error. Faults of ours are logged with the request's id; nothing of them is told.
func (a *API) Fail(w http.ResponseWriter, r *http.Request, err error) {
	httpx.LogError(r.Context(), a.Log, err)
	t := a.speaker(r)
	p := problemOf(t, httpx.RequestID(r.Context()), err)
	body, merr := json.Marshal(p)
	if merr != nil { // of texts and numbers: cannot fail
		body = []byte("{}")
	}
	maps.Copy(w.Header(), (&failure{err}).GetHeaders())
	w.Header().Set("Content-Type", mediaProblem)
	w.Header().Set("Content-Language", t.Lang().Tag())
	w.WriteHeader(p.Status)
	if _, werr := w.Write(body); werr != nil {
		a.Log.LogAttrs(r.Context(), slog.LevelDebug, "answer not read")
	}
}

// failure carries an error of a use case through huma, which asks it for status, headers and media type.
type failure struct{ err error }

func (f *failure) Error() string { return f.err.Error() }

// Unwrap gives the error of the use case.
func (f *failure) Unwrap() error { return f.err }

// GetStatus is the HTTP status.
func (f *failure) GetStatus() int { return httpx.Status(errs.KindOf(f.err)) }

// ContentType is that of problems.
func (f *failure) ContentType(string) string { return mediaProblem }

// GetHeaders says when to try again, where the error does.
func (f *failure) GetHeaders() http.Header {
	h := http.Header{}
	if e, ok := errors.AsType[*errs.Error](f.err); ok {
		for _, a := range e.Args {
			if a.Key == "retry_seconds" {
				h.Set("Retry-After", fmt.Sprint(a.Value))
			}
		}
	}
	return h
}

// transform turns every error on its way out into a problem: those of use cases, and those huma found in a request.
func (a *API) transform(ctx huma.Context, _ string, v any) (any, error) {
	var err error
	switch v := v.(type) {
	case *failure:
		err = v.err
	case *huma.ErrorModel:
		err = refused(v)
	default:
		return v, nil
	}
	httpx.LogError(ctx.Context(), a.Log, err)
	r, _ := humago.Unwrap(ctx)
	t := a.speaker(r)
	ctx.SetHeader("Content-Language", t.Lang().Tag())
	p := problemOf(t, httpx.RequestID(ctx.Context()), err)
	if m, ok := v.(*huma.ErrorModel); ok {
		p.Status = m.Status // already promised
	}
	return p, nil
}

// refused turns what huma found into our error. Its texts are not passed on: they may hold the value.
func refused(m *huma.ErrorModel) error {
	switch m.Status {
	case http.StatusRequestEntityTooLarge:
		return errs.E(errs.TooLarge, "api.body.large")
	case http.StatusUnsupportedMediaType:
		return errs.E(errs.Invalid, "api.body.media")
	case http.StatusBadRequest:
		return errs.E(errs.Invalid, "api.body.json")
	case http.StatusRequestTimeout:
		return errs.E(errs.Unavailable, "api.body.slow")
	case http.StatusUnprocessableEntity:
		fields := make([]errs.Field, 0, len(m.Errors))
		for _, d := range m.Errors {
			fields = append(fields, fieldOf(d))
		}
		return errs.Fields(fields)
	}
	return errs.E(errs.Internal, "internal").Because(errors.New("huma: " + http.StatusText(m.Status)))
}

// fieldOf turns one finding of huma's into a field with a code of ours. What is sent decides neither path nor code, except for the name of a
// property that is not known, which is repeated only if it looks like one.
func fieldOf(d *huma.ErrorDetail) errs.Field {
	path := pathOf(d.Location)
	number := func() int {
		n, err := strconv.Atoi(digits.FindString(d.Message))
		if err != nil {
			return 0
		}
		return n
	}
	switch m := d.Message; {
	case strings.HasPrefix(m, "expected required property "):
		name, _, _ := strings.Cut(strings.TrimPrefix(m, "expected required property "), " ")
		return errs.F(strings.TrimPrefix(path+"."+name, "."), "field.required")
	case strings.HasPrefix(m, "required ") && strings.HasSuffix(m, " parameter is missing"):
		return errs.F(path, "field.required")
	case m == validation.MsgUnexpectedProperty, m == "unknown query parameter":
		return errs.F(known(path), "api.field.unknown")
	case strings.HasPrefix(m, "expected value to be one of "):
		return errs.F(path, "field.choice")
	case strings.HasPrefix(m, "expected length <= "):
		return errs.F(path, "api.field.long", "max", number())
	case strings.HasPrefix(m, "expected length >= "), strings.HasPrefix(m, "expected array length >= "):
		return errs.F(path, "field.required")
	case strings.HasPrefix(m, "expected array length <= "):
		return errs.F(path, "field.many", "max", number())
	case m == validation.MsgExpectedRFC3339Date:
		return errs.F(path, "api.field.day")
	case m == validation.MsgExpectedRFC3339DateTime:
		return errs.F(path, "api.field.instant")
	default:
		return errs.F(path, "api.field.form")
	}
}

// pathOf writes body.petitioners[0].name as petitioners.0.name and query.limit as limit.
func pathOf(location string) string {
	where, rest, nested := strings.Cut(location, ".")
	switch {
	case nested:
		location = rest
	case where == "body":
		return ""
	}
	return strings.NewReplacer("[", ".", "]", "").Replace(location)
}

// known cuts the last part off a path unless it looks like the name of a property.
func known(path string) string {
	at := strings.LastIndexByte(path, '.')
	if propertyName.MatchString(path[at+1:]) {
		return path
	}
	return path[:max(at, 0)]
}

var (
	digits       = regexp.MustCompile(`[0-9]+`)
	propertyName = regexp.MustCompile(`^[a-z][a-z_]{0,39}$`)
)
