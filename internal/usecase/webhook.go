package usecase

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"huiyin/internal/errs"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/vault"
	"huiyin/internal/webhook"
)

// The kinds of messages that webhooks get.
const (
	HookRegistered = "matter.registered"
	HookForwarded  = "matter.forwarded"
	HookSigned     = "matter.signed"
	HookAccepted   = "matter.accepted"
	HookDeclined   = "matter.declined"
	HookAnswered   = "matter.answered"
	HookServed     = "matter.served"
	HookClosed     = "matter.closed"
	HookOverdue    = "matter.overdue"
	hookTest       = "webhook.test" // on request alone
)

// HookKinds are the kinds that a webhook may ask for.
func HookKinds() []string {
	return []string{HookRegistered, HookForwarded, HookSigned, HookAccepted, HookDeclined, HookAnswered, HookServed, HookClosed, HookOverdue}
}

// Why nothing is sent to a webhook.
const (
	HookPaused  = "paused"  // by a person
	HookFailing = "failing" // nothing has got through for long
	HookGone    = "gone"    // the receiver wants nothing more (410)
	hookEnded   = "ended"   // given up for good
)

// maxHooks is how many webhooks an office has at most: each is looked at with every event.
const maxHooks = 100

// NewWebhook says where another system is to be told of what.
type NewWebhook struct {
	Name  string
	Unit  org.UnitID // it is told of matters that this unit or one below it sees
	URL   string
	Kinds []string
}

// WebhookView is a webhook as administrators see it.
type WebhookView struct {
	ID        int64
	Name      string
	Unit      org.Unit
	URL       string
	Kinds     []string
	MadeUS    int64
	OldUS     int64 // until when the secret of before signs, too; zero when it does not
	FailingUS int64
	Stopped   string
}

// settingHooks counts the changes of webhooks, by which other processes know of them.
const settingHooks = "webhooks"

// AddWebhook has another system told and returns the webhook's number with the secret that signs, which is shown once.
func (o *Office) AddWebhook(ctx context.Context, who org.Actor, n NewWebhook) (id int64, secret string, err error) {
	if err := manages(who); err != nil {
		return 0, "", err
	}
	n.Name, n.URL = strings.TrimSpace(n.Name), strings.TrimSpace(n.URL)
	if err := errs.Fields(o.checkWebhook(who, n)); err != nil {
		return 0, "", err
	}
	row := store.WebhookRow{Unit: n.Unit, Name: n.Name, URL: n.URL, Kinds: strings.Join(n.Kinds, " "), User: who.User, MadeUS: o.Now()}
	err = o.Store.Update(ctx, 0, func(t *store.Tx) error {
		there, err := t.Webhooks(ctx)
		if err != nil {
			return err
		}
		if len(there) >= maxHooks {
			return errs.E(errs.Refused, "webhook.many", "max", maxHooks)
		}
		if row.ID, err = t.NextLocal(ctx, "webhook"); err != nil {
			return err
		}
		if row.Secret, secret, err = o.newHookSecret(row.ID); err != nil {
			return err
		}
		return o.saveWebhook(ctx, t, who, nil, row)
	})
	if err != nil {
		return 0, "", err
	}
	return row.ID, secret, o.Reload(ctx)
}

func (o *Office) checkWebhook(who org.Actor, n NewWebhook) []errs.Field {
	out := o.checkDoor(who, n.Name, n.Unit)
	if e, wrong := errors.AsType[*errs.Error](webhook.CheckURL(n.URL)); wrong {
		out = append(out, errs.F("url", e.Code))
	}
	if len(n.Kinds) == 0 {
		out = append(out, errs.F("kinds", "field.required"))
	}
	for i, k := range n.Kinds {
		if !slices.Contains(HookKinds(), k) || slices.Contains(n.Kinds[:i], k) {
			return append(out, errs.F("kinds", "field.choice"))
		}
	}
	return out
}

// newHookSecret makes a secret: encrypted, as it is kept, and as the receiver is given it.
func (o *Office) newHookSecret(id int64) (sealed []byte, text string, err error) {
	secret := make([]byte, webhook.SecretSize)
	if _, err := io.ReadFull(o.Random, secret); err != nil {
		return nil, "", fmt.Errorf("secret of a webhook: %w", err)
	}
	sealed, err = o.Vault.Seal(vault.Identity, secret, hookPlace(id))
	return sealed, webhook.FormatSecret(secret), err
}

// hookPlace binds an encrypted secret to its webhook.
func hookPlace(id int64) []byte { return vault.Place(0, id, "webhook") }

// rotateHookSecrets puts the secrets of webhooks under the newest key.
func (o *Office) rotateHookSecrets(ctx context.Context) error {
	return o.Store.Update(ctx, 0, func(t *store.Tx) error {
		rows, err := t.Webhooks(ctx)
		if err != nil {
			return err
		}
		for _, w := range rows {
			for _, sealed := range []*[]byte{&w.Secret, &w.OldSecret} {
				if len(*sealed) == 0 {
					continue
				}
				plain, err := o.Vault.Open(vault.Identity, *sealed, hookPlace(w.ID))
				if err != nil {
					return fmt.Errorf("secret of webhook %d: %w", w.ID, err)
				}
				if *sealed, err = o.Vault.Seal(vault.Identity, plain, hookPlace(w.ID)); err != nil {
					return err
				}
			}
			if err := t.SaveWebhook(ctx, w); err != nil {
				return err
			}
		}
		return nil
	})
}

// hookRecord is a webhook in the record of changes.
type hookRecord struct {
	Webhook int64      `json:"webhook"`
	Name    string     `json:"name"`
	Unit    org.UnitID `json:"unit"`
	URL     string     `json:"url"`
	Kinds   string     `json:"hook_kinds"`
	Stopped string     `json:"stopped,omitempty"`
	Rotated int64      `json:"rotated_us,omitempty"`
	By      string     `json:"by_key,omitempty"`
}

func recordOfHook(w store.WebhookRow, who org.Actor) hookRecord {
	return hookRecord{Webhook: w.ID, Name: w.Name, Unit: w.Unit, URL: w.URL, Kinds: w.Kinds, Stopped: w.Stopped, By: who.Key}
}

// saveWebhook writes a webhook, the record of its change, and for other processes that there was one.
func (o *Office) saveWebhook(ctx context.Context, t *store.Tx, who org.Actor, was *store.WebhookRow, next store.WebhookRow) error {
	if err := t.SaveWebhook(ctx, next); err != nil {
		return err
	}
	if err := t.SetSetting(ctx, settingHooks, strconv.FormatInt(o.Now(), 10)+"/"+strconv.FormatInt(next.ID, 10)+"/"+next.Stopped); err != nil {
		return err
	}
	var before any
	after := recordOfHook(next, who)
	if was != nil {
		before = recordOfHook(*was, org.Actor{})
		if !slices.Equal(was.Secret, next.Secret) {
			after.Rotated = o.Now()
		}
	}
	return o.noteChange(ctx, t, who, changeWebhook, int64(next.Unit), before, after)
}

// Webhooks returns the webhooks of the units an administrator governs, newest first.
func (o *Office) Webhooks(ctx context.Context, who org.Actor) ([]WebhookView, error) {
	if err := manages(who); err != nil {
		return nil, err
	}
	var out []WebhookView
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		rows, err := t.Webhooks(ctx)
		for _, w := range rows {
			if governs(who, o.Chart(), w.Unit) {
				out = append(out, o.hookView(w))
			}
		}
		return err
	})
	return out, err
}

func (o *Office) hookView(w store.WebhookRow) WebhookView {
	v := WebhookView{
		ID: w.ID, Name: w.Name, URL: w.URL, Kinds: strings.Fields(w.Kinds), MadeUS: w.MadeUS, FailingUS: w.FailingUS, Stopped: w.Stopped,
	}
	if w.OldUntilUS > o.Now() {
		v.OldUS = w.OldUntilUS
	}
	v.Unit, _ = o.Chart().Unit(w.Unit)
	return v
}

// Webhook is one webhook of a unit that an administrator governs; any other is not there.
func (o *Office) Webhook(ctx context.Context, who org.Actor, id int64) (WebhookView, error) {
	var v WebhookView
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		w, err := o.reachHook(ctx, t, who, id)
		v = o.hookView(w)
		return err
	})
	return v, err
}

func (o *Office) reachHook(ctx context.Context, t *store.Tx, who org.Actor, id int64) (store.WebhookRow, error) {
	if err := manages(who); err != nil {
		return store.WebhookRow{}, err
	}
	w, err := t.Webhook(ctx, id)
	if errs.KindOf(err) == errs.NotFound || err == nil && (w.Stopped == hookEnded || !governs(who, o.Chart(), w.Unit)) {
		return store.WebhookRow{}, errs.E(errs.NotFound, "webhook.not_found")
	}
	return w, err
}

// changeHook changes a webhook.
func (o *Office) changeHook(ctx context.Context, who org.Actor, id int64, change func(*store.WebhookRow) error) error {
	if err := o.Store.Update(ctx, 0, func(t *store.Tx) error {
		was, err := o.reachHook(ctx, t, who, id)
		if err != nil {
			return err
		}
		next := was
		if err := change(&next); err != nil {
			return err
		}
		return o.saveWebhook(ctx, t, who, &was, next)
	}); err != nil {
		return err
	}
	return o.Reload(ctx)
}

// PauseWebhook has nothing more sent; StartWebhook has it sent again, what waited first. What happens in between is not kept for it.
func (o *Office) PauseWebhook(ctx context.Context, who org.Actor, id int64) error {
	return o.changeHook(ctx, who, id, func(w *store.WebhookRow) error {
		w.Stopped = cmp.Or(w.Stopped, HookPaused)
		return nil
	})
}

// StartWebhook has a webhook told again, for whatever reason it was stopped.
func (o *Office) StartWebhook(ctx context.Context, who org.Actor, id int64) error {
	return o.changeHook(ctx, who, id, func(w *store.WebhookRow) error {
		w.Stopped, w.FailingUS = "", 0
		return nil
	})
}

// EndWebhook gives a webhook up for good.
func (o *Office) EndWebhook(ctx context.Context, who org.Actor, id int64) error {
	return o.changeHook(ctx, who, id, func(w *store.WebhookRow) error {
		w.Stopped = hookEnded
		return nil
	})
}

// RotateWebhook gives a webhook a new secret, which is shown once. The one of before signs beside it for so many hours more.
func (o *Office) RotateWebhook(ctx context.Context, who org.Actor, id int64, overlap int) (string, error) {
	if overlap < 0 || overlap > MaxKeyOverlap {
		return "", errs.Fields([]errs.Field{errs.F("overlap", "key.overlap", "max", MaxKeyOverlap)})
	}
	var text string
	err := o.changeHook(ctx, who, id, func(w *store.WebhookRow) error {
		w.OldSecret, w.OldUntilUS = w.Secret, o.Now()+int64(overlap)*60*minuteUS
		var err error
		w.Secret, text, err = o.newHookSecret(id)
		return err
	})
	return text, err
}
