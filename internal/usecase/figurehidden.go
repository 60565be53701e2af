package usecase

import (
	"context"
	"slices"

	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
)

const (
	// mostHidden is among how many entries of a list those out of sight are counted.
	mostHidden = 1000
	// seenAtOnce is how many matters are asked for in one statement.
	seenAtOnce = 500
)

// FigureHidden counts the entries of a list of matters behind a figure, over all its pages, of which the asker sees the number alone. Where there are more entries than can be
// looked at for a page, it is counted among the latest ones, and whole is false.
func (o *Office) FigureHidden(ctx context.Context, who org.Actor, ask FigureListAsk) (n int, whole bool, err error) {
	if err := ask.check(who); err != nil {
		return 0, false, err
	}
	f, err := o.figuring(who, ask.FigureAsk)
	if err != nil || who.Scope().All { // what they may not see is not counted for them, either
		return 0, err == nil, err
	}
	indicator := f.out.Indicators[0]
	ask.FigureAsk, ask.After = ask.narrowed(indicator), ""
	if f, err = o.figuring(who, ask.FigureAsk); err != nil {
		return 0, false, err
	}
	l := &listing{figuring: f, ask: ask, want: mostHidden + 1, indicator: indicator}
	err = o.Store.Read(ctx, func(t *store.Tx) error {
		if err := l.walk(ctx, t); err != nil {
			return err
		}
		whole = len(l.found) <= mostHidden
		l.found = l.found[:min(len(l.found), mostHidden)]
		seen, err := l.seen(ctx, t)
		if err != nil {
			return err
		}
		n = 0
		for _, e := range l.found {
			if !seen[e.place.ref] {
				n++
			}
		}
		return nil
	})
	return n, whole, err
}

// seen says which of the matters that were found are in the asker's sight.
func (l *listing) seen(ctx context.Context, t *store.Tx) (map[matter.Ref]bool, error) {
	numbers := map[int64][]int64{}
	for _, e := range l.found {
		numbers[e.place.ref.Home] = append(numbers[e.place.ref.Home], e.place.ref.N)
	}
	out := map[matter.Ref]bool{}
	for home, list := range numbers {
		slices.Sort(list)
		for some := range slices.Chunk(slices.Compact(list), seenAtOnce) {
			seen, err := t.Seen(ctx, l.scope, home, some)
			if err != nil {
				return nil, err
			}
			for _, n := range seen {
				out[matter.Ref{Home: home, N: n}] = true
			}
		}
	}
	return out, nil
}
