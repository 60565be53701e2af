package usecase

import (
	"context"

	"huiyin/internal/store"
)

// How long what nobody came back for is kept: the answer to an idempotency key, and an upload that no submission claimed, which outlives the
// draft it was made for by a day.
const (
	answersKept = 7 * dayUS
	uploadsKept = (draftDays + 1) * dayUS
	dayUS       = 24 * 3600 * 1_000_000
)

// Sweep removes what has expired: sessions, drafts, kept answers, and uploads that belong to nothing.
func (o *Office) Sweep(ctx context.Context) error {
	if err := o.Store.Update(ctx, 0, func(t *store.Tx) error { return t.Sweep(ctx, o.Now(), answersKept) }); err != nil {
		return err
	}
	var left []store.AttachmentRow
	if err := o.Store.Read(ctx, func(t *store.Tx) error {
		var err error
		left, err = t.UnclaimedUploads(ctx, o.Now()-uploadsKept, batch)
		return err
	}); err != nil {
		return err
	}
	for _, a := range left {
		last := false
		if err := o.Store.Update(ctx, a.Home, func(t *store.Tx) error {
			var err error
			last, err = t.RemoveUpload(ctx, a)
			return err
		}); err != nil {
			return err
		}
		if last {
			if err := o.Files.remove(a.SHA256, o.Now()-dayUS); err != nil {
				return err
			}
		}
	}
	return nil
}
