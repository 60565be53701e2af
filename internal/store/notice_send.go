package store

import (
	"context"

	"huiyin/internal/matter"
)

// TryRow is one attempt to send a notice.
type TryRow struct {
	Home   int64
	Notice int64
	N      int // from 1
	AtUS   int64
	TookUS int64
	Result string // started, sent, failed
	Answer string // of the gateway, shortened and without the address
}

// The results of an attempt. One that stays started was broken off.
const (
	TryStarted = "started"
	TrySent    = "sent"
	TryFailed  = "failed"
)

// DueNotices returns what is to be sent by now, and what a runner took and did not bring back in time, at most limit.
func (t *Tx) DueNotices(ctx context.Context, nowUS int64, limit int) ([]NoticeRow, error) {
	q := dueNotices(nowUS, limit)
	return Collect(ctx, t, q.stmt("notice.due"), scanNotice, q.args...)
}

func dueNotices(nowUS int64, limit int) *query {
	q := newQuery(`select ` + noticeColumns + ` from notice where state in ('waiting', 'sending') and due_us <= `)
	return q.arg(nowUS).text(` order by due_us, home, notice_id limit `).arg(limit)
}

// TakeNotice takes a notice to be sent, as it was read, until an instant, and begins the attempt. It reports false when somebody else has changed it since.
func (t *Tx) TakeNotice(ctx context.Context, n NoticeRow, atUS, untilUS int64) (bool, error) {
	const q = `update notice set state = 'sending', attempts = attempts + 1, due_us = $3 where home = $1 and notice_id = $2 and state = $4 and due_us = $5 and attempts = $6`
	taken, err := t.Exec(ctx, Named("notice.take", q), n.Matter.Home, n.ID, untilUS, string(n.State), n.DueUS, n.Attempts)
	if err != nil || taken == 0 {
		return false, err
	}
	const try = `insert into notice_try (home, notice_id, n, at_us, took_us, result, answer) values ($1, $2, $3, $4, 0, $5, '')`
	_, err = t.Exec(ctx, Named("notice_try.insert", try), n.Matter.Home, n.ID, n.Attempts+1, atUS, TryStarted)
	return true, err
}

// MoveNotice gives a notice another state and instant if it is as it was read, and reports whether it was. What it says of why stays in Error.
func (t *Tx) MoveNotice(ctx context.Context, n NoticeRow, state NoticeState, dueUS int64, why string) (bool, error) {
	const q = `update notice set state = $3, due_us = $4, error = $5 where home = $1 and notice_id = $2 and state = $6 and due_us = $7 and attempts = $8`
	moved, err := t.Exec(ctx, Named("notice.move", q), n.Matter.Home, n.ID, string(state), dueUS, why, string(n.State), n.DueUS, n.Attempts)
	return moved > 0, err
}

// EndTry writes down how an attempt ended, and where that leaves the notice, unless another attempt or a person has gone past it.
func (t *Tx) EndTry(ctx context.Context, try TryRow, state NoticeState, dueUS, sentUS int64, why string) error {
	const end = `update notice_try set took_us = $4, result = $5, answer = $6 where home = $1 and notice_id = $2 and n = $3`
	if _, err := t.Exec(ctx, Named("notice_try.end", end), try.Home, try.Notice, try.N, try.TookUS, try.Result, try.Answer); err != nil {
		return err
	}
	const q = `update notice set state = $4, due_us = $5, sent_us = $6, error = $7 where home = $1 and notice_id = $2 and attempts = $3 and state = 'sending'`
	_, err := t.Exec(ctx, Named("notice.end", q), try.Home, try.Notice, try.N, string(state), dueUS, sentUS, why)
	return err
}

// DropNotices gives up what has not reached a petitioner on a channel yet: what waits, what failed, and what a runner has, which may still send it but does
// not try again.
func (t *Tx) DropNotices(ctx context.Context, submission matter.Ref, channel Channel, why string) error {
	const q = `update notice set state = 'dropped', error = $4 where home = $1 and submission_id = $2 and submission_id <> 0 and channel = $3
		and state in ('waiting', 'sending', 'failed')`
	_, err := t.Exec(ctx, Named("notice.drop", q), submission.Home, submission.N, string(channel), why)
	return err
}

// Tries returns the attempts to send some notices of one home, those of each with the oldest first.
func (t *Tx) Tries(ctx context.Context, home int64, notices []int64) ([]TryRow, error) {
	const q = `select home, notice_id, n, at_us, took_us, result, answer from notice_try where home = $1 and notice_id in ($2...) and n <= 100 order by notice_id, n`
	return CollectIn(ctx, t, Named("notice_try.list", q), notices, scanTry, home)
}

func scanTry(r *Row) (TryRow, error) {
	var v TryRow
	err := r.Scan(&v.Home, &v.Notice, &v.N, &v.AtUS, &v.TookUS, &v.Result, &v.Answer)
	return v, err
}
