package reply

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"huiyin/internal/find"
	"huiyin/internal/law"
	"huiyin/internal/matter"
)

func book(t testing.TB) *Book {
	t.Helper()
	b, err := Load(law.DefaultBook())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestCitations(t *testing.T) {
	b := book(t)
	for _, tt := range []struct {
		name, text string
		want       []string // law#article
	}{
		{"one", "依据《信访工作条例》第三十五条的规定", []string{"信访工作条例#35"}},
		{"the country's name is kept as written", "《中华人民共和国行政复议法》第二十条", []string{"中华人民共和国行政复议法#20"}},
		{"digits", "《信访工作条例》第35条、第３６条", []string{"信访工作条例#35", "信访工作条例#36"}},
		{"paragraph and item", "《信访工作条例》第三十一条第一款第（六）项、第三十二条第二款", []string{"信访工作条例#31", "信访工作条例#32"}},
		{"several items", "《某某办法》第三条第（一）、（二）项和第五条", []string{"某某办法#3", "某某办法#5"}},
		{"a further paragraph", "《某某办法》第三条第一款、第三款，第九条", []string{"某某办法#3", "某某办法#9"}},
		{"a range", "《信访工作条例》第五条至第八条", []string{"信访工作条例#5", "信访工作条例#8"}},
		{"a range in one", "《信访工作条例》第五至八条", []string{"信访工作条例#5", "信访工作条例#8"}},
		{"a list in one", "《信访工作条例》第五、六条", []string{"信访工作条例#5", "信访工作条例#6"}},
		{"put in later", "《某某法》第一百二十条之一", []string{"某某法#120之一"}},
		{"hundreds and noughts", "《民法典》第一千零一十条、第二百零三条、第一百二十条、第十条", []string{"民法典#1010", "民法典#203", "民法典#120", "民法典#10"}},
		{"one by one", "《民法典》第二〇三条", []string{"民法典#203"}},
		{"two texts", "《信访工作条例》第三十二条和《劳动保障监察条例》第十七条", []string{"信访工作条例#32", "劳动保障监察条例#17"}},
		{"a year behind", "《信访条例》（2005）第三十四条", []string{"信访条例（2005）#34"}},
		{"a short name", "《信访工作条例》（以下简称《条例》）第三十二条。又据《条例》第三十五条", []string{"信访工作条例#32", "信访工作条例#35"}},
		{"no article", "按照《信访工作条例》办理", []string{"信访工作条例"}},
		{"no marks", "根据信访工作条例第三十五条，不服的", []string{"信访工作条例#35"}},
		{"no marks, the longer title", "宁波市人民调解条例第二十七条", []string{"宁波市人民调解条例#27"}},
		{"no marks, another place's", "按四川省信访条例第五条", nil},
		{"no marks, no article", "信访工作条例施行以来", nil},
		{"the contract's is no law's", "依据《信访工作条例》第三十二条，您不符合合同第九十九条", []string{"信访工作条例#32"}},
		{"nothing", "路灯已修好", nil},
		{"out of reach", "《某某法》第九九九九九九条", []string{"某某法#10000"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, c := range b.Citations(tt.text) {
				s := c.Law
				if !c.Alone {
					s += "#" + strconv.Itoa(c.Article) + c.Sub
				}
				got = append(got, s)
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func FuzzCitations(f *testing.F) {
	b := book(f)
	for _, s := range []string{
		"", "《信访工作条例》第三十五条第一款第（六）项", "《a》（以下简称《b》）第1、2条，《b》第3条之一", "信访工作条例第五至八条", "《》第条", "《\xff》第十条", "《a》（（", "第条之一《",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		last := -1
		for _, c := range b.Citations(s) {
			if c.At.From < last || c.At.To > len(s) || c.At.From >= c.At.To {
				t.Fatalf("%q: %+v", s, c)
			}
			if utf8.ValidString(s) && !utf8.ValidString(s[c.At.From:c.At.To]) {
				t.Fatalf("%q: %+v cuts a character", s, c)
			}
			if c.Article < 0 || c.Article > mostNumber+1 {
				t.Fatalf("%q: article %d", s, c.Article)
			}
			last = c.At.From
		}
	})
}

// Every number that the rules of law name an article by reads back to itself.
func TestNumbersReadBack(t *testing.T) {
	b := book(t)
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(1, mostNumber).Draw(rt, "n")
		if got := b.number(han(n)); got != n {
			rt.Fatalf("%s is %d, not %d", han(n), got, n)
		}
	})
}

// han writes a number in Chinese.
func han(n int) string {
	digits := []rune("零一二三四五六七八九")
	var out strings.Builder
	nought := false
	for _, p := range []struct {
		n    int
		word string
	}{{1000, "千"}, {100, "百"}, {10, "十"}, {1, ""}} {
		d := n / p.n % 10
		switch {
		case d == 0:
			nought = nought || out.Len() > 0
			continue
		case nought:
			out.WriteRune('零')
			nought = false
		}
		if d != 1 || p.n != 10 || out.Len() > 0 {
			out.WriteRune(digits[d])
		}
		out.WriteString(p.word)
	}
	return out.String()
}

// No rule of a set names an article of its own text beyond the last one that the set says it has.
func TestRulesNameArticlesThatExist(t *testing.T) {
	for _, l := range book(t).laws {
		for _, n := range l.cited {
			if l.articles > 0 && n > l.articles {
				t.Errorf("%s has %d articles, a rule names article %d", l.title, l.articles, n)
			}
		}
	}
}

var (
	today    = law.NewDay(2025, time.March, 3)
	inReview = Remedy{Tier: matter.TierReview, N: 30, Unit: law.CalendarDays, Until: law.NoDay}
)

// sound is a reply with which nothing is wrong.
func sound() Reply {
	return Reply{
		Basis: true, Demands: []int{1},
		Texts: []Text{
			{Field: "facts", Part: Facts, Words: "三号楼前的两盏路灯因电缆进水损坏，本局已于二月二十日更换电缆。"},
			{Field: "basis", Part: Basis, Words: "《信访工作条例》第三十二条"},
			{Field: "answers.0.facts", Part: Facts, Demand: 1, Words: "两盏路灯已更换电缆，当晚亮灯。"},
			{Field: "answers.0.basis", Part: Basis, Demand: 1, Words: "《信访工作条例》第三十二条第一款第（一）项"},
		},
	}
}

func with(field, words string) func(*Reply) {
	return func(r *Reply) {
		i := slices.IndexFunc(r.Texts, func(t Text) bool { return t.Field == field })
		r.Texts[i].Words = words
	}
}

func TestCheck(t *testing.T) {
	b := book(t)
	people := []Known{{Name: "丁小满", IDNumber: "11010519491231002X", Phone: "0571-88001234"}, {Name: "丁小满"}, {Name: "丁"}}
	type found struct {
		Code  Code
		Field string
		Marks string
	}
	for _, tt := range []struct {
		name   string
		reply  func(*Reply)
		around func(*Around)
		want   []found
	}{
		{"sound", nil, nil, nil},
		{"a demand without an answer", func(r *Reply) { r.Demands = []int{1, 2} }, nil, []found{{Silent, "", ""}}},
		{"an answer of blanks", with("answers.0.facts", " \n"), nil, []found{{Silent, "answers.0.facts", ""}}},
		{"no facts", with("facts", ""), nil, []found{{NoFacts, "facts", ""}}},
		{"no basis", with("basis", ""), nil, []found{{NoBasis, "basis", ""}}},
		{"an enquiry's answer needs none", func(r *Reply) { r.Basis = false; with("basis", "")(r); with("answers.0.basis", "无")(r) }, nil, nil},
		{"set phrases", with("answers.0.facts", "您反映的问题经调查核实情况属实，已转相关部门依法处理，感谢您的支持！"), nil, []found{{Formula, "answers.0.facts", "您反映的问题经调查核实情况属实，已转相关部门依法处理，感谢您的支持！"}}},
		{"a basis without a text", with("answers.0.basis", "依照有关规定"), nil, []found{{Uncited, "answers.0.basis", "依照有关规定"}}},
		{"no such article", with("basis", "《信访工作条例》第三十二条、第五十一条"), nil, []found{{ArticleNone, "basis", "第五十一条"}}},
		{"the last article", with("basis", "《信访工作条例》第五十条"), nil, nil},
		{"no article nought", with("basis", "《信访工作条例》第零条"), nil, []found{{ArticleNone, "basis", "《信访工作条例》第零条"}}},
		{"repealed", with("basis", "《信访条例》第三十四条"), nil, []found{{LawEnded, "basis", "《信访条例》第三十四条"}}},
		{"repealed, but the matter's own", with("basis", "《信访条例》第三十四条"), func(a *Around) { a.Laws = "national-2005" }, nil},
		{"in force then", with("basis", "《信访条例》第三十四条"), func(a *Around) { a.Day, a.Laws = law.NewDay(2022, time.April, 30), "national-2005" }, []found{{LawEarly, "answers.0.basis", "《信访工作条例》第三十二条第一款第（一）项"}}},
		{"not known here", with("basis", "《某某物业服务办法》第三条、第九条"), nil, []found{{LawUnknown, "basis", "《某某物业服务办法》第三条|第九条"}}},
		{"known in part: a rule names it", with("basis", "《行政诉讼法》第四十六条"), nil, nil},
		{"known in part: no rule does", with("basis", "《行政诉讼法》第九十条"), nil, []found{{LawUnknown, "basis", "《行政诉讼法》第九十条"}}},
		{"put in later", with("basis", "《信访工作条例》第三十二条之一"), nil, []found{{LawUnknown, "basis", "《信访工作条例》第三十二条之一"}}},
		{"the right remedy", with("facts", "不服本意见的，可自收到之日起三十日内向区政府申请复查。"), nil, nil},
		{"that of the next stage", with("facts", "不服的，可自收到之日起30日内向区政府申请复核。"), nil, []found{{RemedyStage, "facts", "可自收到之日起30日内向区政府申请复核"}}},
		{"both in their order", with("facts", "可以申请复查，对复查意见仍不服的，可以再申请复核。"), nil, nil},
		{"what happened is no remedy", with("facts", "您于二月申请复核，本局已收悉相关材料并登记。"), nil, nil},
		{"another period", with("facts", "可自收到之日起60日内申请复查。"), nil, []found{{RemedyTerm, "facts", "60日内"}}},
		{"another unit", with("facts", "可自收到之日起三十个工作日内申请复查。"), nil, []found{{RemedyTerm, "facts", "三十个工作日内"}}},
		{"a day before it is known", with("facts", "可于2025年4月3日前申请复查。"), nil, []found{{RemedyDayYet, "facts", "2025年4月3日前"}}},
		{"the right day", with("facts", "可于2025年4月3日前申请复查。"), func(a *Around) { a.Remedy.Until = law.NewDay(2025, time.April, 3) }, nil},
		{"another day", with("facts", "可于2025年4月5日（星期六）前申请复查。"), func(a *Around) { a.Remedy.Until = law.NewDay(2025, time.April, 3) }, []found{{RemedyDay, "facts", "2025年4月5日（星期六）前"}}},
		{"no such day", with("facts", "可于2025年2月30日前申请复查。"), func(a *Around) { a.Remedy.Until = law.NewDay(2025, time.March, 2) }, []found{{RemedyDay, "facts", "2025年2月30日前"}}},
		{"none is left", with("facts", "可自收到之日起30日内申请复核。"), func(a *Around) { a.Remedy = Remedy{}; a.Tier = matter.TierReReview }, []found{{RemedyNone, "facts", "可自收到之日起30日内申请复核"}}},
		{"after a review", with("facts", "可自收到之日起30日内申请复查。"), func(a *Around) { a.Remedy.Tier = matter.TierReReview; a.Tier = matter.TierReview }, []found{{RemedyStage, "facts", "可自收到之日起30日内申请复查"}}},
		{"somebody's name", with("facts", "丁小满反映的同一盏路灯，丁小满已知悉。"), func(a *Around) { a.People = people }, []found{{Person, "facts", "丁小满|丁小满"}}},
		{"somebody's number", with("facts", "登记号 110105 19491231 002x，电话0571 88001234。"), func(a *Around) { a.People = people }, []found{{Person, "facts", "110105 19491231 002x|0571 88001234"}}},
		{"any identity number", with("facts", "证号１１０１０５１９４９１２３１００２Ｘ的业主"), nil, []found{{IDNumber, "facts", "１１０１０５１９４９１２３１００２Ｘ"}}},
		{"a number with the wrong check digit", with("facts", "合同编号110105194912310021，账号6222020200112233445"), nil, nil},
		{"a mobile number", with("facts", "请联系13800138000 或 0571-88001234"), nil, []found{{Mobile, "facts", "13800138000"}}},
		{"numbers side by side", with("facts", "13800138000 13900139000"), nil, []found{{Mobile, "facts", "13800138000|13900139000"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, a := sound(), Around{Day: today, Laws: "national-2022", Remedy: inReview}
			if tt.reply != nil {
				tt.reply(&r)
			}
			if tt.around != nil {
				tt.around(&a)
			}
			var got []found
			for _, f := range b.Check(r, a) {
				if f.Severity != f.Code.Severity() || f.Article != f.Code.Article(a.Tier) {
					t.Errorf("%+v", f)
				}
				got = append(got, found{f.Code, f.Field, marks(r, f)})
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

// marks are the places of a finding in its field.
func marks(r Reply, f Finding) string {
	var out []string
	for _, t := range r.Texts {
		for _, at := range f.At {
			if t.Field == f.Field {
				out = append(out, t.Words[at.From:at.To])
			}
		}
	}
	return strings.Join(out, "|")
}

func TestCopies(t *testing.T) {
	b := book(t)
	long := "三号楼前的两盏路灯因为地下电缆进水而损坏，本局二月二十日派人查看，二月二十三日更换了电缆和灯头，当晚即恢复照明，并把周边六盏灯一并检修完毕。"
	other := strings.ReplaceAll(long, "三号楼", "九号楼")
	r := sound()
	with("facts", long)(&r)
	codes := func(a Around) []Finding {
		a.Day, a.Remedy = today, inReview
		return b.Check(r, a)
	}
	ref := matter.Ref{Home: 330112, N: 7}
	got := codes(Around{Replies: []Earlier{{Ref: matter.Ref{Home: 330112, N: 6}, Words: "您反映的噪声问题，经检测夜间四十八分贝，未超过标准。"}, {Ref: ref, Words: other}}})
	if len(got) != 1 || got[0].Code != Copy || got[0].Matter != ref || got[0].Field != "facts" || got[0].Severity != Should {
		t.Fatalf("%+v", got)
	}
	percent, _ := got[0].Args[0].Value.(int)
	if percent < CopyPercent || percent == 100 {
		t.Errorf("%d percent", percent)
	}
	if m := marks(r, got[0]); !strings.Contains(m, "当晚即恢复照明") || strings.Contains(m, "三号楼") {
		t.Errorf("marked: %s", m)
	}
	if got := codes(Around{Replies: []Earlier{{Ref: ref, Words: other}}, Phrases: long}); len(got) != 0 {
		t.Errorf("what the template says is no copy: %+v", got)
	}
	var many []Earlier
	for n := range int64(9) {
		many = append(many, Earlier{Ref: matter.Ref{Home: 330112, N: n + 1}, Words: long})
	}
	if got := codes(Around{Replies: many}); len(got) != mostCopies {
		t.Errorf("%d named", len(got))
	}
	with("facts", "路灯已修好。")(&r)
	if got := codes(Around{Replies: []Earlier{{Ref: ref, Words: "路灯已修好。"}}}); len(got) != 0 {
		t.Errorf("a short text is like others by chance: %+v", got)
	}
}

// Whatever the texts, places lie within their field and in order.
func TestPlacesLieInTheirText(t *testing.T) {
	b := book(t)
	piece := rapid.SampledFrom([]string{
		"《信访工作条例》", "第五十一条", "、", "至", "可以申请复核", "30日内", "申请复查", "2025年4月3日前", "13800138000", "11010519491231002X", "丁小满", "（", "依法处理", "。", "第", "条", "三号楼前的路灯损坏", "\n",
	})
	rapid.Check(t, func(rt *rapid.T) {
		words := strings.Join(rapid.SliceOfN(piece, 0, 20).Draw(rt, "pieces"), "")
		r := Reply{Texts: []Text{{Field: "facts", Part: Facts, Words: words}}}
		for _, f := range b.Check(r, Around{Day: today, Remedy: inReview, People: []Known{{Name: "丁小满"}}, Replies: []Earlier{{Words: words}}}) {
			last := find.Range{}
			for _, at := range f.At {
				if at.From < last.From || at.To > len(words) || at.From >= at.To || !utf8.ValidString(words[at.From:at.To]) {
					rt.Fatalf("%+v in %q", f, words)
				}
				last = at
			}
		}
	})
}

func TestMusts(t *testing.T) {
	got := Musts([]Finding{{Code: Copy, Severity: Should}, {Code: Person, Severity: Must}})
	if len(got) != 1 || got[0].Code != Person {
		t.Errorf("%+v", got)
	}
	for _, c := range Codes() {
		if c.Severity() == Must && !slices.Contains([]Code{Silent, NoFacts, NoBasis, ArticleNone, RemedyNone, RemedyStage, RemedyTerm, RemedyDay, Person, IDNumber}, c) {
			t.Errorf("%s", c)
		}
	}
}

// The documents name each rule with its weight, and no other.
func TestDocumentsNameTheRules(t *testing.T) {
	row := regexp.MustCompile("(?m)^\\| `([a-z_]+)` \\| ([^|]+) \\|")
	for file, weights := range map[string]map[string]Severity{
		"reply-check.md": {"must": Must, "should": Should}, "reply-check.zh-CN.md": {"必须改": Must, "请看一看": Should},
	} {
		text, err := os.ReadFile(filepath.Join("..", "..", "docs", file))
		if err != nil {
			t.Fatal(err)
		}
		var named []Code
		for _, m := range row.FindAllStringSubmatch(string(text), -1) {
			named = append(named, Code(m[1]))
			if weights[m[2]] != Code(m[1]).Severity() {
				t.Errorf("%s: %s is %s", file, m[1], m[2])
			}
		}
		if d := cmp.Diff(Codes(), named); d != "" {
			t.Errorf("%s: %s", file, d)
		}
	}
}
