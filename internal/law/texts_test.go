package law_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"huiyin/internal/errs"
	"huiyin/internal/i18n"
	"huiyin/internal/law"
)

func speakers(t testing.TB) map[i18n.Lang]*i18n.Speaker {
	t.Helper()
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	out := map[i18n.Lang]*i18n.Speaker{}
	for _, lang := range i18n.Langs() {
		out[lang] = catalog.For(lang)
	}
	return out
}

// Every code that stands whole in the source has its text in every language.
func TestEveryCodeHasATextInEachLanguage(t *testing.T) {
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	code := regexp.MustCompile(`"(law\.[a-z_.]*[a-z_])"`)
	codes := map[string]bool{}
	for _, name := range sources {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range code.FindAllStringSubmatch(string(text), -1) {
			codes[found[1]] = true
		}
	}
	if len(codes) < 50 {
		t.Fatalf("found only %d codes: does the expression still fit the source?", len(codes))
	}
	for lang, s := range speakers(t) {
		for code := range codes {
			if !s.Has(code) {
				t.Errorf("%s: no text for %s", lang, code)
			}
		}
	}
}

// The words of every rule of every set, from many days, extended, paused, or not, leave no gap and no argument unsaid; Chinese stays out of
// the English.
func TestEveryDerivationCanBeSaid(t *testing.T) {
	book, cal := law.DefaultBook(), law.DefaultCalendar()
	han := regexp.MustCompile(`\p{Han}`)
	for lang, s := range speakers(t) {
		check := func(text string) {
			if text == "" || strings.ContainsAny(text, "⟦{|") || (lang == i18n.En && han.MatchString(text)) {
				t.Errorf("%s: %q", lang, text)
			}
		}
		answer := func(r law.Rule, from law.Day, opts ...law.Option) {
			for _, step := range law.Answer(law.Compute(r, from, cal, opts...), r, s.Say).Derivation {
				check(step.Text)
				if step.Why != "" {
					check(step.Why)
				}
			}
		}
		for _, set := range book.Sets() {
			check(s.Say("law.text", []errs.Arg{{Key: "text", Value: set.Title}, {Key: "text_en", Value: set.TitleEn}}))
			for _, r := range book.RulesOf(set.ID) {
				check(s.Say(r.NameCode, nil))
				for _, line := range r.Describe() {
					check(s.Say(line.Label, nil))
					check(s.Say(line.Code, line.Args))
				}
				for from := day(t, "2024-01-01"); from <= day(t, "2027-03-31"); from += 7 {
					answer(r, from)
				}
				from := day(t, "2026-09-01")
				answer(r, from, law.Fixed(from.Add(30)))
				answer(r, from, law.Extended(1, from), law.Paused(from.Add(2), from.Add(4)), law.Paused(from.Add(5), law.NoDay))
				answer(r, from, law.Extended(400, from.Add(300)), law.Paused(from.Add(-2), from.Add(4)), law.Paused(from.Add(5), from), law.Paused(from.Add(2000), law.NoDay))
			}
		}
		d05 := rule(t, "D05")
		for _, o := range []law.Option{law.Extended(30, day(t, "2025-09-29")), law.Extended(30, day(t, "2025-10-10")), law.Extended(30, 0), law.Extended(31, day(t, "2025-09-29"))} {
			answer(d05, day(t, "2025-08-05"), o)
		}
		answer(rule(t, "D07"), day(t, "2025-08-05"), law.Extended(3, day(t, "2025-08-06")))
	}
}

func TestDerivationInWords(t *testing.T) {
	r := rule(t, "D05")
	d := law.Compute(r, day(t, "2026-07-28"), law.DefaultCalendar())
	for lang, want := range map[i18n.Lang][]string{
		i18n.Zh: {
			"受理：当天不算，从第二天起算（民法典第二百零一条）",
			"第 1 天：期限 60 日，按自然日（信访工作条例第三十四条）",
			"第 60 天，正逢休息日：中秋放假，2026 年 9 月 25 日 周五 至 2026 年 9 月 27 日 周日（国务院办公厅 2026 年放假安排）",
			"最后一天：遇放假顺延到节后第一个工作日（参照民法典第二百零三条）",
		},
		i18n.En: {
			"The matter is accepted：The day itself is not counted; counting starts on the next (Civil Code, Article 201)",
			"Day 1：60 calendar days (Regulations on Petition Work (2022), Article 34)",
			"Day 60, a rest day：Mid-autumn Festival: off from 25 Sep 2026 (Fri) to 27 Sep 2026 (Sun) (holiday notice for 2026, General Office of the State Council)",
			"The last day：Moved to the first working day after the rest days (by analogy with Civil Code, Article 203)",
		},
	} {
		var got []string
		for _, step := range law.Answer(d, r, speakers(t)[lang].Say).Derivation {
			got = append(got, step.Text+"："+step.Why)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s:\n%s", lang, diff)
		}
	}
	zh := speakers(t)[i18n.Zh]
	if got := zh.Say("law.extend.late", []errs.Arg{{Key: "end", Value: day(t, "2025-10-09")}}); !strings.Contains(got, "2025 年 10 月 9 日") {
		t.Errorf("the refusal does not say the day: %s", got)
	}
}
