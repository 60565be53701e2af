package usecase_test

import (
	"testing"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
)

// What failed for good stands in the queue with its reason and without what it was asked; an administrator of the whole organisation has it tried again or
// gives it up, on record; nobody else sees it.
func TestQueue(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx := t.Context()
	owner, admin := o.actor(t, org.RoleSupervisor, unitCounty), o.actor(t, org.RoleAdmin, unitCounty)
	j, err := o.StartExport(ctx, owner, usecase.Export{List: matter.Filter{List: matter.ListAll, View: matter.ViewOpen}, Format: usecase.TableCSV})
	check(t, err)
	q, err := o.Queue(ctx, admin, usecase.QueueCursor{})
	check(t, err)
	if len(q.Open) != 1 || q.Open[0].For != usecase.QueueForPerson || len(q.Failed) != 0 {
		t.Fatalf("%+v", q)
	}
	if err := o.RetryJob(ctx, admin, j.Home, j.ID); errs.CodeOf(err) != "queue.not_failed" {
		t.Errorf("what waits and was never tried: %v", err)
	}
	fail := func() {
		o.update(t, func(tx *store.Tx) error {
			row, err := tx.Job(ctx, j.Home, j.ID)
			if err != nil {
				return err
			}
			next := row
			next.State, next.Attempts, next.EndedUS, next.Error = store.JobFailed, 6, o.Now(), "job.broken"
			_, err = tx.MoveJob(ctx, row, next)
			return err
		})
	}
	fail()
	if q, err = o.Queue(ctx, admin, usecase.QueueCursor{}); err != nil || len(q.Failed) != 1 || q.Failed[0].Error != "job.broken" || q.Vitals.JobsIn(store.JobFailed) != 1 {
		t.Fatalf("%+v %v", q, err)
	}
	for name, who := range map[string]org.Actor{"the owner": owner, "a part's administrator": o.actor(t, org.RoleAdmin, unitTownB), "nobody": {}} {
		if _, err := o.Queue(ctx, who, usecase.QueueCursor{}); err == nil {
			t.Errorf("%s sees the queue", name)
		}
		if o.RetryJob(ctx, who, j.Home, j.ID) == nil || o.DropJob(ctx, who, j.Home, j.ID) == nil {
			t.Errorf("%s may act on it", name)
		}
	}
	check(t, o.RetryJob(ctx, admin, j.Home, j.ID))
	check(t, o.RunJobs(ctx))
	if got, err := o.Job(ctx, owner, j.Home, j.ID); err != nil || got.State != store.JobDone {
		t.Errorf("tried again: %+v %v", got, err)
	}
	fail()
	check(t, o.DropJob(ctx, admin, j.Home, j.ID))
	if got, err := o.Job(ctx, owner, j.Home, j.ID); err != nil || got.State != store.JobStopped {
		t.Errorf("given up: %+v %v", got, err)
	}
	if err := o.DropJob(ctx, admin, j.Home, j.ID); errs.CodeOf(err) != "queue.over" {
		t.Errorf("given up twice: %v", err)
	}
	log, err := o.OrgLog(ctx, admin, usecase.LogFilter{Limit: 20})
	check(t, err)
	n := 0
	for _, c := range log.Changes {
		if c.Kind == "job" {
			n++
		}
	}
	if n != 2 {
		t.Errorf("%d on record", n)
	}
	if _, err := o.Vitals(ctx, admin); errs.KindOf(err) != errs.Forbidden {
		t.Errorf("vitals are the operator's: %v", err)
	}
}
