package notify

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"huiyin/internal/matter"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
	"huiyin/internal/webhook"
)

// receiver is a system that is told, checks each signature as the specification says and behaves as it is told to.
type receiver struct {
	*httptest.Server
	t       *testing.T
	mu      sync.Mutex
	secrets []string
	status  int
	hang    chan struct{} // held open until it is closed
	got     []string      // ids, in their order
	bodies  []string
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{t: t, status: http.StatusNoContent}
	r.Server = httptest.NewTLSServer(http.HandlerFunc(r.serve))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) serve(w http.ResponseWriter, q *http.Request) {
	r.mu.Lock()
	hang := r.hang
	r.mu.Unlock()
	if hang != nil {
		<-hang
	}
	body, err := io.ReadAll(q.Body)
	if err != nil {
		r.t.Error(err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	id, at := q.Header.Get("webhook-id"), q.Header.Get("webhook-timestamp")
	if q.Method != http.MethodPost || q.Header.Get("Content-Type") != "application/json" || id == "" {
		r.t.Errorf("%s %v", q.Method, q.Header)
	}
	for i, secret := range r.secrets {
		key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
		if err != nil {
			r.t.Error(err)
		}
		mac := hmac.New(sha256.New, key)
		_, _ = io.WriteString(mac, id+"."+at+"."+string(body))
		if want := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)); strings.Fields(q.Header.Get("webhook-signature"))[i] != want {
			r.t.Errorf("signature %d is not %s", i, want)
		}
	}
	r.got, r.bodies = append(r.got, id), append(r.bodies, string(body))
	w.Header().Set("Location", "https://169.254.169.254/")
	w.WriteHeader(r.status)
	_, _ = io.WriteString(w, "called 13800000001\nfor a@b.cn")
}

func (b *bed) hooks(r *receiver, allowed ...string) *Hooks {
	b.Helper()
	may, err := webhook.ParseAllowed(allowed)
	b.ok(err)
	transport, ok := r.Client().Transport.(*http.Transport)
	if !ok {
		b.Fatalf("the client goes by %T", r.Client().Transport)
	}
	h := NewHooks(HookConfig{
		Office: b.office, Now: func() time.Time { return time.UnixMicro(b.now.Load()) }, Log: slog.New(slog.DiscardHandler), Allowed: may,
		Roots: transport.TLSClientConfig.RootCAs,
	})
	h.patience = 2 * time.Second
	return h
}

func (b *bed) hook(url string) (id int64, secret string) {
	b.Helper()
	id, secret, err := b.office.AddWebhook(b.Context(), b.admin, usecase.NewWebhook{Name: "12345", Unit: county, URL: url, Kinds: usecase.HookKinds()})
	b.ok(err)
	return id, secret
}

func (b *bed) sent(h *Hooks) int {
	b.Helper()
	n, err := h.Run(b.Context())
	b.ok(err)
	h.Wait()
	return n
}

func (b *bed) deliveries(id int64) []usecase.Delivery {
	b.Helper()
	p, err := b.office.Deliveries(b.Context(), b.admin, id, "", usecase.DeliveryPlace{})
	b.ok(err)
	return p.Deliveries
}

// A message arrives signed, also with the secret of before; the same message keeps its id and body at every attempt.
func TestWebhookIsSigned(t *testing.T) {
	b, r := newBed(t), newReceiver(t)
	id, secret := b.hook(r.URL)
	h := b.hooks(r, "127.0.0.1")
	if b.sent(h) != 0 {
		t.Error("something is sent before anything happened")
	}
	r.secrets = []string{secret}
	receipt := b.file(matter.KindAppeal, nil)
	b.file(matter.KindAccusation, nil)
	b.sent(h)
	if len(r.got) != 1 || !strings.Contains(r.bodies[0], receipt.Ref.String()) || strings.Contains(r.bodies[0], name) || strings.Contains(r.bodies[0], phone) {
		t.Fatalf("received %q", r.bodies)
	}
	d := b.deliveries(id)[0]
	if d.State != store.DeliverySent || d.Status != http.StatusNoContent {
		t.Errorf("kept as %+v", d)
	}
	next, err := b.office.RotateWebhook(b.Context(), b.admin, id, 1)
	b.ok(err)
	r.secrets, r.status = []string{next, secret}, http.StatusFound
	b.file(matter.KindAppeal, nil)
	b.sent(h)
	d = b.deliveries(id)[0]
	if d.State != store.DeliveryWaiting || d.Status != http.StatusFound || d.Answer != "called *** for ***" {
		t.Errorf("a redirect: %+v", d)
	}
	r.status = http.StatusOK
	b.pass(6 * time.Second)
	b.sent(h)
	if len(r.got) != 3 || r.got[1] != r.got[2] || r.bodies[1] != r.bodies[2] {
		t.Errorf("tried again as %q %q", r.got, r.bodies)
	}
}

// Nothing is called inside unless it was allowed, by whatever name, and nothing without TLS that is outside.
func TestWebhookStaysOutside(t *testing.T) {
	b, r := newBed(t), newReceiver(t)
	plain := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("called without TLS") }))
	t.Cleanup(plain.Close)
	_, port, _ := strings.Cut(strings.TrimPrefix(r.URL, "https://"), ":")
	var ids []int64
	for _, url := range []string{r.URL, "https://localhost:" + port, "https://[::1]:" + port, "https://[::ffff:127.0.0.1]:" + port, plain.URL} {
		id, _ := b.hook(url)
		ids = append(ids, id)
	}
	b.file(matter.KindAppeal, nil)
	h := b.hooks(r)
	b.sent(h)
	for _, id := range ids {
		if d := b.deliveries(id)[0]; d.State != store.DeliveryWaiting || d.Status != 0 || !strings.Contains(d.Answer, errUnreachable.Error()) {
			t.Errorf("%d: %+v", id, d)
		}
	}
	if len(r.got) != 0 {
		t.Error("called inside")
	}
	if !h.Allowed.Reach(netip.MustParseAddr("8.8.8.8"), true) {
		t.Error("nothing outside may be called either")
	}
}

// A receiver that hangs holds up neither the desk nor another receiver, and is left with one message under way.
func TestSlowWebhookIsNotNoticed(t *testing.T) {
	b, slow, quick := newBed(t), newReceiver(t), newReceiver(t)
	slow.hang = make(chan struct{})
	first, _ := b.hook(slow.URL)
	second, _ := b.hook(quick.URL)
	h := b.hooks(quick, "127.0.0.1")
	h.patience = time.Minute
	for range 3 {
		b.file(matter.KindAppeal, nil)
	}
	if n, err := h.Run(t.Context()); err != nil || n != 2 {
		t.Fatalf("%d lanes, %v", n, err)
	}
	done := make(chan struct{})
	go func() { // the desk goes on, and so does the other
		defer close(done)
		b.file(matter.KindAppeal, nil)
		for len(b.deliveries(second)) != 4 || b.deliveries(second)[3].State != store.DeliverySent {
			if t.Context().Err() != nil {
				return
			}
		}
	}()
	select {
	case <-done:
	case <-time.After(20 * time.Second):
		t.Error("the desk waits for a receiver")
	}
	tried := 0
	for _, d := range b.deliveries(first) {
		tried += d.Attempts
	}
	if tried > 1 {
		t.Errorf("%d messages are under way to a receiver that hangs", tried)
	}
	close(slow.hang)
	h.Wait()
	if got := b.deliveries(first); got[len(got)-1].State == store.DeliveryFailed {
		t.Errorf("%+v", got)
	}
}

// What a receiver took and never answered is sent again later, the same message.
func TestHangingWebhookIsTriedAgain(t *testing.T) {
	b, r := newBed(t), newReceiver(t)
	hang := make(chan struct{})
	r.hang = hang
	id, _ := b.hook(r.URL)
	h := b.hooks(r, "127.0.0.1")
	h.patience = 50 * time.Millisecond
	b.file(matter.KindAppeal, nil)
	b.sent(h)
	if d := b.deliveries(id)[0]; d.State != store.DeliveryWaiting || d.Attempts != 1 || d.DueUS <= b.now.Load() {
		t.Errorf("while it hangs: %+v", d)
	}
	r.mu.Lock()
	r.hang = nil
	r.mu.Unlock()
	close(hang)
	h.patience = time.Minute
	b.pass(10 * time.Second)
	b.sent(h)
	if d := b.deliveries(id)[0]; d.State != store.DeliverySent || d.Attempts != 2 {
		t.Errorf("tried again: %+v", d)
	}
}
