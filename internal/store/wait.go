package store

import (
	"context"

	"huiyin/internal/matter"
	"huiyin/internal/org"
)

// WaitReach is among how many matters of a list those that wait longest are looked for: those that are due first.
const WaitReach = 1000

// Wait is how matters in one state wait.
type Wait struct {
	State   matter.State
	N       int64
	SinceUS int64 // the last step of the one that waits longest
}

// Waits returns in which states the open matters of a list are, the one with the longest wait first, of the first WaitReach that are due.
func (t *Tx) Waits(ctx context.Context, scope org.Scope, who org.UserID, unit org.UnitID, f matter.Filter) ([]Wait, error) {
	q := newQuery(`select x.state, count(*), min(x.changed_us) from (select m.state, m.changed_us from matter m where `)
	q.reach(scope, who, unit, f)
	q.text(`) x group by x.state order by min(x.changed_us), x.state`)
	return Collect(ctx, t, q.stmt("matter.waits"), func(r *Row) (Wait, error) {
		var w Wait
		err := r.Scan(&w.State, &w.N, &w.SinceUS)
		return w, err
	}, q.args...)
}

// Longest returns the open matters of a list with which nothing has been done for longest, of the first WaitReach that are due, at most f.Limit.
func (t *Tx) Longest(ctx context.Context, scope org.Scope, who org.UserID, unit org.UnitID, f matter.Filter) ([]matter.Row, error) {
	q := newQuery(`select ` + matterColumns + ` from (select ` + matterColumns + ` from matter m where `)
	q.reach(scope, who, unit, f)
	q.text(`) m order by m.changed_us, m.home, m.matter_id limit `).arg(min(max(f.Limit, 1), matter.MaxPage))
	return Collect(ctx, t, q.stmt("matter.longest"), scanMatter, q.args...)
}

// reach is a list up to WaitReach matters, in the order in which they are due.
func (q *query) reach(scope org.Scope, who org.UserID, unit org.UnitID, f matter.Filter) {
	q.list(scope, who, unit, f, false)
	q.text(` order by m.due_day, m.home, m.matter_id limit `).arg(WaitReach)
}
