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

// Sweep removes what has expired: sessions, drafts, kept answers, what was alike to matters that no new one is compared with any more, uploads that belong to nothing, and what a
// crash left of files on their way in. It also
// brings the search indexes together.
func (o *Office) Sweep(ctx context.Context) error {
	if err := o.Store.Update(ctx, 0, func(t *store.Tx) error {
		if err := t.DropJobs(ctx, o.Now()-jobsKept, batch); err != nil {
			return err
		}
		if err := t.DropDeliveries(ctx, o.Now()-deliveriesKept, batch); err != nil {
			return err
		}
		if err := t.DropBatches(ctx, o.Now()-batchesKept, batch); err != nil {
			return err
		}
		return t.Sweep(ctx, o.Now(), answersKept)
	}); err != nil {
		return err
	}
	if err := o.mergeIndex(ctx); err != nil {
		return err
	}
	if err := o.pruneNear(ctx); err != nil {
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
		removed, used := false, false
		if err := o.Store.Update(ctx, a.Home, func(t *store.Tx) error {
			var err error
			if removed, err = t.RemoveUpload(ctx, a); err != nil {
				return err
			}
			used, err = t.ContentUsed(ctx, a.SHA256)
			return err
		}); err != nil {
			return err
		}
		if removed && !used {
			if err := o.Files.remove(a.SHA256); err != nil {
				return err
			}
		}
	}
	return o.Files.sweep()
}
