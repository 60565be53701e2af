package usecase_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
	"huiyin/internal/vault"
)

// handed is what the tests of this file hand in: content and name that must be found nowhere in the data folder.
var handed = usecase.Upload{Name: "王某受贿清单.txt", Mime: "text/plain", Content: []byte("某年某月某日，王某收了三万元")}

// attach uploads a file that nothing has claimed.
func (d desk) attach(tb testing.TB) string {
	tb.Helper()
	row, err := d.Attach(tb.Context(), org.System(), county, handed)
	check(tb, err)
	if row.Name != handed.Name || row.Mime != handed.Mime || row.Size != int64(len(handed.Content)) {
		tb.Errorf("%+v", row)
	}
	return row.ID
}

// file registers a matter of a kind with files and returns its number.
func (d desk) file(tb testing.TB, kind matter.Kind, files ...string) (matter.Ref, error) {
	tb.Helper()
	r, err := d.Register(tb.Context(), org.System(), matter.Intake{
		Channel: matter.ChannelLetter, Title: "信", Demands: []string{"查处"}, Place: county, Kind: kind, Attachments: files,
		Petitioners: []matter.Petitioner{{Name: "王芳", Phone: "13800138000"}},
	}, "")
	return r.Ref, err
}

// taken registers a matter that must be taken in.
func (d desk) taken(tb testing.TB, kind matter.Kind, files ...string) matter.Ref {
	tb.Helper()
	ref, err := d.file(tb, kind, files...)
	check(tb, err)
	return ref
}

// upload reads the row of an upload as it lies there.
func (d desk) upload(tb testing.TB, id string) store.AttachmentRow {
	tb.Helper()
	var row store.AttachmentRow
	check(tb, d.store.Read(tb.Context(), func(t *store.Tx) error {
		var err error
		row, err = t.Attachment(tb.Context(), county, id)
		return err
	}))
	return row
}

// reads checks that a file of a matter comes back as it was handed in.
func (d desk) reads(tb testing.TB, ref matter.Ref, id string) {
	tb.Helper()
	row, opened, err := d.Attachment(tb.Context(), org.System(), ref, id)
	content := contentOf(tb, opened)
	if err != nil || !bytes.Equal(content, handed.Content) || row.Name != handed.Name || row.Mime != handed.Mime || row.Size != int64(len(content)) {
		tb.Errorf("%s of %s: %+v %q %v", id, ref, row, content, err)
	}
}

// contentOf reads what was opened, to its end; nothing where nothing was.
func contentOf(tb testing.TB, c *usecase.Content) []byte {
	tb.Helper()
	if c == nil {
		return nil
	}
	b, err := io.ReadAll(c)
	check(tb, err)
	check(tb, c.Close())
	return b
}

// onDisk lists the files of the folder of uploads.
func (d desk) onDisk(tb testing.TB) []string {
	tb.Helper()
	found, err := filepath.Glob(filepath.Join(d.dir, usecase.FilesName, "*", "*"))
	check(tb, err)
	return found
}

// cards says under which keys the cards of an upload lie.
func cards(a store.AttachmentRow) string {
	var out []string
	if a.IdentityCard != nil {
		out = append(out, "identity")
	}
	if a.SealedCard != nil {
		out = append(out, "sealed")
	}
	return strings.Join(out, " ")
}

// What belongs to an accusation lies under the key of the sealed compartment alone, whoever claims it and when; what belongs to another matter under
// that of identity.
func TestFilesLieInTheirCompartment(t *testing.T) {
	d := openDesk(t, t.TempDir())
	before, openly, secretly, later, recorded := d.attach(t), d.attach(t), d.attach(t), d.attach(t), d.attach(t)
	plain := d.taken(t, matter.KindAppeal, openly)
	accusation := d.taken(t, matter.KindAccusation, secretly)
	own := org.Actor{Kind: org.ActorPetitioner, Home: accusation.Home, Submission: accusation.N}
	_, err := d.Do(t.Context(), own, accusation, 0, &matter.AddMaterial{Text: "还有一张清单", Attachments: []string{later}})
	check(t, err)
	_, err = d.Do(t.Context(), org.Actor{Kind: org.ActorPetitioner, Home: plain.Home, Submission: plain.N}, plain, 0, &matter.AddMaterial{Text: "补充", Attachments: []string{recorded}})
	check(t, err)
	for id, want := range map[string]string{before: "identity sealed", openly: "identity", secretly: "sealed", later: "sealed", recorded: "identity"} {
		a := d.upload(t, id)
		if got := cards(a); got != want {
			t.Errorf("cards under %q, want %q", got, want)
		}
		if a.Name != "" || a.Mime != "" || a.Size != 0 {
			t.Errorf("in the open: %+v", a)
		}
		for purpose, text := range map[vault.Purpose][]byte{vault.Identity: a.SealedCard, vault.Sealed: a.IdentityCard} {
			if _, err := d.Vault.Open(purpose, text, vault.Place(a.Home, 0, "attachment/"+a.ID)); err == nil {
				t.Errorf("a card opens with the key of %s", purpose)
			}
		}
	}
	d.reads(t, plain, openly)
	d.reads(t, accusation, secretly)
	d.reads(t, accusation, later)
	v, err := d.Matter(t.Context(), org.System(), accusation)
	check(t, err)
	if len(v.Attachments) != 2 || v.Attachments[0].Name != handed.Name {
		t.Errorf("%+v", v.Attachments)
	}
	track, err := d.Track(t.Context(), own)
	check(t, err)
	if len(track.Files) != 2 || track.Files[1].Name != handed.Name {
		t.Errorf("the petitioner's own: %+v", track.Files)
	}
	if _, _, err := d.Attachment(t.Context(), org.System(), plain, secretly); errs.CodeOf(err) != "upload.missing" {
		t.Errorf("through another matter: %v", err)
	}
	assertSound(t, d)
}

// Nobody who holds the data folder without the keys learns that two uploads are the same: no name, no content, no hash, no length in bytes.
func TestSameFileTwiceHasNothingInCommon(t *testing.T) {
	d := openDesk(t, t.TempDir())
	one, two := d.attach(t), d.attach(t)
	d.taken(t, matter.KindAppeal, one)
	d.taken(t, matter.KindAccusation, two)
	a, b := d.upload(t, one), d.upload(t, two)
	if bytes.Equal(a.SHA256, b.SHA256) {
		t.Error("the same hash")
	}
	sum := sha256.Sum256(handed.Content)
	files := d.onDisk(t)
	if len(files) != 2 {
		t.Fatalf("%v", files)
	}
	for _, name := range append(files, filepath.Join(d.dir, usecase.DatabaseName), filepath.Join(d.dir, usecase.DatabaseName+"-wal")) {
		text, err := os.ReadFile(name)
		check(t, err)
		for _, secret := range [][]byte{handed.Content, []byte(handed.Name), sum[:], []byte(hex.EncodeToString(sum[:]))} {
			if bytes.Contains(text, secret) {
				t.Errorf("%s holds %q", name, secret)
			}
		}
	}
	longer := handed
	longer.Content = append(bytes.Clone(handed.Content), "，并且还有"...)
	row, err := d.Attach(t.Context(), org.System(), county, longer)
	check(t, err)
	sizes := map[int64]bool{}
	for _, name := range d.onDisk(t) {
		info, err := os.Stat(name)
		check(t, err)
		sizes[info.Size()] = true
	}
	if len(sizes) != 1 {
		t.Errorf("lengths tell files apart: %v", sizes)
	}
	_, opened, err := d.Attachment(t.Context(), org.System(), d.taken(t, matter.KindAccusation, row.ID), row.ID)
	content := contentOf(t, opened)
	if err != nil || !bytes.Equal(content, longer.Content) {
		t.Errorf("%q, %v", content, err)
	}
}

// A filing that is refused, or undone in the middle, leaves an upload as it was: it can be claimed by an accusation, and by another matter.
func TestRefusedFilingLeavesTheUpload(t *testing.T) {
	d := openDesk(t, t.TempDir())
	id := d.attach(t)
	was := d.upload(t, id)
	for _, kind := range []matter.Kind{matter.KindAccusation, matter.KindAppeal} {
		if _, err := d.file(t, kind, id, "0102030405060708090a0b0c"); errs.KindOf(err) != errs.Invalid {
			t.Fatalf("with an upload that is not there: %v", err)
		}
		if diff := cmp.Diff(was, d.upload(t, id)); diff != "" {
			t.Error(diff)
		}
	}
	d.reads(t, d.taken(t, matter.KindAccusation, id), id)
	if got := cards(d.upload(t, id)); got != "sealed" {
		t.Errorf("cards under %q", got)
	}
	if _, err := d.file(t, matter.KindAppeal, id); errs.KindOf(err) != errs.Invalid {
		t.Errorf("a file of an accusation claimed again: %v", err)
	}
}

// A rotation puts the cards under the new key, touches no file, and goes on where it was stopped.
func TestRotateFiles(t *testing.T) {
	for purpose, want := range map[vault.Purpose]int{vault.Identity: 2, vault.Sealed: 2, vault.Lookup: 0, vault.PIN: 0} {
		t.Run(string(purpose), func(t *testing.T) {
			d := openDesk(t, t.TempDir())
			left, openly, secretly := d.attach(t), d.attach(t), d.attach(t)
			plain, accusation := d.taken(t, matter.KindAppeal, openly), d.taken(t, matter.KindAccusation, secretly)
			files := d.onDisk(t)
			check(t, d.Vault.Rotate(purpose)) // and the process ends here
			d.reads(t, accusation, secretly)
			r, err := d.Rotate(t.Context(), org.System(), usecase.RotateOptions{Purpose: purpose, Resume: true})
			if err != nil || r.Files != want {
				t.Errorf("%+v, %v; want %d", r, err, want)
			}
			for id, want := range map[string]string{left: "identity sealed", openly: "identity", secretly: "sealed"} {
				a := d.upload(t, id)
				if got := cards(a); got != want {
					t.Errorf("cards under %q, want %q", got, want)
				}
				if d.Vault.NeedsRotation(a.IdentityCard) || d.Vault.NeedsRotation(a.SealedCard) {
					t.Errorf("%s: a card is left under the old key", want)
				}
			}
			if diff := cmp.Diff(files, d.onDisk(t)); diff != "" {
				t.Error(diff)
			}
			d.reads(t, plain, openly)
			d.reads(t, accusation, secretly)
			d.reads(t, d.taken(t, matter.KindAccusation, left), left)
			assertSound(t, d)
			if r, err := d.Rotate(t.Context(), org.System(), usecase.RotateOptions{Purpose: purpose, Resume: true}); err != nil || r.Files != 0 {
				t.Errorf("a second time: %+v, %v", r, err)
			}
		})
	}
}

// old makes an upload as it was before there were cards: its content under the identity key, named by the content's hash.
func (d desk) old(tb testing.TB, id string) {
	tb.Helper()
	sum := sha256.Sum256(handed.Content)
	sealed, err := d.Vault.Seal(vault.Identity, handed.Content, sum[:])
	check(tb, err)
	name := hex.EncodeToString(sum[:])
	dir := filepath.Join(d.dir, usecase.FilesName, name[:2])
	check(tb, os.MkdirAll(dir, 0o700))
	check(tb, os.WriteFile(filepath.Join(dir, name), sealed, 0o600))
	check(tb, d.store.Update(tb.Context(), county, func(t *store.Tx) error {
		return t.InsertAttachment(tb.Context(), store.AttachmentRow{
			Home: county, ID: id, Name: handed.Name, Mime: handed.Mime, Size: int64(len(handed.Content)), SHA256: sum[:], AddedUS: 1,
		})
	}))
}

// Uploads from before there were cards are read as they lie; verification names those of accusations, and the rotation of the identity key moves them
// into their compartment. The file that they shared goes with the last.
func TestUploadsWithoutCards(t *testing.T) {
	d := openDesk(t, t.TempDir())
	for _, id := range []string{"aa", "bb", "cc"} {
		d.old(t, id)
	}
	plain, accusation := d.taken(t, matter.KindAppeal, "aa"), d.taken(t, matter.KindAccusation, "bb")
	d.reads(t, plain, "aa")
	d.reads(t, accusation, "bb")
	v, err := d.Verify(t.Context(), org.System(), usecase.VerifyOptions{})
	check(t, err)
	if len(v.Findings) != 1 || v.Findings[0].Code != "verify.file.unsealed" || v.Findings[0].File != "bb" {
		t.Errorf("%+v", v.Findings)
	}
	shared := d.onDisk(t)
	if len(shared) != 1 {
		t.Fatalf("%v", shared)
	}
	r, err := d.Rotate(t.Context(), org.System(), usecase.RotateOptions{Purpose: vault.Identity})
	if err != nil || r.Files != 3 {
		t.Errorf("%+v, %v", r, err)
	}
	for id, want := range map[string]string{"aa": "identity", "bb": "sealed", "cc": "identity sealed"} {
		if got := cards(d.upload(t, id)); got != want {
			t.Errorf("%s: cards under %q, want %q", id, got, want)
		}
	}
	if files := d.onDisk(t); len(files) != 3 || slices.Contains(files, shared[0]) {
		t.Errorf("%v", files)
	}
	d.reads(t, plain, "aa")
	d.reads(t, accusation, "bb")
	d.reads(t, d.taken(t, matter.KindAccusation, "cc"), "cc")
	assertSound(t, d)
}

// A backup brings the files of both compartments back.
func TestBackupFiles(t *testing.T) {
	d := openDesk(t, t.TempDir())
	openly, secretly, left := d.attach(t), d.attach(t), d.attach(t)
	plain, accusation := d.taken(t, matter.KindAppeal, openly), d.taken(t, matter.KindAccusation, secretly)
	file, into := filepath.Join(t.TempDir(), "b.tar"), filepath.Join(t.TempDir(), "data")
	_, err := d.Backup(t.Context(), file, filepath.Join(d.dir, usecase.KeysName))
	check(t, err)
	_, err = usecase.Restore(t.Context(), file, into)
	check(t, err)
	again := openDesk(t, into)
	again.reads(t, plain, openly)
	again.reads(t, accusation, secretly)
	again.reads(t, again.taken(t, matter.KindAccusation, left), left)
	assertSound(t, again)
}

// A card that was changed, or put on another row, opens nothing, and verification says so.
func TestVerifyFindsChangedCards(t *testing.T) {
	for name, statement := range map[string]string{
		"changed":               `update attachment set sealed_card = zeroblob(length(sealed_card)) where matter_id <> 0`,
		"of another upload":     `update attachment set sealed_card = (select sealed_card from attachment where matter_id = 0) where matter_id <> 0`,
		"with another's file":   `update attachment set sha256 = (select sha256 from attachment where matter_id = 0) where matter_id <> 0`,
		"under the other's key": `update attachment set identity_card = sealed_card where matter_id <> 0`,
	} {
		t.Run(name, func(t *testing.T) {
			d := openDesk(t, t.TempDir())
			d.attach(t)
			d.taken(t, matter.KindAccusation, d.attach(t))
			d.tamper(t, statement)
			v, err := d.Verify(t.Context(), org.System(), usecase.VerifyOptions{Files: true})
			check(t, err)
			if len(v.Findings) != 1 || v.Findings[0].Code != "verify.file.changed" {
				t.Errorf("%+v", v.Findings)
			}
		})
	}
}

// An upload that moves to another home leaves nothing behind, keeps its id, and is found again when the move is asked for twice.
func TestMovedUploadLeavesNothing(t *testing.T) {
	o := newOffice(t)
	row, err := o.Attach(t.Context(), org.Actor{}, 330110, handed)
	check(t, err)
	for range 2 {
		moved, err := o.MoveUpload(t.Context(), 330110, row.ID, 330112)
		if err != nil || moved.ID != row.ID || moved.Home != 330112 || moved.Name != handed.Name {
			t.Errorf("%+v, %v", moved, err)
		}
	}
	in := webIntake()
	in.Kind, in.Attachments = matter.KindAccusation, []string{row.ID}
	receipt, err := o.Register(t.Context(), org.Actor{}, in, "")
	check(t, err)
	_, opened, err := o.Attachment(t.Context(), org.System(), receipt.Ref, row.ID)
	content := contentOf(t, opened)
	if err != nil || !bytes.Equal(content, handed.Content) {
		t.Errorf("%q, %v", content, err)
	}
	o.read(t, func(tx *store.Tx) error {
		rows, err := tx.AttachmentsAfter(t.Context(), store.AttachmentRow{}, 10)
		if len(rows) != 1 || cards(rows[0]) != "sealed" {
			t.Errorf("left: %+v", rows)
		}
		return err
	})
}

// Sweeping an upload that nobody claimed removes its row and its file.
func TestSweepRemovesTheFile(t *testing.T) {
	d := openDesk(t, t.TempDir())
	claimed, left := d.attach(t), d.attach(t)
	ref := d.taken(t, matter.KindAccusation, claimed)
	d.tamper(t, `update attachment set added_us = 1`)
	check(t, d.Sweep(t.Context()))
	if files := d.onDisk(t); len(files) != 1 {
		t.Errorf("%v", files)
	}
	d.reads(t, ref, claimed)
	if err := d.store.Read(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Attachment(t.Context(), county, left)
		return err
	}); errs.KindOf(err) != errs.NotFound {
		t.Errorf("the row is left: %v", err)
	}
	if _, err := d.Attach(t.Context(), org.System(), county, usecase.Upload{Name: "empty"}); errs.KindOf(err) != errs.TooLarge {
		t.Errorf("an empty file: %v", err)
	}
}
