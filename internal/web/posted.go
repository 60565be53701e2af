package web

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"time"

	"huiyin/internal/errs"
	"huiyin/internal/httpx"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

// How much a form with files may bring, and how long it may take to do so over a slow line.
const (
	filesAtOnce = 5
	filesBytes  = filesAtOnce*usecase.MaxUpload + httpx.DefaultBody
	filesTime   = 5 * time.Minute
	filesField  = "files"
	mostParts   = 1000 // of one form
)

// posted is a form as it was sent. Its files were taken in as they came and wait, encrypted, to be looked at and kept; whoever read the form drops it in the end, and with it
// those that were not.
type posted struct {
	url.Values
	files []postedFile
	more  bool // there were more files than may be handed in
}

type postedFile struct {
	name string
	*usecase.Staged
}

func (p *posted) drop() {
	for _, f := range p.files {
		f.Drop()
	}
}

// postedFiles reads a form that may bring files.
func (s *Site) postedFiles(w http.ResponseWriter, r *http.Request) (*posted, error) {
	return s.readForm(w, r, s.Office.Stage)
}

// postedWords reads what was typed into a form that may bring files, which come again with the form itself.
func (s *Site) postedWords(w http.ResponseWriter, r *http.Request) (url.Values, error) {
	p, err := s.readForm(w, r, nil)
	if err != nil {
		return nil, err
	}
	return p.Values, nil
}

// stager takes a file in; nil lets it pass.
type stager func(io.Reader) (*usecase.Staged, error)

func (s *Site) readForm(w http.ResponseWriter, r *http.Request, stage stager) (*posted, error) {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		values, err := parseForm(r)
		return &posted{Values: values}, err
	}
	if err := httpx.AllowUpload(w, r, filesBytes, time.UnixMicro(s.Office.Now()).Add(filesTime)); err != nil {
		return nil, err
	}
	p := &posted{Values: url.Values{}}
	if err := p.read(r, stage); err != nil {
		p.drop()
		if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return nil, tooLarge
		}
		if errs.KindOf(err) == errs.Unavailable { // there is no room for the files
			return nil, err
		}
		return nil, errs.E(errs.Invalid, "form.unreadable").Because(err)
	}
	return p, nil
}

// read takes the parts of a form in one after the other. Of all there is in memory only what was typed.
func (p *posted) read(r *http.Request, stage stager) error {
	form, err := r.MultipartReader()
	if err != nil {
		return err
	}
	room := int64(httpx.DefaultBody)
	for range mostParts {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch name := part.FormName(); {
		case name == "":
		case part.FileName() == "":
			var text strings.Builder
			n, err := io.Copy(&text, io.LimitReader(part, room+1))
			if err != nil {
				return err
			}
			if room -= n + int64(len(name)); room < 0 {
				return &http.MaxBytesError{Limit: httpx.DefaultBody}
			}
			p.Add(name, text.String())
		case name == filesField && stage != nil:
			if err := p.take(part, stage); err != nil {
				return err
			}
		}
	}
	return errors.New("a form of too many parts")
}

func (p *posted) take(part *multipart.Part, stage stager) error {
	if len(p.files) == matter.MaxAttachments {
		p.more = true
		return nil
	}
	staged, err := stage(part)
	if err != nil {
		return err
	}
	p.files = append(p.files, postedFile{part.FileName(), staged})
	return nil
}

// receive checks the files of a form by their content and keeps them at a home until they are claimed. had is how many there are already.
func (s *Site) receive(r *http.Request, who org.Actor, home int64, p *posted, had int) (taken []upload, faults []errs.Field, err error) {
	many := errs.F(filesField, "field.many", "max", matter.MaxAttachments)
	for _, f := range p.files {
		if had+len(taken) >= matter.MaxAttachments {
			return taken, append(faults, many), nil
		}
		row, err := s.receiveOne(r, who, home, f)
		var refused *errs.Error
		switch {
		case err == nil:
			taken = append(taken, row)
		case errors.As(err, &refused) && (refused.Kind == errs.Invalid || refused.Kind == errs.TooLarge):
			f := errs.F(filesField, refused.Code)
			f.Args = refused.Args
			faults = append(faults, f)
		default:
			return taken, nil, err
		}
	}
	if p.more {
		faults = append(faults, many)
	}
	return taken, faults, nil
}

func (s *Site) receiveOne(r *http.Request, who org.Actor, home int64, f postedFile) (upload, error) {
	content, err := f.Content()
	if err != nil {
		return upload{}, err
	}
	checked, err := httpx.CheckUpload(content, f.Size, f.name)
	if err != nil {
		return upload{}, err
	}
	row, err := s.Office.Keep(r.Context(), who, home, f.Staged, checked.Name, checked.Kind.MIME())
	return upload{Home: row.Home, ID: row.ID, Name: row.Name, Size: row.Size}, err
}
