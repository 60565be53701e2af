package law_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"huiyin/internal/errs"
	"huiyin/internal/law"
)

// A local set governs live matters where it was adopted and from that day on; without adoption the national law does.
func TestAdoption(t *testing.T) {
	book := law.DefaultBook()
	zhejiang := law.Adoption{Set: "zhejiang-2016", Since: day(t, "2024-01-01")}
	for _, row := range []struct {
		place, day string
		adopted    []law.Adoption
		set        string
		d01, d05   int
	}{
		{"330112", "2026-01-01", nil, "national-2022", 15, 60},
		{"330112", "2026-01-01", []law.Adoption{zhejiang}, "zhejiang-2016+national-2022", 5, 30},
		{"330112", "2024-01-01", []law.Adoption{zhejiang}, "zhejiang-2016+national-2022", 5, 30},
		{"330112", "2023-12-31", []law.Adoption{zhejiang}, "national-2022", 15, 60},
		{"330112", "2018-01-01", []law.Adoption{{Set: "zhejiang-2016"}}, "zhejiang-2016+national-2005", 5, 30},
		{"330112", "2016-07-31", []law.Adoption{{Set: "zhejiang-2016"}}, "national-2005", 15, 60},
		{"320102", "2026-01-01", []law.Adoption{zhejiang}, "national-2022", 15, 60},
		{"411624", "2026-01-01", []law.Adoption{{Set: "henan-2012"}}, "henan-2012+national-2022", 5, 30},
		{"370102", "2026-01-01", []law.Adoption{{Set: "shandong-2015"}, {Set: "jinan-hotline-2018"}}, "shandong-2015+national-2022", 15, 60},
		{"210202", "2026-01-01", []law.Adoption{{Set: "zhongshan-promise-2021"}}, "zhongshan-promise-2021+national-2022", 15, 60},
	} {
		set, err := book.On(row.place, day(t, row.day), row.adopted...)
		if err != nil {
			t.Errorf("%+v: %v", row, err)
			continue
		}
		d01, _ := set.Rule("D01")
		d05, _ := set.Rule("D05")
		if set.ID() != row.set || d01.N != row.d01 || d05.N != row.d05 {
			t.Errorf("%+v: %s with D01 %d, D05 %d", row, set.ID(), d01.N, d05.N)
		}
	}
	if _, err := book.On("330112", day(t, "2026-01-01"), law.Adoption{Set: "national-2022"}); errs.CodeOf(err) != "law.set.unadoptable" {
		t.Errorf("the national law is not for adopting: %v", err)
	}
	if got := book.Adoptable("370102"); !cmp.Equal(got, []law.Adoption{{Set: "jinan-hotline-2018"}, {Set: "shandong-2015"}}) {
		t.Errorf("Jinan may adopt %v", got)
	}
}

// A promise is an aim: it never takes the place of the law, and is stricter.
func TestPromise(t *testing.T) {
	book := law.DefaultBook()
	set, err := book.On("210202", day(t, "2026-01-01"), law.Adoption{Set: "zhongshan-promise-2021"})
	if err != nil {
		t.Fatal(err)
	}
	bound, err := set.Rule("D05")
	promised, ok := set.Promised("D05")
	if err != nil || !ok || bound.N != 60 || promised.N != 15 {
		t.Errorf("law %d, promised %d: %v", bound.N, promised.N, err)
	}
	if _, ok := set.Promised("D01"); ok {
		t.Error("nothing was promised of D01")
	}
	if title, english := set.Title(); title != "信访工作条例" || english != "Regulations on Petition Work (2022)" {
		t.Errorf("the leading law is %s, %s", title, english)
	}
	again, err := book.Set(set.ID())
	if err != nil || !cmp.Equal(again.Rules(), set.Rules()) {
		t.Errorf("%s is not found again: %v", set.ID(), err)
	}
	for _, r := range set.Rules() {
		if r.Article == promised.Article {
			t.Errorf("%s of the law is the promise's", r.ID)
		}
	}
}

// A neighbouring law never becomes a clock of a petition.
func TestNeighboursStayOut(t *testing.T) {
	book := law.DefaultBook()
	set, err := book.On("440300", day(t, "2026-01-01"), book.Adoptable("440300")...)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range set.Rules() {
		if r.ID >= "D20" {
			t.Errorf("%s is in %s", r.ID, set.ID())
		}
	}
}

func TestResolve(t *testing.T) {
	book := law.DefaultBook()
	for _, row := range []struct {
		name       string
		id         law.RuleID
		place, day string
		adopted    []law.Adoption
		want       []string
	}{
		{"national", "D05", "", "2026-01-01", nil, []string{"national-2022 governs"}},
		{"the law of the day", "D05", "", "2020-01-01", nil, []string{"national-2005 governs"}},
		{"a local text nobody adopted", "D05", "330112", "2026-01-01", nil, []string{"national-2022 governs", "zhejiang-2016 not_adopted"}},
		{"adopted", "D05", "330112", "2026-01-01", []law.Adoption{{Set: "zhejiang-2016", Since: 1}}, []string{"zhejiang-2016 governs", "national-2022 overridden"}},
		{"adopted later", "D05", "330112", "2026-01-01", []law.Adoption{{Set: "zhejiang-2016", Since: day(t, "2026-01-02")}}, []string{"national-2022 governs", "zhejiang-2016 adopted_later"}},
		{"a promise beside the law", "D05", "210202", "2026-01-01", []law.Adoption{{Set: "zhongshan-promise-2021"}}, []string{"national-2022 governs", "zhongshan-promise-2021 promised"}},
		{"what the place does not set", "D07", "330112", "2026-01-01", []law.Adoption{{Set: "zhejiang-2016"}}, []string{"national-2022 governs"}},
		{"a rule the place alone has", "D08a", "370102", "2026-01-01", []law.Adoption{{Set: "shandong-2015"}}, []string{"shandong-2015 governs"}},
		{"a neighbour", "D34", "330112", "2026-01-01", nil, []string{"labour-inspection-2004 governs"}},
		{"a neighbour's local text", "D23", "330212", "2026-01-01", []law.Adoption{{Set: "ningbo-mediation-2015"}}, []string{"ningbo-mediation-2015 governs", "mediation-2011 overridden"}},
	} {
		found, err := book.Resolve(row.id, row.place, day(t, row.day), row.adopted...)
		if err != nil {
			t.Errorf("%s: %v", row.name, err)
			continue
		}
		var got []string
		for _, c := range found.Claims {
			got = append(got, c.Set.ID+" "+string(c.Standing))
		}
		if diff := cmp.Diff(row.want, got); diff != "" || found.Rule != found.Claims[0].Rule {
			t.Errorf("%s:\n%s", row.name, diff)
		}
		for lang, s := range speakers(t) {
			for _, line := range found.Explain() {
				if text := s.Say(line.Label, nil) + s.Say(line.Code, line.Args); text == "" || slices.ContainsFunc([]rune(text), func(r rune) bool { return r == '{' || r == '⟦' }) {
					t.Errorf("%s in %s: %s", row.name, lang, text)
				}
			}
		}
	}
	for _, row := range []struct {
		id         law.RuleID
		place, day string
		code       string
	}{
		{"D99", "", "2026-01-01", "law.rule.unknown"},
		{"D05", "33011", "2026-01-01", "law.jurisdiction.bad"},
		{"D05", "", "1999-01-01", "law.rule.time"},
		{"D04", "", "2020-01-01", "law.rule.time"},
		{"D25", "", "2026-01-01", "law.rule.elsewhere"},
		{"D25", "440303", "2026-01-01", "law.rule.unadopted"},
	} {
		if _, err := book.Resolve(row.id, row.place, day(t, row.day)); errs.CodeOf(err) != row.code || errs.KindOf(err) == errs.Internal {
			t.Errorf("%v: %v", row, err)
		}
	}
}

func TestExplainInWords(t *testing.T) {
	found, err := law.DefaultBook().Resolve("D05", "330112", day(t, "2026-01-01"), law.Adoption{Set: "zhejiang-2016", Since: day(t, "2024-03-01")})
	if err != nil {
		t.Fatal(err)
	}
	for lang, want := range map[string][]string{
		"zh": {
			"适用：浙江省信访条例（2016）第二十三条，自 2016 年 8 月 1 日 周一 起施行，本地自 2024 年 3 月 1 日 周五 起采用",
			"让位：信访工作条例第三十四条：浙江省的规定更近，优先适用",
		},
		"en": {
			"Applies：Zhejiang Regulations on Petitions (2016), Article 23, in force since 1 Aug 2016 (Mon), adopted here since 1 Mar 2024 (Fri)",
			"Gives way：Regulations on Petition Work (2022), Article 34: the text of Zhejiang is nearer and comes first",
		},
	} {
		var got []string
		for l, s := range speakers(t) {
			if string(l) != lang {
				continue
			}
			for _, line := range found.Explain() {
				got = append(got, s.Say(line.Label, nil)+"："+s.Say(line.Code, line.Args))
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s:\n%s", lang, diff)
		}
	}
}

// The thresholds of the lights are data: by the length of the period, with one for what is longer.
func TestSoonSteps(t *testing.T) {
	book, err := law.LoadBook(fstest.MapFS{"a.json": file(`"id":"a","from":"2022-05-01","soon_steps":[{"up_to_days":7,"days":2},{"up_to_days":30,"days":4}]`,
		line("D01", `"n":5,"unit":"working_days","roll":"none"`), line("D02", `"n":6,"unit":"working_days","roll":"none"`), line("D03", `"n":7,"unit":"calendar_days","roll":"none"`),
		line("D04", `"n":31,"unit":"calendar_days","roll":"none"`), line("D05", `"n":1,"unit":"months","roll":"none"`), line("D06", `"n":1,"unit":"years","roll":"none"`),
		line("D07", `"n":0,"unit":"named_day","roll":"none"`))})
	if err != nil {
		t.Fatal(err)
	}
	got := map[law.RuleID]int{}
	for _, r := range book.RulesOf("a") {
		got[r.ID] = r.SoonDays
	}
	want := map[law.RuleID]int{"D01": 2, "D02": 4, "D03": 2, "D04": 5, "D05": 4, "D06": 5, "D07": 5}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Every id of the rule book of petitions and its neighbours is there, each with what a reader has to know.
func TestEveryRuleIsThere(t *testing.T) {
	want := []string{
		"D01", "D01a", "D01b", "D01c", "D01d", "D02", "D03", "D04", "D05", "D06", "D07", "D08", "D08a", "D09", "D10", "D10b", "D10c", "D11", "D12", "D12a", "D13", "D14", "D15", "D16a", "D16b",
		"D20", "D21", "D22", "D22a", "D23", "D24", "D24a", "D24b", "D24c", "D25", "D25a", "D25b", "D26", "D27", "D28", "D29", "D29a", "D29b", "D29c", "D29d", "D29e", "D30", "D31", "D32", "D33", "D33a",
		"D34", "D35", "D36", "D37", "D37a", "D37b", "D38", "D38a", "D39", "D40", "D40a", "D40b", "D40c", "D41", "D41a", "D42", "D43", "D44", "D44a",
		"D50", "D51", "D52", "D53", "D54", "D55", "D56", "D57", "D58", "D59", "D60", "D60a", "D61",
	}
	book := law.DefaultBook()
	if diff := cmp.Diff(want, book.IDs()); diff != "" {
		t.Error(diff)
	}
	files, err := filepath.Glob("rules/*.json")
	if err != nil || len(files) != len(book.Sets())+1 {
		t.Errorf("%d files, %d sets beside the schema: %v", len(files), len(book.Sets()), err)
	}
	for _, set := range book.Sets() {
		if _, err := os.Stat(filepath.Join("rules", set.ID+".json")); err != nil {
			t.Errorf("the file of %s has another name: %v", set.ID, err)
		}
		if set.Adopt != (set.Jurisdiction != "") {
			t.Errorf("%s: local texts have to be adopted, national ones not", set.ID)
		}
	}
}
