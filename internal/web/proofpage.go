package web

import (
	"net/http"
	"net/url"
	"strings"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/proof"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

// proofCheck is what the page says of a receipt: that it stands in the log and where, or that it does not.
type proofCheck struct {
	asked bool
	holds bool
	proof usecase.Proof
}

func (s *Site) proofPage(w http.ResponseWriter, r *http.Request, v *visit) error {
	q := r.URL.Query()
	form := ui.Form{Values: url.Values{"number": {q.Get("number")}, "link": {q.Get("link")}}}
	return s.show(w, r, http.StatusOK, s.citizen(r, v, v.t.T("nav.proof"), "/proof", proofBody(v.t, form, proofCheck{})))
}

// checkProof says whether the link on a receipt is that of the registration in the log. A number without its right link is answered the same
// whether it exists or not.
func (s *Site) checkProof(w http.ResponseWriter, r *http.Request, v *visit) error {
	form, err := parseForm(r)
	if err != nil {
		return err
	}
	var fields []errs.Field
	ref, err := matter.ParseRef(form.Get("number"))
	if err != nil {
		fields = append(fields, errs.F("number", errs.CodeOf(err)))
	}
	link, ok := proof.ParseLink(strings.ToLower(strings.Join(strings.Fields(form.Get("link")), "")))
	if !ok {
		fields = append(fields, errs.F("link", "citizen.proof.link"))
	}
	if err := errs.Fields(fields); err != nil {
		return s.show(w, r, http.StatusUnprocessableEntity, s.citizen(r, v, v.t.T("nav.proof"), "/proof", proofBody(v.t, ui.NewForm(v.t, form, err), proofCheck{})))
	}
	found, err := s.Office.ProofOf(r.Context(), ref)
	if err != nil {
		return err
	}
	check := proofCheck{asked: true, holds: found.Pos > 0 && found.Link == link.String(), proof: found}
	return s.show(w, r, http.StatusOK, s.citizen(r, v, v.t.T("nav.proof"), "/proof", proofBody(v.t, ui.NewForm(v.t, form, nil), check)))
}
