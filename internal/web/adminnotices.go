package web

import (
	"fmt"
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

const adminNoticesAt = "/desk/admin/notices"

// adminNoticesView is what was not sent, how much was, and by what ways.
type adminNoticesView struct {
	facts []ui.Fact
	rows  []adminNoticeRow
	later bool
	pages ui.PaginationProps
}

// adminNoticeRow is one notice that could not be sent.
type adminNoticeRow struct {
	when, iso, key, what, channel, why string
	tries                              []string
	retry, drop                        string
}

// adminNotices shows what could not be sent, and leads to the settings.
func (s *Site) adminNotices(w http.ResponseWriter, r *http.Request, v *visit) error {
	t := v.t
	pager := adminPagerIn(adminNoticesAt, r.URL.Query())
	page, counts, err := s.Office.NoticeFailures(r.Context(), v.who, noticeCursorIn(pager.after()))
	if err != nil {
		return err
	}
	set, err := s.Office.NoticeSettings(v.who)
	if err != nil {
		return err
	}
	view := adminNoticesView{later: pager.after() != "", pages: pager.links(noticeCursorText(page.Next)), facts: []ui.Fact{
		{Term: t.T("notice.count.waiting"), Text: t.Number(counts.Waiting)},
		{Term: t.T("notice.count.failed"), Text: t.Number(counts.Failed)},
		{Term: t.T("notice.count.day"), Text: t.T("notice.count.tries", "sent", t.Number(counts.SentTries), "failed", t.Number(counts.FailedTries))},
		{Term: t.T("notice.channel.sms"), Text: wayText(t, set.SMS.URL != "", set.SMS.URL)},
		{Term: t.T("notice.channel.mail"), Text: wayText(t, set.Mail.Host != "", set.Mail.Host)},
		{Term: t.T("admin.field.quiet"), Text: t.T("notice.quiet", "from", clockText(set.Quiet.From), "until", clockText(set.Quiet.Until))},
	}}
	for _, n := range page.Notices {
		view.rows = append(view.rows, s.adminNoticeRow(t, n))
	}
	view.pages.Range = t.T("notice.n", "n", len(view.rows))
	return s.show(w, r, http.StatusOK, s.staffPage(r, v, t.T("nav.messages"), adminNoticesAt, adminNoticesPage(t, view)))
}

func wayText(t *i18n.Speaker, open bool, to string) string {
	if !open {
		return t.T("notice.way.none")
	}
	return to
}

func (s *Site) adminNoticeRow(t *i18n.Speaker, n usecase.NoticeView) adminNoticeRow {
	at := adminNoticesAt + "/" + adminIDText(n.Matter.Home) + "/" + adminIDText(n.ID)
	row := adminNoticeRow{
		when: t.Instant(n.MadeUS), iso: t.InstantISO(n.MadeUS), channel: t.T("notice.channel." + string(n.Channel)), why: t.T(n.Error), what: t.T("notice.hidden"),
		key: n.Key(), retry: at + "/retry", drop: at + "/drop",
	}
	if n.Kind != "" {
		row.what = notify.Words(t, s.Office.Chart(), n.Kind, n.Said)
	}
	for _, try := range n.Tries {
		row.tries = append(row.tries, t.T("notice.try.line", "n", try.N, "at", t.Instant(try.AtUS), "result", t.T("notice.try."+try.Result), "answer", try.Answer))
	}
	return row
}

func (s *Site) adminNoticeRetry(w http.ResponseWriter, r *http.Request, v *visit) error {
	home, id, err := noticeIn(r)
	if err != nil {
		return err
	}
	if err := s.Office.RetryNotice(r.Context(), v.who, home, id); err != nil {
		return err
	}
	return s.done(w, r, adminNoticesAt, "notice.retry.done", nil)
}

func (s *Site) adminNoticeDrop(w http.ResponseWriter, r *http.Request, v *visit) error {
	home, id, err := noticeIn(r)
	if err != nil {
		return err
	}
	if err := s.Office.DropNotice(r.Context(), v.who, home, id); err != nil {
		return err
	}
	return s.done(w, r, adminNoticesAt, "notice.drop.done", nil)
}

// adminNoticeSettings is by what ways people are told.
func (s *Site) adminNoticeSettings(w http.ResponseWriter, r *http.Request, v *visit) error {
	was, err := s.Office.NoticeSettings(v.who)
	if err != nil {
		return err
	}
	values, err := adminFill(r, noticeValues(was))
	if err != nil {
		return err
	}
	t := v.t
	p := adminForm{
		title: t.T("notice.settings"), current: adminNoticesAt, crumbs: []ui.Link{{Text: t.T("nav.messages"), Href: adminNoticesAt}}, submit: t.T("admin.save"), back: adminNoticesAt,
		lead: []string{t.T("notice.settings.lead")}, fields: noticeFields(t, was),
	}
	if !adminSent(r, values) {
		return s.adminShow(w, r, v, p, values, nil)
	}
	next, wrong := noticeSettingsIn(values)
	err = errs.Fields(wrong)
	if err == nil {
		err = s.Office.SaveNoticeSettings(r.Context(), v.who, next)
	}
	if err != nil {
		return s.adminShow(w, r, v, p, values, err)
	}
	return s.done(w, r, adminNoticesAt, "admin.saved", nil)
}

// noticeFields are the fields of the settings. Secrets are never shown again.
func noticeFields(t *i18n.Speaker, was usecase.NoticeSettings) []adminField {
	secret := func(name, label string, kept bool) adminField {
		f := adminLine(name, label, t.T("notice.secret.hint"), true)
		f.Kind = "password"
		f.Autocomplete = "new-password"
		if kept {
			f.Hint = t.T("notice.secret.kept")
		}
		return f
	}
	port := adminLine("mail_port", t.T("admin.field.mail_port"), "", true)
	port.InputMode, port.Width = "numeric", "width-11"
	from, until := adminLine("quiet_from", t.T("admin.field.quiet_from"), t.T("notice.quiet.hint"), false), adminLine("quiet_until", t.T("admin.field.quiet_until"), "", false)
	from.Kind, until.Kind, from.Width, until.Width = "time", "time", "width-11", "width-11"
	return []adminField{
		adminLine("site_address", t.T("admin.field.site_address"), t.T("notice.address.hint", "days", usecase.LinkDays), true),
		adminLine("sms_url", t.T("admin.field.sms_url"), t.T("notice.sms_url.hint"), true),
		{FieldProps: ui.FieldProps{Name: "sms_method", Label: t.T("admin.field.sms_method")}, control: adminRadios, options: plainOptions(usecase.SMSMethods())},
		{FieldProps: ui.FieldProps{Name: "sms_format", Label: t.T("admin.field.sms_format")}, control: adminRadios, options: options(t.T, "notice.format", usecase.SMSFormats()...)},
		{FieldProps: ui.FieldProps{Name: "sms_body", Label: t.T("admin.field.sms_body"), Hint: t.T("notice.sms_body.hint"), Rows: 4, Optional: true}, control: adminArea},
		adminLine("sms_header", t.T("admin.field.sms_header"), t.T("notice.sms_header.hint"), true),
		secret("sms_secret", t.T("admin.field.sms_secret"), was.SMS.Secret != ""),
		adminLine("sms_success", t.T("admin.field.sms_success"), t.T("notice.sms_success.hint"), true),
		{FieldProps: ui.FieldProps{Name: "sms_to_all", Label: t.T("admin.field.sms_to_all"), Free: true}, control: adminChecks, options: []ui.Option{{
			Value: "yes", Text: t.T("notice.sms_to_all"), Note: t.T("notice.sms_to_all.hint"),
		}}},
		adminLine("mail_host", t.T("admin.field.mail_host"), t.T("notice.mail_host.hint"), true),
		port,
		{FieldProps: ui.FieldProps{Name: "mail_direct", Label: t.T("admin.field.mail_direct")}, control: adminRadios, options: options(t.T, "notice.mail_direct", "no", "yes")},
		adminLine("mail_user", t.T("admin.field.mail_user"), "", true),
		secret("mail_secret", t.T("admin.field.mail_secret"), was.Mail.Secret != ""),
		adminLine("mail_from", t.T("admin.field.mail_from"), "", true),
		from, until,
	}
}

func plainOptions(values []string) []ui.Option {
	out := make([]ui.Option, len(values))
	for i, v := range values {
		out[i] = ui.Option{Value: v, Text: v}
	}
	return out
}

// noticeValues are the settings as the form shows them, without the secrets.
func noticeValues(s usecase.NoticeSettings) url.Values {
	out := url.Values{
		"sms_url": {s.SMS.URL}, "sms_method": {s.SMS.Method}, "sms_format": {s.SMS.Format}, "sms_body": {s.SMS.Body}, "sms_header": {s.SMS.Header}, "sms_success": {s.SMS.Success},
		"sms_to_all": {yesIf(s.ToAll)}, "mail_host": {s.Mail.Host}, "mail_user": {s.Mail.User}, "mail_from": {s.Mail.From}, "mail_direct": {"no"},
		"site_address": {s.Address}, "quiet_from": {clockText(s.Quiet.From)}, "quiet_until": {clockText(s.Quiet.Until)},
	}
	if s.SMS.Method == "" {
		out.Set("sms_method", usecase.SMSMethods()[0])
		out.Set("sms_format", usecase.SMSFormats()[0])
	}
	if s.Mail.Direct {
		out.Set("mail_direct", "yes")
	}
	if s.Mail.Port != 0 {
		out.Set("mail_port", strconv.Itoa(s.Mail.Port))
	}
	return out
}

// noticeSettingsIn reads the form.
func noticeSettingsIn(values url.Values) (usecase.NoticeSettings, []errs.Field) {
	var wrong []errs.Field
	minute := func(name string) int {
		at, err := minuteIn(values.Get(name))
		if err != nil {
			wrong = append(wrong, errs.F(name, "notice.hour"))
		}
		return at
	}
	s := usecase.NoticeSettings{
		Address: values.Get("site_address"),
		SMS: usecase.SMSGateway{
			URL: values.Get("sms_url"), Method: values.Get("sms_method"), Format: values.Get("sms_format"), Body: values.Get("sms_body"), Header: values.Get("sms_header"),
			Success: values.Get("sms_success"), Secret: values.Get("sms_secret"),
		},
		Mail: usecase.MailServer{
			Host: values.Get("mail_host"), Direct: values.Get("mail_direct") == "yes", User: values.Get("mail_user"), From: values.Get("mail_from"), Secret: values.Get("mail_secret"),
		},
		ToAll: values.Get("sms_to_all") == "yes", Quiet: usecase.Quiet{From: minute("quiet_from"), Until: minute("quiet_until")},
	}
	if text := strings.TrimSpace(values.Get("mail_port")); text != "" {
		var err error
		if s.Mail.Port, err = strconv.Atoi(text); err != nil {
			wrong = append(wrong, errs.F("mail_port", "notice.port"))
		}
	}
	return s, wrong
}

// clockText writes a minute of the day as people do.
func clockText(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }

// minuteIn reads a time of the day.
func minuteIn(text string) (int, error) {
	hour, minute, ok := strings.Cut(strings.TrimSpace(text), ":")
	h, err := strconv.Atoi(hour)
	if err != nil || !ok || h < 0 || h > 23 {
		return 0, errs.E(errs.Invalid, "notice.hour")
	}
	m, err := strconv.Atoi(minute)
	if err != nil || m < 0 || m > 59 || len(minute) != 2 {
		return 0, errs.E(errs.Invalid, "notice.hour")
	}
	return h*60 + m, nil
}

// adminNoticeTest sends a test message and says what the other side answered.
func (s *Site) adminNoticeTest(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := s.Office.MayNotices(v.who, org.RoleAdmin); err != nil {
		return err
	}
	values, err := adminFill(r, url.Values{})
	if err != nil {
		return err
	}
	t := v.t
	p := adminForm{
		title: t.T("notice.try_out"), current: adminNoticesAt, crumbs: []ui.Link{{Text: t.T("nav.messages"), Href: adminNoticesAt}}, submit: t.T("notice.try_out.do"), back: adminNoticesAt,
		lead: []string{t.T("notice.try_out.lead")},
		fields: []adminField{
			adminLine("phone", t.T("form.phone"), t.T("notice.try_out.phone"), true),
			adminLine("email", t.T("form.email"), t.T("notice.try_out.email"), true),
		},
	}
	if !adminSent(r, values) {
		return s.adminShow(w, r, v, p, values, nil)
	}
	answer, err := s.Sender.Test(r.Context(), v.who, strings.TrimSpace(values.Get("phone")), strings.TrimSpace(values.Get("email")))
	if errs.CodeOf(err) == "notice.test.failed" {
		p.refused = t.Err(err)
		return s.adminShow(w, r, v, p, values, nil)
	}
	if err != nil {
		return s.adminShow(w, r, v, p, values, err)
	}
	return s.done(w, r, adminNoticesAt, "notice.try_out.done", map[string]string{"answer": answer})
}
