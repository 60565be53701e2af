package usecase

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"huiyin/internal/errs"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/vault"
)

// Staged is a file on its way in, or one that is made here. What has come of it lies in the folder of uploads, encrypted as it came under a key that nobody else has, and in memory there is a chunk
// of it: neither the length of a file nor how many come at once matters. Whoever has one drops it in the end, whatever became of it; what a crash leaves is
// swept.
type Staged struct {
	// Size is how many bytes have come. What is beyond MaxUpload is counted and not kept: Keep refuses it.
	Size int64

	files *Files
	file  *os.File
	sum   hash.Hash // of what lies in the file
	key   []byte
	seal  *vault.Sealer
}

// stagedPrefix begins the names of files on their way in, by which they are told from uploads.
const stagedPrefix = ".new-"

// stage begins a file.
func (f *Files) stage() (*Staged, error) {
	s := &Staged{files: f, sum: sha256.New()}
	err := os.MkdirAll(f.dir, 0o700)
	if err == nil {
		s.file, err = os.CreateTemp(f.dir, stagedPrefix+"*")
	}
	if err != nil {
		return nil, onDisk(err)
	}
	if s.key, s.seal, err = f.vault.SealStream(io.MultiWriter(s.file, s.sum)); err != nil {
		s.Drop()
		return nil, onDisk(err)
	}
	return s, nil
}

// onDisk is an error in writing a file.
func onDisk(err error) error {
	if _, ok := errors.AsType[*errs.Error](err); ok {
		return err
	}
	return errs.E(errs.Unavailable, "upload.disk").Because(err)
}

// Write takes more of the file.
func (s *Staged) Write(b []byte) (int, error) {
	if s.Size += int64(len(b)); s.Size > MaxUpload {
		return len(b), nil
	}
	n, err := s.seal.Write(b)
	if err != nil {
		return n, onDisk(err)
	}
	return n, nil
}

// end fills the file up to its full length and ends it; then it can be read.
func (s *Staged) end() error {
	if !s.fits() {
		return nil
	}
	fill := int64(fullLength(int(s.Size))) - s.Size
	if _, err := io.CopyN(s.seal, zeros{}, fill); err != nil {
		return onDisk(err)
	}
	if err := s.seal.Close(); err != nil {
		return onDisk(err)
	}
	s.seal = nil // and the memory of its chunk
	return nil
}

func (s *Staged) fits() bool { return s.Size > 0 && s.Size <= MaxUpload }

// zeros never end.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}

// Content reads what has come, in any order; nothing of a file that is empty or too large.
func (s *Staged) Content() (*io.SectionReader, error) {
	if !s.fits() {
		return io.NewSectionReader(bytes.NewReader(nil), 0, 0), nil
	}
	stream, err := vault.OpenStream(s.key, s.file, vault.StreamSize(int64(fullLength(int(s.Size)))))
	if err != nil {
		return nil, err
	}
	return io.NewSectionReader(stream, 0, s.Size), nil
}

// Drop removes the file unless it was kept.
func (s *Staged) Drop() {
	if s.file == nil {
		return
	}
	_ = s.file.Close()           // it goes
	_ = os.Remove(s.file.Name()) // what cannot be removed is swept
	s.file = nil
}

// keep gives the file its name, durably: after a crash it is there whole or not at all.
func (s *Staged) keep() (key, sum []byte, err error) {
	if err := errors.Join(s.file.Sync(), s.file.Close()); err != nil {
		return nil, nil, onDisk(err)
	}
	sum = s.sum.Sum(nil)
	path := s.files.path(sum)
	dir := filepath.Dir(path)
	if err = os.Mkdir(dir, 0o700); err == nil {
		err = syncFolder(s.files.dir)
	} else if errors.Is(err, fs.ErrExist) {
		err = nil
	}
	if err == nil {
		err = os.Rename(s.file.Name(), path)
	}
	if err != nil {
		return nil, nil, onDisk(err)
	}
	s.file = nil // there is nothing to drop any more
	if err := syncFolder(dir); err != nil {
		return nil, nil, onDisk(err)
	}
	return s.key, sum, nil
}

func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// take stages all that a reader gives. An error of the reader is returned as it is; nothing is left then.
func (f *Files) take(r io.Reader) (*Staged, error) {
	s, err := f.stage()
	if err != nil {
		return nil, err
	}
	if _, err = io.Copy(s, r); err == nil {
		err = s.end()
	}
	if err != nil {
		s.Drop()
		return nil, err
	}
	return s, nil
}

// Stage takes a file in as it comes, for Keep once it has been looked at. An error of the reader is returned as it is, and nothing is left then.
func (o *Office) Stage(r io.Reader) (*Staged, error) { return o.Files.take(r) }

// Keep keeps a staged file, under what its content has shown it to be, until a submission or a step claims it, and returns its id. The id is chance: who does not
// know it cannot claim it.
func (o *Office) Keep(ctx context.Context, who org.Actor, home int64, s *Staged, name, mime string) (store.AttachmentRow, error) {
	if !s.fits() {
		return store.AttachmentRow{}, errs.E(errs.TooLarge, "upload.size", "max_mb", MaxUpload>>20)
	}
	id := make([]byte, uploadID)
	if _, err := io.ReadFull(o.Random, id); err != nil {
		return store.AttachmentRow{}, fmt.Errorf("upload id: %w", err)
	}
	key, sum, err := s.keep()
	if err != nil {
		return store.AttachmentRow{}, err
	}
	c := card{Name: name, Mime: mime, Size: s.Size, Key: key}
	row, err := o.Files.deal(store.AttachmentRow{Home: home, ID: hex.EncodeToString(id), SHA256: sum, AddedUS: o.Now(), AddedBy: who.User}, c, unclaimed)
	if err != nil {
		return store.AttachmentRow{}, err
	}
	if err := o.Store.Update(ctx, home, func(t *store.Tx) error { return t.InsertAttachment(ctx, row) }); err != nil {
		return store.AttachmentRow{}, err
	}
	return c.named(row), nil
}

// stagedFor is how long a file may be on its way in: far longer than any request may take.
const stagedFor = time.Hour

// tablePrefix begins the names of what the tables of versions before put aside.
const tablePrefix = "excelize-"

// sweep removes files that a crash left on their way in, tables that are made among them. What is old is told by the clock of the disk, which several servers may share.
func (f *Files) sweep() error {
	probe, err := os.CreateTemp(f.dir, stagedPrefix+"*")
	if err != nil {
		return fmt.Errorf("sweep the folder of uploads: %w", err)
	}
	info, err := probe.Stat()
	if err := errors.Join(err, probe.Close(), os.Remove(probe.Name())); err != nil {
		return fmt.Errorf("sweep the folder of uploads: %w", err)
	}
	before := info.ModTime().Add(-stagedFor)
	entries, err := os.ReadDir(f.dir)
	if err != nil {
		return fmt.Errorf("sweep the folder of uploads: %w", err)
	}
	for _, e := range entries {
		if e.IsDir() || !strings.HasPrefix(e.Name(), stagedPrefix) && !strings.HasPrefix(e.Name(), tablePrefix) {
			continue
		}
		if info, err := e.Info(); err != nil || info.ModTime().After(before) { // or it is gone meanwhile
			continue
		}
		if err := os.Remove(filepath.Join(f.dir, e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("sweep the folder of uploads: %w", err)
		}
	}
	return nil
}
