package web

import (
	"net/http"
	"net/url"
	"strings"

	"huiyin/internal/errs"
	"huiyin/internal/i18n"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

// exportAt is where a table of a list or a search is asked for.
const exportAt = "/desk/export"

// exportView offers the table of what a page shows.
type exportView struct {
	of string // address of the page
}

// formats are the buttons, one for each format.
func (exportView) formats(t *i18n.Speaker) []ui.ButtonProps {
	var out []ui.ButtonProps
	for _, f := range usecase.TableFormats() {
		out = append(out, ui.ButtonProps{Text: t.T("export.as." + string(f)), Name: "format", Value: string(f), Small: true})
	}
	return out
}

// export has a table made of the list or the search that a page shows: the same matters, without identity, and on record.
func (s *Site) export(w http.ResponseWriter, r *http.Request, v *visit) error {
	form, err := parseForm(r)
	if err != nil {
		return err
	}
	e := usecase.Export{Format: usecase.TableFormat(form.Get("format")), English: v.t.Lang() == i18n.En}
	of, err := url.Parse(local(form.Get("of")))
	if err != nil {
		return errs.E(errs.Invalid, "form.unreadable").Because(err)
	}
	if strings.HasPrefix(of.Path, findAt) {
		a, wrong := s.findIn(v.t, of.Query())
		if wrong != nil {
			return wrong
		}
		e.Search = &a.search
	} else {
		a, wrong := s.askIn(of.Query(), v.who)
		if wrong != nil {
			return wrong
		}
		e.List = a.filter
	}
	if _, err := s.Office.StartExport(r.Context(), v.who, e); err != nil {
		return err
	}
	return s.done(w, r, jobsAt, "export.started", nil)
}
