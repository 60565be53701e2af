package document

import (
	"context"
	"errors"
	"io"
	"testing"

	"huiyin/internal/errs"
)

// Who waits for a print gives up when nobody waits for the answer any more, and beyond a short queue nobody has to wait at all.
func TestQueueForPrints(t *testing.T) {
	t.Parallel()
	p := NewPrinter(Fonts())
	p.load = func() (*typefaces, error) { return nil, nil } // nobody gets as far as to need them
	d := Doc{Title: "文"}
	for range printing {
		p.busy <- struct{}{}
		p.line <- struct{}{}
	}
	ctx, leave := context.WithCancel(t.Context())
	left := make(chan error)
	for range queued {
		go func() { left <- p.PDF(ctx, io.Discard, d) }()
	}
	for len(p.line) < printing+queued {
		select {
		case err := <-left:
			t.Fatalf("did not wait: %v", err)
		default:
		}
	}
	if err := p.PDF(t.Context(), io.Discard, d); errs.KindOf(err) != errs.Unavailable || errs.CodeOf(err) != "document.busy" {
		t.Errorf("behind the queue: %v", err)
	}
	leave()
	for range queued {
		if err := <-left; !errors.Is(err, context.Canceled) {
			t.Errorf("who left: %v", err)
		}
	}
	if len(p.line) != printing {
		t.Errorf("%d in line, want %d", len(p.line), printing)
	}
}
