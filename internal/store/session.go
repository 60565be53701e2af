package store

import (
	"context"
	"time"

	"huiyin/internal/errs"
)

// Sessions keeps signed-in sessions by the hash of their token.
type Sessions struct{ store *Store }

// Sessions returns the store's sessions.
func (s *Store) Sessions() Sessions { return Sessions{s} }

type sessionRow struct {
	data    []byte
	expires int64
}

// Find returns a session that has not expired.
func (s Sessions) Find(ctx context.Context, token []byte) ([]byte, bool, error) {
	const q = `select data, expires_us from session where token = $1`
	var found sessionRow
	err := s.store.Read(ctx, func(t *Tx) error {
		var err error
		found, err = One(ctx, t, Named("session.get", q), func(r *Row) (sessionRow, error) {
			var v sessionRow
			err := r.Scan(&v.data, &v.expires)
			return v, err
		}, token)
		return err
	})
	if errs.KindOf(err) == errs.NotFound || (err == nil && found.expires <= s.store.opt.Now()) {
		return nil, false, nil
	}
	return found.data, err == nil, err
}

// Commit writes a session.
func (s Sessions) Commit(ctx context.Context, token, data []byte, expiry time.Time) error {
	const q = `insert into session (token, data, expires_us) values ($1, $2, $3) on conflict (token) do update set data = excluded.data, expires_us = excluded.expires_us`
	return s.store.Update(ctx, 0, func(t *Tx) error {
		_, err := t.Exec(ctx, Named("session.save", q), token, data, expiry.UnixMicro())
		return err
	})
}

// Delete ends a session.
func (s Sessions) Delete(ctx context.Context, token []byte) error {
	const q = `delete from session where token = $1`
	return s.store.Update(ctx, 0, func(t *Tx) error {
		_, err := t.Exec(ctx, Named("session.delete", q), token)
		return err
	})
}

// Sweep removes expired sessions, drafts and idempotency records.
func (t *Tx) Sweep(ctx context.Context, nowUS, keepUS int64) error {
	const sessions = `delete from session where expires_us < $1`
	if _, err := t.Exec(ctx, Named("session.sweep", sessions), nowUS); err != nil {
		return err
	}
	const drafts = `delete from draft where expires_us < $1`
	if _, err := t.Exec(ctx, Named("draft.sweep", drafts), nowUS); err != nil {
		return err
	}
	const answers = `delete from idempotency where at_us < $1`
	_, err := t.Exec(ctx, Named("idempotency.sweep", answers), nowUS-keepUS)
	return err
}

// Draft is a form that somebody has begun, kept under the hash of a token only they have, encrypted.
type Draft struct {
	Home      int64
	Token     []byte
	Body      []byte
	SavedUS   int64
	ExpiresUS int64
}

// SaveDraft writes a draft.
func (t *Tx) SaveDraft(ctx context.Context, d Draft) error {
	const q = `insert into draft (home, token, body, saved_us, expires_us) values ($1, $2, $3, $4, $5)
		on conflict (home, token) do update set body = excluded.body, saved_us = excluded.saved_us, expires_us = excluded.expires_us`
	_, err := t.Exec(ctx, Named("draft.save", q), d.Home, d.Token, d.Body, d.SavedUS, d.ExpiresUS)
	return err
}

// Draft finds a draft that has not expired.
func (t *Tx) Draft(ctx context.Context, home int64, token []byte, nowUS int64) (Draft, error) {
	const q = `select home, token, body, saved_us, expires_us from draft where home = $1 and token = $2 and expires_us > $3`
	return One(ctx, t, Named("draft.get", q), func(r *Row) (Draft, error) {
		var d Draft
		err := r.Scan(&d.Home, &d.Token, &d.Body, &d.SavedUS, &d.ExpiresUS)
		return d, err
	}, home, token, nowUS)
}

// RemoveDraft removes a draft.
func (t *Tx) RemoveDraft(ctx context.Context, home int64, token []byte) error {
	const q = `delete from draft where home = $1 and token = $2`
	_, err := t.Exec(ctx, Named("draft.remove", q), home, token)
	return err
}

// Answered is a write that was carried out under an idempotency key.
type Answered struct {
	Home    int64
	KeyHash []byte
	Request []byte // hash of what was asked
	Answer  []byte
	AtUS    int64
}

// Answered finds what a key was answered; false when it is new.
func (t *Tx) Answered(ctx context.Context, home int64, key []byte) (Answered, bool, error) {
	const q = `select home, key_hash, request, answer, at_us from idempotency where home = $1 and key_hash = $2`
	a, err := One(ctx, t, Named("idempotency.get", q), func(r *Row) (Answered, error) {
		var v Answered
		err := r.Scan(&v.Home, &v.KeyHash, &v.Request, &v.Answer, &v.AtUS)
		return v, err
	}, home, key)
	if errs.KindOf(err) == errs.NotFound {
		return Answered{}, false, nil
	}
	return a, err == nil, err
}

// InsertAnswered records what a key was answered, in the transaction that carries it out.
func (t *Tx) InsertAnswered(ctx context.Context, a Answered) error {
	const q = `insert into idempotency (home, key_hash, request, answer, at_us) values ($1, $2, $3, $4, $5)`
	return t.put(ctx, Named("idempotency.insert", q), a.Home, a.KeyHash, a.Request, a.Answer, a.AtUS)
}
