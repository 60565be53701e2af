package web

import (
	"net/http"

	"huiyin/internal/usecase"
)

// myLooks lists every opening of the reader's own identity.
func (s *Site) myLooks(w http.ResponseWriter, r *http.Request, v *visit, view usecase.TrackView) error {
	return s.show(w, r, http.StatusOK, s.citizen(r, v, v.t.T("citizen.looks"), "/track", myLooksBody(v.t, view)))
}
