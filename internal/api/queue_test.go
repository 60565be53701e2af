package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
)

// A key of an auditor of the whole organisation sees the work beside the desk, without whose it is and what was asked; an administrator's has it tried again or
// gives it up, on record; no other key comes so far.
func TestQueueOverHTTP(t *testing.T) {
	d := newDoor(t)
	for name, k := range map[string]usecase.NewKey{
		"auditor":        {Unit: unitCounty, Role: org.RoleAuditor, Grants: []string{"read"}},
		"manager":        {Unit: unitCounty, Role: org.RoleAdmin, Grants: []string{usecase.GrantManage}},
		"part's auditor": {Unit: unitHR, Role: org.RoleAuditor, Grants: []string{"read"}},
		"part's manager": {Unit: unitHR, Role: org.RoleAdmin, Grants: []string{usecase.GrantManage}},
	} {
		d.letIn(name, k)
	}
	job := d.call(keyDesk, http.MethodPost, "/exports?q=%E5%99%AA%E9%9F%B3", nil).want(http.StatusAccepted).text("id")
	at := "/queue/" + job
	for _, key := range []string{"auditor", "manager"} {
		q := string(d.call(key, http.MethodGet, "/queue", nil).want(http.StatusOK).raw)
		if !strings.Contains(q, job) || !strings.Contains(q, `"for":"key"`) || strings.Contains(q, "噪音") || strings.Contains(q, strings.Split(d.keys[keyDesk], "_")[1]) {
			t.Errorf("%s sees %s", key, q)
		}
	}
	d.call("manager", http.MethodPost, at+"/retry", nil).want(http.StatusConflict)
	d.failJob(job)
	q := d.call("auditor", http.MethodGet, "/queue", nil).want(http.StatusOK)
	if failed, ok := q.body["failed"].([]any); !ok || len(failed) != 1 || !strings.Contains(string(q.raw), `"error":"job.broken"`) {
		t.Errorf("failed: %s", q.raw)
	}
	for _, key := range []string{"part's auditor", "part's manager", keyDesk, keyHandler, keySupervisor, keyReader} {
		d.call(key, http.MethodGet, "/queue", nil).want(http.StatusForbidden)
	}
	for _, act := range []string{"/retry", "/drop"} {
		for _, key := range []string{"auditor", "part's auditor", "part's manager", keyDesk, keyHandler, keySupervisor, keyReader} {
			d.call(key, http.MethodPost, at+act, nil).want(http.StatusForbidden)
		}
		d.call("", http.MethodPost, at+act, nil).want(http.StatusUnauthorized)
		d.call("manager", http.MethodPost, "/queue/330112-99"+act, nil).want(http.StatusNotFound)
	}
	d.call("", http.MethodGet, "/queue", nil).want(http.StatusUnauthorized)
	d.call("manager", http.MethodPost, at+"/retry", nil).want(http.StatusNoContent)
	d.runJobs()
	d.call("manager", http.MethodPost, at+"/drop", nil).want(http.StatusConflict)
	if done := d.call(keyDesk, http.MethodGet, "/jobs/"+job, nil).want(http.StatusOK); done.text("state") != "done" {
		t.Errorf("tried again: %s", done.raw)
	}
	d.failJob(job)
	d.call("manager", http.MethodPost, at+"/drop", nil).want(http.StatusNoContent)
	if gone := d.call(keyDesk, http.MethodGet, "/jobs/"+job, nil).want(http.StatusOK); gone.text("state") != "stopped" {
		t.Errorf("given up: %s", gone.raw)
	}
}

// failJob notes that a job failed for good.
func (d *door) failJob(text string) {
	d.t.Helper()
	var home, id int64
	must(fmt.Sscanf(text, "%d-%d", &home, &id))(d.t)
	must(0, d.store.Update(d.t.Context(), home, func(tx *store.Tx) error {
		was, err := tx.Job(d.t.Context(), home, id)
		if err != nil {
			return err
		}
		next := was
		next.State, next.Attempts, next.EndedUS, next.Error = store.JobFailed, 6, d.now.Load(), "job.broken"
		_, err = tx.MoveJob(d.t.Context(), was, next)
		return err
	}))(d.t)
}
