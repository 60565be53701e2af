package store

import "context"

// TakeLease makes a process the holder of a lease until an instant, or keeps it so; false where another one has it still.
func (t *Tx) TakeLease(ctx context.Context, name, holder string, now, until int64) (bool, error) {
	const q = `insert into lease (name, holder, until_us) values ($1, $2, $3)
		on conflict (name) do update set holder = excluded.holder, until_us = excluded.until_us where lease.holder = excluded.holder or lease.until_us <= $4`
	n, err := t.Exec(ctx, Named("lease.take", q), name, holder, until, now)
	return n == 1, err
}

// EndLease gives a lease back, so that another process need not wait.
func (t *Tx) EndLease(ctx context.Context, name, holder string) error {
	const q = `delete from lease where name = $1 and holder = $2`
	_, err := t.Exec(ctx, Named("lease.end", q), name, holder)
	return err
}

// Shared says that other processes may be working on the same data.
func (s *Store) Shared() bool { return s.engine.shared() }

// Commits is a number that grows with every change of what belongs to a place, whichever process made it; it stays 0 where one process does all.
func (t *Tx) Commits(ctx context.Context) (int64, error) { return t.store.engine.commits(ctx, t) }
