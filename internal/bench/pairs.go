package bench

import (
	"context"
	"slices"
	"strings"
	"time"

	"huiyin/internal/find"
	"huiyin/internal/usecase"
)

// PairsConfig says on what it is measured how well the same thing in other words is told from near misses, and found.
type PairsConfig struct {
	Pairs    string // a file of labelled pairs: message, message, same or different, kind, reason, separated by tabs, under a head
	Data     string // the file of their messages and others, JSON Lines, gzip or not
	Now      func() time.Time
	Progress func(doing string, n int)
}

// PairsReport is how the pairs were judged, and what the search offers of those that are the same.
type PairsReport struct {
	Messages int        `json:"messages"`
	Pairs    int        `json:"pairs"`
	Same     int        `json:"same"`
	Judges   []Judged   `json:"judges"`
	Levels   []AtLeast  `json:"levels"` // of the likeness
	Fit      find.Judge `json:"fit"`    // on all pairs: what is built in, before rounding
	Asked    int        `json:"asked"`  // both messages of each same pair, with all messages in
	Offered  int        `json:"offered"`
	Told     int        `json:"told"`    // of these, as the same thing in other words
	Each     float64    `json:"each"`    // matters offered for each
	Crowded  int        `json:"crowded"` // of those not offered, how many for the place of others: five came before
}

// Pairs measures on labelled pairs, in an office of its own that holds all messages, in a folder that is removed afterwards.
func Pairs(ctx context.Context, c PairsConfig) (r PairsReport, err error) {
	err = onMessages(ctx, c.Data, c.Now, c.Progress, func(s *stock, list []letter) error {
		labelled, err := readPairs(c.Pairs, list)
		if err != nil {
			return err
		}
		if r, err = judged(labelled, list); err != nil {
			return err
		}
		c.Progress("load", len(list))
		if err := s.write(ctx, list); err != nil {
			return err
		}
		c.Progress("search", 2*r.Same)
		return s.offeredOf(ctx, &r, labelled, list)
	})
	return r, err
}

// judged measures the judges on the pairs.
func judged(labelled []pair, list []letter) (PairsReport, error) {
	r := PairsReport{Messages: len(list), Pairs: len(labelled)}
	weights, err := find.LoadWeights()
	if err != nil {
		return r, err
	}
	accounts, sets := make([]find.Account, len(list)), make([]find.Shingles, len(list))
	for i, l := range list {
		said := usecase.Said(l.Title, l.Text, nil)
		accounts[i], sets[i] = weights.Account(l.Title, said), find.Read(said).Shingles()
	}
	signs, same := make([]find.Signs, len(labelled)), make([]bool, len(labelled))
	for i, p := range labelled {
		signs[i], same[i] = accounts[p.a].Signs(accounts[p.b]), p.same
		if p.same {
			r.Same++
		}
	}
	r.Fit = find.Fit(signs, same)
	levels := []float64{0.5, 0.6, 0.7, 0.8, 0.9}
	for name, says := range judges(labelled, accounts, sets) {
		j, at := measureJudge(name, labelled, says, levels)
		if r.Judges = append(r.Judges, j); name == "likeness" {
			r.Levels = at
		}
	}
	slices.SortFunc(r.Judges, func(a, b Judged) int { return strings.Compare(a.Name, b.Name) })
	return r, nil
}

// offeredOf asks with both of each same pair, when all messages are in, whether the other is offered.
func (s *stock) offeredOf(ctx context.Context, r *PairsReport, labelled []pair, list []letter) error {
	offered := 0
	for _, p := range labelled {
		if !p.same {
			continue
		}
		for _, q := range [2][2]int{{p.a, p.b}, {p.b, p.a}} {
			found, err := s.app.Office.Repeats(ctx, s.clerk, s.intake(list[q[0]]), s.ref(q[0]))
			if err != nil {
				return err
			}
			r.Asked++
			offered += len(found.List)
			i := slices.IndexFunc(found.List, func(x usecase.Repeat) bool { return x.Ref == s.ref(q[1]) })
			switch {
			case i >= 0:
				r.Offered++
				if found.List[i].Told() {
					r.Told++
				}
			case len(found.List) == usecase.MaxRepeats:
				r.Crowded++
			}
		}
	}
	r.Each = float64(offered) / float64(max(r.Asked, 1))
	return nil
}
