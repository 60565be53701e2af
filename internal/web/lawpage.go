package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"huiyin/internal/errs"
	"huiyin/internal/i18n"
	"huiyin/internal/law"
	"huiyin/internal/web/ui"
)

const lawAt = "/law"

// lawPage is the look-up of a period: what was asked, and the answer once it can be given.
type lawPage struct {
	form   ui.Form
	rules  []optionGroup
	place  ui.PlaceProps
	answer *lawAnswer
}

// lawAnswer is a period counted for a place and a day.
type lawAnswer struct {
	title, article string
	place          string
	ends           []ui.Fact
	open           bool // the law gives it no last day
	provisional    bool
	standings      []ui.Fact
	facts          []ui.Fact
	steps          []ui.Step
	promise        string
}

func lawFields(t *i18n.Speaker) []ui.FieldProps {
	return []ui.FieldProps{
		{Name: "rule", Label: t.T("law.page.rule")},
		{Name: "from", Label: t.T("law.page.day"), Hint: t.T("law.page.day.hint")},
		{Name: "place", Label: t.T("law.page.place"), Hint: t.T("law.page.place.hint"), Optional: true},
	}
}

// law counts a period of law for everyone. What is asked stands in the address, so that an answer can be kept and sent on.
func (s *Site) law(w http.ResponseWriter, r *http.Request, v *visit) error {
	t, values := v.t, r.URL.Query()
	if places := values["place"]; len(places) > 1 { // the one chosen anew follows the one chosen before
		values.Set("place", places[len(places)-1])
	}
	asked := values.Has("rule") && values.Get("do") == ""
	if !values.Has("rule") {
		if place := s.Office.Settings().Place; place != 0 {
			values.Set("place", strconv.FormatInt(place, 10))
		}
	}
	p := lawPage{rules: s.lawRules(t)}
	var err error
	if p.place, err = s.adminPlacePicker(t, lawFields(t)[2], values); err != nil {
		return err
	}
	var wrong error
	if asked {
		p.answer, wrong = s.lawAnswer(t, values)
		if wrong != nil && !formError(wrong) {
			return wrong
		}
	}
	p.form = ui.NewForm(t, values, wrong)
	status := http.StatusOK
	if wrong != nil {
		status = http.StatusUnprocessableEntity
	}
	return s.show(w, r, status, s.citizen(r, v, t.T("law.page"), lawAt, lawBody(t, p)))
}

// lawRules are the periods to choose from: those of petitions, then those of neighbouring laws.
func (s *Site) lawRules(t *i18n.Speaker) []optionGroup {
	petitions, neighbours := optionGroup{label: t.T("law.page.petitions")}, optionGroup{label: t.T("law.page.neighbours")}
	seen := map[law.RuleID]bool{}
	for _, set := range s.Office.Book.Sets() {
		group := &neighbours
		if set.Subject == law.SubjectPetition {
			group = &petitions
		}
		for _, r := range s.Office.Book.RulesOf(set.ID) {
			if !seen[r.ID] {
				seen[r.ID] = true
				group.options = append(group.options, ui.Option{Value: string(r.ID), Text: t.T(r.NameCode) + " " + string(r.ID)})
			}
		}
	}
	for _, group := range []optionGroup{petitions, neighbours} {
		slices.SortFunc(group.options, func(a, b ui.Option) int { return strings.Compare(a.Value, b.Value) })
	}
	return []optionGroup{petitions, neighbours}
}

// lawAnswer counts what was asked. What is wrong with it is said beside its field.
func (s *Site) lawAnswer(t *i18n.Speaker, values url.Values) (*lawAnswer, error) {
	var wrong []errs.Field
	from, err := dayIn(strings.TrimSpace(values.Get("from")), false)
	if err != nil {
		wrong = append(wrong, errs.F("from", "admin.day"))
	} else if !from.Known() {
		wrong = append(wrong, errs.F("from", "field.required"))
	}
	id, code := law.RuleID(values.Get("rule")), values.Get("place")
	if id == "" {
		wrong = append(wrong, errs.F("rule", "field.required"))
	}
	place, err := strconv.ParseInt(code, 10, 64)
	if _, known := s.Office.Places.Place(place); code != "" && (err != nil || !known) {
		wrong = append(wrong, errs.F("place", "intake.place_unknown"))
	}
	if len(wrong) > 0 {
		return nil, errs.Fields(wrong)
	}
	found, err := s.Office.Book.Resolve(id, code, from, s.Office.Adopted()...)
	if e, ok := errors.AsType[*errs.Error](err); ok && (e.Kind == errs.NotFound || e.Kind == errs.Invalid) {
		return nil, errs.Fields([]errs.Field{{Path: "rule", Code: e.Code, Args: e.Args}}) // no text sets it there on that day
	}
	if err != nil {
		return nil, err
	}
	calendar := s.Office.Calendar()
	due := law.Answer(law.Compute(found.Rule, from, calendar), found.Rule, t.Say)
	a := lawAnswer{
		title: due.Name, article: due.Article, place: t.T("law.page.country"), open: !due.LegalEnd.Known(), provisional: due.Provisional,
		ends: []ui.Fact{
			{Term: t.T("law.page.nominal"), Text: t.FullDay(due.NominalEnd)},
			{Term: t.T("law.page.legal"), Text: t.FullDay(due.LegalEnd)},
			{Term: t.T("law.page.safe"), Text: t.FullDay(due.SafeEnd)},
		},
	}
	if code != "" {
		a.place = s.fullPlaceName(t, place)
	}
	for i, l := range found.Explain() {
		a.standings = append(a.standings, ui.Fact{Term: t.T(l.Label), Text: t.Say(l.Code, l.Args)})
		if c := found.Claims[i]; c.Standing == law.Promised {
			aim := law.Answer(law.Compute(c.Rule, from, calendar), c.Rule, t.Say)
			a.promise = t.T("law.page.promise", "title", t.Either(c.Set.Title, c.Set.TitleEn), "legal", aim.LegalEnd)
		}
	}
	for _, l := range found.Rule.Describe() {
		a.facts = append(a.facts, ui.Fact{Term: t.T(l.Label), Text: t.Say(l.Code, l.Args)})
	}
	if set := found.Claims[0].Set; set.Note != "" {
		a.facts = append(a.facts, ui.Fact{Term: t.T("law.label.note"), Text: t.Either(set.Note, set.NoteEn)})
	}
	a.steps = stepsOf(due)
	return &a, nil
}
