package app

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	collectorpb "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// collector takes traces by OTLP over HTTP, as a real one does, and keeps the bytes.
type collector struct {
	t      *testing.T
	server *httptest.Server
	mu     sync.Mutex
	raw    [][]byte
}

func newCollector(t *testing.T) *collector {
	t.Helper()
	c := &collector{t: t}
	c.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || r.Method != http.MethodPost || r.URL.Path != "/v1/traces" || r.Header.Get("Content-Type") != "application/x-protobuf" {
			t.Errorf("%s %s: %v", r.Method, r.URL, err)
		}
		c.mu.Lock()
		c.raw = append(c.raw, body)
		c.mu.Unlock()
		w.Header().Set("Content-Type", "application/x-protobuf")
	}))
	t.Cleanup(c.server.Close)
	return c
}

// span is a span as it was received.
type span struct {
	*tracepb.Span
	attributes map[string]string
}

func (s span) id() string     { return hex.EncodeToString(s.SpanId) }
func (s span) parent() string { return hex.EncodeToString(s.ParentSpanId) }
func (s span) trace() string  { return hex.EncodeToString(s.TraceId) }

// spans are those received until now, in the order of their beginning.
func (c *collector) spans() []span {
	c.t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	var out []span
	for _, raw := range c.raw {
		var request collectorpb.ExportTraceServiceRequest
		if err := proto.Unmarshal(raw, &request); err != nil {
			c.t.Fatal(err)
		}
		for _, r := range request.GetResourceSpans() {
			for _, scope := range r.GetScopeSpans() {
				for _, s := range scope.GetSpans() {
					one := span{s, map[string]string{}}
					for _, a := range s.GetAttributes() {
						text := a.GetValue().GetStringValue()
						if text == "" {
							text = fmt.Sprint(a.GetValue().GetIntValue())
						}
						one.attributes[a.GetKey()] = text
					}
					out = append(out, one)
				}
			}
		}
	}
	slices.SortStableFunc(out, func(a, b span) int { return int(a.GetStartTimeUnixNano()) - int(b.GetStartTimeUnixNano()) })
	return out
}

// locked is a buffer for several goroutines.
type locked struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

// lines are the lines of the log with this message.
func (l *locked) lines(t *testing.T, message string) []map[string]any {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []map[string]any
	for line := range strings.Lines(l.b.String()) {
		var one map[string]any
		if err := json.Unmarshal([]byte(line), &one); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		if one["msg"] == message {
			out = append(out, one)
		}
	}
	return out
}

// traced opens the program with its traces sent to an address. What ends it delivers the last of them.
func traced(t *testing.T, url string, sample float64, log *locked) (a *App, end func()) {
	t.Helper()
	a, err := Open(t.Context(), Config{
		Data: t.TempDir(), Traces: Traces{URL: url, Sample: sample}, Metrics: "127.0.0.1:0", Log: slog.New(slog.NewJSONHandler(log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	var once sync.Once
	end = func() {
		once.Do(func() {
			if err := a.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	t.Cleanup(end)
	return a, end
}

// visitor is a browser before the whole server.
type visitor struct {
	t      *testing.T
	base   string
	client *http.Client
}

func visit(t *testing.T, a *App) *visitor {
	t.Helper()
	h, err := a.Handler()
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visitor{t: t, base: server.URL, client: &http.Client{Jar: jar}}
}

// send makes a request, follows where it leads, and returns the page and the request's id.
func (v *visitor) send(method, path string, form url.Values, header ...string) (page, id string) {
	v.t.Helper()
	r, err := http.NewRequestWithContext(v.t.Context(), method, v.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	answer, err := v.client.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	body, err := io.ReadAll(answer.Body)
	if err := errors.Join(err, answer.Body.Close()); err != nil {
		v.t.Fatal(err)
	}
	if answer.StatusCode >= http.StatusBadRequest && answer.StatusCode != http.StatusNotFound {
		v.t.Fatalf("%s %s: %s %s", method, path, answer.Status, body)
	}
	return string(body), answer.Header.Get("X-Request-Id")
}

func (v *visitor) get(path string, header ...string) (page, id string) {
	v.t.Helper()
	return v.send(http.MethodGet, path, nil, header...)
}

func (v *visitor) post(path string, pairs ...string) (page, id string) {
	v.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return v.send(http.MethodPost, path, form)
}
