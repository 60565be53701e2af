package ui

import (
	"math"
	"strconv"
	"strings"
)

// Series is one line, or one set of columns or bars, of a chart: its values and the same as they are written. It may be shorter
// than the chart's labels: what has not happened yet has no value. A value that is not to be had is None.
type Series struct {
	Name   string
	Values []float64
	Said   []string
	Hrefs  []string // where each value leads in the table; empty for nowhere
}

// None is a value that is not to be had: a line is broken there, a column missing.
func None() float64 { return math.NaN() }

// ChartKind is how a chart is drawn.
type ChartKind string

// The kinds of chart.
const (
	Lines   ChartKind = "lines"
	Columns ChartKind = "columns"
	Bars    ChartKind = "bars" // a ranking from above down, each bar with its label and what it says; of the first series alone
)

// ChartProps is a figure: what it counts, how it is defined, its course, and the table behind it. The first series is
// the main one, the second, dashed, what it is compared with.
type ChartProps struct {
	Kind       ChartKind
	Title      string
	Figure     string // the latest value, large; empty shows none
	Unit       string
	Basis      Link   // the denominator, opening to its rows
	Definition string // numerator ÷ denominator in words
	Summary    string // the course in one sentence, for those who hear it
	Labels     []string
	Head       string // of the table's first column: "月份"
	Series     []Series
	Floor      float64 // where the axis begins; a column chart begins at 0
	Wide       bool    // letters stay legible on a phone
	OpenTable  bool
	File       string   // what the picture is called when it is saved; empty offers none
	Notes      []string // what stands on paper and on a saved picture besides: over what it was counted, where it comes from, when it was made
}

// The drawing's size and margins, in SVG units.
const (
	chartLeft   = 40.0
	chartRight  = 12.0
	chartTop    = 18.0
	chartBottom = 30.0
	narrowWidth = 364.0
	wideWidth   = 560.0
	chartHeight = 150.0
	wideHeight  = 214.0
	ticks       = 4
	mostLabels  = 5
)

// plot is a chart measured out.
type plot struct {
	width, height float64
	low, step     float64
	labels        int
	columns       bool
}

func newPlot(p ChartProps) plot {
	g := plot{width: narrowWidth, height: chartHeight, low: p.Floor, labels: len(p.Labels), columns: p.Kind == Columns}
	if p.Wide {
		g.width, g.height = wideWidth, wideHeight
	}
	if g.columns || p.Kind == Bars {
		g.low = 0
	}
	if p.Kind == Bars {
		g.height = math.Max(1, barRow*float64(len(p.Labels)))
	}
	high := g.low
	for _, s := range p.Series {
		for _, v := range s.Values {
			if !math.IsNaN(v) {
				high = math.Max(high, v)
			}
		}
	}
	g.step = niceStep((high - g.low) / ticks)
	return g
}

// niceStep rounds a distance up to a number people count in: 1, 1.5, 2, 2.5, 3, 4, 5, 6 or 8 times a power of ten.
func niceStep(raw float64) float64 {
	if raw <= 0 {
		return 1
	}
	power := math.Pow(10, math.Floor(math.Log10(raw)))
	for _, m := range []float64{1, 1.5, 2, 2.5, 3, 4, 5, 6, 8} {
		if raw <= m*power*(1+1e-9) {
			return m * power
		}
	}
	return 10 * power
}

func (g plot) box() string {
	return "0 0 " + number(g.width) + " " + number(g.height)
}

// x is the place of the i-th label: at the ends for lines, in the middle of its slot for columns.
func (g plot) x(i int) float64 {
	inner := g.width - chartLeft - chartRight
	if g.columns {
		return chartLeft + inner*(float64(i)+.5)/math.Max(1, float64(g.labels))
	}
	return chartLeft + inner*float64(i)/math.Max(1, float64(g.labels-1))
}

func (g plot) y(v float64) float64 {
	inner := g.height - chartTop - chartBottom
	return g.height - chartBottom - inner*(v-g.low)/(g.step*ticks)
}

// tick is one horizontal line of the grid.
type tick struct{ y, textY, said string }

func (g plot) ticks() []tick {
	out := make([]tick, 0, ticks+1)
	for i := range ticks + 1 {
		v := g.low + g.step*float64(i)
		out = append(out, tick{number(g.y(v)), number(g.y(v) + 4), number(v)})
	}
	return out
}

// mark is a label below the axis.
type mark struct{ x, text, anchor string }

// marks are at most five labels, evenly chosen, the last always among them.
func (g plot) marks(labels []string) []mark {
	every := max(1, (len(labels)+mostLabels-2)/(mostLabels-1))
	var out []mark
	for i, text := range labels {
		last := len(labels) - 1
		if i != last && (i%every != 0 || last-i < every) {
			continue
		}
		anchor := "middle"
		if i == last && !g.columns {
			anchor = "end"
		}
		out = append(out, mark{number(g.x(i)), text, anchor})
	}
	return out
}

// run is a stretch of a line without a gap; of a single value it is a point.
type run struct{ from, to int }

// runs are the stretches of a line between what is not to be had.
func runs(values []float64) []run {
	var out []run
	for i, v := range values {
		switch {
		case math.IsNaN(v):
		case len(out) > 0 && out[len(out)-1].to == i:
			out[len(out)-1].to = i + 1
		default:
			out = append(out, run{i, i + 1})
		}
	}
	return out
}

func (g plot) points(values []float64, r run) string {
	var b strings.Builder
	for i := r.from; i < r.to; i++ {
		if i > r.from {
			b.WriteByte(' ')
		}
		b.WriteString(number(g.x(i)) + "," + number(g.y(values[i])))
	}
	return b.String()
}

// area is the ground between a line and the axis.
func (g plot) area(values []float64, r run) string {
	base := number(g.y(g.low))
	return number(g.x(r.from)) + "," + base + " " + g.points(values, r) + " " + number(g.x(r.to-1)) + "," + base
}

// column is one column, the main series left of the middle, the compared one right of it.
type column struct{ x, y, width, height string }

func (g plot) column(series, of, i int, v float64) column {
	slot := (g.width - chartLeft - chartRight) / math.Max(1, float64(g.labels))
	width := slot * .7 / float64(of)
	x := g.x(i) - slot*.35 + width*float64(series)
	return column{number(x), number(g.y(v)), number(width), number(g.y(g.low) - g.y(v))}
}

// end is where a series' name is written: above or below its last point, clear of its line.
type end struct{ x, y, textY, said string }

// nameWidth is the room a series' name needs left of its last point, in SVG units.
const nameWidth = 72.0

// ends keeps the names of two series apart: the higher line's name above, the lower one's below unless that is under
// the axis.
func (g plot) ends(series []Series) []end {
	out := make([]end, len(series))
	for i, s := range series {
		stretches := runs(s.Values)
		if len(stretches) == 0 {
			continue
		}
		at := stretches[len(stretches)-1].to - 1
		highest, lowest := g.y(s.Values[at]), g.y(s.Values[at])
		for j := at; j >= 0 && !math.IsNaN(s.Values[j]); j-- {
			highest, lowest = math.Min(highest, g.y(s.Values[j])), math.Max(lowest, g.y(s.Values[j]))
			if g.x(at)-g.x(j) >= nameWidth {
				break
			}
		}
		textY := math.Max(12, highest-8)
		if below := lowest + 16; overtopped(series, i, at) && below < g.height-chartBottom {
			textY = below
		}
		out[i] = end{number(g.x(at)), number(g.y(s.Values[at])), number(textY), cell(s, at)}
	}
	return out
}

// overtopped reports whether another series is higher at the i-th one's last point.
func overtopped(series []Series, i, at int) bool {
	for j, other := range series {
		if j != i && at < len(other.Values) && other.Values[at] > series[i].Values[at] {
			return true
		}
	}
	return false
}

// The measures of a ranking, in SVG units: of a row with its label above its bar, and of the bar.
const (
	barRow    = 40.0
	barText   = 21.0
	barTop    = 27.0
	barHeight = 9.0
)

// bar is one row of a ranking.
type bar struct{ label, said, textY, y, width string }

// bars lay out a ranking. Every bar stands on a ground of the full width, so that what is not to be had has none and nought is empty.
func (g plot) bars(p ChartProps) []bar {
	if len(p.Series) == 0 {
		return nil
	}
	s := p.Series[0]
	out := make([]bar, len(p.Labels))
	for i, label := range p.Labels {
		top := barRow * float64(i)
		out[i] = bar{label: label, said: cell(s, i), textY: number(top + barText), y: number(top + barTop)}
		if i < len(s.Values) && !math.IsNaN(s.Values[i]) {
			out[i].width = number(g.width * s.Values[i] / (g.step * ticks))
		}
	}
	return out
}

// number writes a length with at most one decimal.
func number(v float64) string {
	return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64)
}

// href is where a series' value leads, empty where it leads nowhere.
func href(s Series, i int) string {
	if i < len(s.Hrefs) {
		return s.Hrefs[i]
	}
	return ""
}

// cell is a series' value at a label as written, a dash where there is none.
func cell(s Series, i int) string {
	if i < len(s.Said) {
		return s.Said[i]
	}
	return "—"
}
