package sankey

import (
	"fmt"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

var size = Size{Width: 960, Label: 170, Height: 420, Most: 8}

// What circles comes back: the smaller of two opposite flows is a return, and nothing else is.
func TestReturns(t *testing.T) {
	for _, tt := range []struct {
		name    string
		flows   []Flow
		returns []string
		columns map[string]int
	}{
		{"one way", []Flow{{"a", "b", 3}, {"b", "c", 2}, {"a", "c", 1}}, nil, map[string]int{"a": 0, "b": 1, "c": 2}},
		{"there and back", []Flow{{"a", "b", 3}, {"b", "a", 1}}, []string{"b>a"}, map[string]int{"a": 0, "b": 1}},
		{"the larger way is forward", []Flow{{"a", "b", 1}, {"b", "a", 3}}, []string{"a>b"}, map[string]int{"b": 0, "a": 1}},
		{"a circle of three", []Flow{{"a", "b", 5}, {"b", "c", 4}, {"c", "a", 1}}, []string{"c>a"}, map[string]int{"a": 0, "b": 1, "c": 2}},
		{"of the same size, by name", []Flow{{"b", "a", 2}, {"a", "b", 2}}, []string{"b>a"}, map[string]int{"a": 0, "b": 1}},
		{"of the same size, from where more goes out", []Flow{{"a", "b", 1}, {"b", "a", 1}, {"b", "c", 1}}, []string{"a>b"}, map[string]int{"b": 0, "a": 1, "c": 1}},
		{"what stays is no flow", []Flow{{"a", "a", 9}, {"a", "b", 1}, {"a", "c", 0}}, nil, map[string]int{"a": 0, "b": 1}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := Lay(tt.flows, size)
			var returns []string
			for _, b := range d.Bands {
				if b.Return {
					returns = append(returns, b.From+">"+b.To)
				}
			}
			if !slices.Equal(returns, tt.returns) || len(d.Nodes) != len(tt.columns) {
				t.Errorf("returns %v of %v", returns, d.Nodes)
			}
			for _, n := range d.Nodes {
				if n.Column != tt.columns[n.ID] {
					t.Errorf("%s in column %d", n.ID, n.Column)
				}
			}
		})
	}
	if d := Lay(nil, size); len(d.Nodes) != 0 || len(d.Bands) != 0 {
		t.Errorf("of nothing: %+v", d)
	}
}

// The units through which least goes share one place; what goes between them is told, not drawn.
func TestRest(t *testing.T) {
	var flows []Flow
	for i := range 12 {
		flows = append(flows, Flow{"hub", "u" + strconv.Itoa(i), 20 - i})
	}
	flows = append(flows, Flow{"u10", "u11", 1})
	d := Lay(flows, size)
	if len(d.Nodes) != size.Most || d.Within != 1 {
		t.Fatalf("%d nodes, %d within", len(d.Nodes), d.Within)
	}
	rest := slices.IndexFunc(d.Nodes, func(n Node) bool { return n.ID == Rest })
	if rest < 0 || d.Nodes[rest].In != 14+13+12+11+10+9 {
		t.Errorf("%+v", d.Nodes)
	}
}

// Whatever flows: boxes of a column lie apart, bands fill their boxes without overlapping, sums agree, forward goes right, and the order in which flows are told
// changes nothing.
func TestLayout(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		flows := rapid.SliceOfN(rapid.Custom(func(g *rapid.T) Flow {
			unit := func(name string) string { return strconv.Itoa(rapid.IntRange(0, 14).Draw(g, name)) }
			return Flow{unit("from"), unit("to"), rapid.IntRange(0, 60).Draw(g, "n")}
		}), 0, 30).Draw(rt, "flows")
		d := Lay(flows, size)
		if other := Lay(rapid.Permutation(flows).Draw(rt, "permuted"), size); fmt.Sprint(other) != fmt.Sprint(d) {
			rt.Fatal("another order, another drawing")
		}
		total := d.Within
		nodes := map[string]Node{}
		in, out := map[string]int{}, map[string]int{}
		width := map[string]float64{}
		for _, n := range d.Nodes {
			nodes[n.ID] = n
		}
		if len(nodes) != len(d.Nodes) || len(nodes) > size.Most {
			rt.Fatalf("%d nodes, %d names", len(d.Nodes), len(nodes))
		}
		for _, b := range d.Bands {
			total += b.N
			in[b.To] += b.N
			out[b.From] += b.N
			width["to "+b.To] += b.Width
			width["from "+b.From] += b.Width
			if (nodes[b.From].Column >= nodes[b.To].Column) && !b.Return {
				rt.Errorf("%+v does not run to the right", b)
			}
		}
		want := 0
		for _, f := range flows {
			if f.From != f.To {
				want += f.N
			}
		}
		if total != want {
			rt.Errorf("%d of %d", total, want)
		}
		for i, n := range d.Nodes {
			if n.In != in[n.ID] || n.Out != out[n.ID] {
				rt.Errorf("%+v, %d in, %d out", n, in[n.ID], out[n.ID])
			}
			if most := max(width["to "+n.ID], width["from "+n.ID]); most > n.H+.001 || most < n.H-.001 {
				rt.Errorf("bands of %v on a box of %v", most, n.H)
			}
			if i > 0 && d.Nodes[i-1].Column == n.Column && n.Y < d.Nodes[i-1].Y+d.Nodes[i-1].H+gap-.001 {
				rt.Errorf("%+v and %+v overlap", d.Nodes[i-1], n)
			}
			if n.Y < 0 || n.Y+n.H > d.Height {
				rt.Errorf("%+v outside", n)
			}
		}
	})
}
