package store

import (
	"context"

	"huiyin/internal/matter"
	"huiyin/internal/org"
)

// AttachmentRow is one uploaded file. Its content lies outside the database under a key of its own; the key lies with name, kind and size on a
// card, encrypted. Until something claims an upload nobody knows whether it will belong to an accusation, so it has a card under each key;
// claiming drops the one that is not needed. A row from before there were cards has none, and tells what it is in plain columns.
type AttachmentRow struct {
	Home         int64
	ID           string
	Submission   int64 // zero until it belongs to a submission
	Matter       int64 // zero until it belongs to a matter
	Name         string
	Mime         string
	Size         int64
	SHA256       []byte // of the file as it lies on disk, where it is its name; without a card, of the content
	AddedUS      int64
	AddedBy      org.UserID
	IdentityCard []byte // for a file that is open to the offices of its matter; nil in the sealed compartment
	SealedCard   []byte // for a file of an accusation; nil outside the sealed compartment
}

func scanAttachment(r *Row) (AttachmentRow, error) {
	var a AttachmentRow
	err := r.Scan(&a.Home, &a.ID, &a.Submission, &a.Matter, &a.Name, &a.Mime, &a.Size, &a.SHA256, &a.AddedUS, &a.AddedBy, &a.IdentityCard, &a.SealedCard)
	return a, err
}

const attachmentColumns = `home, attachment_id, submission_id, matter_id, name, mime, size, sha256, added_us, added_by, identity_card, sealed_card`

// InsertAttachment adds an upload that nothing has claimed.
func (t *Tx) InsertAttachment(ctx context.Context, a AttachmentRow) error {
	const q = `insert into attachment (home, attachment_id, submission_id, matter_id, name, mime, size, sha256, added_us, added_by, identity_card, sealed_card)
		values ($1, $2, 0, 0, $3, $4, $5, $6, $7, $8, $9, $10)`
	_, err := t.Exec(ctx, Named("attachment.insert", q), a.Home, a.ID, a.Name, a.Mime, a.Size, a.SHA256, a.AddedUS, int64(a.AddedBy), a.IdentityCard, a.SealedCard)
	return err
}

// ClaimAttachments gives uploads that belong to nothing yet to a submission and its matter, and drops the card under the key of the other
// compartment in the same statement: whoever claims for an accusation cannot forget it. It reports how many it could. The matter is there
// already; what it is decides. Outside the sealed compartment somebody is to look for words inside.
func (t *Tx) ClaimAttachments(ctx context.Context, submission, to matter.Ref, ids []string) (int64, error) {
	sealed, err := t.Sealed(ctx, org.System().Scope(), to)
	if err != nil {
		return 0, err
	}
	const openly = `update attachment set submission_id = $2, matter_id = $3, sealed_card = null where home = $1 and matter_id = 0 and attachment_id = $4`
	claim := Named("attachment.claim", openly)
	if sealed {
		const secretly = `update attachment set submission_id = $2, matter_id = $3, identity_card = null where home = $1 and matter_id = 0 and attachment_id = $4`
		claim = Named("attachment.claim_sealed", secretly)
	}
	var n int64
	for _, id := range ids {
		k, err := t.Exec(ctx, claim, to.Home, submission.N, to.N, id)
		if err != nil {
			return n, err
		}
		n += k
		if k > 0 && !sealed {
			if err := t.AwaitText(ctx, to.Home, id, to.N); err != nil {
				return n, err
			}
		}
	}
	return n, nil
}

// Attachment finds one upload.
func (t *Tx) Attachment(ctx context.Context, home int64, id string) (AttachmentRow, error) {
	const q = `select ` + attachmentColumns + ` from attachment where home = $1 and attachment_id = $2`
	return One(ctx, t, Named("attachment.get", q), scanAttachment, home, id)
}

// Attachments returns the files of a matter.
func (t *Tx) Attachments(ctx context.Context, ref matter.Ref) ([]AttachmentRow, error) {
	const q = `select ` + attachmentColumns + ` from attachment where home = $1 and matter_id = $2 order by added_us, attachment_id limit 500`
	return Collect(ctx, t, Named("attachment.list", q), scanAttachment, ref.Home, ref.N)
}

// AttachmentsAfter returns the uploads behind a position, claimed or not, for the rotation of keys.
func (t *Tx) AttachmentsAfter(ctx context.Context, after AttachmentRow, limit int) ([]AttachmentRow, error) {
	const q = `select ` + attachmentColumns + ` from attachment where (home, attachment_id) > ($1, $2) order by home, attachment_id limit $3`
	return Collect(ctx, t, Named("attachment.after", q), scanAttachment, after.Home, after.ID, limit)
}

// UpdateAttachment writes the cards of an upload anew, and where its content lies.
func (t *Tx) UpdateAttachment(ctx context.Context, a AttachmentRow) error {
	const q = `update attachment set name = $3, mime = $4, size = $5, sha256 = $6, identity_card = $7, sealed_card = $8 where home = $1 and attachment_id = $2`
	_, err := t.Exec(ctx, Named("attachment.update", q), a.Home, a.ID, a.Name, a.Mime, a.Size, a.SHA256, a.IdentityCard, a.SealedCard)
	return err
}

// UnclaimedUploads returns uploads that belonged to nothing before an instant, at most limit.
func (t *Tx) UnclaimedUploads(ctx context.Context, beforeUS int64, limit int) ([]AttachmentRow, error) {
	const q = `select ` + attachmentColumns + ` from attachment where matter_id = 0 and added_us < $1 order by home, attachment_id limit $2`
	return Collect(ctx, t, Named("attachment.unclaimed", q), scanAttachment, beforeUS, limit)
}

// RemoveUpload removes an upload that still belongs to nothing; false when something has claimed it or it is gone.
func (t *Tx) RemoveUpload(ctx context.Context, a AttachmentRow) (bool, error) {
	const q = `delete from attachment where home = $1 and attachment_id = $2 and matter_id = 0`
	n, err := t.Exec(ctx, Named("attachment.remove", q), a.Home, a.ID)
	return n > 0, err
}

// ContentUsed reports whether any upload has its content in a file.
func (t *Tx) ContentUsed(ctx context.Context, sha256 []byte) (bool, error) {
	const q = `select count(*) from attachment where sha256 = $1`
	n, err := One(ctx, t, Named("attachment.same", q), Int64, sha256)
	return n > 0, err
}
