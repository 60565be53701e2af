package storetest_test

import (
	"testing"

	"huiyin/internal/store"
	"huiyin/internal/storetest"
)

// TestSQLite runs the contract on SQLite.
func TestSQLite(t *testing.T) {
	storetest.Contract(t, func(tb testing.TB) *store.Store {
		tb.Helper()
		migrations, err := store.Migrations()
		if err != nil {
			tb.Fatal(err)
		}
		return storetest.Open(tb, migrations)
	})
}
