// Package storetest opens stores for tests.
package storetest

import (
	"io/fs"
	"testing"

	"huiyin/internal/store"
)

// Now is the instant at which a test's store works: 2025-09-26 00:00 in Shanghai, in microseconds UTC.
const Now int64 = 1_758_816_000_000_000

// Open opens a store in a folder of the test's own, brings it to the last of the migrations and closes it when the
// test ends. It is the real one, durable commits and all; change may set what else a test needs.
func Open(tb testing.TB, migrations fs.FS, change ...func(*store.Options)) *store.Store {
	tb.Helper()
	opt := store.Options{Dir: tb.TempDir(), Migrations: migrations, Now: func() int64 { return Now }, Rehearse: true}
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
