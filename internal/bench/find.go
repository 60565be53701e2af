package bench

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"runtime/pprof"
	"slices"
	"time"

	"huiyin/internal/gazetteer"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/query"
	"huiyin/internal/store"
)

// FindConfig says on what searching is measured.
type FindConfig struct {
	Matters  []int     // one size after the other, each with an office that Load fills, or has filled
	Data     []string  // their data folders, as many; none: they are removed afterwards
	Database string    // address of the PostgreSQL database, where there is one folder alone
	Rounds   int       // how often each thing is asked
	Figures  bool      // figures are asked for, and not what is searched for
	Only     []string  // names of questions, of which alone are asked; none for all
	Profile  io.Writer // takes the CPU profile of what is asked, of all sizes; may be nil
	Now      func() time.Time
	// Progress is told what is being done: what Load tells, and "find" with the number of questions.
	Progress func(doing string, n int)
}

// FindReport is what was measured, by size.
type FindReport struct {
	CPUs  int        `json:"cpus"`
	Sizes []FindSize `json:"sizes"`
}

// FindSize is what was measured among so many matters.
type FindSize struct {
	Matters int                `json:"matters"`
	Load    LoadReport         `json:"load"`        // what was written now; the others lay there
	Tables  map[string]float64 `json:"table_bytes"` // for each matter, of the tables and indexes that searching goes by; not where figures are asked for
	Asked   []FindAsked        `json:"asked"`       // in the order in which they were asked
}

// FindAsked is one kind of question.
type FindAsked struct {
	Name    string  `json:"name"`
	Time    Spread  `json:"ms"`
	CPU     float64 `json:"cpu_ms"`           // on average
	Found   float64 `json:"found"`            // matters on the page, on average
	Stopped int     `json:"stopped"`          // how many stopped at the bound before the page was full
	Growth  float64 `json:"growth,omitempty"` // of the middle time against the first size
}

// findRows is how many matters a page shows.
const findRows = 20

// Find measures searching, and what registering looks up, in offices of generated matters. All are open at once and each thing is asked of one after the other, so that
// a machine that is faster at some times than at others tells the growth all the same.
func Find(ctx context.Context, c FindConfig) (FindReport, error) {
	r := FindReport{CPUs: runtime.NumCPU()}
	err := c.open(ctx, &r, nil)
	return r, err
}

// open opens the offices that are not open yet, and asks.
func (c FindConfig) open(ctx context.Context, r *FindReport, offices []finding) error {
	i := len(offices)
	if i == len(c.Matters) {
		return c.ask(ctx, r, offices)
	}
	n := c.Matters[i]
	load := LoadConfig{Matters: n, Data: folder(c.Data, i), Database: c.Database, Now: c.Now, Progress: c.Progress}
	return onLoaded(ctx, load, func(s *stock, loaded LoadReport) error {
		f := finding{stock: s, rounds: c.Rounds, chance: rand.New(rand.NewPCG(stockSeed, 1))} //nolint:gosec // what is asked
		size := FindSize{Matters: n, Load: loaded}
		next := func() error {
			r.Sizes = append(r.Sizes, size)
			return c.open(ctx, r, append(offices, f))
		}
		if !c.Figures {
			var err error
			if size.Tables, err = s.tables(ctx); err != nil {
				return fmt.Errorf("%d matters: %w", n, err)
			}
			f.asks = f.kinds()
			return next()
		}
		return s.onSite(ctx, func(at *site) error {
			pages, err := f.dashboards(ctx, at)
			if err != nil {
				return fmt.Errorf("%d matters: %w", n, err)
			}
			f.asks = append(f.figures(), pages...)
			return next()
		})
	})
}

// ask asks questions of each kind.
func (c FindConfig) ask(ctx context.Context, r *FindReport, offices []finding) error {
	for _, name := range c.Only {
		if !slices.ContainsFunc(offices[0].asks, func(k kind) bool { return k.name == name }) {
			return fmt.Errorf("only: nothing is called %q", name)
		}
	}
	if c.Profile != nil {
		if err := pprof.StartCPUProfile(c.Profile); err != nil {
			return fmt.Errorf("profile: %w", err)
		}
		defer pprof.StopCPUProfile()
	}
	c.Progress("find", len(offices)*cmp.Or(len(c.Only), len(offices[0].asks))*c.Rounds)
	for i, k := range offices[0].asks {
		if len(c.Only) > 0 && !slices.Contains(c.Only, k.name) {
			continue
		}
		if err := ask(ctx, r, offices, i); err != nil {
			return fmt.Errorf("%s: %w", k.name, err)
		}
	}
	return nil
}

// ask asks the i-th kind of question so many times of each office; once more before that warms what stays in memory.
func ask(ctx context.Context, r *FindReport, offices []finding, i int) error {
	rounds := offices[0].rounds
	asked, times := make([]FindAsked, len(offices)), make([][]float64, len(offices))
	for round := range rounds + 1 {
		for at, f := range offices {
			k, a := f.asks[i], &asked[at]
			if k.before != nil {
				if err := k.before(ctx, round); err != nil {
					return err
				}
			}
			w := watch{now: f.now}
			w.begin()
			found, stopped, err := k.do(ctx, round)
			if err != nil {
				return err
			}
			passed, cpu := w.lap()
			if round == 0 {
				continue
			}
			times[at], a.CPU, a.Found = append(times[at], passed), a.CPU+cpu, a.Found+float64(found)
			if stopped {
				a.Stopped++
			}
		}
	}
	n := float64(max(rounds, 1))
	for at, a := range asked {
		a.Name, a.Time, a.CPU, a.Found = offices[at].asks[i].name, spread(times[at]), a.CPU/n, a.Found/n
		if at > 0 && asked[0].Time.P50 > 0 {
			a.Growth = a.Time.P50 / asked[0].Time.P50
		}
		asked[at] = a
		r.Sizes[at].Asked = append(r.Sizes[at].Asked, a)
	}
	return nil
}

// tables is how much room each matter takes in what searching goes by.
func (s *stock) tables(ctx context.Context) (map[string]float64, error) {
	out := map[string]float64{}
	err := s.app.Store.Read(ctx, func(t *store.Tx) error {
		sizes, err := t.Sizes(ctx)
		for name, bytes := range sizes {
			out[name] = float64(bytes) / float64(s.matters)
		}
		return err
	})
	return out, err
}

// finding asks.
type finding struct {
	*stock
	rounds int
	chance *rand.Rand
	asks   []kind
}

// kind is a kind of question: do asks the i-th one and says how many were found, and whether the search stopped at its bound.
type kind struct {
	name   string
	before func(ctx context.Context, i int) error // what is not measured; may be nil
	do     func(ctx context.Context, i int) (found int, stopped bool, err error)
}

// kinds are the questions of a clerk at the county's bureau, who sees everything, and of one in a small unit.
func (f *finding) kinds() []kind {
	asks := f.letters.Asks
	in := func(list ...string) func(int) string { return func(i int) string { return list[i%len(list)] } }
	none, common := in(""), in(asks["common"]...)
	rare := func(int) string { return f.letters.firm(stockSeed, uint64(f.chance.IntN(f.matters))) } //nolint:gosec // counted from 0
	village, town := f.corner()
	small := org.Actor{Kind: org.ActorStaff, Duty: org.Duty{Role: org.RoleHandler, Unit: f.local[village].ID, Scope: f.local[village].ID}}
	middle := org.Actor{Kind: org.ActorStaff, Duty: org.Duty{Role: org.RoleHandler, Unit: f.local[town].ID, Scope: f.local[town].ID}}
	out := []kind{
		f.find("rare", f.clerk, rare, nil), f.find("common", f.clerk, common, nil), f.find("nearly_all", f.clerk, in(asks["all"]...), nil),
		f.find("two", f.clerk, in(asks["two"]...), nil), f.find("apart", f.clerk, in(asks["apart"]...), nil),
		f.find("phrase", f.clerk, in(asks["phrase"]...), nil), f.find("without", f.clerk, in(asks["without"]...), nil), f.find("newest", f.clerk, none, nil),
	}
	for _, by := range []struct {
		name  string
		limit func(*matter.Search)
	}{
		{"village", func(s *matter.Search) { s.Place = village }},
		{"town", func(s *matter.Search) { s.Place = town }},
		{"unit", func(s *matter.Search) { s.Unit = f.local[village].ID }},
		{"category", func(s *matter.Search) { s.Category = f.letters.rarest() }},
		{"state", func(s *matter.Search) { s.State = matter.StateSigned }},
		{"withdrawn", func(s *matter.Search) { s.State = matter.StateWithdrawn }},
		{"days", func(s *matter.Search) { s.From, s.To = stockEnd().Add(-800), stockEnd().Add(-770) }},
		{"year", func(s *matter.Search) {
			s.From, s.To = law.NewDay(2024, time.January, 1), law.NewDay(2024, time.December, 31)
		}},
		{"late", func(s *matter.Search) { s.Late = true }},
		{"village_days", func(s *matter.Search) { s.Place, s.From, s.To = village, stockEnd().Add(-900), stockEnd().Add(-600) }},
	} {
		out = append(out, f.find(by.name, f.clerk, none, by.limit), f.find(by.name+"_common", f.clerk, common, by.limit))
	}
	return append(out,
		f.find("small_scope", small, none, nil), f.find("small_scope_common", small, common, nil), f.find("small_scope_all", small, in(asks["all"]...), nil),
		f.find("town_scope", middle, none, nil), f.find("town_scope_common", middle, common, nil), f.find("town_scope_rare", middle, rare, nil),
		f.find("best", f.clerk, common, func(s *matter.Search) { s.Best = true }), f.find("best_two", f.clerk, in(asks["two"]...), func(s *matter.Search) { s.Best = true }),
		f.page("page2", common, 2), f.page("page50", common, 50), f.page("newest_page50", none, 50),
		f.repeated("repeats_new", kindNew), f.repeated("repeats_old", kindEdited), f.index(),
	)
}

// corner is a village that neither many nor few write about, and its town.
func (f *finding) corner() (place, town int64) {
	place = f.letters.villages[len(f.letters.villages)/3].code
	return place, gazetteer.ParentCode(place)
}

// find is a search for the first page.
func (f *finding) find(name string, who org.Actor, words func(i int) string, limit func(*matter.Search)) kind {
	return kind{name: name, do: func(ctx context.Context, i int) (int, bool, error) {
		s, err := f.search(words(i))
		if err != nil {
			return 0, false, err
		}
		if limit != nil {
			limit(&s)
		}
		page, err := f.app.Office.Find(ctx, who, s)
		return len(page.Rows), page.Short(findRows), err
	}}
}

// page is a search for a later page: where it begins is looked up before, and not measured.
func (f *finding) page(name string, words func(i int) string, n int) kind {
	from := map[string]matter.Cursor{}
	return kind{name: name, before: func(ctx context.Context, i int) error {
		s, err := f.search(words(i))
		if _, known := from[words(i)]; known || err != nil {
			return err
		}
		for range n - 1 {
			page, err := f.app.Office.Find(ctx, f.clerk, s)
			if err != nil {
				return err
			}
			if s.After = (matter.Cursor{Home: page.Next.Home, N: page.Next.N}); page.Next.IsZero() {
				break
			}
		}
		from[words(i)] = s.After
		return nil
	}, do: f.find(name, f.clerk, words, func(s *matter.Search) { s.After = from[s.Words.Text] }).do}
}

func (f *finding) search(words string) (matter.Search, error) {
	q, err := query.Parse(words)
	return matter.Search{Filter: matter.Filter{List: matter.ListAll, View: matter.ViewAny, Limit: findRows}, Words: q}, err
}

// repeated is what registering a letter asks.
func (f *finding) repeated(name, how string) kind {
	var list []letter
	for _, l := range f.asked(how, f.rounds+1, 9) {
		list = append(list, l)
	}
	return kind{name: name, do: func(ctx context.Context, i int) (int, bool, error) {
		found, err := f.app.Office.Repeats(ctx, f.clerk, f.intake(list[i]), matter.Ref{})
		return len(found.List), false, err
	}}
}

// index finds the words of a matter anew and writes them.
func (f *finding) index() kind {
	return kind{name: "index", before: func(ctx context.Context, _ int) error {
		return f.app.Store.Update(ctx, county, func(t *store.Tx) error { return t.MarkUnindexed(ctx, f.ref(f.chance.IntN(f.matters))) })
	}, do: func(ctx context.Context, _ int) (int, bool, error) {
		n, err := f.app.Office.Index(ctx)
		return n, false, err
	}}
}
