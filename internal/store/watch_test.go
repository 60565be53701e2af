package store

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"huiyin/internal/errs"
)

// told is one thing that an observer was told of.
type told struct {
	of   string // who its transaction belongs to, by the context; empty for the writer's own
	name string
	code string
}

// witness keeps what it is told, on a clock that moves with every look.
type witness struct {
	now  atomic.Int64
	mu   sync.Mutex
	seen []told
	bad  []told // ended before it began
}

type callerKey struct{}

func called(ctx context.Context, name string) context.Context {
	return context.WithValue(ctx, callerKey{}, name)
}

func (w *witness) observe(ctx context.Context, _ string, begun int64) Report {
	of, _ := ctx.Value(callerKey{}).(string)
	return func(name string, start, end int64, err error) {
		w.mu.Lock()
		defer w.mu.Unlock()
		one := told{of: of, name: name}
		if err != nil {
			one.code = errs.CodeOf(err)
		}
		if start < begun || end <= start {
			w.bad = append(w.bad, one)
		}
		w.seen = append(w.seen, one)
	}
}

func (w *witness) open(t *testing.T) *Store {
	t.Helper()
	return open(t, func(o *Options) {
		o.Now = func() int64 { return w.now.Add(1) }
		o.Observe = w.observe
	})
}

// want compares what was told of one caller.
func (w *witness) want(t *testing.T, of string, want ...told) {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	var got []told
	for _, one := range w.seen {
		if one.of == of {
			one.of = ""
			got = append(got, one)
		}
	}
	if d := cmp.Diff(want, got, cmp.AllowUnexported(told{})); d != "" {
		t.Errorf("told of %q: %s", of, d)
	}
	if len(w.bad) > 0 {
		t.Errorf("ended before they began: %v", w.bad)
	}
}

func TestObserve(t *testing.T) {
	var w witness
	s := w.open(t)
	put := Named("test.put", "insert into parent (home, id, name) values ($1, $2, $3)")
	update := func(who string, fn func(context.Context, *Tx) error) error {
		ctx := called(t.Context(), who)
		return s.Update(ctx, 1, func(tx *Tx) error { return fn(ctx, tx) })
	}
	if err := update("writes", func(ctx context.Context, tx *Tx) error {
		if err := tx.IndexText(7, "路灯"); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, put, 1, 7, "灯")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	w.want(t, "writes", told{name: "tx.update.wait"}, told{name: "test.put"}, told{name: "tx.update.work"}, told{name: "fts.put"},
		told{name: "tx.update.commit"}, told{name: "tx.update"})
	w.want(t, "", told{name: "tx.commit"}, told{name: "tx.shared"})

	wantError(t, update("fails", func(ctx context.Context, tx *Tx) error {
		_, err := tx.Exec(ctx, put, 1, 7, "灯")
		return err
	}), errs.Conflict, "store.exists")
	w.want(t, "fails", told{name: "tx.update.wait"}, told{name: "test.put", code: "store.exists"},
		told{name: "tx.update.work", code: "store.exists"}, told{name: "tx.update", code: "store.exists"})

	ctx := called(t.Context(), "reads")
	if err := s.Read(ctx, func(tx *Tx) error {
		_, err := One(ctx, tx, Named("test.count", "select count(*) from parent"), Int64)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	w.want(t, "reads", told{name: "tx.read.wait"}, told{name: "test.count"}, told{name: "tx.read"})
}

// Each of those who share a commit is told of it, and the commit itself is told once.
func TestObserveASharedCommit(t *testing.T) {
	var w witness
	s := w.open(t)
	inside, goOn := make(chan struct{}), make(chan struct{})
	results := make(chan error, 3)
	update := func(who string, fn func(*Tx) error) {
		go func() { results <- s.Update(called(t.Context(), who), 1, fn) }()
	}
	update("first", func(*Tx) error { close(inside); <-goOn; return nil })
	<-inside
	update("second", func(*Tx) error { return nil })
	waitQueued(s, 1)
	update("refused", func(*Tx) error { return errs.E(errs.Refused, "test.refused") })
	waitQueued(s, 2)
	gone, leave := context.WithCancel(called(t.Context(), "gone"))
	left := make(chan error)
	go func() { left <- s.Update(gone, 1, func(*Tx) error { return errors.New("ran") }) }()
	waitQueued(s, 3)
	leave()
	wantError(t, <-left, errs.Unavailable, "store.cancelled")
	close(goOn)
	var failed []error
	for range cap(results) {
		if err := <-results; err != nil {
			failed = append(failed, err)
		}
	}
	if len(failed) != 1 {
		t.Errorf("failed: %v", failed)
	}
	for _, who := range []string{"first", "second"} {
		w.want(t, who, told{name: "tx.update.wait"}, told{name: "tx.update.work"}, told{name: "tx.update.commit"}, told{name: "tx.update"})
	}
	w.want(t, "refused", told{name: "tx.update.wait"}, told{name: "tx.update.work", code: "test.refused"}, told{name: "tx.update", code: "test.refused"})
	w.want(t, "gone", told{name: "tx.update.wait", code: "store.cancelled"}, told{name: "tx.update", code: "store.cancelled"})
	w.want(t, "", told{name: "tx.commit"}, told{name: "tx.shared"})
}

// Of a transaction that the observer leaves out nothing is told, but the others are.
func TestObserveSome(t *testing.T) {
	var w witness
	s := open(t, func(o *Options) {
		o.Now = func() int64 { return w.now.Add(1) }
		o.Observe = func(ctx context.Context, transaction string, start int64) Report {
			if ctx.Value(callerKey{}) == nil {
				return nil
			}
			return w.observe(ctx, transaction, start)
		}
	})
	for _, ctx := range []context.Context{t.Context(), called(t.Context(), "one")} {
		if err := s.Update(ctx, 1, func(*Tx) error { return nil }); err != nil {
			t.Fatal(err)
		}
	}
	w.want(t, "")
	w.want(t, "one", told{name: "tx.update.wait"}, told{name: "tx.update.work"}, told{name: "tx.update.commit"}, told{name: "tx.update"})
}

// Without an observer a transaction is followed by nobody: no allocation, no look at the clock.
func TestUnobservedCostsNothing(t *testing.T) {
	var looks atomic.Int64
	s := open(t, func(o *Options) { o.Now = func() int64 { return looks.Add(1) } })
	ctx := t.Context()
	looks.Store(0)
	if n := testing.AllocsPerRun(100, func() {
		w := s.watch(ctx, "tx.read")
		w.part("tx.read.wait", w.start, nil)
		w.end(nil)
	}); n != 0 || looks.Load() != 0 {
		t.Errorf("%v allocations and %d looks at the clock", n, looks.Load())
	}
}
