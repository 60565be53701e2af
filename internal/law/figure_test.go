package law_test

import (
	"testing"

	"huiyin/internal/law"
)

// The figures of a place come before the country's, and only where the place has adopted its text.
func TestFigures(t *testing.T) {
	book := law.DefaultBook()
	on := law.NewDay(2025, 1, 2)
	for _, c := range []struct {
		place, name string
		adopted     []law.Adoption
		n           int // 0: no text has it
		own         bool
	}{
		{"", law.FigureRepresentatives, nil, 5, false},
		{"", law.FigureCourt, nil, 3, true},
		{"", law.FigureLapse, nil, 0, false},
		{"330112", law.FigureSmallRepresentatives, nil, 0, false},
		{"330112", law.FigureSmallRepresentatives, []law.Adoption{{Set: "zhejiang-2016"}}, 3, false},
		{"330112", law.FigureSmallGroup, []law.Adoption{{Set: "zhejiang-2016"}}, 10, false},
		{"330112", law.FigureRepresentatives, []law.Adoption{{Set: "zhejiang-2016"}}, 5, false},
		{"330112", law.FigureLapse, []law.Adoption{{Set: "zhejiang-2016"}}, 1, false},
		{"370112", law.FigureLapse, []law.Adoption{{Set: "shandong-2015"}}, 1, false},
		{"", "tea", nil, 0, false},
	} {
		set, err := book.On(c.place, on, c.adopted...)
		if err != nil {
			t.Fatal(err)
		}
		f, ok := set.Figure(c.name)
		if f.N != c.n || ok != (c.n != 0) || f.Own != c.own || ok && (f.Article == "" || f.Name != c.name) {
			t.Errorf("%s in %q with %v: %+v", c.name, c.place, c.adopted, f)
		}
	}
}
