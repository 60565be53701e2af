package store

import (
	"context"

	"huiyin/internal/org"
)

// NotKin says that two matters of a home are not of one kind, though they read alike: a person said so.
type NotKin struct {
	Home, A, B int64 // in any order
	AtUS       int64
	User       org.UserID
	Unit       org.UnitID
	Reason     string
}

// SaveNotKin keeps that two matters are not of one kind.
func (t *Tx) SaveNotKin(ctx context.Context, k NotKin) error {
	const q = `insert into not_kin (home, matter_id, other_id, at_us, user_id, unit_id, reason) values ($1, $2, $3, $4, $5, $6, $7)`
	_, err := t.Exec(ctx, Named("not_kin.save", q), k.Home, min(k.A, k.B), max(k.A, k.B), k.AtUS, int64(k.User), int64(k.Unit), k.Reason)
	return err
}

// RemoveNotKin takes it back.
func (t *Tx) RemoveNotKin(ctx context.Context, home, a, b int64) error {
	const q = `delete from not_kin where home = $1 and matter_id = $2 and other_id = $3`
	_, err := t.Exec(ctx, Named("not_kin.remove", q), home, min(a, b), max(a, b))
	return err
}

// NotKinOf returns what was said of a matter, A being that matter, at most limit.
func (t *Tx) NotKinOf(ctx context.Context, home, n int64, limit int) ([]NotKin, error) {
	q := notKinOf(home, n, limit)
	return Collect(ctx, t, q.stmt("not_kin.of"), func(r *Row) (NotKin, error) {
		k := NotKin{Home: home, A: n}
		err := r.Scan(&k.B, &k.AtUS, &k.User, &k.Unit, &k.Reason)
		return k, err
	}, q.args...)
}

// notKinOf reads both ways: a matter stands on either side of a pair.
func notKinOf(home, n int64, limit int) *query {
	q := newQuery(`select other_id, at_us, user_id, unit_id, reason from not_kin where home = `).arg(home).text(` and matter_id = `).arg(n)
	q.text(` union all select matter_id, at_us, user_id, unit_id, reason from not_kin where home = `).arg(home).text(` and other_id = `).arg(n)
	return q.text(` limit `).arg(limit)
}
