package find

import (
	"cmp"
	"slices"
)

// Range is a part of a text as it was read: from the byte From up to, without, the byte To.
type Range struct{ From, To int }

// Passage is a stretch that two texts have in common: what stands there is the same in its plain form.
type Passage struct {
	Here, There Range
	Len         int // characters in its plain form
}

// tries is how many places of the other text a stretch is looked for at. A phrase that stands there more often is compared with the last of them.
const tries = 8

// Passages returns the longest stretches that two texts have in common, of at least least characters and at most most of them, in the order of here. No two of
// them overlap here; there, one stretch may answer to two.
//
// It goes through here once. Where a shingle occurs there, the stretch is followed at up to eight of its places, and the longest is taken if it is long
// enough; then it goes on behind it. A step costs at most eight times the characters it goes on by, or eight times least, so the work
// grows with the length of the texts and not with its square.
func Passages(here, there Text, least, most int) []Passage {
	least = max(least, width)
	if here.Len() < least || there.Len() < least {
		return nil
	}
	last, before := places(there.runes)
	var out []Passage
	for i := 0; i+least <= len(here.runes); {
		at, n := 0, 0
		j, found := last[pack(here.runes[i:])]
		for range tries {
			if !found || j < 0 {
				break
			}
			if k := same(here.runes[i:], there.runes[j:]); k > n {
				at, n = j, k
			}
			j = before[j]
		}
		if n < least {
			i++
			continue
		}
		out = append(out, Passage{Here: here.span(i, n), There: there.span(at, n), Len: n})
		i += n
	}
	slices.SortStableFunc(out, func(a, b Passage) int { return cmp.Compare(b.Len, a.Len) })
	out = out[:min(len(out), most)]
	slices.SortFunc(out, func(a, b Passage) int { return cmp.Compare(a.Here.From, b.Here.From) })
	return out
}

// places tells where each shingle stands last, and for each place where its shingle stands before; -1 for nowhere.
func places(runes []rune) (last map[uint64]int, before []int) {
	n := len(runes) - width + 1
	last, before = make(map[uint64]int, n), make([]int, n)
	for i := range n {
		v := pack(runes[i:])
		was, found := last[v]
		if !found {
			was = -1
		}
		last[v], before[i] = i, was
	}
	return last, before
}

// same is how many characters two stretches have in common from their beginning.
func same(a, b []rune) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// span is where n characters from the i-th stood.
func (t Text) span(i, n int) Range { return Range{From: t.from[i], To: t.to[i+n-1]} }
