package usecase

import (
	"context"
	"sync/atomic"
	"time"
)

// aside is where work goes on that may take hours and that nobody waits for: after a great load, an import or an upgrade, categories are learnt, open data are counted and
// issues are looked for among all matters. One of them works at a time, for a slice of time, so that together they take one processor at most; after each slice it rests, and
// as long as somebody calls it rests nine times as long as it has worked.
type aside struct {
	turn   chan struct{} // holds a value while one works
	called atomic.Int64  // when somebody last called
}

const (
	sliceUS  = 20_000    // after so many microseconds, or when it next can, work rests
	restFor  = 9         // times as long: a tenth of one processor is left to it
	quietUS  = 1_000_000 // after which nobody is there
	restStep = 20 * time.Millisecond
)

// Called says that a person or a machine has called, whom work aside lets go first.
func (o *Office) Called() { o.aside.called.Store(o.Now()) }

// Busy reports whether somebody is there.
func (o *Office) Busy() bool { return o.Now() < o.aside.called.Load()+quietUS }

// slice is a work that goes on aside.
type slice struct {
	*Office
	held  bool // it has the turn
	began int64
}

// beginAside waits for the turn of a work, which ends it in any case.
func (o *Office) beginAside(ctx context.Context) (*slice, error) {
	s := &slice{Office: o}
	err := s.take(ctx)
	return s, err
}

func (s *slice) take(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case s.aside.turn <- struct{}{}:
		s.held, s.began = true, s.Now()
		return nil
	}
}

// end gives the turn back, if the work has it.
func (s *slice) end() {
	if s.held {
		s.held = false
		<-s.aside.turn
	}
}

// rest is called where work can rest, and does so when it has worked for a slice. An error ends the work.
func (s *slice) rest(ctx context.Context) error {
	worked := time.Duration(s.Now()-s.began) * time.Microsecond
	if worked < sliceUS*time.Microsecond {
		return ctx.Err()
	}
	s.end()
	for left := restFor * worked; left > 0 && s.Busy(); left -= restStep {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(min(left, restStep)):
		}
	}
	return s.take(ctx)
}
