package usecase

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
)

// pastNews is how old an event may be for webhooks to be told of it: what an import brings of the past is no news.
const pastNews = dayUS

// hookKind is the kind under which webhooks are told of an event; empty for what they are not told of.
func hookKind(b matter.Body) string {
	switch matter.KindOf(b) {
	case "registered":
		return HookRegistered
	case "forwarded", "reported_up":
		return HookForwarded
	case "signed":
		return HookSigned
	case "accepted":
		return HookAccepted
	case "declined", "final_declined", "diverted":
		return HookDeclined
	case "opinion_issued", "replied":
		return HookAnswered
	case "served":
		return HookServed
	case "completed":
		return HookClosed
	}
	return ""
}

// hookMessage is what a webhook is sent: which matter, what happened, how it stands. Who somebody is and what anybody wrote is not in it.
type hookMessage struct {
	Type      string   `json:"type"`
	Timestamp string   `json:"timestamp"` // of the event
	Data      hookData `json:"data"`
}

type hookData struct {
	Number   string     `json:"number,omitempty"`
	Kind     string     `json:"kind,omitempty"`
	State    string     `json:"state,omitempty"`
	Unit     org.UnitID `json:"unit,omitempty"`     // that has it now
	Received law.Day    `json:"received,omitzero"`  // legal day
	Due      *hookDue   `json:"due,omitempty"`      // what is due next
	Overdue  *hookDue   `json:"overdue,omitempty"`  // what is late
	Link     string     `json:"link,omitempty"`     // page for people
	Resource string     `json:"resource,omitempty"` // in the API
	Webhook  int64      `json:"webhook,omitempty"`  // of a test
}

type hookDue struct {
	Rule string     `json:"rule"`
	Day  law.Day    `json:"day"` // last legal day
	Unit org.UnitID `json:"unit"`
}

// hooksFor are the webhooks that are told of something that happened to a matter: those of a unit that sees it. Where nobody has any this is a look at a
// variable; of an accusation nobody is told.
func (o *Office) hooksFor(h history, kind string) []store.WebhookRow {
	var out []store.WebhookRow
	for _, w := range *o.webhooks.Load() {
		if w.Stopped != "" || h.sealed || !slices.Contains(strings.Fields(w.Kinds), kind) {
			continue
		}
		if slices.ContainsFunc(h.matter.Units(), func(u org.UnitID) bool { return o.Chart().Under(u, w.Unit) }) {
			out = append(out, w)
		}
	}
	return out
}

// tellHooks writes down, in the transaction of the events, what webhooks are to be told of them.
func (o *Office) tellHooks(ctx context.Context, t *store.Tx, h history, events []matter.Event) error {
	if len(*o.webhooks.Load()) == 0 || h.sealed {
		return nil
	}
	for _, e := range events {
		kind := hookKind(e.Body)
		if kind == "" || e.AtUS < o.Now()-pastNews {
			continue
		}
		for _, w := range o.hooksFor(h, kind) {
			if err := o.putDelivery(ctx, t, w, h.matter.Ref, eventCause+strconv.Itoa(e.Seq), o.hookMessage(h, kind, e.AtUS)); err != nil {
				return err
			}
		}
	}
	return nil
}

// tellHooksLate tells webhooks, once, that a duty of a matter is past its legal end.
func (o *Office) tellHooksLate(ctx context.Context, t *store.Tx, h history, c matter.Clock, due matter.Reminder) error {
	if c.Right || due.Step != matter.RemindLate && due.Step != matter.RemindUp {
		return nil
	}
	for _, w := range o.hooksFor(h, HookOverdue) {
		m := o.hookMessage(h, HookOverdue, o.Now())
		m.Data.Overdue = &hookDue{Rule: string(c.Rule), Day: c.Legal, Unit: h.matter.DeskOf(c)}
		if err := o.putDelivery(ctx, t, w, h.matter.Ref, "overdue/"+c.Key+"/"+c.Legal.String(), m); err != nil {
			return err
		}
	}
	return nil
}

func (o *Office) hookMessage(h history, kind string, atUS int64) hookMessage {
	m := h.matter
	ref := m.Ref.String()
	d := hookData{
		Number: ref, Kind: string(m.Kind), State: string(m.Stage()), Unit: m.Desk(), Resource: "/api/v1/matters/" + ref,
	}
	if row := h.row(); row.Received.Known() {
		d.Received = row.Received
	}
	if address := o.notices.Load().Address; address != "" {
		d.Link = address + "/desk/matters/" + ref
	}
	if c, ok := matter.Next(h.clocks, o.Today()); ok {
		d.Due = &hookDue{Rule: string(c.Rule), Day: c.Legal, Unit: m.DeskOf(c)}
	}
	return hookMessage{Type: kind, Timestamp: time.UnixMicro(atUS).UTC().Format(time.RFC3339), Data: d}
}

// putDelivery writes one message down. The body is fixed here, so that every attempt at it says and signs the same.
func (o *Office) putDelivery(ctx context.Context, t *store.Tx, w store.WebhookRow, ref matter.Ref, cause string, m hookMessage) error {
	body, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("message to webhook %d: %w", w.ID, err)
	}
	now := o.Now()
	return t.InsertDelivery(ctx, store.DeliveryRow{
		Home: ref.Home, Webhook: w.ID, Matter: ref.N, Kind: m.Type, Cause: cause, Body: string(body), MadeUS: now, DueUS: now,
	})
}
