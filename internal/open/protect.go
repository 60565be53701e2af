package open

import (
	"cmp"
	"maps"
	"slices"
)

// LeastEver is the lowest least number that may be set: fewer than five can be guessed at by their neighbours.
const LeastEver = 5

// Count is what was counted in a period: rows by their keys, with the same columns in each. A row that is missing is all zero.
type Count struct {
	Period  Period           `json:"period"`
	Columns int              `json:"columns"`
	Rows    map[string][]int `json:"rows"`
}

// Kept is what of a count is shown.
type Kept struct {
	Count
	Least  int             `json:"least"`            // counts below it, and above zero, are small
	Total  bool            `json:"total"`            // the sum of all rows is shown
	Split  bool            `json:"split"`            // so are its rows and the rest
	Merged map[string]bool `json:"merged,omitempty"` // the rows of the rest, of those that are split
}

// cell is a count in a column; a row that is missing counts nothing.
func (c Count) cell(row string, column int) int {
	if cells := c.Rows[row]; column < len(cells) {
		return cells[column]
	}
	return 0
}

// Sum adds rows up: all of them, or those that are in.
func (c Count) Sum(in func(row string) bool) []int {
	out := make([]int, c.Columns)
	for row := range c.Rows {
		for i := range out {
			if in == nil || in(row) {
				out[i] += c.cell(row, i)
			}
		}
	}
	return out
}

// All is the sum of all rows.
func (c Count) All() []int { return c.Sum(nil) }

// Rest is the sum of the merged rows.
func (k Kept) Rest() []int { return k.Sum(func(row string) bool { return k.Merged[row] }) }

// Shows reports whether a row is shown by itself.
func (k Kept) Shows(row string) bool { return k.Split && !k.Merged[row] }

// small reports whether a count says too much.
func small(n, least int) bool { return n != 0 && n < least }

// safe reports whether none of some counts is small.
func safe(cells []int, least int) bool {
	return !slices.ContainsFunc(cells, func(n int) bool { return small(n, least) })
}

// weight orders rows: the fewest first.
func (c Count) weight(row string) int {
	n := 0
	for _, v := range c.Rows[row] {
		n += v
	}
	return n
}

// light are the rows that are shown and not empty, the lightest first.
func (k Kept) light() []string {
	rows := slices.DeleteFunc(slices.Collect(maps.Keys(k.Rows)), func(row string) bool { return k.weight(row) == 0 || !k.Shows(row) })
	slices.SortFunc(rows, func(a, b string) int { return cmp.Or(cmp.Compare(k.weight(a), k.weight(b)), cmp.Compare(a, b)) })
	return rows
}

// Whole decides whether the total of a count may be shown, given the same of all periods inside its own.
func Whole(c Count, least int, inside []Kept) Kept {
	k := Kept{Count: c, Least: least}
	if !safe(c.All(), least) {
		return k
	}
	k.Total = true
	w := world{append(slices.Clone(inside), k)}
	k.Total = w.totalsHold(k)
	return k
}

// Decide decides which rows of a count are shown whose total may be, given the same of all periods inside its own, so that no count that is not
// shown, nought apart, can be computed from what is.
func Decide(k Kept, inside []Kept) Kept {
	k.Split, k.Merged = false, map[string]bool{}
	if !k.Total {
		return k
	}
	for row, cells := range k.Rows {
		if !safe(cells, k.Least) {
			k.Merged[row] = true
		}
	}
	k.Split = true
	for k.Split {
		row, fault := k.fault(inside)
		switch {
		case !fault:
			return k
		case row == "":
			k.Split = false
		default:
			k.Merged[row] = true
		}
	}
	k.Merged = map[string]bool{}
	return k
}

// fault looks for what would say too much, and names the row that has to be merged, too: "" if there is none left.
func (k Kept) fault(inside []Kept) (row string, found bool) {
	if n := len(k.Merged); n == 1 || !safe(k.Rest(), k.Least) {
		rest := k.Rest()
		return k.lightest(func(row string) bool { // one that is enough
			sum := slices.Clone(rest)
			for i := range sum {
				sum[i] += k.cell(row, i)
			}
			return safe(sum, k.Least)
		}), true
	}
	w := world{append(slices.Clone(inside), k)}
	for _, r := range slices.Sorted(maps.Keys(k.Rows)) {
		if k.Shows(r) && !safe(w.left(k, r), k.Least) {
			return r, true
		}
	}
	for _, p := range w.kept {
		for _, r := range slices.Sorted(maps.Keys(p.Rows)) {
			if p.Shows(r) {
				continue
			}
			for i := range p.Columns {
				if p.cell(r, i) == 0 || w.known(p, r, i) || w.other(p, r, i) {
					continue
				}
				if k.Shows(r) && k.weight(r) > 0 {
					return r, true
				}
				return k.lightest(func(s string) bool { return !p.Shows(s) }), true
			}
		}
	}
	return "", false
}

// lightest is the next row to merge: one that is preferred if there is one.
func (k Kept) lightest(prefer func(row string) bool) string {
	left := k.light()
	if i := slices.IndexFunc(left, prefer); i >= 0 {
		return left[i]
	}
	if len(left) == 0 {
		return ""
	}
	return left[0]
}

// Again shows a count that was counted anew as it was shown before: what was merged or held back stays so, and what is small by now is held back.
func Again(c Count, was Kept) Kept {
	k := was
	k.Count, k.Merged = c, maps.Clone(was.Merged)
	k.Total = was.Total && safe(c.All(), k.Least)
	k.Split = was.Split && k.Total && safe(k.Rest(), k.Least)
	for row, cells := range c.Rows {
		if !k.Merged[row] && !safe(cells, k.Least) {
			k.Split = false
		}
	}
	if !k.Split {
		k.Merged = map[string]bool{}
	}
	return k
}
