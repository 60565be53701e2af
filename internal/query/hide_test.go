package query

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestHide(t *testing.T) {
	h := NewHider([]Person{
		{Name: "周长顺", Numbers: []string{"33010619800101123X", "0571-63712345", "13700001111", "zhou.shun@mail.example"}, Address: "浙江省杭州市临安区锦城街道衣锦街398号2单元501"},
		{Name: "高兴", Address: "河桥镇秀溪村"},
		{Name: "买买提·吐尔逊"},
		{Name: "John Smith"},
		{Name: "鲜"},
	})
	for _, c := range []struct{ name, text, want string }{
		{"nobody", "夜间施工，噪音扰民。", "夜间施工，噪音扰民。"},
		{"a name", "我是周长顺，住三楼", "我是**，住三楼"},
		{"a name in a title", "周长顺反映噪音", "**反映噪音"},
		{"a name written apart", "申请人：周　长 顺", "申请人：**"},
		{"a name over a line", "代表周长\n顺签字", "代表**签字"},
		{"not over a sentence", "四周。长顺街", "四周。长顺街"},
		{"part of a name", "长顺", "长顺"},
		{"a name that is a word", "大家都很高兴", "大家都很**"},
		{"in other words, too", "最高兴趣班", "最**趣班"},
		{"written apart, alone", "签名：高　兴", "签名：**"},
		{"written apart, within", "楼很高 兴建中", "楼很高 兴建中"},
		{"a name in parts", "买买提·吐尔逊、买买提吐尔逊、吐尔逊", "**、**、**"},
		{"a name in letters", "JOHN  SMITH, Ｓｍｉｔｈ, blacksmith, Smithson", "**, **, blacksmith, Smithson"},
		{"one character", "姓：鲜。新鲜", "姓：**。新鲜"},
		{"twice at once", "周长顺周长顺", "**"},
		{"an identity number", "证号330106 19800101 123x止", "证号**止"},
		{"anybody's", "330106199912310011，11010519491231002X", "**，**"},
		{"anybody's, full width", "３３０１０６１９９９１２３１００１１", "**"},
		{"part of a longer number", "3301061999123100112，133010619991231001", "3301061999123100112，133010619991231001"},
		{"no day of birth", "330106199913310011", "330106199913310011"},
		{"a mobile", "电话13912345678，139-1234-5678，+86 139 1234 5678，8613912345678", "电话**，**，+**，**"},
		{"no mobile", "12912345678 139123456789 2026-11-22 13 45 67 89 01 2", "12912345678 139123456789 2026-11-22 13 45 67 89 01 2"},
		{"a telephone", "(0571)63712345 或 6371 2345 或 057163712345", "(** 或 ** 或 **"},
		{"one's own mobile anyhow", "137 0000 1111，1370 000 1111，0137.0000.1111", "**，**，0**"},
		{"mail", "Zhou.Shun@mail.example", "**"},
		{"an address", "浙江省杭州市临安区锦城街道衣锦街398号2单元501漏水", "**漏水"},
		{"its end", "家住衣锦街398号 2单元 501，衣锦街道路不平", "家住**，衣锦街道路不平"},
		{"a place", "河桥镇秀溪村的水，河桥镇的路", "**的水，河桥镇的路"},
	} {
		if got := h.Hide(c.text); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	if got := (Hider{}).Hide("周长顺 13912345678"); got != "周长顺 **" {
		t.Errorf("nobody known: %q", got)
	}
}

// findable reports whether a text that was indexed is found by what somebody types.
func findable(typed, text string) bool {
	q := Plain(typed)
	_, firsts := q.hits(text)
	return !q.Empty() && len(firsts) == len(q.Want)
}

func TestNobodyIsFound(t *testing.T) {
	word := func(of string, least, most int) *rapid.Generator[string] {
		return rapid.StringOfN(rapid.SampledFrom([]rune(of)), least, most, -1)
	}
	name := rapid.OneOf(word("张王李三四丰和平安全", 2, 4), rapid.Custom(func(t *rapid.T) string {
		return word("买提吐尔逊", 2, 4).Draw(t, "first") + "·" + word("买提吐尔逊", 2, 4).Draw(t, "last")
	}), rapid.Custom(func(t *rapid.T) string {
		return word("abcxyz", 2, 5).Draw(t, "first") + " " + word("abcxyz", 2, 5).Draw(t, "last")
	}))
	figures := func(n int) *rapid.Generator[string] { return word("0123456789", n, n) }
	phone := rapid.Custom(func(t *rapid.T) string {
		return "1" + word("3456789", 1, 1).Draw(t, "second") + figures(9).Draw(t, "rest")
	})
	identity := rapid.Custom(func(t *rapid.T) string {
		return "33" + figures(4).Draw(t, "place") + rapid.SampledFrom([]string{"19800101", "20011231"}).Draw(t, "day") + figures(3).Draw(t, "n") + word("0123456789X", 1, 1).Draw(t, "check")
	})
	around := rapid.StringOf(rapid.SampledFrom([]rune("张王李三四丰和平安全买提吐 \n，。·-a bx19０９.")))
	rapid.Check(t, func(t *rapid.T) {
		p := Person{Name: name.Draw(t, "name"), Numbers: []string{identity.Draw(t, "identity"), phone.Draw(t, "phone")}, Address: word("省市县街道和平", 2, 6).Draw(t, "street") + figures(3).Draw(t, "house") + "号"}
		other := []string{identity.Draw(t, "other identity"), phone.Draw(t, "other phone")}
		secrets := slices.Concat([]string{p.Name, p.Address}, p.Numbers)
		var text strings.Builder
		for range rapid.IntRange(1, 6).Draw(t, "pieces") {
			text.WriteString(around.Draw(t, "around"))
			text.WriteString(rapid.SampledFrom(secrets).Draw(t, "secret"))
		}
		text.WriteString("。" + other[0] + "；" + other[1])
		h := NewHider([]Person{p})
		hidden := h.Hide(text.String())
		for _, s := range slices.Concat(secrets, other) {
			if findable(s, hidden) {
				t.Fatalf("%q is found in %q, once %q", s, hidden, text.String())
			}
		}
		if again := h.Hide(hidden); again != hidden {
			t.Fatalf("%q, again %q", hidden, again)
		}
	})
}

// What has nothing of anybody stays as it is, byte by byte.
func TestHideLeavesTheRest(t *testing.T) {
	h := NewHider([]Person{{Name: "周长顺", Numbers: []string{"13700001111"}, Address: "衣锦街398号"}, {Name: "高兴"}})
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune("夜间施工噪音扰民road A12\n，。 ２0\u0301\xff"))).Draw(t, "text")
		if got := h.Hide(text); got != text && !strings.Contains(got, Hidden) {
			t.Fatalf("%q became %q", text, got)
		}
	})
}

func FuzzHide(f *testing.F) {
	f.Add("周长顺", "13700001111", "衣锦街398号", "周长顺住衣锦街398号，13700001111")
	f.Add("·", "-", " ", "\xff\u0301周")
	f.Fuzz(func(t *testing.T, name, number, address, text string) {
		h := NewHider([]Person{{Name: name, Numbers: []string{number}, Address: address}})
		if got := h.Hide(text); len(got) > 2*len(text)+len(Hidden) {
			t.Errorf("%q became %q", text, got)
		}
	})
}

func BenchmarkHide(b *testing.B) {
	var people []Person
	for _, n := range strings.Fields("周长顺 高兴 李四 王小二 陈玉兰") {
		people = append(people, Person{Name: n, Numbers: []string{"33010619800101123X", "13700001111"}, Address: "浙江省杭州市临安区锦城街道衣锦街398号2单元501"})
	}
	h := NewHider(people)
	text := strings.Repeat("锦绣花园三期工地每晚十一点以后仍在浇筑混凝土，居民无法入睡。", 100)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		h.Hide(text)
	}
}
