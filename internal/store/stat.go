package store

import (
	"cmp"
	"context"
	"slices"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/stat"
)

// FactState says how far the facts of a matter are counted.
type FactState int64

// The states.
const (
	FactsCounted FactState = iota
	FactsWaiting           // Folded has those that are counted, Facts those that hold
	FactsUnknown           // of a matter older than its facts: they have to be found from its events
)

// MatterFacts are the facts of a matter, encoded (stat.Encode).
type MatterFacts struct {
	Ref      matter.Ref
	State    FactState
	Recorded law.Day // when they last changed
	Facts    []byte
	Folded   []byte
	Entries  int64 // how many rows of the ledger the matter has
}

// SaveFacts keeps the facts of a matter as they are now. What was counted of it stays beside them until it is counted anew.
func (t *Tx) SaveFacts(ctx context.Context, ref matter.Ref, recorded law.Day, facts []byte) error {
	const q = `insert into stat_matter (home, matter_id, state, recorded, facts, folded, entries) values ($1, $2, 1, $3, $4, null, 0)
		on conflict (home, matter_id) do update set folded = case when stat_matter.state = 0 then stat_matter.facts else stat_matter.folded end,
		facts = excluded.facts, recorded = excluded.recorded, state = 1`
	return t.put(ctx, Named("stat_matter.save", q), ref.Home, ref.N, int64(recorded), facts)
}

const factsColumns = `home, matter_id, state, recorded, facts, folded, entries`

func scanFacts(r *Row) (MatterFacts, error) {
	var f MatterFacts
	err := r.Scan(&f.Ref.Home, &f.Ref.N, &f.State, &f.Recorded, &f.Facts, &f.Folded, &f.Entries)
	return f, err
}

// FactsOf returns the facts of matters of a home that have any.
func (t *Tx) FactsOf(ctx context.Context, home int64, matters []int64) ([]MatterFacts, error) {
	const q = `select ` + factsColumns + ` from stat_matter where home = $1 and matter_id in ($2...)`
	return CollectIn(ctx, t, Named("stat_matter.get", q), matters, scanFacts, home)
}

// FactsAfter returns the facts of the matters of a home behind one, in order of their numbers, at most limit.
func (t *Tx) FactsAfter(ctx context.Context, home, after int64, limit int) ([]MatterFacts, error) {
	const q = `select ` + factsColumns + ` from stat_matter where home = $1 and matter_id > $2 order by matter_id limit $3`
	return Collect(ctx, t, Named("stat_matter.after", q), scanFacts, home, after, limit)
}

// FactsIn returns matters of all homes whose facts are in a state that is not counted, at most limit.
func (t *Tx) FactsIn(ctx context.Context, state FactState, limit int) ([]MatterFacts, error) {
	q := factsIn(state, limit)
	return Collect(ctx, t, q.stmt("stat_matter.in"), scanFacts, q.args...)
}

func factsIn(state FactState, limit int) *query {
	return newQuery(`select ` + factsColumns + ` from stat_matter where state = `).arg(int64(state)).text(` and state <> 0 order by home, matter_id limit `).arg(limit)
}

// CountFacts notes that the facts of matters of a home are counted, with so many rows of the ledger in all.
func (t *Tx) CountFacts(ctx context.Context, home int64, facts []MatterFacts) error {
	return inRuns(facts, func(run []MatterFacts) error {
		q := newQuery(`insert into stat_matter (home, matter_id, state, recorded, facts, folded, entries) values `)
		for i, f := range run {
			q.comma(i).text(`(`).arg(home).text(`, `).arg(f.Ref.N).text(`, 0, 0, `).arg([]byte{}).text(`, null, `).arg(f.Entries).text(`)`)
		}
		q.text(` on conflict (home, matter_id) do update set state = 0, folded = null, entries = excluded.entries`)
		_, err := t.Exec(ctx, q.stmt("stat_matter.counted"), q.args...)
		return err
	})
}

// mostRun is how many rows are written or looked up in one statement.
const mostRun = 64

// inRuns takes a list in runs of a power of two each, so that their statements have a handful of texts.
func inRuns[T any](list []T, do func([]T) error) error {
	for n := mostRun; len(list) > 0; {
		if len(list) < n {
			n /= 2
			continue
		}
		if err := do(list[:n]); err != nil {
			return err
		}
		list = list[n:]
	}
	return nil
}

// ForgetCounted drops the ledger and the sums of a home; every matter waits to be counted anew.
func (t *Tx) ForgetCounted(ctx context.Context, home int64) error {
	for _, st := range []Stmt{
		Named("stat_matter.forget", `update stat_matter set state = 1, folded = null, entries = 0 where home = $1 and state <> 2`),
		Named("stat_fact.forget", `delete from stat_fact where home = $1`),
		Named("stat_cell.forget", `delete from stat_cell where home = $1`),
		Named("stat_unit.forget", `delete from stat_unit where home = $1`),
	} {
		if _, err := t.Exec(ctx, st, home); err != nil {
			return err
		}
	}
	return nil
}

// ForgetSums drops the sums of a home; they are made anew from its ledger.
func (t *Tx) ForgetSums(ctx context.Context, home int64) error {
	if _, err := t.Exec(ctx, Named("stat_cell.forget", `delete from stat_cell where home = $1`), home); err != nil {
		return err
	}
	return t.SetFoldState(ctx, home, FoldState{})
}

// FoldState says as of which day the sums of a home stand; NoDay while they are being made anew: then as of Making, and of what is counted by days up to Made.
type FoldState struct{ Day, Making, Made law.Day }

// Through is the day as of which there are sums.
func (f FoldState) Through() law.Day { return max(f.Day, f.Making) }

// Sums reports whether a fact is in the sums.
func (f FoldState) Sums(fact stat.Fact) bool {
	return fact.Day <= f.Through() && (f.Day.Known() || fact.Basis <= f.Made)
}

// FoldDay returns the day as of which the sums of a home stand; NoDay where there are none.
func (t *Tx) FoldDay(ctx context.Context, home int64) (law.Day, error) {
	f, err := t.FoldState(ctx, home)
	return f.Day, err
}

// FoldState returns how far the sums of a home are made.
func (t *Tx) FoldState(ctx context.Context, home int64) (FoldState, error) {
	const q = `select day, making, made from stat_fold where home = $1`
	f, err := One(ctx, t, Named("stat_fold.get", q), func(r *Row) (f FoldState, err error) {
		err = r.Scan(&f.Day, &f.Making, &f.Made)
		return f, err
	}, home)
	if errs.KindOf(err) == errs.NotFound {
		return FoldState{}, nil
	}
	return f, err
}

// SetFoldState notes how far the sums of a home are made.
func (t *Tx) SetFoldState(ctx context.Context, home int64, f FoldState) error {
	const q = `insert into stat_fold (home, day, making, made) values ($1, $2, $3, $4)
		on conflict (home) do update set day = excluded.day, making = excluded.making, made = excluded.made`
	_, err := t.Exec(ctx, Named("stat_fold.set", q), home, int64(f.Day), int64(f.Making), int64(f.Made))
	return err
}

// FoldedBefore returns the homes whose sums stand as of an earlier day.
func (t *Tx) FoldedBefore(ctx context.Context, day law.Day) ([]int64, error) {
	const q = `select home from stat_fold where day < $1 order by home`
	return Collect(ctx, t, Named("stat_fold.before", q), Int64, int64(day))
}

// FacetID returns the number of facets in a home, a new one if they have none yet.
func (t *Tx) FacetID(ctx context.Context, home int64, f stat.Facets) (int64, error) {
	const get = `select facet_id from stat_facet where home = $1 and place = $2 and category = $3 and channel = $4 and purpose = $5 and level = $6 and sealed = $7`
	args := []any{home, f.Place, f.Category, string(f.Channel), string(f.Purpose), string(f.Level), f.Sealed}
	id, err := One(ctx, t, Named("stat_facet.get", get), Int64, args...)
	if errs.KindOf(err) != errs.NotFound {
		return id, err
	}
	const next = `select coalesce(max(facet_id), 0) + 1 from stat_facet where home = $1`
	if id, err = One(ctx, t, Named("stat_facet.next", next), Int64, home); err != nil {
		return 0, err
	}
	const add = `insert into stat_facet (home, facet_id, place, category, channel, purpose, level, sealed) values ($1, $8, $2, $3, $4, $5, $6, $7)`
	_, err = t.Exec(ctx, Named("stat_facet.add", add), append(args, id)...)
	return id, err
}

// LedgerFact is a fact as it lies in the ledger.
type LedgerFact struct {
	stat.Fact
	Ref      matter.Ref
	Entry    int64
	Recorded law.Day
}

// AddFacts adds rows of a home to the ledger, each with the number of its facets, in the order in which they are kept.
func (t *Tx) AddFacts(ctx context.Context, home int64, facts []LedgerFact, facet func(stat.Facets) int64) error {
	type row struct {
		*LedgerFact

		measure int
	}
	rows := make([]row, len(facts))
	for i := range facts {
		rows[i] = row{&facts[i], facts[i].Measure.Code()}
	}
	slices.SortFunc(rows, func(a, b row) int {
		return cmp.Or(a.measure-b.measure, cmp.Compare(a.Unit, b.Unit), cmp.Compare(a.Basis, b.Basis), cmp.Compare(a.Ref.N, b.Ref.N), cmp.Compare(a.Entry, b.Entry))
	})
	return inRuns(rows, func(run []row) error {
		q := newQuery(`insert into stat_fact (home, measure, basis, matter_id, entry, day, recorded, unit_id, to_id, n, days, facet_id) values `)
		q.args = append(q.args, home)
		for i, f := range run {
			q.comma(i).text(`($1, `)
			for _, n := range []int64{
				int64(f.measure), int64(f.Basis), f.Ref.N, f.Entry, int64(f.Day), int64(f.Recorded), int64(f.Unit), int64(f.To), int64(f.N), int64(f.Days),
			} {
				q.arg(n).text(`, `)
			}
			q.arg(facet(f.Facets)).text(`)`)
		}
		_, err := t.Exec(ctx, q.stmt("stat_fact.add"), q.args...)
		return err
	})
}

const (
	ledgerOver    = `f.home, f.measure, f.basis, f.matter_id, f.entry, f.day, f.recorded, f.unit_id, f.to_id, f.n, f.days, c.place, c.category, c.channel, c.purpose, c.level, c.sealed`
	ledgerColumns = ledgerOver + `
	from stat_fact f join stat_facet c on c.home = f.home and c.facet_id = f.facet_id`
)

func scanLedger(r *Row) (LedgerFact, error) {
	var f LedgerFact
	code := 0
	err := r.Scan(&f.Ref.Home, &code, &f.Basis, &f.Ref.N, &f.Entry, &f.Day, &f.Recorded, &f.Unit, &f.To, &f.N, &f.Days, &f.Place, &f.Category, &f.Channel, &f.Purpose, &f.Level, &f.Sealed)
	f.Measure = stat.MeasureOf(code)
	return f, err
}

// LedgerAsk says which rows of the ledger of a home are read.
type LedgerAsk struct {
	Measures []stat.Measure
	From, To law.Day // the basis
	Holds    law.Day // rows that hold by then
	Units    []int64 // of these alone; nil, and more than MaxList, for all
	Facets   FacetsAsk
}

// FacetsAsk says of which matters facts are read.
type FacetsAsk struct {
	Places     [][2]int64 // whose place has a code in one of these ranges; nil for all
	Categories []string   // of one of these; nil for all
}

// EachFact gives rows of the ledger of a home. Each may not use the transaction.
func (t *Tx) EachFact(ctx context.Context, home int64, ask LedgerAsk, each func(LedgerFact) error) error {
	for _, m := range ask.Measures {
		q := ledgerOf(home, m, ask)
		if err := t.eachLedger(ctx, q.stmt("stat_fact.period"), q.args, each); err != nil {
			return err
		}
	}
	return nil
}

func ledgerOf(home int64, m stat.Measure, ask LedgerAsk) *query {
	q := newQuery(`select `+ledgerColumns+` where f.home = `).arg(home).text(` and f.measure = `).arg(m.Code()).text(` and f.basis between `).arg(int64(ask.From)).
		text(` and `).arg(int64(ask.To)).text(` and f.day <= `).arg(int64(ask.Holds)).facets(home, ask.Facets)
	if len(ask.Units) > 0 && len(ask.Units) <= MaxList {
		return q.text(` and f.unit_id in (`).numbers(ask.Units).text(`)`)
	}
	return q.text(` and f.unit_id in (select u.unit_id from stat_unit u where u.home = `).arg(home).text(`)`)
}

// all reports whether facts of all matters are read.
func (a FacetsAsk) all() bool { return len(a.Places) == 0 && len(a.Categories) == 0 }

// facets leaves of facts, or of their facets, f those of some matters.
func (q *query) facets(home int64, ask FacetsAsk) *query {
	if ask.all() {
		return q
	}
	q.text(` and f.facet_id in (select s.facet_id from stat_facet s where s.home = `).arg(home)
	if len(ask.Places) > 0 {
		q.text(` and (1 = 0`)
		for _, p := range ask.Places {
			q.text(` or s.place between `).arg(p[0]).text(` and `).arg(p[1])
		}
		q.text(`)`)
	}
	if len(ask.Categories) > 0 {
		q.text(` and s.category in (`)
		for i, c := range ask.Categories {
			q.comma(i).arg(c)
		}
		q.text(`)`)
	}
	return q.text(`)`)
}

// FactSpan are days of the ledger by which facts of a measure are counted.
type FactSpan struct {
	Measure  stat.Measure
	Unit     int64 // of it alone, of all spans of a page or of none
	From, To law.Day
}

// MostSpans is about how many spans are asked for at once.
const MostSpans = 16

// FactPage asks for the next rows of the ledger of a home: those of the latest basis first, and of one basis those of the latest matters.
type FactPage struct {
	Spans  []FactSpan // at least one, few
	Holds  law.Day    // rows that hold by then
	Units  []int64    // as in LedgerAsk
	Facets FacetsAsk
	Basis  law.Day // of this basis only matters with a number below Before; NoDay to begin with
	Before int64
	Limit  int
	Stands bool // what was counted and taken back again is left out, and what is left of it is one row (stat.Measure.Stands)
}

// FactPage returns them.
func (t *Tx) FactPage(ctx context.Context, home int64, ask FactPage) ([]LedgerFact, error) {
	q := factPage(home, ask)
	return Collect(ctx, t, q.stmt("stat_fact.page"), scanLedger, q.args...)
}

// factPage asks for each span by itself: joined with a list of them, PostgreSQL reads the whole ledger.
func factPage(home int64, ask FactPage) *query {
	q, apart := newQuery(`with `), ask.Spans[0].Unit != 0
	if !apart {
		q.text(`u(unit_id) as (select s.unit_id from stat_unit s where s.home = `).arg(home)
		if len(ask.Units) > 0 && len(ask.Units) <= MaxList {
			q.text(` and s.unit_id in (`).numbers(ask.Units).text(`)`)
		}
		q.text(`), `)
	}
	q.text(`k(facet_id) as (select f.facet_id from stat_facet f where f.home = `).arg(home).facets(home, ask.Facets).text(`) select ` + ledgerOver + ` from (select `)
	if ask.Stands {
		q.text(`x.home, x.measure, x.basis, x.matter_id, min(x.entry) as entry, max(x.day) as day, max(x.recorded) as recorded, x.unit_id, x.to_id, cast(sum(x.n) as bigint) as n, x.days, x.facet_id`)
	} else {
		q.text(`x.*`)
	}
	q.text(` from (`)
	size := 1
	for size < len(ask.Spans) {
		size *= 2
	}
	for i := range size { // a handful of texts: what is missing is a span of no day
		s := FactSpan{From: 1}
		if i < len(ask.Spans) {
			s = ask.Spans[i]
		}
		if i > 0 {
			q.text(` union all `)
		}
		if apart {
			q.text(`select f.* from stat_fact f where f.unit_id = `).arg(s.Unit)
		} else {
			q.text(`select f.* from u cross join stat_fact f where f.unit_id = u.unit_id`)
		}
		q.text(` and f.home = `).arg(home).text(` and f.measure = `).arg(s.Measure.Code()).text(` and f.basis between `).arg(int64(s.From)).text(` and `).arg(int64(s.To)).
			text(` and f.day <= `).arg(int64(ask.Holds))
		if !ask.Facets.all() {
			q.text(` and f.facet_id in (select k.facet_id from k)`)
		}
		if ask.Basis.Known() {
			q.text(` and (f.basis < `).arg(int64(ask.Basis)).text(` or f.matter_id < `).arg(ask.Before).text(`)`)
		}
	}
	q.text(`) x`)
	if ask.Stands {
		q.text(` group by x.home, x.measure, x.basis, x.matter_id, x.unit_id, x.to_id, x.days, x.facet_id having sum(x.n) <> 0`)
	}
	return q.text(` order by x.basis desc, x.matter_id desc limit `).arg(ask.Limit).
		text(`) f join stat_facet c on c.home = `).arg(home).text(` and c.facet_id = f.facet_id order by f.basis desc, f.matter_id desc`)
}

// EachFactAhead gives the rows of the ledger of a home that hold from a day after one and up to another, and were recorded before it. Each may not use the transaction.
func (t *Tx) EachFactAhead(ctx context.Context, home int64, after, to law.Day, each func(LedgerFact) error) error {
	q := ledgerAhead(home, after, to)
	return t.eachLedger(ctx, q.stmt("stat_fact.ahead"), q.args, each)
}

func ledgerAhead(home int64, after, to law.Day) *query {
	return newQuery(`select ` + ledgerColumns + ` where f.home = `).arg(home).text(` and f.day > f.recorded and f.day > `).arg(int64(after)).text(` and f.day <= `).arg(int64(to)).
		text(` order by f.day`)
}

// EachFactOfHome gives all rows of the ledger of a home. Each may not use the transaction.
func (t *Tx) EachFactOfHome(ctx context.Context, home int64, each func(LedgerFact) error) error {
	const q = `select ` + ledgerColumns + ` where f.home = $1`
	return t.eachLedger(ctx, Named("stat_fact.home", q), []any{home}, each)
}

func (t *Tx) eachLedger(ctx context.Context, st Stmt, args []any, each func(LedgerFact) error) error {
	return t.query(ctx, st, args, func(r *Row) error {
		f, err := scanLedger(r)
		if err != nil {
			return err
		}
		return each(f)
	})
}

// FirstMonth returns the first month in which anything is counted in a home; 0 where there are no sums.
func (t *Tx) FirstMonth(ctx context.Context, home int64) (int, error) {
	const q = `select coalesce(min(month), 0) from stat_cell where home = $1 and dim = 'all' and unit_id = 0 and month > 0`
	n, err := One(ctx, t, Named("stat_cell.first", q), Int64, home)
	return int(n), err
}

// FirstDay returns the earliest day by which facts of some measures are counted in a home, NoDay where there are none.
func (t *Tx) FirstDay(ctx context.Context, home int64, measures []stat.Measure) (first law.Day, err error) {
	for _, m := range measures {
		q := firstDay(home, m)
		n, err := One(ctx, t, q.stmt("stat_fact.first"), Int64, q.args...)
		if err != nil {
			return first, err
		}
		if day := law.Day(n); day.Known() && (!first.Known() || day < first) { //nolint:gosec // as it was written
			first = day
		}
	}
	return first, nil
}

func firstDay(home int64, m stat.Measure) *query {
	return newQuery(`select coalesce(min((select min(f.basis) from stat_fact f where f.home = `).arg(home).text(` and f.measure = `).arg(m.Code()).
		text(` and f.unit_id = u.unit_id)), 0) from stat_unit u where u.home = `).arg(home)
}

// FactsUncounted returns how many matters have facts that are not counted, at most so many.
func (t *Tx) FactsUncounted(ctx context.Context, most int) (int64, error) {
	const q = `select count(*) from (select 1 from stat_matter where state <> 0 limit $1) x`
	return One(ctx, t, Named("stat_matter.count", q), Int64, most)
}

// AddStatUnit notes that a unit has facts in a home.
func (t *Tx) AddStatUnit(ctx context.Context, home int64, unit org.UnitID) error {
	const q = `insert into stat_unit (home, unit_id) values ($1, $2) on conflict (home, unit_id) do nothing`
	_, err := t.Exec(ctx, Named("stat_unit.add", q), home, int64(unit))
	return err
}

// StatHomes returns the homes in which some units have facts.
func (t *Tx) StatHomes(ctx context.Context, units []int64) ([]int64, error) {
	const q = `select distinct home from stat_unit where unit_id in ($1...) order by home`
	return CollectIn(ctx, t, Named("stat_unit.homes", q), units, Int64)
}

// StatUnits returns the units that have facts in a home.
func (t *Tx) StatUnits(ctx context.Context, home int64) ([]org.UnitID, error) {
	const q = `select unit_id from stat_unit where home = $1 order by unit_id`
	return Collect(ctx, t, Named("stat_unit.of", q), func(r *Row) (u org.UnitID, err error) {
		err = r.Scan(&u)
		return u, err
	}, home)
}

// MattersSeen returns the rows of those matters of one home that the scope sees, out of some.
func (t *Tx) MattersSeen(ctx context.Context, scope org.Scope, home int64, matters []int64) ([]matter.Row, error) {
	q := mattersSeen(scope, home, matters)
	return Collect(ctx, t, q.stmt("matter.seen_rows"), scanMatter, q.args...)
}

func mattersSeen(scope org.Scope, home int64, matters []int64) *query {
	return newQuery(`select ` + matterColumns + ` from matter m where m.home = `).arg(home).text(` and m.matter_id in (`).numbers(matters).text(`)`).scope(scope)
}
