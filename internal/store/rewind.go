package store

import (
	"context"

	"huiyin/internal/matter"
)

// Logged is an entry of a home's log, or a link that waits for its place there, with the instants that tell when it was written.
type Logged struct {
	Pos     int64 // in the log; zero while it waits
	Kind    string
	Subject int64
	Seq     int
	Link    []byte // of the event or look
	EventUS int64  // the instant of the event, zero for a look; an import writes events of the past
	TakenUS int64  // when the log took it up; zero while it waits
}

func scanLogged(r *Row) (Logged, error) {
	var l Logged
	err := r.Scan(&l.Pos, &l.Kind, &l.Subject, &l.Seq, &l.Link, &l.EventUS, &l.TakenUS)
	return l, err
}

// LoggedAfter returns entries of a home's log behind a place that were taken up at an instant or later, in order.
func (t *Tx) LoggedAfter(ctx context.Context, home, pos, sinceUS int64, limit int) ([]Logged, error) {
	const q = `select c.pos, c.kind, c.subject, c.seq, c.leaf, coalesce(e.at_us, 0), c.at_us
		from chain c left join event e on c.kind = 'event' and e.home = c.home and e.matter_id = c.subject and e.seq = c.seq
		where c.home = $1 and c.pos > $2 and c.at_us >= $3 order by c.pos limit $4`
	return Collect(ctx, t, Named("rewind.logged", q), scanLogged, home, pos, sinceUS, limit)
}

// LoggedNext returns the entry in which an event of a matter was written: the first of the matter at or behind its number, in the log or on the way there.
func (t *Tx) LoggedNext(ctx context.Context, ref matter.Ref, seq int) ([]Logged, error) {
	const q = `select c.pos, c.kind, c.subject, c.seq, c.leaf, e.at_us, c.at_us
		from chain c join event e on e.home = c.home and e.matter_id = c.subject and e.seq = c.seq
		where c.home = $1 and c.kind = 'event' and c.subject = $2 and c.seq >= $3
		union all
		select 0, l.kind, l.subject, l.seq, l.link, e.at_us, 0 from leaf l join event e on e.home = l.home and e.matter_id = l.subject and e.seq = l.seq
		where l.home = $1 and l.kind = 'event' and l.subject = $2 and l.seq >= $3
		order by 4 limit 1`
	return Collect(ctx, t, Named("rewind.next", q), scanLogged, ref.Home, ref.N, seq)
}

// Waiting returns the links of a home that wait for their place in its log, behind one of them.
func (t *Tx) Waiting(ctx context.Context, home int64, after Logged, limit int) ([]Logged, error) {
	const q = `select 0, l.kind, l.subject, l.seq, l.link, coalesce(e.at_us, 0), 0
		from leaf l left join event e on l.kind = 'event' and e.home = l.home and e.matter_id = l.subject and e.seq = l.seq
		where l.home = $1 and (l.kind, l.subject, l.seq) > ($2, $3, $4) order by l.kind, l.subject, l.seq limit $5`
	return Collect(ctx, t, Named("rewind.waiting", q), scanLogged, home, after.Kind, after.Subject, after.Seq, limit)
}

// KeptBefore returns the number of the last event of a matter that was written in an earlier entry than that of an event; zero where there is none.
func (t *Tx) KeptBefore(ctx context.Context, ref matter.Ref, seq int) (int64, error) {
	const q = `select coalesce(max(x.seq), 0) from (
			select c.seq from chain c where c.home = $1 and c.kind = 'event' and c.subject = $2 and c.seq < $3
			union all select l.seq from leaf l where l.home = $1 and l.kind = 'event' and l.subject = $2 and l.seq < $3) x`
	return One(ctx, t, Named("rewind.before", q), Int64, ref.Home, ref.N, seq)
}

// FirstLookInto returns the first look into a submission of a home; zero where nobody looked.
func (t *Tx) FirstLookInto(ctx context.Context, submission matter.Ref) (int64, error) {
	const q = `select coalesce(min(look_id), 0) from look where home = $1 and submission_id = $2`
	return One(ctx, t, Named("rewind.look", q), Int64, submission.Home, submission.N)
}

// CutEvents takes the events of a matter behind one out, with what was advised on them and what was told of the matter since an instant.
func (t *Tx) CutEvents(ctx context.Context, ref matter.Ref, keep int64, sinceUS int64) error {
	for _, s := range []struct {
		st   Stmt
		args []any
	}{
		{Named("rewind.events", `delete from event where home = $1 and matter_id = $2 and seq > $3`), []any{ref.Home, ref.N, keep}},
		{Named("rewind.advice", `delete from advice where home = $1 and matter_id = $2 and seq > $3`), []any{ref.Home, ref.N, keep}},
		{Named("rewind.stands", `update advice set stands = $3 where home = $1 and matter_id = $2
			and seq = (select max(a.seq) from advice a where a.home = $1 and a.matter_id = $2 and a.kind = advice.kind)`), []any{ref.Home, ref.N, true}},
		{Named("rewind.tries", `delete from notice_try where home = $1 and notice_id in (select n.notice_id from notice n where n.home = $1 and n.matter_id = $2 and n.made_us >= $3)`), []any{ref.Home, ref.N, sinceUS}},
		{Named("rewind.notices", `delete from notice where home = $1 and matter_id = $2 and made_us >= $3`), []any{ref.Home, ref.N, sinceUS}},
		{Named("rewind.deliveries", `delete from delivery where home = $1 and matter_id = $2 and made_us >= $3`), []any{ref.Home, ref.N, sinceUS}},
		{Named("rewind.proposals", `delete from line_proposal where home = $1 and matter_id = $2 and at_us >= $3`), []any{ref.Home, ref.N, sinceUS}},
	} {
		if _, err := t.Exec(ctx, s.st, s.args...); err != nil {
			return err
		}
	}
	return nil
}

// CutMatter takes a matter that has no event left out, with its submission and the people, and with all that was kept beside it.
func (t *Tx) CutMatter(ctx context.Context, ref matter.Ref) error {
	for _, st := range []Stmt{
		Named("rewind.alike", `delete from issue_near where home = $1 and (matter_id = $2 or other_id = $2)`),
		Named("rewind.issue", `delete from issue_matter where home = $1 and matter_id = $2`),
		Named("rewind.not_kin", `delete from not_kin where home = $1 and (matter_id = $2 or other_id = $2)`),
		Named("rewind.facts", `delete from stat_matter where home = $1 and matter_id = $2`),
		Named("rewind.unindexed", `delete from unindexed where home = $1 and matter_id = $2`),
		Named("rewind.units", `delete from matter_unit where home = $1 and matter_id = $2`),
		Named("rewind.clocks", `delete from clock where home = $1 and matter_id = $2`),
		Named("rewind.people", `delete from party where home = $1 and submission_id = $2`),
		Named("rewind.submission", `delete from submission where home = $1 and submission_id = $2`),
		Named("rewind.matter", `delete from matter where home = $1 and matter_id = $2`),
	} {
		if _, err := t.Exec(ctx, st, ref.Home, ref.N); err != nil {
			return err
		}
	}
	if err := t.IndexMatter(ref, ""); err != nil {
		return err
	}
	return t.SketchMatter(ctx, ref, nil)
}

// CutUpload takes an upload out, and the words inside.
func (t *Tx) CutUpload(ctx context.Context, a AttachmentRow) error {
	for _, st := range []Stmt{
		Named("rewind.text", `delete from attachment_text where home = $1 and attachment_id = $2`),
		Named("rewind.upload", `delete from attachment where home = $1 and attachment_id = $2`),
	} {
		if _, err := t.Exec(ctx, st, a.Home, a.ID); err != nil {
			return err
		}
	}
	return nil
}

// CutLooks takes the looks of a home from one on out.
func (t *Tx) CutLooks(ctx context.Context, home, from int64) error {
	const q = `delete from look where home = $1 and look_id >= $2`
	_, err := t.Exec(ctx, Named("rewind.looks", q), home, from)
	return err
}

// CutLog takes the log of a home from one place to another out.
func (t *Tx) CutLog(ctx context.Context, home, from, to int64) error {
	const q = `delete from chain where home = $1 and pos >= $2 and pos <= $3`
	_, err := t.Exec(ctx, Named("rewind.log", q), home, from, to)
	return err
}

// CutAnswers takes out what a home had been asked since an instant: the answers that are kept for who asks again, the work beside the desk, the records handed over at once.
func (t *Tx) CutAnswers(ctx context.Context, home, sinceUS int64) error {
	for _, st := range []Stmt{
		Named("rewind.answers", `delete from idempotency where home = $1 and at_us >= $2`),
		Named("rewind.results", `delete from import_result where home = $1 and batch_id in (select b.batch_id from import_batch b where b.home = $1 and b.made_us >= $2)`),
		Named("rewind.batches", `delete from import_batch where home = $1 and made_us >= $2`),
		Named("rewind.jobs", `delete from job where home = $1 and made_us >= $2`),
	} {
		if _, err := t.Exec(ctx, st, home, sinceUS); err != nil {
			return err
		}
	}
	return nil
}

// CutLeaf takes a link that waits for its place in the log out.
func (t *Tx) CutLeaf(ctx context.Context, l Leaf) error {
	const q = `delete from leaf where home = $1 and kind = $2 and subject = $3 and seq = $4`
	return t.put(ctx, Named("leaf.cut", q), l.Home, l.Kind, l.Subject, l.Seq)
}
