package open

import (
	"cmp"
	"slices"
)

// world is all that is known of the same count: a period and those inside it.
//
// Another world comes about by moving things between two rows, r and s, in a period in which neither is shown by itself: one fewer in r, one more in s. The rest and the
// total stay. It shows in every longer period in which the two are not both hidden; there it is made good by the opposite move in another part of that period.
type world struct{ kept []Kept }

// above are the periods that hold one, the shortest first.
func (w world) above(p Kept) []Kept {
	var out []Kept
	for _, k := range w.kept {
		if k.Period.Holds(p.Period) {
			out = append(out, k)
		}
	}
	slices.SortFunc(out, func(a, b Kept) int { return cmp.Compare(a.Period.To-a.Period.From, b.Period.To-b.Period.From) })
	return out
}

// parts are the periods directly in one.
func (w world) parts(p Kept) []Kept {
	var out []Kept
	for _, k := range w.kept {
		if up := w.above(k); len(up) > 0 && up[0].Period == p.Period {
			out = append(out, k)
		}
	}
	return out
}

// carriers are the shortest periods in one that can differ without any period between them and it showing it, itself left out.
func (w world) carriers(p Kept, free func(Kept) bool) []Kept {
	var out []Kept
	for _, part := range w.parts(p) {
		if free(part) {
			out = append(out, w.ends(part, free)...)
		}
	}
	return out
}

// ends are the carriers of a period, or itself where nothing is known of its parts.
func (w world) ends(p Kept, free func(Kept) bool) []Kept {
	if len(w.parts(p)) == 0 {
		return []Kept{p}
	}
	return w.carriers(p, free)
}

// hinge is the shortest period over one in which a move would show; ok is false where it would in none.
func (w world) hinge(p Kept, free func(Kept) bool) (at Kept, ok bool) {
	up := w.above(p)
	i := slices.IndexFunc(up, func(k Kept) bool { return !free(k) })
	if i < 0 {
		return Kept{}, false
	}
	return up[i], true
}

// left is what remains of a shown row when what is shown of it inside its period is taken off.
func (w world) left(p Kept, row string) []int {
	out := make([]int, p.Columns)
	for i := range out {
		out[i] = p.cell(row, i)
	}
	var take func(p Kept)
	take = func(p Kept) {
		for _, part := range w.parts(p) {
			if !part.Shows(row) {
				take(part)
				continue
			}
			for i := range out {
				out[i] -= part.cell(row, i)
			}
		}
	}
	take(p)
	return out
}

// plain reports whether a count is shown, or nought as the rest or the total it is in.
func (k Kept) plain(row string, column int) bool {
	return k.Shows(row) || k.Merged[row] && k.Rest()[column] == 0 || k.Total && k.All()[column] == 0
}

// known reports whether a count is plain in all parts of a period: then it is no secret there, whether it is shown or not.
func (w world) known(p Kept, row string, column int) bool {
	parts := w.parts(p)
	return len(parts) > 0 && !slices.ContainsFunc(parts, func(k Kept) bool { return !k.plain(row, column) && !w.known(k, row, column) })
}

// other reports whether there is a world in which a hidden count is another and all that is shown is the same.
func (w world) other(p Kept, r string, column int) bool {
	for s := range w.rows() {
		if s == r {
			continue
		}
		free := func(k Kept) bool { return !k.Shows(r) && !k.Shows(s) }
		if free(p) && w.moves(p, r, s, column, free) {
			return true
		}
	}
	return false
}

// moves reports whether one can be moved between r and s in a period, and back elsewhere where that shows.
func (w world) moves(p Kept, r, s string, column int, free func(Kept) bool) bool {
	hinge, shows := w.hinge(p, free)
	for _, m := range w.ends(p, free) {
		away, here := w.gives(m, r, column), w.gives(m, s, column)
		if !shows && (away || here) {
			return true
		}
		if !shows {
			continue
		}
		for _, n := range w.carriers(hinge, free) {
			if n.Period == p.Period || p.Period.Holds(n.Period) {
				continue
			}
			if away && w.gives(n, s, column) || here && w.gives(n, r, column) {
				return true
			}
		}
	}
	return false
}

// gives reports whether a row can have one fewer in a period. Everybody knows of a merged row that it is not empty, so it must not become so.
func (w world) gives(p Kept, row string, column int) bool {
	if p.cell(row, column) <= 0 {
		return false
	}
	return !slices.ContainsFunc(append(w.above(p), p), func(k Kept) bool { return k.Split && k.weight(row) <= 1 })
}

// rows are all rows that are known.
func (w world) rows() map[string]bool {
	out := map[string]bool{}
	for _, k := range w.kept {
		for row := range k.Rows {
			out[row] = true
		}
	}
	return out
}

// totals are the tables of one row, which is shown where the total is.
func (w world) totals() world {
	var out world
	for _, p := range w.kept {
		out.kept = append(out.kept, Kept{Count: Count{Period: p.Period, Columns: p.Columns, Rows: map[string][]int{"": p.All()}}, Least: p.Least, Split: p.Total})
	}
	return out
}

// totalsHold reports whether a total may be shown beside those of the periods inside: what is left of it is not small, and every total that is held back could be
// another.
func (w world) totalsHold(k Kept) bool {
	totals := w.totals()
	all := totals.kept[len(totals.kept)-1]
	if !safe(totals.left(all, ""), k.Least) {
		return false
	}
	hidden := func(p Kept) bool { return !p.Split }
	for _, p := range totals.kept {
		for i := range p.Columns {
			if hidden(p) && p.cell("", i) != 0 && !totals.known(p, "", i) && !totals.shifts(p, i, hidden) {
				return false
			}
		}
	}
	return true
}

// shifts reports whether a hidden total could have come at another time.
func (w world) shifts(p Kept, column int, hidden func(Kept) bool) bool {
	hinge, shows := w.hinge(p, hidden)
	for _, m := range w.ends(p, hidden) {
		if !shows {
			return true
		}
		for _, n := range w.carriers(hinge, hidden) {
			if n.Period != p.Period && !p.Period.Holds(n.Period) && (m.cell("", column) > 0 || n.cell("", column) > 0) {
				return true
			}
		}
	}
	return false
}
