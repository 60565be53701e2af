package usecase

import (
	"context"
	"errors"
	"strings"

	"huiyin/internal/errs"
	"huiyin/internal/extract"
	"huiyin/internal/matter"
	"huiyin/internal/store"
	"huiyin/internal/vault"
)

// readBatch is how many files ReadFiles looks into before it lets the matters be indexed.
const readBatch = 20

// ReadFiles looks into files that matters outside the sealed compartment have claimed and keeps what is written inside, encrypted under a key of its own on
// the file's card; it returns how many files. What broke off is done again: it is harmless twice.
func (o *Office) ReadFiles(ctx context.Context) (int, error) {
	var waiting []store.TextRow
	if err := o.Store.Read(ctx, func(t *store.Tx) error {
		var err error
		waiting, err = t.TextsWaiting(ctx, readBatch)
		return err
	}); err != nil {
		return 0, err
	}
	for i, x := range waiting {
		if err := o.readFile(ctx, x); err != nil {
			return i, err
		}
	}
	return len(waiting), nil
}

func (o *Office) readFile(ctx context.Context, x store.TextRow) error {
	state, text, err := o.lookInside(ctx, x)
	if err != nil {
		return err
	}
	var key []byte
	x.State = state
	if state == store.TextFound {
		full := make([]byte, fullLength(len(text)))
		copy(full, text)
		if key, x.Body, err = o.Vault.SealOnce(full); err != nil {
			return err
		}
	}
	return o.Store.Update(ctx, x.Home, func(t *store.Tx) error {
		if state == store.TextFound {
			now, err := t.Attachment(ctx, x.Home, x.Attachment) // as it is now: its card may have been written anew
			if err != nil {
				return err
			}
			c, err := o.Files.card(now)
			if err != nil {
				return err
			}
			c.Text = key
			if now, err = o.Files.deal(now, c, openFile); err != nil {
				return err
			}
			if err := t.UpdateAttachment(ctx, now); err != nil {
				return err
			}
			if err := t.MarkUnindexed(ctx, matter.Ref{Home: x.Home, N: x.Matter}); err != nil {
				return err
			}
		}
		return t.SaveText(ctx, x)
	})
}

// lookInside looks into a file.
func (o *Office) lookInside(ctx context.Context, x store.TextRow) (store.TextState, string, error) {
	var row store.AttachmentRow
	if err := o.Store.Read(ctx, func(t *store.Tx) error {
		var err error
		row, err = t.Attachment(ctx, x.Home, x.Attachment)
		return err
	}); err != nil {
		return "", "", err
	}
	c, err := o.Files.card(row)
	if err != nil {
		return "", "", err
	}
	kind, ok := extract.KindOf(c.Mime)
	if !ok {
		return store.TextPicture, "", nil
	}
	content, err := o.Files.all(row)
	if errs.KindOf(err) == errs.NotFound {
		return store.TextFailed, "", nil // verification names it
	}
	if err != nil {
		return "", "", err
	}
	text, err := o.Extract(ctx, kind, content)
	switch {
	case errors.Is(err, extract.ErrBroken):
		return store.TextFailed, "", nil
	case err != nil:
		return "", "", err
	case text == "":
		return store.TextNone, "", nil
	}
	return store.TextFound, text, nil
}

// text opens what is written inside an upload, and reads its card.
func (f *Files) text(x store.FileText) (card, string, error) {
	c, err := f.card(x.Upload)
	if err != nil {
		return card{}, "", err
	}
	full, err := vault.OpenOnce(c.Text, x.Body)
	return c, strings.TrimRight(string(full), "\x00"), err
}
