package storetest_test

import (
	"testing"
	"testing/fstest"

	"huiyin/internal/store"
	"huiyin/internal/storetest"
)

func TestOpenGivesEachItsOwn(t *testing.T) {
	migrations := fstest.MapFS{"0001_a.sql": {Data: []byte("create table a (home bigint not null, id bigint not null, primary key (home, id));\n")}}
	for range 2 { // the second would meet the row of the first
		s := storetest.Open(t, migrations)
		err := s.Update(t.Context(), 7, func(tx *store.Tx) error {
			n, err := tx.Exec(t.Context(), store.Named("test.put", "insert into a (home, id) values ($1, $2)"), tx.Home(), 1)
			if n != 1 {
				t.Errorf("%d rows", n)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}
