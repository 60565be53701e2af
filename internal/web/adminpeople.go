package web

import (
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"huiyin/internal/errs"
	"huiyin/internal/i18n"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

const (
	adminPeopleAt   = "/desk/admin/people"
	adminPeopleRows = 30
	maxPersonName   = 40
)

func adminPersonPath(id org.UserID) string { return adminPeopleAt + "/" + adminIDText(int64(id)) }

// adminPeopleView is a page of the people an administrator looks after.
type adminPeopleView struct {
	form   ui.Form
	words  string // that were looked for
	under  string // the unit the list is narrowed to
	units  []ui.Link
	people []adminPersonRow
	pages  ui.PaginationProps
}

// maxAdminUnits is how many units are offered beside the people whom the same words find.
const maxAdminUnits = 6

// adminPersonRow is one person of the list.
type adminPersonRow struct {
	id     org.UserID
	name   []ui.Part
	signIn []ui.Part
	duties []string // active ones
	state  adminState
}

// adminState is whether a person can sign in.
type adminState struct {
	light ui.Light
	text  string
}

func adminStateOf(t *i18n.Speaker, p usecase.PersonView) adminState {
	switch {
	case p.Disabled:
		return adminState{ui.Pause, t.T("admin.person.disabled")}
	case p.MustChange:
		return adminState{ui.Soon, t.T("admin.person.must_change")}
	}
	return adminState{ui.Go, t.T("admin.person.active")}
}

// adminPeople lists people: all, those of a unit, or those whom words find. Words that name units too offer the people of these.
func (s *Site) adminPeople(w http.ResponseWriter, r *http.Request, v *visit) error {
	t, q := v.t, r.URL.Query()
	p := adminPeopleView{form: ui.Form{Values: q}, words: strings.TrimSpace(q.Get("q"))}
	pager := adminPagerIn(adminPeopleAt, q)
	f := usecase.PeopleFilter{Words: p.words, Unit: unitID(q.Get("unit")), After: pager.after(), Limit: adminPeopleRows}
	page, err := s.Office.People(r.Context(), v.who, f)
	if err != nil {
		return err
	}
	p.pages = pager.links(page.Next)
	if unit, ok := s.Office.Chart().Unit(f.Unit); ok {
		p.under = unitName(t, unit)
	}
	var units []org.Unit
	if utf8.RuneCountInString(p.words) > 1 { // a single letter begins half of all names
		if units, err = s.Office.FindUnits(v.who, p.words, maxAdminUnits, nil); err != nil {
			return err
		}
	}
	for _, u := range units {
		p.units = append(p.units, ui.Link{Text: unitName(t, u), Href: adminPeopleAt + "?unit=" + adminIDText(int64(u.ID))})
	}
	for _, person := range page.People {
		row := adminPersonRow{id: person.ID, name: adminMarked(person.Name, p.words), signIn: adminMarked(person.SignIn, p.words), state: adminStateOf(t, person)}
		for _, d := range person.Duties {
			if d.Active {
				row.duties = append(row.duties, t.T("admin.duty.line", "role", t.T("role."+string(d.Role)), "unit", unitName(t, d.At)))
			}
		}
		p.people = append(p.people, row)
	}
	return s.show(w, r, http.StatusOK, s.staffPage(r, v, t.T("nav.people"), adminPeopleAt, adminPeoplePage(t, p)))
}

// adminMarked marks the words where a text begins with them.
func adminMarked(text, words string) []ui.Part {
	if words == "" || !strings.HasPrefix(strings.ToLower(text), strings.ToLower(words)) {
		return []ui.Part{{Text: text}}
	}
	return ui.Mark(text, words)
}

// adminPersonView is a person's page.
type adminPersonView struct {
	name    string
	state   adminState
	facts   []ui.Fact
	now     []adminDuty
	past    []adminDuty // and those to come
	history []adminChange
	record  string // where all of it is
	offers  []ui.ButtonProps
	why     string // why some things cannot be changed here
}

// adminDuty is one duty of a person.
type adminDuty struct {
	role  string
	unit  string
	href  string // of the unit, where the administrator governs it
	scope string
	days  string
	end   string // where it can be ended
}

// adminDays says from when until when a duty holds.
func adminDays(t *i18n.Speaker, d org.Duty) string {
	from := t.T("admin.value.start")
	if d.From.Known() && d.From != 0 {
		from = t.FullDay(d.From)
	}
	if !d.Until.Known() {
		return t.T("admin.days.since", "from", from)
	}
	return t.T("admin.days.range", "from", from, "until", d.Until)
}

// adminPersonIn is the person a path names, if the administrator looks after them.
func (s *Site) adminPersonIn(r *http.Request, v *visit) (usecase.PersonView, error) {
	id, err := adminID(r, "user")
	if err != nil {
		return usecase.PersonView{}, err
	}
	return s.Office.Person(r.Context(), v.who, org.UserID(id))
}

// adminPerson shows one person with their duties and what was done to them.
func (s *Site) adminPerson(w http.ResponseWriter, r *http.Request, v *visit) error {
	person, err := s.adminPersonIn(r, v)
	if err != nil {
		return err
	}
	t, path := v.t, adminPersonPath(person.ID)
	p := adminPersonView{name: person.Name, state: adminStateOf(t, person)}
	p.facts = []ui.Fact{{Term: t.T("admin.field.sign_in"), Text: person.SignIn}}
	if person.CreatedUS != 0 {
		p.facts = append(p.facts, ui.Fact{Term: t.T("admin.person.since"), Text: t.Instant(person.CreatedUS)})
	}
	for _, d := range person.Duties {
		duty := s.adminDuty(v, person.ID, d)
		if d.Active {
			p.now = append(p.now, duty)
		} else {
			p.past = append(p.past, duty)
		}
	}
	history, err := s.Office.PersonHistory(r.Context(), v.who, person.ID)
	if err != nil {
		return err
	}
	p.history, p.record = s.adminChangesOf(t, history), adminChangesAt+"?person="+adminIDText(int64(person.ID))
	p.offers = []ui.ButtonProps{{Text: t.T("admin.duty.give"), Href: path + "/duty"}}
	if !person.Whole {
		p.why = t.T("person.elsewhere")
	} else {
		p.offers = append(p.offers, ui.ButtonProps{Text: t.T("admin.person.rename"), Href: path + "/rename"}, ui.ButtonProps{Text: t.T("admin.person.reset"), Href: path + "/reset"})
		if person.Disabled {
			p.offers = append(p.offers, ui.ButtonProps{Text: t.T("admin.person.enable"), Post: path + "/enable"})
		} else {
			p.offers = append(p.offers, ui.ButtonProps{Text: t.T("admin.person.disable"), Href: path + "/disable", Look: ui.Danger})
		}
	}
	return s.show(w, r, http.StatusOK, s.staffPage(r, v, person.Name, adminPeopleAt, adminPersonPage(t, p), adminPersonCrumbs(t, person, "")...))
}

func (s *Site) adminDuty(v *visit, user org.UserID, d usecase.DutyView) adminDuty {
	governs := func(id org.UnitID) bool { return s.Office.Chart().Under(id, v.who.Duty.Scope) }
	out := adminDuty{role: v.t.T("role." + string(d.Role)), unit: unitName(v.t, d.At), scope: adminScope(v.t, d), days: adminDays(v.t, d.Duty)}
	if governs(d.Unit) {
		out.href = adminUnitPath(d.Unit)
	}
	if governs(d.Unit) && governs(d.Scope) && (!d.Until.Known() || d.Until > s.Office.Today()) {
		out.end = adminPersonPath(user) + "/duties/" + adminIDText(int64(d.ID))
	}
	return out
}

func adminPersonCrumbs(t *i18n.Speaker, p usecase.PersonView, page string) []ui.Link {
	person := ui.Link{Text: p.Name}
	if page != "" {
		person.Href = adminPersonPath(p.ID)
	}
	return []ui.Link{{Text: t.T("nav.people"), Href: adminPeopleAt}, person}
}

// adminPersonForm begins the form of a change of a person.
func adminPersonForm(t *i18n.Speaker, p usecase.PersonView, title string) adminForm {
	return adminForm{title: title, current: adminPeopleAt, crumbs: adminPersonCrumbs(t, p, title), submit: title, back: adminPersonPath(p.ID)}
}

func adminPersonName(t *i18n.Speaker) adminField {
	return adminField{FieldProps: ui.FieldProps{Name: "name", Label: t.T("admin.field.person"), MaxLength: maxPersonName, Width: "width-18"}}
}

// adminRoles offers roles, and says what each may do.
func adminRoles(t *i18n.Speaker, roles []org.Role) []ui.Option {
	out := make([]ui.Option, 0, len(roles))
	for _, role := range roles {
		out = append(out, ui.Option{Value: string(role), Text: t.T("role." + string(role)), Note: t.T("admin.role." + string(role))})
	}
	return out
}

// adminDutyFields are the fields of a duty.
func adminDutyFields(t *i18n.Speaker) []adminField {
	return []adminField{
		{FieldProps: ui.FieldProps{Name: "role", Label: t.T("admin.field.role")}, control: adminRadios, options: adminRoles(t, org.Roles())},
		{FieldProps: ui.FieldProps{Name: "unit", Label: t.T("admin.field.unit")}, control: adminUnitChoice},
		{FieldProps: ui.FieldProps{Name: "scope", Label: t.T("admin.field.scope"), Hint: t.T("admin.scope.hint"), Optional: true}, control: adminUnitChoice},
		{FieldProps: ui.FieldProps{Name: "from", Label: t.T("admin.field.from"), Hint: t.T("admin.from.hint"), Optional: true}, control: adminDay},
		{FieldProps: ui.FieldProps{Name: "until", Label: t.T("admin.field.until"), Hint: t.T("admin.until.hint"), Optional: true}, control: adminDay},
	}
}

// adminDutyIn reads a duty from a form.
func adminDutyIn(values url.Values) (usecase.NewDuty, []errs.Field) {
	var fields []errs.Field
	d := usecase.NewDuty{Role: org.Role(values.Get("role")), Unit: unitID(values.Get("unit")), Scope: unitID(values.Get("scope"))}
	d.From, d.Until = adminDayIn(values, "from", &fields), adminDayIn(values, "until", &fields)
	return d, fields
}

// adminPersonNew takes somebody in with their first duty. The first password is shown on the answer and never again.
func (s *Site) adminPersonNew(w http.ResponseWriter, r *http.Request, v *visit) error {
	values, err := adminFill(r, url.Values{"unit": {r.URL.Query().Get("unit")}})
	if err != nil {
		return err
	}
	t := v.t
	people := ui.Link{Text: t.T("nav.people"), Href: adminPeopleAt}
	p := adminForm{
		title: t.T("admin.person.new"), current: adminPeopleAt, crumbs: []ui.Link{people}, submit: t.T("admin.person.new"), back: adminPeopleAt,
		lead: []string{t.T("admin.person.new.lead")},
	}
	p.fields = append([]adminField{
		adminPersonName(t),
		{FieldProps: ui.FieldProps{Name: "sign_in", Label: t.T("admin.field.sign_in"), Hint: t.T("admin.sign_in.hint"), MaxLength: maxPersonName, Width: "width-18"}},
	}, adminDutyFields(t)...)
	if !adminSent(r, values) {
		return s.adminShow(w, r, v, p, values, nil)
	}
	duty, wrong := adminDutyIn(values)
	if len(wrong) > 0 {
		return s.adminShow(w, r, v, p, values, errs.Fields(wrong))
	}
	n := usecase.NewPerson{SignIn: values.Get("sign_in"), Name: values.Get("name"), Duties: []usecase.NewDuty{duty}}
	id, password, err := s.Office.AddPerson(r.Context(), v.who, n)
	if err != nil {
		return s.adminShow(w, r, v, p, values, adminFirstDuty(err))
	}
	person, err := s.Office.Person(r.Context(), v.who, id)
	if err != nil {
		return err
	}
	return s.adminShowPassword(w, r, v, t.T("admin.person.new.done"), password, person, people)
}

// adminFirstDuty names the fields of the first duty as the form does.
func adminFirstDuty(err error) error {
	var fields []errs.Field
	for _, f := range fieldsIn(err) {
		f.Path = strings.TrimPrefix(f.Path, "duties.0.")
		fields = append(fields, f)
	}
	if len(fields) == 0 {
		return err
	}
	return errs.Fields(fields)
}

// adminShowPassword shows a password that was just made up.
func (s *Site) adminShowPassword(w http.ResponseWriter, r *http.Request, v *visit, title, password string, p usecase.PersonView, crumbs ...ui.Link) error {
	t := v.t
	return s.adminShowSecret(w, r, v, adminPeopleAt, adminSecret{
		title: title, lead: t.T("admin.password.lead", "name", p.Name), term: t.T("admin.password.term"), value: password,
		facts: []ui.Fact{{Term: t.T("admin.field.sign_in"), Text: p.SignIn}},
		next:  []string{t.T("admin.secret.once"), t.T("admin.password.next")},
		on:    ui.ButtonProps{Text: t.T("admin.person.open"), Href: adminPersonPath(p.ID), Look: ui.Main},
	}, crumbs...)
}

// adminPersonReset gives a new password, which is shown on the answer and never again.
func (s *Site) adminPersonReset(w http.ResponseWriter, r *http.Request, v *visit) error {
	person, err := s.adminPersonIn(r, v)
	if err != nil {
		return err
	}
	t := v.t
	p := adminPersonForm(t, person, t.T("admin.person.reset"))
	p.lead = []string{t.T("admin.person.reset.lead", "name", person.Name)}
	if r.Method != http.MethodPost {
		return s.adminShow(w, r, v, p, url.Values{}, nil)
	}
	password, err := s.Office.ResetPassword(r.Context(), v.who, person.ID)
	if err != nil {
		return s.adminShow(w, r, v, p, url.Values{}, err)
	}
	return s.adminShowPassword(w, r, v, t.T("admin.person.reset.done"), password, person, adminPersonCrumbs(t, person, p.title)...)
}

// adminPersonRename corrects a name.
func (s *Site) adminPersonRename(w http.ResponseWriter, r *http.Request, v *visit) error {
	person, err := s.adminPersonIn(r, v)
	if err != nil {
		return err
	}
	values, err := adminFill(r, url.Values{"name": {person.Name}})
	if err != nil {
		return err
	}
	p := adminPersonForm(v.t, person, v.t.T("admin.person.rename"))
	p.fields = []adminField{adminPersonName(v.t)}
	if !adminSent(r, values) {
		return s.adminShow(w, r, v, p, values, nil)
	}
	if err := s.Office.RenamePerson(r.Context(), v.who, person.ID, values.Get("name")); err != nil {
		return s.adminShow(w, r, v, p, values, err)
	}
	return s.done(w, r, adminPersonPath(person.ID), "admin.saved", nil)
}

// adminPersonDisable shuts a person out, after asking again.
func (s *Site) adminPersonDisable(w http.ResponseWriter, r *http.Request, v *visit) error {
	person, err := s.adminPersonIn(r, v)
	if err != nil {
		return err
	}
	p := adminPersonForm(v.t, person, v.t.T("admin.person.disable"))
	p.danger, p.final = []string{v.t.T("admin.person.disable.danger", "name", person.Name)}, true
	if r.Method != http.MethodPost {
		return s.adminShow(w, r, v, p, url.Values{}, nil)
	}
	if err := s.Office.SetDisabled(r.Context(), v.who, person.ID, true); err != nil {
		return s.adminShow(w, r, v, p, url.Values{}, err)
	}
	return s.done(w, r, adminPersonPath(person.ID), "admin.person.disable.done", nil)
}

// adminPersonEnable lets a person in again.
func (s *Site) adminPersonEnable(w http.ResponseWriter, r *http.Request, v *visit) error {
	person, err := s.adminPersonIn(r, v)
	if err != nil {
		return err
	}
	if err := s.Office.SetDisabled(r.Context(), v.who, person.ID, false); err != nil {
		return err
	}
	return s.done(w, r, adminPersonPath(person.ID), "admin.person.enable.done", nil)
}

// adminDutyGive gives a person a duty.
func (s *Site) adminDutyGive(w http.ResponseWriter, r *http.Request, v *visit) error {
	person, err := s.adminPersonIn(r, v)
	if err != nil {
		return err
	}
	values, err := adminFill(r, url.Values{})
	if err != nil {
		return err
	}
	p := adminPersonForm(v.t, person, v.t.T("admin.duty.give"))
	p.lead = []string{v.t.T("admin.duty.give.lead", "name", person.Name)}
	p.fields = adminDutyFields(v.t)
	if !adminSent(r, values) {
		return s.adminShow(w, r, v, p, values, nil)
	}
	duty, wrong := adminDutyIn(values)
	if len(wrong) > 0 {
		return s.adminShow(w, r, v, p, values, errs.Fields(wrong))
	}
	if _, err := s.Office.GiveDuty(r.Context(), v.who, person.ID, duty); err != nil {
		return s.adminShow(w, r, v, p, values, err)
	}
	return s.done(w, r, adminPersonPath(person.ID), "admin.duty.give.done", nil)
}

// adminDutyEnd ends a duty, after asking again.
func (s *Site) adminDutyEnd(w http.ResponseWriter, r *http.Request, v *visit) error {
	person, err := s.adminPersonIn(r, v)
	if err != nil {
		return err
	}
	id, err := adminID(r, "duty")
	if err != nil {
		return err
	}
	values, err := adminFill(r, url.Values{"until": {s.Office.Today().String()}})
	if err != nil {
		return err
	}
	t := v.t
	p := adminPersonForm(t, person, t.T("admin.duty.end"))
	p.final, p.danger = true, []string{t.T("admin.duty.end.danger")}
	there := false
	for _, d := range person.Duties {
		if d.ID == org.DutyID(id) {
			there = true
			duty := s.adminDuty(v, person.ID, d)
			p.facts = []ui.Fact{
				{Term: t.T("admin.field.role"), Text: duty.role}, {Term: t.T("admin.field.unit"), Text: duty.unit, Note: duty.scope}, {Term: t.T("admin.days"), Text: duty.days},
			}
		}
	}
	if !there {
		return errs.E(errs.NotFound, "duty.not_found")
	}
	p.fields = []adminField{adminUntil(t, s.Office.Today())}
	if !adminSent(r, values) {
		return s.adminShow(w, r, v, p, values, nil)
	}
	var wrong []errs.Field
	until := adminDayIn(values, "until", &wrong)
	if len(wrong) > 0 {
		return s.adminShow(w, r, v, p, values, errs.Fields(wrong))
	}
	if err := s.Office.EndDuty(r.Context(), v.who, org.DutyID(id), until); err != nil {
		return s.adminShow(w, r, v, p, values, err)
	}
	return s.done(w, r, adminPersonPath(person.ID), "admin.duty.end.done", nil)
}

// adminUntil is the day from which something no longer counts.
func adminUntil(t *i18n.Speaker, today law.Day) adminField {
	return adminField{
		FieldProps: ui.FieldProps{Name: "until", Label: t.T("admin.end.until"), Hint: t.T("admin.end.hint"), Min: today.String()}, control: adminDay,
	}
}

// adminLine is a field of one line of text.
func adminLine(name, label, hint string, optional bool) adminField {
	return adminField{FieldProps: ui.FieldProps{Name: name, Label: label, Hint: hint, Optional: optional, MaxLength: matter.MaxLine, Width: "width-30"}}
}
