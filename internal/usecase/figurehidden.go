package usecase

import (
	"context"

	"huiyin/internal/org"
	"huiyin/internal/store"
)

// mostHidden is among how many entries of a list those out of sight are counted.
const mostHidden = 1000

// FigureHidden counts the entries of a list of matters behind a figure, over all its pages, of which the asker sees the number alone. Where there are more entries than can be
// looked at for a page, it is counted among the latest ones, and whole is false.
func (o *Office) FigureHidden(ctx context.Context, who org.Actor, ask FigureListAsk) (n int, whole bool, err error) {
	if err := ask.check(who); err != nil {
		return 0, false, err
	}
	l, err := o.asker(who).listing(ask, mostHidden+1)
	if err != nil || who.Scope().All { // what they may not see is not counted for them, either
		return 0, err == nil, err
	}
	err = o.Store.Read(ctx, func(t *store.Tx) error {
		if err := l.walk(ctx, t); err != nil {
			return err
		}
		whole = len(l.found) <= mostHidden
		l.found = l.found[:min(len(l.found), mostHidden)]
		seen, err := seen(ctx, t, l.scope, l.refs())
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
