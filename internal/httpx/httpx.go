// Package httpx is the edge that pages and API share: handlers that return errors, what surrounds every request
// (id, log, security headers, limits, compression), sessions, limits on attempts, and the checking of files.
//
// Nothing here writes text for people: errors go to a function that the caller gives, which answers as a page or as
// problem+json in the reader's language. Put together, from the outside in:
//
//	Trace → SecurityHeaders → CrossOrigin → LimitBody → Gzip → Sessions.Load → Routes(mux)
package httpx

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strconv"

	"huiyin/internal/errs"
)

// Handler answers a request or returns why it could not; then it must not have written anything.
type Handler func(w http.ResponseWriter, r *http.Request) error

// OnError answers a request with an error, in the form (page or problem+json) that suits the request.
type OnError func(w http.ResponseWriter, r *http.Request, err error)

// Adapt makes an http.Handler of h. An error is passed on to onError after Retry-After was set, if the error says
// how long to wait; a body over its limit becomes errs.TooLarge.
func Adapt(h Handler, onError OnError) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			fail(w, r, err, onError)
		}
	})
}

func fail(w http.ResponseWriter, r *http.Request, err error, onError OnError) {
	if big, ok := errors.AsType[*http.MaxBytesError](err); ok && errs.KindOf(err) != errs.TooLarge {
		err = errs.E(errs.TooLarge, "http.body_too_large", "limit_mb", megabytes(big.Limit)).Because(err)
	}
	if seconds, ok := retryAfter(err); ok {
		w.Header().Set("Retry-After", strconv.FormatInt(seconds, 10))
	}
	onError(w, r, err)
}

// Status gives the HTTP status of a kind of error.
func Status(kind errs.Kind) int {
	switch kind {
	case errs.Invalid:
		return http.StatusUnprocessableEntity
	case errs.Unauthenticated:
		return http.StatusUnauthorized
	case errs.Forbidden:
		return http.StatusForbidden
	case errs.NotFound:
		return http.StatusNotFound
	case errs.Conflict, errs.Refused:
		return http.StatusConflict
	case errs.TooLarge:
		return http.StatusRequestEntityTooLarge
	case errs.TooMany:
		return http.StatusTooManyRequests
	case errs.Unavailable:
		return http.StatusServiceUnavailable
	case errs.Internal:
		return http.StatusInternalServerError
	}
	return http.StatusInternalServerError
}

// Fault reports whether an error is a fault of ours, which the operator has to see to: a refusal is none, nor is a reader who went away.
func Fault(err error) bool {
	if err == nil || errors.Is(err, context.Canceled) {
		return false
	}
	kind := errs.KindOf(err)
	return kind == errs.Internal || kind == errs.Unavailable
}

// LogError logs an error that is answered: faults as errors, all else for debugging only. Call it once, in the OnError.
func LogError(ctx context.Context, log *slog.Logger, err error) {
	level := slog.LevelDebug
	if Fault(err) {
		level = slog.LevelError
	}
	log.LogAttrs(ctx, level, "request failed", slog.String("request_id", RequestID(ctx)),
		slog.String("code", errs.CodeOf(err)), slog.String("error", err.Error()))
}

// retryKey is the argument of an error that says after how many seconds trying again makes sense.
const retryKey = "retry_seconds"

func retryAfter(err error) (int64, bool) {
	e, ok := errors.AsType[*errs.Error](err)
	if !ok {
		return 0, false
	}
	for _, a := range e.Args {
		if a.Key == retryKey {
			seconds, ok := a.Value.(int64)
			return seconds, ok
		}
	}
	return 0, false
}

// megabytes is a number of bytes for people, rounded up.
func megabytes(n int64) int64 { return (n + mebibyte - 1) / mebibyte }

const (
	kibibyte = 1 << 10
	mebibyte = 1 << 20
)
