package usecase

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
)

// NoticeView is a notice as somebody may see it. The number of its matter is zero for who may not see that.
type NoticeView struct {
	store.NoticeRow
	Said  map[string]string // what it says besides its kind
	To    string            // the address it goes to, masked; only for the petitioner and those who handle the matter
	Tries []store.TryRow    // only for administrators
}

// Key is under what a gateway knows it.
func (v NoticeView) Key() string { return noticeKey(v.NoticeRow) }

// Failed reports whether it could not be sent.
func (v NoticeView) Failed() bool { return v.State == store.NoticeFailed }

// Pending reports whether it is still to be sent.
func (v NoticeView) Pending() bool {
	return v.State == store.NoticeWaiting || v.State == store.NoticeSending
}

// NoticeCursor is a position in a list of notices; the zero value is the beginning.
type NoticeCursor = store.NoticeCursor

// MaxUnread is up to how many unread notices are counted.
const MaxUnread = store.MaxUnread

// NoticePage is a page of notices, newest first.
type NoticePage struct {
	Notices []NoticeView
	Next    *store.NoticeCursor // nil at the end
}

// noticePage is how many notices stand on a page.
const noticePage = 30

// Inbox returns a page of what the actor, and all people of the unit of their duty, were told in the program.
func (o *Office) Inbox(ctx context.Context, who org.Actor, after store.NoticeCursor) (NoticePage, error) {
	if err := mayInbox(who, "read"); err != nil {
		return NoticePage{}, err
	}
	var rows []store.NoticeRow
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		sealed := who.Scope().Sealed
		var err error
		if rows, err = t.Inbox(ctx, who.Duty.Unit, 0, sealed, after, noticePage+1); err != nil || who.User == 0 {
			return err
		}
		own, err := t.Inbox(ctx, who.Duty.Unit, who.User, sealed, after, noticePage+1)
		rows = append(rows, own...)
		return err
	})
	if err != nil {
		return NoticePage{}, err
	}
	slices.SortFunc(rows, func(a, b store.NoticeRow) int {
		return cmp.Or(cmp.Compare(b.MadeUS, a.MadeUS), cmp.Compare(b.Matter.Home, a.Matter.Home), cmp.Compare(b.ID, a.ID))
	})
	return noticePageOf(rows)
}

// mayInbox lets people on duty in, and machines with a grant, which have the part that is for a whole unit.
func mayInbox(who org.Actor, grant string) error {
	if who.Kind != org.ActorStaff && who.Kind != org.ActorMachine || who.Duty.Unit == 0 {
		return errs.E(errs.Forbidden, "auth.duty")
	}
	return granted(who, grant)
}

func noticePageOf(rows []store.NoticeRow) (NoticePage, error) {
	var p NoticePage
	if len(rows) > noticePage {
		rows = rows[:noticePage]
		last := rows[noticePage-1].At()
		p.Next = &last
	}
	for _, r := range rows {
		v, err := noticeView(r)
		if err != nil {
			return NoticePage{}, err
		}
		p.Notices = append(p.Notices, v)
	}
	return p, nil
}

func noticeView(r store.NoticeRow) (NoticeView, error) {
	v := NoticeView{NoticeRow: r}
	if err := json.Unmarshal([]byte(r.Args), &v.Said); err != nil {
		return v, errs.E(errs.Internal, "notice.args", "name", r.Kind).Because(err)
	}
	return v, nil
}

// Unread counts what the actor has not read, up to store.MaxUnread+1; none for who has no inbox.
func (o *Office) Unread(ctx context.Context, who org.Actor) (int, error) {
	if denied := mayInbox(who, "read"); denied != nil {
		return 0, nil //nolint:nilerr // who has no inbox has nothing unread
	}
	var n int64
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		var err error
		n, err = t.Unread(ctx, who.Duty.Unit, who.User, who.Scope().Sealed)
		return err
	})
	return int(n), err
}

// ReadNotice notes that the actor has read a notice, and returns it. What all people of a unit were told is read once one of them has read it.
func (o *Office) ReadNotice(ctx context.Context, who org.Actor, home, id int64) (NoticeView, error) {
	if err := mayInbox(who, "act"); err != nil {
		return NoticeView{}, err
	}
	var row store.NoticeRow
	sealed := who.Scope().Sealed
	err := o.Store.Update(ctx, home, func(t *store.Tx) error {
		var err error
		row, err = t.Notice(ctx, home, id)
		if err != nil {
			if errs.KindOf(err) == errs.NotFound {
				return errs.E(errs.NotFound, "notice.not_found")
			}
			return err
		}
		mine := row.Channel == store.ChannelApp && row.Unit == who.Duty.Unit && (row.User == 0 || row.User == who.User) && (sealed || !row.Sealed)
		if !mine {
			return errs.E(errs.NotFound, "notice.not_found")
		}
		_, err = t.ReadNotice(ctx, home, id, who.Duty.Unit, who.User, sealed, o.Now())
		return err
	})
	if err != nil {
		return NoticeView{}, err
	}
	return noticeView(row)
}

// ReadInbox notes that the actor has read everything told up to an instant, that of the newest one they were shown.
func (o *Office) ReadInbox(ctx context.Context, who org.Actor, untilUS int64) error {
	if err := mayInbox(who, "act"); err != nil {
		return err
	}
	return o.Store.Update(ctx, 0, func(t *store.Tx) error {
		return t.ReadInbox(ctx, who.Duty.Unit, who.User, who.Scope().Sealed, untilUS, o.Now())
	})
}

// maxNotices is how many notices of one matter or submission are shown.
const maxNotices = 100

// ContactView is by what means a petitioner is told, the addresses masked.
type ContactView struct {
	Wish   matter.Wish // as it holds, the office's way included
	Chosen bool        // the petitioner has said so
	Phone  string      // to which a text message would go; empty where there is none
	Email  string
	SMS    bool // the office can send text messages
	Mail   bool // and e-mail
}

// MyContact returns by what means the petitioner is told, and what they were sent, newest first.
func (o *Office) MyContact(ctx context.Context, who org.Actor) (ContactView, []NoticeView, error) {
	if who.Kind != org.ActorPetitioner {
		return ContactView{}, nil, errs.E(errs.Unauthenticated, "auth.code")
	}
	own := matter.Ref{Home: who.Home, N: who.Submission}
	var v ContactView
	var rows []store.NoticeRow
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		s, err := t.Submission(ctx, own)
		if err != nil {
			return err
		}
		h, err := o.see(ctx, t, who, s.Matter)
		if err != nil {
			return err
		}
		to, err := o.contactOf(ctx, t, own, h.sealed)
		if err != nil {
			return err
		}
		submission, _ := h.matter.Submission(own)
		v = ContactView{Wish: o.wish(submission, h.sealed), Chosen: submission.Wish != nil, Phone: org.MaskPhone(to.phone), Email: org.MaskEmail(to.email)}
		v.SMS, v.Mail = o.NoticeWays()
		rows, err = t.NoticesOfSubmission(ctx, own, maxNotices)
		return err
	})
	if err != nil {
		return ContactView{}, nil, err
	}
	notices := make([]NoticeView, 0, len(rows))
	for _, r := range rows {
		n, err := noticeView(r)
		if err != nil {
			return ContactView{}, nil, err
		}
		notices = append(notices, n)
	}
	return v, notices, nil
}

// MatterNotices returns what was told of a matter and to whom, newest first, to who may see the matter; addresses are masked. An address stands there as it
// is now, not as it was when something was sent.
func (o *Office) MatterNotices(ctx context.Context, who org.Actor, ref matter.Ref) ([]NoticeView, error) {
	if err := granted(who, "read"); err != nil {
		return nil, err
	}
	if who.Kind == org.ActorPetitioner {
		return nil, errs.E(errs.Forbidden, "auth.duty")
	}
	var out []NoticeView
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		out = nil
		sealed, err := t.Sealed(ctx, who.Scope(), ref)
		if errs.KindOf(err) == errs.NotFound {
			return errs.E(errs.NotFound, "matter.not_found")
		}
		if err != nil {
			return err
		}
		rows, err := t.NoticesOfMatter(ctx, ref, maxNotices)
		if err != nil {
			return err
		}
		to, err := o.contactsOf(ctx, t, ref.Home, rows, sealed)
		if err != nil {
			return err
		}
		for _, r := range rows {
			v, err := noticeView(r)
			if err != nil {
				return err
			}
			switch r.Channel {
			case store.ChannelSMS:
				v.To = org.MaskPhone(to[r.Submission].phone)
			case store.ChannelMail:
				v.To = org.MaskEmail(to[r.Submission].email)
			case store.ChannelApp:
			}
			out = append(out, v)
		}
		return nil
	})
	return out, err
}

// contactsOf are the addresses of the submissions that notices of one home were for.
func (o *Office) contactsOf(ctx context.Context, t *store.Tx, home int64, notices []store.NoticeRow, sealed bool) (map[int64]contact, error) {
	var ids []int64
	for _, n := range notices {
		if n.Submission != 0 && !slices.Contains(ids, n.Submission) {
			ids = append(ids, n.Submission)
		}
	}
	people, err := t.Parties(ctx, home, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[int64]contact, len(ids))
	for _, id := range ids {
		own := slices.DeleteFunc(slices.Clone(people), func(p store.PartyRow) bool { return p.Submission.N != id })
		if out[id], err = o.openContact(own, sealed); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// NoticeFailures returns a page of what could not be sent, with its attempts, and how much waits, failed and was sent in the last day, to administrators and
// auditors of the whole organisation. They see no matter by that: a notice is named by its own key, as the gateway knows it, and of an accusation not even what happened is told.
func (o *Office) NoticeFailures(ctx context.Context, who org.Actor, after store.NoticeCursor) (NoticePage, store.NoticeCounts, error) {
	if err := o.MayNotices(who, org.RoleAdmin, org.RoleAuditor); err != nil {
		return NoticePage{}, store.NoticeCounts{}, err
	}
	if err := granted(who, "read"); err != nil {
		return NoticePage{}, store.NoticeCounts{}, err
	}
	var page NoticePage
	var counts store.NoticeCounts
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		var err error
		if counts, err = t.CountNotices(ctx, o.Now()-dayUS); err != nil {
			return err
		}
		rows, err := t.FailedNotices(ctx, after, noticePage+1)
		if err != nil {
			return err
		}
		if page, err = noticePageOf(rows); err != nil {
			return err
		}
		for i := range page.Notices {
			v := &page.Notices[i]
			v.Matter.N, v.Submission = 0, 0
			if v.Sealed {
				v.Kind, v.Said = "", nil
			}
		}
		return addTries(ctx, t, page.Notices)
	})
	return page, counts, err
}

// addTries gives notices their attempts.
func addTries(ctx context.Context, t *store.Tx, notices []NoticeView) error {
	ids := map[int64][]int64{} // by home
	for _, v := range notices {
		ids[v.Matter.Home] = append(ids[v.Matter.Home], v.ID)
	}
	for home, of := range ids {
		tries, err := t.Tries(ctx, home, of)
		if err != nil {
			return err
		}
		for i := range notices {
			for _, try := range tries {
				if v := &notices[i]; try.Home == v.Matter.Home && try.Notice == v.ID {
					v.Tries = append(v.Tries, try)
				}
			}
		}
	}
	return nil
}

// changeNotice is the kind of change under which it is recorded that an administrator had a notice sent once more or gave it up; the subject is its number.
const changeNotice = "notice"

// noticeRecord is a notice in the record of changes: by what a gateway knows it and how it stands, and nothing of what it says, of which matter and to whom.
type noticeRecord struct {
	Home   int64             `json:"home"`
	Notice string            `json:"notice"`
	State  store.NoticeState `json:"notice_state"`
	Error  string            `json:"notice_error,omitempty"`
}

func recordOfNotice(n store.NoticeRow) noticeRecord {
	return noticeRecord{Home: n.Matter.Home, Notice: noticeKey(n), State: n.State, Error: n.Error}
}

// RetryNotice has a notice that failed sent once more, if who it is for still wants it; that stands on record.
func (o *Office) RetryNotice(ctx context.Context, who org.Actor, home, id int64) error {
	return o.settleNotice(ctx, who, home, id, store.NoticeWaiting, "")
}

// DropNotice gives a notice up that failed, on record.
func (o *Office) DropNotice(ctx context.Context, who org.Actor, home, id int64) error {
	return o.settleNotice(ctx, who, home, id, store.NoticeDropped, "notice.by_admin")
}

func (o *Office) settleNotice(ctx context.Context, who org.Actor, home, id int64, state store.NoticeState, why string) error {
	if err := o.MayNotices(who, org.RoleAdmin); err != nil {
		return err
	}
	return o.Store.Update(ctx, home, func(t *store.Tx) error {
		n, err := t.Notice(ctx, home, id)
		if errs.KindOf(err) == errs.NotFound {
			return errs.E(errs.NotFound, "notice.not_found")
		}
		if err != nil {
			return err
		}
		if n.State != store.NoticeFailed {
			return errs.E(errs.Conflict, "notice.not_failed")
		}
		if state == store.NoticeWaiting {
			if err := o.stillWanted(ctx, t, n); err != nil {
				return err
			}
		}
		moved, err := t.MoveNotice(ctx, n, state, o.Now(), why)
		if err == nil && !moved {
			return errs.E(errs.Conflict, "notice.not_failed")
		}
		if err != nil {
			return err
		}
		next := n
		next.State, next.Error = state, why
		return o.noteChange(ctx, t, who, changeNotice, id, recordOfNotice(n), recordOfNotice(next), who.Duty.Unit)
	})
}

// stillWanted refuses a notice on a way that its petitioner does not want by now, or of a submission they have withdrawn.
func (o *Office) stillWanted(ctx context.Context, t *store.Tx, n store.NoticeRow) error {
	own := matter.Ref{Home: n.Matter.Home, N: n.Submission}
	row, err := t.Submission(ctx, own)
	if err != nil {
		return err
	}
	h, err := o.load(ctx, t, row.Matter, n.Sealed)
	if err != nil {
		return err
	}
	s, ok := h.matter.Submission(own)
	wish := o.wish(s, n.Sealed)
	wanted := n.Channel == store.ChannelSMS && wish.SMS || n.Channel == store.ChannelMail && wish.Mail
	if !ok || !wanted || !stillTold(h.matter, own, n.Kind) {
		return errs.E(errs.Refused, "notice.retry.unwanted")
	}
	return nil
}
