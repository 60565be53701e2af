package usecase

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/proof"
	"huiyin/internal/store"
	"huiyin/internal/vault"
)

// history is a matter as loaded from its events, with what is needed to add to them.
type history struct {
	matter *matter.Matter
	events []matter.Event
	last   proof.Link // of the newest event
	sealed bool
	clocks []matter.Clock
	rules  matter.Rules
	size   int // of the events in bytes, as they lie
}

// row is the matter's row as its last event left it.
func (h history) row() matter.Row {
	last := h.events[len(h.events)-1]
	var due *matter.Clock
	if c, ok := matter.Next(h.clocks, last.Day); ok {
		due = &c
	}
	return h.matter.Row(due, last.AtUS)
}

// load reads a matter's events and folds them. The caller has checked the scope.
func (o *Office) load(ctx context.Context, t *store.Tx, ref matter.Ref, sealed bool) (history, error) {
	rows, err := t.Events(ctx, ref)
	if err != nil {
		return history{}, err
	}
	if len(rows) == 0 {
		return history{}, errs.E(errs.NotFound, "matter.not_found")
	}
	h := history{events: make([]matter.Event, len(rows)), sealed: sealed}
	for i, r := range rows {
		if h.events[i], err = o.decode(ref, r, sealed); err != nil {
			return history{}, err
		}
		h.size += len(r.Body)
	}
	link, ok := proof.LinkOf(rows[len(rows)-1].Link)
	if !ok {
		return history{}, errs.E(errs.Internal, "proof.link")
	}
	h.last = link
	h.matter = matter.Fold(h.events)
	if h.rules, err = o.rulesFor(h.matter); err != nil {
		return history{}, err
	}
	h.clocks, err = h.matter.Clocks(h.rules)
	return h, err
}

// place binds the ciphertext of a sealed event to where it belongs.
func (o *Office) place(ref matter.Ref, seq int) []byte {
	return vault.Place(ref.Home, ref.N, fmt.Sprintf("event/%d", seq))
}

func (o *Office) decode(ref matter.Ref, r store.EventRow, sealed bool) (matter.Event, error) {
	body := r.Body
	if sealed {
		var err error
		if body, err = o.Vault.Open(vault.Sealed, body, o.place(ref, r.Seq)); err != nil {
			return matter.Event{}, fmt.Errorf("matter %s event %d: %w", ref, r.Seq, err)
		}
	}
	b, papers, err := matter.Decode(r.Kind, body)
	if err != nil {
		return matter.Event{}, fmt.Errorf("matter %s event %d: %w", ref, r.Seq, err)
	}
	e := matter.Event{Seq: r.Seq, AtUS: r.AtUS, Day: r.Day, Body: b, Papers: papers}
	if err := json.Unmarshal(r.Actor, &e.By); err != nil {
		return matter.Event{}, fmt.Errorf("matter %s event %d: %w", ref, r.Seq, err)
	}
	return e, nil
}

// head is what the proof chain covers besides the body: the kind, the legal day and who did it.
func head(kind string, day law.Day, actor []byte) string {
	return strings.Join([]string{kind, day.String(), string(actor)}, "\x00")
}

// record appends events to a history and writes with them all that follows: the matter's row, its clocks, its units, that it is to be indexed anew
// and the leaf for the log. It is the only place where a matter is written.
func (o *Office) record(ctx context.Context, t *store.Tx, h history, events []matter.Event) (history, error) {
	o.changes.Add(1)
	m := h.matter
	if m == nil {
		m = matter.Fold(nil)
	}
	before, wasOpen := m.Units(), m.Open()
	next := history{events: slices.Concat(h.events, events), last: h.last, size: h.size}
	after := matter.Fold(next.events)
	next.matter, next.sealed = after, after.Sealed
	changed := false
	for _, e := range events {
		row, err := o.encode(after.Ref, e, after.Sealed, next.last)
		if err != nil {
			return history{}, err
		}
		if err := t.AppendEvent(ctx, after.Ref, row); err != nil {
			if errs.KindOf(err) == errs.Conflict {
				return history{}, errs.E(errs.Conflict, "matter.changed").Because(err)
			}
			return history{}, err
		}
		next.last, _ = proof.LinkOf(row.Link)
		next.size += len(row.Body)
		changed = changed || changesWords(e)
	}
	var err error
	if next.rules, err = o.rulesFor(after); err != nil {
		return history{}, err
	}
	if next.clocks, err = after.Clocks(next.rules); err != nil {
		return history{}, err
	}
	if err := t.SaveMatter(ctx, next.row()); err != nil {
		return history{}, err
	}
	if err := o.saveClocks(ctx, t, after, h.clocks, next.clocks); err != nil {
		return history{}, err
	}
	now := after.Units()
	if len(before) > 0 && after.Open() != wasOpen {
		if err := t.OpenUnits(ctx, after.Ref, after.Open()); err != nil {
			return history{}, err
		}
	}
	if err := t.AddUnits(ctx, after.Ref, missing(now, before), after.Open()); err != nil {
		return history{}, err
	}
	if err := t.RemoveUnits(ctx, after.Ref, missing(before, now)); err != nil {
		return history{}, err
	}
	if changed && !after.Sealed {
		if err := t.MarkUnindexed(ctx, after.Ref); err != nil {
			return history{}, err
		}
	}
	if h.matter == nil && !after.Sealed {
		if err := t.SketchMatter(ctx, after.Ref, o.keysOf(after)); err != nil {
			return history{}, err
		}
	}
	if err := setCustoms(ctx, t, h, next, events); err != nil {
		return history{}, err
	}
	if err := o.saveFacts(ctx, t, next); err != nil {
		return history{}, err
	}
	if err := o.tellPetitioners(ctx, t, after, events); err != nil {
		return history{}, err
	}
	if err := o.tellHooks(ctx, t, next, events); err != nil {
		return history{}, err
	}
	o.recent.keep(next)
	// one leaf stands for all events of a transaction, since each link covers those before
	return next, t.QueueLeaf(ctx, store.Leaf{Home: after.Ref.Home, Kind: leafEvent, Subject: after.Ref.N, Seq: after.Version, Link: next.last[:]})
}

// The kinds of leaves: links that wait for their place in the home's log.
const (
	leafEvent = "event"
	leafLook  = "look"
)

func (o *Office) encode(ref matter.Ref, e matter.Event, sealed bool, prev proof.Link) (store.EventRow, error) {
	body, err := matter.Encode(e.Body, e.Papers)
	if err != nil {
		return store.EventRow{}, fmt.Errorf("encode %s: %w", matter.KindOf(e.Body), err)
	}
	if sealed {
		if body, err = o.Vault.Seal(vault.Sealed, body, o.place(ref, e.Seq)); err != nil {
			return store.EventRow{}, err
		}
	}
	actor, err := json.Marshal(e.By)
	if err != nil {
		return store.EventRow{}, fmt.Errorf("encode actor: %w", err)
	}
	kind := matter.KindOf(e.Body)
	link := proof.Next(prev, ref.Home, ref.N, e.Seq, e.AtUS, head(kind, e.Day, actor), body)
	return store.EventRow{Seq: e.Seq, AtUS: e.AtUS, Day: e.Day, Kind: kind, Actor: actor, Body: body, Link: link[:]}, nil
}

// saveClocks writes the clocks that changed, each with the day on which something may first have to be told of it.
func (o *Office) saveClocks(ctx context.Context, t *store.Tx, m *matter.Matter, before, after []matter.Clock) error {
	ref, by := m.Ref, o.reminding()
	old := make(map[string]matter.Clock, len(before))
	for _, c := range before {
		old[c.Key] = c
	}
	for _, c := range after {
		was, had := old[c.Key]
		delete(old, c.Key)
		if had && was.SameDates(c) {
			continue
		}
		c.Remind = m.FirstReminder(c, by)
		if err := t.SaveClock(ctx, ref, c); err != nil {
			return err
		}
	}
	for key := range old {
		if err := t.RemoveClock(ctx, ref, key); err != nil {
			return err
		}
	}
	return nil
}

func missing(want, have []org.UnitID) []org.UnitID {
	return slices.DeleteFunc(slices.Clone(want), func(u org.UnitID) bool { return slices.Contains(have, u) })
}
