package document

import (
	"math"
	"strconv"
)

// Chart is what a Columns block draws: for each label a column of each series, the first filled and the others outlined. In PDF it is drawn, in DOCX it is a picture; in
// plain text the table that should follow it says the same.
type Chart struct {
	Labels []string
	Series []ChartSeries
	Says   string // the same in a sentence, for those who do not see it
}

// ChartSeries is one set of columns. It may be shorter than the labels.
type ChartSeries struct {
	Name   string
	Values []int
}

const (
	chartHeight = 8 * pitch
	chartFoot   = 1.2 * size4 // below the axis, for the labels
	chartTop    = 1.8 * size4 // above it, for the names of the series
	chartAxis   = 3 * size4   // left of it, for the numbers
	chartTicks  = 4
	chartLabels = 8 // at most so many are written
	labelSize   = 10.5
	columnShare = 0.7 // of its slot
	swatch      = 8.0
	edge        = 0.75 // an outline's width
)

// step is the distance between two ticks of an axis that reaches a value: 1, 2 or 5 times a power of ten.
func step(most int) int {
	for power := 1; ; power *= 10 {
		for _, m := range []int{1, 2, 5} {
			if m*power*chartTicks >= most {
				return m * power
			}
		}
	}
}

// chart sets a chart as one item, which no end of a page cuts: rules are its columns.
func (l *layout) chart(c Chart) {
	most := 1
	slots := len(c.Labels)
	for _, s := range c.Series {
		slots = max(slots, len(s.Values))
		for _, v := range s.Values {
			most = max(most, v)
		}
	}
	if slots == 0 {
		return
	}
	every := step(most)
	it := item{height: chartHeight}
	bottom, height := chartHeight-chartFoot, chartHeight-chartFoot-chartTop
	y := func(v int) float64 { return bottom - height*float64(v)/float64(every*chartTicks) }
	write := func(text string, x, base float64, align Kind) {
		glyphs := l.text(text, style{font: serif, size: labelSize})
		switch align { //nolint:exhaustive // alignments alone
		case Right:
			x -= widthOf(glyphs)
		case Centred:
			x -= widthOf(glyphs) / 2
		}
		runs, _ := place(glyphs, x, 0, 0)
		for i := range runs {
			runs[i].y = base
		}
		it.runs = append(it.runs, runs...)
	}
	for i := range chartTicks + 1 {
		at := y(i * every)
		it.rules = append(it.rules, rule{x1: chartAxis, x2: blockWidth, y1: at, y2: at, width: thin / 2})
		write(strconv.Itoa(i*every), chartAxis-cellPad, at+labelSize/3, Right)
	}
	slot := (blockWidth - chartAxis) / float64(slots)
	width := slot * columnShare / float64(len(c.Series))
	x := float64(chartAxis)
	for n, s := range c.Series {
		it.rules = append(it.rules, bar(x, chartTop/2-swatch, swatch, swatch, n > 0)...)
		write(s.Name, x+1.5*swatch, chartTop/2, Flush)
		x += 3*swatch + widthOf(l.text(s.Name, style{font: serif, size: labelSize}))
		for i, v := range s.Values {
			left := chartAxis + slot*(float64(i)+(1-columnShare)/2) + width*float64(n)
			it.rules = append(it.rules, bar(left, y(v), width, bottom-y(v), n > 0)...)
		}
	}
	skip := int(math.Ceil(float64(len(c.Labels)) / chartLabels))
	for i := 0; i < len(c.Labels); i += skip {
		write(c.Labels[i], chartAxis+slot*(float64(i)+0.5), chartHeight-chartFoot+labelSize*1.2, Centred)
	}
	l.add(item{height: pitch / 4, space: true, with: true}, it)
}

// bar is a column: filled it is one thick rule, else its outline.
func bar(x, y, width, height float64, outline bool) []rule {
	if height <= 0 {
		return nil
	}
	if !outline {
		return []rule{{x1: x + width/2, x2: x + width/2, y1: y, y2: y + height, width: width}}
	}
	right, bottom := x+width, y+height
	return []rule{
		{x1: x, x2: right, y1: y, y2: y, width: edge},
		{x1: x, x2: x, y1: y, y2: bottom, width: edge},
		{x1: right, x2: right, y1: y, y2: bottom, width: edge},
		{x1: x, x2: right, y1: bottom, y2: bottom, width: edge},
	}
}
