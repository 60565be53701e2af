package store

import (
	"cmp"
	"context"
	"math"
	"slices"

	"huiyin/internal/matter"
	"huiyin/internal/org"
)

// A search walks down the numbers of each home, the newest first, in rounds. What a search is narrowed to is kept in indexes that hold numbers in order: the words
// in the full text, the scope under its units, a place, a category, a day, a state each in its own (see sourcesOf). In each round every one of them says which
// matters it has next, and the one that reaches furthest down for as many drives: all others have more than it to look at. What it has is looked up and narrowed to
// what fits. So a rare word among many matters and a common word in a small unit cost the same, however many matters there are. After so many matters it
// stops and says where to go on.
const (
	findRound = 500 // at most MaxList
	findLook  = 20 * findRound
	findHomes = 64 // walked side by side

	worthLookup = 300    // hits in the full text are read in the time in which one matter is looked up there, once its parts are brought together
	mostApart   = 20_000 // numbers, whatever the words
)

// Find returns at most f.Limit matters within the scope that fit a search, the newest first: those registered last, of all homes (of more than 64 homes,
// those of 64 at a time). Next is where to go on: the last one returned, or the last one looked at where the bound was reached before; zero where there is no more.
func (t *Tx) Find(ctx context.Context, scope org.Scope, who org.UserID, unit org.UnitID, f matter.Search) (rows []matter.Row, next matter.Ref, err error) {
	limit := min(max(f.Limit, 1), matter.MaxPage)
	if f.Best {
		limit = matter.BestReach
	}
	s := finding{Tx: t, scope: scope, who: who, unit: unit, f: f, limit: limit, most: findRound}
	if s.sources, err = s.sourcesOf(ctx); err != nil {
		return nil, matter.Ref{}, err
	}
	return s.run(ctx, findHomes)
}

// run walks the homes, so many side by side.
func (s *finding) run(ctx context.Context, side int) (rows []matter.Row, next matter.Ref, err error) {
	homes, err := s.store.engine.homes(ctx, s.Tx)
	if err != nil {
		return nil, matter.Ref{}, err
	}
	after := matter.Ref{Home: s.f.After.Home, N: s.f.After.N}
	for part := range slices.Chunk(homes, side) {
		if !after.IsZero() && !slices.Contains(part, after.Home) {
			continue // walked before
		}
		if rows, next, err = s.merge(ctx, part, after, rows); err != nil || !next.IsZero() {
			return rows, next, err
		}
		after = matter.Ref{}
	}
	return rows, matter.Ref{}, nil
}

// finding is one search.
type finding struct {
	*Tx
	scope   org.Scope
	who     org.UserID
	unit    org.UnitID
	f       matter.Search
	limit   int
	most    int // in a round
	sources []source
}

// spot is a place in the order of what is found: when it was registered, its home, its number.
type spot struct{ us, home, n int64 }

func (a spot) compare(b spot) int {
	return cmp.Or(cmp.Compare(a.us, b.us), cmp.Compare(a.home, b.home), cmp.Compare(a.n, b.n))
}

// walk goes down the numbers of one home.
type walk struct {
	home   int64
	before int64 // what has a smaller number has not been looked at
	at     spot  // of the last one looked at
	rows   []matter.Row
	spots  []spot // of the rows
	left   int    // how many may still be looked at
	round  int
	looked int // so far
	fit    int // of those
	done   bool
}

// top is where the walk stands: at the row it found next or, where it has to look for one, at the last one looked at.
func (w *walk) top() spot {
	if len(w.rows) > 0 {
		return w.spots[0]
	}
	return w.at
}

// merge adds to what was found what is found in some homes, in the order in which it was registered. A home that has to look further before it can say what it has next
// goes on; where it may not, nothing behind that place is given.
func (s *finding) merge(ctx context.Context, homes []int64, after matter.Ref, rows []matter.Row) (_ []matter.Row, next matter.Ref, err error) {
	walks, err := s.walks(ctx, homes, after)
	if err != nil {
		return nil, matter.Ref{}, err
	}
	for len(walks) > 0 {
		w := slices.MaxFunc(walks, func(a, b *walk) int { return a.top().compare(b.top()) })
		switch {
		case len(w.rows) > 0 && len(rows) == s.limit:
			return rows, rows[s.limit-1].Ref, nil
		case len(w.rows) > 0:
			rows, w.rows, w.spots = append(rows, w.rows[0]), w.rows[1:], w.spots[1:]
		case w.done:
			walks = slices.DeleteFunc(walks, func(x *walk) bool { return x == w })
		case w.left == 0 && len(rows) == s.limit:
			return rows, rows[s.limit-1].Ref, nil
		case w.left == 0:
			return rows, matter.Ref{Home: w.home, N: w.at.n}, nil
		default:
			if err := s.look(ctx, w, len(homes) > 1); err != nil {
				return nil, matter.Ref{}, err
			}
		}
	}
	return rows, matter.Ref{}, nil
}

// walks begins the walks of some homes. Behind a matter, each begins at what was registered before it.
func (s *finding) walks(ctx context.Context, homes []int64, after matter.Ref) ([]*walk, error) {
	start := spot{us: math.MaxInt64}
	if !after.IsZero() {
		start = spot{home: after.Home, n: after.N}
		if len(homes) > 1 {
			var err error
			if start.us, err = s.registered(ctx, after.Home, after.N); err != nil {
				return nil, err
			}
		}
	}
	left := max(cmp.Or(s.store.opt.Look, findLook)/len(homes), 1)
	out := make([]*walk, len(homes))
	for i, home := range homes {
		w := &walk{home: home, before: 1 << searchBits, at: start, left: left, round: min(2*(s.limit+1), s.most)}
		switch {
		case home == after.Home:
			w.before = after.N
		case !after.IsZero():
			var err error
			if w.before, err = s.registeredBefore(ctx, home, start); err != nil {
				return nil, err
			}
		}
		out[i] = w
	}
	return out, nil
}

// look goes one round: it asks the sources, keeps of what the sparsest of them has next what has the words, looks that up, and keeps what fits.
func (s *finding) look(ctx context.Context, w *walk, several bool) error {
	n := min(w.round, w.left)
	said, err := s.said(ctx, w, n)
	if err != nil {
		return err
	}
	numbers, err := s.candidates(ctx, w, n, said)
	if err != nil {
		return err
	}
	w.done = len(numbers) < n
	if len(numbers) == 0 {
		return nil
	}
	w.left, w.looked = w.left-len(numbers), w.looked+len(numbers)
	w.before = numbers[len(numbers)-1]
	w.at = spot{home: w.home, n: w.before}
	if numbers, err = s.withWords(ctx, w.home, numbers, said); err != nil {
		return err
	}
	q := fitting(s.scope, s.who, s.unit, w.home, numbers, s.f)
	if w.rows, err = Collect(ctx, s.Tx, q.stmt("matter.find"), scanMatter, q.args...); err != nil {
		return err
	}
	slices.SortFunc(w.rows, func(a, b matter.Row) int { return cmp.Compare(b.Ref.N, a.Ref.N) })
	w.fit += len(w.rows)
	w.round = min(w.nextRound(s.limit+1), s.most)
	return s.place(ctx, w, several)
}

// nextRound is how many are to be looked at next so that the page is likely full, as many fitting as until now: at most twice as many as before.
func (w *walk) nextRound(wanted int) int {
	if w.fit == 0 {
		return 2 * w.round
	}
	const leastRound, spare = 8, 4 // a quarter more than is likely needed
	need := w.looked * max(wanted-w.fit, 1) / w.fit
	return min(max(need+need/spare, leastRound), 2*w.round)
}

// said is which numbers of a home the full text has next, the greatest first.
type said struct {
	numbers []int64
	down    int64 // to this number all are known
}

// said asks the full text; without words there is nothing that anything could lack.
func (s *finding) said(ctx context.Context, w *walk, n int) (said, error) {
	if s.f.Words.Empty() {
		return said{down: math.MaxInt64}, nil
	}
	base := w.home << searchBits
	found, err := s.MatchText(ctx, Search{Query: s.f.Words, From: base, Before: base + w.before, Limit: n})
	out := said{numbers: found}
	for i := range found {
		found[i] -= base
	}
	if len(found) == n {
		out.down = found[n-1]
	}
	return out, err
}

// apart is how far apart two numbers may lie so that what lies between them is read sooner than the next is looked up by itself.
func (x said) apart() int64 {
	k := len(x.numbers)
	if k == 0 {
		return mostApart
	}
	return min(worthLookup*(x.numbers[0]-x.numbers[k-1]+1)/int64(k), mostApart)
}

// withWords keeps the numbers of matters in whose text the words stand.
func (s *finding) withWords(ctx context.Context, home int64, numbers []int64, text said) ([]int64, error) {
	if s.f.Words.Empty() {
		return numbers, nil
	}
	var kept, ask []int64
	for _, n := range numbers {
		switch _, has := slices.BinarySearchFunc(text.numbers, n, func(a, n int64) int { return cmp.Compare(n, a) }); {
		case has:
			kept = append(kept, n)
		case n < text.down:
			ask = append(ask, n)
		}
	}
	found, err := s.AmongText(ctx, s.f.Words, home, ask, text.apart())
	return append(kept, found...), err
}

// place says of what was found, and of the last one looked at, where they stand among what other homes have.
func (s *finding) place(ctx context.Context, w *walk, several bool) error {
	at := map[int64]int64{}
	if several {
		const registered = `select matter_id, at_us from event where home = $1 and seq = 1 and matter_id in ($2...)`
		if _, err := Collect(ctx, s.Tx, Named("event.registered_all", registered), func(r *Row) (n int64, err error) {
			var us int64
			err = r.Scan(&n, &us)
			at[n] = us
			return n, err
		}, w.home, List(numbersOf(w.rows, w.before))); err != nil {
			return err
		}
	}
	w.at.us = at[w.at.n]
	w.spots = make([]spot, len(w.rows))
	for i, r := range w.rows {
		w.spots[i] = spot{us: at[r.Ref.N], home: w.home, n: r.Ref.N}
	}
	return nil
}

// numbersOf lists the numbers of rows, with one more.
func numbersOf(rows []matter.Row, more int64) []int64 {
	out := []int64{more}
	for _, r := range rows {
		out = append(out, r.Ref.N)
	}
	return out
}

// candidates are what the sparsest source has next, at most n, the greatest first: that which reaches furthest down with as many.
func (s *finding) candidates(ctx context.Context, w *walk, n int, text said) (numbers []int64, err error) {
	reach := int64(math.MaxInt64)
	take := func(found []int64) {
		r := int64(0)
		if len(found) == n {
			r = found[n-1]
		}
		if r < reach || r == reach && len(found) < len(numbers) {
			numbers, reach = found, r
		}
	}
	if !s.f.Words.Empty() {
		take(slices.Clone(text.numbers[:min(n, len(text.numbers))]))
	}
	for i := 0; i < len(s.sources); i++ {
		found, ok, err := s.next(ctx, s.sources[i], w.home, w.before, n)
		if err != nil {
			return nil, err
		}
		if !ok {
			s.sources = slices.Delete(s.sources, i, i+1)
			i--
			continue
		}
		take(found)
	}
	if reach == math.MaxInt64 {
		numbers, _, err = s.next(ctx, source{{table: `matter`}}, w.home, w.before, n)
	}
	return numbers, err
}

// homesByIndex lists the homes that have matters, the greatest first.
func homesByIndex(ctx context.Context, t *Tx) ([]int64, error) {
	const homes = `with recursive h (v) as (select max(home) from matter union all select (select max(m.home) from matter m where m.home < h.v) from h where h.v is not null)
		select v from h where v is not null`
	return Collect(ctx, t, Named("matter.homes", homes), Int64)
}

// registered is when the matter with a number was registered or, where there is none, the one before it: numbers are given in the order of time.
func (t *Tx) registered(ctx context.Context, home, n int64) (int64, error) {
	const q = `select coalesce((select at_us from event where home = $1 and matter_id <= $2 and seq = 1 order by matter_id desc limit 1), 0)`
	return One(ctx, t, Named("event.registered", q), Int64, home, n)
}

// registeredBefore is the number from which on the matters of a home stand at a spot or above it.
func (t *Tx) registeredBefore(ctx context.Context, home int64, at spot) (int64, error) {
	low, high := int64(0), int64(1)<<searchBits // what is smaller than low stands below, what is not smaller than high does not
	for low < high {
		middle := low + (high-low)/2
		us, err := t.registered(ctx, home, middle)
		if err != nil {
			return 0, err
		}
		if (spot{us, home, 0}).compare(spot{at.us, at.home, 0}) < 0 {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low, nil
}

// fitting is the statement that narrows candidates of one home. The limit, which they do not reach, keeps an engine from going by the index of a
// condition, under which lie matters without number.
func fitting(scope org.Scope, who org.UserID, unit org.UnitID, home int64, candidates []int64, f matter.Search) *query {
	q := newQuery(`select ` + matterColumns + ` from (select ` + matterColumns + ` from matter m where m.home = `).arg(home)
	q.text(` and m.matter_id in (`).numbers(candidates).text(`) limit `).arg(MaxList).text(`) m where `)
	q.home = home
	q.list(who, unit, f.Filter, false).scope(scope)
	if !f.Words.Empty() { // never in the full text, whatever may lie there
		q.text(` and m.sealed = `).arg(false)
	}
	if f.State != matter.StateNone {
		q.text(` and m.state = `).arg(string(f.State))
	}
	if f.Channel != "" {
		q.text(` and m.channel = `).arg(string(f.Channel))
	}
	if f.From.Known() {
		q.text(` and m.received_day >= `).arg(f.From.String())
	}
	if f.To.Known() {
		q.text(` and m.received_day <= `).arg(f.To.String())
	}
	if f.Late {
		q.text(` and m.due_day < `).arg(f.Today.String()).text(` and m.is_open = `).arg(true)
	}
	return q
}
