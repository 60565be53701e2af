package usecase

import (
	"context"
	"slices"
	"strings"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/query"
	"huiyin/internal/store"
)

// Found is a matter that a search found, with where the words stand in it.
type Found struct {
	RowView
	Marked  []query.Part // the title
	Excerpt []query.Part // cut out of the rest of its words; empty where they stand in the title alone
}

// FoundPage is a bounded part of what a search finds.
type FoundPage struct {
	Rows  []Found
	Next  matter.Ref // where to go on; zero where there is no more
	Today law.Day
}

// Short reports whether the page is not full though there is more to look at: the search stopped at its bound.
func (p FoundPage) Short(limit int) bool { return !p.Next.IsZero() && len(p.Rows) < limit }

// Find searches within what the actor may see, by words, conditions or both, the newest first. Sealed matters are never found by words. It looks at a
// bounded number of matters at a time, so a page may hold less than asked for and yet have a next one.
func (o *Office) Find(ctx context.Context, who org.Actor, f matter.Search) (FoundPage, error) {
	if who.Kind == org.ActorPetitioner || who.Kind == org.ActorNobody {
		return FoundPage{}, errs.E(errs.Unauthenticated, "auth.sign_in")
	}
	if err := granted(who, "read"); err != nil {
		return FoundPage{}, err
	}
	f.Today = o.Today()
	page := FoundPage{Today: f.Today}
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		rows, next, err := t.Find(ctx, who.Scope(), who.User, who.Duty.Unit, f)
		if err != nil {
			return err
		}
		page.Next = next
		texts := map[matter.Ref]string{}
		if !f.Words.Empty() {
			if texts, err = o.texts(ctx, t, rows); err != nil {
				return err
			}
		}
		for _, r := range rows {
			page.Rows = append(page.Rows, Found{RowView: o.rowView(r, f.Today), Marked: f.Words.Mark(r.Title), Excerpt: f.Words.Excerpt(texts[r.Ref])})
		}
		return nil
	})
	return page, err
}

// texts gives the words by which matters are found, but for the number and title that stand in their rows, each home's in one statement. A sealed one
// has none.
func (o *Office) texts(ctx context.Context, t *store.Tx, rows []matter.Row) (map[matter.Ref]string, error) {
	homes := map[int64][]int64{}
	for _, r := range rows {
		if !r.Sealed {
			homes[r.Ref.Home] = append(homes[r.Ref.Home], r.Ref.N)
		}
	}
	out := map[matter.Ref]string{}
	for home, ns := range homes {
		histories, err := t.EventsOf(ctx, home, ns)
		if err != nil {
			return nil, err
		}
		for n, history := range histories {
			ref := matter.Ref{Home: home, N: n}
			events := make([]matter.Event, len(history))
			for i, e := range history {
				if events[i], err = o.decode(ref, e, false); err != nil {
					return nil, err
				}
			}
			m := matter.Fold(events)
			lines := slices.DeleteFunc(lines(m), func(s string) bool { return s == ref.String() || s == m.Title() })
			out[ref] = strings.Join(lines, "\n")
		}
	}
	return out, nil
}
