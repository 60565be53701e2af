package usecase

import (
	"bytes"
	"context"
	"slices"
	"strconv"
	"time"

	"huiyin/internal/assess"
	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/org"
)

// AssessmentTable writes the sheets that an actor may see as a table: of each unit the score, and of each line its figure, weight and points, with what the lines weigh.
func (o *Office) AssessmentTable(ctx context.Context, who org.Actor, id int64, f TableFormat, english bool) ([]byte, error) {
	v, err := o.Assessment(ctx, who, id)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(TableFormats(), f) {
		return nil, errs.E(errs.Invalid, "form.invalid", "n", 1)
	}
	say := o.Say(english)
	word := func(code string) string { return say(code, nil) }
	period := (&assess.Assessment{Scheme: v.Scheme}).Period(v.AsOf)
	x := figureSheet{
		say: say, first: []string{word("assess.unit"), word("assess.total"), word("assess.first"), word("assess.state")},
		head: []FigureSaid{
			{word("assess.table"), v.Name},
			{word("figures.unit"), v.Owner.NameIn(english)},
			{word("figures.from"), period.From.String()},
			{word("figures.to"), period.To.String()},
			{word("figures.as_of"), v.AsOf.String()},
			{word("figures.head.made"), time.UnixMicro(o.Now()).In(law.Zone()).Format(time.RFC3339)},
		},
	}
	for _, s := range v.Sheets {
		x.keys = append(x.keys, unitCode(s.Unit.ID))
		x.rows = append(x.rows, []string{s.Unit.NameIn(english), assess.Points(s.Now.Total), assess.Points(s.First.Total), word("assess.state." + string(s.State))})
	}
	for i, l := range v.Lines {
		c := figureColumn{
			id: l.Definition.ID, name: l.Definition.NameIn(english), about: o.FigureDefinition(l.Definition, english),
			more: []string{word("stat.sum"), word("stat.of"), word("assess.weight.head"), word("assess.points")},
		}
		for _, s := range v.Sheets {
			m := s.Now.Marks[i]
			c.cells = append(c.cells, []string{FigureText(m.Count.Figure()), strconv.Itoa(m.Count.Sum), strconv.Itoa(m.Count.Of), assess.Points(m.Weight), assess.Points(m.Points)})
		}
		x.columns = append(x.columns, c)
	}
	var out bytes.Buffer // a row for each unit
	err = x.write(f, &out, word("assess.table"))
	return out.Bytes(), err
}
