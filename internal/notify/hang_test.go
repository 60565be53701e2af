package notify

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"huiyin/internal/matter"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
)

// A gateway that takes a message and does not answer may have sent it: it is asked again only if it is told the id by which it knows that.
func TestGatewayThatHangs(t *testing.T) {
	b, g := newBed(t), newTestGateway(t)
	b.save(settingsFor(g.URL))
	g.mode.Store(hangs)
	known := b.file(matter.KindAppeal, &matter.Wish{SMS: true})
	s := b.sender(nil)
	b.run(s)
	if n := b.notices(known)[0]; n.State != store.NoticeWaiting {
		t.Fatalf("%+v", n)
	}
	g.mode.Store(works)
	b.pass(time.Minute)
	b.run(s)
	got := g.got()
	if len(got) != 2 || got[0].ID == "" || got[0].ID != got[1].ID || b.notices(known)[0].State != store.NoticeSent {
		t.Fatalf("%+v", got)
	}

	blind := settingsFor(g.URL)
	blind.SMS.Body = `{"to": "{phone}", "say": "{text}"}`
	b.save(blind)
	g.mode.Store(hangs)
	unknown := b.file(matter.KindAppeal, &matter.Wish{SMS: true})
	b.run(s)
	g.mode.Store(works)
	b.pass(time.Hour)
	b.run(s)
	if n := b.notices(unknown)[0]; n.State != store.NoticeFailed || n.Error != "notice.unclear" || len(g.got()) != 3 {
		t.Errorf("%+v after %d calls", n, len(g.got()))
	}
}

// A gateway that hangs holds nobody up at the desk: registrations are complete while it has a message and says nothing. What it was given is tried again later,
// and what came meanwhile goes out.
func TestHangingGatewayIsNotNoticed(t *testing.T) {
	b := newBed(t)
	taken, release := make(chan struct{}), make(chan struct{})
	var calls atomic.Int32
	g := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if calls.Add(1) > 1 {
			_, _ = io.WriteString(w, `{"state": "ok"}`)
			return
		}
		close(taken)
		<-release
		panic(http.ErrAbortHandler) // it hangs up without an answer
	}))
	t.Cleanup(g.Close)
	b.save(settingsFor(g.URL))
	first := b.file(matter.KindAppeal, &matter.Wish{SMS: true})
	s := b.sender(nil)
	s.patience = time.Hour
	ran := make(chan error, 1)
	go func() {
		_, err := s.Run(t.Context())
		ran <- err
	}()
	<-taken
	var others []usecase.Receipt
	for range 3 { // were one to wait for the gateway, this would never end
		others = append(others, b.file(matter.KindAppeal, &matter.Wish{SMS: true}))
	}
	if n := b.notices(first)[0]; n.State != store.NoticeSending || calls.Load() != 1 {
		t.Errorf("%d calls, and the first is %s", calls.Load(), n.State)
	}
	for _, r := range others {
		if n := b.notices(r)[0]; n.State != store.NoticeWaiting || n.Attempts != 0 {
			t.Errorf("%+v", n)
		}
	}
	close(release)
	b.ok(<-ran)
	if n := b.notices(first)[0]; n.State != store.NoticeWaiting || n.Attempts != 1 || n.DueUS <= b.now.Load() {
		t.Errorf("after it hung: %+v", n)
	}
	b.pass(time.Minute)
	b.run(s)
	for _, r := range append(others, first) {
		if n := b.notices(r)[0]; n.State != store.NoticeSent {
			t.Errorf("in the end: %+v", n)
		}
	}
}
