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
	"os"
	"path/filepath"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/vault"
)

// Files keeps the content of uploads in a folder, each under its hash, encrypted: a photograph of an identity card is identity.
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

// put writes content durably and returns its hash. The same content is written again, so that its file is as young as its newest use.
func (f *Files) put(content []byte) ([]byte, error) {
	sum := sha256.Sum256(content)
	path := f.path(sum[:])
	sealed, err := f.vault.Seal(vault.Identity, content, sum[:])
	if err != nil {
		return nil, err
	}
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, errs.E(errs.Unavailable, "upload.disk").Because(err)
	}
	if err := writeDurably(dir, path, sealed); err != nil {
		return nil, errs.E(errs.Unavailable, "upload.disk").Because(err)
	}
	return sum[:], nil
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

// get reads content back and checks that it is what was put.
func (f *Files) get(sum []byte) ([]byte, error) {
	sealed, err := os.ReadFile(f.path(sum))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errs.E(errs.NotFound, "upload.missing").Because(err)
	}
	if err != nil {
		return nil, fmt.Errorf("read upload: %w", err)
	}
	content, err := f.vault.Open(vault.Identity, sealed, sum)
	if err != nil {
		return nil, err
	}
	if got := sha256.Sum256(content); !bytes.Equal(got[:], sum) {
		return nil, errs.E(errs.Internal, "upload.changed")
	}
	return content, nil
}

// remove deletes content that nothing refers to any more, unless it was put again since an instant.
func (f *Files) remove(sum []byte, sinceUS int64) error {
	info, err := os.Stat(f.path(sum))
	if errors.Is(err, fs.ErrNotExist) || (err == nil && info.ModTime().UnixMicro() >= sinceUS) {
		return nil
	}
	if err == nil {
		err = os.Remove(f.path(sum))
	}
	if err != nil {
		return fmt.Errorf("remove upload: %w", err)
	}
	return nil
}

// Upload is a file that the edge has checked by its content.
type Upload struct {
	Name    string
	Mime    string
	Content []byte
}

// MaxUpload is the largest file in bytes.
const MaxUpload = 20 << 20

// Attach keeps an upload until a submission or a step claims it, and returns its id. The id is chance: who does not know it cannot claim it.
func (o *Office) Attach(ctx context.Context, who org.Actor, home int64, u Upload) (store.AttachmentRow, error) {
	if len(u.Content) == 0 || len(u.Content) > MaxUpload {
		return store.AttachmentRow{}, errs.E(errs.TooLarge, "upload.size", "max_mb", MaxUpload>>20)
	}
	id := make([]byte, 12)
	if _, err := io.ReadFull(o.Random, id); err != nil {
		return store.AttachmentRow{}, fmt.Errorf("upload id: %w", err)
	}
	sum, err := o.Files.put(u.Content)
	if err != nil {
		return store.AttachmentRow{}, err
	}
	row := store.AttachmentRow{
		Home: home, ID: hex.EncodeToString(id), Name: u.Name, Mime: u.Mime, Size: int64(len(u.Content)), SHA256: sum, AddedUS: o.Now(), AddedBy: who.User,
	}
	return row, o.Store.Update(ctx, home, func(t *store.Tx) error { return t.InsertAttachment(ctx, row) })
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
	content, err := o.Files.get(row.SHA256)
	return row, content, err
}
