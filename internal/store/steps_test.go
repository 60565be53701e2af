package store_test

import (
	"testing"
	"testing/fstest"

	"huiyin/internal/pgtest"
	"huiyin/internal/store"
)

// How far a schema is can be asked without bringing it further, on each engine.
func TestSteps(t *testing.T) {
	for name, opt := range map[string]store.Options{"sqlite": {Dir: t.TempDir()}, "postgres": {Database: pgtest.Database(t)}} {
		opt.Now = func() int64 { return 42 }
		look := func(want, of int64) {
			t.Helper()
			if taken, known, err := store.Steps(t.Context(), opt); err != nil || taken != want || known != of {
				t.Errorf("%s: %d of %d, %v, want %d of %d", name, taken, known, err, want, of)
			}
		}
		steps := fstest.MapFS{"0001_a.sql": {Data: []byte("create table a (id bigint primary key);\n")}}
		opt.Migrations = steps
		look(0, 1)
		s, err := store.Open(t.Context(), opt)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		look(1, 1)
		steps["0002_b.sql"] = &fstest.MapFile{Data: []byte("create table b (id bigint primary key);\n")}
		for range 2 {
			look(1, 2)
		}
	}
}
