package query

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"huiyin/internal/errs"
)

// written is phrases as a reader of a test takes them in: tokens with blanks between them, + where the last may go on.
func written(list []Phrase) string {
	out := make([]string, len(list))
	for i, p := range list {
		out[i] = strings.Join(p.Tokens, " ")
		if p.Open {
			out[i] += "+"
		}
	}
	return strings.Join(out, "|")
}

func TestParse(t *testing.T) {
	for _, tt := range []struct{ name, text, want, not, code string }{
		{"nothing", " \t　", "", "", ""},
		{"words", "噪音 拖欠工资", "噪音|拖欠 欠工 工资", "", ""},
		{"punctuation", "噪音，扰民。", "噪音|扰民", "", ""},
		{"ideographic space", "噪音　扰民", "噪音|扰民", "", ""},
		{"one character", "噪", "噪+", "", ""},
		{"twice the same", "噪音 噪音 -a -A", "噪音", "a", ""},
		{"phrase", `"unpaid wages"`, "unpaid wages", "", ""},
		{"Chinese phrase over a stop", "“噪音，扰民”", "噪音 音 扰民", "", ""},
		{"corner brackets", "「夜间 施工」『甲 乙』", "夜间 间 施工|甲 乙+", "", ""},
		{"full width", "＂Ａ１　Ｂ＂ －ｃ", "a 1 b", "c", ""},
		{"pairs in any way", "”噪音 扰民“", "噪音 音 扰民", "", ""},
		{"not closed", "“噪音 扰民", "噪音|扰民", "", ""},
		{"closed twice", "“噪音” 扰民”", "噪音|扰民", "", ""},
		{"quotes within a word", `张"三丰"李四`, "张+|三丰|李四", "", ""},
		{"empty quotes", `"" 噪音 “ ”`, "噪音", "", ""},
		{"without", "噪音 -装修", "噪音", "装修", ""},
		{"without, full width", "－装修 噪音", "噪音", "装修", ""},
		{"without a phrase", "噪音 -“夜间 施工”", "噪音", "夜间 间 施工", ""},
		{"without what is not closed", "噪音 -“夜间 施工", "噪音|施工", "夜间", ""},
		{"the sign within", "噪音-装修 2026-09", "噪音|装修|2026|09", "", ""},
		{"the sign alone", "噪音 - 装修", "噪音|装修", "", ""},
		{"the sign twice", "噪音 --装修", "噪音|装修", "", ""},
		{"the sign behind a quotation", "“噪音”-装修", "噪音|装修", "", ""},
		{"the sign ends with its word", "噪音 -装修,扰民", "噪音|扰民", "装修", ""},
		{"a dash is no sign", "噪音 —装修", "噪音|装修", "", ""},
		{"operators", `a OR b* NEAR(c) body:d ^e`, "a|or|b|near|c|body|d|e", "", ""},
		{"number", "330112-2026-0000123", "330112|2026|0000123", "", ""},
		{"emoji", "🔥噪音👍🏽", "噪音", "", ""},
		{"only emoji", "🔥", "", "", "query.nothing"},
		{"only punctuation", "“，”", "", "", "query.nothing"},
		{"only a mark", "\u0301", "", "", "query.nothing"},
		{"only without", "-噪音 -“a b”", "", "", "query.only_not"},
		{"a sign without a word", "-", "", "", "query.nothing"},
		{"too long", strings.Repeat("水 ", 99) + "噪音 扰民", "水+|噪音", "", ""},
		{"cut in a quotation", strings.Repeat(" ", 9) + strings.Repeat("，", 197) + "“水管”", "水管", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			q, err := Parse(tt.text)
			if tt.code != "" {
				if errs.KindOf(err) != errs.Invalid || !strings.Contains(err.Error(), tt.code) || !q.Empty() {
					t.Errorf("%+v, %v", q, err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff([]string{tt.want, tt.not}, []string{written(q.Want), written(q.Not)}); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestPlain(t *testing.T) {
	for text, want := range map[string]string{"": "", "，": "", "-噪音 “夜间 施工” a": "噪音|夜间|施工|a"} {
		if q := Plain(text); written(q.Want) != want || q.Not != nil {
			t.Errorf("%q is %+v", text, q)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "噪音 -装修", "“夜间 施工”", `a"b"c`, "－「x", "\xff\x00", "🔥", `"a* OR b" NEAR`, strings.Repeat("水 ", 200)} {
		f.Add(s, "“夜间 施工”，噪音 a b")
	}
	f.Fuzz(func(t *testing.T, text, other string) {
		q, err := Parse(text)
		if (err == nil) == (q.Empty() && q.Text != "") {
			t.Errorf("%q: %+v, %v", text, q, err)
		}
		for _, p := range slices.Concat(q.Want, q.Not) {
			for _, token := range p.Tokens {
				if len(p.Tokens) == 0 || token == "" || strings.ContainsAny(token, "\" \x00") {
					t.Errorf("%q gives %q", text, p.Tokens)
				}
			}
		}
		for _, in := range []string{text, other} {
			var whole strings.Builder
			for _, p := range q.Mark(in) {
				whole.WriteString(p.Text)
			}
			if whole.String() != in {
				t.Errorf("%q marked by %q is %q", in, text, whole.String())
			}
			q.Excerpt(in)
		}
	})
}

// marked is a text with what was found in brackets.
func marked(parts []Part) string {
	var b strings.Builder
	for _, p := range parts {
		if p.Hit {
			b.WriteString("[" + p.Text + "]")
		} else {
			b.WriteString(p.Text)
		}
	}
	return b.String()
}

func TestMark(t *testing.T) {
	for _, tt := range []struct{ query, text, want string }{
		{"噪音", "夜间噪音扰民，噪音", "夜间[噪音]扰民，[噪音]"},
		{"噪", "噪音与噪", "[噪]音与[噪]"},
		{"噪音 音扰", "噪音扰民", "[噪音扰]民"},
		{"拖欠工资", "拖欠，工资；拖欠工资", "拖欠，工资；[拖欠工资]"},
		{"“拖欠 工资”", "拖欠，工资；拖欠工资", "[拖欠，工资]；拖欠工资"},
		{"road a", "Roads, ROAD ＡＢ Ａ 1", "Roads, [ROAD] ＡＢ [Ａ] 1"},
		{"A座", "a座101，A座楼", "[a座]101，[A座]楼"},
		{"102", "1020 102室", "1020 [102]室"},
		{"cafe", "un cafe\u0301!", "un [cafe\u0301]!"},
		{"-噪音 水", "噪音和水", "噪音和[水]"},
		{"", "噪音", "噪音"},
		{"<b>", "a<b>c", "a<[b]>c"},
	} {
		q, err := Parse(tt.query)
		if err != nil {
			t.Fatal(err)
		}
		if got := marked(q.Mark(tt.text)); got != tt.want {
			t.Errorf("%q in %q: %q", tt.query, tt.text, got)
		}
	}
}

func TestExcerpt(t *testing.T) {
	long := strings.Repeat("甲", 200)
	for _, tt := range []struct{ name, query, text, want string }{
		{"nothing", "噪音", "扰民", ""},
		{"short", "噪音", "夜间噪音扰民", "夜间[噪音]扰民"},
		{"from the sentence", "噪音", "第一句。有噪音。" + long, "…有[噪音]。" + strings.Repeat("甲", behind-3) + "…"},
		{"inside", "噪音", long + "噪音" + long, "…" + strings.Repeat("甲", before) + "[噪音]" + strings.Repeat("甲", behind-2) + "…"},
		{"two places", "噪音 扰民", "噪音" + long + "扰民", "[噪音]" + strings.Repeat("甲", behind-2) + "…" + strings.Repeat("甲", before) + "[扰民]"},
		{"near each other", "噪音 扰民", long + "扰民噪音", "…" + strings.Repeat("甲", before) + "[扰民噪音]"},
		{"no word is cut", "wages", "unquestionably unpaidwages unquestionable wages", "…unquestionable [wages]"},
		{"no separators first", "噪音", long + "，，，噪音", "…" + strings.Repeat("甲", before-3) + "，，，[噪音]"},
	} {
		q, err := Parse(tt.query)
		if err != nil {
			t.Fatal(err)
		}
		if got := marked(q.Excerpt(tt.text)); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// An excerpt is bounded whatever is found in whatever text, and shows a hit of what is there.
func TestExcerptIsShort(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		text := strings.Repeat(rapid.StringOf(rapid.SampledFrom([]rune("噪音水座12aB ，。\n"))).Draw(rt, "text"), rapid.IntRange(1, 40).Draw(rt, "times"))
		q := Plain(rapid.StringOfN(rapid.SampledFrom([]rune("噪音水1a ")), 1, 9, -1).Draw(rt, "query"))
		out := q.Excerpt(text)
		hit := func(p Part) bool { return p.Hit }
		if slices.ContainsFunc(q.Mark(text), hit) != slices.ContainsFunc(out, hit) {
			rt.Errorf("%q in %q: %+v", q.Text, text, out)
		}
		n := 0
		for _, p := range out {
			n += len([]rune(p.Text))
		}
		if n > stretches*(before+5*behind+2) { // a word may go on that far
			rt.Errorf("%d characters", n)
		}
	})
}
