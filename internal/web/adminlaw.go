package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"huiyin/internal/errs"
	"huiyin/internal/i18n"
	"huiyin/internal/law"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

const adminLawAt = "/desk/admin/law"

// adminLawView is the choice of the local texts that the office applies.
type adminLawView struct {
	form ui.Form
	sets []adminLawSet
}

// adminLawSet is a local text: what it is, the fields to adopt it, and what it changes.
type adminLawSet struct {
	title   string
	facts   []ui.Fact
	promise bool
	adopt   ui.FieldProps
	since   ui.FieldProps
	changes []adminLawChange
}

// adminLawChange is a period with and without a local text, and why.
type adminLawChange struct{ name, now, then, why string }

// adminLaw decides which local texts the office applies. It is for administrators of the whole organisation.
func (s *Site) adminLaw(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := s.Office.MaySetRules(v.who); err != nil {
		return err
	}
	start := url.Values{}
	for _, a := range s.Office.Adopted() {
		start.Set("adopt."+a.Set, "yes")
		start.Set("since."+a.Set, a.Since.String())
	}
	values, err := adminFill(r, start)
	if err != nil {
		return err
	}
	p := adminLawView{}
	var wrong error
	if adminSent(r, values) {
		if wrong = s.adopt(r, v, values); wrong == nil {
			return s.done(w, r, adminLawAt, "admin.saved", nil)
		}
		if !formError(wrong) {
			return wrong
		}
	}
	p.form = ui.NewForm(v.t, values, wrong)
	for _, set := range s.Office.Adoptable() {
		p.sets = append(p.sets, s.adminLawSet(v.t, set))
	}
	status := http.StatusOK
	if wrong != nil {
		status = http.StatusUnprocessableEntity
	}
	title := v.t.T("admin.law")
	return s.show(w, r, status, s.staffPage(r, v, title, adminSettingsAt, adminLawPage(v.t, p), ui.Link{Text: v.t.T("nav.settings"), Href: adminSettingsAt}, ui.Link{Text: title}))
}

// adopt takes what was ticked. A text that is not ticked is not applied, whatever day stands beside it.
func (s *Site) adopt(r *http.Request, v *visit, values url.Values) error {
	var adopted []law.Adoption
	var wrong []errs.Field
	for name := range values {
		set, ok := strings.CutPrefix(name, "adopt.")
		if !ok || values.Get(name) == "" {
			continue
		}
		was := len(wrong)
		since := adminDayIn(values, "since."+set, &wrong)
		if len(wrong) == was {
			adopted = append(adopted, law.Adoption{Set: set, Since: since})
		}
	}
	if len(wrong) > 0 {
		return errs.Fields(wrong)
	}
	return s.Office.Adopt(r.Context(), v.who, adopted)
}

func (s *Site) adminLawSet(t *i18n.Speaker, set law.SetInfo) adminLawSet {
	p := adminLawSet{
		title: t.Either(set.Title, set.TitleEn), promise: set.Promise,
		facts: []ui.Fact{{Term: t.T("admin.law.place"), Text: t.Either(set.Place, set.PlaceEn)}, {Term: t.T("admin.law.from"), Text: t.FullDay(set.From)}},
		adopt: ui.FieldProps{Name: "adopt." + set.ID, Label: t.T("admin.law.adopt", "title", t.Either(set.Title, set.TitleEn))},
		since: ui.FieldProps{Name: "since." + set.ID, Label: t.T("admin.law.since", "title", t.Either(set.Title, set.TitleEn)), Hint: t.T("admin.law.since.hint")},
	}
	if set.Until.Known() {
		p.facts = append(p.facts, ui.Fact{Term: t.T("admin.law.until"), Text: t.FullDay(set.Until)})
	}
	if set.Note != "" {
		p.facts = append(p.facts, ui.Fact{Term: t.T("law.label.note"), Text: t.Either(set.Note, set.NoteEn)})
	}
	for _, f := range s.Office.Book.FiguresOf(set.ID) {
		p.facts = append(p.facts, ui.Fact{Term: t.T(f.NameCode()), Text: t.Number(int64(f.N)), Note: t.Either(f.Article, f.ArticleEn)})
	}
	on := max(s.Office.Today(), set.From)
	if set.Until.Known() {
		on = min(on, set.Until)
	}
	adopted := s.Office.Adopted()
	if !slices.ContainsFunc(adopted, func(a law.Adoption) bool { return a.Set == set.ID }) {
		adopted = append(adopted, law.Adoption{Set: set.ID, Since: law.NoDay}) // not adopted: no day is said since when it is
	}
	for _, r := range s.Office.Book.RulesOf(set.ID) {
		c := adminLawChange{name: t.T(r.NameCode), now: t.T("admin.law.nothing"), then: lawLength(t, r)}
		if was, err := s.Office.Book.Resolve(r.ID, set.Jurisdiction, on); err == nil { // otherwise only this text sets it
			c.now = lawLength(t, was.Rule)
		}
		if found, err := s.Office.Book.Resolve(r.ID, set.Jurisdiction, on, adopted...); err == nil { // a promise alone explains nothing
			c.why = explained(t, found)
		}
		p.changes = append(p.changes, c)
	}
	return p
}

// lawLength is how long a period is and from when it counts.
func lawLength(t *i18n.Speaker, r law.Rule) string {
	return t.T("citizen.period", "length", t.Say(r.Length()), "trigger", t.T("law.trigger."+r.Trigger))
}

// explained says why a rule applies and why the others do not.
func explained(t *i18n.Speaker, found law.Resolution) string {
	var lines []string
	for _, l := range found.Explain() {
		lines = append(lines, t.T("law.page.said", "label", t.T(l.Label), "text", t.Say(l.Code, l.Args)))
	}
	return t.List(lines)
}

// adminLawFields are the fields of the page in their order, for the summary of errors.
func adminLawFields(p adminLawView) []ui.FieldProps {
	var out []ui.FieldProps
	for _, set := range p.sets {
		out = append(out, set.adopt, set.since)
	}
	return out
}

// adminAdopted says which texts a record of changes names, and since when each applied.
func (s *Site) adminAdopted(t *i18n.Speaker, value string) string {
	adopted, err := usecase.ReadAdopted(value)
	if err != nil {
		return value
	}
	var out []string
	for _, a := range adopted {
		title := a.Set
		for _, set := range s.Office.Book.Sets() {
			if set.ID == a.Set {
				title = t.Either(set.Title, set.TitleEn)
			}
		}
		out = append(out, t.T("admin.law.adopted", "title", title, "since", a.Since))
	}
	return t.List(out)
}
