package store

import (
	"errors"
	"strconv"
	"testing"
	"time"

	"huiyin/internal/find"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	words "huiyin/internal/query"
	"huiyin/internal/stat"
)

// wholeCopies are the statements that are made of the catalogue and go through all tables.
func wholeCopies(name string) bool {
	switch name {
	case "copy.page", "copy.add", "copy.change", "copy.remove", "check.read":
		return true
	}
	return false
}

// planned is a statement as an engine gets it.
type planned struct {
	Stmt
	text string
}

// everyStatement gives all statements of the package that work on data, those that stand in the source and those that are put together as it goes, the latter by asking
// for a bit of everything.
func everyStatement(t *testing.T, s *Store) []planned {
	t.Helper()
	seen := map[string]bool{}
	var all []planned
	add := func(st Stmt, sh shape) {
		text, err := rewrite(st.sql, sh, s.engine.mark())
		if err != nil {
			t.Fatal(err)
		}
		switch text[:min(wordEnd(text, 0), len(text))] {
		case "select", "insert", "update", "delete", "with":
			if key := st.name + text; !seen[key] && !wholeCopies(st.name) {
				seen[key] = true
				all = append(all, planned{st, text})
			}
		}
	}
	driven := drive(t, s)
	names := map[string]bool{}
	for _, key := range driven {
		names[key.name] = true
	}
	for _, f := range sourceStatements(t) {
		switch {
		case f.elsewhere(s):
		case f.built && !names[f.stmt.name] && !wholeCopies(f.stmt.name):
			t.Errorf("%s: drive asks for nothing that makes %s", f.at, f.stmt.name)
		case f.built:
		default:
			var sh shape
			if m := listParam.FindStringSubmatch(f.stmt.sql); m != nil {
				sh.n = 2
				sh.at, _ = strconv.Atoi(m[1])
			}
			add(f.stmt, sh)
			names[f.stmt.name] = false // stands there already
		}
	}
	for _, key := range driven {
		if names[key.name] {
			add(key.Stmt, key.shape)
		}
	}
	return all
}

// drive asks a store that has one reader for a bit of everything whose statement depends on what is asked, and gives what it then has prepared.
func drive(t *testing.T, s *Store) (keys []prepKey) {
	t.Helper()
	const home = 330112
	ctx, ref, day := t.Context(), matter.Ref{Home: home, N: 20260000001}, law.NewDay(2026, time.September, 21)
	if err := s.Update(ctx, home, func(tx *Tx) error {
		e1 := tx.SaveMatter(ctx, matter.Row{Ref: ref, Unit: 3, Open: true, Due: day, DueSafe: day, Received: day, State: matter.StateSigned, Category: "N0201", Place: home})
		e2 := tx.AddUnits(ctx, ref, []org.UnitID{3}, true)
		e3 := tx.IndexMatter(ref, "路灯 不亮")
		e4 := tx.SketchMatter(ctx, ref, []uint64{1, 2})
		_, e5 := tx.ReplayDeliveries(ctx, 1, 2, 3, true, 4)
		_, e6 := tx.ReplayDeliveries(ctx, 1, 2, 3, false, 4)
		facts := []LedgerFact{{Ref: ref, Fact: stat.Fact{Measure: stat.Stock, Unit: 3, Basis: day, Day: day, N: 1}}}
		e7 := tx.AddFacts(ctx, home, facts, func(stat.Facets) int64 { return 1 })
		e8 := tx.CountFacts(ctx, home, []MatterFacts{{Ref: ref, Entries: 1}})
		cell := stat.Cell{Dim: stat.DimAll, Unit: 3}
		e9 := tx.SaveCells(ctx, home, []CellRow{{Cell: cell, Counts: []byte{1}}})
		_, e10 := tx.CellCounts(ctx, home, []stat.Cell{cell})
		return errors.Join(e1, e2, e3, e4, e5, e6, e7, e8, e9, e10)
	}); err != nil {
		t.Fatal(err)
	}
	scopes := []org.Scope{{Roots: []org.UnitID{3}}, {Roots: []org.UnitID{3}, Sealed: true}, {All: true, Sealed: true}}
	asked := func(tx *Tx) error {
		var all []error
		ok := func(_ any, err error) { all = append(all, err) }
		for _, scope := range scopes {
			for _, list := range []matter.List{matter.ListMine, matter.ListUnit, matter.ListAll} {
				for _, view := range matter.Views() {
					f := matter.Filter{List: list, View: view, Today: day, Limit: 20}
					ok(tx.CountMatters(ctx, scope, 7, 3, f, MaxCount))
					ok(tx.Matters(ctx, scope, 7, 3, f))
					f.After = matter.Cursor{Due: "2026-09-30", Home: home, N: ref.N}
					ok(tx.Matters(ctx, scope, 7, 3, f))
				}
				ok(tx.CountViews(ctx, scope, 7, 3, []matter.Filter{{List: list, View: matter.ViewLate, Today: day}, {List: list, View: matter.ViewEnded}, {List: list, View: matter.ViewOpen}}, MaxCount))
				ok(tx.Waits(ctx, scope, 7, 3, matter.Filter{List: list, Today: day, Limit: 5}))
			}
			for _, f := range []matter.Search{
				{},
				{Words: words.Plain("路灯")},
				{Filter: matter.Filter{Unit: 3, Place: home, Category: "N0201"}, State: matter.StateSigned, Channel: matter.ChannelVisit},
				{Words: words.Plain("路灯"), From: day.Add(-100), To: day, Late: true},
			} {
				f.View, f.Today = matter.ViewAny, day
				_, _, err := tx.Find(ctx, scope, 7, 3, f)
				ok(nil, err)
			}
			ok(tx.Matter(ctx, org.Scope{All: true, Sealed: true}, ref))
			ok(tx.Seen(ctx, scope, home, []int64{1}))
			ok(tx.MattersSeen(ctx, scope, home, []int64{1}))
			ok(tx.MattersOfPerson(ctx, scope, home, []byte{1}, 5))
			ok(tx.MattersTitled(ctx, scope, home, "路灯", home, 5))
			ok(tx.AnsweredAt(ctx, scope, home, 3, 5))
			ok(tx.MattersAlike(ctx, scope, home, []uint64{1, 2}, 5))
			ok(tx.MattersLike(ctx, scope, home, []find.Term{{}}, func(matter.Row) bool { return true }, 5))
			ok(tx.AdviceMatters(ctx, scope, "category", AdvicePair{First: "N0201", Taken: "N0202"}, day, 5))
			f := IssueFilter{Home: home, From: day.Add(-30), To: day, Place: home, Category: "N0201", Least: 3, Limit: 50}
			ok(tx.Issues(ctx, scope, f))
			ok(tx.IssueDays(ctx, scope, f, []int64{1, 2}))
			ok(tx.IssuePage(ctx, scope, home, 1, 99, false, 20))
			ok(tx.IssueSize(ctx, scope, f, 1))
		}
		for _, scope := range scopes {
			if _, err := tx.Sealed(ctx, scope, ref); err != nil { // may be out of the scope
				tx.failed = nil
			}
			if _, err := tx.SeenLink(ctx, scope, ref); err != nil { // may be out of the scope
				tx.failed = nil
			}
		}
		ok(tx.AmongText(ctx, words.Plain("路灯"), home, []int64{1}, 10))
		ok(tx.AdviceTaken(ctx, "category", day))
		ok(tx.Batches(ctx, "", 5))
		ok(tx.Batches(ctx, "k", 5))
		ok(tx.Results(ctx, home, 1, "", 0, 5))
		ok(tx.Results(ctx, home, 1, "taken", 0, 5))
		ok(tx.Customs(ctx, home, "N0201", "2026-01"))
		ok(tx.OpenJobs(ctx, "export", 9, 1))
		ok(tx.OpenJobs(ctx, "export", 0, 1))
		ok(tx.JobsOf(ctx, 7, "", 5))
		ok(tx.FailedJobs(ctx, JobRow{}, 5))
		ok(tx.FailedJobs(ctx, JobRow{EndedUS: 5, Home: home, ID: 7}, 5))
		ok(tx.NotKinOf(ctx, home, 5, 5))
		for _, after := range []NoticeCursor{{}, {MadeUS: 5, Home: home, ID: 7}} {
			ok(tx.Inbox(ctx, 3, 7, false, after, 5))
			ok(tx.Inbox(ctx, 3, 7, true, after, 5))
			ok(tx.FailedNotices(ctx, after, 5))
		}
		ok(tx.Unread(ctx, 3, 7, false))
		ok(tx.Unread(ctx, 3, 7, true))
		ok(tx.NoticesOfMatter(ctx, ref, 5))
		ok(tx.NoticesOfSubmission(ctx, ref, 5))
		ok(tx.DueNotices(ctx, 9, 5))
		ok(tx.OrgEvents(ctx, OrgFilter{Reach: 3, Unit: 4, Without: "export", By: 7, Limit: 5}))
		ok(tx.OrgEvents(ctx, OrgFilter{Subjects: []OrgSubject{{Kind: "duty", ID: 7}}, Limit: 5}))
		ok(tx.People(ctx, PeopleFilter{Word: "zs", Reach: 3, Unit: 4, Today: day, Limit: 5}))
		ok(tx.People(ctx, PeopleFilter{Today: day, Limit: 5}))
		ok(tx.DueClocks(ctx, day, RemindPlace{}, 5))
		ok(tx.UntoldClocks(ctx, day, RemindPlace{}, 5))
		ok(tx.SchedulesBefore(ctx, "weekly", day, 5))
		ok(tx.FactsIn(ctx, FactsWaiting, 5))
		for _, units := range [][]int64{{3, 4}, nil} {
			for _, facets := range []FacetsAsk{{}, {Places: [][2]int64{{330112, 330112}, {330112000, 330112999}}}, {Categories: []string{"N03", "N0301"}}} {
				ok(nil, tx.EachFact(ctx, home, LedgerAsk{Measures: []stat.Measure{stat.Stock}, From: day.Add(-30), To: day, Holds: day, Units: units, Facets: facets}, func(LedgerFact) error { return nil }))
				for _, basis := range []law.Day{day, law.NoDay} {
					ok(tx.FactPage(ctx, home, FactPage{Spans: []FactSpan{{Measure: stat.Open, From: day.Add(-3), To: day}, {Measure: stat.Stock, From: day, To: day}}, Holds: day, Units: units, Facets: facets, Basis: basis, Before: 7, Limit: 5}))
					ok(tx.FactPage(ctx, home, FactPage{Spans: []FactSpan{{Measure: stat.Open, Unit: 3, From: day, To: day}}, Holds: day, Facets: facets, Basis: basis, Before: 7, Limit: 5, Stands: true}))
					ok(tx.FactPage(ctx, home, FactPage{Spans: []FactSpan{{Measure: stat.Open, From: day, To: day}}, Holds: day, Units: units, Facets: facets, Basis: basis, Before: 7, Limit: 5, Stands: true}))
				}
			}
		}
		ok(tx.FirstDay(ctx, home, []stat.Measure{stat.Open}))
		ok(nil, tx.EachFactAhead(ctx, home, day, day.Add(1), func(LedgerFact) error { return nil }))
		ok(nil, tx.EachCell(ctx, home, CellsAsk{Dim: stat.DimSince, Units: []int64{3}, Measures: []stat.Measure{stat.Open, stat.Backlog}}, func(CellRow) error { return nil }))
		ok(nil, tx.EachCell(ctx, home, CellsAsk{Dim: stat.DimSince, Units: numbered(2 * fewUnits), Measures: []stat.Measure{stat.Open}}, func(CellRow) error { return nil }))
		ok(nil, tx.EachCell(ctx, home, CellsAsk{Dim: stat.DimTown, Units: []int64{3}, From: 24300, To: 24311, Code: "330112"}, func(CellRow) error { return nil }))
		ok(tx.Templates(ctx, matter.PaperOpinion, 5))
		ok(tx.Deliveries(ctx, 1, "", DeliveryPlace{}, 5))
		ok(tx.Deliveries(ctx, 1, DeliveryFailed, DeliveryPlace{MadeUS: 5, Home: home, ID: 7}, 5))
		return errors.Join(all...)
	}
	if err := s.Read(ctx, asked); err != nil {
		t.Fatal(err)
	}
	collect := func(c *conn) {
		for key := range c.prepared {
			keys = append(keys, key)
		}
	}
	reader := <-s.readers
	collect(reader)
	s.readers <- reader
	for _, w := range s.writers {
		collect(w.conn)
	}
	return keys
}
