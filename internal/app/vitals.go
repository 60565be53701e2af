package app

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
)

const (
	// countedFor is how long what was counted is told again: however often somebody asks, the store counts four times a minute at most.
	countedFor = 15 * time.Second
	// countWithin is how long counting may take before it is left out.
	countWithin = 5 * time.Second
)

// vitals tells how an office does whenever the metrics are read: numbers, of nobody and of no matter.
type vitals struct {
	office *usecase.Office
	pool   func() store.Pool
	now    func() time.Time
	log    *slog.Logger

	mu   sync.Mutex
	at   time.Time // when was counted
	last usecase.Vitals

	readers, reading, writing   *prometheus.Desc
	jobs, oldestJob, stuck      *prometheus.Desc
	due                         *prometheus.Desc
	notices, oldestNotice       *prometheus.Desc
	behind                      *prometheus.Desc
	schema, counting, countedAt *prometheus.Desc
}

// watch adds what is counted of an office to the metrics.
func (m *metrics) watch(office *usecase.Office, pool func() store.Pool, now func() time.Time, log *slog.Logger) {
	d := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc("huiyin_"+name, help, labels, nil)
	}
	m.registry.MustRegister(&vitals{
		office: office, pool: pool, now: now, log: log,
		readers:      d("database_readers", "Reading connections there are."),
		reading:      d("database_readers_busy", "Reading connections in use."),
		writing:      d("writer_queue", "Writes whose turn in the shared commit has not come."),
		jobs:         d("jobs", "Jobs that wait, run or failed for good, by kind.", "kind", "state"),
		oldestJob:    d("job_oldest_waiting_seconds", "For how long the oldest waiting job could have been taken up."),
		stuck:        d("jobs_stuck", "Jobs that nobody took up for a quarter of an hour."),
		due:          d("matters_due", "Open matters whose next last day is past (overdue), today, or in seven days from today (week).", "when"),
		notices:      d("notices", "Text messages and e-mail that wait or failed for good, up to 1001; tries of the last day by how they ended.", "state"),
		oldestNotice: d("notice_oldest_waiting_seconds", "For how long the oldest waiting notice could have been sent."),
		behind:       d("behind", "What is still to be done beside the desk, up to 1001: matters to index, to count and to look for issues among, uploads to read.", "what"),
		schema:       d("schema_version", "Last step of the schema."),
		counting:     d("count_failed", "1 when the last count failed and nothing else of it is told."),
		countedAt:    d("counted_timestamp_seconds", "When the office was counted."),
	})
}

// Describe names what there is.
func (v *vitals) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		v.readers, v.reading, v.writing, v.jobs, v.oldestJob, v.stuck, v.due, v.notices, v.oldestNotice, v.behind, v.schema, v.counting, v.countedAt,
	} {
		out <- d
	}
}

// Collect counts, at most once in a while.
func (v *vitals) Collect(out chan<- prometheus.Metric) {
	tell := func(d *prometheus.Desc, value float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	p := v.pool()
	tell(v.readers, float64(p.Readers))
	tell(v.reading, float64(p.Reading))
	tell(v.writing, float64(p.Waiting))
	c, at, err := v.count()
	if err != nil {
		tell(v.counting, 1)
		return
	}
	tell(v.counting, 0)
	tell(v.countedAt, float64(at.Unix()))
	for _, j := range c.Jobs {
		tell(v.jobs, float64(j.N), j.Kind, string(j.State))
	}
	age := func(us int64) float64 {
		if us == 0 {
			return 0
		}
		return max(0, at.Sub(time.UnixMicro(us)).Seconds())
	}
	tell(v.oldestJob, age(c.OldestJobUS()))
	tell(v.stuck, float64(c.Stuck))
	tell(v.due, float64(c.Due.Overdue), "overdue")
	tell(v.due, float64(c.Due.Today), "today")
	tell(v.due, float64(c.Due.Week), "week")
	tell(v.notices, float64(c.Notices.Waiting), "waiting")
	tell(v.notices, float64(c.Notices.Failed), "failed")
	tell(v.notices, float64(c.Notices.SentTries), "tries_sent")
	tell(v.notices, float64(c.Notices.FailedTries), "tries_failed")
	tell(v.oldestNotice, age(c.NoticeUS))
	tell(v.behind, float64(c.Backlog.Unindexed), "index")
	tell(v.behind, float64(c.Backlog.Uncounted), "figures")
	tell(v.behind, float64(c.Backlog.Unread), "uploads")
	tell(v.behind, float64(c.Backlog.Unlooked), "issues")
	tell(v.schema, float64(c.Schema))
}

func (v *vitals) count() (usecase.Vitals, time.Time, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	now := v.now()
	if !v.at.IsZero() && now.Sub(v.at) < countedFor {
		return v.last, v.at, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), countWithin) // a collector is given none
	defer cancel()
	c, err := v.office.Vitals(ctx, org.System())
	if err != nil {
		v.log.LogAttrs(ctx, slog.LevelWarn, "the office was not counted", slog.Any("err", err))
		return c, now, err
	}
	v.last, v.at = c, now
	return c, now, nil
}
