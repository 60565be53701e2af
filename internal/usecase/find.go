package usecase

import (
	"context"
	"slices"

	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/query"
	"huiyin/internal/store"
)

// Found is a matter that a search found, with where the words stand in it.
type Found struct {
	RowView
	Marked   []query.Part // the title
	Excerpts []Excerpt    // cut out of the rest of its words; empty where they stand in the title alone
}

// Excerpt is cut out of one text of a matter, with where it stands.
type Excerpt struct {
	Source Source
	Name   string // of a document or an upload
	Paper  int    // number of the document
	File   string // id of the upload
	Parts  []query.Part
}

// FoundPage is a bounded part of what a search finds.
type FoundPage struct {
	Rows  []Found
	Next  matter.Ref // where to go on; zero where there is no more
	Today law.Day
}

// Short reports whether the page is not full though there is more to look at: the search stopped at its bound.
func (p FoundPage) Short(limit int) bool { return !p.Next.IsZero() && len(p.Rows) < limit }

// Find searches within what the actor may see, by words, conditions or both, the newest first or the best match first. Sealed matters are never found by words. It looks at a
// bounded number of matters at a time, so a page may hold less than asked for and yet have a next one.
func (o *Office) Find(ctx context.Context, who org.Actor, f matter.Search) (_ FoundPage, err error) {
	ctx, end := o.step(ctx, "use.find")
	defer func() { end(err) }()
	if err := staffReads(who); err != nil {
		return FoundPage{}, err
	}
	f.Filter = f.On(o.Today(), o.Calendar())
	f.Best = f.Best && !f.Words.Empty()
	after, limit := matter.Ref{Home: f.After.Home, N: f.After.N}, min(max(f.Limit, 1), matter.MaxPage)
	if f.Best {
		f.After = matter.Cursor{} // they are ranked anew for each page
	}
	page := FoundPage{Today: f.Today}
	err = o.Store.Read(ctx, func(t *store.Tx) error {
		rows, next, err := t.Find(ctx, who.Scope(), who.User, who.Duty.Unit, f)
		if err != nil {
			return err
		}
		page.Next = next
		if f.Best {
			if err := o.best(ctx, t, f.Words, rows, f.Today); err != nil {
				return err
			}
			rows, page.Next = bestPage(rows, after, limit)
		}
		var excerpts map[matter.Ref][]Excerpt
		if !f.Words.Empty() {
			if excerpts, err = o.excerpts(ctx, t, rows, f.Words); err != nil {
				return err
			}
		}
		page.Rows = nil
		for _, r := range rows {
			page.Rows = append(page.Rows, Found{RowView: o.rowView(r, f.Today), Marked: f.Words.Mark(r.Title), Excerpts: excerpts[r.Ref]})
		}
		return nil
	})
	return page, err
}

// bestPage cuts a page out of a ranking, behind a matter in it.
func bestPage(rows []matter.Row, after matter.Ref, limit int) ([]matter.Row, matter.Ref) {
	from := slices.IndexFunc(rows, func(r matter.Row) bool { return r.Ref == after }) + 1
	to := min(from+limit, len(rows))
	if to == len(rows) {
		return rows[from:], matter.Ref{}
	}
	return rows[from:to], rows[to-1].Ref
}
