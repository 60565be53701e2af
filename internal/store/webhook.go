package store

import (
	"context"

	"huiyin/internal/matter"
	"huiyin/internal/org"
)

// WebhookRow is where another system is told of what happens at a unit and below it.
type WebhookRow struct {
	ID         int64
	Unit       org.UnitID
	Name       string
	URL        string
	Kinds      string // separated by spaces
	Secret     []byte // encrypted
	OldSecret  []byte // encrypted; signs beside the new one
	OldUntilUS int64
	User       org.UserID
	MadeUS     int64
	FailingUS  int64  // since when nothing has got through; zero while something does
	Stopped    string // why nothing is sent; empty while it is
}

const webhookColumns = `webhook_id, unit_id, name, url, kinds, secret, old_secret, old_until_us, user_id, made_us, failing_us, stopped`

func scanWebhook(r *Row) (WebhookRow, error) {
	var w WebhookRow
	err := r.Scan(&w.ID, &w.Unit, &w.Name, &w.URL, &w.Kinds, &w.Secret, &w.OldSecret, &w.OldUntilUS, &w.User, &w.MadeUS, &w.FailingUS, &w.Stopped)
	return w, err
}

// SaveWebhook writes a webhook.
func (t *Tx) SaveWebhook(ctx context.Context, w WebhookRow) error {
	const q = `insert into webhook (` + webhookColumns + `) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		on conflict (webhook_id) do update set name = excluded.name, url = excluded.url, kinds = excluded.kinds, secret = excluded.secret, old_secret = excluded.old_secret,
		old_until_us = excluded.old_until_us, failing_us = excluded.failing_us, stopped = excluded.stopped`
	_, err := t.Exec(ctx, Named("webhook.save", q), w.ID, int64(w.Unit), w.Name, w.URL, w.Kinds, w.Secret, append([]byte{}, w.OldSecret...), w.OldUntilUS, int64(w.User), w.MadeUS,
		w.FailingUS, w.Stopped)
	return err
}

// Webhook finds a webhook by its number.
func (t *Tx) Webhook(ctx context.Context, id int64) (WebhookRow, error) {
	const q = `select ` + webhookColumns + ` from webhook where webhook_id = $1`
	return One(ctx, t, Named("webhook.get", q), scanWebhook, id)
}

// Webhooks returns the webhooks but those that were given up, newest first, at most 500.
func (t *Tx) Webhooks(ctx context.Context) ([]WebhookRow, error) {
	const q = `select ` + webhookColumns + ` from webhook where stopped <> 'ended' order by webhook_id desc limit 500`
	return Collect(ctx, t, Named("webhook.list", q), scanWebhook)
}

// DeliveryState is where a message to a webhook stands.
type DeliveryState string

// The states of a delivery.
const (
	DeliveryWaiting DeliveryState = "waiting" // to be tried, or tried again, once it is due
	DeliverySent    DeliveryState = "sent"
	DeliveryFailed  DeliveryState = "failed" // not tried again by itself
)

// DeliveryRow is one message to one webhook.
type DeliveryRow struct {
	Home, ID int64
	Webhook  int64
	Matter   int64 // zero: of none
	Kind     string
	Cause    string // one of its webhook and matter
	Body     string
	MadeUS   int64
	DueUS    int64
	State    DeliveryState
	Attempts int
	TriedUS  int64
	TookUS   int64
	Status   int // of the last answer; zero where there was none
	Answer   string
}

const deliveryColumns = `home, delivery_id, webhook_id, matter_id, kind, cause, body, made_us, due_us, state, attempts, tried_us, took_us, status, answer`

func scanDelivery(r *Row) (DeliveryRow, error) {
	var d DeliveryRow
	err := r.Scan(&d.Home, &d.ID, &d.Webhook, &d.Matter, &d.Kind, &d.Cause, &d.Body, &d.MadeUS, &d.DueUS, &d.State, &d.Attempts, &d.TriedUS, &d.TookUS, &d.Status, &d.Answer)
	return d, err
}

// InsertDelivery adds a message that waits and gives it the next number of its home; one that is there for the same webhook, matter and cause stays as it is.
func (t *Tx) InsertDelivery(ctx context.Context, d DeliveryRow) error {
	const q = `insert into delivery (` + deliveryColumns + `)
		select $1, coalesce(max(delivery_id), 0) + 1, $2, $3, $4, $5, $6, $7, $8, 'waiting', 0, 0, 0, 0, '' from delivery where home = $1
		on conflict (home, webhook_id, matter_id, cause) do nothing`
	_, err := t.Exec(ctx, Named("delivery.insert", q), d.Home, d.Webhook, d.Matter, d.Kind, d.Cause, d.Body, d.MadeUS, d.DueUS)
	return err
}

// Delivery finds a message of a webhook by its number.
func (t *Tx) Delivery(ctx context.Context, webhook, home, id int64) (DeliveryRow, error) {
	const q = `select ` + deliveryColumns + ` from delivery where home = $1 and delivery_id = $2 and webhook_id = $3`
	return One(ctx, t, Named("delivery.get", q), scanDelivery, home, id, webhook)
}

// DueDelivery returns the message to a webhook that has been due for longest, if there is one.
func (t *Tx) DueDelivery(ctx context.Context, webhook, nowUS int64) ([]DeliveryRow, error) {
	const q = `select ` + deliveryColumns + ` from delivery where webhook_id = $1 and state = 'waiting' and due_us <= $2 order by due_us, home, delivery_id limit 1`
	return Collect(ctx, t, Named("delivery.due", q), scanDelivery, webhook, nowUS)
}

// TakeDelivery takes a message until an instant, if nobody else has, and reports whether it could.
func (t *Tx) TakeDelivery(ctx context.Context, d DeliveryRow, untilUS int64) (bool, error) {
	const q = `update delivery set attempts = attempts + 1, due_us = $4 where home = $1 and delivery_id = $2 and state = 'waiting' and attempts = $3 and due_us = $5`
	n, err := t.Exec(ctx, Named("delivery.take", q), d.Home, d.ID, d.Attempts, untilUS, d.DueUS)
	return n > 0, err
}

// EndDelivery writes what became of an attempt at a message that was taken, if it has not been taken again.
func (t *Tx) EndDelivery(ctx context.Context, d DeliveryRow) error {
	const q = `update delivery set state = $4, due_us = $5, tried_us = $6, took_us = $7, status = $8, answer = $9 where home = $1 and delivery_id = $2 and attempts = $3 and state = 'waiting'`
	_, err := t.Exec(ctx, Named("delivery.end", q), d.Home, d.ID, d.Attempts, string(d.State), d.DueUS, d.TriedUS, d.TookUS, d.Status, d.Answer)
	return err
}

// ReplayDelivery has one message sent again.
func (t *Tx) ReplayDelivery(ctx context.Context, d DeliveryRow, nowUS int64) error {
	const q = `update delivery set state = 'waiting', attempts = 0, due_us = $3 where home = $1 and delivery_id = $2`
	_, err := t.Exec(ctx, Named("delivery.replay", q), d.Home, d.ID, nowUS)
	return err
}

// ReplayDeliveries has the messages to a webhook that were written from one instant and before another sent again, or those that failed alone, and returns how many.
func (t *Tx) ReplayDeliveries(ctx context.Context, webhook, fromUS, beforeUS int64, failed bool, nowUS int64) (int64, error) {
	q := newQuery(`update delivery set state = 'waiting', attempts = 0, due_us = `).arg(nowUS).text(` where webhook_id = `).arg(webhook)
	q.text(` and made_us >= `).arg(fromUS).text(` and made_us < `).arg(beforeUS)
	if failed {
		q.text(` and state = 'failed'`)
	} else {
		q.text(` and state in ('sent', 'failed')`)
	}
	return t.Exec(ctx, q.stmt("delivery.replay_span"), q.args...)
}

// DeliveryPlace is a position in the list of a webhook's messages.
type DeliveryPlace struct{ MadeUS, Home, ID int64 }

// Deliveries returns the messages to a webhook, newest first, after a position, at most limit; state narrows where it is given.
func (t *Tx) Deliveries(ctx context.Context, webhook int64, state DeliveryState, after DeliveryPlace, limit int) ([]DeliveryRow, error) {
	q := deliveries(webhook, state, after, limit)
	return Collect(ctx, t, q.stmt("delivery.list"), scanDelivery, q.args...)
}

func deliveries(webhook int64, state DeliveryState, after DeliveryPlace, limit int) *query {
	q := newQuery(`select ` + deliveryColumns + ` from delivery where webhook_id = `).arg(webhook)
	if state != "" {
		q.text(` and state = `).arg(string(state))
	}
	if after != (DeliveryPlace{}) {
		q.text(` and (made_us, home, delivery_id) < (`).arg(after.MadeUS).text(`, `).arg(after.Home).text(`, `).arg(after.ID).text(`)`)
	}
	return q.text(` order by made_us desc, home desc, delivery_id desc limit `).arg(limit)
}

// DropDeliveries removes messages that were written before an instant, at most limit.
func (t *Tx) DropDeliveries(ctx context.Context, beforeUS int64, limit int) error {
	const q = `delete from delivery where (home, delivery_id) in (select home, delivery_id from delivery where made_us < $1 order by made_us, home, delivery_id limit $2)`
	_, err := t.Exec(ctx, Named("delivery.drop", q), beforeUS, limit)
	return err
}

// RefOf is the matter that a message is about.
func (d DeliveryRow) RefOf() matter.Ref { return matter.Ref{Home: d.Home, N: d.Matter} }

// Waits reports whether a message is to be tried, or tried again.
func (d DeliveryRow) Waits() bool { return d.State == DeliveryWaiting }
