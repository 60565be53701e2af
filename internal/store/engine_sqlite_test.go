package store

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"huiyin/internal/errs"
)

func TestBackup(t *testing.T) {
	s := open(t)
	if err := write(t, s, "insert into counter (run, n) values (1, 10)"); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	path := filepath.Join(dir, fileName)
	var wg sync.WaitGroup
	wg.Go(func() { // a backup does not wait for writers, nor they for it
		for i := range 50 {
			if err := writeRun(t, s, i+2); err != nil {
				t.Error(err)
			}
		}
	})
	if err := s.Backup(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	wg.Wait()
	wantError(t, s.Backup(t.Context(), path), errs.Conflict, "store.backup_exists")
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != databaseMode {
		t.Errorf("the copy has mode %v", info.Mode())
	}
	restored := openDir(t, dir)
	if n := count(t, restored, "select n from counter where run = 1"); n != 10 {
		t.Errorf("the copy holds %d", n)
	}
	if err := restored.Check(t.Context()); err != nil {
		t.Error(err)
	}
	wantError(t, s.Backup(t.Context(), filepath.Join(dir, "nowhere", "x.db")), errs.Unavailable, "store.disk")
}

func TestTheDatabaseIsForThisUserAlone(t *testing.T) {
	s := openDir(t, filepath.Join(t.TempDir(), "a b?c#d%e", "数据"))
	if err := writeRun(t, s, 1); err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob(filepath.Join(s.opt.Dir, "*"))
	if err != nil || len(names) != 3 {
		t.Fatalf("files %q, %v", names, err)
	}
	for _, name := range names {
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != databaseMode {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
}

func TestCheckFindsDamage(t *testing.T) {
	t.Run("orphan", func(t *testing.T) {
		s := open(t)
		c, err := connect(t.Context(), s.engine, true)
		if err != nil {
			t.Fatal(err)
		}
		defer c.close()
		for _, sql := range []string{"pragma foreign_keys = off", "insert into child (home, id, parent, n) values (1, 1, 9, 1)"} {
			if _, err := c.sql.ExecContext(t.Context(), sql); err != nil {
				t.Fatal(err)
			}
		}
		wantError(t, s.Check(t.Context()), errs.Internal, "store.damaged")
	})
	t.Run("page", func(t *testing.T) {
		dir := t.TempDir()
		s := openDir(t, dir)
		for i := range 200 {
			if err := write(t, s, putParent, 1, i, string(rune('a'+i%26))+string(rune(i)), true, make([]byte, 500)); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, fileName)
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for i := len(data) / 2; i < len(data)/2+8192; i++ {
			data[i] ^= 0x5a
		}
		if err := os.WriteFile(path, data, databaseMode); err != nil {
			t.Fatal(err)
		}
		wantError(t, openDir(t, dir).Check(t.Context()), errs.Internal, "store.damaged")
	})
	t.Run("not a database", func(t *testing.T) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, fileName), make([]byte, 8192), databaseMode); err != nil {
			t.Fatal(err)
		}
		_, err := Open(t.Context(), Options{Dir: dir, Migrations: schema(), Now: func() int64 { return 1 }})
		wantError(t, err, errs.Internal, "store.damaged")
	})
}
