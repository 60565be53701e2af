package store

import (
	"testing"

	"huiyin/internal/errs"
)

// When the disk is full a write says so, reads go on, and once there is room writes go on without any repair.
func TestFullDisk(t *testing.T) {
	s := open(t)
	if err := write(t, s, putParent, 1, 1, "before", true, nil); err != nil {
		t.Fatal(err)
	}
	err := s.Update(t.Context(), 1, func(tx *Tx) error {
		if _, err := tx.conn.sql.ExecContext(t.Context(), "pragma max_page_count = 1"); err != nil { // as many as there are
			return err
		}
		_, err := tx.Exec(t.Context(), Named("test.exec", putParent), 1, 2, "lost", true, make([]byte, 1<<20))
		return err
	})
	wantError(t, err, errs.Unavailable, "store.disk_full")
	if n := count(t, s, "select count(*) from parent"); n != 1 {
		t.Errorf("%d rows are read", n)
	}
	err = s.Update(t.Context(), 1, func(tx *Tx) error {
		_, err := tx.conn.sql.ExecContext(t.Context(), "pragma max_page_count = 1073741823")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := write(t, s, putParent, 1, 3, "after", true, make([]byte, 1<<20)); err != nil {
		t.Error(err)
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
}
