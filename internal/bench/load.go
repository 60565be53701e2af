package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/pprof"
	"sort"
	"time"

	"huiyin/internal/app"
	"huiyin/internal/errs"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
)

// LoadConfig says what is to be loaded, and where to.
type LoadConfig struct {
	Matters  int
	Data     string    // data folder of the office; set up when it is empty
	Database string    // address of a PostgreSQL database; empty: in the data folder
	Profile  io.Writer // takes the CPU profile; may be nil
	Now      func() time.Time
	Progress func(doing string, n int)
}

// LoadReport is what was loaded.
type LoadReport struct {
	Matters int        `json:"matters"`        // that are there now
	Loaded  int        `json:"loaded"`         // written now; the others lay there
	Lives   LoadPart   `json:"lives"`          // of writing them
	Beside  []LoadPart `json:"beside"`         // of what else runs beside the desk, in order
	Bytes   float64    `json:"database_bytes"` // for each matter, of everything in the database
}

// LoadPart is a part of the work, for each matter that was loaded.
type LoadPart struct {
	Name    string  `json:"name"`
	Seconds float64 `json:"seconds"` // in all
	CPUMS   float64 `json:"cpu_ms"`  // of this process
}

// loadBatch is how many lives share a transaction.
const loadBatch = 500

// Load fills an office with whole lives of generated matters, each step of which is decided and recorded as it would have been at the desk, and brings what runs
// beside the desk to its end: the log, the index, the sums. Broken off, it goes on where it was. The office is then one as any other: it can be
// served, verified, rebuilt, copied.
func Load(ctx context.Context, c LoadConfig) (r LoadReport, err error) {
	if c.Profile != nil {
		if err := pprof.StartCPUProfile(c.Profile); err != nil {
			return r, fmt.Errorf("profile: %w", err)
		}
		defer pprof.StopCPUProfile()
	}
	err = onLoaded(ctx, c, func(_ *stock, loaded LoadReport) error {
		r = loaded
		return nil
	})
	return r, err
}

// onLoaded does something with an office that was filled: what is missing is loaded. Where no folder is named it lies in one that is removed afterwards.
func onLoaded(ctx context.Context, c LoadConfig, do func(*stock, LoadReport) error) (err error) {
	if c.Data == "" {
		if c.Data, err = os.MkdirTemp("", "huiyin-bench-"); err != nil {
			return fmt.Errorf("bench folder: %w", err)
		}
		defer func() { err = errors.Join(err, os.RemoveAll(c.Data)) }()
	}
	c.Progress("open", 0)
	s, err := openStock(ctx, app.Config{Data: c.Data, Database: c.Database}, c.Matters, c.Now)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.app.Close()) }()
	r, err := s.fill(ctx, c)
	if err != nil {
		return err
	}
	return do(s, r)
}

// fill loads what is missing.
func (s *stock) fill(ctx context.Context, c LoadConfig) (r LoadReport, err error) {
	from, err := s.loaded(ctx)
	if err != nil {
		return r, err
	}
	c.Progress("load", c.Matters-from)
	r.Matters, r.Loaded = c.Matters, c.Matters-from
	part := func(name string, do func() error) error {
		w := watch{now: c.Now}
		w.begin()
		if err := do(); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		passed, cpu := w.lap()
		p := LoadPart{Name: name, Seconds: passed / 1000, CPUMS: cpu / float64(max(r.Loaded, 1))}
		if name == "lives" {
			r.Lives = p
		} else {
			r.Beside = append(r.Beside, p)
		}
		return nil
	}
	if err := part("lives", func() error { return s.replay(ctx, from, c.Progress) }); err != nil {
		return r, err
	}
	o := s.app.Office
	for _, b := range []struct {
		name string
		do   func(context.Context) (int, error)
	}{
		{"remind", func(ctx context.Context) (int, error) { return 0, told(ctx, o) }},
		{"sequence", o.Sequence},
		{"index", o.Index},
		{"fold", func(ctx context.Context) (int, error) {
			_, err := o.FoldAll(ctx, func(usecase.Folding) {})
			return 0, err
		}},
		{"merge", func(ctx context.Context) (int, error) { return 0, s.merge(ctx) }},
	} {
		c.Progress(b.name, c.Matters)
		if err := part(b.name, func() error { return exhaust(ctx, b.do) }); err != nil {
			return r, err
		}
	}
	err = s.app.Store.Read(ctx, func(t *store.Tx) error {
		bytes, err := t.Whole(ctx)
		r.Bytes = float64(bytes) / float64(c.Matters)
		return err
	})
	return r, err
}

// exhaust does something until there is nothing left of it to do.
func exhaust(ctx context.Context, do func(context.Context) (int, error)) error {
	for n := 1; n > 0; {
		var err error
		if n, err = do(ctx); err != nil {
			return err
		}
	}
	return nil
}

// told tells of all clocks what is to be told by now, as a server does that runs every day: otherwise the first one over a loaded office
// would do it all beside what is measured.
func told(ctx context.Context, o *usecase.Office) error {
	_, err := o.RemindNightly(ctx)
	return err
}

// loaded is how many of the matters are there.
func (s *stock) loaded(ctx context.Context) (from int, err error) {
	has := func(n int) (found bool, err error) {
		err = s.app.Store.Read(ctx, func(t *store.Tx) error {
			_, err := t.Version(ctx, s.ref(n))
			return err
		})
		if errs.KindOf(err) == errs.NotFound {
			return false, nil
		}
		return err == nil, err
	}
	return sort.Search(s.matters, func(n int) bool {
		found, e := has(n)
		err = errors.Join(err, e)
		return !found
	}), err
}

// replay writes the lives of the matters from the n-th on.
func (s *stock) replay(ctx context.Context, from int, progress func(string, int)) error {
	tellers, err := petitions()
	if err != nil {
		return err
	}
	for at := from; at < s.matters; at += loadBatch {
		batch := make([]usecase.Past, min(loadBatch, s.matters-at))
		for i := range batch {
			batch[i] = s.past(at+i, tellers[(at+i)%len(tellers)])
		}
		refs, err := s.app.Office.Replay(ctx, org.System(), county, batch)
		if err != nil {
			return fmt.Errorf("lives from %d: %w", at, err)
		}
		if refs[0] != s.ref(at) {
			return fmt.Errorf("matter %d is %s and not %s: the office holds others", at, refs[0], s.ref(at))
		}
		if done := at + len(batch); done*20/s.matters > at*20/s.matters {
			progress("loaded", done)
		}
	}
	return nil
}
