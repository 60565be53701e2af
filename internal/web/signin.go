package web

import (
	"net/http"
	"net/url"

	"huiyin/internal/errs"
	"huiyin/internal/httpx"
	"huiyin/internal/org"
	"huiyin/internal/web/ui"
)

// codeChangePassword is the error of who must choose a password before anything else.
const codeChangePassword = "auth.change_password"

// door is the page where staff come in.
type door struct {
	form  ui.Form
	to    string // where the visitor was going
	wrong string // why the last attempt failed; nothing of whether the name exists
}

func (s *Site) signInForm(w http.ResponseWriter, r *http.Request, v *visit) error {
	who, err := s.staff(r.Context())
	if err == nil && who.Kind == org.ActorStaff {
		http.Redirect(w, r, deskPath(r.URL.Query().Get("to")), http.StatusSeeOther)
		return nil
	}
	return s.showDoor(w, r, v, http.StatusOK, door{to: deskPath(r.URL.Query().Get("to"))})
}

func (s *Site) showDoor(w http.ResponseWriter, r *http.Request, v *visit, status int, d door) error {
	t := v.t
	p := s.frame(r, v, t.T("desk.sign_in"), ui.Staff, "/", nil, "")
	p.Name = s.Office.Settings().Name(t.Lang() == "en")
	return s.show(w, r, status, framed(t, p, doorPage(t, d)))
}

// signIn opens a session. The attempt is counted before the password is compared, under the name as typed, whether it exists or not.
func (s *Site) signIn(w http.ResponseWriter, r *http.Request, v *visit) error {
	values, err := parseForm(r)
	if err != nil {
		return err
	}
	name, password := values.Get("name"), values.Get("password")
	d := door{form: ui.Form{Values: url.Values{"name": {name}}}, to: deskPath(values.Get("to"))}
	if err := s.Attempts.SignIn(name, s.Proxies.ClientAddr(r)); err != nil {
		d.wrong = v.t.Err(err)
		return s.showDoor(w, r, v, http.StatusTooManyRequests, d)
	}
	in, err := s.Office.SignIn(r.Context(), name, password)
	if errs.KindOf(err) == errs.Unauthenticated {
		d.wrong = v.t.Err(err)
		return s.showDoor(w, r, v, http.StatusUnauthorized, d)
	}
	if err != nil {
		return err
	}
	s.Attempts.SignedIn(name)
	if len(in.Duties) == 0 {
		d.wrong = v.t.T("desk.no_duty")
		return s.showDoor(w, r, v, http.StatusForbidden, d)
	}
	if err := s.Sessions.PutStaff(r.Context(), httpx.Staff{UserID: int64(in.User), DutyID: int64(in.Duties[0].ID)}); err != nil {
		return err
	}
	if d.to == "/desk" {
		d.to = firstPage(in.Duties[0].Role)
	}
	if in.MustChange {
		d.to = "/desk/password"
	}
	http.Redirect(w, r, d.to, http.StatusSeeOther)
	return nil
}

// deskPath is a path of the staff's pages, the first of them for anything else.
func deskPath(to string) string {
	if p := local(to); p != "/" {
		return p
	}
	return "/desk"
}

func (s *Site) signOut(w http.ResponseWriter, r *http.Request, _ *visit) error {
	if err := s.Sessions.End(r.Context()); err != nil {
		return err
	}
	http.Redirect(w, r, "/desk/sign-in", http.StatusSeeOther)
	return nil
}
