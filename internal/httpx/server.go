package httpx

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// DefaultBody is how many bytes a request's body may have on routes that do not ask for more.
const DefaultBody = mebibyte

const (
	headerTimeout  = 10 * time.Second
	requestTimeout = 60 * time.Second
	answerTimeout  = 90 * time.Second
	idleTimeout    = 120 * time.Second
	maxHeaderBytes = 64 * kibibyte
)

// NewServer makes a server whose every phase ends: a client that sends or reads slowly cannot hold a connection for
// ever. Faults of single connections are logged for debugging only.
func NewServer(handler http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       requestTimeout,
		WriteTimeout:      answerTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
}

// Serve answers on the listener until ctx ends, then takes no new connection and waits up to grace for the requests under
// way. Streams do not end by themselves: end them on http.Server.RegisterOnShutdown. The error is nil when everything
// that had begun was answered.
func Serve(ctx context.Context, srv *http.Server, listener net.Listener, grace time.Duration) error {
	ended := make(chan error, 1)
	go func() { ended <- srv.Serve(listener) }()
	select {
	case err := <-ended:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	wait, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	err := srv.Shutdown(wait)
	if err != nil {
		err = errors.Join(err, srv.Close())
	}
	if served := <-ended; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	if err != nil {
		return fmt.Errorf("stop the server: %w", err)
	}
	return nil
}

// LimitBody makes reading more than limit bytes of a body an error, which Adapt turns into errs.TooLarge.
func LimitBody(limit int64) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			r.Body = &limitedBody{ReadCloser: http.MaxBytesReader(w, r.Body, limit), whole: r.Body}
			next.ServeHTTP(w, r)
		})
	}
}

// limitedBody keeps the body behind the limit, so that a route can ask for more.
type limitedBody struct {
	io.ReadCloser
	whole io.ReadCloser
}

// AllowUpload lets this request bring up to limit bytes, instead of what LimitBody set, and take until the given
// instant to do so. Call it before the body is read.
func AllowUpload(w http.ResponseWriter, r *http.Request, limit int64, until time.Time) error {
	body := r.Body
	if limited, ok := body.(*limitedBody); ok {
		body = limited.whole
	}
	r.Body = http.MaxBytesReader(w, body, limit)
	control := http.NewResponseController(w)
	// the answer's time is counted from the request's first byte, so it has to move along
	err := errors.Join(control.SetReadDeadline(until), control.SetWriteDeadline(until.Add(answerTimeout)))
	if err != nil && !errors.Is(err, http.ErrNotSupported) { // a server without deadlines has none to move
		return fmt.Errorf("allow a long upload: %w", err)
	}
	return nil
}
