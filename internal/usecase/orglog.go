package usecase

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/org"
	"huiyin/internal/store"
)

// The kinds of changes of the organisation. The subject is the id of what changed; for a duty it is the person's.
const (
	changeUnit      = "unit"
	changePerson    = "person"
	changeDuty      = "duty"
	changeLine      = "responsibility"
	changeCalendar  = "calendar"
	changeKey       = "key"
	changeWebhook   = "webhook"
	changeSettings  = "settings"
	changeProposal  = "proposal"
	changeRoute     = "route"
	changeSearch    = "search"
	changePublished = "published"
)

// ChangeKinds lists what is recorded: changes of the organisation, and what was taken in or away in bulk.
func ChangeKinds() []string {
	return []string{changeUnit, changePerson, changeDuty, changeLine, changeCalendar, changeKey, changeWebhook, changeSettings, changeTemplate, changeProposal, changeRoute, changeSearch, changeImport, changeExport, changeIssue, changePublished, changeReport, changeKin, changeJob, changeNotice, changeRewind}
}

// governs reports whether an administrator's duty takes a unit in.
func governs(who org.Actor, chart *org.Chart, unit org.UnitID) bool {
	return who.Kind == org.ActorSystem || unit != 0 && chart.Under(unit, who.Duty.Scope)
}

// noteChange records a change of the organisation: who, when, and the thing before and after, nil when it was not there. Records are flat, so that
// two of them can be compared field by field for as long as they are kept. The change touched the units that they name, and those given besides.
func (o *Office) noteChange(ctx context.Context, t *store.Tx, who org.Actor, kind string, subject int64, before, after any, besides ...org.UnitID) error {
	body, err := json.Marshal(map[string]any{"before": before, "after": after})
	if err != nil {
		return fmt.Errorf("record change of %s: %w", kind, err)
	}
	units, err := unitsIn(kind, subject, string(body))
	if err != nil {
		return fmt.Errorf("record change of %s: %w", kind, err)
	}
	id, err := t.NextLocal(ctx, "org_event")
	if err != nil {
		return err
	}
	e := store.OrgEvent{ID: id, AtUS: o.Now(), User: who.User, Kind: kind, Subject: subject, Body: string(body)}
	return t.InsertOrgEvent(ctx, e, append(units, besides...))
}

// notePerson records a change of a person, which touches the units where they are on duty; password says who set it, if it was set.
func (o *Office) notePerson(ctx context.Context, t *store.Tx, who org.Actor, was, next store.PersonRow, password string) error {
	duties, err := t.Duties(ctx, next.ID)
	if err != nil {
		return err
	}
	return o.noteChange(ctx, t, who, changePerson, int64(next.ID), recordOfPerson(was, ""), recordOfPerson(next, password), unitsOfDuties(duties, o.Today())...)
}

// unitsOfDuties are the units that duties name which hold on a day or are to come.
func unitsOfDuties(duties []org.Duty, day law.Day) []org.UnitID {
	var out []org.UnitID
	for _, d := range duties {
		if !d.Until.Known() || day < d.Until {
			out = append(out, d.Unit, d.Scope)
		}
	}
	return out
}

// unitsIn are the units that a recorded change names, before and after.
func unitsIn(kind string, subject int64, body string) ([]org.UnitID, error) {
	var c struct {
		Before, After struct{ Parent, Unit, Scope, Successor org.UnitID }
	}
	if err := json.Unmarshal([]byte(body), &c); err != nil {
		return nil, err
	}
	units := []org.UnitID{c.Before.Parent, c.After.Parent, c.Before.Unit, c.After.Unit, c.Before.Scope, c.After.Scope, c.Before.Successor, c.After.Successor}
	if kind == changeUnit {
		units = append(units, org.UnitID(subject))
	}
	return slices.DeleteFunc(units, func(id org.UnitID) bool { return id == 0 }), nil
}

// unitRecord is a unit in the record of changes.
type unitRecord struct {
	Parent    org.UnitID `json:"parent,omitempty"`
	Name      string     `json:"name"`
	English   string     `json:"english,omitempty"`
	Kind      string     `json:"kind"`
	Place     int64      `json:"place"`
	Phone     string     `json:"phone,omitempty"`
	Mark      string     `json:"mark,omitempty"`
	From      law.Day    `json:"from,omitzero"`
	Until     law.Day    `json:"until,omitzero"`
	Successor org.UnitID `json:"successor,omitempty"`
}

func recordOfUnit(u org.Unit) unitRecord {
	return unitRecord{
		Parent: u.Parent, Name: u.Name, English: u.English, Kind: string(u.Kind), Place: u.Place, Phone: u.Phone, Mark: u.Mark, From: u.From, Until: u.Until, Successor: u.Successor,
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
	Name    string            // of the person whom it is about, as they are called now; empty where it is about something else
	Made    bool              // it was not there before
	Fields  []ChangedField    // those that differ, by name
	Record  map[string]string // the whole of it after the change, by field
}

// maxHistory is how many changes the history of one thing shows; the record has them all.
const maxHistory = 20

// UnitHistory returns what was done to a unit, newest first.
func (o *Office) UnitHistory(ctx context.Context, who org.Actor, unit org.UnitID) ([]OrgChange, error) {
	if err := need(who, org.RoleAdmin, org.RoleAuditor); err != nil {
		return nil, err
	}
	if !governs(who, o.Chart(), unit) {
		return nil, errs.E(errs.NotFound, "unit.not_found")
	}
	var out []OrgChange
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		var err error
		out, err = changes(ctx, t, store.OrgFilter{Subjects: []store.OrgSubject{{Kind: changeUnit, ID: int64(unit)}}, Limit: maxHistory})
		return err
	})
	return out, err
}

// PersonHistory returns what was done to a person and their duties, newest first.
func (o *Office) PersonHistory(ctx context.Context, who org.Actor, user org.UserID) ([]OrgChange, error) {
	if err := need(who, org.RoleAdmin, org.RoleAuditor); err != nil {
		return nil, err
	}
	var out []OrgChange
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		if _, _, err := o.known(ctx, t, who, user); err != nil {
			return err
		}
		var err error
		out, err = changes(ctx, t, store.OrgFilter{Subjects: ofPerson(user), Limit: maxHistory})
		return err
	})
	return out, err
}

// ofPerson is what is recorded about a person.
func ofPerson(user org.UserID) []store.OrgSubject {
	return []store.OrgSubject{{Kind: changePerson, ID: int64(user)}, {Kind: changeDuty, ID: int64(user)}}
}

// LogFilter narrows the record of changes. What is zero narrows nothing.
type LogFilter struct {
	Unit   org.UnitID // what touched it or a unit below
	Person org.UserID // what was done to a person and their duties
	By     org.UserID // what a person did
	Before int64      // before a change
	Limit  int        // at most maxChanges
}

// LogPage is a bounded part of the record of changes. Next is the change to go on before, zero at the end.
type LogPage struct {
	Changes []OrgChange
	Next    int64
}

// maxChanges is the longest page of the record of changes.
const maxChanges = 100

// OrgLog returns a page of the changes of the organisation within the reader's scope as it is now, newest first: those that touched a unit there, and
// those that touched none, such as the calendar and the settings. Auditors read it beside administrators, so that no administrator
// can give a title over matters unnoticed; of who took lists of matters away with them only auditors read, for administrators have nothing to do with
// matters.
func (o *Office) OrgLog(ctx context.Context, who org.Actor, f LogFilter) (LogPage, error) {
	if err := need(who, org.RoleAdmin, org.RoleAuditor); err != nil {
		return LogPage{}, err
	}
	if f.Unit != 0 && !governs(who, o.Chart(), f.Unit) {
		return LogPage{}, errs.E(errs.NotFound, "unit.not_found")
	}
	limit := min(max(f.Limit, 1), maxChanges)
	narrow := store.OrgFilter{Unit: f.Unit, By: f.By, Before: f.Before, Limit: limit + 1}
	if who.Kind != org.ActorSystem {
		narrow.Reach = who.Duty.Scope
	}
	if who.Has(org.RoleAdmin) {
		narrow.Without = changeExport
	}
	if f.Person != 0 {
		narrow.Subjects = ofPerson(f.Person)
	}
	var page LogPage
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		found, err := changes(ctx, t, narrow)
		page = LogPage{Changes: found}
		if len(found) > limit {
			page = LogPage{Changes: found[:limit], Next: found[limit-1].ID}
		}
		return err
	})
	return page, err
}

// changes reads a part of the record, with the names of the people in it.
func changes(ctx context.Context, t *store.Tx, f store.OrgFilter) ([]OrgChange, error) {
	rows, err := t.OrgEvents(ctx, f)
	if err != nil {
		return nil, err
	}
	var ids []org.UserID
	for _, r := range rows {
		ids = append(ids, r.User)
		if aboutPerson(r.Kind) {
			ids = append(ids, org.UserID(r.Subject))
		}
	}
	names, err := t.PersonNames(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]OrgChange, len(rows))
	for i, r := range rows {
		c := OrgChange{ID: r.ID, AtUS: r.AtUS, User: r.User, Person: names[r.User], Kind: r.Kind, Subject: r.Subject}
		if aboutPerson(r.Kind) {
			c.Name = names[org.UserID(r.Subject)]
		}
		if err := c.read(r.Body); err != nil {
			return nil, fmt.Errorf("change %d: %w", r.ID, err)
		}
		out[i] = c
	}
	return out, nil
}

// aboutPerson reports whether the subject of a kind of change is a person.
func aboutPerson(kind string) bool { return kind == changePerson || kind == changeDuty }

// read compares the two records of a change.
func (c *OrgChange) read(body string) error {
	var records struct{ Before, After map[string]json.RawMessage }
	if err := json.Unmarshal([]byte(body), &records); err != nil {
		return err
	}
	c.Made, c.Record = records.Before == nil, map[string]string{}
	for name, value := range records.After {
		c.Record[name] = plain(value)
	}
	names := slices.Collect(maps.Keys(records.Before))
	for name := range records.After {
		if _, both := records.Before[name]; !both {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		if before, after := plain(records.Before[name]), plain(records.After[name]); before != after {
			c.Fields = append(c.Fields, ChangedField{Name: name, Before: before, After: after})
		}
	}
	return nil
}

// plain is a JSON value as text, without the quotation marks of a string.
func plain(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	return string(raw)
}
