package usecase_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
	"huiyin/internal/vault"
)

// gives gives n bytes and then an error.
type gives struct {
	n   int
	err error
}

func (g *gives) Read(b []byte) (int, error) {
	if g.n == 0 {
		return 0, g.err
	}
	n := min(len(b), g.n)
	for i := range n {
		b[i] = byte('a' + (g.n-i)%26)
	}
	g.n -= n
	return n, nil
}

// left lists what is in the folder of uploads besides uploads.
func (d desk) left(tb testing.TB) []string {
	tb.Helper()
	entries, err := os.ReadDir(filepath.Join(d.dir, usecase.FilesName))
	check(tb, err)
	var out []string
	for _, e := range entries {
		if !e.IsDir() {
			out = append(out, e.Name())
		}
	}
	return out
}

// allocated is how many bytes fn takes from memory in all, whether it gives them back or not.
func allocated(fn func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	fn()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// The largest file is taken in and given out again in little memory, and nothing of it lies in the clear meanwhile.
func TestFilesStream(t *testing.T) {
	const most = 2 << 20
	d := openDesk(t, t.TempDir())
	var row store.AttachmentRow
	took := allocated(func() {
		s, err := d.Stage(&gives{usecase.MaxUpload, io.EOF})
		check(t, err)
		defer s.Drop()
		for _, name := range d.left(t) {
			f, err := os.Open(filepath.Join(d.dir, usecase.FilesName, name))
			check(t, err)
			head := make([]byte, 4096)
			_, err = io.ReadFull(f, head)
			check(t, errors.Join(err, f.Close()))
			if bytes.Contains(head, []byte("jihgfedcba")) {
				t.Error("in the clear")
			}
		}
		content, err := s.Content()
		check(t, err)
		if content.Size() != usecase.MaxUpload {
			t.Errorf("%d bytes", content.Size())
		}
		row, err = d.Keep(t.Context(), org.System(), county, s, "a.pdf", "application/pdf")
		check(t, err)
	})
	if took > most {
		t.Errorf("an upload took %d kB", took>>10)
	}
	ref := d.taken(t, matter.KindAppeal, row.ID)
	sum := sha256.New()
	took = allocated(func() {
		_, content, err := d.Attachment(t.Context(), org.System(), ref, row.ID)
		check(t, err)
		_, err = io.Copy(sum, content)
		check(t, errors.Join(err, content.Close()))
	})
	if took > most {
		t.Errorf("a download took %d kB", took>>10)
	}
	want := sha256.New()
	_, err := io.Copy(want, &gives{usecase.MaxUpload, io.EOF})
	check(t, err)
	if !bytes.Equal(sum.Sum(nil), want.Sum(nil)) {
		t.Error("another content came back")
	}
	took = allocated(func() { assertSound(t, d) })
	if took > usecase.MaxUpload/2 {
		t.Errorf("verification took %d kB", took>>10)
	}
	if left := d.left(t); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// What breaks off, or is dropped, or is too large, leaves nothing; the error is the sender's own.
func TestStagedFilesLeaveNothing(t *testing.T) {
	d := openDesk(t, t.TempDir())
	off := errors.New("the line is dead")
	for _, n := range []int{0, 10, vault.ChunkSize + 1, 3 << 20} {
		if _, err := d.Stage(&gives{n, off}); !errors.Is(err, off) {
			t.Errorf("broken off after %d bytes: %v", n, err)
		}
	}
	for n, code := range map[int]string{0: "upload.size", usecase.MaxUpload + 1: "upload.size", 7: ""} {
		s, err := d.Stage(&gives{n, io.EOF})
		check(t, err)
		if s.Size != int64(n) {
			t.Errorf("%d bytes are counted as %d", n, s.Size)
		}
		content, err := s.Content()
		check(t, err)
		if n > usecase.MaxUpload && content.Size() != 0 {
			t.Error("part of a file is shown")
		}
		if code != "" {
			if _, err := d.Keep(t.Context(), org.System(), county, s, "a", "b"); errs.CodeOf(err) != code || errs.KindOf(err) != errs.TooLarge {
				t.Errorf("%d bytes: %v", n, err)
			}
		}
		s.Drop()
		s.Drop()
	}
	if left := append(d.left(t), d.onDisk(t)...); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// The sweep removes what a crash left of files on their way in, and half-made tables, but not what is on its way now, nor anything else.
func TestSweepStaged(t *testing.T) {
	d := openDesk(t, t.TempDir())
	files := filepath.Join(d.dir, usecase.FilesName)
	id := d.attach(t)
	for _, name := range []string{".new-1", "excelize-2", "notes"} {
		check(t, os.WriteFile(filepath.Join(files, name), []byte("x"), 0o600))
		old := time.Now().Add(-2 * time.Hour)
		check(t, os.Chtimes(filepath.Join(files, name), old, old))
	}
	s, err := d.Stage(strings.NewReader("on its way"))
	check(t, err)
	check(t, d.Sweep(t.Context()))
	row, err := d.Keep(t.Context(), org.System(), county, s, "a.txt", "text/plain")
	check(t, err)
	if left := d.left(t); len(left) != 1 || left[0] != "notes" {
		t.Errorf("left: %v", left)
	}
	d.taken(t, matter.KindAppeal, row.ID)
	d.reads(t, d.taken(t, matter.KindAppeal, id), id)
}

// whole makes the file of an upload one as they were before they were encrypted in chunks.
func (d desk) whole(tb testing.TB, id string) {
	tb.Helper()
	row := d.upload(tb, id)
	full := make([]byte, 4096)
	copy(full, handed.Content)
	key, sealed, err := d.Vault.SealOnce(full)
	check(tb, err)
	sum := sha256.Sum256(sealed)
	text, err := json.Marshal(map[string]any{"name": handed.Name, "mime": handed.Mime, "size": len(handed.Content), "key": key})
	check(tb, err)
	row.SHA256 = sum[:]
	for purpose, to := range map[vault.Purpose]*[]byte{vault.Identity: &row.IdentityCard, vault.Sealed: &row.SealedCard} {
		*to, err = d.Vault.Seal(purpose, text, vault.Place(row.Home, 0, "attachment/"+row.ID))
		check(tb, err)
	}
	name := hex.EncodeToString(sum[:])
	dir := filepath.Join(d.dir, usecase.FilesName, name[:2])
	check(tb, os.MkdirAll(dir, 0o700))
	check(tb, os.WriteFile(filepath.Join(dir, name), sealed, 0o600))
	check(tb, d.store.Update(tb.Context(), county, func(t *store.Tx) error { return t.UpdateAttachment(tb.Context(), row) }))
}

// Files from before they were encrypted in chunks are read, verified, rotated and brought back by a backup beside those of today. Reading them writes nothing: on a full disk reads go on.
func TestFilesFromBeforeChunks(t *testing.T) {
	d := openDesk(t, t.TempDir())
	openly, secretly, today := d.attach(t), d.attach(t), d.attach(t)
	d.whole(t, openly)
	d.whole(t, secretly)
	plain, accusation, now := d.taken(t, matter.KindAppeal, openly), d.taken(t, matter.KindAccusation, secretly), d.taken(t, matter.KindAppeal, today)
	for _, purpose := range []vault.Purpose{vault.Identity, vault.Sealed} {
		_, err := d.Rotate(t.Context(), org.System(), usecase.RotateOptions{Purpose: purpose})
		check(t, err)
	}
	file, into := filepath.Join(t.TempDir(), "b.tar"), filepath.Join(t.TempDir(), "data")
	_, err := d.Backup(t.Context(), file, filepath.Join(d.dir, usecase.KeysName))
	check(t, err)
	_, err = usecase.Restore(t.Context(), file, into)
	check(t, err)
	for _, d := range []desk{d, openDesk(t, into)} {
		d.reads(t, plain, openly)
		d.reads(t, accusation, secretly)
		d.reads(t, now, today)
		_, content, err := d.Attachment(t.Context(), org.System(), plain, openly)
		check(t, err)
		if left := d.left(t); len(left) > 0 {
			t.Errorf("written while one is read: %v", left)
		}
		check(t, content.Close())
		assertSound(t, d)
		if left := d.left(t); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	}
}

// A file that was changed, cut or exchanged on disk is not given out, and verification names it.
func TestChangedFiles(t *testing.T) {
	d := openDesk(t, t.TempDir())
	long := usecase.Upload{Name: "a.pdf", Mime: "application/pdf", Content: bytes.Repeat([]byte("0123456789"), 20_000)}
	row, err := d.Attach(t.Context(), org.System(), county, long)
	check(t, err)
	ref := d.taken(t, matter.KindAppeal, row.ID)
	path := d.onDisk(t)[0]
	was, err := os.ReadFile(path)
	check(t, err)
	for name, change := range map[string]func([]byte) []byte{
		"changed in the middle":  func(b []byte) []byte { b[len(b)/2] ^= 1; return b },
		"changed in the filling": func(b []byte) []byte { b[len(b)-20] ^= 1; return b },
		"cut between chunks":     func(b []byte) []byte { return b[:8+vault.ChunkSize+16] },
		"empty":                  func([]byte) []byte { return nil },
	} {
		check(t, os.WriteFile(path, change(bytes.Clone(was)), 0o600))
		_, content, err := d.Attachment(t.Context(), org.System(), ref, row.ID)
		if err == nil {
			_, err = io.Copy(io.Discard, content)
			check(t, content.Close())
		}
		if err == nil {
			t.Errorf("%s: it was given out", name)
		}
		v, err := d.Verify(t.Context(), org.System(), usecase.VerifyOptions{Files: true})
		check(t, err)
		if len(v.Findings) != 1 || v.Findings[0].Code != "verify.file.changed" {
			t.Errorf("%s: %+v", name, v.Findings)
		}
	}
}
