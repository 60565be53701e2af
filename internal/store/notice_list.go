package store

import (
	"context"

	"huiyin/internal/matter"
	"huiyin/internal/org"
)

// NoticeCursor is a position in a list of notices: behind it come the older ones. The zero value is the beginning.
type NoticeCursor struct {
	MadeUS int64
	Home   int64
	ID     int64
}

// At is where a notice stands in a list.
func (n NoticeRow) At() NoticeCursor {
	return NoticeCursor{MadeUS: n.MadeUS, Home: n.Matter.Home, ID: n.ID}
}

// Inbox returns a page of what one reader at a unit was told in the program, newest first: user 0 for what all its people are told. Without the
// right to the compartment nothing of it is there.
func (t *Tx) Inbox(ctx context.Context, unit org.UnitID, user org.UserID, sealed bool, after NoticeCursor, limit int) ([]NoticeRow, error) {
	q := inboxPage(unit, user, sealed, after, limit)
	return Collect(ctx, t, q.stmt("notice.inbox"), scanNotice, q.args...)
}

func inboxPage(unit org.UnitID, user org.UserID, sealed bool, after NoticeCursor, limit int) *query {
	q := newQuery(`select ` + noticeColumns + ` from notice where channel = 'app' and unit_id = `)
	q.arg(int64(unit)).text(` and user_id = `).arg(int64(user))
	if !sealed {
		q.text(` and sealed = `).arg(false)
	}
	return q.before(after, limit)
}

// before adds the position and the order of a list of notices.
func (q *query) before(after NoticeCursor, limit int) *query {
	if after != (NoticeCursor{}) {
		q.text(` and (made_us, home, notice_id) < (`).arg(after.MadeUS).text(`, `).arg(after.Home).text(`, `).arg(after.ID).text(`)`)
	}
	return q.text(` order by made_us desc, home desc, notice_id desc limit `).arg(limit)
}

// MaxUnread caps the number of unread notices: the page shows "99+" beyond it.
const MaxUnread = 99

// Unread counts what a reader at a unit has not read, what all its people are told included, up to MaxUnread+1.
func (t *Tx) Unread(ctx context.Context, unit org.UnitID, user org.UserID, sealed bool) (int64, error) {
	q := unreadCount(unit, user, sealed)
	return One(ctx, t, q.stmt("notice.unread"), Int64, q.args...)
}

func unreadCount(unit org.UnitID, user org.UserID, sealed bool) *query {
	q := newQuery(`select count(*) from (select 1 from notice where channel = 'app' and read_us = 0 and unit_id = `)
	q.arg(int64(unit)).text(` and user_id in (0, `).arg(int64(user)).text(`)`)
	if !sealed {
		q.text(` and sealed = `).arg(false)
	}
	return q.text(` limit `).arg(MaxUnread + 1).text(`) x`)
}

// ReadNotice notes that something told in the program was read, and reports whether it was unread and there for the reader.
func (t *Tx) ReadNotice(ctx context.Context, home, id int64, unit org.UnitID, user org.UserID, sealed bool, atUS int64) (bool, error) {
	const q = `update notice set read_us = $6 where home = $1 and notice_id = $2 and channel = 'app' and read_us = 0 and unit_id = $3 and user_id in (0, $4) and sealed in ($5, $7)`
	n, err := t.Exec(ctx, Named("notice.read", q), home, id, int64(unit), int64(user), sealed, atUS, false)
	return n > 0, err
}

// ReadInbox notes that everything a reader at a unit was told up to an instant was read.
func (t *Tx) ReadInbox(ctx context.Context, unit org.UnitID, user org.UserID, sealed bool, untilUS, atUS int64) error {
	const q = `update notice set read_us = $5 where channel = 'app' and read_us = 0 and unit_id = $1 and user_id in (0, $2) and sealed in ($3, $6) and made_us <= $4`
	_, err := t.Exec(ctx, Named("notice.read_all", q), int64(unit), int64(user), sealed, untilUS, atUS, false)
	return err
}

// NoticesOfMatter returns what anybody was told of a matter, newest first, at most limit.
func (t *Tx) NoticesOfMatter(ctx context.Context, ref matter.Ref, limit int) ([]NoticeRow, error) {
	q := noticesOfMatter(ref, limit)
	return Collect(ctx, t, q.stmt("notice.matter"), scanNotice, q.args...)
}

func noticesOfMatter(ref matter.Ref, limit int) *query {
	q := newQuery(`select ` + noticeColumns + ` from notice where home = `)
	return q.arg(ref.Home).text(` and matter_id = `).arg(ref.N).text(` order by notice_id desc limit `).arg(limit)
}

// NoticesOfSubmission returns what a petitioner was sent, newest first, at most limit.
func (t *Tx) NoticesOfSubmission(ctx context.Context, ref matter.Ref, limit int) ([]NoticeRow, error) {
	q := noticesOfSubmission(ref, limit)
	return Collect(ctx, t, q.stmt("notice.submission"), scanNotice, q.args...)
}

func noticesOfSubmission(ref matter.Ref, limit int) *query {
	q := newQuery(`select ` + noticeColumns + ` from notice where home = `)
	return q.arg(ref.Home).text(` and submission_id = `).arg(ref.N).text(` and submission_id <> 0 order by notice_id desc limit `).arg(limit)
}

// FailedNotices returns a page of what could not be sent, newest first.
func (t *Tx) FailedNotices(ctx context.Context, after NoticeCursor, limit int) ([]NoticeRow, error) {
	q := failedNotices(after, limit)
	return Collect(ctx, t, q.stmt("notice.failed"), scanNotice, q.args...)
}

func failedNotices(after NoticeCursor, limit int) *query {
	return newQuery(`select `+noticeColumns+` from notice where state = 'failed'`).before(after, limit)
}

// NoticeCounts says how much waits, how much failed for good, and how many attempts since an instant went well or not, each up to MaxCount+1.
type NoticeCounts struct{ Waiting, Failed, SentTries, FailedTries int64 }

// CountNotices counts for the administrator.
func (t *Tx) CountNotices(ctx context.Context, sinceUS int64) (NoticeCounts, error) {
	const waiting = `select count(*) from (select 1 from notice where state in ('waiting', 'sending') limit $1) x`
	const failed = `select count(*) from (select 1 from notice where state = 'failed' limit $1) x`
	const tries = `select count(*) from (select 1 from notice_try where at_us >= $1 and result = $2 limit $3) x`
	var c NoticeCounts
	var err error
	if c.Waiting, err = One(ctx, t, Named("notice.count_waiting", waiting), Int64, MaxCount+1); err != nil {
		return c, err
	}
	if c.Failed, err = One(ctx, t, Named("notice.count_failed", failed), Int64, MaxCount+1); err != nil {
		return c, err
	}
	if c.SentTries, err = One(ctx, t, Named("notice_try.count", tries), Int64, sinceUS, TrySent, MaxCount+1); err != nil {
		return c, err
	}
	c.FailedTries, err = One(ctx, t, Named("notice_try.count", tries), Int64, sinceUS, TryFailed, MaxCount+1)
	return c, err
}
