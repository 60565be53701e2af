package periodic_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"huiyin/internal/periodic"
	"huiyin/internal/stat"
)

func rules(t *testing.T) periodic.Rules {
	t.Helper()
	r, err := periodic.LoadRules()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// said are the sentences of a section in a short form: code, numbers, groups.
func said(r periodic.Report, section string) []string {
	out := []string{}
	for _, s := range r.Sections {
		if s.ID != section {
			continue
		}
		for _, one := range s.Sentences {
			words := []string{strings.TrimPrefix(one.Code, "report.say.")}
			for _, a := range one.Args {
				switch a.As {
				case periodic.AsNumber, periodic.AsPercent, periodic.AsPoints:
					words = append(words, fmt.Sprintf("%s=%d", a.Name, a.N))
				case periodic.AsFigure:
					words = append(words, fmt.Sprintf("%s=%d/%d", a.Name, a.Figure.Sum, a.Figure.Of))
				case periodic.AsGroup, periodic.AsText, periodic.AsIndicator, periodic.AsWord:
					words = append(words, a.Text)
				case periodic.AsDay:
					words = append(words, a.Day.String())
				}
			}
			out = append(out, strings.Join(words, " "))
		}
	}
	return out
}

func count(id string, now, before, year int) periodic.Entry {
	f := func(n int) periodic.Figure { return periodic.Figure{Kind: stat.KindCount, Sum: n} }
	return periodic.Entry{Indicator: id, Now: f(now), Before: f(before), Year: f(year)}
}

func share(id string, of ...int) periodic.Entry {
	f := func(i int) periodic.Figure { return periodic.Figure{Kind: stat.KindShare, Sum: of[i], Of: of[i+1]} }
	return periodic.Entry{Indicator: id, Now: f(0), Before: f(2), Year: f(4)}
}

func facts(t *testing.T, entries ...periodic.Entry) periodic.Facts {
	t.Helper()
	return periodic.Facts{Kind: periodic.Month, Unit: 1, Periods: periodic.Month.Periods(day(t, "2026-10-10"), day(t, "2026-11-02")), Entries: entries}
}

// Of a count a rise or fall is said where it is more than chance makes, and who drives it with the exact share of the net change.
func TestWhatCame(t *testing.T) {
	t.Parallel()
	row := func(group string, now, before int) periodic.Row {
		return periodic.Row{Group: group, Now: now, Before: before}
	}
	for name, tt := range map[string]struct {
		now, before, year int
		rows              []periodic.Row
		want              []string
	}{
		"a rise that one group drives": {
			60, 20, 30,
			[]periodic.Row{row("a", 40, 5), row("b", 15, 10), row("c", 5, 5)},
			[]string{"change.rise before.month before=20 n=40 percent=20000", "change.rise year.month before=30 n=30 percent=10000", "driver.rise place a before=5 now=40 n=35 percent=8750"},
		},
		"a fall that two drive against a third": {
			20, 60, 0,
			[]periodic.Row{row("a", 5, 30), row("b", 3, 25), row("c", 12, 5)},
			[]string{"change.fall before.month before=60 n=40 percent=6667", "change.none year.month", "driver.fall place a before=30 now=5 n=25 percent=6250", "driver.fall place b before=25 now=3 n=22 percent=5500"},
		},
		"a group alone drives nothing": {
			60, 20, 20,
			[]periodic.Row{row("a", 60, 20)},
			[]string{"change.rise before.month before=20 n=40 percent=20000", "change.rise year.month before=20 n=40 percent=20000"},
		},
		"no change": {
			20, 20, 20,
			[]periodic.Row{row("a", 10, 10), row("b", 10, 10)},
			[]string{"change.same before.month before=20", "change.same year.month before=20"},
		},
		"two groups offset each other": {
			50, 50, 48,
			[]periodic.Row{row("a", 40, 10), row("b", 10, 40)},
			[]string{
				"change.same before.month before=50", "change.chance year.month before=48 n=2",
				"despite.rise place a before=10 now=40 n=30", "despite.fall place b before=40 now=10 n=30",
			},
		},
		"few are no rise": {
			5, 1, 3,
			[]periodic.Row{row("a", 5, 0), row("b", 0, 1)},
			[]string{"change.chance before.month before=1 n=4", "change.chance year.month before=3 n=2"},
		},
		"two standard deviations are not more than two": { // (18−6)² = 144 > 96; (15−6)² = 81 ≤ 84
			15, 6, 45, nil,
			[]string{"change.chance before.month before=6 n=9", "change.fall year.month before=45 n=30 percent=6667"},
		},
		"nothing before": {30, 0, 0, nil, []string{"change.none before.month", "change.none year.month"}},
		"nothing now":    {0, 30, 0, nil, []string{"change.fall before.month before=30 n=30 percent=10000", "change.none year.month"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := facts(t, count("submissions", tt.now, tt.before, tt.year))
			f.Breakdowns = []periodic.Breakdown{{By: periodic.ByPlace, Rows: tt.rows}}
			r := periodic.Write(f, rules(t))
			if got := said(r, periodic.SectionCame)[1:]; !slices.Equal(got, tt.want) {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

// Of a share: n/a where there is nothing to divide by, points only where they are more than chance, the rest at the units that have it.
func TestShares(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		of   []int
		want []string
	}{
		"nothing to divide by":   {[]int{0, 0, 5, 6, 0, 0}, []string{"share.none timely_acceptance"}},
		"nothing before":         {[]int{6, 6, 0, 0, 0, 0}, []string{"share timely_acceptance figure=6/6", "change.none before.month", "change.none year.month"}},
		"the same share":         {[]int{8, 10, 4, 5, 8, 10}, []string{"share timely_acceptance figure=8/10", "share.same before.month figure=4/5", "share.same year.month figure=8/10", "late timely_acceptance n=2"}},
		"a rise and mere chance": {[]int{95, 100, 70, 100, 93, 100}, []string{"share timely_acceptance figure=95/100", "share.rise before.month figure=70/100 points=2500", "share.chance year.month figure=93/100", "late timely_acceptance n=5"}},
		"a fall":                 {[]int{10, 40, 36, 40, 1, 2}, []string{"share timely_acceptance figure=10/40", "share.fall before.month figure=36/40 points=6500", "share.chance year.month figure=1/2", "late timely_acceptance n=30"}},
		"all of few":             {[]int{3, 3, 0, 2, 2, 2}, []string{"share timely_acceptance figure=3/3", "share.chance before.month figure=0/2", "share.same year.month figure=2/2"}},
		"counts that are large":  {[]int{900_000_000, 1_000_000_000, 100_000_000, 1_000_000_000, 900_000_000, 1_000_000_000}, []string{"share timely_acceptance figure=900000000/1000000000", "share.rise before.month figure=100000000/1000000000 points=8000", "share.same year.month figure=900000000/1000000000", "late timely_acceptance n=100000000"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := periodic.Write(facts(t, share("timely_acceptance", tt.of...)), rules(t))
			if got := said(r, periodic.SectionAccept); !slices.Equal(got, tt.want) {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

// Units are listed by how many they have, five at most, and each leads to exactly its own rest.
func TestUnitsWithSomethingLate(t *testing.T) {
	t.Parallel()
	f := facts(t, share("timely_acceptance", 30, 58, 0, 0, 0, 0))
	var rows []periodic.Row
	for i := range 8 {
		rows = append(rows, periodic.Row{Group: fmt.Sprint(i), Timely: periodic.Figure{Kind: stat.KindShare, Sum: 10, Of: 10 + i}})
	}
	f.Breakdowns = []periodic.Breakdown{{By: periodic.ByUnit, Rows: rows}}
	r := periodic.Write(f, rules(t))
	want := []string{
		"late timely_acceptance n=28", "late.unit 7 n=7 of=17", "late.unit 6 n=6 of=16", "late.unit 5 n=5 of=15", "late.unit 4 n=4 of=14", "late.unit 3 n=3 of=13", "units.rest units=2 n=3",
	}
	if got := said(r, periodic.SectionAccept)[3:]; !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	one := r.Sections[1].Sentences[4]
	if l := one.Link; !one.Sub || l.Indicator != "timely_acceptance" || l.By != periodic.ByUnit || l.Group != "7" || l.Part != periodic.PartRest || l.Period != f.Periods.Now {
		t.Errorf("%+v", one)
	}
}

// The stock closes, or the report says that it does not.
func TestStockOfAReport(t *testing.T) {
	t.Parallel()
	f := facts(t, count("stock", 12, 10, 9), count("added", 5, 0, 0), count("ended", 3, 0, 0), count("overdue", 40, 12, 38))
	f.Opening = 10
	want := []string{
		"balance opening=10 added=5 reopened=0 moved_in=0 ended=3 joined=0 moved_out=0 closing=12", "overdue 2026-10-31 n=40",
		"change.rise before.month before=12 n=28 percent=23333", "change.chance year.month before=38 n=2",
	}
	if got := said(periodic.Write(f, rules(t)), periodic.SectionStock); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	f.Entries[3].Now.Kind, f.Entries[3].Before.Sum, f.Entries[3].Year.Sum = stat.KindStock, 0, 40
	if got := said(periodic.Write(f, rules(t)), periodic.SectionStock)[2:]; !slices.Equal(got, []string{"change.more before.month before=0 n=40", "change.same year.month before=40"}) {
		t.Errorf("got %q", got)
	}
	f.Opening = 11
	if got := said(periodic.Write(f, rules(t)), periodic.SectionStock)[1]; got != "balance.open n=-1" {
		t.Errorf("got %q", got)
	}
}

// Times are compared where there are enough; a year is compared once; issues are new or not; missed reports are said.
func TestTheRest(t *testing.T) {
	t.Parallel()
	times := func(n, middle int) periodic.Figure {
		return periodic.Figure{Kind: stat.KindTime, N: n, Middle: middle, Most: 2 * middle}
	}
	f := facts(t, periodic.Entry{Indicator: "days_to_answer", Now: times(12, 20), Before: times(10, 24), Year: times(9, 30)}, count("submissions", 3, 0, 0))
	f.Missed = 2
	f.Issues = []periodic.Issue{{ID: 4, Name: "采石场", Matters: 5, Before: 3}, {ID: 5, Name: "路灯", Matters: 3}, {ID: 6, Matters: 3}}
	r := periodic.Write(f, rules(t))
	got := said(r, periodic.SectionHandle)
	if want := []string{"days days_to_answer n=12 middle=20 most=40", "days.fall before.month middle=24 count=10 n=4", "days.few year.month middle=30 count=9"}; !slices.Equal(got[len(got)-3:], want) {
		t.Errorf("got %q", got)
	}
	if got := said(r, periodic.SectionCame)[0]; got != "missed n=2" {
		t.Errorf("got %q", got)
	}
	if got, want := said(r, periodic.SectionIssues), []string{"issue 采石场 n=5 before=3", "issue.new 路灯 n=3", "issue.unnamed.new n=3"}; !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	if l := r.Sections[5].Sentences[0].Link; l.Issue != 4 {
		t.Errorf("%+v", l)
	}
	if got := said(r, periodic.SectionEarlier); len(got) != 0 {
		t.Errorf("without an earlier report: %q", got)
	}
	y := periodic.Facts{Kind: periodic.Year, Periods: periodic.Year.Periods(day(t, "2025-05-05"), day(t, "2026-01-05")), Entries: []periodic.Entry{count("submissions", 60, 20, 20)}}
	if got := said(periodic.Write(y, rules(t)), periodic.SectionCame)[1:]; !slices.Equal(got, []string{"change.rise before.year before=20 n=40 percent=20000"}) {
		t.Errorf("a year: %q", got)
	}
}

// What an earlier report said and would no longer say of the same day was recorded late; the rest went on.
func TestEarlier(t *testing.T) {
	t.Parallel()
	then := []periodic.Entry{count("submissions", 10, 0, 0), count("ended", 3, 0, 0), count("items", 8, 0, 0)}
	again := []periodic.Entry{count("submissions", 11, 0, 0), count("ended", 3, 0, 0), count("items", 8, 0, 0)}
	now := []periodic.Entry{count("submissions", 11, 0, 0), count("ended", 5, 0, 0), count("items", 8, 0, 0)}
	f := facts(t, now...)
	f.Earlier = &periodic.Earlier{ID: 1, AsOf: day(t, "2026-11-01"), Changes: periodic.Changes(then, again, now)}
	want := []string{"earlier.corrected submissions 2026-11-01 then=10/0 again=11/0 now=11/0", "earlier.moved ended 2026-11-01 then=3/0 now=5/0"}
	if got := said(periodic.Write(f, rules(t)), periodic.SectionEarlier); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	f.Earlier.Changes = periodic.Changes(now, now, now)
	if got := said(periodic.Write(f, rules(t)), periodic.SectionEarlier); !slices.Equal(got, []string{"earlier.none 2026-11-01"}) {
		t.Errorf("got %q", got)
	}
}

// A report is kept as JSON and reads back as it was; every sentence leads somewhere.
func TestReportIsKept(t *testing.T) {
	t.Parallel()
	f := facts(t, count("submissions", 60, 20, 40), share("timely_acceptance", 8, 10, 4, 5, 8, 10))
	f.Breakdowns = []periodic.Breakdown{{By: periodic.ByPlace, Rows: []periodic.Row{{Group: "a", Now: 40, Before: 5}, {Group: "b", Now: 20, Before: 15}}}}
	r := periodic.Write(f, rules(t))
	body, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var back periodic.Report
	if err := json.Unmarshal(body, &back); err != nil {
		t.Fatal(err)
	}
	for _, s := range back.Sections {
		if !slices.Equal(said(r, s.ID), said(back, s.ID)) {
			t.Errorf("%s: %q", s.ID, said(back, s.ID))
		}
		for _, one := range s.Sentences {
			if one.Link.Indicator == "" && one.Link.Issue == 0 || !one.Link.Period.From.Known() {
				t.Errorf("%s leads nowhere: %+v", one.Code, one.Link)
			}
		}
	}
}

// Every indicator of a report is one that is defined.
func TestIndicatorsOfAReport(t *testing.T) {
	t.Parallel()
	for _, id := range periodic.Indicators() {
		if _, err := stat.Find(id); err != nil {
			t.Error(err)
		}
	}
}
