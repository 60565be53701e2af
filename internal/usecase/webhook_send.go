package usecase

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"time"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/vault"
	"huiyin/internal/webhook"
)

const (
	hookLease      = minuteUS    // within which an attempt says what became of it, or is made again
	hookGivesUp    = 5 * dayUS   // without anything getting through, before a webhook is stopped
	deliveriesKept = 30 * dayUS  // with what the receiver said
	deliveriesPage = 50          // messages of a page
	hookRetryUS    = 1_000_000   // the unit of what a receiver asks to be left alone for
	maxReplayDays  = law.Day(31) // of a time span that is sent again: no more is kept
)

// OutgoingHook is a message on its way to a webhook.
type OutgoingHook struct {
	ID      string // the same at every attempt
	URL     string
	Body    []byte
	Secrets [][]byte
	row     store.DeliveryRow
}

// DueWebhooks are the webhooks that have something to be sent. Where nobody has any, nothing is read.
func (o *Office) DueWebhooks(ctx context.Context) ([]int64, error) {
	hooks := *o.webhooks.Load()
	if len(hooks) == 0 {
		return nil, nil
	}
	var out []int64
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		out = nil
		for _, w := range hooks {
			if w.Stopped != "" {
				continue
			}
			due, err := t.DueDelivery(ctx, w.ID, o.Now())
			if err != nil {
				return err
			}
			if len(due) > 0 {
				out = append(out, w.ID)
			}
		}
		return nil
	})
	return out, err
}

// ClaimDelivery takes the message to a webhook that has been due for longest; false when there is none. It is the caller's for a while: nobody else gets it, and
// HookTried says what became of it.
func (o *Office) ClaimDelivery(ctx context.Context, hook int64) (out OutgoingHook, found bool, err error) {
	var w store.WebhookRow
	var due []store.DeliveryRow
	if err := o.Store.Read(ctx, func(t *store.Tx) error {
		if w, err = t.Webhook(ctx, hook); err != nil || w.Stopped != "" {
			return err
		}
		due, err = t.DueDelivery(ctx, hook, o.Now())
		return err
	}); err != nil || len(due) == 0 {
		return out, false, err
	}
	d := due[0]
	now := o.Now()
	if err := o.Store.Update(ctx, d.Home, func(t *store.Tx) error {
		found, err = t.TakeDelivery(ctx, d, now+hookLease)
		return err
	}); err != nil || !found {
		return out, false, err
	}
	d.Attempts++
	out = OutgoingHook{ID: fmt.Sprintf("msg_%d_%d_%d", d.Home, d.ID, d.MadeUS), URL: w.URL, Body: []byte(d.Body), row: d}
	sealed := [][]byte{w.Secret}
	if w.OldUntilUS > now {
		sealed = append(sealed, w.OldSecret)
	}
	for _, s := range sealed {
		secret, err := o.Vault.Open(vault.Identity, s, hookPlace(w.ID))
		if err != nil {
			return out, false, fmt.Errorf("secret of webhook %d: %w", w.ID, err)
		}
		out.Secrets = append(out.Secrets, secret)
	}
	return out, true, nil
}

// HookResult is what became of an attempt.
type HookResult struct {
	Status int    // of the answer; zero where there was none
	Answer string // what the receiver said or why it could not be reached, shortened
	TookUS int64
	After  int // seconds for which the receiver asked to be left alone
}

func (r HookResult) arrived() bool {
	return r.Status >= http200 && r.Status < http300
}

// The statuses that mean something here. The use case knows no transport but by its numbers.
const (
	http200 = 200
	http300 = 300
	http410 = 410
)

// HookTried says what became of a message that was claimed: it arrived, or it is tried again later, or no more. A webhook to which nothing has got through for days
// is stopped, and its administrators are told.
func (o *Office) HookTried(ctx context.Context, out OutgoingHook, r HookResult) error {
	d, now := out.row, o.Now()
	d.State, d.DueUS, d.TriedUS, d.TookUS, d.Status, d.Answer = store.DeliverySent, now, now, r.TookUS, r.Status, r.Answer
	if !r.arrived() {
		spread := make([]byte, 1)
		if _, err := o.Random.Read(spread); err != nil {
			return fmt.Errorf("spread of attempts: %w", err)
		}
		wait, again := webhook.Wait(d.Attempts, spread[0])
		d.State = store.DeliveryFailed
		if again {
			d.State, d.DueUS = store.DeliveryWaiting, now+max(wait, min(int64(r.After)*hookRetryUS, webhook.MaxWait))
		}
	}
	if err := o.Store.Update(ctx, d.Home, func(t *store.Tx) error { return t.EndDelivery(ctx, d) }); err != nil {
		return err
	}
	return o.noteHealth(ctx, d.Webhook, r)
}

// noteHealth keeps since when nothing has got through to a webhook, and stops it when that is too long. Nothing is written where nothing has changed.
func (o *Office) noteHealth(ctx context.Context, id int64, r HookResult) error {
	well := func(w store.WebhookRow) bool { return w.ID == id && w.FailingUS == 0 }
	if r.arrived() && slices.ContainsFunc(*o.webhooks.Load(), well) {
		return nil
	}
	changed := false
	err := o.Store.Update(ctx, 0, func(t *store.Tx) error {
		was, err := t.Webhook(ctx, id)
		if err != nil || was.Stopped != "" {
			return err
		}
		next, now := was, o.Now()
		switch {
		case r.arrived():
			next.FailingUS = 0
		case r.Status == http410:
			next.Stopped = HookGone
		case was.FailingUS == 0:
			next.FailingUS = now
		case now-was.FailingUS >= hookGivesUp:
			next.Stopped = HookFailing
		}
		if next.FailingUS == was.FailingUS && next.Stopped == "" {
			return nil
		}
		changed = true
		if next.Stopped == "" {
			return t.SaveWebhook(ctx, next)
		}
		o.Log.LogAttrs(ctx, slog.LevelWarn, "webhook stopped", slog.Int64("webhook", id), slog.String("why", next.Stopped))
		if err := o.saveWebhook(ctx, t, org.System(), &was, next); err != nil {
			return err
		}
		return o.tellStopped(ctx, t, next)
	})
	if err != nil || !changed {
		return err
	}
	return o.Reload(ctx)
}

// tellStopped tells the administrators over a webhook's unit that it was stopped.
func (o *Office) tellStopped(ctx context.Context, t *store.Tx, w store.WebhookRow) error {
	u, _ := o.Chart().Unit(w.Unit)
	args, err := noticeArgs{"webhook": strconv.FormatInt(w.ID, 10), "unit": strconv.FormatInt(int64(w.Unit), 10)}.text()
	if err != nil {
		return err
	}
	for at, ok := u, true; ok; at, ok = o.Chart().Unit(at.Parent) {
		admins, err := o.recipientsOver(ctx, t, at.ID, org.RoleAdmin)
		if err != nil {
			return err
		}
		for _, to := range admins {
			n := store.NoticeRow{
				Matter: matter.Ref{Home: HomeOf(u.Place)}, Unit: to.Unit, User: to.User, Channel: store.ChannelApp, Kind: "webhook_stopped", Args: args,
				Cause: fmt.Sprintf("webhook/%d/%d", w.ID, o.Now()),
			}
			if err := o.tell(ctx, t, n); err != nil {
				return err
			}
		}
	}
	return nil
}

// Delivery is a message to a webhook as administrators see it.
type Delivery = store.DeliveryRow

// DeliveryPlace is a position in a list of messages.
type DeliveryPlace = store.DeliveryPlace

// DeliveryPage is a page of the messages to a webhook, newest first.
type DeliveryPage struct {
	Deliveries []Delivery
	Next       *DeliveryPlace // where to go on; nil at the end
}

// DeliveryStates are the states of messages.
func DeliveryStates() []string {
	return []string{string(store.DeliveryWaiting), string(store.DeliverySent), string(store.DeliveryFailed)}
}

// Deliveries is a page of the messages to a webhook, of one state where it is given.
func (o *Office) Deliveries(ctx context.Context, who org.Actor, hook int64, state string, after DeliveryPlace) (DeliveryPage, error) {
	if state != "" && !slices.Contains(DeliveryStates(), state) {
		return DeliveryPage{}, errs.Fields([]errs.Field{errs.F("state", "field.choice")})
	}
	var p DeliveryPage
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		if _, err := o.reachHook(ctx, t, who, hook); err != nil {
			return err
		}
		var err error
		p.Deliveries, err = t.Deliveries(ctx, hook, store.DeliveryState(state), after, deliveriesPage+1)
		return err
	})
	if len(p.Deliveries) > deliveriesPage {
		p.Deliveries = p.Deliveries[:deliveriesPage]
		last := p.Deliveries[deliveriesPage-1]
		p.Next = &DeliveryPlace{MadeUS: last.MadeUS, Home: last.Home, ID: last.ID}
	}
	return p, err
}

// ReplayDelivery has one message sent again, under the id it had.
func (o *Office) ReplayDelivery(ctx context.Context, who org.Actor, hook, home, id int64) error {
	return o.Store.Update(ctx, home, func(t *store.Tx) error {
		if _, err := o.activeHook(ctx, t, who, hook); err != nil {
			return err
		}
		d, err := t.Delivery(ctx, hook, home, id)
		if errs.KindOf(err) == errs.NotFound {
			return errs.E(errs.NotFound, "webhook.delivery_not_found")
		}
		if err != nil {
			return err
		}
		return t.ReplayDelivery(ctx, d, o.Now())
	})
}

// activeHook is a webhook that the actor manages and that is not stopped.
func (o *Office) activeHook(ctx context.Context, t *store.Tx, who org.Actor, id int64) (store.WebhookRow, error) {
	w, err := o.reachHook(ctx, t, who, id)
	if err == nil && w.Stopped != "" {
		err = errs.E(errs.Refused, "webhook.stopped")
	}
	return w, err
}

// ReplayDeliveries has the messages of some days sent again, the first and the last included, or those among them that failed, and returns how many.
func (o *Office) ReplayDeliveries(ctx context.Context, who org.Actor, hook int64, from, to law.Day, failed bool) (int64, error) {
	var wrong []errs.Field
	if !from.Known() {
		wrong = append(wrong, errs.F("from", "field.required"))
	}
	if !to.Known() {
		wrong = append(wrong, errs.F("to", "field.required"))
	}
	if len(wrong) == 0 && (to < from || to-from > maxReplayDays) {
		wrong = append(wrong, errs.F("to", "webhook.span", "max", int(maxReplayDays)))
	}
	if err := errs.Fields(wrong); err != nil {
		return 0, err
	}
	var n int64
	err := o.Store.Update(ctx, 0, func(t *store.Tx) error {
		if _, err := o.activeHook(ctx, t, who, hook); err != nil {
			return err
		}
		var err error
		n, err = t.ReplayDeliveries(ctx, hook, from.StartUS(), to.Add(1).StartUS(), failed, o.Now())
		return err
	})
	return n, err
}

// TestWebhook has a message sent that tells of nothing.
func (o *Office) TestWebhook(ctx context.Context, who org.Actor, id int64) error {
	var home int64
	if err := o.Store.Read(ctx, func(t *store.Tx) error {
		w, err := o.activeHook(ctx, t, who, id)
		u, _ := o.Chart().Unit(w.Unit)
		home = HomeOf(u.Place)
		return err
	}); err != nil {
		return err
	}
	return o.Store.Update(ctx, home, func(t *store.Tx) error {
		m := hookMessage{Type: hookTest, Timestamp: time.UnixMicro(o.Now()).UTC().Format(time.RFC3339), Data: hookData{Webhook: id}}
		return o.putDelivery(ctx, t, store.WebhookRow{ID: id}, matter.Ref{Home: home}, "test/"+strconv.FormatInt(o.Now(), 10), m)
	})
}
