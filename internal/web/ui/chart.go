package ui

import (
	"math"
	"strconv"
	"strings"
)

// Series is one line, or one set of columns, of a chart: its values and the same as they are written. It may be shorter
// than the chart's labels: what has not happened yet has no value.
type Series struct {
	Name   string
	Values []float64
	Said   []string
}

// ChartKind is how a chart is drawn.
type ChartKind string

// The kinds of chart.
const (
	Lines   ChartKind = "lines"
	Columns ChartKind = "columns"
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
	if g.columns {
		g.low = 0
	}
	high := g.low
	for _, s := range p.Series {
		for _, v := range s.Values {
			high = math.Max(high, v)
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

func (g plot) points(values []float64) string {
	var b strings.Builder
	for i, v := range values {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(number(g.x(i)) + "," + number(g.y(v)))
	}
	return b.String()
}

// area is the ground between a line and the axis.
func (g plot) area(values []float64) string {
	base := number(g.y(g.low))
	return number(g.x(0)) + "," + base + " " + g.points(values) + " " + number(g.x(len(values)-1)) + "," + base
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
type end struct{ x, y, textY string }

// nameWidth is the room a series' name needs left of its last point, in SVG units.
const nameWidth = 72.0

// ends keeps the names of two series apart: the higher line's name above, the lower one's below unless that is under
// the axis.
func (g plot) ends(series []Series) []end {
	out := make([]end, len(series))
	for i, s := range series {
		if len(s.Values) == 0 {
			continue
		}
		at := len(s.Values) - 1
		highest, lowest := g.y(s.Values[at]), g.y(s.Values[at])
		for j := at; j >= 0; j-- {
			highest, lowest = math.Min(highest, g.y(s.Values[j])), math.Max(lowest, g.y(s.Values[j]))
			if g.x(at)-g.x(j) >= nameWidth {
				break
			}
		}
		textY := math.Max(12, highest-8)
		if below := lowest + 16; overtopped(series, i, at) && below < g.height-chartBottom {
			textY = below
		}
		out[i] = end{number(g.x(at)), number(g.y(s.Values[at])), number(textY)}
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

// number writes a length with at most one decimal.
func number(v float64) string {
	return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64)
}

// cell is a series' value at a label as written, a dash where there is none.
func cell(s Series, i int) string {
	if i < len(s.Said) {
		return s.Said[i]
	}
	return "—"
}
