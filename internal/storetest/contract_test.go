package storetest_test

import (
	"testing"

	"huiyin/internal/pgtest"
	"huiyin/internal/store"
	"huiyin/internal/storetest"
)

// TestSQLite runs the contract on SQLite, also where a search looks at so few matters at a time that it stops long before a page is full.
func TestSQLite(t *testing.T) {
	contract(t, func(_ testing.TB, o *store.Options) { o.Database = "" })
}

// TestPostgres runs it on PostgreSQL.
func TestPostgres(t *testing.T) {
	contract(t, func(tb testing.TB, o *store.Options) {
		tb.Helper()
		o.Database = storetest.Postgres(tb, *o)
	})
}

// TestCitus runs it on the cluster that the environment names, and says so where there is none: a cluster is nothing that every machine has.
func TestCitus(t *testing.T) {
	if _, ok := pgtest.Citus(t); !ok {
		t.Log("the contract ran on sqlite and postgres; HUIYIN_TEST_CITUS names no cluster to run it on, too")
		return
	}
	t.Log("the contract runs on sqlite, postgres and citus")
	contract(t, func(tb testing.TB, o *store.Options) {
		tb.Helper()
		o.Database, _ = storetest.Citus(tb, *o)
	})
}

func contract(t *testing.T, on func(testing.TB, *store.Options)) {
	t.Helper()
	for name, look := range map[string]int{"far": 0, "near": 40} {
		t.Run(name, func(t *testing.T) {
			storetest.Contract(t, func(tb testing.TB) *store.Store {
				tb.Helper()
				migrations, err := store.Migrations()
				if err != nil {
					tb.Fatal(err)
				}
				return storetest.Open(tb, migrations, func(o *store.Options) {
					o.Look = look
					on(tb, o)
				})
			})
		})
	}
}
