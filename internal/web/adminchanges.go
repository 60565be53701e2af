package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"huiyin/internal/org"
	"huiyin/internal/usecase"
	"huiyin/internal/web/ui"
)

const (
	adminChangesAt   = "/desk/admin/changes"
	adminChangesRows = 30
)

// adminChangesView is a page of the record of changes.
type adminChangesView struct {
	form    ui.Form
	words   string // that were looked for
	found   []adminSubject
	narrow  string  // what the record is narrowed to, in words
	open    ui.Link // the page of that, where there is one
	changes []adminChange
	pages   ui.PaginationProps
}

// adminSubject is a unit or a person to whom the record can be narrowed.
type adminSubject struct {
	name []ui.Part
	note string
	on   []ui.Link
}

// adminChanges shows who changed what in the organisation, newest first: everything within the reader's scope, or what concerns one unit or person.
// Words that find just one thing narrow the record at once.
func (s *Site) adminChanges(w http.ResponseWriter, r *http.Request, v *visit) error {
	t, q := v.t, r.URL.Query()
	p := adminChangesView{form: ui.Form{Values: q}, words: strings.TrimSpace(q.Get("q"))}
	var err error
	if p.found, err = s.adminSubjects(r, v, p.words); err != nil {
		return err
	}
	if len(p.found) == 1 {
		http.Redirect(w, r, p.found[0].on[0].Href, http.StatusSeeOther)
		return nil
	}
	pager := adminPagerIn(adminChangesAt, q)
	f := usecase.LogFilter{
		Unit: unitID(q.Get("unit")), Person: adminUser(q, "person"), By: adminUser(q, "by"), Before: pager.afterID(), Limit: adminChangesRows,
	}
	page, err := s.Office.OrgLog(r.Context(), v.who, f)
	if err != nil {
		return err
	}
	p.changes, p.pages = s.adminChangesOf(t, page.Changes), pager.links(adminNextID(page.Next))
	p.narrow, p.open = s.adminNarrowed(r, v, f, page.Changes)
	return s.show(w, r, http.StatusOK, s.staffPage(r, v, t.T("nav.changes"), adminChangesAt, adminChangesPage(t, p)))
}

// adminNarrowed says what the record is narrowed to, and where an administrator finds that. Of a person about whom nothing is recorded here, not even
// the name is said.
func (s *Site) adminNarrowed(r *http.Request, v *visit, f usecase.LogFilter, changes []usecase.OrgChange) (string, ui.Link) {
	t, open := v.t, ui.Link{}
	name := func(of func(usecase.OrgChange) string) string {
		if len(changes) == 0 {
			return t.T("admin.changes.somebody")
		}
		return of(changes[0])
	}
	admin := v.who.Has(org.RoleAdmin)
	switch {
	case f.Unit != 0:
		unit, _ := s.Office.Chart().Unit(f.Unit)
		if admin {
			open = ui.Link{Text: t.T("admin.changes.unit.open"), Href: adminUnitPath(f.Unit)}
		}
		return t.T("admin.changes.unit", "unit", unitName(t, unit)), open
	case f.Person != 0:
		if admin {
			if _, err := s.Office.Person(r.Context(), v.who, f.Person); err == nil { // who has gone elsewhere has no page here
				open = ui.Link{Text: t.T("admin.person.open"), Href: adminPersonPath(f.Person)}
			}
		}
		return t.T("admin.changes.person", "name", name(func(c usecase.OrgChange) string { return c.Name })), open
	case f.By != 0:
		return t.T("admin.changes.by", "name", name(func(c usecase.OrgChange) string { return c.Person })), open
	}
	return "", open
}

// adminUser reads a person's id from an address, zero where there is none.
func adminUser(q url.Values, name string) org.UserID {
	id, err := strconv.ParseInt(q.Get(name), 10, 64)
	if err != nil {
		return 0
	}
	return org.UserID(id)
}

// maxAdminSubjects is how many units and how many people words find here.
const maxAdminSubjects = 8

// adminSubjects are the units and the people that words find.
func (s *Site) adminSubjects(r *http.Request, v *visit, words string) ([]adminSubject, error) {
	if words == "" {
		return nil, nil
	}
	t := v.t
	units, err := s.Office.FindUnits(v.who, words, maxAdminSubjects, nil)
	if err != nil {
		return nil, err
	}
	people, err := s.Office.People(r.Context(), v.who, usecase.PeopleFilter{Words: words, Limit: maxAdminSubjects})
	if err != nil {
		return nil, err
	}
	var out []adminSubject
	for _, u := range units {
		found := s.foundUnit(t, u, words)
		out = append(out, adminSubject{name: found.Name, note: found.Path, on: []ui.Link{
			{Text: t.T("admin.changes.of"), Href: adminChangesAt + "?unit=" + found.Value},
		}})
	}
	for _, p := range people.People {
		id := adminIDText(int64(p.ID))
		out = append(out, adminSubject{name: adminMarked(p.Name, words), note: p.SignIn, on: []ui.Link{
			{Text: t.T("admin.changes.of"), Href: adminChangesAt + "?person=" + id}, {Text: t.T("admin.changes.theirs"), Href: adminChangesAt + "?by=" + id},
		}})
	}
	return out, nil
}
