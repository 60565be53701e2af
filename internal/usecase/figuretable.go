package usecase

import (
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/org"
	"huiyin/internal/stat"
)

// FigureSaid is something that is said of figures: what it is, and how it is.
type FigureSaid struct{ Term, Text string }

// FigureHead says over what figures were counted, by whose eyes, and when: what stands with every table and picture of them that is taken away.
func (o *Office) FigureHead(who org.Actor, ask FigureAsk, found Figures, english bool) []FigureSaid {
	say := o.Say(english)
	text := func(code string, pairs ...any) string { return say(code, errs.E(errs.Internal, code, pairs...).Args) }
	everywhere, everything, by, sealed := text("figures.head.everywhere"), text("figures.head.everything"), text("figures.head.ungrouped"), text("figures.head.unsealed")
	if ask.Place != 0 {
		everywhere = o.GroupName(ByPlace, placeCode(ask.Place), english)
	}
	if ask.Category != "" {
		everything = o.GroupName(ByCategory, ask.Category, english)
	}
	if ask.By != ByNothing {
		by = text("figures.by." + string(ask.By))
	}
	if found.Sealed {
		sealed = text("figures.head.sealed")
	}
	out := []FigureSaid{
		{text("figures.from"), found.Period.From.String()},
		{text("figures.to"), found.Period.To.String()},
		{text("figures.as_of"), found.Period.AsOf.String()},
		{text("figures.unit"), o.figureScope(who, ask, english)},
		{text("figures.place"), everywhere},
		{text("figures.category"), everything},
		{text("figures.head.by"), by},
		{text("figures.head.accusations"), sealed},
		{text("figures.head.made"), time.UnixMicro(o.Now()).In(law.Zone()).Format(time.RFC3339)},
	}
	if r := found.Period.Recorded; r.Known() {
		out = slices.Insert(out, 3, FigureSaid{text("figures.head.recorded"), r.String()})
	}
	return out
}

// figureScope names the units whose figures are counted.
func (o *Office) figureScope(who org.Actor, ask FigureAsk, english bool) string {
	say, scope := o.Say(english), who.Scope()
	unit := ask.Unit
	if unit == 0 && !scope.All && len(scope.Roots) > 0 {
		unit = scope.Roots[0]
	}
	u, ok := o.Chart().Unit(unit)
	if !ok {
		return say("figures.head.all_units", nil)
	}
	return say("figures.unit.under", []errs.Arg{{Key: "unit", Value: u.NameIn(english)}})
}

// FigureDefinition says what an indicator is: what is summed, of what, by which day, in which variant, and where that comes from.
func (o *Office) FigureDefinition(d stat.Indicator, english bool) []FigureSaid {
	say := o.Say(english)
	variant, source := d.Variant, d.Source
	if english {
		variant, source = d.VariantEng, d.SourceEnglish
	}
	of := ""
	if d.Kind == stat.KindShare {
		of = MeasureNames(say, d.Divisor())
	}
	return []FigureSaid{
		{say("figures.def.sum", nil), MeasureNames(say, d.Sum)},
		{say("figures.head.of", nil), of},
		{say("figures.def.basis", nil), say("stat.basis."+d.Basis, nil)},
		{say("figures.def.variant", nil), variant},
		{say("figures.def.source", nil), source},
	}
}

// MeasureNames are the names of what is summed.
func MeasureNames(say func(code string, args []errs.Arg) string, list []stat.Measure) string {
	names := make([]string, len(list))
	for i, m := range list {
		what, how, two := strings.Cut(string(m), ".")
		names[i] = say("figures.measure."+what, nil)
		if two {
			names[i] = say("figures.measure.of", []errs.Arg{{Key: "what", Value: names[i]}, {Key: "how", Value: say("figures.measure.how."+how, nil)}})
		}
	}
	return strings.Join(names, say("figures.measure.plus", nil))
}

// FigureTable writes figures as a table, with over what they were counted and what each of them is. For people, in a spreadsheet, there is a row for each group and one
// for all, and all that is said stands above the heading; for machines, in CSV, there is a row for each figure, which says in its own columns what it is. It goes row by row
// to a writer, and fails only where that does.
func (o *Office) FigureTable(who org.Actor, ask FigureAsk, a Figures, f TableFormat, english bool, to io.Writer) error {
	ask.By = a.By
	rows := append(slices.Clone(a.Rows), FigureRow{Figures: a.All})
	x := figureSheet{say: o.Say(english), head: o.FigureHead(who, ask, a, english)}
	for i, d := range a.Indicators {
		c := figureColumn{id: d.ID, name: d.NameIn(english), about: o.FigureDefinition(d, english), more: []string{x.say("stat.sum", nil), x.say("stat.of", nil)}}
		for _, r := range rows {
			c.cells = append(c.cells, []string{FigureText(r.Figures[i]), strconv.Itoa(r.Figures[i].Sum), strconv.Itoa(r.Figures[i].Of)})
		}
		x.columns = append(x.columns, c)
	}
	x.first = []string{x.say("stat.group", nil)}
	for i, r := range rows {
		name := x.say("stat.all", nil)
		if i < len(a.Rows) {
			name = o.GroupName(a.By, r.Group, english)
		}
		x.keys, x.rows = append(x.keys, r.Group), append(x.rows, []string{name})
	}
	return x.write(f, to, x.say("stat.sheet", nil))
}

// figureSheet is a table of figures before it is written in one way or the other.
type figureSheet struct {
	say     func(code string, args []errs.Arg) string
	head    []FigureSaid
	first   []string   // heads of what stands first in each row
	keys    []string   // code of each row
	rows    [][]string // what stands first in it
	columns []figureColumn
}

// figureColumn is one indicator.
type figureColumn struct {
	id, name string
	about    []FigureSaid
	more     []string   // heads of what stands beside the figure
	cells    [][]string // of each row: the figure, and what stands beside it
}

func (x figureSheet) write(f TableFormat, to io.Writer, title string) error {
	if f == TableCSV {
		return x.long(to, title)
	}
	return x.wide(f, to, title)
}

// wide writes a row for each group.
func (x figureSheet) wide(f TableFormat, to io.Writer, title string) error {
	var above [][]string
	for _, s := range x.head {
		above = append(above, []string{s.Term, s.Text})
	}
	above = append(above, nil)
	if len(x.columns) > 0 {
		for i, s := range x.columns[0].about {
			row := slices.Concat([]string{s.Term}, make([]string, len(x.first)-1))
			for _, c := range x.columns {
				row = slices.Concat(row, []string{c.about[i].Text}, make([]string, len(c.more)))
			}
			above = append(above, row)
		}
	}
	t, err := newTable(f, to, title, above...)
	if err != nil {
		return err
	}
	head := slices.Clone(x.first)
	for _, c := range x.columns {
		head = append(append(head, c.name), c.more...)
	}
	if err := t.row(head); err != nil {
		return err
	}
	for i, first := range x.rows {
		row := slices.Clone(first)
		for _, c := range x.columns {
			row = append(row, c.cells[i]...)
		}
		if err := t.row(row); err != nil {
			return err
		}
	}
	return t.done()
}

// long writes a row for each figure.
func (x figureSheet) long(to io.Writer, title string) error {
	t, err := newTable(TableCSV, to, title)
	if err != nil {
		return err
	}
	head := slices.Concat([]string{x.say("figures.head.code", nil)}, x.first, []string{x.say("figures.head.id", nil), x.say("stat.sheet", nil), x.say("figures.head.value", nil)})
	if len(x.columns) > 0 {
		head = append(head, x.columns[0].more...)
		for _, s := range x.columns[0].about {
			head = append(head, s.Term)
		}
	}
	for _, s := range x.head {
		head = append(head, s.Term)
	}
	if err := t.row(head); err != nil {
		return err
	}
	for i, first := range x.rows {
		for _, c := range x.columns {
			row := slices.Concat([]string{x.keys[i]}, first, []string{c.id, c.name}, c.cells[i])
			for _, s := range slices.Concat(c.about, x.head) {
				row = append(row, s.Text)
			}
			if err := t.row(row); err != nil {
				return err
			}
		}
	}
	return t.done()
}
