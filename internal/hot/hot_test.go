package hot

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"huiyin/internal/find"
)

func reader(t testing.TB) *Reader {
	t.Helper()
	w, err := find.LoadWeights()
	if err != nil {
		t.Fatal(err)
	}
	return NewReader(w)
}

// what people say of two things and of two others that happen once.
var sayings = []Said{
	{"请问柳溪花园旁的采石场什么时候停工", "柳溪花园旁边的采石场夜里放炮，窗户都震裂了，老人睡不着。"},
	{"投诉柳溪花园采石场放炮扰民", "采石场每天夜里放炮，柳溪花园几百户人家受不了，墙上有裂缝。"},
	{"柳溪花园的采石场太吵了", "住在柳溪花园，采石场白天黑夜放炮，灰尘也大，请管一管。"},
	{"反映青禾驾校不退学费", "青禾驾校关门了，教练找不到，学费四千元不退。"},
	{"青禾驾校卷款跑路，学费怎么办", "交了学费还没有练车，青禾驾校已经关门，电话打不通。"},
	{"强烈要求青禾驾校退还学费", "青禾驾校收了我们的学费就关门，要求全额退费。"},
	{"咨询养老保险转移", "从外省回来，养老保险怎么转，要带哪些材料。"},
	{"路口的红绿灯坏了", "中山路和和平路的红绿灯坏了三天，车都堵住了。"},
}

// weighed gives texts and all neighbours among them.
func weighed(r *Reader, said []Said) ([]Text, []Near) {
	var texts []Text
	var near []Near
	for i, s := range said {
		v := r.Vector(s.Title, s.Text, 0)
		for _, o := range texts {
			if c := v.Cosine(o.Vector); c >= Edge {
				near = append(near, Near{o.N, int64(i), c})
			}
		}
		texts = append(texts, Text{int64(i), v})
	}
	return texts, near
}

func TestGroups(t *testing.T) {
	texts, near := weighed(reader(t), sayings)
	if d := cmp.Diff([][]int64{{0, 1, 2}, {3, 4, 5}, {6}, {7}}, Groups(texts, near)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([][]int64{{0}, {1}}, Groups(texts[:2], nil)); d != "" {
		t.Error("without neighbours: " + d)
	}
}

// A chain, each link alike to the next, is not one group where its ends have nothing in common.
func TestAChainIsNoGroup(t *testing.T) {
	const n = 12
	var texts []Text
	var near []Near
	for i := range uint64(n) {
		texts = append(texts, Text{int64(i), find.Vector{{Pair: i, Weight: 0.8}, {Pair: i + 1, Weight: 0.6}}})
		if i > 0 {
			near = append(near, Near{int64(i - 1), int64(i), texts[i].Vector.Cosine(texts[i-1].Vector)})
		}
	}
	for _, g := range Groups(texts, near) {
		if len(g) > 5 {
			t.Errorf("%d of a chain of %d are one group: %v", len(g), n, g)
		}
	}
}

// Whatever the order in which texts and neighbours are given, and however often, the groups are the same: each text in one.
func TestOrderMakesNoDifference(t *testing.T) {
	r := reader(t)
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(0, 25).Draw(rt, "n")
		said := make([]Said, n)
		for i := range said {
			s := rapid.SampledFrom(sayings).Draw(rt, fmt.Sprint("saying", i))
			said[i] = Said{s.Title, s.Text + rapid.StringOf(rapid.SampledFrom([]rune("采石场驾校学费放炮退保险路灯"))).Draw(rt, fmt.Sprint("end", i))}
		}
		texts, near := weighed(r, said)
		want := Groups(texts, near)
		chance := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 1))
		for i := range near {
			if chance.IntN(2) == 0 {
				near[i].A, near[i].B = near[i].B, near[i].A
			}
		}
		near = append(near, near[:len(near)/2]...)
		chance.Shuffle(len(texts), func(i, j int) { texts[i], texts[j] = texts[j], texts[i] })
		chance.Shuffle(len(near), func(i, j int) { near[i], near[j] = near[j], near[i] })
		if d := cmp.Diff(want, Groups(texts, near)); d != "" {
			rt.Error(d)
		}
		all := slices.Sorted(slices.Values(slices.Concat(want...)))
		if len(all) != n || len(slices.Compact(all)) != n {
			rt.Errorf("%d texts are in groups, of %d", len(all), n)
		}
	})
}

// What hangs together never grows beyond the bound.
func TestGroupsAreBounded(t *testing.T) {
	const n = MaxTogether + 50
	var texts []Text
	var near []Near
	for i := range int64(n) {
		texts = append(texts, Text{i, find.Vector{{Pair: 1, Weight: 1}}})
		if i > 0 {
			near = append(near, Near{i - 1, i, 1})
		}
	}
	for _, g := range Groups(texts, near) {
		if len(g) > MaxTogether {
			t.Errorf("%d texts in a group", len(g))
		}
	}
}

// The same district makes texts more alike, and two districts less.
func TestDistrict(t *testing.T) {
	r := reader(t)
	vector := func(i int, district int64) find.Vector { return r.Vector(sayings[i].Title, sayings[i].Text, district) }
	same, none, other := vector(0, 5).Cosine(vector(1, 5)), vector(0, 0).Cosine(vector(1, 0)), vector(0, 5).Cosine(vector(1, 6))
	if same <= none || none != other {
		t.Errorf("%.3f in one district, %.3f in none, %.3f in two", same, none, other)
	}
	if got, want := Terms(vector(0, 5)), Terms(vector(0, 0)); !slices.EqualFunc(got, want, func(a, b find.Term) bool { return a.Key == b.Key }) {
		t.Error("the district is a term")
	}
}

func TestName(t *testing.T) {
	r := reader(t)
	for _, tt := range []struct {
		name string
		said []Said
		want []string
	}{
		{"nothing", nil, nil},
		{"what most titles have, without how one asks", sayings[:3], []string{"柳溪花园", "采石场", "放炮"}},
		{"and another", sayings[3:6], []string{"青禾驾校"}},
		{"nothing in common", sayings[6:], nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if d := cmp.Diff(tt.want, r.Name(tt.said)); d != "" && len(tt.want)+len(r.Name(tt.said)) > 0 {
				t.Error(d)
			}
		})
	}
}

func BenchmarkGroups(b *testing.B) {
	r := reader(b)
	var said []Said
	for i := range 200 {
		s := sayings[i%len(sayings)]
		said = append(said, Said{s.Title, s.Text + fmt.Sprint(i)})
	}
	texts, near := weighed(r, said)
	for b.Loop() {
		Groups(texts, near)
	}
}
