// Package sankey lays out how much went from where to where: nodes in columns, flows between them as bands as wide as what they carry. It is pure: the same flows,
// in whatever order, give the same drawing.
//
// Flows run from left to right. What goes in a circle cannot: of each circle the smallest flow is a return, which is drawn back below the others. A flow that passes
// a column has a place of its own in it, so that no band runs through a node. All lengths are units of the drawing.
package sankey

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// Flow is how much went from one node to another.
type Flow struct {
	From, To string
	N        int
}

// Rest is the node that stands for all that have no place of their own.
const Rest = "*"

// Size is how large a drawing may be.
type Size struct {
	Width  float64 // of the drawing
	Label  float64 // kept free on both sides for names
	Height float64 // of what is drawn to scale; the drawing grows beyond it where many nodes need the room
	Most   int     // nodes, Rest among them
}

// Node is one box.
type Node struct {
	ID         string
	Column     int
	X, Y, H    float64
	In, Out    int     // what came and went, returns among them
	TextX      float64 // where its name stands, clear of the returns
	Left, Last bool    // the name stands left of the box; the box is in the last column
}

// Band is one flow. A forward band is an area, a return is a line as wide as Width.
type Band struct {
	Flow
	Return bool
	Path   string
	Width  float64
}

// Diagram is a drawing.
type Diagram struct {
	Width, Height float64
	Nodes         []Node // by column, from the top
	Bands         []Band // the largest first
	Within        int    // what went between nodes that are of the rest
}

// The measures of a drawing.
const (
	boxWidth = 12.0
	gap      = 20.0 // between two things in a column: room for a name
	apart    = 8.0  // between a box and a return, and between two of them
	thin     = 1.5  // the least width of a band
	top      = 24.0 // room for a name above the first box
)

// item is what stands in a column: a node, or the place of a flow that passes.
type item struct {
	id      string
	column  int
	n       int // what it is as high as
	h, y    float64
	passing int // index of the flow, -1 for a node
}

// plan is a drawing in the making.
type plan struct {
	size    Size
	flows   []Flow
	returns []bool
	nodes   map[string]*item
	columns [][]*item
	path    map[int][]*item // the places of a flow that passes columns
	scale   float64
	in, out map[string]int
}

// Lay draws flows.
func Lay(flows []Flow, size Size) Diagram {
	flows, within := fold(flows, size.Most)
	if len(flows) == 0 {
		return Diagram{Within: within}
	}
	p := &plan{size: size, flows: flows, nodes: map[string]*item{}, path: map[int][]*item{}, in: map[string]int{}, out: map[string]int{}}
	p.orient()
	p.rank()
	p.place()
	p.measure()
	return p.draw(within)
}

// fold sums what goes the same way and gives the nodes through which least goes to the rest. Flows come largest first.
func fold(flows []Flow, most int) (out []Flow, within int) {
	through := map[string]int{}
	for _, f := range flows {
		if f.N > 0 && f.From != f.To {
			through[f.From] += f.N
			through[f.To] += f.N
		}
	}
	ids := make([]string, 0, len(through))
	for id := range through {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b string) int { return cmp.Or(through[b]-through[a], cmp.Compare(a, b)) })
	own := map[string]bool{}
	for i, id := range ids {
		own[id] = len(ids) <= most || i < most-1
	}
	name := func(id string) string {
		if own[id] {
			return id
		}
		return Rest
	}
	sums := map[[2]string]int{}
	for _, f := range flows {
		if f.N <= 0 || f.From == f.To {
			continue
		}
		way := [2]string{name(f.From), name(f.To)}
		if way[0] == way[1] {
			within += f.N
			continue
		}
		sums[way] += f.N
	}
	for way, n := range sums {
		out = append(out, Flow{way[0], way[1], n})
	}
	slices.SortFunc(out, func(a, b Flow) int { return cmp.Or(b.N-a.N, cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
	return out, within
}

// orient finds the returns: a flow, the largest first, that would close a circle of those before it. Of flows of the same size that is first which comes from where more
// goes out than in.
func (p *plan) orient() {
	for _, f := range p.flows {
		p.out[f.From] += f.N
		p.in[f.To] += f.N
	}
	source := func(f Flow) int { return p.out[f.From] - p.in[f.From] - p.out[f.To] + p.in[f.To] }
	slices.SortStableFunc(p.flows, func(a, b Flow) int { return cmp.Or(b.N-a.N, source(b)-source(a)) })
	next := map[string][]string{}
	var reaches func(from, to string) bool
	reaches = func(from, to string) bool {
		return from == to || slices.ContainsFunc(next[from], func(n string) bool { return reaches(n, to) })
	}
	p.returns = make([]bool, len(p.flows))
	for i, f := range p.flows {
		if p.returns[i] = reaches(f.To, f.From); !p.returns[i] {
			next[f.From] = append(next[f.From], f.To)
		}
	}
	for _, f := range p.flows {
		for _, id := range []string{f.From, f.To} {
			p.nodes[id] = &item{id: id, n: max(p.in[id], p.out[id]), passing: -1}
		}
	}
}

// rank puts each node into the column behind the last from which something comes.
func (p *plan) rank() {
	for moved := true; moved; {
		moved = false
		for i, f := range p.flows {
			if from, to := p.nodes[f.From], p.nodes[f.To]; !p.returns[i] && to.column <= from.column {
				to.column, moved = from.column+1, true
			}
		}
	}
	last := 0
	for _, n := range p.nodes {
		last = max(last, n.column)
	}
	p.columns = make([][]*item, last+1)
	for _, n := range p.nodes {
		p.columns[n.column] = append(p.columns[n.column], n)
	}
	for i, f := range p.flows {
		if p.returns[i] {
			continue
		}
		for c := p.nodes[f.From].column + 1; c < p.nodes[f.To].column; c++ {
			x := &item{id: f.From + ">" + f.To, column: c, n: f.N, passing: i}
			p.columns[c] = append(p.columns[c], x)
			p.path[i] = append(p.path[i], x)
		}
	}
}

// place orders each column: the first by size, the others by where what comes to them comes from.
func (p *plan) place() {
	at := map[*item]float64{} // the middle of an item, counted in what stands above it
	for c, column := range p.columns {
		pull := map[*item]float64{}
		for _, x := range column {
			pull[x] = p.pull(x, at)
		}
		slices.SortFunc(column, func(a, b *item) int {
			if c > 0 && pull[a] != pull[b] {
				return cmp.Compare(pull[a], pull[b])
			}
			return cmp.Or(b.n-a.n, cmp.Compare(a.id, b.id))
		})
		above := 0
		for _, x := range column {
			at[x] = float64(above) + float64(x.n)/2
			above += x.n
		}
	}
}

// pull is the weighted middle of where an item's flows come from.
func (p *plan) pull(x *item, at map[*item]float64) float64 {
	sum, weight := 0.0, 0
	for i, f := range p.flows {
		if p.returns[i] {
			continue
		}
		way := p.way(i)
		for k := 1; k < len(way); k++ {
			if way[k] == x {
				sum += at[way[k-1]] * float64(f.N)
				weight += f.N
			}
		}
	}
	if weight == 0 {
		return 0
	}
	return sum / float64(weight)
}

// way is what a flow touches, from node to node.
func (p *plan) way(i int) []*item {
	out := append([]*item{p.nodes[p.flows[i].From]}, p.path[i]...)
	return append(out, p.nodes[p.flows[i].To])
}

// measure finds the scale at which the fullest column fits, and where everything stands.
func (p *plan) measure() {
	for _, column := range p.columns {
		n := 0
		for _, x := range column {
			n += x.n
		}
		room := max(p.size.Height-gap*float64(len(column)-1), p.size.Height/2)
		if s := room / float64(n); p.scale == 0 || s < p.scale {
			p.scale = s
		}
	}
	tallest := 0.0
	heights := make([]float64, len(p.columns))
	for c, column := range p.columns {
		for i, x := range column {
			x.h = max(p.height(x), thin)
			heights[c] += x.h
			if i > 0 {
				heights[c] += gap
			}
		}
		tallest = max(tallest, heights[c])
	}
	for c, column := range p.columns {
		y := top + (tallest-heights[c])/2
		for _, x := range column {
			x.y = y
			y += x.h + gap
		}
	}
}

// width is how wide a flow is drawn.
func (p *plan) width(n int) float64 { return max(float64(n)*p.scale, thin) }

// height is as much as an item's flows need on the fuller side.
func (p *plan) height(x *item) float64 {
	if x.passing >= 0 {
		return p.width(x.n)
	}
	in, out := 0.0, 0.0
	for _, f := range p.flows {
		if f.From == x.id {
			out += p.width(f.N)
		}
		if f.To == x.id {
			in += p.width(f.N)
		}
	}
	return max(in, out)
}

// side is where the flows of a node touch it on one side: the heights, by flow.
type side map[int]float64

// ports stacks the flows on both sides of a node, in the order of where they lead, returns below.
func (p *plan) ports(x *item) (left, right side) {
	stack := func(mine func(Flow) bool, other func(way []*item) *item) side {
		var list []int
		for i, f := range p.flows {
			if mine(f) {
				list = append(list, i)
			}
		}
		slices.SortStableFunc(list, func(a, b int) int {
			switch {
			case p.returns[a] != p.returns[b]:
				if p.returns[a] {
					return 1
				}
				return -1
			case p.returns[a]:
				return a - b
			}
			ya, yb := other(p.way(a)).y, other(p.way(b)).y
			return cmp.Or(cmp.Compare(ya, yb), a-b)
		})
		out, y := side{}, x.y
		for _, i := range list {
			out[i] = y
			y += p.width(p.flows[i].N)
		}
		return out
	}
	left = stack(func(f Flow) bool { return f.To == x.id }, func(way []*item) *item { return way[len(way)-2] })
	right = stack(func(f Flow) bool { return f.From == x.id }, func(way []*item) *item { return way[1] })
	return left, right
}

// draw writes everything down.
func (p *plan) draw(within int) Diagram {
	d := Diagram{Width: p.size.Width, Within: within}
	lefts, rights := map[string]side{}, map[string]side{}
	tracks := p.tracks()
	first, last := p.size.Label+tracks.before[0], p.size.Width-p.size.Label-tracks.after[len(p.columns)-1]-boxWidth
	x := func(column int) float64 {
		if len(p.columns) == 1 {
			return first
		}
		return first + (last-first)*float64(column)/float64(len(p.columns)-1)
	}
	bottom := 0.0
	for c, column := range p.columns {
		for _, it := range column {
			bottom = max(bottom, it.y+it.h)
			if it.passing >= 0 {
				continue
			}
			lefts[it.id], rights[it.id] = p.ports(it)
			n := Node{ID: it.id, Column: c, X: x(c), Y: it.y, H: it.h, In: p.in[it.id], Out: p.out[it.id], Left: c == 0, Last: c > 0 && c == len(p.columns)-1}
			n.TextX = n.X
			switch {
			case n.Left:
				n.TextX -= tracks.before[0] + apart
			case n.Last:
				n.TextX += boxWidth + tracks.after[c] + apart
			}
			d.Nodes = append(d.Nodes, n)
		}
	}
	lane := bottom + gap
	for i, f := range p.flows {
		b := Band{Flow: f, Return: p.returns[i], Width: p.width(f.N)}
		from, to := rights[f.From][i], lefts[f.To][i]
		if b.Return {
			x0, x1 := x(p.nodes[f.From].column)+boxWidth, x(p.nodes[f.To].column)
			b.Path = back(x0, from+b.Width/2, x1, to+b.Width/2, x0+tracks.out[i], x1-tracks.in[i], lane+b.Width/2)
			lane += b.Width + apart
		} else {
			b.Path = area(p.way(i), x, from, to, b.Width)
		}
		d.Bands = append(d.Bands, b)
	}
	d.Height = lane + top
	return d
}

// tracks are how far from their boxes the returns go down and up again, so that no two of a column run over each other, and what they need beside each column.
type tracks struct {
	out, in       map[int]float64
	before, after []float64
}

func (p *plan) tracks() tracks {
	t := tracks{out: map[int]float64{}, in: map[int]float64{}, before: make([]float64, len(p.columns)), after: make([]float64, len(p.columns))}
	for i, f := range p.flows {
		if !p.returns[i] {
			continue
		}
		w := p.width(f.N)
		from, to := p.nodes[f.From].column, p.nodes[f.To].column
		t.out[i] = t.after[from] + apart + w/2
		t.after[from] += apart + w
		t.in[i] = t.before[to] + apart + w/2
		t.before[to] += apart + w
	}
	return t
}

// area is a forward band: along its upper edge and back along the lower one, straight through the columns that it passes.
func area(way []*item, x func(int) float64, from, to, width float64) string {
	type edge struct{ x0, y0, x1, y1 float64 }
	var edges []edge
	y := from
	for k := 1; k < len(way); k++ {
		next := way[k].y
		if k == len(way)-1 {
			next = to
		}
		edges = append(edges, edge{x(way[k-1].column) + boxWidth, y, x(way[k].column), next})
		y = next
	}
	var path strings.Builder
	write := func(parts ...string) {
		for _, part := range parts {
			path.WriteString(part)
		}
	}
	write("M", at(edges[0].x0, edges[0].y0))
	for i, e := range edges {
		if i > 0 {
			write("L", at(e.x0, e.y0))
		}
		m := (e.x0 + e.x1) / 2
		write("C", at(m, e.y0), " ", at(m, e.y1), " ", at(e.x1, e.y1))
	}
	for _, e := range slices.Backward(edges) {
		m := (e.x0 + e.x1) / 2
		write("L", at(e.x1, e.y1+width), "C", at(m, e.y1+width), " ", at(m, e.y0+width), " ", at(e.x0, e.y0+width))
	}
	write("Z")
	return path.String()
}

// back is a return: out to its track, down to its lane, back, and up to where it goes.
func back(x0, y0, x1, y1, trackOut, trackIn, lane float64) string {
	const r = 6.0
	return "M" + at(x0, y0) + "L" + at(trackOut-r, y0) + "Q" + at(trackOut, y0) + " " + at(trackOut, y0+r) +
		"L" + at(trackOut, lane-r) + "Q" + at(trackOut, lane) + " " + at(trackOut-r, lane) +
		"L" + at(trackIn+r, lane) + "Q" + at(trackIn, lane) + " " + at(trackIn, lane-r) +
		"L" + at(trackIn, y1+r) + "Q" + at(trackIn, y1) + " " + at(trackIn+r, y1) + "L" + at(x1, y1)
}

func at(x, y float64) string { return Number(x) + "," + Number(y) }

// Number writes a length with at most one decimal.
func Number(v float64) string {
	const tenths = 10
	return strconv.FormatFloat(float64(int(v*tenths+0.5))/tenths, 'f', -1, 64)
}
