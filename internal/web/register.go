package web

import (
	"context"
	"crypto/rand"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"huiyin/internal/errs"
	"huiyin/internal/i18n"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

// entry is a registration as it is being typed: the values of the one form.
type entry struct{ people }

// rowsDemands is the field that counts the demands, as rowsPeople counts the people.
const rowsDemands = "demands"

// localTime is how a browser's field writes a minute.
const localTime = "2006-01-02T15:04"

// newEntry is an empty form: received now, one person, one demand, and a key by which a second press registers nothing twice.
func newEntry(nowUS int64) entry {
	return entry{people{url.Values{
		"channel": {string(matter.ChannelVisit)}, "kind": {string(matter.KindAppeal)}, "received": {time.UnixMicro(nowUS).In(law.Zone()).Format(localTime)},
		rowsPeople: {"1"}, rowsDemands: {"1"}, "key": {rand.Text()},
	}}}
}

func (e entry) demandCount() int { return rowsIn(e.Values, rowsDemands, matter.MaxItems) }

// demandName is the field of a row.
func demandName(i int) string { return "demands." + strconv.Itoa(i) }

// demandRows are the rows as typed.
func (e entry) demandRows() []string {
	var out []string
	for i := range e.demandCount() {
		out = append(out, e.Get(demandName(i)))
	}
	return out
}

// setDemands writes rows back as setPeople does.
func (e entry) setDemands(rows []string) {
	for i := range e.demandCount() {
		e.Del(demandName(i))
	}
	for i, d := range rows {
		e.Set(demandName(i), d)
	}
	e.Set(rowsDemands, strconv.Itoa(max(1, len(rows))))
}

// compact leaves empty rows out.
func (e entry) compact() {
	e.setDemands(slices.DeleteFunc(e.demandRows(), func(d string) bool { return strings.TrimSpace(d) == "" }))
	e.compactPeople()
}

// change adds or takes away a row, or a file; it reports whether the button asked for that.
func (e entry) change(do string) bool {
	if e.changePeople(do) {
		return true
	}
	if do == "add-demand" {
		e.Set(rowsDemands, strconv.Itoa(min(e.demandCount()+1, matter.MaxItems)))
		return true
	}
	if at, ok := strings.CutPrefix(do, "remove-demand-"); ok {
		if i, err := strconv.Atoi(at); err == nil && i >= 0 && i < len(e.demandRows()) {
			e.setDemands(slices.Delete(e.demandRows(), i, i+1))
		}
		return true
	}
	if id, ok := strings.CutPrefix(do, "remove-"); ok {
		dropFile(e.Values, id)
		return true
	}
	return false
}

// takesCategory takes a proposed category, if the button asked for that.
func (e entry) takesCategory(do string) bool {
	code, ok := strings.CutPrefix(do, takeCategory)
	if ok {
		e.Set("category", code)
		e.Del("category_q")
	}
	return ok
}

// intake reads the entry. What cannot be read is an error of its field.
func (e entry) intake() (matter.Intake, []errs.Field) {
	var wrong []errs.Field
	in := matter.Intake{
		Channel: matter.Channel(e.Get("channel")), Title: e.Get("title"), Narrative: e.Get("narrative"), Demands: e.demandRows(), PlaceNote: e.Get("place_note"),
		Petitioners: e.peopleRows(), Kind: matter.Kind(e.Get("kind")), Category: e.Get("category"), Confidential: e.Get("confidential") == "yes",
		Elsewhere: e.Get("elsewhere"), Attachments: idsOf(e.Values[attached]), Accused: []org.UnitID{},
	}
	if at, err := time.ParseInLocation(localTime, e.Get("received"), law.Zone()); err == nil {
		in.ReceivedUS = at.UnixMicro()
	} else {
		wrong = append(wrong, errs.F("received", "desk.received"))
	}
	persons, bad := e.persons()
	in.Persons, wrong = persons, append(wrong, bad...)
	if place, err := strconv.ParseInt(e.Get("place"), 10, 64); err == nil {
		in.Place = place
	}
	if u := unitID(e.Get("accused")); u != 0 && in.Kind == matter.KindAccusation {
		in.Accused = append(in.Accused, u)
	}
	return in, wrong
}

// registerView is the page on which a visit, a letter or a call is registered.
type registerView struct {
	entry     entry
	form      ui.Form
	place     ui.PlaceProps
	category  []optionGroup
	found     []ui.Found
	advice    adviceView
	suggested []suggestion
	accused   ui.UnitProps
	taken     []ui.Taken
	kept      []string
	unit      string
	notice    string
	same      *ui.SideBySideProps
	none      bool // looked for earlier ones and found none
	receipt   *keptReceipt
	token     string // of the receipt just made
}

func (s *Site) registerForm(w http.ResponseWriter, r *http.Request, v *visit) error {
	if !v.who.Has(org.RoleRegistrar, org.RoleHandler, org.RoleDiscipline) {
		return errs.E(errs.Forbidden, "auth.duty")
	}
	var made *keptReceipt
	token := r.URL.Query().Get("receipt")
	if token != "" {
		kept, err := s.loadReceipt(r, v, token)
		if err != nil && errs.KindOf(err) != errs.NotFound {
			return err
		}
		if err == nil {
			made = &kept
		}
	}
	return s.showRegister(w, r, v, http.StatusOK, newEntry(s.Office.Now()), nil, lookup{made: made, token: token})
}

// lookup is what a press of a button looked up for the page.
type lookup struct {
	find    string // "place" or "steps": what of the place
	earlier usecase.Repeats
	looked  bool // for earlier matters
	made    *keptReceipt
	token   string
}

// register takes the entry in. Whatever is looked up or wrong comes back with everything typed.
func (s *Site) register(w http.ResponseWriter, r *http.Request, v *visit) error {
	if !v.who.Has(org.RoleRegistrar, org.RoleHandler, org.RoleDiscipline) {
		return errs.E(errs.Forbidden, "auth.duty")
	}
	form, err := s.postedFiles(w, r)
	if err != nil {
		return err
	}
	defer form.drop()
	e := entry{people{form.Values}}
	unit, _ := s.Office.Chart().Unit(v.who.Duty.Unit)
	if err := s.takeStaffFiles(r, v, usecase.HomeOf(unit.Place), form); err != nil {
		if !formError(err) {
			return err
		}
		return s.showRegister(w, r, v, http.StatusUnprocessableEntity, e, err, lookup{})
	}
	switch do := e.Get("do"); {
	case e.change(do) || e.takesCategory(do):
		return s.showRegister(w, r, v, http.StatusOK, e, nil, lookup{})
	case do == "find-place":
		s.takePlace(e)
		return s.showRegister(w, r, v, http.StatusOK, e, nil, lookup{find: "place"})
	case do == "step-place":
		s.stepPlace(&filing{Values: e.Values})
		return s.showRegister(w, r, v, http.StatusOK, e, nil, lookup{find: "steps"})
	case strings.HasPrefix(do, "find-"):
		return s.showRegister(w, r, v, http.StatusOK, e, nil, lookup{})
	case do == "check":
		earlier, err := s.earlier(r.Context(), v, e)
		if err != nil {
			return err
		}
		return s.showRegister(w, r, v, http.StatusOK, e, nil, lookup{earlier: earlier, looked: true})
	}
	return s.registerNow(w, r, v, e)
}

// takePlace chooses the place whose name, initials or code were typed, where they name one alone in the office's county: nothing is left to choose then.
func (s *Site) takePlace(e entry) {
	words := strings.TrimSpace(e.Get("place_q"))
	home := s.Office.Settings().Place
	if words == "" || home == 0 {
		return
	}
	if places, err := s.Office.Places.Find(home, words, 2); err == nil && len(places) == 1 {
		e.Set("place", strconv.FormatInt(places[0].Code, 10))
	}
}

// opensAt is the field in which the form opens: after a row was added, the row; after a search, what was found; else where it goes on.
func (e entry) opensAt(l lookup, place ui.PlaceProps, found []ui.Found) string {
	switch do := e.Get("do"); {
	case do == "add-demand":
		return demandName(e.demandCount() - 1)
	case do == addPerson:
		return personName(e.peopleCount()-1, "name")
	case l.find == "steps" && len(place.Steps) > 0:
		return place.Steps[len(place.Steps)-1].Field.Name
	case do == "find-place" && len(place.Found) > 0:
		return "place"
	case do == "find-place":
		return "place_q"
	case strings.HasPrefix(do, takeCategory):
		return "category"
	case do == "find-category" && len(found) == 0:
		return "category_q"
	case strings.HasPrefix(do, "find-"):
		return strings.TrimPrefix(do, "find-")
	case len(l.earlier.List) > 0:
		return "same"
	case do == "":
		return personName(0, "name")
	}
	return ""
}

// registerNow registers, unless something is wrong or there are earlier matters that nobody has looked at yet.
func (s *Site) registerNow(w http.ResponseWriter, r *http.Request, v *visit, e entry) error {
	e.compact()
	if e.Get("place") == "" {
		s.takePlace(e)
	}
	in, wrong := e.intake()
	_, bad := s.Office.CheckIntake(v.who, in)
	link, chosen := e.chosen()
	if len(chosen) > 1 {
		wrong = append(wrong, errs.F("same", "desk.same.several"))
	}
	if err := merge(wrong, errs.Fields(bad)); err != nil {
		earlier, lookErr := s.earlier(r.Context(), v, e)
		if lookErr != nil {
			return lookErr
		}
		wanted := lookup{earlier: earlier}
		if in.Place == 0 && strings.TrimSpace(e.Get("place_q")) != "" {
			wanted.find = "place"
		}
		return s.showRegister(w, r, v, http.StatusUnprocessableEntity, e, err, wanted)
	}
	if e.Get("looked") == "" {
		earlier, err := s.earlier(r.Context(), v, e)
		if err != nil {
			return err
		}
		if len(earlier.List) > 0 {
			return s.showRegister(w, r, v, http.StatusOK, e, nil, lookup{earlier: earlier, looked: true})
		}
	}
	receipt, err := s.Office.Register(r.Context(), v.who, in, e.Get("key"))
	if formError(err) {
		return s.showRegister(w, r, v, http.StatusUnprocessableEntity, e, err, lookup{})
	}
	if err != nil {
		return err
	}
	kept := keptReceipt{User: v.who.User, Receipt: receipt}
	if !link.IsZero() {
		kept.Linked = link
		if err := s.Office.Join(r.Context(), v.who, link, receipt.Matter, v.t.T("desk.link.reason")); err != nil {
			if k := errs.KindOf(err); k == errs.Internal || k == errs.Unavailable {
				return err
			}
			kept.NotLinked = v.t.Err(firstField(err))
		}
	}
	token, err := s.Office.SaveDraft(r.Context(), "", kept)
	if err != nil {
		return err
	}
	to := "/desk/receipt/" + token
	if e.Get("do") == "next" {
		to = "/desk/register?receipt=" + token
	}
	return s.done(w, r, to, "desk.registered", map[string]string{"number": receipt.Ref.String()})
}

// firstField is the first of an error's fields as an error of its own, so that it can be said in a sentence.
func firstField(err error) error {
	if f := fieldsIn(err); len(f) > 0 {
		return &errs.Error{Kind: errs.Invalid, Code: f[0].Code, Args: f[0].Args}
	}
	return err
}

// chosen is the earlier matter to link to, and all that were chosen.
func (e entry) chosen() (matter.Ref, []matter.Ref) {
	var all []matter.Ref
	for _, name := range slices.Sorted(maps.Keys(e.Values)) {
		number, ok := strings.CutPrefix(name, "same.")
		if !ok || e.Get(name) != "link" {
			continue
		}
		if ref, err := matter.ParseRef(number); err == nil {
			all = append(all, ref)
		}
	}
	if len(all) == 0 {
		return matter.Ref{}, nil
	}
	return all[0], all
}

// earlier are matters that this may belong to; none for a duty to which none are put.
func (s *Site) earlier(ctx context.Context, v *visit, e entry) (usecase.Repeats, error) {
	in, _ := e.intake()
	found, err := s.Office.Repeats(ctx, v.who, in, matter.Ref{})
	if errs.KindOf(err) == errs.Forbidden {
		return usecase.Repeats{}, nil
	}
	return found, err
}

// showRegister shows the page with what was typed, what is wrong with it and what was looked up.
func (s *Site) showRegister(w http.ResponseWriter, r *http.Request, v *visit, status int, e entry, wrong error, l lookup) error {
	t := v.t
	if l.looked {
		e.Set("looked", "yes")
	}
	view := registerView{entry: e, form: ui.NewForm(t, e.Values, wrong), receipt: l.made, token: l.token, none: l.looked && len(l.earlier.List) == 0}
	field, err := s.placeField(t, &filing{Values: e.Values}, l.find)
	if err != nil {
		return err
	}
	view.place = placeProps(t, filePage{place: field}, ui.FieldProps{Name: "place", Label: t.T("form.place"), Hint: t.T("desk.place.hint")})
	view.category = categoryGroups(t, s.Office.Places.Current())
	view.found = findCategories(t, s.Office.Places.Current(), e.Get("category_q"))
	view.form.Focus = e.opensAt(l, view.place, view.found)
	in, _ := e.intake()
	if view.advice, err = s.entryAdvice(v, e); err != nil {
		return err
	}
	if view.suggested, err = s.suggest(r.Context(), v, in.Place, in.Category); err != nil {
		return err
	}
	view.accused = s.unitPicker(t, view.form, ui.FieldProps{Name: "accused", Label: t.T("form.accused"), Hint: t.T("desk.accused.hint"), Optional: true}, nil)
	view.kept, view.taken = e.Values[attached], takenFiles(t, e.Values[attached])
	receiver, _ := s.Office.CheckIntake(v.who, in)
	if receiver.ID == 0 {
		receiver, _ = s.Office.Chart().Unit(v.who.Duty.Unit)
	}
	view.unit = unitName(t, receiver)
	if view.notice, err = s.noticeBy(t, receiver, in.ReceivedUS); err != nil {
		return err
	}
	if len(l.earlier.List) > 0 {
		side := s.sideBySide(t, in, l.earlier)
		view.same = &side
	}
	return s.show(w, r, status, s.staffPage(r, v, t.T("desk.register"), "/desk/register", registerPage(t, view)))
}

// noticeBy is the last day by which the petitioner must be told, if the entry is registered at a unit.
func (s *Site) noticeBy(t *i18n.Speaker, unit org.Unit, receivedUS int64) (string, error) {
	day := s.Office.Today()
	if receivedUS != 0 {
		day = min(day, law.DayOf(receivedUS))
	}
	set, err := s.Office.Law(strconv.FormatInt(usecase.HomeOf(unit.Place), 10), day)
	if errs.KindOf(err) == errs.NotFound || errs.KindOf(err) == errs.Invalid {
		return "", nil // a day before any law in the book: its field says so
	}
	if err != nil {
		return "", err
	}
	id := law.RuleID("D02")
	if unit.Bureau() {
		id = "D01"
	}
	rule, err := set.Rule(id)
	if err != nil {
		return "", err
	}
	_, legal, _, _ := law.Ends(rule, day, s.Office.Calendar())
	return t.T("desk.notice.by", "rule", t.T(rule.NameCode), "day", t.FullDay(legal)), nil
}

// registerFacts are what follows from registering.
func registerFacts(t *i18n.Speaker, p registerView) []ui.Fact {
	return []ui.Fact{{Term: t.T("desk.first_receiver"), Text: p.unit}, {Term: t.T("desk.notice"), Text: p.notice}, {Term: t.T("desk.receipt"), Text: t.T("desk.receipt.text")}}
}

// registerFields are the page's fields in their order, for the summary of errors.
func registerFields(t *i18n.Speaker, p registerView) []ui.FieldProps {
	out := []ui.FieldProps{{Name: "petitioners", Label: t.T("form.petitioners")}}
	for i := range p.entry.peopleCount() {
		for _, f := range personFields() {
			out = append(out, ui.FieldProps{Name: personName(i, f), Label: t.T("desk.person.n", "n", i+1) + " " + t.T("form."+f)})
		}
	}
	out = append(out, ui.FieldProps{Name: "title", Label: t.T("form.title")})
	for i := range p.entry.demandCount() {
		out = append(out, ui.FieldProps{Name: demandName(i), Label: t.T("desk.demand.n", "n", i+1)})
	}
	for _, name := range []string{"place", "place_note", "narrative"} {
		out = append(out, ui.FieldProps{Name: name, Label: t.T("form." + name)})
	}
	out = append(out, ui.FieldProps{Name: "files", Label: t.T("form.attachments")})
	for _, name := range []string{"channel", "received", "persons", "kind", "category", "elsewhere"} {
		out = append(out, ui.FieldProps{Name: name, Label: t.T("form." + name)})
	}
	return append(out, ui.FieldProps{Name: "same", Label: t.T("desk.same")})
}
