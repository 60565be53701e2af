package store

import (
	"context"

	"huiyin/internal/matter"
)

// AddPrecedent counts what happened to a matter at a unit; negative numbers take back.
func (t *Tx) AddPrecedent(ctx context.Context, home int64, p matter.Precedent) error {
	const q = `insert into precedent (home, category, unit_id, place, month, accepted, returned, moved) values ($1, $2, $3, $4, $5, $6, $7, $8)
		on conflict (home, category, unit_id, place, month) do update set accepted = precedent.accepted + excluded.accepted,
		returned = precedent.returned + excluded.returned, moved = precedent.moved + excluded.moved`
	_, err := t.Exec(ctx, Named("precedent.add", q), home, p.Category, int64(p.Unit), p.Place, p.Month, p.Accepted, p.Returned, p.Moved)
	return err
}

// Precedents returns what is counted of a category in a home from a month on ("2026-09"), added up by unit and place.
func (t *Tx) Precedents(ctx context.Context, home int64, category, month string) ([]matter.Precedent, error) {
	q := precedentsOf(home, category, month)
	return Collect(ctx, t, q.stmt("precedent.of"), func(r *Row) (matter.Precedent, error) {
		p := matter.Precedent{PrecedentKey: matter.PrecedentKey{Category: category}}
		err := r.Scan(&p.Unit, &p.Place, &p.Accepted, &p.Returned, &p.Moved)
		return p, err
	}, q.args...)
}

func precedentsOf(home int64, category, month string) *query {
	return newQuery(`select unit_id, place, sum(accepted), sum(returned), sum(moved) from precedent where home = `).arg(home).text(` and category = `).arg(category).
		text(` and month >= `).arg(month).text(` group by unit_id, place order by unit_id, place limit 5000`)
}

// AllPrecedents returns every counter of a home that is not all zero.
func (t *Tx) AllPrecedents(ctx context.Context, home int64) ([]matter.Precedent, error) {
	const q = `select category, unit_id, place, month, accepted, returned, moved from precedent
		where home = $1 and (accepted <> 0 or returned <> 0 or moved <> 0) order by category, unit_id, place, month`
	return Collect(ctx, t, Named("precedent.all", q), func(r *Row) (matter.Precedent, error) {
		var p matter.Precedent
		err := r.Scan(&p.Category, &p.Unit, &p.Place, &p.Month, &p.Accepted, &p.Returned, &p.Moved)
		return p, err
	}, home)
}
