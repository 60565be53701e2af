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

// Waits are the open matters of a list that wait, of the first WaitReach that are due.
type Waits struct {
	States  []Wait       // the one with the longest wait first
	Longest []matter.Ref // with which nothing has been done for longest
}

// Waits looks at what of a list waits: once for both, at most f.Limit of the longest.
func (t *Tx) Waits(ctx context.Context, scope org.Scope, who org.UserID, unit org.UnitID, f matter.Filter) (Waits, error) {
	few, err := t.few(ctx, scope, f)
	if err != nil {
		return Waits{}, err
	}
	q := newQuery(`with x as materialized (select m.state, m.changed_us, m.home, m.matter_id from `).matters(scope, who, unit, f, few, false)
	q.text(` order by m.due_day, m.home, m.matter_id limit `).arg(WaitReach)
	q.text(`) select 0 as home, 0 as matter_id, x.state, count(*) as n, min(x.changed_us) as since from x group by x.state`)
	q.text(` union all select * from (select x.home, x.matter_id, x.state, 1, x.changed_us from x order by x.changed_us, x.home, x.matter_id limit `)
	q.arg(min(max(f.Limit, 1), matter.MaxPage)).text(`) y order by since, home, matter_id, state`)
	var out Waits
	err = t.query(ctx, q.stmt("matter.waits"), q.args, func(r *Row) error {
		var w Wait
		var ref matter.Ref
		err := r.Scan(&ref.Home, &ref.N, &w.State, &w.N, &w.SinceUS)
		if ref.N == 0 {
			out.States = append(out.States, w)
		} else {
			out.Longest = append(out.Longest, ref)
		}
		return err
	})
	return out, err
}
