package usecase

import (
	"cmp"
	"context"
	"slices"

	"huiyin/internal/assess"
	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/org"
	"huiyin/internal/stat"
	"huiyin/internal/store"
)

// MaxAssessments is how many assessments a list shows: those of the latest years.
const MaxAssessments = 100

// AssessmentRow is an assessment as a list shows it.
type AssessmentRow struct {
	ID      int64
	Owner   org.Unit // under whom units are assessed
	Year    int
	Name    string
	Stage   assess.Stage
	Manages bool      // the actor assesses
	Own     *SheetRow // of the actor's unit; nil where it has none, or not yet
}

// SheetState is how far a unit's sheet is.
type SheetState string

// The states of a sheet.
const (
	SheetProvisional SheetState = "provisional"
	SheetOpen        SheetState = "open"     // appeals can be made
	SheetAppealed    SheetState = "appealed" // some wait for an answer
	SheetClosing     SheetState = "closing"  // none waits, and none can be made any more
	SheetSettled     SheetState = "settled"
)

// SheetRow is a unit's sheet as a list shows it.
type SheetRow struct {
	Unit    org.Unit
	Depth   int // below the owner
	First   assess.Score
	Now     assess.Score // with what was corrected on appeal
	Changed bool
	State   SheetState
}

// AssessLine is a line of a scheme with the definition of what it weighs.
type AssessLine struct {
	assess.Line
	Definition stat.Indicator
}

// AssessStep is a step with who took it.
type AssessStep struct {
	assess.Event
	Person string
	Where  org.Unit
}

// AssessmentView is an assessment as one actor may see it.
type AssessmentView struct {
	AssessmentRow
	Scheme assess.Scheme
	Lines  []AssessLine
	AsOf   law.Day // of the figures
	Given  law.Day // on which the sheets were given out
	Until  law.Day // the last day for appeals
	Sheets []SheetRow
	Steps  []AssessStep  // about all units; those of one stand with its sheet
	May    []assess.Kind // what the actor can do now
}

// SheetLine is a line of a unit's sheet.
type SheetLine struct {
	AssessLine
	First  assess.Mark
	Now    assess.Mark
	Appeal *assess.Appeal
	Behind FigureAsk // of what the figure was taken
}

// SheetView is a unit's sheet as one actor may see it.
type SheetView struct {
	AssessmentView
	Sheet SheetRow
	Lines []SheetLine
	Steps []AssessStep  // about the unit
	May   []assess.Kind // what the actor can do on it now
}

// needAssessments refuses a duty that sees no assessments: they are for who handles matters at a unit, heads it, supervises or leads.
func (o *Office) needAssessments(who org.Actor) error {
	if err := need(who, org.RoleHandler, org.RoleHead, org.RoleSupervisor, org.RoleLeader); err != nil {
		return err
	}
	return granted(who, "read")
}

// assesses reports whether an actor assesses the units under one: who supervises or leads them all.
func assesses(who org.Actor, owner org.UnitID) bool {
	return who.Has(org.RoleSupervisor, org.RoleLeader) && who.Duty.Scope == owner
}

// seesAssessment reports whether an actor may see an assessment: who assesses, always; once it is published its units and who is above.
func (o *Office) seesAssessment(who org.Actor, row store.Assessment) bool {
	if assesses(who, row.Owner) {
		return true
	}
	chart := o.Chart()
	above := who.Has(org.RoleSupervisor, org.RoleLeader) && chart.Under(row.Owner, who.Duty.Scope)
	return (above || chart.Under(who.Duty.Unit, row.Owner)) && row.Stage != assess.StageDraft && row.Stage != assess.StageWithdrawn
}

// seesSheet reports whether an actor may see the sheet of a unit: who assesses, always; once it is given out who heads the unit or handles its matters, and
// who supervises or leads it.
func (o *Office) seesSheet(who org.Actor, row store.Assessment, unit org.UnitID) bool {
	switch {
	case assesses(who, row.Owner):
		return true
	case row.Stage != assess.StageReleased && row.Stage != assess.StageSettled:
		return false
	case who.Has(org.RoleHead, org.RoleHandler):
		return unit == who.Duty.Unit
	}
	return who.Has(org.RoleSupervisor, org.RoleLeader) && o.Chart().Under(unit, who.Duty.Scope)
}

// Assessments returns the assessments that an actor may see, those of the latest years first.
func (o *Office) Assessments(ctx context.Context, who org.Actor) ([]AssessmentRow, error) {
	if err := o.needAssessments(who); err != nil {
		return nil, err
	}
	var out []AssessmentRow
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		rows, err := o.assessmentsOf(ctx, t, who)
		if err != nil {
			return err
		}
		byHome := map[int64][]int64{}
		for _, r := range rows {
			byHome[r.Home] = append(byHome[r.Home], r.ID)
		}
		events := map[int64]map[int64][]assess.Event{}
		for home, ids := range byHome {
			if events[home], err = t.AssessmentEvents(ctx, home, ids); err != nil {
				return err
			}
		}
		out = nil
		for _, r := range rows {
			out = append(out, o.assessmentRow(who, r, assess.Fold(events[r.Home][r.ID])))
		}
		return nil
	})
	return out, err
}

func (o *Office) assessmentsOf(ctx context.Context, t *store.Tx, who org.Actor) ([]store.Assessment, error) {
	rows, err := t.AssessmentsOf(ctx, o.Chart().Ancestors(who.Duty.Unit), MaxAssessments)
	if err == nil && who.Has(org.RoleSupervisor, org.RoleLeader) {
		var under []store.Assessment
		under, err = t.AssessmentsUnder(ctx, who.Duty.Scope, MaxAssessments)
		rows = append(rows, under...)
	}
	slices.SortFunc(rows, func(a, b store.Assessment) int { return cmp.Or(cmp.Compare(b.Year, a.Year), cmp.Compare(b.ID, a.ID)) })
	rows = slices.DeleteFunc(slices.Compact(rows), func(r store.Assessment) bool { return !o.seesAssessment(who, r) })
	return rows[:min(len(rows), MaxAssessments)], err
}

func (o *Office) assessmentRow(who org.Actor, row store.Assessment, a *assess.Assessment) AssessmentRow {
	owner, _ := o.Chart().Unit(row.Owner)
	out := AssessmentRow{ID: row.ID, Owner: owner, Year: row.Year, Name: row.Name, Stage: row.Stage, Manages: assesses(who, row.Owner)}
	if s := a.Sheet(who.Duty.Unit); s != nil && o.seesSheet(who, row, s.Unit) {
		own := o.sheetRow(row, a, s)
		out.Own = &own
	}
	return out
}

// sheetRow scores a sheet, as it was counted and as it is now.
func (o *Office) sheetRow(row store.Assessment, a *assess.Assessment, s *assess.Sheet) SheetRow {
	chart := o.Chart()
	unit, _ := chart.Unit(s.Unit)
	out := SheetRow{Unit: unit, Depth: max(1, slices.Index(chart.Ancestors(s.Unit), row.Owner)), First: a.Scheme.Score(s.Counts), Now: a.Scheme.Score(s.Corrected()), Changed: s.Changed()}
	switch {
	case a.Stage == assess.StageProvisional, a.Stage == assess.StageWithdrawn:
		out.State = SheetProvisional
	case s.Settled.Known():
		out.State = SheetSettled
	case s.Open() > 0:
		out.State = SheetAppealed
	case s.Accepted.Known(), o.Today() > a.Until():
		out.State = SheetClosing
	default:
		out.State = SheetOpen
	}
	return out
}

// openAssessment finds an assessment that an actor may see; any other does not exist for them.
func (o *Office) openAssessment(ctx context.Context, t *store.Tx, who org.Actor, id int64) (store.Assessment, *assess.Assessment, error) {
	row, err := t.Assessment(ctx, id)
	if errs.KindOf(err) == errs.NotFound || err == nil && !o.seesAssessment(who, row) {
		return row, nil, errs.E(errs.NotFound, "assess.not_found")
	}
	if err != nil {
		return row, nil, err
	}
	events, err := t.AssessmentEvents(ctx, row.Home, []int64{id})
	return row, assess.Fold(events[id]), err
}

// Assessment returns the scheme of an assessment, and the sheets under it that the actor may see, in the order of the chart.
func (o *Office) Assessment(ctx context.Context, who org.Actor, id int64) (AssessmentView, error) {
	if err := o.needAssessments(who); err != nil {
		return AssessmentView{}, err
	}
	var out AssessmentView
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		row, a, err := o.openAssessment(ctx, t, who, id)
		if err == nil {
			out, err = o.assessmentView(ctx, t, who, row, a)
		}
		return err
	})
	return out, err
}

func (o *Office) assessmentView(ctx context.Context, t *store.Tx, who org.Actor, row store.Assessment, a *assess.Assessment) (AssessmentView, error) {
	out := AssessmentView{AssessmentRow: o.assessmentRow(who, row, a), Scheme: a.Scheme, AsOf: a.AsOf, Given: a.Given}
	if a.Given.Known() {
		out.Until = a.Until()
	}
	for _, l := range a.Scheme.Lines {
		d, err := stat.Find(l.Indicator)
		if err != nil {
			return out, err
		}
		out.Lines = append(out.Lines, AssessLine{l, d})
	}
	for _, s := range a.Sheets {
		if o.seesSheet(who, row, s.Unit) {
			out.Sheets = append(out.Sheets, o.sheetRow(row, a, s))
		}
	}
	if out.Manages {
		out.May = wholeSteps(a.Stage)
	} else if len(out.Sheets) == 0 {
		out.AsOf = law.NoDay // the figures were not given out yet
	}
	shown := func(e assess.Event) bool {
		early := e.Kind == assess.Drafted || e.Kind == assess.Counted
		return e.Unit == 0 && (out.Manages || !early)
	}
	var err error
	out.Steps, err = o.assessSteps(ctx, t, a, shown)
	return out, err
}

// wholeSteps are what who assesses can do at a stage, the usual one first.
func wholeSteps(s assess.Stage) []assess.Kind {
	switch s {
	case assess.StageDraft:
		return []assess.Kind{assess.Published, assess.Drafted, assess.Withdrawn}
	case assess.StagePublished:
		return []assess.Kind{assess.Counted, assess.Withdrawn}
	case assess.StageProvisional:
		return []assess.Kind{assess.Released, assess.Counted, assess.Withdrawn}
	case assess.StageReleased:
		return []assess.Kind{assess.Settled}
	case assess.StageSettled, assess.StageWithdrawn:
	}
	return nil
}

// assessSteps are steps with the names of who took them.
func (o *Office) assessSteps(ctx context.Context, t *store.Tx, a *assess.Assessment, shown func(assess.Event) bool) ([]AssessStep, error) {
	var out []AssessStep
	var users []org.UserID
	for _, e := range a.Events {
		if shown(e) {
			where, _ := o.Chart().Unit(e.At)
			out, users = append(out, AssessStep{Event: e, Where: where}), append(users, e.User)
		}
	}
	names, err := t.PersonNames(ctx, users)
	for i := range out {
		out[i].Person = names[out[i].User]
	}
	return out, err
}

// AssessmentSheet returns the sheet of a unit.
func (o *Office) AssessmentSheet(ctx context.Context, who org.Actor, id int64, unit org.UnitID) (SheetView, error) {
	if err := o.needAssessments(who); err != nil {
		return SheetView{}, err
	}
	var out SheetView
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		row, a, err := o.openAssessment(ctx, t, who, id)
		if err != nil {
			return err
		}
		s := a.Sheet(unit)
		if s == nil || !o.seesSheet(who, row, unit) {
			return errs.E(errs.NotFound, "assess.not_found")
		}
		out = SheetView{Sheet: o.sheetRow(row, a, s)}
		if out.AssessmentView, err = o.assessmentView(ctx, t, who, row, a); err != nil {
			return err
		}
		for i, l := range out.AssessmentView.Lines {
			out.Lines = append(out.Lines, SheetLine{
				AssessLine: l, First: out.Sheet.First.Marks[i], Now: out.Sheet.Now.Marks[i], Appeal: s.Appeal(i),
				Behind: FigureAsk{Indicators: []string{l.Indicator}, Period: a.Period(a.AsOf), Unit: unit},
			})
		}
		out.May = o.sheetSteps(who, row, unit, out.Sheet.State, a)
		out.Steps, err = o.assessSteps(ctx, t, a, func(e assess.Event) bool { return e.Unit == unit })
		return err
	})
	return out, err
}

// sheetSteps are what an actor can do on a sheet now.
func (o *Office) sheetSteps(who org.Actor, row store.Assessment, unit org.UnitID, state SheetState, a *assess.Assessment) []assess.Kind {
	var out []assess.Kind
	heads, judges := headsUnit(who, unit), assesses(who, row.Owner)
	accepted := a.Sheet(unit).Accepted.Known()
	if heads && (state == SheetOpen || state == SheetAppealed) && !accepted && o.Today() <= a.Until() {
		out = append(out, assess.Appealed, assess.Accepted)
	}
	if judges && state == SheetAppealed && who.Duty.Unit != unit {
		out = append(out, assess.Answered)
	}
	if judges && state == SheetClosing {
		out = append(out, assess.Settled)
	}
	return out
}

// headsUnit reports whether an actor speaks for a unit.
func headsUnit(who org.Actor, unit org.UnitID) bool {
	return who.Has(org.RoleHead) && who.Duty.Unit == unit
}

// filesFor reports whether an actor is the machine of a unit, which may hand in an appeal: it asks and waives nothing.
func filesFor(who org.Actor, unit org.UnitID) bool {
	return who.Kind == org.ActorMachine && who.Has(org.RoleHandler) && who.Duty.Unit == unit
}
