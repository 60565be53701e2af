package gazetteer_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"huiyin/internal/errs"
	"huiyin/internal/gazetteer"
)

func open(tb testing.TB) *gazetteer.Gazetteer {
	tb.Helper()
	g, err := gazetteer.Open()
	if err != nil {
		tb.Fatal(err)
	}
	return g
}

func TestPlace(t *testing.T) {
	t.Parallel()
	g := open(t)
	for _, c := range []struct {
		code int64
		full string
	}{
		{33, "浙江省"},
		{3301, "浙江省杭州市"},
		{330112, "浙江省杭州市临安区"},
		{330112104, "浙江省杭州市临安区於潜镇"},
		{110101001001, "北京市东城区东华门街道多福巷社区居委会"},
		{500229, "重庆市城口县"},
		{441900, "广东省东莞市"},
		{419001, "河南省济源市"},
		{330782, "浙江省金华市义乌市"},
		{210202, "辽宁省大连市中山区"},
		{411624, "河南省周口市沈丘县"},
		{331083, "浙江省台州市玉环市"},
		{350527000000, "福建省泉州市金门县"},
	} {
		if got := g.FullName(c.code); got != c.full {
			t.Errorf("FullName(%d) = %q, want %q", c.code, got, c.full)
		}
		place, ok := g.Place(c.code)
		if !ok || place.Code != c.code || !strings.HasSuffix(c.full, place.Name) || place.Level != gazetteer.LevelOf(c.code) {
			t.Errorf("Place(%d) = %+v, %v", c.code, place, ok)
		}
	}
	for _, code := range []int64{-1, 0, 9, 98, 330, 3300, 330199, 33011, 330112999, 330112104999, 999999999999, 1 << 62} {
		if place, ok := g.Place(code); ok {
			t.Errorf("Place(%d) = %+v, want none", code, place)
		}
		if path := g.Path(code); path != nil {
			t.Errorf("Path(%d) = %v, want nil", code, path)
		}
	}
}

func TestPath(t *testing.T) {
	t.Parallel()
	want := []gazetteer.Place{
		{Code: 44, Name: "广东省", Level: gazetteer.Province},
		{Code: 4419, Name: "东莞市", Level: gazetteer.City},
		{Code: 441900, Name: "东莞市", Level: gazetteer.County},
		{Code: 441900003, Name: "东城街道", Level: gazetteer.Town},
	}
	if diff := cmp.Diff(want, open(t).Path(441900003)); diff != "" {
		t.Error(diff)
	}
}

// Everything in the data hangs together: from the country down, each place's children are its own, in order, and
// as many as the Bureau's list has.
func TestWholeTree(t *testing.T) {
	t.Parallel()
	g := open(t)
	count := map[gazetteer.Level]int{}
	var walk func(code int64)
	walk = func(code int64) {
		children, err := g.Children(code)
		if err != nil {
			t.Fatal(err)
		}
		if len(children) == 0 && gazetteer.LevelOf(code) != gazetteer.Village {
			t.Errorf("%d has nothing inside", code)
		}
		last := int64(0)
		for _, child := range children {
			count[child.Level]++
			if gazetteer.ParentCode(child.Code) != code || child.Code <= last || child.Name == "" ||
				child.Level != gazetteer.LevelOf(child.Code) || child.Level != gazetteer.LevelOf(code)+1 {
				t.Fatalf("%+v inside %d after %d", child, code, last)
			}
			last = child.Code
			if child.Level < gazetteer.Village {
				walk(child.Code)
			}
		}
	}
	walk(0)
	want := map[gazetteer.Level]int{
		gazetteer.Province: 31, gazetteer.City: 342, gazetteer.County: 2978, gazetteer.Town: 41352, gazetteer.Village: 620573,
	}
	if diff := cmp.Diff(want, count); diff != "" {
		t.Error(diff)
	}
}

func TestChildrenOfUnknown(t *testing.T) {
	t.Parallel()
	g := open(t)
	for _, code := range []int64{1, 99, 330199, 330112999} {
		if _, err := g.Children(code); errs.KindOf(err) != errs.NotFound {
			t.Errorf("Children(%d): %v, want not found", code, err)
		}
	}
	if _, err := g.Villages(3301); errs.CodeOf(err) != "gazetteer.place.unknown" {
		t.Errorf("Villages of a city: %v", err)
	}
	if got, err := g.Children(110101001001); err != nil || got != nil {
		t.Errorf("children of a village: %v, %v", got, err)
	}
}

func TestVillages(t *testing.T) {
	t.Parallel()
	villages, err := open(t).Villages(330112)
	if err != nil {
		t.Fatal(err)
	}
	if len(villages) != 319 {
		t.Errorf("临安区 has %d villages, want 319", len(villages))
	}
	for _, v := range villages {
		if gazetteer.CountyOf(v.Code) != 330112 {
			t.Errorf("%+v lies in %d", v, gazetteer.CountyOf(v.Code))
		}
	}
}

func TestCodes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		code, parent, county int64
		level                gazetteer.Level
	}{
		{33, 0, 0, gazetteer.Province},
		{3301, 33, 0, gazetteer.City},
		{330112, 3301, 330112, gazetteer.County},
		{330112104, 330112, 330112, gazetteer.Town},
		{330112104201, 330112104, 330112, gazetteer.Village},
		{0, 0, 0, gazetteer.NoLevel},
		{-33, 0, 0, gazetteer.NoLevel},
		{333, 0, 0, gazetteer.NoLevel},
		{1 << 62, 0, 0, gazetteer.NoLevel},
	} {
		if got := gazetteer.ParentCode(c.code); got != c.parent {
			t.Errorf("ParentCode(%d) = %d, want %d", c.code, got, c.parent)
		}
		if got := gazetteer.CountyOf(c.code); got != c.county {
			t.Errorf("CountyOf(%d) = %d, want %d", c.code, got, c.county)
		}
		if got := gazetteer.LevelOf(c.code); got != c.level {
			t.Errorf("LevelOf(%d) = %v, want %v", c.code, got, c.level)
		}
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	g := open(t)
	for _, c := range []struct {
		inside int64
		query  string
		limit  int
		want   []string
	}{
		{0, "临安", 1, []string{"临安区"}},
		{0, "330112", 1, []string{"临安区"}},
		{0, "330112104201", 9, []string{"下埠村委会"}},
		{44, "330112104201", 9, nil},
		{330112, " ＹＱ ", 1, []string{"於潜镇"}},
		{330112104, "3301121042", 2, []string{"金家村委会", "下埠村委会"}},
		{3301, "la", 1, []string{"临安区"}},
		{330112, "没有这样的地方", 9, nil},
		{330112, "  ", 9, nil},
		{330112, "镇", 0, nil},
	} {
		got, err := g.Find(c.inside, c.query, c.limit)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, place := range got {
			names = append(names, place.Name)
		}
		if diff := cmp.Diff(c.want, names); diff != "" {
			t.Errorf("Find(%d, %q, %d): %s", c.inside, c.query, c.limit, diff)
		}
	}
	if _, err := g.Find(98, "x", 1); errs.KindOf(err) != errs.NotFound {
		t.Errorf("Find in no place: %v", err)
	}
}

// Any place of a county is found again by its name, by its initials and by its code.
func TestFindProperty(t *testing.T) {
	t.Parallel()
	g := open(t)
	villages, err := g.Villages(330112)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		place := rapid.SampledFrom(villages).Draw(t, "village")
		query := rapid.SampledFrom([]string{place.Name, gazetteer.Initials(place.Name)}).Draw(t, "query")
		found, err := g.Find(330112, query, 1000)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found {
			if f == place {
				return
			}
		}
		t.Fatalf("%q does not find %+v", query, place)
	})
}

func BenchmarkOpen(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		open(b)
	}
}

// Two counties in turn, so that each is unpacked anew.
func BenchmarkVillages(b *testing.B) {
	g := open(b)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, err := g.Villages(330112 - int64(i%2)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPlaceVillage(b *testing.B) {
	g := open(b)
	for b.Loop() {
		if _, ok := g.Place(330112104201); !ok {
			b.Fatal("gone")
		}
	}
}

func BenchmarkFindCountry(b *testing.B) {
	g := open(b)
	for b.Loop() {
		if _, err := g.Find(0, "zzzzzz", 10); err != nil {
			b.Fatal(err)
		}
	}
}

// The ranges of codes hold what lies in a place and nothing else.
func TestCodesOfAPlace(t *testing.T) {
	places := []int64{0, 7, 33, 34, 3301, 3302, 330112, 330113, 330112104, 330112105, 330112104202, 330112104203, 330113001001, 340104}
	for _, whole := range places[2:] {
		for _, place := range places {
			in := slices.ContainsFunc(gazetteer.Codes(whole), func(r [2]int64) bool { return place >= r[0] && place <= r[1] })
			if want := gazetteer.Inside(place, whole); in != want {
				t.Errorf("%d in %d: %v, want %v", place, whole, in, want)
			}
		}
	}
	if r := gazetteer.Codes(0); r != nil {
		t.Errorf("no place holds %v", r)
	}
}
