package web

import (
	"slices"
	"testing"

	"huiyin/internal/i18n"
	"huiyin/internal/stat"
	"huiyin/internal/usecase"
)

// How a figure differs is said by number and direction, never by a mark alone, and nothing is said where there is nothing to compare with.
func TestChangeWords(t *testing.T) {
	catalogue, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	count := func(n int) stat.Figure { return stat.Figure{Kind: stat.KindCount, Sum: n} }
	share := func(n, of int) stat.Figure { return stat.Figure{Kind: stat.KindShare, Sum: n, Of: of} }
	days := func(n int) stat.Figure { return stat.Figure{Kind: stat.KindTime, Times: stat.Times{n: 1}} }
	for _, tt := range []struct {
		now, was         stat.Figure
		chinese, english string
	}{
		{count(66), count(55), "多 11，升 20.00%", "11 more, up 20.00%"},
		{count(50), count(100), "少 50，降 50.00%", "50 fewer, down 50.00%"},
		{count(5), count(0), "多 5", "5 more"},
		{count(5), count(5), "没有变化", "No change"},
		{share(4, 5), share(3, 4), "高 5.00 个百分点", "5.00 points higher"},
		{share(2, 3), share(3, 4), "低 8.33 个百分点", "8.33 points lower"},
		{share(1, 2), share(0, 0), "", ""},
		{days(9), days(8), "多 1 天", "1 day more"},
		{days(2), stat.Figure{Kind: stat.KindTime}, "", ""},
	} {
		if got := changeWords(catalogue.For(i18n.Zh), tt.now, tt.was); got != tt.chinese {
			t.Errorf("%+v after %+v: %q", tt.now, tt.was, got)
		}
		if got := changeWords(catalogue.For(i18n.En), tt.now, tt.was); got != tt.english {
			t.Errorf("%+v after %+v: %q", tt.now, tt.was, got)
		}
	}
}

// What is too little of is not ranked among the others: it stands after them, and what is not to be had after that.
func TestSortedRows(t *testing.T) {
	row := func(name string, n, of int) usecase.FigureRow {
		return usecase.FigureRow{Group: name, Figures: []stat.Figure{{Kind: stat.KindShare, Sum: n, Of: of}}}
	}
	rows := []usecase.FigureRow{row("none", 0, 0), row("few", 1, 1), row("low", 10, 40), row("high", 90, 100)}
	names := func(rising bool) (out []string) {
		for _, r := range sortedRows(rows, 0, rising) {
			out = append(out, r.Group)
		}
		return out
	}
	if got := names(false); !slices.Equal(got, []string{"high", "low", "few", "none"}) {
		t.Errorf("%v", got)
	}
	if got := names(true); !slices.Equal(got, []string{"low", "high", "few", "none"}) {
		t.Errorf("%v", got)
	}
}
