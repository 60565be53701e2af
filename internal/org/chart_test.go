package org_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"huiyin/internal/law"
	"huiyin/internal/org"
)

func day(s string) law.Day {
	d, err := law.ParseDay(s)
	if err != nil {
		panic(err)
	}
	return d
}

func unit(id, parent org.UnitID, kind org.UnitKind, name string) org.Unit {
	return org.Unit{ID: id, Parent: parent, Kind: kind, Name: name, From: law.NoDay, Until: law.NoDay}
}

// units draws an organisation whose parents may be anything: known, unknown, themselves, or a circle.
func units(t *rapid.T) []org.Unit {
	n := rapid.IntRange(1, 25).Draw(t, "units")
	out := make([]org.Unit, n)
	for i := range out {
		out[i] = unit(org.UnitID(i+1), org.UnitID(rapid.IntRange(0, n+2).Draw(t, "parent")), org.KindDepartment, "")
	}
	return out
}

func TestUnderAgainstAWalkUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		given := units(t)
		chart := org.NewChart(given)
		if chart.Len() != len(given) {
			t.Fatalf("%d units of %d", chart.Len(), len(given))
		}
		reached := 0
		for _, top := range chart.Children(0) {
			reached += size(chart, top.ID)
		}
		if reached != len(given) {
			t.Fatalf("%d of %d units hang under those at the top", reached, len(given))
		}
		for _, a := range given {
			for _, b := range given {
				want := slices.Contains(subtree(chart, b.ID), a.ID)
				if got := chart.Under(a.ID, b.ID); got != want {
					t.Fatalf("%d under %d: %v, want %v", a.ID, b.ID, got, want)
				}
			}
			if len(chart.Path(a.ID)) != len(chart.Ancestors(a.ID)) || chart.Ancestors(a.ID)[0] != a.ID {
				t.Fatalf("the way up from %d is %v", a.ID, chart.Ancestors(a.ID))
			}
			// A parent that is there, and does not lead in a circle, is kept.
			u, _ := chart.Unit(a.ID)
			if u.Parent != a.Parent && u.Parent != 0 {
				t.Fatalf("%d was put under %d instead of %d", a.ID, u.Parent, a.Parent)
			}
		}
	})
}

// subtree walks down, size counts what it finds: the opposite way to Under.
func subtree(c *org.Chart, id org.UnitID) []org.UnitID {
	out := []org.UnitID{id}
	for _, u := range c.Children(id) {
		out = append(out, subtree(c, u.ID)...)
	}
	return out
}

func size(c *org.Chart, id org.UnitID) int { return len(subtree(c, id)) }

func TestChartNeedsNoOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		given := units(t)
		mixed := rapid.Permutation(given).Draw(t, "order")
		one, two := org.NewChart(given), org.NewChart(mixed)
		for _, u := range given {
			if diff := cmp.Diff(one.Ancestors(u.ID), two.Ancestors(u.ID)); diff != "" {
				t.Fatalf("above %d, by the order of rows:\n%s", u.ID, diff)
			}
			if diff := cmp.Diff(one.Children(u.ID), two.Children(u.ID)); diff != "" {
				t.Fatalf("below %d, by the order of rows:\n%s", u.ID, diff)
			}
		}
	})
}

// A unit whose name or number begins like another's is not under it.
func TestNamesAndNumbersHaveNoInfluence(t *testing.T) {
	chart := org.NewChart([]org.Unit{
		unit(1, 0, org.KindRoot, "COUNTY"), unit(3, 1, org.KindTown, "WARD_3"), unit(30, 1, org.KindTown, "WARD_30"), unit(301, 30, org.KindVillage, "WARD_3/01"),
	})
	for _, c := range []struct {
		id, root org.UnitID
		want     bool
	}{{30, 3, false}, {301, 3, false}, {3, 30, false}, {301, 30, true}, {3, 3, true}, {3, 1, true}, {1, 3, false}, {99, 1, false}, {99, 99, false}, {0, 0, false}} {
		if got := chart.Under(c.id, c.root); got != c.want {
			t.Errorf("%d under %d: %v, want %v", c.id, c.root, got, c.want)
		}
	}
}

func TestCirclesStandAtTheTop(t *testing.T) {
	chart := org.NewChart([]org.Unit{unit(1, 1, "", ""), unit(2, 3, "", ""), unit(3, 4, "", ""), unit(4, 2, "", ""), unit(5, 4, "", ""), unit(6, 77, "", "")})
	var top []org.UnitID
	for _, u := range chart.Children(0) {
		top = append(top, u.ID)
	}
	if diff := cmp.Diff([]org.UnitID{1, 2, 6}, top); diff != "" {
		t.Errorf("at the top (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]org.UnitID{5, 4, 2}, chart.Ancestors(5)); diff != "" {
		t.Errorf("above 5 (-want +got):\n%s", diff)
	}
}

func TestBearerFollowsSuccessors(t *testing.T) {
	ended := func(id, successor org.UnitID, until string) org.Unit {
		u := unit(id, 0, org.KindDepartment, "")
		u.Until, u.Successor = day(until), successor
		return u
	}
	chart := org.NewChart([]org.Unit{
		ended(1, 2, "2020-01-01"), ended(2, 3, "2024-01-01"), unit(3, 0, org.KindDepartment, ""),
		ended(4, 0, "2024-01-01"), ended(5, 99, "2024-01-01"), ended(6, 7, "2024-01-01"), ended(7, 6, "2024-01-01"),
	})
	for _, c := range []struct {
		id   org.UnitID
		on   string
		want org.UnitID // zero: nobody
	}{
		{1, "2019-12-31", 1},
		{1, "2020-01-01", 2},
		{1, "2023-12-31", 2},
		{1, "2024-01-01", 3},
		{3, "2030-01-01", 3},
		{4, "2024-01-01", 0},
		{5, "2024-01-01", 0},
		{6, "2024-01-01", 0},
		{6, "2023-12-31", 6},
		{99, "2024-01-01", 0},
	} {
		got, ok := chart.Bearer(c.id, day(c.on))
		if got.ID != c.want || ok != (c.want != 0) {
			t.Errorf("who bears %d on %s: %d (%v), want %d", c.id, c.on, got.ID, ok, c.want)
		}
	}
}

func TestBearerLivesAndIsReachedBySuccession(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		given := units(t)
		for i := range given {
			given[i].Successor = org.UnitID(rapid.IntRange(0, len(given)+1).Draw(t, "successor"))
			if rapid.Bool().Draw(t, "ended") {
				given[i].Until = day("2024-01-01")
			}
		}
		chart := org.NewChart(given)
		on := day("2025-01-01")
		for _, u := range given {
			got, ok := chart.Bearer(u.ID, on)
			next, seen := u.ID, map[org.UnitID]bool{}
			for !seen[next] {
				seen[next] = true
				if at, there := chart.Unit(next); there && !at.Alive(on) {
					next = at.Successor
				}
			}
			end, there := chart.Unit(next)
			want := there && end.Alive(on)
			if ok != want || (ok && (got.ID != next || !got.Alive(on))) {
				t.Fatalf("who bears %d: %d (%v), want %d (%v)", u.ID, got.ID, ok, next, want)
			}
		}
	})
}

func county() *org.Chart {
	gone := unit(8, 2, org.KindDepartment, "旧交通局")
	gone.Until = day("2024-01-01")
	roads := unit(4, 2, org.KindDepartment, "交通运输局")
	roads.Initials, roads.English = "jtysj", "Transport Bureau"
	office := unit(5, 4, org.KindDepartment, "农村公路股")
	office.Initials, office.English = "ncglg", "Rural Roads Office"
	return org.NewChart([]org.Unit{
		unit(1, 0, org.KindRoot, "青禾市"), unit(2, 1, org.KindRoot, "云溪县"), unit(3, 2, org.KindBureau, "信访局"), roads, office,
		unit(6, 2, org.KindTown, "白石镇"), unit(7, 0, org.KindDepartment, "铁路局"), gone,
	})
}

func TestCommonSuperior(t *testing.T) {
	for _, c := range []struct{ a, b, want org.UnitID }{{4, 6, 2}, {6, 4, 2}, {5, 6, 2}, {5, 4, 2}, {4, 5, 2}, {2, 4, 1}, {4, 4, 2}, {4, 7, 0}, {1, 2, 0}, {4, 99, 0}} {
		got, ok := county().CommonSuperior(c.a, c.b)
		if got.ID != c.want || ok != (c.want != 0) {
			t.Errorf("above %d and %d: %d (%v), want %d", c.a, c.b, got.ID, ok, c.want)
		}
	}
}

func TestTopAndPath(t *testing.T) {
	chart := county()
	if top, ok := chart.Top(5); !ok || top.ID != 2 {
		t.Errorf("5 belongs to %d", top.ID)
	}
	if _, ok := chart.Top(7); ok {
		t.Error("a unit by itself belongs to a place")
	}
	var names []string
	for _, u := range chart.Path(5) {
		names = append(names, u.Name)
	}
	if diff := cmp.Diff([]string{"青禾市", "云溪县", "交通运输局", "农村公路股"}, names); diff != "" {
		t.Errorf("path (-want +got):\n%s", diff)
	}
}

func TestFind(t *testing.T) {
	chart := county()
	for _, c := range []struct {
		words string
		limit int
		want  []org.UnitID
	}{
		{"", 9, nil},
		{"  ", 9, nil},
		{"交通", 9, []org.UnitID{4}},
		{"局", 9, []org.UnitID{3, 4, 7}},
		{"局", 2, []org.UnitID{3, 4}},
		{"局", 0, nil},
		{"局", -1, nil},
		{"JTYSJ", 9, []org.UnitID{4}},
		{"ysj", 9, []org.UnitID{4}},
		{"rural roads", 9, []org.UnitID{5}},
		{"公路", 9, []org.UnitID{5}},
		{"6", 9, []org.UnitID{6}},
		{"n", 9, []org.UnitID{5, 4}},
		{"没有", 9, nil},
		{"交局", 9, []org.UnitID{4}},
		{"局交", 9, nil},
		{"jyj", 9, []org.UnitID{4}},
		{"jy", 9, nil},
		{"jts", 9, nil},
		{"yunshu", 9, []org.UnitID{4}},
	} {
		var got []org.UnitID
		for _, u := range chart.Find(c.words, day("2025-01-01"), c.limit, func(name, letters string) bool { return letters == "yunshu" && strings.Contains(name, "运输") }) {
			got = append(got, u.ID)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", c.words, diff)
		}
	}
	if found := chart.Find("旧", day("2023-12-31"), 9, nil); len(found) != 1 {
		t.Error("a unit cannot be found while it lives")
	}
}
