package web

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"huiyin/internal/errs"
	"huiyin/internal/i18n"
	"huiyin/internal/law"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

// citizenRoutes adds the pages for everyone.
func (s *Site) citizenRoutes(mux *http.ServeMux) {
	for pattern, h := range map[string]func(http.ResponseWriter, *http.Request, *visit) error{
		"GET /{$}":                  s.home,
		"GET /how":                  s.how,
		"GET " + lawAt:              s.law,
		"GET /privacy":              s.privacy,
		"GET " + outcomesAt:         s.outcomes,
		"GET " + openDataAt:         s.openData,
		"GET /proof":                s.proofPage,
		"POST /proof":               s.checkProof,
		"GET /text":                 s.setLarge,
		"GET " + hintPlaceAt:        s.suggestPlace,
		"GET /file":                 s.fileStart,
		"POST /file/new":            s.fileNew,
		"GET /file/saved":           s.fileSaved,
		"GET /file/resume/{token}":  s.fileResume,
		"POST /file/resume/{token}": s.fileResumed,
		"GET /file/{step}":          s.fileStep,
		"POST /file/{step}":         s.fileSave,
		"GET /receipt":              s.receipt,
		"POST /receipt":             s.receiptKept,
		"GET /track":                s.track,
		"POST /track":               s.trackOpen,
		"GET " + linkAt:             s.noticeLink,
		"POST " + linkAt:            s.noticeLinkOpen,
		"POST /my/close":            s.trackClose,
		"GET /my":                   s.own(s.my),
		"GET /my/looks":             s.own(s.myLooks),
		"GET " + myNoticesAt:        s.own(s.myNotices),
		"POST " + myNoticesAt:       s.own(s.chooseContact),
		"GET /my/answer":            s.own(s.answer),
		"GET /my/answer/text":       s.own(s.answerText),
		"GET /my/guide":             s.own(s.myGuide),
		"GET /my/files/{id}":        s.own(s.myFile),
		"GET /my/act/{act}":         s.own(s.actPage),
		"POST /my/act/{act}":        s.own(s.actDo),
	} {
		mux.Handle(pattern, s.page(h))
	}
	mux.Handle("GET /my/papers/{ref}/{n}", s.page(s.ownOnly(s.myPaper)))
	mux.Handle("GET /my/papers/{ref}/{n}/{format}", s.page(s.ownOnly(s.myPaperFile)))
}

// ownOnly adapts a handler that needs the reader's own matter open. Who has none open is led to the door.
func (s *Site) ownOnly(h func(http.ResponseWriter, *http.Request, *visit) error) func(http.ResponseWriter, *http.Request, *visit) error {
	return func(w http.ResponseWriter, r *http.Request, v *visit) error {
		if v.who.Kind != org.ActorPetitioner {
			http.Redirect(w, r, "/track", http.StatusSeeOther)
			return nil
		}
		return h(w, r, v)
	}
}

// own adapts a handler that needs the reader's own matter open, and brings it. Who has none open is led to the door.
func (s *Site) own(h func(http.ResponseWriter, *http.Request, *visit, usecase.TrackView) error) func(http.ResponseWriter, *http.Request, *visit) error {
	return s.ownOnly(func(w http.ResponseWriter, r *http.Request, v *visit) error {
		view, err := s.Office.Track(r.Context(), v.who)
		if err != nil {
			return err
		}
		return h(w, r, v, view)
	})
}

// The cookie that keeps the wish for large print, and for how long.
const (
	largeCookie = "text"
	largeFor    = 365 * 24 * time.Hour
)

// setLarge keeps whether the reader wants large print and leads back to where they were.
func (s *Site) setLarge(w http.ResponseWriter, r *http.Request, _ *visit) error {
	c := http.Cookie{Name: largeCookie, Path: "/", Secure: s.Proxies.HTTPS(r), HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: -1}
	if r.URL.Query().Get("large") == "1" {
		c.Value, c.MaxAge = "large", int(largeFor/time.Second)
	}
	http.SetCookie(w, &c)
	http.Redirect(w, r, local(r.URL.Query().Get("to")), http.StatusSeeOther)
	return nil
}

// large reports whether the reader wants large print, and where they change that.
func large(r *http.Request) (on bool, change string) {
	c, err := r.Cookie(largeCookie)
	on = err == nil && c.Value == "large"
	want := "1"
	if on {
		want = "0"
	}
	return on, "/text?large=" + want + "&to=" + url.QueryEscape(r.URL.Path)
}

// parseForm reads a posted form.
func parseForm(r *http.Request) (url.Values, error) {
	if err := r.ParseForm(); err != nil {
		if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return nil, tooLarge
		}
		return nil, errs.E(errs.Invalid, "form.unreadable").Because(err)
	}
	return r.PostForm, nil
}

// formError reports whether an error belongs beside the fields of a form rather than on a page of its own.
func formError(err error) bool {
	e, ok := errors.AsType[*errs.Error](err)
	return ok && e.Kind == errs.Invalid && len(e.Fields) > 0
}

// periods are the lawful periods that pages speak of, as the law stands today at the office's place.
type periods struct {
	notice, handle, review law.Rule
	title                  string
	duties                 []law.Rule // those citizens meet that bind an organ
	rights                 []law.Rule // and those that are their own
}

// metByCitizens are the periods of the procedure that a citizen meets, in the order in which they do. What organs owe each other is left out.
func metByCitizens() []law.RuleID {
	return []law.RuleID{"D01", "D02", "D03", "D05", "D06", "D16a", "D16b", "D15", "D07", "D08a", "D08", "D09", "D10c", "D10b"}
}

func (s *Site) periods(t *i18n.Speaker) (periods, error) {
	jurisdiction := ""
	if place := s.Office.Settings().Place; place != 0 {
		jurisdiction = strconv.FormatInt(place, 10)
	}
	set, err := s.Office.Law(jurisdiction, s.Office.Today())
	if err != nil {
		return periods{}, err
	}
	p := periods{title: t.Either(set.Title())}
	for _, id := range metByCitizens() {
		rule, err := set.Rule(id)
		switch {
		case errs.KindOf(err) == errs.NotFound: // this law sets no such period
		case err != nil:
			return periods{}, err
		case rule.Side == law.SidePetitioner:
			p.rights = append(p.rights, rule)
		default:
			p.duties = append(p.duties, rule)
		}
	}
	for id, to := range map[law.RuleID]*law.Rule{"D02": &p.notice, "D05": &p.handle, "D07": &p.review} {
		if *to, err = set.Rule(id); err != nil {
			return periods{}, err
		}
	}
	return p, nil
}
