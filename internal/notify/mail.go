package notify

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"mime"
	"net"
	"net/smtp"
	"net/textproto"
	"strconv"
	"strings"
	"time"

	"huiyin/internal/usecase"
)

// mailer hands e-mail to a server over SMTP (RFC 5321), encrypted from the first byte or by STARTTLS (RFC 3207), never in the open.
type mailer struct {
	roots *x509.CertPool
	now   func() time.Time
}

// send hands one message over.
func (s mailer) send(ctx context.Context, to usecase.MailServer, m message) (string, error) {
	c, err := s.connect(ctx, to)
	if err != nil {
		return "", err
	}
	defer func() { _ = c.Close() }() // after Quit it is closed already
	if to.User != "" {
		if err := c.Auth(smtp.PlainAuth("", to.User, to.Secret, to.Host)); err != nil {
			return "", fmt.Errorf("sign in: %w", err)
		}
	}
	if err := c.Mail(to.From); err != nil {
		return "", fmt.Errorf("sender: %w", err)
	}
	if err := c.Rcpt(m.to); err != nil {
		return "", fmt.Errorf("recipient: %w", err)
	}
	w, err := c.Data()
	if err != nil {
		return "", fmt.Errorf("data: %w", err)
	}
	if _, err := w.Write(s.letter(to, m)); err != nil {
		return "", fmt.Errorf("data: %w", err)
	}
	if err := w.Close(); err != nil { // with this answer the server takes it over
		if _, said := errors.AsType[*textproto.Error](err); said {
			return "", fmt.Errorf("data: %w", err)
		}
		return "", fmt.Errorf("%w: %w", errUnclear, err)
	}
	_ = c.Quit() // whatever comes of the farewell, the letter is theirs
	return "250", nil
}

// connect opens an encrypted connection that ends with ctx.
func (s mailer) connect(ctx context.Context, to usecase.MailServer) (*smtp.Client, error) {
	address := net.JoinHostPort(to.Host, strconv.Itoa(to.Port))
	secure := &tls.Config{ServerName: to.Host, RootCAs: s.roots, MinVersion: tls.VersionTLS12}
	var conn net.Conn
	var err error
	if to.Direct {
		conn, err = (&tls.Dialer{Config: secure}).DialContext(ctx, "tcp", address)
	} else {
		conn, err = (&net.Dialer{}).DialContext(ctx, "tcp", address)
	}
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	if end, ok := ctx.Deadline(); ok {
		if err := conn.SetDeadline(end); err != nil {
			_ = conn.Close()
			return nil, fmt.Errorf("connect: %w", err)
		}
	}
	c, err := smtp.NewClient(conn, to.Host)
	if err != nil {
		_ = conn.Close()
		return nil, fmt.Errorf("greeting: %w", err)
	}
	if to.Direct {
		return c, nil
	}
	if err := c.StartTLS(secure); err != nil {
		_ = c.Close()
		return nil, fmt.Errorf("encrypt: %w", err)
	}
	return c, nil
}

// lineLength is how many characters of base64 stand on a line (RFC 2045).
const lineLength = 76

// letter writes a message as RFC 5322 wants it: plain text in UTF-8.
func (s mailer) letter(to usecase.MailServer, m message) []byte {
	var b strings.Builder
	head := func(name, value string) { b.WriteString(name + ": " + value + "\r\n") }
	_, domain, _ := strings.Cut(to.From, "@")
	head("From", "<"+to.From+">")
	head("To", "<"+textproto.TrimString(m.to)+">")
	head("Subject", mime.BEncoding.Encode("utf-8", m.subject))
	head("Date", s.now().Format(time.RFC1123Z))
	head("Message-ID", "<"+m.key+"@"+domain+">")
	head("MIME-Version", "1.0")
	head("Content-Type", "text/plain; charset=utf-8")
	head("Content-Transfer-Encoding", "base64")
	head("Auto-Submitted", "auto-generated")
	b.WriteString("\r\n")
	text := base64.StdEncoding.EncodeToString([]byte(m.text))
	for len(text) > lineLength {
		b.WriteString(text[:lineLength] + "\r\n")
		text = text[lineLength:]
	}
	b.WriteString(text + "\r\n")
	return []byte(b.String())
}
