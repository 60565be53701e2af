package web

import (
	"net/http"
	"net/url"

	"huiyin/internal/errs"
	"huiyin/internal/i18n"
	"huiyin/internal/matter"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

// tried is what was tried on a matter's page: the identities of a submission, opened or with what is wrong with the form; a step that is not
// offered, with why.
type tried struct {
	submission matter.Ref
	people     []matter.Petitioner
	form       ui.Form
	refused    string
}

// openIdentity opens who the people of a submission are, on this one answer. That it was opened is on record before anything is shown.
func (s *Site) openIdentity(w http.ResponseWriter, r *http.Request, v *visit) error {
	values, err := parseForm(r)
	if err != nil {
		return err
	}
	ref, err := refIn(r)
	if err != nil {
		return err
	}
	submission, err := matter.ParseRef(values.Get("submission"))
	if err != nil {
		return errs.E(errs.NotFound, "submission.not_here")
	}
	n := values.Get("n")
	if values.Get("do") == "renew" {
		err := s.renewPIN(w, r, v, ref, submission, values.Get("words."+n))
		if !formError(err) {
			return err
		}
		m, merr := s.Office.Matter(r.Context(), v.who, ref)
		if merr != nil {
			return merr
		}
		return s.showMatter(w, r, v, http.StatusUnprocessableEntity, m, tried{submission: submission, form: lookForm(v.t, n, values, err)})
	}
	people, err := s.Office.OpenIdentity(r.Context(), v.who, ref, submission, values.Get("reason."+n), values.Get("words."+n))
	if err != nil && errs.KindOf(err) != errs.Invalid {
		return err
	}
	o := tried{submission: submission, people: people}
	status := http.StatusOK
	if err != nil {
		status = http.StatusUnprocessableEntity
		o.form = lookForm(v.t, n, values, err)
	}
	m, err := s.Office.Matter(r.Context(), v.who, ref)
	if err != nil {
		return err
	}
	return s.showMatter(w, r, v, status, m, o)
}

// lookForm keeps what was typed and puts the errors to the fields of this form, which carry its number.
func lookForm(t *i18n.Speaker, n string, values url.Values, err error) ui.Form {
	f := ui.Form{Values: values, Errors: map[string][]string{}}
	for path, texts := range t.Fields(err) {
		f.Errors[path+"."+n] = texts
	}
	return f
}

// lookReasons are the reasons an identity may be opened for.
func lookReasons(t *i18n.Speaker) []ui.Option {
	return options(t.T, "look_reason", usecase.LookReasons()...)
}

// renewPIN prints a new receipt with a new PIN for a petitioner who has lost theirs and whose papers the clerk has looked at.
func (s *Site) renewPIN(w http.ResponseWriter, r *http.Request, v *visit, ref, submission matter.Ref, words string) error {
	receipt, err := s.Office.RenewPIN(r.Context(), v.who, ref, submission, words)
	if err != nil {
		return err
	}
	token, err := s.Office.SaveDraft(r.Context(), "", keptReceipt{User: v.who.User, Receipt: receipt})
	if err != nil {
		return err
	}
	return s.done(w, r, "/desk/receipt/"+token, "desk.renewed", nil)
}
