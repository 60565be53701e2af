package store

import (
	"context"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
)

// SubmissionRow is a submission as lists and look-ups need it. Its words stay in the events.
type SubmissionRow struct {
	Ref          matter.Ref
	Matter       matter.Ref // that it hangs on now
	Code         string     // query code, unique within the home that is part of it
	PIN          []byte     // keyed hash
	Channel      matter.Channel
	Unit         org.UnitID
	Received     law.Day
	RegisteredUS int64
	Persons      int
	Group        bool
	Sealed       bool
	Sender       string
	SenderNumber string
}

const submissionColumns = `home, submission_id, matter_id, code, pin, channel, unit_id, received_day, registered_us, persons, is_group, sealed, sender, sender_number`

func scanSubmission(r *Row) (SubmissionRow, error) {
	var s SubmissionRow
	var received string
	err := r.Scan(&s.Ref.Home, &s.Ref.N, &s.Matter.N, &s.Code, &s.PIN, &s.Channel, &s.Unit, &received, &s.RegisteredUS, &s.Persons, &s.Group, &s.Sealed,
		&s.Sender, &s.SenderNumber)
	s.Matter.Home = s.Ref.Home
	if err == nil {
		err = days(text{&s.Received, received})
	}
	return s, err
}

// InsertSubmission adds a submission. A code or a sender's number that is taken is errs.Conflict.
func (t *Tx) InsertSubmission(ctx context.Context, s SubmissionRow) error {
	const q = `insert into submission (home, submission_id, matter_id, code, pin, channel, unit_id, received_day, registered_us, persons, is_group, sealed, sender, sender_number)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`
	return t.put(ctx, Named("submission.insert", q), s.Ref.Home, s.Ref.N, s.Matter.N, s.Code, s.PIN, string(s.Channel), int64(s.Unit), s.Received.String(),
		s.RegisteredUS, s.Persons, s.Group, s.Sealed, s.Sender, s.SenderNumber)
}

// Registered returns how many submissions a home has numbered.
func (t *Tx) Registered(ctx context.Context, home int64) (int64, error) {
	const q = `select coalesce(sum(n), 0) from serial where home = $1 and kind >= 'submission/' and kind < 'submission0'`
	return One(ctx, t, Named("serial.submissions", q), Int64, home)
}

// SubmissionByCode finds a submission by its query code.
func (t *Tx) SubmissionByCode(ctx context.Context, home int64, code string) (SubmissionRow, error) {
	const q = `select ` + submissionColumns + ` from submission where home = $1 and code = $2`
	return One(ctx, t, Named("submission.code", q), scanSubmission, home, code)
}

// Submission finds a submission by its number.
func (t *Tx) Submission(ctx context.Context, ref matter.Ref) (SubmissionRow, error) {
	const q = `select ` + submissionColumns + ` from submission where home = $1 and submission_id = $2`
	return One(ctx, t, Named("submission.get", q), scanSubmission, ref.Home, ref.N)
}

// SubmissionBySender finds what another system has sent before under its own number; false when it has not.
func (t *Tx) SubmissionBySender(ctx context.Context, home int64, sender, number string) (SubmissionRow, bool, error) {
	const q = `select ` + submissionColumns + ` from submission where home = $1 and sender = $2 and sender_number = $3 and sender_number <> ''`
	s, err := One(ctx, t, Named("submission.sender", q), scanSubmission, home, sender, number)
	if errs.KindOf(err) == errs.NotFound {
		return SubmissionRow{}, false, nil
	}
	return s, err == nil, err
}

// MoveSubmission hangs a submission on another matter of its home.
func (t *Tx) MoveSubmission(ctx context.Context, ref, to matter.Ref) error {
	const q = `update submission set matter_id = $3 where home = $1 and submission_id = $2`
	_, err := t.Exec(ctx, Named("submission.move", q), ref.Home, ref.N, to.N)
	return err
}

// SetPIN replaces the keyed hash of a submission's PIN.
func (t *Tx) SetPIN(ctx context.Context, ref matter.Ref, pin []byte) error {
	const q = `update submission set pin = $3 where home = $1 and submission_id = $2`
	_, err := t.Exec(ctx, Named("submission.pin", q), ref.Home, ref.N, pin)
	return err
}

// PartyRow is one person of a submission: the body is the encrypted identity.
type PartyRow struct {
	Submission matter.Ref
	N          int
	Role       matter.PartyRole
	IDHash     []byte // keyed hash of the identity number, empty without one
	Body       []byte
}

// InsertParty adds a person.
func (t *Tx) InsertParty(ctx context.Context, p PartyRow) error {
	const q = `insert into party (home, submission_id, n, role, id_hash, body) values ($1, $2, $3, $4, $5, $6)`
	return t.put(ctx, Named("party.insert", q), p.Submission.Home, p.Submission.N, p.N, string(p.Role), p.IDHash, p.Body)
}

func scanParty(r *Row) (PartyRow, error) {
	var p PartyRow
	err := r.Scan(&p.Submission.Home, &p.Submission.N, &p.N, &p.Role, &p.IDHash, &p.Body)
	return p, err
}

// Parties returns the people of submissions of one home.
func (t *Tx) Parties(ctx context.Context, home int64, submissions []int64) ([]PartyRow, error) {
	const q = `select home, submission_id, n, role, id_hash, body from party where home = $1 and submission_id in ($2...) order by submission_id, n`
	return CollectIn(ctx, t, Named("party.list", q), submissions, scanParty, home)
}

// PartiesAfter returns the people behind a position, for the rotation of keys.
func (t *Tx) PartiesAfter(ctx context.Context, after PartyRow, limit int) ([]PartyRow, error) {
	const q = `select home, submission_id, n, role, id_hash, body from party where (home, submission_id, n) > ($1, $2, $3) order by home, submission_id, n limit $4`
	return Collect(ctx, t, Named("party.after", q), scanParty, after.Submission.Home, after.Submission.N, after.N, limit)
}

// UpdateParty writes an identity anew under a newer key.
func (t *Tx) UpdateParty(ctx context.Context, p PartyRow) error {
	const q = `update party set id_hash = $4, body = $5 where home = $1 and submission_id = $2 and n = $3`
	_, err := t.Exec(ctx, Named("party.update", q), p.Submission.Home, p.Submission.N, p.N, p.IDHash, p.Body)
	return err
}

// MattersOfPerson returns the unsealed matters on which somebody with an identity number (by its keyed hash) has a submission, newest first:
// the registrar's hint at a repeat. It names matters, never a person's list, and the use case keeps it within the actor's scope.
func (t *Tx) MattersOfPerson(ctx context.Context, scope org.Scope, home int64, idHash []byte, limit int) ([]matter.Row, error) {
	q := newQuery(`select ` + matterColumns + ` from matter m where m.home = `)
	q.arg(home).text(` and m.sealed = `).arg(false).text(` and m.merged_into = 0 and m.matter_id in (
		select s.matter_id from party p join submission s on s.home = p.home and s.submission_id = p.submission_id where p.home = `).arg(home).text(` and p.id_hash = `).arg(idHash)
	q.text(`)`).scope(scope).text(` order by m.matter_id desc limit `).arg(limit)
	return Collect(ctx, t, q.stmt("matter.person"), scanMatter, q.args...)
}

// LookRow is one opening of an identity.
type LookRow struct {
	Home       int64
	ID         int64
	Submission matter.Ref
	AtUS       int64
	User       org.UserID
	Unit       org.UnitID
	Reason     string // of the fixed reasons
	Words      string
	Link       []byte
}

func scanLook(r *Row) (LookRow, error) {
	var l LookRow
	err := r.Scan(&l.Home, &l.ID, &l.Submission.N, &l.AtUS, &l.User, &l.Unit, &l.Reason, &l.Words, &l.Link)
	l.Submission.Home = l.Home
	return l, err
}

const lookColumns = `home, look_id, submission_id, at_us, user_id, unit_id, reason, words, link`

// InsertLook records that somebody opened an identity.
func (t *Tx) InsertLook(ctx context.Context, l LookRow) error {
	const q = `insert into look (home, look_id, submission_id, at_us, user_id, unit_id, reason, words, link) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`
	_, err := t.Exec(ctx, Named("look.insert", q), l.Home, l.ID, l.Submission.N, l.AtUS, int64(l.User), int64(l.Unit), l.Reason, l.Words, l.Link)
	return err
}

// Looks returns who opened the identities of a submission, newest first.
func (t *Tx) Looks(ctx context.Context, ref matter.Ref, limit int) ([]LookRow, error) {
	const q = `select ` + lookColumns + ` from look where home = $1 and submission_id = $2 order by look_id desc limit $3`
	return Collect(ctx, t, Named("look.submission", q), scanLook, ref.Home, ref.N, limit)
}

// LooksBefore returns a page of all looks of the units under a scope, newest first, for the auditor. Those into the sealed compartment are not among
// them: the number of an accusation, who works on it and why are of the compartment, too.
func (t *Tx) LooksBefore(ctx context.Context, root org.UnitID, beforeUS int64, limit int) ([]LookRow, error) {
	const q = `select ` + lookColumns + ` from look l where at_us < $1
		and exists (select 1 from unit_path p where p.unit_id = l.unit_id and p.ancestor_id = $2)
		and not exists (select 1 from submission s where s.home = l.home and s.submission_id = l.submission_id and s.sealed = $3)
		order by at_us desc, home desc, look_id desc limit $4`
	return Collect(ctx, t, Named("look.before", q), scanLook, beforeUS, int64(root), true, limit)
}

// LastLook returns the newest look of a home, whose link the next one continues; false when there is none.
func (t *Tx) LastLook(ctx context.Context, home int64) (LookRow, bool, error) {
	const q = `select ` + lookColumns + ` from look where home = $1 order by look_id desc limit 1`
	l, err := One(ctx, t, Named("look.last", q), scanLook, home)
	if errs.KindOf(err) == errs.NotFound {
		return LookRow{}, false, nil
	}
	return l, err == nil, err
}

// LooksAfter returns the looks of a home behind an id, in order, for verification.
func (t *Tx) LooksAfter(ctx context.Context, home, after int64, limit int) ([]LookRow, error) {
	const q = `select ` + lookColumns + ` from look where home = $1 and look_id > $2 order by look_id limit $3`
	return Collect(ctx, t, Named("look.after", q), scanLook, home, after, limit)
}
