package usecase

import (
	"context"

	"huiyin/internal/law"
	"huiyin/internal/open"
	"huiyin/internal/org"
	"huiyin/internal/stat"
)

// OpenMeasure is one thing that everybody may read: its columns count, and come from indicators.
type OpenMeasure struct {
	ID         string
	Columns    []string
	Indicators []string
	count      func(f []stat.Figure) []int // out of the indicators' figures
}

// The measures that are named elsewhere.
const (
	OpenCame     = "came"
	OpenAccepted = "accepted"
	OpenAnswered = "answered"
	OpenDays     = "days"
	OpenOutcome  = "outcome"
	OpenRated    = "rated"
)

// OpenMeasures are what is published, in the order of the page.
func OpenMeasures() []OpenMeasure {
	share := func(f []stat.Figure) []int { return []int{f[0].Sum, f[0].Of - f[0].Sum} }
	return []OpenMeasure{
		{OpenCame, []string{"came"}, []string{"submissions"}, func(f []stat.Figure) []int { return []int{f[0].Sum} }},
		{OpenAccepted, []string{"accepted_in_time", "accepted_late"}, []string{"timely_acceptance"}, share},
		{OpenAnswered, []string{"answered_in_time", "answered_late"}, []string{"on_time_b"}, share},
		{OpenDays, []string{"answers"}, []string{"days_to_answer"}, func(f []stat.Figure) []int { return []int{f[0].Times.Count()} }},
		{
			OpenOutcome,
			[]string{"granted", "granted_partly", "explained", "not_granted"},
			[]string{"outcome_support", "outcome_partial", "outcome_explain", "outcome_refuse"},
			func(f []stat.Figure) []int { return []int{f[0].Sum, f[1].Sum, f[2].Sum, f[3].Sum} },
		},
		{
			OpenRated,
			[]string{"satisfied", "dissatisfied", "not_rated"},
			[]string{"satisfaction_handling", "participation"},
			func(f []stat.Figure) []int { return []int{f[0].Sum, f[0].Of - f[0].Sum, f[1].Of - f[1].Sum} },
		},
	}
}

// OpenBys are by what it is broken down.
func OpenBys() []StatBy { return []StatBy{ByPlace, ByCategory} }

// openCounts is what was counted of a period: by breakdown, by measure.
type openCounts map[StatBy]map[string]open.Kept

// openTimes are the days to the answer, by breakdown and row.
type openTimes map[StatBy]map[string]stat.Times

// countOpen counts a period as of a day, sealed matters apart.
func (o *Office) countOpen(ctx context.Context, p open.Period, asOf law.Day) (openCounts, openTimes, error) {
	counts, times := make(openCounts), make(openTimes)
	for _, by := range OpenBys() {
		counts[by], times[by] = map[string]open.Kept{}, map[string]stat.Times{}
		for _, m := range OpenMeasures() {
			counts[by][m.ID] = open.Kept{Count: open.Count{Period: p, Columns: len(m.Columns), Rows: map[string][]int{}}}
		}
		ask := FigureAsk{Period: stat.Period{From: p.From, To: p.To, AsOf: asOf}, By: by}
		if by == ByPlace {
			ask.Place = o.Settings().Place
		}
		for _, who := range o.openActors() {
			if err := o.countOpenOf(ctx, who, ask, counts[by], times[by]); err != nil {
				return nil, nil, err
			}
		}
	}
	counts.elsewhere(times)
	return counts, times, nil
}

// openActors see all that may be counted for everybody, which sealed matters are not: a leader at each top of the organisation.
func (o *Office) openActors() []org.Actor {
	var out []org.Actor
	for _, top := range o.Chart().Where(func(u org.Unit) bool { return u.Parent == 0 }) {
		out = append(out, org.Actor{Kind: org.ActorStaff, Duty: org.Duty{Role: org.RoleLeader, Unit: top.ID, Scope: top.ID}})
	}
	return out
}

func (o *Office) countOpenOf(ctx context.Context, who org.Actor, ask FigureAsk, counts map[string]open.Kept, times map[string]stat.Times) error {
	for _, m := range OpenMeasures() {
		ask.Indicators = append(ask.Indicators, m.Indicators...)
	}
	figures, err := o.Figures(ctx, who, ask)
	if err != nil {
		return err
	}
	for _, r := range figures.Rows {
		at := 0
		for _, m := range OpenMeasures() {
			of := r.Figures[at : at+len(m.Indicators)]
			at += len(m.Indicators)
			addCells(counts[m.ID], r.Group, m.count(of), 1)
			if m.ID == OpenDays {
				addDays(times, r.Group, of[0].Times, 1)
			}
		}
	}
	return nil
}

// elsewhere gives places a row for all that is outside that of the office: what is of a subject and of none of them.
func (c openCounts) elsewhere(times openTimes) {
	for id, k := range c[ByCategory] {
		places := c[ByPlace][id]
		inside := places.All()
		addCells(places, openNowhere, k.All(), 1)
		addCells(places, openNowhere, inside, -1)
	}
	every := func(string) bool { return true }
	inside := addTimes(times[ByPlace], every)
	addDays(times[ByPlace], openNowhere, addTimes(times[ByCategory], every), 1)
	addDays(times[ByPlace], openNowhere, inside, -1)
}

func addCells(k open.Kept, row string, cells []int, times int) {
	sum := cellsOr(k.Rows[row], k.Columns)
	for i, n := range cells {
		sum[i] += times * n
	}
	k.Rows[row] = sum
}

func addDays(to map[string]stat.Times, row string, days stat.Times, times int) {
	if to[row] == nil {
		to[row] = stat.Times{}
	}
	for d, n := range days {
		to[row][d] += times * n
	}
}

func addTimes(of map[string]stat.Times, in func(row string) bool) stat.Times {
	out := stat.Times{}
	for row, times := range of {
		if in(row) {
			for d, n := range times {
				out[d] += n
			}
		}
	}
	return out
}

// cellsOr are the counts of a row, all nought where there are none.
func cellsOr(cells []int, columns int) []int {
	if cells == nil {
		return make([]int, columns)
	}
	return cells
}
