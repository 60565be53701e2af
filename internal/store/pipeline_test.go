package store

import (
	"testing"

	"huiyin/internal/errs"
	"huiyin/internal/pgtest"
)

// TestPutWaitsForWhatIsAsked holds on both engines that what put carries out is there for the next statement and when the turn has ended, and that its failure undoes the turn.
func TestPutWaitsForWhatIsAsked(t *testing.T) {
	put, get := Named("test.put", "insert into counter (run, n) values ($1, $2)"), Named("test.get", "select n from counter where run in ($1...) order by run")
	drop := Named("test.drop", "delete from counter where run in ($1...)")
	body, bodies := Named("test.body", "insert into parent (home, id, name, body) values (1, $1, $3, $2)"), Named("test.bodies", "select count(*) from parent group by body")
	for _, database := range []string{"", pgtest.Database(t)} {
		s, err := Open(t.Context(), Options{Dir: t.TempDir(), Database: database, Migrations: schema(), Now: func() int64 { return 1 }})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		err = s.Update(t.Context(), 1, func(tx *Tx) error {
			for run := range 3 {
				if err := tx.put(t.Context(), put, run, 10*run); err != nil {
					return err
				}
			}
			if err := tx.put(t.Context(), drop, List([]int{0, 2})); err != nil {
				return err
			}
			if got, err := Collect(t.Context(), tx, get, Int64, List([]int{0, 1, 2})); err != nil || len(got) != 1 || got[0] != 10 {
				t.Errorf("%s: within the turn %v, %v", s.Engine(), got, err)
			}
			link := []byte("1")
			for id := range 2 {
				if err := tx.put(t.Context(), body, id, link, string(rune('a'+id))); err != nil {
					return err
				}
				link[0]++
			}
			if got, err := Collect(t.Context(), tx, bodies, Int64); err != nil || len(got) != 2 {
				t.Errorf("%s: what was given was kept as it changed afterwards: %v, %v", s.Engine(), got, err)
			}
			return tx.put(t.Context(), put, 5, 50)
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, ask := range []bool{false, true} {
			err = s.Update(t.Context(), 1, func(tx *Tx) error {
				if err := tx.put(t.Context(), put, 7, 70); err != nil {
					return err
				}
				err := tx.put(t.Context(), put, 5, 51)
				if ask {
					_, err = Collect(t.Context(), tx, get, Int64, List([]int{5}))
				}
				return err
			})
			wantError(t, err, errs.Conflict, "store.exists")
		}
		if n := count(t, s, "select count(*) from counter where run = 7"); n != 0 {
			t.Errorf("%s: %d rows of a turn that failed", s.Engine(), n)
		}
		wantError(t, s.Read(t.Context(), func(tx *Tx) error { return tx.put(t.Context(), put, 9, 9) }), errs.Internal, "store.read_only")
		if n := count(t, s, "select n from counter where run = 5"); n != 50 {
			t.Errorf("%s: the row holds %d", s.Engine(), n)
		}
	}
}
