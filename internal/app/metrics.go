package app

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics are what an operator watches: requests by route, statements by name, the process. No label holds an address, a number or a name.
type metrics struct {
	registry   *prometheus.Registry
	requests   *prometheus.HistogramVec
	statements *prometheus.HistogramVec
	failures   *prometheus.CounterVec
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "huiyin_request_seconds", Help: "Time to answer a request, by method, route pattern and status.", Buckets: prometheus.DefBuckets,
		}, []string{"method", "route", "status"}),
		statements: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "huiyin_statement_seconds", Help: "Time of a statement, by its name.", Buckets: prometheus.ExponentialBuckets(0.0001, 4, 8),
		}, []string{"statement"}),
		failures: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "huiyin_statement_failures_total", Help: "Statements that failed, by their name.",
		}, []string{"statement"}),
	}
	m.registry.MustRegister(m.requests, m.statements, m.failures, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// request is an observer of requests.
func (m *metrics) request(method, route string, status int, took time.Duration) {
	if route == "" {
		route = "none"
	}
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Observe(took.Seconds())
}

// statement is an observer of statements.
func (m *metrics) statement(name string, took time.Duration, failed bool) {
	m.statements.WithLabelValues(name).Observe(took.Seconds())
	if failed {
		m.failures.WithLabelValues(name).Inc()
	}
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}
