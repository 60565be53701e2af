package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

// site is an office as it is opened over loopback, with nothing running beside it.
type site struct {
	*stock

	base string
}

// reader is somebody who asks, and where they begin.
type reader struct {
	name   string
	client *http.Client
	bearer string
	starts []string
}

const readersPassword = "Measure-Twice-33" //nolint:gosec // of people who exist in measured offices alone

// onSite serves the pages and the API of an office while something is done with them.
func (s *stock) onSite(ctx context.Context, do func(*site) error) (err error) {
	handler, err := s.app.Handler() //nolint:contextcheck // what it builds takes the context of each request
	if err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	server, ended := &http.Server{Handler: handler, ReadHeaderTimeout: time.Minute}, make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	defer func() {
		err = errors.Join(err, server.Close())
		if e := <-ended; !errors.Is(e, http.ErrServerClosed) {
			err = errors.Join(err, e)
		}
	}()
	return do(&site{s, "http://" + listener.Addr().String()})
}

func newReader() *http.Client {
	jar, _ := cookiejar.New(nil) // fails for options alone
	return &http.Client{Jar: jar, Timeout: time.Minute}
}

// person takes somebody on, if that was not done before, and signs them in.
func (s *site) person(ctx context.Context, name string, role org.Role, unit, scope org.UnitID) (reader, error) {
	r := reader{name: name, client: newReader()}
	_, _, err := s.app.Office.AddPerson(ctx, org.System(), usecase.NewPerson{
		SignIn: "bench-" + name, Name: name, Password: readersPassword,
		Duties: []usecase.NewDuty{{Role: role, Unit: unit, Scope: scope, From: stockEnd().Add(-1), Until: law.NoDay}},
	})
	if err != nil && errs.CodeOf(err) != "person.taken" {
		return r, fmt.Errorf("person %s: %w", name, err)
	}
	if err := s.post(ctx, r, "/desk/sign-in", url.Values{"name": {"bench-" + name}, "password": {readersPassword}}); err != nil {
		return r, fmt.Errorf("%s signs in: %w", name, err)
	}
	return r, nil
}

func (s *site) get(ctx context.Context, r reader, address string) (status int, body []byte, html bool, err error) {
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, s.base+address, http.NoBody)
	if err != nil {
		return 0, nil, false, fmt.Errorf("GET %s: %w", address, err)
	}
	if r.bearer != "" {
		q.Header.Set("Authorization", "Bearer "+r.bearer)
	}
	a, err := r.client.Do(q)
	if err != nil {
		return 0, nil, false, fmt.Errorf("GET %s: %w", address, err)
	}
	body, err = io.ReadAll(a.Body)
	err = errors.Join(err, a.Body.Close())
	return a.StatusCode, body, strings.HasPrefix(a.Header.Get("Content-Type"), "text/html"), err
}

// post sends a form, as a page of the site would.
func (s *site) post(ctx context.Context, r reader, address string, form url.Values) error {
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, s.base+address, strings.NewReader(form.Encode()))
	if err != nil {
		return fmt.Errorf("POST %s: %w", address, err)
	}
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	q.Header.Set("Origin", s.base)
	a, err := r.client.Do(q)
	if err != nil {
		return fmt.Errorf("POST %s: %w", address, err)
	}
	_, err = io.Copy(io.Discard, a.Body)
	if err = errors.Join(err, a.Body.Close()); err == nil && a.StatusCode != http.StatusOK {
		err = fmt.Errorf("POST %s: %s", address, a.Status)
	}
	return err
}
