package web

import (
	"net/http"
	"strconv"

	"huiyin/internal/i18n"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

// adminQueueAt is where an administrator sees the work beside the desk.
const adminQueueAt = "/desk/admin/queue"

// adminQueueView is what is under way and what failed.
type adminQueueView struct {
	facts        []ui.Fact
	open, failed []adminQueueRow
	pages        ui.PaginationProps
}

// adminQueueRow is one job.
type adminQueueRow struct {
	when, iso, what, number, from, how, why string
	retry, drop                             string // where to; empty where it cannot be done
}

// adminQueue shows the work beside the desk.
func (s *Site) adminQueue(w http.ResponseWriter, r *http.Request, v *visit) error {
	t := v.t
	pager := adminPagerIn(adminQueueAt, r.URL.Query())
	at := noticeCursorIn(pager.after())
	q, err := s.Office.Queue(r.Context(), v.who, usecase.QueueCursor{EndedUS: at.MadeUS, Home: at.Home, ID: at.ID})
	if err != nil {
		return err
	}
	count := func(n int64) string { return t.Capped(n, usecase.MaxQueueCount) }
	view := adminQueueView{facts: []ui.Fact{
		{Term: t.T("queue.count.waiting"), Text: t.Number(q.Vitals.JobsIn(usecase.JobWaiting))},
		{Term: t.T("queue.count.running"), Text: t.Number(q.Vitals.JobsIn(usecase.JobRunning))},
		{Term: t.T("queue.count.failed"), Text: t.Number(q.Vitals.JobsIn(usecase.JobFailed))},
		{Term: t.T("queue.count.stuck"), Text: t.Number(q.Vitals.Stuck)},
		{Term: t.T("queue.count.index"), Text: count(q.Vitals.Backlog.Unindexed)},
		{Term: t.T("queue.count.figures"), Text: count(q.Vitals.Backlog.Uncounted)},
		{Term: t.T("queue.count.issues"), Text: count(q.Vitals.Backlog.Unlooked)},
	}}
	for _, j := range q.Open {
		view.open = append(view.open, adminQueueRowOf(t, j))
	}
	for _, j := range q.Failed {
		view.failed = append(view.failed, adminQueueRowOf(t, j))
	}
	next := ""
	if q.Next != nil {
		next = noticeCursorText(&usecase.NoticeCursor{MadeUS: q.Next.EndedUS, Home: q.Next.Home, ID: q.Next.ID})
	}
	view.pages = pager.links(next)
	view.pages.Range = t.T("queue.n", "n", len(view.failed))
	return s.show(w, r, http.StatusOK, s.staffPage(r, v, t.T("queue.title"), adminSettingsAt, adminQueuePage(t, view)))
}

func adminQueueRowOf(t *i18n.Speaker, j usecase.QueuedJob) adminQueueRow {
	at := adminQueueAt + "/" + adminIDText(j.Home) + "/" + adminIDText(j.ID)
	row := adminQueueRow{
		when: t.Instant(j.MadeUS), iso: t.InstantISO(j.MadeUS), what: t.T("job.kind." + string(j.Kind)), number: strconv.FormatInt(j.Home, 10) + "-" + strconv.FormatInt(j.ID, 10),
		from: t.T("queue.for." + j.For), how: t.T("job.word." + string(j.State)), drop: at + "/drop",
	}
	if j.Total > 0 {
		row.how += " " + t.T("queue.of", "done", t.Number(int64(j.Done)), "total", t.Number(int64(j.Total)))
	}
	if j.Error != "" {
		row.why = t.Say(j.Error, nil)
	}
	if j.Attempts > 0 {
		row.how += " · " + t.T("queue.tries", "n", j.Attempts)
	}
	if j.State == usecase.JobWaiting && j.Attempts > 0 {
		row.how += " · " + t.T("queue.next", "time", t.Instant(j.DueUS))
	}
	if j.Failed() || j.State == usecase.JobWaiting && j.Attempts > 0 {
		row.retry = at + "/retry"
	}
	return row
}

func (s *Site) adminQueueRetry(w http.ResponseWriter, r *http.Request, v *visit) error {
	return s.adminQueueAct(w, r, v, "queue.retry.done")
}

func (s *Site) adminQueueDrop(w http.ResponseWriter, r *http.Request, v *visit) error {
	return s.adminQueueAct(w, r, v, "queue.drop.done")
}

// adminQueueAct has a job tried again or gives it up, as what is said afterwards tells.
func (s *Site) adminQueueAct(w http.ResponseWriter, r *http.Request, v *visit, done string) error {
	home, id, err := jobIn(r)
	if err != nil {
		return err
	}
	act := s.Office.RetryJob
	if done == "queue.drop.done" {
		act = s.Office.DropJob
	}
	if err := act(r.Context(), v.who, home, id); err != nil {
		return err
	}
	return s.done(w, r, adminQueueAt, done, nil)
}

// mayQueue reports whether a reader may look into the work beside the desk.
func (s *Site) mayQueue(v *visit) bool { return s.Office.MayQueue(v.who, org.RoleAdmin) == nil }
