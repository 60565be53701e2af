// Package notify sends what people are to be told outside the program: text messages through a gateway that is called over HTTP, e-mail over SMTP. What is
// to be sent, to whom and whether it may be sent now the use cases say; here is only how.
package notify

import (
	"context"
	"crypto/x509"
	"errors"
	"log/slog"
	"sync"
	"time"
	"unicode/utf8"

	"huiyin/internal/errs"
	"huiyin/internal/i18n"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

// Config is what a sender works with. Everything but Roots is required.
type Config struct {
	Office  *usecase.Office
	Catalog *i18n.Catalog
	Now     func() time.Time
	Log     *slog.Logger
	Roots   *x509.CertPool // by which servers are known; those of the system when nil
}

// Sender sends notices. It is safe for concurrent use, and several may run on one store.
type Sender struct {
	Config
	gateway  gateway
	mail     mailer
	patience time.Duration
}

// New returns a sender.
func New(c Config) *Sender {
	return &Sender{Config: c, gateway: newGateway(c.Roots), mail: mailer{roots: c.Roots, now: c.Now}, patience: patience}
}

// The bounds of one attempt and of one round.
const (
	patience  = 8 * time.Second // for all that a gateway or server does about one message: less than a stop waits, and than the lease of what was claimed
	round     = 8               // messages on their way at once
	maxAnswer = 200             // characters kept of what a gateway says
)

// message is a text on its way to one address.
type message struct {
	key     string
	to      string
	subject string // of e-mail
	text    string
	link    string // that the text ends with, if it does
}

// Run sends what is due until there is nothing more, and reports how many messages it has tried to send. It may be broken off at any time: what was claimed
// by then is sent first.
func (s *Sender) Run(ctx context.Context) (int, error) {
	total := 0
	for ctx.Err() == nil {
		settings, err := s.Office.NoticeSettings(org.System())
		if err != nil {
			return total, err
		}
		claimed, failed := s.Office.ClaimNotices(ctx, round)
		var all sync.WaitGroup
		for _, n := range claimed {
			all.Go(func() { s.send(ctx, settings, n) })
		}
		all.Wait()
		total += len(claimed)
		if failed != nil {
			return total, failed
		}
		if len(claimed) == 0 {
			break
		}
	}
	return total, ctx.Err()
}

// send makes one attempt and writes down what became of it. A stop waits for that: an attempt that is broken off leaves open whether it arrived.
func (s *Sender) send(ctx context.Context, settings usecase.NoticeSettings, n usecase.Outgoing) {
	ctx = context.WithoutCancel(ctx)
	m := s.message(n)
	start := s.Now()
	answer, err := s.deliver(ctx, settings, n.Phone != "", m)
	result := usecase.NoticeResult{Sent: err == nil, Unclear: errors.Is(err, errUnclear), Answer: answer, TookUS: s.Now().Sub(start).Microseconds()}
	if err := s.Office.NoticeTried(ctx, n, result); err != nil {
		s.Log.LogAttrs(ctx, slog.LevelError, "result of a notice lost", slog.String("notice", n.Key), slog.Any("err", err))
	}
}

// deliver hands a message to its gateway and returns what that said, cleared of the address and the text.
func (s *Sender) deliver(ctx context.Context, settings usecase.NoticeSettings, sms bool, m message) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, s.patience)
	defer cancel()
	if sms {
		answer, err := s.gateway.send(ctx, settings.SMS, m)
		return cleared(answer, err, m, settings.SMS.Secret), err
	}
	answer, err := s.mail.send(ctx, settings.Mail, m)
	return cleared(answer, err, m, settings.Mail.Secret), err
}

// message is what a notice says: which matter and what happened to it, in few words, and where more can be read. Of an accusation it says only that there
// is something to read.
func (s *Sender) message(n usecase.Outgoing) message {
	t := s.Catalog.For(i18n.Lang(n.Lang))
	m := message{key: n.Key, to: n.Phone + n.Email}
	if n.Sealed {
		m.subject, m.text = t.T("notice.sealed.subject"), t.T("notice.sealed")
		return m
	}
	m.subject = t.T("notice.subject", "number", n.Number)
	what := Words(t, s.Office.Chart(), n.Kind, n.Said)
	if n.Link == "" {
		m.text = t.T("notice.text", "number", n.Number, "what", what, "site", n.Title)
		return m
	}
	// Nothing stands behind the link, and a blank before it: telephones take what touches it to be part of it.
	m.link, m.text = n.Link, t.T("notice.text.link", "number", n.Number, "what", what, "site", n.Title)+" "+n.Link
	return m
}

// Test sends a message to an address that an administrator gives, and returns what the gateway said. What is tried are the settings as they are saved.
func (s *Sender) Test(ctx context.Context, who org.Actor, phone, email string) (string, error) {
	settings, err := s.Office.NoticeSettings(who)
	if err != nil {
		return "", err
	}
	key, err := s.Office.TestNotice(phone, email)
	if err != nil {
		return "", err
	}
	if phone != "" && settings.SMS.URL == "" || phone == "" && settings.Mail.Host == "" {
		return "", errs.E(errs.Refused, "notice.no_gateway")
	}
	t := s.Catalog.For(i18n.Lang(s.Office.Settings().Lang))
	m := message{key: key, to: phone + email, subject: t.T("notice.test.subject"), text: t.T("notice.test")}
	answer, err := s.deliver(ctx, settings, phone != "", m)
	if err != nil {
		return answer, errs.E(errs.Unavailable, "notice.test.failed", "answer", answer).Because(err)
	}
	return answer, nil
}

// shorten cuts a text to what is kept of it.
func shorten(text string) string {
	if utf8.RuneCountInString(text) <= maxAnswer {
		return text
	}
	return string([]rune(text)[:maxAnswer]) + "…"
}
