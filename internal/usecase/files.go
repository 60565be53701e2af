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
// uploads of the same content have nothing in common. The key stands on the upload's card in the database (see card). A file is encrypted as it comes and
// decrypted as it is read, in chunks (vault.SealStream), so that none is ever in memory as a whole, nor anywhere on the disk in the clear; those from before
// that opened only as a whole (see readWhole).
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

// Content is what an upload holds, to be read in any order until it is closed. Of a file that was changed on disk no changed byte is given: the read that comes to it fails.
type Content struct {
	*io.SectionReader
	end func()
}

// Close lets go of the file.
func (c *Content) Close() error {
	c.end()
	return nil
}

// open opens the content of an upload, and knows by its last bytes whether the file belongs to the card and is whole.
func (f *Files) open(a store.AttachmentRow) (*Content, error) {
	c, err := f.card(a)
	if err != nil {
		return nil, err
	}
	file, err := os.Open(f.path(a.SHA256))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errs.E(errs.NotFound, "upload.missing").Because(err)
	}
	if err != nil {
		return nil, fmt.Errorf("read upload: %w", err)
	}
	content, err := f.read(file, a, c)
	if err != nil {
		_ = file.Close() // only read from
		return nil, err
	}
	return content, nil
}

func (f *Files) read(file *os.File, a store.AttachmentRow, c card) (*Content, error) {
	info, err := file.Stat()
	if err != nil {
		return nil, fmt.Errorf("read upload: %w", err)
	}
	var first [1]byte
	if _, err := file.ReadAt(first[:], 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read upload: %w", err)
	}
	if c.Key == nil || !vault.IsStream(first[0]) {
		return f.readWhole(file, a, c)
	}
	stream, err := vault.OpenStream(c.Key, file, info.Size())
	if err != nil {
		return nil, err
	}
	if c.Size < 0 || c.Size > stream.Size() {
		return nil, errs.E(errs.Internal, "upload.changed")
	}
	return &Content{io.NewSectionReader(stream, 0, c.Size), func() { _ = file.Close() }}, nil // only read from
}

// readWhole reads an upload from before files were encrypted in chunks, which opens only as a whole, and is in memory until it is closed: reading needs no room on a disk.
func (f *Files) readWhole(file *os.File, a store.AttachmentRow, c card) (*Content, error) {
	sealed, err := io.ReadAll(file)
	if err != nil {
		return nil, fmt.Errorf("read upload: %w", err)
	}
	var content []byte
	if c.Key == nil {
		content, err = f.vault.Open(vault.Identity, sealed, a.SHA256)
	} else {
		content, err = openOnce(sealed, a.SHA256, c)
	}
	if err != nil {
		return nil, err
	}
	_ = file.Close() // only read from
	return &Content{io.NewSectionReader(bytes.NewReader(content), 0, int64(len(content))), func() {}}, nil
}

func openOnce(sealed, sum []byte, c card) ([]byte, error) {
	if got := sha256.Sum256(sealed); !bytes.Equal(got[:], sum) {
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

// all reads the content of an upload into memory, for what needs it whole and does one at a time.
func (f *Files) all(a store.AttachmentRow) ([]byte, error) {
	content, err := f.open(a)
	if err != nil {
		return nil, err
	}
	defer content.end()
	b := make([]byte, content.Size())
	_, err = io.ReadFull(content, b)
	return b, err
}

// check reads an upload through: the file is the one that was written, and its content opens.
func (f *Files) check(a store.AttachmentRow) error {
	content, err := f.open(a)
	if err != nil {
		return err
	}
	defer content.end()
	if _, err := io.Copy(io.Discard, content); err != nil {
		return err
	}
	if a.IdentityCard == nil && a.SealedCard == nil { // its name is the hash of its content, to which it is bound
		return nil
	}
	file, err := os.Open(f.path(a.SHA256))
	if err != nil {
		return fmt.Errorf("read upload: %w", err)
	}
	defer func() { _ = file.Close() }() // only read from
	sum := sha256.New()
	if _, err := io.Copy(sum, file); err != nil {
		return fmt.Errorf("read upload: %w", err)
	}
	if !bytes.Equal(sum.Sum(nil), a.SHA256) {
		return errs.E(errs.Internal, "upload.changed")
	}
	return nil
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

// Upload is a small file that is made here.
type Upload struct {
	Name    string
	Mime    string
	Content []byte
}

// MaxUpload is the largest file in bytes.
const MaxUpload = 20 << 20

// uploadID is how many bytes of chance an upload's id has.
const uploadID = 12

// Attach keeps a file that lies in memory (see Keep).
func (o *Office) Attach(ctx context.Context, who org.Actor, home int64, u Upload) (store.AttachmentRow, error) {
	s, err := o.Stage(bytes.NewReader(u.Content))
	if err != nil {
		return store.AttachmentRow{}, err
	}
	defer s.Drop()
	return o.Keep(ctx, who, home, s, u.Name, u.Mime)
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
// Whoever asked for the content closes it.
func (o *Office) Attachment(ctx context.Context, who org.Actor, ref matter.Ref, id string) (store.AttachmentRow, *Content, error) {
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
	content, err := o.Files.open(row)
	return c.named(row), content, err
}
