package bench

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"

	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

// pages are what the head of the county opens: whole pages through the server's handlers, with everything that they ask.
func (f *finding) pages(ctx context.Context) ([]kind, error) {
	handler, err := f.app.Handler() //nolint:contextcheck // what it builds takes the context of each request
	if err != nil {
		return nil, err
	}
	cookies, err := f.signIn(ctx, handler)
	if err != nil {
		return nil, err
	}
	var out []kind
	for _, p := range [][2]string{
		{"page_home", "/desk"},
		{"page_figures", "/desk/figures"},
		{"page_places", "/desk/figures/places"},
		{"page_backlog", "/desk/figures/backlog"},
		{"page_flow", "/desk/figures/flow"},
		{"page_screen", "/desk/screen"},
		{"page_outcomes", "/outcomes"},
	} {
		out = append(out, kind{name: p[0], do: func(ctx context.Context, _ int) (int, bool, error) {
			r := httptest.NewRequestWithContext(ctx, http.MethodGet, p[1], http.NoBody)
			for _, c := range cookies {
				r.AddCookie(c)
			}
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, r)
			if w.Code != http.StatusOK {
				return 0, false, fmt.Errorf("%s: status %d", p[1], w.Code)
			}
			return 0, false, nil
		}})
	}
	return out, nil
}

// signIn takes on the head of the county, if nobody is yet, and signs in.
func (f *finding) signIn(ctx context.Context, handler http.Handler) ([]*http.Cookie, error) {
	const name, password = "bench-head", "Measure-Thrice-55" //nolint:gosec // of an office that is there for measuring
	o, system := f.app.Office, org.System()
	scope := f.clerk.Duty.Scope
	if _, err := o.PersonBySignIn(ctx, system, name); err != nil {
		if _, _, err := o.AddPerson(ctx, system, usecase.NewPerson{
			SignIn: name, Name: name, Password: password, Duties: []usecase.NewDuty{{Role: org.RoleLeader, Unit: scope, Scope: scope}},
		}); err != nil {
			return nil, err
		}
	}
	form := url.Values{"name": {name}, "password": {password}}
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/desk/sign-in", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	cookies := w.Result().Cookies()
	if len(cookies) == 0 {
		return nil, fmt.Errorf("sign in: status %d", w.Code)
	}
	return cookies, nil
}
