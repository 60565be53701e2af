package usecase

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"

	"huiyin/internal/errs"
	"huiyin/internal/org"
	"huiyin/internal/store"
)

// Windows returns the living petition departments and reception centres that can be reached by telephone, by id, at most limit.
func (o *Office) Windows(limit int) []org.Unit {
	today := o.Today()
	var out []org.Unit
	for len(out) < limit {
		last := org.UnitID(0)
		if len(out) > 0 {
			last = out[len(out)-1].ID
		}
		u, ok := o.Chart().First(func(u org.Unit) bool { return u.ID > last && u.Bureau() && u.Phone != "" && u.Alive(today) })
		if !ok {
			break
		}
		out = append(out, u)
	}
	return out
}

// ParseCode reads a query code as people write it. The error is that of a slip of the pen, which anybody can see from the code itself.
func ParseCode(text string) (string, error) {
	code, _, err := parseCode(text)
	return code, err
}

// MoveUpload gives an upload that nothing has claimed yet to another home, since an upload can only be claimed where it lies, and returns
// its new row. The content stays where it is, under its hash.
func (o *Office) MoveUpload(ctx context.Context, from int64, id string, to int64) (store.AttachmentRow, error) {
	next := make([]byte, uploadID)
	if _, err := io.ReadFull(o.Random, next); err != nil {
		return store.AttachmentRow{}, fmt.Errorf("upload id: %w", err)
	}
	var row store.AttachmentRow
	if err := o.Store.Read(ctx, func(t *store.Tx) error {
		var err error
		row, err = t.Attachment(ctx, from, id)
		return err
	}); err != nil {
		return store.AttachmentRow{}, err
	}
	if row.Matter != 0 {
		return store.AttachmentRow{}, errs.E(errs.NotFound, "upload.gone")
	}
	row.Home, row.ID = to, hex.EncodeToString(next)
	return row, o.Store.Update(ctx, to, func(t *store.Tx) error { return t.InsertAttachment(ctx, row) })
}

// uploadID is how many bytes of chance an upload's id has.
const uploadID = 12
