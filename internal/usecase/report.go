package usecase

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/org"
	"huiyin/internal/periodic"
	"huiyin/internal/query"
	"huiyin/internal/store"
)

const (
	// ReportRows is how many reports a page lists.
	ReportRows = 20
	// MaxReportNote is how long the note on a report may be.
	MaxReportNote = 2000
	// maxNotes is how many versions of a note a page shows.
	maxNotes = 20
)

// MayReports reports whether a duty reads and makes periodic reports: those who see issues do.
func (o *Office) MayReports(who org.Actor) bool { return o.MayIssues(who) }

// mayReport refuses who may not, and of a unit that their duty does not span: it is not there for them.
func (o *Office) mayReport(who org.Actor, unit org.UnitID) (org.Unit, error) {
	if who.Kind == org.ActorNobody || who.Kind == org.ActorPetitioner {
		return org.Unit{}, errs.E(errs.Unauthenticated, "auth.sign_in")
	}
	if who.Kind != org.ActorSystem {
		if !o.MayReports(who) {
			return org.Unit{}, errs.E(errs.Forbidden, "auth.duty")
		}
		if err := granted(who, "read"); err != nil {
			return org.Unit{}, err
		}
	}
	u, known := o.Chart().Unit(unit)
	if !known || !o.spans(who, unit) {
		return org.Unit{}, errs.E(errs.NotFound, "unit.not_found")
	}
	return u, nil
}

// spans reports whether a unit lies in what an actor's duty spans.
func (o *Office) spans(who org.Actor, unit org.UnitID) bool {
	scope := who.Scope()
	return scope.All || slices.ContainsFunc(scope.Roots, func(root org.UnitID) bool { return o.Chart().Under(unit, root) })
}

// ReportAsk asks for a report of a unit and the units below it, of the period that holds a day.
type ReportAsk struct {
	Unit org.UnitID
	Kind periodic.Kind
	Day  law.Day
}

func (o *Office) checkReport(a ReportAsk) error {
	var wrong []errs.Field
	if !slices.Contains(periodic.Kinds(), a.Kind) {
		wrong = append(wrong, errs.F("kind", "field.choice"))
	}
	switch {
	case !a.Day.Known():
		wrong = append(wrong, errs.F("day", "field.required"))
	case a.Day > o.Today():
		wrong = append(wrong, errs.F("day", "report.future"))
	}
	return errs.Fields(wrong)
}

// ReportRow is a report in a list.
type ReportRow struct {
	Home, ID int64
	Unit     org.Unit
	Kind     periodic.Kind
	From, To law.Day
	AsOf     law.Day
	MadeUS   int64
	Due      bool // it was made because it was due; nobody asked for it
}

func (o *Office) reportRow(r store.PeriodicReport) ReportRow {
	unit, _ := o.Chart().Unit(r.Unit)
	return ReportRow{Home: r.Home, ID: r.ID, Unit: unit, Kind: periodic.Kind(r.Kind), From: r.From, To: r.To, AsOf: r.AsOf, MadeUS: r.MadeUS, Due: r.User == 0}
}

// ReportList is a page of a unit's reports, the newest first, with what is made by itself.
type ReportList struct {
	Unit      org.Unit
	Units     []org.Unit // whose reports the actor may look at besides: the one above and those right below
	Rows      []ReportRow
	Next      int64 // where to go on; zero at the end
	Schedules []ReportSchedule
	Schedule  bool // the actor may switch them
}

// ReportSchedule says whether a unit's reports of a kind are made by themselves.
type ReportSchedule struct {
	Kind   periodic.Kind
	On     bool
	Person string  // who switched it on
	Since  int64   // when, in microseconds
	Next   law.Day // the day on which the next one is made
}

// Reports lists a unit's reports; zero for the unit that the duty in use spans.
func (o *Office) Reports(ctx context.Context, who org.Actor, unit org.UnitID, before int64) (ReportList, error) {
	if unit == 0 {
		unit = who.Duty.Scope
	}
	u, err := o.mayReport(who, unit)
	if err != nil {
		return ReportList{}, err
	}
	list := ReportList{Unit: u, Schedule: mayScheduleReports(who)}
	if above, known := o.Chart().Unit(u.Parent); known && o.spans(who, above.ID) {
		list.Units = append(list.Units, above)
	}
	for _, below := range o.Chart().Children(unit) {
		if below.Alive(o.Today()) {
			list.Units = append(list.Units, below)
		}
	}
	err = o.Store.Read(ctx, func(t *store.Tx) error {
		rows, err := t.Reports(ctx, HomeOf(u.Place), unit, before, ReportRows+1)
		if err != nil {
			return err
		}
		if len(rows) > ReportRows {
			rows = rows[:ReportRows]
			list.Next = rows[ReportRows-1].ID
		}
		for _, r := range rows {
			list.Rows = append(list.Rows, o.reportRow(r))
		}
		list.Schedules, err = o.schedules(ctx, t, u)
		return err
	})
	return list, err
}

// ReportNote is a version of what a person added to a report.
type ReportNote struct {
	N      int
	AtUS   int64
	Person string
	Unit   org.Unit
	Text   string
}

// ReportView is a report with what people added to it, the newest version first.
type ReportView struct {
	ReportRow
	Report periodic.Report
	Notes  []ReportNote
}

// Report is a report that the actor may read; that of a unit which their duty does not span is not there.
func (o *Office) Report(ctx context.Context, who org.Actor, home, id int64) (ReportView, error) {
	var v ReportView
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		row, err := o.seeReport(ctx, t, who, home, id)
		if err != nil {
			return err
		}
		v.ReportRow = o.reportRow(row)
		if err := json.Unmarshal([]byte(row.Body), &v.Report); err != nil {
			return fmt.Errorf("report %d-%d: %w", home, id, err)
		}
		v.Notes, err = o.reportNotes(ctx, t, home, id)
		return err
	})
	return v, err
}

func (o *Office) seeReport(ctx context.Context, t *store.Tx, who org.Actor, home, id int64) (store.PeriodicReport, error) {
	row, err := t.Report(ctx, home, id)
	if errs.KindOf(err) == errs.NotFound {
		if _, err := o.mayReport(who, who.Duty.Scope); err != nil {
			return row, err
		}
		return row, errs.E(errs.NotFound, "report.not_found")
	}
	if err != nil {
		return row, err
	}
	_, err = o.mayReport(who, row.Unit)
	if errs.KindOf(err) == errs.NotFound {
		err = errs.E(errs.NotFound, "report.not_found")
	}
	return row, err
}

func (o *Office) reportNotes(ctx context.Context, t *store.Tx, home, id int64) ([]ReportNote, error) {
	rows, err := t.ReportNotes(ctx, home, id, maxNotes)
	if err != nil {
		return nil, err
	}
	people := make([]org.UserID, len(rows))
	for i, r := range rows {
		people[i] = r.User
	}
	names, err := t.PersonNames(ctx, people)
	if err != nil {
		return nil, err
	}
	var out []ReportNote
	for _, r := range rows {
		n := ReportNote{N: r.N, AtUS: r.AtUS, Person: names[r.User], Text: r.Text}
		n.Unit, _ = o.Chart().Unit(r.Unit)
		out = append(out, n)
	}
	return out, nil
}

// NoteReport adds a version to the note on a report, after the one that was seen (0: there was none). The figures and what they say stay as they were. A note is read
// with the report wherever it goes, so one with an identity number or a mobile telephone in it is refused.
func (o *Office) NoteReport(ctx context.Context, who org.Actor, home, id int64, seen int, text string) error {
	if who.User == 0 {
		return errs.E(errs.Forbidden, "auth.duty")
	}
	text = strings.TrimSpace(text)
	var wrong []errs.Field
	switch n := utf8.RuneCountInString(text); {
	case n == 0:
		wrong = append(wrong, errs.F("note", "field.required"))
	case n > MaxReportNote:
		wrong = append(wrong, errs.F("note", "field.long", "max", MaxReportNote, "n", n))
	case query.NewHider(nil).Hide(text) != text:
		wrong = append(wrong, errs.F("note", "report.note.personal"))
	}
	return o.Store.Update(ctx, home, func(t *store.Tx) error {
		if _, err := o.seeReport(ctx, t, who, home, id); err != nil {
			return err
		}
		if err := errs.Fields(wrong); err != nil {
			return err
		}
		newest, err := t.ReportNotes(ctx, home, id, 1)
		if err != nil {
			return err
		}
		if len(newest) > 0 && newest[0].N != seen || len(newest) == 0 && seen != 0 {
			return errs.E(errs.Conflict, "report.note.changed")
		}
		return t.InsertReportNote(ctx, home, id, store.ReportNote{N: seen + 1, AtUS: o.Now(), User: who.User, Unit: who.Duty.Unit, Text: text})
	})
}
