package api

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"huiyin/internal/errs"
	"huiyin/internal/httpx"
	"huiyin/internal/law"
	"huiyin/internal/org"
	"huiyin/internal/stat"
	"huiyin/internal/usecase"
)

type (
	statByWord     string
	figureKindWord string
	figurePartWord string

	indicatorsOutput struct {
		Body struct {
			Indicators []indicatorBody `json:"indicators" doc:"In the order in which they are shown"`
		} `nameHint:"IndicatorList"`
	}
	indicatorBody struct {
		ID        string         `json:"id" example:"on_time_b"`
		Kind      figureKindWord `json:"kind"`
		Name      string         `json:"name"`
		English   string         `json:"name_en"`
		Sum       []string       `json:"sum" doc:"Measures that are summed"`
		Of        []string       `json:"of,omitempty" doc:"Measures that a share is divided by"`
		Basis     string         `json:"basis" doc:"The day by which a period counts, in a word"`
		Variant   string         `json:"variant,omitempty"`
		VariantEn string         `json:"variant_en,omitempty"`
		Source    string         `json:"source"`
		SourceEn  string         `json:"source_en"`
	}
	// FiguresOver is over what figures are counted. Exported, for the fields of a part that is not are left out.
	FiguresOver struct {
		From     string `query:"from" format:"date" doc:"First day; without it the first of this year" example:"2026-01-01"`
		To       string `query:"to" format:"date" doc:"Last day, included; without it today" example:"2026-09-28"`
		AsOf     string `query:"as_of" format:"date" doc:"What happened after this day is not counted; without it today" example:"2026-09-28"`
		Recorded string `query:"recorded" format:"date" doc:"Only what was on record by this day counts: what was reported then; without it what was entered later, too" example:"2026-09-28"`
		Unit     int64  `query:"unit" minimum:"0" doc:"Number of a unit: it and the units under it; 0 for all that the caller's duty spans"`
		Place    int64  `query:"place" minimum:"0" doc:"Division code: the place and what it contains; 0 for everywhere"`
		Category string `query:"category" maxLength:"20" doc:"Code: the category and those below it"`
	}
	figuresInput struct {
		FiguresOver
		Indicators []string   `query:"indicator,explode" required:"true" minItems:"1" maxItems:"60" doc:"ids of indicators" example:"on_time_b"`
		By         statByWord `query:"by" doc:"Groups: of places and categories those one level below what is asked for; absent for none"`
		Format     string     `query:"format" enum:"json,csv" doc:"As what figures are written; without it what Accept prefers"`
		English    bool       `query:"english" doc:"Headings and names of a CSV in English"`
		Accept     string     `header:"Accept" doc:"text/csv asks for a table"`
	}
	figuresBody struct {
		From       date          `json:"from"`
		To         date          `json:"to"`
		AsOf       date          `json:"as_of"`
		Recorded   date          `json:"recorded,omitempty" doc:"As it was on record on this day; absent where all that is known counts"`
		Sealed     bool          `json:"sealed" doc:"Accusations are counted; they are for those alone who may see them"`
		Indicators []string      `json:"indicators" doc:"ids, in the order of the figures"`
		All        []figureBody  `json:"all" doc:"One for each indicator"`
		Groups     []figureGroup `json:"groups,omitempty" doc:"In the order of their codes"`
	}
	figureGroup struct {
		Group   string       `json:"group" doc:"Code of the unit, place, category …; of a move 3>4" example:"330112104"`
		Name    string       `json:"name" doc:"Of the group, in Chinese"`
		Figures []figureBody `json:"figures"`
	}
	figureBody struct {
		Value string `json:"value" doc:"As people write it: a share in percent with two decimals, the middle of times in days; n/a where there is none" example:"88.89%"`
		Known bool   `json:"known" doc:"There is a value: a share of nothing has none"`
		Sum   int    `json:"sum" doc:"Numerator, number, or sum of days"`
		Of    int    `json:"of,omitempty" doc:"Denominator of a share"`
		Count int    `json:"count,omitempty" doc:"Of times: how many were counted"`
		Most  int    `json:"most,omitempty" doc:"Of times: within how many days nine in ten were done"`
	}
	figureMattersInput struct {
		FiguresOver
		Indicator string         `query:"indicator" required:"true" maxLength:"40" doc:"id of one indicator" example:"on_time_b"`
		By        statByWord     `query:"by" doc:"The groups that group is one of"`
		Group     string         `query:"group" maxLength:"60" doc:"Code of one group"`
		Part      figurePartWord `query:"part" doc:"Of a share: what it is of, or what of this is not counted; absent for what is counted"`
		After     string         `query:"after" maxLength:"200" doc:"next of the page before"`
		Limit     int            `query:"limit" minimum:"1" maximum:"100" default:"20" doc:"Rows of a page"`
	}
	figureMattersOutput struct {
		Body struct {
			Figure figureBody         `json:"figure"`
			Rows   []figureMatterBody `json:"rows" doc:"The latest first"`
			Next   string             `json:"next,omitempty" doc:"Where to go on; absent at the end"`
			Hidden *int               `json:"hidden,omitempty" doc:"With the first page: how many rows of all pages, of the latest thousand where there are more, are out of the caller's sight"`
		} `nameHint:"FigureMatters"`
	}
	figureMatterBody struct {
		N      int        `json:"n" doc:"How much of the figure it is; those of all pages come to the figure"`
		Day    date       `json:"day,omitempty" doc:"By which it counts; absent of a stock"`
		Days   int        `json:"days,omitempty" doc:"Of times"`
		Matter *MatterRow `json:"matter,omitempty" doc:"Absent of a matter that is out of the caller's sight"`
	}
)

// Schema lists what figures are broken down by.
func (statByWord) Schema(huma.Registry) *huma.Schema { return oneOf(usecase.StatBys()[1:]) }

// Schema lists the kinds of indicators.
func (figureKindWord) Schema(huma.Registry) *huma.Schema {
	return oneOf([]stat.Kind{stat.KindCount, stat.KindStock, stat.KindShare, stat.KindTime})
}

// Schema lists the parts of a share.
func (figurePartWord) Schema(huma.Registry) *huma.Schema { return oneOf(usecase.FigureParts()[1:]) }

// figures are what a duty spans, counted.
func (a *API) figures() {
	add(a, operation{
		id: "list_indicators", method: http.MethodGet, path: "/indicators", tag: tagFigures, text: "api.op.indicators", about: "api.op.indicators.about", grant: grantRead, also: grantFigures,
	}, a.listIndicators)
	schema := a.huma.OpenAPI().Components.Schemas
	add(a, operation{
		id: "get_figures", method: http.MethodGet, path: "/figures", tag: tagFigures, text: "api.op.figures", about: "api.op.figures.about", grant: grantRead, also: grantFigures, absent: true,
		answers: map[string]*huma.MediaType{
			mediaJSON:  {Schema: schema.Schema(reflect.TypeFor[figuresBody](), true, "Figures")},
			"text/csv": {Schema: &huma.Schema{Type: huma.TypeString}},
		},
	}, a.getFigures)
	add(a, operation{
		id: "list_figure_matters", method: http.MethodGet, path: "/figures/matters", tag: tagFigures, text: "api.op.figure_matters", about: "api.op.figure_matters.about", grant: grantRead,
		absent: true,
	}, a.listFigureMatters)
}

func (a *API) listIndicators(context.Context, *struct{}) (*indicatorsOutput, error) {
	found, err := stat.Indicators()
	if err != nil {
		return nil, err
	}
	var out indicatorsOutput
	out.Body.Indicators = list(found, indicatorOf)
	return &out, nil
}

func indicatorOf(d stat.Indicator) indicatorBody {
	b := indicatorBody{
		ID: d.ID, Kind: figureKindWord(d.Kind), Name: d.Name, English: d.English, Sum: list(d.Sum, measureWord), Basis: d.Basis, Variant: d.Variant, VariantEn: d.VariantEng,
		Source: d.Source, SourceEn: d.SourceEnglish,
	}
	if len(d.Of) > 0 {
		b.Of = list(d.Divisor(), measureWord)
	}
	return b
}

func measureWord(m stat.Measure) string { return string(m) }

// ask reads over what figures are counted: this year up to today where nothing else is asked for.
func (in FiguresOver) ask(o *usecase.Office) (usecase.FigureAsk, error) {
	ask := usecase.FigureAsk{Period: o.StatPeriod(), Unit: org.UnitID(in.Unit), Place: in.Place, Category: in.Category}
	var wrong []errs.Field
	for _, d := range []struct {
		name, text string
		to         *law.Day
	}{{"from", in.From, &ask.Period.From}, {"to", in.To, &ask.Period.To}, {"as_of", in.AsOf, &ask.Period.AsOf}, {"recorded", in.Recorded, &ask.Period.Recorded}} {
		if d.text == "" {
			continue
		}
		day, err := law.ParseDay(d.text)
		if err != nil {
			wrong = append(wrong, errs.F(d.name, errs.CodeOf(err)))
		}
		*d.to = day
	}
	return ask, errs.Fields(wrong)
}

func (a *API) getFigures(ctx context.Context, in *figuresInput) (*fileOutput, error) {
	ask, err := in.ask(a.Office)
	if err != nil {
		return nil, err
	}
	ask.Indicators, ask.By = in.Indicators, usecase.StatBy(in.By)
	found, err := a.Office.Figures(ctx, callerOf(ctx).who, ask)
	if err != nil {
		return nil, err
	}
	if in.Format == string(usecase.TableCSV) || in.Format == "" && strings.HasPrefix(in.Accept, "text/csv") {
		who := callerOf(ctx).who
		return &fileOutput{Body: func(h huma.Context) {
			_, w := humago.Unwrap(h)
			httpx.StreamDownload(w, "figures.csv", usecase.TableCSV.Mime(), func(to io.Writer) error {
				return a.Office.FigureTable(who, ask, found, usecase.TableCSV, in.English, to)
			})
		}}, nil
	}
	body, err := json.Marshal(a.figuresOf(found))
	if err != nil {
		return nil, err
	}
	return &fileOutput{Body: func(h huma.Context) {
		h.SetHeader("Content-Type", mediaJSON)
		_, _ = h.BodyWriter().Write(body) // the caller has gone
	}}, nil
}

func (a *API) figuresOf(f usecase.Figures) figuresBody {
	b := figuresBody{
		From: dateOf(f.Period.From), To: dateOf(f.Period.To), AsOf: dateOf(f.Period.AsOf), Recorded: dateOf(f.Period.Recorded), Sealed: f.Sealed, Indicators: list(f.Indicators, func(d stat.Indicator) string { return d.ID }),
		All: list(f.All, figureOf),
	}
	for _, r := range f.Rows {
		b.Groups = append(b.Groups, figureGroup{Group: r.Group, Name: a.Office.GroupName(f.By, r.Group, false), Figures: list(r.Figures, figureOf)})
	}
	return b
}

func figureOf(f stat.Figure) figureBody {
	b := figureBody{Value: usecase.FigureText(f), Known: f.Known(), Sum: f.Sum, Of: f.Of}
	if f.Kind == stat.KindTime {
		const most, whole = 9, 10
		b.Count, b.Most = f.Times.Count(), f.Times.At(most, whole)
	}
	return b
}

func (a *API) listFigureMatters(ctx context.Context, in *figureMattersInput) (*figureMattersOutput, error) {
	ask, err := in.ask(a.Office)
	if err != nil {
		return nil, err
	}
	ask.Indicators, ask.By = []string{in.Indicator}, usecase.StatBy(in.By)
	behind := usecase.FigureListAsk{FigureAsk: ask, Part: usecase.FigurePart(in.Part), Group: in.Group, After: in.After, Limit: in.Limit}
	found, err := a.Office.FigureMatters(ctx, callerOf(ctx).who, behind)
	if err != nil {
		return nil, err
	}
	var out figureMattersOutput
	if in.After == "" {
		hidden, _, err := a.Office.FigureHidden(ctx, callerOf(ctx).who, behind)
		if err != nil {
			return nil, err
		}
		out.Body.Hidden = &hidden
	}
	out.Body.Figure, out.Body.Next = figureOf(found.Figure), found.Next
	out.Body.Rows = list(found.Rows, func(m usecase.FigureMatter) figureMatterBody {
		b := figureMatterBody{N: m.N, Days: m.Days}
		if m.Day != law.NoDay {
			b.Day = dateOf(m.Day)
		}
		if !m.Hidden {
			row := a.row(m.RowView)
			b.Matter = &row
		}
		return b
	})
	return &out, nil
}
