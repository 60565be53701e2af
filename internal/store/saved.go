package store

import (
	"context"

	"huiyin/internal/org"
)

// SavedSearch is a search kept under a name.
type SavedSearch struct {
	ID    int64
	User  org.UserID // whose it is; zero for a machine's of the unit
	Unit  org.UnitID // with which it is shared; zero for nobody
	Name  string
	Query string // the address of the search
	AtUS  int64
}

const savedColumns = `search_id, user_id, unit_id, name, query, at_us`

func scanSaved(r *Row) (SavedSearch, error) {
	var s SavedSearch
	err := r.Scan(&s.ID, &s.User, &s.Unit, &s.Name, &s.Query, &s.AtUS)
	return s, err
}

// SavedBy returns the searches of a person, the oldest first, at most limit.
func (t *Tx) SavedBy(ctx context.Context, user org.UserID, limit int) ([]SavedSearch, error) {
	const q = `select ` + savedColumns + ` from saved_search where user_id = $1 order by search_id limit $2`
	return Collect(ctx, t, Named("saved.by", q), scanSaved, int64(user), limit)
}

// SavedFor returns the searches shared with a unit, the oldest first, at most limit.
func (t *Tx) SavedFor(ctx context.Context, unit org.UnitID, limit int) ([]SavedSearch, error) {
	const q = `select ` + savedColumns + ` from saved_search where unit_id = $1 order by search_id limit $2`
	return Collect(ctx, t, Named("saved.for", q), scanSaved, int64(unit), limit)
}

// Saved finds a search.
func (t *Tx) Saved(ctx context.Context, id int64) (SavedSearch, error) {
	const q = `select ` + savedColumns + ` from saved_search where search_id = $1`
	return One(ctx, t, Named("saved.get", q), scanSaved, id)
}

// KeepSearch writes a search, a new one or one that changed.
func (t *Tx) KeepSearch(ctx context.Context, s SavedSearch) error {
	const q = `insert into saved_search (` + savedColumns + `) values ($1, $2, $3, $4, $5, $6)
		on conflict (search_id) do update set unit_id = excluded.unit_id, name = excluded.name, query = excluded.query, at_us = excluded.at_us`
	_, err := t.Exec(ctx, Named("saved.keep", q), s.ID, int64(s.User), int64(s.Unit), s.Name, s.Query, s.AtUS)
	return err
}

// DropSearch deletes a search.
func (t *Tx) DropSearch(ctx context.Context, id int64) error {
	const q = `delete from saved_search where search_id = $1`
	_, err := t.Exec(ctx, Named("saved.drop", q), id)
	return err
}
