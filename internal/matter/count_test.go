package matter

import (
	"testing"

	"pgregory.net/rapid"
)

func TestCounts(t *testing.T) {
	visit := func(n int) Submission { return Submission{Channel: ChannelVisit, Persons: n} }
	letter := func(n int) Submission { return Submission{Channel: ChannelLetter, Persons: n} }
	for _, row := range []struct {
		name string
		in   []Submission
		want Counts
	}{
		{"one visitor", []Submission{visit(1)}, Counts{Batches: 1, Persons: 1}},
		{"four come: no group", []Submission{visit(4)}, Counts{Batches: 1, Persons: 4}},
		{"five come: a group", []Submission{visit(5)}, Counts{Batches: 1, Persons: 5, GroupBatches: 1, GroupPersons: 5}},
		{"the same person twice", []Submission{visit(1), visit(1)}, Counts{Batches: 2, Persons: 2}},
		{"seven sign a letter", []Submission{letter(7)}, Counts{Items: 1, Persons: 7}},
		{
			"4 batches of 9, one of 5, a letter",
			[]Submission{visit(2), visit(2), visit(3), visit(2), visit(5), letter(1)},
			Counts{Items: 1, Batches: 5, Persons: 15, GroupBatches: 1, GroupPersons: 5},
		},
	} {
		if got := (&Matter{Submissions: row.in}).Counts(); got != row.want {
			t.Errorf("%s: %+v, want %+v", row.name, got, row.want)
		}
	}
}

// Nobody is counted less than once, a group is of five at least, and every submission is an item or a batch.
func TestCountsHold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var m Matter
		for range rapid.IntRange(0, 12).Draw(t, "submissions") {
			m.Submissions = append(m.Submissions, Submission{Channel: rapid.SampledFrom(Channels()).Draw(t, "channel"), Persons: rapid.IntRange(1, 9).Draw(t, "persons")})
		}
		c := m.Counts()
		if c.Items+c.Batches != len(m.Submissions) || c.Persons < c.Batches+c.Items || c.GroupBatches > c.Batches || c.GroupPersons < GroupFrom*c.GroupBatches || c.GroupPersons > c.Persons {
			t.Fatalf("%+v of %d submissions", c, len(m.Submissions))
		}
	})
}
