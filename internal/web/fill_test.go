package web

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"huiyin/internal/law"
	"huiyin/internal/matter"
)

func TestFill(t *testing.T) {
	values := url.Values{
		"unit": {" 7 "}, "mode": {"assign"}, "why": {" 职责所在 "}, "report_by": {"2026-08-01"}, "submission": {"330112-2026-0000001"}, "resolved": {"yes"}, "how": {"电话"},
		"words": {"好了"}, "days": {"30"}, "reason": {"等测绘"}, "attachments": {"a1/12/照片.jpg", "b2/3/x", "a1/12/照片.jpg"}, "kind": {"site"}, "text": {"看了"},
		"facts": {"查明"}, "basis": {"依据"}, "answers.0.demand": {"3"}, "answers.0.outcome": {"support"}, "answers.0.promise": {"修"}, "answers.0.promise_by": {"2026-09-01"},
		"answers.1.demand": {"4"}, "answers.1.facts": {"没有"},
	}
	for _, c := range []struct{ got, want matter.Command }{
		{&matter.Forward{}, &matter.Forward{Unit: 7, Mode: "assign", Why: "职责所在", ReportBy: law.NewDay(2026, time.August, 1)}},
		{&matter.Visit{}, &matter.Visit{Submission: matter.NewRef(330112, 2026, 1), How: "电话", Resolved: true, Words: "好了"}},
		{&matter.Extend{}, &matter.Extend{Days: 30, Reason: "等测绘"}},
		{&matter.Record{}, &matter.Record{Kind: "site", Text: "看了", Attachments: []string{"a1", "b2"}}},
		{&matter.Drafting{}, &matter.Drafting{Facts: "查明", Basis: "依据", Answers: []matter.Answer{
			{Demand: 3, Outcome: "support", Promise: "修", PromiseBy: law.NewDay(2026, time.September, 1)}, {Demand: 4, Facts: "没有", PromiseBy: law.NoDay},
		}}},
		{&matter.Sign{}, &matter.Sign{}},
	} {
		if wrong := fill(c.got, values); len(wrong) > 0 {
			t.Errorf("%s: %v", c.got.Act(), wrong)
		}
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("%s: %s", c.want.Act(), diff)
		}
	}
}

// What cannot be read is an error of its field, and what is missing is asked for by the command itself.
func TestFillRefuses(t *testing.T) {
	c := &matter.Forward{}
	wrong := fill(c, url.Values{"unit": {"x"}, "mode": {"transfer"}, "why": {"因为"}, "report_by": {"2026-13-01"}})
	paths := []string{}
	for _, f := range wrong {
		paths = append(paths, f.Path+" "+f.Code)
	}
	if diff := cmp.Diff([]string{"unit field.choice", "report_by law.day.bad"}, paths); diff != "" {
		t.Error(diff)
	}
	press := &matter.PressOn{}
	if wrong := fill(press, url.Values{"reason": {"超期"}}); len(wrong) > 0 {
		t.Errorf("an empty day cannot be read: %v", wrong)
	}
	if missing := press.Check(); len(missing) != 1 || missing[0].Path != "by" || missing[0].Code != "field.required" {
		t.Errorf("a day that is needed is not asked for: %v", missing)
	}
}

// Whatever a form sends, every command is filled without a fault, and only its own inputs are complained of.
func FuzzFill(f *testing.F) {
	for _, seed := range []string{
		"", "unit=7&mode=assign&report_by=2026-08-01", "answers.0.demand=1&answers.0.promise_by=never", "days=-1&on=0000-00-00&submission=1-2-3",
		"user=9223372036854775808&attachments=/&attachments=a/b/c", "kind=%00&resolved=no&answers.0.demand=99999999999999999999",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, query string) {
		values, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		for _, c := range matter.Commands() {
			names := map[string]bool{}
			for _, in := range matter.Inputs(c) {
				names[in.Name] = true
			}
			for _, wrong := range fill(c, values) {
				if !names[wrong.Path] {
					t.Errorf("%s complains of %q", c.Act(), wrong.Path)
				}
			}
			c.Check() // must not fail on whatever was filled in
		}
	})
}

// A position written into an address comes back the same.
func TestCursorComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := matter.Cursor{Due: matter.NoDue, Home: rapid.Int64Range(1, 999_999).Draw(t, "home"), N: rapid.Int64Min(1).Draw(t, "n")}
		if rapid.Bool().Draw(t, "due") {
			c.Due = law.NewDay(2020, time.January, 1).Add(rapid.IntRange(0, 20_000).Draw(t, "day")).String()
		}
		if got, ok := cursorIn(cursorOut(c)); !ok || got != c {
			t.Fatalf("%v became %v", c, got)
		}
	})
}

func FuzzCursor(f *testing.F) {
	for _, seed := range []string{"9.330112.20260000001", "2026-07-01.1.1", "..", "9.-1.1", "9.1.1.1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if c, ok := cursorIn(text); ok && (c.Home <= 0 || c.N <= 0 || c.Due == "") {
			t.Errorf("%q is taken for %v", text, c)
		}
	})
}

// Rows keep their order and their words through adding and taking away.
func TestEntryRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := newEntry(0)
		want := []string{}
		for range rapid.IntRange(1, 8).Draw(t, "steps") {
			if len(want) > 0 && rapid.Bool().Draw(t, "remove") {
				i := rapid.IntRange(0, len(want)-1).Draw(t, "i")
				e.setDemands(want)
				e.change("remove-demand-" + string(rune('0'+i)))
				want = append(want[:i], want[i+1:]...)
				continue
			}
			want = append(want, rapid.StringMatching(`[a-z]{1,5}`).Draw(t, "demand"))
			e.setDemands(want)
			e.change("add-demand")
		}
		e.compact()
		got := e.demandRows()
		if len(want) == 0 {
			want = []string{""}
		}
		if strings.Join(got, ",") != strings.Join(want, ",") {
			t.Fatalf("%v became %v", want, got)
		}
	})
}
