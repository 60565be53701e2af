package store

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"huiyin/internal/errs"
)

// waitQueued waits until n requests are in the queue.
func waitQueued(s *Store, n int) {
	for {
		s.writers[0].mu.Lock()
		queued := len(s.writers[0].queue)
		s.writers[0].mu.Unlock()
		if queued >= n {
			return
		}
		runtime.Gosched()
	}
}

// together runs the closures in one shared transaction, in order, behind one that does nothing, and returns their
// errors.
func together(t *testing.T, s *Store, fns ...func(*Tx) error) []error {
	t.Helper()
	out := make([]error, len(fns))
	var wg sync.WaitGroup
	inside, goOn := make(chan struct{}), make(chan struct{})
	enter := sync.OnceFunc(func() { close(inside) }) // a turn may come again
	wg.Go(func() {
		err := s.Update(t.Context(), 1, func(tx *Tx) error {
			enter()
			<-goOn
			return nil
		})
		if err != nil && errs.KindOf(err) == errs.Internal {
			t.Error(err)
		}
	})
	<-inside
	for i, fn := range fns {
		wg.Go(func() { out[i] = s.Update(t.Context(), 1, fn) })
		waitQueued(s, i+1)
	}
	close(goOn)
	wg.Wait()
	return out
}

// put inserts a counter.
func put(ctx context.Context, tx *Tx, run int) error {
	_, err := tx.Exec(ctx, Named("test.put", "insert into counter (run, n) values ($1, 1)"), run)
	return err
}

func TestOneFailureLeavesTheOthersAlone(t *testing.T) {
	s := open(t)
	mine := errors.New("mine")
	got := together(t, s,
		func(tx *Tx) error { return put(t.Context(), tx, 1) },
		func(tx *Tx) error { return errors.Join(put(t.Context(), tx, 2), mine) },
		func(tx *Tx) error { return put(t.Context(), tx, 1) },
		func(tx *Tx) error { _ = put(t.Context(), tx, 3); panic("oh") },
		func(tx *Tx) error { return put(t.Context(), tx, 4) },
	)
	if got[0] != nil || got[4] != nil || !errors.Is(got[1], mine) {
		t.Errorf("got %v", got)
	}
	wantError(t, got[2], errs.Conflict, "store.exists")
	wantError(t, got[3], errs.Internal, "store.panic")
	if n := count(t, s, "select sum(run) from counter"); n != 1+4 {
		t.Errorf("sum of the rows is %d", n)
	}
}

// TestABrokenBatchGivesNoTurns: when the changes of those who had succeeded cannot be made again, a turn that works must not make the batch look whole.
func TestABrokenBatchGivesNoTurns(t *testing.T) {
	s := open(t)
	broken := errors.New("broken")
	b := batch{writer: s.writers[0], conn: s.writers[0].conn, broken: broken}
	r := &request{turn: make(chan *Tx, 1), done: make(chan error, 1)}
	r.done <- nil
	b.run(t.Context(), r)
	if len(r.turn) != 0 || b.open || !errors.Is(b.broken, broken) {
		t.Errorf("turns %d, open %v, broken %v", len(r.turn), b.open, b.broken)
	}
}

// TestAFailedStatementUndoesTheTurnsBefore: also one that only reads, since SQLite may have dropped the transaction with it.
func TestAFailedStatementUndoesTheTurnsBefore(t *testing.T) {
	s := open(t)
	turns := 0
	got := together(t, s,
		func(tx *Tx) error { turns++; return put(t.Context(), tx, 1) },
		func(tx *Tx) error {
			_, err := One(t.Context(), tx, Named("test.none", "select n from nothing"), Int64)
			return err
		},
	)
	if got[0] != nil || got[1] == nil {
		t.Errorf("got %v", got)
	}
	if n := count(t, s, "select sum(run) from counter"); n != 1 || turns != 2 {
		t.Errorf("sum of the rows is %d after %d turns", n, turns)
	}
}

func TestAClosureThatEndsItsGoroutineEndsOnlyItself(t *testing.T) {
	s := open(t)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = s.Update(t.Context(), 1, func(tx *Tx) error {
			_ = put(t.Context(), tx, 1)
			runtime.Goexit() // as t.Fatal does
			return nil
		})
	}()
	<-ended
	if err := writeRun(t, s, 2); err != nil {
		t.Fatal(err)
	}
	if n := count(t, s, "select sum(run) from counter"); n != 2 {
		t.Errorf("sum of the rows is %d", n)
	}
}

func writeRun(t *testing.T, s *Store, run int) error {
	t.Helper()
	return s.Update(t.Context(), 1, func(tx *Tx) error { return put(t.Context(), tx, run) })
}

func TestAFailedCommitFailsAll(t *testing.T) {
	s := open(t)
	got := together(t, s,
		func(tx *Tx) error { return put(t.Context(), tx, 1) },
		func(tx *Tx) error {
			// the schema of the test has a deferred constraint, which the product's has not: it fails at COMMIT
			_, err := tx.Exec(t.Context(), Named("test.late", "insert into late (id, parent) values (1, 99)"))
			return err
		},
	)
	for _, err := range got {
		wantError(t, err, errs.Invalid, "store.reference")
	}
	if err := writeRun(t, s, 5); err != nil {
		t.Errorf("the writer did not recover: %v", err)
	}
	if n := count(t, s, "select sum(run) from counter"); n != 5 {
		t.Errorf("sum of the rows is %d", n)
	}
}

func TestAFullDisk(t *testing.T) {
	s := open(t)
	err := s.Update(t.Context(), 1, func(tx *Tx) error {
		// stands for a full disk: SQLite answers with the same code
		_, err := One(t.Context(), tx, Named("test.limit", "pragma max_page_count = 1"), Int64)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	got := together(t, s,
		func(tx *Tx) error { return put(t.Context(), tx, 1) },
		func(tx *Tx) error {
			_, err := tx.Exec(t.Context(), Named("test.big", putParent), 1, 1, "a", true, make([]byte, 1<<20))
			return err
		},
		func(tx *Tx) error { return put(t.Context(), tx, 2) },
	)
	wantError(t, got[1], errs.Unavailable, "store.disk_full")
	var want int64
	for i, run := range map[int]int64{0: 1, 2: 2} {
		if got[i] == nil {
			want += run
		} else if errs.KindOf(got[i]) != errs.Unavailable {
			t.Errorf("a neighbour of a full disk may try again: %v", got[i])
		}
	}
	if n := count(t, s, "select coalesce(sum(run), 0) from counter"); n != want {
		t.Errorf("sum of the rows is %d, answered was %d", n, want)
	}
}

func TestCancelledCallers(t *testing.T) {
	s := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	inside, goOn := make(chan struct{}), make(chan struct{})
	first, second := make(chan error), make(chan error)
	go func() {
		first <- s.Update(ctx, 1, func(tx *Tx) error {
			close(inside)
			<-goOn
			return put(ctx, tx, 1) // the caller has gone meanwhile
		})
	}()
	<-inside
	go func() {
		second <- s.Update(ctx, 1, func(*Tx) error { t.Error("ran for a caller who had gone"); return nil })
	}()
	waitQueued(s, 1)
	cancel()
	wantError(t, <-second, errs.Unavailable, "store.cancelled") // while the first still has its turn
	close(goOn)
	wantError(t, <-first, errs.Unavailable, "store.cancelled")
	wantError(t, s.Update(ctx, 1, func(*Tx) error { t.Error("ran"); return nil }), errs.Unavailable, "store.cancelled")
	if err := writeRun(t, s, 3); err != nil {
		t.Fatal(err)
	}
	if n := count(t, s, "select sum(run) from counter"); n != 3 {
		t.Errorf("sum of the rows is %d", n)
	}
}

func TestNestedUpdateEndsWithItsContext(t *testing.T) {
	s := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	err := s.Update(ctx, 1, func(*Tx) error {
		go func() { waitQueued(s, 1); cancel() }()
		return s.Update(ctx, 1, func(*Tx) error { t.Error("ran inside another"); return nil })
	})
	wantError(t, err, errs.Unavailable, "store.cancelled")
	if err := writeRun(t, s, 1); err != nil {
		t.Error(err)
	}
}

// TestCommittedIsWhatWasAnswered lets many callers work at once, each closure ending in a way of its own, and compares
// what is in the database with what they were answered.
func TestCommittedIsWhatWasAnswered(t *testing.T) {
	stores := map[int]*Store{}
	for _, most := range []int{1, 3, 128} {
		stores[most] = open(t, func(o *Options) { o.MaxBatch = most })
	}
	var runs atomic.Int64
	mine := errors.New("mine")
	rapid.Check(t, func(rt *rapid.T) {
		s := stores[rapid.SampledFrom([]int{1, 3, 128}).Draw(rt, "most")]
		callers := rapid.SliceOfN(rapid.SliceOfN(rapid.IntRange(0, 6), 1, 6), 1, 12).Draw(rt, "callers")
		run := runs.Add(1)
		if err := s.Update(t.Context(), 1, func(tx *Tx) error {
			_, err := tx.Exec(t.Context(), Named("test.run", "insert into counter (run, n) values ($1, 0)"), run)
			return err
		}); err != nil {
			rt.Fatal(err)
		}
		places := make([][]int64, len(callers))
		var wg sync.WaitGroup
		for who, ways := range callers {
			wg.Go(func() {
				for turn, way := range ways {
					ctx, cancel := context.WithCancel(t.Context())
					if way == 6 {
						cancel()
					}
					var place int64
					err := s.Update(ctx, run, func(tx *Tx) (err error) {
						place, err = entry(ctx, tx, who, turn)
						switch {
						case err != nil:
							return err
						case way == 1:
							return mine
						case way == 2:
							panic("oh")
						case way == 3: // a violation that is reported
							return put(ctx, tx, int(run))
						case way == 4: // and one that is not
							_ = put(ctx, tx, int(run))
						case way == 5:
							cancel() // too late, unless a neighbour's failure makes its turn come again
						}
						return nil
					})
					cancel()
					if (err == nil) != (way == 0 || way == 5) && (way != 5 || errs.KindOf(err) != errs.Unavailable) {
						t.Errorf("way %d was answered with %v", way, err)
					}
					if err == nil {
						places[who] = append(places[who], place)
					}
				}
			})
		}
		wg.Wait()
		var all []int64
		for who, p := range places {
			if !slices.IsSorted(p) {
				rt.Errorf("caller %d was served in the order %v", who, p)
			}
			all = append(all, p...)
		}
		slices.Sort(all)
		var stored []int64
		err := s.Read(t.Context(), func(tx *Tx) (err error) {
			stored, err = Collect(t.Context(), tx, Named("test.places",
				"select place from entry where run = $1 and part = 1 order by place"), Int64, run)
			return err
		})
		if err != nil {
			rt.Fatal(err)
		}
		if !slices.Equal(all, stored) {
			rt.Errorf("answered %v, stored %v", all, stored)
		}
		for i, p := range all {
			if p != int64(i)+1 {
				rt.Fatalf("the counter has gaps: %v", all)
			}
		}
		if n := count(t, s, "select count(*) from entry where run = $1", run); n != 2*int64(len(all)) {
			rt.Errorf("%d rows for %d closures of two", n, len(all))
		}
	})
}

// entry takes the next place of the run and writes two rows.
func entry(ctx context.Context, tx *Tx, who, turn int) (int64, error) {
	run := tx.Home()
	place, err := One(ctx, tx, Named("test.next", "update counter set n = n + 1 where run = $1 returning n"), Int64, run)
	if err != nil {
		return 0, err
	}
	for part := range 2 {
		if _, err := tx.Exec(ctx, Named("test.entry",
			"insert into entry (run, who, turn, part, place) values ($1, $2, $3, $4, $5)"),
			run, who, turn, part, place); err != nil {
			return 0, err
		}
	}
	return place, nil
}

// childDir makes this test binary the writer that TestKilled kills.
var childDir = flag.String("store.child", "", "write to this folder until killed")

// TestKilled kills a process that writes as fast as it can and looks for every row it had acknowledged.
func TestKilled(t *testing.T) {
	if *childDir != "" {
		writeUntilKilled(t, *childDir)
		return
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	acknowledged := map[int]bool{}
	for round := range 5 {
		cmd := exec.CommandContext(t.Context(), program, "-test.run=^TestKilled$", "-store.child="+dir)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		// each round ends at another number of rows; where in a commit that is, the scheduler decides
		lines := bufio.NewScanner(out)
		for n := 0; lines.Scan(); n++ {
			if row, err := strconv.Atoi(lines.Text()); err == nil {
				acknowledged[row] = true
			}
			if n == 17+61*round {
				if err := cmd.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := cmd.Wait(); err == nil {
			t.Fatal("the writer ended by itself")
		}
		s := openDir(t, dir)
		rows := map[int]bool{}
		err = s.Read(t.Context(), func(tx *Tx) error {
			found, err := Collect(t.Context(), tx, Named("test.rows", "select run from counter"), Int64)
			for _, r := range found {
				rows[int(r)] = true
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for row := range acknowledged {
			if !rows[row] {
				t.Errorf("round %d: row %d was acknowledged and is lost", round, row)
			}
		}
		if err := errors.Join(s.Check(t.Context()), s.Close()); err != nil {
			t.Error(err)
		}
	}
	if len(acknowledged) < 5*17 {
		t.Errorf("only %d rows were acknowledged", len(acknowledged))
	}
}

// writeUntilKilled writes rows from several goroutines and prints each number once it is durable.
func writeUntilKilled(t *testing.T, dir string) {
	t.Helper()
	s := openDir(t, dir)
	var next atomic.Int64
	next.Store(count(t, s, "select coalesce(max(run), 0) from counter"))
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for {
				row := int(next.Add(1))
				if err := writeRun(t, s, row); err != nil {
					t.Error(err)
					return
				}
				if _, err := fmt.Fprintln(os.Stdout, row); err != nil {
					return // nobody listens any more
				}
			}
		})
	}
	wg.Wait()
}
