package stat_test

import (
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"

	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/stat"
)

const (
	bureau org.UnitID = 3
	roads  org.UnitID = 4
)

func day(t testing.TB, text string) law.Day {
	t.Helper()
	d, err := law.ParseDay(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// life is a history written down by hand.
type life struct {
	t      testing.TB
	events []matter.Event
}

func (l *life) on(text string, body matter.Body) *life {
	l.events = append(l.events, matter.Event{Seq: len(l.events) + 1, Day: day(l.t, text), Body: body})
	return l
}

// submission is a visit of six people at the bureau.
func submission(t testing.TB, n int64, received string) matter.Submission {
	t.Helper()
	return matter.Submission{
		Ref: matter.NewRef(330112, 2025, n), Channel: matter.ChannelVisit, Received: day(t, received), Unit: bureau, Bureau: true, Title: "路塌了", Place: 330112104,
		Demands: []string{"修路"}, Persons: 6,
	}
}

func begin(t testing.TB) *life {
	t.Helper()
	l := &life{t: t}
	ref := matter.NewRef(330112, 2025, 1)
	return l.on("2025-08-01", matter.Registered{Matter: ref, Submission: submission(t, 1, "2025-08-01"), Kind: matter.KindAppeal, Category: "N0502"})
}

// facts are those of the life.
func (l *life) facts() []stat.Fact {
	l.t.Helper()
	set, err := law.DefaultBook().On("", day(l.t, "2025-08-01"))
	if err != nil {
		l.t.Fatal(err)
	}
	facts, err := stat.Of(l.events, matter.Rules{Set: set, Calendar: law.DefaultCalendar()})
	if err != nil {
		l.t.Fatal(err)
	}
	return facts
}

// asOf sums what holds on a day, by measure; what is nought is left out.
func asOf(facts []stat.Fact, on law.Day) map[stat.Measure]int {
	out := map[stat.Measure]int{}
	for _, f := range facts {
		if f.Day <= on {
			out[f.Measure] += f.N
		}
	}
	maps.DeleteFunc(out, func(_ stat.Measure, n int) bool { return n == 0 })
	return out
}

// A whole life counted by hand on six days: forwarded in time, told in time, accepted, answered eleven days late, rated, come again.
func TestWholeLifeByHand(t *testing.T) {
	first := matter.NewRef(330112, 2025, 1)
	answers := []matter.Answer{{Demand: 1, Outcome: matter.OutcomeSupport}}
	l := begin(t).
		on("2025-08-04", matter.Screened{Kind: matter.KindAppeal, Category: "N0502", Level: matter.LevelOrdinary}).
		on("2025-08-05", matter.Forwarded{Unit: roads, Mode: matter.ModeTransfer}).
		on("2025-08-06", matter.Signed{}).
		on("2025-08-08", matter.Accepted{}).
		on("2025-10-10", matter.OpinionDrafted{Facts: "塌了", Basis: "公路法", Answers: answers}).
		on("2025-10-18", matter.OpinionIssued{Document: "x"}).
		on("2025-10-20", matter.Served{Submission: first, On: day(t, "2025-10-20")}). // due 2025-10-09: acceptance and 60 days, rolled over the holiday
		on("2025-10-22", matter.Completed{}).
		on("2025-10-25", matter.Rated{Submission: first, Receiving: matter.GradeSatisfied, Handling: matter.GradeDissatisfied}).
		on("2025-10-26", matter.Confirmed{Submission: first, Resolved: true}).
		on("2025-12-01", matter.Joined{Submission: submission(t, 2, "2025-12-01")})
	facts := l.facts()
	came := map[stat.Measure]int{stat.Submissions: 1, stat.Batches: 1, stat.Persons: 6, stat.GroupBatches: 1, stat.GroupPersons: 6, stat.Firsts: 1, stat.Added: 1, stat.Stock: 1, stat.Open: 1}
	with := func(more map[stat.Measure]int) map[stat.Measure]int {
		out := maps.Clone(came)
		maps.Copy(out, more)
		maps.DeleteFunc(out, func(_ stat.Measure, n int) bool { return n == 0 })
		return out
	}
	after := map[stat.Measure]int{
		stat.Stock: 0, stat.Open: 0, "reached.sent": 1, "reached.accepted": 1, "reached.answered": 1, "reached.closed": 1, "reached.resolved": 1, stat.MovedOut: 1, stat.MovedIn: 1, "dispose.in_time": 1, "notify.in_time": 1, stat.Accepted: 1, "answer.late": 1, "transferred.late": 1, "outcome.support": 1,
		stat.DaysToNotice: 1, stat.DaysToAnswer: 1, stat.Ended: 1, stat.Completed: 1, "receiving.satisfied": 1, "handling.dissatisfied": 1,
		stat.Resolved: 1, stat.SolvedOnce: 1, stat.Settled: 1, stat.DaysToForward: 1, stat.DaysToSign: 1, stat.DaysToAccept: 1, stat.DaysToServe: 1,
	}
	again := maps.Clone(after)
	maps.Copy(again, map[stat.Measure]int{
		stat.Submissions: 2, stat.Batches: 2, stat.Persons: 12, stat.GroupBatches: 2, stat.GroupPersons: 12, stat.Repeats: 1, stat.CameAgain: 1, stat.SolvedOnce: 0,
		"dispose.in_time": 2, stat.Resolved: 0, stat.Settled: 0, "reached.resolved": 0, // who came has yet to say so
	})
	for _, tt := range []struct {
		on   string
		want map[stat.Measure]int
	}{
		{"2025-07-31", map[stat.Measure]int{}},
		{"2025-08-01", with(map[stat.Measure]int{"dispose.pending": 1})},
		{"2025-08-05", with(map[stat.Measure]int{"dispose.in_time": 1, stat.MovedOut: 1, stat.MovedIn: 1, "notify.pending": 1, "reached.sent": 1, stat.DaysToForward: 1})},
		{"2025-10-09", with(map[stat.Measure]int{
			"dispose.in_time": 1, "reached.sent": 1, "reached.accepted": 1, stat.DaysToForward: 1, stat.DaysToSign: 1, stat.DaysToAccept: 1, stat.MovedOut: 1, stat.MovedIn: 1, "notify.in_time": 1,
			stat.Accepted: 1, stat.DaysToNotice: 1, "answer.pending": 1,
		})},
		{"2025-10-10", with(map[stat.Measure]int{
			"dispose.in_time": 1, "reached.sent": 1, "reached.accepted": 1, stat.DaysToForward: 1, stat.DaysToSign: 1, stat.DaysToAccept: 1, stat.MovedOut: 1, stat.MovedIn: 1, "notify.in_time": 1,
			stat.Accepted: 1, stat.DaysToNotice: 1, "answer.overdue": 1, "transferred.overdue": 1,
			stat.OverdueNow: 1,
		})},
		{"2025-10-31", with(after)},
		{"2025-12-31", with(again)},
	} {
		t.Run(tt.on, func(t *testing.T) {
			if d := cmp.Diff(tt.want, asOf(facts, day(t, tt.on))); d != "" {
				t.Error(d)
			}
		})
	}
}

// A duty is overdue from the day after its end as the law rolls it: 2025-08-16 is a Saturday, so the last day is Monday the 18th.
func TestOverdueFromTheDayAfter(t *testing.T) {
	facts := begin(t).facts()
	for on, want := range map[string]stat.Measure{"2025-08-18": "dispose.pending", "2025-08-19": "dispose.overdue", "2026-08-19": "dispose.overdue"} {
		got := asOf(facts, day(t, on))
		if got[want] != 1 || got["dispose.pending"]+got["dispose.overdue"] != 1 {
			t.Errorf("on %s: %v, want %s", on, got, want)
		}
	}
}

// What is redone has no answer, no rating and is open again, from that day on and not before.
func TestRedoTakesBack(t *testing.T) {
	ref := matter.NewRef(330112, 2025, 1)
	answers := []matter.Answer{{Demand: 1, Outcome: matter.OutcomeRefuse}}
	l := begin(t).
		on("2025-08-04", matter.Screened{Kind: matter.KindAppeal, Category: "N0502", Level: matter.LevelOrdinary}).on("2025-08-04", matter.Taken{}).
		on("2025-08-04", matter.Accepted{}).on("2025-08-20", matter.OpinionDrafted{Answers: answers}).on("2025-08-21", matter.OpinionIssued{}).
		on("2025-08-22", matter.Served{Submission: ref, On: day(t, "2025-08-22")}).on("2025-08-23", matter.Completed{}).
		on("2025-08-24", matter.Rated{Submission: ref, Receiving: matter.GradeSatisfied, Handling: matter.GradeSatisfied}).
		on("2025-09-01", matter.Redone{By: day(t, "2025-09-30")})
	facts := l.facts()
	before, after := asOf(facts, day(t, "2025-08-31")), asOf(facts, day(t, "2025-09-01"))
	if before["outcome.refuse"] != 1 || before[stat.Stock] != 0 || after["outcome.refuse"] != 0 || after[stat.Stock] != 1 || after[stat.Reopened] != 1 || after["report.pending"] != 1 {
		t.Errorf("before %v, after %v", before, after)
	}
}

// Nobody is counted as content who says nothing: after the window they are counted as silent, and no more when they speak later.
func TestSilenceIsNoRating(t *testing.T) {
	ref := matter.NewRef(330112, 2025, 1)
	l := begin(t).on("2025-08-04", matter.Screened{Kind: matter.KindAppeal, Level: matter.LevelOrdinary}).on("2025-08-04", matter.Taken{}).on("2025-08-04", matter.Accepted{}).
		on("2025-08-20", matter.OpinionDrafted{Answers: []matter.Answer{{Demand: 1, Outcome: matter.OutcomeExplain}}}).on("2025-08-21", matter.OpinionIssued{}).
		on("2025-08-22", matter.Served{Submission: ref, On: day(t, "2025-08-22")})
	silent := l.facts()
	l.on("2025-10-08", matter.Rated{Submission: ref, Receiving: matter.GradeDissatisfied, Handling: matter.GradeBasically})
	spoke := l.facts()
	for _, tt := range []struct {
		name    string
		facts   []stat.Fact
		on      string
		unrated int
		bad     int
	}{
		{"within the window", silent, "2025-09-21", 0, 0}, {"past it", silent, "2025-09-22", 1, 0}, {"as of then", spoke, "2025-10-07", 1, 0}, {"after speaking", spoke, "2025-10-08", 0, 1},
	} {
		got := asOf(tt.facts, day(t, tt.on))
		if got["handling.unrated"] != tt.unrated || got["receiving.unrated"] != tt.unrated || got["receiving.dissatisfied"] != tt.bad || got["receiving.satisfied"] != 0 {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}

// What each step costs: the facts of a whole life, found and written for keeping.
func BenchmarkFacts(b *testing.B) {
	ref := matter.NewRef(330112, 2025, 1)
	l := begin(b).
		on("2025-08-04", matter.Screened{Kind: matter.KindAppeal, Category: "N0502", Level: matter.LevelOrdinary}).
		on("2025-08-05", matter.Forwarded{Unit: roads, Mode: matter.ModeTransfer}).on("2025-08-06", matter.Signed{}).on("2025-08-08", matter.Accepted{}).
		on("2025-10-10", matter.OpinionDrafted{Answers: []matter.Answer{{Demand: 1, Outcome: matter.OutcomeSupport}}}).on("2025-10-18", matter.OpinionIssued{Document: "x"}).
		on("2025-10-20", matter.Served{Submission: ref, On: day(b, "2025-10-20")}).on("2025-10-22", matter.Completed{})
	set, err := law.DefaultBook().On("", day(b, "2025-08-01"))
	if err != nil {
		b.Fatal(err)
	}
	rules := matter.Rules{Set: set, Calendar: law.DefaultCalendar()}
	m := matter.Fold(l.events)
	clocks, err := m.Clocks(rules)
	if err != nil {
		b.Fatal(err)
	}
	bytes := 0
	for b.Loop() {
		bytes = len(stat.Encode(stat.Facts(m, l.events, clocks, rules)))
	}
	b.ReportMetric(float64(bytes), "bytes/matter")
}
