package web

import (
	"net/http"
	"strconv"

	"huiyin/internal/errs"
	"huiyin/internal/httpx"
	"huiyin/internal/i18n"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

// jobsAt is where somebody finds the work that is done for them beside the desk.
const jobsAt = "/desk/jobs"

// jobPath is where one piece of it is.
func jobPath(j usecase.JobView) string {
	return jobsAt + "/" + strconv.FormatInt(j.Home, 10) + "/" + strconv.FormatInt(j.ID, 10)
}

// jobs lists the work asked for, how far it is, and what came of it. While any is under way the list brings itself up to date.
func (s *Site) jobs(w http.ResponseWriter, r *http.Request, v *visit) error {
	list, err := s.Office.Jobs(r.Context(), v.who)
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, s.staffPage(r, v, v.t.T("nav.jobs"), jobsAt, jobsPage(v.t, list, !v.who.Scope().Empty())))
}

// noJobs says that there are none, and leads to where they begin who may go there.
func noJobs(t *i18n.Speaker, finds bool) ui.StateProps {
	p := ui.StateProps{Kind: ui.Empty, ID: "empty", Title: t.T("job.none"), Text: t.T("job.none.text")}
	if finds {
		p.Actions = []ui.ButtonProps{{Text: t.T("nav.find"), Href: findAt}}
	}
	return p
}

// jobIn is the number of a job that a path names.
func jobIn(r *http.Request) (home, id int64, err error) {
	home, err = strconv.ParseInt(r.PathValue("home"), 10, 64)
	if err == nil {
		id, err = strconv.ParseInt(r.PathValue("id"), 10, 64)
	}
	if err != nil {
		return 0, 0, errs.E(errs.NotFound, "job.not_found")
	}
	return home, id, nil
}

// jobStop ends a job.
func (s *Site) jobStop(w http.ResponseWriter, r *http.Request, v *visit) error {
	home, id, err := jobIn(r)
	if err != nil {
		return err
	}
	if err := s.Office.StopJob(r.Context(), v.who, home, id); err != nil {
		return err
	}
	return s.done(w, r, jobsAt, "job.stop.done", nil)
}

// jobFile gives what came of a job.
func (s *Site) jobFile(w http.ResponseWriter, r *http.Request, v *visit) error {
	home, id, err := jobIn(r)
	if err != nil {
		return err
	}
	row, content, err := s.Office.JobFile(r.Context(), v.who, home, id)
	if err != nil {
		return err
	}
	defer func() { _ = content.Close() }() // only read from
	httpx.ServeDownload(w, r, row.Name, row.Mime, content, "")
	return nil
}

// underWay reports whether any job is not over.
func underWay(list []usecase.JobView) bool {
	for _, j := range list {
		if j.Open() {
			return true
		}
	}
	return false
}

// jobWords say how a job stands.
func jobWords(t *i18n.Speaker, j usecase.JobView) string {
	switch {
	case j.State == usecase.JobFailed, j.State == usecase.JobWaiting && j.Error != "":
		return t.T("job.state."+string(j.State)+".error", "why", t.Say(j.Error, nil), "time", t.Instant(j.DueUS))
	case j.State == usecase.JobDone && t.Has("job.state.done."+string(j.Kind)): // of which there is no file
		return t.T("job.state.done." + string(j.Kind))
	case j.State == usecase.JobDone && !j.File:
		return t.T("job.state.done.gone")
	case j.State == usecase.JobRunning && j.Total > 0:
		return t.T("job.state.running.of", "done", j.Done, "total", j.Total)
	}
	return t.T("job.state."+string(j.State), "done", j.Done)
}

// jobOf says what a job is of.
func jobOf(t *i18n.Speaker, j usecase.JobView) string {
	switch e := j.Export; {
	case e == nil:
		return t.T("job.kind." + string(j.Kind))
	case e.Search != nil && !e.Search.Words.Empty():
		return t.T("job.of.words", "format", t.T("export.as."+string(e.Format)), "words", e.Search.Words.Text)
	case e.Search != nil:
		return t.T("job.of.search", "format", t.T("export.as."+string(e.Format)))
	default:
		return t.T("job.of.list", "format", t.T("export.as."+string(e.Format)), "list", t.T("list."+string(e.List.List)), "view", t.T("view."+string(e.List.View)))
	}
}

// jobLight is the light of how a job stands.
func jobLight(j usecase.JobView) ui.Light {
	switch j.State {
	case usecase.JobFailed:
		return ui.Late
	case usecase.JobDone:
		return ui.Done
	case usecase.JobWaiting, usecase.JobRunning, usecase.JobStopped:
	}
	return ui.NoLight
}
