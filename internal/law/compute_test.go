package law_test

import (
	"encoding/json"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"huiyin/internal/errs"
	"huiyin/internal/law"
)

// The worked examples of the law, each with its article. W numbers are the examples'.
func TestWorkedExamples(t *testing.T) {
	cal := law.DefaultCalendar()
	for _, row := range []struct {
		name, article string
		rule          law.RuleID
		from          string
		opts          []law.Option
		nominal       string
		legal, safe   string
		provisional   bool
	}{
		{"W1 a Saturday that is worked: no roll", "信访工作条例 22", "D01", "2025-09-26", nil, "2025-10-11", "2025-10-11", "2025-10-11", false},
		{"W2 objection over National Day", "信访工作条例 23", "D04", "2025-09-29", nil, "2025-10-13", "2025-10-13", "2025-10-13", false},
		{"W2 notice", "信访工作条例 23", "D03", "2025-09-29", nil, "2025-10-14", "2025-10-14", "2025-10-14", false},
		{"a direct matter is told in 15 days", "信访工作条例 23", "D02", "2025-09-26", nil, "2025-10-11", "2025-10-11", "2025-10-11", false},
		{"W3 handling ends in the holiday", "信访工作条例 34", "D05", "2025-08-05", nil, "2025-10-04", "2025-10-09", "2025-09-30", false},
		{"W3 extended: from the nominal end", "信访工作条例 34", "D05", "2025-08-05", []law.Option{law.Extended(30, day(t, "2025-09-29"))}, "2025-11-03", "2025-11-03", "2025-11-03", false},
		{"W3 extension as a period of its own", "信访工作条例 34", "D06", "2025-10-04", nil, "2025-11-03", "2025-11-03", "2025-11-03", false},
		{"W3 approved on the rolled last day: in time", "信访工作条例 34, 民法典 203", "D05", "2025-08-05", []law.Option{law.Extended(30, day(t, "2025-10-09"))}, "2025-11-03", "2025-11-03", "2025-11-03", false},
		{"W3 approved a day after: does not count", "信访工作条例 34", "D05", "2025-08-05", []law.Option{law.Extended(30, day(t, "2025-10-10"))}, "2025-10-04", "2025-10-09", "2025-09-30", false},
		{"31 days are no lawful extension", "信访工作条例 34", "D05", "2025-08-05", []law.Option{law.Extended(31, day(t, "2025-09-29"))}, "2025-10-04", "2025-10-09", "2025-09-30", false},
		{"a shorter extension", "信访工作条例 34", "D05", "2025-08-05", []law.Option{law.Extended(10, day(t, "2025-09-29"))}, "2025-10-14", "2025-10-14", "2025-10-14", false},
		{"extended once only", "信访工作条例 34", "D05", "2025-08-05", []law.Option{law.Extended(30, day(t, "2025-09-29")), law.Extended(30, day(t, "2025-10-30"))}, "2025-11-03", "2025-11-03", "2025-11-03", false},
		{"W4 review over Spring Festival", "信访工作条例 35", "D07", "2026-01-20", nil, "2026-02-19", "2026-02-24", "2026-02-14", false},
		{"W4 review opinion", "信访工作条例 35", "D08", "2026-02-24", nil, "2026-03-26", "2026-03-26", "2026-03-26", false},
		{"W6 short track, decide", "简易办理 [K]", "D16a", "2026-04-30", nil, "2026-05-08", "2026-05-08", "2026-05-08", false},
		{"W6 short track, opinion: Saturday 9 May counts", "简易办理", "D16b", "2026-05-08", nil, "2026-05-21", "2026-05-21", "2026-05-21", false},
		{"W7 confirmation: a Sunday that is worked", "人民调解法 33, 民事诉讼法 85", "D20", "2024-01-12", nil, "2024-02-11", "2024-02-18", "2024-02-09", false},
		{"W10 listed for three years", "民法典 202", "D60", "2024-03-15", nil, "2027-03-15", "2027-03-15", "2027-03-15", true},
		{"W10 six months: no 31 February", "民法典 202", "D60a", "2024-08-31", nil, "2025-02-28", "2025-02-28", "2025-02-28", false},
		{"six months to a suit, ending on a Saturday", "行政诉讼法 46, 民法典 202", "D38", "2025-12-20", nil, "2026-06-20", "2026-06-22", "2026-06-18", false},
		{"W12 national", "满意度 2014", "D01a", "2026-01-30", nil, "2026-02-04", "2026-02-04", "2026-02-04", false},
		{"W12 province", "满意度 2014", "D01b", "2026-02-04", nil, "2026-02-07", "2026-02-07", "2026-02-06", false},
		{"W12 city", "满意度 2014", "D01c", "2026-02-07", nil, "2026-02-10", "2026-02-10", "2026-02-10", false},
		{"W12 county: a Saturday that is worked", "满意度 2014", "D01d", "2026-02-10", nil, "2026-02-14", "2026-02-14", "2026-02-14", false},
		{"W12 together", "信访工作条例 22", "D01", "2026-01-30", nil, "2026-02-14", "2026-02-14", "2026-02-14", false},
		{"W13 payday in National Day goes back", "保障农民工工资支付条例 14", "D51", "", []law.Option{law.Fixed(day(t, "2026-10-05"))}, "2026-10-05", "2026-09-30", "2026-09-30", false},
		{"W13 payday in Spring Festival goes back to a worked Saturday", "保障农民工工资支付条例 14", "D51", "", []law.Option{law.Fixed(day(t, "2026-02-15"))}, "2026-02-15", "2026-02-14", "2026-02-14", false},
		{"payday on a working day stays", "保障农民工工资支付条例 14", "D51", "", []law.Option{law.Fixed(day(t, "2026-09-15"))}, "2026-09-15", "2026-09-15", "2026-09-15", false},
		{"W14 past the published calendar", "信访工作条例 34", "D05", "2026-11-02", nil, "2027-01-01", "2027-01-04", "2026-12-31", true},
		{"the last published day is final", "信访工作条例 34", "D05", "2026-11-01", nil, "2026-12-31", "2026-12-31", "2026-12-31", false},
		{"working days past the published calendar", "信访工作条例 23", "D04", "2026-12-29", nil, "2027-01-06", "2027-01-06", "2027-01-06", true},
		{"working days that end with it", "信访工作条例 23", "D04", "2026-12-24", nil, "2026-12-31", "2026-12-31", "2026-12-31", false},
		{"the page of the look: Mid-autumn", "信访工作条例 34", "D05", "2026-07-28", nil, "2026-09-26", "2026-09-28", "2026-09-24", false},
		{"assigned, the letter names a working day", "信访工作条例 22(3)", "D10", "2026-09-01", []law.Option{law.Fixed(day(t, "2026-09-28"))}, "2026-09-28", "2026-09-28", "2026-09-28", false},
		{"assigned, the letter names a rest day: it stays", "信访工作条例 22(3)", "D10", "2026-09-01", []law.Option{law.Fixed(day(t, "2026-10-03"))}, "2026-10-03", "2026-10-03", "2026-09-30", false},
		{"assigned, no day named yet", "信访工作条例 22(3)", "D10", "2026-09-01", nil, "", "", "", false},
		{"a document may set another day for any period", "信访工作条例 22(3)", "D05", "2026-09-01", []law.Option{law.Fixed(day(t, "2026-10-03"))}, "2026-10-03", "2026-10-08", "2026-09-30", false},
		{"no day, no end", "", "D05", "", nil, "", "", "", false},
		{"re-review without a hearing", "信访工作条例 36", "D10b", "2026-03-02", nil, "2026-04-01", "2026-04-01", "2026-04-01", false},
		{"re-review: a hearing from the 10th to the 14th, both excluded", "信访工作条例 36", "D10b", "2026-03-02", []law.Option{law.Paused(day(t, "2026-03-10"), day(t, "2026-03-14"))}, "2026-04-06", "2026-04-07", "2026-04-03", false},
		{"two hearings, given in any order", "信访工作条例 36", "D10b", "2026-03-02", []law.Option{law.Paused(day(t, "2026-03-20"), day(t, "2026-03-20")), law.Paused(day(t, "2026-03-10"), day(t, "2026-03-12"))}, "2026-04-05", "2026-04-07", "2026-04-03", false},
		{"two hearings that overlap count once", "信访工作条例 36", "D10b", "2026-03-02", []law.Option{law.Paused(day(t, "2026-03-10"), day(t, "2026-03-12")), law.Paused(day(t, "2026-03-11"), day(t, "2026-03-13"))}, "2026-04-05", "2026-04-07", "2026-04-03", false},
		{"a hearing on the last day moves it", "信访工作条例 36", "D10b", "2026-03-02", []law.Option{law.Paused(day(t, "2026-04-01"), day(t, "2026-04-02"))}, "2026-04-03", "2026-04-03", "2026-04-03", false},
		{"a hearing after the last day does not", "信访工作条例 36", "D10b", "2026-03-02", []law.Option{law.Paused(day(t, "2026-04-02"), day(t, "2026-04-03"))}, "2026-04-01", "2026-04-01", "2026-04-01", false},
		{"a hearing that still goes on: no end yet", "信访工作条例 36", "D10b", "2026-03-02", []law.Option{law.Paused(day(t, "2026-03-10"), law.NoDay)}, "", "", "", false},
		{"the first review does not pause", "信访工作条例 35", "D08", "2026-03-02", []law.Option{law.Paused(day(t, "2026-03-10"), day(t, "2026-03-14"))}, "2026-04-01", "2026-04-01", "2026-04-01", false},
		{"handling does not pause for a hearing", "信访工作条例 34", "D05", "2026-03-02", []law.Option{law.Paused(day(t, "2026-03-10"), day(t, "2026-03-14"))}, "2026-05-01", "2026-05-06", "2026-04-30", false},
		{"working days stand still, too", "政府信息公开条例 33", "D43", "2026-03-02", []law.Option{law.Paused(day(t, "2026-03-06"), day(t, "2026-03-10"))}, "2026-04-02", "2026-04-02", "2026-04-02", false},
		{"a year stands still, too", "劳动争议调解仲裁法 27", "D27", "2024-03-04", []law.Option{law.Paused(day(t, "2024-06-01"), day(t, "2024-06-30"))}, "2025-04-03", "2025-04-03", "2025-04-03", false},
		{"a year from 29 February", "民法典 202", "D27", "2024-02-29", nil, "2025-02-28", "2025-02-28", "2025-02-28", false},
		{"two months from the last day of a long one", "行政诉讼法 47", "D39", "2025-12-31", nil, "2026-02-28", "2026-02-28", "2026-02-28", false},
		{"five working days before a hearing", "劳动争议调解仲裁法 35", "D29d", "2026-10-12", nil, "2026-09-29", "2026-09-29", "2026-09-29", false},
		{"an urgent matter is reported in time: no day", "信访工作条例 25", "D11", "2026-09-01", nil, "", "", "", false},
		{"the suggestion of 2022 has no number of days", "信访工作条例 40", "D12", "2026-09-01", nil, "", "", "", false},
		{"the assigner gives more time", "信访工作条例 22(3)", "D10", "2026-09-01", []law.Option{law.Fixed(day(t, "2026-09-21")), law.Extended(10, day(t, "2026-09-18"))}, "2026-10-01", "2026-10-01", "2026-09-30", false},
		{"mediation by consent goes on as long as agreed", "人民法院在线调解规则 24", "D24a", "2026-03-02", []law.Option{law.Extended(45, day(t, "2026-03-30"))}, "2026-05-16", "2026-05-18", "2026-05-15", false},
		{"legal aid", "法律援助法 43", "D33", "2026-03-02", nil, "2026-03-09", "2026-03-09", "2026-03-09", false},
		{"a 30-day notice has to run out", "保障农民工工资支付条例 27", "D55", "2026-03-02", nil, "2026-04-01", "2026-04-01", "2026-04-01", false},
		{"award, extended", "劳动争议调解仲裁法 43", "D30", "2025-08-22", []law.Option{law.Extended(15, day(t, "2025-09-30"))}, "2025-10-21", "2025-10-21", "2025-10-21", false},
		{"inspection, extended in working days", "劳动保障监察条例 17", "D34", "2025-07-01", []law.Option{law.Extended(30, day(t, "2025-09-01"))}, "2025-11-10", "2025-11-10", "2025-11-10", false},
	} {
		r := rule(t, row.rule)
		from := day(t, row.from)
		got := law.Compute(r, from, cal, row.opts...)
		if got.NominalEnd.String() != row.nominal || got.LegalEnd.String() != row.legal || got.SafeEnd.String() != row.safe || got.Provisional != row.provisional {
			t.Errorf("%s (%s): nominal %v, legal %v, safe %v, provisional %v; want %s, %s, %s, %v", row.name, row.article,
				got.NominalEnd, got.LegalEnd, got.SafeEnd, got.Provisional, row.nominal, row.legal, row.safe, row.provisional)
		}
		if got.Known() != (row.legal != "") || got.Rule != r.ID || got.From != from {
			t.Errorf("%s: %+v", row.name, got)
		}
		nominal, legal, safe, provisional := law.Ends(r, from, cal, row.opts...)
		if nominal != got.NominalEnd || legal != got.LegalEnd || safe != got.SafeEnd || provisional != got.Provisional {
			t.Errorf("%s: Ends and Compute differ", row.name)
		}
	}
}

// Without the analogy to Civil Code 203 nothing rolls, and the same approval is late (W3).
func TestAnalogyIsASetting(t *testing.T) {
	d05 := line("D05", `"unit":"calendar_days","roll":"next_working","roll_by_analogy":true,"n":60,"extend_n":30,"extend_by":"head"`)
	d20 := line("D20", `"unit":"calendar_days","roll":"next_working","n":60`)
	book, err := law.LoadBook(fstest.MapFS{"a.json": file(`"id":"a","from":"2022-05-01","roll_by_analogy":false`, d05, d20)})
	if err != nil {
		t.Fatal(err)
	}
	set, err := book.On("", day(t, "2025-08-05"))
	if err != nil {
		t.Fatal(err)
	}
	cal, from := law.DefaultCalendar(), day(t, "2025-08-05")
	for id, want := range map[law.RuleID]string{"D05": "2025-10-04", "D20": "2025-10-09"} {
		r, err := set.Rule(id)
		if err != nil {
			t.Fatal(err)
		}
		got := law.Compute(r, from, cal)
		if got.LegalEnd.String() != want || got.SafeEnd.String() != "2025-09-30" {
			t.Errorf("%s ends %v, safe %v; want %s", id, got.LegalEnd, got.SafeEnd, want)
		}
	}
	r, _ := set.Rule("D05")
	if err := law.CheckExtension(r, from, cal, 30, day(t, "2025-10-09")); errs.CodeOf(err) != "law.extend.late" {
		t.Errorf("approved on 9 October without the roll: %v", err)
	}
	if err := law.CheckExtension(r, from, cal, 30, day(t, "2025-10-04")); err != nil {
		t.Errorf("approved on the last day: %v", err)
	}
}

func TestCheckExtension(t *testing.T) {
	cal, from := law.DefaultCalendar(), day(t, "2025-08-05")
	for _, row := range []struct {
		rule     law.RuleID
		days     int
		approved string
		code     string
	}{
		{"D05", 30, "2025-09-29", ""},
		{"D05", 1, "2025-08-05", ""},
		{"D05", 30, "2025-10-09", ""},
		{"D05", 30, "2025-10-10", "law.extend.late"},
		{"D05", 30, "2025-08-04", "law.extend.early"},
		{"D05", 31, "2025-09-29", "law.extend.long"},
		{"D05", 0, "2025-09-29", "law.extend.long"},
		{"D05", -5, "2025-09-29", "law.extend.long"},
		{"D04", 1, "2025-08-06", "law.extend.none"},
		{"D07", 30, "2025-09-01", "law.extend.none"},
	} {
		r := rule(t, row.rule)
		err := law.CheckExtension(r, from, cal, row.days, day(t, row.approved))
		if row.code == "" {
			if err != nil {
				t.Errorf("%v: %v", row, err)
			}
			continue
		}
		if e, ok := asErr(err); !ok || e.Code != row.code || e.Kind != errs.Refused || e.Article != r.Article {
			t.Errorf("%v: %v", row, err)
		}
	}
	first := law.Extended(10, day(t, "2025-09-01"))
	if err := law.CheckExtension(rule(t, "D05"), from, cal, 30, day(t, "2025-10-10"), first); errs.CodeOf(err) != "law.extend.late" {
		t.Errorf("an earlier extension lends no time to approve a later one: %v", err)
	}
}

func TestLight(t *testing.T) {
	cal := law.DefaultCalendar()
	unit := law.Compute(rule(t, "D05"), day(t, "2026-07-28"), cal)       // safe 09-24, legal 09-28
	petitioner := law.Compute(rule(t, "D07"), day(t, "2026-01-20"), cal) // safe 02-14, legal 02-24
	for _, row := range []struct {
		d     law.Deadline
		today string
		light string
		left  int
	}{
		{unit, "2026-07-28", "go", 62},
		{unit, "2026-09-18", "go", 10},
		{unit, "2026-09-19", "soon", 9}, // five days before the safe end
		{unit, "2026-09-21", "soon", 7},
		{unit, "2026-09-28", "soon", 0},
		{unit, "2026-09-29", "late", -1},
		{petitioner, "2026-02-18", "go", 6},
		{petitioner, "2026-02-19", "soon", 5}, // five days before the legal end
		{petitioner, "2026-02-24", "soon", 0},
		{petitioner, "2026-02-25", "late", -1}, // W4: the 24th is in time, the 25th late
	} {
		if got := row.d.Light(day(t, row.today)); got.String() != row.light || row.d.DaysLeft(day(t, row.today)) != row.left {
			t.Errorf("%s on %s: %v, %d left; want %s, %d", row.d.Rule, row.today, got, row.d.DaysLeft(day(t, row.today)), row.light, row.left)
		}
	}
	open := law.Compute(rule(t, "D10"), day(t, "2026-09-01"), cal)
	if open.Light(day(t, "2030-01-01")) != law.LightGo || open.DaysLeft(day(t, "2030-01-01")) != 0 || open.AlarmDay().Known() {
		t.Error("a period without an end is never late")
	}
	if unit.DaysLeft(law.NoDay) != 0 {
		t.Error("no today, nothing left to count")
	}
	var names []string
	for l := law.LightGo; l <= law.LightDone+1; l++ {
		names = append(names, l.String())
	}
	if diff := cmp.Diff([]string{"go", "soon", "late", "pause", "done", ""}, names); diff != "" {
		t.Error(diff)
	}
}

// line of a derivation in short: day, code, why, and * on the result.
func short(d law.Deadline) []string {
	var out []string
	for _, s := range d.Steps {
		text := s.Day.String() + " " + s.Code + " " + s.Why
		if s.Result {
			text += " *"
		}
		out = append(out, text)
	}
	return out
}

func TestDerivations(t *testing.T) {
	cal := law.DefaultCalendar()
	for _, row := range []struct {
		name string
		rule law.RuleID
		from string
		opts []law.Option
		want []string
	}{
		{"the page of the look", "D05", "2026-07-28", nil, []string{
			"2026-07-28 law.trigger.acceptance law.why.start",
			"2026-07-29 law.step.first law.why.length.calendar",
			"2026-09-26 law.step.day law.why.holiday",
			"2026-09-28 law.step.last law.why.roll.analogy *",
		}},
		{"W1", "D01", "2025-09-26", nil, []string{
			"2025-09-26 law.trigger.receipt law.why.start",
			"2025-09-27 law.step.first law.why.length.calendar",
			"2025-10-11 law.step.day.last law.why.makeup.saturday *",
		}},
		{"W2", "D04", "2025-09-29", nil, []string{
			"2025-09-29 law.trigger.forwarded law.why.start",
			"2025-09-30 law.step.first_working law.why.length.working",
			"2025-10-01 law.step.break law.why.holiday",
			"2025-10-11 law.step.working law.why.makeup.saturday",
			"2025-10-13 law.step.working.last law.why.ordinary *",
		}},
		{"working days that end on a worked Saturday", "D04", "2025-09-28", nil, []string{
			"2025-09-28 law.trigger.forwarded law.why.start",
			"2025-09-29 law.step.first_working law.why.length.working",
			"2025-10-01 law.step.break law.why.holiday",
			"2025-10-11 law.step.working.last law.why.makeup.saturday *",
		}},
		{"working days that start inside a break", "D16a", "2026-05-02", nil, []string{
			"2026-05-02 law.trigger.receipt law.why.start",
			"2026-05-03 law.step.break law.why.holiday",
			"2026-05-06 law.step.first_working law.why.length.working",
			"2026-05-08 law.step.working.last law.why.ordinary *",
		}},
		{"W3 extended", "D05", "2025-08-05", []law.Option{law.Extended(30, day(t, "2025-09-29"))}, []string{
			"2025-08-05 law.trigger.acceptance law.why.start",
			"2025-08-06 law.step.first law.why.length.calendar",
			"2025-09-29 law.step.extended law.why.extended",
			"2025-10-04 law.step.base_end law.why.base_end",
			"2025-11-03 law.step.day.last law.why.ordinary *",
		}},
		{"W3 extended too late", "D05", "2025-08-05", []law.Option{law.Extended(30, day(t, "2025-10-10"))}, []string{
			"2025-08-05 law.trigger.acceptance law.why.start",
			"2025-08-06 law.step.first law.why.length.calendar",
			"2025-10-10 law.step.not_extended law.extend.late",
			"2025-10-04 law.step.day law.why.holiday",
			"2025-10-09 law.step.last law.why.roll.analogy *",
		}},
		{"W7", "D20", "2024-01-12", nil, []string{
			"2024-01-12 law.trigger.agreement_effective law.why.start",
			"2024-01-13 law.step.first law.why.length.calendar",
			"2024-02-11 law.step.day law.why.holiday",
			"2024-02-18 law.step.last.makeup law.why.roll.next *",
		}},
		{"W13", "D51", "", []law.Option{law.Fixed(day(t, "2026-10-05"))}, []string{
			"2026-10-05 law.step.named law.why.holiday",
			"2026-09-30 law.step.last law.why.roll.previous *",
		}},
		{"D10 on a rest day", "D10", "2026-09-01", []law.Option{law.Fixed(day(t, "2026-10-03"))}, []string{
			"2026-09-01 law.trigger.assigned ",
			"2026-10-03 law.step.named law.why.holiday",
			"2026-10-03 law.step.last law.why.roll.none *",
		}},
		{"D10 on a working day", "D10", "2026-09-01", []law.Option{law.Fixed(day(t, "2026-09-28"))}, []string{
			"2026-09-01 law.trigger.assigned ",
			"2026-09-28 law.step.named.last law.why.ordinary *",
		}},
		{"D10 with no day yet", "D10", "2026-09-01", nil, []string{"2026-09-01 law.trigger.assigned "}},
		{"a hearing in the re-review", "D10b", "2026-03-02", []law.Option{law.Paused(day(t, "2026-03-10"), day(t, "2026-03-14"))}, []string{
			"2026-03-02 law.trigger.rereview_request law.why.start",
			"2026-03-03 law.step.first law.why.length.calendar",
			"2026-03-10 law.step.paused law.pause.hearing",
			"2026-04-06 law.step.day law.why.holiday",
			"2026-04-07 law.step.last law.why.roll.analogy *",
		}},
		{"a hearing from the first day on", "D10b", "2026-03-02", []law.Option{law.Paused(day(t, "2026-03-03"), day(t, "2026-03-04"))}, []string{
			"2026-03-02 law.trigger.rereview_request law.why.start",
			"2026-03-03 law.step.paused law.pause.hearing",
			"2026-03-05 law.step.first law.why.length.calendar",
			"2026-04-03 law.step.day.last law.why.ordinary *",
		}},
		{"a hearing that goes on", "D10b", "2026-03-02", []law.Option{law.Paused(day(t, "2026-03-10"), 0)}, []string{
			"2026-03-02 law.trigger.rereview_request law.why.start",
			"2026-03-10 law.step.pausing law.pause.hearing",
		}},
		{"a pause the law does not know", "D08", "2026-03-02", []law.Option{law.Paused(day(t, "2026-03-10"), day(t, "2026-03-14"))}, []string{
			"2026-03-02 law.trigger.review_request law.why.start",
			"2026-03-03 law.step.first law.why.length.calendar",
			"2026-03-10 law.step.not_paused law.pause.none",
			"2026-04-01 law.step.day.last law.why.ordinary *",
		}},
		{"counted back", "D29d", "2026-10-12", nil, []string{
			"2026-10-12 law.trigger.hearing_day law.why.start.back",
			"2026-10-11 law.step.back law.why.length.working",
			"2026-09-29 law.step.working.last law.why.ordinary *",
		}},
		{"a time that has to run out", "D60a", "2024-08-31", nil, []string{
			"2024-08-31 law.trigger.arrears_paid law.why.start",
			"2024-09-01 law.step.begins law.why.length.months",
			"2025-02-28 law.step.full.last law.why.ordinary *",
			"2025-03-01 law.step.free law.why.free",
		}},
		{"in time", "D11", "2026-09-01", nil, []string{"2026-09-01 law.trigger.urgent_known ", "2026-09-01 law.step.open.in_time law.why.article"}},
		{"months", "D38", "2025-12-20", nil, []string{
			"2025-12-20 law.trigger.act_known law.why.start",
			"2025-12-21 law.step.begins law.why.length.months",
			"2026-06-20 law.step.full law.why.holiday",
			"2026-06-22 law.step.last law.why.roll.next *",
		}},
		{"years", "D60", "2023-03-15", nil, []string{
			"2023-03-15 law.trigger.listing_decided law.why.start",
			"2023-03-16 law.step.begins law.why.length.years",
			"2026-03-15 law.step.full law.why.sunday",
			"2026-03-15 law.step.last law.why.roll.none *",
		}},
		{"W14", "D05", "2026-11-02", nil, []string{
			"2026-11-02 law.trigger.acceptance law.why.start",
			"2026-11-03 law.step.first law.why.length.calendar",
			"2027-01-01 law.step.day law.why.fixed.new_year",
			"2027-01-04 law.step.last law.why.roll.analogy *",
			"2027-01-04 law.step.provisional law.why.provisional",
		}},
		{"working days over an unpublished New Year", "D04", "2026-12-30", nil, []string{
			"2026-12-30 law.trigger.forwarded law.why.start",
			"2026-12-31 law.step.first_working law.why.length.working",
			"2027-01-01 law.step.break law.why.fixed.new_year",
			"2027-01-07 law.step.working.last law.why.unpublished *",
			"2027-01-07 law.step.provisional law.why.provisional",
		}},
	} {
		r := rule(t, row.rule)
		if diff := cmp.Diff(row.want, short(law.Compute(r, day(t, row.from), cal, row.opts...))); diff != "" {
			t.Errorf("%s:\n%s", row.name, diff)
		}
	}
}

func TestAnswer(t *testing.T) {
	r := rule(t, "D05")
	d := law.Compute(r, day(t, "2026-07-28"), law.DefaultCalendar())
	say := func(code string, args []errs.Arg) string {
		if len(args) > 0 {
			return code + " " + args[0].Key
		}
		return code
	}
	got, err := json.Marshal(law.Answer(d, r, say))
	if err != nil {
		t.Fatal(err)
	}
	var answer struct {
		Rule, Name, Article, From string
		NominalEnd                string `json:"nominal_end"`
		LegalEnd                  string `json:"legal_end"`
		SafeEnd                   string `json:"safe_end"`
		Provisional               bool
		Derivation                []map[string]any
	}
	if err := json.Unmarshal(got, &answer); err != nil {
		t.Fatal(err)
	}
	if answer.Rule != "D05" || answer.Name != "law.rule.D05" || answer.Article != "law.article article" || answer.From != "2026-07-28" || answer.NominalEnd != "2026-09-26" ||
		answer.LegalEnd != "2026-09-28" || answer.SafeEnd != "2026-09-24" || answer.Provisional {
		t.Errorf("%+v", answer)
	}
	want := []map[string]any{
		{
			"day": "2026-07-28", "text": "law.trigger.acceptance", "why": "law.why.start article", "code": "law.trigger.acceptance", "why_code": "law.why.start",
			"why_args": map[string]any{"article": "民法典第二百零一条", "article_en": "Civil Code, Article 201"},
		},
		{
			"day": "2026-07-29", "text": "law.step.first", "why": "law.why.length.calendar n", "code": "law.step.first", "why_code": "law.why.length.calendar",
			"why_args": map[string]any{"n": 60.0, "article": "信访工作条例第三十四条", "article_en": "Regulations on Petition Work (2022), Article 34"},
		},
		{
			"day": "2026-09-26", "text": "law.step.day n", "why": "law.why.holiday holiday", "code": "law.step.day", "args": map[string]any{"n": 60.0}, "why_code": "law.why.holiday",
			"why_args": map[string]any{"holiday": "中秋", "holiday_en": "Mid-autumn Festival", "year": 2026.0, "from": "2026-09-25", "until": "2026-09-27"},
		},
		{
			"day": "2026-09-28", "text": "law.step.last", "why": "law.why.roll.analogy article", "code": "law.step.last", "why_code": "law.why.roll.analogy", "result": true,
			"why_args": map[string]any{"article": "民法典第二百零三条", "article_en": "Civil Code, Article 203"},
		},
	}
	if diff := cmp.Diff(want, answer.Derivation); diff != "" {
		t.Error(diff)
	}
}
