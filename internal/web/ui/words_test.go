package ui

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"huiyin/internal/i18n"
)

func TestStretches(t *testing.T) {
	t.Parallel()
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	english := catalog.For(i18n.En)
	zh := func(text string) stretch { return stretch{text: text, chinese: true} }
	en := func(text string) stretch { return stretch{text: text} }
	for _, c := range []struct {
		text string
		want []stretch
	}{
		{"", nil},
		{"Street lights", []stretch{en("Street lights")}},
		{"路灯坏了", []stretch{zh("路灯坏了")}},
		{"水表走得快，水费多了 1 倍（见 3 幢 5 号）。", []stretch{zh("水表走得快，水费多了 1 倍（见 3 幢 5 号）。")}},
		{"Lin'an Petition Bureau · 沈知远 (Registrar)", []stretch{en("Lin'an Petition Bureau · "), zh("沈知远"), en(" (Registrar)")}},
		{"洪**", []stretch{zh("洪"), en("**")}},
		{"用 POS 机付款", []stretch{zh("用"), en(" POS "), zh("机付款")}},
		{"12 July, 王 and 李", []stretch{en("12 July, "), zh("王"), en(" and "), zh("李")}},
	} {
		if diff := cmp.Diff(c.want, stretches(english, c.text), cmp.AllowUnexported(stretch{})); diff != "" {
			t.Errorf("%s: %s", c.text, diff)
		}
		if marked := inChinese(english, c.text) != nil; marked != hasChinese(c.want) {
			t.Errorf("%s: marked as a whole: %v", c.text, marked)
		}
		if diff := cmp.Diff([]stretch{en(c.text)}, stretches(catalog.For(i18n.Zh), c.text), cmp.AllowUnexported(stretch{})); diff != "" {
			t.Errorf("%s on a page in Chinese: %s", c.text, diff)
		}
	}
}

func hasChinese(list []stretch) bool {
	for _, s := range list {
		if s.chinese {
			return true
		}
	}
	return false
}

// No character is lost or moved, and no Chinese one is left unmarked.
func TestStretchesKeepTheText(t *testing.T) {
	t.Parallel()
	catalog, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(r *rapid.T) {
		text := rapid.OneOf(rapid.StringMatching(`[a-c 1路灯，（）·*]{0,12}`), rapid.String()).Draw(r, "text")
		whole := ""
		for _, s := range stretches(catalog.For(i18n.En), text) {
			whole += s.text
			for _, c := range s.text {
				if chinese(c) && !s.chinese {
					r.Fatalf("%q of %q is not marked", c, s.text)
				}
			}
		}
		if whole != text {
			r.Fatalf("%q became %q", text, whole)
		}
	})
}
