package usecase

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/stat"
)

//go:embed open_schema.json
var openSchema []byte

// OpenSchema describes the files in JSON.
func OpenSchema() []byte { return openSchema }

// What breakdowns are called outside.
const (
	OpenPlace   = "place"
	OpenSubject = "subject"
)

// The names of files of open data.
const (
	openPrefix  = "outcomes-"
	openJSON    = ".json"
	openCSV     = ".csv"
	openEnglish = ".en.csv"
)

// openByNames are what breakdowns are called in the names of files.
func openByNames() map[StatBy]string {
	return map[StatBy]string{ByPlace: OpenPlace, ByCategory: OpenSubject} //nolint:exhaustive // two are published
}

// OpenFiles are the names of the files of a breakdown of a period: a table in Chinese and in English, and for programs.
func OpenFiles(period string, by StatBy) []string {
	base := openPrefix + period + "-by-" + openByNames()[by]
	return []string{base + openCSV, base + openEnglish, base + openJSON}
}

// openAsked reads the name of a file.
func openAsked(name string) (period string, by StatBy, ending string, ok bool) {
	rest, found := strings.CutPrefix(name, openPrefix)
	for _, ending := range []string{openEnglish, openCSV, openJSON} {
		for by, text := range openByNames() {
			if period, ends := strings.CutSuffix(rest, "-by-"+text+ending); found && ends {
				return period, by, ending, true
			}
		}
	}
	return "", "", "", false
}

// OpenFile is a file of open data.
type OpenFile struct {
	Upload
	AtUS int64 // when what it says was published
}

// OpenFile makes a file of what is published: errs.NotFound "open.file", "open.period" or, where it was withdrawn, "open.withdrawn".
func (o *Office) OpenFile(ctx context.Context, name string) (OpenFile, error) {
	period, by, ending, ok := openAsked(name)
	if !ok {
		return OpenFile{}, errs.E(errs.NotFound, "open.file", "name", name)
	}
	p, err := o.Published(ctx, period)
	if err != nil {
		return OpenFile{}, err
	}
	if p.Withdrawn {
		return OpenFile{}, errs.E(errs.NotFound, "open.withdrawn", "period", period)
	}
	out := OpenFile{AtUS: p.AtUS, Upload: Upload{Name: name, Mime: TableCSV.Mime()}}
	if ending == openJSON {
		out.Mime = "application/json; charset=utf-8"
		out.Content, err = o.openDocument(p, by)
	} else {
		out.Content, err = o.openTable(p.Table(by), ending == openEnglish)
	}
	return out, err
}

// OpenColumn is a column of a file: counts of a measure, or what is made of them.
type OpenColumn struct {
	ID, Measure string
	text        func(OpenRow) (string, bool) // false where there is nothing to divide
}

// OpenColumns are the columns of a file, in their order.
func OpenColumns() []OpenColumn {
	var out []OpenColumn
	for _, m := range OpenMeasures() {
		for i, id := range m.Columns {
			out = append(out, OpenColumn{id, m.ID, func(r OpenRow) (string, bool) { return strconv.Itoa(r.Counts[m.ID][i]), true }})
		}
		share := func(id string, part, whole []int) {
			out = append(out, OpenColumn{id, m.ID, func(r OpenRow) (string, bool) {
				f := r.Share(m.ID, part, whole)
				return strings.TrimSuffix(FigureText(f), "%"), f.Known()
			}})
		}
		switch m.ID {
		case OpenAccepted:
			share("accepted_in_time_percent", []int{0}, []int{0, 1})
		case OpenAnswered:
			share("answered_in_time_percent", []int{0}, []int{0, 1})
		case OpenDays:
			out = append(out, OpenColumn{"median_days", m.ID, func(r OpenRow) (string, bool) {
				if r.Median == nil {
					return "", false
				}
				return strconv.Itoa(*r.Median), true
			}})
		case OpenRated:
			share("satisfied_percent", []int{0}, []int{0, 1})
			share("participation_percent", []int{0, 1}, []int{0, 1, 2})
		}
	}
	return out
}

// Share is some columns of a measure of others, where the row shows it.
func (r OpenRow) Share(measure string, part, whole []int) stat.Figure {
	f := stat.Figure{Kind: stat.KindShare}
	if !r.Shows(measure) {
		return f
	}
	for _, i := range part {
		f.Sum += r.Counts[measure][i]
	}
	for _, i := range whole {
		f.Of += r.Counts[measure][i]
	}
	return f
}

// Text is a cell of a row as it is written; empty where there is nothing to divide, or where the row does not show it.
func (c OpenColumn) Text(r OpenRow) string {
	if !r.Shows(c.Measure) {
		return ""
	}
	if text, known := c.text(r); known {
		return text
	}
	return ""
}

// openHidden stands in a table for what is not shown.
const openHidden = "*"

// openTable writes a table with its heading in a language and every name in both.
func (o *Office) openTable(table OpenTable, english bool) ([]byte, error) {
	say := o.Say(english)
	var out bytes.Buffer
	t, err := newTable(TableCSV, &out, "")
	if err != nil {
		return nil, err
	}
	head := []string{say("open.csv.kind", nil), say("open.csv.code", nil), say("open.csv.name", nil), say("open.csv.name_en", nil)}
	for _, c := range OpenColumns() {
		head = append(head, say("open.column."+c.ID, nil))
	}
	if err := t.row(head); err != nil {
		return nil, err
	}
	for _, r := range table.Rows {
		name, english := o.OpenRowNames(r)
		row := []string{say("open.csv.kind."+string(r.Kind), nil), r.Code, name, english}
		for _, c := range OpenColumns() {
			row = append(row, r.written(c))
		}
		if err := t.row(row); err != nil {
			return nil, err
		}
	}
	err = t.done()
	return out.Bytes(), err
}

// written is a cell of a table: empty where there is nothing to divide, and of the rest where nothing is merged.
func (r OpenRow) written(c OpenColumn) string {
	if !r.Shows(c.Measure) && r.Kind != OpenRowRest {
		return openHidden
	}
	return c.Text(r)
}

// OpenRowNames are what a row of a published table is called.
func (o *Office) OpenRowNames(r OpenRow) (chinese, english string) {
	if r.Kind == OpenRowOne {
		return r.Name, r.English
	}
	return o.Say(false)("open.row."+string(r.Kind), nil), o.Say(true)("open.row."+string(r.Kind), nil)
}

type openDocument struct {
	Schema      string               `json:"schema"`
	Title       string               `json:"title"`
	TitleEn     string               `json:"title_en"`
	Publisher   string               `json:"publisher"`
	PublisherEn string               `json:"publisher_en"`
	Licence     string               `json:"licence"`
	LicenceURL  string               `json:"licence_url"`
	Demo        bool                 `json:"demo,omitempty"`
	Period      string               `json:"period"`
	From        law.Day              `json:"from"`
	To          law.Day              `json:"to"`
	AsOf        law.Day              `json:"as_of"`
	PublishedAt string               `json:"published_at"`
	Version     int64                `json:"version"`
	Correction  string               `json:"correction,omitempty"`
	By          string               `json:"by"`
	Least       int                  `json:"least"`
	LeastReason string               `json:"least_reason,omitempty"`
	Columns     []openColumnDocument `json:"columns"`
	Rows        []map[string]any     `json:"rows"`
}

type openColumnDocument struct {
	ID           string `json:"id"`
	Measure      string `json:"measure"`
	Name         string `json:"name"`
	NameEn       string `json:"name_en"`
	Definition   string `json:"definition"`
	DefinitionEn string `json:"definition_en"`
	Source       string `json:"source"`
	SourceEn     string `json:"source_en"`
}

// openDocument writes a table for programs, with the definition of each column.
func (o *Office) openDocument(p Publication, by StatBy) ([]byte, error) {
	chinese, english, set := o.Say(false), o.Say(true), o.Settings()
	d := openDocument{
		Schema: "/open-data/schema.json", Title: chinese("open.title", nil), TitleEn: english("open.title", nil), Publisher: set.Host(false), PublisherEn: set.Host(true),
		Licence: "CC-BY-4.0", LicenceURL: "https://creativecommons.org/licenses/by/4.0/", Demo: set.Demo, Period: p.Period, From: p.First, To: p.Last, AsOf: p.AsOf,
		PublishedAt: time.UnixMicro(p.AtUS).In(law.Zone()).Format(time.RFC3339), Version: p.Version, Correction: p.PublishedHead.Reason, By: openByNames()[by],
		Least: p.Least, LeastReason: p.Reason, Rows: []map[string]any{},
	}
	measures := OpenMeasures()
	for _, c := range OpenColumns() {
		m := measures[slices.IndexFunc(measures, func(m OpenMeasure) bool { return m.ID == c.Measure })]
		source, sourceEn, err := m.Source()
		if err != nil {
			return nil, err
		}
		d.Columns = append(d.Columns, openColumnDocument{
			ID: c.ID, Measure: c.Measure, Name: chinese("open.column."+c.ID, nil), NameEn: english("open.column."+c.ID, nil),
			Definition: chinese("open.define."+c.Measure, nil), DefinitionEn: english("open.define."+c.Measure, nil), Source: source, SourceEn: sourceEn,
		})
	}
	for _, r := range p.Table(by).Rows {
		d.Rows = append(d.Rows, o.openRowDocument(r))
	}
	out, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("open data of %s: %w", p.Period, err)
	}
	return append(out, '\n'), nil
}

// Hidden are the measures that a row does not show, for it would show a small count.
func (r OpenRow) Hidden() []string {
	hidden := []string{}
	for _, m := range OpenMeasures() {
		if !r.Shows(m.ID) && r.Kind != OpenRowRest {
			hidden = append(hidden, m.ID)
		}
	}
	return hidden
}

func (o *Office) openRowDocument(r OpenRow) map[string]any {
	name, english := o.OpenRowNames(r)
	hidden := r.Hidden()
	row := map[string]any{"kind": r.Kind, "code": r.Code, "name": name, "name_en": english, "hidden": hidden}
	for _, c := range OpenColumns() {
		row[c.ID] = nil
		if !r.Shows(c.Measure) {
			continue
		}
		if text, known := c.text(r); known {
			row[c.ID] = json.Number(text)
		}
	}
	return row
}

// Source is where the definition of a measure comes from, in Chinese and English.
func (m OpenMeasure) Source() (chinese, english string, err error) {
	id := m.Indicators[0]
	if m.ID == OpenOutcome {
		id = "support" // says of all outcomes what each says of itself
	}
	d, err := stat.Find(id)
	return d.Source, d.SourceEnglish, err
}
