package find

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestRead(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"empty", "", ""},
		{"nothing that counts", " ，。！-\t\n「」", ""},
		{"punctuation and spaces", "路灯，  不亮！\n一个月了。", "路灯不亮一个月了"},
		{"full width", "Ａ１２３号　楼", "a123号楼"},
		{"capitals", "KTV 与 ktv", "ktv与ktv"},
		{"coded places and numbers are kept", "A3区 2019年8月", "a3区2019年8月"},
		{"a salutation is text", "尊敬的领导：您好！", "尊敬的领导您好"},
		{"rare characters", "𠮷野家\U000E0100", "𠮷野家"},
		{"broken text", "路\xff灯\xe4", "路灯"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if d := cmp.Diff(tt.want, Read(tt.text).String()); d != "" {
				t.Error(d)
			}
		})
	}
	if n := Read(strings.Repeat("字", MaxRunes+5)).Len(); n != MaxRunes {
		t.Errorf("%d characters count, want %d", n, MaxRunes)
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{"", "路灯，不亮", "Ａ１２３", "\xff\x00路", "İǅΣς", "𠮷\U000E0100\U000F0000"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		text := Read(s)
		if again := Read(text.String()); again.String() != text.String() {
			t.Errorf("%q is %q and then %q", s, text.String(), again.String())
		}
		at := 0
		for i := range text.Len() {
			span := text.span(i, 1)
			if span.From < at || span.To <= span.From || span.To > len(s) || !utf8.ValidString(s[span.From:span.To]) {
				t.Fatalf("%q: character %d stood at %+v", s, i, span)
			}
			if got := Read(s[span.From:span.To]).String(); got != string(text.runes[i]) {
				t.Fatalf("%q: %q stands where %q should", s, got, string(text.runes[i]))
			}
			at = span.To
		}
	})
}

func TestShare(t *testing.T) {
	for _, tt := range []struct {
		name, a, b string
		want       Share
		percent    int
	}{
		{"the same but for its signs", "路灯不亮，请修好", "路灯不亮　请修好！", Share{5, 5}, 100},
		{"one character", "路灯不亮请修好", "路灯不亮请换好", Share{3, 7}, 42},
		{"twice the same counts once", "哈哈哈哈哈哈", "哈哈哈", Share{1, 1}, 100},
		{"too short for a shingle", "停水", "停水", Share{1, 1}, 100},
		{"short and different", "停水", "停电", Share{0, 2}, 0},
		{"nothing", "", "，", Share{}, 0},
		{"nothing and something", "", "停水了", Share{0, 1}, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := Read(tt.a).Shingles().Of(Read(tt.b).Shingles())
			if got != tt.want || got.Percent() != tt.percent {
				t.Errorf("%+v, %d; want %+v, %d", got, got.Percent(), tt.want, tt.percent)
			}
		})
	}
}

// letters draws texts of few characters, so that they have much in common.
func letters() *rapid.Generator[string] {
	return rapid.StringOf(rapid.SampledFrom([]rune("水电路灯，A１ ")))
}

func TestShareIsSymmetric(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		a, b := Read(letters().Draw(rt, "a")).Shingles(), Read(letters().Draw(rt, "b")).Shingles()
		share := a.Of(b)
		if share != b.Of(a) {
			rt.Errorf("%+v one way, %+v the other", share, b.Of(a))
		}
		in := map[uint64]bool{}
		for _, v := range a {
			in[v] = true
		}
		common := 0
		for _, v := range b {
			if in[v] {
				common++
			}
			in[v] = true
		}
		if share != (Share{common, len(in)}) {
			rt.Errorf("%+v, counted %d of %d", share, common, len(in))
		}
		if full := a.Of(a); full.Common != len(a) || full.All != len(a) {
			rt.Errorf("with itself %+v of %d", full, len(a))
		}
	})
}

// A sketch is of the set, whatever the text: it has all its keys, and those of a union come from one of the sets wherever both minima do.
func TestSketch(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.StringN(0, 200, -1)
		a, b := Read(text.Draw(rt, "a")).Shingles(), Read(text.Draw(rt, "b")).Shingles()
		if keys := Sketch(a); (len(a) == 0) != (keys == nil) || len(a) > 0 && len(keys) != Keys {
			rt.Fatalf("%d keys of %d shingles", len(keys), len(a))
		}
		back := slices.Clone(a)
		slices.Reverse(back)
		if !slices.Equal(Sketch(a), Sketch(append(back, a...))) {
			rt.Error("the order counts, or how often")
		}
		if len(a) > 0 && a.Of(b).Common == 0 && slices.ContainsFunc(Sketch(a), func(k uint64) bool { return slices.Contains(Sketch(b), k) }) {
			rt.Error("sets with nothing in common share a key")
		}
	})
}

// Two texts share keys as the documentation reckons: of many pairs that share half, one in 315 shares none, and a quarter of all keys agree.
func TestAlikeTextsShareKeys(t *testing.T) {
	const rounds = 3000
	none, equal := 0, 0
	for i := range uint64(rounds) { // a has 0-199, b 67-266 of each round: a share of 133 in 267
		var a, b Shingles
		for j := range uint64(267) {
			if j < 200 {
				a = append(a, i*1000+j)
			}
			if j >= 67 {
				b = append(b, i*1000+j)
			}
		}
		here, there := Sketch(a), Sketch(b)
		same := 0
		for k := range here {
			if here[k] == there[k] {
				same++
			}
		}
		if equal += same; same == 0 {
			none++
		}
	}
	if none == 0 || none > 25 || equal < rounds*Keys/5 || equal > rounds*Keys*3/10 {
		t.Errorf("%d of %d share no key; %d keys agree of %d", none, rounds, equal, rounds*Keys)
	}
}

func TestPassages(t *testing.T) {
	type pair struct{ Here, There string }
	for _, tt := range []struct {
		name, here, there string
		least, most       int
		want              []pair
	}{
		{"nothing", "停水三天", "停电三天", 4, 9, nil},
		{"an empty one", "", "停电三天", 4, 9, nil},
		{"all of it, but for signs", "路灯不亮，请修好。", "路灯不亮请修好", 4, 9, []pair{{"路灯不亮，请修好", "路灯不亮请修好"}}},
		{
			"two, out of order", "楼下烧烤店夜里放音响，小区门口垃圾没人清运", "小区门口垃圾没人清运；另外楼下烧烤店夜里放音响", 6, 9,
			[]pair{{"楼下烧烤店夜里放音响", "楼下烧烤店夜里放音响"}, {"小区门口垃圾没人清运", "小区门口垃圾没人清运"}},
		},
		{"the longest only", "甲乙丙丁戊己，一二三四", "一二三四然后甲乙丙丁戊己", 3, 1, []pair{{"甲乙丙丁戊己", "甲乙丙丁戊己"}}},
		{"once here, twice there: the longer one", "不得占用消防通道停车", "不得占用道路，不得占用消防通道", 4, 9, []pair{{"不得占用消防通道", "不得占用消防通道"}}},
		{"too short", "路灯不亮", "路灯不亮", 5, 9, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []pair
			for _, p := range Passages(Read(tt.here), Read(tt.there), tt.least, tt.most) {
				got = append(got, pair{tt.here[p.Here.From:p.Here.To], tt.there[p.There.From:p.There.To]})
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

// checkPassages holds what is always true of passages.
func checkPassages(t interface{ Errorf(string, ...any) }, here, there string, least, most int) {
	a, b := Read(here), Read(there)
	found := Passages(a, b, least, most)
	if len(found) > most {
		t.Errorf("%d passages, at most %d were asked for", len(found), most)
	}
	at := 0
	for _, p := range found {
		if p.Here.From < at {
			t.Errorf("%+v overlaps the one before", p)
		}
		at = p.Here.To
		x, y := Read(here[p.Here.From:p.Here.To]), Read(there[p.There.From:p.There.To])
		if x.String() != y.String() || x.Len() != p.Len || p.Len < least {
			t.Errorf("%q here, %q there, %d characters", x, y, p.Len)
		}
	}
}

func TestPassagesAreInBoth(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		checkPassages(rt, letters().Draw(rt, "here"), letters().Draw(rt, "there"), rapid.IntRange(1, 6).Draw(rt, "least"), rapid.IntRange(0, 4).Draw(rt, "most"))
	})
}

func FuzzPassages(f *testing.F) {
	f.Add("路灯不亮，请修好", "请修好：路灯不亮", 3, 4)
	f.Add("哈哈哈哈哈哈", "哈哈哈哈", 3, 9)
	f.Add("a\xffb c d", "ABCD", 2, 2)
	f.Fuzz(func(t *testing.T, here, there string, least, most int) {
		if least < 0 || most < 0 || len(here)+len(there) > 4000 {
			return // beyond what a form takes, or slow
		}
		checkPassages(t, here, there, least, most)
	})
}

// The work grows with the length, not with its square: the worst texts are those of one phrase over and over, cut off each time.
func BenchmarkPassages(b *testing.B) {
	for _, n := range []int{1000, 10_000} {
		here, there := strings.Repeat("不得占用道", n/5), strings.Repeat("不得占用路", n/5)
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			x, y := Read(here), Read(there)
			for b.Loop() {
				Passages(x, y, 6, 20)
			}
		})
	}
}
