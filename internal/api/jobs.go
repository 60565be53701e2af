package api

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"huiyin/internal/errs"
	"huiyin/internal/usecase"
)

type (
	exportInput struct {
		Conditions
		Format  string `query:"format" enum:"xlsx,csv" default:"xlsx" doc:"As what the table is written"`
		English bool   `query:"english" doc:"Headings, words, places and units in English"`
	}
	jobBody struct {
		ID    string     `json:"id" example:"330112-15"`
		Kind  string     `json:"kind" example:"export"`
		State jobState   `json:"state"`
		Done  int        `json:"done" doc:"How far it is"`
		Total int        `json:"total,omitempty" doc:"Absent where nobody knows beforehand"`
		Asked time.Time  `json:"asked"`
		Again *time.Time `json:"again,omitempty" doc:"When it is tried again, of one that waits"`
		Ended *time.Time `json:"ended,omitempty"`
		Error string     `json:"error,omitempty" doc:"Code of why it failed last"`
		File  string     `json:"file,omitempty" format:"uri-reference" doc:"Where to take what came of it, as long as it is kept"`
	}
	jobState string
	jobInput struct {
		Job string `path:"job" maxLength:"40" doc:"id of the job" example:"330112-15"`
	}
	jobOutput  struct{ Body jobBody }
	jobsOutput struct {
		Body struct {
			Jobs []jobBody `json:"jobs" doc:"Newest first, at most fifty"`
		} `nameHint:"JobList"`
	}
)

// Schema lists the states.
func (jobState) Schema(huma.Registry) *huma.Schema {
	return oneOf([]string{"waiting", "running", "done", "failed", "stopped"})
}

func (a *API) jobs() {
	add(a, operation{
		id: "start_export", method: http.MethodPost, path: "/exports", tag: tagMatters, text: "api.op.export", about: "api.op.export.about", grant: grantRead,
		status: http.StatusAccepted, limited: true,
	}, a.startExport)
	add(a, operation{
		id: "list_jobs", method: http.MethodGet, path: "/jobs", tag: tagMatters, text: "api.op.jobs", about: "api.op.jobs.about", grant: grantRead,
	}, a.listJobs)
	add(a, operation{
		id: "get_job", method: http.MethodGet, path: "/jobs/{job}", tag: tagMatters, text: "api.op.job", about: "api.op.job.about", grant: grantRead, absent: true,
	}, a.getJob)
	add(a, operation{
		id: "stop_job", method: http.MethodPost, path: "/jobs/{job}/stop", tag: tagMatters, text: "api.op.job_stop", about: "api.op.job_stop.about", grant: grantRead,
		absent: true, conflict: true,
	}, a.stopJob)
	add(a, operation{
		id: "get_job_file", method: http.MethodGet, path: "/jobs/{job}/file", tag: tagMatters, text: "api.op.job_file", about: "api.op.job_file.about", grant: grantRead,
		absent: true, answers: map[string]*huma.MediaType{
			usecase.TableXLSX.Mime(): {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
			"text/csv":               {Schema: &huma.Schema{Type: huma.TypeString}},
		},
	}, a.jobFile)
}

// jobID is the number of a job with its home.
func jobID(j usecase.JobView) string {
	return strconv.FormatInt(j.Home, 10) + "-" + strconv.FormatInt(j.ID, 10)
}

// parse reads what jobID wrote.
func (in *jobInput) parse() (home, id int64, err error) {
	first, second, _ := strings.Cut(in.Job, "-")
	home, err = strconv.ParseInt(first, 10, 64)
	if err == nil {
		id, err = strconv.ParseInt(second, 10, 64)
	}
	if err != nil {
		return 0, 0, errs.E(errs.NotFound, "job.not_found")
	}
	return home, id, nil
}

func jobOf(j usecase.JobView) jobBody {
	b := jobBody{
		ID: jobID(j), Kind: string(j.Kind), State: jobState(j.State), Done: j.Done, Total: j.Total, Asked: instant(j.MadeUS), Error: j.Error,
	}
	if j.EndedUS != 0 {
		at := instant(j.EndedUS)
		b.Ended = &at
	}
	if j.Open() && j.Error != "" {
		at := instant(j.DueUS)
		b.Again = &at
	}
	if j.File {
		b.File = base + "/jobs/" + jobID(j) + "/file"
	}
	return b
}

func (a *API) startExport(ctx context.Context, in *exportInput) (*jobOutput, error) {
	e := usecase.Export{Format: usecase.TableFormat(in.Format), English: in.English}
	var err error
	if e.List, e.Search, err = in.read(); err != nil {
		return nil, err
	}
	j, err := a.Office.StartExport(ctx, callerOf(ctx).who, e)
	if err != nil {
		return nil, err
	}
	return &jobOutput{Body: jobOf(j)}, nil
}

func (a *API) listJobs(ctx context.Context, _ *struct{}) (*jobsOutput, error) {
	found, err := a.Office.Jobs(ctx, callerOf(ctx).who)
	if err != nil {
		return nil, err
	}
	var out jobsOutput
	out.Body.Jobs = list(found, jobOf)
	return &out, nil
}

func (a *API) getJob(ctx context.Context, in *jobInput) (*jobOutput, error) {
	home, id, err := in.parse()
	if err != nil {
		return nil, err
	}
	j, err := a.Office.Job(ctx, callerOf(ctx).who, home, id)
	if err != nil {
		return nil, err
	}
	return &jobOutput{Body: jobOf(j)}, nil
}

func (a *API) stopJob(ctx context.Context, in *jobInput) (*jobOutput, error) {
	home, id, err := in.parse()
	if err != nil {
		return nil, err
	}
	if err := a.Office.StopJob(ctx, callerOf(ctx).who, home, id); err != nil {
		return nil, err
	}
	return a.getJob(ctx, in)
}

func (a *API) jobFile(ctx context.Context, in *jobInput) (*fileOutput, error) {
	home, id, err := in.parse()
	if err != nil {
		return nil, err
	}
	row, content, err := a.Office.JobFile(ctx, callerOf(ctx).who, home, id)
	if err != nil {
		return nil, err
	}
	return download(row.Name, row.Mime, content, ""), nil
}
