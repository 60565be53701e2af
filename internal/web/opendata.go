package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strconv"
	"time"

	"huiyin/internal/httpx"
	"huiyin/internal/i18n"
	"huiyin/internal/law"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

const (
	openDataAt  = "/open-data"
	openSubject = usecase.OpenSubject
	openSchema  = "schema.json"
	// openKept is for how long a browser or a server between may keep a file before it asks again.
	openKept = "public, max-age=3600"
)

// openKinds are the kinds of files of a table, as usecase.OpenFiles gives them.
func openKinds() []string { return []string{"csv", "en.csv", "json"} }

// openRoutes adds the files of open data, which are the same for everybody: no session is looked at.
func (s *Site) openRoutes(mux *http.ServeMux) {
	mux.Handle("GET "+openDataAt+"/{name}", httpx.Adapt(s.openFile, s.Fail))
}

// openFile answers a file of open data.
func (s *Site) openFile(w http.ResponseWriter, r *http.Request) error {
	name := r.PathValue("name")
	if name == openSchema {
		serveOpen(w, r, usecase.OpenFile{Upload: usecase.Upload{Name: name, Mime: "application/schema+json; charset=utf-8", Content: usecase.OpenSchema()}})
		return nil
	}
	file, err := s.Office.OpenFile(r.Context(), name)
	if err != nil {
		return err
	}
	serveOpen(w, r, file)
	return nil
}

// serveOpen sends a file so that it can be kept and asked for again cheaply, also by pages of others.
func serveOpen(w http.ResponseWriter, r *http.Request, f usecase.OpenFile) {
	sum := sha256.Sum256(f.Content)
	h := w.Header()
	h.Set("Cache-Control", openKept)
	h.Set("Vary", "Accept-Encoding") // and not the cookie: it is the same for everybody
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	changed := time.Time{}
	if f.AtUS != 0 {
		changed = time.UnixMicro(f.AtUS)
	}
	httpx.ServeDated(w, r, f.Name, f.Mime, bytes.NewReader(f.Content), hex.EncodeToString(sum[:]), changed)
}

// openDataView lists the files.
type openDataView struct {
	years   []ui.Tab
	rows    []openDataRow
	columns []openDataColumn
	history []string // what was put right or withdrawn, the latest first
}

type openDataRow struct {
	period, said string // said: when it was published or withdrawn
	files        [][]ui.Link
}

type openDataColumn struct{ id, name, define, source string }

// openData lists what can be taken away, one year at a time.
func (s *Site) openData(w http.ResponseWriter, r *http.Request, v *visit) error {
	t := v.t
	all, err := s.Office.PublishedHistory(r.Context())
	if err != nil {
		return err
	}
	var p openDataView
	year := r.URL.Query().Get("year")
	seen := map[string]bool{}
	for _, h := range all {
		y, _, _ := h.Last.Date()
		text := strconv.Itoa(y)
		if year == "" {
			year = text
		}
		if !slices.ContainsFunc(p.years, func(x ui.Tab) bool { return x.Text == text }) {
			p.years = append(p.years, ui.Tab{Text: text, Href: openDataAt + "?year=" + text, Current: text == year})
		}
		if h.Version > 1 {
			p.history = append(p.history, openHistory(t, h))
		}
		if text == year && !seen[h.Period] {
			p.rows = append(p.rows, openDataRowOf(t, h))
		}
		seen[h.Period] = true
	}
	if p.columns, err = openDataColumns(t); err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, s.citizen(r, v, t.T("open.data"), openDataAt, openDataBody(t, p)))
}

func openHistory(t *i18n.Speaker, h usecase.PublishedHead) string {
	code := "open.history.corrected"
	if h.Withdrawn {
		code = "open.history.withdrawn"
	}
	return t.T(code, "day", publishedDay(t, h), "period", periodName(t, h.Period), "reason", h.Reason)
}

// publishedDay is the day on which a version was published or withdrawn.
func publishedDay(t *i18n.Speaker, h usecase.PublishedHead) string {
	return t.PaperDay(law.DayOf(h.AtUS))
}

// openSaid says when a version was published or withdrawn.
func openSaid(t *i18n.Speaker, h usecase.PublishedHead) string {
	if h.Withdrawn {
		return t.T("open.gone", "day", publishedDay(t, h))
	}
	return t.T("open.published", "day", publishedDay(t, h))
}

func openDataRowOf(t *i18n.Speaker, h usecase.PublishedHead) openDataRow {
	row := openDataRow{period: periodName(t, h.Period), said: openSaid(t, h)}
	if h.Withdrawn {
		row.files = make([][]ui.Link, len(usecase.OpenBys()))
		return row
	}
	for _, by := range usecase.OpenBys() {
		var links []ui.Link
		for i, file := range usecase.OpenFiles(h.Period, by) {
			links = append(links, ui.Link{Text: t.T("open.kind." + openKinds()[i]), Href: openDataAt + "/" + file})
		}
		row.files = append(row.files, links)
	}
	return row
}

func openDataColumns(t *i18n.Speaker) ([]openDataColumn, error) {
	var out []openDataColumn
	sources := map[string]string{}
	for _, m := range usecase.OpenMeasures() {
		chinese, english, err := m.Source()
		if err != nil {
			return nil, err
		}
		sources[m.ID] = t.Either(chinese, english)
	}
	for _, c := range usecase.OpenColumns() {
		out = append(out, openDataColumn{id: c.ID, name: t.T("open.column." + c.ID), define: t.T("open.define." + c.Measure), source: sources[c.Measure]})
	}
	return out, nil
}
