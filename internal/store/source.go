package store

import (
	"context"
	"slices"

	"huiyin/internal/matter"
	"huiyin/internal/org"
)

// span is a part of an index that ends in home and number: behind fixed values, the keys of one column within a range. Under each key numbers lie in order.
type span struct {
	table    literal
	fixed    []equal
	by       literal // empty: the table's own key, home and number
	from, to any     // of by; from is in it, to is not; without to, from is the only key
}

type equal struct {
	column literal
	value  any
}

// source is what a search is narrowed to by one condition, in parts.
type source []span

const (
	// sourceKeys is how many keys a source may have: days of a range, places of a subtree. With more it is not asked.
	sourceKeys = 600
	// scopeUnits is how many units a scope may take in to be a source. One with more sees so much that it narrows little.
	scopeUnits = 64
)

// sourcesOf lists what may drive a search beside its words.
func (s *finding) sourcesOf(ctx context.Context) ([]source, error) {
	out, err := s.scopeSource(ctx)
	f := s.f
	unit := func(id int64) { out = append(out, source{{table: `matter_unit`, by: `unit_id`, from: id}}) } // who has it is among those who have to do with it
	if f.Unit != 0 {
		unit(int64(f.Unit))
	}
	switch f.List {
	case matter.ListMine:
		handler := equal{`handler_id`, int64(s.who)}
		out = append(out, source{due([]equal{handler, {`is_open`, true}}, "", anyDue), due([]equal{handler, {`is_open`, false}}, "", anyDue)})
	case matter.ListUnit:
		unit(int64(s.unit))
	case matter.ListAll:
	}
	today, open := f.Today.String(), []equal{{`is_open`, true}}
	switch f.View {
	case matter.ViewUnsigned:
		out = append(out, stateSource(matter.StateForwarded))
	case matter.ViewNew:
		out = append(out, stateSource(matter.StateRegistered, matter.StateScreened))
	case matter.ViewWaiting:
		out = append(out, source{due([]equal{{`turn`, "material"}}, "", anyDue)})
	case matter.ViewToday, matter.ViewThree, matter.ViewSoon:
		out = append(out, source{due(open, today, matter.NoDue)})
	case matter.ViewLate, matter.ViewEnded, matter.ViewAny, matter.ViewOpen:
	}
	if f.Late || f.View == matter.ViewLate {
		out = append(out, source{due(open, "", today)})
	}
	if f.State != matter.StateNone {
		out = append(out, stateSource(f.State))
	}
	if f.Category != "" {
		from, to := categoryRange(f.Category)
		out = append(out, source{{table: `matter`, by: `category`, from: from, to: to}})
	}
	if f.Place != 0 {
		from, to := placeRange(f.Place)
		out = append(out, source{{table: `matter`, by: `place`, from: from, to: to}})
	}
	if f.From.Known() || f.To.Known() {
		from, to := "", anyDue
		if f.From.Known() {
			from = f.From.String()
		}
		if f.To.Known() {
			to = f.To.Add(1).String()
		}
		out = append(out, source{{table: `matter`, by: `received_day`, from: from, to: to}})
	}
	return out, err
}

// anyDue is behind all days, and behind what stands for none.
const anyDue = matter.NoDue + "9"

func due(fixed []equal, from, to string) span {
	return span{table: `matter`, fixed: fixed, by: `due_day`, from: from, to: to}
}

func stateSource(states ...matter.State) (out source) {
	for _, state := range states {
		out = append(out, due([]equal{{`state`, string(state)}}, "", anyDue))
	}
	return out
}

// roots are the units that a scope takes in with all that is under them.
func roots(s org.Scope) []int64 {
	out := make([]int64, len(s.Roots))
	for i, r := range s.Roots {
		out[i] = int64(r)
	}
	return out
}

// scopeSource is the scope where it takes in few units: what they have to do with.
func (s *finding) scopeSource(ctx context.Context) ([]source, error) {
	if s.scope.All || s.scope.Empty() {
		return nil, nil
	}
	const under = `select distinct unit_id from unit_path where ancestor_id in ($1...) limit $2`
	units, err := Collect(ctx, s.Tx, Named("unit_path.under", under), Int64, List(roots(s.scope)), scopeUnits+1)
	if err != nil || len(units) > scopeUnits {
		return nil, err
	}
	out := make(source, len(units))
	for i, u := range units {
		out[i] = span{table: `matter_unit`, by: `unit_id`, from: u}
	}
	return []source{out}, nil
}

// stream is what lies under one key, as far as it has been read.
type stream struct {
	span
	key  any
	next []int64
	full bool // all was read
}

// next returns the greatest numbers of a home below one that a source has, at most n. It is not ok where the source has too many keys.
func (t *Tx) next(ctx context.Context, from source, home, before int64, n int) (numbers []int64, ok bool, err error) {
	var streams []*stream
	for _, sp := range from {
		found, err := t.streams(ctx, sp, home, before)
		if err != nil {
			return nil, false, err
		}
		if streams = append(streams, found...); len(streams) > sourceKeys {
			return nil, false, nil
		}
	}
	read := n
	if len(streams) > 1 {
		read = max(8, 2*n/len(streams))
	}
	for len(numbers) < n && len(streams) > 0 {
		var top *stream
		for _, s := range streams {
			if len(s.next) == 0 && !s.full {
				if err := t.fill(ctx, s, home, before, read); err != nil {
					return nil, false, err
				}
			}
			if len(s.next) > 0 && (top == nil || s.next[0] > top.next[0]) {
				top = s
			}
		}
		if top == nil {
			break
		}
		number := top.next[0]
		if top.next = top.next[1:]; len(top.next) == 0 && !top.full {
			if err := t.fill(ctx, top, home, number, read); err != nil {
				return nil, false, err
			}
		}
		if k := len(numbers); k == 0 || numbers[k-1] != number { // under two units
			numbers = append(numbers, number)
		}
	}
	return numbers, true, nil
}

// streams are the keys of a span under which something lies, each with the greatest number there.
func (t *Tx) streams(ctx context.Context, sp span, home, before int64) ([]*stream, error) {
	if sp.to == nil {
		return []*stream{{span: sp, key: sp.from}}, nil
	}
	ask := sp
	if t.store.engine.apart() { // the machine of the home is asked, of this home alone
		ask.fixed = append(slices.Clone(sp.fixed), equal{`home`, home})
	}
	q := ask.heads(home, before)
	out, err := Collect(ctx, t, q.stmt("find.heads"), func(r *Row) (*stream, error) {
		s := stream{span: sp, next: make([]int64, 1)}
		err := r.Scan(&s.key, &s.next[0])
		return &s, err
	}, q.args...)
	return slices.DeleteFunc(out, func(s *stream) bool { return s.next[0] == 0 }), err
}

// heads is the statement of the keys of a span, found one behind the other, and of the greatest number under each; zero where there is none.
func (sp span) heads(home, before int64) *query {
	q := newQuery(`with recursive d (v) as (select min(x.`).text(sp.by).text(`) from `).text(sp.table).text(` x where `).fixed(sp)
	q.text(`x.`).text(sp.by).text(` >= `).arg(sp.from).text(` and x.`).text(sp.by).text(` < `).arg(sp.to)
	q.text(` union all select (select min(x.`).text(sp.by).text(`) from `).text(sp.table).text(` x where `).fixed(sp)
	q.text(`x.`).text(sp.by).text(` > d.v and x.`).text(sp.by).text(` < `).arg(sp.to)
	q.text(`) from d where d.v is not null) select d.v, coalesce((select x.matter_id from `).text(sp.table).text(` x where `).fixed(sp)
	q.text(`x.`).text(sp.by).text(` = d.v and x.home = `).arg(home).text(` and x.matter_id < `).arg(before)
	return q.text(` order by x.matter_id desc limit 1), 0) from d where d.v is not null limit `).arg(sourceKeys + 1)
}

// fill reads the next numbers of a stream.
func (t *Tx) fill(ctx context.Context, s *stream, home, before int64, n int) (err error) {
	q := s.below(s.key, home, before, n)
	s.next, err = Collect(ctx, t, q.stmt("find.numbers"), Int64, q.args...)
	s.full = len(s.next) < n
	return err
}

// below is the statement of the greatest numbers under a key of a span.
func (sp span) below(key any, home, before int64, n int) *query {
	q := newQuery(`select x.matter_id from `).text(sp.table).text(` x where `).fixed(sp)
	if sp.by != `` {
		q.text(`x.`).text(sp.by).text(` = `).arg(key).text(` and `)
	}
	q.text(`x.home = `).arg(home).text(` and x.matter_id < `).arg(before)
	return q.text(` order by x.matter_id desc limit `).arg(n)
}

// fixed adds the conditions that a span begins with.
func (q *query) fixed(sp span) *query {
	for _, e := range sp.fixed {
		q.text(`x.`).text(e.column).text(` = `).arg(e.value).text(` and `)
	}
	return q
}
