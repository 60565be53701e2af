package stat_test

import (
	"encoding/json"
	"os"
	"testing"

	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/stat"
)

// ended is a matter that came on 1 August 2025, is backlog from 29 January 2026 on (day 181), was transferred on 5 August and completed on a day.
func ended(t testing.TB, completed string) *life {
	t.Helper()
	ref := matter.NewRef(330112, 2025, 1)
	return begin(t).on("2025-08-04", matter.Screened{Kind: matter.KindAppeal, Category: "N0502", Level: matter.LevelOrdinary}).
		on("2025-08-05", matter.Forwarded{Unit: roads, Mode: matter.ModeTransfer}).on("2025-08-06", matter.Signed{}).on("2025-08-08", matter.Accepted{}).
		on(completed, matter.OpinionDrafted{Answers: []matter.Answer{{Demand: 1, Outcome: matter.OutcomeSupport}}}).on(completed, matter.OpinionIssued{}).
		on(completed, matter.Served{Submission: ref, On: day(t, completed)}).on(completed, matter.Completed{})
}

// backlog is the share of a period by hand: resolved, and backlog at the end with what ended.
func backlog(t *testing.T, facts []stat.Fact, unit org.UnitID, from, to, asOf string) (resolved, of int) {
	t.Helper()
	d, err := stat.Find("backlog_resolution")
	if err != nil {
		t.Fatal(err)
	}
	b := stat.NewBehind(d, stat.Period{From: day(t, from), To: day(t, to), AsOf: day(t, asOf)})
	for _, f := range facts {
		if unit == 0 || f.Unit == unit {
			b.Add(f)
		}
	}
	sum := func(of, rest bool) (n int) {
		for _, p := range b.List(of, rest) {
			n += p.N
		}
		return n
	}
	if resolved, of = sum(false, false), sum(true, false); sum(true, true) != of-resolved && sum(false, true) != of-resolved {
		t.Errorf("%d of %d, and the rest is %d", resolved, of, sum(false, true))
	}
	return resolved, of
}

func TestBacklogByHand(t *testing.T) {
	ref := matter.NewRef(330112, 2025, 1)
	yes := matter.Confirmed{Submission: ref, Resolved: true}
	const (
		open  = "2026-12-31" // as of which nobody has taken anything back
		first = "2025-08-01"
	)
	for _, tt := range []struct {
		name         string
		life         *life
		unit         org.UnitID
		from, to     string
		asOf         string
		resolved, of int
	}{
		{"180 days old", begin(t), 0, first, "2026-01-28", open, 0, 0},
		{"181 days old", begin(t), 0, first, "2026-01-29", open, 0, 1},
		{"opening stock", begin(t), 0, "2026-03-01", "2026-03-31", open, 0, 1},
		{"ended on the day it would have become backlog", ended(t, "2026-01-29").on("2026-01-30", yes), 0, first, "2026-02-28", open, 0, 0},
		{"ended before", ended(t, "2025-10-20").on("2025-10-21", yes), 0, first, "2026-02-28", open, 0, 0},
		{"ended, nobody said resolved", ended(t, "2026-03-10"), 0, "2026-03-01", "2026-03-31", open, 0, 1},
		{"ended and resolved in the period", ended(t, "2026-03-10").on("2026-03-12", yes), 0, "2026-03-01", "2026-03-31", open, 1, 1},
		{"confirmed after the period: of the period in which it ended", ended(t, "2026-03-10").on("2026-04-12", yes), 0, "2026-03-01", "2026-03-31", open, 1, 1},
		{"as of a day before it was confirmed", ended(t, "2026-03-10").on("2026-04-12", yes), 0, "2026-03-01", "2026-03-31", "2026-04-11", 0, 1},
		{"not of the period after", ended(t, "2026-03-10").on("2026-04-12", yes), 0, "2026-04-01", "2026-04-30", open, 0, 0},
		{"to be redone: neither resolved nor gone", ended(t, "2026-03-10").on("2026-03-12", yes).on("2026-03-20", matter.Redone{By: day(t, "2026-04-20")}), 0, "2026-04-01", "2026-04-30", open, 0, 1},
		{"moved on: no longer where it was", begin(t).on("2026-02-10", matter.Screened{Kind: matter.KindAppeal, Level: matter.LevelOrdinary}).
			on("2026-02-10", matter.Forwarded{Unit: roads, Mode: matter.ModeTransfer}), bureau, "2026-02-01", "2026-02-28", open, 0, 0},
		{"but where it is now", begin(t).on("2026-02-10", matter.Screened{Kind: matter.KindAppeal, Level: matter.LevelOrdinary}).
			on("2026-02-10", matter.Forwarded{Unit: roads, Mode: matter.ModeTransfer}), roads, "2026-02-01", "2026-02-28", open, 0, 1},
		{"joined to another matter, where it goes on", begin(t).on("2026-02-10", matter.Merged{Into: matter.NewRef(330112, 2025, 9)}), 0, "2026-02-01", "2026-02-28", open, 0, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if n, of := backlog(t, tt.life.facts(), tt.unit, tt.from, tt.to, tt.asOf); n != tt.resolved || of != tt.of {
				t.Errorf("%d of %d, want %d of %d", n, of, tt.resolved, tt.of)
			}
		})
	}
}

// The definition by the end of a period is the one by its beginning: what there was and what was added is what there is and what ended.
func TestBacklogBalances(t *testing.T) {
	lives := []*life{begin(t), ended(t, "2026-02-10"), ended(t, "2026-03-10"), ended(t, "2026-03-31"), ended(t, "2026-04-01"), ended(t, "2025-12-01")}
	var facts []stat.Fact
	for _, l := range lives {
		facts = append(facts, l.facts()...)
	}
	from, to := day(t, "2026-01-15"), day(t, "2026-03-31")
	opening := asOf(facts, from-1)[stat.Backlog]
	added := 0
	for _, f := range facts {
		if f.Measure == stat.Backlog && f.N > 0 && f.Basis >= from && f.Basis <= to {
			added++
		}
	}
	if _, of := backlog(t, facts, 0, "2026-01-15", "2026-03-31", "2026-03-31"); opening+added != of || of != 5 {
		t.Errorf("%d and %d added, %d to divide by", opening, added, of)
	}
}

// A contact is one that asks, hears or meets the petitioner; a notice is none. A matter has it or has it not, from that day on.
func TestContacts(t *testing.T) {
	ref := matter.NewRef(330112, 2025, 1)
	for _, tt := range []struct {
		name string
		body matter.Body
		want int
	}{
		{"contacted", matter.Recorded{Kind: matter.RecordContact}, 1},
		{"heard", matter.Recorded{Kind: matter.RecordHeard}, 1},
		{"a site was looked at", matter.Recorded{Kind: matter.RecordSite}, 0},
		{"a note", matter.Recorded{Kind: matter.RecordNote}, 0},
		{"asked for material", matter.MaterialRequested{Missing: "合同"}, 1},
		{"a notice", matter.Notified{Text: "已收到"}, 0},
		{"a return visit", matter.Visited{Submission: ref}, 1},
		{"mediation", matter.MediationStarted{}, 1},
		{"a hearing", matter.HearingConcluded{}, 1},
		{"a hearing that is called", matter.HearingCalled{}, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := begin(t)
			if _, held := tt.body.(matter.HearingConcluded); held {
				l.on("2025-08-09", matter.HearingCalled{})
			}
			facts := l.on("2025-08-10", tt.body).facts()
			if before, after := asOf(facts, day(t, "2025-08-09")), asOf(facts, law.NewDay(2026, 1, 1)); before[stat.Contacted] != 0 || after[stat.Contacted] != tt.want || after[stat.Firsts] != 1 {
				t.Errorf("%d before, %d after", before[stat.Contacted], after[stat.Contacted])
			}
		})
	}
}

// Every step in the list is one that there is, said in both languages.
func TestContactsAreSteps(t *testing.T) {
	data, err := os.ReadFile("contacts.json")
	if err != nil {
		t.Fatal(err)
	}
	var list []struct {
		Step, Why string
		WhyEng    string `json:"why_en"`
	}
	if err := json.Unmarshal(data, &list); err != nil || len(list) == 0 {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, b := range []matter.Body{matter.MaterialRequested{}, matter.HearingConcluded{}, matter.MediationStarted{}, matter.Visited{}} {
		known[matter.KindOf(b)] = true
	}
	for _, k := range matter.RecordKinds() {
		known["recorded."+string(k)] = true
	}
	for _, c := range list {
		if !known[c.Step] || c.Why == "" || c.WhyEng == "" {
			t.Errorf("%+v", c)
		}
	}
}

// Of the answers only those are of what was transferred that another unit was sent without a report being asked for.
func TestTransferred(t *testing.T) {
	for _, tt := range []struct {
		name string
		mode matter.ForwardMode
		want int
	}{{"transferred", matter.ModeTransfer, 1}, {"assigned", matter.ModeAssign, 0}} {
		t.Run(tt.name, func(t *testing.T) {
			l := begin(t).on("2025-08-04", matter.Screened{Kind: matter.KindAppeal, Level: matter.LevelOrdinary}).
				on("2025-08-05", matter.Forwarded{Unit: roads, Mode: tt.mode, ReportBy: day(t, "2025-11-01")}).on("2025-08-06", matter.Signed{}).on("2025-08-08", matter.Accepted{}).
				on("2025-09-10", matter.OpinionDrafted{Answers: []matter.Answer{{Demand: 1, Outcome: matter.OutcomeSupport}}}).on("2025-09-18", matter.OpinionIssued{}).
				on("2025-09-20", matter.Served{Submission: matter.NewRef(330112, 2025, 1), On: day(t, "2025-09-20")})
			if got := asOf(l.facts(), day(t, "2025-12-01")); got["answer.in_time"] != 1 || got["transferred.in_time"] != tt.want {
				t.Errorf("%v", got)
			}
		})
	}
	own := begin(t).on("2025-08-04", matter.Screened{Kind: matter.KindAppeal, Level: matter.LevelOrdinary}).on("2025-08-04", matter.Taken{}).on("2025-08-04", matter.Accepted{})
	if got := asOf(own.facts(), day(t, "2026-12-01")); got["answer.overdue"] != 1 || got["transferred.overdue"] != 0 {
		t.Errorf("its own: %v", got)
	}
}
