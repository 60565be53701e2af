package usecase_test

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
	"huiyin/internal/vault"
)

// A backup brings everything back: matters, identities, uploads, keys.
func TestBackupAndRestore(t *testing.T) {
	for _, name := range []string{"b.tar", "b.tar.gz"} {
		t.Run(name, func(t *testing.T) {
			d := populated(t)
			assertSound(t, d)
			file := filepath.Join(t.TempDir(), name)
			m, err := d.Backup(t.Context(), file, filepath.Join(d.dir, usecase.KeysName))
			check(t, err)
			if len(m.Files) != 3 || !m.Keys || m.Bytes() == 0 {
				t.Errorf("%+v", m)
			}
			info, err := os.Stat(file)
			check(t, err)
			if info.Mode().Perm() != 0o600 {
				t.Errorf("mode %v", info.Mode())
			}
			if _, err := d.Backup(t.Context(), file, ""); errs.CodeOf(err) != "backup.exists" {
				t.Errorf("a second backup to the file: %v", err)
			}
			into := filepath.Join(t.TempDir(), "new", "data")
			back, err := usecase.Restore(t.Context(), file, into)
			check(t, err)
			if diff := cmp.Diff(m, back); diff != "" {
				t.Error(diff)
			}
			again := openDesk(t, into)
			assertSound(t, again)
			before, after := d.all(t), again.all(t)
			if len(before) != len(after) {
				t.Fatalf("%d and %d matters", len(before), len(after))
			}
			for i := range before {
				if diff := cmp.Diff(before[i].Row, after[i].Row); diff != "" || before[i].Link != after[i].Link {
					t.Error(diff)
				}
				if diff := cmp.Diff(before[i].Submissions[0].Parties, after[i].Submissions[0].Parties); diff != "" {
					t.Error(diff)
				}
			}
			if _, err := usecase.Restore(t.Context(), file, into); errs.CodeOf(err) != "restore.not_empty" {
				t.Errorf("a restore over data: %v", err)
			}
			leftovers(t, filepath.Dir(file), 1)
			leftovers(t, filepath.Dir(into), 1)
		})
	}
}

func leftovers(tb testing.TB, dir string, want int) {
	tb.Helper()
	entries, err := os.ReadDir(dir)
	check(tb, err)
	if len(entries) != want {
		tb.Errorf("left behind: %v", entries)
	}
}

func TestBackupWithoutKeys(t *testing.T) {
	d := populated(t)
	file := filepath.Join(t.TempDir(), "b.tar")
	m, err := d.Backup(t.Context(), file, "")
	check(t, err)
	if m.Keys || slices.ContainsFunc(m.Files, func(f usecase.ManifestEntry) bool { return f.Name == usecase.KeysName }) {
		t.Errorf("%+v", m)
	}
	into := filepath.Join(t.TempDir(), "data")
	_, err = usecase.Restore(t.Context(), file, into)
	check(t, err)
	if _, err := os.Stat(filepath.Join(into, usecase.KeysName)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("keys: %v", err)
	}
}

// archive writes a tar of the entries; a manifest fits them unless one is given.
func archive(tb testing.TB, entries ...tar.Header) []byte {
	tb.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, h := range entries {
		text := []byte(h.Linkname) // carries the content of a file
		if h.Typeflag == tar.TypeReg {
			h.Linkname, h.Size = "", int64(len(text))
		}
		h.Mode = 0o600
		check(tb, w.WriteHeader(&h))
		if h.Typeflag == tar.TypeReg {
			_, err := w.Write(text)
			check(tb, err)
		}
	}
	check(tb, w.Close())
	return b.Bytes()
}

// A backup that is cut, changed or made by somebody else leaves nothing behind, whatever it names.
func TestRestoreRefuses(t *testing.T) {
	d := populated(t)
	file := filepath.Join(t.TempDir(), "b.tar")
	_, err := d.Backup(t.Context(), file, filepath.Join(d.dir, usecase.KeysName))
	check(t, err)
	good, err := os.ReadFile(file)
	check(t, err)
	at := bytes.Index(good, []byte("SQLite format 3"))
	if at < 0 {
		t.Fatal("no database in the backup")
	}
	changed := bytes.Clone(good)
	changed[at+5000] ^= 1
	file1 := func(name, text string) tar.Header {
		return tar.Header{Typeflag: tar.TypeReg, Name: name, Linkname: text}
	}
	manifest, err := json.Marshal(usecase.Manifest{Format: 1})
	check(t, err)
	for name, text := range map[string][]byte{
		"empty":           {},
		"no archive":      []byte("what is this, and why does it claim to be a backup? "),
		"cut":             good[:len(good)/2],
		"without its end": good[:len(good)-6000],
		"changed":         changed,
		"a way out":       archive(t, file1("../evil", "x")),
		"an absolute way": archive(t, file1("/tmp/evil", "x")),
		"another file":    archive(t, file1("files/zz/evil", "x")),
		"a link":          archive(t, tar.Header{Typeflag: tar.TypeSymlink, Name: "huiyin.db", Linkname: "/etc/passwd"}),
		"a name twice":    archive(t, file1("huiyin.db", "x"), file1("huiyin.db", "y")),
		"empty manifest":  archive(t, file1("manifest.json", string(manifest))),
		"later format":    archive(t, file1("manifest.json", `{"format":2}`)),
		"unlisted":        archive(t, file1("huiyin.db", "x"), file1("manifest.json", string(manifest))),
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(t.TempDir(), "b")
			check(t, os.WriteFile(path, text, 0o600))
			if _, err := usecase.Restore(t.Context(), path, filepath.Join(dir, "data")); errs.CodeOf(err) != "restore.broken" {
				t.Errorf("%v", err)
			}
			leftovers(t, dir, 0)
		})
	}
	if _, err := usecase.Restore(t.Context(), filepath.Join(t.TempDir(), "none"), t.TempDir()); errs.CodeOf(err) != "restore.no_file" {
		t.Errorf("no file: %v", err)
	}
}

// After a rotation everything is under the new key and reads the same; a rotation that broke off is gone on with.
func TestRotate(t *testing.T) {
	for _, purpose := range []vault.Purpose{vault.Identity, vault.Sealed, vault.Lookup} {
		t.Run(string(purpose), func(t *testing.T) {
			d := populated(t)
			in := matter.Intake{
				Channel: matter.ChannelLetter, Title: "举报", Demands: []string{"查处"}, Place: county, Kind: matter.KindAccusation,
				Petitioners: []matter.Petitioner{{Name: "王芳", Phone: "13800138000"}},
			}
			_, err := d.Register(t.Context(), org.System(), in, "")
			check(t, err)
			in.Kind, in.Petitioners[0].IDNumber = matter.KindAppeal, "11010519491231002X"
			_, err = d.Register(t.Context(), org.System(), in, "")
			check(t, err)
			stale := func() int { return d.stale(t) }
			before := d.all(t)
			check(t, d.Vault.Rotate(purpose)) // and the process ends here
			want := map[vault.Purpose]int{vault.Identity: 4, vault.Sealed: 1, vault.Lookup: 0}[purpose]
			if got := stale(); got != want {
				t.Errorf("%d identities under the old key, want %d", got, want)
			}
			looks := 0
			r, err := d.Rotate(t.Context(), org.System(), usecase.RotateOptions{
				Purpose: purpose, Resume: true, Progress: func(usecase.Rotated, int) { looks++ },
			})
			check(t, err)
			people := map[vault.Purpose]int{vault.Identity: 4, vault.Sealed: 1, vault.Lookup: 1}[purpose]
			files := map[vault.Purpose]int{vault.Identity: 1}[purpose]
			if r.People != people || r.Files != files || stale() != 0 || looks == 0 {
				t.Errorf("%+v, %d left, told %d times", r, stale(), looks)
			}
			after := d.all(t)
			for i := range before {
				if diff := cmp.Diff(before[i].Submissions[0].Parties, after[i].Submissions[0].Parties); diff != "" {
					t.Error(diff)
				}
			}
			same := matter.Intake{Petitioners: []matter.Petitioner{{IDNumber: "11010519491231002X"}}}
			repeats, err := d.Repeats(t.Context(), org.Actor{Kind: org.ActorStaff, Duty: org.Duty{Role: org.RoleRegistrar, Unit: 2, Scope: 1}}, same, matter.Ref{})
			check(t, err)
			if len(repeats.List) != 1 || !repeats.List[0].Person {
				t.Errorf("found by the identity number: %+v", repeats.List)
			}
			assertSound(t, d)
			if r, err := d.Rotate(t.Context(), org.System(), usecase.RotateOptions{Purpose: purpose, Resume: true}); err != nil || r != (usecase.Rotated{}) {
				t.Errorf("a second time: %+v, %v", r, err)
			}
			r, err = d.Rotate(t.Context(), org.System(), usecase.RotateOptions{Purpose: purpose})
			if err != nil || r.People != people {
				t.Errorf("with a new key: %+v, %v", r, err)
			}
		})
	}
}

// stale counts the identities that are under an older key.
func (d desk) stale(tb testing.TB) int {
	tb.Helper()
	n := 0
	check(tb, d.store.Read(tb.Context(), func(t *store.Tx) error {
		rows, err := t.PartiesAfter(tb.Context(), store.PartyRow{}, 1000)
		for _, r := range rows {
			if d.Vault.NeedsRotation(r.Body) {
				n++
			}
		}
		return err
	}))
	return n
}

// Whatever a file holds, restoring it fills the folder with what its manifest lists, or leaves nothing behind.
func FuzzRestore(f *testing.F) {
	entry := func(name, text string) tar.Header {
		return tar.Header{Typeflag: tar.TypeReg, Name: name, Linkname: text}
	}
	sum := sha256.Sum256([]byte("x"))
	manifest, err := json.Marshal(usecase.Manifest{Format: 1, Files: []usecase.ManifestEntry{{Name: "huiyin.db", Size: 1, SHA256: hex.EncodeToString(sum[:])}}})
	check(f, err)
	f.Add(archive(f, entry("huiyin.db", "x"), entry("manifest.json", string(manifest))))
	f.Add(archive(f, entry("../x", "x")))
	f.Add([]byte{0x1F, 0x8B, 8, 0})
	f.Fuzz(func(t *testing.T, text []byte) {
		parent := t.TempDir()
		file := filepath.Join(t.TempDir(), "b")
		check(t, os.WriteFile(file, text, 0o600))
		m, err := usecase.Restore(t.Context(), file, filepath.Join(parent, "data"))
		if err != nil {
			leftovers(t, parent, 0)
			return
		}
		leftovers(t, parent, 1)
		for _, want := range m.Files {
			got, err := os.ReadFile(filepath.Join(parent, "data", want.Name))
			check(t, err)
			if s := sha256.Sum256(got); hex.EncodeToString(s[:]) != want.SHA256 {
				t.Errorf("%s is not what the manifest lists", want.Name)
			}
		}
	})
}
