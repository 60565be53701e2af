package reply

import (
	"cmp"
	"slices"
	"strings"

	"huiyin/internal/find"
)

const (
	// CopyPercent is how much of what a reply says of the facts stands in another one before it is told. Beneath it, two replies on the same thing share its words.
	CopyPercent = 60
	// leastShingles is how much a reply has to say for that.
	leastShingles = 30
	// mostCopies is how many other replies are named, the likest.
	mostCopies = 3
	// A passage that is marked has at least so many characters; at most so many are.
	leastPassage, mostPassages = 12, 10
)

// copies compares what a reply says of the facts with that of others, without what all replies share by their template.
func (c *check) copies(r Reply) {
	if len(c.Replies) == 0 {
		return
	}
	var said []string
	for _, t := range r.Texts {
		if t.Part == Facts {
			said = append(said, t.Words)
		}
	}
	shared := find.Read(c.Phrases).Shingles()
	here := without(find.Read(strings.Join(said, "\n")).Shingles(), shared)
	if len(here) < leastShingles {
		return
	}
	type like struct {
		Earlier
		percent int
	}
	var found []like
	for _, e := range c.Replies {
		common := here.Of(without(find.Read(e.Words).Shingles(), shared)).Common
		if p := 100 * common / len(here); p >= CopyPercent {
			found = append(found, like{e, p})
		}
	}
	slices.SortStableFunc(found, func(x, y like) int { return cmp.Compare(y.percent, x.percent) })
	for _, l := range found[:min(len(found), mostCopies)] {
		at, marked := likest(r.Texts, l.Words)
		c.say(Copy, at, marked, "percent", l.percent).Matter = l.Ref
	}
}

// likest is the text in which most of another one stands, with where.
func likest(texts []Text, words string) (at Text, marked []find.Range) {
	there, most := find.Read(words), 0
	for _, t := range texts {
		if t.Part != Facts {
			continue
		}
		sum := 0
		var ranges []find.Range
		for _, p := range find.Passages(find.Read(t.Words), there, leastPassage, mostPassages) {
			sum, ranges = sum+p.Len, append(ranges, p.Here)
		}
		if sum > most {
			at, marked, most = t, ranges, sum
		}
	}
	return at, marked
}

// without takes the shingles of one set out of another.
func without(s, shared find.Shingles) find.Shingles {
	return slices.DeleteFunc(slices.Clone(s), func(v uint64) bool { _, in := slices.BinarySearch(shared, v); return in })
}
