package store

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	words "huiyin/internal/query"
)

// migrated opens an empty store with the schema of the program.
func migrated(t *testing.T) *Store {
	t.Helper()
	return open(t, func(o *Options) { o.Migrations = os.DirFS("migrations") })
}

// TestPlans: no page of a list scans the matters or sorts them; each walks an index in the order it shows.
func TestPlans(t *testing.T) {
	s := migrated(t)
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

// TestFindPlans: the numbers under each key of what may drive a search are walked in their order, backwards and in no table, and the keys are found by the same index; those
// that fit are looked up by their numbers.
func TestFindPlans(t *testing.T) {
	s := migrated(t)
	const by = "INDEX sqlite_autoindex_matter_1"
	walks(t, s, "newest", span{table: `matter`}.below(nil, 330112, 20260000001, findRound), "x USING COVERING "+by)
	for view, index := range map[matter.View]string{
		matter.ViewUnsigned: "matter_state_list", matter.ViewNew: "matter_state_list", matter.ViewWaiting: "matter_turn_list", matter.ViewToday: "matter_all", matter.ViewThree: "matter_all", matter.ViewSoon: "matter_all", matter.ViewLate: "matter_all",
	} {
		drives(t, s, matter.Search{Filter: matter.Filter{View: view}}, index)
	}
	drives(t, s, matter.Search{Filter: matter.Filter{List: matter.ListMine}}, "matter_handler_list")
	drives(t, s, matter.Search{Filter: matter.Filter{List: matter.ListUnit}}, "matter_unit_unit")
	drives(t, s, matter.Search{Filter: matter.Filter{Unit: 3}}, "matter_unit_unit")
	drives(t, s, matter.Search{Filter: matter.Filter{Place: 330112}}, "matter_place")
	drives(t, s, matter.Search{Filter: matter.Filter{Category: "N0201"}}, "matter_category")
	drives(t, s, matter.Search{State: matter.StateSigned}, "matter_state_list")
	drives(t, s, matter.Search{To: law.NewDay(2026, time.March, 1)}, "matter_received")
	drives(t, s, matter.Search{Late: true}, "matter_all")
	f := matter.Search{
		Filter: matter.Filter{
			List: matter.ListMine, Unit: 3, Place: 330112, Category: "N0201", Today: law.NewDay(2026, time.September, 21),
		},
		Words: words.Plain("路灯"), State: matter.StateSigned, Channel: matter.ChannelVisit, From: law.NewDay(2026, time.January, 1), To: law.NewDay(2026, time.March, 1), Late: true,
	}
	for name, scope := range map[string]org.Scope{"unit": {Roots: []org.UnitID{3}}, "sealed": {Roots: []org.UnitID{3}, Sealed: true}, "all": {All: true, Sealed: true}} {
		for _, view := range append(matter.Views(), matter.ViewAny) {
			f.View = view
			steps := explain(t, s, fitting(scope, 7, 3, 330112, []int64{5, 7, 9}, f))
			at := slices.IndexFunc(steps, func(step string) bool { return strings.Contains(step, " m ") })
			if at < 0 || steps[at] != "SEARCH m USING "+by+" (home=? AND matter_id=?)" {
				t.Errorf("fitting %s %s: %q", name, view, steps)
			}
		}
	}
}

// drives fails if a search has not the one source that goes by an index.
func drives(t *testing.T, s *Store, f matter.Search, index string) {
	t.Helper()
	f.Today = law.NewDay(2026, time.September, 21)
	finding := finding{scope: org.Scope{All: true}, who: 7, unit: 3, f: f}
	sources, err := finding.sourcesOf(t.Context())
	if err != nil || len(sources) != 1 {
		t.Fatalf("%+v: %d sources, %v", f, len(sources), err)
	}
	for _, sp := range sources[0] {
		walks(t, s, index, sp.below("0", 330112, 20260000001, findRound), "x USING COVERING INDEX "+index)
		if sp.to == nil {
			continue
		}
		for _, step := range explain(t, s, sp.heads(330112, 20260000001)) {
			if strings.Contains(step, " x") && !strings.HasPrefix(step, "SEARCH x USING COVERING INDEX "+index) || strings.Contains(step, "TEMP B-TREE") {
				t.Errorf("%s: %s", index, step)
			}
		}
	}
}

// TestAdministrationPlans: a page of people, looked up or not, and of the record of changes walks an index in the order it shows.
func TestAdministrationPlans(t *testing.T) {
	s := migrated(t)
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

// TestNoticePlans: what is due, an inbox and its unread, and the lists of notices walk their indexes.
func TestNoticePlans(t *testing.T) {
	s := migrated(t)
	ref := matter.Ref{Home: 330112, N: 20260000001}
	for page, after := range map[string]NoticeCursor{"first": {}, "next": {MadeUS: 5, Home: 330112, ID: 7}} {
		walks(t, s, "inbox "+page, inboxPage(3, 7, false, after, 20), "notice USING INDEX notice_inbox")
		walks(t, s, "inbox with the compartment "+page, inboxPage(3, 0, true, after, 20), "notice USING INDEX notice_inbox")
		scans(t, s, "failed "+page, failedNotices(after, 20), "notice USING INDEX notice_failed")
	}
	walks(t, s, "due", dueNotices(9, 20), "notice USING INDEX notice_due")
	walks(t, s, "of a matter", noticesOfMatter(ref, 20), "notice USING INDEX notice_matter")
	walks(t, s, "of a submission", noticesOfSubmission(ref, 20), "notice USING INDEX notice_submission")
	for name, sealed := range map[string]bool{"open": false, "sealed": true} {
		steps := explain(t, s, unreadCount(3, 7, sealed))
		if !slices.ContainsFunc(steps, func(step string) bool { return strings.Contains(step, "USING COVERING INDEX notice_unread") }) {
			t.Errorf("unread %s: %v", name, steps)
		}
	}
}

// TestJobPlans: a runner finds what is due, and a person what they asked for, by an index.
func TestJobPlans(t *testing.T) {
	s := migrated(t)
	walks(t, s, "due", openJobs("export", 9, 1), "job USING INDEX job_due")
	walks(t, s, "open", openJobs("export", 0, 1), "job USING INDEX job_due")
	walks(t, s, "of a person", jobsOf(7, "", 50), "job USING INDEX job_owner")
}

// scans fails if a statement does not go along an index that holds only its own rows, in its order.
func scans(t *testing.T, s *Store, name string, q *query, by string) {
	t.Helper()
	for _, step := range explain(t, s, q) {
		if !strings.HasSuffix(strings.SplitN(step, " (", 2)[0], by) {
			t.Errorf("%s: %s", name, step)
		}
	}
}

// TestTemplatePlan: the history of a template walks its index in the order it shows.
func TestTemplatePlan(t *testing.T) {
	s := migrated(t)
	walks(t, s, "history", templatePage(matter.PaperOpinion, 20), "template USING INDEX template_kind")
}

// TestSeenPlan: which of some matters are seen is looked up by their numbers.
func TestSeenPlan(t *testing.T) {
	s := migrated(t)
	const by = "INDEX sqlite_autoindex_matter_1"
	walks(t, s, "seen by a unit", seenMatters(org.Scope{Roots: []org.UnitID{3}}, 330112, []int64{5, 7}), "m USING "+by)
	walks(t, s, "seen by all", seenMatters(org.Scope{All: true}, 330112, []int64{5, 7}), "m USING COVERING "+by)
	walks(t, s, "alike", alikeMatters(org.Scope{Roots: []org.UnitID{3}}, 330112, []int64{5, 7}), "m USING "+by)
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
