package usecase

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"

	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
)

// Reminded counts what a sweep of the clocks did.
type Reminded struct {
	Matters   int // looked at
	Told      int // clocks of which something was told
	Escalated int // of those, to the next higher organ
	Missed    int // clocks that had no day on which they would have been looked at again, and have one now
}

func (r *Reminded) add(o Reminded) {
	r.Matters, r.Told, r.Escalated, r.Missed = r.Matters+o.Matters, r.Told+o.Told, r.Escalated+o.Escalated, r.Missed+o.Missed
}

// Remind tells what has to be told of the clocks today: it goes by the day kept with each clock and touches no other. Each matter is a transaction
// of its own; one that fails does not keep the others, and is tried again the next time. It may run twice at once: a notice is unique for its cause.
func (o *Office) Remind(ctx context.Context) (Reminded, error) {
	today := o.Today()
	return o.remindEach(ctx, func(t *store.Tx, after store.RemindPlace) ([]store.RemindPlace, error) {
		return t.DueClocks(ctx, today, after, batch)
	})
}

// RemindNightly is Remind after the change of day: it also looks at the duties that run and of which nothing will be told, so that none is missed,
// and logs what it found.
func (o *Office) RemindNightly(ctx context.Context) (Reminded, error) {
	due, err := o.Remind(ctx)
	today := o.Today()
	missed, missedErr := o.remindEach(ctx, func(t *store.Tx, after store.RemindPlace) ([]store.RemindPlace, error) {
		return t.UntoldClocks(ctx, today, after, batch)
	})
	o.Log.LogAttrs(ctx, slog.LevelInfo, "clocks looked at", slog.Int("matters", due.Matters), slog.Int("told", due.Told), slog.Int("escalated", due.Escalated),
		slog.Int("without_reminder", missed.Matters), slog.Int("missed", missed.Missed))
	due.add(missed)
	return due, errors.Join(err, missedErr)
}

// remindEach goes through the matters of clocks, page by page.
func (o *Office) remindEach(ctx context.Context, page func(*store.Tx, store.RemindPlace) ([]store.RemindPlace, error)) (Reminded, error) {
	var all Reminded
	var failed []error
	after := store.RemindPlace{}
	for {
		var due []store.RemindPlace
		if err := o.Store.Read(ctx, func(t *store.Tx) error {
			var err error
			due, err = page(t, after)
			return err
		}); err != nil {
			return all, errors.Join(append(failed, err)...)
		}
		for _, place := range due {
			after = place
			one, err := o.remind(ctx, place.Ref)
			if err != nil {
				failed = append(failed, fmt.Errorf("matter %s: %w", place.Ref, err))
				continue
			}
			all.add(one)
		}
		if len(due) < batch {
			return all, errors.Join(failed...)
		}
	}
}

// reminding is what reminders are decided by now.
func (o *Office) reminding() matter.Reminding {
	return matter.Reminding{Thresholds: *o.thresholds.Load(), Calendar: o.Calendar(), Chart: o.Chart(), Today: o.Today()}
}

// remind tells what is to be told of one matter's clocks and notes when there is something again.
func (o *Office) remind(ctx context.Context, ref matter.Ref) (done Reminded, err error) {
	err = o.Store.Update(ctx, ref.Home, func(t *store.Tx) error {
		done = Reminded{Matters: 1}
		kept, err := o.kept(ctx, t, ref)
		if err != nil {
			return err
		}
		h, err := o.load(ctx, t, ref, kept.row.Sealed)
		if err != nil {
			return err
		}
		by := o.reminding()
		for _, c := range h.clocks {
			due, is, _ := h.matter.DueReminder(c, by)
			if !is {
				continue
			}
			done.Told++
			if due.Step == matter.RemindUp {
				done.Escalated++
				if h, err = o.record(ctx, t, h, h.matter.Escalate(c, due, o.env(h.matter, org.System(), h.rules))); err != nil {
					return err
				}
			}
			if err := o.tellReminder(ctx, t, h, c, due); err != nil {
				return err
			}
			if err := o.tellHooksLate(ctx, t, h, c, due); err != nil {
				return err
			}
		}
		done.Missed, err = o.moveOn(ctx, t, h, kept.clocks, by)
		return err
	})
	return done, err
}

// moveOn notes with each clock when something may have to be told of it again, and counts those that had no such day and have one now.
func (o *Office) moveOn(ctx context.Context, t *store.Tx, h history, kept []matter.Clock, by matter.Reminding) (missed int, err error) {
	for _, c := range kept {
		next := law.NoDay
		if i := slices.IndexFunc(h.clocks, func(n matter.Clock) bool { return n.Key == c.Key }); i >= 0 {
			_, _, next = h.matter.DueReminder(h.clocks[i], by)
		}
		if next == c.Remind {
			continue
		}
		if !c.Remind.Known() {
			missed++
		}
		if err := t.SetRemind(ctx, h.matter.Ref, c.Key, next); err != nil {
			return missed, err
		}
	}
	return missed, nil
}

// tellReminder writes down a reminder for whom it is for: a petitioner's right for the petitioner, a duty for the unit, an escalation for the unit
// and the organ above it.
func (o *Office) tellReminder(ctx context.Context, t *store.Tx, h history, c matter.Clock, due matter.Reminder) error {
	args, err := noticeArgs{"rule": string(c.Rule), "legal": c.Legal.String(), "unit": strconv.FormatInt(int64(c.Unit), 10)}.text()
	if err != nil {
		return err
	}
	n := store.NoticeRow{
		Matter: h.matter.Ref, Channel: store.ChannelApp, Kind: "remind_" + string(due.Step), Args: args, Cause: due.Cause(c), Sealed: h.sealed,
	}
	if c.Promise != 0 {
		n.Kind = "promise_" + string(due.Step)
	}
	if c.Petitioner {
		return o.tellRight(ctx, t, h, c, n)
	}
	to, err := o.remindedAt(ctx, t, h, c, due.Step)
	if err != nil {
		return err
	}
	if due.Step == matter.RemindUp {
		above, err := o.remindedAbove(ctx, t, h, due.To)
		if err != nil {
			return err
		}
		to = append(to, above...)
	}
	rows := make([]store.NoticeRow, len(to))
	for i, r := range to {
		rows[i] = n
		rows[i].Unit, rows[i].User = r.Unit, r.User
	}
	return o.tell(ctx, t, rows...)
}

// recipient is one person at a unit, or all of its people.
type recipient struct {
	Unit org.UnitID
	User org.UserID
}

// remindedAt is who is reminded at the unit itself: who is in charge, from the last day on its heads besides, and all of its people where there is
// nobody. In the compartment it is always all of those whom it holds.
func (o *Office) remindedAt(ctx context.Context, t *store.Tx, h history, c matter.Clock, step matter.RemindStep) ([]recipient, error) {
	var out []recipient
	unit := h.matter.DeskOf(c)
	if row := h.row(); !h.sealed && row.Unit == unit && row.Handler != 0 {
		out = append(out, recipient{unit, row.Handler})
	}
	if !h.sealed && step != matter.RemindSoon && step != matter.RemindUnsigned {
		heads, err := t.DutiesAt(ctx, unit, o.Today())
		if err != nil {
			return nil, err
		}
		out = appendRecipients(out, heads, org.RoleHead)
	}
	if len(out) == 0 {
		out = append(out, recipient{Unit: unit})
	}
	return out, nil
}

// remindedAbove is who is told at a higher organ: those who lead or supervise it, wherever they sit, and its people where there is nobody.
func (o *Office) remindedAbove(ctx context.Context, t *store.Tx, h history, unit org.UnitID) ([]recipient, error) {
	if h.sealed {
		return []recipient{{Unit: unit}}, nil
	}
	out, err := o.recipientsOver(ctx, t, unit, org.RoleSupervisor, org.RoleLeader, org.RoleHead)
	if err == nil && len(out) == 0 {
		out = append(out, recipient{Unit: unit})
	}
	return out, err
}

// recipientsOver are those in some roles whose duty today reaches from a unit downwards, wherever they sit.
func (o *Office) recipientsOver(ctx context.Context, t *store.Tx, unit org.UnitID, roles ...org.Role) ([]recipient, error) {
	duties, err := t.DutiesOver(ctx, unit, o.Today())
	over := slices.DeleteFunc(duties, func(d org.Duty) bool { return d.Scope != unit || !d.Active(o.Today()) })
	return appendRecipients(nil, over, roles...), err
}

func appendRecipients(out []recipient, duties []org.Duty, roles ...org.Role) []recipient {
	for _, d := range duties {
		r := recipient{d.Unit, d.User}
		if slices.Contains(roles, d.Role) && !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	return out
}

// tellRight reminds a petitioner, by the means they chose, that a right of theirs is about to lapse. On the page it stands anyway.
func (o *Office) tellRight(ctx context.Context, t *store.Tx, h history, c matter.Clock, n store.NoticeRow) error {
	s, ok := h.matter.Submission(c.Submission)
	if !ok || h.matter.IsWithdrawn(c.Submission) {
		return nil
	}
	wish := o.wish(s, h.sealed)
	args := noticeArgs{"legal": c.Legal.String()}
	if wish.Lang != "" {
		args["lang"] = wish.Lang
	}
	var err error
	if n.Args, err = args.text(); err != nil {
		return err
	}
	n.Kind, n.Submission = "remind_right", c.Submission.N
	return o.tellBy(ctx, t, n, wish)
}
