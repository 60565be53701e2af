package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"huiyin/internal/errs"
	"huiyin/internal/i18n"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

const adminUnitsAt = "/desk/admin/units"

func adminUnitPath(id org.UnitID) string { return adminUnitsAt + "/" + adminIDText(int64(id)) }

// adminTree is the page of all units an administrator governs.
type adminTree struct {
	form    ui.Form
	words   string
	found   []ui.Found
	nodes   []adminNode
	several bool // there is something below the top
}

// adminNode is one line of the tree. Only what is open has its members.
type adminNode struct {
	id      org.UnitID
	name    string
	note    string
	ended   bool
	below   string // how many are under it, empty for none
	toggle  string // where opening or closing it leads
	open    bool
	members []adminNode
}

// adminUnits shows the tree, opened down to one unit, or what a search found.
func (s *Site) adminUnits(w http.ResponseWriter, r *http.Request, v *visit) error {
	t, q := v.t, r.URL.Query()
	p := adminTree{form: ui.Form{Values: q}, words: strings.TrimSpace(q.Get("q"))}
	found, err := s.Office.FindUnits(v.who, p.words, maxAdminFound, nil)
	if err != nil {
		return err
	}
	for _, u := range found {
		p.found = append(p.found, s.foundUnit(t, u, p.words))
	}
	open := s.Office.Chart().Ancestors(unitID(q.Get("open")))
	if len(open) == 0 {
		open = []org.UnitID{v.who.Duty.Scope}
	}
	if p.nodes, err = s.adminBranch(v, 0, open); err != nil {
		return err
	}
	p.several = len(p.nodes) > 0 && p.nodes[0].below != ""
	return s.show(w, r, http.StatusOK, s.staffPage(r, v, t.T("nav.units"), adminUnitsAt, adminUnitsPage(t, p)))
}

// maxAdminFound is how many units a search of the tree shows.
const maxAdminFound = 50

// adminBranch is the lines directly under a unit, with those below them where they are open.
func (s *Site) adminBranch(v *visit, parent org.UnitID, open []org.UnitID) ([]adminNode, error) {
	list, err := s.Office.UnitsUnder(v.who, parent)
	if err != nil {
		return nil, err
	}
	out := make([]adminNode, 0, len(list))
	for _, u := range list {
		n := s.adminNode(v.t, u)
		n.open = slices.Contains(open, u.ID) && u.Children > 0
		n.toggle = adminUnitsAt + "?open=" + adminIDText(int64(u.ID)) + "#u" + adminIDText(int64(u.ID))
		if n.open {
			n.toggle = adminUnitsAt + "?open=" + adminIDText(int64(u.Parent)) + "#u" + adminIDText(int64(u.ID))
			if n.members, err = s.adminBranch(v, u.ID, open); err != nil {
				return nil, err
			}
		}
		out = append(out, n)
	}
	return out, nil
}

func (s *Site) adminNode(t *i18n.Speaker, u usecase.UnitView) adminNode {
	n := adminNode{id: u.ID, name: unitName(t, u.Unit), note: t.T("unit_kind." + string(u.Kind)), ended: !u.Living}
	if u.Children > 0 {
		n.below = t.T("admin.unit.below", "n", u.Children)
	}
	return n
}

// adminUnitView is a unit's page.
type adminUnitView struct {
	unit    org.Unit
	name    string
	living  bool
	facts   []ui.Fact
	below   []adminNode
	holders []adminHolder
	more    bool // there are more people than are shown
	history []adminChange
	offers  []ui.ButtonProps
	why     string // why some things cannot be done here
	left    string // how many matters still wait for the successor
	heir    ui.Link
}

// adminHolder is a duty held at a unit or below it.
type adminHolder struct {
	user  org.UserID
	name  string
	role  string
	unit  string
	scope string
	days  string
}

// adminUnitIn is the unit a path names, if the administrator governs it.
func (s *Site) adminUnitIn(r *http.Request, v *visit) (org.Unit, error) {
	id, err := adminID(r, "unit")
	if err != nil {
		return org.Unit{}, err
	}
	chart := s.Office.Chart()
	u, ok := chart.Unit(org.UnitID(id))
	if !ok || !chart.Under(u.ID, v.who.Duty.Scope) {
		return org.Unit{}, errs.E(errs.NotFound, "unit.not_found")
	}
	return u, nil
}

// adminUnit shows one unit: what it is, what is below it, who is on duty there, what was done to it.
func (s *Site) adminUnit(w http.ResponseWriter, r *http.Request, v *visit) error {
	u, err := s.adminUnitIn(r, v)
	if err != nil {
		return err
	}
	t := v.t
	p := adminUnitView{unit: u, name: unitName(t, u), living: u.Alive(s.Office.Today())}
	list, err := s.Office.UnitsUnder(v.who, u.ID)
	if err != nil {
		return err
	}
	for _, below := range list {
		p.below = append(p.below, s.adminNode(t, below))
	}
	if p.holders, p.more, err = s.adminHolders(r, v, u.ID); err != nil {
		return err
	}
	history, err := s.Office.UnitHistory(r.Context(), v.who, u.ID)
	if err != nil {
		return err
	}
	p.history = s.adminChangesOf(t, history)
	if p.living {
		p.offers = []ui.ButtonProps{
			{Text: t.T("admin.unit.new"), Href: adminUnitPath(u.ID) + "/new"},
			{Text: t.T("admin.unit.rename"), Href: adminUnitPath(u.ID) + "/rename"},
		}
		if u.ID == v.who.Duty.Scope { // whatever it could go to lies outside what this administrator governs
			p.why = t.T("admin.unit.top")
		} else {
			p.offers = append(p.offers, ui.ButtonProps{Text: t.T("admin.unit.move"), Href: adminUnitPath(u.ID) + "/move"},
				ui.ButtonProps{Text: t.T("admin.unit.end"), Href: adminUnitPath(u.ID) + "/end", Look: ui.Danger})
		}
	} else if heir, ok := s.Office.Chart().Bearer(u.ID, s.Office.Today()); ok {
		n, err := s.adminOpenMatters(r, u.ID)
		if err != nil {
			return err
		}
		p.heir = ui.Link{Text: unitName(t, heir), Href: adminUnitPath(heir.ID)}
		if n > 0 {
			p.left = t.T("admin.succeed.left", "n", n, "unit", p.heir.Text)
		}
	}
	p.facts = s.adminUnitFacts(t, v.who, u)
	return s.show(w, r, http.StatusOK, s.staffPage(r, v, p.name, adminUnitsAt, adminUnitPage(t, p), s.adminUnitCrumbs(v, u, "")...))
}

func (s *Site) adminUnitFacts(t *i18n.Speaker, who org.Actor, u org.Unit) []ui.Fact {
	none := func(text string) string {
		if text == "" {
			return t.T("admin.value.none")
		}
		return text
	}
	other := ui.Fact{Term: t.T("admin.field.english"), Text: none(u.English)}
	if t.Lang() == i18n.En {
		other = ui.Fact{Term: t.T("admin.field.name"), Text: u.Name}
	}
	facts := []ui.Fact{
		other,
		{Term: t.T("admin.field.kind"), Text: t.T("unit_kind." + string(u.Kind))},
		{Term: t.T("admin.field.place"), Text: s.fullPlaceName(t, u.Place), Note: adminIDText(u.Place)},
		{Term: t.T("admin.field.phone"), Text: none(u.Phone)},
		{Term: t.T("admin.field.code"), Text: adminIDText(int64(u.ID))},
	}
	if above, ok := s.Office.Chart().Unit(u.Parent); ok {
		f := ui.Fact{Term: t.T("admin.field.parent"), Text: unitName(t, above)}
		if s.Office.Chart().Under(above.ID, who.Duty.Scope) {
			f.Href = adminUnitPath(above.ID)
		}
		facts = append([]ui.Fact{f}, facts...)
	}
	if u.From.Known() && u.From != 0 {
		facts = append(facts, ui.Fact{Term: t.T("admin.field.from"), Text: t.FullDay(u.From)})
	}
	if u.Until.Known() {
		facts = append(facts, ui.Fact{Term: t.T("admin.field.until"), Text: t.FullDay(u.Until)})
	}
	return facts
}

// maxHolders is how many people a unit's page looks through; the list of people has them all.
const maxHolders = 50

// adminHolders lists the duties held at a unit and below it.
func (s *Site) adminHolders(r *http.Request, v *visit, unit org.UnitID) ([]adminHolder, bool, error) {
	page, err := s.Office.People(r.Context(), v.who, usecase.PeopleFilter{Unit: unit, Limit: maxHolders})
	if err != nil {
		return nil, false, err
	}
	var out []adminHolder
	for _, p := range page.People {
		for _, d := range p.Duties {
			if d.Active && s.Office.Chart().Under(d.Unit, unit) {
				out = append(out, adminHolder{
					user: p.ID, name: p.Name, role: v.t.T("role." + string(d.Role)), unit: unitName(v.t, d.At), scope: adminScope(v.t, d), days: adminDays(v.t, d.Duty),
				})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b adminHolder) int { return strings.Compare(a.unit, b.unit) })
	return out, page.Next != "", nil
}

// adminScope is how far a duty reaches, where that is not its unit.
func adminScope(t *i18n.Speaker, d usecase.DutyView) string {
	if d.Scope == d.Unit {
		return ""
	}
	return t.T("admin.over", "unit", unitName(t, d.Over))
}

// adminOpenMatters counts the open matters at a unit, up to a thousand. The number alone says nothing of any matter, so the office itself
// counts them: an administrator's duty sees none.
func (s *Site) adminOpenMatters(r *http.Request, unit org.UnitID) (int64, error) {
	counts, err := s.Office.Counts(r.Context(), org.Actor{Kind: org.ActorSystem, Duty: org.Duty{Unit: unit}}, matter.ListUnit, usecase.MaxCount)
	return counts.Lists[matter.ListUnit], err
}

// adminUnitCrumbs lead down to a unit from the top of what the administrator governs, and to a page about it.
func (s *Site) adminUnitCrumbs(v *visit, u org.Unit, page string) []ui.Link {
	chart := s.Office.Chart()
	var path []ui.Link
	for _, id := range chart.Ancestors(u.ID) {
		if above, ok := chart.Unit(id); ok && chart.Under(id, v.who.Duty.Scope) {
			path = append(path, ui.Link{Text: unitName(v.t, above), Href: adminUnitPath(id)})
		}
	}
	slices.Reverse(path)
	path = append([]ui.Link{{Text: v.t.T("nav.units"), Href: adminUnitsAt}}, path...)
	if page == "" {
		path[len(path)-1].Href = ""
	}
	return path
}

// adminUnitForm begins the form of a change of a unit.
func (s *Site) adminUnitForm(v *visit, u org.Unit, title string) adminForm {
	return adminForm{
		title: title, current: adminUnitsAt, crumbs: s.adminUnitCrumbs(v, u, title), submit: title, back: adminUnitPath(u.ID),
	}
}

// adminNames are the fields of how a unit is called and reached.
func adminNames(t *i18n.Speaker) []adminField {
	return []adminField{
		adminLine("name", t.T("admin.field.name"), "", false),
		adminLine("english", t.T("admin.field.english"), "", true),
		{FieldProps: ui.FieldProps{Name: "phone", Label: t.T("admin.field.phone"), Hint: t.T("admin.phone.hint"), Optional: true, Kind: "tel", MaxLength: matter.MaxLine, Width: "width-18"}},
	}
}

// adminUnitNew enters a unit under another.
func (s *Site) adminUnitNew(w http.ResponseWriter, r *http.Request, v *visit) error {
	above, err := s.adminUnitIn(r, v)
	if err != nil {
		return err
	}
	values, err := adminFill(r, url.Values{"place": {adminIDText(above.Place)}, "kind": {string(org.KindDepartment)}})
	if err != nil {
		return err
	}
	t := v.t
	p := s.adminUnitForm(v, above, t.T("admin.unit.new"))
	p.lead = []string{t.T("admin.unit.new.lead", "unit", unitName(t, above))}
	kinds := make([]string, 0, len(org.UnitKinds()))
	for _, k := range org.UnitKinds() {
		kinds = append(kinds, string(k))
	}
	p.fields = append(adminNames(t),
		adminField{FieldProps: ui.FieldProps{Name: "kind", Label: t.T("admin.field.kind")}, control: adminRadios, options: options(t.T, "unit_kind", kinds...)},
		adminField{FieldProps: ui.FieldProps{Name: "place", Label: t.T("admin.field.place"), Hint: t.T("admin.unit.place.hint")}, control: adminPlaceChoice})
	if !adminSent(r, values) {
		return s.adminShow(w, r, v, p, values, nil)
	}
	ids, err := s.Office.AddUnits(r.Context(), v.who, []usecase.NewUnit{{
		Parent: above.ID, Name: values.Get("name"), English: values.Get("english"), Phone: values.Get("phone"), Kind: org.UnitKind(values.Get("kind")), Place: adminPlaceIn(values),
	}})
	if err != nil {
		return s.adminShow(w, r, v, p, values, err)
	}
	return s.done(w, r, adminUnitPath(ids[0]), "admin.unit.new.done", nil)
}

// adminUnitRename calls a unit by another name.
func (s *Site) adminUnitRename(w http.ResponseWriter, r *http.Request, v *visit) error {
	u, err := s.adminUnitIn(r, v)
	if err != nil {
		return err
	}
	values, err := adminFill(r, url.Values{"name": {u.Name}, "english": {u.English}, "phone": {u.Phone}, "mark": {u.Mark}})
	if err != nil {
		return err
	}
	p := s.adminUnitForm(v, u, v.t.T("admin.unit.rename"))
	p.lead = []string{v.t.T("admin.unit.rename.lead")}
	p.fields = append(adminNames(v.t), adminLine("mark", v.t.T("admin.field.mark"), v.t.T("admin.mark.hint"), true))
	if !adminSent(r, values) {
		return s.adminShow(w, r, v, p, values, nil)
	}
	err = s.Office.RenameUnit(r.Context(), v.who, u.ID, usecase.UnitNames{Name: values.Get("name"), English: values.Get("english"), Phone: values.Get("phone"), Mark: values.Get("mark")})
	if err != nil {
		return s.adminShow(w, r, v, p, values, err)
	}
	return s.done(w, r, adminUnitPath(u.ID), "admin.saved", nil)
}

// adminUnitMove puts a unit under another.
func (s *Site) adminUnitMove(w http.ResponseWriter, r *http.Request, v *visit) error {
	u, err := s.adminUnitIn(r, v)
	if err != nil {
		return err
	}
	values, err := adminFill(r, url.Values{"parent": {adminIDText(int64(u.Parent))}})
	if err != nil {
		return err
	}
	p := s.adminUnitForm(v, u, v.t.T("admin.unit.move"))
	p.lead = []string{v.t.T("admin.unit.move.lead", "unit", unitName(v.t, u))}
	p.fields = []adminField{{
		FieldProps: ui.FieldProps{Name: "parent", Label: v.t.T("admin.field.parent")}, control: adminUnitChoice,
		fits: func(to org.Unit) bool { return !s.Office.Chart().Under(to.ID, u.ID) },
	}}
	if !adminSent(r, values) {
		return s.adminShow(w, r, v, p, values, nil)
	}
	if err := s.Office.MoveUnit(r.Context(), v.who, u.ID, unitID(values.Get("parent"))); err != nil {
		return s.adminShow(w, r, v, p, values, err)
	}
	return s.done(w, r, adminUnitPath(u.ID), "admin.unit.move.done", nil)
}

// adminUnitEnd ends a unit in two steps: who carries on, and then, with everything that goes over said, whether it is meant.
func (s *Site) adminUnitEnd(w http.ResponseWriter, r *http.Request, v *visit) error {
	u, err := s.adminUnitIn(r, v)
	if err != nil {
		return err
	}
	values, err := adminFill(r, url.Values{})
	if err != nil {
		return err
	}
	if !u.Alive(s.Office.Today()) {
		return errs.E(errs.Refused, "unit.ended", "day", u.Until)
	}
	held, err := s.adminOpenMatters(r, u.ID)
	if err != nil {
		return err
	}
	below, err := s.adminLiving(v, u.ID)
	if err != nil {
		return err
	}
	t := v.t
	p := s.adminUnitForm(v, u, t.T("admin.unit.end"))
	p.lead = []string{t.T("admin.unit.end.lead", "unit", unitName(t, u)), t.T("admin.unit.end.holds", "n", held, "below", below)}
	p.fields = []adminField{{
		FieldProps: ui.FieldProps{Name: "successor", Label: t.T("admin.field.successor"), Hint: t.T("admin.unit.end.hint"), Optional: held == 0 && below == 0}, control: adminUnitChoice,
		fits: func(to org.Unit) bool {
			return !s.Office.Chart().Under(to.ID, u.ID) && (to.Kind != org.KindRoot || u.Kind == org.KindRoot)
		},
	}}
	p.submit = t.T("admin.next")
	if !adminSent(r, values) {
		return s.adminShow(w, r, v, p, values, nil)
	}
	heir, ok := s.Office.Chart().Unit(unitID(values.Get("successor")))
	switch {
	case !ok && held > 0:
		return s.adminShow(w, r, v, p, values, errs.Fields([]errs.Field{errs.F("successor", "unit.holds_matters")}))
	case !ok && below > 0:
		return s.adminShow(w, r, v, p, values, errs.Fields([]errs.Field{errs.F("successor", "unit.has_units")}))
	case values.Get("sure") != "yes":
		return s.adminShow(w, r, v, s.adminUnitSure(t, p, u, heir, held, below), url.Values{"successor": {values.Get("successor")}, "sure": {"yes"}}, nil)
	}
	moved, err := s.Office.EndUnit(r.Context(), v.who, u.ID, heir.ID)
	now, _ := s.Office.Chart().Unit(u.ID)
	switch {
	case err != nil && now.Alive(s.Office.Today()):
		return s.adminShow(w, r, v, p, values, err)
	case err != nil: // ended, but the moving of its matters was broken off: the page says how many are left
		return s.done(w, r, adminUnitPath(u.ID), "admin.unit.end.broken", map[string]string{"n": adminIDText(int64(moved))})
	}
	return s.done(w, r, adminUnitPath(u.ID), "admin.unit.end.done", map[string]string{"n": adminIDText(int64(moved))})
}

// adminLiving counts the living units directly under one.
func (s *Site) adminLiving(v *visit, id org.UnitID) (int, error) {
	list, err := s.Office.UnitsUnder(v.who, id)
	n := 0
	for _, u := range list {
		if u.Living {
			n++
		}
	}
	return n, err
}

// adminUnitSure asks again, and says what goes where.
func (s *Site) adminUnitSure(t *i18n.Speaker, p adminForm, u, heir org.Unit, held int64, below int) adminForm {
	name := unitName(t, u)
	p.crumbs = append(p.crumbs, ui.Link{Text: p.title, Href: adminUnitPath(u.ID) + "/end"})
	p.title = t.T("admin.unit.end.sure", "unit", name)
	p.lead, p.fields, p.hidden = nil, nil, []string{"successor", "sure"}
	p.danger = []string{t.T("admin.unit.end.danger")}
	to := t.T("admin.value.none")
	if heir.ID != 0 {
		to = unitName(t, heir)
	}
	p.facts = []ui.Fact{
		{Term: t.T("admin.field.successor"), Text: to},
		{Term: t.T("admin.unit.end.matters"), Text: adminSome(t, "admin.unit.end.matters.n", held)},
		{Term: t.T("admin.unit.end.units"), Text: adminSome(t, "admin.unit.end.units.n", int64(below))},
		{Term: t.T("admin.duties"), Text: t.T("admin.unit.end.duties")},
	}
	p.submit, p.final = t.T("admin.unit.end"), true
	return p
}

// adminSome is a text about a number of things, or that there are none.
func adminSome(t *i18n.Speaker, key string, n int64) string {
	if n == 0 {
		return t.T("admin.value.none")
	}
	return t.T(key, "n", n)
}

// adminSucceed goes on with the moving of matters from units that have ended.
func (s *Site) adminSucceed(w http.ResponseWriter, r *http.Request, v *visit) error {
	u, err := s.adminUnitIn(r, v)
	if err != nil {
		return err
	}
	moved, err := s.Office.SucceedMatters(r.Context())
	if err != nil && moved == 0 {
		return err
	}
	return s.done(w, r, adminUnitPath(u.ID), "admin.succeed.done", map[string]string{"n": adminIDText(int64(moved))})
}
