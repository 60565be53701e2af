package usecase

import (
	"context"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/vault"
)

// rotateFiles puts the cards of uploads that lie under an older key of a purpose under the newest, and tells after each batch how many it has written
// and looked at. With the identity key it also gives cards to uploads from before there were any.
func (o *Office) rotateFiles(ctx context.Context, purpose vault.Purpose, tell func(done, looked int)) error {
	after := store.AttachmentRow{}
	for {
		var rows []store.AttachmentRow
		if err := o.Store.Read(ctx, func(t *store.Tx) error {
			var err error
			rows, err = t.AttachmentsAfter(ctx, after, rotateBatch)
			return err
		}); err != nil {
			return err
		}
		if len(rows) == 0 {
			return nil
		}
		for _, group := range byHome(rows, func(a store.AttachmentRow) int64 { return a.Home }) {
			n, err := o.rotateCards(ctx, group, purpose)
			if err != nil {
				return err
			}
			tell(n, 0)
		}
		for _, a := range rows {
			if purpose != vault.Identity || a.IdentityCard != nil || a.SealedCard != nil {
				continue
			}
			done, err := o.giveCard(ctx, a)
			if err != nil {
				return err
			}
			if done {
				tell(1, 0)
			}
		}
		tell(0, len(rows))
		after = rows[len(rows)-1]
	}
}

// rotateCards writes cards of one home anew that lie under an older key.
func (o *Office) rotateCards(ctx context.Context, rows []store.AttachmentRow, purpose vault.Purpose) (int, error) {
	done := 0
	err := o.Store.Update(ctx, rows[0].Home, func(t *store.Tx) error {
		done = 0
		for _, r := range rows {
			now, err := t.Attachment(ctx, r.Home, r.ID) // as it is now: a claim may have dropped a card
			if errs.KindOf(err) == errs.NotFound {
				continue
			}
			if err != nil {
				return err
			}
			changed, err := o.Files.rewrite(&now, purpose)
			if err != nil {
				return err
			}
			if !changed {
				continue
			}
			if err := t.UpdateAttachment(ctx, now); err != nil {
				return err
			}
			done++
		}
		return nil
	})
	return done, err
}

// giveCard writes an upload from before there were cards anew, under a key of its own. The old file goes last, when no other upload shares it.
func (o *Office) giveCard(ctx context.Context, old store.AttachmentRow) (bool, error) {
	content, err := o.Files.open(old)
	if errs.KindOf(err) == errs.NotFound {
		return false, nil // verification names it
	}
	if err != nil {
		return false, err
	}
	defer content.end()
	s, err := o.Files.take(content)
	if err != nil {
		return false, err
	}
	defer s.Drop()
	key, sum, err := s.keep()
	if err != nil {
		return false, err
	}
	var given, used bool
	err = o.Store.Update(ctx, old.Home, func(t *store.Tx) error {
		given, used = false, true
		now, err := t.Attachment(ctx, old.Home, old.ID)
		if errs.KindOf(err) == errs.NotFound {
			return nil
		}
		if err != nil || now.IdentityCard != nil || now.SealedCard != nil { // somebody was faster
			return err
		}
		at := unclaimed
		if now.Matter != 0 {
			at = openFile
			sealed, err := t.Sealed(ctx, org.System().Scope(), matter.Ref{Home: now.Home, N: now.Matter})
			if err != nil {
				return err
			}
			if sealed {
				at = sealedFile
			}
		}
		next, err := o.Files.deal(now, card{Name: now.Name, Mime: now.Mime, Size: now.Size, Key: key}, at)
		if err != nil {
			return err
		}
		next.SHA256 = sum
		if err := t.UpdateAttachment(ctx, next); err != nil {
			return err
		}
		given = true
		if at == openFile {
			if err := t.AwaitText(ctx, now.Home, now.ID, now.Matter); err != nil {
				return err
			}
		}
		used, err = t.ContentUsed(ctx, old.SHA256)
		return err
	})
	switch {
	case err != nil:
		return false, err
	case !given:
		return false, o.Files.remove(sum)
	case !used:
		return true, o.Files.remove(old.SHA256)
	}
	return true, nil
}
