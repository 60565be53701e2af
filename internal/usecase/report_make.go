package usecase

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"huiyin/internal/errs"
	"huiyin/internal/hot"
	"huiyin/internal/law"
	"huiyin/internal/org"
	"huiyin/internal/periodic"
	"huiyin/internal/stat"
	"huiyin/internal/store"
)

// JobReport makes a periodic report.
const JobReport JobKind = "report"

// reportIssues is how many issues a report names: those with the most matters.
const reportIssues = 5

// reportJob is what a report is to be of. The day of asking is kept, so that work that is begun again makes the same report.
type reportJob struct {
	Unit   org.UnitID    `json:"unit"`
	Kind   periodic.Kind `json:"kind"`
	Day    law.Day       `json:"day"` // within the period
	AsOf   law.Day       `json:"as_of"`
	Missed int           `json:"missed,omitempty"`
}

// StartReport has a report made as of today, and returns the job that does it. There is one report of a period as of a day: asked for again, nothing new is made.
func (o *Office) StartReport(ctx context.Context, who org.Actor, a ReportAsk) (JobView, error) {
	if a.Unit == 0 {
		a.Unit = who.Duty.Scope
	}
	unit, err := o.mayReport(who, a.Unit)
	if err != nil {
		return JobView{}, err
	}
	if err := o.checkReport(a); err != nil {
		return JobView{}, err
	}
	home := HomeOf(unit.Place)
	var row store.JobRow
	err = o.Store.Update(ctx, home, func(t *store.Tx) error {
		if err := o.mayStart(ctx, t, who, JobReport); err != nil {
			return err
		}
		id, err := o.startJob(ctx, t, who, home, JobReport, reportJob{Unit: a.Unit, Kind: a.Kind, Day: a.Day, AsOf: o.Today()})
		if err != nil {
			return err
		}
		row, err = t.Job(ctx, home, id)
		return err
	})
	return o.jobView(row), err
}

// workReport makes a report. It may be made twice: the second time finds the first.
func (o *Office) workReport(ctx context.Context, j *running) error {
	var a reportJob
	if err := j.args(&a); err != nil {
		return err
	}
	unit, err := o.mayReport(j.who, a.Unit)
	if err != nil {
		return err
	}
	w := reportWork{Office: o, job: j, ask: a, periods: a.Kind.Periods(a.Day, a.AsOf), who: reader(a.Unit)}
	w.row = store.PeriodicReport{
		Home: HomeOf(unit.Place), Unit: a.Unit, Kind: string(a.Kind), From: w.periods.Now.From, To: w.periods.Now.To, AsOf: a.AsOf, MadeUS: o.Now(), User: j.row.User,
	}
	facts, err := w.facts(ctx)
	if err != nil {
		return err
	}
	rules, err := periodic.LoadRules()
	if err != nil {
		return err
	}
	body, err := json.Marshal(periodic.Write(facts, rules))
	if err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	w.row.Body = string(body)
	return o.Store.Update(ctx, w.row.Home, func(t *store.Tx) error {
		_, _, err := t.InsertReport(ctx, w.row)
		return err
	})
}

// reader is by whose eyes a report is counted: whoever asked for it, what the unit's own leadership sees counts. So it says the same to all who read it, and nothing of
// accusations.
func reader(unit org.UnitID) org.Actor {
	return org.Actor{Kind: org.ActorStaff, Duty: org.Duty{Role: org.RoleLeader, Unit: unit, Scope: unit}}
}

// reportWork is a report in the making.
type reportWork struct {
	*Office
	job     *running
	ask     reportJob
	periods periodic.Periods
	who     org.Actor
	row     store.PeriodicReport
	done    int
}

// reportSteps is how many figures are asked for, about.
const reportSteps = 14

// count asks for figures of a period in groups.
func (w *reportWork) count(ctx context.Context, by periodic.By, p stat.Period, indicators ...string) (Figures, error) {
	w.done++
	if err := w.job.progress(ctx, w.done, max(reportSteps, w.done)); err != nil {
		return Figures{}, err
	}
	return w.Figures(ctx, w.who, FigureAsk{Indicators: indicators, Period: p, By: StatBy(by), Unit: w.ask.Unit})
}

// facts gathers what the report is written from.
func (w *reportWork) facts(ctx context.Context) (periodic.Facts, error) {
	f := periodic.Facts{Kind: w.ask.Kind, Unit: w.ask.Unit, Periods: w.periods, Missed: w.ask.Missed}
	for _, gather := range []func(context.Context, *periodic.Facts) error{w.entries, w.breakdowns, w.course, w.opening, w.hot, w.earlier} {
		if err := gather(ctx, &f); err != nil {
			return f, err
		}
	}
	return f, nil
}

// entries are the figures of the three periods, and of the units those of the last two.
func (w *reportWork) entries(ctx context.Context, f *periodic.Facts) error {
	ids := periodic.Indicators()
	now, err := w.count(ctx, periodic.ByUnit, w.periods.Now, ids...)
	if err != nil {
		return err
	}
	before, err := w.count(ctx, periodic.ByUnit, w.periods.Before, ids...)
	if err != nil {
		return err
	}
	year, err := w.count(ctx, periodic.ByAll, w.periods.Year, ids...)
	if err != nil {
		return err
	}
	for i, id := range ids {
		f.Entries = append(f.Entries, periodic.Entry{
			Indicator: id, Now: periodic.FigureOf(now.All[i]), Before: periodic.FigureOf(before.All[i]), Year: periodic.FigureOf(year.All[i]),
		})
	}
	units := w.rows(now, before)
	at := func(id string) int { return slices.Index(ids, id) }
	for i := range units {
		for _, r := range now.Rows {
			if r.Group == units[i].Group {
				units[i].Timely = periodic.FigureOf(r.Figures[at("timely_acceptance")])
				units[i].OnTime = periodic.FigureOf(r.Figures[at("on_time_b")])
				units[i].Overdue = r.Figures[at("overdue")].Sum
			}
		}
	}
	units = slices.DeleteFunc(units, func(r periodic.Row) bool { return r.Now+r.Before+r.Timely.Of+r.OnTime.Of+r.Overdue == 0 })
	f.Breakdowns = append(f.Breakdowns, periodic.Breakdown{By: periodic.ByUnit, Rows: units})
	return nil
}

// rows are the groups of either period by their submissions, which are the first figure of both; the largest first.
func (*reportWork) rows(now, before Figures) []periodic.Row {
	var out []periodic.Row
	at := func(group string) *periodic.Row {
		i := slices.IndexFunc(out, func(r periodic.Row) bool { return r.Group == group })
		if i < 0 {
			out, i = append(out, periodic.Row{Group: group}), len(out)
		}
		return &out[i]
	}
	for _, r := range now.Rows {
		at(r.Group).Now = r.Figures[0].Sum
	}
	for _, r := range before.Rows {
		at(r.Group).Before = r.Figures[0].Sum
	}
	slices.SortStableFunc(out, func(a, b periodic.Row) int {
		return cmp.Or(cmp.Compare(b.Now, a.Now), cmp.Compare(b.Before, a.Before), cmp.Compare(a.Group, b.Group))
	})
	return out
}

func (w *reportWork) breakdowns(ctx context.Context, f *periodic.Facts) error {
	for _, by := range periodic.Breakdowns() {
		if by == periodic.ByUnit {
			continue // it is there already
		}
		now, err := w.count(ctx, by, w.periods.Now, "submissions")
		if err != nil {
			return err
		}
		before, err := w.count(ctx, by, w.periods.Before, "submissions")
		if err != nil {
			return err
		}
		f.Breakdowns = append(f.Breakdowns, periodic.Breakdown{By: by, Rows: w.rows(now, before)})
	}
	return nil
}

// course counts what came on each day, of a year in each month.
func (w *reportWork) course(ctx context.Context, f *periodic.Facts) error {
	by := periodic.ByDay
	if w.ask.Kind == periodic.Year {
		by = periodic.ByMonth
	}
	of := func(p stat.Period) (labels []string, counts []int, err error) {
		found, err := w.count(ctx, by, p, "submissions")
		if err != nil {
			return nil, nil, err
		}
		for d := p.From; d <= p.To; d++ {
			label := d.String()
			if by == periodic.ByMonth {
				label = label[:len("2006-01")]
			}
			if n := len(labels); n > 0 && labels[n-1] == label {
				continue
			}
			labels, counts = append(labels, label), append(counts, 0)
		}
		for _, r := range found.Rows {
			if i := slices.Index(labels, r.Group); i >= 0 {
				counts[i] = r.Figures[0].Sum
			}
		}
		return labels, counts, nil
	}
	var err error
	f.Course.By = by
	if f.Course.Labels, f.Course.Now, err = of(w.periods.Now); err != nil {
		return err
	}
	_, f.Course.Before, err = of(w.periods.Before)
	return err
}

// opening is the stock on the day before the period.
func (w *reportWork) opening(ctx context.Context, f *periodic.Facts) error {
	last := w.periods.Now.From - 1
	a, err := w.count(ctx, periodic.ByAll, stat.Period{From: last, To: last, AsOf: w.ask.AsOf}, "stock")
	if err == nil {
		f.Opening = a.All[0].Sum
	}
	return err
}

// hot are the issues with the most matters, and how many each had in the period before.
func (w *reportWork) hot(ctx context.Context, f *periodic.Facts) error {
	of := func(t *store.Tx, p stat.Period, limit int) ([]store.IssueCount, error) {
		return t.Issues(ctx, w.who.Scope(), store.IssueFilter{Home: w.row.Home, From: p.From, To: p.To, Least: hot.Least, Limit: limit})
	}
	return w.Store.Read(ctx, func(t *store.Tx) error {
		now, err := of(t, w.periods.Now, reportIssues)
		if err != nil || len(now) == 0 {
			return err
		}
		ids := make([]int64, len(now))
		for i, c := range now {
			ids[i] = c.ID
		}
		b := w.periods.Before
		came, err := t.IssueDays(ctx, w.who.Scope(), store.IssueFilter{Home: w.row.Home, From: b.From, To: b.To}, ids)
		if err != nil {
			return err
		}
		for _, c := range now {
			i := periodic.Issue{ID: c.ID, Name: cmp.Or(c.Given, c.Name), Matters: c.Matters}
			for _, d := range came {
				if d.Issue == c.ID {
					i.Before += d.Matters
				}
			}
			f.Issues = append(f.Issues, i)
		}
		return nil
	})
}

// earlier compares with the newest report of the same period as of an earlier day.
func (w *reportWork) earlier(ctx context.Context, f *periodic.Facts) error {
	var was store.PeriodicReport
	err := w.Store.Read(ctx, func(t *store.Tx) (err error) {
		was, err = t.ReportBefore(ctx, w.row)
		return err
	})
	if errs.KindOf(err) == errs.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	var then periodic.Report
	if err := json.Unmarshal([]byte(was.Body), &then); err != nil {
		return fmt.Errorf("report %d-%d: %w", was.Home, was.ID, err)
	}
	ids := periodic.Indicators()
	p := w.periods.Now
	p.AsOf = was.AsOf
	found, err := w.count(ctx, periodic.ByAll, p, ids...)
	if err != nil {
		return err
	}
	again := make([]periodic.Entry, len(ids))
	for i, id := range ids {
		again[i] = periodic.Entry{Indicator: id, Now: periodic.FigureOf(found.All[i])}
	}
	f.Earlier = &periodic.Earlier{ID: was.ID, AsOf: was.AsOf, Changes: periodic.Changes(then.Entries, again, f.Entries)}
	return nil
}
