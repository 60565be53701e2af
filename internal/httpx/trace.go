package httpx

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"huiyin/internal/errs"
)

const (
	requestIDHeader = "X-Request-Id"
	requestIDBytes  = 12
	minRequestID    = 8
	maxRequestID    = 64
)

// trace is what is known of a request beyond the request itself; it is the one thing put into its context.
type trace struct {
	id    string
	route string // pattern of the route, without any value from the address
}

type traceKey struct{}

// RequestID is the id of the request being answered, "" outside of Trace.
func RequestID(ctx context.Context) string {
	if t, ok := ctx.Value(traceKey{}).(*trace); ok {
		return t.id
	}
	return ""
}

// Trace is the outermost middleware. It gives each request an id (a well-formed X-Request-Id is kept, so that a proxy
// may choose it), turns a panic into an internal error, and logs one line per request: method, pattern of the route,
// status, bytes, time, id. Address, query, headers and body are never logged, for they hold names and codes. Metrics and
// traces follow requests through observe, which may be nil.
func Trace(log *slog.Logger, random io.Reader, now func() time.Time, onError OnError, observe Observe) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			start := now()
			id, err := requestID(r, random)
			t := &trace{id: id}
			ctx := context.WithValue(r.Context(), traceKey{}, t)
			var answered Answered
			if observe != nil {
				ctx, answered = observe(ctx, start, method(r), id, r.Header)
			}
			r = r.WithContext(ctx)
			rec := &recorder{ResponseWriter: w}
			defer func() {
				end := now()
				log.LogAttrs(ctx, slog.LevelInfo, "request", slog.String("request_id", t.id),
					slog.String("method", method(r)), slog.String("route", t.route), slog.Int("status", rec.status()),
					slog.Int64("bytes", rec.bytes),
					slog.Float64("ms", float64(end.Sub(start).Microseconds())/float64(time.Millisecond/time.Microsecond)))
				if answered != nil {
					answered(t.route, rec.status(), end)
				}
			}()
			if err != nil {
				onError(rec, r, fmt.Errorf("make a request id: %w", err))
				return
			}
			rec.Header().Set(requestIDHeader, t.id)
			defer recovered(log, rec, r, onError)
			next.ServeHTTP(rec, r)
		})
	}
}

// recovered answers for a handler that panicked. When the answer had begun, the connection is cut, so that half a page is not
// taken for a whole one.
func recovered(log *slog.Logger, rec *recorder, r *http.Request, onError OnError) {
	cause := recover()
	if cause == nil {
		return
	}
	if err, ok := cause.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(cause)
	}
	// the cause itself may hold anything, so only its type is logged, with the place
	log.LogAttrs(r.Context(), slog.LevelError, "panic", slog.String("request_id", RequestID(r.Context())),
		slog.String("type", fmt.Sprintf("%T", cause)), slog.String("stack", string(debug.Stack())))
	if rec.code != 0 {
		panic(http.ErrAbortHandler)
	}
	for _, name := range []string{"Content-Type", "Content-Length", "Content-Encoding", "Content-Disposition", "Etag", "Last-Modified", "Cache-Control"} {
		rec.Header().Del(name)
	}
	rec.Header().Set("Cache-Control", noStore)
	onError(rec, r, errs.E(errs.Internal, "internal"))
}

// Routes notes which pattern of mux answered, for the log of Trace. It goes directly around the mux.
func Routes(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if t, ok := r.Context().Value(traceKey{}).(*trace); ok {
			defer func() { t.route = r.Pattern }()
		}
		mux.ServeHTTP(w, r)
	})
}

func requestID(r *http.Request, random io.Reader) (string, error) {
	if ids := r.Header.Values(requestIDHeader); len(ids) == 1 && wellFormed(ids[0], minRequestID, maxRequestID, "-_") {
		return ids[0], nil
	}
	var b [requestIDBytes]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return "", err
	}
	return hex.EncodeToString(b[:]), nil
}

// method is the method of the request, or "OTHER": a client may send any word.
func method(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return r.Method
	}
	return "OTHER"
}

// wellFormed reports whether s has from least to most characters, all of them ASCII letters, digits or one of marks.
func wellFormed(s string, least, most int, marks string) bool {
	if len(s) < least || len(s) > most {
		return false
	}
	for _, c := range []byte(s) {
		if !isAlphanumeric(c) && strings.IndexByte(marks, c) < 0 {
			return false
		}
	}
	return true
}

func isAlphanumeric(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// recorder counts what is written. http.ResponseController reaches the server's own writer through Unwrap.
type recorder struct {
	http.ResponseWriter
	code  int
	bytes int64
}

func (r *recorder) status() int {
	if r.code == 0 {
		return http.StatusOK // what the server sends when a handler writes nothing
	}
	return r.code
}

func (r *recorder) WriteHeader(code int) {
	if r.code == 0 && code >= http.StatusOK { // 1xx may come before the real one
		r.code = code
	}
	r.ResponseWriter.WriteHeader(code)
}

func (r *recorder) Write(b []byte) (int, error) {
	if r.code == 0 {
		r.code = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(b)
	r.bytes += int64(n)
	return n, err
}

// FlushError sends what is buffered; after it an answer has begun.
func (r *recorder) FlushError() error {
	if r.code == 0 {
		r.code = http.StatusOK
	}
	return http.NewResponseController(r.ResponseWriter).Flush()
}

func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
