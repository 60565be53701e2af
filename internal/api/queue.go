package api

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"huiyin/internal/usecase"
)

type (
	queueInput struct {
		Cursor string `query:"cursor" maxLength:"100" doc:"next of the page before"`
	}
	queueOutput struct {
		Body struct {
			Open   []queuedBody `json:"open" doc:"Waiting or running, at most fifty of each kind"`
			Failed []queuedBody `json:"failed" doc:"Given up, the last first"`
			Next   string       `json:"next,omitempty" doc:"Cursor of the next page of failed; absent at the end"`
		} `nameHint:"Queue"`
	}
	queuedBody struct {
		ID       string     `json:"id" example:"330112-15"`
		Kind     string     `json:"kind" example:"export"`
		State    jobState   `json:"state"`
		For      string     `json:"for" enum:"person,key,office" doc:"Whose it is, without saying who that is"`
		Attempts int        `json:"attempts"`
		Asked    time.Time  `json:"asked"`
		Again    *time.Time `json:"again,omitempty" doc:"When it is tried again, of one that waits"`
		Ended    *time.Time `json:"ended,omitempty"`
		Error    string     `json:"error,omitempty" doc:"Code of why it failed last"`
	}
)

// queue is the work beside the desk, for administrators.
func (a *API) queue() {
	add(a, operation{
		id: "list_queue", method: http.MethodGet, path: "/queue", tag: tagOrganisation, text: "api.op.queue", about: "api.op.queue.about", grant: grantRead, also: grantManage,
	}, a.listQueue)
	add(a, operation{
		id: "retry_queued", method: http.MethodPost, path: "/queue/{job}/retry", tag: tagOrganisation, text: "api.op.queue_retry", about: "api.op.queue_retry.about",
		grant: grantManage, absent: true, conflict: true, status: http.StatusNoContent,
	}, a.retryQueued)
	add(a, operation{
		id: "drop_queued", method: http.MethodPost, path: "/queue/{job}/drop", tag: tagOrganisation, text: "api.op.queue_drop", about: "api.op.queue_drop.about",
		grant: grantManage, absent: true, conflict: true, status: http.StatusNoContent,
	}, a.dropQueued)
}

func queuedOf(j usecase.QueuedJob) queuedBody {
	b := queuedBody{
		ID: fmt.Sprintf("%d-%d", j.Home, j.ID), Kind: string(j.Kind), State: jobState(j.State), For: j.For, Attempts: j.Attempts, Asked: instant(j.MadeUS), Error: j.Error,
	}
	if j.EndedUS != 0 {
		at := instant(j.EndedUS)
		b.Ended = &at
	}
	if j.State == usecase.JobWaiting && j.Attempts > 0 {
		at := instant(j.DueUS)
		b.Again = &at
	}
	return b
}

func (a *API) listQueue(ctx context.Context, in *queueInput) (*queueOutput, error) {
	at, err := parseNoticeCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	q, err := a.Office.Queue(ctx, callerOf(ctx).who, usecase.QueueCursor{EndedUS: at.MadeUS, Home: at.Home, ID: at.ID})
	if err != nil {
		return nil, err
	}
	var out queueOutput
	out.Body.Open, out.Body.Failed = list(q.Open, queuedOf), list(q.Failed, queuedOf)
	if q.Next != nil {
		out.Body.Next = formatNoticeCursor(usecase.NoticeCursor{MadeUS: q.Next.EndedUS, Home: q.Next.Home, ID: q.Next.ID})
	}
	return &out, nil
}

func (a *API) retryQueued(ctx context.Context, in *jobInput) (*struct{}, error) {
	home, id, err := in.parse()
	if err != nil {
		return nil, err
	}
	return nil, a.Office.RetryJob(ctx, callerOf(ctx).who, home, id)
}

func (a *API) dropQueued(ctx context.Context, in *jobInput) (*struct{}, error) {
	home, id, err := in.parse()
	if err != nil {
		return nil, err
	}
	return nil, a.Office.DropJob(ctx, callerOf(ctx).who, home, id)
}
