package notify

import (
	"strings"
	"testing"
	"time"

	"huiyin/internal/errs"
	"huiyin/internal/i18n"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
)

// What a petitioner no longer wants is not sent, and their address goes with the wish.
func TestWishThatChanges(t *testing.T) {
	b, g := newBed(t), newTestGateway(t)
	ways := settingsFor(g.URL)
	ways.Mail = usecase.MailServer{Host: "127.0.0.1", Port: 1, From: "office@example.org"}
	b.save(ways)
	r := b.file(matter.KindAppeal, &matter.Wish{SMS: true, Mail: true})
	own := org.Actor{Kind: org.ActorPetitioner, Home: r.Ref.Home, Submission: r.Ref.N}
	choose := func(c matter.ChooseContact) error {
		_, err := b.office.Do(t.Context(), own, r.Ref, 0, &c)
		return err
	}
	if err := choose(matter.ChooseContact{Mail: true, Email: "no address"}); errs.KindOf(err) != errs.Invalid {
		t.Errorf("a bad address: %v", err)
	}
	b.ok(choose(matter.ChooseContact{Mail: true, Email: "new@example.org"}))
	v, notices, err := b.office.MyContact(t.Context(), own)
	b.ok(err)
	if v.Wish.SMS || !v.Wish.Mail || !v.Chosen || v.Email != "n***@example.org" || v.Phone != "138****0001" {
		t.Errorf("%+v", v)
	}
	for _, n := range notices {
		if n.Channel == store.ChannelSMS && n.State != store.NoticeDropped {
			t.Errorf("%+v", n)
		}
	}
	if b.run(b.sender(nil)); len(g.got()) != 0 {
		t.Errorf("%+v", g.got())
	}
	b.ok(choose(matter.ChooseContact{}))
	if v, _, err = b.office.MyContact(t.Context(), own); err != nil || v.Email != "" {
		t.Errorf("%+v, %v", v, err)
	}
	if err := choose(matter.ChooseContact{Mail: true}); errs.KindOf(err) != errs.Invalid {
		t.Errorf("without an address: %v", err)
	}
	seen, err := b.office.MatterNotices(t.Context(), org.System(), r.Ref)
	b.ok(err)
	if len(seen) != 2 {
		t.Errorf("%+v", seen)
	}
}

// After a no nothing goes out any more that had not gone out: not what failed, not at an administrator's word, and not once more what a runner has.
func TestNoIsNo(t *testing.T) {
	b, g := newBed(t), newTestGateway(t)
	settings := settingsFor(g.URL)
	settings.Quiet = usecase.Quiet{}
	b.save(settings)
	ways := map[string]matter.Command{"no messages": &matter.ChooseContact{}, "withdrawn": &matter.Withdraw{}}
	for name, c := range ways {
		t.Run(name, func(t *testing.T) {
			do := func(r usecase.Receipt) {
				t.Helper()
				_, err := b.office.Do(t.Context(), org.Actor{Kind: org.ActorPetitioner, Home: r.Ref.Home, Submission: r.Ref.N}, r.Ref, 0, c)
				b.ok(err)
			}
			failed := b.file(matter.KindAppeal, &matter.Wish{SMS: true})
			claimed, err := b.office.ClaimNotices(t.Context(), 5)
			b.ok(err)
			for len(claimed) > 0 && b.notices(failed)[0].State != store.NoticeFailed {
				b.ok(b.office.NoticeTried(t.Context(), claimed[0], usecase.NoticeResult{}))
				b.pass(6 * time.Hour)
				claimed, err = b.office.ClaimNotices(t.Context(), 5)
				b.ok(err)
			}
			n := b.notices(failed)[0]
			if n.State != store.NoticeFailed {
				t.Fatalf("meant to have failed: %+v", n)
			}
			do(failed)
			if got := b.notices(failed)[0].State; got != store.NoticeDropped {
				t.Errorf("what failed is %s", got)
			}
			// one that failed before a no dropped it
			b.ok(b.store.Update(t.Context(), n.Matter.Home, func(tx *store.Tx) error {
				now, err := tx.Notice(t.Context(), n.Matter.Home, n.ID)
				if err == nil {
					_, err = tx.MoveNotice(t.Context(), now, store.NoticeFailed, now.DueUS, "notice.refused")
				}
				return err
			}))
			if err := b.office.RetryNotice(t.Context(), b.admin, n.Matter.Home, n.ID); errs.CodeOf(err) != "notice.retry.unwanted" {
				t.Errorf("sent again: %v", err)
			}
			b.ok(b.office.DropNotice(t.Context(), b.admin, n.Matter.Home, n.ID))

			sending := b.file(matter.KindAppeal, &matter.Wish{SMS: true})
			claimed, err = b.office.ClaimNotices(t.Context(), 5)
			b.ok(err)
			if len(claimed) != 1 {
				t.Fatalf("%+v", claimed)
			}
			do(sending)
			b.ok(b.office.NoticeTried(t.Context(), claimed[0], usecase.NoticeResult{}))
			b.pass(6 * time.Hour)
			if got := b.notices(sending); len(got) != 1 || got[0].State != store.NoticeDropped || b.run(b.sender(nil)) != 0 {
				t.Errorf("%+v", got)
			}
		})
	}
}

// Who has withdrawn at the counter is told that it is so, and nothing that the office does with the matter afterwards.
func TestWithdrawnAndToldSo(t *testing.T) {
	b, g := newBed(t), newTestGateway(t)
	b.save(settingsFor(g.URL))
	ctx := t.Context()
	b.ok(b.store.Update(ctx, 0, func(tx *store.Tx) error {
		return tx.SaveDuty(ctx, org.Duty{ID: 2, User: 1, Role: org.RoleRegistrar, Unit: bureau, Scope: bureau})
	}))
	desk, err := b.office.Actor(ctx, 1, 2)
	b.ok(err)
	r := b.file(matter.KindAppeal, &matter.Wish{SMS: true})
	_, err = b.office.Do(ctx, desk, r.Ref, 0, &matter.Withdraw{Reason: "本人到窗口撤回"})
	b.ok(err)
	states := map[string]store.NoticeState{}
	for _, n := range b.notices(r) {
		states[n.Kind] = n.State
	}
	if len(states) != 2 || states["registered"] != store.NoticeDropped || states["withdrawn"] != store.NoticeWaiting {
		t.Errorf("%v", states)
	}
	if b.run(b.sender(nil)) != 1 || len(g.got()) != 1 || !strings.Contains(g.got()[0].Say, b.catalog.For(i18n.Zh).T("notice.withdrawn")) {
		t.Errorf("%+v", g.got())
	}
}
