package find

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Of the invented accounts the same thing in other words is judged likelier than a near miss, and by itself likely.
func TestLikeness(t *testing.T) {
	w := weights(t)
	account := func(said string) Account {
		title, _, _ := strings.Cut(said, "，")
		return w.Account(title, said)
	}
	for _, c := range told() {
		of := func(a, b int) float64 { return Likeness().Of(account(c[a]).Signs(account(c[b]))) }
		if same, elsewhere, other := of(1, 0), of(1, 2), of(1, 3); same <= elsewhere || same <= other || same < 0.1 {
			t.Errorf("%s: same %.2f, elsewhere %.2f, another matter %.2f", c[1], same, elsewhere, other)
		}
	}
	if p := Likeness().Of(account("").Signs(account(told()[0][0]))); p > 0.01 {
		t.Errorf("nothing is like something: %.2f", p)
	}
	if a := account(told()[0][0]); Likeness().Of(a.Signs(a)) < 0.99 {
		t.Error("not like itself")
	}
}

func TestSigns(t *testing.T) {
	w := weights(t)
	a := w.Account("云栖花园的噪音", "云栖花园的噪音\n夜里三点还在打桩")
	s := a.Signs(w.Account("云栖花园", "云栖花园\n停水三天"))
	if s[0] <= 0.4 || s[0] >= 0.95 || s[2] <= math.Log(0.01) || s[4] != math.Log(5) {
		t.Errorf("%v", s)
	}
	if s := a.Signs(w.Account("", "停水三天")); s != (Signs{0, math.Log(0.02), math.Log(0.01), 0, 0}) {
		t.Errorf("nothing in common: %v", s)
	}
	if untitled := w.Account("", "夜里三点还在打桩"); untitled.Signs(a)[0] < 0.499 {
		t.Errorf("without a title: %v", untitled.Signs(a))
	}
}

// Signs are figures whatever is said, the same in both directions but for the longest stretch, and a likeness is a probability.
func TestSignsProperties(t *testing.T) {
	w := weights(t)
	text := rapid.OneOf(letters(), rapid.StringN(0, 200, -1))
	rapid.Check(t, func(rt *rapid.T) {
		a, b := w.Account(text.Draw(rt, "title"), text.Draw(rt, "a")), w.Account("", text.Draw(rt, "b"))
		here, there := a.Signs(b), b.Signs(a)
		for i := range here {
			if math.IsNaN(here[i]) || math.IsInf(here[i], 0) || i < 4 && math.Abs(here[i]-there[i]) > 1e-9 {
				rt.Errorf("%v one way, %v the other", here, there)
			}
		}
		if p := Likeness().Of(here); p < 0 || p > 1 {
			rt.Errorf("%f", p)
		}
	})
}

// From examples drawn by a judge, a judge much like it is found.
func TestFit(t *testing.T) {
	made := Judge{Base: 0.5, Weights: Signs{1, -2, 0, 0.5, 3}}
	chance := rand.New(rand.NewPCG(7, 7))
	var signs []Signs
	var same []bool
	for range 20_000 {
		var s Signs
		for i := range s {
			s[i] = chance.NormFloat64()
		}
		signs, same = append(signs, s), append(same, chance.Float64() < made.Of(s))
	}
	got := Fit(signs, same)
	if math.Abs(got.Base-made.Base) > 0.15 {
		t.Errorf("%+v", got)
	}
	for i := range got.Weights {
		if math.Abs(got.Weights[i]-made.Weights[i]) > 0.15 {
			t.Errorf("%+v", got)
		}
	}
	if alike := Fit([]Signs{{1}, {0}}, []bool{true, false}); alike.Weights[0] <= 0 || math.IsNaN(alike.Base) {
		t.Errorf("of two examples: %+v", alike)
	}
}

func BenchmarkSigns(b *testing.B) {
	w := weights(b)
	c := told()[0]
	x, y := w.Account(c[0], strings.Repeat(c[0], 5)), w.Account(c[1], strings.Repeat(c[1], 5))
	for b.Loop() {
		x.Signs(y)
	}
}
