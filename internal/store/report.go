package store

import (
	"context"
	"math"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/org"
)

// PeriodicReport is a periodic report as it was made.
type PeriodicReport struct {
	Home, ID int64
	Unit     org.UnitID
	Kind     string
	From, To law.Day
	AsOf     law.Day
	MadeUS   int64
	User     org.UserID // zero where it was due
	Body     string     // JSON; not read in lists
}

const reportColumns = `home, report_id, unit_id, kind, from_day, to_day, as_of, made_us, user_id`

func (r *PeriodicReport) fields(from, to, asOf *string) []any {
	return []any{&r.Home, &r.ID, &r.Unit, &r.Kind, from, to, asOf, &r.MadeUS, &r.User}
}

func scanReport(body bool) func(*Row) (PeriodicReport, error) {
	return func(row *Row) (PeriodicReport, error) {
		var r PeriodicReport
		var from, to, asOf string
		into := r.fields(&from, &to, &asOf)
		if body {
			into = append(into, &r.Body)
		}
		if err := row.Scan(into...); err != nil {
			return r, err
		}
		for _, d := range []struct {
			text string
			day  *law.Day
		}{{from, &r.From}, {to, &r.To}, {asOf, &r.AsOf}} {
			if err := d.day.UnmarshalText([]byte(d.text)); err != nil {
				return r, err
			}
		}
		return r, nil
	}
}

// InsertReport keeps a report and returns its number; where there is one of the same period as of the same day, it returns that one's, and false.
func (t *Tx) InsertReport(ctx context.Context, r PeriodicReport) (id int64, fresh bool, err error) {
	const same = `select report_id from report where home = $1 and unit_id = $2 and kind = $3 and from_day = $4 and to_day = $5 and as_of = $6`
	key := []any{r.Home, int64(r.Unit), r.Kind, r.From.String(), r.To.String(), r.AsOf.String()}
	id, err = One(ctx, t, Named("report.same", same), Int64, key...)
	if errs.KindOf(err) != errs.NotFound {
		return id, false, err
	}
	if id, err = t.NextSerial(ctx, r.Home, "report"); err != nil {
		return 0, false, err
	}
	const q = `insert into report (` + reportColumns + `, body) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`
	_, err = t.Exec(ctx, Named("report.insert", q), r.Home, id, key[1], key[2], key[3], key[4], key[5], r.MadeUS, int64(r.User), r.Body)
	return id, true, err
}

// Report finds a report with its body.
func (t *Tx) Report(ctx context.Context, home, id int64) (PeriodicReport, error) {
	const q = `select ` + reportColumns + `, body from report where home = $1 and report_id = $2`
	return One(ctx, t, Named("report.get", q), scanReport(true), home, id)
}

// Reports returns the reports of a unit without their bodies, the newest first, from before a number where that is not zero, at most limit.
func (t *Tx) Reports(ctx context.Context, home int64, unit org.UnitID, before int64, limit int) ([]PeriodicReport, error) {
	const q = `select ` + reportColumns + ` from report where home = $1 and unit_id = $2 and report_id < $3 order by report_id desc limit $4`
	if before == 0 {
		before = math.MaxInt64
	}
	return Collect(ctx, t, Named("report.list", q), scanReport(false), home, int64(unit), before, limit)
}

// ReportBefore finds the newest report of a period as of an earlier day.
func (t *Tx) ReportBefore(ctx context.Context, r PeriodicReport) (PeriodicReport, error) {
	const q = `select ` + reportColumns + `, body from report where home = $1 and unit_id = $2 and kind = $3 and from_day = $4 and to_day = $5 and as_of < $6
		order by as_of desc limit 1`
	return One(ctx, t, Named("report.before", q), scanReport(true), r.Home, int64(r.Unit), r.Kind, r.From.String(), r.To.String(), r.AsOf.String())
}

// ReportNote is a version of what a person added to a report.
type ReportNote struct {
	N    int
	AtUS int64
	User org.UserID
	Unit org.UnitID
	Text string
}

// ReportNotes returns the newest versions of the note on a report, the newest first.
func (t *Tx) ReportNotes(ctx context.Context, home, id int64, limit int) ([]ReportNote, error) {
	const q = `select n, at_us, user_id, unit_id, text from report_note where home = $1 and report_id = $2 order by n desc limit $3`
	return Collect(ctx, t, Named("report.notes", q), func(r *Row) (ReportNote, error) {
		var n ReportNote
		err := r.Scan(&n.N, &n.AtUS, &n.User, &n.Unit, &n.Text)
		return n, err
	}, home, id, limit)
}

// InsertReportNote adds a version; Conflict where there is one of that number.
func (t *Tx) InsertReportNote(ctx context.Context, home, id int64, n ReportNote) error {
	const q = `insert into report_note (home, report_id, n, at_us, user_id, unit_id, text) values ($1, $2, $3, $4, $5, $6, $7)`
	_, err := t.Exec(ctx, Named("report.note", q), home, id, n.N, n.AtUS, int64(n.User), int64(n.Unit), n.Text)
	return err
}

// ReportSchedule says that a unit's reports of a kind are made when they are due.
type ReportSchedule struct {
	Home    int64
	Unit    org.UnitID
	Kind    string
	User    org.UserID
	SinceUS int64
	DoneTo  law.Day
}

func scanSchedule(r *Row) (ReportSchedule, error) {
	var s ReportSchedule
	var done string
	if err := r.Scan(&s.Home, &s.Unit, &s.Kind, &s.User, &s.SinceUS, &done); err != nil {
		return s, err
	}
	return s, s.DoneTo.UnmarshalText([]byte(done))
}

const scheduleColumns = `home, unit_id, kind, user_id, since_us, done_to`

// SchedulesOf returns what is made for a unit, by kind.
func (t *Tx) SchedulesOf(ctx context.Context, home int64, unit org.UnitID) ([]ReportSchedule, error) {
	const q = `select ` + scheduleColumns + ` from report_schedule where home = $1 and unit_id = $2 order by kind`
	return Collect(ctx, t, Named("report.schedules_of", q), scanSchedule, home, int64(unit))
}

// SchedulesBefore returns what is made of a kind and was last done for a period that ended before a day, the earliest first, at most limit.
func (t *Tx) SchedulesBefore(ctx context.Context, kind string, day law.Day, limit int) ([]ReportSchedule, error) {
	q := schedulesBefore(kind, day, limit)
	return Collect(ctx, t, q.stmt("report.schedules_before"), scanSchedule, q.args...)
}

func schedulesBefore(kind string, day law.Day, limit int) *query {
	q := newQuery(`select ` + scheduleColumns + ` from report_schedule where kind = `).arg(kind).text(` and done_to < `).arg(day.String())
	return q.text(` order by done_to, home, unit_id limit `).arg(limit)
}

// KeepSchedule switches on what is made for a unit, if it is not on.
func (t *Tx) KeepSchedule(ctx context.Context, s ReportSchedule) error {
	const q = `insert into report_schedule (` + scheduleColumns + `) values ($1, $2, $3, $4, $5, $6) on conflict (home, unit_id, kind) do nothing`
	_, err := t.Exec(ctx, Named("report.schedule_keep", q), s.Home, int64(s.Unit), s.Kind, int64(s.User), s.SinceUS, s.DoneTo.String())
	return err
}

// MoveSchedule says up to when reports were made, if it still is as it was read; it reports whether it was.
func (t *Tx) MoveSchedule(ctx context.Context, was ReportSchedule, to law.Day) (bool, error) {
	const q = `update report_schedule set done_to = $4 where home = $1 and unit_id = $2 and kind = $3 and done_to = $5`
	moved, err := t.Exec(ctx, Named("report.schedule_move", q), was.Home, int64(was.Unit), was.Kind, to.String(), was.DoneTo.String())
	return moved > 0, err
}

// DropSchedule switches off what is made for a unit.
func (t *Tx) DropSchedule(ctx context.Context, home int64, unit org.UnitID, kind string) error {
	const q = `delete from report_schedule where home = $1 and unit_id = $2 and kind = $3`
	_, err := t.Exec(ctx, Named("report.schedule_drop", q), home, int64(unit), kind)
	return err
}
