package bench

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"huiyin/internal/law"
	"huiyin/internal/org"
	"huiyin/internal/stat"
	"huiyin/internal/usecase"
)

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
	none, broad := usecase.FigureAsk{}, f.broad()
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

// broad is a category with others below it.
func (f *finding) broad() string { return f.app.Office.CategoryAbove(f.letters.Topics[0].Category) }

// dashboards are what the head of the county opens: whole pages with everything that they ask.
func (f *finding) dashboards(ctx context.Context, at *site) ([]kind, error) {
	if _, err := f.app.Office.PublishDue(ctx, nil); err != nil { // as it is done every night
		return nil, err
	}
	corner, town := f.corner()
	narrowed := func(name, value string) string {
		return "/desk/figures?" + url.Values{name: {value}}.Encode()
	}
	scope := f.clerk.Duty.Scope
	head, err := at.person(ctx, "leader", org.RoleLeader, scope, scope)
	if err != nil {
		return nil, err
	}
	var out []kind
	for _, p := range [][2]string{
		{"page_lists", "/desk"},
		{"page_home", "/desk/home"},
		{"page_figures", "/desk/figures"},
		{"page_figures_category", narrowed("category", f.broad())},
		{"page_figures_town", narrowed("place", strconv.FormatInt(town, 10))},
		{"page_figures_village", narrowed("place", strconv.FormatInt(corner, 10))},
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
