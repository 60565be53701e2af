package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"

	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/stat"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
)

// How long the steps of a generated life take, in days at most, and how people answer, of a hundred.
const (
	screenDays, forwardDays, signDays, acceptDays = 5, 5, 6, 9
	leastDraft, mostDraft, issueDays, serveDays   = 5, 75, 4, 6
	completeDays, rateDays, confirmDays           = 4, 40, 60
	ratedShare, contentShare, confirmedShare      = 55, 80, 60
)

// life is what becomes of a matter after it was registered, up to the end of the generated years: screened, forwarded, signed for, accepted, answered, served, completed, rated.
func (s *stock) life(first matter.Event, in matter.Intake, n int) []matter.Event {
	chance := rand.New(rand.NewPCG(stockSeed, uint64(n)*3+1)) //nolint:gosec // what becomes of invented letters
	row := matter.Fold([]matter.Event{first}).Row(nil, first.AtUS)
	events, day := []matter.Event{first}, first.Day
	then := func(least, most int, body matter.Body) {
		if day = day.Add(least + chance.IntN(most-least+1)); day < stockEnd() {
			events = append(events, matter.Event{Seq: len(events) + 1, AtUS: day.StartUS(), Day: day, Body: body})
		}
	}
	grade := func() matter.Grade {
		if chance.IntN(100) < contentShare {
			return matter.GradeSatisfied
		}
		return matter.GradeDissatisfied
	}
	unit := s.units[n%len(s.units)].ID
	if local, ok := s.local[in.Place]; ok && n%3 == 0 {
		unit = local.ID
	}
	then(0, screenDays, matter.Screened{Kind: matter.KindAppeal, Category: s.letters.Topics[n%len(s.letters.Topics)].Category, Level: matter.LevelOrdinary})
	then(0, forwardDays, matter.Forwarded{Unit: unit, Mode: matter.ModeTransfer})
	then(0, signDays, matter.Signed{})
	then(0, acceptDays, matter.Accepted{})
	answers := []matter.Answer{{Demand: 1, Outcome: matter.Outcomes()[chance.IntN(len(matter.Outcomes()))]}}
	then(leastDraft, mostDraft, matter.OpinionDrafted{Answers: answers})
	then(0, issueDays, matter.OpinionIssued{Document: "x"})
	served := day
	then(0, serveDays, matter.Served{Submission: row.Ref, On: served})
	then(0, completeDays, matter.Completed{})
	if chance.IntN(100) < ratedShare {
		then(1, rateDays, matter.Rated{Submission: row.Ref, Receiving: grade(), Handling: grade()})
	}
	if chance.IntN(100) < confirmedShare {
		then(1, confirmDays, matter.Confirmed{Submission: row.Ref, Resolved: true})
	}
	return events
}

// live writes what figures are made of for a life, and returns the row that it leaves.
func (s *stock) live(ctx context.Context, t *store.Tx, events []matter.Event) (matter.Row, error) {
	o := s.app.Office
	set, err := o.Law(strconv.Itoa(county), events[0].Day)
	if err != nil {
		return matter.Row{}, err
	}
	m, rules := matter.Fold(events), matter.Rules{Set: set, Calendar: o.Calendar()}
	clocks, err := m.Clocks(rules)
	if err != nil {
		return matter.Row{}, err
	}
	last := events[len(events)-1]
	var due *matter.Clock
	if c, ok := matter.Next(clocks, last.Day); ok {
		due = &c
	}
	row := m.Row(due, last.AtUS)
	if err := t.SaveMatter(ctx, row); err != nil {
		return row, err
	}
	return row, t.SaveFacts(ctx, m.Ref, last.Day, stat.Encode(stat.Facts(m, events, clocks, rules)))
}

// fold counts the facts of all that was loaded.
func (s *stock) fold(ctx context.Context, progress func(int)) error {
	const each = 2000
	for done := 0; ; {
		n, err := s.app.Office.FoldIn(ctx, each)
		if err != nil || n == 0 {
			return err
		}
		done += n
		progress(done)
	}
}

// figures are what pages ask of figures: the head of the county, a department, a town; all of it for this year unless the name says otherwise.
func (f *finding) figures() []kind {
	corner, town := f.corner()
	day := stockEnd()
	year, _, _ := day.Date()
	period := stat.Period{From: law.NewDay(year, 1, 1), To: day, AsOf: day}
	last := stat.Period{From: law.NewDay(year-1, 1, 1), To: law.NewDay(year-1, 12, 31), AsOf: day}
	months := stat.Period{From: law.NewDay(year-1, 8, 1), To: day, AsOf: day}
	then := stat.Period{From: law.NewDay(year, 1, 1), To: law.NewDay(year, 3, 31), AsOf: law.NewDay(year, 3, 31)}
	odd := stat.Period{From: law.NewDay(year, 2, 10), To: law.NewDay(year, 6, 9), AsOf: day}
	leader := org.Actor{Kind: org.ActorStaff, Duty: org.Duty{Role: org.RoleLeader, Unit: f.clerk.Duty.Scope, Scope: f.clerk.Duty.Scope}}
	department := org.Actor{Kind: org.ActorStaff, Duty: org.Duty{Role: org.RoleHead, Unit: f.units[0].ID, Scope: f.units[0].ID}}
	village := f.local[f.letters.villages[0].code].ID
	small := org.Actor{Kind: org.ActorStaff, Duty: org.Duty{Role: org.RoleHead, Unit: village, Scope: village}}
	key := []string{
		"submissions", "timely_acceptance", "on_time_a", "on_time_b", "satisfaction_receiving", "satisfaction_handling", "participation", "came_again", "solved_once", "stock",
		"overdue", "days_to_answer",
	}
	figures := func(name string, who org.Actor, p stat.Period, by usecase.StatBy, narrow usecase.FigureAsk, ids ...string) kind {
		return kind{name: name, do: func(ctx context.Context, _ int) (int, bool, error) {
			narrow.Indicators, narrow.Period, narrow.By = ids, p, by
			a, err := f.app.Office.Figures(ctx, who, narrow)
			return len(a.Rows), false, err
		}}
	}
	list := func(name string, who org.Actor, id string, part usecase.FigurePart) kind {
		return kind{name: name, do: func(ctx context.Context, _ int) (int, bool, error) {
			a, err := f.app.Office.FigureMatters(ctx, who, usecase.FigureListAsk{
				FigureAsk: usecase.FigureAsk{Indicators: []string{id}, Period: period}, Part: part, Limit: findRows,
			})
			return len(a.Rows), false, err
		}}
	}
	none, broad := usecase.FigureAsk{}, f.app.Office.CategoryAbove(f.letters.Topics[0].Category) // one with others below it
	all := func(name string, by usecase.StatBy) kind { return figures(name, leader, period, by, none, key...) }
	out := []kind{all("key", usecase.ByNothing), figures("key_last_year", leader, last, usecase.ByNothing, none, key...)}
	for _, id := range []string{"submissions", "timely_acceptance", "on_time_b", "satisfaction_handling", "participation", "repeat", "came_again", "stock", "overdue", "days_to_answer"} {
		out = append(out, figures(id, leader, period, usecase.ByNothing, none, id))
	}
	return append(out,
		figures("rates_by_month", leader, months, usecase.ByMonth, none, "timely_acceptance", "on_time_b", "satisfaction_handling"),
		figures("stock_by_month", leader, months, usecase.ByMonth, none, "stock"),
		all("key_by_unit", usecase.ByUnit), all("key_by_place", usecase.ByPlace), all("key_by_category", usecase.ByCategory), all("key_by_channel", usecase.ByChannel),
		figures("moves", leader, period, usecase.ByMove, none, "moved_out"),
		figures("town_by_village", leader, period, usecase.ByPlace, usecase.FigureAsk{Place: town}, key...),
		figures("department", department, period, usecase.ByNothing, none, key...), figures("village", small, period, usecase.ByNothing, none, key...),
		figures("days_not_months", leader, odd, usecase.ByNothing, none, key...), figures("days_not_months_by_place", leader, odd, usecase.ByPlace, none, "submissions", "on_time_b"),
		figures("as_of_then", leader, then, usecase.ByNothing, none, "submissions", "on_time_b"),
		figures("town_by_category", leader, period, usecase.ByCategory, usecase.FigureAsk{Place: town}, "submissions", "on_time_b"),
		figures("town_by_channel", leader, period, usecase.ByChannel, usecase.FigureAsk{Place: town}, key...),
		figures("category_by_place", leader, period, usecase.ByPlace, usecase.FigureAsk{Category: broad}, key...),
		figures("category_by_channel", leader, period, usecase.ByChannel, usecase.FigureAsk{Category: broad}, key...),
		figures("village_by_category", leader, period, usecase.ByCategory, usecase.FigureAsk{Place: corner}, key...),
		figures("village_by_channel_as_of_then", leader, then, usecase.ByChannel, usecase.FigureAsk{Place: corner}, "submissions", "on_time_b"),
		list("list_submissions", leader, "submissions", usecase.PartSum), list("list_not_in_time", leader, "on_time_b", usecase.PartRest),
		list("list_overdue", leader, "overdue", usecase.PartSum), list("list_stock", leader, "stock", usecase.PartSum),
		list("list_village", small, "submissions", usecase.PartSum),
	)
}

// dashboards are what the head of the county opens: whole pages with everything that they ask.
func (f *finding) dashboards(ctx context.Context, at *site) ([]kind, error) {
	scope := f.clerk.Duty.Scope
	head, err := at.person(ctx, "leader", org.RoleLeader, scope, scope)
	if err != nil {
		return nil, err
	}
	var out []kind
	for _, p := range [][2]string{
		{"page_home", "/desk"},
		{"page_figures", "/desk/figures"},
		{"page_places", "/desk/figures/places"},
		{"page_backlog", "/desk/figures/backlog"},
		{"page_flow", "/desk/figures/flow"},
		{"page_screen", "/desk/screen"},
		{"page_outcomes", "/outcomes"},
	} {
		out = append(out, kind{name: p[0], do: func(ctx context.Context, _ int) (int, bool, error) {
			status, _, _, err := at.get(ctx, head, p[1])
			if err == nil && status != http.StatusOK {
				err = fmt.Errorf("%s: status %d", p[1], status)
			}
			return 0, false, err
		}})
	}
	return out, nil
}
