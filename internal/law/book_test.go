package law_test

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"huiyin/internal/errs"
	"huiyin/internal/law"
)

func asErr(err error) (*errs.Error, bool) { return errors.AsType[*errs.Error](err) }

// rule returns a rule of the national law in force, of petitions or of a neighbour.
func rule(t testing.TB, id law.RuleID) law.Rule {
	t.Helper()
	found, err := law.DefaultBook().Resolve(id, "", day(t, "2026-01-01"))
	if err != nil {
		t.Fatal(err)
	}
	return found.Rule
}

// file builds a rule file: head holds the keys of the set that differ from the ordinary, rules its rules.
func file(head string, rules ...string) *fstest.MapFile {
	return &fstest.MapFile{Data: []byte(`{"title":"甲","title_en":"A","place":"甲地","place_en":"Somewhere","source":"test","start_article":"起","start_article_en":"S","roll_article":"顺","roll_article_en":"R","soon_days":5,` +
		head + `,"rules":[` + strings.Join(rules, ",") + `]}`)}
}

func line(id, body string) string {
	return `{"id":"` + id + `","side":"unit","trigger":"receipt","article":"第一条","article_en":"Article 1","source":"test",` + body + `}`
}

// local is a book with law of a province, a city in it and the country, as local variants come: as data alone.
func local(t testing.TB) *law.Book {
	t.Helper()
	calendar := `"unit":"calendar_days","roll":"next_working","roll_by_analogy":true`
	book, err := law.LoadBook(fstest.MapFS{
		"country-old.json": file(`"id":"country-old","from":"2005-05-01","until":"2022-04-30"`, line("D01", `"n":15,`+calendar), line("D05", `"n":60,"extend_n":30,"extend_by":"head",`+calendar)),
		"country.json":     file(`"id":"country","from":"2022-05-01"`, line("D01", `"n":15,`+calendar), line("D05", `"n":60,"extend_n":30,"extend_by":"head",`+calendar), line("D07", `"n":30,`+calendar)),
		"province.json":    file(`"id":"province","jurisdiction":"33","from":"2016-10-01"`, line("D01", `"n":5,"unit":"working_days","roll":"none"`), line("D05", `"n":30,"extend_n":60,"extend_by":"head",`+calendar)),
		"city.json":        file(`"id":"city","jurisdiction":"3301","from":"2024-01-01"`, line("D05", `"n":20,`+calendar)),
		"notes.txt":        {Data: []byte("not a rule file")},
	})
	if err != nil {
		t.Fatal(err)
	}
	return book
}

func TestBookOn(t *testing.T) {
	book := local(t)
	for _, row := range []struct {
		place, day, set string
		d01, d05        int
	}{
		{"", "2022-05-01", "country", 15, 60},
		{"", "2022-04-30", "country-old", 15, 60},
		{"", "2005-05-01", "country-old", 15, 60},
		{"320102", "2026-01-01", "country", 15, 60},
		{"33", "2026-01-01", "province+country", 5, 30},
		{"330112", "2023-12-31", "province+country", 5, 30},
		{"330112", "2024-01-01", "city+province+country", 5, 20},
		{"330112001", "2024-01-01", "city+province+country", 5, 20},
		{"330112001201", "2024-01-01", "city+province+country", 5, 20},
		{"330201", "2024-01-01", "province+country", 5, 30},
		{"330112", "2020-01-01", "province+country-old", 5, 30},
		{"330112", "2010-01-01", "country-old", 15, 60},
	} {
		set, err := book.On(row.place, day(t, row.day))
		if err != nil {
			t.Errorf("On(%s, %s): %v", row.place, row.day, err)
			continue
		}
		d01, err1 := set.Rule("D01")
		d05, err5 := set.Rule("D05")
		if set.ID() != row.set || d01.N != row.d01 || d05.N != row.d05 || err1 != nil || err5 != nil {
			t.Errorf("On(%s, %s) = %s with D01 %d, D05 %d; want %v", row.place, row.day, set.ID(), d01.N, d05.N, row)
		}
		again, err := book.Set(set.ID())
		if err != nil || again.ID() != set.ID() || !cmp.Equal(again.Rules(), set.Rules()) {
			t.Errorf("Set(%s) is not the same law: %v", set.ID(), err)
		}
	}
}

func TestBookRefuses(t *testing.T) {
	book := local(t)
	today := day(t, "2026-01-01")
	for place, code := range map[string]string{"3": "law.jurisdiction.bad", "33011": "law.jurisdiction.bad", "杭州": "law.jurisdiction.bad", "33-1": "law.jurisdiction.bad"} {
		if _, err := book.On(place, today); errs.CodeOf(err) != code || errs.KindOf(err) != errs.Invalid {
			t.Errorf("On(%q): %v, want %s", place, err, code)
		}
	}
	if _, err := book.On("", day(t, "2005-04-30")); errs.CodeOf(err) != "law.set.none" || errs.KindOf(err) != errs.NotFound {
		t.Errorf("a day without law: %v", err)
	}
	for _, id := range []string{"", "nowhere", "city+nowhere", "city+"} {
		if _, err := book.Set(id); errs.CodeOf(err) != "law.set.unknown" {
			t.Errorf("Set(%q): %v", id, err)
		}
	}
	set, err := book.On("", today)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := set.Rule("D99"); errs.CodeOf(err) != "law.rule.none" || errs.KindOf(err) != errs.NotFound {
		t.Errorf("Rule(D99): %v", err)
	}
}

func TestRulesOfALocalLawHideThoseBehind(t *testing.T) {
	set, err := local(t).On("330112", day(t, "2026-01-01"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range set.Rules() {
		got = append(got, string(r.ID)+" "+r.NameCode)
		if same, err := set.Rule(r.ID); err != nil || same != r {
			t.Errorf("Rules and Rule differ on %s", r.ID)
		}
	}
	if diff := cmp.Diff([]string{"D01 law.rule.D01", "D05 law.rule.D05", "D07 law.rule.D07"}, got); diff != "" {
		t.Error(diff)
	}
	if title, english := set.Title(); title != "甲" || english != "A" {
		t.Errorf("title %q, %q", title, english)
	}
}

// The national law as shipped, row by row with its article.
func TestNationalRules(t *testing.T) {
	book := law.DefaultBook()
	for _, row := range []struct {
		day     string
		id      law.RuleID
		n       int
		unit    law.Unit
		roll    law.Roll
		side    law.Side
		extend  int
		trigger string
		article string
	}{
		{"2022-05-01", "D01", 15, law.CalendarDays, law.NextWorking, law.SideUnit, 0, "receipt", "信访工作条例第二十二条"},
		{"2022-05-01", "D02", 15, law.CalendarDays, law.NextWorking, law.SideUnit, 0, "receipt", "信访工作条例第二十三条"},
		{"2022-05-01", "D03", 15, law.CalendarDays, law.NextWorking, law.SideUnit, 0, "forwarded", "信访工作条例第二十三条"},
		{"2022-05-01", "D04", 5, law.WorkingDays, law.RollNone, law.SideUnit, 0, "forwarded", "信访工作条例第二十三条"},
		{"2022-05-01", "D05", 60, law.CalendarDays, law.NextWorking, law.SideUnit, 30, "acceptance", "信访工作条例第三十四条"},
		{"2022-05-01", "D06", 30, law.CalendarDays, law.NextWorking, law.SideUnit, 0, "base_end", "信访工作条例第三十四条"},
		{"2022-05-01", "D07", 30, law.CalendarDays, law.NextWorking, law.SidePetitioner, 0, "reply_received", "信访工作条例第三十五条"},
		{"2022-05-01", "D08", 30, law.CalendarDays, law.NextWorking, law.SideUnit, 0, "review_request", "信访工作条例第三十五条"},
		{"2022-05-01", "D09", 30, law.CalendarDays, law.NextWorking, law.SidePetitioner, 0, "review_received", "信访工作条例第三十六条"},
		{"2022-05-01", "D10b", 30, law.CalendarDays, law.NextWorking, law.SideUnit, 0, "rereview_request", "信访工作条例第三十六条"},
		{"2022-05-01", "D11", 0, law.NamedDay, law.RollNone, law.SideUnit, 0, "urgent_known", "信访工作条例第二十五条"},
		{"2022-05-01", "D12", 0, law.NamedDay, law.RollNone, law.SideUnit, 0, "suggestion_received", "信访工作条例第四十条"},
		{"2022-05-01", "D13", 0, law.NamedDay, law.RollNone, law.SideUnit, 0, "year_end", "信访工作条例第四十一条"},
		{"2022-05-01", "D14", 0, law.NamedDay, law.RollNone, law.SideUnit, 0, "year_end", "信访工作条例第三十九条"},
		{"2022-04-30", "D08", 30, law.CalendarDays, law.NextWorking, law.SideUnit, 0, "review_request", "信访条例（2005）第三十四条"},
		{"2022-04-30", "D09", 30, law.CalendarDays, law.NextWorking, law.SidePetitioner, 0, "review_received", "信访条例（2005）第三十五条"},
		{"2022-04-30", "D10b", 30, law.CalendarDays, law.NextWorking, law.SideUnit, 0, "rereview_request", "信访条例（2005）第三十五条"},
		{"2022-04-30", "D11", 0, law.NamedDay, law.RollNone, law.SideUnit, 0, "urgent_known", "信访条例（2005）第二十六条"},
		{"2022-04-30", "D12", 30, law.CalendarDays, law.NextWorking, law.SideUnit, 0, "suggestion_received", "信访条例（2005）第三十六条"},
		{"2022-05-01", "D10", 0, law.NamedDay, law.RollNone, law.SideUnit, 0, "assigned", "信访工作条例第二十二条"},
		{"2022-05-01", "D16a", 3, law.WorkingDays, law.RollNone, law.SideUnit, 0, "receipt", "信访事项简易办理办法（试行）"},
		{"2022-05-01", "D16b", 10, law.WorkingDays, law.RollNone, law.SideUnit, 0, "acceptance", "信访事项简易办理办法（试行）"},
		{"2022-04-30", "D01", 15, law.CalendarDays, law.NextWorking, law.SideUnit, 0, "receipt", "信访条例（2005）第二十一条"},
		{"2022-04-30", "D02", 15, law.CalendarDays, law.NextWorking, law.SideUnit, 0, "receipt", "信访条例（2005）第二十二条"},
		{"2022-04-30", "D03", 15, law.CalendarDays, law.NextWorking, law.SideUnit, 0, "forwarded", "信访条例（2005）第二十一条"},
		{"2022-04-30", "D05", 60, law.CalendarDays, law.NextWorking, law.SideUnit, 30, "acceptance", "信访条例（2005）第三十三条"},
		{"2005-05-01", "D06", 30, law.CalendarDays, law.NextWorking, law.SideUnit, 0, "base_end", "信访条例（2005）第三十三条"},
		{"2005-05-01", "D07", 30, law.CalendarDays, law.NextWorking, law.SidePetitioner, 0, "reply_received", "信访条例（2005）第三十四条"},
		{"2005-05-01", "D10", 0, law.NamedDay, law.RollNone, law.SideUnit, 0, "assigned", "信访条例（2005）第二十一条"},
	} {
		set, err := book.On("330112", day(t, row.day))
		if err != nil {
			t.Fatal(err)
		}
		r, err := set.Rule(row.id)
		if err != nil {
			t.Errorf("%s on %s: %v", row.id, row.day, err)
			continue
		}
		if r.N != row.n || r.Unit != row.unit || r.Roll != row.roll || r.Side != row.side || r.ExtendN != row.extend || r.Trigger != row.trigger || r.Article != row.article {
			t.Errorf("%s on %s is %+v, want %+v", row.id, row.day, r, row)
		}
		if r.ExtendBy != "" != (r.ExtendN > 0 || r.ID == "D10") {
			t.Errorf("%s on %s: extended by %q", row.id, row.day, r.ExtendBy)
		}
		if r.RollByAnalogy != (r.Roll == law.NextWorking) || r.SoonDays != 5 {
			t.Errorf("%s on %s: the petition law rolls by analogy alone, and warns five days ahead: %+v", row.id, row.day, r)
		}
	}
	old, err := book.On("", day(t, "2022-04-30"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := old.Rule("D04"); errs.CodeOf(err) != "law.rule.none" {
		t.Errorf("the regulations of 2005 know no objection: %v", err)
	}
	for _, day := range []law.Day{day(t, "2022-04-30"), day(t, "2022-05-01")} {
		set, err := book.On("", day)
		if err != nil {
			t.Fatal(err)
		}
		d05, _ := set.Rule("D05")
		d06, _ := set.Rule("D06")
		if d05.ExtendN != d06.N {
			t.Errorf("%s: D05 may be extended by %d, D06 is %d", set.ID(), d05.ExtendN, d06.N)
		}
	}
}

func TestLoadBookNamesEveryFault(t *testing.T) {
	good := line("D01", `"n":15,"unit":"calendar_days","roll":"next_working"`)
	for name, row := range map[string]struct {
		files fstest.MapFS
		want  []string
	}{
		"fields of a rule": {
			fstest.MapFS{"a.json": file(`"id":"a","from":"2022-05-01"`,
				`{"id":"5","n":0,"unit":"days","roll":"up","side":"all","trigger":"","extend_n":-1,"extend_by":"me","pause":"tea","certainty":"maybe","consequence":"x","bound":"x","article":"","article_en":"x","source":" "}`,
				line("D02", `"n":3,"unit":"named_day","roll":"none"`), line("D03", `"n":5,"unit":"working_days","roll":"none","roll_by_analogy":true`),
				line("D04", `"n":1201,"unit":"months","roll":"none"`), line("D02", `"n":36601,"unit":"calendar_days","roll":"none"`))},
			[]string{
				"a.json: rules.0.unit law.field.word", "a.json: rules.0.roll law.field.word", "a.json: rules.0.side law.field.word", "a.json: rules.0.certainty law.field.word",
				"a.json: rules.0.n law.rule.n", "a.json: rules.0.extend_n law.rule.n", "a.json: rules.0.extend_by law.field.word", "a.json: rules.0.pause law.field.word",
				"a.json: rules.0.pause_article law.field.required", "a.json: rules.0.pause_article_en law.field.required", "a.json: rules.0.id law.rule.id", "a.json: rules.0.trigger law.rule.trigger",
				"a.json: rules.0.article law.field.required", "a.json: rules.0.source law.field.required", "a.json: rules.0.consequence_en law.field.required", "a.json: rules.0.bound law.rule.bound",
				"a.json: rules.1.n law.rule.n", "a.json: rules.2.roll_by_analogy law.rule.analogy", "a.json: rules.3.n law.rule.n",
				"a.json: rules.4.n law.rule.n", "a.json: rules.4.id law.rule.twice",
			},
		},
		"fields of a set": {
			fstest.MapFS{"a.json": file(`"id":"A b","jurisdiction":"330","from":"2022-05-01","until":"2022-04-30"`)},
			[]string{"a.json: until law.field.order", "a.json: id law.set.id", "a.json: jurisdiction law.jurisdiction.bad", "a.json: rules law.field.required"},
		},
		"what does not go together": {
			fstest.MapFS{"a.json": file(`"id":"a","from":"2022-05-01","kind":"wish","adopt":true,"subject":"A","soon_steps":[{"up_to_days":7,"days":2},{"up_to_days":7,"days":-1}],"note":"x"`,
				line("D01", `"n":3,"unit":"working_days","roll":"none","set_by":"in_time"`), line("D02", `"n":0,"unit":"named_day","set_by":"whim","roll":"none","before":true`),
				line("D03", `"n":3,"unit":"working_days","roll":"next_working","before":true,"extend_n":3`), line("D04", `"n":3,"unit":"months","roll":"next_working","least":true,"extend_by":"head"`),
				line("D05", `"n":0,"unit":"named_day","roll":"none","pause":"hearing","pause_article":"a","pause_article_en":"a","certainty":"unconfirmed"`))},
			[]string{
				"a.json: subject law.set.subject", "a.json: kind law.field.word", "a.json: adopt law.set.adopt", "a.json: note_en law.field.required",
				"a.json: soon_steps.1.days law.rule.n", "a.json: soon_steps.1.up_to_days law.set.steps",
				"a.json: rules.0.set_by law.rule.set_by", "a.json: rules.1.set_by law.field.word", "a.json: rules.1.before law.rule.before",
				"a.json: rules.2.before law.rule.before", "a.json: rules.2.extend_by law.field.required",
				"a.json: rules.3.least law.rule.least", "a.json: rules.3.extend_by law.rule.still",
				"a.json: rules.4.pause law.rule.still", "a.json: rules.4.note law.rule.certainty",
			},
		},
		"a promise nobody adopts": {
			fstest.MapFS{"a.json": file(`"id":"a","jurisdiction":"33","from":"2022-05-01","kind":"promise"`, good)},
			[]string{"a.json: adopt law.set.promise"},
		},
		"one number in two laws": {
			fstest.MapFS{"a.json": file(`"id":"a","from":"2022-05-01"`, good), "b.json": file(`"id":"b","subject":"tea","from":"2022-05-01"`, good)},
			[]string{"b.json: rules law.set.share"},
		},
		"a roll without its article": {
			fstest.MapFS{"a.json": {Data: []byte(`{"id":"a","from":"2022-05-01","title":"a","title_en":"a","source":"a","start_article":"a","start_article_en":"a","soon_days":5,"rules":[` + good + `]}`)}},
			[]string{"a.json: rules.0.roll_article law.field.required", "a.json: rules.0.roll_article_en law.field.required"},
		},
		"one name twice": {
			fstest.MapFS{"a.json": file(`"id":"a","from":"2022-05-01"`, good), "b.json": file(`"id":"a","jurisdiction":"33","from":"2022-05-01"`, good)},
			[]string{"b.json: id law.set.twice"},
		},
		"two in force": {
			fstest.MapFS{"a.json": file(`"id":"a","from":"2022-05-01"`, good), "b.json": file(`"id":"b","from":"2005-05-01","until":"2022-05-01"`, good)},
			[]string{"b.json: from law.set.overlap"},
		},
	} {
		_, err := law.LoadBook(row.files)
		if diff := cmp.Diff(row.want, faults(err)); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
	for text, code := range map[string]string{`{}{}`: "law.json.bad", `{"id":"a","rule":[]}`: "law.json.bad", ``: "law.json.bad"} {
		if _, err := law.LoadBook(fstest.MapFS{"a.json": {Data: []byte(text)}}); errs.CodeOf(err) != code || !strings.Contains(err.Error(), "a.json") {
			t.Errorf("%q: %v, want %s with the file's name", text, err, code)
		}
	}
	if _, err := law.LoadBook(fstest.MapFS{}); errs.CodeOf(err) != "law.set.empty" {
		t.Errorf("no file: %v", err)
	}
}
