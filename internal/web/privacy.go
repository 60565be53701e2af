package web

import "net/http"

// privacy tells what is asked, who sees it, and that every look is recorded.
func (s *Site) privacy(w http.ResponseWriter, r *http.Request, v *visit) error {
	return s.show(w, r, http.StatusOK, s.citizen(r, v, v.t.T("nav.privacy"), "/privacy", privacyBody(v.t, s.Office.Windows(mostWindows))))
}
