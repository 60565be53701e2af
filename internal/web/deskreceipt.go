package web

import (
	"net/http"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

// keptReceipt is a receipt between registering and printing, encrypted like a begun form. Only who registered opens it, and the PIN is in it
// until it was shown once.
type keptReceipt struct {
	User      org.UserID      `json:"user"`
	Receipt   usecase.Receipt `json:"receipt"`
	Linked    matter.Ref      `json:"linked,omitzero"`
	NotLinked string          `json:"not_linked,omitempty"` // why the link that was wished for was refused
}

// loadReceipt finds a receipt of the visitor's own.
func (s *Site) loadReceipt(r *http.Request, v *visit, token string) (keptReceipt, error) {
	var kept keptReceipt
	if _, err := s.Office.LoadDraft(r.Context(), token, &kept); err != nil {
		return kept, err
	}
	if kept.User != v.who.User || kept.Receipt.Ref.IsZero() {
		return keptReceipt{}, errs.E(errs.NotFound, "draft.gone")
	}
	return kept, nil
}

// deskReceiptView is the receipt as it is printed at the window.
type deskReceiptView struct {
	kept  keptReceipt
	props ui.ReceiptProps
	next  string // what the person is told of the days ahead
}

// deskReceipt shows a receipt, the first time with its PIN.
func (s *Site) deskReceipt(w http.ResponseWriter, r *http.Request, v *visit) error {
	t, token := v.t, r.PathValue("token")
	kept, err := s.loadReceipt(r, v, token)
	if err != nil {
		return err
	}
	link := s.origin(r) + "/track?code=" + kept.Receipt.Code
	modules, err := qrModules(link)
	if err != nil {
		return err
	}
	unit, _ := s.Office.Chart().Unit(kept.Receipt.Unit)
	view := deskReceiptView{kept: kept, props: ui.ReceiptProps{
		Title: t.T("desk.receipt.title"), Code: usecase.FormatCode(kept.Receipt.Code), PIN: kept.Receipt.PIN, Modules: modules,
		Facts: []ui.Fact{
			{Term: t.T("desk.receipt.number"), Text: kept.Receipt.Ref.String()},
			{Term: t.T("desk.receipt.at"), Text: t.Instant(kept.Receipt.AtUS), Note: unitName(t, unit) + " " + v.who.Name},
			{Term: t.T("form.title"), Text: kept.Receipt.Title},
		},
		Proof: []string{t.T("desk.receipt.scan"), t.T("desk.receipt.link", "link", kept.Receipt.Link)},
	}}
	if n := kept.Receipt.Persons; n > 1 {
		view.props.Facts = append(view.props.Facts, ui.Fact{Term: t.T("desk.receipt.persons"), Text: t.T("citizen.persons", "n", n)})
	}
	if kept.Receipt.NoticeBy.Known() && kept.Receipt.NoticeBy != 0 {
		view.next = t.T("desk.receipt.next", "day", t.FullDay(kept.Receipt.NoticeBy), "unit", unitName(t, unit))
	}
	if kept.Receipt.PIN == "" {
		view.props.Facts = append(view.props.Facts, ui.Fact{Term: t.T("desk.pin"), Text: t.T("desk.pin.shown")})
	} else {
		kept.Receipt.PIN = ""
		if _, err := s.Office.SaveDraft(r.Context(), token, kept); err != nil {
			return err
		}
	}
	body := deskReceiptPage(t, view)
	return s.show(w, r, http.StatusOK, s.staffPage(r, v, t.T("desk.receipt.title"), "/desk/register", body))
}
