package usecase_test

import (
	"strings"
	"testing"
	"time"

	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/periodic"
	"huiyin/internal/store"
	"huiyin/internal/usecase"
)

// received takes in a petition that came on a day, by a registrar at a unit.
func (o *testOffice) received(t testing.TB, unit org.UnitID, day law.Day) {
	t.Helper()
	_, err := o.Register(t.Context(), o.actor(t, org.RoleRegistrar, unit), matter.Intake{
		Channel: matter.ChannelVisit, Title: "路灯不亮", Narrative: "路灯不亮", Demands: []string{"请予解决"}, Place: 330112104202, ReceivedUS: day.StartUS() + 3600*1_000_000,
		Petitioners: []matter.Petitioner{{Name: "张三", Phone: "0571-00000001"}},
	}, "")
	check(t, err)
}

// made has a report made and returns the newest of the unit.
func (o *testOffice) made(t testing.TB, who org.Actor, a usecase.ReportAsk) usecase.ReportView {
	t.Helper()
	_, err := o.StartReport(t.Context(), who, a)
	check(t, err)
	check(t, o.RunJobs(t.Context()))
	rows := o.reportsOf(t, who, a.Unit)
	if len(rows) == 0 {
		t.Fatal("no report")
	}
	v, err := o.Report(t.Context(), who, rows[0].Home, rows[0].ID)
	check(t, err)
	return v
}

func (o *testOffice) reportsOf(t testing.TB, who org.Actor, unit org.UnitID) []usecase.ReportRow {
	t.Helper()
	list, err := o.Reports(t.Context(), who, unit, 0)
	check(t, err)
	return list.Rows
}

// A report is there once for a period as of a day, and what each of its figures and sentences leads to comes to exactly that figure.
func TestReportIsMadeOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	today := o.Today()
	for range 2 {
		o.received(t, unitTownA, today)
	}
	o.received(t, unitBureau, today.Add(-3))
	o.registerSealed(t) // no report counts an accusation
	leader := o.leader(t)
	v := o.made(t, leader, usecase.ReportAsk{Kind: periodic.Month, Day: today})
	if e := v.Report.Entry("submissions"); e.Now.Sum != 3 || v.AsOf != today || v.To != today || v.Due || v.Unit.ID != unitCounty {
		t.Errorf("%+v of %+v", e, v.ReportRow)
	}
	if b := v.Report.Balance(); !b.Closes() || b.Closing != 3 {
		t.Errorf("%+v", b)
	}
	sum := 0
	for _, n := range v.Report.Course.Now {
		sum += n
	}
	if sum != 3 || len(v.Report.Course.Labels) != 26 {
		t.Errorf("%d on %d days", sum, len(v.Report.Course.Labels))
	}
	for _, s := range v.Report.Sections {
		for _, one := range s.Sentences {
			ask := usecase.ReportFigureAsk(v.Report, one.Link)
			ask.Limit = 50
			list, err := o.FigureMatters(t.Context(), leader, ask)
			check(t, err)
			if one.Code == "report.say.came" && (len(list.Rows) != 3 || list.Figure.Sum != 3) {
				t.Errorf("%s leads to %d", one.Code, len(list.Rows))
			}
		}
	}
	for _, e := range v.Report.Entries {
		ask := usecase.ReportFigureAsk(v.Report, periodic.Link{Indicator: e.Indicator, Period: v.Report.Periods.Now})
		list, err := o.FigureMatters(t.Context(), leader, ask)
		check(t, err)
		if got := periodic.FigureOf(list.Figure); got != e.Now {
			t.Errorf("%s is %+v in the report and %+v behind it", e.Indicator, e.Now, got)
		}
	}
	o.received(t, unitTownA, today)
	if again := o.made(t, leader, usecase.ReportAsk{Kind: periodic.Month, Day: today.Add(-1)}); again.ID != v.ID || again.Report.Entry("submissions").Now.Sum != 3 {
		t.Errorf("made again it is %d with %+v", again.ID, again.Report.Entry("submissions"))
	}
	if rows := o.reportsOf(t, leader, 0); len(rows) != 1 {
		t.Errorf("%d reports", len(rows))
	}
	for _, a := range []usecase.ReportAsk{{Kind: "decade", Day: today}, {Kind: periodic.Week}, {Kind: periodic.Week, Day: today.Add(1)}} {
		if _, err := o.StartReport(t.Context(), leader, a); errs.KindOf(err) != errs.Invalid {
			t.Errorf("%+v: %v", a, err)
		}
	}
}

// Who reads and makes reports: leaders, supervisors, heads and the registrars of a petition department, of the units that their duty spans. Any other report is not there.
func TestReportsAreWithinScope(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx := t.Context()
	o.received(t, unitTownA, o.Today())
	head := o.actor(t, org.RoleHead, unitTownA)
	v := o.made(t, head, usecase.ReportAsk{Kind: periodic.Week, Day: o.Today()})
	if v.Unit.ID != unitTownA || v.Report.Entry("submissions").Now.Sum != 1 {
		t.Fatalf("%+v", v.ReportRow)
	}
	calls := func(who org.Actor) map[string]error {
		_, read := o.Report(ctx, who, v.Home, v.ID)
		_, list := o.Reports(ctx, who, unitTownA, 0)
		_, begin := o.StartReport(ctx, who, usecase.ReportAsk{Unit: unitTownA, Kind: periodic.Week, Day: o.Today()})
		return map[string]error{
			"read": read, "list": list, "make": begin, "note": o.NoteReport(ctx, who, v.Home, v.ID, 0, "看过了"),
			"schedule": o.ScheduleReport(ctx, who, unitTownA, periodic.Week, true),
		}
	}
	for name, tt := range map[string]struct {
		who  org.Actor
		kind errs.Kind
	}{
		"another town's head":       {o.actor(t, org.RoleHead, unitTownB), errs.NotFound},
		"a village of the town":     {o.actor(t, org.RoleHead, unitVillageA1), errs.NotFound},
		"another town's supervisor": {o.actor(t, org.RoleSupervisor, unitTownB), errs.NotFound},
		"a handler of the town":     {o.actor(t, org.RoleHandler, unitTownA), errs.Forbidden},
		"a registrar of the town":   {o.actor(t, org.RoleRegistrar, unitTownA), errs.Forbidden},
		"the auditor":               {o.actor(t, org.RoleAuditor, unitBureau), errs.Forbidden},
		"the discipline organ":      {o.actor(t, org.RoleDiscipline, unitDiscipline), errs.Forbidden},
	} {
		for call, err := range calls(tt.who) {
			if errs.KindOf(err) != tt.kind {
				t.Errorf("%s: %s: %v", name, call, err)
			}
		}
	}
	for call, err := range calls(org.Actor{}) {
		if k := errs.KindOf(err); k != errs.Unauthenticated && call != "note" || err == nil {
			t.Errorf("nobody: %s: %v", call, err)
		}
	}
	for call, err := range calls(o.leader(t)) {
		if err != nil {
			t.Errorf("the county's leader: %s: %v", call, err)
		}
	}
	if err := o.ScheduleReport(ctx, o.actor(t, org.RoleSupervisor, unitBureau), unitTownA, periodic.Week, false); errs.KindOf(err) != errs.Forbidden {
		t.Errorf("a supervisor switches: %v", err)
	}
	if err := func() error { _, err := o.Report(ctx, head, v.Home, 99); return err }(); errs.CodeOf(err) != "report.not_found" {
		t.Error(err)
	}
	gone, err := o.StartReport(ctx, head, usecase.ReportAsk{Kind: periodic.Month, Day: o.Today()})
	check(t, err)
	o.update(t, func(tx *store.Tx) error {
		d := head.Duty
		d.Until = o.Today().Add(-1)
		return tx.SaveDuty(ctx, d)
	})
	check(t, o.RunJobs(ctx))
	if rows := o.reportsOf(t, o.leader(t), unitTownA); len(rows) != 1 {
		t.Errorf("job %d was done after the duty ended: %d reports", gone.ID, len(rows))
	}
}

// What was recorded late is a correction; what went on since is not.
func TestReportCorrects(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	leader := o.leader(t)
	o.moveTo(law.NewDay(2025, time.October, 30))
	o.received(t, unitTownA, law.NewDay(2025, time.October, 29))
	o.moveTo(law.NewDay(2025, time.November, 3))
	ask := usecase.ReportAsk{Kind: periodic.Month, Day: law.NewDay(2025, time.October, 1)}
	first := o.made(t, leader, ask)
	o.moveTo(law.NewDay(2025, time.November, 24))
	o.received(t, unitTownA, law.NewDay(2025, time.October, 30))
	second := o.made(t, leader, ask)
	if second.ID == first.ID || second.Report.Earlier == nil || second.Report.Earlier.AsOf != first.AsOf {
		t.Fatalf("%+v", second.Report.Earlier)
	}
	kinds := map[string]string{}
	for _, c := range second.Report.Earlier.Changes {
		kinds[c.Indicator] = "moved"
		if c.Then != c.Again {
			kinds[c.Indicator] = "corrected"
		}
	}
	if kinds["submissions"] != "corrected" || kinds["timely_acceptance"] != "moved" {
		t.Errorf("%v", kinds)
	}
	if back, err := o.Report(t.Context(), leader, first.Home, first.ID); err != nil || back.Report.Entry("submissions").Now.Sum != 1 {
		t.Errorf("the first has changed: %+v, %v", back.Report.Entry("submissions"), err)
	}
}

// A schedule makes each report once, on its day; after a time without the program the newest alone, which says how many were missed.
func TestReportsWhenDue(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx := t.Context()
	leader := o.leader(t)
	o.moveTo(law.NewDay(2025, time.October, 29)) // a Wednesday
	o.received(t, unitTownA, o.Today())
	check(t, o.ScheduleReport(ctx, leader, 0, periodic.Week, true))
	check(t, o.ScheduleReport(ctx, leader, 0, periodic.Week, true))
	check(t, o.ScheduleReport(ctx, leader, 0, periodic.Month, true))
	due := func(on law.Day, jobs, reports int) []usecase.ReportRow {
		t.Helper()
		o.moveTo(on)
		for i, want := range []int{jobs, 0} {
			if n, err := o.DueReports(ctx); err != nil || n != want {
				t.Errorf("%s, call %d: %d jobs, %v", on, i, n, err)
			}
			check(t, o.RunJobs(ctx))
		}
		rows := o.reportsOf(t, leader, 0)
		if len(rows) != reports {
			t.Fatalf("%s: %d reports", on, len(rows))
		}
		return rows
	}
	due(law.NewDay(2025, time.October, 30), 0, 0)
	due(law.NewDay(2025, time.November, 2), 0, 0)
	rows := due(law.NewDay(2025, time.November, 3), 2, 2) // a Monday, and the first working day
	if rows[0].Kind == rows[1].Kind || !rows[0].Due || !rows[1].Due {
		t.Errorf("%+v", rows)
	}
	rows = due(law.NewDay(2025, time.November, 26), 1, 3) // three Mondays later
	v, err := o.Report(ctx, leader, rows[0].Home, rows[0].ID)
	check(t, err)
	if v.Report.Missed != 2 || v.From != law.NewDay(2025, time.November, 17) || v.Report.Sections[0].Sentences[0].Code != "report.say.missed" {
		t.Errorf("missed %d, from %s", v.Report.Missed, v.From)
	}
	list, err := o.Reports(ctx, leader, 0, 0)
	check(t, err)
	if s := list.Schedules; !list.Schedule || len(s) != 3 || !s[0].On || !s[1].On || s[2].On || s[0].Next != law.NewDay(2025, time.December, 1) || s[0].Person == "" {
		t.Errorf("%+v", s)
	}
	check(t, o.ScheduleReport(ctx, leader, 0, periodic.Week, false))
	check(t, o.ScheduleReport(ctx, leader, 0, periodic.Month, false))
	due(law.NewDay(2025, time.December, 1), 0, 3)
}

// A note is signed and kept by versions; the report stays as it was, and no number of a person comes into it.
func TestNotesOnAReport(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx := t.Context()
	leader := o.leader(t)
	v := o.made(t, leader, usecase.ReportAsk{Kind: periodic.Week, Day: o.Today()})
	note := func(seen int, text string) error { return o.NoteReport(ctx, leader, v.Home, v.ID, seen, text) }
	for text, code := range map[string]string{
		" ": "field.required", strings.Repeat("长", usecase.MaxReportNote+1): "field.long", "请联系 13800000001": "report.note.personal", "身份证 11010519491231002X": "report.note.personal",
	} {
		e, ok := errorOf(note(0, text))
		if !ok || len(e.Fields) != 1 || e.Fields[0].Code != code {
			t.Errorf("%.20q: %+v", text, e)
		}
	}
	check(t, note(0, "本周台风，来访少。"))
	if err := note(0, "同时写的"); errs.KindOf(err) != errs.Conflict {
		t.Errorf("over another's: %v", err)
	}
	check(t, note(1, "本周台风停工两天，来访少。"))
	back, err := o.Report(ctx, leader, v.Home, v.ID)
	check(t, err)
	if n := back.Notes; len(n) != 2 || n[0].N != 2 || n[0].Person == "" || n[0].Unit.ID != unitBureau || n[1].Text != "本周台风，来访少。" {
		t.Errorf("%+v", n)
	}
}
