package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"huiyin/internal/errs"
	"huiyin/internal/i18n"
	"huiyin/internal/law"
	"huiyin/internal/org"
	"huiyin/internal/web/ui"
)

// adminRoutes adds the pages of administrators. A form is one handler: GET shows it, POST takes it.
func (s *Site) adminRoutes(mux *http.ServeMux) {
	for path, h := range map[string]func(http.ResponseWriter, *http.Request, *visit) error{
		"GET /desk/admin":                                               s.adminHome,
		"GET /desk/admin/units":                                         s.adminUnits,
		"GET /desk/admin/units/{unit}":                                  s.adminUnit,
		"POST /desk/admin/units/{unit}/succeed":                         s.adminSucceed,
		"GET /desk/admin/people":                                        s.adminPeople,
		"GET /desk/admin/people/{user}":                                 s.adminPerson,
		"POST /desk/admin/people/{user}/enable":                         s.adminPersonEnable,
		"GET /desk/admin/catalogue":                                     s.adminCatalogue,
		"GET /desk/admin/catalogue/try":                                 s.adminTry,
		"GET /desk/admin/calendar":                                      s.adminCalendar,
		"GET /desk/admin/keys":                                          s.adminKeys,
		"GET " + adminImportsAt:                                         s.adminImports,
		"GET " + adminImportsAt + "/{home}/{id}":                        s.adminImport,
		"GET " + adminWebhooksAt:                                        s.adminWebhooks,
		"GET " + adminWebhooksAt + "/{webhook}":                         s.adminWebhook,
		"POST " + adminWebhooksAt + "/{webhook}/{act}":                  s.adminWebhookDo,
		"POST " + adminWebhooksAt + "/{webhook}/deliveries/{home}/{id}": s.adminDeliveryReplay,
		"GET " + adminNoticesAt:                                         s.adminNotices,
		"POST " + adminNoticesAt + "/{home}/{id}/retry":                 s.adminNoticeRetry,
		"POST " + adminNoticesAt + "/{home}/{id}/drop":                  s.adminNoticeDrop,
		"GET " + adminRemindersAt:                                       s.adminReminders,
		"GET " + adminQueueAt:                                           s.adminQueue,
		"POST " + adminQueueAt + "/{home}/{id}/retry":                   s.adminQueueRetry,
		"POST " + adminQueueAt + "/{home}/{id}/drop":                    s.adminQueueDrop,

		"GET /desk/admin/templates":                  s.adminTemplates,
		"POST /desk/admin/templates/{kind}/look":     s.adminTemplateLook,
		"GET /desk/admin/templates/{kind}/{version}": s.adminTemplateVersionPage,
		"GET " + adminProposalsAt:                    s.adminProposals,
		"GET " + adminRoutesAt:                       s.adminWays,
		"GET " + adminOpenAt:                         s.adminOpen,
	} {
		mux.Handle(path, s.admin(h))
	}
	mux.Handle("GET "+adminChangesAt, s.desk(s.adminChanges)) // auditors read it too
	for path, h := range map[string]func(http.ResponseWriter, *http.Request, *visit) error{
		"/desk/admin/units/{unit}/new":            s.adminUnitNew,
		"/desk/admin/units/{unit}/rename":         s.adminUnitRename,
		"/desk/admin/units/{unit}/move":           s.adminUnitMove,
		"/desk/admin/units/{unit}/end":            s.adminUnitEnd,
		"/desk/admin/people/new":                  s.adminPersonNew,
		"/desk/admin/people/{user}/rename":        s.adminPersonRename,
		"/desk/admin/people/{user}/reset":         s.adminPersonReset,
		"/desk/admin/people/{user}/disable":       s.adminPersonDisable,
		"/desk/admin/people/{user}/duty":          s.adminDutyGive,
		"/desk/admin/people/{user}/duties/{duty}": s.adminDutyEnd,
		"/desk/admin/catalogue/new":               s.adminLineNew,
		adminRoutesAt + "/new":                    s.adminRouteNew,
		adminRoutesAt + "/{rule}":                 s.adminRoute,
		adminRoutesAt + "/{rule}/end":             s.adminRouteEnd,
		adminProposalsAt + "/{proposal}":          s.adminProposal,
		adminProposalsAt + "/{proposal}/drop":     s.adminProposalDrop,
		"/desk/admin/catalogue/{line}":            s.adminLineChange,
		"/desk/admin/catalogue/{line}/end":        s.adminLineEnd,
		"/desk/admin/calendar/load":               s.adminCalendarLoad,
		"/desk/admin/keys/new":                    s.adminKeyNew,
		"/desk/admin/keys/{key}":                  s.adminKeyRevoke,
		"/desk/admin/keys/{key}/rotate":           s.adminKeyRotate,
		adminWebhooksAt + "/new":                  s.adminWebhookNew,
		adminWebhooksAt + "/{webhook}/replay":     s.adminWebhookReplay,
		adminWebhooksAt + "/{webhook}/rotate":     s.adminWebhookRotate,
		adminWebhooksAt + "/{webhook}/end":        s.adminWebhookEnd,
		"/desk/admin/settings":                    s.adminSettings,
		adminNoticesAt + "/settings":              s.adminNoticeSettings,
		adminNoticesAt + "/test":                  s.adminNoticeTest,
		adminLawAt:                                s.adminLaw,
		adminRemindersAt + "/{rule}":              s.adminReminder,
		adminTemplatesAt + "/{kind}":              s.adminTemplate,
		adminOpenAt + "/least":                    s.adminOpenLeast,
		adminOpenAt + "/{period}/{act}":           s.adminOpenAct,
	} {
		mux.Handle("GET "+path, s.admin(h))
		mux.Handle("POST "+path, s.admin(h))
	}
}

// adminHome leads to the first page that the duty in use can open.
func (s *Site) adminHome(w http.ResponseWriter, r *http.Request, _ *visit) error {
	http.Redirect(w, r, "/desk", http.StatusSeeOther)
	return nil
}

// admin adapts a handler for administrators. What is inside their scope each use case decides again.
func (s *Site) admin(h func(http.ResponseWriter, *http.Request, *visit) error) http.Handler {
	return s.desk(func(w http.ResponseWriter, r *http.Request, v *visit) error {
		if !v.who.Has(org.RoleAdmin) {
			return errs.E(errs.Forbidden, "auth.duty")
		}
		return h(w, r, v)
	})
}

// adminID reads an id from a path. What is no number is a thing that is not there.
func adminID(r *http.Request, name string) (int64, error) {
	id, err := strconv.ParseInt(r.PathValue(name), 10, 64)
	if err != nil || id <= 0 {
		return 0, errs.E(errs.NotFound, "page.not_found")
	}
	return id, nil
}

// adminForm is the page of one form.
type adminForm struct {
	title   string
	current string // entry of the navigation
	crumbs  []ui.Link
	lead    []string // what it means, a paragraph each
	danger  []string // what it does that cannot be taken back
	facts   []ui.Fact
	fields  []adminField
	hidden  []string // names of values that are carried along
	submit  string
	final   bool // the button does what cannot be taken back
	back    string
	others  []ui.ButtonProps // other things that can be done here
	files   bool

	form    ui.Form
	refused string   // why nothing was done, where no field is at fault
	details []string // what is wrong inside what was typed, line by line
}

// adminField is one field of a form. What it offers is made when the page is shown, out of what was typed.
type adminField struct {
	ui.FieldProps
	control adminControl
	options []ui.Option
	groups  []optionGroup
	none    string              // of a category: the choice of none
	fits    func(org.Unit) bool // of a unit: which ones can be chosen
	unit    ui.UnitProps
	place   ui.PlaceProps
}

// adminControl says what a field looks like.
type adminControl int

const (
	adminText adminControl = iota
	adminArea
	adminDay
	adminRadios
	adminChecks
	adminUnitChoice
	adminPlaceChoice
	adminCategory
	adminFile
	adminTick
)

// adminValues reads what was sent. A place that was chosen anew follows the one chosen before.
func adminValues(r *http.Request) (url.Values, error) {
	values, err := parseForm(r)
	if err != nil {
		return nil, err
	}
	if places := values["place"]; len(places) > 1 {
		values.Set("place", places[len(places)-1])
	}
	return values, nil
}

// adminSent reports whether a form was sent to be done, and not only to look something up.
func adminSent(r *http.Request, values url.Values) bool {
	return r.Method == http.MethodPost && values.Get("do") == ""
}

// adminFill begins a form: with what was sent, or with what it starts from.
func adminFill(r *http.Request, start url.Values) (url.Values, error) {
	if r.Method == http.MethodPost {
		return adminValues(r)
	}
	return start, nil
}

// adminShow shows a form with what was typed and why it was not done. An error that does not belong on the page is returned.
func (s *Site) adminShow(w http.ResponseWriter, r *http.Request, v *visit, p adminForm, values url.Values, wrong error) error {
	t := v.t
	wrong = adminUnchosen(p, values, wrong)
	status := http.StatusOK
	switch kind := errs.KindOf(wrong); {
	case wrong == nil:
	case formError(wrong):
		status = http.StatusUnprocessableEntity
	case kind == errs.Conflict || kind == errs.Refused || kind == errs.Invalid:
		status, p.refused = http.StatusConflict, t.Err(wrong)
	default:
		return wrong
	}
	p.form = ui.NewForm(t, values, wrong)
	for i := range p.fields {
		if err := s.adminOffer(v, &p.fields[i], p.form); err != nil {
			return err
		}
	}
	crumbs := p.crumbs
	if len(crumbs) > 0 { // a page of the navigation itself has no way back
		crumbs = append(crumbs, ui.Link{Text: p.title})
	}
	return s.show(w, r, status, s.staffPage(r, v, p.title, p.current, adminFormPage(t, p), crumbs...))
}

// adminUnchosen says of a unit or place that nobody chose that it has to be chosen, and nothing of one that need not be: to the use
// cases it is one that does not exist.
func adminUnchosen(p adminForm, values url.Values, wrong error) error {
	if !formError(wrong) {
		return wrong
	}
	var fields []errs.Field
	for _, f := range fieldsIn(wrong) {
		i := slices.IndexFunc(p.fields, func(x adminField) bool { return x.Name == f.Path })
		chooses := i >= 0 && (p.fields[i].control == adminUnitChoice || p.fields[i].control == adminPlaceChoice)
		switch {
		case !chooses || values.Get(f.Path) != "" || f.Code != "unit.gone" && f.Code != "intake.place_unknown":
			fields = append(fields, f)
		case !p.fields[i].Optional:
			fields = append(fields, errs.F(f.Path, "field.required"))
		}
	}
	if len(fields) == 0 {
		return wrong
	}
	return errs.Fields(fields)
}

// adminOffer makes what a field offers.
func (s *Site) adminOffer(v *visit, f *adminField, form ui.Form) error {
	switch f.control {
	case adminUnitChoice:
		unit, err := s.adminUnitPicker(v, form, f.FieldProps, f.fits)
		f.unit = unit
		return err
	case adminPlaceChoice:
		place, err := s.adminPlacePicker(v.t, f.FieldProps, form.Values)
		f.place = place
		return err
	case adminCategory:
		f.groups = categoryGroups(v.t, s.Office.Places.Current())
	case adminText, adminArea, adminDay, adminRadios, adminChecks, adminFile, adminTick:
	}
	return nil
}

// adminFields are the fields of a form in their order, for the summary of errors.
func adminFields(p adminForm) []ui.FieldProps {
	out := make([]ui.FieldProps, len(p.fields))
	for i, f := range p.fields {
		out[i] = f.FieldProps
	}
	return out
}

// adminPlacePicker is the choice of a place at any level.
func (s *Site) adminPlacePicker(t *i18n.Speaker, p ui.FieldProps, values url.Values) (ui.PlaceProps, error) {
	d := &filing{Values: values}
	find := ""
	switch values.Get("do") {
	case "find-place":
		find = "place"
	case "step-place":
		find = "steps"
		values.Set("place", strconv.FormatInt(s.steppedTo(d), 10))
	}
	field, err := s.placeField(t, d, find)
	return placeProps(t, filePage{place: field}, p), err
}

// adminTreeDepth bounds the tree of a picker; deeper units are found by searching.
const adminTreeDepth = 2

// adminUnitPicker is a choice among the units that the administrator governs, bodies that handle nothing themselves included.
func (s *Site) adminUnitPicker(v *visit, f ui.Form, p ui.FieldProps, fits func(org.Unit) bool) (ui.UnitProps, error) {
	t, chart, today := v.t, s.Office.Chart(), s.Office.Today()
	may := func(u org.Unit) bool {
		return u.Alive(today) && chart.Under(u.ID, v.who.Duty.Scope) && (fits == nil || fits(u))
	}
	props := ui.UnitProps{Field: p, Find: "find-" + p.Name}
	words := strings.TrimSpace(f.Value(p.Name + "_q"))
	found, err := s.Office.FindUnits(v.who, words, maxFound, fits)
	if err != nil {
		return props, err
	}
	for _, u := range found {
		props.Found = append(props.Found, s.foundUnit(t, u, words))
	}
	if words != "" && len(props.Found) == 0 {
		props.Nothing = t.T("desk.unit.nothing", "words", words)
	}
	chosen, ok := chart.Unit(unitID(f.Value(p.Name)))
	if ok && may(chosen) && !slices.ContainsFunc(props.Found, func(x ui.Found) bool { return x.Value == f.Value(p.Name) }) {
		props.Found = append([]ui.Found{s.foundUnit(t, chosen, "")}, props.Found...)
	}
	var branch func(u org.Unit, depth int) []ui.UnitNode
	branch = func(u org.Unit, depth int) []ui.UnitNode {
		if !u.Alive(today) {
			return nil
		}
		n := ui.UnitNode{Name: unitName(t, u), Open: depth == 0}
		if may(u) && u.ID != chosen.ID { // what is chosen stands above the tree: the same choice twice would untick one
			n.Value = adminIDText(int64(u.ID))
		}
		if depth+1 < adminTreeDepth {
			for _, below := range chart.Children(u.ID) {
				n.Members = append(n.Members, branch(below, depth+1)...)
			}
		}
		if n.Value == "" && len(n.Members) == 0 {
			return nil
		}
		return []ui.UnitNode{n}
	}
	if top, ok := chart.Unit(v.who.Duty.Scope); ok {
		props.Tree = branch(top, 0)
	}
	return props, nil
}

func adminIDText(id int64) string { return strconv.FormatInt(id, 10) }

// adminDayIn reads a day that may be left empty; what is no day is an error of its field.
func adminDayIn(values url.Values, name string, fields *[]errs.Field) law.Day {
	day, err := dayIn(strings.TrimSpace(values.Get(name)), false)
	if err != nil {
		*fields = append(*fields, errs.F(name, "admin.day"))
		return law.NoDay
	}
	return day
}

// adminPlaceIn is the place that was chosen, zero when none was.
func adminPlaceIn(values url.Values) int64 { return (&filing{Values: values}).place() }

// adminPager is a keyset-paged list as an address says it: where the pages up to this one begin, the last of which is shown.
type adminPager struct {
	path  string
	query url.Values
	begin []string
}

func adminPagerIn(path string, q url.Values) adminPager {
	p := adminPager{path: path, query: q}
	for at := range strings.SplitSeq(q.Get("page"), ",") {
		if at != "" && len(p.begin) < maxBack {
			p.begin = append(p.begin, at)
		}
	}
	return p
}

// after is where to go on from, empty on the first page.
func (p adminPager) after() string {
	if len(p.begin) == 0 {
		return ""
	}
	return p.begin[len(p.begin)-1]
}

// afterID is after for a list in the order of ids; what is no id is the start.
func (p adminPager) afterID() int64 {
	n, err := strconv.ParseInt(p.after(), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// links lead to the pages before and after; next is empty at the end.
func (p adminPager) links(next string) ui.PaginationProps {
	var out ui.PaginationProps
	if len(p.begin) > 0 {
		out.Prev = p.href(p.begin[:len(p.begin)-1])
	}
	if next != "" {
		out.Next = p.href(append(slices.Clone(p.begin), next))
	}
	return out
}

// adminNextID is an id to go on from as text, empty for zero.
func adminNextID(id int64) string {
	if id == 0 {
		return ""
	}
	return adminIDText(id)
}

func (p adminPager) href(begin []string) string {
	q := url.Values{}
	for name, values := range p.query {
		if name != "page" {
			q[name] = values
		}
	}
	if len(begin) > 0 {
		q.Set("page", strings.Join(begin, ","))
	}
	if len(q) == 0 {
		return p.path
	}
	return p.path + "?" + q.Encode()
}

// adminSecret is shown once, on the answer to the form that made it, and kept nowhere.
type adminSecret struct {
	title string
	lead  string
	term  string // what it is
	value string
	facts []ui.Fact
	next  []string
	on    ui.ButtonProps
}

func (s *Site) adminShowSecret(w http.ResponseWriter, r *http.Request, v *visit, current string, p adminSecret, crumbs ...ui.Link) error {
	return s.show(w, r, http.StatusOK, s.staffPage(r, v, p.title, current, adminSecretPage(v.t, p), append(crumbs, ui.Link{Text: p.title})...))
}
