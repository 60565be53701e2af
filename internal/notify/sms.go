package notify

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"huiyin/internal/usecase"
)

// gateway calls gateways for text messages.
type gateway struct {
	client *http.Client
}

// maxRead is how much of an answer is read.
const maxRead = 16 << 10

// newGateway returns one that follows no redirect: the secret is for one address.
func newGateway(roots *x509.CertPool) gateway {
	return gateway{client: &http.Client{
		Transport:     &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}, MaxIdleConnsPerHost: round},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// How an attempt can go wrong: the other side has said no, or nobody knows whether it has taken the message. Anything else went wrong before it could.
var (
	errRefused = errors.New("refused by the gateway")
	errUnclear = errors.New("no clear answer")
)

// send hands one message over. It went well if the answer's status is 2xx and the answer contains what it must.
func (g gateway) send(ctx context.Context, to usecase.SMSGateway, m message) (string, error) {
	r, err := request(ctx, to, m)
	if err != nil {
		return "", err
	}
	answer, err := g.client.Do(r)
	if err != nil {
		return "", notSent(err)
	}
	defer func() { _ = answer.Body.Close() }() // read as far as it is wanted
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxRead))
	if err != nil {
		return "", fmt.Errorf("%w: %w", errUnclear, err)
	}
	said := strconv.Itoa(answer.StatusCode) + " " + string(body)
	if answer.StatusCode == http.StatusBadGateway || answer.StatusCode == http.StatusGatewayTimeout {
		return said, errUnclear // somebody between us and the gateway speaks
	}
	if answer.StatusCode/100 != 2 || !strings.Contains(string(body), to.Success) {
		return said, errRefused
	}
	return said, nil
}

// notSent says whether a call that got no answer can have arrived. The URL is left out of the error: it may hold the number.
func notSent(err error) error {
	if outer, ok := errors.AsType[*url.Error](err); ok {
		err = outer.Err
	}
	dial, ok := errors.AsType[*net.OpError](err)
	_, stranger := errors.AsType[*tls.CertificateVerificationError](err)
	if stranger || ok && dial.Op == "dial" {
		return fmt.Errorf("call gateway: %w", err)
	}
	return fmt.Errorf("%w: %w", errUnclear, err)
}

// request is the call for one message.
func request(ctx context.Context, to usecase.SMSGateway, m message) (*http.Request, error) {
	write, kind := jsonValue, "application/json; charset=utf-8"
	if to.Format == "form" {
		write, kind = url.QueryEscape, "application/x-www-form-urlencoded"
	}
	body := strings.NewReplacer("{phone}", write(m.to), "{text}", write(m.text), "{id}", write(m.key), "{secret}", write(to.Secret)).Replace(to.Body)
	address := to.URL
	if to.Method == http.MethodGet {
		if strings.Contains(address, "?") {
			address += "&" + body
		} else {
			address += "?" + body
		}
		body = ""
	}
	r, err := http.NewRequestWithContext(ctx, to.Method, address, strings.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("call gateway: %w", err)
	}
	if to.Method != http.MethodGet {
		r.Header.Set("Content-Type", kind)
	}
	if to.Header != "" {
		r.Header.Set(to.Header, to.Secret)
	}
	return r, nil
}

// jsonValue writes a text as it stands between the quotes of a JSON string.
func jsonValue(text string) string {
	quoted, err := json.Marshal(text)
	if err != nil { // of a text: cannot fail
		return ""
	}
	return string(quoted[1 : len(quoted)-1])
}
