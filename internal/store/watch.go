package store

import (
	"context"
	"log/slog"
	"time"
)

// Observe is asked when a transaction begins, at the instant start (microseconds UTC), with the context of its caller, and gives what is to
// be told of it; nil if nothing is.
//
// The transactions are "tx.read", "tx.update" and, once for all updates that share a commit and without the context of any of them,
// "tx.shared". Both this function and what it returns must be fast and safe for concurrent use.
type Observe func(ctx context.Context, transaction string, start int64) Report

// Report is told of each part of a transaction when it is over: its name, its first and last instant and its error. The parts are
//
//   - each statement, by its name (see [Stmt]);
//   - "tx.read.wait", the wait for a reading connection;
//   - "tx.update.wait", the wait for the writer's turn, "tx.update.work", that turn, and "tx.update.commit", the end of the shared
//     transaction, between which the turns of others may lie;
//   - "tx.commit", the commit itself, in "tx.shared";
//   - last of all the transaction, by its own name.
type Report func(name string, start, end int64, err error)

// watch follows one transaction for [Options.Observe]. Without an observer it is empty and does nothing.
type watch struct {
	clock  func() int64 // nil without an observer
	report Report       // nil also if this transaction is not to be told of
	name   string
	start  int64
}

func (s *Store) watch(ctx context.Context, transaction string) watch {
	if s.opt.Observe == nil {
		return watch{}
	}
	w := watch{clock: s.opt.Now, name: transaction, start: s.opt.Now()}
	w.report = s.opt.Observe(ctx, transaction, w.start)
	return w
}

// part tells of a part that has just ended and gives the instant, at which the next may begin.
func (w watch) part(name string, start int64, err error) int64 {
	if w.clock == nil {
		return 0
	}
	end := w.clock()
	if w.report != nil {
		w.report(name, start, end, err)
	}
	return end
}

// end tells of the transaction itself.
func (w watch) end(err error) { w.part(w.name, w.start, err) }

// observe tells of a statement that began at the instant start, and logs one that was slow.
func (s *Store) observe(ctx context.Context, report Report, name string, start int64, err error) {
	end := s.opt.Now()
	if report != nil {
		report(name, start, end, err)
	}
	if took := time.Duration(end-start) * time.Microsecond; took >= s.opt.Slow {
		s.opt.Log.LogAttrs(ctx, slog.LevelWarn, "slow statement",
			slog.String("statement", name), slog.Duration("took", took))
	}
}
