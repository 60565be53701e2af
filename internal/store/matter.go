package store

import (
	"context"

	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
)

// EventRow is an event as it lies in the store: the body is JSON, encrypted for a sealed matter; link chains it to the one before.
type EventRow struct {
	Seq   int
	AtUS  int64
	Day   law.Day
	Kind  string
	Actor []byte // JSON of matter.By
	Body  []byte
	Link  []byte
}

// Events returns the history of a matter in order; it is empty for one that does not exist.
func (t *Tx) Events(ctx context.Context, ref matter.Ref) ([]EventRow, error) {
	const q = `select seq, at_us, day, kind, actor, body, link from event where home = $1 and matter_id = $2 order by seq`
	return Collect(ctx, t, Named("event.list", q), func(r *Row) (EventRow, error) { return scanEvent(r) }, ref.Home, ref.N)
}

// scanEvent reads an event, behind what else stands before it in the row.
func scanEvent(r *Row, before ...any) (EventRow, error) {
	var e EventRow
	var day, actor string
	err := r.Scan(append(before, &e.Seq, &e.AtUS, &day, &e.Kind, &actor, &e.Body, &e.Link)...)
	e.Actor = []byte(actor)
	if err == nil {
		err = e.Day.UnmarshalText([]byte(day))
	}
	return e, err
}

// EventsOf returns the histories of some matters of one home, at most [MaxList], each in order.
func (t *Tx) EventsOf(ctx context.Context, home int64, matters []int64) (map[int64][]EventRow, error) {
	const q = `select matter_id, seq, at_us, day, kind, actor, body, link from event where home = $1 and matter_id in ($2...) order by matter_id, seq`
	out := make(map[int64][]EventRow, len(matters))
	_, err := Collect(ctx, t, Named("event.of", q), func(r *Row) (struct{}, error) {
		var n int64
		e, err := scanEvent(r, &n)
		out[n] = append(out[n], e)
		return struct{}{}, err
	}, home, List(matters))
	return out, err
}

// AppendEvent adds an event. A seq that is taken means that somebody was faster: errs.Conflict.
func (t *Tx) AppendEvent(ctx context.Context, ref matter.Ref, e EventRow) error {
	const q = `insert into event (home, matter_id, seq, at_us, day, kind, actor, body, link) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`
	return t.put(ctx, Named("event.insert", q), ref.Home, ref.N, e.Seq, e.AtUS, e.Day.String(), e.Kind, string(e.Actor), e.Body, e.Link)
}

// NextSerial counts within a home: the registrations or documents of a year, without gaps, since the count is part of the transaction.
func (t *Tx) NextSerial(ctx context.Context, home int64, kind string) (int64, error) {
	const q = `insert into serial (home, kind, n) values ($1, $2, 1) on conflict (home, kind) do update set n = serial.n + 1 returning n`
	return One(ctx, t, Named("serial.next", q), Int64, home, kind)
}

const matterColumns = `m.home, m.matter_id, m.version, m.state, m.is_open, m.sealed, m.merged_into, m.title, m.kind, m.category, m.level, m.channel,
	m.place, m.receiver_id, m.unit_id, m.handler_id, m.turn, m.turn_unit_id, m.received_day, m.opened_us, m.changed_us,
	m.due_day, m.due_safe_day, m.due_rule, m.due_provisional, m.demands, m.answered, m.persons, m.repeats, m.resolved, m.follow_up, m.rated, m.ended_day`

func scanMatter(r *Row) (matter.Row, error) {
	var m matter.Row
	var merged int64
	var received, due, safe, ended string
	err := r.Scan(&m.Ref.Home, &m.Ref.N, &m.Version, &m.State, &m.Open, &m.Sealed, &merged, &m.Title, &m.Kind, &m.Category, &m.Level, &m.Channel,
		&m.Place, &m.Receiver, &m.Unit, &m.Handler, &m.Turn, &m.TurnUnit, &received, &m.OpenedUS, &m.ChangedUS,
		&due, &safe, &m.DueRule, &m.Provisional, &m.Demands, &m.Answered, &m.Persons, &m.Repeats, &m.Resolved, &m.FollowUp, &m.Rated, &ended)
	if err != nil {
		return m, err
	}
	m.Place = trimPlace(m.Place)
	if merged != 0 {
		m.Merged = matter.Ref{Home: m.Ref.Home, N: merged}
	}
	if due == matter.NoDue {
		due = ""
	}
	return m, days(text{&m.Received, received}, text{&m.Due, due}, text{&m.DueSafe, safe}, text{&m.Ended, ended})
}

// text is a day's column on its way into the day.
type text struct {
	day *law.Day
	s   string
}

func days(list ...text) error {
	for _, d := range list {
		if err := d.day.UnmarshalText([]byte(d.s)); err != nil {
			return err
		}
	}
	return nil
}

// SaveMatter writes the matter's row as its events leave it.
func (t *Tx) SaveMatter(ctx context.Context, m matter.Row) error {
	const q = `insert into matter (home, matter_id, version, state, is_open, sealed, merged_into, title, kind, category, level, channel,
		place, receiver_id, unit_id, handler_id, turn, turn_unit_id, received_day, opened_us, changed_us,
		due_day, due_safe_day, due_rule, due_provisional, demands, answered, persons, repeats, resolved, follow_up, rated, ended_day)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33)
		on conflict (home, matter_id) do update set version = excluded.version, state = excluded.state, is_open = excluded.is_open, merged_into = excluded.merged_into,
		title = excluded.title, kind = excluded.kind, category = excluded.category, level = excluded.level, receiver_id = excluded.receiver_id, unit_id = excluded.unit_id,
		handler_id = excluded.handler_id, turn = excluded.turn, turn_unit_id = excluded.turn_unit_id, received_day = excluded.received_day,
		changed_us = excluded.changed_us, due_day = excluded.due_day, due_safe_day = excluded.due_safe_day, due_rule = excluded.due_rule,
		due_provisional = excluded.due_provisional, demands = excluded.demands, answered = excluded.answered, persons = excluded.persons,
		repeats = excluded.repeats, resolved = excluded.resolved, follow_up = excluded.follow_up, rated = excluded.rated, ended_day = excluded.ended_day`
	return t.put(ctx, Named("matter.save", q), m.Ref.Home, m.Ref.N, m.Version, string(m.State), m.Open, m.Sealed, m.Merged.N, m.Title, string(m.Kind), m.Category,
		string(m.Level), string(m.Channel), padPlace(m.Place), int64(m.Receiver), int64(m.Unit), int64(m.Handler), m.Turn, int64(m.TurnUnit), m.Received.String(), m.OpenedUS, m.ChangedUS,
		matter.DueKey(m.Due), m.DueSafe.String(), string(m.DueRule), m.Provisional, m.Demands, m.Answered, m.Persons, m.Repeats, m.Resolved, m.FollowUp, m.Rated, m.Ended.String())
}

// Matter returns a matter's row if the scope sees it, otherwise errs.NotFound.
func (t *Tx) Matter(ctx context.Context, scope org.Scope, ref matter.Ref) (matter.Row, error) {
	q := newQuery(`select `+matterColumns+` from matter m`).of(ref, scope)
	return One(ctx, t, q.stmt("matter.get"), scanMatter, q.args...)
}

// Sealed reports whether a matter that the scope sees lies in the sealed compartment; errs.NotFound if it sees none.
func (t *Tx) Sealed(ctx context.Context, scope org.Scope, ref matter.Ref) (bool, error) {
	q := newQuery(`select m.sealed from matter m`).of(ref, scope)
	return One(ctx, t, q.stmt("matter.sealed"), func(r *Row) (sealed bool, err error) {
		err = r.Scan(&sealed)
		return sealed, err
	}, q.args...)
}

// SeenLink is the link of the newest event of a matter that the scope sees; errs.NotFound if it sees none.
func (t *Tx) SeenLink(ctx context.Context, scope org.Scope, ref matter.Ref) ([]byte, error) {
	q := newQuery(`select e.link from matter m join event e on e.home = m.home and e.matter_id = m.matter_id and e.seq = m.version`).of(ref, scope)
	return One(ctx, t, q.stmt("matter.link"), func(r *Row) (link []byte, err error) {
		err = r.Scan(&link)
		return link, err
	}, q.args...)
}

// Links are those of the newest events of some matters of one home, at most [MaxList], by their numbers.
func (t *Tx) Links(ctx context.Context, home int64, matters []int64) (map[int64][]byte, error) {
	const q = `select m.matter_id, e.link from matter m join event e on e.home = m.home and e.matter_id = m.matter_id and e.seq = m.version where m.home = $1 and m.matter_id in ($2...)`
	out := make(map[int64][]byte, len(matters))
	_, err := Collect(ctx, t, Named("matter.links", q), func(r *Row) (struct{}, error) {
		var n int64
		var link []byte
		err := r.Scan(&n, &link)
		out[n] = link
		return struct{}{}, err
	}, home, List(matters))
	return out, err
}

// Seen returns which of some matters of one home the scope sees.
func (t *Tx) Seen(ctx context.Context, scope org.Scope, home int64, matters []int64) ([]int64, error) {
	q := seenMatters(scope, home, matters)
	return Collect(ctx, t, q.stmt("matter.seen"), Int64, q.args...)
}

func seenMatters(scope org.Scope, home int64, matters []int64) *query {
	return newQuery(`select m.matter_id from matter m where m.home = `).arg(home).text(` and m.matter_id in (`).numbers(matters).text(`)`).scope(scope)
}

// Version returns how many events a matter has; errs.NotFound where there is none.
func (t *Tx) Version(ctx context.Context, ref matter.Ref) (int, error) {
	const q = `select version from matter where home = $1 and matter_id = $2`
	n, err := One(ctx, t, Named("matter.version", q), Int64, ref.Home, ref.N)
	return int(n), err
}

// AddUnits notes units that have to do with a matter, and whether it is open; those already noted stay.
func (t *Tx) AddUnits(ctx context.Context, ref matter.Ref, units []org.UnitID, open bool) error {
	const q = `insert into matter_unit (home, matter_id, unit_id, is_open) values ($1, $2, $3, $4) on conflict (home, matter_id, unit_id) do nothing`
	for _, u := range units {
		if err := t.put(ctx, Named("matter_unit.add", q), ref.Home, ref.N, int64(u), open); err != nil {
			return err
		}
	}
	return nil
}

// OpenUnits notes for the units of a matter whether it is open.
func (t *Tx) OpenUnits(ctx context.Context, ref matter.Ref, open bool) error {
	const q = `update matter_unit set is_open = $3 where home = $1 and matter_id = $2 and is_open <> $3`
	return t.put(ctx, Named("matter_unit.open", q), ref.Home, ref.N, open)
}

// RemoveUnits takes units out that no longer have to do with a matter, because the submission that brought them was separated.
func (t *Tx) RemoveUnits(ctx context.Context, ref matter.Ref, units []org.UnitID) error {
	const q = `delete from matter_unit where home = $1 and matter_id = $2 and unit_id = $3`
	for _, u := range units {
		if err := t.put(ctx, Named("matter_unit.remove", q), ref.Home, ref.N, int64(u)); err != nil {
			return err
		}
	}
	return nil
}

// SaveClock writes one clock of a matter, with the day on which something may first have to be told of it.
func (t *Tx) SaveClock(ctx context.Context, ref matter.Ref, c matter.Clock) error {
	const q = `insert into clock (home, matter_id, clock_key, rule, unit_id, is_right, from_day, nominal_day, legal_day, safe_day, provisional, stopped_day, remind_day)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
		on conflict (home, matter_id, clock_key) do update set unit_id = excluded.unit_id, from_day = excluded.from_day, nominal_day = excluded.nominal_day,
		legal_day = excluded.legal_day, safe_day = excluded.safe_day, provisional = excluded.provisional, stopped_day = excluded.stopped_day,
		remind_day = excluded.remind_day`
	return t.put(ctx, Named("clock.save", q), ref.Home, ref.N, c.Key, string(c.Rule), int64(c.Unit), c.Right, c.From.String(), c.Nominal.String(), c.Legal.String(),
		c.Safe.String(), c.Provision, c.Stopped.String(), c.Remind.String())
}

// RemoveClock takes a clock away that no longer follows from the events.
func (t *Tx) RemoveClock(ctx context.Context, ref matter.Ref, key string) error {
	const q = `delete from clock where home = $1 and matter_id = $2 and clock_key = $3`
	return t.put(ctx, Named("clock.remove", q), ref.Home, ref.N, key)
}

func scanRef(r *Row) (matter.Ref, error) {
	var ref matter.Ref
	err := r.Scan(&ref.Home, &ref.N)
	return ref, err
}
