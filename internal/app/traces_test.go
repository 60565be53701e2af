package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"

	"huiyin/internal/errs"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
)

// What the petitioner of TestPetitionAsATrace types.
const (
	typedName   = "欧阳标记"
	typedPhone  = "13800138777"
	typedNumber = "11010519491231002X" // the example of GB 11643
	typedHome   = "标记路七号"
	typedTitle  = "标记水渠被压塌"
	typedStory  = "标记挖机压塌了水渠"
	typedDemand = "标记修好水渠"
)

// TestPetitionAsATrace: a petition filed on the pages is seen as one trace with its transaction and its statements, and nothing that was typed,
// handed out or carried as a cookie is in what leaves the server.
func TestPetitionAsATrace(t *testing.T) {
	c := newCollector(t)
	var log locked
	a, end := traced(t, c.server.URL, 1, &log)
	if err := a.Office.FirstRun(t.Context(), usecase.FirstRun{
		County: 330112, Departments: true, SignIn: "admin", Name: "管理员", Password: "Sturdy-Door-71",
	}); err != nil {
		t.Fatal(err)
	}
	v := visit(t, a)
	v.post("/file/who", "kind", "appeal", "petitioners.0.name", typedName, "petitioners.0.phone", typedPhone, "petitioners.0.id_number", typedNumber,
		"petitioners.0.address", typedHome)
	v.post("/file/what", "title", typedTitle, "place", "330112104201", "narrative", typedStory, "elsewhere", "no")
	v.post("/file/demands", "demands.0", typedDemand)
	v.post("/file/materials")
	receipt, _ := v.post("/file/review")
	find := func(pattern string) string {
		m := regexp.MustCompile(pattern).FindStringSubmatch(receipt)
		if m == nil {
			t.Fatalf("no %s on the receipt:\n%s", pattern, receipt)
		}
		return m[1]
	}
	code, pin := find(`query-code[^>]*>\s*([0-9A-Z-]+)`), find(`id="pin"[^>]*>\s*([0-9]{6})`)
	v.post("/track", "code", code, "pin", pin)
	v.get("/track?code="+code, "Referer", v.base+"/track?code="+code)
	if err := a.Store.Update(t.Context(), 0, func(*store.Tx) error { return nil }); err != nil { // what nobody's request asks for
		t.Fatal(err)
	}
	end()

	all := c.spans()
	filed := slices.IndexFunc(all, func(s span) bool {
		return slices.ContainsFunc(all, func(o span) bool { return o.GetName() == "submission.insert" && o.trace() == s.trace() })
	})
	if filed < 0 {
		t.Fatal("no trace has the registration")
	}
	root := all[filed]
	in := func(parent span) (names []string) {
		for _, s := range all {
			if s.parent() != parent.id() {
				continue
			}
			names = append(names, s.GetName())
			if s.trace() != root.trace() || s.GetStartTimeUnixNano() < parent.GetStartTimeUnixNano()/1000*1000 || s.GetEndTimeUnixNano() > parent.GetEndTimeUnixNano() {
				t.Errorf("%s does not lie in %s", s.GetName(), parent.GetName())
			}
		}
		return names
	}
	want := map[string]string{
		"http.request.method": "POST", "http.route": "/file/{step}", "http.response.status_code": "303", "request_id": root.attributes["request_id"],
	}
	if d := cmp.Diff(want, root.attributes); d != "" || root.GetName() != "POST /file/{step}" || root.GetKind() != tracepb.Span_SPAN_KIND_SERVER || root.parent() != "" {
		t.Errorf("the request %s, kind %v, parent %q: %s", root.GetName(), root.GetKind(), root.parent(), d)
	}
	var writing []string
	steps := map[string]bool{} // the use cases of the request
	for _, s := range all {
		if s.GetName() == "use.register" && s.parent() == root.id() {
			steps[s.id()] = true
		}
	}
	for _, s := range all {
		if s.GetName() == "tx.update" && steps[s.parent()] {
			if names := in(s); slices.Contains(names, "submission.insert") {
				writing = names
			}
		}
	}
	for _, name := range []string{"tx.update.wait", "tx.update.work", "serial.next", "event.insert", "matter.save", "party.insert", "fts.put", "tx.update.commit"} {
		if !slices.Contains(writing, name) {
			t.Errorf("the transaction that registers lacks %s: %v", name, writing)
		}
	}
	if !slices.Contains(in(root), "tx.read") {
		t.Errorf("the request reads nothing: %v", in(root))
	}
	for _, s := range all {
		if s.parent() == "" && s.GetKind() != tracepb.Span_SPAN_KIND_SERVER {
			t.Errorf("%s is a trace of its own", s.GetName())
		}
	}

	for _, typed := range []string{
		typedName, typedPhone, typedNumber, typedHome, typedTitle, typedStory, typedDemand, code, strings.ReplaceAll(code, "-", ""), pin, "330112104201", "标记",
	} {
		for _, form := range []string{typed, url.QueryEscape(typed), url.PathEscape(typed)} {
			for _, raw := range c.raw {
				if bytes.Contains(raw, []byte(form)) {
					t.Errorf("%q is in the traces", form)
				}
			}
		}
	}
	at, err := url.Parse(v.base)
	if err != nil {
		t.Fatal(err)
	}
	cookies := v.client.Jar.Cookies(at)
	if len(cookies) == 0 {
		t.Error("the visitor has no cookies to look for")
	}
	for _, cookie := range cookies {
		for _, raw := range c.raw {
			if len(cookie.Value) > 8 && bytes.Contains(raw, []byte(cookie.Value)) {
				t.Errorf("the cookie %s is in the traces", cookie.Name)
			}
		}
	}

	lines := log.lines(t, "request")
	if !slices.ContainsFunc(lines, func(line map[string]any) bool {
		return line["request_id"] == root.attributes["request_id"] && line["trace_id"] == root.trace() && line["span_id"] == root.id()
	}) {
		t.Errorf("no line of the log names the trace %s: %v", root.trace(), lines)
	}
}

// TestTraceparent: a trace that was begun elsewhere goes on here, with the decision that was taken there.
func TestTraceparent(t *testing.T) {
	const id, parent = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
	for _, c := range []struct {
		name, header string
		sample       float64
		want         int // requests seen
		goesOn       bool
	}{
		{"begun here", "", 1, 1, false},
		{"begun here and not sampled", "", 0, 0, false},
		{"sampled there", "00-" + id + "-" + parent + "-01", 0, 1, true},
		{"not sampled there", "00-" + id + "-" + parent + "-00", 1, 0, true},
		{"not readable", "00-张三-01", 1, 1, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			collector := newCollector(t)
			var log locked
			a, end := traced(t, collector.server.URL, c.sample, &log)
			v := visit(t, a)
			_, request := v.get("/readyz", "traceparent", c.header)
			end()
			var got []span
			for _, s := range collector.spans() {
				if s.GetKind() == tracepb.Span_SPAN_KIND_SERVER {
					got = append(got, s)
				}
			}
			if len(got) != c.want {
				t.Fatalf("%d requests arrived", len(got))
			}
			line := log.lines(t, "request")[0]
			if len(got) == 1 {
				if on := got[0].trace() == id && got[0].parent() == parent; on != c.goesOn || !on && got[0].parent() != "" {
					t.Errorf("trace %s under %q", got[0].trace(), got[0].parent())
				}
				if got[0].attributes["request_id"] != request || line["span_id"] != got[0].id() {
					t.Errorf("request %s is %v in the trace and %v in the log", request, got[0].attributes, line)
				}
			}
			if c.goesOn && line["trace_id"] != id {
				t.Errorf("the log says trace %v", line["trace_id"])
			}
		})
	}
}

// TestSample: of what begins here about the share asked for is followed, and each trace that is has all of its parts.
func TestSample(t *testing.T) {
	c := newCollector(t)
	a, end := traced(t, c.server.URL, 0.1, &locked{})
	h, err := a.Handler()
	if err != nil {
		t.Fatal(err)
	}
	const requests = 1000
	for range requests {
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/readyz", http.NoBody))
	}
	end()
	parts := map[string]int{}
	for _, s := range c.spans() {
		parts[s.GetName()]++
	}
	n := parts["GET /readyz"]
	if n < requests/20 || n > requests/5 {
		t.Errorf("%d of %d are followed", n, requests)
	}
	if d := cmp.Diff(map[string]int{"GET /readyz": n, "tx.read": n, "tx.read.wait": n, "migration.version": n}, parts); d != "" {
		t.Error(d)
	}
}

// TestJobs: work beside the server is a trace of its own if it wrote or failed; a look that found nothing to do is none.
func TestJobs(t *testing.T) {
	c := newCollector(t)
	var log locked
	a, end := traced(t, c.server.URL, 1, &log)
	read := func(ctx context.Context) error { return a.Store.Read(ctx, func(*store.Tx) error { return nil }) }
	ctx, outer := a.traces.job(t.Context(), "job.outer") // a job is no part of another
	a.job(ctx, "job.idle", read)
	a.job(ctx, "job.writes", func(ctx context.Context) error {
		return errors.Join(read(ctx), a.Store.Update(ctx, 0, func(*store.Tx) error { return nil }), read(ctx))
	})
	a.job(ctx, "job.fails", func(ctx context.Context) error {
		return errors.Join(read(ctx), errs.E(errs.Unavailable, "store.disk").Because(errors.New("张三")))
	})
	outer(nil)
	end()
	got := map[string][]string{}
	names := map[string]string{}
	for _, s := range c.spans() {
		if s.parent() == "" {
			names[s.trace()] = s.GetName()
			if failed := s.GetStatus().GetCode() == tracepb.Status_STATUS_CODE_ERROR; failed != (s.GetName() == "job.fails") || failed && s.attributes["error.type"] != "store.disk" {
				t.Errorf("%s: %v %v", s.GetName(), s.GetStatus(), s.attributes)
			}
		} else {
			got[s.trace()] = append(got[s.trace()], s.GetName())
		}
	}
	parts := map[string][]string{}
	for id, name := range names {
		slices.Sort(got[id])
		parts[name] = got[id]
	}
	if d := cmp.Diff(map[string][]string{
		"job.fails":  {"tx.read", "tx.read.wait"},
		"job.writes": {"tx.read", "tx.read", "tx.read.wait", "tx.read.wait", "tx.update", "tx.update.commit", "tx.update.wait", "tx.update.work"},
	}, parts); d != "" {
		t.Error(d)
	}
	if bytes.Contains(bytes.Join(c.raw, nil), []byte("张三")) {
		t.Error("what an error says is in the traces")
	}
	if lines := log.lines(t, "work beside the desk failed"); len(lines) != 1 || names[fmt.Sprint(lines[0]["trace_id"])] != "job.fails" {
		t.Errorf("log: %v", lines)
	}
}

// TestCollectorHangs: a collector that takes a request and never answers costs the desk nothing, and the stop only the time it is given.
func TestCollectorHangs(t *testing.T) {
	came, release := make(chan struct{}, 100), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		came <- struct{}{}
		<-release
	}))
	defer server.Close()
	defer close(release)
	var log locked
	spans, err := openTraces(t.Context(), Traces{URL: server.URL, Sample: 1}, slog.New(slog.NewJSONHandler(&log, nil)), time.Now, 50*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	request := func() {
		_, answered := spans.request(t.Context(), time.UnixMicro(1), "GET", "0123456789", http.Header{})
		answered("GET /", http.StatusOK, time.UnixMicro(2))
	}
	for range sdktrace.DefaultMaxExportBatchSize {
		request()
	}
	<-came
	for range 2 * sdktrace.DefaultMaxQueueSize { // more than is kept
		request()
	}
	spans.close() // while the collector still hangs
	if n := len(log.lines(t, "the last traces were not delivered")); n != 1 {
		t.Errorf("the loss is told %d times", n)
	}
}

// TestCollectorIsNotThere: the desk works on, and the log says so once.
func TestCollectorIsNotThere(t *testing.T) {
	gone := httptest.NewServer(nil)
	gone.Close()
	var log locked
	a, end := traced(t, gone.URL, 1, &log)
	v := visit(t, a)
	for range 300 { // of several spans each: several batches
		v.get("/readyz")
	}
	end()
	if n := len(log.lines(t, "traces are not delivered")); n != 1 {
		t.Errorf("told %d times", n)
	}
}

// refusing is an exporter that always fails.
type refusing struct{ sdktrace.SpanExporter }

func (refusing) ExportSpans(context.Context, []sdktrace.ReadOnlySpan) error {
	return errors.New("no route to host")
}

// TestWarnings: the log is told again after a while, with what was lost since.
func TestWarnings(t *testing.T) {
	var log locked
	now := time.UnixMicro(1)
	q := &quiet{SpanExporter: refusing{}, log: slog.New(slog.NewJSONHandler(&log, nil)), now: func() time.Time { return now }}
	for range 25 {
		if err := q.ExportSpans(t.Context(), make([]sdktrace.ReadOnlySpan, 10)); err != nil {
			t.Error(err)
		}
		now = now.Add(time.Minute)
	}
	var got []float64
	for _, line := range log.lines(t, "traces are not delivered") {
		n, _ := line["spans"].(float64)
		got = append(got, n)
	}
	if d := cmp.Diff([]float64{10, 100, 100}, got); d != "" {
		t.Error(d)
	}
}

func TestTracesConfig(t *testing.T) {
	for _, c := range []struct {
		url    string
		sample float64
		want   string // "" for a refusal
	}{
		{"http://127.0.0.1:4318", 1, "http://127.0.0.1:4318/v1/traces"},
		{"https://collector.example/", 0, "https://collector.example/v1/traces"},
		{"https://collector.example/otlp/v1/traces", 0.1, "https://collector.example/otlp/v1/traces"},
		{"127.0.0.1:4318", 1, ""},
		{"ftp://collector", 1, ""},
		{"http://", 1, ""},
		{"http://user:secret@collector", 1, ""},
		{"http://collector?token=secret", 1, ""},
		{"http://collector#here", 1, ""},
		{"http://collector", 1.01, ""},
		{"http://collector", -0.01, ""},
	} {
		got, err := Traces{URL: c.url, Sample: c.sample}.endpoint()
		if got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%s, %v: %q, %v", c.url, c.sample, got, err)
		}
		if err != nil && errs.KindOf(err) != errs.Invalid {
			t.Errorf("%s: %v", c.url, err)
		}
	}
}

// TestLogsAsBefore: outside of a trace a line is as it was, and a derived logger keeps the ids.
func TestLogsAsBefore(t *testing.T) {
	var log bytes.Buffer
	plain := slog.NewTextHandler(&log, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}})
	l := slog.New(correlated{plain}).With(slog.Int("a", 1))
	l.InfoContext(t.Context(), "plain")
	within := trace.ContextWithSpanContext(t.Context(), trace.NewSpanContext(trace.SpanContextConfig{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{2}}))
	l.InfoContext(within, "within", slog.Int("b", 2))
	want := "level=INFO msg=plain a=1\nlevel=INFO msg=within a=1 b=2 trace_id=01000000000000000000000000000000 span_id=0200000000000000\n"
	if d := cmp.Diff(want, log.String()); d != "" {
		t.Error(d)
	}
}

// TestNobodyWatches: without metrics and traces nobody is told of anything.
func TestNobodyWatches(t *testing.T) {
	a := &App{}
	if a.transactions() != nil || a.requests() != nil {
		t.Error("there is an observer")
	}
}

// BenchmarkStatement is a read of one statement: without traces, in a request that is not followed, and in one that is.
func BenchmarkStatement(b *testing.B) {
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer server.Close()
	for _, c := range []struct {
		name   string
		traces Traces
	}{{"off", Traces{}}, {"not-sampled", Traces{URL: server.URL}}, {"sampled", Traces{URL: server.URL, Sample: 1}}} {
		b.Run(c.name, func(b *testing.B) {
			a, err := Open(b.Context(), Config{Data: b.TempDir(), Traces: c.traces})
			if err != nil {
				b.Fatal(err)
			}
			defer func() {
				if err := a.Close(); err != nil {
					b.Error(err)
				}
			}()
			ctx, end := a.traces.job(context.WithoutCancel(b.Context()), "bench")
			b.ReportAllocs()
			for b.Loop() {
				if err := a.Store.Read(ctx, func(tx *store.Tx) error {
					_, err := tx.Setting(ctx, "title")
					return err
				}); err != nil {
					b.Fatal(err)
				}
			}
			end(nil)
		})
	}
}
