package usecase

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
)

// CalendarView is the working-day calendar in force and what was loaded over the one that ships with the program.
type CalendarView struct {
	Version     string
	From, Until law.Day // what the notices speak of; beyond it every answer is provisional
	Loaded      []CalendarLoad
}

// CalendarLoad is one arrangement that was loaded.
type CalendarLoad struct {
	Version     string
	From, Until law.Day
	AtUS        int64
	Person      string // empty for the operator
}

// CalendarView returns the calendar in force, for administrators.
func (o *Office) CalendarView(ctx context.Context, who org.Actor) (CalendarView, error) {
	if err := need(who, org.RoleAdmin); err != nil {
		return CalendarView{}, err
	}
	now := o.Calendar()
	v := CalendarView{Version: now.Version()}
	v.From, v.Until = now.Published()
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		rows, err := t.Calendars(ctx)
		if err != nil {
			return err
		}
		ids := make([]org.UserID, len(rows))
		for i, r := range rows {
			ids[i] = r.User
		}
		names, err := t.PersonNames(ctx, ids)
		if err != nil {
			return err
		}
		for _, r := range rows {
			c, err := law.LoadCalendar([]byte(r.Body))
			if err != nil {
				return fmt.Errorf("calendar %d: %w", r.ID, err)
			}
			load := CalendarLoad{Version: c.Version(), AtUS: r.LoadedUS, Person: names[r.User]}
			load.From, load.Until = c.Published()
			v.Loaded = append(v.Loaded, load)
		}
		return nil
	})
	return v, err
}

// settingRecount is the day from which clocks wait to be counted again and, behind a space, the number of who asked for it last; empty when none wait.
const settingRecount = "calendar.recount"

// askRecount has clocks counted again from a day on, or from the earlier one from which they wait already. Each asking has its own number, so that a count
// that began before it does not pass for it.
func (o *Office) askRecount(ctx context.Context, t *store.Tx, from law.Day) error {
	waiting, err := t.Setting(ctx, settingRecount)
	if err != nil {
		return err
	}
	if waiting != "" {
		before, err := recountFrom(waiting)
		if err != nil {
			return err
		}
		from = min(from, before)
	}
	n, err := t.NextLocal(ctx, "recount")
	if err != nil {
		return err
	}
	return t.SetSetting(ctx, settingRecount, fmt.Sprintf("%s %d", from, n))
}

// recountFrom reads the day of the setting.
func recountFrom(waiting string) (law.Day, error) {
	text, _, _ := strings.Cut(waiting, " ")
	from, err := law.ParseDay(text)
	if err != nil {
		return from, fmt.Errorf("setting %s: %w", settingRecount, err)
	}
	return from, nil
}

// LoadCalendar lays a newer arrangement of working days over the one in force (the State Council's yearly notice, in the form that
// law.LoadCalendar reads) and counts the clocks of open matters again. It returns the days whose answer changed and the number
// of matters whose clocks moved.
func (o *Office) LoadCalendar(ctx context.Context, who org.Actor, data []byte) (changed []law.Day, affected int, err error) {
	if err := need(who, org.RoleAdmin); err != nil {
		return nil, 0, err
	}
	next, err := law.LoadCalendar(data)
	if err != nil {
		return nil, 0, err
	}
	changed, from := moves(o.Calendar(), next)
	first, last := next.Published()
	err = o.Store.Update(ctx, 0, func(t *store.Tx) error {
		id, err := t.NextLocal(ctx, "calendar")
		if err != nil {
			return err
		}
		if err := t.InsertCalendar(ctx, store.CalendarRow{ID: id, LoadedUS: o.Now(), User: who.User, Body: string(data)}); err != nil {
			return err
		}
		if err := o.askRecount(ctx, t, from); err != nil {
			return err
		}
		return o.noteChange(ctx, t, who, changeCalendar, id, nil, map[string]any{"version": next.Version(), "from": first, "until": last})
	})
	if err != nil {
		return nil, 0, err
	}
	if err := o.Reload(ctx); err != nil {
		return changed, 0, err
	}
	affected, err = o.RecountClocks(ctx)
	return changed, affected, err
}

// RecountClocks counts the clocks of open matters again after a new calendar, where that was broken off, and reports how many moved. It may
// run at any start: with nothing to do it does nothing.
func (o *Office) RecountClocks(ctx context.Context) (int, error) {
	var waiting string
	if err := o.Store.Read(ctx, func(t *store.Tx) error {
		var err error
		waiting, err = t.Setting(ctx, settingRecount)
		return err
	}); err != nil || waiting == "" {
		return 0, err
	}
	from, err := recountFrom(waiting)
	if err != nil {
		return 0, err
	}
	moved, err := o.recount(ctx, from)
	if err != nil {
		return moved, err
	}
	return moved, o.recounted(ctx, waiting)
}

// recounted notes that clocks were counted as was asked, unless somebody has asked again since.
func (o *Office) recounted(ctx context.Context, waiting string) error {
	return o.Store.Update(ctx, 0, func(t *store.Tx) error {
		now, err := t.Setting(ctx, settingRecount)
		if err != nil || now != waiting {
			return err
		}
		return t.SetSetting(ctx, settingRecount, "")
	})
}

// moves lists the days whose answer an arrangement changes, and the first day on which a clock may end that it moves: a provisional one ends after
// the last published day, any other on or after the first changed day.
func moves(was, next *law.Calendar) (changed []law.Day, from law.Day) {
	_, changed = was.With(next)
	_, from = was.Published()
	if len(changed) > 0 {
		from = min(from, slices.Min(changed))
	}
	return changed, from
}

// recount makes rows and clocks anew where they end on a day or later. A matter that fails does not keep the others.
func (o *Office) recount(ctx context.Context, from law.Day) (int, error) {
	moved := 0
	var after matter.Ref
	var failed []error
	for {
		var refs []matter.Ref
		if err := o.Store.Read(ctx, func(t *store.Tx) error {
			var err error
			refs, err = t.MattersDueFrom(ctx, from, after, batch)
			return err
		}); err != nil {
			return moved, errors.Join(append(failed, err)...)
		}
		if len(refs) == 0 {
			return moved, errors.Join(failed...)
		}
		for _, ref := range refs {
			after = ref
			changed, err := o.recountMatter(ctx, ref)
			switch {
			case err != nil:
				failed = append(failed, fmt.Errorf("matter %s: %w", ref, err))
			case changed:
				moved++
			}
		}
	}
}

// recountMatter counts one matter's clocks again. Where the end of a running one moved, its timeline says from which day to which, and the units that
// it binds are told. What is kept is written in the same transaction, so that it is not said twice.
func (o *Office) recountMatter(ctx context.Context, ref matter.Ref) (changed bool, err error) {
	err = o.Store.Update(ctx, ref.Home, func(t *store.Tx) error {
		kept, err := o.kept(ctx, t, ref)
		if err != nil {
			return err
		}
		h, err := o.load(ctx, t, ref, kept.row.Sealed)
		if err != nil {
			return err
		}
		changed = len(o.compare(h, kept)) > 0
		moved := h.matter.Moved(kept.clocks, h.clocks, o.env(h.matter, org.System(), h.rules))
		switch {
		case len(moved) > 0:
			h.clocks = kept.clocks // what is kept is what is written over
			if h, err = o.record(ctx, t, h, moved); err != nil {
				return err
			}
			return o.tellMoved(ctx, t, h)
		case changed:
			return o.rewrite(ctx, t, h, kept)
		}
		return nil
	})
	return changed, err
}

// tellMoved tells the units of the last event, by which the ends of their clocks moved.
func (o *Office) tellMoved(ctx context.Context, t *store.Tx, h history) error {
	last := h.events[len(h.events)-1]
	b, ok := last.Body.(matter.ClocksMoved)
	if !ok {
		return nil
	}
	var rows []store.NoticeRow
	for _, c := range b.Moved {
		unit := c.Unit
		if i := slices.IndexFunc(h.clocks, func(now matter.Clock) bool { return now.Key == c.Clock }); i >= 0 {
			unit = h.matter.DeskOf(h.clocks[i])
		}
		args, err := noticeArgs{"rule": string(c.Rule), "was": c.Was.String(), "now": c.Now.String()}.text()
		if err != nil {
			return err
		}
		rows = append(rows, store.NoticeRow{
			Matter: h.matter.Ref, Unit: unit, Channel: store.ChannelApp, Kind: "remind_moved", Args: args, Cause: fmt.Sprintf("moved/%d/%s", last.Seq, c.Clock),
			Sealed: h.sealed,
		})
	}
	return o.tell(ctx, t, rows...)
}
