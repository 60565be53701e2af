package web

import (
	"net/http"
	"time"

	"rsc.io/qr"

	"huiyin/internal/org"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

// pinFor is how long after sending the receipt with its PIN can be seen on the device that sent it. Nobody who comes to a public terminal
// later finds it there.
const pinFor = time.Hour

// receiptPage is what the person takes home.
type receiptPage struct {
	receipt *usecase.Receipt
	unit    org.Unit
	clock   *ui.ClockProps // the notice that is due, with its derivation
	modules [][]bool       // QR code of link
	link    string         // where to track it, with the code and without the PIN
	check   string         // where to check the record
}

func (s *Site) receipt(w http.ResponseWriter, r *http.Request, v *visit) error {
	token, d, err := s.draft(r)
	if err != nil {
		return err
	}
	if d.Receipt == nil {
		return s.show(w, r, http.StatusOK, s.citizen(r, v, v.t.T("citizen.receipt"), "/file", receiptGone(v.t)))
	}
	if s.Office.Now()-d.SentUS > pinFor.Microseconds() {
		if err := s.drop(w, r, token); err != nil {
			return err
		}
		return s.show(w, r, http.StatusOK, s.citizen(r, v, v.t.T("citizen.receipt"), "/file", receiptGone(v.t)))
	}
	page := receiptPage{receipt: d.Receipt}
	page.unit, _ = s.Office.Chart().Unit(d.Receipt.Unit)
	page.link = s.origin(r) + "/track?code=" + d.Receipt.Code
	page.check = "/proof?number=" + d.Receipt.Ref.String() + "&link=" + d.Receipt.Link
	if page.modules, err = qrModules(page.link); err != nil {
		return err
	}
	view, err := s.Office.Track(r.Context(), org.Actor{Kind: org.ActorPetitioner, Home: d.Receipt.Ref.Home, Submission: d.Receipt.Ref.N})
	if err != nil {
		return err
	}
	if view.Clock != nil {
		if page.clock, err = s.ownClock(v.t, view.Matter, view.Today, *view.Clock); err != nil {
			return err
		}
	}
	return s.show(w, r, http.StatusOK, s.citizen(r, v, v.t.T("citizen.receipt"), "/file", receiptBody(v.t, page)))
}

// receiptKept forgets the receipt once the person says that they have it.
func (s *Site) receiptKept(w http.ResponseWriter, r *http.Request, _ *visit) error {
	token, d, err := s.draft(r)
	if err != nil {
		return err
	}
	if d.Receipt == nil {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return nil
	}
	code := d.Receipt.Code
	if err := s.drop(w, r, token); err != nil {
		return err
	}
	return s.done(w, r, "/track?code="+code, "citizen.receipt.kept", nil)
}

// qrModules draws a text as the dark and light squares of a QR code.
func qrModules(text string) ([][]bool, error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return nil, err
	}
	rows := make([][]bool, code.Size)
	for y := range rows {
		rows[y] = make([]bool, code.Size)
		for x := range rows[y] {
			rows[y][x] = code.Black(x, y)
		}
	}
	return rows, nil
}
