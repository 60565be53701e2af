package main

import (
	"context"
	"fmt"
	"strings"

	"huiyin/internal/app"
	"huiyin/internal/errs"
	"huiyin/internal/i18n"
	"huiyin/internal/law"
	"huiyin/internal/org"
	"huiyin/internal/stat"
	"huiyin/internal/usecase"
)

// statistics counts an indicator, or lists the indicators there are.
func statistics(ctx context.Context, c *console, args []string) int {
	var ask usecase.FigureAsk
	var from, to, asOf, recorded string
	f := flags("stat")
	data := dataFlag(f)
	f.StringVar(&from, "from", "", "")
	f.StringVar(&to, "to", "", "")
	f.StringVar(&asOf, "as-of", "", "")
	f.StringVar(&recorded, "recorded", "", "")
	f.Int64Var(&ask.Place, "place", 0, "")
	f.StringVar(&ask.Category, "category", "", "")
	unit := f.Int64("unit", 0, "")
	by := f.String("by", "", "")
	asJSON, asCSV, asXLSX, list := f.Bool("json", false, ""), f.Bool("csv", false, ""), f.Bool("xlsx", false, ""), f.Bool("list", false, "")
	name, ok := c.parse(f, args, anyNumber)
	if !ok {
		return exitUsage
	}
	switch {
	case *list:
		return c.indicators(*asJSON)
	case len(name) != 1:
		return c.usage("stat", c.T("cli.stat.which"))
	}
	ask.Indicators, ask.By, ask.Unit = name, usecase.StatBy(*by), org.UnitID(*unit)
	return with(ctx, c, *data, func(a *app.App) (int, error) {
		ask.Period = a.Office.StatPeriod()
		for _, d := range []struct {
			text, name string
			to         *law.Day
		}{{from, "from", &ask.Period.From}, {to, "to", &ask.Period.To}, {asOf, "as-of", &ask.Period.AsOf}, {recorded, "recorded", &ask.Period.Recorded}} {
			if d.text == "" {
				continue
			}
			if err := d.to.UnmarshalText([]byte(d.text)); err != nil || !d.to.Known() {
				return 0, errs.Fields([]errs.Field{errs.F(d.name, "admin.day")})
			}
		}
		answer, err := a.Office.Figures(ctx, org.System(), ask)
		if err != nil {
			return 0, err
		}
		if answer.Filling {
			_, _ = fmt.Fprintln(c.err, c.T("cli.stat.filling"))
		}
		var balance *stat.Balance
		if answer.Indicators[0].Kind == stat.KindStock {
			b, err := a.Office.Balance(ctx, org.System(), ask)
			if err != nil {
				return 0, err
			}
			balance = &b
		}
		english := (c.Lang() == i18n.En)
		switch {
		case *asJSON:
			return 0, encode(c.out, statDocument(a.Office, answer, balance, english))
		case *asCSV, *asXLSX:
			format := usecase.TableCSV
			if *asXLSX {
				format = usecase.TableXLSX
			}
			return 0, a.Office.FigureTable(org.System(), ask, answer, format, english, c.out)
		default:
			c.showFigure(a.Office, answer, balance, english)
		}
		return 0, nil
	})
}

// figureDocument is a figure for programs, with what it was made of.
type figureDocument struct {
	Group   string `json:"group,omitempty"`
	Name    string `json:"name,omitempty"`
	Known   bool   `json:"known"`
	Sum     int    `json:"sum"`
	Of      int    `json:"of,omitempty"`
	Percent string `json:"percent,omitempty"`
	Median  *int   `json:"median_days,omitempty"`
	Tenth   *int   `json:"p90_days,omitempty"`
	Counted int    `json:"counted,omitempty"`
}

type answerDocument struct {
	Indicator stat.Indicator   `json:"indicator"`
	From      string           `json:"from"`
	To        string           `json:"to"`
	AsOf      string           `json:"as_of"`
	By        usecase.StatBy   `json:"by,omitempty"`
	All       figureDocument   `json:"all"`
	Rows      []figureDocument `json:"rows"`
	Balance   *stat.Balance    `json:"balance,omitempty"`
}

func figureOf(f stat.Figure) figureDocument {
	d := figureDocument{Known: f.Known(), Sum: f.Sum, Of: f.Of}
	if !f.Known() {
		return d
	}
	switch f.Kind {
	case stat.KindShare:
		d.Percent = strings.TrimSuffix(usecase.FigureText(f), "%")
	case stat.KindTime:
		const half, whole, nine, ten = 1, 2, 9, 10
		middle, most := f.Times.At(half, whole), f.Times.At(nine, ten)
		d.Median, d.Tenth, d.Counted = &middle, &most, f.Times.Count()
	case stat.KindCount, stat.KindStock:
	}
	return d
}

func statDocument(o *usecase.Office, a usecase.Figures, balance *stat.Balance, english bool) answerDocument {
	d := answerDocument{
		Indicator: a.Indicators[0], From: a.Period.From.String(), To: a.Period.To.String(), AsOf: a.Period.AsOf.String(), By: a.By, All: figureOf(a.All[0]),
		Rows: []figureDocument{}, Balance: balance,
	}
	for _, r := range a.Rows {
		row := figureOf(r.Figures[0])
		row.Group, row.Name = r.Group, o.GroupName(a.By, r.Group, english)
		d.Rows = append(d.Rows, row)
	}
	return d
}

// showFigure prints a figure with its definition, so that nobody has to guess what was counted.
func (c *console) showFigure(o *usecase.Office, a usecase.Figures, balance *stat.Balance, english bool) {
	d := a.Indicators[0]
	variant, source := d.Variant, d.Source
	if english {
		variant, source = d.VariantEng, d.SourceEnglish
	}
	c.line(d.NameIn(english) + "  " + c.figure(a.All[0]))
	c.say("cli.stat.period", "from", a.Period.From.String(), "to", a.Period.To.String(), "day", a.Period.AsOf.String(), "basis", c.T("stat.basis."+d.Basis))
	if variant != "" {
		c.line(variant)
	}
	c.line(source)
	for _, r := range a.Rows {
		c.line("  " + o.GroupName(a.By, r.Group, english) + "  " + c.figure(r.Figures[0]))
	}
	if b := balance; b != nil {
		c.say("cli.stat.balance", "opening", b.Opening, "added", b.Added, "reopened", b.Reopened, "moved_in", b.MovedIn, "ended", b.Ended, "joined", b.Joined,
			"moved_out", b.MovedOut, "closing", b.Closing)
	}
}

// figure is a figure with what it was made of.
func (c *console) figure(f stat.Figure) string {
	text := usecase.FigureText(f)
	const nine, ten = 9, 10
	switch {
	case f.Kind == stat.KindShare:
		return text + c.T("cli.stat.share", "sum", f.Sum, "of", f.Of)
	case f.Kind == stat.KindTime && f.Known():
		return c.T("cli.stat.days", "middle", text, "most", f.Times.At(nine, ten), "n", f.Times.Count())
	}
	return text
}

// indicators lists the definitions.
func (c *console) indicators(asJSON bool) int {
	list, err := stat.Indicators()
	if err != nil {
		return c.fail(err)
	}
	if asJSON {
		return c.json(list)
	}
	for _, i := range list {
		c.line(i.ID + "  " + i.NameIn(c.Lang() == i18n.En))
	}
	return 0
}
