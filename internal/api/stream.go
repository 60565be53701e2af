package api

import (
	"errors"
	"io"
	"net"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"huiyin/internal/errs"
)

const mediaBytes = "application/octet-stream"

// streamed is the part of an input by which its handler reads the body itself, as it comes: huma would hold it in memory. How much of it there may be and until when is set
// before (see authenticate).
type streamed struct{ body io.Reader }

// Resolve is called by huma before the handler.
func (s *streamed) Resolve(ctx huma.Context) []error {
	s.body = ctx.BodyReader()
	return nil
}

// rest reads what is left of the body and lets it go.
func (s *streamed) rest() error {
	_, err := io.Copy(io.Discard, s.body)
	return err
}

// notRead says why a body could not be read, as huma does for those that it reads. What is ours stays as it is.
func notRead(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return huma.NewError(http.StatusRequestEntityTooLarge, "body")
	}
	if slow, ok := errors.AsType[net.Error](err); ok && slow.Timeout() {
		return huma.NewError(http.StatusRequestTimeout, "body")
	}
	if _, ok := errors.AsType[*errs.Error](err); ok {
		return err
	}
	return errs.E(errs.Invalid, "api.body.form").Because(err)
}
