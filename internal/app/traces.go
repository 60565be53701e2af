package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"huiyin/internal/errs"
	"huiyin/internal/httpx"
	"huiyin/internal/store"
)

// Traces says where traces go, by OTLP over HTTP, and how many.
type Traces struct {
	URL    string  // the collector's; without a path, /v1/traces of it
	Sample float64 // the share of requests and jobs that is followed, from 0 to 1; who sends traceparent has decided for theirs
}

// Bounds on what a collector that does not answer can cost.
const (
	sendWithin  = 5 * time.Second  // one attempt to deliver
	retryWithin = 20 * time.Second // all attempts for one batch; meanwhile what does not fit the queue is dropped
	flushWithin = 5 * time.Second  // what is left when the server stops
	warnEvery   = 10 * time.Minute
)

// traces follow requests, transactions and jobs as spans. Names and attributes are method, pattern of the route, status, request id, names of
// transactions and statements, and codes of errors: nothing that a person typed, and no address.
type traces struct {
	tracer trace.Tracer
	now    func() time.Time
	stop   func()
}

// openTraces makes them. ctx limits the opening, not their life. A collector that is not there is no error: it may come.
func openTraces(ctx context.Context, c Traces, log *slog.Logger, now func() time.Time, flush time.Duration) (*traces, error) {
	endpoint, err := c.endpoint()
	if err != nil {
		return nil, err
	}
	exporter, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(endpoint), otlptracehttp.WithTimeout(sendWithin),
		otlptracehttp.WithRetry(otlptracehttp.RetryConfig{
			Enabled: true, InitialInterval: time.Second, MaxInterval: sendWithin, MaxElapsedTime: retryWithin,
		}))
	if err != nil {
		return nil, fmt.Errorf("traces: %w", err)
	}
	who, err := resource.New(ctx, resource.WithAttributes(attribute.String("service.name", "huiyin")), resource.WithTelemetrySDK(), resource.WithFromEnv())
	if err != nil {
		return nil, fmt.Errorf("traces: OTEL_RESOURCE_ATTRIBUTES: %w", err)
	}
	provider := sdktrace.NewTracerProvider(sdktrace.WithResource(who),
		sdktrace.WithSampler(sdktrace.ParentBased(sdktrace.TraceIDRatioBased(c.Sample))),
		sdktrace.WithSpanProcessor(&patient{
			SpanProcessor: sdktrace.NewBatchSpanProcessor(&quiet{SpanExporter: exporter, log: log, now: now}),
			held:          map[trace.TraceID][]sdktrace.ReadOnlySpan{},
		}))
	life := context.WithoutCancel(ctx)
	return &traces{tracer: provider.Tracer("huiyin"), now: now, stop: func() {
		ctx, cancel := context.WithTimeout(life, flush)
		defer cancel()
		// the exporter is told again, for the provider leaves it to go on when the time is over
		if err := errors.Join(provider.Shutdown(ctx), exporter.Shutdown(ctx)); err != nil {
			log.LogAttrs(ctx, slog.LevelWarn, "the last traces were not delivered", slog.Any("err", err))
		}
	}}, nil
}

// endpoint checks the configuration and gives the whole URL. What else a URL may hold the exporter would drop silently.
func (c Traces) endpoint() (string, error) {
	if share := 0 <= c.Sample && c.Sample <= 1; !share { // a NaN is none either
		return "", errs.E(errs.Invalid, "cli.traces.sample", "value", c.Sample)
	}
	u, err := url.Parse(c.URL)
	if err != nil {
		return "", errs.E(errs.Invalid, "cli.traces.url").Because(err)
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return "", errs.E(errs.Invalid, "cli.traces.url")
	}
	if strings.Trim(u.Path, "/") == "" {
		u.Path = "/v1/traces"
	}
	return u.String(), nil
}

// close delivers what is left, if the collector takes it in time.
func (t *traces) close() {
	if t != nil {
		t.stop()
	}
}

// request is an observer of requests. The trace goes on that the sender began, if there is one.
func (t *traces) request(ctx context.Context, start time.Time, method, id string, header http.Header) (context.Context, httpx.Answered) {
	ctx = propagation.TraceContext{}.Extract(ctx, propagation.HeaderCarrier(header))
	ctx, span := t.tracer.Start(ctx, method, trace.WithSpanKind(trace.SpanKindServer), trace.WithTimestamp(start),
		trace.WithAttributes(attribute.String("http.request.method", method), attribute.String("request_id", id)))
	return ctx, func(route string, status int, end time.Time) {
		if route != "" {
			path := route[strings.IndexByte(route, ' ')+1:] // a pattern may begin with its method
			span.SetName(method + " " + path)
			span.SetAttributes(attribute.String("http.route", path))
		}
		span.SetAttributes(attribute.Int("http.response.status_code", status))
		if status >= http.StatusInternalServerError {
			span.SetStatus(codes.Error, "")
		}
		span.End(trace.WithTimestamp(end))
	}
}

// transaction is an observer of the store. It follows what belongs to a request or job that is followed.
func (t *traces) transaction(ctx context.Context, name string, start int64) store.Report {
	if !trace.SpanFromContext(ctx).IsRecording() {
		return nil
	}
	ctx, whole := t.tracer.Start(ctx, name, trace.WithTimestamp(time.UnixMicro(start)))
	return func(part string, start, end int64, err error) {
		span := whole
		if part != name {
			_, span = t.tracer.Start(ctx, part, trace.WithTimestamp(time.UnixMicro(start)))
		}
		finish(span, time.UnixMicro(end), err)
	}
}

// step follows a use case within a request or job that is followed.
func (t *traces) step(ctx context.Context, name string) (context.Context, func(error)) {
	if !trace.SpanFromContext(ctx).IsRecording() {
		return ctx, func(error) {}
	}
	ctx, span := t.tracer.Start(ctx, name, trace.WithTimestamp(t.now()))
	return ctx, func(err error) { finish(span, t.now(), err) }
}

// job begins a trace of work beside the server and gives what ends it.
func (t *traces) job(ctx context.Context, name string) (context.Context, func(error)) {
	if t == nil {
		return ctx, func(error) {}
	}
	ctx, span := t.tracer.Start(ctx, name, trace.WithNewRoot(), trace.WithTimestamp(t.now()))
	return ctx, func(err error) { finish(span, t.now(), err) }
}

// finish ends a span. Of an error it tells the code alone: what an error says may hold what was typed.
func finish(span trace.Span, end time.Time, err error) {
	if err != nil {
		span.SetAttributes(attribute.String("error.type", errs.CodeOf(err)))
	}
	if httpx.Fault(err) {
		span.SetStatus(codes.Error, "")
	}
	span.End(trace.WithTimestamp(end))
}

// patient keeps back what a job did until it has written something or failed, and drops it otherwise: the sequencer looks for work twice a
// second, and a look that finds none is not worth telling. Requests pass at once.
type patient struct {
	sdktrace.SpanProcessor
	mu   sync.Mutex
	held map[trace.TraceID][]sdktrace.ReadOnlySpan // by job
}

// OnStart notes where a job begins.
func (p *patient) OnStart(ctx context.Context, s sdktrace.ReadWriteSpan) {
	if !s.Parent().IsValid() && s.SpanKind() == trace.SpanKindInternal {
		p.mu.Lock()
		p.held[s.SpanContext().TraceID()] = nil
		p.mu.Unlock()
	}
	p.SpanProcessor.OnStart(ctx, s)
}

// OnEnd passes a span on, or keeps it back, or lets go of all that was kept.
func (p *patient) OnEnd(s sdktrace.ReadOnlySpan) {
	id := s.SpanContext().TraceID()
	p.mu.Lock()
	before, waits := p.held[id]
	worth := !waits || s.Name() == "tx.update" || s.Status().Code == codes.Error
	if over := !s.Parent().IsValid(); worth || over {
		delete(p.held, id)
	} else {
		p.held[id] = append(p.held[id], s)
	}
	p.mu.Unlock()
	if !worth {
		return
	}
	for _, b := range before {
		p.SpanProcessor.OnEnd(b)
	}
	p.SpanProcessor.OnEnd(s)
}

// quiet tells the log of what could not be delivered, once in a while; otherwise the SDK would write of every batch to standard error.
type quiet struct {
	sdktrace.SpanExporter
	log    *slog.Logger
	now    func() time.Time
	lost   int // spans since the last warning
	warned time.Time
}

// ExportSpans delivers spans. It is not called concurrently.
func (q *quiet) ExportSpans(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	if err := q.SpanExporter.ExportSpans(ctx, spans); err != nil {
		q.tell(ctx, len(spans), err)
	}
	return nil
}

func (q *quiet) tell(ctx context.Context, spans int, err error) {
	q.lost += spans
	if now := q.now(); q.warned.IsZero() || now.Sub(q.warned) >= warnEvery {
		q.log.LogAttrs(ctx, slog.LevelWarn, "traces are not delivered", slog.Int("spans", q.lost), slog.Any("err", err))
		q.warned, q.lost = now, 0
	}
}

// correlated gives each log line within a trace its ids.
type correlated struct{ slog.Handler }

// Handle adds them.
func (c correlated) Handle(ctx context.Context, r slog.Record) error {
	if span := trace.SpanContextFromContext(ctx); span.IsValid() {
		r = r.Clone()
		r.AddAttrs(slog.String("trace_id", span.TraceID().String()), slog.String("span_id", span.SpanID().String()))
	}
	return c.Handler.Handle(ctx, r)
}

// WithAttrs keeps the ids when a logger is derived.
func (c correlated) WithAttrs(attrs []slog.Attr) slog.Handler {
	return correlated{c.Handler.WithAttrs(attrs)}
}

// WithGroup keeps the ids when a logger is derived.
func (c correlated) WithGroup(name string) slog.Handler {
	return correlated{c.Handler.WithGroup(name)}
}
