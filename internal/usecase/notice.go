package usecase

import (
	"context"
	"encoding/json"
	"regexp"
	"strconv"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/store"
)

// eventCause stands before the number of the event of which a petitioner is told.
const eventCause = "event/"

// noticeArgs are what a notice says besides its kind: codes, days and numbers by name. None may hold words, so that none can hold a name.
type noticeArgs map[string]string

// noticeCode is what an argument of a notice looks like: the name of a rule, a day, a number, an id.
var noticeCode = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z_.:/+-]{0,39}$`)

// text is how arguments lie in the store. It refuses those that could be words.
func (a noticeArgs) text() (string, error) {
	for name, value := range a {
		if !noticeCode.MatchString(value) {
			return "", errs.E(errs.Internal, "notice.args", "name", name)
		}
	}
	text, err := json.Marshal(map[string]string(a))
	return string(text), err
}

// tell writes notices down, each once for its cause, recipient and channel: telling again changes nothing. It is part of the transaction in which
// happens what they tell of. Whom and what they are for (Matter, Submission or Unit and User, Channel, Kind, Args, Cause) the caller says, and DueUS
// where it is not to be told yet; in the program it is told at once, and what is not urgent is not sent at night.
func (o *Office) tell(ctx context.Context, t *store.Tx, notices ...store.NoticeRow) error {
	now := o.Now()
	for _, n := range notices {
		n.MadeUS, n.State = now, store.NoticeWaiting
		n.DueUS = max(n.DueUS, now)
		switch {
		case n.Channel == store.ChannelApp:
			n.State, n.SentUS = store.NoticeSent, now
		case !n.Urgent:
			n.DueUS = o.notices.Load().Quiet.After(n.DueUS)
		}
		if n.Args == "" {
			n.Args = "{}"
		}
		if _, err := t.InsertNotice(ctx, n); err != nil {
			return err
		}
	}
	return nil
}

// tellPetitioners tells those whose matter it is of new events, by the means they chose. On the page they find everything without.
func (o *Office) tellPetitioners(ctx context.Context, t *store.Tx, m *matter.Matter, events []matter.Event) error {
	for _, e := range events {
		if b, ok := e.Body.(matter.Withdrawn); ok {
			if err := o.dropNotices(ctx, t, b.Submission, store.ChannelSMS, store.ChannelMail); err != nil {
				return err
			}
		}
	}
	for _, s := range m.Submissions {
		wish := o.wish(s, m.Sealed)
		if !wish.SMS && !wish.Mail {
			continue
		}
		args := "{}"
		if wish.Lang != "" {
			var err error
			if args, err = (noticeArgs{"lang": wish.Lang}).text(); err != nil {
				return err
			}
		}
		for _, e := range events {
			kind := matter.KindOf(e.Body)
			if !matter.Notifies(e, s.Ref) || !stillTold(m, s.Ref, kind) {
				continue
			}
			n := store.NoticeRow{
				Matter: m.Ref, Submission: s.Ref.N, Kind: kind, Args: args, Cause: eventCause + strconv.Itoa(e.Seq), Urgent: matter.Pressing(e.Body),
				Sealed: m.Sealed,
			}
			if err := o.tellBy(ctx, t, n, wish); err != nil {
				return err
			}
		}
	}
	return nil
}

// stillTold reports whether the petitioner of a submission is told of a kind of event: who has withdrawn only that it is so.
func stillTold(m *matter.Matter, own matter.Ref, kind string) bool {
	return !m.IsWithdrawn(own) || kind == matter.KindOf(matter.Withdrawn{})
}

// dropNotices gives up what a petitioner has not been sent yet on channels.
func (o *Office) dropNotices(ctx context.Context, t *store.Tx, own matter.Ref, channels ...store.Channel) error {
	for _, c := range channels {
		if err := t.DropNotices(ctx, own, c, "notice.unwanted"); err != nil {
			return err
		}
	}
	return nil
}

// tellBy tells something by each means that is wished for and there is.
func (o *Office) tellBy(ctx context.Context, t *store.Tx, n store.NoticeRow, wish matter.Wish) error {
	sms, mail := o.NoticeWays()
	if wish.SMS && sms {
		n.Channel = store.ChannelSMS
		if err := o.tell(ctx, t, n); err != nil {
			return err
		}
	}
	if wish.Mail && mail {
		n.Channel = store.ChannelMail
		return o.tell(ctx, t, n)
	}
	return nil
}

// wish is by what means the petitioner of a submission is told. Who said nothing gets text messages where the office sends them to all, but nobody who
// accuses does without having asked for it, nor whoever another system took in.
func (o *Office) wish(s matter.Submission, sealed bool) matter.Wish {
	if s.Wish != nil {
		return *s.Wish
	}
	office := o.notices.Load()
	return matter.Wish{SMS: office.ToAll && office.SMS.URL != "" && !sealed && s.Sender == ""}
}
