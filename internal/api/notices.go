package api

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/usecase"
)

type (
	noticeBody struct {
		ID       string            `json:"id" example:"330112-15"`
		Matter   refText           `json:"matter,omitempty" doc:"Absent where the caller may not see it"`
		Kind     string            `json:"kind,omitempty" doc:"What happened: the kind of an event or of a reminder; absent of an accusation that the caller does not handle" example:"accepted"`
		Said     map[string]string `json:"said,omitempty" doc:"Codes, days and numbers it says besides its kind"`
		Channel  noticeWay         `json:"channel"`
		State    noticeWord        `json:"state"`
		Urgent   bool              `json:"urgent" doc:"Sent at night, too"`
		Made     time.Time         `json:"made"`
		Sent     *time.Time        `json:"sent,omitempty"`
		Read     *time.Time        `json:"read,omitempty" doc:"In the program: when whom it is for has read it"`
		To       string            `json:"to,omitempty" doc:"Address, masked"`
		Unit     *UnitBrief        `json:"unit,omitempty" doc:"Whose people were told"`
		Attempts int               `json:"attempts"`
		Error    string            `json:"error,omitempty" doc:"Code of why it was not sent"`
		Tries    []tryBody         `json:"tries,omitempty" doc:"Attempts, oldest first; only for administration"`
	}
	tryBody struct {
		At     time.Time `json:"at"`
		TookMS int64     `json:"took_ms"`
		Result string    `json:"result" enum:"started,sent,failed" doc:"One that stays started was broken off"`
		Answer string    `json:"answer,omitempty" doc:"Of the gateway, shortened and without addresses"`
	}
	noticesOutput struct {
		Body struct {
			Notices []noticeBody `json:"notices" doc:"Newest first"`
		} `nameHint:"NoticeList"`
	}
	noticePageInput struct {
		Cursor string `query:"cursor" maxLength:"100" doc:"next of the page before"`
	}
	noticePageOutput struct {
		Body struct {
			Notices []noticeBody `json:"notices" doc:"Newest first"`
			Next    string       `json:"next,omitempty" doc:"Cursor of the next page; absent at the end"`
		} `nameHint:"NoticePage"`
	}
	myNoticesOutput struct {
		Body struct {
			SMS     bool         `json:"sms" doc:"Text messages are sent"`
			Mail    bool         `json:"mail" doc:"E-mail is sent"`
			Chosen  bool         `json:"chosen" doc:"The petitioner has chosen; otherwise this is the office's way"`
			Phone   string       `json:"phone,omitempty" doc:"To which text messages go, masked"`
			Email   string       `json:"email,omitempty" doc:"To which e-mail goes, masked"`
			Notices []noticeBody `json:"notices" doc:"What was sent, newest first"`
		} `nameHint:"MyNotices"`
	}
	noticeInput struct {
		Notice string `path:"notice" maxLength:"40" doc:"id of the notice" example:"330112-15"`
	}
	noticeOutput struct {
		Body noticeBody
	}
	noticeWay  string
	noticeWord string
)

// Schema lists the words.
func (noticeWay) Schema(huma.Registry) *huma.Schema {
	return oneOf([]string{"app", "sms", "mail"})
}

// Schema lists the words.
func (noticeWord) Schema(huma.Registry) *huma.Schema {
	return oneOf([]string{"waiting", "sending", "sent", "failed", "dropped"})
}

// notices is what people were told: petitioners, units, and what could not be sent.
func (a *API) notices() {
	add(a, operation{
		id: "list_my_notices", method: http.MethodGet, path: "/my/notices", tag: tagCitizen, text: "api.op.my_notices", about: "api.op.my_notices.about", citizen: true,
	}, a.myNotices)
	add(a, operation{
		id: "list_matter_notices", method: http.MethodGet, path: "/matters/{ref}/notices", tag: tagMatters, text: "api.op.matter_notices", about: "api.op.matter_notices.about",
		grant: grantRead, absent: true,
	}, a.matterNotices)
	add(a, operation{
		id: "list_notices", method: http.MethodGet, path: "/notices", tag: tagOrganisation, text: "api.op.notices", about: "api.op.notices.about", grant: grantRead,
	}, a.listNotices)
	add(a, operation{
		id: "read_notice", method: http.MethodPost, path: "/notices/{notice}/read", tag: tagOrganisation, text: "api.op.read_notice", about: "api.op.read_notice.about",
		grant: grantAct, absent: true,
	}, a.readNotice)
	add(a, operation{
		id: "list_failed_notices", method: http.MethodGet, path: "/notices/failed", tag: tagOrganisation, text: "api.op.failed_notices", about: "api.op.failed_notices.about",
		grant: grantRead,
	}, a.failedNotices)
}

func (a *API) noticeOf(v usecase.NoticeView) noticeBody {
	b := noticeBody{
		ID: fmt.Sprintf("%d-%d", v.Matter.Home, v.ID), Kind: v.Kind, Said: v.Said, Channel: noticeWay(v.Channel), State: noticeWord(v.State), Urgent: v.Urgent,
		Made: instant(v.MadeUS), To: v.To, Attempts: v.Attempts, Error: v.Error,
	}
	if v.Matter.N != 0 {
		b.Matter = refOf(v.Matter)
	}
	if v.SentUS != 0 {
		at := instant(v.SentUS)
		b.Sent = &at
	}
	if v.ReadUS != 0 {
		at := instant(v.ReadUS)
		b.Read = &at
	}
	if u, ok := a.Office.Chart().Unit(v.Unit); ok {
		brief := briefOf(u)
		b.Unit = &brief
	}
	for _, t := range v.Tries {
		b.Tries = append(b.Tries, tryBody{At: instant(t.AtUS), TookMS: t.TookUS / 1000, Result: t.Result, Answer: t.Answer})
	}
	return b
}

func (a *API) myNotices(ctx context.Context, _ *struct{}) (*myNoticesOutput, error) {
	c, notices, err := a.Office.MyContact(ctx, callerOf(ctx).who)
	if err != nil {
		return nil, err
	}
	var out myNoticesOutput
	b := &out.Body
	b.SMS, b.Mail, b.Chosen, b.Phone, b.Email, b.Notices = c.Wish.SMS, c.Wish.Mail, c.Chosen, c.Phone, c.Email, list(notices, a.noticeOf)
	return &out, nil
}

func (a *API) matterNotices(ctx context.Context, in *RefInput) (*noticesOutput, error) {
	ref, err := parseRef(string(in.Ref))
	if err != nil {
		return nil, err
	}
	notices, err := a.Office.MatterNotices(ctx, callerOf(ctx).who, ref)
	if err != nil {
		return nil, err
	}
	var out noticesOutput
	out.Body.Notices = list(notices, a.noticeOf)
	return &out, nil
}

func (a *API) listNotices(ctx context.Context, in *noticePageInput) (*noticePageOutput, error) {
	after, err := parseNoticeCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	page, err := a.Office.Inbox(ctx, callerOf(ctx).who, after)
	if err != nil {
		return nil, err
	}
	return a.noticePage(page), nil
}

func (a *API) failedNotices(ctx context.Context, in *noticePageInput) (*noticePageOutput, error) {
	after, err := parseNoticeCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	page, _, err := a.Office.NoticeFailures(ctx, callerOf(ctx).who, after)
	if err != nil {
		return nil, err
	}
	return a.noticePage(page), nil
}

func (a *API) noticePage(page usecase.NoticePage) *noticePageOutput {
	var out noticePageOutput
	out.Body.Notices = list(page.Notices, a.noticeOf)
	if page.Next != nil {
		out.Body.Next = formatNoticeCursor(*page.Next)
	}
	return &out
}

func (a *API) readNotice(ctx context.Context, in *noticeInput) (*noticeOutput, error) {
	var ref matter.Ref
	if n, err := fmt.Sscanf(in.Notice, "%d-%d", &ref.Home, &ref.N); err != nil || n != 2 || in.Notice != fmt.Sprintf("%d-%d", ref.Home, ref.N) || ref.Home < 1 {
		return nil, errs.E(errs.NotFound, "notice.not_found")
	}
	v, err := a.Office.ReadNotice(ctx, callerOf(ctx).who, ref.Home, ref.N)
	if err != nil {
		return nil, err
	}
	return &noticeOutput{Body: a.noticeOf(v)}, nil
}

// formatNoticeCursor writes a position in a list of notices. Callers hand it back and look into it at their own risk.
func formatNoticeCursor(c usecase.NoticeCursor) string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d.%d.%d", c.MadeUS, c.Home, c.ID))
}

// parseNoticeCursor reads what formatNoticeCursor wrote; empty text is the start.
func parseNoticeCursor(text string) (usecase.NoticeCursor, error) {
	var c usecase.NoticeCursor
	if text == "" {
		return c, nil
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err == nil {
		_, err = fmt.Sscanf(string(b), "%d.%d.%d", &c.MadeUS, &c.Home, &c.ID)
	}
	if err != nil || formatNoticeCursor(c) != text {
		return usecase.NoticeCursor{}, errs.Fields([]errs.Field{errs.F("cursor", "api.cursor")})
	}
	return c, nil
}
