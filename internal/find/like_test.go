package find

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func weights(t testing.TB) *Weights {
	t.Helper()
	w, err := LoadWeights()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// Invented: what somebody said, the same told by another, the same trouble elsewhere, another trouble at the same place.
func told() [][4]string {
	return [][4]string{
		{
			"云栖花园12栋楼下的老灶烧烤店每晚营业到凌晨两点，油烟直冲楼上，窗户都不敢开，请环保部门查处。",
			"我家住云栖花园，一楼开了家老灶烧烤，没有装油烟净化器，烟味呛得孩子整夜咳嗽，找过社区没用。",
			"江畔新村3栋楼下的川味火锅店油烟扰民，窗户都不敢开，请环保部门查处。",
			"云栖花园地下车库的产权归谁？开发商只卖不租，业主没有地方停车，请规划部门答复。",
		},
		{
			"宏盛建筑公司拖欠我们四十名农民工去年的工资一百二十万元，项目在滨河学校工地，请劳动监察帮我们讨薪。",
			"在滨河学校工地干了八个月，包工头说宏盛公司没有打钱，年前到现在一分工资没拿到，家里等钱看病。",
			"大成建筑公司拖欠我们二十名农民工工资，请劳动监察帮我们讨薪。",
			"滨河学校工地夜里三点还在打桩，附近居民无法休息，请城管制止施工噪音。",
		},
		{
			"翠屏路与长宁街路口的红绿灯坏了半个月，上下班车辆抢行，昨天又撞了一个老人。",
			"翠屏路口信号灯一直不亮没人修，过马路全靠胆子大，长宁街小学的孩子每天都要经过。",
			"南山大道与文昌街路口的红绿灯坏了半个月，车辆抢行，请尽快修复。",
			"翠屏路两边的行道树被砍光了，夏天没有一点树荫，请园林部门补种。",
		},
		{
			"金域蓝湾二期交房延期一年多，开发商恒瑞置业说资金断裂，三百户业主还着房贷租着房。",
			"恒瑞置业的楼盘停工了，金域蓝湾的房子去年就该交付，现在工地上一个人都没有，谁来管管？",
			"碧水家园交房延期一年多，开发商说资金紧张，业主还着房贷租着房。",
			"金域蓝湾一期物业费涨到三块八，没有经过业主大会，物价部门备案了吗？",
		},
	}
}

// The same thing in other words is more alike than the same trouble elsewhere and than another trouble at the same place.
func TestCosineOfTheSameInOtherWords(t *testing.T) {
	w := weights(t)
	for _, c := range told() {
		v := func(i int) Vector { return w.Vector(Read(c[i])) }
		same, elsewhere, other := v(0).Cosine(v(1)), v(1).Cosine(v(2)), v(1).Cosine(v(3))
		if same <= elsewhere || same <= other {
			t.Errorf("%s: same %.3f, elsewhere %.3f, another matter %.3f", c[1], same, elsewhere, other)
		}
	}
}

func TestTermsBringTheSameTogether(t *testing.T) {
	w := weights(t)
	for _, c := range told() {
		here, there := w.Vector(Read(c[0])).Terms(), w.Vector(Read(c[1])).Terms()
		if len(here) != MaxTerms || !slices.ContainsFunc(here, func(a Term) bool {
			return slices.ContainsFunc(there, func(b Term) bool { return a.Key == b.Key })
		}) {
			t.Errorf("%s: none of %d terms is in the other", c[0], len(here))
		}
	}
}

func TestVector(t *testing.T) {
	w := weights(t)
	for _, tt := range []struct {
		name, a, b  string
		least, most float64
	}{
		{"nothing", "", "路灯不亮", 0, 0},
		{"a single character", "路", "路", 0, 0},
		{"the same but for its signs", "路灯，不亮！", "路灯不亮", 1, 1},
		{"nothing in common", "路灯不亮", "停水三天", 0, 0},
		{"a name weighs more than what everybody writes", "希望政府解决云栖", "孩子上学云栖", 0.3, 0.7},
		{"what everybody writes", "希望政府解决问题", "感谢政府解决问题", 0.3, 0.8},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := w.Vector(Read(tt.a)).Cosine(w.Vector(Read(tt.b))); got < tt.least-1e-9 || got > tt.most {
				t.Errorf("%.4f, want %.2f to %.2f", got, tt.least, tt.most)
			}
		})
	}
	name, common := w.Vector(Read("云栖的事")), w.Vector(Read("没有的事"))
	if a, b := name.Terms()[0].Weight, common.Terms()[0].Weight; len(name) != 3 || a == b {
		t.Errorf("%v %v", name, common)
	}
}

// A vector has the length 1 and its pairs in order; the cosine is symmetric, between 0 and 1, and 1 with itself; a term is a pair of the text.
func TestVectorProperties(t *testing.T) {
	w := weights(t)
	texts := rapid.OneOf(letters(), rapid.StringN(0, 300, -1))
	rapid.Check(t, func(rt *rapid.T) {
		a, b := w.Vector(Read(texts.Draw(rt, "a"))), w.Vector(Read(texts.Draw(rt, "b")))
		squares := 0.0
		for i, p := range a {
			squares += p.Weight * p.Weight
			if i > 0 && p.Pair <= a[i-1].Pair || p.Weight < 0 {
				rt.Fatalf("%v", a)
			}
		}
		if len(a) > 0 && (math.Abs(squares-1) > 1e-9 || math.Abs(a.Cosine(a)-1) > 1e-9) {
			rt.Errorf("length %f, with itself %f", squares, a.Cosine(a))
		}
		if c := a.Cosine(b); c != b.Cosine(a) || c < 0 || c > 1 {
			rt.Errorf("%f one way, %f the other", c, b.Cosine(a))
		}
		terms := a.Terms()
		if len(terms) != min(len(a), MaxTerms) || !slices.IsSortedFunc(terms, func(x, y Term) int {
			switch {
			case x.Weight > y.Weight:
				return -1
			case x.Weight < y.Weight:
				return 1
			}
			return 0
		}) {
			rt.Errorf("%d terms of %d pairs: %v", len(terms), len(a), terms)
		}
		for i, term := range terms {
			if slices.ContainsFunc(terms[:i], func(o Term) bool { return o.Key == term.Key }) {
				rt.Errorf("a key twice: %v", terms)
			}
		}
	})
}

// Keys of terms are none of a sketch, though both come from the same text.
func TestTermsAreNoKeysOfSketches(t *testing.T) {
	w := weights(t)
	for _, c := range told() {
		text := Read(c[0])
		sketch := Sketch(text.Shingles())
		for _, term := range w.Vector(text).Terms() {
			if slices.Contains(sketch, term.Key) {
				t.Errorf("key %d is in both", term.Key)
			}
		}
	}
}

func TestTelling(t *testing.T) {
	w := weights(t)
	const here, there = "云栖花园楼下的老灶烧烤店油烟扰民，请查处", "住在云栖、花园里，老灶烧烤的烟呛人"
	a, b := w.Telling(Read(here), Read(there), 6)
	words := func(s string, ranges []Range) (out []string) {
		for _, r := range ranges {
			out = append(out, s[r.From:r.To])
		}
		return out
	}
	if d := cmp.Diff([]string{"云栖花园", "老灶烧烤"}, words(here, a)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"云栖、花园", "老灶烧烤"}, words(there, b)); d != "" {
		t.Error(d)
	}
	if a, b := w.Telling(Read("停水"), Read("路灯不亮"), 4); a != nil || b != nil {
		t.Errorf("nothing in common: %v %v", a, b)
	}
}

func TestReadWeights(t *testing.T) {
	for name, data := range map[string]string{
		"nothing": "", "no number": "many\n20\t没有\n", "too few messages": "10\n", "no count": "100\nx\t没有\n", "more than there are": "100\n101\t没有\n",
		"half a pair": "100\n20\t没\n", "no pair": "100\n20\t\n", "a count below the least": "100\n10\t没有\n",
	} {
		if w, err := readWeights(data); err == nil {
			t.Errorf("%s: %v", name, w)
		}
	}
	w, err := readWeights("100\n50\t没有我们\n20\t请查\n")
	if err != nil || len(w.of) != 3 || w.of[pack([]rune("请查"))] != math.Log(5) || w.other != math.Log(10) {
		t.Errorf("%v %v", w, err)
	}
	if built := weights(t); len(built.of) != 11_745 {
		t.Errorf("%d pairs", len(built.of))
	}
}

func FuzzReadWeights(f *testing.F) {
	f.Add("100\n50\t没有我们\n20\t请查\n")
	f.Add("100\r\n50\t\xff没")
	f.Fuzz(func(t *testing.T, data string) {
		w, err := readWeights(data)
		if err != nil {
			return
		}
		for pair, weight := range w.of {
			if weight < 0 || weight >= w.other {
				t.Errorf("%d weighs %f, others %f", pair, weight, w.other)
			}
		}
	})
}

func BenchmarkVector(b *testing.B) {
	w := weights(b)
	text := Read(strings.Repeat(told()[0][0]+told()[1][0], 5)) // some 500 characters
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			w.Vector(text)
		}
	})
	v, o := w.Vector(text), w.Vector(Read(told()[0][1]))
	b.Run("cosine", func(b *testing.B) {
		for b.Loop() {
			v.Cosine(o)
		}
	})
	b.Run("terms", func(b *testing.B) {
		for b.Loop() {
			v.Terms()
		}
	})
	b.Run("load", func(b *testing.B) {
		for b.Loop() {
			weights(b)
		}
	})
}
