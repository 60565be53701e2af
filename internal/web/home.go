package web

import (
	"net/http"

	"huiyin/internal/org"
	"huiyin/internal/web/ui"
)

// homePage is the front page.
type homePage struct {
	form    ui.Form // code and PIN
	periods periods
	windows []org.Unit // where people can go or call
	open    bool       // a matter is open in this session
}

// mostWindows is how many windows the front page lists.
const mostWindows = 12

func (s *Site) home(w http.ResponseWriter, r *http.Request, v *visit) error {
	p, err := s.periods(v.t)
	if err != nil {
		return err
	}
	page := homePage{periods: p, windows: s.Office.Windows(mostWindows), open: v.who.Kind == org.ActorPetitioner}
	return s.show(w, r, http.StatusOK, s.citizen(r, v, v.t.T("citizen.home"), "/", homeBody(v.t, page)))
}
