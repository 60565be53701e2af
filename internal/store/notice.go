package store

import (
	"context"

	"huiyin/internal/matter"
	"huiyin/internal/org"
)

// Channel is how somebody is told.
type Channel string

// The channels.
const (
	ChannelApp  Channel = "app"  // in the program: it is told once it is written
	ChannelSMS  Channel = "sms"  // text message
	ChannelMail Channel = "mail" // e-mail
)

// NoticeState is where a notice stands.
type NoticeState string

// The states of a notice.
const (
	NoticeWaiting NoticeState = "waiting" // to be sent once it is due
	NoticeSending NoticeState = "sending" // a runner has it, until it is due again
	NoticeSent    NoticeState = "sent"
	NoticeFailed  NoticeState = "failed"  // not sent, and not tried again unless somebody asks for it
	NoticeDropped NoticeState = "dropped" // not to be sent any more
)

// NoticeRow is something that somebody is told. It names a matter and what happened to it, never a person who petitions.
type NoticeRow struct {
	ID         int64 // within the home of the matter
	Matter     matter.Ref
	Submission int64      // of the petitioner who is told, a number of the same home; zero for staff
	Unit       org.UnitID // whose people are told; zero for a petitioner
	User       org.UserID // of that unit; zero for all of its people
	Channel    Channel
	Kind       string // key of its text: notice.<kind>
	Args       string // JSON object of codes, days and numbers
	Cause      string // what it is told for; with the recipient and the channel it is unique within the matter
	Urgent     bool   // sent at night, too
	Sealed     bool   // of the sealed compartment
	MadeUS     int64
	DueUS      int64 // not before
	State      NoticeState
	Attempts   int
	SentUS     int64
	ReadUS     int64 // by whom it is for, or for a whole unit by one of its people
	Error      string
}

const noticeColumns = `home, notice_id, matter_id, submission_id, unit_id, user_id, channel, kind, args, cause, urgent, sealed, made_us, due_us, state,
	attempts, sent_us, read_us, error`

func scanNotice(r *Row) (NoticeRow, error) {
	var n NoticeRow
	err := r.Scan(&n.Matter.Home, &n.ID, &n.Matter.N, &n.Submission, &n.Unit, &n.User, &n.Channel, &n.Kind, &n.Args, &n.Cause, &n.Urgent, &n.Sealed, &n.MadeUS,
		&n.DueUS, &n.State, &n.Attempts, &n.SentUS, &n.ReadUS, &n.Error)
	return n, err
}

// InsertNotice adds a notice and gives it the next number of its home; one that is there for the same cause, recipient and channel stays as it is, and
// false is returned.
func (t *Tx) InsertNotice(ctx context.Context, n NoticeRow) (bool, error) {
	const q = `insert into notice (` + noticeColumns + `)
		select $1, coalesce(max(notice_id), 0) + 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18 from notice where home = $1
		on conflict (home, matter_id, cause, submission_id, unit_id, user_id, channel) do nothing`
	added, err := t.Exec(ctx, Named("notice.insert", q), n.Matter.Home, n.Matter.N, n.Submission, int64(n.Unit), int64(n.User), string(n.Channel), n.Kind, n.Args, n.Cause,
		n.Urgent, n.Sealed, n.MadeUS, n.DueUS, string(n.State), n.Attempts, n.SentUS, n.ReadUS, n.Error)
	return added > 0, err
}

// Notice finds a notice by its number.
func (t *Tx) Notice(ctx context.Context, home, id int64) (NoticeRow, error) {
	const q = `select ` + noticeColumns + ` from notice where home = $1 and notice_id = $2`
	return One(ctx, t, Named("notice.get", q), scanNotice, home, id)
}
