package usecase

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/bits"
	"os"
	"path/filepath"
	"strings"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/vault"
)

// Files keeps the content of uploads in a folder: a photograph of an identity card is identity, and what an accusation brings names who raised it.
//
// Each upload is a file of its own, filled up to one of few lengths, encrypted under a key of its own and named by the hash of what lies there: two
// uploads of the same content have nothing in common. The key stands on the upload's card in the database (see card).
//
// A file is written before the row that names it and removed after it. What a crash leaves between the two is a file whose key nobody has.
type Files struct {
	dir   string
	vault *vault.Keyring
}

// NewFiles returns the files in a folder, which it makes if it is missing.
func NewFiles(dir string, keys *vault.Keyring) (*Files, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("folder of uploads: %w", err)
	}
	return &Files{dir: dir, vault: keys}, nil
}

func (f *Files) path(sum []byte) string {
	name := hex.EncodeToString(sum)
	return filepath.Join(f.dir, name[:2], name)
}

// put writes content durably and returns its key and the hash of the file.
func (f *Files) put(content []byte) (key, sum []byte, err error) {
	full := make([]byte, fullLength(len(content)))
	copy(full, content)
	key, sealed, err := f.vault.SealOnce(full)
	if err != nil {
		return nil, nil, err
	}
	hash := sha256.Sum256(sealed)
	path := f.path(hash[:])
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, nil, errs.E(errs.Unavailable, "upload.disk").Because(err)
	}
	if err := writeDurably(dir, path, sealed); err != nil {
		return nil, nil, errs.E(errs.Unavailable, "upload.disk").Because(err)
	}
	return key, hash[:], nil
}

// leastLength is the length of the shortest file; a disk gives no less to any.
const leastLength = 4096

// fullLength is the length to which content of n bytes is filled up, so that a file cannot be told by its length: of the binary digits behind the
// first only as many may differ from zero as the exponent itself has, which costs less than an eighth (Padmé; Nikitin and others, Reducing Metadata
// Leakage from Encrypted Files and Communication with PURBs, 2019).
func fullLength(n int) int {
	n = max(n, leastLength)
	exponent := bits.Len(uint(n)) - 1
	step := 1 << (exponent - bits.Len(uint(exponent)))
	return (n + step - 1) / step * step
}

// writeDurably writes a file so that after a crash it is there whole or not at all.
func writeDurably(dir, path string, content []byte) error {
	tmp, err := os.CreateTemp(dir, ".new-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(tmp.Name()) }() // gone already when the rename succeeded
	_, err = tmp.Write(content)
	if err := errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	if err := os.Rename(tmp.Name(), path); err != nil {
		return err
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// get reads the content of an upload back and checks that it is what was put.
func (f *Files) get(a store.AttachmentRow) ([]byte, error) {
	c, err := f.card(a)
	if err != nil {
		return nil, err
	}
	sealed, err := os.ReadFile(f.path(a.SHA256))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errs.E(errs.NotFound, "upload.missing").Because(err)
	}
	if err != nil {
		return nil, fmt.Errorf("read upload: %w", err)
	}
	if c.Key == nil {
		return f.vault.Open(vault.Identity, sealed, a.SHA256)
	}
	if sum := sha256.Sum256(sealed); !bytes.Equal(sum[:], a.SHA256) {
		return nil, errs.E(errs.Internal, "upload.changed")
	}
	full, err := vault.OpenOnce(c.Key, sealed)
	if err != nil {
		return nil, err
	}
	if c.Size < 0 || c.Size > int64(len(full)) {
		return nil, errs.E(errs.Internal, "upload.changed")
	}
	return full[:c.Size], nil
}

// remove deletes a file that no row names any more.
func (f *Files) remove(sum []byte) error {
	if err := os.Remove(f.path(sum)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove upload: %w", err)
	}
	return nil
}

// each calls fn with the hash of every file that is kept.
func (f *Files) each(fn func(sum []byte) error) error {
	return filepath.WalkDir(f.dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(d.Name(), ".") {
			return err
		}
		if sum, err := hex.DecodeString(d.Name()); err == nil && len(sum) == sha256.Size { // anything else is not ours
			return fn(sum)
		}
		return nil
	})
}

// Upload is a file that the edge has checked by its content.
type Upload struct {
	Name    string
	Mime    string
	Content []byte
}

// MaxUpload is the largest file in bytes.
const MaxUpload = 20 << 20

// uploadID is how many bytes of chance an upload's id has.
const uploadID = 12

// Attach keeps an upload until a submission or a step claims it, and returns its id. The id is chance: who does not know it cannot claim it.
func (o *Office) Attach(ctx context.Context, who org.Actor, home int64, u Upload) (store.AttachmentRow, error) {
	if len(u.Content) == 0 || len(u.Content) > MaxUpload {
		return store.AttachmentRow{}, errs.E(errs.TooLarge, "upload.size", "max_mb", MaxUpload>>20)
	}
	id := make([]byte, uploadID)
	if _, err := io.ReadFull(o.Random, id); err != nil {
		return store.AttachmentRow{}, fmt.Errorf("upload id: %w", err)
	}
	key, sum, err := o.Files.put(u.Content)
	if err != nil {
		return store.AttachmentRow{}, err
	}
	c := card{Name: u.Name, Mime: u.Mime, Size: int64(len(u.Content)), Key: key}
	row, err := o.Files.deal(store.AttachmentRow{Home: home, ID: hex.EncodeToString(id), SHA256: sum, AddedUS: o.Now(), AddedBy: who.User}, c, unclaimed)
	if err != nil {
		return store.AttachmentRow{}, err
	}
	if err := o.Store.Update(ctx, home, func(t *store.Tx) error { return t.InsertAttachment(ctx, row) }); err != nil {
		return store.AttachmentRow{}, err
	}
	return c.named(row), nil
}

// MoveUpload gives an upload that nothing has claimed yet to another home, since an upload can only be claimed where it lies, and returns its new
// row. It keeps its id, so that asking again after a crash finds it where it is. The content stays where it is; nothing is left at the old home.
func (o *Office) MoveUpload(ctx context.Context, from int64, id string, to int64) (store.AttachmentRow, error) {
	var row store.AttachmentRow
	err := o.Store.Update(ctx, to, func(t *store.Tx) error {
		was, err := t.Attachment(ctx, from, id)
		if errs.KindOf(err) == errs.NotFound {
			was, err = t.Attachment(ctx, to, id)
		}
		if err != nil {
			return err
		}
		if was.Matter != 0 {
			return errs.E(errs.NotFound, "upload.gone")
		}
		c, err := o.Files.card(was)
		if err != nil {
			return err
		}
		row = was
		if was.Home != to {
			row.Home = to
			if c.Key != nil { // a card opens only where it was written
				if row, err = o.Files.deal(row, c, unclaimed); err != nil {
					return err
				}
			}
			if _, err := t.RemoveUpload(ctx, was); err != nil {
				return err
			}
			if err := t.InsertAttachment(ctx, row); err != nil {
				return err
			}
		}
		row = c.named(row)
		return nil
	})
	if err != nil {
		return store.AttachmentRow{}, err
	}
	return row, nil
}

// attachments returns the files of a matter by name.
func (o *Office) attachments(ctx context.Context, t *store.Tx, ref matter.Ref) ([]store.AttachmentRow, error) {
	rows, err := t.Attachments(ctx, ref)
	if err != nil {
		return nil, err
	}
	for i, r := range rows {
		c, err := o.Files.card(r)
		if err != nil {
			return nil, err
		}
		rows[i] = c.named(r)
	}
	return rows, nil
}

// Attachment returns a file of a matter that the actor may see; a petitioner gets what their own submission brought and nothing else.
func (o *Office) Attachment(ctx context.Context, who org.Actor, ref matter.Ref, id string) (store.AttachmentRow, []byte, error) {
	var row store.AttachmentRow
	err := o.Store.Read(ctx, func(t *store.Tx) error {
		if _, err := o.see(ctx, t, who, ref); err != nil {
			return err
		}
		var err error
		row, err = t.Attachment(ctx, ref.Home, id)
		return err
	})
	notThere := errs.E(errs.NotFound, "upload.missing")
	switch {
	case errs.KindOf(err) == errs.NotFound:
		return store.AttachmentRow{}, nil, notThere
	case err != nil:
		return store.AttachmentRow{}, nil, err
	case row.Matter != ref.N && (who.Kind != org.ActorPetitioner || row.Submission != who.Submission):
		return store.AttachmentRow{}, nil, notThere
	case who.Kind == org.ActorPetitioner && row.Submission != who.Submission:
		return store.AttachmentRow{}, nil, notThere
	}
	c, err := o.Files.card(row)
	if err != nil {
		return store.AttachmentRow{}, nil, err
	}
	content, err := o.Files.get(row)
	return c.named(row), content, err
}
