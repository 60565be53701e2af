package store

import (
	"context"
	"slices"

	"huiyin/internal/matter"
	"huiyin/internal/org"
)

// defaultFew is up to how many matters of a scope are looked at one by one, rather than that all are gone through until enough of them are found.
const defaultFew = 4000

// Of a scope that sees no more than rareAmong of the first firstOnes matters of all, enough are not come upon soon.
const (
	firstOnes = 100
	rareAmong = 10
)

// few reports whether a list is of a scope with few matters that lie far apart among all: open ones, where the view is of those.
func (t *Tx) few(ctx context.Context, scope org.Scope, f matter.Filter) (bool, error) {
	if f.List != matter.ListAll || scope.All || scope.Empty() || t.store.opt.Few < 0 {
		return false, nil
	}
	at := sampled(scope, f.View)
	soon, err := One(ctx, t, at.stmt("matter.sample"), Int64, at.args...)
	if err != nil || soon > rareAmong {
		return false, err
	}
	most := t.store.opt.Few
	q := fewMatters(scope, f.View, most)
	n, err := One(ctx, t, q.stmt("matter_unit.few"), Int64, q.args...)
	return n <= int64(most), err
}

// sampled counts how many of the first matters of all the scope sees, in the order of lists.
func sampled(scope org.Scope, view matter.View) *query {
	q := newQuery(`select count(*) from (select m.home, m.matter_id, m.sealed from matter m where m.is_open = `).arg(view.OfOpen())
	if view.OfOpen() {
		q.text(` order by m.due_day, m.home, m.matter_id`)
	} else {
		q.text(` and m.due_day = '9' order by m.home desc, m.matter_id desc`)
	}
	return q.text(` limit `).arg(firstOnes).text(`) m where 1 = 1`).scope(scope)
}

func fewMatters(scope org.Scope, view matter.View, most int) *query {
	q := newQuery(`select count(*) from (select 1 from `)
	q.involved(scope, view)
	q.text(` limit `).arg(most + 1).text(`) x`)
	q.anew = true
	return q
}

// involved are the units under the roots of a scope with the matters that they have to do with: with open ones, where the view is of those. Whether a matter is seen, scope
// says.
func (q *query) involved(s org.Scope, view matter.View) {
	q.text(`unit_path p cross join matter_unit mu where mu.unit_id = p.unit_id and p.ancestor_id in (`).numbers(roots(s)).text(`)`)
	if view.OfOpen() {
		q.text(` and mu.is_open`)
	}
}

// within begins with the matters m that a scope can have, each once, where they are few.
func (q *query) within(s org.Scope, view matter.View) *query {
	q.text(`(select distinct mu.home, mu.matter_id from `)
	q.involved(s, view)
	q.text(`) x cross join matter m where m.home = x.home and m.matter_id = x.matter_id and `)
	q.anew = true
	return q
}

// matters begins with the matters m of a list: of those that the scope has, where they are few.
func (q *query) matters(scope org.Scope, who org.UserID, unit org.UnitID, f matter.Filter, few, counting bool) *query {
	if few {
		q.within(scope, f.View)
	} else {
		q.text(`matter m where `)
	}
	return q.list(who, unit, f, counting).scope(scope)
}

// CountViews counts what views of one list, at least one, hold, each up to one more than most, at most MaxCount+1. Of a view that holds all of another which has too many to count the same
// is said without counting: the narrower come first.
func (t *Tx) CountViews(ctx context.Context, scope org.Scope, who org.UserID, unit org.UnitID, views []matter.Filter, most int) (map[matter.View]int64, error) {
	out, full := make(map[matter.View]int64), int64(min(most, MaxCount))+1
	few, err := t.few(ctx, scope, views[0])
	if err != nil {
		return nil, err
	}
	if few {
		if err := t.countOpen(ctx, scope, who, unit, views, out); err != nil {
			return nil, err
		}
	}
	for _, f := range views {
		n, had := out[f.View]
		if !had {
			q := matterCount(scope, who, unit, f, most, few)
			if n, err = One(ctx, t, q.stmt("matter.count"), Int64, q.args...); err != nil {
				return nil, err
			}
		}
		n = min(n, full)
		out[f.View] = n
		if within, has := f.View.Within(); has && n == full {
			out[within] = full
		}
	}
	return out, nil
}

// countOpen counts those views that are of open matters in a scope that has few, all at once.
func (t *Tx) countOpen(ctx context.Context, scope org.Scope, who org.UserID, unit org.UnitID, views []matter.Filter, counts map[matter.View]int64) error {
	views = slices.DeleteFunc(slices.Clone(views), func(f matter.Filter) bool { return !f.View.OfOpen() })
	if len(views) == 0 {
		return nil
	}
	q := openCounts(scope, who, unit, views)
	return t.query(ctx, q.stmt("matter.counts"), q.args, func(r *Row) error {
		n, to := make([]int64, len(views)), make([]any, len(views))
		for i := range n {
			to[i] = &n[i]
		}
		err := r.Scan(to...)
		for i, f := range views {
			counts[f.View] = n[i]
		}
		return err
	})
}

func openCounts(scope org.Scope, who org.UserID, unit org.UnitID, views []matter.Filter) *query {
	q := newQuery(`select `)
	for i, f := range views {
		q.comma(i).text(`count(case when `).list(who, unit, f, true).text(` then 1 end)`)
	}
	return q.text(` from `).within(scope, matter.ViewOpen).text(`m.is_open = `).arg(true).scope(scope)
}
