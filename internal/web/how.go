package web

import "net/http"

// how tells the way a petition goes and how its days are counted.
func (s *Site) how(w http.ResponseWriter, r *http.Request, v *visit) error {
	p, err := s.periods(v.t)
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, s.citizen(r, v, v.t.T("nav.how"), "/how", howBody(v.t, p)))
}
