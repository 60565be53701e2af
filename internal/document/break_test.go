package document

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// cut breaks a text into lines of so many Chinese characters.
func cut(s string, limit, first float64) []string {
	var out []string
	for _, l := range breakLines(roughly(s, 1), limit, first) {
		out = append(out, text(l))
	}
	return out
}

func text(line []glyph) string {
	var b strings.Builder
	for _, g := range line {
		b.WriteRune(g.r)
	}
	return b.String()
}

func TestBreakLines(t *testing.T) {
	for _, tt := range []struct {
		name, text   string
		limit, first float64
		want         []string
	}{
		{"full", "一二三四五六", 3, 0, []string{"一二三", "四五六"}},
		{"indent", "一二三四五六", 4, 2, []string{"一二", "三四五六"}},
		{"hanging", "一二三四五六", 3, -1, []string{"一二三四", "五六"}},
		{"no comma begins a line", "一二三，四五", 3, 0, []string{"一二", "三，四", "五"}},
		{"two closing signs", "一二三四。”五", 4, 0, []string{"一二三", "四。”五"}},
		{"no bracket ends a line", "一二三（四）五", 4, 0, []string{"一二三", "（四）五"}},
		{"a word stays whole", "一二three四", 4, 0, []string{"一二", "three四"}},
		{"an amount stays whole", "共欠1,200.50元", 5, 0, []string{"共欠", "1,200.50元"}},
		{"spaces at a break go", "one two three", 4, 0, []string{"one two", "three"}},
		{"a long word is cut", "一https://example.org/a", 4, 0, []string{"一", "https://", "example.", "org/a"}},
		{"dashes stay together", "一二三——四", 4, 0, []string{"一二", "三——四"}},
		{"no sign after a space", "一二三 。四", 3, 0, []string{"一二", "三 。", "四"}},
		{"line break", "一\n二三", 3, 0, []string{"一", "二三"}},
		{"only closing signs", "。。。。。", 2, 0, []string{"。。", "。。", "。"}},
		{"narrower than a character", "一二", 0.5, 0, []string{"一", "二"}},
		{"nothing", "", 3, 0, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, cut(tt.text, tt.limit, tt.first)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestBreakLinesKeepsAll: no character is lost or moved, no line is too wide, and none begins or ends with what may
// not stand there as long as the texts leave another choice.
func TestBreakLinesKeepsAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.SampledFrom([]string{"一", "信访", "，", "。”", "（", "《", "——", "word", "2026", " ", "3,400.00", "人", "民", "政", "府"})
		s := strings.Join(rapid.SliceOfN(word, 0, 60).Draw(t, "words"), "")
		limit := float64(rapid.IntRange(12, 28).Draw(t, "limit"))
		lines := breakLines(roughly(s, 1), limit, 2)
		var all strings.Builder
		for i, l := range lines {
			room := limit
			if i == 0 {
				room -= 2
			}
			if w := widthOf(l); w > room+0.01 {
				t.Fatalf("line %q is %v wide, room %v", text(l), w, room)
			}
			all.WriteString(text(l))
			if i > 0 && strings.Contains("，。”—", string(l[0].r)) && lawful(s, limit) {
				t.Fatalf("line begins with %q in %q", l[0].r, s)
			}
		}
		if diff := cmp.Diff(strings.ReplaceAll(s, " ", ""), strings.ReplaceAll(all.String(), " ", "")); diff != "" {
			t.Fatal(diff)
		}
	})
}

// lawful reports whether each run of signs that may not be parted is short enough for a line.
func lawful(s string, limit float64) bool {
	run := 0.0
	var before, last rune
	for _, g := range roughly(s, 1) {
		if last != 0 && canBreak(before, g.r, last == ' ') {
			run = 0
		}
		run += g.width
		if run > limit-2 {
			return false
		}
		if last = g.r; last != ' ' {
			before = g.r
		}
	}
	return true
}

// TestBreakEvenly: a title takes as few lines as it needs, and no line of it is much shorter than another.
func TestBreakEvenly(t *testing.T) {
	lines := breakEvenly(roughly("关于陈玉兰反映拖欠工资和工伤待遇信访事项的处理意见书", 1), 20)
	if len(lines) != 2 {
		t.Fatalf("%d lines", len(lines))
	}
	if a, b := widthOf(lines[0]), widthOf(lines[1]); a-b > 1 || b-a > 1 {
		t.Errorf("lines of %v and %v", a, b)
	}
}

func TestOrdinal(t *testing.T) {
	w, err := loadWords()
	if err != nil {
		t.Fatal(err)
	}
	for n, want := range map[int]string{1: "一", 9: "九", 10: "十", 11: "十一", 20: "二十", 99: "九十九", 100: "100", 0: "0"} {
		if got := w.ordinal(n); got != want {
			t.Errorf("%d is %s, want %s", n, got, want)
		}
	}
}
