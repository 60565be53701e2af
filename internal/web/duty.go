package web

import (
	"net/http"
	"net/url"
	"strconv"

	"huiyin/internal/errs"
	"huiyin/internal/httpx"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

// dutyChoice is the page where a person changes over to another of their duties.
type dutyChoice struct {
	duties []usecase.DutyView
	now    org.DutyID
}

func (s *Site) duties(w http.ResponseWriter, r *http.Request, v *visit) error {
	list, err := s.Office.DutiesOf(r.Context(), v.who.User)
	if err != nil {
		return err
	}
	page := dutyPage(v.t, dutyChoice{duties: list, now: v.who.Duty.ID})
	return s.show(w, r, http.StatusOK, s.staffPage(r, v, v.t.T("nav.duty"), "/desk/duty", page))
}

// switchDuty lets a person act under another of their own duties. One that is not theirs is refused as if it did not exist.
func (s *Site) switchDuty(w http.ResponseWriter, r *http.Request, v *visit) error {
	values, err := parseForm(r)
	if err != nil {
		return err
	}
	id, err := strconv.ParseInt(values.Get("duty"), 10, 64)
	if err != nil {
		return errs.E(errs.NotFound, "page.not_found")
	}
	if _, err := s.Office.Actor(r.Context(), v.who.User, org.DutyID(id)); err != nil {
		return errs.E(errs.Forbidden, "auth.duty").Because(err)
	}
	if err := s.Sessions.PutStaff(r.Context(), httpx.Staff{UserID: int64(v.who.User), DutyID: id}); err != nil {
		return err
	}
	return s.done(w, r, "/desk", "desk.duty.switched", nil)
}

// newPassword is the page where a person chooses their password.
type newPassword struct {
	form ui.Form
	must bool // nothing else is open before
}

// fields are the page's, for the summary of errors.
func (p newPassword) fields(say func(string, ...any) string) []ui.FieldProps {
	return []ui.FieldProps{
		{Name: "old", Label: say("desk.password.old"), Kind: "password", Autocomplete: "current-password", MaxLength: 200, Width: "width-18"},
		{Name: "password", Label: say("desk.password.new"), Hint: say("desk.password.hint"), Kind: "password", Autocomplete: "new-password", MaxLength: 200, Width: "width-18"},
		{Name: "again", Label: say("desk.password.again"), Kind: "password", Autocomplete: "new-password", MaxLength: 200, Width: "width-18"},
	}
}

// holder is who the session belongs to, also while a password must be chosen.
func (s *Site) holder(r *http.Request) (st httpx.Staff, must bool, err error) {
	st, ok := s.Sessions.Staff(r.Context())
	if !ok {
		return st, false, errs.E(errs.Unauthenticated, "auth.sign_in")
	}
	_, err = s.Office.Actor(r.Context(), org.UserID(st.UserID), org.DutyID(st.DutyID))
	if errs.CodeOf(err) == codeChangePassword {
		return st, true, nil
	}
	return st, false, err
}

func (s *Site) passwordForm(w http.ResponseWriter, r *http.Request, v *visit) error {
	_, must, err := s.holder(r)
	if errs.KindOf(err) == errs.Unauthenticated {
		http.Redirect(w, r, "/desk/sign-in?to="+url.QueryEscape("/desk/password"), http.StatusSeeOther)
		return nil
	}
	if err != nil {
		return err
	}
	return s.showPassword(w, r, v, http.StatusOK, newPassword{must: must})
}

func (s *Site) showPassword(w http.ResponseWriter, r *http.Request, v *visit, status int, p newPassword) error {
	page := s.frame(r, v, v.t.T("desk.password.title"), ui.Staff, "/desk", nil, "")
	page.Name = s.Office.Settings().Name(v.t.Lang() == "en")
	page.Account = append(page.Account, ui.ButtonProps{Text: v.t.T("nav.sign_out"), Post: "/desk/sign-out", AsText: true})
	return s.show(w, r, status, framed(v.t, page, passwordPage(v.t, p)))
}

func (s *Site) changePassword(w http.ResponseWriter, r *http.Request, v *visit) error {
	values, err := parseForm(r)
	if err != nil {
		return err
	}
	st, must, err := s.holder(r)
	if err != nil {
		return err
	}
	account := "user " + strconv.FormatInt(st.UserID, 10)
	if err := s.Attempts.SignIn(account, s.Proxies.ClientAddr(r)); err != nil {
		return err
	}
	if values.Get("password") != values.Get("again") {
		err = errs.Fields([]errs.Field{errs.F("again", "desk.password.differs")})
	} else {
		err = s.Office.ChangePassword(r.Context(), org.UserID(st.UserID), values.Get("old"), values.Get("password"))
	}
	if errs.KindOf(err) == errs.Invalid {
		return s.showPassword(w, r, v, http.StatusUnprocessableEntity, newPassword{form: ui.NewForm(v.t, nil, err), must: must})
	}
	if err != nil {
		return err
	}
	s.Attempts.SignedIn(account)
	if err := s.Sessions.PutStaff(r.Context(), st); err != nil {
		return err
	}
	return s.done(w, r, "/desk", "desk.password.changed", nil)
}
