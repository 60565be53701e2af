package api

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"huiyin/internal/errs"
	"huiyin/internal/i18n"
	"huiyin/internal/usecase"
)

type (
	outcomePeriodsOutput struct {
		Body struct {
			Periods []outcomePeriod `json:"periods" doc:"The latest first"`
		} `nameHint:"OutcomePeriods"`
	}
	outcomePeriod struct {
		Period     string    `json:"period" doc:"A month, quarter or year" example:"2026-Q1"`
		From       date      `json:"from"`
		To         date      `json:"to"`
		AsOf       date      `json:"as_of" doc:"The day as of which it was counted"`
		Published  time.Time `json:"published"`
		Version    int64     `json:"version"`
		Withdrawn  bool      `json:"withdrawn" doc:"It is not shown any more"`
		Correction string    `json:"correction,omitempty" doc:"Why it was corrected or withdrawn"`
	}
	outcomesInput struct {
		Period string    `path:"period" maxLength:"10" doc:"A month, quarter or year" example:"2026-Q1"`
		By     outcomeBy `query:"by" doc:"Rows by place or by subject; without it by place"`
	}
	outcomesOutput struct {
		Body outcomesBody `nameHint:"Outcomes"`
	}
	outcomesBody struct {
		outcomePeriod

		By          outcomeBy       `json:"by"`
		Least       int             `json:"least" doc:"Counts above nought and below this are not shown"`
		LeastReason string          `json:"least_reason,omitempty" doc:"Why it is this number"`
		Publisher   string          `json:"publisher"`
		PublisherEn string          `json:"publisher_en"`
		Licence     string          `json:"licence" example:"CC-BY-4.0"`
		Demo        bool            `json:"demo,omitempty" doc:"Everything is invented"`
		Columns     []outcomeColumn `json:"columns" doc:"What the values are"`
		Rows        []outcomeRow    `json:"rows" doc:"The last two are the rest, those merged together, and all"`
	}
	outcomeColumn struct {
		ID           string `json:"id" example:"answered_in_time"`
		Measure      string `json:"measure"`
		Name         string `json:"name"`
		NameEn       string `json:"name_en"`
		Definition   string `json:"definition"`
		DefinitionEn string `json:"definition_en"`
		Source       string `json:"source"`
		SourceEn     string `json:"source_en"`
	}
	outcomeRow struct {
		Kind   string                   `json:"kind" enum:"row,rest,all"`
		Code   string                   `json:"code,omitempty" doc:"Of the place or the category"`
		Name   string                   `json:"name"`
		NameEn string                   `json:"name_en"`
		Hidden []string                 `json:"hidden" doc:"Measures that the row does not show: a count of them would be small"`
		Values map[string]outcomeNumber `json:"values" doc:"By id of the column; null where it is not shown, or where there is nothing to divide"`
	}
	outcomeBy     string
	outcomeNumber string // as it is written; empty for none
)

// Schema lists by what outcomes are published.
func (outcomeBy) Schema(huma.Registry) *huma.Schema {
	return oneOf([]string{usecase.OpenPlace, usecase.OpenSubject})
}

// Schema is that of a number, or of none.
func (outcomeNumber) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeNumber, Nullable: true}
}

// MarshalJSON writes the number.
func (n outcomeNumber) MarshalJSON() ([]byte, error) { return []byte(cmp.Or(string(n), "null")), nil }

// outcomes are what everybody may read of how petitions were handled.
func (a *API) outcomes() {
	add(a, operation{
		id: "list_outcomes", method: http.MethodGet, path: "/outcomes", tag: tagFigures, text: "api.op.outcomes", about: "api.op.outcomes.about", open: true, limited: true,
	}, a.listOutcomes)
	add(a, operation{
		id: "get_outcomes", method: http.MethodGet, path: "/outcomes/{period}", tag: tagFigures, text: "api.op.outcome", about: "api.op.outcome.about", open: true, limited: true, absent: true,
	}, a.getOutcomes)
}

func (a *API) listOutcomes(ctx context.Context, _ *struct{}) (*outcomePeriodsOutput, error) {
	if err := a.Attempts.Read(callerOf(ctx).addr); err != nil {
		return nil, err
	}
	heads, err := a.Office.PublishedHeads(ctx)
	if err != nil {
		return nil, err
	}
	var out outcomePeriodsOutput
	out.Body.Periods = list(heads, outcomePeriodOf)
	return &out, nil
}

func outcomePeriodOf(h usecase.PublishedHead) outcomePeriod {
	return outcomePeriod{
		Period: h.Period, From: dateOf(h.First), To: dateOf(h.Last), AsOf: dateOf(h.AsOf), Published: instant(h.AtUS), Version: h.Version, Withdrawn: h.Withdrawn, Correction: h.Reason,
	}
}

func (a *API) getOutcomes(ctx context.Context, in *outcomesInput) (*outcomesOutput, error) {
	if err := a.Attempts.Read(callerOf(ctx).addr); err != nil {
		return nil, err
	}
	p, err := a.Office.Published(ctx, in.Period)
	if err != nil {
		return nil, err
	}
	if p.Withdrawn {
		return nil, errs.E(errs.NotFound, "open.withdrawn", "period", in.Period)
	}
	by := usecase.ByPlace
	if in.By == usecase.OpenSubject {
		by = usecase.ByCategory
	}
	set := a.Office.Settings()
	out := outcomesOutput{Body: outcomesBody{
		outcomePeriod: outcomePeriodOf(p.PublishedHead), By: cmp.Or(in.By, usecase.OpenPlace), Least: p.Least, LeastReason: p.Reason, Publisher: set.Host(false), PublisherEn: set.Host(true),
		Licence: "CC-BY-4.0", Demo: set.Demo,
	}}
	if out.Body.Columns, err = a.outcomeColumns(); err != nil {
		return nil, err
	}
	out.Body.Rows = list(p.Table(by).Rows, a.outcomeRowOf)
	return &out, nil
}

// outcomeColumns say what the values of a row are.
func (a *API) outcomeColumns() ([]outcomeColumn, error) {
	chinese, english := a.Catalog.For(i18n.Zh), a.Catalog.For(i18n.En)
	var out []outcomeColumn
	for _, m := range usecase.OpenMeasures() {
		source, sourceEn, err := m.Source()
		if err != nil {
			return nil, err
		}
		for _, c := range usecase.OpenColumns() {
			if c.Measure == m.ID {
				out = append(out, outcomeColumn{
					ID: c.ID, Measure: m.ID, Name: chinese.T("open.column." + c.ID), NameEn: english.T("open.column." + c.ID),
					Definition: chinese.T("open.define." + m.ID), DefinitionEn: english.T("open.define." + m.ID), Source: source, SourceEn: sourceEn,
				})
			}
		}
	}
	return out, nil
}

func (a *API) outcomeRowOf(r usecase.OpenRow) outcomeRow {
	name, english := a.Office.OpenRowNames(r)
	row := outcomeRow{Kind: string(r.Kind), Code: r.Code, Name: name, NameEn: english, Hidden: r.Hidden(), Values: map[string]outcomeNumber{}}
	for _, c := range usecase.OpenColumns() {
		row.Values[c.ID] = outcomeNumber(c.Text(r))
	}
	return row
}
