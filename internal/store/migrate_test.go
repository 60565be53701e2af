package store

import (
	"io/fs"
	"os"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
)

// files makes a folder of migrations from pairs of name and text.
func files(pairs ...string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		fsys[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return fsys
}

// reopen opens a store in the folder with these migrations and closes it again.
func reopen(t *testing.T, dir string, migrations fstest.MapFS) error {
	t.Helper()
	s, err := Open(t.Context(), Options{Dir: dir, Migrations: migrations, Now: func() int64 { return 42 }})
	if err != nil {
		return err
	}
	return s.Close()
}

const (
	tableA = "create table a (id bigint primary key);\n"
	tableB = "create table b (id bigint primary key);\n"
)

func TestSQLiteSchema(t *testing.T) {
	for _, tt := range []struct {
		name, script string
		want         []string
	}{
		{
			"types", "create table a (x bigint, y boolean, z bytea, t text);",
			[]string{"create table a (x integer, y integer, z blob, t text) strict"},
		},
		{"capitals", "CREATE TABLE a (x BIGINT);", []string{"CREATE TABLE a (x integer) strict"}},
		{
			"parts of words", "create table a (bigint_x bigint, my_boolean text);",
			[]string{"create table a (bigint_x integer, my_boolean text) strict"},
		},
		{
			"literals and comments", "create table a (x text default 'bigint;'); -- a bigint;\ncreate index i on a (x);",
			[]string{"create table a (x text default 'bigint;') strict", " -- a bigint;\ncreate index i on a (x)"},
		},
		{"quoted names", `create table a ("bytea" bytea);`, []string{`create table a ("bytea" blob) strict`}},
		{
			"a comment in front", "-- create\n/* index */ create table a (x text);",
			[]string{"-- create\n/* index */ create table a (x text) strict"},
		},
		{
			"other statements", "alter table a add column y bigint; create index table_a on a (y);",
			[]string{"alter table a add column y integer", " create index table_a on a (y)"},
		},
		{"no semicolon", "create table a (x bigint)", []string{"create table a (x integer)"}},
		{"comments alone", "-- nothing;\n", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if d := cmp.Diff(tt.want, sqliteSchema(tt.script)); d != "" {
				t.Error(d)
			}
		})
	}
}

func FuzzSQLiteSchema(f *testing.F) {
	f.Add("create table a (x bigint default ';', y bytea); -- ;\ncreate index i on a (x);")
	f.Add("'")
	f.Add(";;")
	f.Fuzz(func(t *testing.T, script string) {
		for _, s := range sqliteSchema(script) {
			// what has been translated is in SQLite's words already
			if again := sqliteSchema(s); len(again) > 1 {
				t.Errorf("%q holds several statements: %q", s, again)
			}
		}
	})
}

func TestMigrateInSteps(t *testing.T) {
	dir := t.TempDir()
	one := files("0001_a.sql", tableA)
	two := files("0001_a.sql", tableA, "0002_b.sql", tableB,
		"0002_b.sqlite.sql", "create index only_here on b (id); create index and_here on b (id);",
		"0002_b.postgres.sql", "not for SQLite")
	for range 2 { // nothing to do the second time
		if err := reopen(t, dir, one); err != nil {
			t.Fatal(err)
		}
	}
	if err := reopen(t, dir, two); err != nil {
		t.Fatal(err)
	}
	s := openDir(t, dir, func(o *Options) { o.Migrations = two })
	if n := count(t, s, "select count(*) from sqlite_schema where name in ('a', 'b', 'only_here', 'and_here')"); n != 4 {
		t.Errorf("%d of 4 things were made", n)
	}
	if n := count(t, s, "select count(*) from migration where applied_us = 42 and name in ('a', 'b')"); n != 2 {
		t.Errorf("%d of 2 steps are recorded", n)
	}
	err := reopen(t, dir, one)
	wantError(t, err, errs.Conflict, "store.migration.newer")
}

func TestMigrationsThatAreRefused(t *testing.T) {
	for _, tt := range []struct {
		name   string
		before fstest.MapFS
		now    fstest.MapFS
		kind   errs.Kind
		code   string
	}{
		{"changed", files("0001_a.sql", tableA), files("0001_a.sql", tableA+" "), errs.Conflict, "store.migration.changed"},
		{
			"changed for this engine", files("0001_a.sql", tableA), files("0001_a.sql", tableA, "0001_a.sqlite.sql", "select 1"),
			errs.Conflict, "store.migration.changed",
		},
		{"gap", nil, files("0001_a.sql", tableA, "0003_b.sql", tableB), errs.Internal, "store.migration.gap"},
		{"starts late", nil, files("0002_a.sql", tableA), errs.Internal, "store.migration.gap"},
		{"number twice", nil, files("0001_a.sql", tableA, "0001_b.sql", tableB), errs.Internal, "store.migration.gap"},
		{"variant alone", nil, files("0001_a.sqlite.sql", tableA), errs.Internal, "store.migration.gap"},
		{"variant of another name", nil, files("0001_a.sql", tableA, "0001_b.sqlite.sql", tableB), errs.Internal, "store.migration.gap"},
		{"name", nil, files("1_a.sql", tableA), errs.Internal, "store.migration.name"},
		{"engine", nil, files("0001_a.sql", tableA, "0001_a.oracle.sql", ""), errs.Internal, "store.migration.name"},
		{"not common", nil, files("0001_a.sql", "create table a (x varchar(3));"), errs.Internal, "store.migration.failed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			if tt.before != nil {
				if err := reopen(t, dir, tt.before); err != nil {
					t.Fatal(err)
				}
			}
			wantError(t, reopen(t, dir, tt.now), tt.kind, tt.code)
		})
	}
}

func TestAFailedStepIsUndone(t *testing.T) {
	dir := t.TempDir()
	bad := files("0001_a.sql", tableA, "0002_b.sql", tableB+tableB)
	wantError(t, reopen(t, dir, bad), errs.Internal, "store.migration.failed")
	good := files("0001_a.sql", tableA, "0002_b.sql", tableB)
	if err := reopen(t, dir, good); err != nil {
		t.Errorf("the step cannot be run again: %v", err)
	}
}

// A matter of the schema before figures had facts is waiting to be counted after the upgrade.
func TestUpgradeOfMatters(t *testing.T) {
	dir, old := t.TempDir(), fstest.MapFS{}
	all := os.DirFS("migrations")
	names, err := fs.Glob(all, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if data, err := fs.ReadFile(all, name); err != nil {
			t.Fatal(err)
		} else if name < "0017" {
			old[name] = &fstest.MapFile{Data: data}
		}
	}
	ref := matter.Ref{Home: 330112, N: 20260000001}
	s := openDir(t, dir, func(o *Options) { o.Migrations = old })
	if err := s.Update(t.Context(), ref.Home, func(tx *Tx) error {
		return tx.SaveMatter(t.Context(), matter.Row{Ref: ref, Title: "路灯", State: matter.StateRegistered})
	}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = openDir(t, dir, func(o *Options) { o.Migrations = all })
	if err := s.Read(t.Context(), func(tx *Tx) error {
		rows, err := tx.FactsIn(t.Context(), FactsUnknown, 5)
		if len(rows) != 1 || rows[0].Ref != ref {
			t.Errorf("%+v", rows)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}
