package usecase

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/org"
	"huiyin/internal/store"
)

// The kinds of changes of the organisation. The subject is the id of what changed; for a duty it is the person's.
const (
	changeUnit     = "unit"
	changePerson   = "person"
	changeDuty     = "duty"
	changeLine     = "responsibility"
	changeCalendar = "calendar"
	changeKey      = "key"
	changeSettings = "settings"
)

// governs reports whether an administrator's duty takes a unit in.
func governs(who org.Actor, chart *org.Chart, unit org.UnitID) bool {
	return who.Kind == org.ActorSystem || unit != 0 && chart.Under(unit, who.Duty.Scope)
}

// noteChange records a change of the organisation: who, when, and the thing before and after, nil when it was not there. Records are flat, so that
// two of them can be compared field by field for as long as they are kept.
func (o *Office) noteChange(ctx context.Context, t *store.Tx, who org.Actor, kind string, subject int64, before, after any) error {
	body, err := json.Marshal(map[string]any{"before": before, "after": after})
	if err != nil {
		return fmt.Errorf("record change of %s: %w", kind, err)
	}
	id, err := t.NextLocal(ctx, "org_event")
	if err != nil {
		return err
	}
	return t.InsertOrgEvent(ctx, store.OrgEvent{ID: id, AtUS: o.Now(), User: who.User, Kind: kind, Subject: subject, Body: string(body)})
}

// unitRecord is a unit in the record of changes.
type unitRecord struct {
	Parent    org.UnitID `json:"parent,omitempty"`
	Name      string     `json:"name"`
	English   string     `json:"english,omitempty"`
	Kind      string     `json:"kind"`
	Place     int64      `json:"place"`
	Phone     string     `json:"phone,omitempty"`
	From      law.Day    `json:"from,omitzero"`
	Until     law.Day    `json:"until,omitzero"`
	Successor org.UnitID `json:"successor,omitempty"`
}

func recordOfUnit(u org.Unit) unitRecord {
	return unitRecord{
		Parent: u.Parent, Name: u.Name, English: u.English, Kind: string(u.Kind), Place: u.Place, Phone: u.Phone, From: u.From, Until: u.Until, Successor: u.Successor,
	}
}

// personRecord is a person in the record of changes; the password shows only as who set it.
type personRecord struct {
	SignIn   string `json:"sign_in"`
	Name     string `json:"name"`
	Disabled bool   `json:"disabled,omitempty"`
	Password string `json:"password,omitempty"` // "given" or "own"
}

func recordOfPerson(p store.PersonRow, password string) personRecord {
	return personRecord{SignIn: p.SignIn, Name: p.Name, Disabled: p.Disabled, Password: password}
}

// dutyRecord is a duty in the record of changes.
type dutyRecord struct {
	Duty  org.DutyID `json:"duty"`
	Role  string     `json:"role"`
	Unit  org.UnitID `json:"unit"`
	Scope org.UnitID `json:"scope"`
	From  law.Day    `json:"from,omitzero"`
	Until law.Day    `json:"until,omitzero"`
}

func recordOfDuty(d org.Duty) dutyRecord {
	return dutyRecord{Duty: d.ID, Role: string(d.Role), Unit: d.Unit, Scope: d.Scope, From: d.From, Until: d.Until}
}

// ChangedField is one field of what changed, as text; empty where it was not there.
type ChangedField struct{ Name, Before, After string }

// OrgChange is one change of the organisation as pages show it.
type OrgChange struct {
	ID      int64
	AtUS    int64
	User    org.UserID // zero for the operator
	Person  string
	Kind    string
	Subject int64
	Fields  []ChangedField // those that differ, by name
}

// maxChanges is how many changes one look at a history shows.
const maxChanges = 100

// UnitHistory returns what was done to a unit, newest first.
func (o *Office) UnitHistory(ctx context.Context, who org.Actor, unit org.UnitID) ([]OrgChange, error) {
	if err := need(who, org.RoleAdmin, org.RoleAuditor); err != nil {
		return nil, err
	}
	if !governs(who, o.Chart(), unit) {
		return nil, errs.E(errs.NotFound, "unit.not_found")
	}
	return o.changes(ctx, func(t *store.Tx) ([]store.OrgEvent, error) {
		return t.OrgEvents(ctx, changeUnit, int64(unit), maxChanges)
	})
}

// PersonHistory returns what was done to a person and their duties, newest first.
func (o *Office) PersonHistory(ctx context.Context, who org.Actor, user org.UserID) ([]OrgChange, error) {
	if err := need(who, org.RoleAdmin, org.RoleAuditor); err != nil {
		return nil, err
	}
	return o.changes(ctx, func(t *store.Tx) ([]store.OrgEvent, error) {
		if _, _, err := o.known(ctx, t, who, user); err != nil {
			return nil, err
		}
		person, err := t.OrgEvents(ctx, changePerson, int64(user), maxChanges)
		if err != nil {
			return nil, err
		}
		duties, err := t.OrgEvents(ctx, changeDuty, int64(user), maxChanges)
		if err != nil {
			return nil, err
		}
		all := slices.Concat(person, duties)
		slices.SortFunc(all, func(a, b store.OrgEvent) int { return int(b.ID - a.ID) })
		return all[:min(len(all), maxChanges)], nil
	})
}

// OrgLog returns a page of all changes of the organisation, newest first, from before an id on (0: from the newest). Auditors read it
// beside administrators, so that no administrator can give a title over matters unnoticed.
func (o *Office) OrgLog(ctx context.Context, who org.Actor, before int64) ([]OrgChange, error) {
	if err := need(who, org.RoleAdmin, org.RoleAuditor); err != nil {
		return nil, err
	}
	if before <= 0 {
		before = math.MaxInt64
	}
	return o.changes(ctx, func(t *store.Tx) ([]store.OrgEvent, error) { return t.OrgEventsBefore(ctx, before, maxChanges) })
}

func (o *Office) changes(ctx context.Context, list func(*store.Tx) ([]store.OrgEvent, error)) ([]OrgChange, error) {
	var out []OrgChange
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		rows, err := list(t)
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
			fields, err := changedFields(r.Body)
			if err != nil {
				return fmt.Errorf("change %d: %w", r.ID, err)
			}
			out = append(out, OrgChange{ID: r.ID, AtUS: r.AtUS, User: r.User, Person: names[r.User], Kind: r.Kind, Subject: r.Subject, Fields: fields})
		}
		return nil
	})
	return out, err
}

// changedFields compares the two records of a change.
func changedFields(body string) ([]ChangedField, error) {
	var c struct{ Before, After map[string]json.RawMessage }
	if err := json.Unmarshal([]byte(body), &c); err != nil {
		return nil, err
	}
	names := slices.Collect(maps.Keys(c.Before))
	for name := range c.After {
		if _, both := c.Before[name]; !both {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var out []ChangedField
	for _, name := range names {
		if before, after := plain(c.Before[name]), plain(c.After[name]); before != after {
			out = append(out, ChangedField{Name: name, Before: before, After: after})
		}
	}
	return out, nil
}

// plain is a JSON value as text, without the quotation marks of a string.
func plain(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	return string(raw)
}
