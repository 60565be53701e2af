package usecase

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"huiyin/internal/errs"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/store"
	"huiyin/internal/vault"
)

// NoticeSettings are by what ways the office tells people, and when.
type NoticeSettings struct {
	// Address is where this site is reached from outside, without a slash at the end: what petitioners are sent ends with a link there. Empty: no link.
	Address string `json:"address"`

	SMS   SMSGateway `json:"sms"`
	Mail  MailServer `json:"mail"`
	ToAll bool       `json:"to_all"` // text messages to petitioners who said nothing, outside the sealed compartment
	Quiet Quiet      `json:"quiet"`
}

// SMSGateway is a gateway for text messages that is called over HTTP. Placeholders in Body: {phone}, {text}, {id}, {secret}; their values are written as
// the kind of body wants it. {id} is the same at every attempt to send the same message: a gateway that is given it must not send it twice.
type SMSGateway struct {
	URL     string `json:"url"`    // http or https; empty: there is none
	Method  string `json:"method"` // POST, PUT, or GET, where the body is the query
	Format  string `json:"format"` // json or form
	Body    string `json:"body"`
	Header  string `json:"header"`  // name of the header that takes the secret; may be empty
	Success string `json:"success"` // what the answer must contain besides a status of 2xx; may be empty
	Secret  string `json:"-"`
}

// Knows reports whether the gateway can tell that it has had a message before.
func (g SMSGateway) Knows() bool { return strings.Contains(g.Body, "{id}") }

// MailServer is a server for e-mail that is called over SMTP, always encrypted.
type MailServer struct {
	Host   string `json:"host"` // empty: there is none
	Port   int    `json:"port"`
	Direct bool   `json:"direct"` // TLS from the first byte (usually port 465); otherwise by STARTTLS
	User   string `json:"user"`   // empty: without signing in
	From   string `json:"from"`   // address
	Secret string `json:"-"`
}

// The names under which they are stored; the secrets lie encrypted, beside the rest.
const (
	settingNotice       = "notice"
	settingNoticeSecret = "notice.secret"
)

// noticeSecrets is what nobody is shown again.
type noticeSecrets struct {
	SMS  string `json:"sms,omitempty"`
	Mail string `json:"mail,omitempty"`
}

// readNotices reads the settings of notices from those of the store.
func (o *Office) readNotices(settings map[string]string) (*NoticeSettings, error) {
	s := &NoticeSettings{Quiet: DefaultQuiet()}
	if text := settings[settingNotice]; text != "" {
		if err := json.Unmarshal([]byte(text), s); err != nil {
			return nil, fmt.Errorf("settings of notices: %w", err)
		}
	}
	kept, err := o.openNoticeSecrets(settings[settingNoticeSecret])
	if err != nil {
		return nil, fmt.Errorf("secrets of notices: %w", err)
	}
	s.SMS.Secret, s.Mail.Secret = kept.SMS, kept.Mail
	return s, nil
}

func noticeSecretPlace() []byte { return vault.Place(0, 0, "setting/"+settingNoticeSecret) }

func (o *Office) openNoticeSecrets(text string) (noticeSecrets, error) {
	var out noticeSecrets
	if text == "" {
		return out, nil
	}
	sealed, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return out, err
	}
	plain, err := o.Vault.Open(vault.Identity, sealed, noticeSecretPlace())
	if err != nil {
		return out, err
	}
	err = json.Unmarshal(plain, &out)
	return out, err
}

func (o *Office) sealNoticeSecrets(s noticeSecrets) (string, error) {
	if s == (noticeSecrets{}) {
		return "", nil
	}
	plain, err := json.Marshal(s)
	if err != nil {
		return "", fmt.Errorf("secrets of notices: %w", err)
	}
	sealed, err := o.Vault.Seal(vault.Identity, plain, noticeSecretPlace())
	return base64.StdEncoding.EncodeToString(sealed), err
}

// MayNotices reports why an actor may not decide how the office sends its notices, nor look into those that failed: they are all of one office, whoever
// they concern, so that only people of the whole organisation with one of the roles may.
func (o *Office) MayNotices(who org.Actor, roles ...org.Role) error {
	return o.whole(who, "notice.root", roles...)
}

// NoticeSettings returns the settings of notices, with their secrets: for the form of an administrator of the whole organisation, which does not show those, and for who sends.
func (o *Office) NoticeSettings(who org.Actor) (NoticeSettings, error) {
	if err := o.MayNotices(who, org.RoleAdmin); err != nil {
		return NoticeSettings{}, err
	}
	return *o.notices.Load(), nil
}

// NoticeWays reports by what ways petitioners can be told at all.
func (o *Office) NoticeWays() (sms, mail bool) {
	s := o.notices.Load()
	return s.SMS.URL != "", s.Mail.Host != ""
}

// SaveNoticeSettings changes them. A secret that is left out stays, as long as the gateway it is for stays the same: nobody is to be sent another's.
func (o *Office) SaveNoticeSettings(ctx context.Context, who org.Actor, s NoticeSettings) error {
	if err := o.MayNotices(who, org.RoleAdmin); err != nil {
		return err
	}
	was := *o.notices.Load()
	s = s.clean()
	if s.SMS.Secret == "" && s.SMS.URL == was.SMS.URL {
		s.SMS.Secret = was.SMS.Secret
	}
	if s.Mail.Secret == "" && s.Mail.Host == was.Mail.Host && s.Mail.Port == was.Mail.Port && s.Mail.User == was.Mail.User {
		s.Mail.Secret = was.Mail.Secret
	}
	if err := errs.Fields(s.check()); err != nil {
		return err
	}
	text, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("settings of notices: %w", err)
	}
	secrets, err := o.sealNoticeSecrets(noticeSecrets{SMS: s.SMS.Secret, Mail: s.Mail.Secret})
	if err != nil {
		return err
	}
	if err := o.Store.Update(ctx, 0, func(t *store.Tx) error {
		if err := t.SetSetting(ctx, settingNotice, string(text)); err != nil {
			return err
		}
		if err := t.SetSetting(ctx, settingNoticeSecret, secrets); err != nil {
			return err
		}
		return o.noteChange(ctx, t, who, changeSettings, 0, was.record(was), s.record(was))
	}); err != nil {
		return err
	}
	return o.Reload(ctx)
}

// clean takes away what surrounds the words.
func (s NoticeSettings) clean() NoticeSettings {
	s.Address = strings.TrimRight(strings.TrimSpace(s.Address), "/")
	for _, p := range []*string{
		&s.SMS.URL, &s.SMS.Body, &s.SMS.Header, &s.SMS.Success, &s.SMS.Secret, &s.Mail.Host, &s.Mail.User, &s.Mail.From, &s.Mail.Secret,
	} {
		*p = strings.TrimSpace(*p)
	}
	return s
}

// record is how the settings stand in the record of changes: flat, and of a secret only whether it is the one from before.
func (s NoticeSettings) record(was NoticeSettings) map[string]any {
	secret := func(now, before string) string {
		switch now {
		case "":
			return ""
		case before:
			return "kept"
		default:
			return "new"
		}
	}
	return map[string]any{
		"sms_url": s.SMS.URL, "sms_method": s.SMS.Method, "sms_format": s.SMS.Format, "sms_body": s.SMS.Body, "sms_header": s.SMS.Header, "sms_success": s.SMS.Success,
		"sms_secret": secret(s.SMS.Secret, was.SMS.Secret), "mail_host": s.Mail.Host, "mail_port": s.Mail.Port, "mail_direct": s.Mail.Direct, "mail_user": s.Mail.User,
		"mail_from": s.Mail.From, "mail_secret": secret(s.Mail.Secret, was.Mail.Secret), "sms_to_all": s.ToAll,
		"site_address": s.Address, "quiet_from": s.Quiet.From, "quiet_until": s.Quiet.Until,
	}
}

// SMSMethods are the HTTP methods by which a gateway can be called. The last has no body.
func SMSMethods() []string { return []string{"POST", "PUT", smsQuery} }

// SMSFormats are the kinds of body it can be given. The first cannot stand in a query.
func SMSFormats() []string { return []string{smsJSON, "form"} }

const (
	smsQuery = "GET"
	smsJSON  = "json"
)

func (s NoticeSettings) check() []errs.Field {
	out := slices.Concat(checkAddress(s.Address), s.SMS.check(), s.Mail.check())
	if s.ToAll && s.SMS.URL == "" {
		out = append(out, errs.F("sms_to_all", "notice.no_gateway"))
	}
	for path, minute := range map[string]int{"quiet_from": s.Quiet.From, "quiet_until": s.Quiet.Until} {
		if minute < 0 || minute >= dayMinutes {
			out = append(out, errs.F(path, "notice.hour"))
		}
	}
	return out
}

// hostName is a name of a host as telephones make a link of it.
var hostName = regexp.MustCompile(`^[0-9A-Za-z]([0-9A-Za-z.-]*[0-9A-Za-z])?$`)

// checkAddress wants a scheme and a host, with a port or without: the pages stand at the root, so that a path could not be right.
func checkAddress(address string) []errs.Field {
	if address == "" {
		return nil
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || !hostName.MatchString(u.Hostname()) {
		return []errs.Field{errs.F("site_address", "notice.address")}
	}
	if address != u.Scheme+"://"+u.Host {
		return []errs.Field{errs.F("site_address", "notice.address.more")}
	}
	return shortFields(map[string]string{"site_address": address})
}

const maxNoticeBody = 2000

func (g SMSGateway) check() []errs.Field {
	if g.URL == "" {
		return nil
	}
	var out []errs.Field
	if u, err := url.Parse(g.URL); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil {
		out = append(out, errs.F("sms_url", "notice.url"))
	}
	if !slices.Contains(SMSMethods(), g.Method) {
		out = append(out, errs.F("sms_method", "field.choice"))
	}
	if !slices.Contains(SMSFormats(), g.Format) || g.Format == smsJSON && g.Method == smsQuery {
		out = append(out, errs.F("sms_format", "field.choice"))
	}
	switch n := utf8.RuneCountInString(g.Body); {
	case n > maxNoticeBody:
		out = append(out, errs.F("sms_body", "field.long", "max", maxNoticeBody, "n", n))
	case !strings.Contains(g.Body, "{phone}") || !strings.Contains(g.Body, "{text}"):
		out = append(out, errs.F("sms_body", "notice.body"))
	case g.Format == smsJSON && !json.Valid([]byte(g.Body)):
		out = append(out, errs.F("sms_body", "notice.json"))
	}
	if strings.ContainsFunc(g.Header, func(r rune) bool {
		return r != '-' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}) {
		out = append(out, errs.F("sms_header", "notice.header"))
	}
	return append(out, shortFields(map[string]string{"sms_url": g.URL, "sms_header": g.Header, "sms_success": g.Success, "sms_secret": g.Secret})...)
}

func (m MailServer) check() []errs.Field {
	if m.Host == "" {
		return nil
	}
	var out []errs.Field
	if strings.ContainsAny(m.Host, "/:@ ") {
		out = append(out, errs.F("mail_host", "notice.host"))
	}
	if m.Port < 1 || m.Port > 65_535 {
		out = append(out, errs.F("mail_port", "notice.port"))
	}
	if m.From == "" {
		out = append(out, errs.F("mail_from", "field.required"))
	} else if checkEmail(m.From) != nil {
		out = append(out, errs.F("mail_from", "notice.email"))
	}
	return append(out, shortFields(map[string]string{"mail_host": m.Host, "mail_user": m.User, "mail_secret": m.Secret})...)
}

func shortFields(fields map[string]string) []errs.Field {
	var out []errs.Field
	for path, text := range fields {
		if n := utf8.RuneCountInString(text); n > matter.MaxLine {
			out = append(out, errs.F(path, "field.long", "max", matter.MaxLine, "n", n))
		}
		if strings.ContainsAny(text, "\r\n") {
			out = append(out, errs.F(path, "field.choice"))
		}
	}
	return out
}

// checkEmail reports whether a text is a plain e-mail address and nothing else.
func checkEmail(text string) error {
	a, err := mail.ParseAddress(text)
	if err != nil || a.Address != text || a.Name != "" || len(text) > 254 || strings.ContainsAny(text, "\r\n \"<>") {
		return errs.E(errs.Invalid, "notice.email")
	}
	return nil
}
