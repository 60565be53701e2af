package store

import (
	"context"

	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
)

// AdviceRow is what was proposed when somebody decided, and what they took. Seq is the event of the decision.
type AdviceRow struct {
	Matter   matter.Ref
	Seq      int
	Kind     string // "category" or "unit"
	Model    string // by which it was proposed
	Proposed string // JSON, the best first
	First    string // code of the best, "" where nothing was proposed
	Taken    string
	Rank     int // of what was taken among the proposals, from 1; 0: none of them
	Role     org.Role
	Unit     org.UnitID
	Day      law.Day
}

// InsertAdvice adds a decision. Those before it on the same matter no longer stand.
func (t *Tx) InsertAdvice(ctx context.Context, a AdviceRow) error {
	const fall = `update advice set stands = $4 where home = $1 and matter_id = $2 and kind = $3`
	if _, err := t.Exec(ctx, Named("advice.fall", fall), a.Matter.Home, a.Matter.N, a.Kind, false); err != nil {
		return err
	}
	const q = `insert into advice (home, matter_id, seq, kind, model, proposed, first, taken, rank, role, unit_id, day, stands)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`
	_, err := t.Exec(ctx, Named("advice.insert", q), a.Matter.Home, a.Matter.N, a.Seq, a.Kind, a.Model, a.Proposed, a.First, a.Taken, a.Rank, string(a.Role), int64(a.Unit),
		a.Day.String(), true)
	return err
}

// Advices returns what was proposed on a matter, oldest first.
func (t *Tx) Advices(ctx context.Context, ref matter.Ref) ([]AdviceRow, error) {
	const q = `select seq, kind, model, proposed, first, taken, rank, role, unit_id, day from advice where home = $1 and matter_id = $2 order by kind, seq`
	return Collect(ctx, t, Named("advice.list", q), func(r *Row) (AdviceRow, error) {
		a := AdviceRow{Matter: ref}
		var day string
		err := r.Scan(&a.Seq, &a.Kind, &a.Model, &a.Proposed, &a.First, &a.Taken, &a.Rank, &a.Role, &a.Unit, &day)
		if err == nil {
			err = a.Day.UnmarshalText([]byte(day))
		}
		return a, err
	}, ref.Home, ref.N)
}

// AdviceCount is how often what was proposed was taken, of the decisions for one thing.
type AdviceCount struct {
	Taken  string // what was decided on
	Number int
	Asked  int // decisions on which something was proposed
	First  int // the first proposal was taken
	Any    int // one of the proposals was taken
}

// AdviceTaken counts the standing decisions of a kind since a day, by what was decided on.
func (t *Tx) AdviceTaken(ctx context.Context, kind string, since law.Day) ([]AdviceCount, error) {
	q := adviceTaken(kind, since)
	return Collect(ctx, t, q.stmt("advice.taken"), func(r *Row) (AdviceCount, error) {
		var c AdviceCount
		err := r.Scan(&c.Taken, &c.Number, &c.Asked, &c.First, &c.Any)
		return c, err
	}, q.args...)
}

func adviceTaken(kind string, since law.Day) *query {
	return newQuery(`select taken, count(*), sum(case when first <> '' then 1 else 0 end), sum(case when rank = 1 then 1 else 0 end), sum(case when rank > 0 then 1 else 0 end)
		from advice where kind = `).arg(kind).text(` and stands = `).arg(true).text(` and day >= `).arg(since.String()).text(` group by taken order by count(*) desc, taken limit 1000`)
}

// AdvicePair is how often one thing was proposed first and another taken.
type AdvicePair struct {
	First, Taken string
	Number       int
}

// AdviceConfused returns the pairs that were most often confused since a day.
func (t *Tx) AdviceConfused(ctx context.Context, kind string, since law.Day, limit int) ([]AdvicePair, error) {
	const q = `select first, taken, count(*) from advice where kind = $1 and stands = $2 and day >= $3 and first <> '' and rank <> 1
		group by first, taken order by count(*) desc, first, taken limit $4`
	return Collect(ctx, t, Named("advice.confused", q), func(r *Row) (AdvicePair, error) {
		var p AdvicePair
		err := r.Scan(&p.First, &p.Taken, &p.Number)
		return p, err
	}, kind, true, since.String(), limit)
}

// AdviceMatters returns the matters within a scope on which one thing was proposed first and another taken since a day, the newest decisions first.
func (t *Tx) AdviceMatters(ctx context.Context, scope org.Scope, kind string, p AdvicePair, since law.Day, limit int) ([]matter.Row, error) {
	q := adviceMatters(scope, kind, p, since, limit)
	return Collect(ctx, t, q.stmt("advice.matters"), scanMatter, q.args...)
}

func adviceMatters(scope org.Scope, kind string, p AdvicePair, since law.Day, limit int) *query {
	q := newQuery(`select ` + matterColumns + ` from advice a join matter m on m.home = a.home and m.matter_id = a.matter_id where a.kind = `).arg(kind)
	q.text(` and a.stands = `).arg(true).text(` and a.first = `).arg(p.First).text(` and a.taken = `).arg(p.Taken).text(` and a.day >= `).arg(since.String())
	return q.text(` and m.sealed = `).arg(false).scope(scope).text(` order by a.day desc, a.home desc, a.matter_id desc limit `).arg(limit)
}

// Decided is an unsealed matter with the category that was decided on.
type Decided struct {
	N        int64
	Category string
	OpenedUS int64
}

// DecidedBefore returns the unsealed matters of a home that have a category, newest number first, before a number.
func (t *Tx) DecidedBefore(ctx context.Context, home, before int64, limit int) ([]Decided, error) {
	const q = `select matter_id, category, opened_us from matter where home = $1 and matter_id < $2 and sealed = $3 and category <> '' order by matter_id desc limit $4`
	return Collect(ctx, t, Named("matter.decided", q), func(r *Row) (Decided, error) {
		var d Decided
		err := r.Scan(&d.N, &d.Category, &d.OpenedUS)
		return d, err
	}, home, before, false, limit)
}
