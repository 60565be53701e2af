package usecase

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"huiyin/internal/document"
	"huiyin/internal/errs"
	"huiyin/internal/gazetteer"
	"huiyin/internal/law"
	"huiyin/internal/periodic"
	"huiyin/internal/stat"
)

// ReportFigureAsk is what a sentence of a report leads to: the matters behind its figure. Of one about an issue there is none; Issue says which.
func ReportFigureAsk(r periodic.Report, l periodic.Link) FigureListAsk {
	return FigureListAsk{
		FigureAsk: FigureAsk{Indicators: []string{l.Indicator}, Period: l.Period, By: StatBy(l.By), Unit: r.Unit}, Group: l.Group, Part: FigurePart(l.Part),
	}
}

// ReportSentence says a sentence of a report in a language.
func (o *Office) ReportSentence(r periodic.Report, s periodic.Sentence, english bool) string {
	say := o.Say(english)
	args := make([]errs.Arg, len(s.Args))
	for i, a := range s.Args {
		args[i] = errs.Arg{Key: a.Name, Value: o.reportValue(r, a, english)}
	}
	return say(s.Code, args)
}

func (o *Office) reportValue(r periodic.Report, a periodic.Arg, english bool) any {
	switch a.As {
	case periodic.AsNumber:
		return a.N
	case periodic.AsPercent:
		return decimals(a.N) + "%"
	case periodic.AsPoints:
		return decimals(a.N)
	case periodic.AsFigure:
		return o.ReportFigure(*a.Figure, english)
	case periodic.AsIndicator:
		return IndicatorName(a.Text, english)
	case periodic.AsGroup:
		return o.ReportGroup(r, a.By, a.Text, english)
	case periodic.AsDay:
		return a.Day.String()
	case periodic.AsText, periodic.AsWord:
	}
	return a.Text
}

// decimals writes hundredths.
func decimals(hundredths int) string {
	const hundred = 100
	return fmt.Sprintf("%d.%02d", hundredths/hundred, hundredths%hundred)
}

// IndicatorName is the name of an indicator; of one that is no more, its id.
func IndicatorName(id string, english bool) string {
	d, err := stat.Find(id)
	if err != nil { // an indicator that is no more
		return id
	}
	return d.NameIn(english)
}

// ReportFigure writes a figure with what it was made of.
func (o *Office) ReportFigure(f periodic.Figure, english bool) string {
	say := o.Say(english)
	arg := func(key string, v any) errs.Arg { return errs.Arg{Key: key, Value: v} }
	switch {
	case !f.Known():
		return "n/a"
	case f.Kind == stat.KindShare:
		whole := stat.Figure{Kind: f.Kind, Sum: f.Sum, Of: f.Of}
		return say("report.figure.share", []errs.Arg{arg("percent", FigureText(whole)), arg("sum", f.Sum), arg("of", f.Of)})
	case f.Kind == stat.KindTime:
		return say("report.figure.time", []errs.Arg{arg("n", f.Middle), arg("most", f.Most)})
	}
	return strconv.Itoa(f.Sum)
}

// ReportName is what a report is called: its kind and its period.
func (o *Office) ReportName(r ReportRow, english bool) (title, period string) {
	arg := func(key string, v any) errs.Arg { return errs.Arg{Key: key, Value: v} }
	say := o.Say(english)
	y, m, _ := r.From.Date()
	code := "report.period." + string(r.Kind)
	if _, to := r.Kind.Span(r.From); r.To < to {
		code = "report.period.part"
	}
	period = say(code, []errs.Arg{arg("from", r.From.String()), arg("to", r.To.String()), arg("year", y), arg("m", int(m))})
	return say("report.title."+string(r.Kind), []errs.Arg{arg("unit", r.Unit.NameIn(english))}), period
}

// ReportGroup is the name of a group of a breakdown; of a place where the unit is, without what holds them both.
func (o *Office) ReportGroup(r periodic.Report, by periodic.By, group string, english bool) string {
	if by == periodic.ByPlace {
		unit, _ := o.Chart().Unit(r.Unit)
		place, known := o.Places.Place(number(group))
		switch {
		case !known || place.Code == unit.Place || !gazetteer.Inside(place.Code, unit.Place):
		case english:
			return o.Places.English(place)
		default:
			return place.Name
		}
	}
	return o.GroupName(StatBy(by), group, english)
}

// ReportFormats are as what a report leaves.
func ReportFormats() []PaperFormat { return []PaperFormat{PaperPDF, PaperDOCX} }

// PrintReport gives a report as the content of a file and the file's name. Errors: page.not_found for a form that is none, and busy while too many print at a time.
func (o *Office) PrintReport(ctx context.Context, v ReportView, f PaperFormat, english bool) (name string, content []byte, err error) {
	if !slices.Contains(ReportFormats(), f) {
		return "", nil, errs.E(errs.NotFound, "page.not_found")
	}
	doc := o.reportDoc(v, english)
	var b bytes.Buffer
	if f == PaperPDF {
		err = o.printer.PDF(ctx, &b, doc)
	} else {
		err = o.printer.DOCX(&b, doc)
	}
	return fmt.Sprintf("huiyin-%s-%s.%s", v.Kind, v.From, f), b.Bytes(), err
}

// reportDoc lays a report out as an official document.
func (o *Office) reportDoc(v ReportView, english bool) document.Doc {
	d := reportPrint{Office: o, english: english, say: o.Say(english), view: v}
	title, period := o.ReportName(v.ReportRow, english)
	d.Doc = document.Doc{Title: title + "\n" + period, Sign: []string{v.Unit.NameIn(english)}, Date: d.day(v.AsOf)}
	d.text(document.Paragraph, o.ReportLead(v, english))
	for _, s := range v.Report.Sections {
		d.section(s)
	}
	if len(v.Notes) > 0 {
		n := v.Notes[0]
		d.text(document.Heading, d.T("report.note.heading"))
		for line := range strings.SplitSeq(n.Text, "\n") {
			if line = strings.TrimSpace(line); line != "" {
				d.text(document.Paragraph, line)
			}
		}
		d.text(document.Right, d.T("report.note.by", "unit", n.Unit.NameIn(english), "person", n.Person))
	}
	d.tables()
	return d.Doc
}

// ReportLead says of what and as of when a report is, and what it is compared with.
func (o *Office) ReportLead(v ReportView, english bool) string {
	say := o.Say(english)
	p := v.Report.Periods
	args := []errs.Arg{{Key: "unit", Value: v.Unit.NameIn(english)}}
	for name, day := range map[string]law.Day{
		"from": p.Now.From, "to": p.Now.To, "as_of": p.Now.AsOf, "before_from": p.Before.From, "before_to": p.Before.To, "year_from": p.Year.From, "year_to": p.Year.To,
	} {
		args = append(args, errs.Arg{Key: name, Value: day.String()})
	}
	if v.Kind == periodic.Year {
		return say("report.lead.year", args)
	}
	return say("report.lead", args)
}

// reportPrint is a report being laid out.
type reportPrint struct {
	*Office
	document.Doc
	english bool
	say     func(code string, args []errs.Arg) string
	view    ReportView
}

// day writes a day as documents do.
func (d *reportPrint) day(day law.Day) string {
	year, month, of := day.Date()
	return d.T("report.day", "year", year, "m", int(month), "day", of)
}

// T says a text with name, value pairs.
func (d *reportPrint) T(code string, pairs ...any) string {
	return d.say(code, errs.E(errs.Internal, code, pairs...).Args)
}

func (d *reportPrint) text(kind document.Kind, text string) {
	d.Blocks = append(d.Blocks, document.Block{Kind: kind, Level: 1, Text: []document.Span{{Text: text}}})
}

// section sets a section: a sentence and those that explain it are a paragraph.
func (d *reportPrint) section(s periodic.Section) {
	d.text(document.Heading, d.T("report.section."+s.ID))
	var paragraph []string
	gap := ""
	if d.english {
		gap = " "
	}
	flush := func() {
		if len(paragraph) > 0 {
			d.text(document.Paragraph, strings.Join(paragraph, gap))
		}
		paragraph = nil
	}
	for _, one := range s.Sentences {
		if !one.Sub {
			flush()
		}
		paragraph = append(paragraph, d.ReportSentence(d.view.Report, one, d.english))
	}
	flush()
	if s.ID == periodic.SectionCame {
		d.course()
	}
}

// course draws what came in each part of the period, beside the one before.
func (d *reportPrint) course() {
	c := d.view.Report.Course
	labels := make([]string, len(c.Labels))
	for i, l := range c.Labels {
		labels[i] = l[len("2006-"):]
	}
	d.Blocks = append(d.Blocks, document.Block{Kind: document.Columns, Chart: &document.Chart{Says: d.courseSaid(labels), Labels: labels, Series: []document.ChartSeries{
		{Name: d.T("report.now"), Values: c.Now}, {Name: d.T("report.before"), Values: c.Before[:min(len(c.Before), len(c.Labels))]},
	}}})
}

// courseSaid says the course in a sentence.
func (d *reportPrint) courseSaid(labels []string) string {
	c := d.view.Report.Course
	total, most, label := 0, 0, ""
	for i, n := range c.Now {
		total += n
		if label == "" || n > most {
			most, label = n, labels[i]
		}
	}
	return d.T("report.course") + d.T("figures.colon") + d.T("report.course.said", "n", total, "label", label, "most", most)
}

// courseTable is the same in numbers, several days side by side.
func (d *reportPrint) courseTable() {
	const across = 3
	c := d.view.Report.Course
	columns := 1
	if d.view.Report.Course.By == periodic.ByDay {
		columns = across
	}
	var head []string
	var widths []int
	for range columns {
		head = append(head, d.T("report.course.head"), d.T("report.now"), d.T("report.before"))
		widths = append(widths, 4, 3, 3)
	}
	high := (len(c.Labels) + columns - 1) / columns
	rows := make([][]string, high)
	for i := range columns * high {
		cells := []string{"", "", ""}
		if i < len(c.Labels) {
			cells = []string{c.Labels[i], strconv.Itoa(c.Now[i]), "—"}
			if columns > 1 {
				cells[0] = cells[0][len("2006-"):]
			}
			if i < len(c.Before) {
				cells[2] = strconv.Itoa(c.Before[i])
			}
		}
		rows[i%high] = append(rows[i%high], cells...)
	}
	d.table(d.T("report.course"), widths, head, rows)
}

// table sets a table below its name.
func (d *reportPrint) table(name string, widths []int, head []string, rows [][]string) {
	row := func(cells []string) (out [][]document.Span) {
		for _, c := range cells {
			out = append(out, []document.Span{{Text: c}})
		}
		return out
	}
	d.text(document.Centred, name)
	b := document.Block{Kind: document.Table, Widths: widths, Rows: []document.Row{{Head: true, Cells: row(head)}}}
	for _, r := range rows {
		b.Rows = append(b.Rows, document.Row{Cells: row(r)})
	}
	d.Blocks = append(d.Blocks, b)
}

// tables are the figures that the sentences speak of, with their definitions.
func (d *reportPrint) tables() {
	d.text(document.Heading, d.T("report.section.tables"))
	var rows, definitions [][]string
	for _, e := range d.view.Report.Entries {
		name := IndicatorName(e.Indicator, d.english)
		rows = append(rows, []string{name, d.ReportFigure(e.Now, d.english), d.ReportFigure(e.Before, d.english), d.ReportFigure(e.Year, d.english)})
		definitions = append(definitions, []string{name, IndicatorDefinition(e.Indicator, d.english)})
	}
	d.table(d.T("report.figures"), []int{5, 4, 4, 4}, []string{d.T("report.indicator"), d.T("report.now"), d.T("report.before"), d.T("report.year")}, rows)
	d.courseTable()
	for _, by := range periodic.Breakdowns() {
		rows = nil
		for _, r := range d.view.Report.Breakdown(by).Came() {
			rows = append(rows, []string{d.ReportGroup(d.view.Report, by, r.Group, d.english), strconv.Itoa(r.Now), strconv.Itoa(r.Before)})
		}
		if len(rows) > 0 {
			d.table(d.T("report.by."+string(by)), []int{4, 1, 1}, []string{d.T("report.group." + string(by)), d.T("report.now"), d.T("report.before")}, rows)
		}
	}
	d.table(d.T("report.definitions"), []int{5, 12}, []string{d.T("report.indicator"), d.T("report.definition")}, definitions)
	d.text(document.Heading, d.T("report.section.rules"))
	for _, text := range ReportRules(d.english) {
		d.text(document.Paragraph, text)
	}
}

// IndicatorDefinition says how an indicator is counted: its variant and where it comes from.
func IndicatorDefinition(id string, english bool) string {
	d, err := stat.Find(id)
	if err != nil {
		return ""
	}
	parts := []string{d.Variant, d.Source}
	gap := "；"
	if english {
		parts, gap = []string{d.VariantEng, d.SourceEnglish}, "; "
	}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), gap)
}

// ReportRules are the reasons by which a report says something or does not.
func ReportRules(english bool) []string {
	rules, err := periodic.LoadRules()
	if err != nil {
		return nil
	}
	var out []string
	for _, r := range rules.All() {
		text := r.ReasonIn(english)
		if end := "。"; !english && !strings.HasSuffix(text, end) {
			text += end
		} else if english && !strings.HasSuffix(text, ".") {
			text += "."
		}
		out = append(out, text)
	}
	return out
}
