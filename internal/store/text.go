package store

import (
	"context"

	"huiyin/internal/matter"
)

// TextState is what is known of the words inside an upload.
type TextState string

// The states.
const (
	TextWaiting TextState = "waiting" // nobody has looked yet
	TextFound   TextState = "text"
	TextNone    TextState = "none"    // nothing is written inside, as in pages that were scanned
	TextFailed  TextState = "failed"  // the file cannot be read, or took too long
	TextPicture TextState = "picture" // a kind of file that holds no words
)

// TextRow is what is written inside an upload, encrypted.
type TextRow struct {
	Home       int64
	Attachment string
	Matter     int64
	State      TextState
	Size       int64  // of the body in bytes
	Body       []byte // nil where there is none, and where a reader says so
}

func scanText(r *Row) (TextRow, error) {
	var x TextRow
	err := r.Scan(&x.Home, &x.Attachment, &x.Matter, &x.State, &x.Size)
	return x, err
}

const textColumns = `home, attachment_id, matter_id, state, coalesce(length(body), 0)`

// AwaitText notes that somebody has to look for words inside an upload of an unsealed matter.
func (t *Tx) AwaitText(ctx context.Context, home int64, attachment string, of int64) error {
	const q = `insert into attachment_text (home, attachment_id, matter_id, state) values ($1, $2, $3, $4) on conflict (home, attachment_id) do nothing`
	_, err := t.Exec(ctx, Named("text.await", q), home, attachment, of, string(TextWaiting))
	return err
}

// TextsWaiting returns uploads that nobody has looked into yet, at most limit, without bodies.
func (t *Tx) TextsWaiting(ctx context.Context, limit int) ([]TextRow, error) {
	const q = `select ` + textColumns + ` from attachment_text where state = 'waiting' order by home, attachment_id limit $1`
	return Collect(ctx, t, Named("text.waiting", q), scanText, limit)
}

// SaveText keeps what was found inside an upload.
func (t *Tx) SaveText(ctx context.Context, x TextRow) error {
	const q = `update attachment_text set state = $3, body = $4 where home = $1 and attachment_id = $2`
	_, err := t.Exec(ctx, Named("text.save", q), x.Home, x.Attachment, string(x.State), x.Body)
	return err
}

// TextsOf returns what is known of the uploads of some matters of one home, in order of the matters, without bodies.
func (t *Tx) TextsOf(ctx context.Context, home int64, matters []int64) ([]TextRow, error) {
	const q = `select ` + textColumns + ` from attachment_text where home = $1 and matter_id in ($2...) order by matter_id, attachment_id`
	return CollectIn(ctx, t, Named("text.of", q), matters, scanText, home)
}

// FileText is what is written inside an upload, with the card on which its key stands.
type FileText struct {
	TextRow
	Upload AttachmentRow
}

// Texts returns what is written inside some uploads of one home.
func (t *Tx) Texts(ctx context.Context, home int64, attachments []string) ([]FileText, error) {
	const q = `select x.matter_id, x.state, x.body, a.attachment_id, a.identity_card from attachment_text x
		join attachment a on a.home = x.home and a.attachment_id = x.attachment_id
		where x.home = $1 and x.attachment_id in ($2...) and x.state = 'text' order by x.matter_id, x.attachment_id`
	return CollectIn(ctx, t, Named("text.bodies", q), attachments, func(r *Row) (FileText, error) {
		x := FileText{TextRow: TextRow{Home: home}, Upload: AttachmentRow{Home: home}}
		err := r.Scan(&x.Matter, &x.State, &x.Body, &x.Upload.ID, &x.Upload.IdentityCard)
		x.Attachment, x.Size = x.Upload.ID, int64(len(x.Body))
		return x, err
	}, home)
}

// Unindexed is a matter whose words have changed since it was last indexed, and how often.
type Unindexed struct {
	Ref matter.Ref
	N   int64
}

// MarkUnindexed notes that the words of a matter have changed.
func (t *Tx) MarkUnindexed(ctx context.Context, ref matter.Ref) error {
	const q = `insert into unindexed (home, matter_id, n) values ($1, $2, 1) on conflict (home, matter_id) do update set n = unindexed.n + 1`
	return t.put(ctx, Named("unindexed.mark", q), ref.Home, ref.N)
}

// Unindexed returns matters to be indexed anew, at most limit.
func (t *Tx) Unindexed(ctx context.Context, limit int) ([]Unindexed, error) {
	const q = `select home, matter_id, n from unindexed order by home, matter_id limit $1`
	return Collect(ctx, t, Named("unindexed.list", q), func(r *Row) (Unindexed, error) {
		var u Unindexed
		err := r.Scan(&u.Ref.Home, &u.Ref.N, &u.N)
		return u, err
	}, limit)
}

// Indexed notes that a matter was indexed as it was after so many changes. Later ones keep it waiting.
func (t *Tx) Indexed(ctx context.Context, u Unindexed) error {
	const q = `delete from unindexed where home = $1 and matter_id = $2 and n = $3`
	_, err := t.Exec(ctx, Named("unindexed.done", q), u.Ref.Home, u.Ref.N, u.N)
	return err
}

// IndexedNow notes that a matter was indexed in the very transaction that changed it.
func (t *Tx) IndexedNow(ctx context.Context, ref matter.Ref) error {
	const q = `delete from unindexed where home = $1 and matter_id = $2`
	_, err := t.Exec(ctx, Named("unindexed.now", q), ref.Home, ref.N)
	return err
}
