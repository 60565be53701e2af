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

// envEngine chooses the engine of the stores that [Open] opens: HUIYIN_TEST_ENGINE=postgres for PostgreSQL, citus for the cluster that HUIYIN_TEST_CITUS names.
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

// Citus makes a place for a test on the cluster that the environment names, with the schema in it and spread over the machines, and gives its address; without a cluster it says so.
func Citus(tb testing.TB, opt store.Options) (address string, ok bool) {
	tb.Helper()
	if opt.Database, ok = pgtest.Citus(tb); !ok {
		return "", false
	}
	s, err := store.Open(tb.Context(), opt)
	if err == nil {
		err = s.Close()
	}
	if err == nil {
		_, err = store.Distribute(tb.Context(), opt, nil)
	}
	if err != nil {
		tb.Fatal(err)
	}
	return opt.Database, true
}

// Open opens a store in a folder of the test's own, brings it to the last of the migrations and closes it when the
// test ends. It is the real one, durable commits and all; change may set what else a test needs. Where the environment asks for it, it lies in PostgreSQL.
func Open(tb testing.TB, migrations fs.FS, change ...func(*store.Options)) *store.Store {
	tb.Helper()
	opt := store.Options{Dir: tb.TempDir(), Migrations: migrations, Now: func() int64 { return Now }, Rehearse: true}
	switch os.Getenv(envEngine) {
	case "postgres":
		opt.Database = Postgres(tb, opt)
	case "citus":
		database, ok := Citus(tb, opt)
		if !ok {
			tb.Fatal("no cluster is named")
		}
		opt.Database = database
	}
	for _, c := range change {
		c(&opt)
	}
	if opt.Database == "" {
		if err := migrated(opt); err != nil {
			tb.Fatal(err)
		}
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
