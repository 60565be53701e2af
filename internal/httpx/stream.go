package httpx

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// Stream is an answer of server-sent events, which goes on until its handler returns.
type Stream struct {
	w       io.Writer
	control *http.ResponseController
	begun   bool
}

// NewStream prepares a stream that may go on until an instant; the deadlines of an ordinary answer would cut it off before. Nothing is sent before the first event.
func NewStream(w http.ResponseWriter, until time.Time) (*Stream, error) {
	control := http.NewResponseController(w)
	err := errors.Join(control.SetReadDeadline(until.Add(answerTimeout)), control.SetWriteDeadline(until.Add(answerTimeout)))
	if err != nil && !errors.Is(err, http.ErrNotSupported) { // a server without deadlines has none to move
		return nil, fmt.Errorf("begin a stream: %w", err)
	}
	w.Header().Set("Content-Type", "text/event-stream")
	return &Stream{w: w, control: control}, nil
}

// Send sends an event at once. With the first one the browser is told to ask again two seconds after the end.
func (s *Stream) Send(event, data string) error {
	text := "event: " + event + "\ndata: " + strings.ReplaceAll(data, "\n", "\ndata: ") + "\n\n"
	if !s.begun {
		s.begun = true
		text = "retry: 2000\n\n" + text
	}
	if _, err := io.WriteString(s.w, text); err != nil {
		return fmt.Errorf("stream: %w", err)
	}
	if err := s.control.Flush(); err != nil {
		return fmt.Errorf("stream: %w", err)
	}
	return nil
}
