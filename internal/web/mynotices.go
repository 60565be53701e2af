package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"huiyin/internal/errs"
	"huiyin/internal/i18n"
	"huiyin/internal/matter"
	"huiyin/internal/notify"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

const myNoticesAt = "/my/notices"

// myNoticesView is how the petitioner is told, and what they were sent.
type myNoticesView struct {
	title   string
	contact usecase.ContactView
	form    ui.Form
	version string
	changed bool // the matter went on while the form was being filled in
	sent    []sentRow
}

// sentRow is one message as its petitioner or the unit sees it.
type sentRow struct {
	when, iso, what, channel, state string
	light                           ui.Light
	to                              []string
}

// ways reports whether there is any way to choose.
func (p myNoticesView) ways() bool { return p.contact.SMS || p.contact.Mail }

// fields are those of the form: a way that the office does not have is not offered.
func (p myNoticesView) fields(t *i18n.Speaker) []ui.FieldProps {
	var out []ui.FieldProps
	if p.contact.SMS {
		hint := t.T("notice.my.no_phone")
		if p.contact.Phone != "" {
			hint = t.T("notice.my.phone", "phone", p.contact.Phone)
		}
		out = append(out, ui.FieldProps{Name: "sms", Label: t.T("form.choose_contact.sms"), Hint: hint, Free: true})
	}
	if p.contact.Mail {
		out = append(out, ui.FieldProps{Name: "mail", Label: t.T("form.choose_contact.mail"), Free: true})
		email := ui.FieldProps{
			Name: "email", Label: t.T("form.choose_contact.email"), Kind: "email", InputMode: "email", Autocomplete: "email", MaxLength: matter.MaxLine, Width: "width-30", Free: true,
		}
		if p.contact.Email != "" {
			email.Hint = t.T("notice.my.email", "email", p.contact.Email)
		}
		out = append(out, email)
	}
	return out
}

func (s *Site) myNotices(w http.ResponseWriter, r *http.Request, v *visit, view usecase.TrackView) error {
	return s.showMyNotices(w, r, v, view, http.StatusOK, nil, nil)
}

// showMyNotices shows the page; values are what was typed, nil to begin with what holds.
func (s *Site) showMyNotices(w http.ResponseWriter, r *http.Request, v *visit, view usecase.TrackView, status int, values url.Values, wrong error) error {
	contact, notices, err := s.Office.MyContact(r.Context(), v.who)
	if err != nil {
		return err
	}
	if values == nil {
		values = url.Values{"sms": {yesIf(contact.Wish.SMS)}, "mail": {yesIf(contact.Wish.Mail)}}
	}
	p := myNoticesView{
		title: view.Submission.Title, contact: contact, form: ui.NewForm(v.t, values, nil), version: strconv.Itoa(view.Matter.Version),
		changed: errs.KindOf(wrong) == errs.Conflict && wrong != nil, sent: s.sentRows(v.t, notices),
	}
	if formError(wrong) {
		p.form = ui.NewForm(v.t, values, wrong)
	}
	return s.show(w, r, status, s.citizen(r, v, v.t.T("act.choose_contact.name"), "/track", myNoticesPage(v.t, p)))
}

func yesIf(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

// chooseContact takes the petitioner's choice, in the language in which they read.
func (s *Site) chooseContact(w http.ResponseWriter, r *http.Request, v *visit, view usecase.TrackView) error {
	form, err := parseForm(r)
	if err != nil {
		return err
	}
	version, err := strconv.Atoi(form.Get("version"))
	if err != nil || version < 1 {
		return errs.E(errs.Invalid, "form.unreadable")
	}
	c := matter.ChooseContact{SMS: form.Get("sms") == "yes", Mail: form.Get("mail") == "yes", Email: form.Get("email"), Lang: string(v.t.Lang())}
	key := "my/" + view.Submission.Ref.String() + "/" + string(c.Act()) + "/" + strconv.Itoa(version)
	_, err = s.Office.DoOnce(r.Context(), v.who, view.Matter.Ref, version, &c, key)
	switch {
	case err == nil:
		return s.done(w, r, myNoticesAt, "act.choose_contact.done", nil)
	case formError(err):
		return s.showMyNotices(w, r, v, view, http.StatusUnprocessableEntity, form, err)
	case errs.KindOf(err) == errs.Conflict:
		if view, err := s.Office.Track(r.Context(), v.who); err == nil {
			return s.showMyNotices(w, r, v, view, http.StatusConflict, form, errs.E(errs.Conflict, "matter.changed"))
		}
	}
	return err
}

// sentRows are notices as they stand on a page: what several were told at once is one row.
func (s *Site) sentRows(t *i18n.Speaker, notices []usecase.NoticeView) []sentRow {
	out := make([]sentRow, 0, len(notices))
	for _, n := range notices {
		at := n.MadeUS
		if n.SentUS != 0 {
			at = n.SentUS
		}
		row := sentRow{
			when: t.Instant(at), iso: t.InstantISO(at), what: notify.Words(t, s.Office.Chart(), n.Kind, n.Said), channel: t.T("notice.channel." + string(n.Channel)),
			state: t.T("notice.state." + string(n.State)), light: noticeLight(n),
		}
		to := n.To
		if u, ok := s.Office.Chart().Unit(n.Unit); ok {
			to = unitName(t, u)
		}
		k := slices.IndexFunc(out, func(r sentRow) bool {
			return r.when == row.when && r.what == row.what && r.channel == row.channel && r.state == row.state
		})
		if k < 0 {
			k, out = len(out), append(out, row)
		}
		if to != "" && !slices.Contains(out[k].to, to) {
			out[k].to = append(out[k].to, to)
		}
	}
	return out
}

// noticeLight is the light of a notice's state.
func noticeLight(n usecase.NoticeView) ui.Light {
	switch {
	case n.Failed():
		return ui.Late
	case n.Pending():
		return ui.Pause
	}
	return ui.Done
}
