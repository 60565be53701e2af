package store

import (
	"cmp"
	"context"
	"math"
	"slices"

	"huiyin/internal/org"
)

// OrgEvent is one change of the organisation.
type OrgEvent struct {
	ID      int64
	AtUS    int64
	User    org.UserID
	Kind    string
	Subject int64
	Body    string // JSON of the row before and after
}

const orgEventColumns = `e.event_id, e.at_us, e.user_id, e.kind, e.subject, e.body`

func scanOrgEvent(r *Row) (OrgEvent, error) {
	var e OrgEvent
	err := r.Scan(&e.ID, &e.AtUS, &e.User, &e.Kind, &e.Subject, &e.Body)
	return e, err
}

// InsertOrgEvent records a change of the organisation and the units it touched.
func (t *Tx) InsertOrgEvent(ctx context.Context, e OrgEvent, touched []org.UnitID) error {
	const q = `insert into org_event (event_id, at_us, user_id, kind, subject, body) values ($1, $2, $3, $4, $5, $6)`
	if _, err := t.Exec(ctx, Named("org_event.insert", q), e.ID, e.AtUS, int64(e.User), e.Kind, e.Subject, e.Body); err != nil {
		return err
	}
	return t.TouchUnits(ctx, e.ID, touched)
}

// TouchUnits says which units a change touched, beside those that it is known to have touched.
func (t *Tx) TouchUnits(ctx context.Context, event int64, units []org.UnitID) error {
	const q = `insert into org_event_unit (event_id, unit_id) values ($1, $2) on conflict (event_id, unit_id) do nothing`
	for _, u := range units {
		if _, err := t.Exec(ctx, Named("org_event_unit.add", q), event, int64(u)); err != nil {
			return err
		}
	}
	return nil
}

// OrgSubject is what changes are about.
type OrgSubject struct {
	Kind string
	ID   int64
}

// OrgFilter narrows the record of changes. What is zero narrows nothing.
type OrgFilter struct {
	Reach    org.UnitID   // those that touched a unit in its subtree as it is now, and those that touched none
	Unit     org.UnitID   // those that touched a unit in its subtree; it is to lie within the reach, in whose place it then stands
	Subjects []OrgSubject // those of any of these
	By       org.UserID   // those that one person made
	Without  string       // not those of a kind
	Before   int64        // those before an event
	Limit    int
}

// OrgEvents returns a page of the record, newest first.
func (t *Tx) OrgEvents(ctx context.Context, f OrgFilter) ([]OrgEvent, error) {
	if len(f.Subjects) == 0 {
		q := orgPage(f, nil)
		return Collect(ctx, t, q.stmt("org_event.list"), scanOrgEvent, q.args...)
	}
	var all []OrgEvent
	for _, s := range f.Subjects { // each has a place of its own in the index
		q := orgPage(f, &s)
		found, err := Collect(ctx, t, q.stmt("org_event.subject"), scanOrgEvent, q.args...)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	slices.SortFunc(all, func(a, b OrgEvent) int { return cmp.Compare(b.ID, a.ID) })
	return all[:min(len(all), f.Limit)], nil
}

func orgPage(f OrgFilter, subject *OrgSubject) *query {
	if f.Before <= 0 {
		f.Before = math.MaxInt64
	}
	q := newQuery(`select ` + orgEventColumns + ` from org_event e where e.event_id < `).arg(f.Before)
	if subject != nil {
		q.text(` and e.kind = `).arg(subject.Kind).text(` and e.subject = `).arg(subject.ID)
	}
	if f.By != 0 {
		q.text(` and e.user_id = `).arg(int64(f.By))
	}
	if f.Without != "" {
		q.text(` and e.kind <> `).arg(f.Without)
	}
	touched := func(unit org.UnitID) {
		q.text(`exists (select 1 from org_event_unit eu join unit_path u on u.unit_id = eu.unit_id where eu.event_id = e.event_id and u.ancestor_id = `).arg(int64(unit)).text(`)`)
	}
	switch {
	case f.Unit != 0:
		q.text(` and `)
		touched(f.Unit)
	case f.Reach != 0:
		q.text(` and (`)
		touched(f.Reach)
		q.text(` or not exists (select 1 from org_event_unit eu where eu.event_id = e.event_id))`)
	}
	return q.text(` order by e.event_id desc limit `).arg(f.Limit)
}

// NewestOrgEvent is the number of the newest entry, 0 without any.
func (t *Tx) NewestOrgEvent(ctx context.Context) (int64, error) {
	const q = `select coalesce(max(event_id), 0) from org_event`
	return One(ctx, t, Named("org_event.newest", q), Int64)
}
