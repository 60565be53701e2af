package usecase

import (
	"context"
	"slices"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/org"
	"huiyin/internal/periodic"
	"huiyin/internal/store"
)

// mayScheduleReports reports whether a duty switches on that reports are made by themselves.
func mayScheduleReports(who org.Actor) bool { return who.Has(org.RoleHead, org.RoleLeader) }

// working reports whether a day is a working day, as far as is known.
func (o *Office) working(d law.Day) bool {
	working, _ := o.Calendar().Working(d)
	return working
}

// schedules are the kinds of reports and whether a unit's are made by themselves.
func (o *Office) schedules(ctx context.Context, t *store.Tx, u org.Unit) ([]ReportSchedule, error) {
	rows, err := t.SchedulesOf(ctx, HomeOf(u.Place), u.ID)
	if err != nil {
		return nil, err
	}
	var people []org.UserID
	for _, r := range rows {
		people = append(people, r.User)
	}
	names, err := t.PersonNames(ctx, people)
	if err != nil {
		return nil, err
	}
	var out []ReportSchedule
	for _, kind := range periodic.Kinds() {
		s := ReportSchedule{Kind: kind}
		s.Next, _ = kind.Next(o.Today(), o.working)
		if i := slices.IndexFunc(rows, func(r store.ReportSchedule) bool { return r.Kind == string(kind) }); i >= 0 {
			s.On, s.Person, s.Since = true, names[rows[i].User], rows[i].SinceUS
		}
		out = append(out, s)
	}
	return out, nil
}

// changeReport is the kind of change under which it is recorded that reports are made by themselves.
const changeReport = "report"

// scheduleRecord is that in the record of changes.
type scheduleRecord struct {
	Unit org.UnitID    `json:"unit"`
	Span periodic.Kind `json:"span"`
}

// ScheduleReport switches on or off that a unit's reports of a kind are made by themselves, from the next that is due on. It takes a head or leader over the unit.
func (o *Office) ScheduleReport(ctx context.Context, who org.Actor, unit org.UnitID, kind periodic.Kind, on bool) error {
	if unit == 0 {
		unit = who.Duty.Scope
	}
	u, err := o.mayReport(who, unit)
	if err != nil {
		return err
	}
	if !mayScheduleReports(who) {
		return errs.E(errs.Forbidden, "auth.duty")
	}
	if !slices.Contains(periodic.Kinds(), kind) {
		return errs.Fields([]errs.Field{errs.F("kind", "field.choice")})
	}
	home := HomeOf(u.Place)
	return o.Store.Update(ctx, home, func(t *store.Tx) error {
		rows, err := t.SchedulesOf(ctx, home, unit)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(rows, func(r store.ReportSchedule) bool { return r.Kind == string(kind) }) == on {
			return nil
		}
		record := scheduleRecord{Unit: unit, Span: kind}
		if !on {
			if err := t.DropSchedule(ctx, home, unit, string(kind)); err != nil {
				return err
			}
			return o.noteChange(ctx, t, who, changeReport, int64(unit), record, nil)
		}
		s := store.ReportSchedule{Home: home, Unit: unit, Kind: string(kind), User: who.User, SinceUS: o.Now(), DoneTo: kind.Due(o.Today(), o.working)}
		if err := t.KeepSchedule(ctx, s); err != nil {
			return err
		}
		return o.noteChange(ctx, t, who, changeReport, int64(unit), nil, record)
	})
}

// DueReports has the reports made that are due and were not yet, each once. Where several of a unit are due, as after a time in which the program did not run, the
// newest is made and says how many were not. It returns how many jobs it began.
func (o *Office) DueReports(ctx context.Context) (int, error) {
	began := 0
	for _, kind := range periodic.Kinds() {
		due := kind.Due(o.Today(), o.working)
		for {
			var rows []store.ReportSchedule
			if err := o.Store.Read(ctx, func(t *store.Tx) (err error) {
				rows, err = t.SchedulesBefore(ctx, string(kind), due, batch)
				return err
			}); err != nil {
				return began, err
			}
			if len(rows) == 0 {
				break
			}
			for _, s := range rows {
				if err := o.dueReport(ctx, s, due); err != nil {
					return began, err
				}
				began++
			}
		}
	}
	return began, nil
}

// dueReport has one made, in the transaction that says so; a unit that has ended has none.
func (o *Office) dueReport(ctx context.Context, s store.ReportSchedule, due law.Day) error {
	return o.Store.Update(ctx, s.Home, func(t *store.Tx) error {
		moved, err := t.MoveSchedule(ctx, s, due)
		if err != nil || !moved {
			return err
		}
		if u, known := o.Chart().Unit(s.Unit); !known || !u.Alive(due) {
			return nil
		}
		kind := periodic.Kind(s.Kind)
		_, err = o.startJob(ctx, t, org.System(), s.Home, JobReport, reportJob{Unit: s.Unit, Kind: kind, Day: due, AsOf: o.Today(), Missed: kind.Missed(s.DoneTo, due)})
		return err
	})
}
