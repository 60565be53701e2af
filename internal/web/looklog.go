package web

import (
	"net/http"
	"strconv"

	"huiyin/internal/i18n"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

// looksView is a page of the record of openings, newest first.
type looksView struct {
	rows  []lookRow
	later bool // not the first page
	pages ui.PaginationProps
}

type lookRow struct{ when, iso, who, unit, number, reason, words string }

// looks shows who opened whose identity and why, within the reach of the duty in use. It names submissions, never their people.
func (s *Site) looks(w http.ResponseWriter, r *http.Request, v *visit) error {
	before, err := strconv.ParseInt(r.URL.Query().Get("before"), 10, 64)
	if err != nil || before < 0 {
		before = 0
	}
	list, err := s.Office.LookLog(r.Context(), v.who, before)
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, s.staffPage(r, v, v.t.T("nav.looks"), "/desk/looks", looksPage(v.t, newLooksView(v.t, list, before != 0))))
}

// looksFull is how many rows a full page has: behind one there may be more.
const looksFull = 50

func newLooksView(t *i18n.Speaker, list []usecase.LookView, later bool) looksView {
	view := looksView{later: later, pages: ui.PaginationProps{Range: t.T("desk.looks.n", "n", len(list))}}
	for _, l := range list {
		view.rows = append(view.rows, lookRow{
			when: t.Instant(l.AtUS), iso: t.InstantISO(l.AtUS), who: l.Person, unit: unitName(t, l.Unit), number: l.Submission.String(), reason: t.T("look_reason." + l.Reason), words: l.Words,
		})
	}
	if len(list) == looksFull {
		view.pages.Next = "/desk/looks?before=" + strconv.FormatInt(list[len(list)-1].AtUS, 10)
	}
	return view
}
