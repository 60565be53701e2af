package store

import (
	"bytes"
	"context"
	"errors"
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
	// Dir is the data folder; it is made if it is missing. The database is the file huiyin.db in it unless Database says where it is.
	Dir string
	// Database is the address of a PostgreSQL database, postgres://user:password@host:port/name; empty for the file.
	Database string
	// Migrations has the numbered files at its root. Required.
	Migrations fs.FS
	// Now gives the instant in microseconds UTC: for the record of migrations and for timing statements. Required.
	Now func() int64
	// Log receives slow statements and failures; nil discards them.
	Log *slog.Logger
	// Slow is how long a statement may take before it is logged; 0 means 200 ms.
	Slow time.Duration
	// Observe, if set, is told of each transaction and each statement in it, by their names and never with an argument: for metrics and traces.
	Observe Observe
	// Record, if set, is given each statement that changes data, with its arguments, and "commit" after each commit. Arguments hold what people
	// wrote: it is for measuring with invented data.
	Record func(sql string, args []any)
	// Readers is the number of reading connections; 0 means 6: who decodes what was read holds one, and others wait for it.
	Readers int
	// Look is how many matters a search looks at before it says where to go on; 0 means 10,000. So a search costs the same whatever is looked for.
	Look int
	// Rehearse runs every closure of Update twice, the first time for nothing. It is for tests: a closure that cannot stand it cannot stand a
	// neighbour's failure.
	Rehearse bool
	// Few is up to how many matters of a scope lists look at one by one, rather than going through all until enough of them are found; 0 means 4,000, less than 0 none.
	Few int
	// MaxBatch is the greatest number of closures in one shared commit; 0 means 128.
	MaxBatch int
}

// Store is an open database. It is safe for concurrent use.
type Store struct {
	opt     Options
	engine  engine
	writers []*writer
	readers chan *conn // idle reading connections
	latest  int64      // step of the schema that this program knows last
	closed  chan struct{}
	once    sync.Once
}

// Read runs fn in a read transaction: all its queries see the one state that was committed when the first of them
// ran, whatever is written meanwhile.
func (s *Store) Read(ctx context.Context, fn func(*Tx) error) error { return s.read(ctx, false, fn) }

// Glance is Read for who asks for one thing: there is no transaction, as a single statement sees one state anyway, and to begin and to end one costs more than most statements
// do. A second statement is refused. fn may run again on another connection.
func (s *Store) Glance(ctx context.Context, fn func(*Tx) error) error { return s.read(ctx, true, fn) }

func (s *Store) read(ctx context.Context, once bool, fn func(*Tx) error) (err error) {
	w := s.watch(ctx, "tx.read")
	defer func() { w.end(err) }()
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
	w.part("tx.read.wait", w.start, nil)
	if once && c.sql != nil {
		if err := s.call(ctx, &Tx{store: s, conn: c, report: w.report, once: true}, fn); errs.CodeOf(err) != "store.away" {
			return err
		}
		c.close()
	}
	calm := context.WithoutCancel(ctx)
	if err := s.beginRead(calm, c); err != nil {
		return err
	}
	defer func() {
		if err := c.run(calm, Named("tx.end", "rollback")); err != nil {
			s.opt.Log.LogAttrs(calm, slog.LevelWarn, "reading connection replaced", slog.Any("err", err))
			c.close()
		}
	}()
	return s.call(ctx, &Tx{store: s, conn: c, report: w.report, once: once}, fn)
}

// beginRead starts a transaction that reads, on a new connection where the last one was given up or does not answer any more.
func (s *Store) beginRead(ctx context.Context, c *conn) error {
	if c.sql != nil {
		err := s.engine.begin(ctx, c)
		if err == nil {
			return nil
		}
		c.close()
		if errs.KindOf(err) != errs.Unavailable {
			return err
		}
	}
	fresh, err := connect(ctx, s.engine, false)
	if err != nil {
		return err
	}
	c.replace(fresh)
	if err := s.engine.begin(ctx, c); err != nil {
		c.close()
		return err
	}
	return nil
}

// noHome stands for what belongs to no place, such as users and rules.
const noHome = 0

// writer is the one that writes to a home.
func (s *Store) writer(home int64) *writer { return s.writers[uint64(home)%uint64(len(s.writers))] } //nolint:gosec // any spread does

// Update runs fn in a write transaction of a home (0 for what belongs to no place, such as users and rules) and
// returns once its changes are durable, or with the error that undid them.
//
// fn may run again after a conflict, so it uses only its transaction and values, and sets what it hands out rather
// than adding to it. It runs on the caller's goroutine but in turn with other callers: it must be short and must not
// wait for anything. It must not call Update, which would wait for itself until ctx ends. A ctx that ends before
// fn's turn means that fn never runs.
func (s *Store) Update(ctx context.Context, home int64, fn func(*Tx) error) (err error) {
	for range conflictTries {
		if err = s.update(ctx, home, fn); errs.CodeOf(err) != "store.again" {
			break
		}
	}
	return err
}

// conflictTries is how often an update is tried that met another process's, each of which waited for the other.
const conflictTries = 4

func (s *Store) update(ctx context.Context, home int64, fn func(*Tx) error) (err error) {
	w := s.watch(ctx, "tx.update")
	defer func() { w.end(err) }()
	r := &request{
		home:    home,
		expired: ctx.Err,
		turn:    make(chan *Tx, 1),
		done:    make(chan error, 1),
		answer:  make(chan error, 1),
	}
	writer := s.writer(home)
	if !writer.submit(r) {
		return errClosed()
	}
	leave := ctx.Done()
	for {
		select {
		case tx := <-r.turn:
			tx.report = w.report
			s.perform(ctx, w, r, tx, fn)
		case err = <-r.answer:
			if r.commit != 0 {
				w.part("tx.update.commit", r.commit, err)
			}
			return err
		case <-leave:
			if writer.withdraw(r) {
				err = translate(ctx.Err())
				w.part("tx.update.wait", w.start, err)
				return err
			}
			leave = nil // its turn has come: too late to leave
		}
	}
}

// perform runs fn in its turn and tells the writer how it ended, even if fn ends the goroutine (as a failing test
// does inside a closure). The turn is told of before it is over, since the writer then goes on to tell of its own.
func (s *Store) perform(ctx context.Context, w watch, r *request, tx *Tx, fn func(*Tx) error) {
	begun := w.part("tx.update.wait", w.start, nil)
	var err error = errs.E(errs.Internal, "store.panic")
	defer func() {
		w.part("tx.update.work", begun, err)
		r.done <- err
	}()
	if s.opt.Rehearse {
		if failed := s.rehearse(ctx, tx.conn, r.home, fn); failed != nil {
			err = failed
			return
		}
	}
	err = s.call(ctx, tx, fn)
}

// rehearse runs fn and undoes it, whatever came of it and whether or not the caller has gone.
func (s *Store) rehearse(ctx context.Context, c *conn, home int64, fn func(*Tx) error) (err error) {
	calm := context.WithoutCancel(ctx)
	if err := c.run(calm, Named("tx.rehearse", "savepoint rehearsal")); err != nil {
		return err
	}
	defer func() {
		err = errors.Join(c.run(calm, Named("tx.rehearse_undo", "rollback to rehearsal")), c.run(calm, Named("tx.rehearse_end", "release rehearsal")))
	}()
	_ = s.call(ctx, &Tx{store: s, conn: c, home: home, writing: true}, fn)
	return nil
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
	if err := fn(tx); err != nil {
		return err
	}
	return tx.send(ctx)
}

func errClosed() error { return errs.E(errs.Unavailable, "store.closed") }

// Tx is a transaction, for one goroutine. It ends with the closure it was given to.
type Tx struct {
	store   *Store
	conn    *conn
	report  Report // nil if nobody is to be told of it
	home    int64
	writing bool
	dirty   bool  // a statement that may have changed data was carried out, or one failed, which may have undone the transaction
	reading bool  // a cursor is open
	once    bool  // there is one statement
	asked   bool  // and it was carried out
	failed  error // the first error of a statement: no other is carried out
	late    []late
	unsent  []late // statements of put that wait for the next one, or for the end of the turn
}

// late is a statement that waits for the end of a shared transaction, with the row it is about and who is told of it.
type late struct {
	row    int64
	stmt   Stmt
	args   []any
	report Report
}

// Home returns the home the transaction writes to, 0 in a read transaction.
func (t *Tx) Home() int64 { return t.home }

// Exec carries out a statement that returns no rows and returns the number of rows it changed.
func (t *Tx) Exec(ctx context.Context, st Stmt, args ...any) (int64, error) {
	var n int64
	err := t.statement(ctx, st, func(ctx context.Context) error {
		t.record(st, args)
		var err error
		n, err = t.conn.exec(ctx, st, args)
		return err
	})
	return n, err
}

// put carries out a statement of whose result nobody has to know before the turn ends. To a server it goes with those that follow, in one message, up to the next whose
// answer is asked for: the way there and back costs more than most of them. Its error is then that of the one it went with.
func (t *Tx) put(ctx context.Context, st Stmt, args ...any) error {
	if !t.writing || !t.store.engine.pipelined() {
		_, err := t.Exec(ctx, st, args...)
		return err
	}
	if t.failed == nil && t.reading {
		return errs.E(errs.Internal, "store.nested", "statement", st.name)
	}
	if t.failed == nil {
		t.record(st, args)
		for i, a := range args {
			if b, ok := a.([]byte); ok { // whoever gave it may write the next one into it
				args[i] = bytes.Clone(b)
			}
		}
		t.unsent = append(t.unsent, late{stmt: st, args: args})
	}
	return t.failed
}

// send sends what put has kept.
func (t *Tx) send(ctx context.Context) error {
	if len(t.unsent) == 0 || t.failed != nil {
		return t.failed
	}
	list := t.unsent
	t.unsent, t.dirty = nil, true
	start := t.store.opt.Now()
	if err := t.store.engine.send(context.WithoutCancel(ctx), t.conn, list); err != nil {
		t.failed = translate(err)
	}
	for _, l := range list {
		t.store.observe(ctx, t.report, l.stmt.name, start, t.failed)
	}
	return t.failed
}

// record hands a statement that changes data to Options.Record.
func (t *Tx) record(st Stmt, args []any) {
	if t.writing && t.store.opt.Record != nil && !strings.HasPrefix(st.sql, "select") {
		t.store.opt.Record(st.sql, args)
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
		t.record(st, args)
		t.late = append(t.late, late{row, st, args, t.report})
	}
	return t.failed
}

// query carries out a statement that returns rows and calls each with them in turn. An error of each ends it and is
// returned, but does not fail the transaction.
func (t *Tx) query(ctx context.Context, st Stmt, args []any, each func(*Row) error) error {
	var stop error
	err := t.statement(ctx, st, func(ctx context.Context) (err error) {
		t.record(st, args)
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
	if t.once && t.asked {
		return errs.E(errs.Internal, "store.ended")
	}
	t.asked = true
	if err := ctx.Err(); err != nil {
		return translate(err)
	}
	if err := t.send(ctx); err != nil {
		return err
	}
	if t.writing {
		// SQLite undoes the whole transaction when it interrupts a write in it, and the neighbours' share with it;
		// so writes are not interrupted, and a caller who left is noticed at the next statement
		ctx = context.WithoutCancel(ctx)
		t.dirty = t.dirty || !strings.HasPrefix(st.sql, "select")
	}
	start := t.store.opt.Now()
	if err := do(ctx); err != nil {
		t.failed = translate(fmt.Errorf("%s: %w", st.name, err))
		t.dirty = true
	}
	t.store.observe(ctx, t.report, st.name, start, t.failed)
	return t.failed
}
