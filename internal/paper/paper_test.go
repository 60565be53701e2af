package paper_test

import (
	"encoding/json"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"huiyin/internal/document"
	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/paper"
)

func load(t *testing.T) *paper.Book {
	t.Helper()
	b, err := paper.Load()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Every shipped template parses, fills from sample values and from a matter of which nothing is known yet, and says its own title.
func TestShippedTemplates(t *testing.T) {
	t.Parallel()
	b := load(t)
	for _, k := range matter.PaperKinds() {
		version, text := b.Shipped(k)
		if again, ok := b.Edition(k, version); !ok || again != text {
			t.Errorf("%s: version %q cannot be read back", k, version)
		}
		fields := b.Grammar(k)
		parsed, err := document.Parse(text, fields)
		if err != nil {
			t.Errorf("%s: %v", k, err)
			continue
		}
		if b.Title(k) == "" {
			t.Errorf("%s has no title", k)
		}
		for _, v := range []document.Values{document.Sample(fields), b.Values(paper.Subject{Events: []matter.Event{{Body: matter.Signed{}}}, Paper: matter.Paper{Kind: k}})} {
			doc, err := parsed.Fill(v)
			if err != nil {
				t.Errorf("%s: %v", k, err)
				continue
			}
			if text := doc.Text(); strings.ContainsAny(text, "{}") || strings.Contains(text, "，，") || strings.Contains(text, "。。") {
				t.Errorf("%s:\n%s", k, text)
			}
		}
		for _, f := range fields {
			if !strings.Contains(text, f.Name+"}") && f.Name != "诉求" && f.Name != "收到日期" && f.Name != "发文字号" && f.Name != "本机关电话" && !optional(f.Name) {
				t.Errorf("the template of %s does not use {%s}", k, f.Name)
			}
		}
	}
}

// optional are fields that an office may want in its own templates and the shipped ones do without.
func optional(name string) bool {
	switch name {
	case "问题发生地", "信访形式", "法定期限", "处理依据", "意见书字号", "复查意见书字号", "原办理机关", "成文日期", "参加人", "信访人", "上一级机关":
		return true
	default:
		return false
	}
}

// The fields have names and meanings in both languages, no name twice within a kind, and a value of the right sort.
func TestFields(t *testing.T) {
	t.Parallel()
	b := load(t)
	for _, k := range matter.PaperKinds() {
		v := b.Values(paper.Subject{Paper: matter.Paper{Kind: k}})
		seen := map[string]bool{}
		for _, f := range b.Fields(k) {
			if f.Name == "" || f.Means == "" || f.English == "" || strings.ContainsAny(f.Name, " {}") || seen[f.Name] {
				t.Errorf("%s: %+v", k, f)
			}
			seen[f.Name] = true
			want := reflect.TypeFor[string]()
			if f.Rows != nil {
				want = reflect.TypeFor[[]document.Values]()
			}
			if got := reflect.TypeOf(v[f.Name]); got != want {
				t.Errorf("%s: {%s} is %v, want %v", k, f.Name, got, want)
			}
		}
		if len(v) != len(seen) {
			t.Errorf("%s has %d values for %d fields", k, len(v), len(seen))
		}
	}
}

// Each key of the fields is one that the code fills in: a key that is misspelt would be empty for ever.
func TestEveryFieldIsFilled(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("data/fields.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Fields map[string]any }
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("values.go")
	if err != nil {
		t.Fatal(err)
	}
	for key := range file.Fields {
		if !regexp.MustCompile(`"` + key + `"`).Match(source) {
			t.Errorf("nothing fills %s", key)
		}
	}
}

// Each value of the enumerations that documents speak of has a word.
func TestWords(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("data/words.json")
	if err != nil {
		t.Fatal(err)
	}
	var words map[string]string
	if err := json.Unmarshal(data, &words); err != nil {
		t.Fatal(err)
	}
	for _, of := range []string{"outcome", "review_result", "review_ground", "decline_ground", "channel", "purpose", "advice_kind", "service_method", "party_role", "short_ground"} {
		values := matter.Choices(of)
		if len(values) == 0 {
			t.Errorf("no choices of %s", of)
		}
		for _, v := range values {
			if words[of+"."+v] == "" {
				t.Errorf("no word for %s.%s", of, v)
			}
		}
	}
	for _, r := range matter.Routes() {
		if words["route."+string(r)] == "" {
			t.Errorf("no word for route %s", r)
		}
	}
}

func TestNumbersDaysTerms(t *testing.T) {
	t.Parallel()
	b := load(t)
	for _, c := range [][2]string{
		{b.Number("临人社信", 2026, 3), "临人社信〔2026〕3号"},
		{b.Day(law.NewDay(2026, 3, 5)), "2026年3月5日"},
		{b.Day(law.NoDay), ""},
		{b.Day(0), ""},
		{b.Term(60, law.CalendarDays), "60日"},
		{b.Term(5, law.WorkingDays), "5个工作日"},
		{b.Term(1, law.Months), "1个月"},
		{b.Either([]string{"甲", "乙"}), "甲或者乙"},
	} {
		if c[0] != c[1] {
			t.Errorf("%q, want %q", c[0], c[1])
		}
	}
	for _, v := range []string{"", "shipped-", "shipped-0", "shipped-2", "1", "shipped-x"} {
		if _, ok := b.Edition(matter.PaperOpinion, v); ok {
			t.Errorf("there is no edition %q", v)
		}
	}
}

// The notice that the time of a review is extended names who approved it, why, the new last day, and the text of the place that allows it.
func TestNoticeOfAnExtendedReview(t *testing.T) {
	t.Parallel()
	b := load(t)
	ref := matter.NewRef(110101, 2025, 1)
	events := []matter.Event{
		{Seq: 1, Body: matter.Registered{Submission: matter.Submission{Ref: ref, Title: "路灯不亮", Demands: []string{"修好"}}}},
		{Seq: 2, Body: matter.ReviewRequested{Tier: matter.TierReview, Submission: ref, Unit: 2, Desk: 3, Reason: "不服"}},
		{Seq: 3, Day: law.NewDay(2025, 8, 10), Body: matter.ReviewExtended{
			Review: 1, Tier: matter.TierReview, Days: 30, Approval: "复查复核委员会第3次会议", Reason: "要等鉴定", For: []matter.Ref{ref},
		}},
	}
	_, text := b.Shipped(matter.PaperReviewExtend)
	parsed, err := document.Parse(text, b.Grammar(matter.PaperReviewExtend))
	if err != nil {
		t.Fatal(err)
	}
	facts := map[string]string{paper.FactOrgan: "某区", paper.FactUntil: "2025-10-09", paper.FactArticle: "北京市信访条例（2006）第五十条"}
	doc, err := parsed.Fill(b.Values(paper.Subject{Events: events, Copy: ref, Paper: matter.Paper{Kind: matter.PaperReviewExtend, Facts: facts, For: []matter.Ref{ref}}}))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"延长复查期限告知书", "延长30日，最迟于2025年10月9日作出复查意见", "复查复核委员会第3次会议", "要等鉴定", "依据：北京市信访条例（2006）第五十条。", "路灯不亮"} {
		if !strings.Contains(doc.Text(), want) {
			t.Errorf("%q is missing in\n%s", want, doc.Text())
		}
	}
}
