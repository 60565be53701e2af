package usecase

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"huiyin/internal/assess"
	"huiyin/internal/org"
	"huiyin/internal/store"
)

// The kinds of notices of an assessment.
const (
	AssessReleased  = "assess_released"  // to the unit: its sheet was given out
	AssessCorrected = "assess_corrected" // to the unit: an appeal was upheld, a figure put right
	AssessAnswered  = "assess_answered"  // to the unit: an appeal was not upheld
	AssessAppealed  = "assess_appealed"  // to who assesses: a unit has appealed
)

// NoticeSheet is the sheet that a notice leads to, zero for one that leads elsewhere.
func (v NoticeView) NoticeSheet() (assessment int64, unit org.UnitID) {
	assessment, _ = strconv.ParseInt(v.Said["assessment"], 10, 64)
	id, _ := strconv.ParseInt(v.Said["unit"], 10, 64)
	return assessment, org.UnitID(id)
}

// tellAssessment tells of steps of an assessment: the unit, that its sheet is there and what became of its appeal; who assesses, that there is one.
func (o *Office) tellAssessment(ctx context.Context, t *store.Tx, row store.Assessment, a *assess.Assessment, steps []assess.Event) error {
	for _, e := range steps {
		kind, to := "", []recipient(nil)
		units := []org.UnitID{e.Unit}
		var err error
		switch e.Kind {
		case assess.Released:
			kind, units = AssessReleased, nil
			for _, s := range a.Sheets {
				units = append(units, s.Unit)
			}
			to, err = o.assessedPeople(ctx, t, units)
		case assess.Answered:
			kind = AssessAnswered
			if e.Body.Upheld {
				kind = AssessCorrected
			}
			to, err = o.assessedPeople(ctx, t, units)
		case assess.Appealed:
			kind = AssessAppealed
			to, err = o.assessingPeople(ctx, t, row.Owner)
		case assess.Drafted, assess.Published, assess.Counted, assess.Withdrawn, assess.Accepted, assess.Settled:
			continue
		}
		if err != nil {
			return err
		}
		if err := o.tellSheet(ctx, t, row, kind, e, to); err != nil {
			return err
		}
	}
	return nil
}

// tellSheet writes down one notice for each of whom it is for.
func (o *Office) tellSheet(ctx context.Context, t *store.Tx, row store.Assessment, kind string, e assess.Event, to []recipient) error {
	rows := make([]store.NoticeRow, len(to))
	for i, r := range to {
		unit := e.Unit
		if unit == 0 {
			unit = r.Unit
		}
		said := noticeArgs{"assessment": strconv.FormatInt(row.ID, 10), "year": strconv.Itoa(row.Year), "unit": strconv.FormatInt(int64(unit), 10)}
		if e.Body.Line != "" {
			said["indicator"] = e.Body.Line
		}
		args, err := said.text()
		if err != nil {
			return err
		}
		rows[i] = store.NoticeRow{
			Unit: r.Unit, User: r.User, Channel: store.ChannelApp, Kind: kind, Args: args, Cause: fmt.Sprintf("assess/%d/%s/%d/%s", row.ID, e.Kind, unit, e.Body.Line),
		}
		rows[i].Matter.Home = row.Home
	}
	return o.tell(ctx, t, rows...)
}

// assessedPeople are who answers for units: their heads, and where a unit has none, who handles its matters.
func (o *Office) assessedPeople(ctx context.Context, t *store.Tx, units []org.UnitID) ([]recipient, error) {
	duties, err := t.DutiesAtUnits(ctx, units, o.Today(), org.RoleHead, org.RoleHandler)
	out := appendRecipients(nil, duties, org.RoleHead)
	headed := func(d org.Duty) bool {
		return slices.ContainsFunc(duties, func(h org.Duty) bool { return h.Role == org.RoleHead && h.Unit == d.Unit })
	}
	return appendRecipients(out, slices.DeleteFunc(slices.Clone(duties), headed), org.RoleHandler), err
}

// assessingPeople are who assesses the units under one.
func (o *Office) assessingPeople(ctx context.Context, t *store.Tx, owner org.UnitID) ([]recipient, error) {
	return o.recipientsOver(ctx, t, owner, org.RoleSupervisor, org.RoleLeader)
}
