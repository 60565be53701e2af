package store

import (
	"errors"
	"io/fs"
	"testing"
	"testing/fstest"

	"huiyin/internal/errs"
)

// schema is a small one that has a violation of each kind in it.
func schema() fs.FS {
	return fstest.MapFS{
		"0001_base.sql": {Data: []byte(`
-- a table of a home; "bigint" in a comment stays; so does this one;
create table parent (
	home bigint not null,
	id bigint not null,
	name text not null default 'a; bigint',
	open boolean not null default true,
	body bytea,
	primary key (home, id)
);
create unique index parent_name on parent (home, name);
create table child (
	home bigint not null,
	id bigint not null,
	parent bigint not null,
	n bigint not null check (n > 0),
	primary key (home, id),
	foreign key (home, parent) references parent (home, id)
);
create table counter (run bigint primary key, n bigint not null);
create table entry (run bigint not null, who bigint not null, turn bigint not null, part bigint not null,
	place bigint not null, primary key (run, who, turn, part));
`)},
		"0002_search.sql": {Data: []byte("-- the search index is made by each engine in its own way\n")},
		"0002_search.sqlite.sql": {Data: []byte(
			"create virtual table matter_fts using fts5 (home, body, content='', contentless_delete=1, tokenize='ascii');\n" +
				"create table late (id bigint primary key, parent bigint references late (id) deferrable initially deferred);\n")},
	}
}

// open opens a store of the test's own.
func open(tb testing.TB, change ...func(*Options)) *Store {
	tb.Helper()
	return openDir(tb, tb.TempDir(), change...)
}

func openDir(tb testing.TB, dir string, change ...func(*Options)) *Store {
	tb.Helper()
	opt := Options{Dir: dir, Migrations: schema(), Now: func() int64 { return 1 }}
	for _, f := range change {
		f(&opt)
	}
	s, err := Open(tb.Context(), opt)
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

// write runs one statement in a transaction of its own.
func write(tb testing.TB, s *Store, sql string, args ...any) error {
	tb.Helper()
	return s.Update(tb.Context(), 1, func(tx *Tx) error {
		_, err := tx.Exec(tb.Context(), Named("test.exec", literal(sql)), args...)
		return err
	})
}

// count returns the number that a query gives.
func count(tb testing.TB, s *Store, sql string, args ...any) int64 {
	tb.Helper()
	var n int64
	err := s.Read(tb.Context(), func(tx *Tx) (err error) {
		n, err = One(tb.Context(), tx, Named("test.count", literal(sql)), Int64, args...)
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	return n
}

// wantError fails the test unless err is of the kind and has the code.
func wantError(tb testing.TB, err error, kind errs.Kind, code string) {
	tb.Helper()
	if _, ours := errors.AsType[*errs.Error](err); !ours || errs.KindOf(err) != kind || errs.CodeOf(err) != code {
		tb.Errorf("got %v (kind %d), want %s (kind %d)", err, errs.KindOf(err), code, kind)
	}
}
