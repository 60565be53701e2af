package web

import (
	"mime"
	"net/http"
	"strings"

	"huiyin/internal/errs"
	"huiyin/internal/httpx"
	"huiyin/internal/i18n"
	"huiyin/internal/matter"
)

// exportPath is where the list that is shown can be had as a table.
func exportPath(a ask) string {
	return strings.Replace(a.href(func(x *ask) { x.back = nil }), "/desk?", "/desk/export?", 1)
}

// export sends the list that is shown as a table for spreadsheets: the same matters, without identity, and on record.
func (s *Site) export(w http.ResponseWriter, r *http.Request, v *visit) error {
	a := askIn(r.URL.Query(), v.who)
	a.filter.After = matter.Cursor{}
	out := &tableWriter{w: w, name: httpx.SafeName("huiyin-" + s.Office.Today().String() + ".csv")}
	_, err := s.Office.ExportMatters(r.Context(), v.who, a.filter, v.t.Lang() == i18n.En, v.t.Say, out)
	if err != nil && out.begun {
		return errs.E(errs.Internal, "internal").Because(err) // half a table was sent: the connection is cut short, and it is logged
	}
	return err
}

// tableWriter says what is coming before the first byte, so that an error before it is still answered as a page.
type tableWriter struct {
	w     http.ResponseWriter
	name  string
	begun bool
}

func (t *tableWriter) Write(b []byte) (int, error) {
	if !t.begun {
		t.begun = true
		h := t.w.Header()
		h.Set("Content-Type", "text/csv; charset=utf-8")
		h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": t.name}))
	}
	return t.w.Write(b)
}
