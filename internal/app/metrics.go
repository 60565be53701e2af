package app

import (
	"context"
	"net/http"
	"runtime"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"huiyin/internal/httpx"
	"huiyin/internal/store"
)

// metrics are what an operator watches: requests by route, statements by name, the process. No label holds an address, a number or a name.
type metrics struct {
	registry   *prometheus.Registry
	requests   *prometheus.HistogramVec
	statements *prometheus.HistogramVec
	failures   *prometheus.CounterVec
}

func newMetrics(version string) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "huiyin_request_seconds", Help: "Time to answer a request, by method, route pattern and status.", Buckets: prometheus.DefBuckets,
		}, []string{"method", "route", "status"}),
		statements: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "huiyin_statement_seconds", Help: "Time of a statement, or of a transaction and its parts (tx.), by name.", Buckets: prometheus.ExponentialBuckets(0.0001, 4, 8),
		}, []string{"statement"}),
		failures: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "huiyin_statement_failures_total", Help: "Statements and transactions that failed by a fault of the server, by name.",
		}, []string{"statement"}),
	}
	build := prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "huiyin_build_info", Help: "Always 1, with the release and the Go that built it."}, []string{"version", "go"})
	build.WithLabelValues(version, runtime.Version()).Set(1)
	m.registry.MustRegister(build, m.requests, m.statements, m.failures, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// request is an observer of requests.
func (m *metrics) request(ctx context.Context, start time.Time, method, _ string, _ http.Header) (context.Context, httpx.Answered) {
	return ctx, func(route string, status int, end time.Time) {
		if route == "" {
			route = "none"
		}
		m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Observe(end.Sub(start).Seconds())
	}
}

// transaction is an observer of the store.
func (m *metrics) transaction(context.Context, string, int64) store.Report { return m.part }

func (m *metrics) part(name string, start, end int64, err error) {
	m.statements.WithLabelValues(name).Observe((time.Duration(end-start) * time.Microsecond).Seconds())
	if httpx.Fault(err) {
		m.failures.WithLabelValues(name).Inc()
	}
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}
