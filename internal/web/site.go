// Package web is the pages: for everyone at /, for staff at /desk. A page is one file: a handler that returns an error, a small struct of
// what it shows, a template. Everything a page shows or does comes from package usecase; everything works without JavaScript.
package web

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/a-h/templ"

	"huiyin/internal/errs"
	"huiyin/internal/httpx"
	"huiyin/internal/i18n"
	"huiyin/internal/notify"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
	"huiyin/internal/web/static"
	"huiyin/internal/web/ui"
)

// Config is what the pages work with. Everything but Ending is required.
type Config struct {
	Office   *usecase.Office
	Sessions *httpx.Sessions
	Attempts *httpx.Attempts
	Proxies  httpx.Proxies
	Catalog  *i18n.Catalog
	Sender   *notify.Sender
	Log      *slog.Logger
	Ending   <-chan struct{} // is closed when the server stops, for what streams; nil where none does
}

// Site serves the pages.
type Site struct {
	Config
	settled atomic.Bool // the first run is over, for good
	opened  sync.Map    // what everybody may read, by period and version
	wall    wall
}

// New returns the pages.
func New(c Config) *Site { return &Site{Config: c} }

// Routes adds the pages to a mux.
func (s *Site) Routes(mux *http.ServeMux) {
	mux.Handle(static.Prefix, static.Handler())
	s.citizenRoutes(mux)
	s.deskRoutes(mux)
	s.adminRoutes(mux)
	s.openRoutes(mux)
	mux.Handle("GET /language", s.page(s.setLanguage))
	mux.Handle("/", s.page(func(http.ResponseWriter, *http.Request, *visit) error {
		return errs.E(errs.NotFound, "page.not_found")
	}))
}

// visit is one request: who reads, in what language.
type visit struct {
	t   *i18n.Speaker
	who org.Actor

	count func(context.Context, usecase.FigureAsk) (usecase.Figures, error) // see Site.count
}

// count counts figures for a page: what all of its figures need is looked for once.
func (s *Site) count(ctx context.Context, v *visit, ask usecase.FigureAsk) (usecase.Figures, error) {
	if v.count == nil {
		v.count = s.Office.Counting(v.who)
	}
	return v.count(ctx, ask)
}

// page adapts a handler that anybody may reach. The actor is the petitioner whose code is open in this session, or nobody.
func (s *Site) page(h func(http.ResponseWriter, *http.Request, *visit) error) http.Handler {
	return httpx.Adapt(func(w http.ResponseWriter, r *http.Request) error {
		if first, err := s.first(w, r); first || err != nil {
			return err
		}
		v := &visit{t: s.speaker(r)}
		if c, ok := s.Sessions.Citizen(r.Context()); ok {
			v.who = org.Actor{Kind: org.ActorPetitioner, Home: c.Home, Submission: c.SubmissionID, Link: c.Link}
		}
		return h(w, r, v)
	}, s.Fail)
}

// desk adapts a handler for staff. Who is not signed in is led to the door and back, who must choose a password to where it is chosen; who and
// what they may do is read anew for each request.
func (s *Site) desk(h func(http.ResponseWriter, *http.Request, *visit) error) http.Handler {
	return httpx.Adapt(func(w http.ResponseWriter, r *http.Request) error {
		if first, err := s.first(w, r); first || err != nil {
			return err
		}
		who, err := s.staff(r.Context())
		if errs.CodeOf(err) == codeChangePassword {
			http.Redirect(w, r, "/desk/password", http.StatusSeeOther)
			return nil
		}
		if err != nil {
			return err
		}
		if who.Kind != org.ActorStaff {
			http.Redirect(w, r, "/desk/sign-in?to="+url.QueryEscape(r.URL.RequestURI()), http.StatusSeeOther)
			return nil
		}
		return h(w, r, &visit{t: s.speaker(r), who: who})
	}, s.Fail)
}

// staff returns who is signed in, or nobody when nobody is or their duty has ended.
func (s *Site) staff(ctx context.Context) (org.Actor, error) {
	st, ok := s.Sessions.Staff(ctx)
	if !ok {
		return org.Actor{}, nil
	}
	who, err := s.Office.Actor(ctx, org.UserID(st.UserID), org.DutyID(st.DutyID))
	if errs.CodeOf(err) == codeChangePassword {
		return org.Actor{}, err
	}
	if k := errs.KindOf(err); err != nil && (k == errs.Forbidden || k == errs.Unauthenticated || k == errs.NotFound) {
		return org.Actor{}, s.Sessions.End(ctx)
	}
	return who, err
}

func (s *Site) speaker(r *http.Request) *i18n.Speaker { return s.Catalog.For(s.Sessions.Lang(r)) }

// show renders a component to a buffer and then writes it, so that a fault in a template never leaves half a page.
func (s *Site) show(w http.ResponseWriter, r *http.Request, status int, c templ.Component) error {
	var b bytes.Buffer
	if err := c.Render(r.Context(), &b); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, err := w.Write(b.Bytes())
	return err
}

// done leads on after a write, with a message on the next page.
func (s *Site) done(w http.ResponseWriter, r *http.Request, to, code string, args map[string]string) error {
	if code != "" {
		if err := s.Sessions.Flash(r.Context(), httpx.Flash{Kind: "ok", Code: code, Args: args}); err != nil {
			return err
		}
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// toast takes the messages for this page.
func (s *Site) toast(r *http.Request, t *i18n.Speaker) *ui.ToastProps {
	var texts []string
	for _, f := range s.Sessions.Flashes(r.Context()) {
		pairs := make([]any, 0, 2*len(f.Args))
		for k, v := range f.Args {
			pairs = append(pairs, k, v)
		}
		texts = append(texts, t.T(f.Code, pairs...))
	}
	if len(texts) == 0 {
		return nil
	}
	return &ui.ToastProps{Text: strings.Join(texts, " ")}
}

// Fail answers an error with a page that says what happened, what is safe and what can be done. Faults of ours are logged with the request's
// id, which the page shows; nothing else of them is.
func (s *Site) Fail(w http.ResponseWriter, r *http.Request, err error) {
	t := s.speaker(r)
	kind := errs.KindOf(err)
	if kind == errs.Internal || kind == errs.Unavailable {
		httpx.LogError(r.Context(), s.Log, err)
	}
	home := "/"
	if desk(r) {
		home = "/desk"
	}
	state := ui.StateProps{
		Kind: ui.Failed, ID: "state", Title: t.T("page.failed"), Text: t.Err(err), Request: httpx.RequestID(r.Context()), Alone: true,
		Actions: []ui.ButtonProps{{Text: t.T("page.back_home"), Href: home, Look: ui.Main}},
	}
	switch kind {
	case errs.NotFound:
		state.Kind, state.Title, state.Request = ui.NotFound, t.T("page.not_found.title"), ""
	case errs.Forbidden, errs.Unauthenticated:
		state.Kind, state.Title, state.Request = ui.Forbidden, t.T("page.forbidden"), ""
	case errs.Invalid, errs.Conflict, errs.Refused, errs.TooLarge, errs.TooMany:
		state.Title, state.Request = t.T("page.refused"), ""
		if e, ok := errors.AsType[*errs.Error](err); ok && len(e.Fields) > 0 {
			state.Text = "" // it is of a form, which nobody sees here
			for _, f := range e.Fields {
				state.Faults = append(state.Faults, t.Field(f))
			}
		}
	case errs.Internal, errs.Unavailable:
	}
	var b bytes.Buffer
	if rerr := s.around(r, t, kind, state).Render(r.Context(), &b); rerr != nil {
		httpx.LogError(r.Context(), s.Log, errors.Join(err, rerr))
		http.Error(w, http.StatusText(httpx.Status(kind)), httpx.Status(kind))
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(httpx.Status(kind))
	if _, werr := w.Write(b.Bytes()); werr != nil {
		s.Log.LogAttrs(r.Context(), slog.LevelDebug, "answer not read")
	}
}

// desk reports whether an address is one of the staff's.
func desk(r *http.Request) bool {
	return r.URL.Path == "/desk" || strings.HasPrefix(r.URL.Path, "/desk/")
}

// around puts what went wrong into the frame in which its reader works, so that they can go on from there. A fault of ours asks nothing more of the
// store and gets a bare frame.
func (s *Site) around(r *http.Request, t *i18n.Speaker, kind errs.Kind, state ui.StateProps) templ.Component {
	body := ui.StatePage(t, state)
	bare := ui.Page{Title: state.Title, Audience: ui.Citizens, Home: "/", Name: t.T("page.name")}
	if desk(r) {
		bare.Audience, bare.Home = ui.Staff, "/desk"
	}
	if kind == errs.Internal || kind == errs.Unavailable {
		return framed(t, bare, body)
	}
	if needs, err := s.needsSetup(r); needs || err != nil {
		return framed(t, bare, body)
	}
	if !desk(r) {
		return s.citizen(r, &visit{t: t}, state.Title, "", body)
	}
	who, err := s.staff(r.Context())
	if err != nil || who.Kind != org.ActorStaff {
		return framed(t, bare, body)
	}
	return s.staffPage(r, &visit{t: t, who: who}, state.Title, "", body)
}

// setLanguage keeps the reader's language and leads back to where they were.
func (s *Site) setLanguage(w http.ResponseWriter, r *http.Request, _ *visit) error {
	s.Sessions.SetLang(w, i18n.Lang(r.URL.Query().Get("lang")))
	http.Redirect(w, r, local(r.URL.Query().Get("to")), http.StatusSeeOther)
	return nil
}

// local returns a path of this site, or the home page for anything else, so that nobody is led away.
func local(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(u.Path, "/") || strings.HasPrefix(u.Path, "//") || strings.Contains(to, "\\") {
		return "/"
	}
	return u.RequestURI()
}
