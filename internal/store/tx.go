package store

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"log/slog"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"huiyin/internal/errs"
)

// Options says how to open a store.
type Options struct {
	// Dir is the data folder; it is made if it is missing. The database is the file huiyin.db in it.
	Dir string
	// Migrations has the numbered files at its root. Required.
	Migrations fs.FS
	// Now gives the instant in microseconds UTC: for the record of migrations and for timing statements. Required.
	Now func() int64
	// Log receives slow statements and failures; nil discards them.
	Log *slog.Logger
	// Slow is how long a statement may take before it is logged; 0 means 200 ms.
	Slow time.Duration
	// Observe, if set, is told of each statement and of the transaction's own ("tx.commit"). It must be fast and safe
	// for concurrent use.
	Observe func(statement string, took time.Duration, failed bool)
	// Trace, if set, is given each statement that changes data, with its arguments, and "commit" after each commit. Arguments hold what people
	// wrote: it is for measuring with invented data.
	Trace func(sql string, args []any)
	// Readers is the number of reading connections; 0 means 2 to 4, by the number of processors.
	Readers int
	// MaxBatch is the greatest number of closures in one shared commit; 0 means 128.
	MaxBatch int
}

// Store is an open database. It is safe for concurrent use.
type Store struct {
	opt     Options
	path    string
	db      *sql.DB // opens connections that may write
	queries *sql.DB // opens connections that may not

	writer  *writer
	readers chan *conn // idle reading connections
	closed  chan struct{}
	once    sync.Once
}

// Read runs fn in a read transaction: all its queries see the one state that was committed when the first of them
// ran, whatever is written meanwhile.
func (s *Store) Read(ctx context.Context, fn func(*Tx) error) error {
	select {
	case <-s.closed:
		return errClosed()
	default:
	}
	var c *conn
	select {
	case c = <-s.readers:
	case <-s.closed:
		return errClosed()
	case <-ctx.Done():
		return translate(ctx.Err())
	}
	// fn may panic or end the goroutine: the connection goes back in any case
	defer func() { s.readers <- c }()
	calm := context.WithoutCancel(ctx)
	if c.sql == nil {
		fresh, err := connect(calm, s.queries)
		if err != nil {
			return err
		}
		c.replace(fresh)
	}
	if err := c.run(calm, Named("tx.read", "begin")); err != nil {
		c.close()
		return err
	}
	defer func() {
		if err := c.run(calm, Named("tx.end", "rollback")); err != nil {
			s.opt.Log.LogAttrs(calm, slog.LevelWarn, "reading connection replaced", slog.Any("err", err))
			c.close()
		}
	}()
	return s.call(ctx, &Tx{store: s, conn: c}, fn)
}

// Update runs fn in a write transaction of a home (0 for what belongs to no place, such as users and rules) and
// returns once its changes are durable, or with the error that undid them.
//
// fn may run again after a conflict, so it uses only its transaction and values, and sets what it hands out rather
// than adding to it. It runs on the caller's goroutine but in turn with other callers: it must be short and must not
// wait for anything. It must not call Update, which would wait for itself until ctx ends. A ctx that ends before
// fn's turn means that fn never runs.
func (s *Store) Update(ctx context.Context, home int64, fn func(*Tx) error) error {
	r := &request{
		home:    home,
		expired: ctx.Err,
		turn:    make(chan *Tx, 1),
		done:    make(chan error, 1),
		answer:  make(chan error, 1),
	}
	if !s.writer.submit(r) {
		return errClosed()
	}
	leave := ctx.Done()
	for {
		select {
		case tx := <-r.turn:
			s.perform(ctx, r, tx, fn)
		case err := <-r.answer:
			return err
		case <-leave:
			if s.writer.withdraw(r) {
				return translate(ctx.Err())
			}
			leave = nil // its turn has come: too late to leave
		}
	}
}

// perform runs fn in its turn and tells the writer how it ended, even if fn ends the goroutine (as a failing test
// does inside a closure).
func (s *Store) perform(ctx context.Context, r *request, tx *Tx, fn func(*Tx) error) {
	var err error = errs.E(errs.Internal, "store.panic")
	defer func() { r.done <- err }()
	err = s.call(ctx, tx, fn)
}

// call runs fn, turns its panic into an error, and ends the transaction for fn.
func (s *Store) call(ctx context.Context, tx *Tx, fn func(*Tx) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			cause := fmt.Errorf("panic: %v", p)
			s.opt.Log.LogAttrs(context.WithoutCancel(ctx), slog.LevelError, "panic in a transaction",
				slog.Any("err", cause), slog.String("stack", string(debug.Stack())))
			err = errs.E(errs.Internal, "store.panic").Because(cause)
		}
		if err == nil {
			err = tx.failed
		}
		tx.failed = errs.E(errs.Internal, "store.ended")
	}()
	return fn(tx)
}

// observe reports a statement that began at the instant start.
func (s *Store) observe(ctx context.Context, name string, start int64, err error) {
	took := time.Duration(s.opt.Now()-start) * time.Microsecond
	if s.opt.Observe != nil {
		s.opt.Observe(name, took, err != nil)
	}
	if took >= s.opt.Slow {
		s.opt.Log.LogAttrs(ctx, slog.LevelWarn, "slow statement",
			slog.String("statement", name), slog.Duration("took", took))
	}
}

func errClosed() error { return errs.E(errs.Unavailable, "store.closed") }

// Tx is a transaction, for one goroutine. It ends with the closure it was given to.
type Tx struct {
	store   *Store
	conn    *conn
	home    int64
	writing bool
	reading bool  // a cursor is open
	failed  error // the first error of a statement: no other is carried out
	late    []late
}

// late is a statement that waits for the end of a shared transaction, with the row it is about.
type late struct {
	row  int64
	stmt Stmt
	args []any
}

// Home returns the home the transaction writes to, 0 in a read transaction.
func (t *Tx) Home() int64 { return t.home }

// Exec carries out a statement that returns no rows and returns the number of rows it changed.
func (t *Tx) Exec(ctx context.Context, st Stmt, args ...any) (int64, error) {
	var n int64
	err := t.statement(ctx, st, func(ctx context.Context) error {
		t.trace(st, args)
		var err error
		n, err = t.conn.exec(ctx, st, args)
		return err
	})
	return n, err
}

// trace tells of a statement that changes data.
func (t *Tx) trace(st Stmt, args []any) {
	if t.writing && t.store.opt.Trace != nil && !strings.HasPrefix(st.sql, "select") {
		t.store.opt.Trace(st.sql, args)
	}
}

// atEnd leaves a statement to the end of the shared transaction, behind the turns of all its callers; should it fail, none of them is kept.
// It is for the search index: FTS5 writes out what it has gathered at every savepoint and at every row that is not behind the last one, which
// would be once for each caller and not once for them all.
func (t *Tx) atEnd(row int64, st Stmt, args ...any) error {
	if t.failed == nil && !t.writing {
		t.failed = errs.E(errs.Internal, "store.read_only")
	}
	if t.failed == nil {
		t.trace(st, args)
		t.late = append(t.late, late{row, st, args})
	}
	return t.failed
}

// query carries out a statement that returns rows and calls each with them in turn. An error of each ends it and is
// returned, but does not fail the transaction.
func (t *Tx) query(ctx context.Context, st Stmt, args []any, each func(*Row) error) error {
	var stop error
	err := t.statement(ctx, st, func(ctx context.Context) (err error) {
		t.trace(st, args)
		rows, err := t.conn.query(ctx, st, args)
		if err != nil {
			return err
		}
		t.reading = true
		defer func() {
			t.reading = false
			if e := rows.Close(); err == nil {
				err = e
			}
		}()
		row := &Row{rows: rows}
		for rows.Next() {
			if stop = each(row); stop != nil {
				return nil
			}
		}
		return rows.Err()
	})
	if err == nil {
		err = stop
	}
	return err
}

// statement does what all statements have in common: it refuses them after a failure, inside a cursor and once the
// caller has gone, times them and translates their errors.
func (t *Tx) statement(ctx context.Context, st Stmt, do func(context.Context) error) error {
	if t.failed != nil {
		return t.failed
	}
	if t.reading {
		return errs.E(errs.Internal, "store.nested", "statement", st.name)
	}
	if err := ctx.Err(); err != nil {
		return translate(err)
	}
	if t.writing {
		// SQLite undoes the whole transaction when it interrupts a write in it, and the neighbours' share with it;
		// so writes are not interrupted, and a caller who left is noticed at the next statement
		ctx = context.WithoutCancel(ctx)
	}
	start := t.store.opt.Now()
	err := do(ctx)
	t.store.observe(ctx, st.name, start, err)
	if err != nil {
		t.failed = translate(fmt.Errorf("%s: %w", st.name, err))
	}
	return t.failed
}
