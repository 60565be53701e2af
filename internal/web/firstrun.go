package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"huiyin/internal/errs"
	"huiyin/internal/gazetteer"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

// first leads to the first run while nobody works here yet: from the two front doors, so that a new office is not a closed one.
func (s *Site) first(w http.ResponseWriter, r *http.Request) (bool, error) {
	if r.URL.Path != "/" && r.URL.Path != "/desk" && !strings.HasPrefix(r.URL.Path, "/desk/") {
		return false, nil
	}
	needs, err := s.needsSetup(r)
	if err != nil || !needs {
		return false, err
	}
	http.Redirect(w, r, "/setup", http.StatusSeeOther)
	return true, nil
}

// needsSetup reports whether nobody works here yet. Once somebody does it is never asked again.
func (s *Site) needsSetup(r *http.Request) (bool, error) {
	if s.settled.Load() {
		return false, nil
	}
	needs, err := s.Office.NeedsFirstRun(r.Context())
	if err == nil && !needs {
		s.settled.Store(true)
	}
	return needs, err
}

// setupView is the page of the first run.
type setupView struct {
	form    ui.Form
	found   []ui.Found
	chosen  *ui.Found
	nothing bool
}

func (s *Site) setupForm(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := s.mustSetUp(r); err != nil {
		return err
	}
	return s.showSetup(w, r, v, http.StatusOK, url.Values{"departments": {"yes"}}, nil)
}

// mustSetUp is errs.NotFound once the first run is over.
func (s *Site) mustSetUp(r *http.Request) error {
	needs, err := s.needsSetup(r)
	if err == nil && !needs {
		return errs.E(errs.NotFound, "page.not_found")
	}
	return err
}

// setup sets the office up. Who comes second finds no such page.
func (s *Site) setup(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := s.mustSetUp(r); err != nil {
		return err
	}
	values, err := parseForm(r)
	if err != nil {
		return err
	}
	if values.Get("do") == "find-county" {
		return s.showSetup(w, r, v, http.StatusOK, values, nil)
	}
	county, err := strconv.ParseInt(values.Get("county"), 10, 64)
	if err != nil {
		county = 0
	}
	if values.Get("password") != values.Get("again") {
		err = errs.Fields([]errs.Field{errs.F("again", "desk.password.differs")})
	} else {
		err = s.Office.FirstRun(r.Context(), usecase.FirstRun{
			County: county, Title: values.Get("title"), Departments: values.Get("departments") == "yes", SignIn: values.Get("sign_in"), Name: values.Get("name"), Password: values.Get("password"),
		})
	}
	if errs.KindOf(err) == errs.Invalid {
		return s.showSetup(w, r, v, http.StatusUnprocessableEntity, values, err)
	}
	if err != nil {
		return err
	}
	s.settled.Store(true)
	return s.done(w, r, "/desk/sign-in", "desk.setup.done", nil)
}

// showSetup shows the page with the counties that a search found.
func (s *Site) showSetup(w http.ResponseWriter, r *http.Request, v *visit, status int, values url.Values, wrong error) error {
	t := v.t
	values.Del("password")
	values.Del("again")
	view := setupView{form: ui.NewForm(t, values, wrong)}
	words := strings.TrimSpace(values.Get("county_q"))
	if words != "" {
		places, err := s.Office.Places.Find(0, words, maxCounties)
		if err != nil {
			return err
		}
		for _, p := range places {
			if p.Level == gazetteer.County && len(view.found) < maxFound {
				view.found = append(view.found, s.foundPlace(t, p, words))
			}
		}
		view.nothing = len(view.found) == 0
	}
	if code, err := strconv.ParseInt(values.Get("county"), 10, 64); err == nil && len(view.found) == 0 {
		if p, ok := s.Office.Places.Place(code); ok {
			f := s.foundPlace(t, p, "")
			view.chosen = &f
		}
	}
	p := s.frame(r, v, t.T("desk.setup.title"), ui.Staff, "/setup", nil, "")
	p.Name = ""
	return s.show(w, r, status, framed(t, p, setupPage(t, view)))
}

// maxCounties is how many places are looked through for counties: provinces and cities come first, and few of them fit.
const maxCounties = 60

// setupFields are the page's fields, for itself and the summary of errors.
func setupFields(say func(string, ...any) string) []ui.FieldProps {
	return []ui.FieldProps{
		{Name: "county", Label: say("desk.setup.county"), Hint: say("desk.setup.county.hint")},
		{Name: "title", Label: say("desk.setup.office"), Hint: say("desk.setup.office.hint"), Optional: true, MaxLength: 200},
		{Name: "departments", Label: say("desk.setup.departments"), Hint: say("desk.setup.departments.hint"), Free: true},
		{Name: "name", Label: say("desk.setup.name"), Width: "width-18", MaxLength: 40},
		{Name: "sign_in", Label: say("desk.setup.sign_in"), Hint: say("desk.setup.sign_in.hint"), Autocomplete: "username", Width: "width-18", MaxLength: 40},
		{Name: "password", Label: say("desk.password.new"), Hint: say("desk.password.hint"), Kind: "password", Autocomplete: "new-password", Width: "width-18", MaxLength: 200},
		{Name: "again", Label: say("desk.password.again"), Kind: "password", Autocomplete: "new-password", Width: "width-18", MaxLength: 200},
	}
}
