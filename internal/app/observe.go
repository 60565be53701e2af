package app

import (
	"context"
	"net/http"
	"time"

	"huiyin/internal/httpx"
	"huiyin/internal/store"
)

// transactions is what the store tells metrics and traces through; nil when neither is asked for.
func (a *App) transactions() store.Observe {
	switch {
	case a.metrics == nil && a.traces == nil:
		return nil
	case a.traces == nil:
		return a.metrics.transaction
	case a.metrics == nil:
		return a.traces.transaction
	}
	return func(ctx context.Context, name string, start int64) store.Report {
		measure, follow := a.metrics.transaction(ctx, name, start), a.traces.transaction(ctx, name, start)
		if follow == nil {
			return measure
		}
		return func(part string, start, end int64, err error) {
			measure(part, start, end, err)
			follow(part, start, end, err)
		}
	}
}

// requests is what the edge tells metrics and traces through; nil when neither is asked for.
func (a *App) requests() httpx.Observe {
	switch {
	case a.metrics == nil && a.traces == nil:
		return nil
	case a.traces == nil:
		return a.metrics.request
	case a.metrics == nil:
		return a.traces.request
	}
	return func(ctx context.Context, start time.Time, method, id string, header http.Header) (context.Context, httpx.Answered) {
		ctx, measure := a.metrics.request(ctx, start, method, id, header)
		ctx, follow := a.traces.request(ctx, start, method, id, header)
		return ctx, func(route string, status int, end time.Time) {
			measure(route, status, end)
			follow(route, status, end)
		}
	}
}

// steps is what the use cases tell traces through; nil when there are none.
func (a *App) steps() func(context.Context, string) (context.Context, func(error)) {
	if a.traces == nil {
		return nil
	}
	return a.traces.step
}
