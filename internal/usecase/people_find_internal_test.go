package usecase

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"huiyin/internal/store"
)

func TestPersonWords(t *testing.T) {
	t.Parallel()
	families, err := surnames()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, signIn string
		want         []string
	}{
		{"张三丰", "zhang.san-feng", []string{"张三丰", "zhangsanfeng", "zsf"}},
		{"单雄信", "dxx", []string{"单雄信", "dxx", "danxiongxin", "shanxiongxin", "sxx"}},
		{"万俟卨", "mq", []string{"万俟卨", "mq", "wanqixie", "wqx", "moqixie", "mqx"}},
		{"买买提·艾力", "maimaiti", []string{"买买提艾力", "maimaiti", "maimaitiaili", "mmtal"}},
		{"Ａnna Lee", "7", []string{"annalee", "7"}},
	} {
		got, want := personWords(families, tt.name, tt.signIn), slices.Clone(tt.want)
		slices.Sort(got)
		slices.Sort(want)
		if diff := cmp.Diff(want, slices.Compact(got)); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
}

func FuzzPeopleCursor(f *testing.F) {
	f.Add("7", "")
	f.Add(formatPeopleCursor(store.PeopleCursor{Word: "zsf", ID: 7}), "zs")
	f.Add("7.enNm", "ls")
	f.Add("-1.", "")
	f.Add("7.\xff", "z")
	f.Fuzz(func(t *testing.T, text, word string) {
		c, err := parsePeopleCursor(text, word)
		if err != nil {
			if c != (store.PeopleCursor{}) {
				t.Errorf("%q: a position beside %v", text, err)
			}
			return
		}
		if text == "" {
			return
		}
		again, err := parsePeopleCursor(formatPeopleCursor(c), word)
		if err != nil || again != c {
			t.Errorf("%q reads as %+v, which reads as %+v: %v", text, c, again, err)
		}
	})
}
