package store

import (
	"cmp"
	"context"
	"log/slog"
	"runtime"
	"slices"
	"sync"

	"huiyin/internal/errs"
)

// request is one caller of Update. Its closure runs on the caller's goroutine while the writer waits, which keeps
// panics, test failures and profiles where they belong.
type request struct {
	home    int64
	expired func() error // the error of the caller's context
	turn    chan *Tx     // writer to caller: run the closure
	done    chan error   // caller to writer: how it ended
	answer  chan error   // writer to caller: after the commit
	err     error
	commit  int64 // when the end of the transaction began that it shares, for Options.Observe; 0 without
}

// writer owns a connection that writes: the only one, or the one for some homes. It never waits for a batch to fill: it takes what has come while it was
// busy with the last one. So a lone caller pays for a plain transaction, and many share one flush to the disk.
type writer struct {
	store *Store
	conn  *conn
	max   int
	mixed bool // one transaction may serve several homes

	mu     sync.Mutex
	queue  []*request
	closed bool

	wake    chan struct{} // something has changed in the queue
	stopped chan struct{}
}

func newWriter(s *Store, c *conn, most int, mixed bool) *writer {
	return &writer{store: s, conn: c, max: most, mixed: mixed, wake: make(chan struct{}, 1), stopped: make(chan struct{})}
}

// submit puts a request in the queue; it reports false once the store closes.
func (w *writer) submit(r *request) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return false
	}
	w.queue = append(w.queue, r)
	w.signal()
	return true
}

// withdraw takes a request out of the queue again; it reports false if its turn has come.
func (w *writer) withdraw(r *request) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	i := slices.Index(w.queue, r)
	if i < 0 {
		return false
	}
	w.queue = slices.Delete(w.queue, i, i+1)
	return true
}

// next takes the oldest request, nil if there is none; over means that none will come.
func (w *writer) next() (r *request, over bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.queue) == 0 {
		return nil, w.closed
	}
	return w.take(0), false
}

// nextBeside takes the oldest request that may share a transaction with another, nil if there is none.
func (w *writer) nextBeside(first *request) *request {
	w.mu.Lock()
	defer w.mu.Unlock()
	i := slices.IndexFunc(w.queue, func(r *request) bool { return w.mixed || r.home == first.home })
	if i < 0 {
		return nil
	}
	return w.take(i)
}

// take takes a request out of the queue.
func (w *writer) take(i int) *request {
	r := w.queue[i]
	if i == 0 {
		w.queue[0] = nil
		w.queue = w.queue[1:]
		return r
	}
	w.queue = slices.Delete(w.queue, i, i+1)
	return r
}

func (w *writer) signal() {
	select {
	case w.wake <- struct{}{}:
	default: // it has been told
	}
}

// close lets the requests in the queue finish, refuses new ones and waits.
func (w *writer) close() {
	w.mu.Lock()
	w.closed = true
	w.signal()
	w.mu.Unlock()
	<-w.stopped
}

// loop works until the store closes.
func (w *writer) loop(ctx context.Context) {
	defer close(w.stopped)
	for {
		r, over := w.next()
		switch {
		case r != nil:
			w.batch(ctx, r)
		case over:
			w.conn.close()
			return
		default:
			<-w.wake
		}
	}
}

// batch runs the request and those waiting behind it in one transaction, commits and answers them all. If the
// transaction itself breaks, each of them gets that error and the connection is replaced.
func (w *writer) batch(ctx context.Context, r *request) {
	b := batch{conn: w.conn, writer: w, home: r.home}
	for r != nil {
		b.requests = append(b.requests, r)
		if r.err = translate(r.expired()); r.err == nil {
			b.run(ctx, r)
		}
		if b.broken != nil || len(b.requests) >= w.max {
			break
		}
		if r = w.nextBeside(b.requests[0]); r == nil {
			runtime.Gosched() // whoever is about to ask and has only waited for a processor comes along
			r = w.nextBeside(b.requests[0])
		}
	}
	b.commit(ctx)
	if b.broken != nil {
		w.store.opt.Log.LogAttrs(ctx, slog.LevelError, "shared commit failed",
			slog.Int("requests", len(b.requests)), slog.Any("err", b.broken))
		w.conn.close() // undoes what is left of the transaction
	}
	for _, r := range b.requests {
		if r.err == nil {
			r.err = b.broken
		}
		r.answer <- r.err
	}
}

// batch is one transaction of the writer.
type batch struct {
	writer   *writer
	conn     *conn
	home     int64 // of the first request, and of all where an engine wants it so
	requests []*request
	open     bool       // a transaction has begun
	kept     []*request // whose closures succeeded: it holds their changes
	late     []late     // what those closures left to the end
	careful  bool       // each turn gets a savepoint
	broken   error      // it cannot go on
}

// run gives a request its turn. A closure fails rarely, and more rarely still once it has written something, while a savepoint would cost every
// turn a copy of every page it touches. So a turn has none: where changes must be undone, all are, those whose closures had succeeded get their
// turns again, and from there on the batch uses savepoints, so that a row of failures costs no more than one such round.
//
// A batch that is broken gives no more turns: whoever has lost what they had written must not be taken for one who has it still.
func (b *batch) run(ctx context.Context, r *request) {
	if b.broken != nil {
		return
	}
	if !b.open {
		if b.broken = b.begin(ctx); b.broken != nil {
			return
		}
		b.open = true
	}
	if b.careful {
		b.do(ctx, Named("tx.savepoint", "savepoint turn"))
	}
	if b.broken != nil {
		return
	}
	tx := &Tx{store: b.writer.store, conn: b.conn, home: r.home, writing: true}
	r.turn <- tx
	r.err = <-r.done
	if r.err == nil {
		b.kept, b.late = append(b.kept, r), append(b.late, tx.late...)
	}
	switch {
	case r.err == nil && !b.careful, r.err != nil && !tx.dirty && !b.careful:
	case r.err == nil:
		b.do(ctx, Named("tx.release", "release turn"))
	case b.careful:
		b.do(ctx, Named("tx.undo", "rollback to turn"))
		b.do(ctx, Named("tx.release", "release turn"))
	default:
		if b.conn.run(ctx, Named("tx.rollback", "rollback")) != nil {
			b.conn.close() // the closure's error (a full disk, say) made SQLite drop the transaction already
		}
		again := b.kept
		b.open, b.careful, b.kept, b.late = false, true, nil, nil
		for _, r := range again {
			b.run(ctx, r)
		}
	}
	if r.err != nil && b.broken != nil {
		b.broken = errs.E(errs.Unavailable, "store.neighbour").Because(r.err)
	}
}

// begin starts the transaction, on a new connection if the last one was given up or does not answer any more.
func (b *batch) begin(ctx context.Context) error {
	if b.conn.sql != nil {
		err := b.conn.engine.beginWrite(ctx, b.conn, b.home)
		if err == nil || b.conn.sql != nil {
			return err
		}
	}
	fresh, err := connect(ctx, b.writer.store.engine, true)
	if err != nil {
		return err
	}
	b.conn.replace(fresh)
	return b.conn.engine.beginWrite(ctx, b.conn, b.home)
}

// commit carries out what was left to the end and makes the batch durable.
func (b *batch) commit(ctx context.Context) {
	if b.open && b.broken == nil {
		w := b.writer.store.watch(ctx, "tx.shared")
		for _, r := range b.requests {
			if r.err == nil {
				r.commit = w.start
			}
		}
		slices.SortStableFunc(b.late, func(x, y late) int { return cmp.Compare(x.row, y.row) })
		b.late = onlyLast(b.late)
		start := b.finish(ctx)
		if errs.CodeOf(b.broken) == "store.away" { // it may have been carried out before the connection broke
			b.broken = errs.E(errs.Unavailable, "store.unknown").Because(b.broken)
		}
		b.writer.store.observe(ctx, w.report, "tx.commit", start, b.broken)
		w.end(b.broken)
		if b.writer.store.opt.Record != nil {
			b.writer.store.opt.Record("commit", nil)
		}
	}
}

// finish carries out what was left to the end and commits, and gives the instant at which the last part of that began.
func (b *batch) finish(ctx context.Context) (start int64) {
	store, commit := b.writer.store, Named("tx.commit", "commit")
	start = store.opt.Now()
	if store.engine.pipelined() {
		if b.broken = translate(store.engine.send(ctx, b.conn, append(b.late, late{stmt: commit}))); b.broken == nil {
			for _, l := range b.late {
				store.observe(ctx, l.report, l.stmt.name, start, nil)
			}
		}
		return start
	}
	for _, l := range b.late {
		start = store.opt.Now()
		b.do(ctx, l.stmt, l.args...)
		store.observe(ctx, l.report, l.stmt.name, start, b.broken)
	}
	start = store.opt.Now()
	b.do(ctx, commit)
	return start
}

// do carries out a statement of the transaction as a whole, unless it is broken.
func (b *batch) do(ctx context.Context, st Stmt, args ...any) {
	if b.broken != nil {
		return
	}
	b.broken = b.conn.run(ctx, st, args...)
}

// onlyLast leaves out what a later one puts anew: the same row of a search index in one commit. They are sorted by row.
func onlyLast(sorted []late) []late {
	kept := sorted[:0:0]
	for i, l := range sorted {
		again := false
		for _, next := range sorted[i+1:] {
			if again = next.row == l.row && next.stmt.name == l.stmt.name; again || next.row != l.row {
				break
			}
		}
		if !again {
			kept = append(kept, l)
		}
	}
	return kept
}
