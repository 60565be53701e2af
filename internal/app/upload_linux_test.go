package app_test

import (
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
)

// hundred is a body of a hundred megabytes that begins as a picture does.
const hundred = 100 << 20

// TestUploadIsBounded: a file of a hundred megabytes is refused when as much of it was read as may be uploaded, and takes no more memory than that, whichever way it comes.
func TestUploadIsBounded(t *testing.T) {
	k := newKilling(t)
	k.setUp(t)
	_, stop := k.serve(t)
	defer stop()
	for name, header := range map[string]http.Header{
		"bare": {"Content-Type": {"application/octet-stream"}}, "of unknown length": {"Content-Type": {"application/octet-stream"}}, "a form": {"Content-Type": {"multipart/form-data; boundary=x"}},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		body := io.MultiReader(strings.NewReader("\xff\xd8\xff"), io.LimitReader(zeros{}, hundred))
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+k.addr+"/api/v1/attachments?place=330112&name=a.jpg", body)
		if err != nil {
			t.Fatal(err)
		}
		r.Header = header
		r.Header.Set("Authorization", "Bearer "+k.registrarKey)
		if name == "bare" {
			r.ContentLength = hundred + 3
		}
		resp, err := k.http.Do(r)
		if err != nil { // it hangs up on who goes on sending
			t.Logf("%s: %v", name, err)
		} else {
			text, err := io.ReadAll(resp.Body)
			if err := errors.Join(err, resp.Body.Close()); err != nil || resp.StatusCode != http.StatusRequestEntityTooLarge {
				t.Errorf("%s: %s %s %v", name, resp.Status, text, err)
			}
		}
		runtime.ReadMemStats(&after)
		if took := after.TotalAlloc - before.TotalAlloc; took > hundred {
			t.Errorf("%s: %d MB were allocated", name, took>>20)
		}
	}
}

// zeros never end.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}

// TestUploadsFolderHangsOrFails: where the folder of uploads does not answer, only who wants a file waits; where it fails, an upload says so. The desk goes on, and with the
// folder back everything does.
func TestUploadsFolderHangsOrFails(t *testing.T) {
	k := newKilling(t)
	k.setUp(t)
	a, stop := k.serve(t)
	home, files := usecase.HomeOf(k.bureau.Place), filepath.Join(k.dir, usecase.FilesName)
	attach := func() (store.AttachmentRow, error) {
		return a.Office.Attach(t.Context(), org.System(), home, usecase.Upload{Name: "a.txt", Mime: "text/plain", Content: []byte("附件")})
	}
	row, err := attach()
	if err != nil {
		t.Fatal(err)
	}
	r, err := a.Office.Register(t.Context(), org.System(), matter.Intake{
		Channel: matter.ChannelVisit, Title: "路灯不亮", Narrative: "校门口", Demands: []string{"修好路灯"}, Place: k.bureau.Place, Attachments: []string{row.ID},
		Petitioners: []matter.Petitioner{{Name: "张三", Phone: "0571-00000001"}},
	}, "")
	if err != nil {
		t.Fatal(err)
	}
	k.taken++
	k.versions[r.Ref.String()] = 1

	sum := hex.EncodeToString(row.SHA256)
	at := filepath.Join(files, sum[:2], sum)
	if err := os.Rename(at, at+".away"); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(at, 0o600); err != nil { // who reads it waits for somebody who writes
		t.Fatal(err)
	}
	waits := make(chan error, 1)
	go func() {
		_, _, err := a.Office.Attachment(t.Context(), org.System(), r.Ref, row.ID)
		waits <- err
	}()
	k.rounds(t, 3)
	select {
	case err := <-waits:
		t.Errorf("it did not hang: %v", err)
	default:
	}
	w, err := os.OpenFile(at, os.O_RDWR, 0) // who waits, or comes before the file is back, is let go
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Rename(at+".away", at), w.Close()); err != nil {
		t.Fatal(err)
	}
	if err := <-waits; err == nil {
		t.Error("nothing was read, and nobody said so")
	}
	k.rounds(t, 1)

	if err := os.Rename(files, files+".away"); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(files, nil, 0o600); err != nil { // no folder at all
		t.Fatal(err)
	}
	if _, err := attach(); errs.CodeOf(err) != "upload.disk" || errs.KindOf(err) != errs.Unavailable {
		t.Errorf("without a folder: %v", err)
	}
	k.rounds(t, 1)
	if err := errors.Join(os.Remove(files), os.Rename(files+".away", files)); err != nil {
		t.Fatal(err)
	}
	if _, err := attach(); err != nil {
		t.Errorf("with the folder back: %v", err)
	}
	_, content, err := a.Office.Attachment(t.Context(), org.System(), r.Ref, row.ID)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(content)
	if err := errors.Join(err, content.Close()); err != nil || string(text) != "附件" {
		t.Errorf("read again: %s %v", text, err)
	}
	stop()
	k.compare(t, 1)
}
