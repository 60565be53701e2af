package store

import (
	"context"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/org"
)

// KeyRow is a machine's key: the hash only, never the key.
type KeyRow struct {
	ID        string
	Hash      []byte
	Name      string
	Unit      org.UnitID
	Role      org.Role
	Grants    string // separated by spaces
	CreatedUS int64
	ExpiresUS int64
	RevokedUS int64
	Used      law.Day // when it was last used; NoDay for never
	PerMinute int     // requests; zero is the usual number
}

const keyColumns = `key_id, hash, name, unit_id, role, grants, created_us, expires_us, revoked_us, used_day, per_minute`

// scanKey reads a key, and what stands behind it in the row.
func scanKey(r *Row, behind ...any) (KeyRow, error) {
	var k KeyRow
	var used string
	err := r.Scan(append([]any{&k.ID, &k.Hash, &k.Name, &k.Unit, &k.Role, &k.Grants, &k.CreatedUS, &k.ExpiresUS, &k.RevokedUS, &used, &k.PerMinute}, behind...)...)
	if err == nil {
		err = days(text{&k.Used, used})
	}
	return k, err
}

// SaveKey writes a machine's key. On which day it was used UseKey writes.
func (t *Tx) SaveKey(ctx context.Context, k KeyRow) error {
	const q = `insert into api_key (` + keyColumns + `) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', $10)
		on conflict (key_id) do update set hash = excluded.hash, name = excluded.name, revoked_us = excluded.revoked_us`
	_, err := t.Exec(ctx, Named("api_key.save", q), k.ID, k.Hash, k.Name, int64(k.Unit), string(k.Role), k.Grants, k.CreatedUS, k.ExpiresUS, k.RevokedUS, k.PerMinute)
	return err
}

// UseKey notes that a key was used on a day.
func (t *Tx) UseKey(ctx context.Context, id string, day law.Day) error {
	const q = `update api_key set used_day = $2 where key_id = $1`
	return t.put(ctx, Named("api_key.use", q), id, day.String())
}

// Key finds a machine's key by its id; false when there is none.
func (t *Tx) Key(ctx context.Context, id string) (KeyRow, bool, error) {
	const q = `select ` + keyColumns + ` from api_key where key_id = $1`
	k, err := One(ctx, t, Named("api_key.get", q), func(r *Row) (KeyRow, error) { return scanKey(r) }, id)
	if errs.KindOf(err) == errs.NotFound {
		return KeyRow{}, false, nil
	}
	return k, err == nil, err
}

// KeyNow finds a machine's key by its id, with the secret of before where that is good after an instant; false when there is none.
func (t *Tx) KeyNow(ctx context.Context, id string, afterUS int64) (k KeyRow, old OldKey, found bool, err error) {
	const q = `select k.key_id, k.hash, k.name, k.unit_id, k.role, k.grants, k.created_us, k.expires_us, k.revoked_us, k.used_day, k.per_minute, o.hash, coalesce(o.until_us, 0)
		from api_key k left join api_key_old o on o.key_id = k.key_id and o.until_us > $2 where k.key_id = $1`
	k, err = One(ctx, t, Named("api_key.now", q), func(r *Row) (KeyRow, error) { return scanKey(r, &old.Hash, &old.UntilUS) }, id, afterUS)
	if errs.KindOf(err) == errs.NotFound {
		return KeyRow{}, OldKey{}, false, nil
	}
	old.ID = k.ID
	return k, old, err == nil, err
}

// Keys returns the machines' keys, at most 500.
func (t *Tx) Keys(ctx context.Context) ([]KeyRow, error) {
	const q = `select ` + keyColumns + ` from api_key order by created_us desc limit 500`
	return Collect(ctx, t, Named("api_key.list", q), func(r *Row) (KeyRow, error) { return scanKey(r) })
}

// OldKey is the secret that a key had before its last rotation.
type OldKey struct {
	ID      string
	Hash    []byte
	UntilUS int64 // from then on it is void
}

func scanOldKey(r *Row) (OldKey, error) {
	var k OldKey
	err := r.Scan(&k.ID, &k.Hash, &k.UntilUS)
	return k, err
}

// SaveOldKey writes the secret that a key had before, in the place of an earlier one.
func (t *Tx) SaveOldKey(ctx context.Context, k OldKey) error {
	const q = `insert into api_key_old (key_id, hash, until_us) values ($1, $2, $3) on conflict (key_id) do update set hash = excluded.hash, until_us = excluded.until_us`
	_, err := t.Exec(ctx, Named("api_key_old.save", q), k.ID, k.Hash, k.UntilUS)
	return err
}

// OldKeys returns the secrets of before that are good after an instant, by the id of their key; of one key where id is given.
func (t *Tx) OldKeys(ctx context.Context, id string, afterUS int64) (map[string]OldKey, error) {
	const q = `select key_id, hash, until_us from api_key_old where until_us > $1 and (key_id = $2 or $2 = '') order by until_us desc limit 500`
	rows, err := Collect(ctx, t, Named("api_key_old.list", q), scanOldKey, afterUS, id)
	out := make(map[string]OldKey, len(rows))
	for _, k := range rows {
		out[k.ID] = k
	}
	return out, err
}
