package api

import (
	"bytes"
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"huiyin/internal/errs"
	"huiyin/internal/httpx"
	"huiyin/internal/law"
	"huiyin/internal/org"
	"huiyin/internal/periodic"
	"huiyin/internal/usecase"
)

// reportWord is a kind of periodic report, reportFormat as what it leaves.
type (
	reportWord   string
	reportFormat string
)

// Schema lists the words.
func (reportWord) Schema(huma.Registry) *huma.Schema { return oneOf(periodic.Kinds()) }

// Schema lists the words.
func (reportFormat) Schema(huma.Registry) *huma.Schema { return oneOf(usecase.ReportFormats()) }

type (
	reportsInput struct {
		Unit   int64 `query:"unit" minimum:"0" doc:"Whose reports; absent: those of the unit that the duty spans"`
		Before int64 `query:"before" minimum:"0" doc:"next of the page before"`
	}
	reportsOutput struct {
		Body struct {
			Unit    UnitBrief     `json:"unit"`
			Reports []reportBrief `json:"reports" doc:"Newest first"`
			Next    int64         `json:"next,omitempty" doc:"Where to go on; absent at the end"`
		} `nameHint:"ReportList"`
	}
	reportBrief struct {
		ID   string     `json:"id" example:"330112-7"`
		Unit UnitBrief  `json:"unit"`
		Kind reportWord `json:"kind"`
		From date       `json:"from"`
		To   date       `json:"to"`
		AsOf date       `json:"as_of"`
		Made time.Time  `json:"made"`
		Due  bool       `json:"due" doc:"Made by itself, as it was due"`
	}
	reportAskInput struct {
		Body struct {
			Unit int64      `json:"unit,omitempty" minimum:"0" doc:"Absent: the unit that the duty spans"`
			Kind reportWord `json:"kind"`
			Day  date       `json:"day" doc:"Any day of the period"`
		} `nameHint:"ReportToMake"`
	}
	reportInput struct {
		Report string `path:"report" maxLength:"40" doc:"id of the report" example:"330112-7"`
	}
	reportFileInput struct {
		Report  string       `path:"report" maxLength:"40" doc:"id of the report" example:"330112-7"`
		Format  reportFormat `query:"format" default:"pdf" doc:"As what the report leaves"`
		English bool         `query:"english" doc:"In English"`
	}
	reportOutput struct {
		Body struct {
			reportBrief
			Missed   int                 `json:"missed,omitempty" doc:"Reports before it that were due while the program did not run"`
			Figures  []reportFigureBody  `json:"figures"`
			Sections []reportSectionBody `json:"sections"`
			Notes    []reportNoteBody    `json:"notes" doc:"What a person added; the newest version first"`
		} `nameHint:"Report"`
	}
	reportFigureBody struct {
		Indicator string          `json:"indicator" example:"timely_acceptance"`
		Now       reportValueBody `json:"now"`
		Before    reportValueBody `json:"before" doc:"In the period before"`
		Year      reportValueBody `json:"year" doc:"A year earlier"`
	}
	reportValueBody struct {
		Known  bool `json:"known" doc:"false: there is nothing to divide by, or nothing was timed"`
		Sum    int  `json:"sum"`
		Of     int  `json:"of,omitempty" doc:"What a share is of"`
		Count  int  `json:"count,omitempty" doc:"How many times were counted"`
		Middle int  `json:"middle,omitempty" doc:"Half took at most so many days"`
		Most   int  `json:"most,omitempty" doc:"Nine in ten took at most so many days"`
	}
	reportSectionBody struct {
		Section   string               `json:"section" example:"came"`
		Sentences []reportSentenceBody `json:"sentences"`
	}
	reportSentenceBody struct {
		Chinese string         `json:"zh"`
		English string         `json:"en"`
		Sub     bool           `json:"sub" doc:"It explains the one before"`
		Figure  reportLinkBody `json:"figure" doc:"What it speaks of"`
	}
	reportLinkBody struct {
		Indicator string `json:"indicator,omitempty"`
		From      date   `json:"from"`
		To        date   `json:"to"`
		AsOf      date   `json:"as_of"`
		By        string `json:"by,omitempty" doc:"The breakdown of which one group is meant"`
		Group     string `json:"group,omitempty"`
		Part      string `json:"part,omitempty" doc:"rest: of a share, what is not counted"`
		Issue     int64  `json:"issue,omitempty" doc:"Number of the issue that it is about instead"`
	}
	reportNoteBody struct {
		N      int       `json:"n"`
		At     time.Time `json:"at"`
		Person string    `json:"person"`
		Unit   UnitBrief `json:"unit"`
		Text   string    `json:"text"`
	}
)

// reports are what is written of the figures of a week, a month, a year.
func (a *API) reports() {
	add(a, operation{
		id: "list_reports", method: http.MethodGet, path: "/reports", tag: tagMatters, text: "api.op.reports", about: "api.op.reports.about", grant: grantRead, absent: true,
	}, a.listReports)
	add(a, operation{
		id: "make_report", method: http.MethodPost, path: "/reports", tag: tagMatters, text: "api.op.report.make", about: "api.op.report.make.about", grant: grantRead,
		status: http.StatusAccepted, absent: true, limited: true, request: map[string]any{"kind": "month", "day": "2026-03-01"},
	}, a.makeReport)
	add(a, operation{
		id: "get_report", method: http.MethodGet, path: "/reports/{report}", tag: tagMatters, text: "api.op.report", about: "api.op.report.about", grant: grantRead, absent: true,
	}, a.getReport)
	answers := map[string]*huma.MediaType{}
	for _, f := range usecase.ReportFormats() {
		answers[f.Media()] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
	}
	add(a, operation{
		id: "get_report_file", method: http.MethodGet, path: "/reports/{report}/file", tag: tagMatters, text: "api.op.report.file", about: "api.op.report.file.about", grant: grantRead,
		absent: true, answers: answers,
	}, a.reportFile)
}

func reportBriefOf(r usecase.ReportRow) reportBrief {
	return reportBrief{
		ID: strconv.FormatInt(r.Home, 10) + "-" + strconv.FormatInt(r.ID, 10), Unit: briefOf(r.Unit), Kind: reportWord(r.Kind), From: dateOf(r.From), To: dateOf(r.To),
		AsOf: dateOf(r.AsOf), Made: instant(r.MadeUS), Due: r.Due,
	}
}

func (a *API) listReports(ctx context.Context, in *reportsInput) (*reportsOutput, error) {
	found, err := a.Office.Reports(ctx, callerOf(ctx).who, org.UnitID(in.Unit), in.Before)
	if err != nil {
		return nil, err
	}
	var out reportsOutput
	out.Body.Unit, out.Body.Reports, out.Body.Next = briefOf(found.Unit), list(found.Rows, reportBriefOf), found.Next
	return &out, nil
}

func (a *API) makeReport(ctx context.Context, in *reportAskInput) (*jobOutput, error) {
	day, err := law.ParseDay(string(in.Body.Day))
	if err != nil {
		return nil, errs.Fields([]errs.Field{errs.F("day", errs.CodeOf(err))})
	}
	j, err := a.Office.StartReport(ctx, callerOf(ctx).who, usecase.ReportAsk{Unit: org.UnitID(in.Body.Unit), Kind: periodic.Kind(in.Body.Kind), Day: day})
	if err != nil {
		return nil, err
	}
	return &jobOutput{Body: jobOf(j)}, nil
}

// findReport is the report that a path names.
func (a *API) findReport(ctx context.Context, number string) (usecase.ReportView, error) {
	first, second, _ := strings.Cut(number, "-")
	home, err := strconv.ParseInt(first, 10, 64)
	var id int64
	if err == nil {
		id, err = strconv.ParseInt(second, 10, 64)
	}
	if err != nil {
		return usecase.ReportView{}, errs.E(errs.NotFound, "report.not_found")
	}
	return a.Office.Report(ctx, callerOf(ctx).who, home, id)
}

func (a *API) getReport(ctx context.Context, in *reportInput) (*reportOutput, error) {
	found, err := a.findReport(ctx, in.Report)
	if err != nil {
		return nil, err
	}
	var out reportOutput
	b := &out.Body
	b.reportBrief, b.Missed = reportBriefOf(found.ReportRow), found.Report.Missed
	b.Figures = list(found.Report.Entries, func(e periodic.Entry) reportFigureBody {
		return reportFigureBody{Indicator: e.Indicator, Now: reportValueOf(e.Now), Before: reportValueOf(e.Before), Year: reportValueOf(e.Year)}
	})
	b.Sections = list(found.Report.Sections, func(s periodic.Section) reportSectionBody {
		return reportSectionBody{Section: s.ID, Sentences: list(s.Sentences, func(one periodic.Sentence) reportSentenceBody {
			l := one.Link
			return reportSentenceBody{
				Chinese: a.Office.ReportSentence(found.Report, one, false), English: a.Office.ReportSentence(found.Report, one, true), Sub: one.Sub,
				Figure: reportLinkBody{
					Indicator: l.Indicator, From: dateOf(l.Period.From), To: dateOf(l.Period.To), AsOf: dateOf(l.Period.AsOf), By: string(l.By), Group: l.Group, Part: l.Part, Issue: l.Issue,
				},
			}
		})}
	})
	b.Notes = list(found.Notes, func(n usecase.ReportNote) reportNoteBody {
		return reportNoteBody{N: n.N, At: instant(n.AtUS), Person: n.Person, Unit: briefOf(n.Unit), Text: n.Text}
	})
	return &out, nil
}

func reportValueOf(f periodic.Figure) reportValueBody {
	return reportValueBody{Known: f.Known(), Sum: f.Sum, Of: f.Of, Count: f.N, Middle: f.Middle, Most: f.Most}
}

func (a *API) reportFile(ctx context.Context, in *reportFileInput) (*fileOutput, error) {
	found, err := a.findReport(ctx, in.Report)
	if err != nil {
		return nil, err
	}
	f := usecase.PaperFormat(in.Format)
	name, content, err := a.Office.PrintReport(ctx, found, f, in.English)
	if err != nil {
		return nil, err
	}
	return &fileOutput{Body: func(h huma.Context) {
		r, w := humago.Unwrap(h)
		httpx.ServeDownload(w, r, name, f.Media(), bytes.NewReader(content), "")
	}}, nil
}
