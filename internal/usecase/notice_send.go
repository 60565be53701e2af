package usecase

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"huiyin/internal/errs"
	"huiyin/internal/gazetteer"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
)

// Outgoing is a notice on its way: what is to be sent where. Phone or Email is filled, never both.
type Outgoing struct {
	Home, ID int64
	Try      int    // from 1
	Key      string // the same at every attempt, by which a gateway knows what it has had
	Phone    string
	Email    string
	Lang     string
	Kind     string
	Said     map[string]string // codes, days and numbers it says besides its kind
	Number   string            // of the submission; empty for an accusation, of which nothing is said
	Title    string            // of the site; empty for an accusation
	Link     string            // at which it can be read; empty for an accusation, and where the office has set no address
	Sealed   bool
}

// noticeLease is how long a runner may take to send what it took: longer than any gateway is waited for.
const noticeLease = 2 * minuteUS

// claimWithin is how long it may take to claim notices once it has begun: much less than the lease.
const claimWithin = 10 * time.Second

// retryAfter is how long to wait after an attempt that failed, and whether there is to be another: after a minute, five, thirty, two hours, six hours.
func retryAfter(attempts int) (us int64, again bool) {
	minutes := []int64{1, 5, 30, 120, 360}
	if attempts < 1 || attempts > len(minutes) {
		return 0, false
	}
	return minutes[attempts-1] * minuteUS, true
}

// ClaimNotices takes what is to be sent now, at most limit, and opens its addresses. Each is the caller's for a while: nobody else gets it, and NoticeTried
// says what became of it. What was taken and never came back may have been sent; it is tried again only where the gateway knows what it has had, and
// is otherwise left to an administrator. What it returns beside an error was claimed all the same and is to be sent.
func (o *Office) ClaimNotices(ctx context.Context, limit int) ([]Outgoing, error) {
	var due []store.NoticeRow
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		var err error
		due, err = t.DueNotices(ctx, o.Now(), limit)
		return err
	})
	if err != nil || len(due) == 0 {
		return nil, err
	}
	slices.SortStableFunc(due, func(a, b store.NoticeRow) int { return cmp.Compare(a.Matter.Home, b.Matter.Home) })
	// What is taken is the caller's from then on: neither a stop nor what is wrong with another may lose it.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), claimWithin)
	defer cancel()
	var out []Outgoing
	var failed []error
	for _, group := range byHome(due, func(n store.NoticeRow) int64 { return n.Matter.Home }) {
		taken, err := o.takeNotices(ctx, group)
		if err != nil {
			failed = append(failed, err)
			continue
		}
		for _, n := range taken {
			ready, ok, err := o.ready(ctx, n)
			if err != nil {
				failed = append(failed, err)
			}
			if ok {
				out = append(out, ready)
			}
		}
	}
	return out, errors.Join(failed...)
}

// ready makes a notice that was taken fit to be sent. One that cannot be sent ends here by itself: for good where it cannot be read or has no address, and
// only for a while where the store does not answer.
func (o *Office) ready(ctx context.Context, n store.NoticeRow) (Outgoing, bool, error) {
	out, err := o.outgoing(ctx, n)
	try := store.TryRow{Result: store.TryFailed}
	switch {
	case errs.CodeOf(err) == "notice.unreadable":
		return out, false, errors.Join(err, o.endTry(ctx, out, try, store.NoticeFailed, "notice.unreadable"))
	case err != nil:
		state := store.NoticeFailed
		if _, again := retryAfter(n.Attempts); again {
			state = store.NoticeWaiting
		}
		return out, false, errors.Join(err, o.endTry(ctx, out, try, state, "notice.unready"))
	case out.Phone == "" && out.Email == "":
		return out, false, o.endTry(ctx, out, try, store.NoticeDropped, "notice.no_address")
	}
	return out, true, nil
}

// takeNotices takes those of one home that can be sent now.
func (o *Office) takeNotices(ctx context.Context, due []store.NoticeRow) ([]store.NoticeRow, error) {
	var taken []store.NoticeRow
	err := o.Store.Update(ctx, due[0].Matter.Home, func(t *store.Tx) error {
		taken = nil
		now, s := o.Now(), o.notices.Load()
		for _, n := range due {
			mine, err := o.takeNotice(ctx, t, n, s, now)
			if err != nil {
				return err
			}
			if mine {
				n.Attempts++
				taken = append(taken, n)
			}
		}
		return nil
	})
	return taken, err
}

func (o *Office) takeNotice(ctx context.Context, t *store.Tx, n store.NoticeRow, s *NoticeSettings, now int64) (bool, error) {
	known, open := s.SMS.Knows(), s.SMS.URL != ""
	if n.Channel == store.ChannelMail {
		known, open = false, s.Mail.Host != ""
	}
	_, again := retryAfter(n.Attempts)
	switch {
	case n.State == store.NoticeSending && (!known || !again):
		_, err := t.MoveNotice(ctx, n, store.NoticeFailed, n.DueUS, "notice.unclear")
		return false, err
	case !open:
		_, err := t.MoveNotice(ctx, n, store.NoticeFailed, n.DueUS, "notice.no_gateway")
		return false, err
	case !n.Urgent && s.Quiet.After(now) > now:
		_, err := t.MoveNotice(ctx, n, n.State, s.Quiet.After(now), n.Error)
		return false, err
	}
	return t.TakeNotice(ctx, n, now, now+noticeLease)
}

// outgoing opens the address of a notice that was taken.
func (o *Office) outgoing(ctx context.Context, n store.NoticeRow) (Outgoing, error) {
	own := matter.Ref{Home: n.Matter.Home, N: n.Submission}
	out := Outgoing{Home: n.Matter.Home, ID: n.ID, Try: n.Attempts, Key: noticeKey(n), Kind: n.Kind, Sealed: n.Sealed, Lang: o.Settings().Lang}
	args := noticeArgs{}
	if err := json.Unmarshal([]byte(n.Args), &args); err != nil {
		return out, unreadable(out.Key, err)
	}
	if args["lang"] != "" {
		out.Lang = args["lang"]
	}
	if out.Said = args; !n.Sealed {
		out.Number, out.Title = own.String(), o.Settings().Name(out.Lang == "en")
		link, err := o.linkTo(n)
		if err != nil {
			return out, err
		}
		out.Link = link
	}
	var rows []store.PartyRow
	if err := o.Store.Read(ctx, func(t *store.Tx) error {
		var err error
		rows, err = t.Parties(ctx, own.Home, []int64{own.N})
		return err
	}); err != nil {
		return out, err
	}
	to, err := o.openContact(rows, n.Sealed)
	if err != nil {
		return out, unreadable(out.Key, err)
	}
	if n.Channel == store.ChannelSMS {
		out.Phone = to.phone
	} else {
		out.Email = to.email
	}
	return out, nil
}

// unreadable is the error of a notice that no further attempt can make readable.
func unreadable(key string, cause error) error {
	return errs.E(errs.Internal, "notice.unreadable").Because(fmt.Errorf("notice %s: %w", key, cause))
}

// noticeKey is the same at every attempt to send a notice.
func noticeKey(n store.NoticeRow) string { return fmt.Sprintf("hy-%d-%d", n.Matter.Home, n.ID) }

// NoticeResult is what became of an attempt. Answer is what the gateway said, shortened and without the address.
type NoticeResult struct {
	Sent    bool
	Unclear bool // nobody knows whether it arrived
	Answer  string
	TookUS  int64
}

// NoticeTried says what became of a notice that was claimed. One that failed is tried again later, a few times; one of which nobody knows whether it
// arrived only where the gateway knows what it has had.
func (o *Office) NoticeTried(ctx context.Context, n Outgoing, r NoticeResult) error {
	try := store.TryRow{TookUS: r.TookUS, Result: store.TrySent, Answer: r.Answer}
	if r.Sent {
		return o.endTry(ctx, n, try, store.NoticeSent, "")
	}
	try.Result = store.TryFailed
	if r.Unclear && (n.Phone == "" || !o.notices.Load().SMS.Knows()) {
		return o.endTry(ctx, n, try, store.NoticeFailed, "notice.unclear")
	}
	if _, again := retryAfter(n.Try); again {
		return o.endTry(ctx, n, try, store.NoticeWaiting, "notice.refused")
	}
	return o.endTry(ctx, n, try, store.NoticeFailed, "notice.refused")
}

func (o *Office) endTry(ctx context.Context, n Outgoing, try store.TryRow, state store.NoticeState, why string) error {
	try.Home, try.Notice, try.N = n.Home, n.ID, n.Try
	return o.Store.Update(ctx, n.Home, func(t *store.Tx) error {
		now, sent := o.Now(), int64(0)
		due := now
		switch state {
		case store.NoticeWaiting:
			wait, _ := retryAfter(n.Try)
			due += wait
		case store.NoticeSent:
			sent = now
		case store.NoticeSending, store.NoticeFailed, store.NoticeDropped:
		}
		return t.EndTry(ctx, try, state, due, sent, why)
	})
}

// contact is where notices of a submission can be sent, and in whose identity that stands.
type contact struct {
	phone, email string
	row          store.PartyRow // the first person
	person       matter.Petitioner
}

// contactOf finds the first mobile telephone and the first e-mail address among the people of a submission.
func (o *Office) contactOf(ctx context.Context, t *store.Tx, own matter.Ref, sealed bool) (contact, error) {
	rows, err := t.Parties(ctx, own.Home, []int64{own.N})
	if err != nil {
		return contact{}, err
	}
	return o.openContact(rows, sealed)
}

// openContact does so among people that were read.
func (o *Office) openContact(rows []store.PartyRow, sealed bool) (contact, error) {
	var out contact
	for i, r := range rows {
		p, err := o.openParty(r, sealed)
		if err != nil {
			return contact{}, err
		}
		if i == 0 {
			out.row, out.person = r, p
		}
		if out.phone == "" && mobile(p.Phone) {
			out.phone = p.Phone
		}
		if out.email == "" {
			out.email = p.Email
		}
	}
	return out, nil
}

// mobile reports whether a normalized telephone number can take text messages: a mainland mobile, or one abroad, of which nobody can tell.
func mobile(phone string) bool {
	return strings.HasPrefix(phone, "+") || len(phone) == 11 && strings.HasPrefix(phone, "1")
}

// chooseContact carries out what a petitioner chose: the address is kept with their identity, or taken away, and what waits on a way they no longer want is
// dropped.
func (o *Office) chooseContact(ctx context.Context, t *store.Tx, m *matter.Matter, who org.Actor, c *matter.ChooseContact) error {
	own := matter.Ref{Home: who.Home, N: who.Submission}
	c.Email = strings.TrimSpace(c.Email)
	to, err := o.contactOf(ctx, t, own, m.Sealed)
	if err != nil {
		return err
	}
	if err := errs.Fields(wrongContact(*c, to)); err != nil {
		return err
	}
	if !c.SMS {
		if err := o.dropNotices(ctx, t, own, store.ChannelSMS); err != nil {
			return err
		}
	}
	email := c.Email
	switch {
	case !c.Mail:
		email = ""
		if err := o.dropNotices(ctx, t, own, store.ChannelMail); err != nil {
			return err
		}
	case email == "":
		email = to.email
	}
	if to.row.N == 0 || to.person.Email == email {
		return nil
	}
	return o.changeEmail(ctx, t, to, m.Sealed, email)
}

// wrongContact says what is missing for the ways that were chosen.
func wrongContact(c matter.ChooseContact, to contact) []errs.Field {
	var out []errs.Field
	if c.SMS && to.phone == "" {
		out = append(out, errs.F("sms", "notice.no_phone"))
	}
	switch {
	case !c.Mail:
	case to.row.N == 0:
		out = append(out, errs.F("mail", "notice.nobody"))
	case c.Email == "" && to.email == "":
		out = append(out, errs.F("email", "field.required"))
	case c.Email != "" && checkEmail(c.Email) != nil:
		out = append(out, errs.F("email", "notice.email"))
	}
	return out
}

// changeEmail writes an identity anew with another address for e-mail.
func (o *Office) changeEmail(ctx context.Context, t *store.Tx, to contact, sealed bool, email string) error {
	to.person.Email = email
	plain, err := json.Marshal(to.person)
	if err != nil {
		return fmt.Errorf("encode identity: %w", err)
	}
	if to.row.Body, err = o.Vault.Seal(identityKey(sealed), plain, partyPlace(to.row.Submission, to.row.N)); err != nil {
		return err
	}
	to.row.IDHash = append([]byte{}, to.row.IDHash...) // an empty one comes back from the store as none
	return t.UpdateParty(ctx, to.row)
}

// TestNotice checks the address for a test message, a telephone or an e-mail address, and returns the id under which it is sent.
func (o *Office) TestNotice(phone, email string) (string, error) {
	switch {
	case phone != "":
		if err := errs.Fields(fieldOf("phone", phone, gazetteer.CheckPhone)); err != nil {
			return "", err
		}
	case checkEmail(email) != nil:
		return "", errs.Fields([]errs.Field{errs.F("email", "notice.email")})
	}
	id, err := chance(o.Random, keyIDSize)
	return "hy-test-" + id, err
}
