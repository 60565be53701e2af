package usecase

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"huiyin/internal/errs"
)

// The names in a data folder, and in a backup.
const (
	DatabaseName = "huiyin.db"
	KeysName     = "keys.json"
	FilesName    = "files"
	manifestName = "manifest.json"
)

// manifestFormat is the version of backups that this program writes and reads.
const manifestFormat = 1

// Manifest lists what a backup holds. It is the last entry of the archive, so that a cut one is known.
type Manifest struct {
	Format int             `json:"format"`
	AtUS   int64           `json:"at_us"` // when it was begun
	Keys   bool            `json:"keys"`  // the key file is in it
	Files  []ManifestEntry `json:"files"`
}

// ManifestEntry is one file of a backup.
type ManifestEntry struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// Bytes is the size of all files together.
func (m Manifest) Bytes() int64 {
	n := int64(0)
	for _, f := range m.Files {
		n += f.Size
	}
	return n
}

// Backup writes everything to one file: a consistent copy of the database, the uploads, and the key file unless keys is empty (keys is its
// path). The server may go on working. The file appears whole or not at all, for its owner alone, and is never overwritten. It is compressed if
// its name ends in gz.
//
// The order matters: an upload is kept before a row names it, and a key is saved before anything is encrypted with it. So the files
// hold all that the copy of the database names, and the keys open all of it.
func (o *Office) Backup(ctx context.Context, path, keys string) (Manifest, error) {
	m := Manifest{Format: manifestFormat, AtUS: o.Now(), Keys: keys != ""}
	if _, err := os.Stat(path); err == nil {
		return m, errs.E(errs.Conflict, "backup.exists", "file", path)
	}
	dir := filepath.Dir(path)
	work, err := os.MkdirTemp(dir, ".backup-*")
	if err != nil {
		return m, errs.E(errs.Unavailable, "backup.write", "file", path).Because(err)
	}
	defer func() { _ = os.RemoveAll(work) }() // what is left there is of no use to anybody
	database := filepath.Join(work, DatabaseName)
	if err := o.Store.Backup(ctx, database); err != nil {
		return m, err
	}
	whole := filepath.Join(work, "backup")
	if err := o.archive(ctx, whole, &m, database, keys, strings.HasSuffix(path, "gz")); err != nil {
		if _, ours := errors.AsType[*errs.Error](err); !ours && ctx.Err() == nil {
			err = errs.E(errs.Unavailable, "backup.write", "file", path).Because(err)
		}
		return m, err
	}
	if err := os.Link(whole, path); err != nil { // unlike a rename it fails when the name is taken
		if errors.Is(err, fs.ErrExist) {
			return m, errs.E(errs.Conflict, "backup.exists", "file", path)
		}
		return m, errs.E(errs.Unavailable, "backup.write", "file", path).Because(err)
	}
	return m, syncDir(dir)
}

func (o *Office) archive(ctx context.Context, path string, m *Manifest, database, keys string, compress bool) (err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return errs.E(errs.Unavailable, "backup.write", "file", path).Because(err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	buffer := bufio.NewWriterSize(f, 1<<20)
	var under io.Writer = buffer
	closing := func() error { return nil }
	if compress {
		z := gzip.NewWriter(buffer)
		under, closing = z, z.Close
	}
	a := archiver{tar: tar.NewWriter(under), manifest: m}
	if err := a.file(DatabaseName, database); err != nil {
		return err
	}
	if err := o.Files.each(func(sum []byte) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		name := hex.EncodeToString(sum)
		return a.file(FilesName+"/"+name[:2]+"/"+name, o.Files.path(sum))
	}); err != nil {
		return err
	}
	if keys != "" {
		if err := a.file(KeysName, keys); err != nil {
			return err
		}
	}
	if err := a.finish(); err != nil {
		return err
	}
	if err := errors.Join(closing(), buffer.Flush(), f.Sync()); err != nil {
		return errs.E(errs.Unavailable, "backup.write", "file", path).Because(err)
	}
	return nil
}

// archiver adds files to an archive and to its manifest.
type archiver struct {
	tar      *tar.Writer
	manifest *Manifest
}

func (a archiver) header(name string, size int64) error {
	return a.tar.WriteHeader(&tar.Header{
		Name: name, Size: size, Mode: 0o600, Typeflag: tar.TypeReg, Format: tar.FormatPAX, ModTime: time.UnixMicro(a.manifest.AtUS).Truncate(time.Second),
	})
}

func (a archiver) file(name, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("back up %s: %w", name, err)
	}
	defer func() { _ = f.Close() }() // only read
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("back up %s: %w", name, err)
	}
	if err := a.header(name, info.Size()); err != nil {
		return fmt.Errorf("back up %s: %w", name, err)
	}
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(a.tar, sum), f)
	if err != nil {
		return fmt.Errorf("back up %s: %w", name, err)
	}
	a.manifest.Files = append(a.manifest.Files, ManifestEntry{Name: name, Size: n, SHA256: hex.EncodeToString(sum.Sum(nil))})
	return nil
}

func (a archiver) finish() error {
	text, err := json.MarshalIndent(a.manifest, "", "  ")
	if err != nil {
		return fmt.Errorf("back up the manifest: %w", err)
	}
	err = a.header(manifestName, int64(len(text)))
	if err == nil {
		_, err = a.tar.Write(text)
	}
	if err := errors.Join(err, a.tar.Close()); err != nil {
		return fmt.Errorf("back up the manifest: %w", err)
	}
	return nil
}

// Restore unpacks a backup into a folder that is empty or not there yet, and checks every file against the manifest. The folder is filled
// in one step at the end: a backup that is cut or changed leaves nothing behind.
func Restore(ctx context.Context, path, dir string) (Manifest, error) {
	broken := func(err error) error { return errs.E(errs.Invalid, "restore.broken", "file", path).Because(err) }
	if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
		return Manifest{}, errs.E(errs.Conflict, "restore.not_empty", "dir", dir)
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Manifest{}, errs.E(errs.Unavailable, "restore.write", "dir", dir).Because(err)
	}
	f, err := os.Open(path)
	if err != nil {
		return Manifest{}, errs.E(errs.NotFound, "restore.no_file", "file", path).Because(err)
	}
	defer func() { _ = f.Close() }() // only read
	in, err := unpacked(f)
	if err != nil {
		return Manifest{}, broken(err)
	}
	parent := filepath.Dir(filepath.Clean(dir))
	if err := os.MkdirAll(parent, 0o700); err != nil {
		return Manifest{}, errs.E(errs.Unavailable, "restore.write", "dir", dir).Because(err)
	}
	work, err := os.MkdirTemp(parent, ".restore-*")
	if err != nil {
		return Manifest{}, errs.E(errs.Unavailable, "restore.write", "dir", dir).Because(err)
	}
	defer func() { _ = os.RemoveAll(work) }() // gone already when it took the folder's name
	m, err := unpack(ctx, tar.NewReader(in), work)
	if ctx.Err() != nil {
		return m, ctx.Err()
	}
	if err != nil {
		return m, broken(err)
	}
	if err := os.Remove(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return m, errs.E(errs.Unavailable, "restore.write", "dir", dir).Because(err)
	}
	if err := os.Rename(work, dir); err != nil {
		return m, errs.E(errs.Unavailable, "restore.write", "dir", dir).Because(err)
	}
	return m, syncDir(parent)
}

// unpacked reads through the compression, if there is one.
func unpacked(f io.Reader) (io.Reader, error) {
	in := bufio.NewReaderSize(f, 1<<20)
	magic, err := in.Peek(2)
	if err != nil {
		return nil, fmt.Errorf("read the beginning: %w", err)
	}
	if bytes.Equal(magic, []byte{0x1F, 0x8B}) {
		return gzip.NewReader(in)
	}
	return in, nil
}

// backupName is what may stand in a backup. Nothing else is unpacked, so no name leads out of the folder.
var backupName = regexp.MustCompile(`^(huiyin\.db|keys\.json|files/[0-9a-f]{2}/[0-9a-f]{64})$`)

// maxManifest bounds the manifest in bytes: a hundred for each of a hundred million uploads would be beyond one archive anyway.
const maxManifest = 1 << 30

func unpack(ctx context.Context, in *tar.Reader, dir string) (Manifest, error) {
	got := map[string]ManifestEntry{}
	for {
		h, err := in.Next()
		if errors.Is(err, io.EOF) {
			return Manifest{}, errors.New("there is no manifest: the file is cut")
		}
		if err != nil {
			return Manifest{}, fmt.Errorf("read the archive: %w", err)
		}
		if ctx.Err() != nil {
			return Manifest{}, ctx.Err()
		}
		if h.Name == manifestName {
			return checkManifest(io.LimitReader(in, maxManifest), got)
		}
		if h.Typeflag != tar.TypeReg || !backupName.MatchString(h.Name) {
			return Manifest{}, fmt.Errorf("%q does not belong in a backup", h.Name)
		}
		if _, twice := got[h.Name]; twice {
			return Manifest{}, fmt.Errorf("%q is there twice", h.Name)
		}
		if got[h.Name], err = unpackFile(in, dir, h.Name); err != nil {
			return Manifest{}, err
		}
	}
}

func unpackFile(in io.Reader, dir, name string) (entry ManifestEntry, err error) {
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return entry, fmt.Errorf("unpack %s: %w", name, err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return entry, fmt.Errorf("unpack %s: %w", name, err)
	}
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(f, sum), in)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return entry, fmt.Errorf("unpack %s: %w", name, err)
	}
	return ManifestEntry{Name: name, Size: n, SHA256: hex.EncodeToString(sum.Sum(nil))}, nil
}

func checkManifest(in io.Reader, got map[string]ManifestEntry) (Manifest, error) {
	var m Manifest
	if err := json.NewDecoder(in).Decode(&m); err != nil {
		return m, fmt.Errorf("read the manifest: %w", err)
	}
	if m.Format != manifestFormat {
		return m, fmt.Errorf("format %d is not known", m.Format)
	}
	if len(m.Files) != len(got) {
		return m, fmt.Errorf("%d files are listed, %d are there", len(m.Files), len(got))
	}
	for _, want := range m.Files {
		if got[want.Name] != want {
			return m, fmt.Errorf("%s is not what was backed up", want.Name)
		}
	}
	if _, ok := got[DatabaseName]; !ok {
		return m, errors.New("there is no database in it")
	}
	if _, ok := got[KeysName]; ok != m.Keys {
		return m, errors.New("the key file is listed wrongly")
	}
	return m, nil
}

// syncDir makes a name in a folder durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("flush %s: %w", dir, err)
	}
	return errors.Join(d.Sync(), d.Close())
}
