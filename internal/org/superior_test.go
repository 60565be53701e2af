package org_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"huiyin/internal/org"
)

func TestSuperiors(t *testing.T) {
	old := unit(8, 2, org.KindDepartment, "云溪县旧局")
	old.Until = day("2024-01-01")
	gone := unit(11, 1, org.KindDepartment, "青禾市水利局")
	gone.Until = day("2024-01-01")
	chart := org.NewChart([]org.Unit{
		unit(1, 0, org.KindRoot, "青禾市"), unit(2, 1, org.KindRoot, "云溪县"), unit(3, 2, org.KindBureau, "云溪县信访局"),
		unit(4, 2, org.KindDepartment, "云溪县交通运输局"), unit(5, 4, org.KindDepartment, "农村公路股"), unit(6, 2, org.KindTown, "白石镇人民政府"),
		unit(7, 6, org.KindVillage, "南湾村"), old, unit(9, 1, org.KindBureau, "青禾市信访局"), unit(10, 1, org.KindDepartment, "青禾市交通运输局"), gone,
		unit(12, 2, org.KindDepartment, "云溪县水利局"), unit(13, 1, org.KindTown, "青禾市交通运输局"), unit(14, 8, org.KindDepartment, "旧局的股"),
	})
	for _, c := range []struct {
		id   org.UnitID
		want []org.UnitID
	}{
		{1, nil},                 // nobody above
		{2, []org.UnitID{1}},     // a government: the government above
		{3, []org.UnitID{2, 9}},  // its own government, or the city's petition department
		{4, []org.UnitID{2, 10}}, // its own government, or the city's department of the same line
		{5, []org.UnitID{4}},     // an office inside a department
		{6, []org.UnitID{2}},     // a town
		{7, []org.UnitID{6}},     // a village
		{12, []org.UnitID{2}},    // the city's department of the line has ended
		{10, []org.UnitID{1}},    // no level above the city
		{14, nil},                // what was above it ended without successor
		{99, nil},
	} {
		var got []org.UnitID
		for _, u := range chart.Superiors(c.id, day("2025-01-01")) {
			got = append(got, u.ID)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("above %d (-want +got):\n%s", c.id, diff)
		}
	}
}

// A chart may call a place by its bare name, as a government, or with an addition: the line of work is the same.
func TestSuperiorsByNameOfPlace(t *testing.T) {
	for _, c := range []struct {
		county, city, unit, above string
		same                      bool
	}{
		{"云溪县", "青禾市", "云溪县水利局", "青禾市水利局", true},
		{"云溪县人民政府", "青禾市人民政府", "云溪县人力资源和社会保障局", "青禾市人力资源和社会保障局", true},
		{"云溪县（演示）", "青禾市人民政府", "云溪县水利局", "青禾市水利局", true},
		{"临海市", "台州市", "临海市教育局", "台州市教育局", true}, // both places end in the same word
		{"云溪县", "青禾市", "云溪县水利局", "青禾市教育局", false},
		{"云溪县", "青禾市", "云溪县交通局", "青禾市水利局", false},
		{"云溪县", "青禾市", "水利局", "青禾市水利局", true}, // a chart may leave the place out,
	} {
		chart := org.NewChart([]org.Unit{
			unit(1, 0, org.KindRoot, c.city), unit(2, 1, org.KindRoot, c.county), unit(3, 2, org.KindDepartment, c.unit), unit(4, 1, org.KindDepartment, c.above),
		})
		if got := len(chart.Superiors(3, day("2025-01-01"))) == 2; got != c.same {
			t.Errorf("%s of %s and %s of %s: the same line: %t", c.unit, c.county, c.above, c.city, got)
		}
	}
}
