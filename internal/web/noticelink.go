package web

import (
	"net/http"
	"net/url"
	"slices"

	"huiyin/internal/errs"
	"huiyin/internal/httpx"
	"huiyin/internal/i18n"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

// linkAt is where the links of notices lead.
const linkAt = usecase.LinkPath + "{token}"

// noticeLinkPage is what who follows the link of a notice sees before they show their PIN: who writes, and no more, since telephones open links by themselves.
type noticeLinkPage struct {
	form ui.Form
	from string // who writes
	path string
}

// noticeLink asks who follows the link of a notice for the PIN. Looking changes nothing, and a link that leads nowhere shows the door for code and PIN,
// whatever is wrong with it.
func (s *Site) noticeLink(w http.ResponseWriter, r *http.Request, v *visit) error {
	if _, err := s.Office.FollowLink(r.Context(), r.PathValue("token")); err != nil {
		return s.showGone(w, r, v, err)
	}
	return s.showNoticeLink(w, r, v, http.StatusOK, ui.Form{})
}

// showGone shows the door for code and PIN to who followed a link that leads nowhere.
func (s *Site) showGone(w http.ResponseWriter, r *http.Request, v *visit, err error) error {
	if errs.KindOf(err) != errs.NotFound {
		return err
	}
	return s.showTrack(w, r, v, http.StatusNotFound, ui.Form{}, v.t.Err(err))
}

func (s *Site) showNoticeLink(w http.ResponseWriter, r *http.Request, v *visit, status int, form ui.Form) error {
	set, english := s.Office.Settings(), v.t.Lang() == i18n.En
	p := noticeLinkPage{form: form, from: set.Host(english), path: r.URL.Path}
	if p.from == "" {
		p.from = set.Name(english)
	}
	return s.show(w, r, status, s.citizen(r, v, v.t.T("notice.link.title"), "/track", noticeLinkBody(v.t, p)))
}

// noticeLinkOpen opens the submission that a notice is about as code and PIN open it, with the same limits on guessing, and leads to what the notice tells.
func (s *Site) noticeLinkOpen(w http.ResponseWriter, r *http.Request, v *visit) error {
	form, err := parseForm(r)
	if err != nil {
		return err
	}
	link, err := s.Office.FollowLink(r.Context(), r.PathValue("token"))
	if err != nil {
		return s.showGone(w, r, v, err)
	}
	wrong := func(code string) error {
		return s.showNoticeLink(w, r, v, http.StatusUnprocessableEntity, ui.NewForm(v.t, url.Values{}, errs.Fields([]errs.Field{errs.F("pin", code)})))
	}
	if form.Get("pin") == "" {
		return wrong("field.required")
	}
	who, err := s.tryPIN(r, link.Code, form.Get("pin"))
	if errs.KindOf(err) == errs.Unauthenticated {
		return wrong("notice.link.wrong")
	}
	if err != nil {
		return err
	}
	to, err := s.noticeLinkTo(r, who, link)
	if err != nil {
		return err
	}
	if err := s.Sessions.PutCitizen(r.Context(), httpx.Citizen{Home: who.Home, SubmissionID: who.Submission, Link: link.Serves()}); err != nil {
		return err
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// noticeLinkTo is where what a notice tells can be read: the receipt that is to be confirmed, the document that came of it, or else the petitioner's page.
func (s *Site) noticeLinkTo(r *http.Request, who org.Actor, link usecase.Linked) (string, error) {
	if link.Kind == matter.KindOf(matter.DocumentReady{}) {
		view, err := s.Office.Track(r.Context(), who)
		if err == nil && slices.ContainsFunc(view.Now, func(o matter.Offer) bool { return o.Act == matter.ActReceive }) {
			return actHref(matter.ActReceive), nil
		}
		return "/my", err
	}
	p, ok, err := s.Office.LinkedPaper(r.Context(), who, link)
	if !ok {
		return "/my", err
	}
	return myPaperPath(p.Ref, p.Paper.N), err
}
