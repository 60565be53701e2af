package web

import (
	"strconv"
	"strings"

	"huiyin/internal/i18n"
	"huiyin/internal/stat"
	"huiyin/internal/usecase"
	"huiyin/internal/web/sankey"
	"huiyin/internal/web/ui"
)

// course is how figures went over months or days: a drawing and the table behind it. What is not known leaves a gap in the drawing; it is no nought.
type course struct {
	title      string
	figure     linked // the figure of all, large
	of         linked // what it was made of
	definition string
	summary    string // for those who hear it
	head       string // of the table's first column
	labels     []string
	short      []string // the same under the axis
	series     []courseSeries
	columns    bool
	top        float64 // what the axis ends with
	unit       string
	wide       bool
}

// courseSeries is one line, or one set of columns.
type courseSeries struct {
	name   string
	points []coursePoint
}

// coursePoint is the value at one label.
type coursePoint struct {
	known bool
	value float64
	said  linked
	note  string // what it was made of
}

const (
	courseTop    = 16.0
	courseBottom = 30.0
	courseLeft   = 50.0
	courseRight  = 14.0
	courseTicks  = 4
)

func (c course) width() float64 {
	if c.wide {
		return 560
	}
	return 364
}

func (c course) height() float64 {
	if c.wide {
		return 200
	}
	return 150
}

func (c course) box() string {
	return "0 0 " + sankey.Number(c.width()) + " " + sankey.Number(c.height())
}

// x is the middle of a label's slot.
func (c course) x(i int) float64 {
	return courseLeft + (c.width()-courseLeft-courseRight)*(float64(i)+.5)/float64(max(1, len(c.labels)))
}

func (c course) y(v float64) float64 {
	return c.height() - courseBottom - (c.height()-courseTop-courseBottom)*v/c.top
}

// ending returns the course with an axis that ends at a number people count in, four steps above nought.
func (c course) ending() course {
	high := 0.0
	for _, s := range c.series {
		for _, p := range s.points {
			high = max(high, p.value)
		}
	}
	step := 1.0
	for i := 0; step*courseTicks < high; i++ { // 1, 2, 5, 10, 20, 50 …
		if i%3 == 1 {
			step *= 2.5
		} else {
			step *= 2
		}
	}
	c.top = step * courseTicks
	return c
}

// ticks are the lines of the grid: their height and what they say.
func (c course) ticks() []courseMark {
	var out []courseMark
	for i := range courseTicks + 1 {
		v := c.top * float64(i) / courseTicks
		out = append(out, courseMark{y: sankey.Number(c.y(v)), textY: sankey.Number(c.y(v) + 4), text: sankey.Number(v) + c.unit})
	}
	return out
}

type courseMark struct{ x, y, textY, text string }

// filling returns the course with its highest value near the top: where every column says its number, the axis need not.
func (c course) filling() course {
	high := 1.0
	for _, s := range c.series {
		for _, p := range s.points {
			high = max(high, p.value)
		}
	}
	const room = 1.12 // for the number above the highest
	c.top = high * room
	return c
}

// marks are the labels under the axis: so many as there is room for, the last always among them.
func (c course) marks() []courseMark {
	most := 6
	if c.wide {
		most = 12
	}
	every := max(1, (len(c.labels)+most-1)/most)
	var out []courseMark
	for i, text := range c.short {
		if (len(c.labels)-1-i)%every == 0 {
			out = append(out, courseMark{x: sankey.Number(c.x(i)), y: sankey.Number(c.height() - 10), text: text})
		}
	}
	return out
}

// lines are the stretches of a series between gaps, as points of a polyline.
func (c course) lines(s courseSeries) []string {
	var out []string
	var at []string
	flush := func() {
		if len(at) > 1 {
			out = append(out, strings.Join(at, " "))
		}
		at = nil
	}
	for i, p := range s.points {
		if !p.known {
			flush()
			continue
		}
		at = append(at, sankey.Number(c.x(i))+","+sankey.Number(c.y(p.value)))
	}
	flush()
	return out
}

type courseBox struct{ x, y, width, height string }

// column is where the column of a series at a label stands.
func (c course) column(series, i int, v float64) courseBox {
	slot := (c.width() - courseLeft - courseRight) / float64(max(1, len(c.labels)))
	width := slot * .7 / float64(len(c.series))
	return courseBox{sankey.Number(c.x(i) - slot*.35 + width*float64(series)), sankey.Number(c.y(v)), sankey.Number(width), sankey.Number(c.y(0) - c.y(v))}
}

// rateCourse is the course of a share over months.
func rateCourse(t *i18n.Speaker, a usecase.Asked, i int, months []stat.Period) course {
	d, all := a.Indicators[i], a.Figure(i)
	c := course{
		title: t.Either(d.Name, d.English), figure: behind(t, all, a.Behind(i, usecase.PartSum)), definition: t.Either(d.Variant, d.VariantEng), head: t.T("board.month"), top: 100, unit: "%",
		of: linked{madeOf(t, all), figureListPath(a.Behind(i, usecase.PartOf))},
	}
	s := courseSeries{name: c.title}
	var said []string
	for _, m := range months {
		f := a.Of(i, m.Name())
		const percent = 100
		s.points = append(s.points, coursePoint{known: f.Known(), value: float64(f.Hundredths()) / percent, said: behind(t, f, a.In(i, m.Name(), usecase.PartOf)), note: madeOf(t, f)})
		c.labels, c.short = append(c.labels, m.Name()), append(c.short, shortMonth(t, m))
		said = append(said, t.T("board.course.point", "label", m.Name(), "value", figureWords(t, f)))
	}
	c.series, c.summary = []courseSeries{s}, c.title+t.T("board.colon")+t.List(said)
	return c
}

// madeOf says of what a share was made.
func madeOf(t *i18n.Speaker, f stat.Figure) string {
	return t.T("board.made_of", "sum", f.Sum, "of", f.Of)
}

// courseColumns are the heads of the table behind a course.
func courseColumns(c course) []ui.Column {
	out := []ui.Column{{Head: c.head}}
	for _, s := range c.series {
		out = append(out, ui.Column{Head: s.name, Num: true})
	}
	return out
}

// shortMonth is the name of a month without its year.
func shortMonth(t *i18n.Speaker, m stat.Period) string {
	_, month, _ := m.From.Date()
	name := strconv.Itoa(int(month))
	if t.Lang() == i18n.En {
		const letters = 3
		name = month.String()[:letters]
	}
	return t.T("board.month.short", "month", name)
}
