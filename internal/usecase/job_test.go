package usecase_test

import (
	"testing"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
)

// A job is its owner's alone, done with the rights they have when it is done, and its file goes to the duty that asked for it.
func TestJobsAreTheirOwners(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx := t.Context()
	o.file(t, "路灯不亮")
	who := o.actor(t, org.RoleSupervisor, unitCounty)
	e := usecase.Export{List: matter.Filter{List: matter.ListAll, View: matter.ViewOpen}, Format: usecase.TableCSV}
	j, err := o.StartExport(ctx, who, e)
	check(t, err)
	if j.State != store.JobWaiting || j.File {
		t.Errorf("begins as %+v", j)
	}
	if _, _, err := o.JobFile(ctx, who, j.Home, j.ID); errs.CodeOf(err) != "job.no_file" {
		t.Errorf("a file before it is made: %v", err)
	}
	check(t, o.RunJobs(ctx))
	other := o.actor(t, org.RoleSupervisor, unitTownB)
	for name, call := range map[string]func(org.Actor) error{
		"look": func(a org.Actor) error { _, err := o.Job(ctx, a, j.Home, j.ID); return err },
		"take": func(a org.Actor) error {
			_, content, err := o.JobFile(ctx, a, j.Home, j.ID)
			contentOf(t, content)
			return err
		},
		"stop": func(a org.Actor) error { return o.StopJob(ctx, a, j.Home, j.ID) },
	} {
		if err := call(other); errs.CodeOf(err) != "job.not_found" {
			t.Errorf("another may %s: %v", name, err)
		}
		if err := call(org.Actor{}); errs.KindOf(err) != errs.Unauthenticated {
			t.Errorf("nobody may %s: %v", name, err)
		}
		if err := call(who); err != nil {
			t.Errorf("the owner may not %s: %v", name, err)
		}
	}
	elsewhere := who
	elsewhere.Duty.ID++
	if _, _, err := o.JobFile(ctx, elsewhere, j.Home, j.ID); errs.CodeOf(err) != "job.no_file" {
		t.Errorf("under another duty: %v", err)
	}
	if list, err := o.Jobs(ctx, other); err != nil || len(list) != 0 {
		t.Errorf("another's list: %v, %v", list, err)
	}

	gone, err := o.StartExport(ctx, who, e)
	check(t, err)
	o.update(t, func(tx *store.Tx) error {
		d := who.Duty
		d.Until = law.DayOf(o.Now()).Add(-1)
		return tx.SaveDuty(ctx, d)
	})
	check(t, o.RunJobs(ctx))
	o.read(t, func(tx *store.Tx) error {
		row, err := tx.Job(ctx, gone.Home, gone.ID)
		if row.State != store.JobFailed || row.Error != "auth.ended" || row.File != "" {
			t.Errorf("after the duty ended: %+v", row)
		}
		return err
	})
}

// What was stopped is not done, too much at once is refused, and the file is not there for ever.
func TestJobsEnd(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx := t.Context()
	who := o.actor(t, org.RoleSupervisor, unitCounty)
	e := usecase.Export{List: matter.Filter{List: matter.ListAll, View: matter.ViewOpen}, Format: usecase.TableXLSX}
	var jobs []usecase.JobView
	for range 5 {
		j, err := o.StartExport(ctx, who, e)
		check(t, err)
		jobs = append(jobs, j)
	}
	if _, err := o.StartExport(ctx, who, e); errs.CodeOf(err) != "job.many" {
		t.Errorf("a sixth: %v", err)
	}
	check(t, o.StopJob(ctx, who, jobs[0].Home, jobs[0].ID))
	check(t, o.RunJobs(ctx))
	list, err := o.Jobs(ctx, who)
	check(t, err)
	for i, j := range list {
		if stopped := j.ID == jobs[0].ID; stopped != (j.State == store.JobStopped) || stopped == j.File || i > 0 && j.ID > list[i-1].ID {
			t.Errorf("%d: %+v", i, j)
		}
	}
	o.now.Add(8 * 24 * 3600 * 1_000_000)
	check(t, o.Sweep(ctx))
	if j, err := o.Job(ctx, who, jobs[1].Home, jobs[1].ID); err != nil || j.File || j.State != store.JobDone {
		t.Errorf("after 8 days: %+v, %v", j, err)
	}
	if _, _, err := o.JobFile(ctx, who, jobs[1].Home, jobs[1].ID); errs.CodeOf(err) != "job.no_file" {
		t.Errorf("its file: %v", err)
	}
	o.now.Add(30 * 24 * 3600 * 1_000_000)
	check(t, o.Sweep(ctx))
	if list, err := o.Jobs(ctx, who); err != nil || len(list) != 0 {
		t.Errorf("after a month: %v, %v", list, err)
	}
}

// A job whose runner died is begun again when its lease is over, and not for ever.
func TestJobOutlivesItsRunner(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx := t.Context()
	who := o.actor(t, org.RoleSupervisor, unitCounty)
	e := usecase.Export{List: matter.Filter{List: matter.ListAll, View: matter.ViewOpen}, Format: usecase.TableCSV}
	start := func() (j usecase.JobView) {
		j, err := o.StartExport(ctx, who, e)
		check(t, err)
		return j
	}
	die := func(id int64) {
		t.Helper()
		o.update(t, func(tx *store.Tx) error {
			row, err := tx.Job(ctx, 330112, id)
			if err != nil {
				return err
			}
			next := row
			next.State, next.Attempts, next.DueUS = store.JobRunning, row.Attempts+1, o.Now()+1000
			moved, err := tx.MoveJob(ctx, row, next)
			if !moved {
				t.Errorf("not taken: %+v", row)
			}
			return err
		})
	}
	j := start()
	die(j.ID)
	check(t, o.RunJobs(ctx))
	if got, _ := o.Job(ctx, who, j.Home, j.ID); got.State != store.JobRunning {
		t.Errorf("taken within the lease: %+v", got)
	}
	o.now.Add(1000)
	check(t, o.RunJobs(ctx))
	if got, _ := o.Job(ctx, who, j.Home, j.ID); got.State != store.JobDone || !got.File {
		t.Errorf("not begun again: %+v", got)
	}
	poison := start()
	for range 6 {
		die(poison.ID)
	}
	o.now.Add(1000)
	check(t, o.RunJobs(ctx))
	if got, _ := o.Job(ctx, who, poison.Home, poison.ID); got.State != store.JobFailed || got.Error != "job.broken" {
		t.Errorf("begun for ever: %+v", got)
	}
}
