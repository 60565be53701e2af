package store

import (
	"context"

	"huiyin/internal/law"
	"huiyin/internal/matter"
)

// RemindPlace is a clock in the order in which the sweep finds those that are due. Its zero value is before the first.
type RemindPlace struct {
	Day law.Day
	Ref matter.Ref
}

// DueClocks walks the clocks of which something may have to be told by a day, the oldest first; several of one matter come one after the other
// where they are due on the same day.
func (t *Tx) DueClocks(ctx context.Context, today law.Day, after RemindPlace, limit int) ([]RemindPlace, error) {
	q := dueClocks(today, after, limit)
	return Collect(ctx, t, q.stmt("clock.due"), scanRemindPlace, q.args...)
}

func dueClocks(today law.Day, after RemindPlace, limit int) *query {
	q := newQuery(`select c.remind_day, c.home, c.matter_id from clock c where c.remind_day <> '' and c.remind_day <= `).arg(today.String())
	q.text(` and (c.remind_day, c.home, c.matter_id) > (`).arg(after.Day.String()).text(`, `).arg(after.Ref.Home).text(`, `).arg(after.Ref.N)
	return q.text(`) order by c.remind_day, c.home, c.matter_id limit `).arg(limit)
}

// UntoldClocks walks the duties that run, end on a day or later, and of which nothing will be told. There are none unless the office tells nothing
// of their rule.
func (t *Tx) UntoldClocks(ctx context.Context, today law.Day, after RemindPlace, limit int) ([]RemindPlace, error) {
	q := untoldClocks(today, after, limit)
	return Collect(ctx, t, q.stmt("clock.untold"), scanRemindPlace, q.args...)
}

func untoldClocks(today law.Day, after RemindPlace, limit int) *query {
	q := newQuery(`select c.legal_day, c.home, c.matter_id from clock c where c.stopped_day = '' and c.remind_day = '' and not c.is_right and c.legal_day >= `)
	q.arg(today.String()).text(` and (c.legal_day, c.home, c.matter_id) > (`).arg(after.Day.String()).text(`, `).arg(after.Ref.Home).text(`, `).arg(after.Ref.N)
	return q.text(`) order by c.legal_day, c.home, c.matter_id limit `).arg(limit)
}

func scanRemindPlace(r *Row) (RemindPlace, error) {
	var p RemindPlace
	var day string
	if err := r.Scan(&day, &p.Ref.Home, &p.Ref.N); err != nil {
		return p, err
	}
	return p, p.Day.UnmarshalText([]byte(day))
}

// SetRemind says when something may next have to be told of a clock; NoDay for never.
func (t *Tx) SetRemind(ctx context.Context, ref matter.Ref, key string, day law.Day) error {
	const q = `update clock set remind_day = $4 where home = $1 and matter_id = $2 and clock_key = $3`
	_, err := t.Exec(ctx, Named("clock.remind", q), ref.Home, ref.N, key, day.String())
	return err
}

// LookAgain has the running clocks of a rule looked at anew, after the thresholds of the rule have changed. Rights that lapsed stay as they are.
func (t *Tx) LookAgain(ctx context.Context, rule law.RuleID, today law.Day) error {
	const q = `update clock set remind_day = $2 where stopped_day = '' and rule = $1 and (not is_right or legal_day >= $2)`
	_, err := t.Exec(ctx, Named("clock.again", q), string(rule), today.String())
	return err
}

// NewestCalendar returns the number of the arrangement that was loaded last; zero where none was.
func (t *Tx) NewestCalendar(ctx context.Context) (int64, error) {
	const q = `select coalesce(max(version_id), 0) from calendar`
	return One(ctx, t, Named("calendar.newest", q), Int64)
}
