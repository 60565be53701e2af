package web_test

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"mime/multipart"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"huiyin/internal/matter"
	"huiyin/internal/usecase"
)

// uploads lists the files in the folder of uploads, whatever they are.
func (s *testSite) uploads() []string {
	s.t.Helper()
	var out []string
	check(s.t, filepath.WalkDir(s.files, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			out = append(out, path)
		}
		return err
	}))
	return out
}

// A file that is too large, or empty, is told beside the field, and those that came with it are kept; nothing of what was refused is left.
func TestFilesOfAForm(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	b.fill()
	const at = "/file/materials"
	large := append([]byte("\xff\xd8\xff"), make([]byte, usecase.MaxUpload)...)
	b.upload(at, "大.jpg", large, "do", "upload").want(invalid, at, "超过 20 MB 的上限")
	b.upload(at, "空.jpg", nil, "do", "upload").want(invalid, at)
	if left := s.uploads(); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}

	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	check(t, w.WriteField("do", "upload"))
	for i := range matter.MaxAttachments + 2 {
		part, err := w.CreateFormFile("files", strconv.Itoa(i)+".png")
		check(t, err)
		_, err = part.Write(picture(t))
		check(t, err)
	}
	other, err := w.CreateFormFile("elsewhere", "x.png") // no field of the form
	check(t, err)
	_, err = other.Write(picture(t))
	check(t, err)
	check(t, w.Close())
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, b.base+at, &body)
	check(t, err)
	r.Header.Set("Content-Type", w.FormDataContentType())
	b.send(r).want(invalid, at, "19.png", strconv.Itoa(matter.MaxAttachments))
	if kept := s.uploads(); len(kept) != matter.MaxAttachments {
		t.Errorf("%d are kept", len(kept))
	}
}

// What is typed into a form stays bounded, also where files may be long; a form that breaks off is none and leaves nothing.
func TestFormsThatAreNone(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	b.fill()
	const at = "/file/materials"
	if p := b.upload(at, "水渠.png", picture(t), "do", "upload", "title", strings.Repeat("x", 1<<20)); p.status != http.StatusRequestEntityTooLarge {
		t.Errorf("a megabyte was typed: %d", p.status)
	}
	begun := "--x\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a.jpg\"\r\n\r\n" + strings.Repeat("\xff\xd8\xff", 200_000)
	for name, c := range map[string]struct {
		kind string
		body io.Reader
	}{
		"cut":         {"multipart/form-data; boundary=x", strings.NewReader(begun)},
		"no boundary": {"multipart/form-data", strings.NewReader("x")},
		"many parts":  {"multipart/form-data; boundary=x", strings.NewReader(strings.Repeat("--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n", 1001) + "--x--\r\n")},
		"broken off":  {"multipart/form-data; boundary=x", io.MultiReader(strings.NewReader(begun), broken{})},
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, b.base+at, c.body)
		check(t, err)
		r.Header.Set("Content-Type", c.kind)
		answer, err := b.client.Do(r)
		if name == "broken off" {
			if !errors.Is(err, errBroken) {
				t.Errorf("it was answered: %v", err)
			}
			continue
		}
		check(t, err)
		check(t, answer.Body.Close())
		if answer.StatusCode != invalid {
			t.Errorf("%s: %s", name, answer.Status)
		}
	}
	s.server.Close() // waits for who still reads
	if left := s.uploads(); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

var errBroken = errors.New("the line is dead")

// broken is a line that dies.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errBroken }
