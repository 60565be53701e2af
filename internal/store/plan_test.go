package store

import (
	"os"
	"strings"
	"testing"
	"time"

	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
)

// TestPlans: no page of a list scans the matters or sorts them; each walks an index in the order it shows.
func TestPlans(t *testing.T) {
	s, err := Open(t.Context(), Options{Dir: t.TempDir(), Migrations: os.DirFS("migrations"), Now: func() int64 { return 0 }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	today := law.NewDay(2026, time.September, 21)
	scopes := map[string]org.Scope{"unit": {Roots: []org.UnitID{3}}, "sealed": {Roots: []org.UnitID{3}, Sealed: true}, "all": {All: true, Sealed: true}}
	after := map[string]matter.Cursor{"first": {}, "next": {Due: "2026-09-30", Home: 330112, N: 20260000001}}
	for name, scope := range scopes {
		for _, list := range []matter.List{matter.ListMine, matter.ListUnit, matter.ListAll} {
			for _, view := range matter.Views() {
				for page, cursor := range after {
					q := matterPage(scope, 7, 3, matter.Filter{List: list, View: view, Today: today, After: cursor, Limit: 20})
					for _, step := range explain(t, s, q) {
						if strings.HasPrefix(step, "SCAN m") && !strings.Contains(step, "USING") || strings.Contains(step, "TEMP B-TREE") {
							t.Errorf("%s/%s/%s/%s: %s", name, list, view, page, step)
						}
					}
				}
			}
		}
	}
}

// TestAdministrationPlans: a page of people, looked up or not, and of the record of changes walks an index in the order it shows.
func TestAdministrationPlans(t *testing.T) {
	s, err := Open(t.Context(), Options{Dir: t.TempDir(), Migrations: os.DirFS("migrations"), Now: func() int64 { return 0 }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	today := law.NewDay(2026, time.September, 21)
	for name, c := range map[string]struct {
		filter PeopleFilter
		by     string // what is walked
	}{
		"all": {PeopleFilter{}, "p USING INTEGER PRIMARY KEY"}, "next": {PeopleFilter{After: PeopleCursor{ID: 7}}, "p USING INTEGER PRIMARY KEY"},
		"reach": {PeopleFilter{Reach: 3}, "p USING INTEGER PRIMARY KEY"}, "unit": {PeopleFilter{Reach: 3, Unit: 4}, "p USING INTEGER PRIMARY KEY"},
		"word":      {PeopleFilter{Word: "zs", Reach: 3}, "w USING COVERING INDEX sqlite_autoindex_person_word_1"},
		"word next": {PeopleFilter{Word: "zs", Unit: 3, After: PeopleCursor{Word: "zsf", ID: 7}}, "w USING COVERING INDEX sqlite_autoindex_person_word_1"},
	} {
		c.filter.Today, c.filter.Limit = today, 30
		walks(t, s, "people "+name, peoplePage(c.filter), c.by)
	}
	const all, one = "e USING INTEGER PRIMARY KEY", "e USING INDEX org_event_subject"
	for name, c := range map[string]struct {
		filter  OrgFilter
		subject *OrgSubject
		by      string
	}{
		"all": {OrgFilter{}, nil, all}, "reach": {OrgFilter{Reach: 3, Without: "export", Before: 99}, nil, all}, "unit": {OrgFilter{Reach: 3, Unit: 4, Before: 99}, nil, all},
		"by": {OrgFilter{Reach: 3, By: 7}, nil, "e USING INDEX org_event_user"}, "of one": {OrgFilter{Reach: 3}, &OrgSubject{Kind: "duty", ID: 7}, one},
		"of one in a unit": {OrgFilter{Unit: 3, Before: 99}, &OrgSubject{Kind: "duty", ID: 7}, one},
	} {
		c.filter.Limit = 30
		walks(t, s, "changes "+name, orgPage(c.filter, c.subject), c.by)
	}
}

// TestTemplatePlan: the history of a template walks its index in the order it shows.
func TestTemplatePlan(t *testing.T) {
	s, err := Open(t.Context(), Options{Dir: t.TempDir(), Migrations: os.DirFS("migrations"), Now: func() int64 { return 0 }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	walks(t, s, "history", templatePage(matter.PaperOpinion, 9, 20), "template USING INDEX template_kind")
}

// walks fails if a statement scans a table, sorts, or does not go by what it should.
func walks(t *testing.T, s *Store, name string, q *query, by string) {
	t.Helper()
	steps := explain(t, s, q)
	for _, step := range steps {
		if strings.HasPrefix(step, "SCAN") || strings.Contains(step, "TEMP B-TREE") {
			t.Errorf("%s: %s", name, step)
		}
	}
	if !strings.HasPrefix(steps[0], "SEARCH "+by) {
		t.Errorf("%s goes by %s", name, steps[0])
	}
}

func explain(t *testing.T, s *Store, q *query) []string {
	t.Helper()
	var steps []string
	err := s.Read(t.Context(), func(tx *Tx) error {
		var err error
		steps, err = Collect(t.Context(), tx, Stmt{name: "explain", sql: "explain query plan " + q.sql.String()}, func(r *Row) (string, error) {
			var id, parent, unused int64
			var detail string
			err := r.Scan(&id, &parent, &unused, &detail)
			return detail, err
		}, q.args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return steps
}
