package api

import (
	"context"
	"encoding/hex"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"huiyin/internal/errs"
	"huiyin/internal/httpx"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

// attachmentBody is a file that was handed in.
type attachmentBody struct {
	ID    string    `json:"id"`
	Name  string    `json:"name"`
	Mime  string    `json:"mime" example:"application/pdf"`
	Size  int64     `json:"size" doc:"Bytes"`
	Added time.Time `json:"added"`
	Href  string    `json:"href,omitempty" format:"uri-reference" doc:"Where it is read, once a submission or an act has claimed it"`

	Inside string `json:"inside,omitempty" enum:"waiting,text,none,failed,picture" doc:"Whether there are words inside by which the matter is found: nobody has looked yet, there are, there are none (a scan), it cannot be read, or it is a kind of file without words; absent for what belongs to an accusation"`
}

type (
	uploadInput struct {
		Name        string   `query:"name" maxLength:"200" doc:"File name, where the body is the bare file"`
		Matter      refText  `query:"matter" doc:"The matter on which an act will name it"`
		Place       int64    `query:"place" minimum:"10" doc:"The place of the submission that will name it; needed without a key"`
		Kind        kindWord `query:"kind" doc:"The kind of the submission that will name it, where it is an accusation"`
		ContentType string   `header:"Content-Type" hidden:"true"`
		streamed
	}
	uploadOutput struct {
		Body attachmentBody
	}
	fileInput struct {
		RefInput
		ID string `path:"id" minLength:"24" maxLength:"24" doc:"Id of the upload" example:"6f1d2c3b4a59687766554433"`
	}
	fileOutput struct {
		Body func(huma.Context)
	}
)

// uploadBody leaves room for what multipart adds to the largest file.
const uploadBody = httpx.MaxUpload + 64<<10

func (a *API) attachments() {
	binary := &huma.Schema{Type: huma.TypeString, Format: "binary"}
	form := &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{"file": binary}, Required: []string{"file"}}
	add(a, operation{
		id: "upload_attachment", method: http.MethodPost, path: "/attachments", tag: tagAttachments, text: "api.op.upload", about: "api.op.upload.about",
		open: true, citizen: true, grant: grantRegister, also: grantAct, status: http.StatusCreated, limit: uploadBody, limited: true, raw: true,
		body: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
			mediaBytes: {Schema: binary}, "multipart/form-data": {Schema: form},
		}},
	}, a.upload)
	add(a, operation{
		id: "get_attachment", method: http.MethodGet, path: "/matters/{ref}/attachments/{id}", tag: tagAttachments, text: "api.op.attachment",
		about: "api.op.attachment.about", grant: grantRead, citizen: true, absent: true,
		answers: map[string]*huma.MediaType{mediaBytes: {Schema: binary}},
	}, a.attachment)
}

// deadline is until when an upload may take.
func (a *API) deadline() time.Time { return instant(a.Office.Now()).Add(uploadTime) }

const uploadTime = 5 * time.Minute

func (a *API) upload(ctx context.Context, in *uploadInput) (*uploadOutput, error) {
	c := callerOf(ctx)
	if c.who.Kind == org.ActorNobody {
		if err := a.Attempts.File(c.addr); err != nil {
			return nil, err
		}
	}
	home, err := a.uploadHome(c.who, in)
	if err != nil {
		return nil, err
	}
	name, staged, err := a.stage(in)
	if err != nil {
		return nil, err
	}
	defer staged.Drop()
	content, err := staged.Content()
	if err != nil {
		return nil, err
	}
	checked, err := httpx.CheckUpload(content, staged.Size, name)
	if err != nil {
		return nil, err
	}
	row, err := a.Office.Keep(ctx, c.who, home, staged, checked.Name, checked.Kind.MIME())
	if err != nil {
		return nil, err
	}
	return &uploadOutput{Body: attachmentBody{ID: row.ID, Name: row.Name, Mime: row.Mime, Size: row.Size, Added: instant(row.AddedUS)}}, nil
}

// uploadHome is where an upload has to lie to be claimed: the home of the matter, or of whoever will receive the submission.
func (a *API) uploadHome(who org.Actor, in *uploadInput) (int64, error) {
	switch {
	case who.Kind == org.ActorPetitioner:
		return who.Home, nil
	case in.Matter != "":
		ref, err := matter.ParseRef(string(in.Matter))
		if err != nil {
			return 0, errs.Fields([]errs.Field{errs.F("matter", errs.CodeOf(err))})
		}
		return ref.Home, nil
	}
	unit, _ := a.Office.CheckIntake(who, matter.Intake{Place: in.Place, Kind: matter.Kind(in.Kind)})
	if unit.ID == 0 {
		return 0, errs.Fields([]errs.Field{errs.F("place", "intake.place")})
	}
	return usecase.HomeOf(unit.Place), nil
}

// stage takes the file in a body in as it comes: the body itself, or the first file of a form. A body that is too large, or too slow, is refused as such, whatever else is
// wrong with it.
func (a *API) stage(in *uploadInput) (name string, staged *usecase.Staged, err error) {
	name, file, err := in.file()
	if err == nil {
		staged, err = a.Office.Stage(file)
	}
	if errs.KindOf(err) != errs.Unavailable { // with no room for it, nobody need send the rest
		if rest := in.rest(); rest != nil {
			err = rest
		}
	}
	if err != nil {
		if staged != nil {
			staged.Drop()
		}
		return "", nil, notRead(err)
	}
	return name, staged, nil
}

// file is the file in a body, yet to be read.
func (in *uploadInput) file() (name string, content io.Reader, err error) {
	media, params, err := mime.ParseMediaType(in.ContentType)
	if err != nil || media != "multipart/form-data" {
		return in.Name, in.body, nil //nolint:nilerr // the type of a bare file is told from its content
	}
	form := multipart.NewReader(in.body, params["boundary"])
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return "", nil, errs.Fields([]errs.Field{errs.F("file", "field.required")})
		}
		if err != nil {
			return "", nil, err
		}
		if name = part.FileName(); name != "" {
			return name, part, nil
		}
	}
}

func (a *API) attachment(ctx context.Context, in *fileInput) (*fileOutput, error) {
	ref, err := parseRef(string(in.Ref))
	if err != nil {
		return nil, err
	}
	row, content, err := a.Office.Attachment(ctx, callerOf(ctx).who, ref, in.ID)
	if err != nil {
		return nil, err
	}
	return download(row.Name, row.Mime, content, hex.EncodeToString(row.SHA256)), nil
}

// download sends what an upload holds and closes it.
func download(name, media string, content *usecase.Content, etag string) *fileOutput {
	return &fileOutput{Body: func(ctx huma.Context) {
		defer func() { _ = content.Close() }() // only read from
		r, w := humago.Unwrap(ctx)
		httpx.ServeDownload(w, r, name, media, content, etag)
	}}
}
