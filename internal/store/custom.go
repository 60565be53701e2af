package store

import (
	"context"

	"huiyin/internal/matter"
)

// AddCustom counts what happened to a matter at a unit; negative numbers take back.
func (t *Tx) AddCustom(ctx context.Context, home int64, p matter.Custom) error {
	const q = `insert into custom (home, category, unit_id, place, month, accepted, returned, moved) values ($1, $2, $3, $4, $5, $6, $7, $8)
		on conflict (home, category, unit_id, place, month) do update set accepted = custom.accepted + excluded.accepted,
		returned = custom.returned + excluded.returned, moved = custom.moved + excluded.moved`
	_, err := t.Exec(ctx, Named("custom.add", q), home, p.Category, int64(p.Unit), p.Place, p.Month, p.Accepted, p.Returned, p.Moved)
	return err
}

// Customs returns what is counted of a category in a home from a month on ("2026-09"), added up by unit and place.
func (t *Tx) Customs(ctx context.Context, home int64, category, month string) ([]matter.Custom, error) {
	q := customsOf(home, category, month)
	return Collect(ctx, t, q.stmt("custom.of"), func(r *Row) (matter.Custom, error) {
		p := matter.Custom{CustomKey: matter.CustomKey{Category: category}}
		err := r.Scan(&p.Unit, &p.Place, &p.Accepted, &p.Returned, &p.Moved)
		return p, err
	}, q.args...)
}

func customsOf(home int64, category, month string) *query {
	return newQuery(`select unit_id, place, sum(accepted), sum(returned), sum(moved) from custom where home = `).arg(home).text(` and category = `).arg(category).
		text(` and month >= `).arg(month).text(` group by unit_id, place order by unit_id, place limit 5000`)
}

// AllCustoms returns every counter of a home that is not all zero.
func (t *Tx) AllCustoms(ctx context.Context, home int64) ([]matter.Custom, error) {
	const q = `select category, unit_id, place, month, accepted, returned, moved from custom
		where home = $1 and (accepted <> 0 or returned <> 0 or moved <> 0) order by category, unit_id, place, month`
	return Collect(ctx, t, Named("custom.all", q), func(r *Row) (matter.Custom, error) {
		var p matter.Custom
		err := r.Scan(&p.Category, &p.Unit, &p.Place, &p.Month, &p.Accepted, &p.Returned, &p.Moved)
		return p, err
	}, home)
}
