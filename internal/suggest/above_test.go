package suggest_test

import (
	"errors"
	"strings"
	"testing"

	"huiyin/internal/suggest"
)

// under puts the invented categories under two.
func under(label string) string {
	return map[string]string{"道路交通": "城市", "环境卫生": "城市", "学校教育": ""}[label]
}

// TestAbove: a message that may be of two categories under one is said to be of the one above, as surely as of both together; one that may be of
// categories that have nothing in common is not.
func TestAbove(t *testing.T) {
	m := train(t, messages(240, 1), suggest.Options{Parent: under})
	h := m.Header()
	if h.Coarse == nil || len(h.Coarse.Classes) != 2 || h.Coarse.Accuracy < h.HeldOut.Accuracy || h.CoarseThreshold <= 0 || h.Labels[1].Parent != "城市" {
		t.Fatalf("%+v", h)
	}
	both := strings.Repeat("堵车污水红绿灯噪音", 3)
	fine := m.SuggestAbove(both, 0)
	two := 0.0
	for _, s := range fine {
		if under(s.Label) == "城市" {
			two += s.Confidence
		}
	}
	least := (fine[0].Confidence + two) / 2
	coarse := m.SuggestAbove(both, least)
	if len(coarse) == 0 || coarse[0].Label != "城市" || coarse[0].Confidence < two-1e-9 || coarse[0].Confidence > two+1e-9 || len(coarse[0].Evidence) == 0 {
		t.Errorf("%+v of %+v", coarse, fine)
	}
	if out := m.SuggestAbove("堵车污水学费", 0.999); len(out) != 0 {
		t.Errorf("surely of everything: %+v", out)
	}
	if again := train(t, messages(240, 1), suggest.Options{}).Header(); again.Coarse != nil || again.CoarseThreshold != 0 {
		t.Errorf("without categories above: %+v", again.Coarse)
	}
}

// TestContest: a model is compared with the one before on the fresh rows alone; the same data is no worse, and mislabelled data is.
func TestContest(t *testing.T) {
	before := train(t, messages(240, 1), suggest.Options{})
	next := func(rows []suggest.Row) suggest.Contest {
		t.Helper()
		c := train(t, rows, suggest.Options{Against: before}).Header().Contest
		if c == nil {
			t.Fatal("not compared")
		}
		return *c
	}
	fresh := func(rows []suggest.Row) (n int) {
		for i := range rows {
			if rows[i].Fresh = !rows[i].Cut && i >= 240; rows[i].Fresh {
				n++
			}
		}
		return n
	}
	rows := append(messages(240, 2), messages(60, 3)...)
	n := fresh(rows)
	if c := next(rows); c.Rows != n || c.Worse() || c.Right+c.Lost != c.Before+c.Won || c.Right < n*9/10 {
		t.Errorf("the same kind of data: %+v", c)
	}
	upside := map[string]string{"学校教育": "环境卫生", "环境卫生": "道路交通", "道路交通": "学校教育"}
	for i := range rows[:240] {
		rows[i].Label = upside[rows[i].Label]
	}
	if c := next(rows); c.Rows != n || !c.Worse() {
		t.Errorf("mislabelled: %+v", c)
	}
	for _, c := range []suggest.Contest{{}, {Won: 5}, {Lost: 1}, {Won: 8, Lost: 12}} {
		if c.Worse() {
			t.Errorf("%+v is worse than chance", c)
		}
	}
	for _, c := range []suggest.Contest{{Lost: 2}, {Won: 8, Lost: 14}} {
		if !c.Worse() {
			t.Errorf("%+v is chance", c)
		}
	}
}

// TestRest: what lets others work ends the training when it says so, and changes nothing otherwise.
func TestRest(t *testing.T) {
	n, stop := 0, errors.New("stop")
	_, err := suggest.Train(messages(240, 1), suggest.Options{Workers: 1, Rest: func() error {
		if n++; n == 20 {
			return stop
		}
		return nil
	}})
	if !errors.Is(err, stop) || n > 30 {
		t.Errorf("%v after %d rests", err, n)
	}
	quick := written(t, train(t, messages(90, 1), suggest.Options{}))
	if slow := written(t, train(t, messages(90, 1), suggest.Options{Workers: 1, Rest: func() error { return nil }})); string(slow) != string(quick) {
		t.Error("another model on one processor")
	}
}
