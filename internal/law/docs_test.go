package law_test

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"huiyin/internal/i18n"
	"huiyin/internal/law"
)

var update = flag.Bool("update", false, "write docs/law.md and docs/law.zh-CN.md anew")

// docWords are the words of the two documents beside those of the data and the catalogue.
var docWords = map[i18n.Lang]map[string]string{
	i18n.Zh: {
		"file": "../../docs/law.zh-CN.md",
		"head": `# 期限

由 ` + "`internal/law/rules`" + ` 里的数据生成，不要手改：` + "`go test ./internal/law -run Docs -update`" + `。

每一份规则是一部法的一个文本，有自己的施行日期和地方。信访事项按收到那天的信访法规走；邻近的法只作为信息显示，不会变成信访的期限。
地方规则要由本地采用才适用，没有采用就按全国的条例；承诺是目标，不是法律，法定期限照旧。例子里的日期可以用手算，也可以用
` + "`huiyin due`" + ` 核对；起算日是 ` + "`2026-09-01`" + `（那天还没有施行或者已经废止的规则，从它施行的第一天起算）。

## 怎样算

- 事情发生的当天不算，从第二天起算。“日”是自然日，写明工作日的才只算工作日。
- 工作日按国务院办公厅公布的放假安排查，调休上班的周六、周日也算；公布范围以外是推算，标为暂定。
- 月和年到对应的日子为止；那个月没有对应的日子，到月末。
- 最后一天逢放假，按各条自己写的办：顺延、不动，或者像发工资那样提前。条文没有写、参照民法典顺延的，写明“参照”。
- “稳妥末日”是按日计算的末日那天或者之前的最后一个工作日：单位按这一天提醒自己；信访人的权利算到法定末日。
- 延长从按日计算的末日接着算，不因放假多算：60 日加 30 日，不会超过 90 日。
- 中止的日子不算，首尾都不算；只有条文写了的才能中止。

## 日历文件

` + "`huiyin calendar load 文件`" + ` 和“日历”页读同一种 JSON。写进去的范围以内以它为准，范围以外不变：

` + "```json\n" + calendarExample + "\n```" + `

off 是放假的日子（通知写进假期的周末也写上），work 是调休上班的周六、周日，其余是平常的日子。

## 规则文件

新的规则是 ` + "`internal/law/rules`" + ` 里的一个文件，写法见 [schema.json](../internal/law/rules/schema.json)。新的编号、起算事由要在文案目录里有中英文名称。
`,
		"contents": "## 目录", "span": "%s 起施行", "until": "%s 至 %s 施行", "local": "；本地采用才适用", "promise": "；目标，不是法律", "place": "适用于%s（%s）", "country": "适用于全国",
		"source": "来源（英文）：%s", "article": "依据", "soon": "提前 %d 天亮黄灯", "light": "灯", "example": "例子", "ends": "%s 起算 → 按日计算到 %s，法定末日 **%s**，稳妥末日 %s%s", "provisional": "（暂定）",
		"figures": "不是期限的数字：", "figure": "数字", "number": "值",
		"named": "%s 起算、文书写明 %s → 法定末日 **%s**，稳妥末日 %s%s", "open": "没有末日", "colon": "：", "read": "出处（英文）",
	},
	i18n.En: {
		"file": "../../docs/law.md",
		"head": `# Periods of law

Made from the data in ` + "`internal/law/rules`" + `; do not edit: ` + "`go test ./internal/law -run Docs -update`" + `.

A rule set is one text of law with its own days in force and its place. A matter runs by the petition law of the day it came in; neighbouring laws are shown
as information and never become clocks of a petition. A local set governs only where the place adopted it, otherwise the national regulations do; a promise is
an aim, not law, and the period in law stays beside it. The dates of the examples can be counted by hand or checked with ` + "`huiyin due`" + `; they start on
` + "`2026-09-01`" + ` (on its first day in force, where a text was not in force then).

## How days are counted

- The day of the event is not counted; counting starts on the next. Days are calendar days; only what the text calls working days are those.
- Working days are looked up in the arrangement published by the General Office of the State Council; weekends worked to make up for a holiday count. Beyond what is published the answer is a guess, marked provisional.
- Months and years run to the corresponding date, or to the end of a month that has none.
- A last day that is not worked does what its rule says: it moves on, stays, or moves back as paydays do. Where the text is silent and the Civil Code is applied by analogy, the rule says so.
- The safe last day is the last working day on or before the last day as counted: units are reminded by it. A right of a petitioner lives through the last day in law.
- An extension counts on from the last day as counted, so a holiday lends no days: 60 and 30 days never exceed 90.
- Paused days are not counted, the first and the last included; only what the text pauses can pause.

## The file of a calendar

` + "`huiyin calendar load FILE`" + ` and the calendar page read the same JSON. Within its range the file stands alone, outside it nothing changes:

` + "```json\n" + calendarExample + "\n```" + `

off holds the days of a break (with the weekend days the notice names), work the Saturdays and Sundays that are worked; every other day is an ordinary one.

## The file of a rule set

New rules are a file in ` + "`internal/law/rules`" + `, described by [schema.json](../internal/law/rules/schema.json). A new number or trigger needs its name in both languages in the catalogue.
`,
		"contents": "## Contents", "span": "In force since %s", "until": "In force from %s to %s", "local": "; governs where adopted", "promise": "; an aim, not law", "place": "for %s (%s)", "country": "for the whole country",
		"source": "Source: %s", "article": "Article", "soon": "amber %d days ahead", "light": "Light", "example": "Example", "ends": "from %s → counted to %s, last day in law **%s**, safe last day %s%s", "provisional": " (provisional)",
		"figures": "Numbers that are no periods:", "figure": "Figure", "number": "Value",
		"named": "from %s, a document naming %s → last day in law **%s**, safe last day %s%s", "open": "no last day", "colon": ": ", "read": "Read in",
	},
}

const calendarExample = `{
  "version": "2027", "from": "2027-01-01", "until": "2027-12-31",
  "years": {"2027": ["https://www.gov.cn/…"]},
  "names": {"元旦": "New Year's Day"},
  "off": [{"day": "2027-01-01", "name": "元旦"}],
  "work": ["2027-01-03"]
}`

// The documents say every rule of every set, with an example that is computed.
func TestDocs(t *testing.T) {
	for lang, s := range speakers(t) {
		words := docWords[lang]
		want := document(t, lang, s)
		if *update {
			if err := os.WriteFile(words["file"], []byte(want), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(words["file"])
		if err != nil || string(got) != want {
			t.Errorf("%s is not what the rules say; run go test ./internal/law -run Docs -update (%v)", words["file"], err)
		}
	}
}

// figureRows are the numbers of a text that are no periods, as a table.
func figureRows(b *strings.Builder, lang i18n.Lang, s *i18n.Speaker, figures []law.Figure) {
	if len(figures) == 0 {
		return
	}
	words := docWords[lang]
	fmt.Fprintf(b, "\n%s\n\n| %s | %s | %s |\n|---|---|---|\n", words["figures"], words["figure"], words["number"], words["article"])
	for _, f := range figures {
		article := f.Article
		if lang == i18n.En {
			article = f.ArticleEn
		}
		fmt.Fprintf(b, "| `%s` %s | %d | %s |\n", f.Name, s.T(f.NameCode()), f.N, article)
	}
}

func document(t *testing.T, lang i18n.Lang, s *i18n.Speaker) string {
	t.Helper()
	words, book := docWords[lang], law.DefaultBook()
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format, args...) }
	b.WriteString(words["head"])
	say("\n%s\n\n", words["contents"])
	either := func(chinese, english string) string {
		if lang == i18n.En {
			return english
		}
		return chinese
	}
	sets := book.Sets()
	rank := func(set law.SetInfo) int { // the petition law of the country, then of places, then the neighbours; the old after the new
		n := 0
		for i, later := range []bool{set.Until.Known(), set.Jurisdiction != "", set.Promise, set.Subject != "petition"} {
			if later {
				n += 1 << i
			}
		}
		return n
	}
	slices.SortStableFunc(sets, func(x, y law.SetInfo) int { return cmp.Compare(rank(x), rank(y)) })
	for _, set := range sets {
		say("- [%s](#%s)\n", either(set.Title, set.TitleEn), set.ID)
	}
	for _, set := range sets {
		say("\n<a id=\"%s\"></a>\n\n## %s\n\n`%s` · ", set.ID, either(set.Title, set.TitleEn), set.ID)
		if set.Until.Known() {
			say(words["until"], set.From, set.Until)
		} else {
			say(words["span"], set.From)
		}
		b.WriteString(" · ")
		if set.Jurisdiction == "" {
			b.WriteString(words["country"])
		} else {
			say(words["place"], either(set.Place, set.PlaceEn), set.Jurisdiction)
		}
		if set.Promise {
			b.WriteString(words["promise"])
		}
		if set.Adopt {
			b.WriteString(words["local"])
		}
		b.WriteString("\n\n")
		if set.Note != "" {
			say("%s\n\n", either(set.Note, set.NoteEn))
		}
		say(words["source"]+"\n", set.Source)
		figureRows(&b, lang, s, book.FiguresOf(set.ID))
		for _, r := range book.RulesOf(set.ID) {
			say("\n### %s %s\n\n", r.ID, s.T(r.NameCode))
			item := func(label, text string) { say("- %s%s%s\n", label, words["colon"], text) }
			item(words["article"], either(r.Article, r.ArticleEn))
			for _, line := range r.Describe() {
				item(s.T(line.Label), s.Say(line.Code, line.Args))
			}
			if r.Unit != law.NamedDay && !r.Least {
				item(words["light"], fmt.Sprintf(words["soon"], r.SoonDays))
			}
			item(words["example"], example(t, words, set, r))
			item(words["read"], r.Source)
		}
	}
	return b.String()
}

func example(t *testing.T, words map[string]string, set law.SetInfo, r law.Rule) string {
	t.Helper()
	from := day(t, "2026-09-01")
	if set.Until.Known() && set.Until < from {
		from = set.From
	}
	cal := law.DefaultCalendar()
	if r.Unit == law.NamedDay && r.SetBy != "document" {
		return words["open"]
	}
	d, format := law.Compute(r, from, cal), words["ends"]
	args := []any{from, d.NominalEnd}
	if r.Unit == law.NamedDay {
		named := day(t, "2026-10-05")
		if from < day(t, "2020-01-01") {
			named = day(t, "2005-10-03")
		}
		d, format = law.Compute(r, from, cal, law.Fixed(named)), words["named"]
		args = []any{from, named}
	}
	provisional := ""
	if d.Provisional {
		provisional = words["provisional"]
	}
	return fmt.Sprintf(format, append(args, d.LegalEnd, d.SafeEnd, provisional)...)
}
