package demo_test

import (
	"crypto/rand"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"huiyin/internal/demo"
	"huiyin/internal/law"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/storetest"
	"huiyin/internal/usecase"
	"huiyin/internal/vault"
)

// TestCopyBetweenEngines: a county moves from SQLite to PostgreSQL and back, and nothing is lost or otherwise on the way.
func TestCopyBetweenEngines(t *testing.T) {
	t.Parallel()
	day := law.NewDay(2026, 3, 2)
	keys, err := vault.Generate(rand.Reader)
	check(t, err)
	folder := t.TempDir()
	migrations, err := store.Migrations()
	check(t, err)
	on := func(database string) *store.Store {
		t.Helper()
		return storetest.Open(t, migrations, func(o *store.Options) { o.Database, o.Rehearse = database, false })
	}
	small := on("")
	o := officeKeyed(t, small, day, keys, folder)
	_, err = demo.Seed(t.Context(), o)
	check(t, err)
	sequenced(t, o)

	large := on(storetest.Postgres(t, store.Options{Dir: t.TempDir(), Migrations: migrations, Now: func() int64 { return storetest.Now }}))
	there := copied(t, small, large)
	if there.Rows < 500 || there.Added+there.Changed == 0 {
		t.Fatalf("copied: %+v", there)
	}
	same := func(a, b *store.Store) {
		t.Helper()
		if again, err := a.Copy(t.Context(), b, true, nil); err != nil || again.Differs() || again.Rows < there.Rows {
			t.Errorf("a second look: %+v, %v", again, err)
		}
	}
	same(small, large)

	t.Run("what was broken off or changed is put right", func(t *testing.T) {
		check(t, large.Update(t.Context(), 0, func(tx *store.Tx) error {
			for _, spoil := range []store.Stmt{
				store.Named("test.gone", `delete from event where seq = 1`),
				store.Named("test.changed", `update matter set title = 'x', sealed = not sealed where matter_id < 20260000005`),
				store.Named("test.extra", `insert into setting (name, value) values ('zzz', 'y')`),
			} {
				if _, err := tx.Exec(t.Context(), spoil); err != nil {
					return err
				}
			}
			return nil
		}))
		found, err := small.Copy(t.Context(), large, true, nil)
		if err != nil || found.Added == 0 || found.Changed == 0 || found.Removed != 1 {
			t.Errorf("found: %+v, %v", found, err)
		}
		if mended := copied(t, small, large); mended != found {
			t.Errorf("mended %+v, found %+v", mended, found)
		}
		same(small, large)
	})

	moved := officeKeyed(t, large, day, keys, folder)
	if diff := cmp.Diff(wanted(t), matters(t, moved)); diff != "" {
		t.Error(diff)
	}
	system := org.Actor{Kind: org.ActorSystem}
	_, err = moved.Rebuild(t.Context(), system, usecase.RebuildOptions{Fix: true})
	check(t, err)
	if left, err := moved.Rebuild(t.Context(), system, usecase.RebuildOptions{}); err != nil || len(left.Differences) != 0 {
		t.Errorf("rebuilt: %+v, %v", left, err)
	}
	if v, err := moved.Verify(t.Context(), system, usecase.VerifyOptions{Files: true}); err != nil || !v.Sound() || v.Events == 0 {
		t.Errorf("verified: %+v, %v", v, err)
	}

	back := on("")
	copied(t, large, back)
	same(large, back)
	file := filepath.Join(t.TempDir(), "huiyin.db")
	check(t, large.Backup(t.Context(), file))
	same(large, storetest.Open(t, migrations, func(o *store.Options) { o.Database, o.Dir, o.Rehearse = "", filepath.Dir(file), false }))
}

// sequenced gives every leaf its place in the log.
func sequenced(t *testing.T, o *usecase.Office) {
	t.Helper()
	for {
		n, err := o.Sequence(t.Context())
		check(t, err)
		if n == 0 {
			return
		}
	}
}

func copied(t *testing.T, from, to *store.Store) store.Copied {
	t.Helper()
	done, err := from.Copy(t.Context(), to, false, nil)
	check(t, err)
	return done
}
