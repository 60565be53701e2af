package query

import "testing"

func TestSpan(t *testing.T) {
	for _, tt := range []struct {
		query, text string
		want        int
	}{
		{"路灯", "没有", -1},
		{"路灯", "路灯不亮", 0},
		{"路灯 摔倒", "路灯不亮，有人摔倒", 5},
		{"路灯 摔倒", "摔倒。路灯在远处，很远很远，路灯下又有人摔倒", 1},
		{"路灯 不亮", "路灯不亮", 0},
		{"路灯 灯不", "路灯不亮", 0}, // over each other
		{"路灯 摔倒 噪音", "路灯摔倒", -1},
		{"路灯 摔倒 噪音", "噪音一二三路灯一摔倒，噪音", 2},
		{"", "路灯", -1},
	} {
		q, _ := Parse(tt.query)
		if got := q.Span(tt.text); got != tt.want {
			t.Errorf("%q in %q: %d, want %d", tt.query, tt.text, got, tt.want)
		}
		if !q.Empty() && len(q.Want) == 1 && q.In(tt.text) != (tt.want >= 0) {
			t.Errorf("%q in %q: %v", tt.query, tt.text, q.In(tt.text))
		}
	}
}
