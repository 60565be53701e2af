package hot

import (
	"cmp"
	"container/heap"
	"slices"

	"huiyin/internal/find"
)

// Groups divides texts by what they are about. Each text is in one group, also where it is alone; groups and their numbers ascend. Neighbours that are not
// among the texts are passed over, as are those given twice.
func Groups(texts []Text, near []Near) [][]int64 {
	texts = slices.Clone(texts)
	slices.SortFunc(texts, func(a, b Text) int { return cmp.Compare(a.N, b.N) })
	at := make(map[int64]int, len(texts))
	for i, t := range texts {
		at[t.N] = i
	}
	var edges []edge
	for _, n := range near {
		a, hasA := at[n.A]
		b, hasB := at[n.B]
		if hasA && hasB && a != b {
			edges = append(edges, edge{min(a, b), max(a, b), n.Cosine})
		}
	}
	slices.SortFunc(edges, edge.compare)
	edges = slices.Compact(edges)
	j := joining{}
	for _, t := range texts {
		j.clusters = append(j.clusters, &cluster{members: []int64{t.N}, sum: t.Vector, near: map[int]bool{}})
	}
	together := newForest(len(texts))
	for _, e := range edges {
		if together.join(e.a, e.b, MaxTogether) {
			j.link(e)
		}
	}
	heap.Init(&j.queue)
	for j.queue.Len() > 0 {
		if e, _ := heap.Pop(&j.queue).(edge); !j.clusters[e.a].gone && !j.clusters[e.b].gone {
			j.join(e.a, e.b)
		}
	}
	var out [][]int64
	for _, c := range j.clusters {
		if !c.gone {
			slices.Sort(c.members)
			out = append(out, c.members)
		}
	}
	slices.SortFunc(out, func(a, b []int64) int { return cmp.Compare(a[0], b[0]) })
	return out
}

// edge lies between two clusters, by their places.
type edge struct {
	a, b int
	mean float64
}

// compare puts the most alike first.
func (e edge) compare(o edge) int {
	return cmp.Or(cmp.Compare(o.mean, e.mean), cmp.Compare(e.a, o.a), cmp.Compare(e.b, o.b))
}

// cluster is a group on the way.
type cluster struct {
	members []int64
	sum     find.Vector
	near    map[int]bool // other clusters, by their places
	gone    bool         // it is part of a later one
}

// joining joins clusters.
type joining struct {
	clusters []*cluster
	queue    queue
}

func (j *joining) link(e edge) {
	j.clusters[e.a].near[e.b], j.clusters[e.b].near[e.a] = true, true
	if e.mean >= Link {
		j.queue = append(j.queue, e)
	}
}

// join makes one cluster of two, behind all others, and reckons how alike those around it are to it.
func (j *joining) join(a, b int) {
	x, y := j.clusters[a], j.clusters[b]
	x.gone, y.gone = true, true
	both := &cluster{members: slices.Concat(x.members, y.members), sum: sum(x.sum, y.sum), near: map[int]bool{}}
	n := len(j.clusters)
	j.clusters = append(j.clusters, both)
	for _, part := range []*cluster{x, y} {
		for k := range part.near {
			o := j.clusters[k]
			if o.gone || both.near[k] {
				continue
			}
			both.near[k], o.near[n] = true, true
			if mean := product(both.sum, o.sum) / float64(len(both.members)*len(o.members)); mean >= Link {
				heap.Push(&j.queue, edge{k, n, mean})
			}
		}
	}
}

// queue gives the most alike clusters first.
type queue []edge

func (q *queue) Len() int           { return len(*q) }
func (q *queue) Less(i, j int) bool { return (*q)[i].compare((*q)[j]) < 0 }
func (q *queue) Swap(i, j int)      { (*q)[i], (*q)[j] = (*q)[j], (*q)[i] }

// Push adds an edge.
func (q *queue) Push(x any) {
	if e, ok := x.(edge); ok {
		*q = append(*q, e)
	}
}

// Pop takes the last edge.
func (q *queue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}

// forest knows what hangs together.
type forest struct{ parent, size []int }

func newForest(n int) forest {
	f := forest{make([]int, n), make([]int, n)}
	for i := range n {
		f.parent[i], f.size[i] = i, 1
	}
	return f
}

func (f forest) root(i int) int {
	for f.parent[i] != i {
		f.parent[i] = f.parent[f.parent[i]]
		i = f.parent[i]
	}
	return i
}

// join reports whether two hang together, which they do now unless it would be too many.
func (f forest) join(a, b, most int) bool {
	a, b = f.root(a), f.root(b)
	if a == b {
		return true
	}
	if f.size[a]+f.size[b] > most {
		return false
	}
	f.parent[b], f.size[a] = a, f.size[a]+f.size[b]
	return true
}
