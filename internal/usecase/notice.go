package usecase

import (
	"context"
	"encoding/json"
	"regexp"

	"huiyin/internal/errs"
	"huiyin/internal/store"
)

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
// where it is not to be told yet; in the program it is told at once.
func (o *Office) tell(ctx context.Context, t *store.Tx, notices ...store.NoticeRow) error {
	now := o.Now()
	for _, n := range notices {
		n.MadeUS, n.State = now, store.NoticeWaiting
		n.DueUS = max(n.DueUS, now)
		if n.Channel == store.ChannelApp {
			n.State, n.SentUS = store.NoticeSent, now
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
