package store

import (
	"context"
	"slices"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/org"
)

// NextLocal counts what belongs to no home: units, people, duties.
func (t *Tx) NextLocal(ctx context.Context, kind string) (int64, error) {
	const q = `insert into local_serial (kind, n) values ($1, 1) on conflict (kind) do update set n = local_serial.n + 1 returning n`
	return One(ctx, t, Named("local_serial.next", q), Int64, kind)
}

// Units returns every unit, ended ones included: the chart is built from them.
func (t *Tx) Units(ctx context.Context) ([]org.Unit, error) {
	const q = `select unit_id, parent_id, name, english, initials, kind, place, phone, mark, from_day, until_day, successor_id from unit order by unit_id`
	return Collect(ctx, t, Named("unit.list", q), func(r *Row) (org.Unit, error) {
		var u org.Unit
		var from, until string
		err := r.Scan(&u.ID, &u.Parent, &u.Name, &u.English, &u.Initials, &u.Kind, &u.Place, &u.Phone, &u.Mark, &from, &until, &u.Successor)
		if err == nil {
			err = days(text{&u.From, from}, text{&u.Until, until})
		}
		return u, err
	})
}

// SaveUnit writes a unit. The closure is the caller's to keep, see ReplacePaths.
func (t *Tx) SaveUnit(ctx context.Context, u org.Unit) error {
	const q = `insert into unit (unit_id, parent_id, name, english, initials, kind, place, phone, mark, from_day, until_day, successor_id)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		on conflict (unit_id) do update set parent_id = excluded.parent_id, name = excluded.name, english = excluded.english, initials = excluded.initials,
		kind = excluded.kind, place = excluded.place, phone = excluded.phone, mark = excluded.mark, from_day = excluded.from_day, until_day = excluded.until_day, successor_id = excluded.successor_id`
	_, err := t.Exec(ctx, Named("unit.save", q), int64(u.ID), int64(u.Parent), u.Name, u.English, u.Initials, string(u.Kind), u.Place, u.Phone, u.Mark, u.From.String(), u.Until.String(), int64(u.Successor))
	return err
}

// ReplacePaths makes the closure of the given units what the chart says.
func (t *Tx) ReplacePaths(ctx context.Context, chart *org.Chart, units []org.UnitID) error {
	const remove = `delete from unit_path where unit_id = $1`
	const add = `insert into unit_path (ancestor_id, unit_id) values ($1, $2)`
	for _, u := range units {
		if _, err := t.Exec(ctx, Named("unit_path.remove", remove), int64(u)); err != nil {
			return err
		}
		for _, a := range chart.Ancestors(u) {
			if _, err := t.Exec(ctx, Named("unit_path.add", add), int64(a), int64(u)); err != nil {
				return err
			}
		}
	}
	return nil
}

const dutyColumns = `d.duty_id, d.user_id, d.role, d.unit_id, d.scope_id, d.from_day, d.until_day`

func scanDuty(r *Row) (org.Duty, error) {
	var d org.Duty
	var from, until string
	err := r.Scan(&d.ID, &d.User, &d.Role, &d.Unit, &d.Scope, &from, &until)
	if err == nil {
		err = days(text{&d.From, from}, text{&d.Until, until})
	}
	return d, err
}

// SaveDuty writes a duty.
func (t *Tx) SaveDuty(ctx context.Context, d org.Duty) error {
	const q = `insert into duty (duty_id, user_id, role, unit_id, scope_id, from_day, until_day) values ($1, $2, $3, $4, $5, $6, $7)
		on conflict (duty_id) do update set role = excluded.role, unit_id = excluded.unit_id, scope_id = excluded.scope_id, from_day = excluded.from_day, until_day = excluded.until_day`
	_, err := t.Exec(ctx, Named("duty.save", q), int64(d.ID), int64(d.User), string(d.Role), int64(d.Unit), int64(d.Scope), d.From.String(), d.Until.String())
	return err
}

// Duties returns a person's duties, past and coming ones included.
func (t *Tx) Duties(ctx context.Context, user org.UserID) ([]org.Duty, error) {
	const q = `select ` + dutyColumns + ` from duty d where d.user_id = $1 order by d.duty_id`
	return Collect(ctx, t, Named("duty.user", q), scanDuty, int64(user))
}

// Duty finds a duty by id.
func (t *Tx) Duty(ctx context.Context, id org.DutyID) (org.Duty, error) {
	const q = `select ` + dutyColumns + ` from duty d where d.duty_id = $1`
	return One(ctx, t, Named("duty.get", q), scanDuty, int64(id))
}

// DutiesOfPeople returns the duties of a page of people.
func (t *Tx) DutiesOfPeople(ctx context.Context, users []org.UserID) ([]org.Duty, error) {
	const q = `select ` + dutyColumns + ` from duty d where d.user_id in ($1...) order by d.duty_id`
	raw := make([]int64, len(users))
	for i, id := range users {
		raw[i] = int64(id)
	}
	return CollectIn(ctx, t, Named("duty.people", q), raw, scanDuty)
}

// DutiesAt returns the duties at a unit that hold on a day.
func (t *Tx) DutiesAt(ctx context.Context, unit org.UnitID, day law.Day) ([]org.Duty, error) {
	const q = `select ` + dutyColumns + ` from duty d where d.unit_id = $1 and (d.from_day = '' or d.from_day <= $2) and (d.until_day = '' or d.until_day > $2) order by d.duty_id limit 200`
	return Collect(ctx, t, Named("duty.unit", q), scanDuty, int64(unit), day.String())
}

// Admins returns the administrators' duties that hold on a day and whose person may sign in.
func (t *Tx) Admins(ctx context.Context, day law.Day) ([]org.Duty, error) {
	const q = `select ` + dutyColumns + ` from duty d join person p on p.user_id = d.user_id where d.role = $1 and p.disabled = $2
		and (d.from_day = '' or d.from_day <= $3) and (d.until_day = '' or d.until_day > $3) order by d.duty_id limit 1000`
	return Collect(ctx, t, Named("duty.admins", q), scanDuty, string(org.RoleAdmin), false, day.String())
}

// DutiesOver returns the duties at a unit, or with it as their scope, that hold on a day or are to come.
func (t *Tx) DutiesOver(ctx context.Context, unit org.UnitID, day law.Day) ([]org.Duty, error) {
	const q = `select ` + dutyColumns + ` from duty d where (d.unit_id = $1 or d.scope_id = $1) and (d.until_day = '' or d.until_day > $2) order by d.duty_id`
	return Collect(ctx, t, Named("duty.over", q), scanDuty, int64(unit), day.String())
}

// Responsibility is a line of the catalogue: in a place, a category belongs to a unit.
type Responsibility struct {
	ID         int64
	Category   string
	Place      int64
	Unit       org.UnitID
	Why        string
	WhyEnglish string
	From       law.Day
	Until      law.Day
}

const responsibilityColumns = `responsibility_id, category, place, unit_id, why, why_english, from_day, until_day`

func scanResponsibility(r *Row) (Responsibility, error) {
	var v Responsibility
	var from, until string
	err := r.Scan(&v.ID, &v.Category, &v.Place, &v.Unit, &v.Why, &v.WhyEnglish, &from, &until)
	if err == nil {
		err = days(text{&v.From, from}, text{&v.Until, until})
	}
	return v, err
}

// SaveResponsibility writes a line of the catalogue.
func (t *Tx) SaveResponsibility(ctx context.Context, v Responsibility) error {
	const q = `insert into responsibility (responsibility_id, category, place, unit_id, why, why_english, from_day, until_day) values ($1, $2, $3, $4, $5, $6, $7, $8)
		on conflict (responsibility_id) do update set category = excluded.category, place = excluded.place, unit_id = excluded.unit_id, why = excluded.why,
		why_english = excluded.why_english, from_day = excluded.from_day, until_day = excluded.until_day`
	_, err := t.Exec(ctx, Named("responsibility.save", q), v.ID, v.Category, v.Place, int64(v.Unit), v.Why, v.WhyEnglish, v.From.String(), v.Until.String())
	return err
}

// Responsibilities returns the lines in force on a day for one of the categories and one of the places.
func (t *Tx) Responsibilities(ctx context.Context, categories []string, places []int64, day law.Day) ([]Responsibility, error) {
	const q = `select ` + responsibilityColumns + ` from responsibility where (from_day = '' or from_day <= $1) and (until_day = '' or until_day > $1) and category in ($2...) order by responsibility_id limit 500`
	found, err := Collect(ctx, t, Named("responsibility.find", q), scanResponsibility, day.String(), List(categories))
	if err != nil {
		return nil, err
	}
	var out []Responsibility
	for _, v := range found {
		if slices.Contains(places, v.Place) {
			out = append(out, v)
		}
	}
	return out, nil
}

// Responsibility finds a line of the catalogue by id.
func (t *Tx) Responsibility(ctx context.Context, id int64) (Responsibility, error) {
	const q = `select ` + responsibilityColumns + ` from responsibility where responsibility_id = $1`
	return One(ctx, t, Named("responsibility.get", q), scanResponsibility, id)
}

// ResponsibilitiesAfter returns a page of the catalogue in order of id.
func (t *Tx) ResponsibilitiesAfter(ctx context.Context, after int64, limit int) ([]Responsibility, error) {
	const q = `select ` + responsibilityColumns + ` from responsibility where responsibility_id > $1 order by responsibility_id limit $2`
	return Collect(ctx, t, Named("responsibility.list", q), scanResponsibility, after, limit)
}

// CalendarRow is an arrangement as it was loaded.
type CalendarRow struct {
	ID       int64
	LoadedUS int64
	User     org.UserID
	Body     string
}

// Calendars returns the loaded arrangements, oldest first.
func (t *Tx) Calendars(ctx context.Context) ([]CalendarRow, error) {
	const q = `select version_id, loaded_us, user_id, body from calendar order by version_id limit 1000`
	return Collect(ctx, t, Named("calendar.list", q), func(r *Row) (CalendarRow, error) {
		var c CalendarRow
		err := r.Scan(&c.ID, &c.LoadedUS, &c.User, &c.Body)
		return c, err
	})
}

// InsertCalendar adds an arrangement.
func (t *Tx) InsertCalendar(ctx context.Context, c CalendarRow) error {
	const q = `insert into calendar (version_id, loaded_us, user_id, body) values ($1, $2, $3, $4)`
	_, err := t.Exec(ctx, Named("calendar.insert", q), c.ID, c.LoadedUS, int64(c.User), c.Body)
	return err
}

// Setting returns a setting, empty when it was never set.
func (t *Tx) Setting(ctx context.Context, name string) (string, error) {
	const q = `select value from setting where name = $1`
	v, err := One(ctx, t, Named("setting.get", q), Text, name)
	if errs.KindOf(err) == errs.NotFound {
		return "", nil
	}
	return v, err
}

// Settings returns every setting that was set.
func (t *Tx) Settings(ctx context.Context) (map[string]string, error) {
	const q = `select name, value from setting order by name limit 1000`
	type pair struct{ name, value string }
	pairs, err := Collect(ctx, t, Named("setting.list", q), func(r *Row) (pair, error) {
		var p pair
		err := r.Scan(&p.name, &p.value)
		return p, err
	})
	out := make(map[string]string, len(pairs))
	for _, p := range pairs {
		out[p.name] = p.value
	}
	return out, err
}

// SetSetting sets a setting.
func (t *Tx) SetSetting(ctx context.Context, name, value string) error {
	const q = `insert into setting (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value`
	_, err := t.Exec(ctx, Named("setting.set", q), name, value)
	return err
}
