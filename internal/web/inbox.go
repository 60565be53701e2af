package web

import (
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"huiyin/internal/errs"
	"huiyin/internal/i18n"
	"huiyin/internal/notify"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

const inboxAt = "/desk/notices"

// inboxView is a page of what somebody on duty was told, newest first.
type inboxView struct {
	rows   []inboxRow
	unread bool   // of those shown
	until  string // the newest one shown: up to it everything can be marked as read
	later  bool   // not the first page
	pages  ui.PaginationProps
}

type inboxRow struct {
	when, iso, text, open string
	number                string // of the matter; empty of a notice of no matter
	fresh                 bool   // not read yet
	urgent                bool
}

// inbox shows what the reader and all people of their unit were told.
func (s *Site) inbox(w http.ResponseWriter, r *http.Request, v *visit) error {
	pager := adminPagerIn(inboxAt, r.URL.Query())
	page, err := s.Office.Inbox(r.Context(), v.who, noticeCursorIn(pager.after()))
	if err != nil {
		return err
	}
	view := inboxView{later: pager.after() != ""}
	for _, n := range page.Notices {
		view.unread = view.unread || n.ReadUS == 0
		view.rows = append(view.rows, inboxRow{
			when: v.t.Instant(n.MadeUS), iso: v.t.InstantISO(n.MadeUS), text: notify.Words(v.t, s.Office.Chart(), n.Kind, n.Said), number: noticeNumber(n),
			open: inboxAt + "/" + adminIDText(n.Matter.Home) + "/" + adminIDText(n.ID), fresh: n.ReadUS == 0, urgent: n.Urgent,
		})
	}
	if len(page.Notices) > 0 {
		view.until = adminIDText(page.Notices[0].MadeUS)
	}
	view.pages = pager.links(noticeCursorText(page.Next))
	view.pages.Range = v.t.T("notice.n", "n", len(view.rows))
	return s.show(w, r, http.StatusOK, s.staffPage(r, v, v.t.T("nav.notices"), inboxAt, inboxPage(v.t, view)))
}

// noticeNumber is the number of the matter that a notice is about; empty for one that is about none.
func noticeNumber(n usecase.NoticeView) string {
	if n.Matter.N == 0 {
		return ""
	}
	return n.Matter.String()
}

// inboxOpen marks a notice as read and leads to its matter, the sheet of the assessment that it tells of, or the webhook.
func (s *Site) inboxOpen(w http.ResponseWriter, r *http.Request, v *visit) error {
	home, id, err := noticeIn(r)
	if err != nil {
		return err
	}
	n, err := s.Office.ReadNotice(r.Context(), v.who, home, id)
	if err != nil {
		return err
	}
	if assessment, unit := n.NoticeSheet(); n.Matter.N == 0 && assessment != 0 {
		return s.done(w, r, sheetPath(assessment, unit), "", nil)
	}
	if n.Matter.N == 0 { // it is of a webhook
		return s.done(w, r, adminWebhooksAt+"/"+url.PathEscape(n.Said["webhook"]), "", nil)
	}
	return s.done(w, r, matterPath(n.Matter), "", nil)
}

// inboxRead marks everything as read that the reader was shown.
func (s *Site) inboxRead(w http.ResponseWriter, r *http.Request, v *visit) error {
	form, err := parseForm(r)
	if err != nil {
		return err
	}
	until, err := strconv.ParseInt(form.Get("until"), 10, 64)
	if err != nil {
		return errs.E(errs.Invalid, "form.unreadable")
	}
	if err := s.Office.ReadInbox(r.Context(), v.who, until); err != nil {
		return err
	}
	return s.done(w, r, inboxAt, "notice.all_read", nil)
}

// inboxLink leads to the reader's notices and says how many they have not read. That they cannot be counted keeps nobody from their page.
func (s *Site) inboxLink(r *http.Request, t *i18n.Speaker, who org.Actor) ui.ButtonProps {
	n, err := s.Office.Unread(r.Context(), who)
	if err != nil {
		s.Log.LogAttrs(r.Context(), slog.LevelError, "unread notices not counted", slog.Any("err", err))
	}
	text := t.T("nav.notices")
	switch {
	case n > usecase.MaxUnread:
		text = t.T("nav.notices.many", "max", usecase.MaxUnread)
	case n > 0:
		text = t.T("nav.notices.n", "n", n)
	}
	return ui.ButtonProps{Text: text, Href: inboxAt, AsText: true}
}

// noticeIn is the notice that a path names.
func noticeIn(r *http.Request) (home, id int64, err error) {
	if home, err = adminID(r, "home"); err != nil {
		return 0, 0, err
	}
	id, err = adminID(r, "id")
	return home, id, err
}

// noticeCursorText writes a position of a list of notices for an address; empty for none.
func noticeCursorText(c *usecase.NoticeCursor) string {
	if c == nil {
		return ""
	}
	return adminIDText(c.MadeUS) + "-" + adminIDText(c.Home) + "-" + adminIDText(c.ID)
}

// noticeCursorIn reads a position. What is none is the beginning.
func noticeCursorIn(text string) usecase.NoticeCursor {
	parts := strings.Split(text, "-")
	if len(parts) != 3 {
		return usecase.NoticeCursor{}
	}
	var n [3]int64
	for i, p := range parts {
		v, err := strconv.ParseInt(p, 10, 64)
		if err != nil {
			return usecase.NoticeCursor{}
		}
		n[i] = v
	}
	return usecase.NoticeCursor{MadeUS: n[0], Home: n[1], ID: n[2]}
}
