package web

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"huiyin/internal/errs"
	"huiyin/internal/httpx"
	"huiyin/internal/i18n"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

// actView is the page on which one step is taken. Its form is made from the step's command.
type actView struct {
	ref     matter.Ref
	act     matter.Act
	title   string // of the matter
	line    string
	version int
	form    ui.Form
	inputs  []actInput
	changed []string // what somebody else did while this page was open
	refused string   // why the step was refused
	ahead   []ui.ClockProps
	demands []ui.DemandProps
	answers []answerPart
	facts   []ui.Fact // of the draft that a head decides on
	danger  bool
	keeps   bool // can be saved for later
	checks  bool // what is typed can be checked
	check   *checkPart
	saved   string
	action  string
}

// actInput is one field, with what its kind needs.
type actInput struct {
	matter.Input
	field   ui.FieldProps
	options []ui.Option
	unit    ui.UnitProps
	groups  []optionGroup
	advice  adviceView
	found   []ui.Found
	taken   []ui.Taken
	kept    []string // hidden values of files received before
}

// actForm shows the page of a step that is offered. One that is not says why.
func (s *Site) actForm(w http.ResponseWriter, r *http.Request, v *visit) error {
	m, c, err := s.step(r, v)
	if err != nil {
		return err
	}
	if err := mayNow(m, c.Act()); err != nil {
		return s.notOffered(w, r, v, m, err)
	}
	values := initial(m, c, s.Office.Today())
	saved, err := s.savedStep(r, v, m, c, values)
	if err != nil {
		return err
	}
	return s.showAct(w, r, v, http.StatusOK, m, c, values, nil, saved)
}

// step loads the matter and the empty command a path names.
func (s *Site) step(r *http.Request, v *visit) (usecase.MatterView, matter.Command, error) {
	c, ok := matter.NewCommand(matter.Act(r.PathValue("act")))
	if !ok {
		return usecase.MatterView{}, nil, errs.E(errs.NotFound, "page.not_found")
	}
	m, err := s.load(r, v)
	return m, c, err
}

// mayNow returns why a step is not offered.
func mayNow(m usecase.MatterView, a matter.Act) error {
	is := func(o matter.Offer) bool { return o.Act == a }
	if slices.ContainsFunc(m.Now, is) {
		return nil
	}
	if i := slices.IndexFunc(m.Not, is); i >= 0 {
		return m.Not[i].Refusal
	}
	return errs.E(errs.Forbidden, "act.power", "act", string(a))
}

// notOffered leads from a step that is not offered, perhaps by an address that has become old, to the matter and says why.
func (s *Site) notOffered(w http.ResponseWriter, r *http.Request, v *visit, m usecase.MatterView, why error) error {
	return s.showMatter(w, r, v, httpx.Status(errs.KindOf(why)), m, tried{refused: v.t.Err(why)})
}

// initial is what a form begins with: the version looked at, what the matter already says, and today where a day is nearly always today.
func initial(m usecase.MatterView, c matter.Command, today law.Day) url.Values {
	v := url.Values{"version": {strconv.Itoa(m.Matter.Version)}}
	switch c.Act() {
	case matter.ActScreen:
		v.Set("kind", string(m.Matter.Kind))
		v.Set("category", m.Matter.Category)
		v.Set("purpose", string(m.Matter.Purpose))
		v.Set("level", string(m.Matter.Level))
		if m.Matter.Level == "" {
			v.Set("level", string(matter.LevelOrdinary))
		}
	case matter.ActServe:
		v.Set("on", today.String())
		if left := m.Matter.Unserved(); len(left) > 0 {
			v.Set("submission", left[0].String())
		}
	case matter.ActServeReview:
		v.Set("on", today.String())
		if left := m.Matter.ReviewUnserved(); len(left) > 0 {
			v.Set("submission", left[0].String())
		}
	case matter.ActVisit:
		v.Set("submission", m.Matter.First.String())
	case matter.ActAssignHandler:
		if m.Matter.Handler != 0 {
			v.Set("user", strconv.FormatInt(int64(m.Matter.Handler), 10))
		}
	case matter.ActRequestReview, matter.ActRequestReReview:
		chooseOrgan(v, m.Organs[c.Act()])
	default:
	}
	if d := m.Matter.Draft; d != nil && hasAnswers(c) {
		v.Set("facts", d.Facts)
		v.Set("basis", d.Basis)
		for i, n := range demandNumbers(m.Matter) {
			if a, ok := drafted(m.Matter, n); ok {
				putAnswer(v, i, a)
			}
		}
	}
	return v
}

// act takes a step. Looking something up comes back to the same page with everything typed.
func (s *Site) act(w http.ResponseWriter, r *http.Request, v *visit) error {
	m, c, err := s.step(r, v)
	if err != nil {
		return err
	}
	form, err := s.postedFiles(w, r)
	if err != nil {
		return err
	}
	defer form.drop()
	values := form.Values
	uploadErr := s.takeStaffFiles(r, v, m.Matter.Ref.Home, form)
	switch do := values.Get("do"); {
	case uploadErr != nil:
		if !formError(uploadErr) {
			return uploadErr
		}
		return s.showAct(w, r, v, http.StatusUnprocessableEntity, m, c, values, uploadErr, "")
	case do == "later" && hasAnswers(c):
		return s.saveStep(w, r, v, m, c, values)
	case do == "preview" && hasAnswers(c):
		return s.previewStep(w, r, v, m, c, values)
	case strings.HasPrefix(do, "remove-"):
		dropFile(values, strings.TrimPrefix(do, "remove-"))
		return s.showAct(w, r, v, http.StatusOK, m, c, values, nil, "")
	case do == useRule:
		s.fillRoute(v.t, m.Matter.Category, values)
		return s.showAct(w, r, v, http.StatusOK, m, c, values, nil, "")
	case strings.HasPrefix(do, takeCategory):
		values.Set("category", strings.TrimPrefix(do, takeCategory))
		values.Del("category_q")
		return s.showAct(w, r, v, http.StatusOK, m, c, values, nil, "")
	case do != "":
		return s.showAct(w, r, v, http.StatusOK, m, c, values, nil, "")
	}
	version, err := strconv.Atoi(values.Get("version"))
	if err != nil || version < 1 {
		return errs.E(errs.Invalid, "form.unreadable")
	}
	read := fill(c, values)
	if len(read) > 0 {
		return s.showAct(w, r, v, http.StatusUnprocessableEntity, m, c, values, merge(read, errs.Fields(c.Check())), "")
	}
	_, err = s.Office.Do(r.Context(), v.who, m.Matter.Ref, version, c)
	switch kind := errs.KindOf(err); {
	case err == nil:
		if err := s.dropStep(w, r, m, c); err != nil {
			return err
		}
		return s.done(w, r, matterPath(m.Matter.Ref), doneText(c), nil)
	case kind == errs.Conflict || kind == errs.Refused || kind == errs.Invalid:
		return s.again(w, r, v, c, values, err)
	default:
		return err
	}
}

// doneText is what is said after a step. A document that was sent by the link is not served yet.
func doneText(c matter.Command) string {
	method := matter.ServiceMethod("")
	switch c := c.(type) {
	case *matter.Serve:
		method = c.Method
	case *matter.ServeReview:
		method = c.Method
	}
	if method == matter.ServedByLink {
		return "serve.link.done"
	}
	return "act." + string(c.Act()) + ".done"
}

// again shows the page of a step anew after it was refused, over the matter as it is now.
func (s *Site) again(w http.ResponseWriter, r *http.Request, v *visit, c matter.Command, values url.Values, err error) error {
	m, loadErr := s.load(r, v)
	if loadErr != nil {
		return loadErr
	}
	return s.showAct(w, r, v, httpx.Status(errs.KindOf(err)), m, c, values, err, "")
}

// showAct shows the page of a step with what was typed and what is wrong with it.
func (s *Site) showAct(w http.ResponseWriter, r *http.Request, v *visit, status int, m usecase.MatterView, c matter.Command, values url.Values, wrong error, saved string) error {
	t := v.t
	page := actView{
		ref: m.Matter.Ref, act: c.Act(), title: m.Matter.Title(), line: s.placeLine(t, m), version: m.Matter.Version, form: ui.NewForm(t, values, wrong),
		danger: dangerous(c.Act()), keeps: hasAnswers(c), checks: canCheck(c), saved: saved, action: actPath(m.Matter.Ref, c.Act()),
	}
	if errs.KindOf(wrong) == errs.Refused {
		page.refused = t.Err(wrong)
	}
	if errs.KindOf(wrong) == errs.Conflict && wrong != nil {
		page.changed = s.changedSince(t, m, values.Get("version"))
	}
	values.Set("version", strconv.Itoa(m.Matter.Version))
	for _, clock := range m.Clocks {
		if clock.Running(m.Today) {
			card, err := s.clock(t, m, clock)
			if err != nil {
				return err
			}
			card.Why = ""
			page.ahead = append(page.ahead, card)
		}
	}
	if checkedFor(c, values, wrong) {
		var err error
		if page.check, err = s.checked(r, v, m, c, values); err != nil {
			return err
		}
	}
	for _, in := range withoutReason(matter.Inputs(c), page.check, wrong) {
		if in.Kind == "answers" {
			page.answers = answerParts(m.Matter)
			continue
		}
		field, err := s.actInput(r.Context(), v, m, c, in, page.form)
		if err != nil {
			return err
		}
		page.inputs = append(page.inputs, field)
	}
	if page.check == nil || !page.check.opens {
		page.form.Focus = opensAt(page.inputs, values.Get("do"))
	}
	page.demands, _ = demands(t, m)
	if c.Act() == matter.ActIssue || c.Act() == matter.ActReturnDraft {
		page.facts, page.demands = draftShown(t, m)
	}
	if c.Act() == matter.ActIssueReview || c.Act() == matter.ActReturnReview {
		page.facts, page.demands = reviewDraftShown(t, m)
	}
	name := t.T("act." + string(c.Act()) + ".name")
	body := s.staffPage(r, v, name, "/desk", actPage(t, page), ui.Link{Text: t.T("nav.desk"), Href: "/desk"}, ui.Link{Text: page.ref.String(), Href: matterPath(page.ref)}, ui.Link{Text: name})
	return s.show(w, r, status, body)
}

// opensAt is the control that takes the keyboard when a form opens: what a button looked up, else the first. A unit is looked for by its name unless
// some are shown to choose from.
func opensAt(inputs []actInput, do string) string {
	if len(inputs) == 0 {
		return ""
	}
	at := inputs[0]
	if strings.HasPrefix(do, takeCategory) {
		do = "find-category"
	}
	if name, ok := strings.CutPrefix(do, "find-"); ok {
		if i := slices.IndexFunc(inputs, func(in actInput) bool { return in.Name == name }); i >= 0 {
			at = inputs[i]
		}
	}
	if at.Kind == "unit" && len(at.unit.Found) == 0 {
		return at.Name + "_q"
	}
	return at.Name
}

// changedSince says what happened since a version was looked at.
func (s *Site) changedSince(t *i18n.Speaker, m usecase.MatterView, version string) []string {
	seen, err := strconv.Atoi(version)
	if err != nil {
		seen = m.Matter.Version - 1
	}
	teller := s.teller(t, m.Names)
	var out []string
	for _, e := range m.Events {
		if e.Seq > seen {
			out = append(out, t.T("desk.changed", "time", t.ShortInstant(e.AtUS), "who", byWhom(t, m.Names, e.By), "what", teller.tell("event.", e)))
		}
	}
	if len(out) == 0 {
		out = append(out, t.T("desk.changed.unknown"))
	}
	return out
}

// draftShown is a draft as the head reads it before signing.
func draftShown(t *i18n.Speaker, m usecase.MatterView) ([]ui.Fact, []ui.DemandProps) {
	shown, _ := demands(t, m)
	d := m.Matter.Draft
	if d == nil {
		return nil, shown
	}
	for i, n := range m.Matter.Demands {
		if a, ok := drafted(m.Matter, n.N); ok {
			shown[i].Answered, shown[i].Result, shown[i].ResultLight, shown[i].Facts, shown[i].Note = true, t.T("outcome."+string(a.Outcome)), outcomeLight(a.Outcome), answerFacts(t, a), ""
		}
	}
	return []ui.Fact{{Term: t.T("form.facts"), Text: d.Facts}, {Term: t.T("form.basis"), Text: d.Basis}}, shown
}

// radiosMost is how many choices are shown at once; more become a select.
const radiosMost = 8

// actInput gives a field what its kind needs.
func (s *Site) actInput(ctx context.Context, v *visit, m usecase.MatterView, c matter.Command, in matter.Input, f ui.Form) (actInput, error) {
	t := v.t
	out := actInput{Input: in, field: actField(t, c.Act(), in)}
	switch in.Kind {
	case "choice":
		offered := matter.Offered(in.Of, m.Matter.Sealed)
		if in.Of == "service_method" && !s.Office.SendsLinks(m.Matter) {
			offered = slices.DeleteFunc(offered, func(word string) bool { return word == string(matter.ServedByLink) })
		}
		out.options = options(t.T, in.Of, offered...)
		if !in.Need {
			out.options = append([]ui.Option{{Value: "", Text: t.T("desk.none")}}, out.options...)
		}
	case "unit":
		suggested, err := s.suggest(ctx, v, m.Matter.Place(), m.Matter.Category)
		if err != nil {
			return out, err
		}
		holder := m.Matter.Holder()
		suggested = slices.DeleteFunc(suggested, func(sg suggestion) bool { return sg.unit.ID == holder })
		out.unit = s.unitPicker(t, f, out.field, suggested)
	case "route_rule":
		out.options = s.routeOptions(t, m.Matter.Category)
	case "superior":
		out.field, out.options = organField(out.field, m.Organs[c.Act()]), organOptions(t, m.Organs[c.Act()])
	case "person":
		people, err := s.Office.HandlersOf(ctx, v.who, m.Matter.Ref)
		if err != nil {
			return out, err
		}
		for _, p := range people {
			out.options = append(out.options, ui.Option{Value: strconv.FormatInt(int64(p.User), 10), Text: p.Name, Note: t.T("role." + string(p.Role))})
		}
	case "submission":
		for _, sub := range m.Submissions {
			if !sub.Gone && (c.Act() != matter.ActServe || sub.Served == nil) {
				out.options = append(out.options, ui.Option{Value: sub.Ref.String(), Text: partyNames(t, sub), Note: sub.Ref.String()})
			}
		}
	case "category":
		out.groups = categoryGroups(t, s.Office.Places.Current())
		out.found = findCategories(t, s.Office.Places.Current(), f.Value(in.Name+"_q"))
		advice, err := s.matterAdvice(v, m.Matter, f.Value(in.Name))
		if err != nil {
			return out, err
		}
		out.advice = advice
	case "files":
		out.kept = f.Values[in.Name]
		out.taken = takenFiles(t, f.Values[in.Name])
	}
	return out, nil
}

// organField is the choice of the next higher organ: somebody has to choose between several, and one is chosen already.
func organField(p ui.FieldProps, organs []org.Unit) ui.FieldProps {
	p.Optional, p.Free = false, len(organs) < 2
	return p
}

func organOptions(t *i18n.Speaker, organs []org.Unit) []ui.Option {
	var out []ui.Option
	for _, u := range organs {
		out = append(out, ui.Option{Value: organValue(u), Text: unitName(t, u)})
	}
	return out
}

// chooseOrgan lets a form begin with the organ chosen where there is but one.
func chooseOrgan(values url.Values, organs []org.Unit) {
	if len(organs) == 1 {
		values.Set("unit", organValue(organs[0]))
	}
}

func organValue(u org.Unit) string { return strconv.FormatInt(int64(u.ID), 10) }

// short reports whether the choices are words that stand side by side.
func short(options []ui.Option) bool {
	const most = 24
	return !slices.ContainsFunc(options, func(o ui.Option) bool { return o.Note != "" || len([]rune(o.Text)) > most })
}

// partyNames are the masked names of a submission's people.
func partyNames(t *i18n.Speaker, sub usecase.SubmissionView) string {
	var names []string
	for _, p := range sub.Parties {
		names = append(names, p.Name)
	}
	if len(names) == 0 {
		return t.T("desk.unnamed")
	}
	return t.List(names)
}

// actField is a field as a form shows it: its label and hint are the step's own where it has them.
func actField(t *i18n.Speaker, a matter.Act, in matter.Input) ui.FieldProps {
	own := "form." + string(a) + "." + in.Name
	p := ui.FieldProps{Name: in.Name, Label: t.T("form." + in.Name), Optional: !in.Need && !in.Usual, MaxLength: in.Max}
	if t.Has(own) {
		p.Label = t.T(own)
	}
	if t.Has(own + ".hint") {
		p.Hint = t.T(own + ".hint")
	}
	switch in.Kind {
	case "text":
		p.Rows = 5
		if in.Name == "despite" {
			p.Hint, p.Optional = t.T("reply.despite.hint"), false
		}
	case "number":
		p.Kind, p.InputMode, p.Width = "number", "numeric", "width-4"
	case "yes":
		p.Optional, p.Free = false, true
	case "choice", "person", "submission", "unit", "superior", "route_rule":
		p.MaxLength = 0
	}
	return p
}

// attached is the field that carries the files received before: a browser cannot fill a file field again. A value is id/size/name.
const attached = "attachments"

// takeStaffFiles keeps the files that came with a form and notes them in its values.
func (s *Site) takeStaffFiles(r *http.Request, v *visit, home int64, form *posted) error {
	taken, faults, err := s.receive(r, v.who, home, form, len(form.Values[attached]))
	for _, f := range taken {
		form.Add(attached, f.ID+"/"+strconv.FormatInt(f.Size, 10)+"/"+f.Name)
	}
	if err != nil {
		return err
	}
	return errs.Fields(faults)
}

// keptFile reads what a form noted of a file.
func keptFile(value string) (id string, size int64, name string) {
	id, rest, _ := strings.Cut(value, "/")
	digits, name, _ := strings.Cut(rest, "/")
	size, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		size = 0
	}
	return id, size, name
}

// idsOf are the ids of the files a form notes.
func idsOf(values []string) []string {
	var out []string
	for _, v := range values {
		if id, _, _ := keptFile(v); id != "" && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

// takenFiles are the files a form notes, as its field lists them.
func takenFiles(t *i18n.Speaker, values []string) []ui.Taken {
	var out []ui.Taken
	for _, v := range values {
		id, size, name := keptFile(v)
		out = append(out, ui.Taken{Name: name, Bytes: size, Remove: ui.ButtonProps{Text: t.T("desk.remove"), AsText: true, Name: "do", Value: "remove-" + id, NoCheck: true}})
	}
	return out
}

// dropFile takes a file out of a form's values.
func dropFile(values url.Values, id string) {
	values[attached] = slices.DeleteFunc(values[attached], func(v string) bool {
		kept, _, _ := keptFile(v)
		return kept == id
	})
}

// actLook is the look of a step's button.
func actLook(danger bool) ui.ButtonLook {
	if danger {
		return ui.Final
	}
	return ui.Main
}

// actFields are the page's fields in their order, for the summary of errors.
func actFields(t *i18n.Speaker, p actView) []ui.FieldProps {
	var out []ui.FieldProps
	for _, in := range p.inputs {
		out = append(out, in.field)
	}
	for _, a := range p.answers {
		out = append(out, a.fields(t)...)
	}
	return out
}

// sortedNames are the names of a form's values in a fixed order, without the button that was pressed.
func sortedNames(values url.Values) []string {
	names := slices.Sorted(maps.Keys(values))
	return slices.DeleteFunc(names, func(n string) bool { return n == "do" })
}
