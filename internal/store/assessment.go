package store

import (
	"context"
	"encoding/json"
	"fmt"

	"huiyin/internal/assess"
	"huiyin/internal/org"
)

// Assessment is a yearly assessment of the units under one, as lists show it.
type Assessment struct {
	Home  int64
	ID    int64
	Owner org.UnitID
	Year  int
	Name  string
	Stage assess.Stage
}

const assessmentColumns = `home, assessment_id, unit_id, year, name, stage`

func scanAssessment(r *Row) (Assessment, error) {
	var a Assessment
	err := r.Scan(&a.Home, &a.ID, &a.Owner, &a.Year, &a.Name, &a.Stage)
	return a, err
}

// AssessmentsOf returns the assessments that belong to some units, those of the latest year first, at most limit.
func (t *Tx) AssessmentsOf(ctx context.Context, owners []org.UnitID, limit int) ([]Assessment, error) {
	const q = `select ` + assessmentColumns + ` from assessment where unit_id in ($1...) order by year desc, assessment_id desc limit $2`
	return Collect(ctx, t, Named("assessment.of", q), scanAssessment, List(owners), limit)
}

// AssessmentsUnder returns those that belong to units under one, that one included, in the same order.
func (t *Tx) AssessmentsUnder(ctx context.Context, root org.UnitID, limit int) ([]Assessment, error) {
	const q = `select a.home, a.assessment_id, a.unit_id, a.year, a.name, a.stage from assessment a join unit_path p on p.unit_id = a.unit_id
		where p.ancestor_id = $1 order by a.year desc, a.assessment_id desc limit $2`
	return Collect(ctx, t, Named("assessment.under", q), scanAssessment, int64(root), limit)
}

// Assessment finds an assessment.
func (t *Tx) Assessment(ctx context.Context, id int64) (Assessment, error) {
	const q = `select ` + assessmentColumns + ` from assessment where assessment_id = $1`
	return One(ctx, t, Named("assessment.get", q), scanAssessment, id)
}

// SaveAssessment writes an assessment as its events have left it.
func (t *Tx) SaveAssessment(ctx context.Context, a Assessment) error {
	const q = `insert into assessment (` + assessmentColumns + `) values ($1, $2, $3, $4, $5, $6)
		on conflict (home, assessment_id) do update set year = excluded.year, name = excluded.name, stage = excluded.stage`
	_, err := t.Exec(ctx, Named("assessment.save", q), a.Home, a.ID, int64(a.Owner), a.Year, a.Name, string(a.Stage))
	return err
}

// AddAssessmentEvent adds a step.
func (t *Tx) AddAssessmentEvent(ctx context.Context, a Assessment, e assess.Event) error {
	const q = `insert into assessment_event (home, assessment_id, n, at_us, user_id, unit_id, about_id, kind, body) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`
	body, err := json.Marshal(e.Body)
	if err != nil {
		return fmt.Errorf("assessment %d: %w", a.ID, err)
	}
	_, err = t.Exec(ctx, Named("assessment_event.add", q), a.Home, a.ID, e.N, e.AtUS, int64(e.User), int64(e.At), int64(e.Unit), string(e.Kind), string(body))
	return err
}

// AssessmentEvents returns the steps of some assessments of one home, by assessment, the first of them first.
func (t *Tx) AssessmentEvents(ctx context.Context, home int64, ids []int64) (map[int64][]assess.Event, error) {
	const q = `select assessment_id, n, at_us, user_id, unit_id, about_id, kind, body from assessment_event
		where home = $1 and assessment_id in ($2...) order by assessment_id, n`
	out := map[int64][]assess.Event{}
	_, err := CollectIn(ctx, t, Named("assessment_event.list", q), ids, func(r *Row) (id int64, err error) {
		var e assess.Event
		var body string
		if err := r.Scan(&id, &e.N, &e.AtUS, &e.User, &e.At, &e.Unit, &e.Kind, &body); err != nil {
			return 0, err
		}
		if err := json.Unmarshal([]byte(body), &e.Body); err != nil {
			return 0, fmt.Errorf("assessment %d step %d: %w", id, e.N, err)
		}
		out[id] = append(out[id], e)
		return id, nil
	}, home)
	return out, err
}
