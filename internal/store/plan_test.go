package store

import (
	"errors"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	words "huiyin/internal/query"
	"huiyin/internal/stat"
)

// migrated opens an empty store with the schema of the program.
func migrated(t *testing.T, change ...func(*Options)) *Store {
	t.Helper()
	return open(t, append(change, func(o *Options) { o.Migrations = os.DirFS("migrations") })...)
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
					q := matterPage(scope, 7, 3, matter.Filter{List: list, View: view, Today: today, After: cursor, Limit: 20}, false)
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

// TestFewPlans: what a scope has few of is found by the units under its roots and not through all that is open.
func TestFewPlans(t *testing.T) {
	s := migrated(t)
	const byNumber, ended = "SEARCH m USING INDEX sqlite_autoindex_matter_1 (home=? AND matter_id=?)", "SEARCH m USING INDEX matter_all (is_open=? AND due_day=? AND home=? AND matter_id=?)"
	today := law.NewDay(2026, time.September, 21)
	for name, scope := range map[string]org.Scope{"unit": {Roots: []org.UnitID{3}}, "two": {Roots: []org.UnitID{3, 4}}, "sealed": {Roots: []org.UnitID{3}, Sealed: true}} {
		for _, view := range matter.Views() {
			f := matter.Filter{List: matter.ListAll, View: view, Today: today, Limit: 20}
			if steps := explain(t, s, sampled(scope, view)); !slices.ContainsFunc(steps, func(step string) bool { return strings.HasPrefix(step, "SEARCH m USING INDEX matter_all (is_open=?") }) || slices.ContainsFunc(steps, func(step string) bool { return strings.Contains(step, "TEMP B-TREE") }) {
				t.Errorf("the first of all: %q", steps)
			}
			index := "SEARCH mu USING COVERING INDEX matter_unit_unit (unit_id=?)"
			if view.OfOpen() {
				index = "SEARCH mu USING COVERING INDEX matter_unit_open (unit_id=?)"
			}
			for what, q := range map[string]*query{
				"page": matterPage(scope, 7, 3, f, true), "count": matterCount(scope, 7, 3, f, 99, true), "counts": openCounts(scope, 7, 3, []matter.Filter{f}), "few": fewMatters(scope, view, 99),
			} {
				index := index
				if what == "counts" {
					index = "SEARCH mu USING COVERING INDEX matter_unit_open (unit_id=?)"
				}
				steps := explain(t, s, q)
				if !slices.Contains(steps, index) || slices.Contains(steps, "SCAN p") || what != "few" && !slices.Contains(steps, byNumber) && !slices.Contains(steps, ended) {
					t.Errorf("%s/%s/%s: %q", name, view, what, steps)
				}
			}
		}
	}
}

// TestCountPlans: what few are in is counted by its stage and not through all that is open.
func TestCountPlans(t *testing.T) {
	s := migrated(t)
	for view, index := range map[matter.View]string{
		matter.ViewNew: "matter_state_list (state=?", matter.ViewUnsigned: "matter_state_list (state=?", matter.ViewWaiting: "matter_turn_list (turn=?", matter.ViewToday: "matter_all (is_open=? AND due_day>? AND due_day<?",
		matter.ViewLate: "matter_all (is_open=? AND due_day<?",
	} {
		f := matter.Filter{List: matter.ListAll, View: view}.On(law.NewDay(2026, time.September, 21), law.DefaultCalendar())
		for list, index := range map[matter.List]string{matter.ListAll: index, matter.ListUnit: "matter_unit_list (unit_id=? AND is_open=?"} {
			f.List = list
			steps := explain(t, s, matterCount(org.Scope{Roots: []org.UnitID{3}}, 7, 3, f, MaxCount, false))
			if !slices.ContainsFunc(steps, func(step string) bool { return strings.HasPrefix(step, "SEARCH m USING INDEX "+index) }) {
				t.Errorf("%s of %s: %q", view, list, steps)
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

// TestFigurePlans: what figures are made of is found by its keys: sums by what they are of, units and months, facts by measure and day, what waits and what lies ahead
// in indexes of their own.
func TestFigurePlans(t *testing.T) {
	s := migrated(t)
	walks(t, s, "sums", cellsOf(330112, CellsAsk{Dim: stat.DimTown, Units: []int64{3, 4, 5}, From: 24300, To: 24311, Code: "330112104", Sealed: true}), "stat_cell USING PRIMARY KEY (home=? AND dim=? AND unit_id=? AND month=? AND code>? AND code<?)")
	walks(t, s, "sums of categories", cellsOf(330112, CellsAsk{Dim: stat.DimCategory, Units: []int64{3, 4, 5}, Codes: []string{"N01", "N02"}}), "stat_cell USING PRIMARY KEY (home=? AND dim=? AND unit_id=? AND month=? AND code=? AND sealed=?)")
	walks(t, s, "sums of many categories", cellsOf(330112, CellsAsk{Dim: stat.DimCategory, Units: []int64{3, 4, 5}, Codes: []string{"1", "2", "3", "4", "5"}, Sealed: true}), "stat_cell USING PRIMARY KEY (home=? AND dim=? AND unit_id=? AND month>?")
	walks(t, s, "sums of many units", cellsOf(330112, CellsAsk{Dim: stat.Open.Since(), Measures: []stat.Measure{stat.Open}, Units: numbered(2 * fewUnits)}), "stat_cell USING PRIMARY KEY (home=? AND dim=? AND unit_id>? AND unit_id<?)")
	if steps := explain(t, s, cellsAt(330112, []stat.Cell{{Dim: stat.DimTown, Unit: 3, Month: 24300, Code: "330112104"}, {Dim: stat.DimAll, Month: -2026}})); !slices.Contains(steps,
		"SEARCH c USING PRIMARY KEY (home=? AND dim=? AND unit_id=? AND month=? AND code=? AND sealed=?)") {
		t.Errorf("cells: %q", steps)
	}
	walks(t, s, "facts of a period", ledgerOf(330112, stat.Stock, LedgerAsk{From: 739_000, To: 739_100, Units: []int64{3, 4}, Facets: FacetsAsk{Places: [][2]int64{{330112, 330112}}}}), "f USING PRIMARY KEY (home=? AND measure=? AND unit_id=? AND basis>?")
	walks(t, s, "facts of a period, of all units", ledgerOf(330112, stat.Stock, LedgerAsk{From: 739_000, To: 739_100}), "f USING PRIMARY KEY (home=? AND measure=? AND unit_id=? AND basis>?")
	if steps := explain(t, s, factPage(330112, FactPage{Spans: []FactSpan{{Measure: stat.Open, From: 739_000, To: 739_001}}, Basis: 739_001, Limit: 80})); !slices.Contains(steps,
		"SEARCH f USING PRIMARY KEY (home=? AND measure=? AND unit_id=? AND basis>? AND basis<?)") {
		t.Errorf("a page of facts: %q", steps)
	}
	if steps := explain(t, s, factPage(330112, FactPage{Spans: []FactSpan{{Measure: stat.Open, Unit: 3, From: 739_000, To: 739_001}}, Limit: 80})); !slices.Contains(steps,
		"SEARCH f USING PRIMARY KEY (home=? AND measure=? AND unit_id=? AND basis>? AND basis<?)") {
		t.Errorf("a page of the facts of some units: %q", steps)
	}
	if steps := explain(t, s, firstDay(330112, stat.Open)); !slices.Contains(steps, "SEARCH f USING PRIMARY KEY (home=? AND measure=? AND unit_id=?)") {
		t.Errorf("the first fact: %q", steps)
	}
	walks(t, s, "facts ahead", ledgerAhead(330112, 739_000, 739_001), "f USING INDEX stat_fact_ahead (home=? AND day>?")
	walks(t, s, "facts that wait", factsIn(FactsWaiting, 50), "stat_matter USING INDEX stat_matter_state (state=?)")
	walks(t, s, "those that are seen", mattersSeen(org.Scope{Roots: []org.UnitID{3}}, 330112, []int64{1, 2, 3}), "m USING INDEX sqlite_autoindex_matter_1 (home=? AND matter_id=?)")
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
	scans(t, s, "failed", failedJobs(JobRow{}, 20), "job USING INDEX job_failed")
	scans(t, s, "failed before", failedJobs(JobRow{EndedUS: 5, Home: 330112, ID: 7}, 20), "job USING INDEX job_failed")
}

// TestTextAndIssuePlans: whatever is asked or written of the words inside uploads, of matters to be indexed, of issues and of what is of no kind goes by an index, however much there is.
func TestTextAndIssuePlans(t *testing.T) {
	s := open(t, func(o *Options) { o.Migrations, o.Readers = os.DirFS("migrations"), 1 })
	const home = 330112
	ctx, ref, day := t.Context(), matter.Ref{Home: home, N: 20260000001}, law.NewDay(2026, time.September, 21)
	scope := org.Scope{Roots: []org.UnitID{3}}
	f := IssueFilter{Home: home, From: day.Add(-30), To: day, Place: home, Category: "N0201", Least: 3, Limit: 50}
	asked := func(tx *Tx) error {
		_, e1 := tx.TextsWaiting(ctx, 10)
		_, e2 := tx.TextsOf(ctx, home, []int64{5, 7})
		_, e3 := tx.Texts(ctx, home, []string{"a", "b"})
		_, e4 := tx.Unindexed(ctx, 10)
		_, e5 := tx.IssuesIn(ctx, home, 1)
		_, e6 := tx.UnnamedIssues(ctx, home, 10)
		_, e7 := tx.IssuesOf(ctx, home, []int64{5, 7})
		_, e8 := tx.IssueMatters(ctx, home, 1, 200)
		_, e9 := tx.NearTo(ctx, home, []int64{5, 7})
		_, e10 := tx.MattersByNumber(ctx, home, []int64{5, 7})
		_, e11 := tx.IssueActs(ctx, home, 1, 50)
		_, e12 := tx.IssueDays(ctx, scope, f, []int64{1, 2})
		_, e13 := tx.IssuePage(ctx, scope, home, 1, 99, false, 20)
		_, e14 := tx.IssueSize(ctx, scope, IssueFilter{Home: home}, 1)
		_, e15 := tx.NotKinOf(ctx, home, 5, 10)
		_, e16 := tx.Issues(ctx, scope, f)
		return errors.Join(e1, e2, e3, e4, e5, e6, e7, e8, e9, e10, e11, e12, e13, e14, e15, e16)
	}
	written := func(tx *Tx) error {
		_, pruned := tx.PruneNear(ctx, home, 5, 10)
		return errors.Join(tx.SaveText(ctx, TextRow{Home: home, Attachment: "a"}), tx.MarkUnindexed(ctx, ref), tx.Indexed(ctx, Unindexed{Ref: ref, N: 1}), tx.UnnameIssue(ctx, home, 1),
			tx.RemoveIssueMatter(ctx, ref), tx.RemoveNotKin(ctx, home, 5, 7), pruned)
	}
	if err := s.Read(ctx, asked); err != nil {
		t.Fatal(err)
	}
	reader := <-s.readers
	statements := slices.Collect(maps.Keys(reader.prepared))
	s.readers <- reader
	if err := s.Update(ctx, home, func(tx *Tx) error { return errors.Join(tx.SaveMatter(ctx, matter.Row{Ref: ref}), written(tx)) }); err != nil {
		t.Fatal(err)
	}
	statements = append(statements, slices.Collect(maps.Keys(s.writers[0].conn.prepared))...)
	looked := 0
	for _, key := range statements {
		text, err := rewrite(key.sql, key.shape, '?')
		if err != nil {
			t.Fatal(err)
		}
		if !strings.ContainsAny(text[:1], "sud") || strings.Contains(text, "migration") { // select, update, delete, after the schema was brought up to date
			continue
		}
		looked++
		for _, step := range explainText(t, s, text) {
			whole := strings.Contains(step, "unindexed USING INDEX") || strings.Contains(step, "INDEX attachment_text_waiting") // holds what waits, and nothing else
			if strings.HasPrefix(step, "SCAN") && !whole && step != "SCAN CONSTANT ROW" {
				t.Errorf("%s\n%s", step, text)
			}
		}
	}
	if looked < 20 {
		t.Errorf("%d statements", looked)
	}
}

// explainText is the plan of a statement as it is prepared, with nothing for its arguments.
func explainText(t *testing.T, s *Store, text string) (steps []string) {
	t.Helper()
	c := <-s.readers
	defer func() { s.readers <- c }()
	n := 0
	for _, at := range strings.Split(text, "?")[1:] {
		digits := strings.IndexFunc(at, func(r rune) bool { return r < '0' || r > '9' })
		if digits < 0 {
			digits = len(at)
		}
		if k, err := strconv.Atoi(at[:digits]); err == nil {
			n = max(n, k)
		} else {
			n++ // the next one
		}
	}
	rows, err := c.sql.QueryContext(t.Context(), "explain query plan "+text, make([]any, n)...)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id, parent, unused int64
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			t.Fatal(err)
		}
		steps = append(steps, detail)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return steps
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

// numbered are the numbers from 1.
func numbered(n int) []int64 {
	out := make([]int64, n)
	for i := range out {
		out[i] = int64(i + 1)
	}
	return out
}
