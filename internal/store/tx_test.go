package store

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"huiyin/internal/errs"
)

const putParent = "insert into parent (home, id, name, open, body) values ($1, $2, $3, $4, $5)"

func TestValuesComeBack(t *testing.T) {
	s := open(t)
	type row struct {
		Home, ID int64
		Name     string
		Open     bool
		Body     []byte
	}
	want := []row{{1, 1 << 62, "噪音’扰民", true, []byte{0, 1, 255}}, {1, -5, "", false, nil}}
	for _, r := range want {
		if err := write(t, s, putParent, r.Home, r.ID, r.Name, r.Open, r.Body); err != nil {
			t.Fatal(err)
		}
	}
	err := s.Read(t.Context(), func(tx *Tx) error {
		got, err := Collect(t.Context(), tx,
			Named("test.all", "select home, id, name, open, body from parent order by id desc"),
			func(r *Row) (v row, err error) { return v, r.Scan(&v.Home, &v.ID, &v.Name, &v.Open, &v.Body) })
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestOne(t *testing.T) {
	s := open(t)
	get := Named("test.get", "select n from counter where run = $1")
	if err := write(t, s, "insert into counter (run, n) values (1, 10)"); err != nil {
		t.Fatal(err)
	}
	err := s.Read(t.Context(), func(tx *Tx) error {
		if n, err := One(t.Context(), tx, get, Int64, 1); n != 10 || err != nil {
			t.Errorf("got %d, %v", n, err)
		}
		_, err := One(t.Context(), tx, get, Int64, 2)
		wantError(t, err, errs.NotFound, "store.not_found")
		if n, err := One(t.Context(), tx, get, Int64, 1); n != 10 || err != nil {
			t.Errorf("nothing found is no failure of the transaction: %d, %v", n, err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestReadSeesOneState(t *testing.T) {
	s := open(t)
	n := Named("test.n", "select count(*) from counter")
	err := s.Read(t.Context(), func(tx *Tx) error {
		before, err := One(t.Context(), tx, n, Int64)
		if err != nil {
			return err
		}
		if err := write(t, s, "insert into counter (run, n) values (1, 1)"); err != nil {
			return err
		}
		after, err := One(t.Context(), tx, n, Int64)
		if before != 0 || after != 0 {
			t.Errorf("a reader saw %d rows and then %d", before, after)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := count(t, s, "select count(*) from counter"); got != 1 {
		t.Errorf("the next reader sees %d rows", got)
	}
}

func TestAGlanceIsOneStatement(t *testing.T) {
	s := open(t)
	if err := write(t, s, "insert into counter (run, n) values (1, 7)"); err != nil {
		t.Fatal(err)
	}
	get := Named("test.n", "select n from counter")
	err := s.Glance(t.Context(), func(tx *Tx) error {
		n, err := One(t.Context(), tx, get, Int64)
		if n != 7 {
			t.Errorf("it saw %d", n)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	err = s.Glance(t.Context(), func(tx *Tx) error {
		_, err := tx.Exec(t.Context(), Named("test.put", "insert into counter (run, n) values (2, 1)"))
		return err
	})
	wantError(t, err, errs.Internal, "store.read_only")
	err = s.Glance(t.Context(), func(tx *Tx) error {
		_, first := One(t.Context(), tx, get, Int64)
		_, second := One(t.Context(), tx, get, Int64)
		return errors.Join(first, second)
	})
	wantError(t, err, errs.Internal, "store.ended")
	if err := s.Read(t.Context(), func(tx *Tx) error { _, err := One(t.Context(), tx, get, Int64); return err }); err != nil {
		t.Errorf("whoever reads next: %v", err)
	}
}

func TestReadersRunWhileAWriterWorks(t *testing.T) {
	s := open(t)
	err := s.Update(t.Context(), 1, func(tx *Tx) error {
		if _, err := tx.Exec(t.Context(), Named("test.put", "insert into counter (run, n) values (1, 1)")); err != nil {
			return err
		}
		if got := count(t, s, "select count(*) from counter"); got != 0 {
			t.Errorf("a reader sees %d rows that are not committed", got)
		}
		n, err := One(t.Context(), tx, Named("test.n", "select count(*) from counter"), Int64)
		if n != 1 {
			t.Errorf("the writer sees %d of its own rows", n)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestReadersCannotWrite(t *testing.T) {
	s := open(t)
	err := s.Read(t.Context(), func(tx *Tx) error {
		_, err := tx.Exec(t.Context(), Named("test.put", "insert into counter (run, n) values (1, 1)"))
		return err
	})
	wantError(t, err, errs.Internal, "store.read_only")
}

func TestAfterAFailureNothingRuns(t *testing.T) {
	s := open(t)
	put := Named("test.put", "insert into counter (run, n) values ($1, 1)")
	err := s.Update(t.Context(), 1, func(tx *Tx) error {
		if _, err := tx.Exec(t.Context(), put, 1); err != nil {
			return err
		}
		_, first := tx.Exec(t.Context(), put, 1)
		wantError(t, first, errs.Conflict, "store.exists")
		if _, err := tx.Exec(t.Context(), put, 2); !errors.Is(err, first) {
			t.Errorf("a statement ran after a failure: %v", err)
		}
		if _, err := One(t.Context(), tx, Named("test.n", "select 1"), Int64); !errors.Is(err, first) {
			t.Errorf("a query ran after a failure: %v", err)
		}
		return nil // swallowed, but not forgotten
	})
	wantError(t, err, errs.Conflict, "store.exists")
	if got := count(t, s, "select count(*) from counter"); got != 0 {
		t.Errorf("%d rows are left", got)
	}
}

func TestATransactionEndsWithItsClosure(t *testing.T) {
	s := open(t)
	var kept *Tx
	for name, run := range map[string]func() error{
		"read":   func() error { return s.Read(t.Context(), func(tx *Tx) error { kept = tx; return nil }) },
		"update": func() error { return s.Update(t.Context(), 1, func(tx *Tx) error { kept = tx; return nil }) },
	} {
		if err := run(); err != nil {
			t.Fatal(err)
		}
		_, err := kept.Exec(t.Context(), Named("test.put", "insert into counter (run, n) values (1, 1)"))
		if errs.CodeOf(err) != "store.ended" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestScanMayNotUseTheTransaction(t *testing.T) {
	s := open(t)
	one := Named("test.one", "select 1")
	err := s.Read(t.Context(), func(tx *Tx) error {
		_, err := Collect(t.Context(), tx, one, func(*Row) (int64, error) { return One(t.Context(), tx, one, Int64) })
		return err
	})
	wantError(t, err, errs.Internal, "store.nested")
}

func TestScanErrors(t *testing.T) {
	s := open(t)
	stop := errors.New("enough")
	err := s.Read(t.Context(), func(tx *Tx) error {
		_, err := Collect(t.Context(), tx, Named("test.text", "select 'a'"), Int64)
		wantError(t, err, errs.Internal, "store.scan")
		_, err = Collect(t.Context(), tx, Named("test.two", "select 1 union all select 2"),
			func(*Row) (int64, error) { return 0, stop })
		if !errors.Is(err, stop) {
			t.Errorf("got %v", err)
		}
		_, err = One(t.Context(), tx, Named("test.one", "select 1"), Int64)
		return err
	})
	if err != nil {
		t.Errorf("the transaction cannot go on: %v", err)
	}
}

// endless runs until it is interrupted.
const endless = "with recursive n (i) as (select 1 union all select i + 1 from n) select max(i) from n"

func TestAReaderCanBeInterrupted(t *testing.T) {
	s := open(t, func(o *Options) { o.Readers = 1 })
	for range 3 {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		err := s.Read(ctx, func(tx *Tx) error {
			_, err := One(ctx, tx, Named("test.endless", endless), Int64)
			return err
		})
		cancel()
		wantError(t, err, errs.Unavailable, "store.cancelled")
	}
	if got := count(t, s, "select 7"); got != 7 {
		t.Errorf("the only reader gives %d", got)
	}
}

func TestReadWaitsForAReaderNoLongerThanItsContext(t *testing.T) {
	s := open(t, func(o *Options) { o.Readers = 1 })
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	err := s.Read(t.Context(), func(*Tx) error {
		return s.Read(ctx, func(*Tx) error { t.Error("there is no second reader"); return nil })
	})
	wantError(t, err, errs.Unavailable, "store.cancelled")
}

func TestPanicsInARead(t *testing.T) {
	s := open(t, func(o *Options) { o.Readers = 1 })
	wantError(t, s.Read(t.Context(), func(*Tx) error { panic("oh") }), errs.Internal, "store.panic")
	if got := count(t, s, "select 7"); got != 7 {
		t.Errorf("the only reader gives %d", got)
	}
}

func TestManyStatementsDoNotPileUp(t *testing.T) {
	s := open(t, func(o *Options) { o.Readers = 1 })
	for i := range maxStatements + 10 {
		if got := count(t, s, "select 7 -- "+strings.Repeat("x", i)); got != 7 {
			t.Fatalf("got %d", got)
		}
	}
	c := <-s.readers
	if n := len(c.prepared); n > maxStatements {
		t.Errorf("%d statements are kept", n)
	}
	s.readers <- c
}

func TestSlowStatementsAreLogged(t *testing.T) {
	var log strings.Builder
	var now atomic.Int64
	s := open(t, func(o *Options) {
		o.Log = slog.New(slog.NewTextHandler(&log, nil))
		o.Now = func() int64 { return now.Add(300_000) }
	})
	if err := write(t, s, "insert into counter (run, n) values ($1, 1)", 987654321); err != nil {
		t.Fatal(err)
	}
	if got := log.String(); !strings.Contains(got, "statement=test.exec") || strings.Contains(got, "987654321") {
		t.Errorf("log: %s", got)
	}
}

func TestClose(t *testing.T) {
	s := open(t)
	inside, goOn := make(chan struct{}), make(chan struct{})
	results := make(chan error, 2)
	go func() {
		results <- s.Update(t.Context(), 1, func(tx *Tx) error {
			close(inside)
			<-goOn
			_, err := tx.Exec(t.Context(), Named("test.put", "insert into counter (run, n) values (1, 1)"))
			return err
		})
	}()
	<-inside
	go func() { results <- write(t, s, "insert into counter (run, n) values (2, 1)") }()
	waitQueued(s, 1)
	closing := make(chan error)
	go func() { closing <- s.Close() }()
	<-s.closed
	wantError(t, s.Read(t.Context(), func(*Tx) error { return nil }), errs.Unavailable, "store.closed")
	close(goOn)
	if err := errors.Join(<-results, <-results, <-closing, s.Close()); err != nil {
		t.Errorf("what had been accepted must finish: %v", err)
	}
	wantError(t, s.Update(t.Context(), 1, func(*Tx) error { return nil }), errs.Unavailable, "store.closed")
	again := openDir(t, s.opt.Dir)
	if got := count(t, again, "select count(*) from counter"); got != 2 {
		t.Errorf("%d rows after reopening", got)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	_, err := Open(t.Context(), Options{Dir: t.TempDir()})
	wantError(t, err, errs.Internal, "store.options")
}

func TestPragmasAreWhatIsAskedFor(t *testing.T) {
	s := open(t)
	c := <-s.readers
	defer func() { s.readers <- c }()
	if err := checkPragmas(t.Context(), c.sql, true); err != nil {
		t.Error(err)
	}
	names := make([]string, 0, 9)
	for _, p := range pragmas(true) {
		names = append(names, p.name)
	}
	if i := slices.Index(names, "busy_timeout"); i != 0 {
		t.Errorf("busy_timeout comes at %d", i)
	}
	if _, err := c.sql.ExecContext(t.Context(), "pragma synchronous = off"); err != nil {
		t.Fatal(err)
	}
	wantError(t, checkPragmas(t.Context(), c.sql, true), errs.Unavailable, "store.pragma")
	if _, err := c.sql.ExecContext(t.Context(), "pragma synchronous = full"); err != nil {
		t.Fatal(err)
	}
}
