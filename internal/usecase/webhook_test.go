package usecase_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
)

// hooked subscribes a unit to everything.
func (o *testOffice) hooked(t testing.TB, who org.Actor, unit org.UnitID) int64 {
	t.Helper()
	id, secret, err := o.AddWebhook(t.Context(), who, usecase.NewWebhook{Name: "12345", Unit: unit, URL: "https://hooks.example.org/in", Kinds: usecase.HookKinds()})
	check(t, err)
	if !strings.HasPrefix(secret, "whsec_") {
		t.Errorf("secret %q", secret)
	}
	return id
}

// deliveries are the messages to a webhook, oldest first.
func (o *testOffice) deliveries(t testing.TB, id int64) []usecase.Delivery {
	t.Helper()
	p, err := o.Deliveries(t.Context(), org.System(), id, "", usecase.DeliveryPlace{})
	check(t, err)
	slices.Reverse(p.Deliveries)
	return p.Deliveries
}

func kindsOf(list []usecase.Delivery) (out []string) {
	for _, d := range list {
		out = append(out, d.Kind)
	}
	return out
}

// A webhook is told of what its unit sees, once for each event, with numbers and states and nothing of anybody; never of an accusation.
func TestWebhooksAreToldOfWhatTheirUnitSees(t *testing.T) {
	o := newOffice(t)
	o.register(t, unitBureau, "before") // when nobody was subscribed, nothing is written
	bureau, town, other := o.hooked(t, org.System(), unitBureau), o.hooked(t, org.System(), unitTownA), o.hooked(t, org.System(), unitTownB)
	ref := o.register(t, unitBureau, "路灯不亮")
	o.take(t, org.RoleRegistrar, unitBureau, ref,
		&matter.Screen{Kind: matter.KindAppeal, Category: "N0502", Level: matter.LevelOrdinary}, &matter.Forward{Unit: unitTownA, Mode: matter.ModeTransfer, Why: "属地"})
	o.take(t, org.RoleHandler, unitTownA, ref, &matter.Sign{}, &matter.Accept{Contact: "0571-1"})
	o.registerSealed(t)
	for id, want := range map[int64][]string{
		bureau: {usecase.HookRegistered, usecase.HookForwarded, usecase.HookSigned, usecase.HookAccepted},
		town:   {usecase.HookForwarded, usecase.HookSigned, usecase.HookAccepted},
		other:  nil,
	} {
		got := o.deliveries(t, id)
		if !slices.Equal(kindsOf(got), want) {
			t.Errorf("webhook %d is told of %v, want %v", id, kindsOf(got), want)
		}
		for _, d := range got {
			var m map[string]any
			if err := json.Unmarshal([]byte(d.Body), &m); err != nil || m["type"] != d.Kind || !strings.Contains(d.Body, ref.String()) {
				t.Errorf("%s: %v", d.Body, err)
			}
			for _, word := range []string{"路灯", "张三", "138", "属地", "0571", "N0502"} {
				if strings.Contains(d.Body, word) {
					t.Errorf("%s says %s", d.Body, word)
				}
			}
		}
	}
	// late: once, however often it is looked at
	o.moveTo(o.Today().Add(120))
	for range 3 {
		o.remind(t)
		o.moveTo(o.Today().Add(1))
	}
	late := map[string]int{}
	for _, d := range o.deliveries(t, town) {
		if d.Kind == usecase.HookOverdue {
			late[d.Cause]++
		}
	}
	if len(late) == 0 {
		t.Error("nobody is told that it is late")
	}
	for cause, n := range late {
		if n != 1 {
			t.Errorf("%s is told %d times", cause, n)
		}
	}
}

// What is tried comes back later and later, waits as long as the receiver asks, and stops for good; after days without anything getting through the webhook is
// stopped and the administrators are told.
func TestWebhookIsTriedAgainAndStopped(t *testing.T) {
	o := newOffice(t)
	admin := o.actor(t, org.RoleAdmin, unitTownA)
	id := o.hooked(t, admin, unitTownA)
	o.register(t, unitTownA, "路灯不亮")
	fail := func(status, after int) bool {
		t.Helper()
		out, found, err := o.ClaimDelivery(t.Context(), id)
		check(t, err)
		if found {
			if len(out.Secrets) != 1 || out.ID == "" {
				t.Errorf("claimed %+v", out)
			}
			check(t, o.HookTried(t.Context(), out, usecase.HookResult{Status: status, Answer: "no", After: after}))
		}
		return found
	}
	due := func() int64 { return o.deliveries(t, id)[0].DueUS - o.Now() }
	fail(500, 0)
	if wait := due(); wait < 4_500_000 || wait > 5_500_000 {
		t.Errorf("tried again after %d µs", wait)
	}
	if fail(500, 0) {
		t.Error("tried before it is due")
	}
	o.now.Add(6_000_000)
	fail(429, 3600)
	if wait := due(); wait != 3600_000_000 {
		t.Errorf("asked for an hour and tried after %d µs", wait)
	}
	for range 8 {
		o.now.Store(o.deliveries(t, id)[0].DueUS)
		if !fail(0, 0) {
			t.Fatal("nothing is due")
		}
	}
	d := o.deliveries(t, id)[0]
	if d.State != store.DeliveryFailed || d.Attempts != 10 || d.Answer != "no" {
		t.Errorf("in the end: %+v", d)
	}
	if v, err := o.Webhook(t.Context(), admin, id); err != nil || v.Stopped != "" || v.FailingUS == 0 {
		t.Errorf("before five days: %+v, %v", v, err)
	}
	o.now.Store(d.MadeUS + 5*24*3600*1_000_000 + 1)
	check(t, o.TestWebhook(t.Context(), admin, id))
	fail(500, 0)
	view, err := o.Webhook(t.Context(), admin, id)
	check(t, err)
	if view.Stopped != usecase.HookFailing {
		t.Errorf("still told after days: %+v", view)
	}
	inbox, err := o.Inbox(t.Context(), admin, usecase.NoticeCursor{})
	check(t, err)
	if len(inbox.Notices) != 1 || inbox.Notices[0].Kind != "webhook_stopped" {
		t.Errorf("the administrator was told %+v", inbox.Notices)
	}
	o.register(t, unitTownA, "水管漏水")
	if got := o.deliveries(t, id); len(got) != 2 {
		t.Errorf("stopped, and written down: %d", len(got))
	}
	if err := o.ReplayDelivery(t.Context(), admin, id, d.Home, d.ID); errs.CodeOf(err) != "webhook.stopped" {
		t.Errorf("replayed though stopped: %v", err)
	}
	check(t, o.StartWebhook(t.Context(), admin, id))
	o.now.Add(6_000_000) // what waited comes first
	out, found, err := o.ClaimDelivery(t.Context(), id)
	check(t, err)
	if !found {
		t.Fatal("nothing waits")
	}
	check(t, o.HookTried(t.Context(), out, usecase.HookResult{Status: 200}))
	n, err := o.ReplayDeliveries(t.Context(), admin, id, law.DayOf(d.MadeUS), o.Today(), true)
	check(t, err)
	if n != 1 {
		t.Errorf("%d sent again", n)
	}
	out, found, err = o.ClaimDelivery(t.Context(), id)
	check(t, err)
	if !found {
		t.Fatal("nothing to be sent again")
	}
	check(t, o.HookTried(t.Context(), out, usecase.HookResult{Status: 204}))
	if d := o.deliveries(t, id)[0]; d.State != store.DeliverySent || d.Attempts != 1 {
		t.Errorf("sent again: %+v", d)
	}
	if n, err := o.ReplayDeliveries(t.Context(), admin, id, law.DayOf(d.MadeUS), o.Today(), true); err != nil || n != 0 {
		t.Errorf("what arrived counts as failed: %d, %v", n, err)
	}
	check(t, o.TestWebhook(t.Context(), admin, id))
	o.now.Add(1)
	out, _, err = o.ClaimDelivery(t.Context(), id)
	check(t, err)
	check(t, o.HookTried(t.Context(), out, usecase.HookResult{Status: 410}))
	if view, err = o.Webhook(t.Context(), admin, id); err != nil || view.Stopped != usecase.HookGone {
		t.Errorf("gone: %+v, %v", view, err)
	}
}

// Webhooks are the administrators' of their units; a secret that is rotated signs beside the new one for a while; secrets survive new keys of the vault.
func TestWebhooksAreTheAdministrators(t *testing.T) {
	o := newOffice(t)
	admin, other := o.actor(t, org.RoleAdmin, unitTownA), o.actor(t, org.RoleAdmin, unitTownB)
	id := o.hooked(t, admin, unitTownA)
	for _, who := range []org.Actor{other, o.actor(t, org.RoleHead, unitTownA), o.machine(t, "desk", unitTownA), {}} {
		for name, err := range map[string]error{
			"look":   second(o.Webhook(t.Context(), who, id)),
			"list":   second(o.Deliveries(t.Context(), who, id, "", usecase.DeliveryPlace{})),
			"pause":  o.PauseWebhook(t.Context(), who, id),
			"start":  o.StartWebhook(t.Context(), who, id),
			"end":    o.EndWebhook(t.Context(), who, id),
			"rotate": second(o.RotateWebhook(t.Context(), who, id, 1)),
			"test":   o.TestWebhook(t.Context(), who, id),
			"replay": second(o.ReplayDeliveries(t.Context(), who, id, o.Today(), o.Today(), false)),
		} {
			if k := errs.KindOf(err); k != errs.NotFound && k != errs.Forbidden && k != errs.Unauthenticated {
				t.Errorf("%s by %s at %d: %v", name, who.Duty.Role, who.Duty.Unit, err)
			}
		}
	}
	if list, err := o.Webhooks(t.Context(), other); err != nil || len(list) != 0 {
		t.Errorf("another administrator sees %v, %v", list, err)
	}
	for name, n := range map[string]usecase.NewWebhook{
		"outside":   {Name: "x", Unit: unitTownB, URL: "https://example.org/", Kinds: usecase.HookKinds()},
		"no kinds":  {Name: "x", Unit: unitTownA, URL: "https://example.org/"},
		"test kind": {Name: "x", Unit: unitTownA, URL: "https://example.org/", Kinds: []string{"webhook.test"}},
		"a file":    {Name: "x", Unit: unitTownA, URL: "file:///etc/passwd", Kinds: usecase.HookKinds()},
		"no name":   {Unit: unitTownA, URL: "https://example.org/", Kinds: usecase.HookKinds()},
	} {
		if _, _, err := o.AddWebhook(t.Context(), admin, n); errs.KindOf(err) != errs.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := o.RotateWebhook(t.Context(), admin, id, 1); err != nil {
		t.Fatal(err)
	}
	secrets := func() int {
		t.Helper()
		check(t, o.TestWebhook(t.Context(), admin, id))
		out, found, err := o.ClaimDelivery(t.Context(), id)
		check(t, err)
		if !found {
			t.Fatal("no test message")
		}
		check(t, o.HookTried(t.Context(), out, usecase.HookResult{Status: 200}))
		o.now.Add(1)
		return len(out.Secrets)
	}
	if n := secrets(); n != 2 {
		t.Errorf("within the overlap signed with %d secrets", n)
	}
	o.now.Add(3600 * 1_000_000)
	if n := secrets(); n != 1 {
		t.Errorf("after the overlap signed with %d secrets", n)
	}
	// written and read for a month
	o.now.Add(31 * 24 * 3600 * 1_000_000)
	check(t, o.Sweep(t.Context()))
	if got := o.deliveries(t, id); len(got) != 0 {
		t.Errorf("%d messages are kept for ever", len(got))
	}
	check(t, o.EndWebhook(t.Context(), admin, id))
	if _, err := o.Webhook(t.Context(), admin, id); errs.KindOf(err) != errs.NotFound {
		t.Errorf("given up and there: %v", err)
	}
}
