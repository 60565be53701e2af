package usecase

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
)

// The kinds of what is proposed.
const (
	adviceCategory = "category"
	adviceUnit     = "unit"
)

// proposed is one proposal as it is kept.
type proposed struct {
	Code       string  `json:"code"`
	Confidence float64 `json:"confidence,omitempty"`
}

// advisedIntake is what is kept of a category that somebody at a desk chose at registration: what was proposed for the same words. What machines
// and imports bring is nobody's decision here, and an accusation is left alone.
func (o *Office) advisedIntake(who org.Actor, in matter.Intake) []store.AdviceRow {
	if who.Kind != org.ActorStaff || in.Category == "" || in.Kind == matter.KindAccusation {
		return nil
	}
	return o.advisedCategory(who, Said(in.Title, in.Narrative, in.Demands), in.Category)
}

// advisedSteps is what is kept of the decisions in some steps that somebody at a desk takes: the category that is corrected, the unit that it is
// sent to. What is proposed for them is read ahead of the write transaction.
func (o *Office) advisedSteps(ctx context.Context, who org.Actor, m *matter.Matter, steps []matter.Command) ([]store.AdviceRow, error) {
	if who.Kind != org.ActorStaff || m == nil || m.Sealed || len(m.Submissions) == 0 {
		return nil, nil
	}
	var out []store.AdviceRow
	category := m.Category
	for _, c := range steps {
		switch c := c.(type) {
		case *matter.Screen:
			if c.Category != "" && c.Category != category && c.Kind != matter.KindAccusation {
				s := m.Submissions[0]
				out = append(out, o.advisedCategory(who, Said(s.Title, s.Narrative, s.Demands), c.Category)...)
			}
			category = c.Category
		case *matter.Forward:
			rows, err := o.advisedUnit(ctx, who, category, m.Place(), c.Unit)
			if err != nil {
				return nil, err
			}
			out = append(out, rows...)
		}
	}
	return out, nil
}

// advisedCategory is a decision on a category. Without a model nothing is proposed and nothing kept.
func (o *Office) advisedCategory(who org.Actor, text, taken string) []store.AdviceRow {
	a := o.advise(text)
	if a.Model == "" {
		return nil
	}
	list := make([]proposed, len(a.List))
	for i, c := range a.List {
		list[i] = proposed{Code: c.Code, Confidence: c.Confidence}
	}
	row := o.adviceRow(who, adviceCategory, list, taken, func(p proposed) bool { return o.within(taken, p.Code) })
	row.Model = a.Model
	return []store.AdviceRow{row}
}

// within reports whether a category is another or stands under it.
func (o *Office) within(code, above string) bool {
	for code != "" && code != above {
		code = o.CategoryAbove(code)
	}
	return code == above
}

// advisedUnit is a decision on a unit.
func (o *Office) advisedUnit(ctx context.Context, who org.Actor, category string, place int64, taken org.UnitID) ([]store.AdviceRow, error) {
	if category == "" {
		return nil, nil
	}
	units, err := o.unitsFor(ctx, category, place)
	if err != nil || len(units) == 0 {
		return nil, err
	}
	list := make([]proposed, min(len(units), maxProposed))
	for i := range list {
		list[i] = proposed{Code: unitCode(units[i].Unit.ID)}
	}
	return []store.AdviceRow{o.adviceRow(who, adviceUnit, list, unitCode(taken), func(p proposed) bool { return p.Code == unitCode(taken) })}, nil
}

// maxProposed is how many proposals are kept.
const maxProposed = 3

func unitCode(id org.UnitID) string { return strconv.FormatInt(int64(id), 10) }

func (o *Office) adviceRow(who org.Actor, kind string, list []proposed, taken string, is func(proposed) bool) store.AdviceRow {
	body, _ := json.Marshal(list) //nolint:errchkjson // strings and finite numbers
	row := store.AdviceRow{
		Kind: kind, Proposed: string(body), Taken: taken, Rank: slices.IndexFunc(list, is) + 1, Role: who.Duty.Role, Unit: who.Duty.Unit, Day: o.Today(),
	}
	if len(list) > 0 {
		row.First = list[0].Code
	}
	return row
}

// keepAdvice writes what was proposed with the decision on a matter as it is now; of several of a kind the last.
func keepAdvice(ctx context.Context, t *store.Tx, m *matter.Matter, rows []store.AdviceRow) error {
	for i, row := range rows {
		if slices.ContainsFunc(rows[i+1:], func(r store.AdviceRow) bool { return r.Kind == row.Kind }) {
			continue
		}
		row.Matter, row.Seq = m.Ref, m.Version
		if err := t.InsertAdvice(ctx, row); err != nil {
			return fmt.Errorf("keep what was proposed: %w", err)
		}
	}
	return nil
}

// adviceDays is how far back what was taken is counted, and maxConfused how many confusions are shown.
const (
	adviceDays    = 90
	maxConfused   = 20
	maxOfConfused = 50
)

type (
	// AdviceCount is how often what was proposed was taken, of the decisions for one thing.
	AdviceCount = store.AdviceCount
	// AdvicePair is how often one thing was proposed first and another taken.
	AdvicePair = store.AdvicePair
)

// AdviceRecord is how often what was proposed was taken in the last ninety days: decisions that were corrected later count as corrected.
type AdviceRecord struct {
	Since      law.Day
	Categories []AdviceCount // by what was decided on, most decisions first
	Units      []AdviceCount // the same; Taken is the unit's id
	Confused   []AdvicePair  // categories proposed first and what was taken instead, most often first
}

// AdviceRecord tells it to those who look after the model or after the work. It counts matters; nobody is named.
func (o *Office) AdviceRecord(ctx context.Context, who org.Actor) (AdviceRecord, error) {
	if err := need(who, adviceReaders()...); err != nil {
		return AdviceRecord{}, err
	}
	out := AdviceRecord{Since: o.Today() - adviceDays}
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		var err error
		if out.Categories, err = t.AdviceTaken(ctx, adviceCategory, out.Since); err != nil {
			return err
		}
		if out.Units, err = t.AdviceTaken(ctx, adviceUnit, out.Since); err != nil {
			return err
		}
		out.Confused, err = t.AdviceConfused(ctx, adviceCategory, out.Since, maxConfused)
		return err
	})
	return out, err
}

// Confused returns the matters within the actor's scope on which one category was proposed first and another was taken in the last ninety days, the
// newest decisions first.
func (o *Office) Confused(ctx context.Context, who org.Actor, first, taken string) ([]RowView, error) {
	if err := need(who, adviceReaders()...); err != nil {
		return nil, err
	}
	for _, code := range []string{first, taken} {
		if _, ok := o.Places.Current().Row(code); !ok {
			return nil, errs.E(errs.NotFound, "advice.pair")
		}
	}
	var out []RowView
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		rows, err := t.AdviceMatters(ctx, who.Scope(), adviceCategory, AdvicePair{First: first, Taken: taken}, o.Today()-adviceDays, maxOfConfused)
		out = nil
		for _, r := range rows {
			out = append(out, o.rowView(r, o.Today()))
		}
		return err
	})
	return out, err
}
