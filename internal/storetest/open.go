// Package storetest opens stores for tests.
package storetest

import (
	"context"
	"io/fs"
	"os"
	"testing"

	"huiyin/internal/pgtest"
	"huiyin/internal/store"
)

// Now is the instant at which a test's store works: 2025-09-26 00:00 in Shanghai, in microseconds UTC.
const Now int64 = 1_758_816_000_000_000

// envEngine chooses the engine of the stores that [Open] opens: HUIYIN_TEST_ENGINE=postgres for PostgreSQL.
const envEngine = "HUIYIN_TEST_ENGINE"

// Postgres makes a database with the released schema for a test and gives its address.
func Postgres(tb testing.TB, opt store.Options) string {
	tb.Helper()
	if _, err := fs.Stat(opt.Migrations, "0002_matter.sql"); err != nil {
		return pgtest.Database(tb) // a schema of the test's own
	}
	return pgtest.Filled(tb, "released", func(address string) error {
		opt.Database = address
		s, err := store.Open(context.WithoutCancel(tb.Context()), opt)
		if err != nil {
			return err
		}
		return s.Close()
	})
}

// Open opens a store in a folder of the test's own, brings it to the last of the migrations and closes it when the
// test ends. It is the real one, durable commits and all; change may set what else a test needs. Where the environment asks for it, it lies in PostgreSQL.
func Open(tb testing.TB, migrations fs.FS, change ...func(*store.Options)) *store.Store {
	tb.Helper()
	opt := store.Options{Dir: tb.TempDir(), Migrations: migrations, Now: func() int64 { return Now }, Rehearse: true}
	if os.Getenv(envEngine) == "postgres" {
		opt.Database = Postgres(tb, opt)
	}
	for _, c := range change {
		c(&opt)
	}
	s, err := store.Open(tb.Context(), opt)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	return s
}
