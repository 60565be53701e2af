package notify

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"huiyin/internal/usecase"
	"huiyin/internal/webhook"
)

// HookConfig is what the sender of webhooks works with. Everything but Allowed and Roots is required.
type HookConfig struct {
	Office  *usecase.Office
	Now     func() time.Time
	Log     *slog.Logger
	Allowed webhook.Allowed // addresses inside that may be called
	Roots   *x509.CertPool  // by which servers are known; those of the system when nil
}

// Hooks tell other systems what has happened. Each webhook has a lane of its own, in which one message goes after the other, so that one that is slow or dead holds
// up no other. It is safe for concurrent use, and several may run on one store.
type Hooks struct {
	HookConfig
	clients  map[string]*http.Client // by scheme
	patience time.Duration

	mu    sync.Mutex
	busy  map[int64]bool
	lanes sync.WaitGroup
}

// The bounds of an attempt and of a lane.
const (
	hookPatience = 15 * time.Second // for all that a receiver does about one message: less than the lease of what was claimed
	laneTime     = 30 * time.Second // after which a lane is begun anew, so that a stop does not wait for a long queue
	hookRead     = 4 << 10          // bytes of an answer that are read
)

// NewHooks returns a sender of webhooks.
func NewHooks(c HookConfig) *Hooks {
	h := &Hooks{HookConfig: c, patience: hookPatience, busy: map[int64]bool{}}
	h.clients = map[string]*http.Client{"https": h.client(true), "http": h.client(false)}
	return h
}

var errUnreachable = errors.New("address not allowed")

// client calls without a proxy and follows no redirect. Each address is looked at when it is dialled, after its name was resolved, so that no name leads inside.
func (h *Hooks) client(encrypted bool) *http.Client {
	dialer := &net.Dialer{Timeout: h.patience, Control: func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil || !h.Allowed.Reach(at.Addr(), encrypted) {
			return errUnreachable
		}
		return nil
	}}
	return &http.Client{
		Transport: &http.Transport{
			DialContext: dialer.DialContext, TLSClientConfig: &tls.Config{RootCAs: h.Roots, MinVersion: tls.VersionTLS12}, MaxIdleConnsPerHost: 1,
			IdleConnTimeout: time.Minute, MaxResponseHeaderBytes: 64 << 10, DisableCompression: true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Run begins a lane for each webhook that has something to be sent and none under way, and returns how many it began. It does not wait for them.
func (h *Hooks) Run(ctx context.Context) (int, error) {
	due, err := h.Office.DueWebhooks(ctx)
	if err != nil {
		return 0, err
	}
	begun := 0
	for _, id := range due {
		if !h.take(id) {
			continue
		}
		begun++
		h.lanes.Go(func() {
			defer h.free(id)
			h.lane(ctx, id)
		})
	}
	return begun, nil
}

// Wait waits until no lane is under way.
func (h *Hooks) Wait() { h.lanes.Wait() }

func (h *Hooks) take(id int64) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.busy[id] {
		return false
	}
	h.busy[id] = true
	return true
}

func (h *Hooks) free(id int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.busy, id)
}

// lane sends what is due to one webhook until there is nothing more, or an attempt fails: what is wrong with one message is mostly wrong with the next.
func (h *Hooks) lane(ctx context.Context, id int64) {
	until := h.Now().Add(laneTime)
	for ctx.Err() == nil && h.Now().Before(until) {
		out, found, err := h.Office.ClaimDelivery(ctx, id)
		if err != nil || !found {
			h.logged(ctx, id, err)
			return
		}
		after := context.WithoutCancel(ctx) // a stop waits for an attempt: one that is broken off leaves open whether it arrived
		start := h.Now()
		result := h.send(after, out)
		result.TookUS = h.Now().Sub(start).Microseconds()
		if err := h.Office.HookTried(after, out, result); err != nil {
			h.logged(ctx, id, err)
			return
		}
		if result.Status/100 != http.StatusOK/100 {
			return
		}
	}
}

func (h *Hooks) logged(ctx context.Context, id int64, err error) {
	if err != nil && ctx.Err() == nil {
		h.Log.LogAttrs(ctx, slog.LevelError, "webhook not served", slog.Int64("webhook", id), slog.Any("err", err))
	}
}

// send makes one attempt.
func (h *Hooks) send(ctx context.Context, m usecase.OutgoingHook) usecase.HookResult {
	ctx, cancel := context.WithTimeout(ctx, h.patience)
	defer cancel()
	r, err := h.request(ctx, m)
	if err != nil {
		return usecase.HookResult{Answer: excerpt(err.Error())}
	}
	answer, err := h.clients[r.URL.Scheme].Do(r)
	if err != nil {
		if outer, ok := errors.AsType[*url.Error](err); ok {
			err = outer.Err // without the address, which may hold a token
		}
		return usecase.HookResult{Answer: excerpt(err.Error())}
	}
	defer func() { _ = answer.Body.Close() }() // read as far as it is wanted
	body, err := io.ReadAll(io.LimitReader(answer.Body, hookRead))
	if err != nil && len(body) == 0 {
		body = []byte(err.Error())
	}
	out := usecase.HookResult{Status: answer.StatusCode, Answer: excerpt(string(body))}
	if answer.StatusCode == http.StatusTooManyRequests || answer.StatusCode == http.StatusServiceUnavailable {
		if seconds, err := strconv.Atoi(answer.Header.Get("Retry-After")); err == nil && seconds > 0 {
			out.After = seconds
		}
	}
	return out
}

func (h *Hooks) request(ctx context.Context, m usecase.OutgoingHook) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, m.URL, bytes.NewReader(m.Body))
	if err != nil {
		return nil, fmt.Errorf("call webhook: %w", err)
	}
	if h.clients[r.URL.Scheme] == nil {
		return nil, errUnreachable
	}
	at := h.Now().Unix()
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "Huiyin")
	r.Header.Set(webhook.HeaderID, m.ID)
	r.Header.Set(webhook.HeaderTimestamp, strconv.FormatInt(at, 10))
	r.Header.Set(webhook.HeaderSignature, webhook.Sign(m.ID, at, m.Body, m.Secrets...))
	return r, nil
}

// excerpt is what is kept of an answer: one line, shortened, without what looks like a number of a person or an address.
func excerpt(answer string) string {
	answer = longNumber.ReplaceAllString(strings.ToValidUTF8(answer, "?"), "***")
	answer = mailAddress.ReplaceAllString(answer, "***")
	return shorten(strings.Join(strings.Fields(answer), " "))
}
